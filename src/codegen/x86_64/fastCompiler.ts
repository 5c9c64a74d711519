/** The way to the compiler of -O0. */
import { finishCode } from "../finishCode.ts";
import type { CompilerContext, FunctionCompiler } from "../target.ts";
import { emitEntry } from "./entry.ts";
import { FastCompiler } from "./fast.ts";
import { relocationOf } from "./relocations.ts";

/** Compiles functions one by one into one buffer of code, at -O0. */
export function fastCompiler(context: CompilerContext): FunctionCompiler {
  const compiler = new FastCompiler(context);
  return {
    compile: (f) => compiler.compile(f),
    emitEntry: (name, start) => emitEntry(compiler.asm, context, name, start),
    finish: () => finishCode(compiler.asm, relocationOf, context),
  };
}
