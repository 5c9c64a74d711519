/**
 * Assigns registers to live intervals in one walk over their starts, splitting them where that keeps values in registers where they are
 * used most (after Wimmer and Franz, "Linear Scan Register Allocation on SSA Form", 2010). An interval that finds no register for its whole
 * life gets one for its first part; if there is none at all, the interval whose next use is farthest away goes to the stack, from a
 * place outside of loops if it can be, and before a loop that it only passes through.
 *
 * Cost: each interval looks at the intervals that are alive at its start, and at the calls within it.
 */

import { IntervalHeap } from "./intervalHeap.ts";
import { SplitPlaces } from "./splitPlaces.ts";
import type { Intervals } from "./intervals.ts";
import { NEVER, ON_STACK, POSITIONS, UNPLACED } from "./intervals.ts";
import type { MachineFunction } from "./machine.ts";
import { maskOf, type RegisterFile } from "./registerFile.ts";
import { grown } from "../ir/grown.ts";

/** What is sorted by start is start × NUMBERS + number. */
const NUMBERS = 2 ** 21;

export class LinearScan {
  /** Registers that were given out. */
  usedMask = 0;

  private readonly file: RegisterFile;
  private readonly classMask: readonly number[];
  private mf: MachineFunction;
  private readonly intervals: Intervals;
  private readonly freeUntil = new Int32Array(64);
  private readonly nextUse = new Int32Array(64);
  /** By class: intervals that cover the position, and those that are in a hole there. */
  private readonly active = [new Int32Array(256), new Int32Array(256)];
  private readonly activeCount = [0, 0];
  private inactive = [new Int32Array(256), new Int32Array(256)];
  private readonly inactiveCount = [0, 0];
  /** By interval: the range at or after the position. */
  private cursor = new Int32Array(256);
  /** Intervals made by splitting that are still to be placed. */
  private readonly split: IntervalHeap;
  private sorted = new Float64Array(256);
  /** Reserved ranges and clobbers that lie before the position are passed over. */
  private readonly reservedCursor = new Int32Array(64);
  private clobberCursor = 0;
  private readonly places: SplitPlaces;
  /** Of the interval at hand: see `findHints`. */
  private firstHint = -1;
  private secondHint = -1;
  /** Within `advance`: intervals that a hole has come to. */
  private sleeping = new Int32Array(256);
  /** Position where the frame is made, if later than at the entry. */
  private frameStart = 0;

  constructor(mf: MachineFunction, intervals: Intervals, file: RegisterFile) {
    this.mf = mf;
    this.intervals = intervals;
    this.split = new IntervalHeap(intervals);
    this.places = new SplitPlaces(mf, intervals);
    this.file = file;
    this.classMask = file.allocatable.map(maskOf);
  }

  /** Gives each interval of `mf` a register or the stack; what was split is in `intervals` afterwards. */
  run(mf: MachineFunction): void {
    this.mf = mf;
    const { intervals } = this;
    this.usedMask = 0;
    this.activeCount[0] = this.activeCount[1] = this.inactiveCount[0] = this.inactiveCount[1] = 0;
    this.split.count = 0;
    this.reservedCursor.set(intervals.reserved);
    this.clobberCursor = intervals.clobberCount - 1;
    if (intervals.register.length > this.cursor.length) this.cursor = new Int32Array(intervals.register.length);
    this.places.find(mf);
    this.frameStart = mf.blockStart[mf.frameBlock] * POSITIONS;
    const count = this.sortStarts();
    let at = 0;
    for (;;) {
      let current: number;
      const next = at < count ? this.sorted[at] : Infinity;
      const nextStart = Math.floor(next / NUMBERS);
      if (this.split.count > 0 && this.split.firstStart <= nextStart) current = this.split.pop();
      else if (at < count) {
        current = next - nextStart * NUMBERS;
        at++;
      } else break;
      this.place(current);
    }
  }

