/**
 * Windows' tables of functions for ARM64: .pdata has the begin of each stretch of code that has a frame, .xdata its length, the codes that undo its
 * prologue, an instruction each and last first, and where its epilogues are ("ARM64 exception handling"). A stretch is a function from where it makes its frame,
 * or a part of it that lies elsewhere, or the call of a failed check's handler in a function without a frame. Code without a frame needs no entry: Windows then
 * finds the return address in x30. Read off the code.
 */
import { Binding, SymbolType } from "../link/object.ts";
import type { ObjectBuilder, SectionId } from "../link/object.ts";
import { privateName } from "../link/privateNames.ts";
import { RelocationKind } from "../link/relocationKind.ts";
import { POP_LINK, PUSH_LINK, instructionsOf, isLargeChange, isReturn, pairChange, stackChange, stackDepths } from "./stackDepth_arm64.ts";
import type { TraceInput } from "./traceInput.ts";
import type { TraceNames } from "./traceTable.ts";

const NOP = 0xe3;
const END = 0xe4;
/** Before the codes of a stretch whose prologue ran elsewhere. */
const END_OF_OWN = 0xe5;

/** A stretch of as many instructions ends where it can: an entry describes fewer than 2^18. */
const MOST_INSTRUCTIONS = 0x3_0000;

type Code = readonly number[];

interface Epilogue {
  /** In instructions from the stretch's begin. */
  readonly at: number;
  /** In the order in which they run. */
  readonly codes: readonly Code[];
}

interface Stretch {
  readonly begin: number;
  end: number;
  /** What the prologue did, in its order; "own": at the stretch's begin. */
  readonly prologue: readonly Code[];
  readonly own: boolean;
  readonly depth: number;
}

/** Adds .pdata and .xdata for the functions of .text. */
export function addWindowsUnwindTables(object: ObjectBuilder, text: SectionId, trace: TraceInput, names: TraceNames): void {
  const code = object.sections[text].content();
  const pdata = object.section("rodata", ".pdata", 4, { references: "describe", purpose: "unwind", recordSize: 8 });
  const xdata = object.section("rodata", ".xdata", 4, { references: "describe", purpose: "unwind" });
  const information = object.symbol(privateName("unwind"), Binding.local, SymbolType.object);
  const known = new Map<string, number>();
  for (let f = 0; f < trace.functionCount; f++) {
    const start = trace.functionStart[f];
    const symbol = names.objectSymbol(trace.functionSymbol[f]);
    const words = instructionsOf(code, start, start + trace.functionSize[f]);
    if (!words.includes(PUSH_LINK)) continue;
    const depths = stackDepths(words, trace.functionFrame[f] === 0 ? 0 : trace.functionFrame[f] + 8);
    for (const stretch of stretches(words, depths)) {
      const bytes = unwindInformation(words, depths, stretch);
      const key = bytes.join();
      let at = known.get(key);
      if (at === undefined) {
        at = object.append(xdata, bytes);
        known.set(key, at);
      }
      const record = object.append(pdata, new Uint8Array(8));
      object.relocate(pdata, record, RelocationKind.imageOffset32, symbol, stretch.begin * 4);
      object.relocate(pdata, record + 4, RelocationKind.imageOffset32, information, at);
    }
  }
  object.define(information, xdata, 0, object.sections[xdata].size);
}

/** Those of one function, rising. */
function stretches(words: Int32Array, depths: Int32Array): Stretch[] {
  const found: Stretch[] = [];
  const prologues = new Map<number, readonly Code[]>();
  let deepest: { readonly codes: readonly Code[]; readonly depth: number } = { codes: [], depth: 0 };
  for (let i = words.indexOf(PUSH_LINK); i >= 0; i = words.indexOf(PUSH_LINK, i + 1)) {
    const codes = prologueCodes(words, depths, i);
    const depth = depths[i + codes.length] ?? 16;
    prologues.set(i, codes);
    if (depth > deepest.depth) deepest = { codes, depth };
  }
  let current: Stretch | undefined;
  for (let i = 0; i < words.length; i++) {
    const own = prologues.get(i);
    if (own !== undefined) {
      current = { begin: i, end: i + Math.max(1, own.length), prologue: own, own: true, depth: depths[i + own.length] ?? 16 };
      found.push(current);
      i = current.end - 1;
      continue;
    }
    const covered = depths[i] > 0 || (isReturn(words[i]) && words[i - 1] === POP_LINK);
    if (!covered) {
      current = undefined;
      continue;
    }
    const inEpilogue = depths[i] < (current?.depth ?? 0);
    const full = current !== undefined && current.end - current.begin >= MOST_INSTRUCTIONS && !inEpilogue && depths[i] === current.depth;
    if (current === undefined || full || depths[i] > current.depth) {
      current = { begin: i, end: i + 1, prologue: deepest.codes, own: false, depth: deepest.depth };
      found.push(current);
    } else current.end = i + 1;
  }
  return found;
}

