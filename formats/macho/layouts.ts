/** The headers of 64-bit Mach-O, from <mach-o/loader.h>. */
import { layout } from "../layout.ts";

export const MachHeader = layout(32, {
  magic: [0, "u32"], cputype: [4, "u32"], cpusubtype: [8, "u32"], filetype: [12, "u32"], ncmds: [16, "u32"], sizeofcmds: [20, "u32"], flags: [24, "u32"], reserved: [28, "u32"],
});

/** What every load command begins with. */
export const LoadCommand = layout(8, { cmd: [0, "u32"], cmdsize: [4, "u32"] });

export const SegmentCommand = layout(72, {
  cmd: [0, "u32"], cmdsize: [4, "u32"], segname: [8, "name16"], vmaddr: [24, "u64"], vmsize: [32, "u64"], fileoff: [40, "u64"], filesize: [48, "u64"],
  maxprot: [56, "u32"], initprot: [60, "u32"], nsects: [64, "u32"], flags: [68, "u32"],
});

export const Section = layout(80, {
  sectname: [0, "name16"], segname: [16, "name16"], addr: [32, "u64"], size: [40, "u64"], offset: [48, "u32"], align: [52, "u32"], reloff: [56, "u32"], nreloc: [60, "u32"],
  flags: [64, "u32"], reserved1: [68, "u32"], reserved2: [72, "u32"], reserved3: [76, "u32"],
});

/** LC_CODE_SIGNATURE, LC_DYLD_CHAINED_FIXUPS, LC_DYLD_EXPORTS_TRIE, LC_FUNCTION_STARTS, LC_DATA_IN_CODE */
export const LinkeditData = layout(16, { cmd: [0, "u32"], cmdsize: [4, "u32"], dataoff: [8, "u32"], datasize: [12, "u32"] });

export const SymtabCommand = layout(24, { cmd: [0, "u32"], cmdsize: [4, "u32"], symoff: [8, "u32"], nsyms: [12, "u32"], stroff: [16, "u32"], strsize: [20, "u32"] });

export const DysymtabCommand = layout(80, {
  cmd: [0, "u32"], cmdsize: [4, "u32"], ilocalsym: [8, "u32"], nlocalsym: [12, "u32"], iextdefsym: [16, "u32"], nextdefsym: [20, "u32"], iundefsym: [24, "u32"], nundefsym: [28, "u32"],
  tocoff: [32, "u32"], ntoc: [36, "u32"], modtaboff: [40, "u32"], nmodtab: [44, "u32"], extrefsymoff: [48, "u32"], nextrefsyms: [52, "u32"], indirectsymoff: [56, "u32"],
  nindirectsyms: [60, "u32"], extreloff: [64, "u32"], nextrel: [68, "u32"], locreloff: [72, "u32"], nlocrel: [76, "u32"],
});

/** LC_LOAD_DYLINKER: the path follows. */
export const DylinkerCommand = layout(12, { cmd: [0, "u32"], cmdsize: [4, "u32"], name: [8, "u32"] });

/** LC_UUID: 16 bytes follow. */
export const UUID_COMMAND_SIZE = 24;

/** LC_BUILD_VERSION without tools. */
export const BuildVersionCommand = layout(24, { cmd: [0, "u32"], cmdsize: [4, "u32"], platform: [8, "u32"], minos: [12, "u32"], sdk: [16, "u32"], ntools: [20, "u32"] });

export const MainCommand = layout(24, { cmd: [0, "u32"], cmdsize: [4, "u32"], entryoff: [8, "u64"], stacksize: [16, "u64"] });

/** LC_LOAD_DYLIB: the path follows. */
export const DylibCommand = layout(24, { cmd: [0, "u32"], cmdsize: [4, "u32"], name: [8, "u32"], timestamp: [12, "u32"], current_version: [16, "u32"], compatibility_version: [20, "u32"] });

/** Bytes of a symbol: n_strx u32, n_type u8, n_sect u8, n_desc u16, n_value u64. */
export const NLIST_SIZE = 16;
/** Bytes of a relocation of an object: address, then symbol, flags, length and type in one word. */
export const RELOCATION_SIZE = 8;

export const FixupsHeader = layout(28, {
  fixups_version: [0, "u32"], starts_offset: [4, "u32"], imports_offset: [8, "u32"], symbols_offset: [12, "u32"], imports_count: [16, "u32"], imports_format: [20, "u32"], symbols_format: [24, "u32"],
});
/** dyld_chained_starts_in_segment without its page starts (u16 each). */
export const SegmentStarts = layout(22, {
  size: [0, "u32"], page_size: [4, "u16"], pointer_format: [6, "u16"], segment_offset: [8, "u64"], max_valid_pointer: [16, "u32"], page_count: [20, "u16"],
});
