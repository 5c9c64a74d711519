/** The global offset table: 8-byte slots for code that was compiled to load addresses. Ours is not; objects from outside may be. */
import { RelocationKind } from "./relocationKind.ts";

export class GlobalOffsetTable {
  /** Slot by symbol number: its address. */
  private readonly addressSlots = new Map<number, number>();
  /** Slot by symbol number: its offset from the thread pointer. */
  private readonly threadSlots = new Map<number, number>();
  count = 0;

  /** Makes sure there is a slot for what `kind` wants of `symbol` (a definition). */
  need(symbol: number, kind: number): void {
    const slots = this.slots(kind);
    if (!slots.has(symbol)) slots.set(symbol, this.count++);
  }

  /** Byte offset of the slot, which `need` made. */
  offset(symbol: number, kind: number): number {
    const slot = this.slots(kind).get(symbol);
    if (slot === undefined) throw new Error(`link/globalOffsetTable.offset: no slot for symbol ${symbol}, kind ${kind}`);
    return slot * 8;
  }

  /** The table's bytes, when all addresses are known. */
  content(address: Float64Array, threadPointer: number): Uint8Array {
    const bytes = new Uint8Array(this.count * 8);
    const view = new DataView(bytes.buffer);
    for (const [symbol, slot] of this.addressSlots) view.setBigInt64(slot * 8, BigInt(address[symbol]), true);
    for (const [symbol, slot] of this.threadSlots) view.setBigInt64(slot * 8, BigInt(address[symbol] - threadPointer), true);
    return bytes;
  }

  /** Byte offsets of the slots with addresses of symbols that pass. */
  addressSlotsOf(passes: (symbol: number) => boolean): number[] {
    return [...this.addressSlots].filter(([symbol]) => passes(symbol)).map(([, slot]) => slot * 8);
  }

  private slots(kind: number): Map<number, number> {
    return kind === RelocationKind.gotThreadOffset ? this.threadSlots : this.addressSlots;
  }
}
