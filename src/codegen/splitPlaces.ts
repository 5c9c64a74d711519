/**
 * Where a live interval is best split: outside of loops if there is such a place, and before a loop that it only passes through.
 * Linear in the instructions; what is asked then goes along the loops around a place, or the uses of one interval.
 */

import { NEVER, POSITIONS, type Intervals } from "./intervals.ts";
import type { MachineFunction } from "./machine.ts";

export class SplitPlaces {
  private mf: MachineFunction;
  private readonly intervals: Intervals;
  /** By instruction in the order: its block. */
  private blockOf = new Int32Array(64);
  /** By block: the head of the innermost loop that it lies in; by such a head: of the next loop around that. −1 for none. */
  private innermost = new Int32Array(64);
  private outer = new Int32Array(64);

  constructor(mf: MachineFunction, intervals: Intervals) {
    this.mf = mf;
    this.intervals = intervals;
  }

  /** Looks at the blocks and loops of `mf`, whose intervals have been made. */
  find(mf: MachineFunction): void {
    this.mf = mf;
    const { intervals } = this;
    if (mf.orderCount > this.blockOf.length) this.blockOf = new Int32Array(mf.orderCount * 2);
    for (let block = 0; block < mf.blockCount; block++) {
      for (let i = mf.blockStart[block], end = mf.blockStart[block + 1]; i < end; i++) this.blockOf[i] = block;
    }
    if (mf.blockCount > this.innermost.length) {
      this.innermost = new Int32Array(mf.blockCount * 2);
      this.outer = new Int32Array(mf.blockCount * 2);
    }
    let head = -1;
    for (let block = 0; block < mf.blockCount; block++) {
      while (head >= 0 && intervals.loopEnd[head] < block) head = this.outer[head];
      if (intervals.loopEnd[block] >= 0) {
        this.outer[block] = head;
        head = block;
      }
      this.innermost[block] = head;
    }
  }

  /** The best gap after `minimum` and not after `maximum`: outside of loops if there is one, else the latest. Not after `minimum` if none. */
  best(minimum: number, maximum: number): number {
    const { mf, blockOf } = this;
    const latest = maximum - (maximum % POSITIONS);
    if (latest <= minimum) return latest;
    const firstBlock = blockOf[Math.floor(minimum / POSITIONS)];
    const lastInstruction = latest / POSITIONS;
    const lastBlock = lastInstruction >= mf.orderCount ? mf.blockCount - 1 : blockOf[lastInstruction];
    let best = latest;
    let bestDepth = mf.loopDepth[lastBlock];
    for (let block = lastBlock; block > firstBlock; block--) {
      const start = mf.blockStart[block] * POSITIONS;
      // The border belongs to the shallower of its two sides.
      const depth = Math.min(mf.loopDepth[block], mf.loopDepth[block - 1]);
      if (start > minimum && depth < bestDepth) {
        best = start;
        bestDepth = depth;
      }
    }
    return best;
  }

  /** Whether what is split at `split` comes from `position` in each turn of a loop. */
  isWithinLoop(position: number, split: number): boolean {
    const { mf, blockOf } = this;
    const instruction = split / POSITIONS;
    if (instruction >= mf.orderCount) return false;
    const last = blockOf[instruction];
    if (mf.cold[last] === 1) return false;
    for (let head = this.innermost[blockOf[Math.floor(position / POSITIONS)]]; head >= 0; head = this.outer[head]) if (this.intervals.loopEnd[head] >= last) return true;
    return false;
  }

  /**
   * The head of the outermost loop around `base` that an interval only passes through, −1 if there is none. What gives up its register
   * within such a loop does so there: it would have to come back into the register each time that the loop comes round.
   */
  passedLoop(interval: number, base: number): number {
    const { intervals, mf } = this;
    const { firstUse, useNext, usePosition, loopEnd } = intervals;
    const within = this.blockOf[base / POSITIONS];
    if (this.innermost[within] <= 0) return -1;
    // The uses around the loops: the last before `base`, and the first at it or behind.
    let before = intervals.start(interval);
    let after = NEVER;
    for (let use = firstUse[interval]; use !== 0; use = useNext[use]) {
      if (usePosition[use] >= base) {
        after = usePosition[use];
        break;
      }
      before = usePosition[use];
    }
    let best = -1;
    for (let block = this.innermost[within]; block > 0; block = this.outer[block]) {
      const start = mf.blockStart[block] * POSITIONS;
      if (start <= before) break;
      if (loopEnd[block] >= within && after >= mf.blockStart[loopEnd[block] + 1] * POSITIONS && intervals.covers(interval, start)) best = start;
    }
    return best;
  }
}
