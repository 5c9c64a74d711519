/**
 * How a function uses its stack slots: which of them are only loaded, stored, copied and filled at known offsets, and into which fields those
 * accesses divide them. What promotion (opt/promote.ts) needs to know before it changes anything. Linear but for copies between slots.
 */

import type { ControlFlow } from "../ir/controlFlow.ts";
import { ValueFlag, type Block, type IrFunction, type Value } from "../ir/function.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import { ByteColumn, IntColumn, IntList } from "./columns.ts";

/** More fields than this, and a slot stays in memory. */
const fieldLimit = 32;

export class SlotUses {
  fieldCount = 0;
  /** The address of a slot is stored in a slot. */
  storesAddresses = false;
  readonly fieldSlot = new IntList();
  readonly fieldOffset = new IntList();
  readonly fieldType = new IntList();
  private readonly nextOfSlot = new IntList();
  private firstOfSlot = new Int32Array(0);
  private countOfSlot = new Int32Array(0);
  private keptInMemory = new Uint8Array(0);
  private rootSlot = new Int32Array(0);
  private rootOffset = new Int32Array(0);
  /** Copies, moves and fills that touch a slot. */
  private readonly transfers = new IntList();
  private f: IrFunction | undefined = undefined;

  private readonly columns = { root: new IntColumn(), offset: new IntColumn(), first: new IntColumn(), count: new IntColumn(), kept: new ByteColumn() };

  /** Reads the function. `refused` slots stay in memory whatever their uses. Gives whether any slot has fields to promote. */
  compute(f: IrFunction, flow: ControlFlow, refused: (slot: number) => boolean): boolean {
    this.f = f;
    this.fieldCount = 0;
    this.storesAddresses = false;
    let some = false;
    for (let slot = 0; slot < f.slotCount && !some; slot++) some = f.slotSize[slot] !== 0;
    if (!some) return false;
    for (const list of [this.fieldSlot, this.fieldOffset, this.fieldType, this.nextOfSlot, this.transfers]) list.clear();
    this.rootSlot = this.columns.root.zeroed(f.valueCount);
    this.rootOffset = this.columns.offset.zeroed(f.valueCount);
    this.firstOfSlot = this.columns.first.filled(f.slotCount, -1);
    this.countOfSlot = this.columns.count.zeroed(f.slotCount);
    this.keptInMemory = this.columns.kept.zeroed(f.slotCount);
    for (let slot = 0; slot < f.slotCount; slot++) if (f.slotSize[slot] === 0 || refused(slot)) this.keptInMemory[slot] = 1;
    for (let v = 1; v < f.valueCount; v++) if (f.op[v] === Op.slot) this.rootSlot[v] = (f.a[v] as number) + 1;
    for (let i = 0; i < flow.count; i++) {
      for (let v = f.first[flow.order[i] as Block] as Value; v !== 0; v = f.nextOf(v)) this.instruction(f, v);
    }
    this.settle();
    for (let field = 0; field < this.fieldCount; field++) if (this.isPromoted(this.fieldSlot.data[field] as number)) return true;
    return false;
  }

  /** The slot is touched in known ways only. */
  isPromoted(slot: number): boolean {
    return this.keptInMemory[slot] === 0;
  }

  /** The promoted slot that an address points into, or -1. */
  slotOf(address: Value): number {
    const slot = (this.rootSlot[address] as number) - 1;
    return slot >= 0 && this.keptInMemory[slot] === 0 ? slot : -1;
  }

  /** Offset of an address within its slot. */
  offsetOf(address: Value): number {
    return this.rootOffset[address] as number;
  }

  /** The field of a slot at an offset, or -1. */
  fieldAt(slot: number, offset: number): number {
    for (let field = this.firstOfSlot[slot] as number; field >= 0; field = this.nextOfSlot.data[field] as number)
      if (this.fieldOffset.data[field] === offset) return field;
    return -1;
  }

  /** Fields of a slot: the first, then each next one; -1 ends. */
  firstField(slot: number): number { return this.firstOfSlot[slot] as number; }
  nextField(field: number): number { return this.nextOfSlot.data[field] as number; }

