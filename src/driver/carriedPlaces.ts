/**
 * Where files that an executable carries lie in the memory of its process: the executable's segments are mapped there as a whole, so that nothing needs to be
 * read. A table that the bundler fills in when the executable is made; until then, and where a process is loaded anywhere, its addresses are 0.
 */

/** What the table begins with, so that nothing else is taken for it. */
const placesMark = "lang's carried.";

/** Bytes behind each file's own, so that it can be moved to an address for 64-bit words. */
export const carriedSlack = 8;

const head = 16;
const row = 16;

export interface CarriedPlace {
  readonly address: number;
  /** Bytes without the slack. */
  readonly length: number;
}

/** The table: the mark, then 64-bit words, little-endian, the address and the length of each file. */
export function encodePlaces(places: readonly CarriedPlace[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head + row * places.length);
  new TextEncoder().encodeInto(placesMark, bytes);
  const view = new DataView(bytes.buffer);
  places.forEach(({ address, length }, number) => {
    view.setBigUint64(head + row * number, BigInt(address), true);
    view.setBigUint64(head + row * number + 8, BigInt(length), true);
  });
  return bytes;
}

/** The place of file `number` in such a table; undefined where the table does not know it. */
export function placeOf(table: Uint8Array, number: number): CarriedPlace | undefined {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const address = Number(view.getBigUint64(head + row * number, true));
  return address === 0 ? undefined : { address, length: Number(view.getBigUint64(head + row * number + 8, true)) };
}
