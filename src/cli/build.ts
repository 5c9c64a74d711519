/** `lang FILE -o OUT`, `lang build`. */

import { host, readingOnce, writeWhole, type BuildHost } from "../driver/host.ts";
import type { BuildAnswer, BuildRequest } from "../driver/request.ts";
import { compiler, type Compile } from "./backend.ts";
import { compileKeeping } from "./compile.ts";
import { failureText, styleOf, usageError, type Style } from "./report.ts";
import { defaultName, eachTarget, isSource, writesPrograms } from "./names.ts";
import { requestOf, type CommonOptions } from "./request.ts";
import { restartForLarge, restarting } from "./restart.ts";
import { writeError, writeOutput } from "./output.ts";

/** Builds each file; gives the exit status. */
export async function build(files: readonly string[], options: CommonOptions): Promise<number> {
  const style = styleOf(options);
  if (files.length > 1 && options.output !== undefined) return usageError("-o names one output, but several files are given", style);
  restartForLarge(files);
  const compile = await compiler();
  const from = restarting(host);
  if (options.target === "all" && !writesPrograms(options)) return usageError("--target all writes executables", style, ["name one target for an object or a text, and for standard output"]);
  let status = 0;
  for (const file of files) status = Math.max(status, options.target === "all" ? buildAll(file, options, style, compile, from) : buildOne(file, options, style, compile, options.keepTemps === true ? readingOnce(from) : from));
  return status;
}

/** `--target all`: a program for every operating system and architecture, each beside the others under its target's name. */
function buildAll(file: string, options: CommonOptions, style: Style, compile: Compile, from: BuildHost): number {
  const files = readingOnce(from);
  let status = 0;
  for (const one of eachTarget(file, options)) status = Math.max(status, buildOne(file, one, style, compile, files));
  return status;
}

function buildOne(file: string, options: CommonOptions, style: Style, compile: Compile, files: BuildHost): number {
  const asked = requestOf(file, options, "executable");
  if (!asked.ok) {
    writeError(`${failureText(asked, style)}\n`);
    return 2;
  }
  const { request } = asked;
  if (options.output !== undefined && isSource(options.output, file)) return cannotWrite(options.output, "it is the program's source", style, ["-o names another file"]);
  const { failed, bytes } = compileKeeping(request, options, style, compile, files);
  if (bytes === undefined) return failed ? 1 : 0;
  const toStandardOutput = options.output === "-" || (options.output === undefined && (request.output === "assembly" || request.output === "ir" || request.output === "llvm" || isText(request)) && options.keepTemps !== true);
  if (toStandardOutput) {
    writeOutput(bytes);
    return 0;
  }
  const output = options.output ?? defaultName(file, request.output, request.target);
  const problem = writeWhole(output, bytes, request.output === "executable");
  if (problem !== undefined) return cannotWrite(output, problem, style);
  return options.keepTemps === true ? writeStages(request, file, output, style, compile, files) : 0;
}

function cannotWrite(output: string, problem: string, style: Style, advice: readonly string[] = []): number {
  writeError(`${failureText({ code: "E0803", message: `'${output}' cannot be written: ${problem}`, advice }, style)}\n`);
  return 1;
}

function isText(request: BuildRequest): boolean {
  return request.output === "tokens" || request.output === "ast" || request.output === "typed";
}

/** --keep-temps: the stages before the output, beside it. */
function writeStages(request: BuildRequest, file: string, output: string, style: Style, compile: Compile, files: BuildHost): number {
  const stages = { ir: ".ir", assembly: ".s", object: ".o" } as const;
  for (const [kind, ending] of Object.entries(stages)) {
    if (kind === request.output) continue;
    const answer: BuildAnswer = compile({ ...request, output: kind as keyof typeof stages }, files);
    if (answer.bytes === undefined) return 1;
    const problem = isSource(`${output}${ending}`, file) ? "it is the program's source" : writeWhole(`${output}${ending}`, answer.bytes, false);
    if (problem !== undefined) return cannotWrite(`${output}${ending}`, problem, style);
  }
  return 0;
}
