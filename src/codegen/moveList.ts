/** Moves that an allocation asks for, as columns, and their order in the code. */

import { grown, grownFloats } from "../ir/grown.ts";

/** A move's key and its index lie in one float: keys are below 2^32. */
const INDEXES = 2 ** 20;

export class MoveList {
  count = 0;
  /** Where in the code, and in which group there: moves of one key happen at once. */
  key = new Float64Array(256);
  from = new Int32Array(256);
  to = new Int32Array(256);
  /** The virtual register that is moved, 0 for what is none. */
  register = new Int32Array(256);
  private order = new Float64Array(256);

  add(key: number, from: number, to: number, register: number): void {
    const at = this.count++;
    if (at === this.from.length) {
      this.from = grown(this.from);
      this.to = grown(this.to);
      this.register = grown(this.register);
      this.key = grownFloats(this.key);
      this.order = new Float64Array(this.key.length);
    }
    this.key[at] = key;
    this.from[at] = from;
    this.to[at] = to;
    this.register[at] = register;
  }

  /** Keeps the moves for which `isKept` holds, by their index. */
  filter(isKept: (at: number) => boolean): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      if (!isKept(i)) continue;
      this.key[kept] = this.key[i];
      this.from[kept] = this.from[i];
      this.to[kept] = this.to[i];
      this.register[kept++] = this.register[i];
    }
    this.count = kept;
  }

  /** Calls `add` for each move by its index, in the order of the keys, and `end` behind those of one key. */
  inOrder(add: (at: number) => void, end: (key: number) => void): void {
    const { count, key, order } = this;
    if (count >= INDEXES) throw new Error("codegen/moveList.inOrder: more than a million moves in a function");
    let isSorted = true;
    for (let i = 0; i < count; i++) {
      order[i] = key[i] * INDEXES + i;
      if (i > 0 && order[i] < order[i - 1]) isSorted = false;
    }
    if (!isSorted) order.subarray(0, count).sort();
    for (let i = 0; i < count; ) {
      const group = Math.floor(order[i] / INDEXES);
      for (; i < count && Math.floor(order[i] / INDEXES) === group; i++) add(order[i] - group * INDEXES);
      end(group);
    }
  }
}
