/** The compiler of every level for arm64. */
import { Assembler } from "../../../encoders/arm64/assembler.ts";
import { Allocation } from "../allocation.ts";
import { finishCode } from "../finishCode.ts";
import { OptimizingCompiler } from "../optimizing.ts";
import type { CompilerContext, FunctionCompiler } from "../target.ts";
import { describe } from "./describe.ts";
import { MachineEmitter } from "./emit.ts";
import { emitEntry } from "./entry.ts";
import { registerFile } from "./registerFile.ts";
import { relocationOf } from "./relocations.ts";
import { Selector } from "./select.ts";

/** Compiles functions one by one into one buffer of code; the same parts serve for all. */
export function optimizingCompiler(context: CompilerContext): FunctionCompiler {
  const asm = new Assembler();
  const allocation = new Allocation(registerFile);
  const compiler = new OptimizingCompiler(context, new Selector(context), allocation, new MachineEmitter(asm, context, allocation), describe);
  return {
    compile: (f) => compiler.compile(f),
    emitEntry: (name, start) => emitEntry(asm, context, name, start),
    finish: () => finishCode(asm, relocationOf, context),
  };
}
