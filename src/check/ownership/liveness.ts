/**
 * Which places may still be used: backwards over the blocks. What a live place holds stays borrowed. Most places live within one block; bits
 * from block to block are kept only for the others.
 */

import { Op, StatementFlag, type Flow, type Graph } from "./flow.ts";
import { Way, type PathId } from "./paths.ts";

/** A set of places that is quick to go through, however many places there are. */
export class LiveSet {
  private members: Int32Array;
  private readonly positions: Int32Array;
  private count = 0;

  constructor(paths: number) {
    this.members = new Int32Array(16);
    this.positions = new Int32Array(paths).fill(-1);
  }

  get size(): number { return this.count; }
  at(i: number): PathId { return this.members[i] as PathId; }
  has(path: PathId): boolean { return (this.positions[path] as number) >= 0; }

  add(path: PathId): void {
    if ((this.positions[path] as number) >= 0) return;
    if (this.count === this.members.length) {
      const members = new Int32Array(this.count * 2);
      members.set(this.members);
      this.members = members;
    }
    this.positions[path] = this.count;
    this.members[this.count++] = path;
  }

  remove(path: PathId): void {
    const at = this.positions[path] as number;
    if (at < 0) return;
    const last = this.members[--this.count] as number;
    this.members[at] = last;
    this.positions[last] = at;
    this.positions[path] = -1;
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.positions[this.members[i] as number] = -1;
    this.count = 0;
  }

  /** The places in it, as paths. */
  list(): Int32Array { return this.members.slice(0, this.count); }

  /** Has the places of a list and no others. */
  become(paths: Int32Array): void {
    this.clear();
    for (const path of paths) this.add(path as PathId);
  }
}

export class Liveness {
  private readonly flow: Flow;
  /** Places that are live from one block to another, and by place their number among these plus one. */
  private readonly crossing: PathId[] = [];
  private readonly bit: Int32Array;
  private readonly words: number;
  private readonly entry: Uint32Array;
  private readonly exit: Uint32Array;
  /** By place: the last statement that uses or ends it, in any block. */
  private readonly lastUse: Int32Array;

  constructor(flow: Flow, graph: Graph) {
    this.flow = flow;
    this.bit = new Int32Array(flow.paths.count);
    this.lastUse = new Int32Array(flow.paths.count).fill(-1);
    this.findCrossing(graph);
    this.words = (this.crossing.length + 31) >>> 5;
    this.entry = new Uint32Array(flow.blockCount * this.words);
    this.exit = new Uint32Array(flow.blockCount * this.words);
    this.solve(graph);
  }

  /** Places that a block uses before it gives them a value; and where each is used last. */
  private findCrossing(graph: Graph): void {
    const { flow, bit, lastUse } = this;
    const used = new LiveSet(flow.paths.count);
    for (const block of graph.order) {
      used.clear();
      for (let s = (flow.end[block] as number) - 1; s >= (flow.start[block] as number); s--) {
        this.define(s, used);
        const known = used.size;
        this.usesOf(s, used);
        for (let i = known; i < used.size; i++) lastUse[used.at(i)] = Math.max(lastUse[used.at(i)] as number, s);
        if (flow.op[s] === Op.dead) this.isLookedAt(flow.a[s] as PathId, s);
      }
      for (let i = 0; i < used.size; i++) {
        const path = used.at(i);
        if (bit[path] !== 0) continue;
        this.crossing.push(path);
        bit[path] = this.crossing.length;
      }
    }
  }

