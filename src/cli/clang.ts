/** LANGBE=llvm: the same build, but its machine code is made by clang from our LLVM IR text. Without the variable, nothing here runs. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../driver/build.ts";
import type { BuildHost } from "../driver/host.ts";
import { linkForeign } from "../driver/linkForeign.ts";
import { clangOptions, llvmTriple } from "../driver/llvmTriple.ts";
import { endBy, isInterrupt } from "./interrupt.ts";
import type { BuildAnswer, BuildRequest, Failure } from "../driver/request.ts";
import { removeFolder, temporaryFolder } from "./temporary.ts";

/** What clang is asked for, by what is to be written. An executable is linked by ourselves: so it needs no linker and no library for the target. */
const stops: Partial<Readonly<Record<BuildRequest["output"], readonly string[]>>> = { executable: ["-c"], object: ["-c"], assembly: ["-S"] };

let major: number | undefined;

/** The major version of the clang on PATH (or the one that LANG_CLANG names), 0 if there is none. */
export function clangVersion(): number {
  if (major === undefined) {
    const told = processes().spawnSync(clangProgram(), ["--version"], { encoding: "utf8" });
    major = told.error !== undefined || told.status !== 0 ? 0 : Number(/version (\d+)/.exec(told.stdout)?.[1] ?? 0);
  }
  return major;
}

/** Loaded when clang is asked for: an ordinary build does without. */
function processes(): typeof import("node:child_process") {
  return process.getBuiltinModule("node:child_process");
}

/** What LANG_CLANG names; without text it names nothing. */
function namedClang(): string | undefined {
  const named = process.env["LANG_CLANG"];
  return named === "" ? undefined : named;
}

function clangProgram(): string {
  return namedClang() ?? "clang";
}

/** `driver/build`, with clang's machine code where machine code is asked for. */
export function compile(request: BuildRequest, host: BuildHost): BuildAnswer {
  const stop = stops[request.output];
  if (stop === undefined) return build(request, host);
  const version = clangVersion();
  if (version === 0) {
    const answer = build({ ...request, output: "nothing" }, host);
    const absence = namedClang() === undefined ? "there is none on this machine" : `LANG_CLANG names none: '${clangProgram()}'`;
    return failed(answer, {
      code: "E0820", message: `LANGBE=llvm needs clang, and ${absence}`,
      advice: ["install clang 14 or later (apt install clang, dnf install clang), or name one by LANG_CLANG=/path/to/clang", "without LANGBE the direct backend builds the program and needs nothing; -o prog.ll writes the LLVM IR alone"],
    });
  }
  const answer = build({ ...request, output: "llvm", llvm14: version < 15, llvmFor: request.output === "executable" ? "executable" : "object" }, host);
  if (answer.bytes === undefined) return answer;
  const start = host.now();
  const folder = temporaryFolder("llvm");
  try {
    const [input, output] = [join(folder, "program.ll"), join(folder, "out")];
    writeFileSync(input, answer.bytes);
    const args = [
      `--target=${llvmTriple(request) ?? ""}`, `-${request.level}`, ...stop, request.target.interpreter === undefined ? "-fno-pic" : "-fPIE",
      ...clangOptions(request.target),
      "-ffunction-sections", "-fdata-sections", "-fno-unwind-tables", "-Wno-override-module", "-Wno-unused-command-line-argument", input, "-o", output,
    ];
    const ended = processes().spawnSync(clangProgram(), args, { encoding: "utf8" });
    if (isInterrupt(ended.signal)) endBy(ended.signal);
    if (ended.status !== 0) {
      const said = ended.stderr.split("\n").find((line) => line.includes("error")) ?? ended.error?.message ?? "it ended without a word";
      return failed(answer, { code: "E0821", message: `clang ${version} refuses the LLVM IR of this program: ${said}`, advice: ["this is a mistake of lang's: please report it; the direct backend (without LANGBE) is not concerned"] });
    }
    const times = [...answer.times, { stage: "clang", milliseconds: host.now() - start }];
    const bytes = new Uint8Array(readFileSync(output));
    if (request.output !== "executable") return { ...answer, bytes, times };
    const linked = linkForeign("clang's object", bytes, request);
    return linked.ok ? { ...answer, bytes: linked.bytes, times } : { ...answer, bytes: undefined, times, failures: [...answer.failures, ...linked.failures] };
  } finally {
    removeFolder(folder);
  }
}

function failed(answer: BuildAnswer, failure: Failure): BuildAnswer {
  return { ...answer, bytes: undefined, failures: [...answer.failures, failure] };
}
