/**
 * Functions that the kernel builds itself when code needs them: division and conversion of 128-bit integers, rounding without
 * SSE4.1. They are IR like any other and pass through the same legalisation.
 */

import { Builder } from "../ir/builder.ts";
import type { IrFunction, SymbolId, Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";

/** lang.udivmod128(low, high, low, high) -> (quotient low, high, remainder low, high). The divisor is not zero. */
export function buildUnsignedDivision(module: Module, symbol: SymbolId): IrFunction {
  const b = new Builder(module);
  const f = b.start(symbol);
  const [a0, a1, b0, b1] = [0, 1, 2, 3].map((i) => f.param(b.current, i)) as [Value, Value, Value, Value];
  const n = (value: number): Value => f.int(Type.i64, value);
  const zero = n(0);
  const [narrow, wideDivisor, oneWord, twoWords] = [b.block(), b.block(), b.block(), b.block()];
  b.branch(b.emit(Op.eq, b1, zero), narrow, wideDivisor);
  b.seal(narrow);
  b.seal(wideDivisor);
  b.switchTo(narrow);
  b.branch(b.emit(Op.eq, a1, zero), oneWord, twoWords);
  b.seal(oneWord);
  b.seal(twoWords);
  b.switchTo(oneWord);
  // Remainders by a multiplication: a second division takes several times as long.
  const remainderOf = (x: Value, quotient: Value, y: Value): Value => b.emit(Op.sub, x, b.emit(Op.mul, quotient, y));
  const only = b.emit(Op.udiv, a0, b0);
  b.return([only, zero, remainderOf(a0, only, b0), zero]);

  // A divisor of one word: the high word divides directly, what is left of it and the low one together.
  b.switchTo(twoWords);
  const [high, rest] = [b.variable(Type.i64), b.variable(Type.i64)];
  const [divides, follows] = [b.block(), b.block()];
  b.write(high, zero);
  b.write(rest, a1);
  // Products modulo a number, the most common dividends, have a high word below it.
  b.branch(b.emit(Op.ult, a1, b0), follows, divides);
  b.seal(divides);
  b.switchTo(divides);
  b.write(high, b.emit(Op.udiv, a1, b0));
  b.write(rest, remainderOf(a1, b.read(high), b0));
  b.jump(follows);
  b.seal(follows);
  b.switchTo(follows);
  const q = b.emit(Op["udiv.wide"], a0, b.read(rest), b0);
  b.return([q, b.read(high), remainderOf(a0, q, b0), zero]);

  // A divisor of two words: the quotient has one. Half the dividend by the divisor's first 64 bits gives it or one more
  // (Warren, Hacker's Delight 9-5); one less than that is right or one too small, which the remainder tells.
  b.switchTo(wideDivisor);
  const shift = b.emit(Op.clz, b1);
  const carried = b.emit(Op.lshr, b.emit(Op.lshr, b0, n(1)), b.emit(Op.xor, shift, n(63)));
  const top = b.emit(Op.or, b.emit(Op.shl, b1, shift), carried);
  const halfLow = b.emit(Op.or, b.emit(Op.lshr, a0, n(1)), b.emit(Op.shl, a1, n(63)));
  const half = b.emit(Op["udiv.wide"], halfLow, b.emit(Op.lshr, a1, n(1)), top);
  const estimate = b.emit(Op.lshr, half, b.emit(Op.xor, shift, n(63)));
  const least = b.emit(Op.sub, estimate, b.typed(Op.zext, Type.i64, b.emit(Op.ne, estimate, zero)));
  const wide = (x0: Value, x1: Value): Value =>
    b.emit(Op.or, b.typed(Op.zext, Type.i128, x0), b.emit(Op.shl, b.typed(Op.zext, Type.i128, x1), f.int(Type.i128, 64)));
  const divisor = wide(b0, b1);
  const left = b.emit(Op.sub, wide(a0, a1), b.emit(Op.mul, b.typed(Op.zext, Type.i128, least), divisor));
  const answer = (quotient: Value, remainder: Value): void => {
    b.return([quotient, zero, b.typed(Op.trunc, Type.i64, remainder), b.typed(Op.trunc, Type.i64, b.emit(Op.lshr, remainder, f.int(Type.i128, 64)))]);
  };
  const [right, less] = [b.block(), b.block()];
  b.branch(b.emit(Op.uge, left, divisor), less, right);
  b.seal(right);
  b.seal(less);
  b.switchTo(right);
  answer(least, left);
  b.switchTo(less);
  answer(b.emit(Op.add, least, n(1)), b.emit(Op.sub, left, divisor));
  return b.finish();
}

/** lang.udiv.wide.i64(low, high, divisor) -> quotient, for processors without such an instruction: two digits of 32 bits (Knuth, TAOCP 4.3.1, algorithm D). */
export function buildWideQuotient(module: Module, symbol: SymbolId): IrFunction {
  const b = new Builder(module);
  const f = b.start(symbol);
  const [low, high, divisor] = [0, 1, 2].map((i) => f.param(b.current, i)) as [Value, Value, Value];
  const n = (value: number): Value => f.int(Type.i64, value);
  const shift = b.emit(Op.clz, divisor);
  const d = b.emit(Op.shl, divisor, shift);
  const d1 = b.emit(Op.lshr, d, n(32));
  const mask = f.constant(Type.i64, -1, 0);
  const d0 = b.emit(Op.and, d, mask);
  const carried = b.emit(Op.lshr, b.emit(Op.lshr, low, n(1)), b.emit(Op.xor, shift, n(63)));
  const top = b.emit(Op.or, b.emit(Op.shl, high, shift), carried);
  const rest = b.emit(Op.shl, low, shift);
  const digit = (upper: Value, next: Value): Value => {
    const q = b.variable(Type.i64);
    const r = b.variable(Type.i64);
    b.write(q, b.emit(Op.udiv, upper, d1));
    b.write(r, b.emit(Op.sub, upper, b.emit(Op.mul, b.read(q), d1)));
    const [head, check, adjust, done] = [b.block(), b.block(), b.block(), b.block()];
    b.jump(head);
    b.switchTo(head);
    b.branch(b.emit(Op.ugt, b.read(q), mask), adjust, check);
    b.seal(check);
    b.switchTo(check);
    const estimate = b.emit(Op.or, b.emit(Op.shl, b.read(r), n(32)), next);
    b.branch(b.emit(Op.ugt, b.emit(Op.mul, b.read(q), d0), estimate), adjust, done);
    b.seal(adjust);
    b.switchTo(adjust);
    b.write(q, b.emit(Op.sub, b.read(q), n(1)));
    b.write(r, b.emit(Op.add, b.read(r), d1));
    b.branch(b.emit(Op.ugt, b.read(r), mask), done, head);
    b.seal(head);
    b.seal(done);
    b.switchTo(done);
    return b.read(q);
  };
  const next = b.emit(Op.lshr, rest, n(32));
  const q1 = digit(top, next);
  const middle = b.emit(Op.sub, b.emit(Op.or, b.emit(Op.shl, top, n(32)), next), b.emit(Op.mul, q1, d));
  const last = b.emit(Op.and, rest, mask);
  const q0 = digit(middle, last);
  b.return([b.emit(Op.or, b.emit(Op.shl, q1, n(32)), q0)]);
  return b.finish();
}

/** The signed division on top of the unsigned one: signs are taken off and put on again. */
export function buildSignedDivision(module: Module, symbol: SymbolId, unsigned: SymbolId): IrFunction {
  const b = new Builder(module);
  const f = b.start(symbol);
  const [a0, a1, b0, b1] = [0, 1, 2, 3].map((i) => f.param(b.current, i)) as [Value, Value, Value, Value];
  // With s = 0 or -1: (x xor s) - s negates if s is -1.
  const conditional = (low: Value, high: Value, sign: Value): [Value, Value] => {
    const x0 = b.emit(Op.xor, low, sign);
    const x1 = b.emit(Op.xor, high, sign);
    const borrow = b.typed(Op.zext, Type.i64, b.emit(Op.ult, x0, sign));
    return [b.emit(Op.sub, x0, sign), b.emit(Op.sub, b.emit(Op.sub, x1, sign), borrow)];
  };
  const signA = b.emit(Op.ashr, a1, f.int(Type.i64, 63));
  const signB = b.emit(Op.ashr, b1, f.int(Type.i64, 63));
  const [x0, x1] = conditional(a0, a1, signA);
  const [y0, y1] = conditional(b0, b1, signB);
  const q0 = b.call(unsigned, [x0, x1, y0, y1]);
  const q1 = b.result(q0, 1, Type.i64);
  const r0 = b.result(q0, 2, Type.i64);
  const r1 = b.result(q0, 3, Type.i64);
  const [quotientLow, quotientHigh] = conditional(q0, q1, b.emit(Op.xor, signA, signB));
  const [restLow, restHigh] = conditional(r0, r1, signA);
  b.return([quotientLow, quotientHigh, restLow, restHigh]);
  return b.finish();
}

/** (low, high) to a float, rounded once: the top 64 bits, with all that is below in the lowest one, convert exactly but for the final rounding. */
export function buildToFloat(module: Module, symbol: SymbolId, signed: boolean, float: Type): IrFunction {
  const b = new Builder(module);
  const f = b.start(symbol);
  const n = (value: number): Value => f.int(Type.i64, value);
  const low = f.param(b.current, 0);
  const high = f.param(b.current, 1);
  const sign = signed ? b.emit(Op.ashr, high, n(63)) : n(0);
  const x0 = b.emit(Op.xor, low, sign);
  const m0 = b.emit(Op.sub, x0, sign);
  const m1 = b.emit(Op.sub, b.emit(Op.sub, b.emit(Op.xor, high, sign), sign), b.typed(Op.zext, Type.i64, b.emit(Op.ult, x0, sign)));
  const [small, large] = [b.block(), b.block()];
  const result = b.variable(float);
  const done = b.block();
  b.branch(b.emit(Op.eq, m1, n(0)), small, large);
  b.seal(small);
  b.seal(large);
  b.switchTo(small);
  b.write(result, b.typed(Op.utof, float, m0));
  b.jump(done);
  b.switchTo(large);
  const shift = b.emit(Op.clz, m1);
  const back = b.emit(Op.xor, shift, n(63));
  const top = b.emit(Op.or, b.emit(Op.shl, m1, shift), b.emit(Op.lshr, b.emit(Op.lshr, m0, n(1)), back));
  const lost = b.typed(Op.zext, Type.i64, b.emit(Op.ne, b.emit(Op.shl, m0, shift), n(0)));
  const rounded = b.typed(Op.utof, float, b.emit(Op.or, top, lost));
  const exponent = b.emit(Op.sub, n(64), shift);
  const scale = float === Type.f64
    ? b.typed(Op.bitcast, Type.f64, b.emit(Op.shl, b.emit(Op.add, exponent, n(1023)), n(52)))
    : b.typed(Op.bitcast, Type.f32, b.emit(Op.shl, b.typed(Op.trunc, Type.i32, b.emit(Op.add, exponent, n(127))), f.int(Type.i32, 23)));
  b.write(result, b.emit(Op.fmul, rounded, scale));
  b.jump(done);
  b.seal(done);
  b.switchTo(done);
  const magnitude = b.read(result);
  b.return([signed ? b.typed(Op.select, float, b.emit(Op.ne, sign, n(0)), b.emit(Op.fneg, magnitude), magnitude) : magnitude]);
  return b.finish();
}

/** An f64 to (low, high), toward zero, saturating, NaN gives 0. */
export function buildFromFloat(module: Module, symbol: SymbolId, signed: boolean): IrFunction {
  const b = new Builder(module);
  const f = b.start(symbol);
  const n = (value: number): Value => f.int(Type.i64, value);
  const x = f.param(b.current, 0);
  const magnitude = signed ? b.emit(Op.fabs, x) : x;
  const high = b.typed(Op.ftou, Type.i64, b.emit(Op.fmul, magnitude, f.f64(2 ** -64)));
  const low = b.typed(Op.ftou, Type.i64, b.emit(Op.fsub, magnitude, b.emit(Op.fmul, b.typed(Op.utof, Type.f64, high), f.f64(2 ** 64))));
  if (!signed) {
    const large = b.emit(Op.fge, x, f.f64(2 ** 128));
    b.return([b.typed(Op.select, Type.i64, large, n(-1), low), b.typed(Op.select, Type.i64, large, n(-1), high)]);
    return b.finish();
  }
  const large = b.emit(Op.fge, magnitude, f.f64(2 ** 127));
  const negative = b.emit(Op.flt, x, f.f64(0));
  const sign = b.emit(Op.sub, n(0), b.typed(Op.zext, Type.i64, negative));
  const x0 = b.emit(Op.xor, low, sign);
  const y0 = b.emit(Op.sub, x0, sign);
  const y1 = b.emit(Op.sub, b.emit(Op.sub, b.emit(Op.xor, high, sign), sign), b.typed(Op.zext, Type.i64, b.emit(Op.ult, x0, sign)));
  const limit0 = b.emit(Op.xor, sign, n(-1));
  const limit1 = b.emit(Op.xor, f.constant(Type.i64, -1, 0x7fffffff), sign);
  b.return([b.typed(Op.select, Type.i64, large, limit0, y0), b.typed(Op.select, Type.i64, large, limit1, y1)]);
  return b.finish();
}

/**
 * Rounding to an integer without SSE4.1. From 2^52 (f32: 2^23) on every float is an integer; below, adding and taking off that
 * number rounds to nearest, ties to even, and one step corrects it to the direction asked for. The sign is put back for zeros.
 */
export function buildRounding(module: Module, symbol: SymbolId, op: Op, type: Type): IrFunction {
  const b = new Builder(module);
  const f = b.start(symbol);
  const constant = (value: number): Value => (type === Type.f64 ? f.f64(value) : f.f32(value));
  const x = f.param(b.current, 0);
  const limit = constant(type === Type.f64 ? 2 ** 52 : 2 ** 23);
  const magnitude = b.emit(Op.fabs, x);
  const [small, large] = [b.block(), b.block()];
  b.branch(b.emit(Op.flt, magnitude, limit), small, large);
  b.seal(small);
  b.seal(large);
  b.switchTo(large);
  b.return([x]); // NaN and infinities too
  b.switchTo(small);
  const nearest = b.emit(Op.fsub, b.emit(Op.fadd, magnitude, limit), limit);
  const one = constant(1);
  const step = (condition: Value, from: Value, direction: Op): Value =>
    b.typed(Op.select, type, condition, b.emit(direction, from, one), from);
  let result: Value;
  if (op === Op.fnearest) result = nearest;
  else if (op === Op.ftrunc) result = step(b.emit(Op.fgt, nearest, magnitude), nearest, Op.fsub);
  else {
    const signed = b.emit(Op.fcopysign, nearest, x);
    result = op === Op.ffloor ? step(b.emit(Op.fgt, signed, x), signed, Op.fsub) : step(b.emit(Op.flt, signed, x), signed, Op.fadd);
  }
  b.return([b.emit(Op.fcopysign, result, x)]);
  return b.finish();
}
