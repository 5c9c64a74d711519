/**
 * Writes instructions: a method for each form of operands, given a row's word (table.ts). Operands are not checked in hot methods; a
 * field that would spill into its neighbour throws in those that take immediates. `wide`: 1 for 64 bits, 0 for 32.
 */
import { CodeBuffer } from "../codeBuffer.ts";
import type { Label } from "../codeBuffer.ts";
import { FIXUP_ADD12, FIXUP_CALL26, FIXUP_JUMP26, FIXUP_PAGE21 } from "./fixups.ts";
import { word } from "./table.ts";

const B = word("b");
const BL = word("bl");
const B_COND = word("b_cond");
const CBZ = word("cbz");
const TBZ = word("tbz");
const ADRP = word("adrp");
const ADR = word("adr");
const ADD_IMMEDIATE = word("add_immediate");

/** Sites: the field that a label's distance goes to. */
const SITE_26 = 0;
const SITE_19 = 1;
const SITE_14 = 2;
const SITE_ADR = 3;
const SITE_LITERAL = 4;
/** Words that a branch may reach, in each direction, by site kind. */
const architectural: readonly number[] = [1 << 25, 1 << 18, 1 << 13, 1 << 18, 1 << 18];

export class Assembler extends CodeBuffer {
  private readonly reaches: readonly number[];

  /** `reaches`: for tests, shorter ones: in words, of b, of b.cond and cbz, of tbz, of adr, of a literal. */
  constructor(capacity?: number, reaches = architectural) {
    super(capacity);
    this.reaches = reaches;
  }

  /** A whole word, as `encode` gives it. */
  emit(instruction: number): void {
    this.reserve(4);
    const { bytes } = this;
    const at = this.length;
    bytes[at] = instruction;
    bytes[at + 1] = instruction >> 8;
    bytes[at + 2] = instruction >> 16;
    bytes[at + 3] = instruction >> 24;
    this.length = at + 4;
  }

  // ── forms: registers d n m a, as the rows have them ──

  rr(row: number, wide: number, d: number, n: number): void {
    this.emit(row | (wide << 31) | (n << 5) | d);
  }

  rrr(row: number, wide: number, d: number, n: number, m: number): void {
    this.emit(row | (wide << 31) | (m << 16) | (n << 5) | d);
  }

  rrrr(row: number, wide: number, d: number, n: number, m: number, a: number): void {
    this.emit(row | (wide << 31) | (m << 16) | (a << 10) | (n << 5) | d);
  }

  /** With the second source shifted by a constant. */
  shifted(row: number, wide: number, d: number, n: number, m: number, shift: number, amount: number): void {
    this.emit(row | (wide << 31) | (shift << 22) | (m << 16) | (amount << 10) | (n << 5) | d);
  }

  /** With the second source widened, then shifted left by up to 4. */
  extended(row: number, wide: number, d: number, n: number, m: number, option: number, amount: number): void {
    this.emit(row | (wide << 31) | (m << 16) | (option << 13) | (amount << 10) | (n << 5) | d);
  }

  /** Add and subtract: 0 to 4095, or a multiple of 4096 up to 4095 * 4096. */
  immediate(row: number, wide: number, d: number, n: number, value: number): void {
    if (value >= 0 && value < 4096) this.emit(row | (wide << 31) | (value << 10) | (n << 5) | d);
    else if (value > 0 && (value & 4095) === 0 && value < 1 << 24) this.emit(row | (wide << 31) | (1 << 22) | ((value >> 12) << 10) | (n << 5) | d);
    else throw new Error(`encoders/arm64/assembler.immediate: ${value}`);
  }

  /** Logic with the 13 bits of bitmask.ts. */
  bitmask(row: number, wide: number, d: number, n: number, bits: number): void {
    this.emit(row | (wide << 31) | (bits << 10) | (n << 5) | d);
  }

  /** movz, movn, movk: 16 bits at a halfword, counted from the lowest. */
  moveWide(row: number, wide: number, d: number, value: number, halfword: number): void {
    this.emit(row | (wide << 31) | (halfword << 21) | ((value & 0xffff) << 5) | d);
  }

  /** sbfm, bfm, ubfm. */
  bitfield(row: number, wide: number, d: number, n: number, immr: number, imms: number): void {
    this.emit(row | (wide << 31) | (wide << 22) | (immr << 16) | (imms << 10) | (n << 5) | d);
  }

