/** How a rule of `simplify` answers: `noValue` for nothing, a value that replaces the instruction, or `become(…)` for a change in place. */

import { noValue, type IrFunction, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";

/** What an instruction shall become. Kept apart until it is allowed, so that a rule that is not taken leaves no trace. */
export const pending = { op: 0 as Op, a: 0, b: 0, clearC: false };

/** A rule's answer: `v` itself becomes `op a, b`. `clearC` drops the trap of checked arithmetic. */
export function become(v: Value, op: Op, a: Value, b: Value = noValue, clearC = false): Value {
  pending.op = op;
  pending.a = a;
  pending.b = b;
  pending.clearC = clearC;
  return v;
}

/** The integer constant 0, of any width. */
export function isZero(f: IrFunction, v: Value): boolean {
  return f.isConst(v) && f.a[v] === 0 && f.b[v] === 0 && f.c[v] === 0;
}

/** All bits set. */
export function isAllOnes(f: IrFunction, v: Value): boolean {
  return f.isConst(v) && f.a[v] === -1 && f.b[v] === -1 && f.c[v] === 0;
}

/** The integer constant 1, of any width. */
export function isOne(f: IrFunction, v: Value): boolean {
  return f.isConst(v) && f.a[v] === 1 && f.b[v] === 0 && f.c[v] === 0;
}

function isPlainTruth(f: IrFunction, v: Value): boolean {
  const op = f.op[v] as number;
  return (op >= Op["sadd.overflows"] && op <= Op.fge) || (op === Op.const && (f.a[v] === 0 || f.a[v] === 1));
}

/** Known to be 0 or 1. */
export function isTruth(f: IrFunction, v: Value): boolean {
  if (isPlainTruth(f, v)) return true;
  const op = f.op[v] as number;
  return (op === Op.and || op === Op.xor || op === Op.or) && isPlainTruth(f, f.arg0(v)) && isPlainTruth(f, f.arg1(v));
}

/** The exponent if an integer constant of up to 64 bits is a power of two as an unsigned number, or -1. */
export function powerOfTwo(f: IrFunction, v: Value, width: number): number {
  if (!f.isConst(v) || width > 64) return -1;
  // Narrow constants are sign-extended: look at their own bits only.
  const low = width < 32 ? (f.a[v] as number) & ((1 << width) - 1) : (f.a[v] as number);
  const high = width <= 32 ? 0 : (f.b[v] as number);
  if (high === 0) return low !== 0 && (low & (low - 1)) === 0 ? 31 - Math.clz32(low) : -1;
  return low === 0 && (high & (high - 1)) === 0 ? 63 - Math.clz32(high) : -1;
}
