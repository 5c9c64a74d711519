/** The way to the compiler of -O0. */
import { finishCode } from "../finishCode.ts";
import type { CompilerContext, FunctionCompiler } from "../target.ts";
import { emitEntry } from "./entry.ts";
import { FastCompiler } from "./fast.ts";
import { relocationOf } from "./relocations.ts";

export function fastCompiler(context: CompilerContext): FunctionCompiler {
  const compiler = new FastCompiler(context);
  return {
    compile: (f) => compiler.compile(f),
    emitEntry: (name, start) => emitEntry(compiler.asm, context, name, start),
    finish: () => finishCode(compiler.asm, relocationOf, context),
  };
}
