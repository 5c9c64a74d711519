/** Options of the command line as a build request. */

import { targets } from "../../os/targets.ts";
import { compareVersions, oldestGlibc } from "../../os/linux_imports.ts";
import { iconProblem } from "../driver/imagePe.ts";
import { readSource } from "../driver/host.ts";
import { llvmTriple } from "../driver/llvmTriple.ts";
import { marchExamples, marchFeatures } from "../driver/march.ts";
import type { BuildRequest, ImageOptions, OutputKind, ToolOptions } from "../driver/request.ts";
import type { Level } from "../opt/pipeline.ts";
import { kindOfEnding } from "./endings.ts";
import { writeError } from "./output.ts";
import { targetOf, usesLlvm } from "./target.ts";

/** Options as the command-line library hands them over. */
export interface CommonOptions {
  readonly level?: string;
  readonly target?: string;
  readonly march?: string;
  readonly output?: string;
  readonly assembly?: boolean;
  readonly emit?: string;
  readonly emitAsm?: boolean;
  readonly emitIr?: boolean;
  readonly emitLlvm?: boolean;
  readonly unchecked?: boolean;
  readonly checkMemory?: boolean;
  readonly strip?: boolean;
  readonly debugInfo?: boolean;
  readonly keepTemps?: boolean;
  readonly tiny?: boolean;
  readonly subsystem?: string;
  readonly glibc?: string;
  readonly icon?: string;
  readonly manifest?: string;
  readonly fileVersion?: string;
  readonly timePasses?: boolean;
  readonly verifyIr?: boolean;
  readonly dumpOwnership?: boolean;
  readonly stopAfter?: string;
  readonly optLimit?: string | number;
  readonly dump?: string | readonly string[];
  readonly fn?: string;
  readonly json?: boolean;
  readonly color?: string | boolean;
}

export type RequestResult =
  | { readonly ok: true; readonly request: BuildRequest }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly advice: readonly string[] };

const emitKinds: Readonly<Record<string, OutputKind>> = { tokens: "tokens", ast: "ast", typed: "typed", ir: "ir", llvm: "llvm", llvm14: "llvm", asm: "assembly", obj: "object", exe: "executable" };
const levels = ["O0", "O1", "O2", "Os"];

function wrong(message: string, advice: readonly string[] = ["lang --help shows what may be written"], code = "E0812"): RequestResult {
  return { ok: false, code, message, advice };
}

