/** .debug_frame: how to find the caller's frame from anywhere in a function. DWARF 5, 6.4. For debuggers only, so it isn't loaded. */
import type { ObjectFile } from "../link/object.ts";
import type { DwarfSection } from "./dwarfSection.ts";
import type { DepthRow } from "./stackDepth_x86_64.ts";
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

/** What an architecture's calling leaves on the stack, in DWARF's register numbers. */
export interface FrameRules {
  readonly stackPointer: number;
  readonly returnAddress: number;
  /** Bytes of the word with the return address, which lies right below the frame of the caller. */
  readonly returnSize: number;
}

export const frameRules: Readonly<Record<"x86_64", FrameRules>> = { x86_64: { stackPointer: 7, returnAddress: 16, returnSize: 8 } };

/** Writes the section. `depths` says how deep the stack is where; `entry` is the function that nobody called, or -1. */
export function writeFrameTable(
  out: DwarfSection, rules: FrameRules, trace: TraceInput, names: TraceNames, depths: (f: number) => readonly DepthRow[], entry: number,
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
  out.u8(OFFSET | rules.returnAddress);
  out.unsigned(1);
  pad(out, common);
  for (let f = 0; f < trace.functionCount; f++) {
    const unit = out.beginUnit();
    out.offsetIn(out, 0);
    out.address(names.objectSymbol(trace.functionSymbol[f]), 0);
    out.u64(trace.functionSize[f]);
    if (f === entry) {
      out.u8(UNDEFINED);
      out.unsigned(rules.returnAddress);
    }
    let at = trace.functionStart[f];
    for (const row of depths(f)) {
      if (row.at === trace.functionStart[f] && row.depth === 0) continue;
      advance(out, row.at - at);
      at = row.at;
      out.u8(DEF_CFA_OFFSET);
      out.unsigned(row.depth + rules.returnSize);
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
