/** How long an instruction is, for those who only step over code. */

import { DECODED, Instruction, decode } from "./decoder.ts";

const decoded = new Instruction();

/** Bytes of the instruction at `at` of `code`, which ends at `end`; 0 if there is none that is known. */
export function instructionLength(code: Uint8Array, at: number, end: number): number {
  return decode(code, at, end, decoded) === DECODED ? decoded.length : 0;
}
