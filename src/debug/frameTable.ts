/** .debug_frame: how to find the caller's frame from anywhere in a function. DWARF 5, 6.4. For debuggers only, so it isn't loaded. */
import type { ObjectFile } from "../link/object.ts";
import type { DwarfSection } from "./dwarfSection.ts";
import type { Machine } from "../link/object.ts";
import type { TraceInput } from "./traceInput.ts";
import type { TraceNames } from "./traceTable.ts";

const DEF_CFA = 0x0c;
const DEF_CFA_OFFSET = 0x0e;
const OFFSET = 0x80;
const ADVANCE_LOC = 0x40;
const ADVANCE_LOC1 = 2;
const ADVANCE_LOC2 = 3;
const ADVANCE_LOC4 = 4;
const UNDEFINED = 7;
const SAME_VALUE = 8;

/** From offset `at` of .text on, the stack pointer is `depth` bytes below where the function found it, which is above the return address if that is on the stack. */
export interface FrameRow {
  readonly at: number;
  readonly depth: number;
  /** Whether the return address lies in the highest word of that, and not in its register. */
  readonly saved: boolean;
}

/** What an architecture's calling leaves on the stack, in DWARF's register numbers. */
export interface FrameRules {
  readonly stackPointer: number;
  readonly returnAddress: number;
  /** Bytes that a call pushes: the return address, or nothing. */
  readonly returnSize: number;
}

export const frameRules: Readonly<Record<Machine, FrameRules>> = {
  x86_64: { stackPointer: 7, returnAddress: 16, returnSize: 8 },
  arm64: { stackPointer: 31, returnAddress: 30, returnSize: 0 },
};

/** Writes the section, of the functions that stay. `frames` says how deep the stack is where; `entry` is the function that nobody called, or -1. */
export function writeFrameTable(
  out: DwarfSection, rules: FrameRules, trace: TraceInput, names: TraceNames, stays: (f: number) => boolean, frames: (f: number) => readonly FrameRow[], entry: number,
): void {
  const common = out.beginUnit();
  out.u32(0xffff_ffff);
  out.u8(4);
  out.text("");
  out.all([8, 0]); // address size, segment selector size
  out.unsigned(1); // code offsets in bytes
  out.signed(-8); // data offsets in words
  out.unsigned(rules.returnAddress);
  out.u8(DEF_CFA);
  out.unsigned(rules.stackPointer);
  out.unsigned(rules.returnSize);
  if (rules.returnSize > 0) out.all([OFFSET | rules.returnAddress, 1]);
  else out.all([SAME_VALUE, rules.returnAddress]);
  pad(out, common);
  for (let f = 0; f < trace.functionCount; f++) {
    if (!stays(f)) continue;
    const unit = out.beginUnit();
    out.offsetIn(out, 0);
    out.address(names.objectSymbol(trace.functionSymbol[f]), 0);
    out.u64(trace.functionSize[f]);
    if (f === entry) {
      out.u8(UNDEFINED);
      out.unsigned(rules.returnAddress);
    }
    let at = trace.functionStart[f];
    let depth = rules.returnSize;
    let saved = rules.returnSize > 0;
    for (const row of frames(f)) {
      if (row.depth === depth && row.saved === saved) continue;
      advance(out, row.at - at);
      at = row.at;
      if (row.depth !== depth) {
        out.u8(DEF_CFA_OFFSET);
        out.unsigned(row.depth);
      }
      if (row.saved !== saved && f !== entry) out.all(row.saved ? [OFFSET | rules.returnAddress, 1] : [SAME_VALUE, rules.returnAddress]);
      depth = row.depth;
      saved = row.saved;
    }
    pad(out, unit);
  }
}

function advance(out: DwarfSection, bytes: number): void {
  if (bytes === 0) return;
  if (bytes < 0x40) out.u8(ADVANCE_LOC | bytes);
  else if (bytes < 0x100) out.all([ADVANCE_LOC1, bytes]);
  else if (bytes < 0x1_0000) {
    out.u8(ADVANCE_LOC2);
    out.u16(bytes);
  } else {
    out.u8(ADVANCE_LOC4);
    out.u32(bytes);
  }
}

/** Entries are multiples of an address in length; DW_CFA_nop is 0. */
function pad(out: DwarfSection, start: number): void {
  while ((out.size - start + 4) % 8 !== 0) out.u8(0);
  out.endUnit(start);
}

/** The number of the function among `trace` that defines `name` in `object`, or -1. */
export function functionNamed(object: ObjectFile, trace: TraceInput, names: TraceNames, name: string): number {
  for (let f = 0; f < trace.functionCount; f++) {
    if (object.symbols.name(names.objectSymbol(trace.functionSymbol[f])) === name) return f;
  }
  return -1;
}
