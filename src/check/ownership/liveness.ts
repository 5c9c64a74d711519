/** Which places may still be used: backwards over the blocks, a bit for each place. What a live place holds stays borrowed. */

import { Op, StatementFlag, type Flow, type Graph } from "./flow.ts";
import { Way, type PathId } from "./paths.ts";

export class Liveness {
  readonly words: number;
  private readonly flow: Flow;
  private readonly entry: Uint32Array;
  private readonly exit: Uint32Array;

  constructor(flow: Flow, graph: Graph) {
    this.flow = flow;
    this.words = (flow.paths.count + 31) >>> 5;
    const { words } = this;
    this.entry = new Uint32Array(flow.blockCount * words);
    this.exit = new Uint32Array(flow.blockCount * words);
    const { order, successors, successorStart } = graph;
    const live = new Uint32Array(words);
    let changed = true;
    while (changed) {
      changed = false;
      for (let i = order.length - 1; i >= 0; i--) {
        const block = order[i] as number;
        live.fill(0);
        for (let at = successorStart[block] as number; at < (successorStart[block + 1] as number); at++) {
          const from = (successors[at] as number) * words;
          for (let w = 0; w < words; w++) live[w] = (live[w] as number) | (this.entry[from + w] as number);
        }
        this.exit.set(live, block * words);
        for (let s = (flow.end[block] as number) - 1; s >= (flow.start[block] as number); s--) this.before(s, live);
        const at = block * words;
        for (let w = 0; w < words; w++) {
          if (this.entry[at + w] === live[w]) continue;
          changed = true;
          this.entry[at + w] = live[w] as number;
        }
      }
    }
  }

  /** What is live at the end of a block, into `live`. */
  atEnd(block: number, live: Uint32Array): void {
    live.set(this.exit.subarray(block * this.words, (block + 1) * this.words));
  }

  /** From what is live behind statement `s` to what is live before it, in place. */
  before(s: number, live: Uint32Array): void {
    this.define(s, live);
    this.uses(s, live);
  }

  /** Takes away what statement `s` gives a new value. */
  define(s: number, live: Uint32Array): void {
    const { flow } = this;
    const op = flow.op[s] as number;
    const a = flow.a[s] as PathId;
    switch (op) {
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
  usesOf(s: number, live: Uint32Array): void { this.uses(s, live); }

  private uses(s: number, live: Uint32Array): void {
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
        for (const content of flow.contents) use(flow, content, live);
    }
  }
}

/** A value that is put there replaces the one before. */
export function isStrong(flow: Flow, path: PathId): boolean {
  return flow.paths.baseOf(path) === path && !flow.paths.goes(path, Way.element);
}

/** The place, what it is part of, and all parts of it: any of them may hold what is used. */
function use(flow: Flow, path: PathId, live: Uint32Array): void {
  const { paths } = flow;
  const base = paths.baseOf(path);
  for (let at = base; at !== 0; at = paths.parent(at)) live[at >>> 5] = (live[at >>> 5] as number) | (1 << (at & 31));
  if (base === path) for (let at = paths.firstChild(base); at !== 0; at = paths.nextSibling(at)) useParts(flow, at, live);
}

function useParts(flow: Flow, path: PathId, live: Uint32Array): void {
  const { paths } = flow;
  if (paths.baseOf(path) !== path) return;
  live[path >>> 5] = (live[path >>> 5] as number) | (1 << (path & 31));
  for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) useParts(flow, at, live);
}

function clear(flow: Flow, path: PathId, live: Uint32Array): void {
  const { paths } = flow;
  live[path >>> 5] = (live[path >>> 5] as number) & ~(1 << (path & 31));
  for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) clear(flow, at, live);
}

export function isLive(live: Uint32Array, path: number): boolean {
  return ((live[path >>> 5] as number) & (1 << (path & 31))) !== 0;
}
