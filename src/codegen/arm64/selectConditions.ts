/** Conditions: comparisons as rows that set flags, or that branches do themselves. */
import { EQ, GE, GT, HI, HS, LE, LO, LS, LT, MI, NE, VS } from "../../../encoders/arm64/registers.ts";
import { encodeBitmask } from "../../../encoders/arm64/bitmask.ts";
import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { isFloat, widthOfType } from "../selector.ts";
import { M, Second } from "./machineOps.ts";
import type { OperandSelector } from "./selectOperands.ts";

const signedConditions = new Map<number, number>([[Op.slt, LT], [Op.sle, LE], [Op.sgt, GT], [Op.sge, GE]]);
const conditions = new Map<number, number>([
  [Op.eq, EQ], [Op.ne, NE], ...signedConditions, [Op.ult, LO], [Op.ule, LS], [Op.ugt, HI], [Op.uge, HS],
  // After fcmp: unordered sets C and V, so these are false for NaN, and ne is true.
  [Op.feq, EQ], [Op.fne, NE], [Op.flt, MI], [Op.fle, LS], [Op.fgt, GT], [Op.fge, GE],
]);

/** Flags, as `ccmp` has them, under which a condition holds; those of its opposite are those under which it does not. */
const satisfying = new Uint8Array(16);
for (const [condition, flags] of [[EQ, 4], [NE, 0], [HS, 2], [LO, 0], [MI, 8], [MI ^ 1, 0], [VS, 1], [VS ^ 1, 0], [HI, 2], [LS, 0], [GE, 0], [LT, 8], [GT, 0], [LE, 4]] as const) satisfying[condition] = flags;

/** The condition `v` as flags of a new row, which the caller gives a consumer; returns the condition code. `jumps`: that is a branch or a trap. */
export function selectCondition(s: OperandSelector, v: number, jumps: boolean): number {
  const { f } = s;
  if (conditions.has(f.op[v]) && (s.uses[v] === 1 || (f.block[v] === f.block[s.root] && s.registerOf[v] === 0))) return selectComparison(s, v, jumps);
  if (s.isFoldable(v)) {
    const both = selectBoth(s, v);
    if (both >= 0) return both;
  }
  const width = widthOfType[f.type[v]];
  const register = s.inRegister(v);
  if (jumps && (width >= 2 || s.isClean(v))) unary1(s, M.zero, Math.max(2, width), register);
  else if (width < 2) s.binary(M.tst, 2, 0, register, 0, Second.immediate, encodeBitmask(width === 0 ? 255 : 65535, 0, false));
  else s.binary(M.cmp, width, 0, register, 0, Second.immediate, 0);
  return NE;
}

/** Two conditions of which both, or one, must hold, as flags of a last row that compares only where the first leaves that open; -1 if `v` is not that. */
export function selectBoth(s: OperandSelector, v: number): number {
  const { f } = s;
  if (f.type[v] !== Type.i8) return -1;
  let [x, y] = [f.a[v], f.b[v]];
  let both = f.op[v] === Op.and;
  if (f.op[v] === Op.select) {
    // a ? b : false, a ? true : b
    if (s.isInteger(f.c[v], 0)) both = true;
    else if (s.isInteger(f.b[v], 1)) y = f.c[v];
    else return -1;
  } else if (!both && f.op[v] !== Op.or) return -1;
  if (x === y || !isCondition(s, x) || !isCondition(s, y)) return -1;
  if (!isSecondCondition(s, y)) [x, y] = [y, x];
  if (!isSecondCondition(s, y)) return -1;
  const width = widthOfType[f.type[f.a[y]]];
  const c = s.strip(f.b[y]);
  const value = s.isImmediate(c, width) ? s.immediateOf(c, width) : 32;
  const left = s.inRegister(f.a[y]);
  const right = value > -32 && value < 32 ? 0 : s.inRegister(f.b[y]);
  const first = selectCondition(s, x, false);
  const second = conditions.get(f.op[y]) as number;
  const row = s.binary(M.ccmp, width, 0, left, right, right === 0 ? Second.immediate : Second.register, Math.abs(value));
  s.mf.displacement[row] = both ? first | (satisfying[second ^ 1] << 4) : (first ^ 1) | (satisfying[second] << 4);
  if (right === 0 && value < 0) s.mf.displacement[row] |= 1 << 8;
  return second;
}

