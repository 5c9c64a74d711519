/** Intervals that are still to be placed: a binary heap, the one that starts first on top. */

import type { Intervals } from "./intervals.ts";
import { grown } from "../ir/grown.ts";

export class IntervalHeap {
  count = 0;
  private readonly intervals: Intervals;
  private heap = new Int32Array(64);

  constructor(intervals: Intervals) {
    this.intervals = intervals;
  }

  /** Start of the interval on top; there is one. */
  get firstStart(): number {
    return this.intervals.start(this.heap[0]);
  }

  push(interval: number): void {
    const { intervals } = this;
    if (this.count === this.heap.length) this.heap = grown(this.heap);
    const { heap } = this;
    const key = intervals.start(interval);
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (intervals.start(heap[parent]) <= key) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = interval;
  }

  /** Takes the interval on top off. */
  pop(): number {
    const { heap, intervals } = this;
    const top = heap[0];
    const last = heap[--this.count];
    const key = intervals.start(last);
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) break;
      if (child + 1 < this.count && intervals.start(heap[child + 1]) < intervals.start(heap[child])) child++;
      if (intervals.start(heap[child]) >= key) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