  /** Initial intervals by start: as floats, which sort natively. */
  private sortStarts(): number {
    const { intervals, mf } = this;
    if (mf.registerCount >= NUMBERS) throw new Error("codegen/linearScan.sortStarts: more than two million virtual registers in a function");
    if (mf.registerCount > this.sorted.length) this.sorted = new Float64Array(mf.registerCount * 2);
    let count = 0;
    for (let v = 1; v < mf.registerCount; v++) {
      if (intervals.firstRange[v] !== 0) this.sorted[count++] = intervals.start(v) * NUMBERS + v;
    }
    this.sorted.subarray(0, count).sort();
    return count;
  }

  private place(current: number): void {
    const { intervals } = this;
    const position = intervals.start(current);
    const registerClass = this.mf.registerClass[intervals.register[current]];
    this.advance(position, registerClass);
    if (intervals.place[current] !== UNPLACED) return;
    if (this.takeFree(current, position, registerClass)) return;
    this.takeBlocked(current, position, registerClass);
  }

  // ── the sets ──

  /** Brings the sets of a class up to the position: what ended leaves them, and holes begin and end. */
  private advance(position: number, registerClass: number): void {
    const { intervals, cursor } = this;
    const { rangeFrom, rangeTo, rangeNext } = intervals;
    let active = this.active[registerClass];
    const inactive = this.inactive[registerClass];
    let kept = 0;
    const woken = this.inactiveCount[registerClass];
    let stillInactive = 0;
    const count = this.activeCount[registerClass];
    let sleepers = 0;
    for (let i = 0; i < count; i++) {
      const interval = active[i];
      let range = cursor[interval];
      while (range !== 0 && rangeTo[range] <= position) range = rangeNext[range];
      cursor[interval] = range;
      if (range === 0) continue;
      if (rangeFrom[range] <= position) active[kept++] = interval;
      else this.sleeping[sleepers++] = interval;
    }
    for (let i = 0; i < woken; i++) {
      const interval = inactive[i];
      let range = cursor[interval];
      while (range !== 0 && rangeTo[range] <= position) range = rangeNext[range];
      cursor[interval] = range;
      if (range === 0) continue;
      if (rangeFrom[range] > position) inactive[stillInactive++] = interval;
      else {
        if (kept === active.length) active = this.active[registerClass] = grown(active);
        active[kept++] = interval;
      }
    }
    this.activeCount[registerClass] = kept;
    this.inactiveCount[registerClass] = stillInactive;
    for (let i = 0; i < sleepers; i++) this.addInactive(this.sleeping[i], registerClass);
  }

  private addInactive(interval: number, registerClass: number): void {
    let list = this.inactive[registerClass];
    if (this.inactiveCount[registerClass] === list.length) list = this.inactive[registerClass] = grown(list);
    list[this.inactiveCount[registerClass]++] = interval;
    if (this.sleeping.length < list.length) this.sleeping = new Int32Array(list.length);
  }

  private activate(interval: number, register: number, registerClass: number): void {
    this.intervals.place[interval] = register;
    if (register < 32) this.usedMask |= 1 << register;
    let list = this.active[registerClass];
    if (this.activeCount[registerClass] === list.length) list = this.active[registerClass] = grown(list);
    list[this.activeCount[registerClass]++] = interval;
    if (this.sleeping.length < list.length) this.sleeping = new Int32Array(list.length);
    this.setCursor(interval);
  }

  private setCursor(interval: number): void {
    if (interval >= this.cursor.length) {
      const larger = new Int32Array(this.intervals.register.length * 2);
      larger.set(this.cursor);
      this.cursor = larger;
    }
    this.cursor[interval] = this.intervals.firstRange[interval];
  }

  // ── a free register ──

