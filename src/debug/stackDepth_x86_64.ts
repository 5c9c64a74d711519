/**
 * How far the stack pointer is below the return address, instruction by instruction, read off x86_64 code: for unwinders that stop anywhere. Calls
 * know their own depth (TraceInput.siteFrame); between them, what changes rsp is recognised by its bytes.
 */
import type { TraceInput } from "./traceInput.ts";

/** From offset `at` of .text on, rsp is `depth` bytes below the word with the return address. */
export interface DepthRow {
  readonly at: number;
  readonly depth: number;
}

/** Bytes of the instruction at `at` of `code[0, end)`; 0 if there is none. The encoders' decoder knows. */
export type InstructionLength = (code: Uint8Array, at: number, end: number) => number;

/** The rows of function `f`, rising; the first is at its start with depth 0. */
export function stackDepths(code: Uint8Array, trace: TraceInput, f: number, lengthAt: InstructionLength): DepthRow[] {
  const { functionStart, functionSize, functionFrame, functionFirstSite, functionCount, siteCount, siteReturn, siteFrame } = trace;
  const start = functionStart[f];
  const end = start + functionSize[f];
  const frame = functionFrame[f];
  const lastSite = f + 1 < functionCount ? functionFirstSite[f + 1] : siteCount;
  let site = functionFirstSite[f];
  const rows: DepthRow[] = [{ at: start, depth: 0 }];
  let depth = 0;
  for (let at = start; at < end; ) {
    const length = lengthAt(code, at, end);
    if (length === 0) break;
    const next = at + length;
    const effect = effectOf(code, at);
    let after = effect === "to frame" ? frame : typeof effect === "number" ? depth + effect : depth;
    while (site < lastSite && siteReturn[site] <= next) {
      if (siteReturn[site] === next) after = siteFrame[site];
      site++;
    }
    // what stands before the code that makes the frame has none either
    if (effect === "leaves" && rows.length > 1) after = site < lastSite ? siteFrame[site] : frame;
    if (after !== depth && next < end) rows.push({ at: next, depth: after });
    depth = after;
    at = next;
  }
  return rows;
}

/** What the instruction at `at` does to the depth; Intel's manual, volume 2, for the encodings. */
function effectOf(code: Uint8Array, at: number): number | "to frame" | "leaves" | "nothing" {
  const [a, b, c, d] = [code[at], code[at + 1], code[at + 2], code[at + 3]];
  const low = a === 0x41 ? b : a; // REX.B before push and pop of r8 to r15
  if (low >= 0x50 && low <= 0x57) return 8; // push r64
  if (low >= 0x58 && low <= 0x5f) return -8; // pop r64
  if (a === 0x48 && b === 0x83 && c === 0xec) return signed8(d); // sub rsp, imm8
  if (a === 0x48 && b === 0x81 && c === 0xec) return signed32(code, at + 3); // sub rsp, imm32
  if (a === 0x48 && b === 0x83 && c === 0xc4) return -signed8(d); // add rsp, imm8
  if (a === 0x48 && b === 0x81 && c === 0xc4) return -signed32(code, at + 3); // add rsp, imm32
  if (a === 0x48 && b === 0x8d && c === 0x64 && d === 0x24) return -signed8(code[at + 4]); // lea rsp, [rsp + disp8]
  if (a === 0x48 && b === 0x8d && c === 0xa4 && d === 0x24) return -signed32(code, at + 4); // lea rsp, [rsp + disp32]
  if ((a === 0x48 || a === 0x4c) && b === 0x89 && (c & 0xc7) === 0xc4) return "to frame"; // mov rsp, r64
  if (a === 0xc3 || a === 0xe9 || a === 0xeb || (a === 0x0f && b === 0x0b)) return "leaves"; // ret, jmp, ud2
  if (a === 0xff && (b & 0x38) === 0x20) return "leaves"; // jmp r/m64
  return "nothing";
}

function signed8(byte: number): number {
  return (byte << 24) >> 24;
}

function signed32(code: Uint8Array, at: number): number {
  return code[at] | (code[at + 1] << 8) | (code[at + 2] << 16) | (code[at + 3] << 24);
}