  /** What a scope's end drops is looked at there with all its parts, though that alone keeps nothing borrowed. */
  private isLookedAt(path: PathId, s: number): void {
    const { paths } = this.flow;
    this.lastUse[path] = Math.max(this.lastUse[path] as number, s);
    for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) this.isLookedAt(at, s);
  }

  private solve(graph: Graph): void {
    const { flow, words, entry, exit } = this;
    if (words === 0) return;
    const { order, successors, successorStart, predecessors, predecessorStart } = graph;
    const live = new LiveSet(flow.paths.count);
    const bits = new Uint32Array(words);
    // Blocks before which something has become live since they were looked at.
    const isDirty = new Uint8Array(flow.blockCount).fill(1);
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = order.length - 1; i >= 0; i--) {
        const block = order[i] as number;
        if (isDirty[block] === 0) continue;
        isDirty[block] = 0;
        bits.fill(0);
        for (let at = successorStart[block] as number; at < (successorStart[block + 1] as number); at++) {
          const from = (successors[at] as number) * words;
          for (let w = 0; w < words; w++) bits[w] = (bits[w] as number) | (entry[from + w] as number);
        }
        exit.set(bits, block * words);
        this.atEnd(block, live);
        for (let s = (flow.end[block] as number) - 1; s >= (flow.start[block] as number); s--) this.before(s, live);
        bits.fill(0);
        for (let k = 0; k < live.size; k++) {
          const bit = (this.bit[live.at(k)] as number) - 1;
          if (bit >= 0) bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
        }
        const at = block * words;
        let isMore = false;
        for (let w = 0; w < words; w++) {
          if (entry[at + w] === bits[w]) continue;
          isMore = true;
          entry[at + w] = bits[w] as number;
        }
        if (!isMore) continue;
        for (let p = predecessorStart[block] as number; p < (predecessorStart[block + 1] as number); p++) isDirty[predecessors[p] as number] = 1;
        changed = true;
      }
    }
  }

  /** What is live at the end of a block, into `live`. */
  atEnd(block: number, live: LiveSet): void {
    live.clear();
    const from = block * this.words;
    for (let w = 0; w < this.words; w++) {
      let bits = this.exit[from + w] as number;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        live.add(this.crossing[w * 32 + bit] as PathId);
      }
    }
  }

  /** A place is live at the start of a block. */
  isLiveInto(block: number, path: PathId): boolean {
    const bit = (this.bit[path] as number) - 1;
    return bit >= 0 && ((this.entry[block * this.words + (bit >>> 5)] as number) & (1 << (bit & 31))) !== 0;
  }

  /** Nothing uses or ends the place from statement `s` on, in its block or another. */
  isPast(path: PathId, s: number): boolean {
    return this.bit[path] === 0 && (this.lastUse[path] as number) < s;
  }

  /** From what is live behind statement `s` to what is live before it, in place. */
  before(s: number, live: LiveSet): void {
    this.define(s, live);
    this.usesOf(s, live);
  }

  /** Takes away what statement `s` gives a new value. */
  define(s: number, live: LiveSet): void {
    const { flow } = this;
    const a = flow.a[s] as PathId;
    switch (flow.op[s]) {
      case Op.init:
      case Op.dead:
        clear(flow, a, live);
        return;
      case Op.copy:
      case Op.move:
      case Op.borrow:
      case Op.call:
      case Op.raw:
      case Op.assign:
        if (a !== 0 && isStrong(flow, a) && ((flow.flags[s] as number) & StatementFlag.adds) === 0) clear(flow, a, live);
    }
  }

  /** Adds what statement `s` uses. */
  usesOf(s: number, live: LiveSet): void {
    const { flow } = this;
    const a = flow.a[s] as PathId;
    const b = flow.b[s] as number;
    switch (flow.op[s]) {
      case Op.read:
      case Op.copy:
      case Op.move:
      case Op.raw:
      case Op.escape:
      case Op.keep:
        use(flow, b as PathId, live);
        return;
      case Op.borrow:
        use(flow, flow.loans[b]?.place as PathId, live);
        return;
      case Op.assign:
        if (b !== 0) use(flow, b as PathId, live);
        if (!isStrong(flow, a)) use(flow, a, live);
        else if (((flow.flags[s] as number) & StatementFlag.dropUses) !== 0) use(flow, a, live);
        return;
      case Op.dead:
        if (((flow.flags[s] as number) & StatementFlag.dropUses) !== 0) use(flow, a, live);
        return;
      case Op.call:
        for (const path of flow.calls[b]?.args ?? []) if (path !== 0) use(flow, path, live);
        return;
      case Op.exit:
        if (flow.result !== 0) use(flow, flow.result, live);
    }
  }
}

/** A value that is put there replaces the one before. */
export function isStrong(flow: Flow, path: PathId): boolean {
  return flow.paths.baseOf(path) === path && !flow.paths.goes(path, Way.element);
}

/** The place, what it is part of, and all parts of it: any of them may hold what is used. */
function use(flow: Flow, path: PathId, live: LiveSet): void {
  const { paths } = flow;
  const base = paths.baseOf(path);
  for (let at = base; at !== 0; at = paths.parent(at)) live.add(at);
  if (base === path) for (let at = paths.firstChild(base); at !== 0; at = paths.nextSibling(at)) useParts(flow, at, live);
}

function useParts(flow: Flow, path: PathId, live: LiveSet): void {
  const { paths } = flow;
  if (paths.baseOf(path) !== path) return;
  live.add(path);
  for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) useParts(flow, at, live);
}

function clear(flow: Flow, path: PathId, live: LiveSet): void {
  const { paths } = flow;
  live.remove(path);
  for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) clear(flow, at, live);
}
