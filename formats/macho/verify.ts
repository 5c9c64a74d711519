/**
 * What macOS 12 to 26 demands of a main executable: the kernel's rules, dyld's, and those of codesign and strip for changing the file later. Written from
 * what those systems check, not from what our writer does.
 */
import { Command, Cpu, DYLINKER, FileType, HeaderFlag, LIBSYSTEM, PLATFORM_MACOS, PointerFormat, Protection, REQUIRED_BIT, SEGMENT_READ_ONLY, SectionType } from "./constants.ts";
import type { MachFile, ReadSegment } from "./read.ts";
import { verifySignature } from "./verifySignature.ts";

const known = new Set<number>(Object.values(Command));
const zeroFill = new Set<number>([SectionType.zeroFill, SectionType.gbZeroFill, SectionType.threadZeroFill]);
/** cmdsize of commands that dyld wants exact. */
const exactSizes: Readonly<Record<number, number>> = {
  [Command.symtab]: 24, [Command.dysymtab]: 80, [Command.uuid]: 24, [Command.main]: 24, [Command.dyldChainedFixups]: 16, [Command.dyldExportsTrie]: 16, [Command.codeSignature]: 16,
  [Command.functionStarts]: 16, [Command.dataInCode]: 16,
};

/** The rules that the file breaks, as sentences that name the field; none if all is well. */
export function verifyMacho(file: MachFile, bytes: Uint8Array): string[] {
  const problems: string[] = [];
  const rule = (fine: boolean, problem: string): void => {
    if (!fine) problems.push(problem);
  };
  const arm = file.cpuType === Cpu.arm64.type;
  const page = arm ? 0x4000 : 0x1000;
  const count = (command: number): number => file.commands.filter((c) => c.command === command).length;

  rule(file.cpuType === Cpu.arm64.type || file.cpuType === Cpu.x86_64.type, "cputype: neither x86_64 nor arm64");
  rule(file.cpuSubtype % 0x100_0000 === (arm ? Cpu.arm64.subtype : Cpu.x86_64.subtype), "cpusubtype: not the plain one");
  rule(file.fileType === FileType.execute, "filetype: not MH_EXECUTE");
  rule((file.flags & HeaderFlag.dyldLink) !== 0, "flags: no MH_DYLDLINK");
  rule((file.flags & HeaderFlag.pie) !== 0, "flags: no MH_PIE");
  rule((file.flags & HeaderFlag.dylibInCache) === 0, "flags: MH_DYLIB_IN_CACHE");
  for (const { command, size } of file.commands) {
    rule(known.has(command) || command < REQUIRED_BIT, `cmd: 0x${command.toString(16)} is required and unknown`);
    const exact = exactSizes[command];
    rule(exact === undefined || size === exact, `cmdsize: ${size} for command 0x${command.toString(16)}, which has ${exact}`);
  }
  // arm64 has known LC_MAIN only; on x86_64 dyld still honours what was before
  const threads = arm ? 0 : count(Command.unixThread);
  rule(count(Command.main) + threads === 1, "LC_MAIN: not there once");
  rule(count(Command.unixThread) === threads && (threads === 0 || count(Command.main) === 0), "LC_UNIXTHREAD: beside LC_MAIN");
  rule(count(Command.uuid) === 1, "LC_UUID: not there once (macOS 26 refuses the program)");
  rule(file.uuid?.some((byte) => byte !== 0) === true, "LC_UUID: all zero");
  rule(count(Command.buildVersion) + count(Command.versionMinMacos) === 1, "LC_BUILD_VERSION: not there once");
  rule(file.platform === PLATFORM_MACOS, "LC_BUILD_VERSION.platform: not macOS");
  rule(!arm || file.minimumVersion >= 0xb_0000, "LC_BUILD_VERSION.minos: below 11.0 on arm64");
  rule(file.kitVersion >= file.minimumVersion, "LC_BUILD_VERSION.sdk: below minos");
  rule(count(Command.loadDylinker) === 1 && file.dylinker === DYLINKER, `LC_LOAD_DYLINKER: not ${DYLINKER}`);
  rule(file.libraries.includes(LIBSYSTEM), "LC_LOAD_DYLIB: no libSystem");
  rule(new Set(file.libraries).size === file.libraries.length, "LC_LOAD_DYLIB: a library twice");
  rule(file.stackSize % page === 0, "LC_MAIN.stacksize: no multiple of the page size");
  rule(count(Command.dyldChainedFixups) === 0 || count(Command.dyldInfoOnly) + count(Command.dyldInfo) === 0, "LC_DYLD_INFO: beside LC_DYLD_CHAINED_FIXUPS");
  rule(count(Command.dyldChainedFixups) === 0 || file.minimumVersion >= 0xc_0000, "LC_DYLD_CHAINED_FIXUPS: systems before 12 do not know this format");

  verifySegments(file, bytes, page, arm, rule);
  verifyFixups(file, page, rule);
  verifyLinkedit(file, rule);
  const signature = file.parts["signature"];
  rule(signature !== undefined || !arm, "LC_CODE_SIGNATURE: none, and arm64 demands one");
  if (signature !== undefined) for (const problem of verifySignature(bytes, signature, file.segments.find((s) => s.name === "__TEXT")?.fileSize ?? 0)) problems.push(problem);
  return problems;
}