/** The request that the options make; `fallback` is what is written where they do not say it. `tests`: the `test` declarations are built. */
export function requestOf(path: string, options: CommonOptions, fallback: OutputKind, tests = false): RequestResult {
  const target = targetOf(options.target);
  if ("message" in target) return wrong(target.message, [target.advice], "E0804");
  const level = options.level ?? "O1";
  if (!levels.includes(level)) return wrong(`'-${level}' is no level of optimisation`, ["the levels are -O0, -O1, -O2 (-O3 means the same) and -Os"]);
  const features = marchFeatures(options.march ?? "", target.architecture);
  if (features === undefined) return wrong(`'${options.march ?? ""}' is no processor or feature of ${target.architecture}`, [marchExamples[target.architecture]]);
  let output = fallback;
  if (options.emit !== undefined) {
    const kind = emitKinds[options.emit];
    if (kind === undefined) return wrong(`'${options.emit}' is nothing that can be emitted`, [`--emit takes one of ${Object.keys(emitKinds).join(", ")}`]);
    output = kind;
  } else if (options.assembly === true || options.emitAsm === true) output = "assembly";
  else if (options.emitIr === true) output = "ir";
  else if (options.emitLlvm === true) output = "llvm";
  else if (options.output !== undefined && fallback === "executable") {
    const kind = kindOfEnding(options.output);
    if (kind === undefined) return wrong(`'${options.output}' says nothing about what to write`, ["the endings are .o, .obj, .s, .ir, .ll, .exe, .out; none means an executable, and --emit=exe writes one under any name"], "E0806");
    output = kind;
  }
  if ((output === "llvm" || usesLlvm()) && llvmTriple({ target }) === undefined) return wrong(`LLVM IR is not made for ${target.name}`, [`it is made for ${targets.filter((row) => llvmTriple({ target: row }) !== undefined).map((row) => row.name).join(", ")}; the direct backend needs no LLVM for any target`], "E0805");
  const limit = options.optLimit === undefined ? undefined : Number(options.optLimit);
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) return wrong(`--opt-limit takes a number of optimisations, not '${options.optLimit}'`);
  const image = imageOptions(path, options);
  if ("message" in image) return wrong(image.message, [image.advice]);
  const tools: ToolOptions = {
    timePasses: options.timePasses === true,
    verifyIr: options.verifyIr === true,
    dumpOwnership: options.dumpOwnership === true,
    stopAfter: options.stopAfter,
    optLimit: limit,
    dumps: options.dump === undefined ? [] : typeof options.dump === "string" ? [options.dump] : options.dump.map(String),
    functionName: options.fn,
    onDump: (title, text) => writeError(options.json === true ? `${JSON.stringify({ dump: title, text })}\n` : `── ${title} ──\n${text}${text.endsWith("\n") ? "" : "\n"}`),
  };
  return {
    ok: true,
    request: {
      path, target, level: level as Level, output, llvm14: options.emit === "llvm14", features, tests, tools,
      unchecked: options.unchecked === true,
      checkMemory: options.checkMemory === true,
      strip: options.strip === true,
      debug: options.debugInfo === true,
      image: image.image,
    },
  };
}

/** What only executables of some systems have. */
function imageOptions(path: string, options: CommonOptions): { readonly image: ImageOptions } | { readonly message: string; readonly advice: string } {
  const { subsystem } = options;
  if (subsystem !== undefined && subsystem !== "console" && subsystem !== "gui") return { message: `'${subsystem}' is no subsystem of Windows`, advice: "--subsystem is console (the default) or gui" };
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const base = name.endsWith(".lang") ? name.slice(0, -5) : name;
  const files: { icon?: Uint8Array; manifest?: Uint8Array } = {};
  for (const name of ["icon", "manifest"] as const) {
    const given = options[name];
    if (given === undefined) continue;
    const read = readSource(given);
    if (!read.ok) return { message: `'${given}' cannot be read: ${read.reason}`, advice: `--${name} takes a file` };
    files[name] = read.bytes;
  }
  if (files.icon !== undefined) {
    const problem = iconProblem(files.icon);
    if (problem !== undefined) return { message: `'${options.icon}' is no icon: ${problem}`, advice: "--icon takes an .ico file" };
  }
  const numbers = options.fileVersion?.split(".").map(Number);
  if (numbers !== undefined && !(/^\d+(\.\d+){0,3}$/.test(options.fileVersion ?? "") && numbers.every((n) => n < 65536))) {
    return { message: `'${options.fileVersion}' is no version`, advice: "--file-version takes up to four numbers, such as 1.2.3.4" };
  }
  const fileVersion = numbers === undefined ? {} : { fileVersion: [0, 1, 2, 3].map((i) => numbers[i] ?? 0) };
  const { glibc } = options;
  if (glibc !== undefined && !/^2\.\d+$/.test(glibc)) return { message: `'${glibc}' is no version of glibc`, advice: "--glibc says the oldest that the program is to run with, such as 2.17" };
  if (glibc !== undefined && compareVersions(glibc, oldestGlibc) < 0) return { message: `programs need glibc ${oldestGlibc} at least`, advice: `say --glibc ${oldestGlibc} or later; it is ${oldestGlibc} where nothing is said` };
  return { image: { ...files, ...(glibc === undefined ? {} : { glibc }), ...fileVersion, identifier: base === "-" || base === "" ? "a.out" : base, tiny: options.tiny === true, subsystem: subsystem ?? "console" } };
}
