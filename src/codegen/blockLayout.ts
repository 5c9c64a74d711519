/** Where the blocks of an allocated function stand in the code: cold ones last, empty ones nowhere, loops with their test at the end. */

import type { Allocation } from "./allocation.ts";
import { POSITIONS } from "./intervals.ts";
import type { MachineFunction } from "./machine.ts";

const NONE = -1;
/** Blocks of a loop that is worth being laid with care. */
const LONGEST = 16;

export class BlockLayout {
  /** Blocks in the order of the code. */
  count = 0;
  order = new Int32Array(64);
  /** By block: the one that follows it in the code, -1 for none. */
  follower = new Int32Array(64);
  /** By block: the one that a jump to it really goes to. */
  forwarded = new Int32Array(64);

  /**
   * `jump`: the opcode of a plain jump; `branch`: the user of flags that ends a block. Cold blocks go behind the others; blocks of a bare jump
   * vanish, also if their moves are made `early`, and all but one of a bare `leave`, if that is given: an opcode that ends the function.
   */
  compute(mf: MachineFunction, allocation: Allocation, early: Uint8Array, jump: number, branch: number, leave = NONE): void {
    const count = mf.blockCount;
    if (count > this.order.length) {
      this.order = new Int32Array(count * 2);
      this.follower = new Int32Array(count * 2);
      this.forwarded = new Int32Array(count * 2);
    }
    const { order: layout, follower, forwarded } = this;
    if (count === 1) {
      layout[0] = forwarded[0] = 0;
      follower[0] = NONE;
      this.count = 1;
      return;
    }
    let step = 0;
    const leaving = [NONE, NONE, NONE, NONE];
    for (let block = 0; block < count; block++) {
      const first = mf.blockStart[block];
      const end = mf.blockStart[block + 1];
      while (step < allocation.stepCount && allocation.stepKey[step] < first * POSITIONS * 4) step++;
      const moves = step < allocation.stepCount && allocation.stepKey[step] < end * POSITIONS * 4;
      forwarded[block] = end - first === 1 && mf.op[mf.order[first]] === jump && (!moves || early[block] !== 0) && block > 0 ? mf.edgeTarget[mf.firstEdge[block]] : block;
      if (end - first !== 1 || mf.op[mf.order[first]] !== leave || moves || block === 0 || block === mf.frameBlock) continue;
      const kind = mf.framed[block] * 2 + mf.cold[block];
      const known = leaving[kind] as number;
      if (known === NONE) leaving[kind] = block;
      else forwarded[block] = known;
    }
    for (let block = 0; block < count; block++) {
      let target = block;
      let steps = 0;
      for (; forwarded[target] !== target && steps < count; steps++) target = forwarded[target];
      // Blocks that jump round and round: one of them has to stay.
      forwarded[block] = steps === count ? block : target;
    }
    let placed = 0;
    for (const cold of [0, 1]) {
      for (let block = 0; block < count; block++) if (mf.cold[block] === cold && forwarded[block] === block) layout[placed++] = block;
    }
    if (count > 2) this.rotateLoops(mf, placed, jump, branch);
    for (let i = 0; i < placed; i++) follower[layout[i]] = i + 1 < placed ? layout[i + 1] : NONE;
    this.count = placed;
  }

  /**
   * A loop that is left at its head and jumps back at its end is laid with the head last: then the head's branch goes back, and
   * no jump is left within the loop. The way in needs one instead.
   */
  private rotateLoops(mf: MachineFunction, placed: number, jump: number, branch: number): void {
    const { order: layout, forwarded } = this;
    if (placed > this.placeOf.length) this.placeOf = new Int32Array(Math.max(placed, mf.blockCount) * 2);
    if (mf.blockCount > this.placeOf.length) this.placeOf = new Int32Array(mf.blockCount * 2);
    const { placeOf } = this;
    for (let i = 0; i < placed; i++) placeOf[layout[i]] = i;
    const back: number[] = [];
    for (let i = placed - 1; i >= 0; i--) {
      const block = layout[i];
      if (mf.loopDepth[block] === 0 || mf.cold[block] === 1) continue;
      for (let edge = mf.firstEdge[block]; edge < mf.firstEdge[block + 1]; edge++) {
        const target = forwarded[mf.edgeTarget[edge]];
        if (placeOf[target] < i) back.push(target, block);
      }
    }
    if (back.length === 0) return;
    const headers = new Set<number>();
    for (let i = 0; i < back.length; i += 2) headers.add(back[i] as number);
    // Inner loops lie behind their outer ones' heads.
    for (const header of [...headers].sort((a, b) => placeOf[b] - placeOf[a])) {
      const first = placeOf[header];
      let last = first;
      for (let i = 0; i < back.length; i += 2) if (back[i] === header) last = Math.max(last, placeOf[back[i + 1] as number]);
      if (last === first || first === 0) continue;
      const latch = layout[last];
      if (mf.op[mf.order[mf.blockStart[latch + 1] - 1]] !== jump || mf.consumer[mf.order[mf.blockStart[header + 1] - 1]] !== branch) continue;
      let leaves = 0;
      for (let edge = mf.firstEdge[header]; edge < mf.firstEdge[header + 1]; edge++) {
        const target = placeOf[forwarded[mf.edgeTarget[edge]]];
        if (target < first || target > last) leaves++;
      }
      if (leaves !== 1) continue;
      for (let i = first; i < last; i++) {
        layout[i] = layout[i + 1];
        placeOf[layout[i]] = i;
      }
      layout[last] = header;
      placeOf[header] = last;
    }
  }

  /**
   * By block: 1 where an innermost loop begins in the code that is short enough to run from what the processor has decoded: how it lies there decides
   * how fast it is. To be asked after `compute`, with the same function.
   */
  shortLoops(mf: MachineFunction): Uint8Array {
    const { order: layout, forwarded, count } = this;
    if (mf.blockCount > this.begins.length) this.begins = new Uint8Array(mf.blockCount * 2);
    if (mf.blockCount > this.placeOf.length) this.placeOf = new Int32Array(mf.blockCount * 2);
    const { begins, placeOf } = this;
    begins.fill(0, 0, mf.blockCount);
    placeOf.fill(count, 0, mf.blockCount);
    for (let i = 0; i < count; i++) placeOf[layout[i]] = i;
    for (let i = 0; i < count; i++) {
      const block = layout[i];
      const depth = mf.loopDepth[block];
      if (depth === 0 || mf.cold[block] === 1) continue;
      for (let edge = mf.firstEdge[block]; edge < mf.firstEdge[block + 1]; edge++) {
        const first = placeOf[forwarded[mf.edgeTarget[edge]]];
        if (first > i || i - first > LONGEST) continue;
        let isInnermost = true;
        for (let j = first; j <= i; j++) if (mf.loopDepth[layout[j]] > depth) isInnermost = false;
        if (isInnermost) begins[layout[first]] = 1;
      }
    }
    return begins.subarray(0, mf.blockCount);
  }

  private placeOf = new Int32Array(64);
  private begins = new Uint8Array(64);
}
