/** Where within its object an address lies: exactly, or between two distances that the operations behind it allow. A question walks the address's sums. */

import type { IrFunction, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";

/** Some bytes behind a root (a slot, a parameter, …). */
export interface Place {
  readonly root: Value;
  readonly offset: number;
  readonly size: number;
}

/** The place of `size` bytes at `offset` from an address that lies at a constant distance from its root; undefined: at another one. */
export function placeOf(f: IrFunction, address: Value, offset: number, size: number): Place | undefined {
  let at = offset;
  let v = address;
  for (; f.op[v] === Op["ptr.add"]; v = f.arg0(v)) {
    const by = f.smallInt(f.arg1(v));
    if (by !== by) return undefined;
    at += by;
  }
  return { root: v, offset: at, size };
}

/** Distances in bytes; infinite where nothing is known. */
export interface OffsetRange {
  readonly low: number;
  readonly high: number;
}

/** How far from its root an address lies at least and at most where the instruction `at` uses it. */
export function offsetRange(f: IrFunction, address: Value, at: Value): OffsetRange {
  let low = 0;
  let high = 0;
  for (let v = address; f.op[v] === Op["ptr.add"]; v = f.arg0(v)) {
    const most = mostOf(f, f.arg1(v), at, depth);
    const by = f.smallInt(f.arg1(v));
    low += by === by ? by : most === Infinity ? -Infinity : 0;
    high += by === by ? by : most;
  }
  return { low, high };
}

/** How many operations behind a distance are looked at. */
const depth = 4;
/** How many instructions before an access are looked at for its check. */
const nearby = 24;

/** The greatest value of an integer that is known never to be negative; else infinite. */
function mostOf(f: IrFunction, v: Value, at: Value, left: number): number {
  const constant = f.smallInt(v);
  if (constant === constant) return constant < 0 ? Infinity : constant;
  if (left === 0 || f.isFloating(v)) return Infinity;
  const type = f.typeOf(v);
  const by = f.op[v] === Op.zext ? NaN : f.smallInt(f.arg1(v));
  const within = (most: number): number => (most < 2 ** (8 * (typeSize[type] as number) - 1) ? most : Infinity);
  switch (f.op[v]) {
    case Op.zext: {
      const from = f.arg0(v);
      return Math.min(mostOf(f, from, at, left - 1), 2 ** (8 * (typeSize[f.typeOf(from)] as number)) - 1);
    }
    case Op.and: return by >= 0 ? Math.min(by, mostOf(f, f.arg0(v), at, left - 1)) : Infinity;
    case Op.urem: return by > 0 ? by - 1 : Infinity;
    case Op.lshr: return type === Type.i64 && by > 32 && by < 64 ? 2 ** (64 - by) - 1 : Infinity;
    case Op.shl: return by >= 0 && by < 32 ? within(mostOf(f, f.arg0(v), at, left - 1) * 2 ** by) : Infinity;
    case Op.mul: return by >= 0 ? within(mostOf(f, f.arg0(v), at, left - 1) * by) : Infinity;
    default: return checkedBelow(f, v, at) - 1;
  }
}

/** The constant that an index was found to be below by a check shortly before `at`, in its block. */
function checkedBelow(f: IrFunction, v: Value, at: Value): number {
  let left = nearby;
  for (let before = f.previous[at] as Value; before !== 0 && left > 0; before = f.previous[before] as Value, left--) {
    if (f.op[before] !== Op["trap.if"]) continue;
    const condition = f.arg0(before);
    if (f.op[condition] !== Op.uge || f.arg0(condition) !== v) continue;
    const bound = f.smallInt(f.arg1(condition));
    if (bound >= 0) return bound;
  }
  return Infinity;
}
