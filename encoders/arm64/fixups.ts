/** Fixup kinds of AArch64, with the ELF relocation each stands for; the addend is ELF's. */
export const FIXUP_CALL26 = 1; // R_AARCH64_CALL26: bl
export const FIXUP_JUMP26 = 2; // R_AARCH64_JUMP26: b
export const FIXUP_PAGE21 = 3; // R_AARCH64_ADR_PREL_PG_HI21: adrp
export const FIXUP_ADD12 = 4; // R_AARCH64_ADD_ABS_LO12_NC: add after adrp
export const FIXUP_LDST8 = 5; // R_AARCH64_LDST8_ABS_LO12_NC: a load or store after adrp
export const FIXUP_LDST16 = 6;
export const FIXUP_LDST32 = 7;
export const FIXUP_LDST64 = 8;
export const FIXUP_LDST128 = 9;
