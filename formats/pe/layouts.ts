/** The headers of PE32+ and COFF, from Microsoft's "PE Format". */
import { layout } from "../layout.ts";

/** What is left of DOS: the fields that anybody reads. */
export const DosHeader = layout(64, { e_magic: [0, "u16"], e_cblp: [2, "u16"], e_cp: [4, "u16"], e_cparhdr: [8, "u16"], e_maxalloc: [12, "u16"], e_sp: [16, "u16"], e_lfarlc: [24, "u16"], e_lfanew: [60, "u32"] });

export const CoffHeader = layout(20, {
  Machine: [0, "u16"], NumberOfSections: [2, "u16"], TimeDateStamp: [4, "u32"], PointerToSymbolTable: [8, "u32"], NumberOfSymbols: [12, "u32"],
  SizeOfOptionalHeader: [16, "u16"], Characteristics: [18, "u16"],
});

/** Without the data directories, which follow: RVA u32, size u32 each. */
export const OptionalHeader = layout(112, {
  Magic: [0, "u16"], MajorLinkerVersion: [2, "u8"], MinorLinkerVersion: [3, "u8"], SizeOfCode: [4, "u32"], SizeOfInitializedData: [8, "u32"],
  SizeOfUninitializedData: [12, "u32"], AddressOfEntryPoint: [16, "u32"], BaseOfCode: [20, "u32"], ImageBase: [24, "u64"], SectionAlignment: [32, "u32"],
  FileAlignment: [36, "u32"], MajorOperatingSystemVersion: [40, "u16"], MinorOperatingSystemVersion: [42, "u16"], MajorImageVersion: [44, "u16"],
  MinorImageVersion: [46, "u16"], MajorSubsystemVersion: [48, "u16"], MinorSubsystemVersion: [50, "u16"], Win32VersionValue: [52, "u32"],
  SizeOfImage: [56, "u32"], SizeOfHeaders: [60, "u32"], CheckSum: [64, "u32"], Subsystem: [68, "u16"], DllCharacteristics: [70, "u16"],
  SizeOfStackReserve: [72, "u64"], SizeOfStackCommit: [80, "u64"], SizeOfHeapReserve: [88, "u64"], SizeOfHeapCommit: [96, "u64"], LoaderFlags: [104, "u32"],
  NumberOfRvaAndSizes: [108, "u32"],
});
export const DIRECTORY_SIZE = 8;

export const SectionHeader = layout(40, {
  Name: [0, "name8"], VirtualSize: [8, "u32"], VirtualAddress: [12, "u32"], SizeOfRawData: [16, "u32"], PointerToRawData: [20, "u32"],
  PointerToRelocations: [24, "u32"], PointerToLinenumbers: [28, "u32"], NumberOfRelocations: [32, "u16"], NumberOfLinenumbers: [34, "u16"], Characteristics: [36, "u32"],
});

export const ImportDescriptor = layout(20, {
  OriginalFirstThunk: [0, "u32"], TimeDateStamp: [4, "u32"], ForwarderChain: [8, "u32"], Name: [12, "u32"], FirstThunk: [16, "u32"],
});

export const ResourceDirectory = layout(16, { Characteristics: [0, "u32"], TimeDateStamp: [4, "u32"], Version: [8, "u32"], NumberOfNamedEntries: [12, "u16"], NumberOfIdEntries: [14, "u16"] });
export const ResourceDataEntry = layout(16, { OffsetToData: [0, "u32"], Size: [4, "u32"], CodePage: [8, "u32"], Reserved: [12, "u32"] });

/** Bytes of a symbol of an object: name 8, value u32, section i16, type u16, class u8, aux count u8. */
export const SYMBOL_SIZE = 18;
/** Bytes of a relocation of an object: offset u32, symbol u32, type u16. */
export const RELOCATION_SIZE = 10;
/** Bytes of an entry of .pdata: begin, end and unwind information as RVAs; on ARM64 begin, and unwind information as an RVA or packed. */
export const RUNTIME_FUNCTION_SIZE = { amd64: 12, arm64: 8 } as const;