type Rule = (fine: boolean, problem: string) => void;

function verifySegments(file: MachFile, bytes: Uint8Array, page: number, arm: boolean, rule: Rule): void {
  const { segments } = file;
  const text = segments.find((s) => s.name === "__TEXT");
  const zero = segments.find((s) => s.name === "__PAGEZERO");
  rule(zero !== undefined && zero.address === 0 && zero.fileSize === 0 && zero.protection === 0 && zero.maximumProtection === 0, "__PAGEZERO: not there, or not empty");
  rule((zero?.memorySize ?? 0) >= (arm ? 0x1_0000_0000 : 0x1000), "__PAGEZERO.vmsize: too small");
  rule(text !== undefined && text.offset === 0 && text.protection === (Protection.read | Protection.execute), "__TEXT: does not start the file, readable and executable");
  rule(!arm || (file.entryOffset ?? 0) % 4 === 0, "LC_MAIN.entryoff: no multiple of 4");
  const firstSection = Math.min(...(text?.sections ?? []).map((s) => s.offset));
  rule(32 + file.commandsSize + 32 <= firstSection, "sizeofcmds: fewer than 32 bytes are left before the first section");
  rule(text !== undefined && file.entryOffset !== undefined && file.entryOffset >= 32 + file.commandsSize && file.entryOffset < text.fileSize, "LC_MAIN.entryoff: not in __TEXT behind the load commands");
  rule(segments.filter((s) => s.offset === 0 && s.fileSize > 0).length === 1, "fileoff: several segments start the file");
  rule(segments.filter((s) => (s.flags & SEGMENT_READ_ONLY) !== 0).length <= 1, "SG_READ_ONLY: on several segments");
  rule(new Set(segments.map((s) => s.name)).size === segments.length, "segname: twice");
  segments.forEach((s, i) => {
    const before = segments[i - 1];
    rule(s.address % page === 0, `${s.name}.vmaddr: not on a page`);
    rule(s.offset % page === 0, `${s.name}.fileoff: not on a page`);
    rule(s.fileSize <= s.memorySize || (s.memorySize === 0 && s.protection === 0), `${s.name}.filesize: more than vmsize`);
    rule((s.protection & 6) !== 6, `${s.name}.initprot: writable and executable`);
    rule((s.protection & ~s.maximumProtection) === 0, `${s.name}.initprot: more than maxprot`);
    if (before !== undefined) {
      rule(s.address >= before.address + before.memorySize, `${s.name}.vmaddr: overlaps ${before.name}, or comes before it`);
      rule(s.fileSize === 0 || s.offset >= before.offset + before.fileSize, `${s.name}.fileoff: overlaps ${before.name}, or comes before it`);
    }
    if (s.name === "__DATA" || s.name === "__DATA_CONST") rule(s.protection === 3, `${s.name}.initprot: not rw-`);
    // dyld of macOS 26 asks it of what was made for that system
    if (s.name === "__DATA_CONST" && file.kitVersion >= 26 << 16) rule((s.flags & SEGMENT_READ_ONLY) !== 0, "__DATA_CONST.flags: no SG_READ_ONLY");
    rule(s.fileSize > 0 || segments.every((o) => o === s || !(s.offset > o.offset && s.offset < o.offset + o.fileSize)), `${s.name}.fileoff: empty, and within another segment`);
    verifyZeroTail(s, bytes, page, rule);
    verifySections(s, rule);
  });
  const last = segments[segments.length - 1];
  rule(last?.name === "__LINKEDIT" && last.protection === Protection.read, "__LINKEDIT: not the last, readable only");
  rule(last !== undefined && last.offset + last.fileSize === file.size, "__LINKEDIT: does not cover the end of the file");
}

