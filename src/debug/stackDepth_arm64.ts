/**
 * How far the stack pointer is below where a function found it, instruction by instruction, read off A64 code: what changes sp is recognised by its
 * bits, and followed along branches. For unwinders that stop anywhere.
 */

import type { FrameRow } from "./frameTable.ts";
import type { TraceInput } from "./traceInput.ts";

/** Depth of instructions that nothing leads to: they follow a table of jumps. */
const UNKNOWN = -1;

/** stp x29, x30, [sp, #-16]! and ldp x29, x30, [sp], #16: what frames of ours begin and end with. */
export const PUSH_LINK = 0xa9bf7bfd | 0;
export const POP_LINK = 0xa8c17bfd | 0;
const RET = 0xd65f03c0 | 0;

export const isReturn = (instruction: number): boolean => instruction === RET;

/** The words of `code[start, end)`. */
export function instructionsOf(code: Uint8Array, start: number, end: number): Int32Array {
  const words = new Int32Array((end - start) >> 2);
  for (let i = 0, at = start; i < words.length; i++, at += 4) words[i] = code[at] | (code[at + 1] << 8) | (code[at + 2] << 16) | (code[at + 3] << 24);
  return words;
}

/** What pushing a pair of registers subtracts from sp; negative for popping, undefined for other instructions. `stp` and `ldp` of x or d registers. */
export function pairChange(instruction: number): number | undefined {
  const form = instruction & 0xffc003e0;
  const push = form === (0xa98003e0 | 0) || form === 0x6d8003e0;
  if (!push && form !== (0xa8c003e0 | 0) && form !== 0x6cc003e0) return undefined;
  return -((instruction << 10) >> 25) * 8;
}

/** What a push or a pop of a pair, or `sub` or `add` of sp and an immediate subtracts from sp; undefined for other instructions. */
export function stackChange(instruction: number): number | undefined {
  const pair = pairChange(instruction);
  if (pair !== undefined) return pair;
  const add = (instruction & 0xff8003ff) === (0x910003ff | 0);
  if (!add && (instruction & 0xff8003ff) !== (0xd10003ff | 0)) return undefined;
  if (((instruction >> 5) & 31) !== 31) return undefined;
  const value = ((instruction >> 10) & 0xfff) << (((instruction >> 22) & 1) * 12);
  return add ? -value : value;
}

/** add sp, sp, x17: the rest of a frame too large for an immediate. */
export const isLargeChange = (instruction: number): boolean => (instruction & 0xffe0ffff) === (0x8b2063ff | 0) || (instruction & 0xffe0ffff) === (0xcb2063ff | 0);

/** Where a branch within the function leads, as a number of instructions from itself; undefined for what is none. */
function branchDistance(instruction: number): number | undefined {
  if ((instruction & 0xfc000000) === 0x14000000) return (instruction << 6) >> 6;
  if ((instruction & 0xff000010) === 0x54000000) return (instruction << 8) >> 13;
  if ((instruction & 0x7e000000) === 0x34000000) return (instruction << 8) >> 13;
  if ((instruction & 0x7e000000) === 0x36000000) return (instruction << 13) >> 18;
  return undefined;
}

/** str x30, [sp, #n]: where a leaf's failed check puts the return address. */
const isSaveOfReturn = (instruction: number): boolean => (instruction & 0xffc003ff) === (0xf90003fe | 0);

/** The frames of function `f`, rising: in code that pushes its return address that is done first, else only in front of calls that do not return. */
export function frameRowsArm64(code: Uint8Array, trace: TraceInput, f: number): FrameRow[] {
  const start = trace.functionStart[f];
  const words = instructionsOf(code, start, start + trace.functionSize[f]);
  const depths = stackDepths(words, trace.functionFrame[f] === 0 ? 0 : trace.functionFrame[f] + 8);
  const pushes = words.includes(PUSH_LINK);
  const rows: FrameRow[] = [];
  for (let i = 0; i < words.length; i++) {
    const depth = Math.max(0, depths[i]);
    const saved = depth >= 16 && (pushes || (i > 0 && isSaveOfReturn(words[i - 1])));
    const last = rows.at(-1);
    if (last === undefined || last.depth !== depth || last.saved !== saved) rows.push({ at: start + i * 4, depth, saved });
  }
  return rows;
}

/** By instruction: the bytes that sp lies below its first value before it is run. `size`: of the whole frame. */
export function stackDepths(words: Int32Array, size: number): Int32Array {
  const count = words.length;
  const depth = new Int32Array(count).fill(UNKNOWN);
  const work: number[] = [0];
  /** What comes after calls: those that end the program lead nowhere, and what follows them is reached otherwise. */
  const afterCalls: number[] = [];
  /** The depth where a frame too large for an immediate has still to be made. */
  let beforeLarge = 16;
  depth[0] = 0;
  const reach = (to: number, at: number): void => {
    if (to < 0 || to >= count || depth[to] !== UNKNOWN) return;
    depth[to] = at;
    work.push(to);
  };
  const follow = (): void => {
    for (let i = work.pop(); i !== undefined; i = work.pop()) {
      const instruction = words[i];
      const at = depth[i];
      const distance = branchDistance(instruction);
      if (distance !== undefined) {
        reach(i + distance, at);
        if ((instruction & 0xfc000000) !== 0x14000000) reach(i + 1, at);
        continue;
      }
      if ((instruction & 0xfc000000) === (0x94000000 | 0) || (instruction & 0xfffffc1f) === (0xd63f0000 | 0)) {
        afterCalls.push(i);
        continue;
      }
      // ret, br, udf
      if (instruction === RET || (instruction & 0xfffffc1f) === (0xd61f0000 | 0) || (instruction & 0xffff0000) === 0) continue;
      let after = at;
      if (isLargeChange(instruction)) {
        after = at === size ? beforeLarge : size;
        if (at !== size) beforeLarge = at;
      }
      else after += stackChange(instruction) ?? 0;
      reach(i + 1, after);
    }
  };
  const followAll = (): void => {
    for (;;) {
      follow();
      afterCalls.sort((a, b) => b - a);
      const call = afterCalls.pop();
      if (call === undefined) break;
      reach(call + 1, depth[call]);
    }
  };
  followAll();
  // targets of tables of jumps, and what they lead to, are as deep as the frame
  for (let i = 0; i < count; i++) {
    reach(i, size);
    followAll();
  }
  return depth;
}
