/** The way to the compiler of -O1 and above. */

import type { IrFunction, SymbolId } from "../../ir/function.ts";
import type { CompilerContext, FunctionCompiler } from "../target.ts";
import { OptimizingCompiler } from "./optimizing.ts";
import { finishCode } from "./finish.ts";

export function optimizingCompiler(context: CompilerContext): FunctionCompiler {
  const compiler = new OptimizingCompiler(context);
  return {
    compile: (f: IrFunction) => compiler.compile(f),
    emitEntry: (name: SymbolId, start: SymbolId) => compiler.emitEntry(name, start),
    finish: () => finishCode(compiler.asm, context),
  };
}
