/**
 * Facts about the graph of blocks: reverse postorder, incoming edges, dominators. One object serves function after function; its
 * columns are reused. Blocks that cannot be reached have no place in the order. It stands here and not in analysis/ because the verifier needs it.
 *
 * Dominators: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001): near linear on reducible graphs.
 */

import { noBlock } from "./function.ts";
import type { Block, Edge, IrFunction, Value } from "./function.ts";
import { Op } from "./ops.ts";

export class ControlFlow {
  /** Reachable blocks in reverse postorder; `order[0]` is the entry. */
  order = new Int32Array(32);
  count = 0;
  /** Place of each block in `order`, -1 if it cannot be reached. */
  indexOf = new Int32Array(32);
  /** Incoming edges of a block: `incoming[incomingStart[b] … incomingStart[b + 1])`, from reachable blocks only. */
  incomingStart = new Int32Array(33);
  incoming = new Int32Array(32);
  /** Edges that leave a reachable block: `leaving[leavingStart[b] … leavingEnd[b])`. */
  private leaving = new Int32Array(32);
  private leavingStart = new Int32Array(32);
  private leavingEnd = new Int32Array(32);
  /** The block that an edge leaves. */
  source = new Int32Array(32);
  /** Immediate dominator of each reachable block; the entry's is itself. After `withDominators`. */
  immediateDominator = new Int32Array(32);
  /** Numbers of a walk over the dominator tree: `enter` counts blocks down the tree, `leave` is the largest `enter` below. */
  private enter = new Int32Array(32);
  private leave = new Int32Array(32);
  private firstChild = new Int32Array(32);
  private nextSibling = new Int32Array(32);
  private stack = new Int32Array(32);
  private place = new Int32Array(32);
  private f: IrFunction | undefined = undefined;
  /** Some edge goes backward in the order. */
  hasLoops = false;
  private dominatorsKnown = false;

  /** Reads the graph of `f`: order and incoming edges. Call it again after blocks or edges changed. */
  compute(f: IrFunction): void {
    this.f = f;
    this.dominatorsKnown = false;
    this.reserve(f);
    this.walk(f);
    this.collectIncoming(f);
  }

  /** Finds the dominators too, unless they are known. */
  withDominators(): this {
    if (this.dominatorsKnown) return this;
    this.dominatorsKnown = true;
    this.findDominators();
    this.numberTree();
    return this;
  }

  reachable(block: Block): boolean {
    return (this.indexOf[block] as number) >= 0;
  }

  /** Whether every path from the entry to `b` comes through `a`; both reachable. A block dominates itself. */
  dominates(a: Block, b: Block): boolean {
    return (this.enter[a] as number) <= (this.enter[b] as number) && (this.enter[b] as number) <= (this.leave[a] as number);
  }

  /**
   * Whether `definition` is available to the instruction `use` (for an edge's argument: to the terminator). Within one block this
   * walks backward, so use it for checks, not in hot passes.
   */
  available(definition: Value, use: Value): boolean {
    const f = this.f as IrFunction;
    if (f.isFloating(definition)) return true;
    const from = f.blockOf(definition);
    const to = f.blockOf(use);
    if (from !== to) return this.dominates(from, to);
    if (f.op[definition] === Op.param) return true;
    if (f.op[use] === Op.param) return false;
    for (let v = f.previous[use] as number; v !== 0; v = f.previous[v] as number) if (v === definition) return true;
    return false;
  }

  incomingCount(block: Block): number {
    return (this.incomingStart[block + 1] as number) - (this.incomingStart[block] as number);
  }

  incomingEdge(block: Block, index: number): Edge {
    return this.incoming[(this.incomingStart[block] as number) + index] as Edge;
  }

  /** Children in the dominator tree: the first, then each next one; -1 ends. */
  firstDominated(block: Block): Block { return this.firstChild[block] as Block; }
  nextDominated(block: Block): Block { return this.nextSibling[block] as Block; }

  /** Walks the dominator tree down from the entry, without recursion: `enter` before what a block dominates, `leave` behind that. */
  walkDominated(enter: (block: Block) => void, leave: (block: Block) => void): void {
    const entry = this.order[0] as Block;
    for (let block = entry; ; ) {
      enter(block);
      let next = this.firstDominated(block);
      while (next === noBlock) {
        leave(block);
        if (block === entry) return;
        next = this.nextDominated(block);
        if (next === noBlock) block = this.immediateDominator[block] as Block;
      }
      block = next;
    }
  }

  private reserve(f: IrFunction): void {
    if (f.blockCount >= this.order.length) {
      const size = sizeFor(f.blockCount + 1);
      this.order = new Int32Array(size);
      this.indexOf = new Int32Array(size);
      this.incomingStart = new Int32Array(size + 1);
      this.immediateDominator = new Int32Array(size);
      this.enter = new Int32Array(size);
      this.leave = new Int32Array(size);
      this.firstChild = new Int32Array(size);
      this.nextSibling = new Int32Array(size);
      this.stack = new Int32Array(size);
      this.place = new Int32Array(size);
      this.leavingStart = new Int32Array(size);
      this.leavingEnd = new Int32Array(size);
    }
    if (f.edgeCount > this.incoming.length) {
      const size = sizeFor(f.edgeCount);
      this.incoming = new Int32Array(size);
      this.source = new Int32Array(size);
      this.leaving = new Int32Array(size);
    }
  }

