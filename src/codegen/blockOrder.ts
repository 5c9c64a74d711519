/**
 * The order in which blocks are numbered, allocated and (nearly) laid out: every block after those that dominate it, loops in one piece,
 * cold blocks (that end the program) last. A block is placed when all its predecessors but those of back edges are.
 */

import { Effect, Op, opEffects } from "../ir/ops.ts";
import { ValueFlag } from "../ir/function.ts";
import type { Block, IrFunction } from "../ir/function.ts";
import { grown } from "../ir/grown.ts";

export class BlockOrder {
  /** Reachable blocks in order. */
  count = 0;
  order = new Int32Array(64);
  /**
   * The block where the frame may be made instead of at the entry, -1 for none: it comes before every call that returns, what it dominates
   * is closed, and blocks before it come first in the order. So that a function that returns early pays nothing.
   */
  frameBlock = -1;
  /** By IR block: 1 if the frame is there. */
  framed = new Uint8Array(64);

  /** By IR block: loops around it; 1 for cold; number of reachable incoming edges; place in `order`, or -1. */
  depth = new Int32Array(64);
  cold = new Uint8Array(64);
  incoming = new Int32Array(64);
  number = new Int32Array(64);

  private postorder = new Int32Array(64);
  private rpo = new Int32Array(64);
  private state = new Uint8Array(64);
  private stack = new Int32Array(64);
  private progress = new Int32Array(64);
  /** Back edges as (from, to) pairs, and predecessors as linked lists. */
  private readonly back: number[] = [];
  private firstPred = new Int32Array(64);
  private predBlock = new Int32Array(128);
  private predNext = new Int32Array(128);
  private waiting = new Int32Array(64);
  private mark = new Int32Array(64);

  compute(f: IrFunction): void {
    const blocks = f.blockCount;
    this.reserve(blocks);
    this.number.fill(-1, 0, blocks);
    this.frameBlock = -1;
    this.back.length = 0;
    const entry = f.order[0];
    // Passes leave blocks that nothing leads to: one is alone also among those.
    if (f.successorCount(entry) === 0) {
      this.count = 1;
      this.order[0] = entry;
      this.number[entry] = this.depth[entry] = this.cold[entry] = this.incoming[entry] = 0;
      return;
    }
    const reached = this.search(f);
    if (this.back.length > 0) this.findLoops(f.blockCount);
    this.findCold(f, reached);
    this.findFrameBlock(f, reached);
    this.place(f, reached);
  }

  /** Only where nothing but calls wants a frame: slots would be used before. */
  private findFrameBlock(f: IrFunction, reached: number): void {
    const { postorder, idom, framed, depth, firstPred, predBlock, predNext } = this;
    framed.fill(0, 0, f.blockCount);
    if (f.slotCount > 0) return;
    let calls = 0;
    for (let i = 0; i < reached; i++) {
      const block = postorder[i] as Block;
      const last = f.last[block];
      const op = f.op[last];
      if (op === Op.trap || op === Op.unreachable) continue;
      for (let v = f.first[block] as number; v !== 0; v = f.next[v]) {
        const kind = f.op[v];
        if ((opEffects[kind] & Effect.calls) === 0 && kind !== Op.copy && kind !== Op.move && kind !== Op.fill) continue;
        framed[block] = 1;
        calls++;
        break;
      }
    }
    const entry = f.order[0];
    if (calls === 0 || framed[entry] === 1) return;
    this.findDominators(entry, reached);
    let chosen = -1;
    for (let i = 0; i < reached; i++) {
      const block = postorder[i];
      if (framed[block] === 1) chosen = chosen < 0 ? block : this.commonDominator(chosen, block);
    }
    framed.fill(0, 0, f.blockCount);
    // Once, and entered by one edge of a branch: the moves on that edge then come after the frame is made.
    while (chosen !== entry) {
      const link = firstPred[chosen];
      if (depth[chosen] === 0 && predNext[link] === 0 && f.successorCount(predBlock[link] as Block) > 1) break;
      chosen = idom[chosen];
    }
    if (chosen === entry) return;
    for (let i = reached - 1; i >= 0; i--) {
      const block = postorder[i];
      if (block === chosen || (block !== entry && framed[idom[block]] === 1)) framed[block] = 1;
    }
    for (let i = 0; i < reached; i++) {
      const block = postorder[i];
      if (framed[block] === 1 || block === entry) continue;
      for (let p = firstPred[block]; p !== 0; p = predNext[p]) {
        if (framed[predBlock[p]] === 0) continue;
        framed.fill(0, 0, f.blockCount);
        return;
      }
    }
    this.frameBlock = chosen;
  }

