/**
 * Windows' tables of functions for x64: .pdata has begin, end and unwind information of each stretch of code, .xdata the unwind information: what the
 * prologue did to the stack, last first. A stretch is a function, but for those parts of it where the stack is deeper (calls of handlers of failed
 * checks). Code that has made no frame needs no entry: Windows then finds the return address at rsp. Read off the code, as stackDepth_x86_64.ts does.
 */
import { Binding, SymbolType } from "../link/object.ts";
import type { ObjectBuilder, SectionId } from "../link/object.ts";
import { privateName } from "../link/privateNames.ts";
import { RelocationKind } from "../link/relocationKind.ts";
import { stackDepths } from "./stackDepth_x86_64.ts";
import type { InstructionLength } from "./stackDepth_x86_64.ts";
import type { TraceInput } from "./traceInput.ts";
import type { TraceNames } from "./traceTable.ts";

/** Unwind operations. */
const PUSH_NONVOLATILE = 0;
const ALLOCATE_LARGE = 1;
const ALLOCATE_SMALL = 2;
const SAVE_NONVOLATILE = 4;
const SAVE_XMM128 = 8;

/** rbx rbp rsi rdi r12 r13 r14 r15, by bit. */
const NONVOLATILE = 0xf0e8;

/** One thing that a prologue did: after the instruction that ends at `offset`. */
interface Step {
  readonly offset: number;
  readonly operation: number;
  /** Register, or bytes. */
  readonly value: number;
  readonly register: number;
}

/** Adds .pdata and .xdata for the functions of .text. */
export function addWindowsUnwindTables(object: ObjectBuilder, text: SectionId, trace: TraceInput, names: TraceNames, lengthAt: InstructionLength): void {
  const code = object.sections[text].content();
  const pdata = object.section("rodata", ".pdata", 4, { references: "describe", purpose: "unwind", recordSize: 12 });
  const xdata = object.section("rodata", ".xdata", 4, { references: "describe", purpose: "unwind" });
  const information = object.symbol(privateName("unwind"), Binding.local, SymbolType.object);
  const known = new Map<string, number>();
  for (let f = 0; f < trace.functionCount; f++) {
    const start = trace.functionStart[f];
    const symbol = names.objectSymbol(trace.functionSymbol[f]);
    for (const stretch of stretches(code, trace, f, lengthAt)) {
      const bytes = unwindInformation(stretch.steps, stretch.prologue);
      const key = bytes.join();
      let at = known.get(key);
      if (at === undefined) {
        object.align(xdata, 4);
        at = object.append(xdata, bytes);
        known.set(key, at);
      }
      const record = object.append(pdata, new Uint8Array(12));
      object.relocate(pdata, record, RelocationKind.imageOffset32, symbol, stretch.start - start);
      object.relocate(pdata, record + 4, RelocationKind.imageOffset32, symbol, stretch.end - start);
      object.relocate(pdata, record + 8, RelocationKind.imageOffset32, information, at);
    }
  }
  object.define(information, xdata, 0, object.sections[xdata].size);
}

interface Stretch {
  readonly start: number;
  end: number;
  /** Bytes of the prologue at its start; 0 where all was done before. */
  readonly prologue: number;
  readonly steps: readonly Step[];
}

/** The stretches of function `f` that have a frame, rising. */
function stretches(code: Uint8Array, trace: TraceInput, f: number, lengthAt: InstructionLength): Stretch[] {
  const frame = trace.functionFrame[f];
  const end = trace.functionStart[f] + trace.functionSize[f];
  // Nothing can fail between the halves of a constant, and an entry for each would be a seventh of a small program.
  const rows = stackDepths(code, trace, f, lengthAt, true);
  const found: Stretch[] = [];
  let depth = -1;
  let made: readonly Step[] | undefined;
  rows.forEach((row, i) => {
    const until = rows[i + 1]?.at ?? end;
    const last = found.at(-1);
    if (row.depth === 0) {
      // the return instruction behind an epilogue
      if (last !== undefined && depth === frame && last.end === row.at) last.end = until;
      return;
    }
    if (made === undefined) {
      const start = startOfInstruction(code, trace.functionStart[f], row.at, lengthAt);
      const steps = prologueSteps(code, start, end, frame, lengthAt);
      made = steps;
      const size = steps.at(-1)?.offset ?? 0;
      depth = frame;
      if (size > 0 && size < 256 && row.depth <= frame) {
        found.push({ start, end: until, prologue: size, steps });
        return;
      }
    }
    const own = row.depth > frame ? row.depth : frame;
    if (last !== undefined && own === depth && last.end === row.at) {
      last.end = until;
      return;
    }
    depth = own;
    const steps = (made ?? []).map((step) => ({ ...step, offset: 0 }));
    if (own > frame) steps.push({ offset: 0, operation: ALLOCATE_SMALL, value: own - frame, register: 0 });
    found.push({ start: row.at, end: until, prologue: 0, steps });
  });
  return found;
}

