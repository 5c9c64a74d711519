/**
 * Which memory contents are known as values at a point of the walk over the dominator tree: what was stored or loaded before and cannot have changed
 * since. A short stack of entries, newest last; a write takes those that it may touch out. At a block where several paths meet, so does each write on
 * the paths from the dominator.
 */

import { IntColumn, IntList } from "../analysis/columns.ts";
import type { MemoryFacts } from "../analysis/memory.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import { ValueFlag, type Block, type IrFunction, type Value } from "../ir/function.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";
import { typeSize, type Type } from "../ir/types.ts";

/** How far back a load looks, and how many blocks of a meeting region are looked at, with how many writes. */
const lookBack = 48;
const regionLimit = 24;
const writeLimit = { ordinary: 3, thorough: 32 } as const;

export class AvailableMemory {
  private readonly facts: MemoryFacts;
  private f: IrFunction | undefined = undefined;
  private flow: ControlFlow | undefined = undefined;
  private readonly pointer = new IntList();
  private readonly root = new IntList();
  private readonly offset = new IntList();
  private readonly size = new IntList();
  private readonly value = new IntList();
  private readonly live = new IntList();
  /** What does not change any more: no write takes it out. */
  private readonly constant = new IntList();
  /** Entries taken out, to be put back when the walk leaves the block that did it. */
  private readonly killed = new IntList();
  private startOf = new Int32Array(0);
  private killedOf = new Int32Array(0);
  /** The first instruction of each block that writes, or 0. */
  private writes = new Int32Array(0);
  private mostWrites = 0;
  private seen = new Int32Array(0);
  private readonly columns = { start: new IntColumn(), killed: new IntColumn(), writes: new IntColumn(), seen: new IntColumn() };
  private readonly work = new IntList();

  constructor(facts: MemoryFacts) {
    this.facts = facts;
  }

  start(f: IrFunction, flow: ControlFlow, thorough: boolean): void {
    this.f = f;
    this.mostWrites = thorough ? writeLimit.thorough : writeLimit.ordinary;
    this.flow = flow;
    this.shorten(0);
    this.killed.clear();
    this.startOf = this.columns.start.zeroed(f.blockCount);
    this.killedOf = this.columns.killed.zeroed(f.blockCount);
    this.writes = this.columns.writes.zeroed(f.blockCount);
    this.seen = this.columns.seen.filled(f.blockCount, -1);
    const { writes } = this;
    const { order, first, next } = f;
    for (let i = 0; i < order.length; i++) {
      let v = first[order[i] as number] as number;
      while (v !== 0 && !isWrite(f, v)) v = next[v] as number;
      writes[order[i] as number] = v;
    }
  }

  enter(block: Block): void {
    const flow = this.flow as ControlFlow;
    this.startOf[block] = this.live.length;
    this.killedOf[block] = this.killed.length;
    if (flow.incomingCount(block) > 1 && this.mayForget() && !this.passRegion(block)) this.forget(true);
  }

  leave(block: Block): void {
    const from = this.killedOf[block] as number;
    while (this.killed.length > from) this.live.data[this.killed.pop()] = 1;
    this.shorten(this.startOf[block] as number);
  }

  /** Forgets all entries but the first `length`. */
  private shorten(length: number): void {
    this.pointer.length = length;
    this.root.length = length;
    this.offset.length = length;
    this.size.length = length;
    this.value.length = length;
    this.live.length = length;
    this.constant.length = length;
  }

  /** The value that a load is known to give, or 0; then the load itself is what others find. */
  load(v: Value): number {
    const f = this.f as IrFunction;
    const pointer = f.arg0(v);
    const offset = f.b[v] as number;
    const type = f.typeOf(v);
    const known = this.find(pointer, offset, type);
    if (known === 0) this.push(pointer, offset, typeSize[type] as number, v, f.flags[v] as number);
    return known;
  }

  /** Whether memory is known to hold the value already that a store writes. */
  holds(v: Value): boolean {
    const f = this.f as IrFunction;
    return this.find(f.arg1(v), f.c[v] as number, f.typeOf(f.arg0(v))) === f.a[v];
  }

  store(v: Value): void {
    const f = this.f as IrFunction;
    const pointer = f.arg1(v);
    const offset = f.c[v] as number;
    const size = typeSize[f.typeOf(f.arg0(v))] as number;
    this.kill(pointer, offset, size);
    if (((f.flags[v] as number) & ValueFlag.volatile) === 0) this.push(pointer, offset, size, f.arg0(v), f.flags[v] as number);
  }

  /** Bytes from a pointer on are written; -1: unknown how many. */
  writeRange(pointer: Value, size: number): void {
    this.kill(pointer, 0, size);
  }

  /** A call: what it may write is not known any more. */
  call(v: Value): void {
    for (let i = this.live.length - 1, end = this.oldest(); i >= end; i--)
      if (this.live.data[i] === 1 && this.constant.data[i] === 0 && this.facts.callMayWrite(v, this.root.data[i] as Value)) this.take(i);
  }

