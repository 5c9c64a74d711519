/**
 * An executable in two steps, so that the file is allocated once: `planExecutable` measures, the caller allocates `plan.size` zeroed
 * bytes and puts every section's content at its offset, `writeExecutable` adds the headers and tables.
 */
import { alignUp } from "../align.ts";
import { CLASS64, LITTLE_ENDIAN, MAGIC, SectionIndex, SectionType, VERSION } from "./constants.ts";
import type { ElfSymbols } from "./file.ts";
import { FileHeader, ProgramHeader, SectionHeader } from "./layouts.ts";
import type { PlacedSection, Placement } from "./place.ts";
import { stringTable } from "./stringTable.ts";
import type { StringTable } from "./stringTable.ts";
import { planSymbolTable, writeSymbolTable } from "./symbolTable.ts";
import type { SymbolTablePlan } from "./symbolTable.ts";

export interface ExecutableSection extends PlacedSection {
  readonly name: string;
  readonly entrySize: number;
  /** sh_link: another section; undefined or -1 for none. */
  readonly link?: number;
  /** sh_info */
  readonly info?: number;
}

export interface ExecutableFile {
  /** e_type: FileType.shared where the loader chooses the address. */
  readonly type: number;
  /** e_machine */
  readonly machine: number;
  /** Address where the program starts. */
  readonly entry: number;
  readonly sections: readonly ExecutableSection[];
  readonly placement: Placement;
  /** Undefined: stripped, with neither section headers nor symbols. */
  readonly symbols: ElfSymbols | undefined;
}

interface TablePlan {
  readonly symbols: SymbolTablePlan;
  readonly symtabAt: number;
  readonly strtabAt: number;
  readonly names: StringTable;
  readonly namesAt: number;
  readonly headersAt: number;
}

export interface ExecutablePlan {
  readonly file: ExecutableFile;
  /** Bytes of the whole file. */
  readonly size: number;
  readonly tables: TablePlan | undefined;
}

/** Measures the file. */
export function planExecutable(file: ExecutableFile): ExecutablePlan {
  if (file.symbols === undefined) return { file, size: file.placement.fileSize, tables: undefined };
  const symbols = planSymbolTable(file.symbols);
  const names = stringTable([...file.sections.map((s) => s.name), ".symtab", ".strtab", ".shstrtab"]);
  if (file.sections.length + 4 >= SectionIndex.reserved) throw new Error("formats/elf/writeExecutable.planExecutable: too many sections");
  const symtabAt = alignUp(file.placement.fileSize, 8);
  const strtabAt = symtabAt + symbols.size;
  const namesAt = strtabAt + symbols.strings.content.length;
  const headersAt = alignUp(namesAt + names.content.length, 8);
  const size = headersAt + (file.sections.length + 4) * SectionHeader.size;
  return { file, size, tables: { symbols, symtabAt, strtabAt, names, namesAt, headersAt } };
}

/** Writes everything but the sections' content into `bytes`, which is `plan.size` long and zero elsewhere. */
export function writeExecutable(plan: ExecutablePlan, bytes: Uint8Array): void {
  const { file, tables } = plan;
  const { placement, sections } = file;
  const headerCount = sections.length + 4;
  FileHeader.write(bytes, 0, {
    e_magic: MAGIC, e_class: CLASS64, e_data: LITTLE_ENDIAN, e_ident_version: VERSION, e_osabi: 0, e_padding: 0,
    e_type: file.type, e_machine: file.machine, e_version: VERSION, e_entry: file.entry,
    e_phoff: FileHeader.size, e_shoff: tables?.headersAt ?? 0, e_flags: 0, e_ehsize: FileHeader.size,
    e_phentsize: ProgramHeader.size, e_phnum: placement.segments.length,
    e_shentsize: SectionHeader.size, e_shnum: tables === undefined ? 0 : headerCount, e_shstrndx: tables === undefined ? 0 : headerCount - 1,
  });
  placement.segments.forEach((s, i) => {
    ProgramHeader.write(bytes, FileHeader.size + i * ProgramHeader.size, {
      p_type: s.type, p_flags: s.flags, p_offset: s.offset, p_vaddr: s.address, p_paddr: s.address,
      p_filesz: s.fileSize, p_memsz: s.memorySize, p_align: s.alignment,
    });
  });
  if (tables === undefined) return;

  writeSymbolTable(tables.symbols, bytes, tables.symtabAt, 1);
  bytes.set(tables.symbols.strings.content, tables.strtabAt);
  bytes.set(tables.names.content, tables.namesAt);
  let header = tables.headersAt + SectionHeader.size;
  let name = 0;
  const writeHeader = (
    type: number, flags: number, address: number, offset: number, size: number, link: number, info: number, alignment: number, entrySize: number,
  ): void => {
    SectionHeader.write(bytes, header, {
      sh_name: tables.names.offset[name++], sh_type: type, sh_flags: flags, sh_addr: address, sh_offset: offset, sh_size: size,
      sh_link: link, sh_info: info, sh_addralign: alignment, sh_entsize: entrySize,
    });
    header += SectionHeader.size;
  };
  sections.forEach((s, i) => {
    writeHeader(s.type, s.flags, placement.address[i], placement.offset[i], s.size, (s.link ?? -1) + 1, s.info ?? 0, s.alignment, s.entrySize);
  });
  writeHeader(SectionType.symtab, 0, 0, tables.symtabAt, tables.symbols.size, sections.length + 2, tables.symbols.firstGlobal, 8, 24);
  writeHeader(SectionType.strtab, 0, 0, tables.strtabAt, tables.symbols.strings.content.length, 0, 0, 1, 0);
  writeHeader(SectionType.strtab, 0, 0, tables.namesAt, tables.names.content.length, 0, 0, 1, 0);
}
