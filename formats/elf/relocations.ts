/** Relocation numbers of each machine. The x86_64 names left of the colon are those of `src/link/relocationKind.ts`; System V ABI AMD64, table 4.9. */

export const x86_64 = {
  none: 0, // R_X86_64_NONE
  abs64: 1, // R_X86_64_64
  pc32: 2, // R_X86_64_PC32
  call32: 4, // R_X86_64_PLT32
  gotpcrel: 9, // R_X86_64_GOTPCREL
  abs32: 10, // R_X86_64_32
  abs32signed: 11, // R_X86_64_32S
  abs16: 12, // R_X86_64_16
  pc16: 13, // R_X86_64_PC16
  abs8: 14, // R_X86_64_8
  pc8: 15, // R_X86_64_PC8
  gotThreadOffset: 22, // R_X86_64_GOTTPOFF
  threadOffset32: 23, // R_X86_64_TPOFF32
  pc64: 24, // R_X86_64_PC64
  size32: 32, // R_X86_64_SIZE32
  size64: 33, // R_X86_64_SIZE64
  gotpcrelx: 41, // R_X86_64_GOTPCRELX
  gotpcrelxRex: 42, // R_X86_64_REX_GOTPCRELX
  imageOffset32: 0, // ELF has none, and nothing that becomes ELF uses it
  arm64Call26: 0, arm64Page21: 0, arm64Add12: 0, arm64Load12: 0, // of another machine
} as const;

/** Names of known numbers that a static link does not take, for messages. */
export const x86_64Unsupported: Readonly<Record<number, string>> = {
  3: "R_X86_64_GOT32", 5: "R_X86_64_COPY", 6: "R_X86_64_GLOB_DAT", 7: "R_X86_64_JUMP_SLOT", 8: "R_X86_64_RELATIVE",
  16: "R_X86_64_DTPMOD64", 17: "R_X86_64_DTPOFF64", 18: "R_X86_64_TPOFF64", 19: "R_X86_64_TLSGD", 20: "R_X86_64_TLSLD",
  21: "R_X86_64_DTPOFF32", 25: "R_X86_64_GOTOFF64", 26: "R_X86_64_GOTPC32", 27: "R_X86_64_GOT64", 28: "R_X86_64_GOTPCREL64",
  29: "R_X86_64_GOTPC64", 31: "R_X86_64_PLTOFF64", 34: "R_X86_64_GOTPC32_TLSDESC", 35: "R_X86_64_TLSDESC_CALL",
  36: "R_X86_64_TLSDESC", 37: "R_X86_64_IRELATIVE",
};
