/**
 * Chained fixups (macOS 12 and later, <mach-o/fixup-chains.h>): the words that the loader fills in are linked lists, one a page, and each word says
 * itself what it is to become.
 */
import { alignUp } from "../align.ts";
import { IMPORTS_PLAIN, NO_FIXUPS, PointerFormat } from "./constants.ts";
import type { MachFixups, MachImport, MachSegment } from "./image.ts";
import { FixupsHeader, SegmentStarts } from "./layouts.ts";

export interface FixupsPlan {
  /** Bytes of the payload. */
  readonly size: number;
  /** Writes the payload at `at` of the file, and makes chains of the words, which hold addresses by now. */
  write(file: Uint8Array, at: number): void;
}

/** The payload's parts in order: header, starts by segment, imports, names. `base` is the address of the header. */
export function planFixups(segments: readonly MachSegment[], base: number, pageSize: number, fixups: MachFixups, imports: readonly MachImport[]): FixupsPlan {
  const startsAt = alignUp(FixupsHeader.size, 8);
  const counts = segments.map(() => 0);
  const segmentOf = new Int32Array(fixups.address.length);
  for (let i = 0; i < fixups.address.length; i++) {
    const address = fixups.address[i];
    const s = segments.findIndex((segment) => address >= segment.address && address + 8 <= segment.address + segment.fileSize);
    if (s < 0) throw new Error(`formats/macho/chainedFixups.planFixups: 0x${address.toString(16)} is in no segment`);
    segmentOf[i] = s;
    counts[s]++;
  }
  let at = alignUp(4 + 4 * segments.length, 8);
  const offsets = segments.map((segment, s) => {
    if (counts[s] === 0) return 0;
    const own = at;
    at += alignUp(SegmentStarts.size + 2 * Math.ceil(segment.fileSize / pageSize), 8);
    return own;
  });
  const importsAt = startsAt + at;
  const symbolsAt = importsAt + imports.length * 4;
  const nameOffsets: number[] = [];
  let symbols = "\0";
  for (const { name } of imports) {
    nameOffsets.push(symbols.length);
    symbols += `${name}\0`;
  }
  const size = alignUp(symbolsAt + symbols.length, 8);
  return { size, write };

  function write(file: Uint8Array, payload: number): void {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    FixupsHeader.write(file, payload, {
      fixups_version: 0, starts_offset: startsAt, imports_offset: importsAt, symbols_offset: symbolsAt, imports_count: imports.length, imports_format: IMPORTS_PLAIN, symbols_format: 0,
    });
    const starts = payload + startsAt;
    view.setUint32(starts, segments.length, true);
    segments.forEach((segment, s) => {
      view.setUint32(starts + 4 + 4 * s, offsets[s], true);
      if (offsets[s] === 0) return;
      const pages = Math.ceil(segment.fileSize / pageSize);
      const own = starts + offsets[s];
      SegmentStarts.write(file, own, {
        size: SegmentStarts.size + 2 * pages, page_size: pageSize, pointer_format: PointerFormat.ptr64Offset, segment_offset: segment.address - base, max_valid_pointer: 0, page_count: pages,
      });
      for (let p = 0; p < pages; p++) view.setUint16(own + SegmentStarts.size + 2 * p, NO_FIXUPS, true);
      chain(view, segment, s, own + SegmentStarts.size);
    });
    imports.forEach(({ library }, i) => view.setUint32(payload + importsAt + 4 * i, ((nameOffsets[i] << 9) | (library & 0xff)) >>> 0, true));
    for (let i = 0; i < symbols.length; i++) file[payload + symbolsAt + i] = symbols.charCodeAt(i);
  }

  function chain(view: DataView, segment: MachSegment, s: number, pageStarts: number): void {
    const { address } = fixups;
    for (let i = 0; i < address.length; i++) {
      if (segmentOf[i] !== s) continue;
      const offset = address[i] - segment.address;
      if (offset % 4 !== 0 || (offset % pageSize) + 8 > pageSize) throw new Error(`formats/macho/chainedFixups.planFixups: a pointer at 0x${address[i].toString(16)} is not aligned`);
      const page = Math.floor(offset / pageSize);
      if (view.getUint16(pageStarts + 2 * page, true) === NO_FIXUPS) view.setUint16(pageStarts + 2 * page, offset % pageSize, true);
      const follows = i + 1 < address.length && segmentOf[i + 1] === s && Math.floor((address[i + 1] - segment.address) / pageSize) === page;
      const next = follows ? (address[i + 1] - address[i]) / 4 : 0;
      const word = segment.offset + offset;
      if (fixups.import[i] >= 0) {
        view.setUint32(word, fixups.import[i], true);
        view.setUint32(word + 4, ((next << 19) | 0x8000_0000) >>> 0, true);
        continue;
      }
      const target = view.getUint32(word + 4, true) * 0x1_0000_0000 + view.getUint32(word, true) - base;
      if (target < 0 || target >= 2 ** 36) throw new Error(`formats/macho/chainedFixups.planFixups: the pointer at 0x${address[i].toString(16)} leaves the image`);
      view.setUint32(word, target >>> 0, true);
      view.setUint32(word + 4, ((next << 19) | Math.floor(target / 0x1_0000_0000)) >>> 0, true);
    }
  }
}