  /** Lowers `limits` to the first positions at which the target's reservations and clobbers meet the interval. */
  private limitByFixed(limits: Int32Array, current: number, position: number, registerClass: number): void {
    const { intervals, file, reservedCursor } = this;
    const { rangeFrom, rangeTo, rangeNext } = intervals;
    const first = intervals.firstRange[current];
    const end = intervals.end[current];
    const registers = file.allocatable[registerClass];
    for (let i = 0; i < registers.length; i++) {
      const register = registers[i];
      let range = reservedCursor[register];
      if (range === 0 || limits[register] === 0) continue;
      while (range !== 0 && rangeTo[range] <= position) range = rangeNext[range];
      reservedCursor[register] = range;
      if (range === 0 || rangeFrom[range] >= end) continue;
      const meets = intervals.intersection(first, range);
      if (meets < limits[register]) limits[register] = meets;
    }
    const { clobberPosition, clobberKind } = intervals;
    const clobbers = file.clobbers[registerClass] as readonly number[];
    const base = file.maskBase[registerClass] as number;
    let at = this.clobberCursor;
    while (at >= 0 && clobberPosition[at] < position) at--;
    this.clobberCursor = at;
    const all = this.classMask[registerClass];
    let seen = 0;
    let range = first;
    for (; at >= 0; at--) {
      const where = clobberPosition[at];
      if (where >= end) break;
      while (rangeTo[range] <= where) range = rangeNext[range];
      if (rangeFrom[range] > where) continue;
      const mask = clobbers[clobberKind[at]] & all & ~seen;
      if (mask === 0) continue;
      seen |= mask;
      for (let bits = mask; bits !== 0; bits &= bits - 1) {
        const register = base + 31 - Math.clz32(bits & -bits);
        if (where < limits[register]) limits[register] = where;
      }
      if ((all & ~seen & ~(file.calleeSaved[registerClass] as number)) === 0) break;
    }
  }

  /** Gives the interval a register that is free for its life, or for the first part of it. False if none is of use. */
  private takeFree(current: number, position: number, registerClass: number): boolean {
    const { intervals, freeUntil, file } = this;
    const registers = file.allocatable[registerClass];
    const calleeSaved = file.calleeSaved[registerClass] as number;
    for (let i = 0; i < registers.length; i++) freeUntil[registers[i]] = NEVER;
    const active = this.active[registerClass];
    for (let i = 0; i < this.activeCount[registerClass]; i++) freeUntil[intervals.place[active[i]]] = 0;
    const inactive = this.inactive[registerClass];
    const first = intervals.firstRange[current];
    const end = intervals.end[current];
    for (let i = 0; i < this.inactiveCount[registerClass]; i++) {
      const other = inactive[i];
      const register = intervals.place[other];
      if (freeUntil[register] === 0 || intervals.rangeFrom[this.cursor[other]] >= end) continue;
      const meets = intervals.intersection(first, this.cursor[other]);
      if (meets < freeUntil[register]) freeUntil[register] = meets;
    }
    this.limitByFixed(freeUntil, current, position, registerClass);

    this.findHints(current);
    const mask = this.classMask[registerClass];
    const second = this.secondHint;
    let hint = this.firstHint;
    if ((hint < 0 || freeUntil[hint] < end) && second >= 0 && freeUntil[second] >= end) hint = second;
    let chosen = -1;
    if (hint >= 0 && freeUntil[hint] >= end && ((mask >>> hint) & 1) === 1) chosen = hint;
    else {
      let longest = -1;
      for (let i = 0; i < registers.length; i++) {
        const register = registers[i];
        const until = freeUntil[register];
        if (until >= end) {
          // A register that must be saved costs a push and a pop, unless it is in use already.
          if (((calleeSaved & ~this.usedMask) >>> register) & 1) {
            if (chosen < 0) chosen = register;
            continue;
          }
          chosen = register;
          break;
        }
        if (longest < 0 || until > freeUntil[longest]) longest = register;
      }
      if (chosen >= 0 && this.frameStart > position && ((calleeSaved >>> chosen) & 1) === 1) {
        // Where the frame is made later than at the entry, no register may be used before that needs it.
        const early = this.freeBeforeFrame(current, hint, registers, end, calleeSaved);
        if (early >= 0) {
          this.split.push(intervals.split(current, this.frameStart));
          chosen = early;
        }
      }
      if (chosen < 0) {
        if (hint >= 0 && ((mask >>> hint) & 1) === 1 && freeUntil[hint] >= freeUntil[longest]) longest = hint;
        const limit = freeUntil[longest];
        const split = this.places.best(position, limit);
        // The part before the split must be of use, or the register is taken for nothing.
        if (split <= position || intervals.nextUse(current, position, 0) >= split) return false;
        if (this.places.isWithinLoop(position, split) && this.takeFromPassing(current, position, registerClass)) return true;
        this.split.push(intervals.split(current, split));
        chosen = longest;
      }
    }
    this.activate(current, chosen, registerClass);
    return true;
  }

