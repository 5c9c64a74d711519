/** What Windows 10 and 11 demand of an executable, and what an ordinary one is like. Written from what the loader checks, not from what our writer does. */
import { alignUp } from "../align.ts";
import { Directory, FileFlag, ImageFlag, Machine, SectionFlag, Subsystem } from "./constants.ts";
import { offsetOf } from "./read.ts";
import type { PeFile } from "./read.ts";
import { verifyUnwindArm64 } from "./verifyUnwind_arm64.ts";

/** The rules that the file breaks, as sentences that name the field; none if all is well. */
export function verifyPe(file: PeFile, bytes: Uint8Array): string[] {
  const problems: string[] = [];
  const rule = (fine: boolean, problem: string): void => {
    if (!fine) problems.push(problem);
  };
  const arm = file.machine === Machine.arm64;
  rule(file.machine === Machine.amd64 || arm, "Machine: neither x64 nor ARM64");
  rule((file.fileFlags & FileFlag.executableImage) !== 0, "Characteristics: not an executable image");
  rule((file.fileFlags & FileFlag.largeAddressAware) !== 0, "Characteristics: not aware of large addresses");
  rule((file.fileFlags & FileFlag.dll) === 0, "Characteristics: a library");
  const flags = file.imageFlags;
  rule((flags & ImageFlag.dynamicBase) !== 0, "DllCharacteristics: no DYNAMIC_BASE");
  rule((flags & ImageFlag.nxCompatible) !== 0, "DllCharacteristics: no NX_COMPAT");
  rule((flags & ImageFlag.highEntropy) !== 0, "DllCharacteristics: no HIGH_ENTROPY_VA");
  rule((flags & (ImageFlag.forceIntegrity | ImageFlag.appContainer)) === 0, "DllCharacteristics: FORCE_INTEGRITY or APPCONTAINER");
  rule((flags & ImageFlag.guardCf) === 0, "DllCharacteristics: GUARD_CF without its tables");
  rule((file.fileFlags & FileFlag.relocsStripped) === 0, "Characteristics: RELOCS_STRIPPED beside DYNAMIC_BASE");
  rule(file.subsystem === Subsystem.console || file.subsystem === Subsystem.gui, "Subsystem: neither console nor GUI");
  const [major, minor] = file.subsystemVersion;
  rule(major < 6 || (major === 6 && minor < 3) || file.directories[Directory.loadConfig].address !== 0, "MajorSubsystemVersion: from 6.3 on a load configuration is demanded");
  rule(file.base % 0x1_0000 === 0, "ImageBase: no multiple of 64 KiB");
  rule(!arm || file.base >= 0x1_0000_0000, "ImageBase: below 4 GiB on ARM64");
  rule(isPower(file.fileAlignment) && file.fileAlignment >= 512 && file.fileAlignment <= file.sectionAlignment, "FileAlignment: no power of two from 512 to SectionAlignment");
  rule(isPower(file.sectionAlignment) && file.sectionAlignment >= 4096, "SectionAlignment: no power of two from 4096 on");
  rule(file.headerSize >= file.tableEnd, "SizeOfHeaders: does not cover the table of sections");
  rule(file.headerSize % file.fileAlignment === 0 && file.headerSize <= bytes.length, "SizeOfHeaders: no multiple of FileAlignment within the file");
  verifySections(file, rule);
  for (const [index, { address, size }] of file.directories.entries()) {
    if (address === 0) continue;
    rule(size > 0, `directory ${index}: an address without a size`);
    if (index !== Directory.certificates) rule(address + size <= file.imageSize, `directory ${index}: outside of the image`);
  }
  const entry = file.sections.find((s) => file.entry >= s.address && file.entry < s.address + s.memorySize);
  rule(entry !== undefined && (entry.flags & SectionFlag.execute) !== 0, "AddressOfEntryPoint: not in executable memory");
  verifyImports(file, rule);
  verifyRelocations(file, arm, bytes, rule);
  verifyFunctions(file, bytes, rule);
  return problems;
}

export type Rule = (fine: boolean, problem: string) => void;

const isPower = (n: number): boolean => n > 0 && Number.isInteger(Math.log2(n));

function verifySections(file: PeFile, rule: Rule): void {
  let next = alignUp(file.headerSize, Math.max(1, file.sectionAlignment));
  for (const s of file.sections) {
    rule(s.memorySize > 0, `${s.name}.VirtualSize: 0`);
    rule(s.address === next, `${s.name}.VirtualAddress: does not follow the section before it`);
    rule(s.fileSize === 0 || s.offset % 512 === 0, `${s.name}.PointerToRawData: no multiple of 512`);
    rule(s.fileSize === 0 || s.offset >= file.headerSize, `${s.name}.PointerToRawData: within the headers`);
    rule((s.flags & SectionFlag.write) === 0 || (s.flags & SectionFlag.execute) === 0, `${s.name}.Characteristics: writable and executable`);
    rule((s.flags & SectionFlag.read) !== 0, `${s.name}.Characteristics: not readable`);
    next = alignUp(s.address + Math.max(s.memorySize, 1), Math.max(1, file.sectionAlignment));
  }
  rule(file.imageSize === next, "SizeOfImage: not the end of the last section");
  const raw = file.sections.filter((s) => s.fileSize > 0).sort((a, b) => a.offset - b.offset);
  raw.forEach((s, i) => rule(i === 0 || s.offset >= raw[i - 1].offset + raw[i - 1].fileSize, `${s.name}.PointerToRawData: overlaps another section`));
}