  /** Finds `outside` and `callsWithin`. For functions with loops, once `compute` is done. */
  findOutside(f: IrFunction): void {
    const { postorder, idom, depth, cold, outside, callsWithin } = this;
    const entry = f.order[0];
    this.findDominators(entry, this.count);
    outside[entry] = -1;
    callsWithin.fill(0, 0, f.blockCount);
    for (let i = this.count - 2; i >= 0; i--) {
      const block = postorder[i];
      const dominator = idom[block];
      const before = depth[dominator] === 0 ? dominator : outside[dominator];
      outside[block] = before;
      if (depth[block] === 0 || cold[block] === 1 || before < 0 || callsWithin[before] === 1) continue;
      for (let v = f.first[block]; v !== 0; v = f.next[v]) {
        if ((opEffects[f.op[v]] & Effect.calls) === 0) continue;
        callsWithin[before] = 1;
        break;
      }
    }
  }

  get hasLoops(): boolean {
    return this.back.length > 0;
  }

  /** By block in a loop: the innermost block outside of all loops that dominates it, or -1. */
  outside = new Int32Array(64);
  /** By block that is `outside` of others: 1 if in the usual course of their loops something is called. */
  callsWithin = new Uint8Array(64);

  /** Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm". */
  private findDominators(entry: number, reached: number): void {
    const { postorder, idom, firstPred, predBlock, predNext } = this;
    for (let i = 0; i < reached; i++) idom[postorder[i]] = -1;
    idom[entry] = entry;
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = reached - 2; i >= 0; i--) {
        const block = postorder[i];
        let dominator = -1;
        for (let p = firstPred[block]; p !== 0; p = predNext[p]) {
          const pred = predBlock[p];
          if (idom[pred] >= 0) dominator = dominator < 0 ? pred : this.commonDominator(dominator, pred);
        }
        if (idom[block] === dominator) continue;
        idom[block] = dominator;
        changed = true;
      }
    }
  }

  private commonDominator(a: number, b: number): number {
    const { idom, rpo } = this;
    while (a !== b) {
      while (rpo[a] > rpo[b]) a = idom[a];
      while (rpo[b] > rpo[a]) b = idom[b];
    }
    return a;
  }

  private idom = new Int32Array(64);

  /** Depth-first: postorder, predecessors, back edges. Returns how many blocks are reachable. */
  private search(f: IrFunction): number {
    const { state, stack, progress, postorder, incoming, firstPred } = this;
    const blocks = f.blockCount;
    state.fill(0, 0, blocks);
    incoming.fill(0, 0, blocks);
    firstPred.fill(0, 0, blocks);
    this.depth.fill(0, 0, blocks);
    this.back.length = 0;
    let preds = 1;
    let top = 0;
    let done = 0;
    stack[0] = f.order[0];
    progress[0] = 0;
    state[f.order[0]] = 1;
    while (top >= 0) {
      const block = stack[top] as Block;
      const s = progress[top];
      const count = f.successorCount(block);
      if (s < count) {
        progress[top] = s + 1;
        // Successors from the last: the first one then comes first in reverse postorder.
        const target = f.edgeTarget[f.successor(block, count - 1 - s)];
        incoming[target]++;
        if (preds === this.predBlock.length) {
          this.predBlock = grown(this.predBlock);
          this.predNext = grown(this.predNext);
        }
        this.predBlock[preds] = block;
        this.predNext[preds] = firstPred[target];
        firstPred[target] = preds++;
        if (state[target] === 0) {
          state[target] = 1;
          top++;
          stack[top] = target;
          progress[top] = 0;
        } else if (state[target] === 1) this.back.push(block, target);
      } else {
        state[block] = 2;
        postorder[done++] = block;
        top--;
      }
    }
    for (let i = 0; i < done; i++) this.rpo[postorder[i]] = done - 1 - i;
    return done;
  }

  /** For each loop header, its body: what reaches a back edge without passing the header. */
  private findLoops(blocks: number): void {
    const { back, depth, mark, stack, rpo } = this;
    mark.fill(-1, 0, blocks);
    for (let i = 0; i < back.length; i += 2) {
      const header = back[i + 1];
      if (header < 0) continue;
      mark[header] = header;
      depth[header]++;
      let top = 0;
      for (let j = i; j < back.length; j += 2) {
        if (back[j + 1] !== header) continue;
        const latch = back[j];
        back[j + 1] = -1 - header; // this header's loop is done
        if (mark[latch] !== header) {
          mark[latch] = header;
          depth[latch]++;
          stack[top++] = latch;
        }
      }
      while (top > 0) {
        const block = stack[--top];
        for (let p = this.firstPred[block]; p !== 0; p = this.predNext[p]) {
          const pred = this.predBlock[p];
          // In a loop with several entries the walk could leave by another entry: not above the header.
          if (mark[pred] === header || rpo[pred] < rpo[header]) continue;
          mark[pred] = header;
          depth[pred]++;
          stack[top++] = pred;
        }
      }
    }
  }

  /** Cold: ends in a trap, or goes only where it is cold. */
  private findCold(f: IrFunction, reached: number): void {
    const { cold, postorder } = this;
    cold.fill(0, 0, f.blockCount);
    for (let i = 0; i < reached; i++) {
      const block = postorder[i] as Block;
      const last = f.last[block];
      const op = f.op[last];
      if (op === Op.trap) cold[block] = 1;
      else if (op === Op.unreachable) {
        const before = f.previous[last];
        const callsNoreturn = before !== 0 && (opEffects[f.op[before]] & Effect.calls) !== 0 && (f.flags[before] & ValueFlag.noreturn) !== 0;
        cold[block] = callsNoreturn || before === 0 ? 1 : 0;
      } else if (op !== Op.return) {
        const count = f.successorCount(block);
        let all = 1;
        for (let s = 0; s < count; s++) all &= cold[f.edgeTarget[f.successor(block, s)]];
        cold[block] = all;
      }
    }
    cold[f.order[0]] = 0;
  }

  private place(f: IrFunction, reached: number): void {
    const { order, waiting, rpo, stack, number } = this;
    // Edges that must have been placed before: all but those that go backwards in reverse postorder.
    waiting.fill(0, 0, f.blockCount);
    for (let i = 0; i < reached; i++) {
      const block = this.postorder[i] as Block;
      for (let p = this.firstPred[block]; p !== 0; p = this.predNext[p]) if (rpo[this.predBlock[p]] < rpo[block]) waiting[block]++;
    }
    let ready = 0;
    let placed = 0;
    stack[ready++] = f.order[0];
    while (ready > 0) {
      // The deepest loop first, so that loops stay together; of equals the one that became ready last: it follows its predecessor.
      let best = ready - 1;
      let bestRank = this.rank(stack[best]);
      for (let i = ready - 2; i >= 0; i--) {
        const rank = this.rank(stack[i]);
        if (rank > bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      const block = stack[best] as Block;
      for (let i = best; i < ready - 1; i++) stack[i] = stack[i + 1];
      ready--;
      number[block] = placed;
      order[placed++] = block;
      const count = f.successorCount(block);
      for (let s = count - 1; s >= 0; s--) {
        const target = f.edgeTarget[f.successor(block, s)];
        if (rpo[target] > rpo[block] && --waiting[target] === 0) stack[ready++] = target;
      }
    }
    this.count = placed;
  }

  private rank(block: number): number {
    return this.cold[block] === 1 ? -2 : block === this.frameBlock ? -1 : this.depth[block];
  }

  private reserve(blocks: number): void {
    if (blocks <= this.order.length) return;
    let capacity = this.order.length;
    while (capacity < blocks) capacity *= 2;
    const column = (): Int32Array<ArrayBuffer> => new Int32Array(capacity);
    this.order = column();
    this.depth = column();
    this.incoming = column();
    this.number = column();
    this.postorder = column();
    this.rpo = column();
    this.stack = column();
    this.progress = column();
    this.firstPred = column();
    this.waiting = column();
    this.mark = column();
    this.idom = column();
    this.outside = column();
    this.callsWithin = new Uint8Array(this.outside.length);
    this.framed = new Uint8Array(capacity);
    this.cold = new Uint8Array(capacity);
    this.state = new Uint8Array(capacity);
  }
}