  /** csel and its kin, fcsel with `type` in the place of `wide` by `floatSelect`. */
  select(row: number, wide: number, d: number, n: number, m: number, condition: number): void {
    this.emit(row | (wide << 31) | (m << 16) | (condition << 12) | (n << 5) | d);
  }

  /** Scalar floats; `double` is 0 or 1. */
  ff(row: number, double: number, d: number, n: number): void {
    this.emit(row | (double << 22) | (n << 5) | d);
  }

  fff(row: number, double: number, d: number, n: number, m: number): void {
    this.emit(row | (double << 22) | (m << 16) | (n << 5) | d);
  }

  ffff(row: number, double: number, d: number, n: number, m: number, a: number): void {
    this.emit(row | (double << 22) | (m << 16) | (a << 10) | (n << 5) | d);
  }

  /** fcsel. */
  floatSelect(row: number, double: number, d: number, n: number, m: number, condition: number): void {
    this.emit(row | (double << 22) | (m << 16) | (condition << 12) | (n << 5) | d);
  }

  /** Between an integer and a float register. */
  convert(row: number, wide: number, double: number, d: number, n: number): void {
    this.emit(row | (wide << 31) | (double << 22) | (n << 5) | d);
  }

  // ── memory ──

  /** [n + scaled], in units of the access's size. */
  unsigned(row: number, t: number, n: number, units: number): void {
    if (units < 0 || units > 4095) throw new Error(`encoders/arm64/assembler.unsigned: ${units}`);
    this.emit(row | (units << 10) | (n << 5) | t);
  }

  /** The unscaled, pre and post rows: -256 to 255. */
  nine(row: number, t: number, n: number, offset: number): void {
    if (offset < -256 || offset > 255) throw new Error(`encoders/arm64/assembler.nine: ${offset}`);
    this.emit(row | ((offset & 511) << 12) | (n << 5) | t);
  }

  /** [n + m, option #s]. */
  indexed(row: number, t: number, n: number, m: number, option: number, scaled: number): void {
    this.emit(row | (m << 16) | (option << 13) | (scaled << 12) | (n << 5) | t);
  }

  /** Two registers, the offset in units of one. */
  pair(row: number, t: number, t2: number, n: number, units: number): void {
    if (units < -64 || units > 63) throw new Error(`encoders/arm64/assembler.pair: ${units}`);
    this.emit(row | ((units & 127) << 15) | (t2 << 10) | (n << 5) | t);
  }

  /** Exclusive stores and the Large System Extensions: s, t, [n]. */
  atomic(row: number, s: number, t: number, n: number): void {
    this.emit(row | (s << 16) | (n << 5) | t);
  }

  // ── symbols ──

  /** `bl`, with a fixup. */
  callSymbol(symbol: number): void {
    this.addFixup(this.length, FIXUP_CALL26, symbol, 0);
    this.emit(BL);
  }

  /** `b`, with a fixup. */
  jumpSymbol(symbol: number): void {
    this.addFixup(this.length, FIXUP_JUMP26, symbol, 0);
    this.emit(B);
  }

  /** The page of symbol + addend. */
  page(d: number, symbol: number, addend: number): void {
    this.addFixup(this.length, FIXUP_PAGE21, symbol, addend);
    this.emit(ADRP | d);
  }

  /** Adds what lies below the page; after `page`. */
  pageOffset(d: number, n: number, symbol: number, addend: number): void {
    this.addFixup(this.length, FIXUP_ADD12, symbol, addend);
    this.emit(ADD_IMMEDIATE | (1 << 31) | (n << 5) | d);
  }

  /** A load or store of what lies below the page; `kind` goes with the row's size. */
  pageAccess(row: number, kind: number, t: number, n: number, symbol: number, addend: number): void {
    this.addFixup(this.length, kind, symbol, addend);
    this.emit(row | (n << 5) | t);
  }

  // ── labels ──

  jump(label: Label): void {
    this.addSite(this.length, SITE_26, label);
    this.emit(B);
  }

  /** b.cond (EQ, …). */
  jumpIf(condition: number, label: Label): void {
    this.addSite(this.length, SITE_19, label);
    this.emit(B_COND | condition);
  }

