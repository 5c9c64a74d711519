/** Constant operands to a constant result, for passes. What operations mean stands in evaluate.ts. */

import { evaluate } from "./evaluate.ts";
import { noValue, type IrFunction, type Value } from "./function.ts";
import { Op } from "./ops.ts";
import { Type, isFloat, typeSize } from "./types.ts";

/**
 * The constant that an operation gives for constant operands (`noValue` for those it has not), or `noValue` where there is none: the
 * result is not defined, a check would fail, or it is a NaN, whose bits differ between machines.
 */
export function fold(f: IrFunction, op: Op, type: Type, a: Value, b: Value, c: Value = noValue): Value {
  const from = f.typeOf(a);
  if (from >= Type.v128 || type >= Type.v128) return noValue;
  if (!isFloat(from) && !isFloat(type) && from !== Type.i128 && type !== Type.i128 && isSmall(f, a) && (b === 0 || isSmall(f, b))) {
    const quick = foldSmall(op, 8 * (typeSize[from] as number), f.a[a] as number, b === 0 ? 0 : (f.a[b] as number));
    if (quick === quick) return f.int(type, quick);
  }
  if (isFloat(from) && Number.isNaN(f.floatOf(a))) return noValue;
  const result = evaluate(op, type, from, scalarOf(f, a), b === 0 ? 0n : scalarOf(f, b), c === 0 ? 0n : scalarOf(f, c));
  if (result === undefined) return noValue;
  if (typeof result === "bigint") return f.big(type, result);
  if (Number.isNaN(result)) return noValue;
  return type === Type.f32 ? f.f32(result) : f.f64(result);
}

function scalarOf(f: IrFunction, v: Value): bigint | number {
  return isFloat(f.typeOf(v)) ? f.floatOf(v) : f.bigOf(v);
}

/** An integer that fits in 31 bits and a sign, so that sums, differences and comparisons of two are exact in a double. */
function isSmall(f: IrFunction, v: Value): boolean {
  return f.b[v] === (f.a[v] as number) >> 31;
}

/** Of operands of `width` bits. NaN: not one of the quick ones. `f.int` wraps the result. */
function foldSmall(op: Op, width: number, a: number, b: number): number {
  switch (op) {
    case Op.add: return a + b;
    case Op.sub: return a - b;
    case Op.mul: return width <= 32 ? Math.imul(a, b) : product(a, b);
    case Op.and: return a & b;
    case Op.or: return a | b;
    case Op.xor: return a ^ b;
    case Op.eq: return a === b ? 1 : 0;
    case Op.ne: return a !== b ? 1 : 0;
    case Op.slt: return a < b ? 1 : 0;
    case Op.sle: return a <= b ? 1 : 0;
    case Op.sgt: return a > b ? 1 : 0;
    case Op.sge: return a >= b ? 1 : 0;
    // Sign-extended words keep the order of unsigned numbers of any width.
    case Op.ult: return a >>> 0 < b >>> 0 ? 1 : 0;
    case Op.ule: return a >>> 0 <= b >>> 0 ? 1 : 0;
    case Op.ugt: return a >>> 0 > b >>> 0 ? 1 : 0;
    case Op.uge: return a >>> 0 >= b >>> 0 ? 1 : 0;
    case Op.sext:
    case Op.trunc: return a;
    case Op.zext: return unsigned(width, a);
    // Products of a small number and a power of two up to here are exact.
    case Op.shl: return b >= 0 && b % width < 22 ? a * (1 << b % width) : NaN;
    case Op.lshr: return b >= 0 ? Math.floor(unsigned(width, a) / 2 ** (b % width)) : NaN;
    case Op.ashr: return b >= 0 ? a >> Math.min(31, b % width) : NaN;
    // By 0 and by -1 not everything is divided.
    case Op.sdiv: return b > 0 || b < -1 ? (a / b) | 0 : NaN;
    case Op.srem: return b > 0 || b < -1 ? a % b | 0 : NaN;
    case Op.udiv: return b === 0 ? NaN : Math.floor(unsigned(width, a) / unsigned(width, b));
    case Op.urem: return b === 0 ? NaN : unsigned(width, a) % unsigned(width, b);
    // Checked ones give the same, or nothing.
    case Op["sadd.trap"]: return overflowSmall(Op["sadd.overflows"], width, a, b) === 0 ? a + b : NaN;
    case Op["uadd.trap"]: return overflowSmall(Op["uadd.overflows"], width, a, b) === 0 ? a + b : NaN;
    case Op["ssub.trap"]: return overflowSmall(Op["ssub.overflows"], width, a, b) === 0 ? a - b : NaN;
    case Op["usub.trap"]: return overflowSmall(Op["usub.overflows"], width, a, b) === 0 ? a - b : NaN;
    case Op["smul.trap"]: return overflowSmall(Op["smul.overflows"], width, a, b) === 0 ? product(a, b) : NaN;
    case Op["umul.trap"]: return overflowSmall(Op["umul.overflows"], width, a, b) === 0 ? product(a, b) : NaN;
    default: return overflowSmall(op, width, a, b);
  }
}

/** NaN where a double may not hold it. */
function product(a: number, b: number): number {
  return Math.abs(a) < 67108864 && Math.abs(b) < 67108864 ? a * b : NaN;
}

/** The number that the same bits are without a sign; NaN where a double may not hold it. */
function unsigned(width: number, a: number): number {
  return a >= 0 ? a : width <= 32 ? a + 2 ** width : NaN;
}

/** Whether sums, differences and products leave the type: of two small numbers none leaves 64 bits. */
function overflowSmall(op: Op, width: number, a: number, b: number): number {
  const limit = 2 ** (width - 1);
  switch (op) {
    case Op["sadd.overflows"]: return a + b < -limit || a + b >= limit ? 1 : 0;
    case Op["ssub.overflows"]: return a - b < -limit || a - b >= limit ? 1 : 0;
    case Op["smul.overflows"]: return a * b < -limit || a * b >= limit ? 1 : 0;
    case Op["usub.overflows"]: return a >>> 0 < b >>> 0 ? 1 : 0;
    case Op["uadd.overflows"]: return exceeds(unsigned(width, a) + unsigned(width, b), width);
    case Op["umul.overflows"]: return exceeds(unsigned(width, a) * unsigned(width, b), width);
    default: return NaN;
  }
}

function exceeds(value: number, width: number): number {
  return value !== value ? NaN : value >= 2 ** width ? 1 : 0;
}
