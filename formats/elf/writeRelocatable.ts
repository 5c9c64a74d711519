/** A relocatable object (.o): sections, .rela sections, .symtab, .strtab, .shstrtab. */
import { alignUp } from "../align.ts";
import { CLASS64, FileType, LITTLE_ENDIAN, MAGIC, SectionFlag, SectionIndex, SectionType, VERSION } from "./constants.ts";
import type { ElfRelocations, ElfSection, ElfSymbols } from "./file.ts";
import { FileHeader, RELA_SIZE, SectionHeader } from "./layouts.ts";
import { stringTable } from "./stringTable.ts";
import { planSymbolTable, writeSymbolTable } from "./symbolTable.ts";

export interface RelocatableFile {
  /** e_machine */
  readonly machine: number;
  readonly sections: readonly ElfSection[];
  readonly symbols: ElfSymbols;
}

/**
 * The bytes of a .o. Symbols may come in any order (the file has locals first). At most 65,000 sections and relocation sections;
 * COMDAT groups are not written.
 */
export function writeRelocatable(object: RelocatableFile): Uint8Array<ArrayBuffer> {
  const { sections, symbols } = object;
  const symbolPlan = planSymbolTable(symbols);
  const relocated = sections.filter((s) => s.relocations !== undefined && s.relocations.count > 0);
  const headerCount = 1 + sections.length + relocated.length + 3;
  if (headerCount >= SectionIndex.reserved) throw new Error(`formats/elf/writeRelocatable.writeRelocatable: ${headerCount} sections need SHT_SYMTAB_SHNDX`);
  const symtabIndex = 1 + sections.length + relocated.length;

  // measure
  let end = FileHeader.size;
  const take = (size: number, alignment: number): number => {
    const at = alignUp(end, Math.max(alignment, 1));
    end = at + size;
    return at;
  };
  const contentAt = sections.map((s) => take(s.type === SectionType.nobits ? 0 : s.size, s.type === SectionType.nobits ? 1 : s.alignment));
  const relaAt = relocated.map((s) => take((s.relocations?.count ?? 0) * RELA_SIZE, 8));
  const headerNames = stringTable([...sections.map((s) => s.name), ...relocated.map((s) => `.rela${s.name}`), ".symtab", ".strtab", ".shstrtab"]);
  const symtabAt = take(symbolPlan.size, 8);
  const strtabAt = take(symbolPlan.strings.content.length, 1);
  const shstrtabAt = take(headerNames.content.length, 1);
  const headersAt = take(headerCount * SectionHeader.size, 8);

  // write
  const file = new Uint8Array(end);
  FileHeader.write(file, 0, {
    e_magic: MAGIC, e_class: CLASS64, e_data: LITTLE_ENDIAN, e_ident_version: VERSION, e_osabi: 0, e_padding: 0,
    e_type: FileType.relocatable, e_machine: object.machine, e_version: VERSION, e_entry: 0, e_phoff: 0, e_shoff: headersAt,
    e_flags: 0, e_ehsize: FileHeader.size, e_phentsize: 0, e_phnum: 0,
    e_shentsize: SectionHeader.size, e_shnum: headerCount, e_shstrndx: headerCount - 1,
  });
  let header = headersAt + SectionHeader.size;
  let name = 0;
  const writeHeader = (
    type: number, flags: number, offset: number, size: number, link: number, info: number, alignment: number, entrySize: number,
  ): void => {
    SectionHeader.write(file, header, {
      sh_name: headerNames.offset[name++], sh_type: type, sh_flags: flags, sh_addr: 0, sh_offset: offset, sh_size: size,
      sh_link: link, sh_info: info, sh_addralign: alignment, sh_entsize: entrySize,
    });
    header += SectionHeader.size;
  };
  sections.forEach((s, i) => {
    if (s.type !== SectionType.nobits) file.set(s.content, contentAt[i]);
    writeHeader(s.type, s.flags, contentAt[i], s.size, 0, 0, s.alignment, s.entrySize);
  });
  relocated.forEach((s, i) => {
    if (s.relocations === undefined) return;
    writeRelocations(s.relocations, symbolPlan.fileIndex, file, relaAt[i]);
    writeHeader(SectionType.rela, SectionFlag.infoLink, relaAt[i], s.relocations.count * RELA_SIZE, symtabIndex, 1 + sections.indexOf(s), 8, RELA_SIZE);
  });
  writeSymbolTable(symbolPlan, file, symtabAt, 1);
  file.set(symbolPlan.strings.content, strtabAt);
  file.set(headerNames.content, shstrtabAt);
  writeHeader(SectionType.symtab, 0, symtabAt, symbolPlan.size, symtabIndex + 1, symbolPlan.firstGlobal, 8, 24);
  writeHeader(SectionType.strtab, 0, strtabAt, symbolPlan.strings.content.length, 0, 0, 1, 0);
  writeHeader(SectionType.strtab, 0, shstrtabAt, headerNames.content.length, 0, 0, 1, 0);
  return file;
}

function writeRelocations(relocations: ElfRelocations, fileIndex: Uint32Array, file: Uint8Array, at: number): void {
  const { count, offset, type, symbol, addend } = relocations;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let p = at;
  for (let i = 0; i < count; i++) {
    view.setUint32(p, offset[i], true);
    view.setUint32(p + 8, type[i], true);
    if (symbol[i] >= 0) view.setUint32(p + 12, fileIndex[symbol[i]], true);
    view.setInt32(p + 16, addend[i], true);
    view.setInt32(p + 20, addend[i] >> 31, true);
    p += RELA_SIZE;
  }
}
