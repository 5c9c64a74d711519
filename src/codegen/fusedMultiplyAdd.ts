/** a * b + c rounded once, without the instruction. */

import { Builder } from "../ir/builder.ts";
import type { IrFunction, SymbolId, Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";

/** The function `(a, b, c) -> a * b + c` of f32 or f64, rounded once to nearest even. */
export function buildFusedMultiplyAdd(module: Module, symbol: SymbolId, type: Type): IrFunction {
  return type === Type.f32 ? single(module, symbol) : double(module, symbol);
}

/**
 * f32: the product is exact in f64. The sum is rounded to odd there (its last bit is set when something was lost), so that the
 * rounding to f32 is the only one that counts (Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums", 2008).
 */
function single(module: Module, symbol: SymbolId): IrFunction {
  const b = new Builder(module);
  const f = b.start(symbol);
  const [x, y, z] = [0, 1, 2].map((i) => b.emit(Op.fpromote, f.param(b.current, i))) as [Value, Value, Value];
  const product = b.emit(Op.fmul, x, y);
  const sum = b.emit(Op.fadd, product, z);
  // Knuth's two-sum: what the rounding of the sum lost, exactly.
  const back = b.emit(Op.fsub, sum, product);
  const error = b.emit(Op.fadd, b.emit(Op.fsub, product, b.emit(Op.fsub, sum, back)), b.emit(Op.fsub, z, back));
  const bits = b.typed(Op.bitcast, Type.i64, sum);
  const inexact = b.emit(Op.fne, error, f.f64(0));
  const even = b.emit(Op.eq, b.emit(Op.and, bits, f.int(Type.i64, 1)), f.int(Type.i64, 0));
  const finite = b.emit(Op.flt, b.emit(Op.fabs, sum), f.f64(Infinity));
  const adjust = b.emit(Op.and, b.emit(Op.and, inexact, even), finite);
  // One step toward the error's side: away from zero if the error has the sum's sign.
  const sameSign = b.emit(Op.eq, b.emit(Op.slt, bits, f.int(Type.i64, 0)), b.emit(Op.flt, error, f.f64(0)));
  const odd = b.emit(Op.add, bits, b.typed(Op.select, Type.i64, sameSign, f.int(Type.i64, 1), f.int(Type.i64, -1)));
  const chosen = b.typed(Op.bitcast, Type.f64, b.typed(Op.select, Type.i64, adjust, odd, bits));
  b.return([b.typed(Op.fdemote, Type.f32, chosen)]);
  return b.finish();
}

/**
 * f64: on integers. The product has 106 bits in an i128 and is moved up by 20; the addend is aligned to it, what falls off stays
 * as a sticky lowest bit. The result's top 64 bits convert with one rounding; a subnormal result is rounded at its own last place first.
 */
function double(module: Module, symbol: SymbolId): IrFunction {
  const b = new Builder(module);
  const f = b.start(symbol);
  const n = (value: number): Value => f.int(Type.i64, value);
  const w = (value: number): Value => f.int(Type.i128, value);
  const [x, y, z] = [0, 1, 2].map((i) => f.param(b.current, i)) as [Value, Value, Value];
  const word = (v: Value): Value => b.typed(Op.bitcast, Type.i64, v);
  const [bx, by, bz] = [word(x), word(y), word(z)];
  const [simple, exact] = [b.block(), b.block()];
  const exponentBits = (bits: Value): Value => b.emit(Op.and, b.emit(Op.lshr, bits, n(52)), n(2047));
  const special = (bits: Value): Value => b.emit(Op.or, b.emit(Op.eq, exponentBits(bits), n(2047)), b.emit(Op.eq, b.emit(Op.shl, bits, n(1)), n(0)));
  b.branch(b.emit(Op.or, special(bx), b.emit(Op.or, special(by), special(bz))), simple, exact);
  b.seal(simple);
  b.seal(exact);
  // With a zero, infinity or NaN: x * y + z rounds once, except that an infinite z must win over an overflowing product.
  b.switchTo(simple);
  const infiniteZ = b.emit(Op.feq, b.emit(Op.fabs, z), f.f64(Infinity));
  const finiteFactors = b.emit(Op.and, b.emit(Op.ne, exponentBits(bx), n(2047)), b.emit(Op.ne, exponentBits(by), n(2047)));
  const plain = b.emit(Op.fadd, b.emit(Op.fmul, x, y), z);
  b.return([b.typed(Op.select, Type.f64, b.emit(Op.and, infiniteZ, finiteFactors), z, plain)]);

  b.switchTo(exact);
  // Mantissa with its highest bit at 52, and exponent e: the value is m * 2^e.
  const parts = (bits: Value): { m: Value; e: Value } => {
    const stored = exponentBits(bits);
    const fraction = b.emit(Op.and, bits, f.constant(Type.i64, -1, 0xfffff));
    const subnormal = b.emit(Op.eq, stored, n(0));
    const up = b.emit(Op.sub, b.emit(Op.clz, fraction), n(11));
    const m = b.typed(Op.select, Type.i64, subnormal, b.emit(Op.shl, fraction, up), b.emit(Op.or, fraction, f.constant(Type.i64, 0, 0x100000)));
    const e = b.typed(Op.select, Type.i64, subnormal, b.emit(Op.sub, n(-1074), up), b.emit(Op.sub, stored, n(1075)));
    return { m, e };
  };
  const [px, py, pz] = [parts(bx), parts(by), parts(bz)];
  const product = b.emit(Op.shl, b.emit(Op.mul, b.typed(Op.zext, Type.i128, px.m), b.typed(Op.zext, Type.i128, py.m)), w(20));
  const productExponent = b.emit(Op.sub, b.emit(Op.add, px.e, py.e), n(20));
  const addend = b.emit(Op.shl, b.typed(Op.zext, Type.i128, pz.m), w(73)); // highest bit at 125, as the product's
  const addendExponent = b.emit(Op.sub, pz.e, n(73));
  const difference = b.emit(Op.sub, productExponent, addendExponent);
  const productLarger = b.emit(Op.sge, difference, n(0));
  const distance = b.typed(Op.select, Type.i64, productLarger, difference, b.emit(Op.sub, n(0), difference));
  const sticky = (v: Value, by_: Value): Value => {
    const amount = b.typed(Op.select, Type.i64, b.emit(Op.ugt, by_, n(127)), n(127), by_);
    const wideAmount = b.typed(Op.zext, Type.i128, amount);
    const shifted = b.emit(Op.lshr, v, wideAmount);
    const lost = b.emit(Op.ne, b.emit(Op.shl, shifted, wideAmount), v);
    return b.emit(Op.or, shifted, b.typed(Op.zext, Type.i128, lost));
  };
  const left = b.typed(Op.select, Type.i128, productLarger, product, sticky(product, distance));
  const right = b.typed(Op.select, Type.i128, productLarger, sticky(addend, distance), addend);
  const exponent = b.typed(Op.select, Type.i64, productLarger, productExponent, addendExponent);
  const productSign = b.emit(Op.slt, b.emit(Op.xor, bx, by), n(0));
  const addendSign = b.emit(Op.slt, bz, n(0));
  const signedOf = (v: Value, sign: Value): Value => b.typed(Op.select, Type.i128, sign, b.emit(Op.sub, w(0), v), v);
  const sum = b.emit(Op.add, signedOf(left, productSign), signedOf(right, addendSign));
  const [zero, nonzero] = [b.block(), b.block()];
  b.branch(b.emit(Op.eq, sum, w(0)), zero, nonzero);
  b.seal(zero);
  b.seal(nonzero);
  b.switchTo(zero);
  b.return([f.f64(0)]);
  b.switchTo(nonzero);
  const negative = b.emit(Op.slt, sum, w(0));
  const magnitude = signedOf(sum, negative);
  // Normalise to 63 bits with the rest sticky: the value is top * 2^scale.
  const zeros = b.emit(Op.clz, magnitude);
  const normal = b.emit(Op.shl, magnitude, zeros);
  const top = b.typed(Op.trunc, Type.i64, sticky(normal, n(65)));
  const scale = b.emit(Op.add, b.emit(Op.sub, exponent, b.typed(Op.trunc, Type.i64, zeros)), n(65));
  // The result is subnormal if its highest bit lies below 2^-1022: then places below 2^-1074 are rounded here.
  const missing = b.emit(Op.sub, n(-1084), scale); // 62 + scale < -1022
  const [tiny, usual] = [b.block(), b.block()];
  const signBit = b.typed(Op.select, Type.i64, negative, f.constant(Type.i64, 0, 0x80000000 | 0), n(0));
  b.branch(b.emit(Op.sgt, missing, n(0)), tiny, usual);
  b.seal(tiny);
  b.seal(usual);
  b.switchTo(tiny);
  const drop = b.emit(Op.add, missing, n(10)); // at 2^scale the last place of a subnormal, 2^-1074, is bit -1074 - scale
  const far = b.emit(Op.ugt, drop, n(63));
  const amount = b.typed(Op.select, Type.i64, far, n(63), drop);
  const kept = b.typed(Op.select, Type.i64, far, n(0), b.emit(Op.lshr, top, amount));
  const lost = b.typed(Op.select, Type.i64, far, n(1), b.emit(Op.sub, top, b.emit(Op.shl, kept, amount)));
  const half = b.typed(Op.select, Type.i64, far, n(2), b.emit(Op.shl, n(1), b.emit(Op.sub, amount, n(1))));
  const above = b.emit(Op.ugt, lost, half);
  const tie = b.emit(Op.and, b.emit(Op.eq, lost, half), b.emit(Op.ne, b.emit(Op.and, kept, n(1)), n(0)));
  const up = b.typed(Op.zext, Type.i64, b.emit(Op.or, above, tie));
  b.return([b.typed(Op.bitcast, Type.f64, b.emit(Op.or, signBit, b.emit(Op.add, kept, up)))]);
  b.switchTo(usual);
  const rounded = b.typed(Op.stof, Type.f64, top);
  // In two factors, each a normal power of two: scale reaches from -1084 to beyond the largest exponent.
  const one = b.emit(Op.ashr, scale, n(1));
  const clamped = b.typed(Op.select, Type.i64, b.emit(Op.sgt, one, n(1000)), n(1000), one);
  const two = b.emit(Op.sub, scale, one);
  const clampedTwo = b.typed(Op.select, Type.i64, b.emit(Op.sgt, two, n(1000)), n(1000), two);
  const power = (e: Value): Value => b.typed(Op.bitcast, Type.f64, b.emit(Op.shl, b.emit(Op.add, e, n(1023)), n(52)));
  const scaled = b.emit(Op.fmul, b.emit(Op.fmul, rounded, power(clamped)), power(clampedTwo));
  b.return([b.typed(Op.select, Type.f64, negative, b.emit(Op.fneg, scaled), scaled)]);
  return b.finish();
}