  /** cbz, or cbnz where `not` is 1. */
  jumpZero(not: number, wide: number, t: number, label: Label): void {
    this.addSite(this.length, SITE_19, label);
    this.emit(CBZ | (wide << 31) | (not << 24) | t);
  }

  /** tbz, or tbnz. */
  jumpBit(not: number, t: number, bit: number, label: Label): void {
    this.addSite(this.length, SITE_14, label);
    this.emit(TBZ | ((bit >> 5) << 31) | (not << 24) | ((bit & 31) << 19) | t);
  }

  /** The address of a label. */
  address(d: number, label: Label): void {
    this.addSite(this.length, SITE_ADR, label);
    this.emit(ADR | d);
  }

  /** A load of what stands at a label: `ldr_literal_x` and its kin. */
  literal(row: number, t: number, label: Label): void {
    this.addSite(this.length, SITE_LITERAL, label);
    this.emit(row | t);
  }

  /** Opens a region: one function, as a rule. Labels live within. */
  beginRegion(): void {
    this.startRegion();
  }

  /** Fills in the distances to labels; branches that cannot reach theirs become an inverted one over a long one. */
  endRegion(): void {
    const { reaches } = this;
    if (this.length - this.regionStart >= Math.min(...reaches) * 4) this.lengthen();
    const { siteCount, siteAt, siteKind, siteTarget, labelAt } = this;
    for (let i = 0; i < siteCount; i++) {
      const at = siteAt[i];
      const target = labelAt[siteTarget[i]];
      if (target < 0) throw new Error(`encoders/arm64/assembler.endRegion: label ${siteTarget[i]} is not bound`);
      const distance = target - at;
      const kind = siteKind[i];
      const words = distance >> 2;
      if (words < -reaches[kind] || words >= reaches[kind]) throw new Error(`encoders/arm64/assembler.endRegion: a function of ${this.length - this.regionStart} bytes`);
      const field = kind === SITE_26 ? words & 0x3ffffff : kind === SITE_19 || kind === SITE_LITERAL ? (words & 0x7ffff) << 5 : kind === SITE_14 ? (words & 0x3fff) << 5
        : ((distance & 3) << 29) | (((distance >> 2) & 0x7ffff) << 5);
      this.patch32(at, this.wordAt(at) | field);
    }
  }

  /** The instruction at an offset. */
  wordAt(at: number): number {
    const { bytes } = this;
    return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  }

  /** Makes room for a `b` behind each branch that would not reach. Each round is linear; a branch only ever grows, so rounds end. */
  private lengthen(): void {
    const { siteCount, reaches } = this;
    const long = new Uint8Array(siteCount);
    const added = new Int32Array(siteCount + 1);
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i < siteCount; i++) added[i + 1] = added[i] + 4 * long[i];
      for (let i = 0; i < siteCount; i++) {
        const kind = this.siteKind[i];
        if (long[i] === 1 || (kind !== SITE_19 && kind !== SITE_14)) continue;
        const label = this.siteTarget[i];
        const distance = (this.labelAt[label] + added[this.labelSite[label]] - this.siteAt[i] - added[i]) >> 2;
        if (distance < -reaches[kind] || distance >= reaches[kind]) {
          long[i] = 1;
          changed = true;
        }
      }
    }
    const total = added[siteCount];
    if (total === 0) return;
    this.reserve(total);
    const { bytes } = this;
    const old = bytes.slice(this.regionStart, this.length);
    this.moveAttachments(added.map((count) => -count));
    let from = 0;
    for (let i = 0; i < siteCount; i++) {
      const at = this.siteAt[i] - this.regionStart;
      bytes.set(old.subarray(from, at + 4), this.regionStart + from + added[i]);
      from = at + 4;
      this.siteAt[i] += added[i];
      if (long[i] === 0) continue;
      // Inverted, over the long one: bit 0 of a condition, bit 24 of cbz and tbz.
      const plain = this.wordAt(this.siteAt[i]);
      this.patch32(this.siteAt[i], ((plain & 0x7c000000) === 0x34000000 ? plain ^ (1 << 24) : plain ^ 1) | (2 << 5));
      this.siteAt[i] += 4;
      this.patch32(this.siteAt[i], B);
      this.siteKind[i] = SITE_26;
    }
    bytes.set(old.subarray(from), this.regionStart + from + total);
    this.length += total;
  }
}
