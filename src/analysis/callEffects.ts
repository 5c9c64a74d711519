/**
 * What a function does to memory that its caller can reach: which of the pointers that it is given it writes behind, which it keeps, and whether it writes
 * elsewhere. Asked for when a call is looked at, once a function; what calls itself, and what has no body here, does everything. Linear.
 */

import { ValueFlag, type Block, type IrFunction, type List, type SymbolId, type Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";

/** Of so many parameters the first ones are told apart. */
const counted = 30;
const all = (1 << counted) - 1;

/** Bits by parameter; only those of pointers that promise to be the only way to their memory (`noalias`), or that the function uses in plain sight. */
export interface CallEffects {
  /** The pointer, or one computed from it, may be found somewhere after the call, or within it in memory. */
  readonly keeps: number;
  /** The memory behind the pointer may be written. */
  readonly writes: number;
  /** Other memory may be written: what pointers in memory lead to, globals, what further calls reach. */
  readonly elsewhere: boolean;
}

const everything: CallEffects = { keeps: -1, writes: -1, elsewhere: true };
/** The heap's own memory is nobody else's. */
const allocating: CallEffects = { keeps: 0, writes: 0, elsewhere: false };
const freeing: CallEffects = { keeps: 1, writes: 1, elsewhere: false };

/** Calls of calls that are looked through; what lies deeper is asked for bottom up anyway. */
const deepest = 40;

/** The parameter `index` is in the set. */
export function hasParameter(set: number, index: number): boolean {
  return set === -1 || index >= counted || (set & (1 << index)) !== 0;
}

export class CallEffectsTable {
  private readonly known = new Map<SymbolId, CallEffects>();
  private readonly module: Module;
  private depth = 0;

  constructor(module: Module) {
    this.module = module;
  }

  /** What a call of the function does. */
  of(symbol: SymbolId): CallEffects {
    const known = this.known.get(symbol);
    if (known !== undefined) return known;
    const role = this.module.attributes[symbol]?.memory;
    if (role === "allocates") return allocating;
    if (role === "frees") return freeing;
    const f = this.module.functions.get(symbol);
    if (this.depth > deepest) return everything;
    // Until it is known: whoever asks meanwhile is called by this function, which so calls itself.
    this.known.set(symbol, everything);
    if (f === undefined) return everything;
    this.depth++;
    const effects = new Walk(f, this).effects();
    this.depth--;
    this.known.set(symbol, effects);
    return effects;
  }
}

class Walk {
  private keeps = 0;
  private writes = 0;
  private elsewhere = false;
  private readonly f: IrFunction;
  private readonly table: CallEffectsTable;

  constructor(f: IrFunction, table: CallEffectsTable) {
    this.f = f;
    this.table = table;
  }

  effects(): CallEffects {
    const { f } = this;
    for (const block of f.order) {
      for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) this.instruction(v, block);
      // Everything is done: the rest tells nothing.
      if (this.elsewhere && this.keeps === all && this.writes === all) return everything;
    }
    return { keeps: this.keeps, writes: this.writes, elsewhere: this.elsewhere };
  }

  /** The parameter that an address is computed from, as a bit; 0 for the function's own memory; -1 for any other. */
  private behind(address: Value): number {
    const { f } = this;
    let v = address;
    while (f.op[v] === Op["ptr.add"]) v = f.arg0(v);
    if (f.op[v] === Op.slot) return 0;
    return f.op[v] === Op.param && f.block[v] === f.order[0] ? bit(f.a[v] as number) : -1;
  }

  /** Memory at the address is written. */
  private write(address: Value): void {
    const to = this.behind(address);
    if (to < 0) this.elsewhere = true;
    else this.writes |= to;
  }

  /** The value gets where it may be found later. */
  private keep(v: Value): void {
    const { f } = this;
    if (f.type[v] !== Type.ptr) return;
    const from = this.behind(v);
    if (from > 0) this.keeps |= from;
  }

  private instruction(v: Value, block: Block): void {
    const { f } = this;
    const op = f.opOf(v);
    switch (op) {
      case Op.load:
        if (((f.flags[v] as number) & ValueFlag.volatile) !== 0) this.elsewhere = true;
        return;
      case Op.store:
        this.keep(f.arg0(v));
        return this.write(f.arg1(v));
      case Op.copy:
      case Op.move:
      case Op.fill: return this.write(f.arg0(v));
      case Op["ptr.add"]:
      case Op.eq:
      case Op.ne:
      case Op["trap.if"]:
      case Op.trap: return;
      case Op.call: return this.call(v);
      case Op["call.indirect"]:
      case Op.syscall:
        this.elsewhere = true;
        this.handOver(v, op);
        return;
      case Op.jump:
      case Op.branch:
      case Op.switch:
        return this.handOn(block);
    }
    if (op >= Op["atomic.load"] && op <= Op.fence) this.elsewhere = true;
    const operands = opValueOperands[op] as number;
    if ((operands & 1) !== 0) this.keep(f.arg0(v));
    if ((operands & 2) !== 0) this.keep(f.arg1(v));
    if ((operands & 4) !== 0) this.keep(f.arg2(v));
    if (op === Op.return) this.handOver(v, op);
  }

  /** Pointers in a list get out of sight. */
  private handOver(v: Value, op: Op): void {
    const { f } = this;
    const which = opListOperand[op] as number;
    const list = (which === 1 ? f.a[v] : which === 2 ? f.b[v] : f.c[v]) as List;
    for (let i = 0, n = f.listLength(list); i < n; i++) {
      const item = f.listItem(list, i);
      if (f.type[item] !== Type.ptr) continue;
      this.keep(item);
      if (op !== Op.return) this.write(item);
    }
  }

  /** Arguments of edges: what they become is not followed. */
  private handOn(block: Block): void {
    const { f } = this;
    for (let s = 0, n = f.successorCount(block); s < n; s++) {
      const edge = f.successor(block, s);
      for (let i = 0, count = f.edgeArgCount[edge] as number; i < count; i++) this.keep(f.edgeArg(edge, i));
    }
  }

  private call(v: Value): void {
    const { f } = this;
    const effects = this.table.of(f.a[v] as SymbolId);
    if (effects.elsewhere) this.elsewhere = true;
    const list = f.b[v] as List;
    for (let i = 0, n = f.listLength(list); i < n; i++) {
      const item = f.listItem(list, i);
      if (f.type[item] !== Type.ptr) continue;
      if (hasParameter(effects.keeps, i)) this.keep(item);
      if (hasParameter(effects.writes, i)) this.write(item);
    }
  }
}

/** Of parameters that are not told apart each is told as all of them. */
function bit(index: number): number {
  return index < counted ? 1 << index : all;
}
