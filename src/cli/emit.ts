/** `lang emit --emit=KIND FILE`: a stage of the compilation, to standard output or to -o. */

import { build } from "./build.ts";
import { styleOf, usageError } from "./report.ts";
import type { CommonOptions } from "./request.ts";

/** The status: 1 if the file has an error, 2 for wrong usage. */
export async function emit(file: string, options: CommonOptions): Promise<number> {
  if (options.emit === undefined && options.assembly !== true && options.emitAsm !== true && options.emitIr !== true && options.emitLlvm !== true)
    return usageError("emit needs to know what", styleOf(options), ["for example lang emit --emit=ir prog.lang; the kinds are tokens, ast, typed, ir, llvm, llvm14, asm, obj, exe"]);
  return build([file], { ...options, output: options.output ?? "-" });
}