/** The kernel maps the file's last page whole: what is zeroed memory there must be zero in the file. */
function verifyZeroTail(s: ReadSegment, bytes: Uint8Array, page: number, rule: Rule): void {
  if (s.memorySize <= s.fileSize || s.fileSize % page === 0) return;
  const end = Math.min(bytes.length, s.offset + Math.ceil(s.fileSize / page) * page);
  rule(bytes.subarray(s.offset + s.fileSize, end).every((byte) => byte === 0), `${s.name}.filesize: ends within a page whose rest is not zero`);
}

function verifySections(s: ReadSegment, rule: Rule): void {
  let zeroed = false;
  for (const section of s.sections) {
    const name = `${s.name},${section.name}`;
    const isZero = zeroFill.has(section.flags & 255);
    if (s.memorySize > 0) rule(section.address >= s.address && section.address + section.size <= s.address + s.memorySize, `${name}.addr: not in its segment`);
    rule(section.address % section.alignment === 0 || s.memorySize === 0, `${name}.addr: not aligned`);
    if (isZero) rule(section.offset === 0, `${name}.offset: of zeroed memory`);
    else {
      rule(section.offset === s.offset + section.address - s.address, `${name}.offset: does not belong to its address`);
      rule(section.address - s.address + section.size <= s.fileSize, `${name}.size: not in the file`);
      rule(!zeroed, `${name}: bytes behind zeroed memory`);
    }
    zeroed ||= isZero;
  }
}

function verifyFixups(file: MachFile, page: number, rule: Rule): void {
  const { fixups } = file;
  if (fixups === undefined) return;
  const text = file.segments.find((s) => s.name === "__TEXT");
  rule(fixups.segmentCount === file.segments.length, "seg_count: not the number of segments");
  rule((file.parts["fixups"]?.offset ?? 0) % 8 === 0, "LC_DYLD_CHAINED_FIXUPS.dataoff: no multiple of 8");
  for (const { segment, pageSize, format, segmentOffset, pageCount } of fixups.segments) {
    const s = file.segments[segment];
    rule(pageSize === page, `${s.name}.page_size: not the kernel's`);
    rule(format === PointerFormat.ptr64Offset || format === PointerFormat.ptr64, `${s.name}.pointer_format: not a plain 64-bit one`);
    rule(segmentOffset === s.address - (text?.address ?? 0), `${s.name}.segment_offset: not the segment's`);
    rule(pageCount * pageSize <= Math.ceil(s.fileSize / pageSize) * pageSize, `${s.name}.page_count: counts pages that are not in the file`);
    rule(s.protection === 3, `${s.name}.initprot: not rw-, and there are fixups`);
  }
  rule(new Set(fixups.segments.map((s) => s.format)).size <= 1, "pointer_format: differs from segment to segment");
  const end = file.segments.reduce((most, s) => Math.max(most, s.address + s.memorySize), 0) - (text?.address ?? 0);
  // DYLD_CHAINED_PTR_64 holds addresses, the other format offsets from the header.
  const base = fixups.segments.some((s) => s.format === PointerFormat.ptr64) ? text?.address ?? 0 : 0;
  fixups.value.forEach((value, i) => rule(fixups.bind[i] || (value >= base && value - base < end), `target of the pointer at 0x${fixups.offset[i].toString(16)}: outside of the image`));
  for (const { library, name } of fixups.imports) {
    // 0 the image itself, -1 the main executable, -2 any library, -3 weak
    rule(library <= file.libraries.length || library >= 253, `lib_ordinal of ${name}: no library's`);
    rule(name !== "", "name_offset: an import without a name");
  }
}

/** The order in which codesign and strip can process __LINKEDIT: contiguous, nothing overlapping. */
function verifyLinkedit(file: MachFile, rule: Rule): void {
  const linkedit = file.segments.find((s) => s.name === "__LINKEDIT");
  if (linkedit === undefined) return;
  const order = ["fixups", "exports", "functions", "data", "symbols", "strings", "signature"].flatMap((name) => {
    const part = file.parts[name];
    return part === undefined || part.size === 0 ? [] : [{ name, ...part }];
  });
  let end = linkedit.offset;
  for (const { name, offset, size } of order) {
    rule(offset >= end, `${name} of __LINKEDIT: overlaps what comes before, or is out of order`);
    rule(offset + size <= linkedit.offset + linkedit.fileSize, `${name}: not in __LINKEDIT`);
    end = Math.max(end, offset + size);
  }
  const signature = file.parts["signature"];
  if (signature !== undefined) {
    rule(signature.offset % 16 === 0, "LC_CODE_SIGNATURE.dataoff: no multiple of 16");
    rule(signature.offset + signature.size === file.size, "LC_CODE_SIGNATURE: not at the end of the file");
  }
}