function verifyImports(file: PeFile, rule: Rule): void {
  rule(file.imports.length > 0, "import directory: none, which is what scanners for viruses wait for");
  const table = file.directories[Directory.importAddresses];
  for (const { name, slot, library } of file.imports) {
    rule(name !== "" && library !== "", `import ${library}!${name}: without a name`);
    rule(slot % 8 === 0, `FirstThunk of ${name}: not aligned`);
    const section = file.sections.find((s) => slot >= s.address && slot < s.address + s.memorySize);
    const writable = section !== undefined && (section.flags & SectionFlag.write) !== 0;
    rule(writable || (slot >= table.address && slot + 8 <= table.address + table.size), `FirstThunk of ${name}: in read-only memory that directory 12 does not cover`);
  }
}

function verifyRelocations(file: PeFile, arm: boolean, bytes: Uint8Array, rule: Rule): void {
  rule(file.directories[Directory.baseRelocations].address !== 0, `base relocations: none, and the image may be placed anywhere${arm ? " (ARM64 refuses it)" : ""}`);
  file.relocationBlocks.forEach(({ page, size }, i) => {
    rule(page % 0x1000 === 0, "base relocations: a block's page is none");
    rule(size % 4 === 0, "base relocations: a block's size is no multiple of 4");
    rule(i === 0 || page > file.relocationBlocks[i - 1].page, "base relocations: the blocks do not rise");
  });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen = new Set<number>();
  for (const address of file.relocations) {
    rule(!seen.has(address), `base relocation at 0x${address.toString(16)}: twice`);
    seen.add(address);
    const offset = offsetOf(file, address);
    if (offset < 0 || offset + 8 > bytes.length) {
      rule(false, `base relocation at 0x${address.toString(16)}: no bytes there`);
      continue;
    }
    const target = view.getUint32(offset + 4, true) * 0x1_0000_0000 + view.getUint32(offset, true) - file.base;
    rule(target >= 0 && target <= file.imageSize, `base relocation at 0x${address.toString(16)}: the word there points out of the image`);
  }
}

/** x64: entries rise and do not overlap, and unwind information is well-formed ("x64 exception handling"). */
function verifyFunctions(file: PeFile, bytes: Uint8Array, rule: Rule): void {
  if (file.machine === Machine.arm64) return verifyUnwindArm64(file, bytes, rule);
  const code = file.sections.filter((s) => (s.flags & SectionFlag.execute) !== 0);
  let last = 0;
  for (const { begin, end, unwind } of file.functions) {
    const name = `function at 0x${begin.toString(16)}`;
    rule(begin >= last && end > begin, `${name}: entries do not rise`);
    rule(code.some((s) => begin >= s.address && end <= s.address + s.memorySize), `${name}: not in code`);
    last = end;
    const at = offsetOf(file, unwind);
    if (at < 0 || at + 4 > bytes.length || unwind % 4 !== 0) {
      rule(false, `${name}: its unwind information is not in the file`);
      continue;
    }
    const [head, prologue, count, frame] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    rule((head & 7) === 1, `${name}: unwind version ${head & 7}`);
    rule(prologue <= end - begin, `${name}: its prologue is longer than itself`);
    rule(at + 4 + count * 2 <= bytes.length, `${name}: unwind codes outside of the file`);
    rule((frame & 15) !== 0 || frame >> 4 === 0, `${name}: a frame offset without a register`);
    verifyCodes(bytes, at + 4, count, prologue, name, rule);
  }
}

/** Slots that a code takes, by operation; two more for allocations and saves with a wide field. */
function slotsOf(operation: number, info: number): number {
  switch (operation) {
    case 0:
    case 2:
    case 3:
    case 10: return 1;
    case 1: return info === 0 ? 2 : 3;
    case 4:
    case 8: return 2;
    case 5:
    case 9: return 3;
    default: return 0;
  }
}

function verifyCodes(bytes: Uint8Array, at: number, count: number, prologue: number, name: string, rule: Rule): void {
  let before = 255;
  for (let i = 0; i < count; ) {
    const [offset, word] = [bytes[at + i * 2] ?? 0, bytes[at + i * 2 + 1] ?? 0];
    const slots = slotsOf(word & 15, word >> 4);
    if (slots === 0) return rule(false, `${name}: unwind operation ${word & 15}`);
    rule(offset <= prologue, `${name}: an unwind code behind the prologue`);
    rule(offset <= before, `${name}: unwind codes do not descend`);
    rule(i + slots <= count, `${name}: the last unwind code is cut short`);
    before = offset;
    i += slots;
  }
}
