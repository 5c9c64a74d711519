/** Rules of `simplify` for integers of 128 bits: checks that what fits fewer bits cannot fail. */

import { noValue, type IrFunction, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import { become } from "./rule.ts";

/** How many operations behind an operand are looked at. */
const DEPTH = 4;

/** As `integerRules`, of what is 128 bits wide. */
export function wideRules(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  switch (op) {
    case Op["uadd.trap"]: return fits(combined(Op.add, spanOf(f, a, false, DEPTH), spanOf(f, b, false, DEPTH)), false) ? become(v, Op.add, a, b, true) : noValue;
    case Op["umul.trap"]: return fits(combined(Op.mul, spanOf(f, a, false, DEPTH), spanOf(f, b, false, DEPTH)), false) ? become(v, Op.mul, a, b, true) : noValue;
    case Op["sadd.trap"]: return fits(combined(Op.add, spanOf(f, a, true, DEPTH), spanOf(f, b, true, DEPTH)), true) ? become(v, Op.add, a, b, true) : noValue;
    case Op["ssub.trap"]: return fits(combined(Op.sub, spanOf(f, a, true, DEPTH), spanOf(f, b, true, DEPTH)), true) ? become(v, Op.sub, a, b, true) : noValue;
    case Op["smul.trap"]: return fits(combined(Op.mul, spanOf(f, a, true, DEPTH), spanOf(f, b, true, DEPTH)), true) ? become(v, Op.mul, a, b, true) : noValue;
    default: return noValue;
  }
}

/** What a value can be, its ends included. */
interface Span {
  readonly least: bigint;
  readonly most: bigint;
}

const wholeSigned: Span = { least: -(1n << 127n), most: (1n << 127n) - 1n };
const wholeUnsigned: Span = { least: 0n, most: (1n << 128n) - 1n };

function fits({ least, most }: Span, signed: boolean): boolean {
  const whole = signed ? wholeSigned : wholeUnsigned;
  return least >= whole.least && most <= whole.most;
}

/** Where sums, differences and products of two spans lie, however wide. */
function combined(op: Op, x: Span, y: Span): Span {
  if (op === Op.add) return { least: x.least + y.least, most: x.most + y.most };
  if (op === Op.sub) return { least: x.least - y.most, most: x.most - y.least };
  const ends = [x.least * y.least, x.least * y.most, x.most * y.least, x.most * y.most];
  return { least: ends.reduce((p, q) => (p < q ? p : q)), most: ends.reduce((p, q) => (p > q ? p : q)) };
}

/** The span of a value of 128 bits, read with or without a sign. */
function spanOf(f: IrFunction, v: Value, signed: boolean, depth: number): Span {
  const whole = signed ? wholeSigned : wholeUnsigned;
  const op = f.opOf(v);
  if (op === Op.const) {
    const value = signed ? f.bigOf(v) : BigInt.asUintN(128, f.bigOf(v));
    return { least: value, most: value };
  }
  if (op === Op.zext) return { least: 0n, most: (1n << bitsOf(f, f.arg0(v))) - 1n };
  if (op === Op.sext) return signed ? { least: -(1n << (bitsOf(f, f.arg0(v)) - 1n)), most: (1n << (bitsOf(f, f.arg0(v)) - 1n)) - 1n } : whole;
  if (depth === 0) return whole;
  switch (op) {
    case Op.add: case Op.mul: case Op.sub: {
      const span = combined(op, spanOf(f, f.arg0(v), signed, depth - 1), spanOf(f, f.arg1(v), signed, depth - 1));
      return fits(span, signed) ? span : whole; // it may have wrapped
    }
    case Op.and: {
      const mask = f.isConst(f.arg1(v)) ? f.bigOf(f.arg1(v)) : -1n;
      return mask >= 0n ? { least: 0n, most: mask } : whole;
    }
    case Op.lshr: {
      const amount = f.isConst(f.arg1(v)) ? BigInt.asUintN(7, f.bigOf(f.arg1(v))) : 0n;
      return amount > 0n ? { least: 0n, most: (1n << (128n - amount)) - 1n } : whole;
    }
    default: return whole;
  }
}

function bitsOf(f: IrFunction, v: Value): bigint {
  return BigInt(8 * (typeSize[f.typeOf(v) as Type] as number));
}
