/** Which functions are known where: their addresses among a function's values and in its slots. Looked for only when asked, and again after a change. */

import type { IrFunction, List, SymbolId, Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";

/** Where a function holds the addresses of functions: as values, and in its slots. */
export class KnownFunctions {
  private readonly f: IrFunction;
  private readonly module: Module;
  /** Slots that a known function is stored to, directly or by a copy; undefined: to be found again. */
  private slots: Set<number> | undefined;
  /** Values of `f` that were looked at for addresses, and whether there are any. */
  private seen = 1;
  private any = false;

  constructor(f: IrFunction, module: Module) {
    this.f = f;
    this.module = module;
  }

  /** The function at hand was changed. */
  changed(): void {
    this.slots = undefined;
  }

  /** How many arguments of a call are known functions or hold some. */
  amongArguments(call: Value): number {
    const { f } = this;
    for (; this.seen < f.valueCount && !this.any; this.seen++) this.any = this.isFunction(this.seen as Value);
    if (!this.any) return 0;
    const list = f.b[call] as List;
    let count = 0;
    for (let i = 0; i < f.listLength(list); i++) {
      const argument = f.listItem(list, i);
      const slot = rootSlot(f, argument);
      if (slot >= 0 ? this.inSlots().has(slot) : this.isFunction(argument)) count++;
    }
    return count;
  }

  private isFunction(v: Value): boolean {
    return this.f.op[v] === Op.address && this.module.functions.has(this.f.a[v] as SymbolId);
  }

  private inSlots(): Set<number> {
    if (this.slots !== undefined) return this.slots;
    const { f } = this;
    const found = new Set<number>();
    const copies: Value[] = [];
    for (const block of f.order) {
      for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
        if (f.op[v] === Op.store && this.isFunction(f.arg0(v))) found.add(rootSlot(f, f.arg1(v)));
        else if (f.op[v] === Op.copy || f.op[v] === Op.move) copies.push(v);
      }
    }
    for (let before = 0; found.size !== before && found.size > 0; ) {
      before = found.size;
      for (const v of copies) if (found.has(rootSlot(f, f.arg1(v)))) found.add(rootSlot(f, f.arg0(v)));
    }
    found.delete(-1);
    this.slots = found;
    return found;
  }
}

/** The slot that an address points into, -1 if none is seen. */
function rootSlot(f: IrFunction, address: Value): number {
  let at = address;
  while (f.op[at] === Op["ptr.add"]) at = f.arg0(at);
  return f.op[at] === Op.slot ? (f.a[at] as number) : -1;
}
