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
} as const;

/** AArch64 ELF, 5.7. Several numbers stand for one kind: the linker sees in the instruction what else it must know. */
export const arm64 = {
  none: 0, // R_AARCH64_NONE
  abs64: 257, // R_AARCH64_ABS64
  abs32: 258, // R_AARCH64_ABS32
  abs16: 259, // R_AARCH64_ABS16
  pc64: 260, // R_AARCH64_PREL64
  pc32: 261, // R_AARCH64_PREL32
  pc16: 262, // R_AARCH64_PREL16
  arm64Page21: 275, // R_AARCH64_ADR_PREL_PG_HI21
  arm64Add12: 277, // R_AARCH64_ADD_ABS_LO12_NC
  arm64Call26: 283, // R_AARCH64_CALL26
} as const;

/** R_AARCH64_JUMP26: `b`, as CALL26 is `bl`. */
export const ARM64_JUMP26 = 282;
/** R_AARCH64_LDST8…128_ABS_LO12_NC, by the logarithm of the bytes that the instruction moves. */
export const arm64LoadStore: readonly number[] = [278, 284, 285, 286, 299];

/** Names of known numbers that a static link of ours does not take, for messages. */
export const arm64Unsupported: Readonly<Record<number, string>> = {
  274: "R_AARCH64_ADR_PREL_LO21", 279: "R_AARCH64_TSTBR14", 280: "R_AARCH64_CONDBR19", 311: "R_AARCH64_ADR_GOT_PAGE", 312: "R_AARCH64_LD64_GOT_LO12_NC",
  549: "R_AARCH64_TLSLE_ADD_TPREL_HI12", 551: "R_AARCH64_TLSLE_ADD_TPREL_LO12_NC", 562: "R_AARCH64_TLSDESC_ADR_PAGE21",
};

export const x86_64Unsupported: Readonly<Record<number, string>> = {
  3: "R_X86_64_GOT32", 5: "R_X86_64_COPY", 6: "R_X86_64_GLOB_DAT", 7: "R_X86_64_JUMP_SLOT", 8: "R_X86_64_RELATIVE",
  16: "R_X86_64_DTPMOD64", 17: "R_X86_64_DTPOFF64", 18: "R_X86_64_TPOFF64", 19: "R_X86_64_TLSGD", 20: "R_X86_64_TLSLD",
  21: "R_X86_64_DTPOFF32", 25: "R_X86_64_GOTOFF64", 26: "R_X86_64_GOTPC32", 27: "R_X86_64_GOT64", 28: "R_X86_64_GOTPCREL64",
  29: "R_X86_64_GOTPC64", 31: "R_X86_64_PLTOFF64", 34: "R_X86_64_GOTPC32_TLSDESC", 35: "R_X86_64_TLSDESC_CALL",
  36: "R_X86_64_TLSDESC", 37: "R_X86_64_IRELATIVE",
};
