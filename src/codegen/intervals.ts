/**
 * Live intervals of virtual registers: lists of ranges with holes, and the places where they are read and written, by position.
 *
 * Instruction n occupies positions 8n to 8n + 7: 8n a gap where intervals may be split · 8n + 1 copies into fixed and tied registers read their
 * sources · 8n + 2 inputs are read, early results begin · 8n + 3 clobbered registers lose their contents · 8n + 4 results begin ·
 * 8n + 5 copies out of fixed registers · 8n + 6 their results begin. Ranges are half open.
 */

import { Constraint, Role, constraintOf, detailOf, roleOf } from "./machine.ts";
import type { MachineFunction } from "./machine.ts";
import type { Liveness } from "./liveness.ts";
import { grown } from "../ir/grown.ts";

export const POSITIONS = 8;

/** Not decided yet; somewhere on the stack (the slot is chosen at the end). */
export const UNPLACED = -1;
export const ON_STACK = 63;

/** A position behind all others. */
export const NEVER = 0x7fffffff;

export class Intervals {
  /** Interval v is the first of virtual register v; those that splitting makes follow. */
  count = 0;
  register = new Int32Array(256);
  firstRange = new Int32Array(256);
  /** End of the last range. */
  end = new Int32Array(256);
  place = new Int8Array(256);
  /** The next part of the same register, 0 for none. */
  nextPart = new Int32Array(256);
  firstUse = new Int32Array(256);

  rangeCount = 1;
  rangeFrom = new Int32Array(512);
  rangeTo = new Int32Array(512);
  rangeNext = new Int32Array(512);

  useCount = 1;
  usePosition = new Int32Array(512);
  /** Index of the operand, −1 where a value only passes: as an argument of an edge, or round a loop in which it is used. */
  useOperand = new Int32Array(512);
  /** 1: must be in a register. */
  useKind = new Uint8Array(512);
  useNext = new Int32Array(512);

  /** By virtual register: a machine register that it should get, or -1; another register whose place it should share, or 0. */
  hintPlace = new Int8Array(256);
  hintOther = new Int32Array(256);
  /** Loop depth of the copy that each hint would save. */
  hintPlaceDepth = new Uint8Array(256);
  hintOtherDepth = new Uint8Array(256);
  private depth = 0;

  /** By virtual register: the part that `partAt` found last. */
  private lastPart = new Int32Array(256);

  /** By block: the last block with an edge back to it that is not cold, −1 if there is none. */
  loopEnd = new Int32Array(64);

  /** Reserved ranges by machine register, ascending, in the same pool as ranges. */
  readonly reserved = new Int32Array(64);
  /** Positions where a set of registers loses its contents, and which; written from the end of the columns backwards. */
  clobberPosition = new Int32Array(64);
  clobberKind = new Int32Array(64);
  clobberCount = 0;

  /** Makes an interval for each virtual register of `mf`, walking the code backwards. */
  build(mf: MachineFunction, live: Liveness): void {
    this.reset(mf.registerCount);
    if (mf.blockCount > this.loopEnd.length) this.loopEnd = new Int32Array(mf.blockCount * 2);
    const { order, blockStart, operandStart, operandLength, operandRegister, operandInfo, clobbers } = mf;
    for (let block = mf.blockCount - 1; block >= 0; block--) {
      const from = blockStart[block] * POSITIONS;
      const to = blockStart[block + 1] * POSITIONS;
      this.depth = mf.loopDepth[block];
      this.addLiveOut(live, block, from, to);
      for (let edge = mf.firstEdge[block]; edge < mf.firstEdge[block + 1]; edge++) {
        const target = mf.edgeTarget[edge];
        let param = mf.paramStart[target];
        for (let i = mf.edgeArgStart[edge]; i < mf.edgeArgStart[edge + 1]; i++, param++) {
          const register = mf.args[i];
          if (register <= 0) continue;
          this.addRange(register, from, to);
          this.addUsePosition(register, to - 1, -1, 0);
          this.hint(register, mf.params[param]);
          if (target > block) {
            this.hintOther[mf.params[param]] = register;
            this.hintOtherDepth[mf.params[param]] = this.depth;
          }
        }
      }
      for (let n = blockStart[block + 1] - 1; n >= blockStart[block]; n--) {
        const instruction = order[n];
        const base = n * POSITIONS;
        const first = operandStart[instruction];
        const last = first + operandLength[instruction];
        for (let i = first; i < last; i++) {
          const info = operandInfo[i];
          const role = roleOf(info);
          if (role >= Role.def) this.addDefinition(operandRegister[i], role, info, i, base, operandRegister[first + detailOf(info)]);
        }
        for (let i = first; i < last; i++) {
          const info = operandInfo[i];
          const role = roleOf(info);
          if (role < Role.def) this.addUse(operandRegister[i], role, info, i, base, from);
        }
        if (clobbers[instruction] !== 0) this.addClobber(base + 3, clobbers[instruction]);
      }
      const loopEnd = this.lastBackEdge(mf, live, block, false);
      this.loopEnd[block] = loopEnd < 0 ? -1 : this.lastBackEdge(mf, live, block, true);
      if (loopEnd >= 0) this.useRoundLoop(live, block, blockStart[loopEnd + 1] * POSITIONS - 1);
      for (let i = mf.paramStart[block], end = i + mf.paramCount[block]; i < end; i++) {
        const param = mf.params[i];
        if (this.firstRange[param] === 0) this.addRange(param, from, from + 1);
      }
    }
  }

