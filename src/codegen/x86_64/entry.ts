/** The process entry of a static executable, as the kernel enters it: rsp points to argc (psABI 3.4.1). */

import type { Assembler } from "../../../encoders/x86_64/assembler.ts";
import { RBP, RDI, RSP } from "../../../encoders/x86_64/registers.ts";
import * as rows from "./rows.ts";

/** rbp = 0 ends the chain for those who walk frames; the argument is the initial stack pointer; calls need rsp aligned to 16. */
export function emitEntryCode(asm: Assembler, start: number): void {
  asm.rr(rows.xor.rr[2], RBP, RBP);
  asm.rr(rows.mov64, RDI, RSP);
  asm.ri(rows.and.ri[3], RSP, -16);
  asm.callSymbol(start);
  asm.op(rows.ud2);
}
