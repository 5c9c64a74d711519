/**
 * What pointers may mean: the object that an address belongs to, slots whose address stays within the function, and whether two accesses may touch
 * the same bytes. A side table per function; linear.
 */

import type { ControlFlow } from "../ir/controlFlow.ts";
import { ValueFlag, type Block, type IrFunction, type List, type SymbolId, type Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { hasParameter, type CallEffectsTable } from "./callEffects.ts";
import { ByteColumn, IntColumn } from "./columns.ts";

/** How far the address of an object gets: nowhere; to functions that forget it when they return; anywhere. */
const Reach = { nowhere: 0, calls: 1, anywhere: 2 } as const;

export class MemoryFacts {
  /** The value at the root of each address: a slot, a symbol's address, or whatever pointer the sums start from. */
  private root = new Int32Array(0);
  /** `Reach` of each slot, then of each parameter of the function, which counts only for those that are the one way to their memory. */
  private reach = new Uint8Array(0);
  private read = new Uint8Array(0);
  private f: IrFunction | undefined = undefined;
  private module: Module | undefined = undefined;
  private calls: CallEffectsTable | undefined = undefined;
  private readonly columns = { root: new IntColumn(), reach: new ByteColumn(), read: new ByteColumn() };

  /** `calls`: what callees do to memory; without, they do everything. */
  compute(module: Module, f: IrFunction, flow: ControlFlow, calls?: CallEffectsTable): void {
    this.f = f;
    this.module = module;
    this.calls = calls;
    const entry = f.order[0] as Block;
    let parameters = 0;
    let anyAlone = false;
    for (let p = f.firstParam[entry] as number; p !== 0; p = f.next[p] as number) {
      parameters++;
      if (((f.flags[p] as number) & ValueFlag.noalias) !== 0) anyAlone = true;
    }
    this.root = this.columns.root.zeroed(f.valueCount);
    this.reach = this.columns.reach.zeroed(f.slotCount + parameters);
    this.read = this.columns.read.zeroed(f.slotCount);
    const followed = f.slotCount > 0 || anyAlone;
    for (let i = 0; i < flow.count; i++) {
      const block = flow.order[i] as Block;
      for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
        if (f.op[v] === Op["ptr.add"]) this.root[v] = this.rootOf(f.arg0(v));
        else if (followed) this.note(f, v);
      }
    }
  }

  rootOf(address: Value): Value {
    const f = this.f as IrFunction;
    for (let v = address; ; v = f.arg0(v)) {
      if (f.op[v] !== Op["ptr.add"]) return v;
      const known = v < this.root.length ? (this.root[v] as Value) : (0 as Value);
      if (known !== 0) return known;
    }
  }

  /** The slot at the root of an address if nothing outside of the function's own accesses can reach it, or -1. */
  privateSlot(root: Value): number {
    const f = this.f as IrFunction;
    if (f.op[root] !== Op.slot) return -1;
    const slot = f.a[root] as number;
    return this.reach[slot] === Reach.nowhere ? slot : -1;
  }

  /** What lies behind this root is reached only through it, and by calls that are given it. */
  isUnseen(root: Value): boolean {
    const f = this.f as IrFunction;
    if (f.op[root] === Op.slot) return (this.reach[f.a[root] as number] as number) < Reach.anywhere;
    return this.isAlone(root) && (this.reach[f.slotCount + (f.a[root] as number)] as number) < Reach.anywhere;
  }

  /** A call may write what lies behind this root. */
  callMayWrite(call: Value, root: Value): boolean {
    const f = this.f as IrFunction;
    if (this.isConstant(root) || this.privateSlot(root) >= 0) return false;
    const isCall = f.op[call] === Op.call;
    const effects = isCall ? this.calls?.of(f.a[call] as SymbolId) : undefined;
    if (effects === undefined) return !this.isUnseen(root);
    if (effects.elsewhere && !this.isUnseen(root)) return true;
    if (effects.writes === 0) return false;
    const list = f.b[call] as List;
    for (let i = 0, n = f.listLength(list); i < n; i++) {
      const item = f.listItem(list, i);
      if (f.type[item] === Type.ptr && hasParameter(effects.writes, i) && this.rootsMayMeet(this.rootOf(item), root)) return true;
    }
    return false;
  }

  /** A private slot that nobody reads from: what is stored there is of no use. */
  isNeverRead(slot: number): boolean {
    return this.reach[slot] === Reach.nowhere && this.read[slot] === 0;
  }

  /** The bytes behind this root never change while the function runs. */
  isConstant(root: Value): boolean {
    const f = this.f as IrFunction;
    if (f.op[root] === Op.param) return this.isAlone(root) && ((f.flags[root] as number) & ValueFlag.readonly) !== 0;
    return f.op[root] === Op.address && this.module?.data.get(f.a[root] as SymbolId)?.writable === false;
  }

  /** Reading `size` bytes at the address cannot fault, wherever the read stands: it lies within a slot, a datum, or what a parameter promises. */
  isReadable(address: Value, offset: number, size: number): boolean {
    const f = this.f as IrFunction;
    let at = offset;
    let v = address;
    for (; f.op[v] === Op["ptr.add"]; v = f.arg0(v)) {
      const by = f.arg1(v);
      if (!f.isConst(by) || f.b[by] !== (f.a[by] as number) >> 31) return false;
      at += f.a[by] as number;
    }
    if (f.op[v] === Op.slot) return at >= 0 && at + size <= (f.slotSize[f.a[v] as number] as number);
    if (f.op[v] === Op.param) return f.block[v] === f.order[0] && at >= 0 && at + size <= f.readableBehind(v);
    if (f.op[v] !== Op.address) return false;
    at += f.b[v] as number;
    const data = this.module?.data.get(f.a[v] as SymbolId);
    return data !== undefined && at >= 0 && at + size <= data.size;
  }

  /** Whether two addresses with different roots may lie in the same object. */
  rootsMayMeet(one: Value, other: Value): boolean {
    if (one === other) return true;
    if (this.isUnseen(one) || this.isUnseen(other)) return false;
    const f = this.f as IrFunction;
    const a = this.isObject(one);
    const b = this.isObject(other);
    if (a && b) return f.op[one] === Op.address && f.op[other] === Op.address && f.a[one] === f.a[other];
    // What was allocated here is not what the function was given; nothing else that it was given reaches what a `noalias` parameter points to.
    if ((this.isFresh(one) && this.isParameter(other)) || (this.isFresh(other) && this.isParameter(one))) return false;
    return !(this.isAlone(one) && (b || this.isParameter(other))) && !(this.isAlone(other) && (a || this.isParameter(one)));
  }

  /** A slot, a symbol, or a block that was allocated here: its bytes belong to no other. */
  private isObject(root: Value): boolean {
    const op = (this.f as IrFunction).op[root];
    return op === Op.slot || op === Op.address || this.isFresh(root);
  }

  private isFresh(root: Value): boolean {
    const f = this.f as IrFunction;
    return f.op[root] === Op.call && this.module?.attributes[f.a[root] as SymbolId]?.memory === "allocates";
  }

  private isParameter(root: Value): boolean {
    const f = this.f as IrFunction;
    return f.op[root] === Op.param && f.block[root] === f.order[0];
  }

  private isAlone(root: Value): boolean {
    return this.isParameter(root) && (((this.f as IrFunction).flags[root] as number) & ValueFlag.noalias) !== 0;
  }

  private note(f: IrFunction, v: Value): void {
    const op = f.opOf(v);
    switch (op) {
      case Op.load: return this.markRead(f.arg0(v));
      case Op.store: return this.escape(f.arg0(v));
      case Op.fill: return;
      case Op.copy:
      case Op.move: return this.markRead(f.arg1(v));
      case Op.eq:
      case Op.ne: return;
      case Op.call: return this.handOver(f, v);
      default: this.escapeOperands(f, v, op);
    }
  }

  private escapeOperands(f: IrFunction, v: Value, op: Op): void {
    const operands = opValueOperands[op] as number;
    if ((operands & 1) !== 0) this.escape(f.arg0(v));
    if ((operands & 2) !== 0) this.escape(f.arg1(v));
    if ((operands & 4) !== 0) this.escape(f.arg2(v));
    const which = opListOperand[op] as number;
    if (which !== 0) {
      const list = (which === 1 ? f.a[v] : which === 2 ? f.b[v] : f.c[v]) as number;
      if (list !== 0) for (let i = list + 1, end = i + (f.pool[list] as number); i < end; i++) this.escape(f.pool[i] as Value);
    }
    if (op !== Op.jump && op !== Op.branch && op !== Op.switch) return;
    const block = f.block[v] as Block;
    for (let s = 0, n = f.successorCount(block); s < n; s++) {
      const edge = f.successor(block, s);
      const from = f.edgeArgs[edge] as number;
      for (let i = from, end = from + (f.edgeArgCount[edge] as number); i < end; i++) this.escape(f.pool[i] as Value);
    }
  }

  /** The callee may read what it is given, or write it; where it keeps none of it, the object is only reached by calls. */
  private handOver(f: IrFunction, call: Value): void {
    const list = f.b[call] as List;
    const count = f.listLength(list);
    if (count === 0) return;
    const effects = this.calls?.of(f.a[call] as SymbolId);
    for (let i = 0; i < count; i++) {
      const item = f.listItem(list, i);
      if (f.type[item] === Type.ptr) this.escape(item, effects === undefined || hasParameter(effects.keeps, i) ? Reach.anywhere : Reach.calls);
    }
  }

  private markRead(address: Value): void {
    const f = this.f as IrFunction;
    const root = this.rootOf(address);
    if (f.op[root] === Op.slot) this.read[f.a[root] as number] = 1;
  }

  private escape(v: Value, reach: number = Reach.anywhere): void {
    const f = this.f as IrFunction;
    const op = f.op[v];
    if (op !== Op.slot && op !== Op["ptr.add"] && op !== Op.param) return;
    const root = this.rootOf(v);
    const object = f.op[root] === Op.slot ? (f.a[root] as number) : this.isAlone(root) ? f.slotCount + (f.a[root] as number) : -1;
    if (object >= 0 && (this.reach[object] as number) < reach) this.reach[object] = reach;
  }
}