  /** Gives the interval a register for its whole life whose holder only passes through the loop: that one goes to the stack before it. */
  private takeFromPassing(current: number, position: number, registerClass: number): boolean {
    const { intervals, nextUse: limits, file } = this;
    const base = position - (position % POSITIONS);
    const end = intervals.end[current];
    for (const register of file.allocatable[registerClass]) limits[register] = NEVER;
    this.limitByFixed(limits, current, position, registerClass);
    const inactive = this.inactive[registerClass];
    for (let i = 0; i < this.inactiveCount[registerClass]; i++) {
      if (intervals.intersection(intervals.firstRange[current], this.cursor[inactive[i]]) !== NEVER) limits[intervals.place[inactive[i]]] = 0;
    }
    const active = this.active[registerClass];
    let best = -1;
    let longest = 0;
    for (let i = 0; i < this.activeCount[registerClass]; i++) {
      const other = active[i];
      const register = intervals.place[other];
      if (limits[register] < end || this.places.passedLoop(other, base) < 0) continue;
      const use = intervals.nextUse(other, base, 0);
      if (use > longest) [best, longest] = [register, use];
    }
    if (best < 0) return false;
    this.evict(best, base, current, registerClass);
    this.activate(current, best, registerClass);
    return true;
  }

  /** A register that needs no saving and is free up to the block where the frame is made; the hint if it can be. */
  private freeBeforeFrame(current: number, hint: number, registers: readonly number[], end: number, calleeSaved: number): number {
    const { freeUntil, frameStart } = this;
    if (end <= frameStart || !this.intervals.covers(current, frameStart)) return -1;
    if (hint >= 0 && freeUntil[hint] >= frameStart && ((calleeSaved >>> hint) & 1) === 0) return hint;
    for (const register of registers) if (freeUntil[register] >= frameStart && ((calleeSaved >>> register) & 1) === 0) return register;
    return -1;
  }

  /** The register that saves the most copies, and a second choice, both or one of them -1. */
  private findHints(current: number): void {
    const { intervals } = this;
    const register = intervals.register[current];
    const fixed = intervals.hintPlace[register];
    let joined = -1;
    let other = intervals.hintOther[register];
    for (let step = 0; step < 3 && other !== 0 && joined < 0; step++) {
      const place = intervals.place[other];
      if (place !== UNPLACED && place !== ON_STACK) joined = place;
      else if (intervals.hintPlace[other] >= 0) joined = intervals.hintPlace[other];
      other = intervals.hintOther[other];
    }
    const joinedFirst = joined >= 0 && (fixed < 0 || current !== register || intervals.hintOtherDepth[register] > intervals.hintPlaceDepth[register]);
    this.firstHint = joinedFirst ? joined : fixed;
    this.secondHint = joinedFirst ? fixed : joined;
  }

  // ── a register that is taken from another, or the stack ──

