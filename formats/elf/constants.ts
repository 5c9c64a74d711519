/** Numbers of ELF64, from the generic ABI and the x86-64 and AArch64 processor supplements, under their own names. */

export const MAGIC = 0x464c457f;
export const CLASS64 = 2;
export const LITTLE_ENDIAN = 1;
export const VERSION = 1;

/** e_type */
export const FileType = { relocatable: 1, executable: 2, shared: 3 } as const;
/** e_machine */
export const Machine = { x86_64: 62, aarch64: 183 } as const;

/** p_type */
export const SegmentType = { null: 0, load: 1, dynamic: 2, interp: 3, note: 4, phdr: 6, tls: 7, gnuStack: 0x6474e551, gnuRelro: 0x6474e552 } as const;
/** p_flags */
export const SegmentFlag = { execute: 1, write: 2, read: 4 } as const;

/** sh_type */
export const SectionType = {
  null: 0, progbits: 1, symtab: 2, strtab: 3, rela: 4, note: 7, nobits: 8, rel: 9,
  dynamic: 6, dynsym: 11, gnuHash: 0x6ffffff6, gnuVerneed: 0x6ffffffe, gnuVersym: 0x6fffffff,
  initArray: 14, finiArray: 15, preinitArray: 16, group: 17, symtabShndx: 18, x86_64Unwind: 0x70000001,
} as const;
/** sh_flags */
export const SectionFlag = {
  write: 1, alloc: 2, execute: 4, merge: 0x10, strings: 0x20, infoLink: 0x40, group: 0x200, tls: 0x400, compressed: 0x800, gnuRetain: 0x200000,
} as const;

/** st_shndx values that are no index */
export const SectionIndex = { undefined: 0, reserved: 0xff00, absolute: 0xfff1, common: 0xfff2, extended: 0xffff } as const;

/** st_info >> 4 */
export const SymbolBinding = { local: 0, global: 1, weak: 2 } as const;
/** st_info & 15 */
export const SymbolType = { none: 0, object: 1, function: 2, section: 3, file: 4, common: 5, tls: 6, gnuIfunc: 10 } as const;
/** st_other & 3 */
export const SymbolVisibility = { default: 0, internal: 1, hidden: 2, protected: 3 } as const;
