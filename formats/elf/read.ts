/**
 * Reads executables and relocatable objects. Any bytes may come in: what is cut short or contradicts itself is an error that names
 * the field, and no table is believed before it is known to lie inside the file.
 */
import { CLASS64, FileType, LITTLE_ENDIAN, MAGIC, SectionFlag, SectionIndex, SectionType, SymbolType, VERSION } from "./constants.ts";
import { SYMBOL_ABSOLUTE, SYMBOL_COMMON, SYMBOL_UNDEFINED } from "./file.ts";
import type { ElfFile, ElfGroup, ElfRelocations, ElfSection, ElfSegment, ElfSymbols } from "./file.ts";
import { FileHeader, ProgramHeader, RELA_SIZE, SectionHeader, SYMBOL_SIZE } from "./layouts.ts";

export interface ElfReadError {
  /** The field at fault, as the ABI names it. */
  readonly field: string;
  /** Its byte offset in the file. */
  readonly offset: number;
  /** What is wrong with it, for people. */
  readonly problem: string;
}
export type ElfReadResult = { readonly ok: true; readonly file: ElfFile } | { readonly ok: false; readonly error: ElfReadError };

/** Carries an error out of the reader's depth; never leaves this file. */
class Malformed extends Error {
  readonly error: ElfReadError;
  constructor(field: string, offset: number, problem: string) {
    super(problem);
    this.error = { field, offset, problem };
  }
}

/** Reads `bytes`; section contents are views of them. */
export function readElf(bytes: Uint8Array): ElfReadResult {
  try {
    return { ok: true, file: new Reader(bytes).file() };
  } catch (failure) {
    if (failure instanceof Malformed) return { ok: false, error: failure.error };
    throw failure;
  }
}

type Header = ReturnType<typeof SectionHeader.read>;
const decoder = new TextDecoder();

