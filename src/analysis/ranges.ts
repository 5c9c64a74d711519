/**
 * Intervals of integer values, as signed numbers in doubles. A bound beyond 2^53 is rounded outward, so that an interval never promises too much;
 * 2^63 stands for the largest i64. Plain functions; opt/checks.ts walks the function and keeps the intervals in columns.
 */

import type { IrFunction, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, isInteger, typeNames, typeSize } from "../ir/types.ts";

const exact = 9007199254740992;

/** Smallest and largest signed value of each type. */
export const lowest = new Float64Array(typeNames.map((_, type) => (isInteger(type as Type) ? -(2 ** (8 * (typeSize[type] as number) - 1)) : -Infinity)));
export const highest = new Float64Array(typeNames.map((_, type) => {
  const bits = 8 * (typeSize[type] as number);
  return isInteger(type as Type) ? (bits > 53 ? 2 ** (bits - 1) : 2 ** (bits - 1) - 1) : Infinity;
}));

/** The result of the functions that find an interval: written here rather than returned, so that nothing is allocated. */
export const interval = { low: 0, high: 0 };

function downward(value: number): number {
  return value >= -exact && value <= exact ? value : value - Math.abs(value) * 2 ** -51;
}

function upward(value: number): number {
  return value >= -exact && value <= exact ? value : value + Math.abs(value) * 2 ** -51;
}

/** A constant's value, rounded outward to an interval. */
export function constantInterval(f: IrFunction, v: Value): void {
  const value = (f.b[v] as number) * 4294967296 + ((f.a[v] as number) >>> 0);
  const isExact = value >= -exact && value <= exact;
  interval.low = isExact ? value : downward(value);
  interval.high = isExact ? value : upward(value);
}

/**
 * The interval of sum, difference or product of two intervals before any wrapping. The caller compares it with the type.
 */
export function arithmeticInterval(op: Op, aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  switch (op) {
    case Op.add:
    case Op["sadd.trap"]:
    case Op["uadd.trap"]:
      interval.low = downward(aLow + bLow);
      interval.high = upward(aHigh + bHigh);
      return;
    case Op.sub:
    case Op["ssub.trap"]:
    case Op["usub.trap"]:
      interval.low = downward(aLow - bHigh);
      interval.high = upward(aHigh - bLow);
      return;
    default: {
      const p = aLow * bLow;
      const q = aLow * bHigh;
      const r = aHigh * bLow;
      const s = aHigh * bHigh;
      interval.low = downward(Math.min(p, q, r, s));
      interval.high = upward(Math.max(p, q, r, s));
    }
  }
}

/**
 * The interval of a pure operation other than sums and products, from those of its operands; the type's own where nothing better is known.
 */
export function otherInterval(f: IrFunction, v: Value, aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const op = f.opOf(v);
  const type = f.typeOf(v);
  const bits = 8 * (typeSize[f.typeOf(f.arg0(v))] as number);
  const unsignedHigh = bits > 53 ? 2 ** bits : 2 ** bits - 1;
  interval.low = lowest[type] as number;
  interval.high = highest[type] as number;
  switch (op) {
    case Op.sext:
    case Op.trunc: return narrow(aLow, aHigh);
    case Op.zext: return aLow >= 0 ? narrow(aLow, aHigh) : narrow(0, unsignedHigh);
    case Op.and:
      if (bLow >= 0) narrow(0, aLow >= 0 ? Math.min(aHigh, bHigh) : bHigh);
      else if (aLow >= 0) narrow(0, aHigh);
      return;
    case Op.or:
    case Op.xor:
      if (aLow >= 0 && bLow >= 0) narrow(0, allOnes(Math.max(aHigh, bHigh)));
      return;
    case Op.lshr:
      if (bLow !== bHigh || bLow < 0 || bLow >= bits) return aLow >= 0 ? narrow(0, aHigh) : undefined;
      if (aLow >= 0) return narrow(Math.floor(aLow / 2 ** bLow), Math.floor(aHigh / 2 ** bLow));
      return bLow > 0 ? narrow(0, 2 ** (bits - bLow) - (bits - bLow > 53 ? 0 : 1)) : undefined;
    case Op.ashr:
      if (bLow === bHigh && bLow >= 0 && bLow < bits) return narrow(Math.floor(aLow / 2 ** bLow), Math.floor(aHigh / 2 ** bLow));
      return narrow(Math.min(aLow, 0), Math.max(aHigh, 0));
    case Op.shl:
      if (bLow === bHigh && bLow >= 0 && bLow < bits) narrow(downward(aLow * 2 ** bLow), upward(aHigh * 2 ** bLow));
      return;
    case Op.sdiv:
      if (bLow > 0) narrow(aLow < 0 ? Math.ceil(aLow / bLow) : Math.floor(aLow / bHigh), aHigh < 0 ? Math.ceil(aHigh / bHigh) : Math.floor(aHigh / bLow));
      return;
    case Op.udiv:
      if (bLow > 0 && aLow >= 0) narrow(Math.floor(aLow / bHigh), Math.floor(aHigh / bLow));
      else if (bLow > 0) narrow(0, Math.floor(unsignedHigh / bLow));
      return;
    case Op.urem:
      if (bLow > 0) narrow(0, aLow >= 0 ? Math.min(aHigh, bHigh - 1) : bHigh - 1);
      else if (aLow >= 0) narrow(0, aHigh);
      return;
    case Op.srem: {
      const most = Math.max(Math.abs(bLow), Math.abs(bHigh)) - 1;
      return narrow(aLow >= 0 ? 0 : Math.max(aLow, -most), aHigh <= 0 ? 0 : Math.min(aHigh, most));
    }
    case Op.clz:
    case Op.ctz:
    case Op.popcount: return narrow(0, bits);
    default:
      if (op >= Op["sadd.overflows"] && op <= Op.fge) narrow(0, 1);
  }
}

