/** What a kernel and a cautious reader expect of an executable: checks for tests and for tools that look at files. */
import { SegmentFlag, SegmentType, SectionFlag, SectionType } from "./constants.ts";
import type { ElfFile } from "./file.ts";

/** The promises that `file` breaks, as sentences; none if all is well. */
export function verifyExecutable(file: ElfFile): string[] {
  const problems: string[] = [];
  const loads = file.segments.filter((s) => s.type === SegmentType.load);
  loads.forEach((s, i) => {
    const name = `segment ${i} at 0x${s.address.toString(16)}`;
    if ((s.flags & SegmentFlag.write) !== 0 && (s.flags & SegmentFlag.execute) !== 0) problems.push(`${name} is both writable and executable`);
    if (s.fileSize > s.memorySize) problems.push(`${name} has more bytes in the file than in memory`);
    if (s.memorySize > s.fileSize && (s.flags & SegmentFlag.write) === 0) problems.push(`${name} wants zeroed memory and isn't writable`);
    if (s.address % s.alignment !== s.offset % s.alignment) problems.push(`${name}: address and offset differ modulo its alignment`);
    const before = loads[i - 1];
    if (before !== undefined && Math.floor(s.address / s.alignment) * s.alignment < before.address + before.memorySize) {
      problems.push(`${name} shares a page with the one before, or comes before it`);
    }
  });
  for (const { type, address, memorySize } of file.segments) {
    if (type !== SegmentType.gnuRelro) continue;
    // the loader protects whole pages of what is mapped, whatever the page size
    const within = loads.find((s) => address >= s.address && address + memorySize <= s.address + s.memorySize);
    if (within === undefined) problems.push("what becomes read-only (PT_GNU_RELRO) is in no segment");
    else if ((within.flags & SegmentFlag.write) === 0) problems.push("what becomes read-only (PT_GNU_RELRO) cannot be written to before");
    else if ((address + memorySize) % within.alignment !== 0) problems.push("what becomes read-only (PT_GNU_RELRO) ends within a page");
  }
  const entrySegment = loads.find((s) => file.entry >= s.address && file.entry < s.address + s.fileSize);
  if (entrySegment === undefined) problems.push(`the entry, 0x${file.entry.toString(16)}, is in no segment`);
  else if ((entrySegment.flags & SegmentFlag.execute) === 0) problems.push("the entry is not executable");
  const stack = file.segments.find((s) => s.type === SegmentType.gnuStack);
  if (stack === undefined) problems.push("nothing says that the stack isn't executable (PT_GNU_STACK)");
  else if ((stack.flags & SegmentFlag.execute) !== 0) problems.push("the stack is executable");
  for (const s of file.sections) {
    if ((s.flags & SectionFlag.alloc) === 0 || (s.flags & SectionFlag.tls) !== 0) continue;
    if (s.address % s.alignment !== 0) problems.push(`section ${s.name} is not aligned to ${s.alignment}`);
    const within = loads.find((l) => s.address >= l.address && s.address + s.size <= l.address + l.memorySize);
    if (within === undefined) problems.push(`section ${s.name} is in no segment`);
    else if (s.type !== SectionType.nobits && s.address + s.size > within.address + within.fileSize) problems.push(`section ${s.name} has no bytes in the file`);
    else if ((within.flags & SegmentFlag.write) === 0 && (s.flags & SectionFlag.write) !== 0) problems.push(`section ${s.name} can't be written`);
  }
  return problems;
}
