/**
 * The memory of an interpreted program: flat bytes, where each allocation is followed by a gap that faults. Addresses start above the
 * first 64 KiB, so that nil and what lies near it faults too. Functions have addresses of their own, far beyond the bytes.
 */

import type { SymbolId } from "./function.ts";
import type { Module } from "./module.ts";

/** States of a byte. */
export const Access = { none: 0, read: 1, write: 2 } as const;

const lowest = 0x10000;
const gap = 32;
const firstStack = 0x4000;
/** Symbol `i` of a function has the address `functionBase + 16 i`. */
const functionBase = 0x40000000;

export class InterpreterMemory {
  bytes: Uint8Array;
  view: DataView;
  /** `Access` of each byte. */
  access: Uint8Array;
  /** The stack is one region; frames grow upward in it. */
  readonly stackStart: number;
  readonly stackEnd: number;
  private end: number;
  private readonly limit: number;
  private readonly addresses = new Map<SymbolId, number>();

  constructor(module: Module, stackSize: number, limit: number) {
    let total = lowest;
    for (const data of module.data.values()) total += data.size + data.alignment + gap;
    this.limit = Math.max(limit, total + stackSize + gap);
    // Only what is used has bytes behind it: most interpreters evaluate one small constant.
    this.bytes = new Uint8Array(sizeFor(total + firstStack));
    this.access = new Uint8Array(this.bytes.length);
    this.view = new DataView(this.bytes.buffer);
    this.end = lowest;
    for (const data of module.data.values()) {
      const at = this.allocate(data.size, data.alignment, data.writable) ?? 0;
      this.addresses.set(data.symbol, at);
      this.bytes.set(data.bytes, at);
    }
    this.stackStart = Math.ceil(this.end / 64) * 64;
    this.stackEnd = this.stackStart + stackSize;
    this.end = this.stackEnd + gap;
    for (const data of module.data.values())
      for (const r of data.relocations)
        this.view.setBigInt64((this.addresses.get(data.symbol) ?? 0) + r.offset, BigInt(this.addressOf(r.symbol) + r.addend), true);
  }

  /** Address of a symbol; data that is defined elsewhere has none. */
  addressOf(symbol: SymbolId): number {
    return this.addresses.get(symbol) ?? functionBase + 16 * symbol;
  }

  /** The function at an address, if it is one's. */
  functionAt(address: number): SymbolId | undefined {
    return address >= functionBase && address % 16 === 0 ? (((address - functionBase) / 16) as SymbolId) : undefined;
  }

  /** The function or data that an address belongs to, if it belongs to one. For borders: it searches. */
  symbolAt(address: number): SymbolId | undefined {
    if (address >= functionBase) return this.functionAt(address);
    let found: SymbolId | undefined;
    let start = 0;
    for (const [symbol, at] of this.addresses) {
      if (at > address || at < start) continue;
      found = symbol;
      start = at;
    }
    // What was allocated later lies beyond a gap.
    for (let at = start; at < address; at++) if (this.access[at] === Access.none) return undefined;
    return found;
  }

  /** Zeroed bytes, followed by a gap; undefined when the limit is reached. */
  allocate(size: number, alignment = 16, writable = true): number | undefined {
    const at = Math.ceil(this.end / alignment) * alignment;
    const end = at + size;
    if (end + gap > this.limit) return undefined;
    if (end + gap > this.bytes.length) this.grow(end + gap);
    this.end = end + gap;
    this.access.fill(writable ? Access.write : Access.read, at, end);
    return at;
  }

  /** Forbids access to a range; for `munmap` and the like. */
  release(address: number, size: number): void {
    if (address >= this.stackEnd) this.access.fill(Access.none, address, address + size);
  }

  /** Whether all of a range may be read, or written. */
  allows(address: number, size: number, access: number): boolean {
    if (size === 0) return true;
    if (!(address >= lowest && address + size <= this.bytes.length)) return false;
    for (let at = address; at < address + size; at++) if ((this.access[at] as number) < access) return false;
    return true;
  }

  /** A NUL-terminated string; undefined if it runs into a gap. */
  text(address: number): string | undefined {
    let end = address;
    while (this.access[end] !== undefined && this.access[end] !== Access.none && this.bytes[end] !== 0) end++;
    return this.allows(end, 1, Access.read) ? new TextDecoder().decode(this.bytes.subarray(address, end)) : undefined;
  }

  /** Makes sure that there are bytes below an address. Views that were taken before are stale then. */
  reserve(end: number): void {
    if (end > this.bytes.length) this.grow(end);
  }

  private grow(needed: number): void {
    const bytes = new Uint8Array(sizeFor(needed));
    bytes.set(this.bytes);
    const access = new Uint8Array(bytes.length);
    access.set(this.access);
    this.bytes = bytes;
    this.access = access;
    this.view = new DataView(bytes.buffer);
  }
}

function sizeFor(needed: number): number {
  let size = 1 << 17;
  while (size < needed) size *= 2;
  return size;
}
