/** Numbers of PE and COFF, from Microsoft's "PE Format", under their own names without the prefix IMAGE_. */

/** "MZ", "PE\0\0" */
export const DOS_MAGIC = 0x5a4d;
export const PE_MAGIC = 0x4550;
/** Optional header: PE32+. */
export const PE32_PLUS = 0x20b;

export const Machine = { amd64: 0x8664, arm64: 0xaa64 } as const;

/** COFF header, Characteristics */
export const FileFlag = { relocsStripped: 1, executableImage: 2, largeAddressAware: 0x20, dll: 0x2000 } as const;

/** Section header, Characteristics */
export const SectionFlag = {
  code: 0x20, initialized: 0x40, uninitialized: 0x80, linkInfo: 0x200, linkRemove: 0x800, linkComdat: 0x1000, manyRelocations: 0x0100_0000,
  discardable: 0x0200_0000, shared: 0x1000_0000, execute: 0x2000_0000, read: 0x4000_0000, write: 0x8000_0000,
} as const;

/** Optional header, DllCharacteristics */
export const ImageFlag = {
  highEntropy: 0x20, dynamicBase: 0x40, forceIntegrity: 0x80, nxCompatible: 0x100, appContainer: 0x1000, guardCf: 0x4000, terminalServerAware: 0x8000,
} as const;

export const Subsystem = { gui: 2, console: 3 } as const;

/** Indices of the data directories. */
export const Directory = {
  exports: 0, imports: 1, resources: 2, exceptions: 3, certificates: 4, baseRelocations: 5, debug: 6, tls: 9, loadConfig: 10, importAddresses: 12, delayImports: 13,
} as const;
export const DIRECTORY_COUNT = 16;

/** Base relocation types. */
export const BaseRelocation = { padding: 0, dir64: 10 } as const;

/** Resource types. */
export const ResourceType = { icon: 3, groupIcon: 14, version: 16, manifest: 24 } as const;

/** Symbols of an object: storage classes, special section numbers, the type of a function. */
export const StorageClass = { external: 2, static: 3, file: 103, weakExternal: 105 } as const;
export const SymbolSection = { undefined: 0, absolute: -1, debug: -2 } as const;
export const FUNCTION_TYPE = 0x20;

/** Relocation types of objects. */
export const Amd64Relocation = { absolute: 0, addr64: 1, addr32: 2, addr32nb: 3, rel32: 4, section: 0xa, secrel: 0xb } as const;
export const Arm64Relocation = {
  absolute: 0, addr32: 1, addr32nb: 2, branch26: 3, pagebaseRel21: 4, rel21: 5, pageoffset12a: 6, pageoffset12l: 7, secrel: 8, section: 0xd, addr64: 0xe,
  branch19: 0xf, branch14: 0x10, rel32: 0x11,
} as const;
