/**
 * Tells an executable that Bun made for Linux where the files that it carries lie in its memory: they are in a segment that is mapped at a fixed address. Else
 * each would be copied by `node:fs`, which takes a millisecond to load, to memory that the collector counts.
 */

import { FileType } from "../formats/elf/constants.ts";
import { readElf } from "../formats/elf/read.ts";
import { carriedSlack, encodePlaces, type CarriedPlace } from "../src/driver/carriedPlaces.ts";
import { addressOf } from "./largePages.ts";

/** What came of it, or why the files were not found, in which case nothing is changed. */
export type PlacedCarried = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** Fills in the table in `executable`, the bytes of an ELF file, for `files` in their order, without their slack; moves each within its slack to an address for 64-bit words. */
export function placeCarried(executable: Uint8Array, files: readonly Uint8Array[]): PlacedCarried {
  const read = readElf(executable);
  if (!read.ok) return { ok: false, problem: `${read.error.field}: ${read.error.problem}` };
  if (read.file.type !== FileType.executable) return { ok: false, problem: "it is loaded anywhere" };
  const bytes = Buffer.from(executable.buffer, executable.byteOffset, executable.byteLength);
  const tableAt = bytes.indexOf(encodePlaces(files.map(({ length }) => ({ address: 0, length }))));
  if (tableAt < 0) return { ok: false, problem: "it has no table of them, or another one" };
  const found: { readonly from: number; readonly to: number; readonly place: CarriedPlace }[] = [];
  const taken = new Set<number>();
  for (const file of files) {
    let at = bytes.indexOf(file);
    while (taken.has(at)) at = bytes.indexOf(file, at + 1);
    const address = addressOf(read.file, at);
    if (at < 0 || address === undefined) return { ok: false, problem: "one of them is not in it, or in no segment" };
    taken.add(at);
    const shift = -address & (carriedSlack - 1);
    found.push({ from: at, to: at + shift, place: { address: address + shift, length: file.length } });
  }
  found.forEach(({ from, to, place }) => bytes.copyWithin(to, from, from + place.length));
  bytes.set(encodePlaces(found.map(({ place }) => place)), tableAt);
  return { ok: true };
}