/** The start of the instruction that ends at `to`. */
function startOfInstruction(code: Uint8Array, from: number, to: number, lengthAt: InstructionLength): number {
  let at = from;
  for (let next = from; next < to; ) {
    at = next;
    const length = lengthAt(code, at, to);
    if (length === 0) break;
    next = at + length;
  }
  return at;
}

/** What the prologue at `start` does until the stack is `frame` deep, and the registers that it stores right after. */
function prologueSteps(code: Uint8Array, start: number, end: number, frame: number, lengthAt: InstructionLength): Step[] {
  const steps: Step[] = [];
  let depth = 0;
  for (let at = start; at < end; ) {
    const length = lengthAt(code, at, end);
    if (length === 0) break;
    const next = at + length;
    const [a, b, c, d] = [code[at], code[at + 1], code[at + 2], code[at + 3]];
    const offset = next - start;
    const extended = a === 0x41;
    const low = extended ? b : a;
    if (low >= 0x50 && low <= 0x57 && depth < frame) {
      const register = (low - 0x50) | (extended ? 8 : 0);
      steps.push(((NONVOLATILE >> register) & 1) === 1
        ? { offset, operation: PUSH_NONVOLATILE, value: 8, register }
        : { offset, operation: ALLOCATE_SMALL, value: 8, register: 0 });
      depth += 8;
    } else if (a === 0x48 && ((b === 0x83 || b === 0x81) && c === 0xec || b === 0x8d && (c === 0xa4 || c === 0x64) && d === 0x24) && depth < frame) {
      const value = frame - depth; // sub rsp, or lea rsp, [rsp - value]
      steps.push({ offset, operation: ALLOCATE_SMALL, value, register: 0 });
      depth = frame;
    } else if (depth === frame) {
      const store = storeBelow(code, at);
      if (store === undefined) break;
      steps.push({ offset, ...store });
    }
    at = next;
  }
  return steps;
}

/** movups [rsp + disp], xmm6 to xmm15, or mov [rsp + disp], rdi or rsi: what only functions that Windows calls begin with. */
function storeBelow(code: Uint8Array, at: number): { readonly operation: number; readonly value: number; readonly register: number } | undefined {
  const rex = code[at] === 0x44 || code[at] === 0x48 ? code[at] : 0;
  const p = at + (rex === 0 ? 0 : 1);
  const vector = code[p] === 0x0f && code[p + 1] === 0x11 && rex !== 0x48;
  const word = code[p] === 0x89 && rex === 0x48;
  if (!vector && !word) return undefined;
  const m = p + (vector ? 2 : 1);
  const [modrm, sib] = [code[m], code[m + 1]];
  if ((modrm & 7) !== 4 || sib !== 0x24 || modrm >> 6 === 3) return undefined;
  const register = ((modrm >> 3) & 7) | (rex === 0x44 ? 8 : 0);
  if (vector ? register < 6 : register !== 6 && register !== 7) return undefined;
  const mode = modrm >> 6;
  const value = mode === 0 ? 0 : mode === 1 ? code[m + 2] : code[m + 2] | (code[m + 3] << 8) | (code[m + 4] << 16) | (code[m + 5] << 24);
  return { operation: vector ? SAVE_XMM128 : SAVE_NONVOLATILE, value, register };
}

/** UNWIND_INFO, version 1, without a handler and without a frame register. */
function unwindInformation(steps: readonly Step[], prologue: number): Uint8Array<ArrayBuffer> {
  const slots: number[] = [];
  const slot = (offset: number, operation: number, info: number): void => {
    slots.push(offset | (operation << 8) | (info << 12));
  };
  for (const { offset, operation, value, register } of [...steps].reverse()) {
    if (operation === PUSH_NONVOLATILE) slot(offset, operation, register);
    else if (operation === SAVE_XMM128) {
      slot(offset, operation, register);
      slots.push(value / 16);
    } else if (operation === SAVE_NONVOLATILE) {
      slot(offset, operation, register);
      slots.push(value / 8);
    } else if (value <= 128) slot(offset, ALLOCATE_SMALL, value / 8 - 1);
    else if (value < 8 * 0x1_0000) {
      slot(offset, ALLOCATE_LARGE, 0);
      slots.push(value / 8);
    } else {
      slot(offset, ALLOCATE_LARGE, 1);
      slots.push(value & 0xffff, value >>> 16);
    }
  }
  if (slots.length > 255) throw new Error(`debug/unwindWindows_x86_64.unwindInformation: ${slots.length} unwind codes`);
  const bytes = new Uint8Array(4 + ((slots.length + 1) & ~1) * 2);
  bytes.set([1, prologue, slots.length, 0]);
  slots.forEach((word, i) => bytes.set([word & 255, word >> 8], 4 + 2 * i));
  return bytes;
}
