/** A relocatable object (MH_OBJECT): one segment without a name that holds all sections, their relocations, symbols. */
import { alignUp } from "../align.ts";
import { Command, FileType, MAGIC_64, PLATFORM_MACOS, SectionType } from "./constants.ts";
import type { MachSymbols } from "./image.ts";
import { BuildVersionCommand, DysymtabCommand, MachHeader, NLIST_SIZE, RELOCATION_SIZE, Section, SegmentCommand, SymtabCommand } from "./layouts.ts";
import { nameTable, putText, writeSymbols } from "./symbolTable.ts";

export interface MachRelocation {
  /** In the section. */
  readonly offset: number;
  /** Number of a symbol; with `external` false the number of a section, from 1, or the addend of the next one (ARM64_RELOC_ADDEND). */
  readonly symbol: number;
  /** The field's eight bytes count from the start of the section `symbol`, whose address is added to them. */
  readonly addressed?: boolean;
  readonly external: boolean;
  readonly pcRelative: boolean;
  /** Logarithm of the field's bytes. */
  readonly length: number;
  readonly type: number;
}

export interface MachObjectSection {
  readonly segment: string;
  readonly name: string;
  readonly flags: number;
  /** A power of two. */
  readonly alignment: number;
  readonly size: number;
  /** Empty for zeroed memory. */
  readonly content: Uint8Array;
  readonly relocations: readonly MachRelocation[];
}

export interface MachObject {
  readonly cpu: { readonly type: number; readonly subtype: number };
  readonly minimumVersion: number;
  readonly kitVersion: number;
  readonly sections: readonly MachObjectSection[];
  /** Values count from the section's start. */
  readonly symbols: MachSymbols;
}

/** The bytes of the .o. */
export function writeMachObject({ cpu, minimumVersion, kitVersion, sections, symbols }: MachObject): Uint8Array<ArrayBuffer> {
  const segmentSize = SegmentCommand.size + sections.length * Section.size;
  const commands = segmentSize + BuildVersionCommand.size + SymtabCommand.size + DysymtabCommand.size;
  const start = alignUp(MachHeader.size + commands, 16);
  let memory = 0;
  // zeroed sections come last in memory, and have nothing in the file
  const isZero = ({ flags }: MachObjectSection): boolean => (flags & 0xff) === SectionType.zeroFill;
  const addresses = new Float64Array(sections.length);
  let fileSize = 0;
  for (const zeros of [false, true]) {
    sections.forEach((section, i) => {
      if (isZero(section) !== zeros) return;
      memory = alignUp(memory, section.alignment);
      addresses[i] = memory;
      memory += section.size;
      if (!zeros) fileSize = memory;
    });
  }
  let at = alignUp(start + fileSize, 8);
  const take = (size: number): number => {
    const own = at;
    at = alignUp(at + size, 8);
    return own;
  };
  const relocationsAt = sections.map(({ relocations }) => (relocations.length === 0 ? 0 : take(relocations.length * RELOCATION_SIZE)));
  const symbolsAt = take(symbols.count * NLIST_SIZE);
  const names = nameTable(symbols.names);
  const namesAt = take(names.text.length);
  const file = new Uint8Array(at);
  const view = new DataView(file.buffer);
  MachHeader.write(file, 0, { magic: MAGIC_64, cputype: cpu.type, cpusubtype: cpu.subtype, filetype: FileType.object, ncmds: 4, sizeofcmds: commands, flags: 0, reserved: 0 });
  SegmentCommand.write(file, MachHeader.size, {
    cmd: Command.segment64, cmdsize: segmentSize, segname: "", vmaddr: 0, vmsize: memory, fileoff: start, filesize: fileSize, maxprot: 7, initprot: 7, nsects: sections.length, flags: 0,
  });
  sections.forEach((section, i) => {
    const { name, segment, size, alignment, flags, content, relocations } = section;
    const offset = isZero(section) ? 0 : start + addresses[i];
    Section.write(file, MachHeader.size + SegmentCommand.size + i * Section.size, {
      sectname: name, segname: segment, addr: addresses[i], size, offset, align: Math.log2(alignment), reloff: relocationsAt[i], nreloc: relocations.length,
      flags, reserved1: 0, reserved2: 0, reserved3: 0,
    });
    file.set(content, offset);
    relocations.forEach((relocation, r) => {
      if (relocation.addressed === true) {
        const field = offset + relocation.offset;
        view.setBigUint64(field, view.getBigUint64(field, true) + BigInt(addresses[relocation.symbol - 1]), true);
      }
      const to = relocationsAt[i] + r * RELOCATION_SIZE;
      view.setInt32(to, relocation.offset, true);
      view.setUint32(to + 4, ((relocation.symbol & 0xff_ffff) | (relocation.pcRelative ? 1 << 24 : 0) | (relocation.length << 25) | (relocation.external ? 1 << 27 : 0) | (relocation.type << 28)) >>> 0, true);
    });
  });
  let command = MachHeader.size + segmentSize;
  BuildVersionCommand.write(file, command, { cmd: Command.buildVersion, cmdsize: BuildVersionCommand.size, platform: PLATFORM_MACOS, minos: minimumVersion, sdk: kitVersion, ntools: 0 });
  command += BuildVersionCommand.size;
  SymtabCommand.write(file, command, { cmd: Command.symtab, cmdsize: SymtabCommand.size, symoff: symbolsAt, nsyms: symbols.count, stroff: namesAt, strsize: names.text.length });
  command += SymtabCommand.size;
  const { localCount, definedCount } = symbols;
  DysymtabCommand.write(file, command, {
    cmd: Command.dysymtab, cmdsize: DysymtabCommand.size, ilocalsym: 0, nlocalsym: localCount, iextdefsym: localCount, nextdefsym: definedCount, iundefsym: localCount + definedCount,
    nundefsym: symbols.count - localCount - definedCount, tocoff: 0, ntoc: 0, modtaboff: 0, nmodtab: 0, extrefsymoff: 0, nextrefsyms: 0, indirectsymoff: 0, nindirectsyms: 0,
    extreloff: 0, nextrel: 0, locreloff: 0, nlocrel: 0,
  });
  const value = symbols.value.map((v, i) => (symbols.section[i] === 0 ? v : v + addresses[symbols.section[i] - 1]));
  writeSymbols(view, symbolsAt, { ...symbols, value }, names.offsets);
  putText(file, namesAt, names.text);
  return file;
}
