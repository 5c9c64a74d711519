/** Numbers of Mach-O, from <mach-o/loader.h>, <mach-o/nlist.h>, <mach-o/fixup-chains.h> and xnu's cs_blobs.h, under their own names. */

export const MAGIC_64 = 0xfeedfacf;

export const Cpu = {
  x86_64: { type: 0x0100_0007, subtype: 3 },
  arm64: { type: 0x0100_000c, subtype: 0 },
} as const;

export const FileType = { object: 1, execute: 2, dylib: 6, bundle: 8, dsym: 10 } as const;

export const HeaderFlag = { noUndefs: 1, dyldLink: 4, twoLevel: 0x80, pie: 0x20_0000, hasTlvDescriptors: 0x80_0000, dylibInCache: 0x8000_0000 } as const;

/** LC_…; those with the top bit abort a loader that does not know them. */
export const Command = {
  symtab: 2, unixThread: 5, dysymtab: 0xb, loadDylib: 0xc, loadDylinker: 0xe, segment64: 0x19, uuid: 0x1b, codeSignature: 0x1d, segmentSplitInfo: 0x1e,
  dyldInfo: 0x22, dyldInfoOnly: 0x8000_0022, versionMinMacos: 0x24, functionStarts: 0x26, dataInCode: 0x29, sourceVersion: 0x2a, buildVersion: 0x32,
  loadWeakDylib: 0x8000_0018, reexportDylib: 0x8000_001f, loadUpwardDylib: 0x8000_0023, rpath: 0x8000_001c, main: 0x8000_0028,
  dyldExportsTrie: 0x8000_0033, dyldChainedFixups: 0x8000_0034,
} as const;
export const REQUIRED_BIT = 0x8000_0000;

export const Protection = { none: 0, read: 1, write: 2, execute: 4 } as const;

/** Segment flag: fixed up by the loader, then read-only. */
export const SEGMENT_READ_ONLY = 0x10;

/** Section types (low byte of its flags) and attributes. */
export const SectionType = { regular: 0, zeroFill: 1, cstrings: 2, nonLazyPointers: 6, gbZeroFill: 0xc, threadZeroFill: 0x12, threadDescriptors: 0x13 } as const;
export const SectionAttribute = { pureInstructions: 0x8000_0000, someInstructions: 0x400, debug: 0x0200_0000 } as const;

export const PLATFORM_MACOS = 1;

/** n_type */
export const SymbolType = { undefined: 0, external: 1, absolute: 2, section: 0xe, privateExternal: 0x10, stabs: 0xe0, typeMask: 0x0e } as const;
/** Indirect symbol table entries that name no symbol. */
export const INDIRECT_LOCAL = 0x8000_0000;

/** Chained fixups: pointer formats of 64-bit images, whose targets are offsets from the header or addresses. */
export const PointerFormat = { ptr64: 2, ptr64Offset: 6 } as const;
export const IMPORTS_PLAIN = 1;
/** Start of a page without fixups. */
export const NO_FIXUPS = 0xffff;

/** Relocations of objects: ARM64_RELOC_…, X86_64_RELOC_… (<mach-o/arm64/reloc.h>, <mach-o/x86_64/reloc.h>). */
export const Arm64Relocation = { unsigned: 0, subtractor: 1, branch26: 2, page21: 3, pageoff12: 4, addend: 10 } as const;
export const X86Relocation = { unsigned: 0, signed: 1, branch: 2, subtractor: 5 } as const;

/** Code signatures, big-endian. */
export const Signature = { superBlob: 0xfade_0cc0, codeDirectory: 0xfade_0c02, version: 0x2_0400, adHoc: 2, linkerSigned: 0x2_0000, sha256: 2, mainBinary: 1 } as const;
/** Bytes of the file that one hash covers, and their logarithm. */
export const SIGNED_PAGE = 4096;
export const SIGNED_PAGE_LOG = 12;

export const DYLINKER = "/usr/lib/dyld";
export const LIBSYSTEM = "/usr/lib/libSystem.B.dylib";
