/** The registers of x86_64 as the allocator sees them, and what calls change. */

import {
  R10, R11, R12, R13, R14, R15, R8, R9, RAX, RBP, RBX, RCX, RDI, RDX, RSI,
} from "../../../encoders/x86_64/registers.ts";
import { maskOf, type RegisterFile } from "../registerFile.ts";
import { XMM0, calleeSaved } from "./convention.ts";

/** xmm15 is kept for moves from memory to memory and for cycles of float moves. Integer cycles are exchanges. */
export const FLOAT_SCRATCH = XMM0 + 15;

// rax is not the first: results that want it for the return find it free more often.
const callerSaved = [RCX, RDX, RSI, RDI, RAX, R8, R9, R10, R11];
const floats = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((i) => XMM0 + i);

export const CLOBBER_CALL = 1;
export const CLOBBER_SYSCALL = 2;
/** macOS has second results in rdx. */
export const CLOBBER_SYSCALL_TWO = 3;

const clobbers = [0, maskOf([...callerSaved, ...floats, FLOAT_SCRATCH]), maskOf([RCX, R11]), maskOf([RCX, R11, RDX])];

export const registerFile: RegisterFile = {
  count: 32,
  // Short encodings first: r8 and up need a prefix in 32-bit instructions.
  allocatable: [[...callerSaved, RBX, RBP, R14, R15, R12, R13], floats],
  maskBase: [0, 0],
  calleeSaved: [maskOf(calleeSaved), 0],
  clobbers: [clobbers, clobbers],
};

