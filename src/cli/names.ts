/** What outputs are called where -o does not say. */

import { everyTarget, type TargetRow } from "../../os/targets.ts";
import { linkStatusOf, statusOf } from "../driver/files.ts";
import type { OutputKind } from "../driver/request.ts";
import { kindOfEnding } from "./endings.ts";
import type { CommonOptions } from "./request.ts";
import { variable } from "./target.ts";

/** The program's name without folder and ending. */
function defaultStem(path: string): string {
  return (path === "-" ? "" : path.slice(path.lastIndexOf("/") + 1).replace(/\.lang$/, "")) || "out";
}

/** Whether an output of that name would take the place of the source. */
export function isSource(output: string, source: string): boolean {
  if (source === "-" || output === "-") return false;
  try {
    const there = linkStatusOf(output);
    return there?.kind === "file" && there.identity !== undefined && there.identity === statusOf(source)?.identity;
  } catch {
    // What cannot be looked at is told of where it is written.
    return false;
  }
}

const endings: Partial<Record<OutputKind, string>> = { object: ".o", assembly: ".s", ir: ".ir", llvm: ".ll" };

/** The output's name where -o does not say: the program's, with the ending of its kind. */
export function defaultName(path: string, output: OutputKind, target: TargetRow): string {
  const name = `${defaultStem(path)}${output === "executable" ? target.executableEnding : (endings[output] ?? `.${output}`)}`;
  // A program without the usual ending must not be overwritten by its own executable.
  return name === path || isSource(name, path) ? `${name}.out` : name;
}

/** Whether the options ask for executables, and for files. */
export function writesPrograms({ output, emit = "exe", assembly, emitAsm, emitIr, emitLlvm }: CommonOptions): boolean {
  return output !== "-" && (output === undefined || kindOfEnding(output) === "executable") && emit === "exe" && [assembly, emitAsm, emitIr, emitLlvm].every((asked) => asked !== true);
}

/** `--target all` as the options of each of its builds. */
export function eachTarget(file: string, options: CommonOptions): readonly (CommonOptions & { readonly output: string })[] {
  const stem = options.output ?? defaultStem(file);
  return everyTarget(variable("LANGLIBC")).map(({ name, executableEnding }) => ({ ...options, target: name, emit: "exe", output: `${stem}-${name}${executableEnding}` }));
}
