/** The way to the compiler of -O0. */

import type { IrFunction, SymbolId } from "../../ir/function.ts";
import type { CompilerContext, FunctionCompiler } from "../target.ts";
import { FastCompiler } from "./fast.ts";
import { finishCode } from "./finish.ts";

export function fastCompiler(context: CompilerContext): FunctionCompiler {
  const compiler = new FastCompiler(context);
  return {
    compile: (f: IrFunction) => compiler.compile(f),
    emitEntry: (name: SymbolId, start: SymbolId) => compiler.emitEntry(name, start),
    finish: () => finishCode(compiler.asm, context),
  };
}
