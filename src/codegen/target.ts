/** What an architecture gives to `generate`. A target is a record; nothing outside of its folder asks which one it is. */

import type { IrFunction, SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import type { Machine } from "../link/object.ts";
import type { ObjectWriter } from "./objectWriter.ts";
import type { CodegenOptions } from "./options.ts";
import type { TraceRecords } from "./traceRecords.ts";

export interface CompilerContext {
  readonly module: Module;
  readonly options: CodegenOptions;
  readonly objects: ObjectWriter;
  readonly trace: TraceRecords;
}

/** Writes functions of one module, one after the other, into one code buffer. */
export interface FunctionCompiler {
  /** Compiles a function; `f` is legal for the target (see legalize.ts) and is not used afterwards. */
  compile(f: IrFunction): void;
  /** The process entry `name`: aligns the stack and calls `start` with the initial stack pointer. */
  emitEntry(name: SymbolId, start: SymbolId): void;
  /** The code; its fixups have become relocations of the object's .text. */
  finish(): Uint8Array<ArrayBuffer>;
}

export interface Target {
  readonly machine: Machine;
  /** What code must be a multiple of in memory; where speed matters functions are aligned to 16. */
  readonly codeAlignment: number;
  /** What functions may rely on at -O2, where loops are aligned. */
  readonly loopAlignment: number;
  /** Operations that the target has no instructions for, given the features: they become calls of helper functions. */
  needsHelper(op: number, type: number, features: readonly string[]): boolean;
  /** Bytes of the instruction at `at` of `code[0, end)`; 0 if there is none. */
  instructionLength(code: Uint8Array, at: number, end: number): number;
  createCompiler(context: CompilerContext): FunctionCompiler;
}

/** The symbol whose address a value is, −1 for any other: an indirect call of one with a signature of its own (C's variadic functions) is a direct one. */
export function directTarget(f: IrFunction, pointer: number): number {
  return f.op[pointer] === Op.address && f.b[pointer] === 0 ? (f.a[pointer] as number) : -1;
}
