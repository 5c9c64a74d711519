/** The process entry, as the kernel or the loader enters it; and the touching of large frames. */

import type { Assembler } from "../../../encoders/x86_64/assembler.ts";
import { CC_G, R11, RBP, RDI, RDX, RSI, RSP } from "../../../encoders/x86_64/registers.ts";
import type { SymbolId } from "../../ir/function.ts";
import { linuxPlatform } from "../platform.ts";
import type { CompilerContext } from "../target.ts";
import * as rows from "./rows.ts";

/**
 * Writes the entry `name`: it calls `start` with the initial stack pointer, where argc lies (psABI 3.4.1). rbp = 0 ends the chain for those who
 * walk frames; calls need rsp aligned to 16. What is entered as C's `main` lays argc, argv and envp there itself.
 */
export function emitEntry(asm: Assembler, context: CompilerContext, name: SymbolId, start: SymbolId): void {
  const { entry } = context.options.platform ?? linuxPlatform;
  const at = asm.length;
  asm.beginRegion(false);
  asm.rr(rows.xor.rr[2], RBP, RBP);
  if (entry === "main") for (const register of [RDX, RSI, RDI]) asm.r(rows.push, register);
  // C's main gets the address of argv, which lies behind argc in the kernel's block.
  if (entry === "argv") asm.rm(rows.lea64, RDI, RSI, -1, 0, -8);
  else asm.rr(rows.mov64, RDI, RSP);
  asm.ri(rows.and.ri[3], RSP, -16);
  asm.callSymbol(start);
  asm.op(rows.ud2);
  asm.endRegion();
  const size = asm.length - at;
  context.trace.addFunction(name, at, size, 0, context.trace.siteCount, context.trace.lineCount);
  context.objects.defineFunction(name, at, size);
}

/** Frames from this size on touch their pages. */
export const PROBE_FROM = 4096;

/**
 * Touches each page of a frame of `size` bytes from above, so that an exhausted stack is met at the guard page and nothing beyond it is
 * written. rsp stays, so that whoever handles the fault finds the caller at the stack pointer. r11 is lost, flags too.
 * Returns the offset of the 32-bit field that holds −size.
 */
export function emitProbe(asm: Assembler, size: number): number {
  const again = asm.newLabel();
  asm.ri(rows.movRm64I32, R11, -4096);
  asm.bind(again);
  asm.mr(rows.test[2], RSP, R11, 0, 0, RSP);
  asm.ri(rows.sub.ri[3], R11, 4096);
  asm.ri(rows.cmp.ri[3], R11, -size);
  const field = asm.length - 4;
  asm.jcc(CC_G, again);
  return field;
}