/** Makes the interval at hand this one, if it lies within. */
function narrow(low: number, high: number): void {
  if (!(low >= interval.low && high <= interval.high)) return;
  interval.low = Math.max(interval.low, downward(low));
  interval.high = Math.min(interval.high, upward(high));
}

/** The interval that a value has whatever its operands are: of a constant, and of what a constant cuts. */
export function ownInterval(f: IrFunction, v: Value): void {
  const op = f.opOf(v);
  if (op === Op.const) return constantInterval(f, v);
  const cuts = op === Op.and || op === Op.lshr || op === Op.urem || op === Op.srem;
  if (cuts && f.isConst(f.arg1(v)) && f.typeOf(v) !== Type.i128) {
    constantInterval(f, f.arg1(v));
    const type = f.typeOf(v);
    return otherInterval(f, v, lowest[type] as number, highest[type] as number, interval.low, interval.high);
  }
  interval.low = lowest[f.typeOf(v)] as number;
  interval.high = highest[f.typeOf(v)] as number;
}

/** The smallest 2^k - 1 that is not below the value. */
function allOnes(value: number): number {
  let ones = 1;
  while (ones < value) ones = 2 * ones + 1;
  return ones;
}

/** 1: the comparison holds for all values of the intervals; 0: for none; -1: not known. */
export function comparedIntervals(op: Op, aLow: number, aHigh: number, bLow: number, bHigh: number): number {
  switch (op) {
    case Op.eq: return aHigh < bLow || bHigh < aLow ? 0 : aLow === aHigh && bLow === bHigh && aLow === bLow && Math.abs(aLow) < exact ? 1 : -1;
    case Op.ne: {
      const equal = comparedIntervals(Op.eq, aLow, aHigh, bLow, bHigh);
      return equal < 0 ? -1 : 1 - equal;
    }
    case Op.slt: return aHigh < bLow ? 1 : aLow >= bHigh ? 0 : -1;
    case Op.sle: return aHigh <= bLow ? 1 : aLow > bHigh ? 0 : -1;
    case Op.sgt: return comparedIntervals(Op.slt, bLow, bHigh, aLow, aHigh);
    case Op.sge: return comparedIntervals(Op.sle, bLow, bHigh, aLow, aHigh);
    case Op.ult:
    case Op.ule:
    case Op.ugt:
    case Op.uge:
      // As unsigned numbers, all that are not negative come before all that are.
      if ((aLow >= 0 && bLow >= 0) || (aHigh < 0 && bHigh < 0)) return comparedIntervals(signedForms[op] as Op, aLow, aHigh, bLow, bHigh);
      if (aLow >= 0 && bHigh < 0) return op === Op.ult || op === Op.ule ? 1 : 0;
      if (aHigh < 0 && bLow >= 0) return op === Op.ult || op === Op.ule ? 0 : 1;
      return -1;
    default: return -1;
  }
}

const signedForms: Readonly<Record<number, Op>> = { [Op.ult]: Op.slt, [Op.ule]: Op.sle, [Op.ugt]: Op.sgt, [Op.uge]: Op.sge };