  /** Gives the interval the register whose holder is used last, or the stack if it is used later itself. */
  private takeBlocked(current: number, position: number, registerClass: number): void {
    const { intervals, nextUse, freeUntil: blockedAt, file } = this;
    const registers = file.allocatable[registerClass];
    const base = position - (position % POSITIONS);
    for (let i = 0; i < registers.length; i++) {
      nextUse[registers[i]] = NEVER;
      blockedAt[registers[i]] = NEVER;
    }
    const active = this.active[registerClass];
    for (let i = 0; i < this.activeCount[registerClass]; i++) {
      const other = active[i];
      // What this very instruction makes cannot be put away before it; what begins in the gap before it, a parameter, can.
      const use = intervals.start(other) > base ? base : intervals.nextUse(other, base, 0);
      nextUse[intervals.place[other]] = Math.min(nextUse[intervals.place[other]], use);
    }
    const inactive = this.inactive[registerClass];
    for (let i = 0; i < this.inactiveCount[registerClass]; i++) {
      const other = inactive[i];
      if (intervals.intersection(intervals.firstRange[current], this.cursor[other]) === NEVER) continue;
      nextUse[intervals.place[other]] = Math.min(nextUse[intervals.place[other]], intervals.nextUse(other, base, 0));
    }
    this.limitByFixed(blockedAt, current, position, registerClass);
    const firstUse = this.wantedUse(current, position);
    let best = -1;
    for (let i = 0; i < registers.length; i++) {
      const register = registers[i];
      if (blockedAt[register] <= position || blockedAt[register] - (blockedAt[register] % POSITIONS) <= position && blockedAt[register] < intervals.end[current]) continue;
      const use = Math.min(nextUse[register], blockedAt[register]);
      if (best < 0 || use > Math.min(nextUse[best], blockedAt[best])) best = register;
    }
    if (best < 0 || firstUse > Math.min(nextUse[best], blockedAt[best]) || nextUse[best] <= base) {
      if (intervals.nextUse(current, position, 1) < base + POSITIONS) {
        throw new Error(`codegen/linearScan.takeBlocked: instruction ${base / POSITIONS} needs more registers than there are`);
      }
      this.toStack(current, position);
      return;
    }
    if (blockedAt[best] < intervals.end[current]) this.split.push(intervals.split(current, this.places.best(position, blockedAt[best])));
    this.evict(best, base, current, registerClass);
    this.activate(current, best, registerClass);
  }

  /** The interval goes to the stack from its start up to shortly before it is wanted in a register again. */
  private toStack(current: number, position: number): void {
    const { intervals } = this;
    intervals.place[current] = ON_STACK;
    // Not for the instruction at hand: there was no register for it.
    const use = this.wantedUse(current, position - (position % POSITIONS) + POSITIONS);
    if (use === NEVER) return;
    const split = this.places.best(position, use);
    if (split <= position) throw new Error(`codegen/linearScan.toStack: no gap between ${position} and the use at ${use}`);
    this.split.push(intervals.split(current, split));
  }

  /** The next use at or after `position` for which a register is wanted: one that must have it, or the first of several that might do without. */
  private wantedUse(interval: number, position: number): number {
    const { usePosition, useKind, useNext, useOperand, firstUse } = this.intervals;
    let first = NEVER;
    for (let use = firstUse[interval]; use !== 0; use = useNext[use]) {
      if (usePosition[use] < position || useOperand[use] < 0) continue;
      if (first !== NEVER) return first;
      if (useKind[use] === 1) return usePosition[use];
      first = usePosition[use];
    }
    return NEVER;
  }

  /** Puts away who holds `register` from `base` on and meets `current`. */
  private evict(register: number, base: number, current: number, registerClass: number): void {
    const { intervals } = this;
    const active = this.active[registerClass];
    for (let i = 0; i < this.activeCount[registerClass]; i++) {
      const other = active[i];
      if (intervals.place[other] !== register) continue;
      const passed = this.places.passedLoop(other, base);
      const rest = intervals.start(other) === base ? other : intervals.split(other, passed < 0 ? base : passed);
      this.cursor[other] = 0;
      active[i] = active[--this.activeCount[registerClass]];
      this.setCursor(rest);
      this.toStack(rest, intervals.start(rest));
      i--;
    }
    const inactive = this.inactive[registerClass];
    for (let i = 0; i < this.inactiveCount[registerClass]; i++) {
      const other = inactive[i];
      if (intervals.place[other] !== register || intervals.intersection(intervals.firstRange[current], this.cursor[other]) === NEVER) continue;
      // It is in a hole here: what follows looks for a place anew.
      const rest = intervals.split(other, base);
      this.cursor[other] = 0;
      inactive[i] = inactive[--this.inactiveCount[registerClass]];
      this.split.push(rest);
      i--;
    }
  }
}