class Reader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private headersAt = 0;
  private headers: Header[] = [];
  /** From section header index to index among the sections we give out, or -1 for the file's bookkeeping. */
  private sectionOf = new Int32Array(0);

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  file(): ElfFile {
    const { bytes } = this;
    if (bytes.length < 4 || this.view.getUint32(0, true) !== MAGIC) throw new Malformed("e_ident", 0, "not an ELF file");
    if (bytes.length < FileHeader.size) throw new Malformed("e_ident", 0, `the file ends inside its header, after ${bytes.length} bytes`);
    const header = FileHeader.read(bytes, 0);
    if (header.e_class !== CLASS64) throw new Malformed("EI_CLASS", 4, `class ${header.e_class}, only 64-bit files (2) are read`);
    if (header.e_data !== LITTLE_ENDIAN) throw new Malformed("EI_DATA", 5, `byte order ${header.e_data}, only little-endian (1) is read`);
    if (header.e_ident_version !== VERSION) throw new Malformed("EI_VERSION", 6, `version ${header.e_ident_version}`);
    if (header.e_type < FileType.relocatable || header.e_type > FileType.shared) {
      throw new Malformed("e_type", 16, `type ${header.e_type} is neither object, executable nor shared object`);
    }
    const segments = this.segments(header);
    this.readHeaders(header);
    const names = this.headers.length === 0 ? undefined : this.stringTable(this.sectionNameIndex(header), "e_shstrndx", 62);
    const symtab = this.headers.findIndex((h) => h.sh_type === SectionType.symtab);
    const symbols = symtab < 0 ? noSymbols() : this.symbols(symtab);
    const relocations = this.relocations(symtab, symbols);
    const groups: ElfGroup[] = [];
    const sections: ElfSection[] = [];
    this.headers.forEach((h, i) => {
      if (h.sh_type === SectionType.group) groups.push(this.group(i, symbols));
      if (this.sectionOf[i] < 0) return;
      const at = this.headersAt + i * SectionHeader.size;
      const alignment = Math.max(h.sh_addralign, 1);
      if (alignment > 0x4000_0000 || (alignment & (alignment - 1)) !== 0) {
        throw new Malformed("sh_addralign", at + 48, `alignment ${h.sh_addralign} of section ${i} is no power of two up to 2^30`);
      }
      sections.push({
        name: names === undefined ? "" : this.text(names, h.sh_name, "sh_name", at), type: h.sh_type, flags: h.sh_flags, address: h.sh_addr, alignment,
        entrySize: h.sh_entsize, size: h.sh_size,
        content: h.sh_type === SectionType.nobits ? bytes.subarray(0, 0) : this.content(i), relocations: relocations.get(i),
      });
    });
    return { type: header.e_type, machine: header.e_machine, entry: header.e_entry, segments, sections, symbols, groups };
  }

  private segments(header: ReturnType<typeof FileHeader.read>): ElfSegment[] {
    if (header.e_phnum === 0) return [];
    if (header.e_phentsize !== ProgramHeader.size) throw new Malformed("e_phentsize", 54, `${header.e_phentsize} bytes, expected ${ProgramHeader.size}`);
    this.range(header.e_phoff, header.e_phnum * ProgramHeader.size, "e_phoff", 32);
    const segments: ElfSegment[] = [];
    for (let i = 0; i < header.e_phnum; i++) {
      const at = header.e_phoff + i * ProgramHeader.size;
      const p = ProgramHeader.read(this.bytes, at);
      this.range(p.p_offset, p.p_filesz, "p_offset", at + 8);
      segments.push({
        type: p.p_type, flags: p.p_flags, offset: p.p_offset, address: p.p_vaddr, fileSize: p.p_filesz, memorySize: p.p_memsz, alignment: p.p_align,
      });
    }
    return segments;
  }

  private readHeaders(header: ReturnType<typeof FileHeader.read>): void {
    if (header.e_shoff === 0) return;
    if (header.e_shentsize !== SectionHeader.size) throw new Malformed("e_shentsize", 58, `${header.e_shentsize} bytes, expected ${SectionHeader.size}`);
    this.range(header.e_shoff, SectionHeader.size, "e_shoff", 40);
    this.headersAt = header.e_shoff;
    const first = SectionHeader.read(this.bytes, header.e_shoff);
    // over 65,279 sections the count stands in the null section's size
    const count = header.e_shnum === 0 ? first.sh_size : header.e_shnum;
    if (count > this.bytes.length / SectionHeader.size) throw new Malformed("e_shnum", 60, `${count} section headers don't fit in the file`);
    this.range(header.e_shoff, count * SectionHeader.size, "e_shnum", 60);
    this.sectionOf = new Int32Array(count).fill(-1);
    let next = 0;
    for (let i = 0; i < count; i++) {
      const h = SectionHeader.read(this.bytes, header.e_shoff + i * SectionHeader.size);
      this.headers.push(h);
      if (i > 0 && !isBookkeeping(h)) this.sectionOf[i] = next++;
    }
  }

  private sectionNameIndex(header: ReturnType<typeof FileHeader.read>): number {
    return header.e_shstrndx === SectionIndex.extended ? this.headers[0].sh_link : header.e_shstrndx;
  }

  private range(offset: number, size: number, field: string, at: number): void {
    if (offset + size > this.bytes.length) {
      throw new Malformed(field, at, `${hex(offset)} + ${hex(size)} lies past the end of the file, ${hex(this.bytes.length)}`);
    }
  }

  private content(index: number): Uint8Array {
    const h = this.headers[index];
    this.range(h.sh_offset, h.sh_size, "sh_offset", this.headersAt + index * SectionHeader.size + 24);
    return this.bytes.subarray(h.sh_offset, h.sh_offset + h.sh_size);
  }

  private stringTable(index: number, field: string, at: number): Uint8Array {
    if (index >= this.headers.length || this.headers[index].sh_type !== SectionType.strtab) {
      throw new Malformed(field, at, `section ${index} is no string table`);
    }
    return this.content(index);
  }

  private text(strings: Uint8Array, offset: number, field: string, at: number): string {
    if (offset >= strings.length) {
      if (offset === 0) return "";
      throw new Malformed(field, at, `name at ${hex(offset)} of a string table of ${hex(strings.length)} bytes`);
    }
    const end = strings.indexOf(0, offset);
    if (end < 0) throw new Malformed(field, at, `the name at ${hex(offset)} has no end`);
    return decoder.decode(strings.subarray(offset, end));
  }

  private symbols(index: number): ElfSymbols {
    const h = this.headers[index];
    const headerAt = this.headersAt + index * SectionHeader.size;
    if (h.sh_entsize !== SYMBOL_SIZE) throw new Malformed("sh_entsize", headerAt + 56, `symbols of ${h.sh_entsize} bytes, expected ${SYMBOL_SIZE}`);
    if (h.sh_size % SYMBOL_SIZE !== 0) throw new Malformed("sh_size", headerAt + 32, `${h.sh_size} bytes is no whole number of symbols`);
    this.content(index);
    const strings = this.stringTable(h.sh_link, "sh_link", headerAt + 40);
    const count = Math.max(h.sh_size / SYMBOL_SIZE - 1, 0);
    const names: string[] = [];
    const info = new Uint8Array(count);
    const other = new Uint8Array(count);
    const section = new Int32Array(count);
    const value = new Float64Array(count);
    const size = new Float64Array(count);
    const extended = this.headers.findIndex((e) => e.sh_type === SectionType.symtabShndx && e.sh_link === index);
    const { view, bytes } = this;
    for (let i = 0; i < count; i++) {
      const p = h.sh_offset + (i + 1) * SYMBOL_SIZE;
      info[i] = bytes[p + 4];
      other[i] = bytes[p + 5];
      let shndx = view.getUint16(p + 6, true);
      if (shndx === SectionIndex.extended && extended >= 0) {
        const indices = this.content(extended);
        if ((i + 2) * 4 > indices.length) throw new Malformed("SHT_SYMTAB_SHNDX", this.headers[extended].sh_offset, `no entry for symbol ${i + 1}`);
        shndx = view.getUint32(this.headers[extended].sh_offset + (i + 1) * 4, true);
        section[i] = this.sectionReference(shndx, p);
      } else {
        section[i] = shndx === SectionIndex.undefined ? SYMBOL_UNDEFINED
          : shndx === SectionIndex.absolute ? SYMBOL_ABSOLUTE
          : shndx === SectionIndex.common ? SYMBOL_COMMON
          : this.sectionReference(shndx, p);
      }
      value[i] = view.getUint32(p + 8, true) + view.getUint32(p + 12, true) * 0x1_0000_0000;
      size[i] = view.getUint32(p + 16, true) + view.getUint32(p + 20, true) * 0x1_0000_0000;
      names.push(this.text(strings, view.getUint32(p, true), "st_name", p));
      if ((info[i] & 15) === SymbolType.section && names[i] === "" && shndx < this.headers.length) names[i] = this.sectionName(shndx);
    }
    return { count, names, info, other, section, value, size };
  }

  /** Symbols of bookkeeping sections (a group's, say) are as good as absolute. */
  private sectionReference(shndx: number, at: number): number {
    if (shndx >= this.headers.length) throw new Malformed("st_shndx", at + 6, `section ${shndx} of ${this.headers.length}`);
    const section = this.sectionOf[shndx];
    return section < 0 ? SYMBOL_ABSOLUTE : section;
  }

  private sectionName(index: number): string {
    const header = FileHeader.read(this.bytes, 0);
    const names = this.stringTable(this.sectionNameIndex(header), "e_shstrndx", 62);
    return this.text(names, this.headers[index].sh_name, "sh_name", this.headersAt + index * SectionHeader.size);
  }

  private relocations(symtab: number, symbols: ElfSymbols): Map<number, ElfRelocations> {
    const found = new Map<number, ElfRelocations>();
    this.headers.forEach((h, i) => {
      const at = this.headersAt + i * SectionHeader.size;
      // a loaded .rela section is for the loader of a dynamic executable
      if ((h.sh_type !== SectionType.rela && h.sh_type !== SectionType.rel) || (h.sh_flags & SectionFlag.alloc) !== 0) return;
      if (h.sh_type === SectionType.rel) throw new Malformed("sh_type", at + 4, "relocations without addends (SHT_REL)");
      if (h.sh_info === 0 || h.sh_info >= this.headers.length) throw new Malformed("sh_info", at + 44, `relocations of section ${h.sh_info}`);
      if (h.sh_link !== symtab) throw new Malformed("sh_link", at + 40, `section ${h.sh_link} is not the symbol table`);
      if (h.sh_entsize !== RELA_SIZE) throw new Malformed("sh_entsize", at + 56, `relocations of ${h.sh_entsize} bytes, expected ${RELA_SIZE}`);
      if (h.sh_size % RELA_SIZE !== 0) throw new Malformed("sh_size", at + 32, `${h.sh_size} bytes is no whole number of relocations`);
      if (found.has(h.sh_info)) throw new Malformed("sh_info", at + 44, `section ${h.sh_info} has relocations twice`);
      this.content(i);
      found.set(h.sh_info, this.relocationColumns(h, symbols.count, this.headers[h.sh_info]));
    });
    return found;
  }

  private relocationColumns(h: Header, symbolCount: number, target: Header): ElfRelocations {
    const count = h.sh_size / RELA_SIZE;
    const offset = new Uint32Array(count);
    const type = new Uint16Array(count);
    const symbol = new Int32Array(count);
    const addend = new Int32Array(count);
    const { view } = this;
    for (let i = 0; i < count; i++) {
      const p = h.sh_offset + i * RELA_SIZE;
      const at = view.getUint32(p, true) + view.getUint32(p + 4, true) * 0x1_0000_0000;
      if (at >= target.sh_size) throw new Malformed("r_offset", p, `${hex(at)} in a section of ${hex(target.sh_size)} bytes`);
      const t = view.getUint32(p + 8, true);
      if (t > 0xffff) throw new Malformed("r_info", p + 8, `relocation type ${t}`);
      const s = view.getUint32(p + 12, true);
      if (s > symbolCount) throw new Malformed("r_info", p + 12, `symbol ${s} of ${symbolCount + 1}`);
      const low = view.getInt32(p + 16, true);
      if (view.getInt32(p + 20, true) !== low >> 31) throw new Malformed("r_addend", p + 16, "an addend of more than 32 bits");
      offset[i] = at;
      type[i] = t;
      symbol[i] = s - 1;
      addend[i] = low;
    }
    return { count, offset, type, symbol, addend };
  }

  private group(index: number, symbols: ElfSymbols): ElfGroup {
    const h = this.headers[index];
    const at = this.headersAt + index * SectionHeader.size;
    const words = this.content(index);
    if (words.length < 4 || words.length % 4 !== 0) throw new Malformed("sh_size", at + 32, `a group of ${words.length} bytes`);
    if (h.sh_info === 0 || h.sh_info > symbols.count) throw new Malformed("sh_info", at + 44, `signature symbol ${h.sh_info}`);
    const sections: number[] = [];
    for (let i = 4; i < words.length; i += 4) {
      const member = this.view.getUint32(h.sh_offset + i, true);
      if (member >= this.headers.length) throw new Malformed("SHT_GROUP", h.sh_offset + i, `member ${member} of ${this.headers.length} sections`);
      if (this.sectionOf[member] >= 0) sections.push(this.sectionOf[member]);
    }
    // only GRP_COMDAT (1) makes copies interchangeable
    const comdat = (this.view.getUint32(h.sh_offset, true) & 1) !== 0;
    return { signature: comdat ? symbols.names[h.sh_info - 1] : "", sections };
  }
}

function isBookkeeping(h: Header): boolean {
  switch (h.sh_type) {
    case SectionType.null:
    case SectionType.symtab:
    case SectionType.group:
    case SectionType.symtabShndx: return true;
    case SectionType.strtab: return (h.sh_flags & SectionFlag.alloc) === 0;
    case SectionType.rela:
    case SectionType.rel: return (h.sh_flags & SectionFlag.alloc) === 0;
    default: return false;
  }
}

function noSymbols(): ElfSymbols {
  const empty = new Float64Array(0);
  return { count: 0, names: [], info: new Uint8Array(0), other: new Uint8Array(0), section: new Int32Array(0), value: empty, size: empty };
}

function hex(n: number): string {
  return `0x${n.toString(16)}`;
}