  private reset(registers: number): void {
    if (registers > this.register.length) this.growIntervals(registers);
    this.count = registers;
    this.firstRange.fill(0, 0, registers);
    this.nextPart.fill(0, 0, registers);
    this.firstUse.fill(0, 0, registers);
    this.lastPart.fill(0, 0, registers);
    this.place.fill(UNPLACED, 0, registers);
    this.hintPlace.fill(-1, 0, registers);
    this.hintOther.fill(0, 0, registers);
    for (let i = 0; i < registers; i++) this.register[i] = i;
    this.rangeCount = 1;
    this.useCount = 1;
    this.clobberCount = 0;
    this.reserved.fill(0);
  }

  private addLiveOut(live: Liveness, block: number, from: number, to: number): void {
    const { words, liveOut, globals } = live;
    for (let w = 0; w < words; w++) {
      for (let bits = liveOut[block * words + w]; bits !== 0; bits &= bits - 1) {
        this.addRange(globals[(w << 5) + 31 - Math.clz32(bits & -bits)], from, to);
      }
    }
  }

  /** The last block with an edge back to this one, -1 if there is none. `often`: cold ones do not count. */
  private lastBackEdge(mf: MachineFunction, live: Liveness, block: number, often: boolean): number {
    let last = -1;
    for (let link = live.firstIncoming[block]; link !== 0; link = live.nextIncoming[link - 1]) {
      const source = mf.edgeSource[link - 1];
      if (source >= block && source > last && !(often && mf.cold[source] === 1)) last = source;
    }
    return last;
  }

  /** What lives into a loop and is used in it is used again when the loop comes round: its end counts as a use. */
  private useRoundLoop(live: Liveness, block: number, end: number): void {
    const { words, liveIn, globals } = live;
    for (let w = 0; w < words; w++) {
      for (let bits = liveIn[block * words + w]; bits !== 0; bits &= bits - 1) {
        const register = globals[(w << 5) + 31 - Math.clz32(bits & -bits)];
        const first = this.firstUse[register];
        if (first === 0 || this.usePosition[first] >= end) continue;
        this.addUsePosition(register, end, -1, 0);
        // It came to the head of the list: move it behind the uses before it.
        const added = this.firstUse[register];
        this.firstUse[register] = first;
        let before = first;
        while (this.useNext[before] !== 0 && this.usePosition[this.useNext[before]] < end) before = this.useNext[before];
        this.useNext[added] = this.useNext[before];
        this.useNext[before] = added;
      }
    }
  }

  /** Adds a range to an interval. Ranges come from the end of the code to its beginning. */
  addRange(interval: number, from: number, to: number): void {
    const first = this.firstRange[interval];
    if (first === 0) {
      this.end[interval] = to;
      this.firstRange[interval] = this.newRange(from, to, 0);
    } else if (this.rangeFrom[first] <= to) {
      if (from < this.rangeFrom[first]) this.rangeFrom[first] = from;
      if (to > this.rangeTo[first]) {
        this.rangeTo[first] = to;
        if (this.rangeNext[first] === 0) this.end[interval] = to;
      }
    } else this.firstRange[interval] = this.newRange(from, to, first);
  }