  /** Whatever an instruction may write is not known any more. */
  private write(v: Value): void {
    const f = this.f as IrFunction;
    switch (f.op[v]) {
      case Op.store: return this.kill(f.arg1(v), f.c[v] as number, typeSize[f.typeOf(f.arg0(v))] as number);
      case Op.copy:
      case Op.move:
      case Op.fill: return this.writeRange(f.arg0(v), f.isConst(f.arg2(v)) && f.b[f.arg2(v)] === 0 ? (f.a[f.arg2(v)] as number) : -1);
      case Op.call: return this.call(v);
      default: return this.writeAll();
    }
  }

  /** Anything that others can reach may have changed. */
  writeAll(): void {
    this.forget(false);
  }

  /** Takes out what is not constant; of what nobody else reaches only if asked to. */
  private forget(unseenToo: boolean): void {
    for (let i = this.live.length - 1, end = this.oldest(); i >= end; i--) {
      const root = this.root.data[i] as Value;
      if (this.live.data[i] === 1 && this.constant.data[i] === 0 && !this.facts.isConstant(root) && (unseenToo || !this.facts.isUnseen(root))) this.take(i);
    }
  }

  /** The value that is known to lie there, or 0. */
  find(pointer: Value, offset: number, type: Type): number {
    const f = this.f as IrFunction;
    for (let i = this.live.length - 1, end = this.oldest(); i >= end; i--) {
      if (this.live.data[i] === 1 && this.pointer.data[i] === pointer && this.offset.data[i] === offset && f.type[this.value.data[i] as number] === type) return this.value.data[i] as number;
    }
    return 0;
  }

  /**
   * How far down a load looks. Writes need take out no more: the stack grows until the block is left, and then what the block took out is put back.
   */
  private oldest(): number {
    return Math.max(0, this.live.length - 1 - lookBack);
  }

  private push(pointer: Value, offset: number, size: number, value: Value, flags: number): void {
    this.pointer.push(pointer);
    this.root.push(this.facts.rootOf(pointer));
    this.offset.push(offset);
    this.size.push(size);
    this.value.push(value);
    this.live.push(1);
    this.constant.push(flags & ValueFlag.constantMemory);
  }

  private take(index: number): void {
    this.live.data[index] = 0;
    this.killed.push(index);
  }

  private kill(pointer: Value, offset: number, size: number): void {
    const root = this.facts.rootOf(pointer);
    for (let i = this.live.length - 1, end = this.oldest(); i >= end; i--) {
      if (this.live.data[i] !== 1 || this.constant.data[i] !== 0) continue;
      if (this.pointer.data[i] === pointer && size >= 0) {
        const from = this.offset.data[i] as number;
        if (from + (this.size.data[i] as number) <= offset || from >= offset + size) continue;
      } else if (!this.facts.rootsMayMeet(this.root.data[i] as Value, root) || this.facts.isConstant(this.root.data[i] as Value)) continue;
      this.take(i);
    }
  }

  /** Something is known that a write could change. */
  private mayForget(): boolean {
    for (let i = this.live.length - 1, end = this.oldest(); i >= end; i--)
      if (this.live.data[i] === 1 && this.constant.data[i] === 0 && !this.facts.isConstant(this.root.data[i] as Value)) return true;
    return false;
  }

  /** Takes out what the blocks between the dominator of a meeting point and the meeting point may write; false: too much to look at. Loops lie in their own region. */
  private passRegion(block: Block): boolean {
    const f = this.f as IrFunction;
    const flow = this.flow as ControlFlow;
    const stop = flow.immediateDominator[block] as number;
    const { work } = this;
    work.clear();
    let blocks = 0;
    let writes = 0;
    this.lookBefore(block, stop, block);
    while (work.length > 0) {
      const at = work.pop();
      if (++blocks > regionLimit) return false;
      for (let v = this.writes[at] as Value; v !== 0; v = f.nextOf(v)) {
        if (!isWrite(f, v)) continue;
        if (++writes > this.mostWrites) return false;
        this.write(v);
      }
      this.lookBefore(at, stop, block);
    }
    return true;
  }

  /** The blocks that lead to `at` are to be looked at on the way to `stop`, each once for the meeting point. */
  private lookBefore(at: number, stop: number, meeting: Block): void {
    const { seen, work } = this;
    const { incoming, incomingStart, source } = this.flow as ControlFlow;
    for (let i = incomingStart[at] as number, end = incomingStart[at + 1] as number; i < end; i++) {
      const from = source[incoming[i] as number] as number;
      if (from === stop || seen[from] === meeting) continue;
      seen[from] = meeting;
      work.push(from);
    }
  }
}

function isWrite(f: IrFunction, v: number): boolean {
  return ((opEffects[f.op[v] as number] as number) & (Effect.writes | Effect.calls)) !== 0 && f.op[v] !== Op.trap;
}
