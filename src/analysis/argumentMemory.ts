/**
 * What a function does with the memory behind a pointer argument: whether a word of it stays as the caller made it. Looks through the functions
 * that the pointer is handed on to; those that call each other are taken to keep the word until one is seen not to. Linear in the functions looked at.
 */

import type { IrFunction, List, SymbolId, Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import { typeSize } from "../ir/types.ts";

const wordSize = 8;

/** A pointer into the memory at hand, and how far into it; undefined: none. */
export type Offsets = Map<Value, number>;

export class ArgumentMemory {
  private readonly module: Module;
  /** By function, parameter and offset: the word is kept. */
  private readonly answers = new Map<string, boolean>();
  private assumed: string[] = [];

  constructor(module: Module) {
    this.module = module;
  }

  /** The function does not write the word at `offset` behind its parameter `index`, and keeps no pointer to it. */
  keeps(symbol: SymbolId, index: number, offset: number): boolean {
    const key = `${symbol} ${index} ${offset}`;
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const f = this.module.functions.get(symbol);
    const entry = f?.order[0];
    if (f === undefined || entry === undefined) return false;
    const isFirst = this.assumed.length === 0;
    this.assumed.push(key);
    this.answers.set(key, true);
    const kept = this.keepsWord(f, derivedFrom(f, f.param(entry, index)), offset);
    if (!kept) this.forget();
    this.answers.set(key, kept);
    if (isFirst) this.assumed = [];
    return kept;
  }

  /** An assumption was wrong: what was concluded from it is asked again. */
  private forget(): void {
    for (const key of this.assumed) this.answers.delete(key);
  }

  /** No use of the pointers writes the word or lets one of them out of sight. A store that makes the word, `except`, is none. */
  keepsWord(f: IrFunction, pointers: Offsets, offset: number, except: Value = 0 as Value): boolean {
    for (const block of f.order) {
      for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) if (v !== except && !this.keepsAt(f, v, pointers, offset)) return false;
      for (let s = 0, n = f.successorCount(block); s < n; s++) {
        const edge = f.successor(block, s);
        for (let i = 0; i < (f.edgeArgCount[edge] as number); i++) if (pointers.has(f.edgeArg(edge, i))) return false;
      }
    }
    return true;
  }

  private keepsAt(f: IrFunction, v: Value, pointers: Offsets, offset: number): boolean {
    const op = f.opOf(v);
    const touches = (pointer: Value, from: number, size: number): boolean => {
      const at = pointers.get(pointer);
      return at !== undefined && at + from < offset + wordSize && offset < at + from + size;
    };
    switch (op) {
      case Op.load:
        return true;
      case Op["ptr.add"]:
        // One by an unknown amount is not among the pointers.
        return !pointers.has(f.arg0(v)) || pointers.has(v);
      case Op.store:
        return !pointers.has(f.arg0(v)) && !touches(f.arg1(v), f.c[v] as number, typeSize[f.typeOf(f.arg0(v))] as number);
      case Op.copy:
      case Op.move:
      case Op.fill: {
        const size = f.smallInt(f.arg2(v));
        return !pointers.has(f.arg0(v)) || (size === size && !touches(f.arg0(v), 0, size));
      }
      case Op.call: {
        const list = f.b[v] as List;
        for (let i = 0; i < f.listLength(list); i++) {
          const at = pointers.get(f.listItem(list, i));
          if (at !== undefined && !this.keeps(f.a[v] as SymbolId, i, offset - at)) return false;
        }
        return true;
      }
    }
    const operands = opValueOperands[op] as number;
    if ((operands & 1) !== 0 && pointers.has(f.arg0(v))) return false;
    if ((operands & 2) !== 0 && pointers.has(f.arg1(v))) return false;
    if ((operands & 4) !== 0 && pointers.has(f.arg2(v))) return false;
    const which = opListOperand[op] as number;
    const list = (which === 1 ? f.a[v] : which === 2 ? f.b[v] : which === 3 ? f.c[v] : 0) as List;
    for (let i = 0; i < f.listLength(list); i++) if (pointers.has(f.listItem(list, i))) return false;
    return true;
  }
}

/** A pointer and what constants were added to it, with the sums. */
export function derivedFrom(f: IrFunction, pointer: Value): Offsets {
  const found: Offsets = new Map([[pointer, 0]]);
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      if (f.op[v] !== Op["ptr.add"]) continue;
      const at = found.get(f.arg0(v));
      const amount = f.smallInt(f.arg1(v));
      if (at !== undefined && amount === amount) found.set(v, at + amount);
    }
  }
  return found;
}
