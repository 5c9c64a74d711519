/** Numbers of registers and conditions. Number 31 is the stack pointer or zero, as the instruction has it. */
export const LR = 30;
export const FP = 29;
export const SP = 31;
export const ZR = 31;

export const EQ = 0;
export const NE = 1;
export const HS = 2;
export const LO = 3;
export const MI = 4;
export const PL = 5;
export const VS = 6;
export const VC = 7;
export const HI = 8;
export const LS = 9;
export const GE = 10;
export const LT = 11;
export const GT = 12;
export const LE = 13;
export const AL = 14;
export const conditionNames = ["eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"];

/** Shifts of register operands. */
export const LSL = 0;
export const LSR = 1;
export const ASR = 2;
export const ROR = 3;
export const shiftNames = ["lsl", "lsr", "asr", "ror"];

/** Extensions of register operands: the low bits and how they are widened. */
export const UXTB = 0;
export const UXTH = 1;
export const UXTW = 2;
export const UXTX = 3;
export const SXTB = 4;
export const SXTH = 5;
export const SXTW = 6;
export const SXTX = 7;
export const extendNames = ["uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx"];