/** What the instructions from `at` on do to make a frame, a code each; those that only touch its pages are there as nothing. */
function prologueCodes(words: Int32Array, depths: Int32Array, at: number): Code[] {
  const codes: Code[] = [[0x81]]; // save_fplr_x, 16 bytes
  const saved = new Set<number>();
  let lastEffect = 1;
  for (let i = at + 1; i < words.length; i++) {
    const instruction = words[i];
    const next = depths[i + 1] ?? depths[i];
    const change = isLargeChange(instruction) ? next - depths[i] : stackChange(instruction);
    const push = pairCode(instruction);
    if (change !== undefined && change > 0) {
      // the next frame's begin, where this one's has no more
      if (instruction === PUSH_LINK) break;
      codes.push(push ?? allocation(change));
    } else {
      const save = saveCode(instruction, false);
      const registers = save?.registers ?? [];
      if (save !== undefined && !registers.some((r) => saved.has(r))) {
        for (const r of registers) saved.add(r);
        codes.push(save.code);
      } else if (onlyTouches(instruction)) {
        codes.push([NOP]);
        continue;
      } else break;
    }
    lastEffect = codes.length;
  }
  return codes.slice(0, lastEffect);
}

/** Whether the instruction is one of those that touch the pages of a large frame or make its size: of x16 and x17 alone. */
function onlyTouches(instruction: number): boolean {
  if ((instruction & 0xfffffc1f) === (0xf900001f | 0)) return true; // str xzr, [x16 or x17]
  if ((instruction & 0xff00001f) === 0x54000008) return true; // b.hi
  if ((instruction & 0xffe0fc1f) === (0xeb00001f | 0)) return true; // cmp x17, x16
  const to = instruction & 31;
  if (to !== 16 && to !== 17) return false;
  const wide = (instruction & 0x9f800000) === (0x92800000 | 0); // movn, movz, movk, and orr with a bit mask
  return wide || (instruction & 0xff800000) === (0xb2000000 | 0) || (instruction & 0xbf000000) === (0x91000000 | 0) || (instruction & 0xbf200000) === (0x8b200000 | 0);
}

function allocation(bytes: number): Code {
  const units = bytes / 16;
  if (units < 32) return [units];
  if (units < 2048) return [0xc0 | (units >> 8), units & 255];
  return [0xe0, units >> 16, (units >> 8) & 255, units & 255];
}

/** save_regp_x or save_fregp_x of a push or pop of two of x19 to x28 or d8 to d15. */
function pairCode(instruction: number): Code | undefined {
  const change = pairChange(instruction);
  const t = instruction & 31;
  if (change === undefined || ((instruction >> 10) & 31) !== t + 1) return undefined;
  const units = Math.abs(change) / 8 - 1;
  if ((instruction & 0x4000000) !== 0) return t >= 8 && t <= 14 ? [0xda | ((t - 8) >> 2), (((t - 8) & 3) << 6) | units] : undefined;
  return t >= 19 && t <= 27 ? [0xcc | ((t - 19) >> 2), (((t - 19) & 3) << 6) | units] : undefined;
}

interface Save {
  readonly code: Code;
  readonly registers: readonly number[];
}