  /** Depth first without recursion; fills `order` from its end, and counts incoming edges in `incomingStart`. */
  private walk(f: IrFunction): void {
    const { indexOf, stack, place, order, leaving, leavingStart, leavingEnd, incomingStart } = this;
    const { edgeTarget } = f;
    // Most functions have few blocks: two calls of `fill` take longer than this.
    for (let block = f.blockCount - 1; block >= 0; block--) {
      indexOf[block] = -1;
      incomingStart[block] = 0;
    }
    incomingStart[f.blockCount] = 0;
    let top = 0;
    let found = f.blockCount;
    const entry = f.order[0] as Block;
    let edges = f.successors(entry, leaving, 0);
    stack[0] = entry;
    leavingStart[entry] = 0;
    leavingEnd[entry] = edges;
    place[0] = edges;
    indexOf[entry] = 0;
    while (top >= 0) {
      const block = stack[top] as number;
      // Successors from the last to the first, so that the first one comes next in reverse postorder.
      const at = (place[top] as number) - 1;
      if (at < (leavingStart[block] as number)) {
        order[--found] = block;
        top--;
        continue;
      }
      place[top] = at;
      const to = edgeTarget[leaving[at] as number] as number;
      incomingStart[to] = (incomingStart[to] as number) + 1;
      if (indexOf[to] !== -1) continue;
      indexOf[to] = 0;
      top++;
      stack[top] = to;
      leavingStart[to] = edges;
      edges = f.successors(to as Block, leaving, edges);
      leavingEnd[to] = edges;
      place[top] = edges;
    }
    this.count = f.blockCount - found;
    order.copyWithin(0, found, f.blockCount);
    for (let i = 0; i < this.count; i++) indexOf[order[i] as number] = i;
  }

  private collectIncoming(f: IrFunction): void {
    const { incomingStart, incoming, source, order, indexOf, leaving, leavingStart, leavingEnd } = this;
    const { edgeTarget, blockCount } = f;
    let loops = false;
    let sum = 0;
    for (let block = 0; block < blockCount; block++) {
      sum += incomingStart[block] as number;
      incomingStart[block] = sum;
    }
    incomingStart[blockCount] = sum;
    // Backward, so that each block's list ends up in the order of its sources.
    for (let i = this.count - 1; i >= 0; i--) {
      const block = order[i] as number;
      for (let from = (leavingEnd[block] as number) - 1, first = leavingStart[block] as number; from >= first; from--) {
        const edge = leaving[from] as number;
        const target = edgeTarget[edge] as number;
        if ((indexOf[target] as number) <= i) loops = true;
        const at = (incomingStart[target] as number) - 1;
        incomingStart[target] = at;
        incoming[at] = edge;
        source[edge] = block;
      }
    }
    this.hasLoops = loops;
  }

  private findDominators(): void {
    const { immediateDominator: idom, indexOf, order, incomingStart, incoming, source, count, hasLoops } = this;
    for (let i = 1; i < count; i++) idom[order[i] as number] = -1;
    const entry = order[0] as number;
    idom[entry] = entry;
    // Without loops all that leads to a block comes before it, and one walk is enough.
    for (let changed = true, first = true; changed && (first || hasLoops); first = false) {
      changed = false;
      for (let i = 1; i < count; i++) {
        const block = order[i] as number;
        let common = -1;
        for (let at = incomingStart[block] as number, end = incomingStart[block + 1] as number; at < end; at++) {
          let other = source[incoming[at] as number] as number;
          if (idom[other] === -1) continue;
          if (common === -1) {
            common = other;
            continue;
          }
          while (common !== other) {
            while ((indexOf[common] as number) > (indexOf[other] as number)) common = idom[common] as number;
            while ((indexOf[other] as number) > (indexOf[common] as number)) other = idom[other] as number;
          }
        }
        if (idom[block] !== common) {
          idom[block] = common;
          changed = true;
        }
      }
    }
  }

  private numberTree(): void {
    const { immediateDominator: idom, order, enter, leave, firstChild, nextSibling } = this;
    for (let i = 0; i < this.count; i++) {
      firstChild[order[i] as number] = -1;
      nextSibling[order[i] as number] = -1;
    }
    for (let i = this.count - 1; i > 0; i--) {
      const block = order[i] as number;
      const parent = idom[block] as number;
      nextSibling[block] = firstChild[parent] as number;
      firstChild[parent] = block;
    }
    let number = 0;
    let block = order[0] as number;
    const entry = block;
    enter[block] = number++;
    for (;;) {
      const child = firstChild[block] as number;
      if (child !== -1) {
        block = child;
        enter[block] = number++;
        continue;
      }
      for (;;) {
        leave[block] = number - 1;
        if (block === entry) return;
        const sibling = nextSibling[block] as number;
        if (sibling !== -1) {
          block = sibling;
          enter[block] = number++;
          break;
        }
        block = idom[block] as number;
      }
    }
  }
}

function sizeFor(count: number): number {
  let size = 32;
  while (size < count) size *= 2;
  return size;
}