  private keep(slotPlusOne: number): void {
    if (slotPlusOne > 0) this.keptInMemory[slotPlusOne - 1] = 1;
  }

  private instruction(f: IrFunction, v: Value): void {
    const root = this.rootSlot;
    const op = f.opOf(v);
    const a = f.a[v] as number;
    const b = f.b[v] as number;
    switch (op) {
      case Op["ptr.add"]: {
        if (root[a] === 0) return;
        const fits = f.isConst(b as Value) && f.b[b] === (f.a[b] as number) >> 31;
        if (!fits) return this.keep(root[a] as number);
        root[v] = root[a] as number;
        this.rootOffset[v] = (this.rootOffset[a] as number) + (f.a[b] as number);
        return;
      }
      case Op.load:
        if (root[a] !== 0) this.access(f, v, root[a] as number, (this.rootOffset[a] as number) + b, f.typeOf(v));
        return;
      case Op.store:
        if (root[a] !== 0) {
          this.keep(root[a] as number);
          if (root[b] !== 0) this.storesAddresses = true;
        }
        if (root[b] !== 0) this.access(f, v, root[b] as number, (this.rootOffset[b] as number) + (f.c[v] as number), f.typeOf(a as Value));
        return;
      case Op.copy:
      case Op.move:
      case Op.fill: {
        const c = f.arg2(v);
        const from = op === Op.fill ? 0 : (root[b] as number);
        const to = root[a] as number;
        if (from === 0 && to === 0) return;
        const size = f.a[c] as number;
        const known = f.isConst(c) && f.b[c] === 0 && size >= 0 && (op !== Op.fill || f.isConst(b as Value));
        // Within one slot: from some of its fields to others.
        if (known && (from !== to || Math.abs((this.rootOffset[a] as number) - (this.rootOffset[b] as number)) >= size)) return this.transfers.push(v);
        this.keep(to);
        this.keep(from);
        return;
      }
      default: this.keepOperands(f, v, op, root);
    }
  }

  /** Whatever else is done with an address, its slot stays in memory. */
  private keepOperands(f: IrFunction, v: Value, op: Op, root: Int32Array): void {
    const operands = opValueOperands[op] as number;
    if ((operands & 1) !== 0) this.keep(root[f.a[v] as number] as number);
    if ((operands & 2) !== 0) this.keep(root[f.b[v] as number] as number);
    if ((operands & 4) !== 0) this.keep(root[f.c[v] as number] as number);
    const which = opListOperand[op] as number;
    if (which !== 0) {
      const list = (which === 1 ? f.a[v] : which === 2 ? f.b[v] : f.c[v]) as number;
      if (list !== 0) for (let i = list + 1, end = i + (f.pool[list] as number); i < end; i++) this.keep(root[f.pool[i] as number] as number);
    }
    if (op !== Op.jump && op !== Op.branch && op !== Op.switch) return;
    const block = f.block[v] as Block;
    for (let s = 0, n = f.successorCount(block); s < n; s++) {
      const edge = f.successor(block, s);
      const from = f.edgeArgs[edge] as number;
      for (let i = from, end = from + (f.edgeArgCount[edge] as number); i < end; i++) this.keep(root[f.pool[i] as number] as number);
    }
  }

  private access(f: IrFunction, v: Value, slotPlusOne: number, offset: number, type: Type): void {
    if (((f.flags[v] as number) & ValueFlag.volatile) !== 0 || type === Type.v256) this.keep(slotPlusOne);
    else this.addField(slotPlusOne - 1, offset, type);
  }

  /** Notes a field; one that crosses another, or lies outside, keeps the slot in memory. Gives whether it is new. */
  private addField(slot: number, offset: number, type: Type): boolean {
    const f = this.f as IrFunction;
    if (this.keptInMemory[slot] !== 0) return false;
    const end = offset + (typeSize[type] as number);
    for (let field = this.firstOfSlot[slot] as number; field >= 0; field = this.nextOfSlot.data[field] as number) {
      const from = this.fieldOffset.data[field] as number;
      const to = from + (typeSize[this.fieldType.data[field] as number] as number);
      if (from === offset && to === end) return false;
      if (from < end && offset < to) {
        this.keptInMemory[slot] = 1;
        return false;
      }
    }
    if (offset < 0 || end > (f.slotSize[slot] as number) || this.countOfSlot[slot] === fieldLimit) {
      this.keptInMemory[slot] = 1;
      return false;
    }
    this.countOfSlot[slot] = (this.countOfSlot[slot] as number) + 1;
    this.fieldSlot.push(slot);
    this.fieldOffset.push(offset);
    this.fieldType.push(type);
    this.nextOfSlot.push(this.firstOfSlot[slot] as number);
    this.firstOfSlot[slot] = this.fieldCount++;
    return true;
  }