/** Stores, or with `load` loads, of x19 to x28 and d8 to d15 at the stack pointer. Floating registers count from 32. */
function saveCode(instruction: number, load: boolean): Save | undefined {
  const bit = load ? 0x400000 : 0;
  const form = instruction & 0xffc003e0;
  const t = instruction & 31;
  const slot = (instruction >> 10) & 0xfff;
  if (form === ((0xf90003e0 | bit) | 0) && t >= 19 && t <= 28 && slot < 64) return { code: [0xd0 | ((t - 19) >> 2), (((t - 19) & 3) << 6) | slot], registers: [t] };
  if (form === ((0xfd0003e0 | bit) | 0) && t >= 8 && t <= 15 && slot < 64) return { code: [0xdc | ((t - 8) >> 2), (((t - 8) & 3) << 6) | slot], registers: [32 + t] };
  const second = (instruction >> 10) & 31;
  const offset = (instruction >> 15) & 127;
  if (offset >= 64 || second !== t + 1) return undefined;
  if (form === ((0xa90003e0 | bit) | 0) && t >= 19 && t <= 27) return { code: [0xc8 | ((t - 19) >> 2), (((t - 19) & 3) << 6) | offset], registers: [t, second] };
  if (form === ((0x6d0003e0 | bit) | 0) && t >= 8 && t <= 14) return { code: [0xd8 | ((t - 8) >> 2), (((t - 8) & 3) << 6) | offset], registers: [32 + t, 32 + second] };
  return undefined;
}

/** The epilogues of a stretch: each ends with `ret`, and begins with the first load that undoes a save. */
function epiloguesOf(words: Int32Array, depths: Int32Array, { begin, end, prologue }: Stretch): Epilogue[] {
  const saves = new Set(prologue.map((code) => code.join()));
  const found: Epilogue[] = [];
  for (let i = begin; i < end; i++) {
    if (!isReturn(words[i]) || words[i - 1] !== POP_LINK || i - 1 < begin) continue;
    const codes: Code[] = [[0x81]];
    let at = i - 1;
    for (; at > begin; at--) {
      const instruction = words[at - 1];
      const change = isLargeChange(instruction) ? depths[at] - depths[at - 1] : stackChange(instruction);
      if (change !== undefined && change < 0) {
        codes.unshift(pairCode(instruction) ?? allocation(-change));
        continue;
      }
      const load = saveCode(instruction, true);
      if (load !== undefined && saves.has(load.code.join())) codes.unshift(load.code);
      else if (onlyTouches(instruction)) codes.unshift([NOP]);
      else break;
    }
    while (codes.length > 1 && codes[0][0] === NOP) {
      codes.shift();
      at++;
    }
    found.push({ at: at - begin, codes });
  }
  return found;
}

/** The record in .xdata. */
function unwindInformation(words: Int32Array, depths: Int32Array, stretch: Stretch): Uint8Array<ArrayBuffer> {
  const { begin, end, prologue, own } = stretch;
  const undo = [...prologue].reverse();
  const codes: number[] = own ? [] : [END_OF_OWN];
  const starts: number[] = [];
  for (const code of undo) {
    starts.push(codes.length);
    codes.push(...code);
  }
  codes.push(END);
  const lists = new Map<string, number>();
  undo.forEach((_, k) => lists.set(undo.slice(k).join(";"), starts[k]));
  const epilogues = epiloguesOf(words, depths, stretch);
  const scopes = epilogues.map((epilogue) => {
    const key = epilogue.codes.join(";");
    let index = lists.get(key);
    if (index === undefined) {
      index = codes.length;
      lists.set(key, index);
      codes.push(...epilogue.codes.flat(), END);
    }
    return epilogue.at | (index << 22);
  });
  const codeWords = Math.ceil(codes.length / 4);
  const extended = scopes.length > 31 || codeWords > 31;
  if (codeWords > 255 || scopes.some((_, i) => scopes[i] >>> 22 > 1023)) throw new Error(`debug/unwindWindows_arm64.unwindInformation: ${codes.length} bytes of codes`);
  const header = [(end - begin) | (extended ? 0 : (scopes.length << 22) | (codeWords << 27)), ...(extended ? [scopes.length | (codeWords << 16)] : []), ...scopes];
  const bytes = new Uint8Array((header.length + codeWords) * 4).fill(NOP);
  const view = new DataView(bytes.buffer);
  header.forEach((word, i) => view.setUint32(i * 4, word >>> 0, true));
  bytes.set(codes, header.length * 4);
  return bytes;
}
