/**
 * Windows' tables of functions for ARM64: that entries rise, and that each code says what the instruction does to which it belongs. Written from Microsoft's
 * "ARM64 exception handling", and not from what our compiler makes: a prologue has an instruction a code, and so has an epilogue, but for its `ret`.
 */
import { SectionFlag } from "./constants.ts";
import { offsetOf } from "./read.ts";
import type { PeFile } from "./read.ts";
import type { Rule } from "./verify.ts";

/** Bytes of a code by its first byte; 0 for those that are reserved, or of the system's own code. */
function sizeOf(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xdf) return 2;
  switch (first) {
    case 0xe0: return 4;
    case 0xe2: return 2;
    case 0xe1:
    case 0xe3:
    case 0xe4:
    case 0xe5:
    case 0xe6:
    case 0xfc: return 1;
    default: return 0;
  }
}

const END = 0xe4;
const END_OF_OWN = 0xe5;
const ANY = [0, 0] as const;
const LOAD = 0x400000;

/** What must be in an instruction: the bits of `mask` as in `value`. */
type Pattern = readonly [mask: number, value: number];

const pair = (row: number, t: number, units: number): Pattern => [-1, row | ((units & 127) << 15) | ((t + 1) << 10) | (31 << 5) | t];

/** The instruction that a code undoes, in a prologue or, with `epilogue`, the one that undoes it there. */
function instructionOf(bytes: Uint8Array, at: number, epilogue: boolean): Pattern {
  const [a, b] = [bytes[at], bytes[at + 1] ?? 0];
  const load = epilogue ? LOAD : 0;
  const move = epilogue ? 0x910003ff : 0xd10003ff;
  const allocate = (units: number): Pattern => {
    const size = units * 16;
    // sub sp, sp, #size; a large one is two instructions, or a register that the call of a probe left
    return size < 4096 ? [-1, move | (size << 10)] : size % 4096 === 0 && size < 1 << 24 ? [-1, move | (1 << 22) | ((size >> 12) << 10)] : ANY;
  };
  const x = ((a & 3) << 2) | (b >> 6);
  const z = b & 63;
  const integers = epilogue ? 0xa9400000 : 0xa9000000;
  const floats = epilogue ? 0x6d400000 : 0x6d000000;
  const preIntegers = epilogue ? 0xa8c00000 : 0xa9800000;
  const preFloats = epilogue ? 0x6cc00000 : 0x6d800000;
  const sign = epilogue ? 1 : -1;
  if (a < 0x20) return allocate(a & 31);
  if (a < 0x40) return pair(preIntegers, 19, sign * (a & 31)); // save_r19r20_x
  if (a < 0x80) return pair(integers, 29, a & 63); // save_fplr
  if (a < 0xc0) return pair(preIntegers, 29, sign * ((a & 63) + 1)); // save_fplr_x
  if (a < 0xc8) return allocate(((a & 7) << 8) | b);
  if (a < 0xcc) return pair(integers, 19 + x, z); // save_regp
  if (a < 0xd0) return pair(preIntegers, 19 + x, sign * (z + 1)); // save_regp_x
  if (a < 0xd4) return [-1, 0xf90003e0 | load | (z << 10) | (19 + x)]; // save_reg
  if (a < 0xd6) return ANY; // save_reg_x: its register has another field
  if (a < 0xd8) return ANY; // save_lrpair
  const d = ((a & 1) << 2) | (b >> 6);
  if (a < 0xda) return pair(floats, 8 + d, z); // save_fregp
  if (a < 0xdc) return pair(preFloats, 8 + d, sign * (z + 1)); // save_fregp_x
  if (a < 0xde) return [-1, 0xfd0003e0 | load | (z << 10) | (8 + d)]; // save_freg
  if (a === 0xe0) return allocate((b << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
  if (a === 0xe1) return epilogue ? [-1, 0x910003bf] : [-1, 0x910003fd]; // set_fp
  if (a === 0xe2) return epilogue ? ANY : [-1, 0x910003fd | ((b * 8) << 10)]; // add_fp
  return ANY;
}

/** The codes at `at` up to the end, each its place; undefined if they are none, or do not end before `limit`. */
function codesAt(bytes: Uint8Array, at: number, limit: number): { readonly places: readonly number[]; readonly own: number } | undefined {
  const places: number[] = [];
  let own = -1;
  for (let p = at; p < limit; ) {
    const first = bytes[p];
    if (first === END) return { places, own: own < 0 ? places.length : own };
    const size = sizeOf(first);
    if (size === 0 || p + size > limit) return undefined;
    if (first === END_OF_OWN) own = places.length;
    else places.push(p);
    p += size;
  }
  return undefined;
}

/** Entries rise, lie in code and do not overlap, and their unwind information is right for the code. */
export function verifyUnwindArm64(file: Pick<PeFile, "functions" | "sections" | "headerSize">, bytes: Uint8Array, rule: Rule): void {
  const code = file.sections.filter((s) => (s.flags & SectionFlag.execute) !== 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let last = 0;
  for (const { begin, unwind } of file.functions) {
    const name = `function at 0x${begin.toString(16)}`;
    rule(begin >= last && begin % 4 === 0, `${name}: entries do not rise`);
    const packed = (unwind & 3) !== 0;
    const at = packed ? 0 : offsetOf(file, unwind);
    if (!packed && (at < 0 || at + 4 > bytes.length)) {
      rule(false, `${name}: its unwind information is not in the file`);
      continue;
    }
    const head = packed ? 0 : view.getUint32(at, true);
    const length = packed ? ((unwind >>> 2) & 0x7ff) * 4 : (head & 0x3ffff) * 4;
    rule(length > 0, `${name}: its length is 0`);
    const section = code.find((s) => begin >= s.address && begin + length <= s.address + Math.min(s.memorySize, s.fileSize));
    rule(section !== undefined, `${name}: not in code`);
    last = begin + length;
    if (section === undefined) continue;
    const place = begin - section.address + section.offset;
    if (packed) verifyPacked(unwind, name, rule);
    else verifyRecord(bytes, view, at, head, place, length, name, rule);
  }
}

/** The fields of packed information. */
function verifyPacked(unwind: number, name: string, rule: Rule): void {
  const [floats, integers, home, link, frame] = [(unwind >>> 13) & 7, (unwind >>> 16) & 15, (unwind >>> 20) & 1, (unwind >>> 21) & 3, (unwind >>> 23) * 16];
  rule((unwind & 3) !== 3, `${name}: the reserved kind of packed information`);
  rule(integers <= 10, `${name}: RegI ${integers}`);
  const saved = integers * 8 + (link === 1 ? 8 : 0) + (floats === 0 ? 0 : (floats + 1) * 8) + home * 64;
  rule(frame >= ((saved + 15) & ~15) + (link >= 2 ? 16 : 0), `${name}: its frame is smaller than what it saves`);
}

function verifyRecord(bytes: Uint8Array, view: DataView, at: number, head: number, code: number, length: number, name: string, rule: Rule): void {
  rule(((head >>> 18) & 3) === 0, `${name}: unwind version ${(head >>> 18) & 3}`);
  let [epilogues, words, p] = [(head >>> 22) & 31, head >>> 27, at + 4];
  if (epilogues === 0 && words === 0) {
    if (p + 4 > bytes.length) return rule(false, `${name}: unwind information outside of the file`);
    const more = view.getUint32(p, true);
    [epilogues, words, p] = [more & 0xffff, (more >>> 16) & 255, p + 4];
  }
  const single = ((head >>> 21) & 1) === 1;
  const scopes = p;
  if (!single) p += epilogues * 4;
  const limit = p + words * 4;
  if (limit > bytes.length) return rule(false, `${name}: unwind information outside of the file`);
  const main = codesAt(bytes, p, limit);
  if (main === undefined) return rule(false, `${name}: its unwind codes have an unknown one, or no end`);
  const { places, own } = main;
  if (own * 4 > length) return rule(false, `${name}: its prologue is longer than itself`);
  const matches = (where: number, [mask, value]: Pattern): boolean => ((view.getUint32(where, true) ^ value) & mask) === 0;
  for (let i = 0; i < own; i++) rule(matches(code + (own - 1 - i) * 4, instructionOf(bytes, places[i], false)), `${name}: instruction ${own - 1 - i} of its prologue is not what its unwind code says`);
  let before = -1;
  for (let e = 0; e < (single ? 1 : epilogues); e++) {
    const scope = single ? 0 : view.getUint32(scopes + e * 4, true);
    const index = single ? epilogues : scope >>> 22;
    const codes = p + index > limit ? undefined : codesAt(bytes, p + index, limit);
    if (codes === undefined) return rule(false, `${name}: the codes of epilogue ${e} have an unknown one, or no end`);
    const count = codes.places.length;
    const start = single ? length / 4 - count - 1 : scope & 0x3ffff;
    rule(((scope >>> 18) & 15) === 0, `${name}: epilogue ${e} has reserved bits`);
    rule(start > before, `${name}: epilogues do not rise`);
    before = start;
    if (start < 0 || (start + count) * 4 > length) return rule(false, `${name}: epilogue ${e} is not within it`);
    codes.places.forEach((place, i) => rule(matches(code + (start + i) * 4, instructionOf(bytes, place, true)), `${name}: instruction ${i} of epilogue ${e} is not what its unwind code says`));
  }
}
