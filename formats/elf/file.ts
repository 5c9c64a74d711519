/**
 * ELF files in ELF's own terms: what the writers take and the reader gives. Section index 0, string tables, symbol tables and
 * relocation sections are the file's bookkeeping and don't appear: sections count from 0 here, and relocations lie with the section they change.
 */

/** st_shndx of a symbol in no section, as the `section` column says it. */
export const SYMBOL_UNDEFINED = -1;
export const SYMBOL_ABSOLUTE = -2;
export const SYMBOL_COMMON = -3;

/** Relocations of one section with addends, as columns of at least `count` entries. */
export interface ElfRelocations {
  readonly count: number;
  readonly offset: Uint32Array;
  /** The machine's number, r_info's lower half. */
  readonly type: Uint16Array;
  /** Index into the file's symbols, or -1 for none. */
  readonly symbol: Int32Array;
  readonly addend: Int32Array;
}

export interface ElfSection {
  readonly name: string;
  /** sh_type */
  readonly type: number;
  /** sh_flags */
  readonly flags: number;
  readonly address: number;
  readonly alignment: number;
  readonly entrySize: number;
  /** Bytes in memory; for a section with content also in the file. */
  readonly size: number;
  /** Empty for SHT_NOBITS. */
  readonly content: Uint8Array;
  readonly relocations: ElfRelocations | undefined;
}

/** Symbols as columns of at least `count` entries; the null symbol doesn't count. */
export interface ElfSymbols {
  readonly count: number;
  readonly names: readonly string[];
  /** st_info: binding << 4 | type */
  readonly info: Uint8Array;
  /** st_other: visibility */
  readonly other: Uint8Array;
  /** Index into the file's sections, or SYMBOL_UNDEFINED, SYMBOL_ABSOLUTE, SYMBOL_COMMON. */
  readonly section: Int32Array;
  /** st_value */
  readonly value: Float64Array;
  /** st_size */
  readonly size: Float64Array;
}

export interface ElfSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly alignment: number;
}

/** A COMDAT group: of several with the same signature, from different files, one is kept. */
export interface ElfGroup {
  readonly signature: string;
  readonly sections: readonly number[];
}

export interface ElfFile {
  /** e_type */
  readonly type: number;
  /** e_machine */
  readonly machine: number;
  readonly entry: number;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
  readonly symbols: ElfSymbols;
  readonly groups: readonly ElfGroup[];
}
