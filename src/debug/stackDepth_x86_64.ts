/**
 * How far the stack pointer is below the return address, instruction by instruction, read off x86_64 code: for unwinders that stop anywhere. Calls
 * know their own depth (TraceInput.siteFrame); between them, what changes rsp is recognised by its bytes, and behind a jump the depth is that of whoever jumps there.
 */
import type { TraceInput } from "./traceInput.ts";

/** From offset `at` of .text on, rsp is `depth` bytes below the word with the return address. */
export interface DepthRow {
  readonly at: number;
  readonly depth: number;
}

/** Bytes of the instruction at `at` of `code[0, end)`; 0 if there is none. The encoders' decoder knows. */
export type InstructionLength = (code: Uint8Array, at: number, end: number) => number;

/** Effects that are no number of bytes. */
const TO_FRAME = 1 << 30;
/** Control does not come to what follows. */
const LEAVES = TO_FRAME + 1;
/** As LEAVES: by a table, to places that the code does not name. */
const LEAVES_BY_TABLE = TO_FRAME + 2;

/** A function's instructions, one an index: where each begins (and the last ends), what it does to the depth, where it jumps (-1: nowhere). */
interface Steps {
  readonly at: readonly number[];
  readonly effect: readonly number[];
  readonly target: readonly number[];
}

/**
 * The rows of function `f`, rising; the first is at its start with depth 0. `pairsAreOne`: nothing is said of the instruction between the two that make a
 * constant at -Os (push, pop).
 */
export function stackDepths(code: Uint8Array, trace: TraceInput, f: number, lengthAt: InstructionLength, pairsAreOne = false): DepthRow[] {
  const start = trace.functionStart[f];
  const steps = stepsOf(code, start, start + trace.functionSize[f], lengthAt, pairsAreOne);
  // A jump tells the depth where it leads. One that stands behind what it leads to is met too late, so what is known is gone through again.
  const known = new Map<number, number>([[start, 0]]);
  let rows: DepthRow[] = [];
  for (let before = 0; before !== known.size; ) {
    before = known.size;
    rows = walk(steps, trace, f, known);
  }
  return rows;
}

function stepsOf(code: Uint8Array, start: number, end: number, lengthAt: InstructionLength, pairsAreOne: boolean): Steps {
  const at = [start];
  const effect: number[] = [];
  const target: number[] = [];
  for (let here = start; here < end; ) {
    const length = lengthAt(code, here, end);
    if (length === 0) break;
    const next = here + length;
    const isPair = pairsAreOne && pushesConstant(code, here) && next < end && effectOf(code, next) === -8;
    effect.push(isPair ? 0 : effectOf(code, here));
    target.push(targetOf(code, here, next));
    here = isPair ? next + lengthAt(code, next, end) : next;
    at.push(here);
  }
  return { at, effect, target };
}

/** Goes through the instructions in their order, with what is `known` of the depth at some of them, and adds what jumps tell. */
function walk({ at, effect, target }: Steps, trace: TraceInput, f: number, known: Map<number, number>): DepthRow[] {
  const { functionFrame, functionFirstSite, functionCount, siteCount, siteReturn, siteFrame } = trace;
  const frame = functionFrame[f];
  const lastSite = f + 1 < functionCount ? functionFirstSite[f + 1] : siteCount;
  let site = functionFirstSite[f];
  const rows: DepthRow[] = [];
  let depth = 0;
  let told = -1;
  // False behind what control does not come from, until somebody jumps there.
  let certain = true;
  let beforeTable = -1;
  for (let i = 0; i < effect.length; i++) {
    const here = known.get(at[i]);
    if (here !== undefined) depth = here;
    certain ||= here !== undefined;
    if (depth !== told) rows.push({ at: at[i], depth });
    told = depth;
    const change = effect[i];
    if (certain && target[i] >= 0 && !known.has(target[i])) known.set(target[i], depth);
    if (change < TO_FRAME) depth += change;
    else if (change === TO_FRAME) depth = frame;
    for (; site < lastSite && siteReturn[site] <= at[i + 1]; site++) if (siteReturn[site] === at[i + 1]) depth = siteFrame[site];
    if (change < LEAVES) continue;
    if (change === LEAVES_BY_TABLE) beforeTable = depth;
    certain = false;
    // What stands before the code that makes the frame has none either.
    if (rows.length > 1) depth = beforeTable >= 0 ? beforeTable : site < lastSite ? siteFrame[site] : frame;
  }
  return rows;
}

/** push imm8, imm32. */
function pushesConstant(code: Uint8Array, at: number): boolean {
  return code[at] === 0x6a || code[at] === 0x68;
}

/** What the instruction at `at` does to the depth; Intel's manual, volume 2, for the encodings. */
function effectOf(code: Uint8Array, at: number): number {
  const [a, b, c, d] = [code[at], code[at + 1], code[at + 2], code[at + 3]];
  const low = a === 0x41 ? b : a; // REX.B before push and pop of r8 to r15
  if (low >= 0x50 && low <= 0x57) return 8; // push r64
  if (pushesConstant(code, at)) return 8;
  if (low >= 0x58 && low <= 0x5f) return -8; // pop r64
  if (a === 0x48 && b === 0x83 && c === 0xec) return signed8(d); // sub rsp, imm8
  if (a === 0x48 && b === 0x81 && c === 0xec) return signed32(code, at + 3); // sub rsp, imm32
  if (a === 0x48 && b === 0x83 && c === 0xc4) return -signed8(d); // add rsp, imm8
  if (a === 0x48 && b === 0x81 && c === 0xc4) return -signed32(code, at + 3); // add rsp, imm32
  if (a === 0x48 && b === 0x8d && c === 0x64 && d === 0x24) return -signed8(code[at + 4]); // lea rsp, [rsp + disp8]
  if (a === 0x48 && b === 0x8d && c === 0xa4 && d === 0x24) return -signed32(code, at + 4); // lea rsp, [rsp + disp32]
  if ((a === 0x48 || a === 0x4c) && b === 0x89 && (c & 0xc7) === 0xc4) return TO_FRAME; // mov rsp, r64
  if (a === 0xc3 || a === 0xe9 || a === 0xeb || (a === 0x0f && b === 0x0b)) return LEAVES; // ret, jmp, ud2
  if (low === 0xff && ((a === 0x41 ? c : b) & 0x38) === 0x20) return LEAVES_BY_TABLE; // jmp r/m64
  return 0;
}

/** Where a jump to a place that it names leads; -1 for all else. */
function targetOf(code: Uint8Array, at: number, next: number): number {
  const [a, b] = [code[at], code[at + 1]];
  if (a === 0xeb || (a >= 0x70 && a <= 0x7f)) return next + signed8(b); // jmp, jcc rel8
  // 0 stands where a relocation tells who it is
  if (a === 0xe9 && signed32(code, at + 1) !== 0) return next + signed32(code, at + 1); // jmp rel32
  if (a === 0x0f && b >= 0x80 && b <= 0x8f) return next + signed32(code, at + 2); // jcc rel32
  return -1;
}

function signed8(byte: number): number {
  return (byte << 24) >> 24;
}

function signed32(code: Uint8Array, at: number): number {
  return code[at] | (code[at + 1] << 8) | (code[at + 2] << 16) | (code[at + 3] << 24);
}