  /** A range before `next`, 0 for none. */
  newRange(from: number, to: number, next: number): number {
    const range = this.rangeCount++;
    if (range === this.rangeFrom.length) {
      this.rangeFrom = grown(this.rangeFrom);
      this.rangeTo = grown(this.rangeTo);
      this.rangeNext = grown(this.rangeNext);
    }
    this.rangeFrom[range] = from;
    this.rangeTo[range] = to;
    this.rangeNext[range] = next;
    return range;
  }

  private addUsePosition(interval: number, position: number, operand: number, kind: number): void {
    const use = this.useCount++;
    if (use === this.usePosition.length) {
      this.usePosition = grown(this.usePosition);
      this.useOperand = grown(this.useOperand);
      this.useNext = grown(this.useNext);
      this.useKind = copied(this.useKind, new Uint8Array(this.useKind.length * 2));
    }
    this.usePosition[use] = position;
    this.useOperand[use] = operand;
    this.useKind[use] = kind;
    this.useNext[use] = this.firstUse[interval];
    this.firstUse[interval] = use;
  }

  private addDefinition(register: number, role: number, info: number, operand: number, base: number, tiedTo: number): void {
    const constraint = constraintOf(info);
    if (constraint === Constraint.fixed) {
      const machine = detailOf(info);
      this.reserve(machine, base + (role === Role.earlyDef ? 2 : 4), base + 6);
      if (register === 0 || this.firstRange[register] === 0) return;
      this.rangeFrom[this.firstRange[register]] = base + 6;
      if (this.hintPlace[register] < 0 || this.hintPlaceDepth[register] <= this.depth) {
        this.hintPlace[register] = machine;
        this.hintPlaceDepth[register] = this.depth;
      }
      this.addUsePosition(register, base + 6, operand, 0);
      return;
    }
    const start = base + (role === Role.earlyDef || constraint === Constraint.same ? 2 : 4);
    if (this.firstRange[register] === 0) this.addRange(register, start, base + 5);
    else this.rangeFrom[this.firstRange[register]] = start;
    this.addUsePosition(register, start, operand, constraint === Constraint.any ? 0 : 1);
    if (constraint === Constraint.same && tiedTo > 0) {
      this.hint(tiedTo, register);
      if (this.hintOther[register] === 0 || this.hintOtherDepth[register] <= this.depth) {
        this.hintOther[register] = tiedTo;
        this.hintOtherDepth[register] = this.depth;
      }
    }
  }

  private addUse(register: number, role: number, info: number, operand: number, base: number, blockFrom: number): void {
    const constraint = constraintOf(info);
    if (constraint === Constraint.fixed) this.reserve(detailOf(info), base + 2, base + 3);
    if (register <= 0) return;
    if (constraint === Constraint.fixed || constraint === Constraint.tied) {
      this.addRange(register, blockFrom, base + 2);
      this.addUsePosition(register, base + 1, operand, 0);
      if (constraint === Constraint.fixed && (this.hintPlace[register] < 0 || this.hintPlaceDepth[register] < this.depth)) {
        this.hintPlace[register] = detailOf(info);
        this.hintPlaceDepth[register] = this.depth;
      }
      return;
    }
    this.addRange(register, blockFrom, base + (role === Role.lateUse ? 5 : 3));
    this.addUsePosition(register, base + 2, operand, constraint === Constraint.any ? 0 : 1);
  }

  /** `register` would share a place with `other`, unless it has a better reason already. */
  private hint(register: number, other: number): void {
    if (this.hintOther[register] !== 0 && this.hintOtherDepth[register] >= this.depth) return;
    this.hintOther[register] = other;
    this.hintOtherDepth[register] = this.depth;
  }

  private reserve(machine: number, from: number, to: number): void {
    this.reserved[machine] = this.newRange(from, to, this.reserved[machine]);
  }

  /** Descending, while intervals are built. */
  private addClobber(position: number, kind: number): void {
    if (this.clobberCount === this.clobberPosition.length) {
      this.clobberPosition = grown(this.clobberPosition);
      this.clobberKind = grown(this.clobberKind);
    }
    this.clobberPosition[this.clobberCount] = position;
    this.clobberKind[this.clobberCount++] = kind;
  }

