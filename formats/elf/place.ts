/**
 * Addresses and file offsets of an executable's sections. The file is not padded to pages: offset and address agree modulo
 * the page size, and where the access changes the address moves on to the next page while the offset does not, so one page of the
 * file may be mapped twice.
 */
import { alignUp } from "../align.ts";
import { SectionFlag, SectionType, SegmentFlag, SegmentType } from "./constants.ts";
import type { ElfSegment } from "./file.ts";
import { FileHeader, ProgramHeader } from "./layouts.ts";

/** What placing needs to know of a section. */
export interface PlacedSection {
  /** sh_type */
  readonly type: number;
  /** sh_flags */
  readonly flags: number;
  readonly alignment: number;
  readonly size: number;
  /** Whether the loader, when it has written there, makes it read-only (PT_GNU_RELRO). Such sections come first of the writable. */
  readonly readOnlyAfter?: boolean;
}

export interface PlaceOptions {
  /** Address of the file's first byte. */
  readonly base: number;
  /** The largest page size the file must run with. */
  readonly pageSize: number;
  /** As few segments as possible: read-only data lies with the code, in one segment with the headers. */
  readonly compact: boolean;
  /** Program headers that the caller adds. */
  readonly moreSegments?: number;
}

export interface Placement {
  /** By section; 0 for sections that aren't loaded. */
  readonly address: Float64Array;
  /** By section, from the file's start. */
  readonly offset: Float64Array;
  readonly segments: readonly ElfSegment[];
  /** Where the last section's bytes end in the file. */
  readonly fileSize: number;
  /** One past the last address that is mapped from a section. */
  readonly end: number;
  /** Size of the thread-local block, a multiple of its alignment; the thread pointer is at its end (x86_64, variant II). */
  readonly threadBlock: { readonly address: number; readonly size: number };
}

interface Group {
  readonly flags: number;
  readonly readOnlyAfter: boolean;
  readonly sections: number[];
}

/**
 * Places `sections`, which come in the order of their access (read, execute, write), zeroed ones last among the writable, thread-local
 * ones first, unloaded ones at the very end.
 */
export function placeExecutable(sections: readonly PlacedSection[], options: PlaceOptions): Placement {
  const groups = groupByAccess(sections, options.compact);
  const threadLocal = sections.some((s) => isThreadLocal(s));
  const segmentCount = groups.length + (groups.some((g) => g.readOnlyAfter) ? 1 : 0) + (threadLocal ? 1 : 0) + 1 + (options.moreSegments ?? 0);
  const address = new Float64Array(sections.length);
  const offset = new Float64Array(sections.length);
  const segments: ElfSegment[] = [];
  const thread = { address: 0, fileEnd: 0, end: 0, alignment: 1, offset: 0, seen: false };

  let fileAt = FileHeader.size + segmentCount * ProgramHeader.size;
  let memoryAt = options.base + fileAt;
  groups.forEach((group, g) => {
    let startOffset = 0;
    let startAddress = options.base;
    if (g > 0) {
      memoryAt = alignUp(memoryAt, options.pageSize) + (fileAt % options.pageSize);
      startOffset = fileAt;
      startAddress = memoryAt;
    }
    let fileEnd = fileAt;
    for (const i of group.sections) {
      const s = sections[i];
      const start = alignUp(memoryAt, s.alignment);
      const startFile = startOffset + (start - startAddress);
      address[i] = start;
      if (s.type === SectionType.nobits) {
        offset[i] = fileEnd;
      } else {
        offset[i] = startFile;
        fileEnd = startFile + s.size;
      }
      if (isThreadLocal(s)) {
        if (!thread.seen) Object.assign(thread, { seen: true, address: start, offset: offset[i], fileEnd: start });
        thread.end = start + s.size;
        thread.alignment = Math.max(thread.alignment, s.alignment);
        if (s.type !== SectionType.nobits) thread.fileEnd = start + s.size;
        else continue; // .tbss is only ever copied from zero: it takes no room in the image
      }
      memoryAt = start + s.size;
    }
    fileAt = fileEnd;
    // What becomes read-only is whole pages; what the file has no bytes for is zero.
    if (group.readOnlyAfter) memoryAt = alignUp(memoryAt, options.pageSize);
    segments.push({
      type: SegmentType.load, flags: group.flags, offset: startOffset, address: startAddress,
      fileSize: fileEnd - startOffset, memorySize: memoryAt - startAddress, alignment: options.pageSize,
    });
  });
  const end = memoryAt;
  const readOnlyAfter = groups.findIndex((g) => g.readOnlyAfter);
  if (readOnlyAfter >= 0) segments.push({ ...segments[readOnlyAfter], type: SegmentType.gnuRelro, flags: SegmentFlag.read, alignment: 1 });
  const threadSize = alignUp(thread.end - thread.address, thread.alignment);
  if (thread.seen) {
    segments.push({
      type: SegmentType.tls, flags: SegmentFlag.read, offset: thread.offset, address: thread.address,
      fileSize: thread.fileEnd - thread.address, memorySize: thread.end - thread.address, alignment: thread.alignment,
    });
  }
  // without it older kernels make the stack executable
  segments.push({ type: SegmentType.gnuStack, flags: SegmentFlag.read | SegmentFlag.write, offset: 0, address: 0, fileSize: 0, memorySize: 0, alignment: 16 });

  sections.forEach((s, i) => {
    if ((s.flags & SectionFlag.alloc) !== 0) return;
    offset[i] = alignUp(fileAt, Math.max(s.alignment, 1));
    fileAt = offset[i] + s.size;
  });
  return { address, offset, segments, fileSize: fileAt, end, threadBlock: { address: thread.address, size: threadSize } };
}

function isThreadLocal(s: PlacedSection): boolean {
  return (s.flags & SectionFlag.tls) !== 0;
}

function groupByAccess(sections: readonly PlacedSection[], compact: boolean): Group[] {
  const groups: Group[] = [];
  sections.forEach((s, i) => {
    if ((s.flags & SectionFlag.alloc) === 0) return;
    const writable = (s.flags & SectionFlag.write) !== 0;
    const executable = (s.flags & SectionFlag.execute) !== 0;
    if (writable && executable) throw new Error("formats/elf/place.groupByAccess: a section is both writable and executable");
    let flags: number = SegmentFlag.read;
    if (writable) flags |= SegmentFlag.write;
    else if (executable || compact) flags |= SegmentFlag.execute;
    const last = groups.at(-1);
    const readOnlyAfter = s.readOnlyAfter === true;
    if (last?.flags === flags && last.readOnlyAfter === readOnlyAfter) last.sections.push(i);
    else groups.push({ flags, readOnlyAfter, sections: [i] });
  });
  // the headers need a segment that nobody can write
  if (groups.length === 0 || (groups[0].flags & SegmentFlag.write) !== 0) groups.unshift({ flags: SegmentFlag.read, readOnlyAfter: false, sections: [] });
  return groups;
}
