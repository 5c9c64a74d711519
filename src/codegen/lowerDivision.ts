/**
 * Division by a constant without dividing: shifts for powers of two, else a multiplication by the reciprocal whose upper half is the
 * quotient (Granlund and Montgomery, "Division by Invariant Integers using Multiplication", 1994; Warren, Hacker's Delight, ch. 10).
 * Rewrites the function in place; remainders become x − q·c, where quotient and remainder of the same numbers stand in one block with one quotient.
 */

import { IntColumn } from "../analysis/columns.ts";
import { countUses } from "../analysis/uses.ts";
import { ValueFlag, noValue, type IrFunction, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";

/** `powersOnly`: leave multiplications out, whose constants are larger than a division. */
export function lowerDivision(f: IrFunction, powersOnly: boolean): void {
  let looked = powersOnly;
  quotients.length = 0;
  for (let v = 1 as Value, end = f.valueCount; v < end; v++) {
    const op = f.op[v];
    if (op < Op.sdiv || op > Op.urem || f.block[v] < 0) continue;
    const divisor = f.arg1(v);
    if (!f.isConst(divisor) || f.type[v] === Type.i128) continue;
    if (!looked && (op === Op.srem || op === Op.urem)) {
      looked = true;
      lowerTests(f);
      if (f.block[v] < 0) continue;
    }
    rewrite(f, v, f.opOf(v), f.bigOf(divisor), powersOnly);
  }
}

/** `x % c == 0` of words needs no remainder, if nothing else wants it. */
function lowerTests(f: IrFunction): void {
  let tests: Value[] | undefined;
  for (let v = 1 as Value, end = f.valueCount; v < end; v++) {
    const op = f.op[v];
    if ((op !== Op.eq && op !== Op.ne) || f.block[v] < 0) continue;
    const remainder = f.arg0(v);
    const zero = f.arg1(v);
    if ((f.op[remainder] !== Op.srem && f.op[remainder] !== Op.urem) || f.op[zero] !== Op.const || f.a[zero] !== 0 || f.b[zero] !== 0) continue;
    if (f.op[f.arg1(remainder)] === Op.const && (f.type[remainder] === Type.i64 || f.type[remainder] === Type.i32)) (tests ??= []).push(v);
  }
  if (tests === undefined) return;
  const uses = countUses(f, counts);
  for (const v of tests) {
    const remainder = f.arg0(v);
    if (uses[remainder] === 1 && testDivides(f, v, f.op[v] === Op.eq, remainder)) f.remove(remainder);
  }
}

const counts = new IntColumn();

/**
 * Of the multiples of an odd d, divided by multiplying with its inverse modulo 2^bits, the quotients are the numbers up to the largest one; other
 * numbers give larger ones. What is signed is shifted up by that largest one first, and factors of two are asked for by a rotation
 * (Hacker's Delight, 10-17).
 */
function testDivides(f: IrFunction, v: Value, whenDivides: boolean, remainder: Value): boolean {
  const type = f.typeOf(remainder);
  const bits = type === Type.i32 ? 32 : 64;
  const signed = f.op[remainder] === Op.srem;
  const given = f.bigOf(f.arg1(remainder));
  const divisor = signed ? (given < 0n ? -given : given) : BigInt.asUintN(bits, given);
  if (log2(divisor) >= 0 || divisor === 0n) return false;
  let twos = 0;
  let odd = divisor;
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  let inverse = odd;
  for (let exact = 3; exact < bits; exact *= 2) inverse = BigInt.asUintN(bits, inverse * (2n - odd * inverse));
  const m = new Maker(f, v);
  let value = m.make(Op.mul, type, f.arg0(remainder), m.number(type, inverse));
  let limit = ((1n << BigInt(bits)) - 1n) / divisor;
  if (signed) {
    const most = (((1n << BigInt(bits - 1)) - 1n) / odd) >> BigInt(twos) << BigInt(twos);
    value = m.make(Op.add, type, value, m.number(type, most));
    limit = (2n * most) >> BigInt(twos);
  }
  if (twos > 0) value = m.make(Op.rotr, type, value, m.number(type, twos));
  become(f, v, whenDivides ? Op.ule : Op.ugt, value, m.number(type, limit));
  return true;
}

/** Makes instructions before `place`. */
class Maker {
  readonly f: IrFunction;
  private readonly place: Value;

  constructor(f: IrFunction, place: Value) {
    this.f = f;
    this.place = place;
  }

  make(op: Op, type: Type, a: number, b = 0): Value {
    const { f } = this;
    const v = f.insertBefore(this.place, f.create(op, type, a, b, 0, f.position[this.place]));
    f.site[v] = f.site[this.place];
    return v;
  }

  number(type: Type, value: number | bigint): Value {
    return typeof value === "number" ? this.f.int(type, value) : this.f.big(type, value);
  }
}

/** The quotients made so far, in the order of the divisions that wanted them. */
interface Quotient {
  readonly dividend: Value;
  readonly divisor: bigint;
  readonly signed: boolean;
  /** Of how many bits the dividend was taken to be at most. */
  readonly width: number;
  readonly value: Value;
  /** The first instruction that was made for it. */
  readonly start: Value;
}
const quotients: Quotient[] = [];

function rewrite(f: IrFunction, v: Value, op: Op, signedDivisor: bigint, powersOnly: boolean): void {
  const type = f.typeOf(v);
  const bits = type === Type.i8 ? 8 : type === Type.i16 ? 16 : type === Type.i32 ? 32 : 64;
  const signed = op === Op.sdiv || op === Op.srem;
  const divisor = signed ? signedDivisor : BigInt.asUintN(bits, signedDivisor);
  if (divisor === 0n) return;
  const magnitude = divisor < 0n ? -divisor : divisor;
  const power = log2(magnitude);
  if (power < 0 && powersOnly) return;
  const m = new Maker(f, v);
  const x = f.arg0(v);
  const remainder = op === Op.srem || op === Op.urem;
  if (remainder && !signed && power >= 0) {
    become(f, v, Op.and, x, m.number(type, magnitude - 1n));
    return;
  }
  const flags = f.flags[v] as number;
  const width = bits === 64 && (flags & ValueFlag.dividendNarrow) !== 0 ? 32 : (flags & ValueFlag.dividendNotNegative) !== 0 ? bits - 1 : bits;
  let quotient = power >= 0 ? noValue : knownQuotient(f, v, x, divisor, signed, width);
  if (quotient === noValue) {
    const before = f.previous[v] as Value;
    quotient = signed ? signedQuotient(m, type, bits, x, divisor, power) : unsignedQuotient(m, type, bits, x, divisor, power, width);
    if (power < 0) quotients.push({ dividend: x, divisor, signed, width, value: quotient, start: before === noValue ? (f.first[f.blockOf(v)] as Value) : f.nextOf(before) });
  }
  f.flags[v] = 0;
  if (!remainder) become(f, v, Op.bitcast, quotient, 0 as Value); // costs nothing: the same register
  else become(f, v, Op.sub, x, m.make(Op.mul, type, quotient, m.number(type, divisor)));
}

/**
 * The quotient of the same numbers that another division in this block has; where that one stands behind this, what computes it comes before this. What is
 * known of the dividend there, behind a check perhaps, must be known here.
 */
function knownQuotient(f: IrFunction, v: Value, dividend: Value, divisor: bigint, signed: boolean, width: number): Value {
  for (let i = quotients.length - 1; i >= 0; i--) {
    const known = quotients[i] as Quotient;
    if (known.dividend !== dividend || known.divisor !== divisor || known.signed !== signed || f.blockOf(known.value) !== f.blockOf(v)) continue;
    if (!standsBefore(f, known.value, v)) {
      if (known.width < width) continue;
      for (let w = known.start; ; ) {
        const after = f.nextOf(w);
        f.remove(w);
        f.insertBefore(v, w);
        if (w === known.value) break;
        w = after;
      }
    }
    return known.value;
  }
  return noValue;
}

/** Both stand in one block. */
function standsBefore(f: IrFunction, a: Value, b: Value): boolean {
  for (let v = f.nextOf(a); v !== 0; v = f.nextOf(v)) if (v === b) return true;
  return false;
}

function become(f: IrFunction, v: Value, op: Op, a: Value, b: Value): void {
  f.op[v] = op;
  f.a[v] = a;
  f.b[v] = b;
  f.c[v] = 0;
}

/** The exponent of a power of two, else -1. */
function log2(value: bigint): number {
  if ((value & (value - 1n)) !== 0n) return -1;
  let power = 0;
  for (let rest = value; rest > 1n; rest >>= 1n) power++;
  return power;
}

/** What to multiply with and how far to shift the product, or its upper half, for a divisor. */
interface Reciprocal {
  readonly multiplier: bigint;
  readonly shift: number;
}
/** Those found so far: a program divides by few numbers, over and over. */
const signedMagics = new Map<bigint, Reciprocal>();
const narrowReciprocals = new Map<number, Reciprocal>();

/** `width`: of how many bits the dividend is at most. */
function unsignedQuotient(m: Maker, type: Type, bits: number, x: Value, divisor: bigint, power: number, width: number): Value {
  if (power >= 0) return power === 0 ? x : m.make(Op.lshr, type, x, m.number(type, power));
  if (divisor >= 1n << BigInt(width)) return m.number(type, 0);
  if (width <= 32) {
    const wide = bits === 64 ? x : m.make(Op.zext, Type.i64, x);
    const narrow = (value: Value): Value => (bits === 64 ? value : m.make(Op.trunc, type, value));
    const { multiplier, shift } = narrowReciprocal(divisor, width);
    if (shift === 64) return narrow(m.make(Op.umulh, Type.i64, wide, m.number(Type.i64, multiplier)));
    const product = m.make(Op.mul, Type.i64, wide, m.number(Type.i64, multiplier));
    return narrow(m.make(Op.lshr, Type.i64, product, m.number(Type.i64, shift)));
  }
  let length = 0;
  while (1n << BigInt(length) < divisor) length++;
  const direct = shortReciprocal(m, type, x, divisor, length, 0, width);
  if (direct !== undefined) return direct;
  // Without the factors of two on both sides, fewer bits are left to be exact about.
  let twos = 0;
  while ((divisor >> BigInt(twos)) % 2n === 0n) twos++;
  const halved = twos === 0 ? undefined : shortReciprocal(m, type, x, divisor >> BigInt(twos), length - twos, twos, width);
  if (halved !== undefined) return halved;
  // The multiplier has 65 bits: its top one is added by hand, halving first so that nothing overflows.
  const multiplier = ((1n << 64n) * ((1n << BigInt(length)) - divisor)) / divisor + 1n;
  const high = m.make(Op.umulh, type, x, m.number(type, multiplier));
  const half = m.make(Op.lshr, type, m.make(Op.sub, type, x, high), m.number(type, 1));
  return m.make(Op.lshr, type, m.make(Op.add, type, half, high), m.number(type, length - 1));
}

/** `x / divisor` of x below 2^`width` is `x · multiplier >> shift`. A multiplier below 2^31 fits an instruction; where none does, the shift is 64. */
function narrowReciprocal(divisor: bigint, width: number): Reciprocal {
  const key = Number(divisor) * 64 + width;
  const known = narrowReciprocals.get(key);
  if (known !== undefined) return known;
  let found: Reciprocal | undefined;
  // It is exact if the error M · c − 2^s times x stays below 2^s. From the bits of x's type on: `width` is one less where x is not negative.
  for (let shift = width + (width & 1); shift < 62; shift++) {
    const scale = 1n << BigInt(shift);
    const multiplier = (scale + divisor - 1n) / divisor;
    if (multiplier >= 1n << 31n) break;
    if ((multiplier * divisor - scale) << BigInt(width) > scale) continue;
    found = { multiplier, shift };
    break;
  }
  found ??= { multiplier: ((1n << 64n) + divisor - 1n) / divisor, shift: 64 };
  narrowReciprocals.set(key, found);
  return found;
}

/** (x >> twos) / divisor by a multiplier of 64 bits, if there is one; `length`: bits of the divisor, `width`: of x at most. */
function shortReciprocal(m: Maker, type: Type, x: Value, divisor: bigint, length: number, twos: number, width: number): Value | undefined {
  for (let s = 0; s <= length; s++) {
    const scale = 1n << BigInt(64 + s);
    const multiplier = (scale + divisor - 1n) / divisor;
    if (multiplier >= 1n << 64n || multiplier * divisor - scale > 1n << BigInt(64 - width + s + twos)) continue;
    const dividend = twos === 0 ? x : m.make(Op.lshr, type, x, m.number(type, twos));
    const high = m.make(Op.umulh, type, dividend, m.number(type, multiplier));
    return s === 0 ? high : m.make(Op.lshr, type, high, m.number(type, s));
  }
  return undefined;
}

function signedQuotient(m: Maker, type: Type, bits: number, x: Value, divisor: bigint, power: number): Value {
  const negate = (v: Value): Value => m.make(Op.sub, type, m.number(type, 0), v);
  if (power >= 0) {
    if (power === 0) return divisor < 0n ? negate(x) : x;
    // Toward zero: negative numbers get c - 1 added first.
    const sign = power === 1 ? x : m.make(Op.ashr, type, x, m.number(type, power - 1));
    const biased = m.make(Op.add, type, x, m.make(Op.lshr, type, sign, m.number(type, bits - power)));
    const shifted = m.make(Op.ashr, type, biased, m.number(type, power));
    return divisor < 0n ? negate(shifted) : shifted;
  }
  const magnitude = divisor < 0n ? -divisor : divisor;
  if (bits < 64) {
    let length = 0;
    while (1n << BigInt(length) < magnitude) length++;
    const s = bits + length - 1;
    const multiplier = (1n << BigInt(s)) / magnitude + 1n;
    const wide = m.make(Op.sext, Type.i64, x);
    const product = m.make(Op.mul, Type.i64, wide, m.number(Type.i64, multiplier));
    const high = m.make(Op.ashr, Type.i64, product, m.number(Type.i64, s));
    const sign = m.make(Op.ashr, Type.i64, wide, m.number(Type.i64, 63));
    const quotient = divisor < 0n ? m.make(Op.sub, Type.i64, sign, high) : m.make(Op.sub, Type.i64, high, sign);
    return m.make(Op.trunc, type, quotient);
  }
  const { multiplier, shift } = signedMagic(divisor, magnitude);
  let high = m.make(Op.smulh, type, x, m.number(type, multiplier));
  if (divisor > 0n && multiplier < 0n) high = m.make(Op.add, type, high, x);
  if (divisor < 0n && multiplier > 0n) high = m.make(Op.sub, type, high, x);
  const shifted = shift === 0 ? high : m.make(Op.ashr, type, high, m.number(type, shift));
  return m.make(Op.add, type, shifted, m.make(Op.lshr, type, shifted, m.number(type, 63)));
}

/** Warren's magic number for 64 bits: the least p such that 2^p / |d| rounded up is exact enough. */
function signedMagic(divisor: bigint, magnitude: bigint): Reciprocal {
  const known = signedMagics.get(divisor);
  if (known !== undefined) return known;
  const t = (1n << 63n) + (divisor < 0n ? 1n : 0n);
  const limit = t - 1n - (t % magnitude);
  for (let p = 64; ; p++) {
    const power = 1n << BigInt(p);
    const rest = power % magnitude;
    if (power <= limit * (magnitude - rest)) continue;
    const multiplier = (power + magnitude - rest) / magnitude;
    const magic = { multiplier: BigInt.asIntN(64, divisor < 0n ? -multiplier : multiplier), shift: p - 64 };
    signedMagics.set(divisor, magic);
    return magic;
  }
}