  /** First position of an interval. */
  start(interval: number): number {
    return this.rangeFrom[this.firstRange[interval]];
  }

  /** First position of a use at or after `position`, of at least the kind; NEVER if there is none. */
  nextUse(interval: number, position: number, kind: number): number {
    for (let use = this.firstUse[interval]; use !== 0; use = this.useNext[use]) {
      if (this.usePosition[use] >= position && this.useKind[use] >= kind) return this.usePosition[use];
    }
    return NEVER;
  }

  /** Cuts an interval in two at `position`, which lies within it; the second part is returned, unplaced. */
  split(interval: number, position: number): number {
    const part = this.count++;
    if (part === this.register.length) this.growIntervals(part + 1);
    this.register[part] = this.register[interval];
    this.place[part] = UNPLACED;
    this.nextPart[part] = this.nextPart[interval];
    this.nextPart[interval] = part;
    this.end[part] = this.end[interval];
    let range = this.firstRange[interval];
    let before = 0;
    while (this.rangeTo[range] <= position) {
      before = range;
      range = this.rangeNext[range];
    }
    if (this.rangeFrom[range] >= position) {
      this.firstRange[part] = range;
      this.rangeNext[before] = 0;
      this.end[interval] = this.rangeTo[before];
    } else {
      this.firstRange[part] = this.newRange(position, this.rangeTo[range], this.rangeNext[range]);
      this.rangeTo[range] = position;
      this.rangeNext[range] = 0;
      this.end[interval] = position;
    }
    let use = this.firstUse[interval];
    let lastKept = 0;
    while (use !== 0 && this.usePosition[use] < position) {
      lastKept = use;
      use = this.useNext[use];
    }
    this.firstUse[part] = use;
    if (lastKept === 0) this.firstUse[interval] = 0;
    else this.useNext[lastKept] = 0;
    return part;
  }

  /** First position that both lists of ranges cover, or NEVER. */
  intersection(rangeA: number, rangeB: number): number {
    const { rangeFrom, rangeTo, rangeNext } = this;
    let a = rangeA;
    let b = rangeB;
    while (a !== 0 && b !== 0) {
      if (rangeTo[a] <= rangeFrom[b]) a = rangeNext[a];
      else if (rangeTo[b] <= rangeFrom[a]) b = rangeNext[b];
      else return Math.max(rangeFrom[a], rangeFrom[b]);
    }
    return NEVER;
  }

  /** Whether the position lies in one of the interval's ranges. */
  covers(interval: number, position: number): boolean {
    for (let range = this.firstRange[interval]; range !== 0; range = this.rangeNext[range]) {
      if (position < this.rangeFrom[range]) return false;
      if (position < this.rangeTo[range]) return true;
    }
    return false;
  }

  /** The part of a virtual register that is live at a position. */
  partAt(register: number, position: number): number {
    // Who asks goes through the code, mostly forwards.
    let part = this.lastPart[register];
    if (part === 0 || this.start(part) > position) part = register;
    while (part !== 0 && this.end[part] <= position) part = this.nextPart[part];
    if (part === 0) throw new Error(`codegen/intervals.partAt: register ${register} is not live at ${position}`);
    this.lastPart[register] = part;
    return part;
  }

  private growIntervals(needed: number): void {
    let capacity = this.register.length;
    while (capacity < needed) capacity *= 2;
    this.register = copied(this.register, new Int32Array(capacity));
    this.firstRange = copied(this.firstRange, new Int32Array(capacity));
    this.end = copied(this.end, new Int32Array(capacity));
    this.nextPart = copied(this.nextPart, new Int32Array(capacity));
    this.firstUse = copied(this.firstUse, new Int32Array(capacity));
    this.hintOther = copied(this.hintOther, new Int32Array(capacity));
    this.lastPart = copied(this.lastPart, new Int32Array(capacity));
    this.hintPlaceDepth = copied(this.hintPlaceDepth, new Uint8Array(capacity));
    this.hintOtherDepth = copied(this.hintOtherDepth, new Uint8Array(capacity));
    this.place = copied(this.place, new Int8Array(capacity));
    this.hintPlace = copied(this.hintPlace, new Int8Array(capacity));
  }
}

/** `to`, which begins as `from` is. */
function copied<Column extends Int32Array | Uint8Array | Int8Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
