/** The headers of ELF64: generic ABI, figures 4-3 (file header), 4-8 (section header), 4-16 (symbol), 4-18 (relocation), 5-1 (program header). */
import { layout } from "../layout.ts";

export const FileHeader = layout(64, {
  e_magic: [0, "u32"], e_class: [4, "u8"], e_data: [5, "u8"], e_ident_version: [6, "u8"], e_osabi: [7, "u8"], e_padding: [8, "u64"],
  e_type: [16, "u16"], e_machine: [18, "u16"], e_version: [20, "u32"], e_entry: [24, "u64"], e_phoff: [32, "u64"], e_shoff: [40, "u64"],
  e_flags: [48, "u32"], e_ehsize: [52, "u16"], e_phentsize: [54, "u16"], e_phnum: [56, "u16"],
  e_shentsize: [58, "u16"], e_shnum: [60, "u16"], e_shstrndx: [62, "u16"],
});

export const ProgramHeader = layout(56, {
  p_type: [0, "u32"], p_flags: [4, "u32"], p_offset: [8, "u64"], p_vaddr: [16, "u64"], p_paddr: [24, "u64"],
  p_filesz: [32, "u64"], p_memsz: [40, "u64"], p_align: [48, "u64"],
});

export const SectionHeader = layout(64, {
  sh_name: [0, "u32"], sh_type: [4, "u32"], sh_flags: [8, "u64"], sh_addr: [16, "u64"], sh_offset: [24, "u64"], sh_size: [32, "u64"],
  sh_link: [40, "u32"], sh_info: [44, "u32"], sh_addralign: [48, "u64"], sh_entsize: [56, "u64"],
});

/** Bytes of a symbol: st_name u32, st_info u8, st_other u8, st_shndx u16, st_value u64, st_size u64. */
export const SYMBOL_SIZE = 24;
/** Bytes of a relocation with addend: r_offset u64, r_info u64 (symbol << 32 | type), r_addend i64. */
export const RELA_SIZE = 24;
