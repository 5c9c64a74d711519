/** Fixup kinds of x86-64, with the ELF relocation each stands for. */
export const FIXUP_PC32 = 1; // R_X86_64_PC32: S + A - P
export const FIXUP_PLT32 = 2; // R_X86_64_PLT32: the same, for calls and jumps
export const FIXUP_ABS32 = 3; // R_X86_64_32: zero-extended
export const FIXUP_ABS32S = 4; // R_X86_64_32S: sign-extended
export const FIXUP_ABS64 = 5; // R_X86_64_64
export const FIXUP_GOTPCREL = 6; // R_X86_64_GOTPCREL
export const FIXUP_GOTPCRELX = 7; // R_X86_64_GOTPCRELX: a linker may turn the load into an address
export const FIXUP_REX_GOTPCRELX = 8; // R_X86_64_REX_GOTPCRELX: the same, and the instruction has a REX prefix

/** By kind: the name of the ELF relocation. */
export const fixupRelocationNames = [
  "", "R_X86_64_PC32", "R_X86_64_PLT32", "R_X86_64_32", "R_X86_64_32S", "R_X86_64_64", "R_X86_64_GOTPCREL",
  "R_X86_64_GOTPCRELX", "R_X86_64_REX_GOTPCRELX",
];
