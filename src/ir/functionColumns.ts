/**
 * The storage of one function of the IR: its columns, which grow as rows are added. function.ts says what they mean and has all methods
 * on them; whoever walks them in a hot loop opens them here.
 */

import type { Block, SignatureId, SymbolId } from "./function.ts";
import { grown, grownBytes, grownFloats } from "./grown.ts";

/** Bytes of a function's slots at most: offsets in frames have 32 bits, and a frame holds more than these. */
export const MOST_SLOTS = 2 ** 31 - 2 ** 24;

const noSlotSizes = new Float64Array(0);
const noSlotAlignments = new Int32Array(0);

export class FunctionColumns {
  /** The inline site of instructions that are made from now on. */
  siteAtHand = 0;
  valueCount = 1;
  op: Uint8Array<ArrayBuffer>;
  type: Uint8Array<ArrayBuffer>;
  flags: Uint8Array<ArrayBuffer>;
  a: Int32Array<ArrayBuffer>;
  b: Int32Array<ArrayBuffer>;
  c: Int32Array<ArrayBuffer>;
  /** Opaque to the kernel: where in the source (a front end's position number), 0 for nowhere. */
  position: Int32Array<ArrayBuffer>;
  /** Index into Module.inlineSites of the call that this instruction was inlined through, 0 for none. */
  site: Int32Array<ArrayBuffer>;
  block: Int32Array<ArrayBuffer>;
  next: Int32Array<ArrayBuffer>;
  previous: Int32Array<ArrayBuffer>;

  blockCount = 0;
  first = new Int32Array(16);
  last = new Int32Array(16);
  firstParam = new Int32Array(16);
  /** Order of the blocks in the text and in the code; `order[0]` is the entry. Removed blocks are not in it. */
  order: Block[] = [];

  edgeCount = 1;
  edgeTarget = new Int32Array(16);
  edgeArgs = new Int32Array(16);
  edgeArgCount = new Int32Array(16);

  pool = new Int32Array(64);
  poolCount = 1;

  slotCount = 0;
  /** Size and alignment in bytes of each stack slot; most functions have none. One slot may be larger than any frame: `verify` and who makes the IR refuse such a function. */
  slotSize = noSlotSizes;
  slotAlignment = noSlotAlignments;

  protected floating = new Int32Array(64);
  protected floatingCount = 0;

  symbol: SymbolId;
  signature: SignatureId;

  /** `values`: how many there may come to be; growing beyond costs a copy of all columns. */
  constructor(symbol: SymbolId, signature: SignatureId, values = 64) {
    this.symbol = symbol;
    this.signature = signature;
    this.op = new Uint8Array(values);
    this.type = new Uint8Array(values);
    this.flags = new Uint8Array(values);
    this.a = new Int32Array(values);
    this.b = new Int32Array(values);
    this.c = new Int32Array(values);
    this.position = new Int32Array(values);
    this.site = new Int32Array(values);
    this.block = new Int32Array(values);
    this.next = new Int32Array(values);
    this.previous = new Int32Array(values);
  }

  /** Empties the function for another one; the columns keep their size. */
  reset(symbol: SymbolId, signature: SignatureId): void {
    this.symbol = symbol;
    this.signature = signature;
    this.valueCount = 1;
    this.blockCount = 0;
    this.order.length = 0;
    this.edgeCount = 1;
    this.poolCount = 1;
    this.slotCount = 0;
    this.floating.fill(0);
    this.floatingCount = 0;
  }

  /** Gives `to`, which is new, the rows of this one. */
  protected copyTo(to: FunctionColumns): void {
    to.valueCount = this.valueCount;
    to.op = this.op.slice();
    to.type = this.type.slice();
    to.flags = this.flags.slice();
    to.a = this.a.slice();
    to.b = this.b.slice();
    to.c = this.c.slice();
    to.position = this.position.slice();
    to.site = this.site.slice();
    to.block = this.block.slice();
    to.next = this.next.slice();
    to.previous = this.previous.slice();
    to.blockCount = this.blockCount;
    to.first = this.first.slice();
    to.last = this.last.slice();
    to.firstParam = this.firstParam.slice();
    to.order = this.order.slice();
    [to.edgeCount, to.poolCount, to.slotCount] = [this.edgeCount, this.poolCount, this.slotCount];
    to.edgeTarget = this.edgeTarget.slice();
    to.edgeArgs = this.edgeArgs.slice();
    to.edgeArgCount = this.edgeArgCount.slice();
    to.pool = this.pool.slice();
    to.slotSize = this.slotSize.slice();
    to.slotAlignment = this.slotAlignment.slice();
    to.floating = this.floating.slice();
    to.floatingCount = this.floatingCount;
  }

  // ── growth ──

  protected reservePool(count: number): void {
    while (this.poolCount + count > this.pool.length) this.pool = grown(this.pool);
  }

  protected growValues(): void {
    this.op = grownBytes(this.op);
    this.type = grownBytes(this.type);
    this.flags = grownBytes(this.flags);
    this.a = grown(this.a);
    this.b = grown(this.b);
    this.c = grown(this.c);
    this.position = grown(this.position);
    this.site = grown(this.site);
    this.block = grown(this.block);
    this.next = grown(this.next);
    this.previous = grown(this.previous);
  }

  protected growBlocks(): void {
    this.first = grown(this.first);
    this.last = grown(this.last);
    this.firstParam = grown(this.firstParam);
  }

  protected growEdges(): void {
    this.edgeTarget = grown(this.edgeTarget);
    this.edgeArgs = grown(this.edgeArgs);
    this.edgeArgCount = grown(this.edgeArgCount);
  }

  protected growSlots(): void {
    if (this.slotSize.length === 0) {
      this.slotSize = new Float64Array(8);
      this.slotAlignment = new Int32Array(8);
      return;
    }
    this.slotSize = grownFloats(this.slotSize);
    this.slotAlignment = grown(this.slotAlignment);
  }

  /** Puts the floating values into a new table of this length, a power of two, by their keys as they are now. */
  protected refillFloating(length: number): void {
    const values = this.floating;
    const table = new Int32Array(length);
    const mask = length - 1;
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as number;
      if (v === 0) continue;
      let at = floatingHash(this.op[v] as number, this.type[v] as number, this.a[v] as number, this.b[v] as number) & mask;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = v;
    }
    this.floating = table;
  }
}

/** Where the table of floating values starts to look for one. */
export function floatingHash(op: number, type: number, a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ (op << 8) ^ type;
  hash ^= hash >>> 15;
  return hash;
}
