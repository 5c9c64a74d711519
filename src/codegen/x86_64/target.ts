/** x86_64 as a target. */

import type { SymbolId } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import type { IrFunction } from "../../ir/function.ts";
import type { Assembler } from "../../../encoders/x86_64/assembler.ts";
import {
  FIXUP_ABS32, FIXUP_ABS32S, FIXUP_ABS64, FIXUP_GOTPCREL, FIXUP_GOTPCRELX, FIXUP_PC32, FIXUP_PLT32, FIXUP_REX_GOTPCRELX,
} from "../../../encoders/x86_64/fixups.ts";
import { DECODED, Instruction, decode } from "../../../encoders/x86_64/decoder.ts";
import { RelocationKind } from "../../link/relocationKind.ts";
import type { CompilerContext, FunctionCompiler, Target } from "../target.ts";
import { FastCompiler } from "./fast.ts";
import { OptimizingCompiler } from "./optimizing.ts";

const relocationOf = new Uint8Array(16);
relocationOf[FIXUP_PC32] = RelocationKind.pc32;
relocationOf[FIXUP_PLT32] = RelocationKind.call32;
relocationOf[FIXUP_ABS32] = RelocationKind.abs32;
relocationOf[FIXUP_ABS32S] = RelocationKind.abs32signed;
relocationOf[FIXUP_ABS64] = RelocationKind.abs64;
relocationOf[FIXUP_GOTPCREL] = RelocationKind.gotpcrel;
relocationOf[FIXUP_GOTPCRELX] = RelocationKind.gotpcrelx;
relocationOf[FIXUP_REX_GOTPCRELX] = RelocationKind.gotpcrelxRex;

/** Turns the code's fixups into relocations of .text, and returns the code. */
export function finishCode(asm: Assembler, { objects }: CompilerContext): Uint8Array<ArrayBuffer> {
  const relocations = objects.builder.relocations(objects.text);
  relocations.reserve(asm.fixupCount);
  for (let i = 0; i < asm.fixupCount; i++) {
    const kind = relocationOf[asm.fixupKind(i)] as RelocationKind;
    relocations.add(asm.fixupAt(i), kind, objects.objectSymbol(asm.fixupSymbol(i)), asm.fixupAddend(i));
  }
  return asm.bytes.slice(0, asm.length);
}

function fast(context: CompilerContext): FunctionCompiler {
  const compiler = new FastCompiler(context);
  return {
    compile: (f: IrFunction) => compiler.compile(f),
    emitEntry: (name: SymbolId, start: SymbolId) => compiler.emitEntry(name, start),
    finish: () => finishCode(compiler.asm, context),
  };
}

function optimizing(context: CompilerContext): FunctionCompiler {
  const compiler = new OptimizingCompiler(context);
  return {
    compile: (f: IrFunction) => compiler.compile(f),
    emitEntry: (name: SymbolId, start: SymbolId) => compiler.emitEntry(name, start),
    finish: () => finishCode(compiler.asm, context),
  };
}

const decoded = new Instruction();

export const x86_64: Target = {
  machine: "x86_64",
  codeAlignment: 1,
  needsHelper(op: number, _type: number, features: readonly string[]): boolean {
    if (op === Op.ffloor || op === Op.fceil || op === Op.ftrunc || op === Op.fnearest) return !features.includes("sse41");
    return op === Op.fma && !features.includes("fma");
  },
  instructionLength: (code, at, end) => (decode(code, at, end, decoded) === DECODED ? decoded.length : 0),
  createCompiler: (context) => (context.options.level === "O0" ? fast(context) : optimizing(context)),
};