  /** Copies make the fields of one side fields of the other; what is copied out to memory must be covered by fields. Until nothing changes. */
  private settle(): void {
    const f = this.f as IrFunction;
    const { transfers } = this;
    for (let changed = transfers.length > 0; changed; ) {
      changed = false;
      const keptBefore = this.keptCount();
      for (let i = 0; i < transfers.length; i++) {
        const v = transfers.data[i] as Value;
        const a = f.arg0(v);
        const b = f.arg1(v);
        const size = f.a[f.arg2(v)] as number;
        const to = this.slotOf(a);
        const from = f.op[v] === Op.fill ? -1 : this.slotOf(b);
        const toOffset = this.offsetOf(a);
        const fromOffset = this.offsetOf(b);
        if (to >= 0) changed = this.inside(to, toOffset, size) || changed;
        if (from >= 0) changed = this.inside(from, fromOffset, size) || changed;
        if (to >= 0 && from >= 0) {
          changed = this.mirror(to, toOffset, from, fromOffset, size) || changed;
          changed = this.mirror(from, fromOffset, to, toOffset, size) || changed;
        } else if (from >= 0) changed = this.cover(from, fromOffset, size) || changed;
      }
      if (this.keptCount() !== keptBefore) changed = true;
    }
  }

  private keptCount(): number {
    const f = this.f as IrFunction;
    let count = 0;
    for (let slot = 0; slot < f.slotCount; slot++) count += this.keptInMemory[slot] as number;
    return count;
  }

  /** A field must lie wholly inside of what is copied, or wholly outside. */
  private inside(slot: number, offset: number, size: number): boolean {
    for (let field = this.firstOfSlot[slot] as number; field >= 0; field = this.nextOfSlot.data[field] as number) {
      const from = this.fieldOffset.data[field] as number;
      const to = from + (typeSize[this.fieldType.data[field] as number] as number);
      if (to <= offset || from >= offset + size || (from >= offset && to <= offset + size)) continue;
      this.keptInMemory[slot] = 1;
      return true;
    }
    return false;
  }

  private mirror(of: number, ofOffset: number, on: number, onOffset: number, size: number): boolean {
    let changed = false;
    for (let field = this.firstOfSlot[of] as number; field >= 0; field = this.nextOfSlot.data[field] as number) {
      const offset = (this.fieldOffset.data[field] as number) - ofOffset;
      if (offset >= 0 && offset < size) changed = this.addField(on, onOffset + offset, this.fieldType.data[field] as Type) || changed;
    }
    return changed;
  }

  /** Fields for the bytes of a range that belong to none yet. */
  private cover(slot: number, offset: number, size: number): boolean {
    let changed = false;
    for (let at = offset; at < offset + size && this.keptInMemory[slot] === 0; ) {
      let next = offset + size;
      let inside = -1;
      for (let field = this.firstOfSlot[slot] as number; field >= 0; field = this.nextOfSlot.data[field] as number) {
        const from = this.fieldOffset.data[field] as number;
        const to = from + (typeSize[this.fieldType.data[field] as number] as number);
        if (from <= at && at < to) inside = to;
        else if (from > at && from < next) next = from;
      }
      if (inside >= 0) {
        at = inside;
        continue;
      }
      const type = at % 8 === 0 && at + 8 <= next ? Type.i64 : at % 4 === 0 && at + 4 <= next ? Type.i32 : at % 2 === 0 && at + 2 <= next ? Type.i16 : Type.i8;
      changed = this.addField(slot, at, type) || changed;
      at += typeSize[type] as number;
    }
    return changed;
  }
}