function isCondition(s: OperandSelector, v: number): boolean {
  return s.isFoldable(v) && conditions.has(s.f.op[v]);
}

/** Whether `ccmp` can be the comparison `v`. */
function isSecondCondition(s: OperandSelector, v: number): boolean {
  const type = s.f.type[s.f.a[v]];
  return !isFloat(type) && widthOfType[type] >= 2;
}

/** A row that only reads. */
function unary1(s: OperandSelector, op: number, width: number, a: number, immediate = 0): void {
  const row = s.row(op, width, s.root);
  s.use(a);
  s.mf.immediate[row] = immediate;
}

/** The row of comparison `v`, and its condition. */
export function selectComparison(s: OperandSelector, v: number, jumps: boolean): number {
  const { f } = s;
  const [a, b] = [f.a[v], f.b[v]];
  const condition = conditions.get(f.op[v]) as number;
  const width = widthOfType[f.type[a]];
  if (isFloat(f.type[a])) {
    const x = s.inRegister(a);
    if (f.op[b] === Op.const && f.a[b] === 0 && (f.b[b] === 0 || width === 2)) {
      unary1(s, M.fcmpZero, width, x);
      return condition;
    }
    const y = s.inRegister(b);
    s.row(M.fcmp, width, s.root);
    s.use(x);
    s.use(y);
    return condition;
  }
  if (s.isInteger(s.strip(b), 0)) {
    const known = compareZero(s, a, condition, width, jumps);
    if (known >= 0) return known;
  }
  if (width >= 2) {
    s.sum(M.cmp, width, 0, a, b);
    return condition;
  }
  const signed = signedConditions.has(f.op[v]);
  const left = s.widened(a, signed);
  const c = s.strip(b);
  if (f.op[c] === Op.const) {
    const value = signed ? s.immediateOf(c, width) : f.a[c] & ((1 << (8 << width)) - 1);
    if (value > -4096 && value < 4096) {
      s.binary(value < 0 ? M.cmn : M.cmp, 2, 0, left, 0, Second.immediate, Math.abs(value));
      return condition;
    }
  }
  s.binary(M.cmp, 2, 0, left, s.inRegister(b), Second.extended + width + (signed ? 4 : 0));
  return condition;
}

/** Comparisons with 0 that are a test of bits, or a part of the branch; -1 if this is none. */
function compareZero(s: OperandSelector, a: number, condition: number, width: number, jumps: boolean): number {
  const { f } = s;
  if (condition === LT || condition === GE) {
    if (!jumps) return -1;
    unary1(s, M.bit, width, s.inRegister(a), (8 << width) - 1);
    return condition === LT ? NE : EQ;
  }
  if (condition !== EQ && condition !== NE) return -1;
  if (f.op[a] === Op.and && s.isFoldable(a)) {
    const wide = Math.max(2, width);
    const c = s.strip(f.b[a]);
    // Of a narrow one the constant says that the upper bits do not count.
    const low = width < 2 ? f.a[c] & ((1 << (8 << width)) - 1) : f.a[c];
    if (f.op[c] === Op.const) {
      const high = width < 3 ? 0 : f.b[c];
      const bit = high === 0 && low !== 0 && (low & (low - 1)) === 0 ? 31 - Math.clz32(low) : low === 0 && high !== 0 && (high & (high - 1)) === 0 ? 63 - Math.clz32(high) : -1;
      if (jumps && bit >= 0) {
        unary1(s, M.bit, wide, s.inRegister(f.a[a]), bit);
        return condition;
      }
      const bits = encodeBitmask(low, high, wide === 3);
      if (bits >= 0) {
        s.binary(M.tst, wide, 0, s.inRegister(f.a[a]), 0, Second.immediate, bits);
        return condition;
      }
    } else if (width >= 2) {
      s.withSecond(M.tst, width, 0, f.a[a], f.b[a], true);
      return condition;
    }
  }
  if (jumps && (width >= 2 || s.isClean(a))) {
    unary1(s, M.zero, Math.max(2, width), s.inRegister(a));
    return condition;
  }
  if (width >= 2) return -1;
  s.binary(M.tst, 2, 0, s.inRegister(a), 0, Second.immediate, encodeBitmask(width === 0 ? 255 : 65535, 0, false));
  return condition;
}
