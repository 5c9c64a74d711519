/** Selection of sums and products, plain and checked. */
import { HS, LO, NE, VS } from "../../../encoders/arm64/registers.ts";
import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { widthOfType } from "../selector.ts";
import { Flags, M, Second } from "./machineOps.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { selectComparison } from "./selectConditions.ts";

function sum(op: number) {
  return (s: Selector, v: number): void => {
    const { f } = s;
    let [a, b] = [f.a[v], f.b[v]];
    if (withCondition(s, v, a, b, op) || (op === M.add && withCondition(s, v, b, a, op))) return;
    if (op === M.add && s.isConstant(s.strip(a))) [a, b] = [b, a];
    // a + b * c in one.
    for (const [x, y] of op === M.add ? [[a, b], [b, a]] as const : [[a, b]] as const) {
      if (f.op[y] !== Op.mul || f.type[y] !== f.type[v] || !s.isFoldable(y)) continue;
      const [m, n, rest] = [s.inRegister(f.a[y]), s.inRegister(f.b[y]), s.registerOrZero(x)];
      s.row(op === M.add ? M.madd : M.msub, s.atLeast32(v), v);
      s.def(s.result(v));
      s.use(m);
      s.use(n);
      s.use(rest);
      return;
    }
    s.sum(op, s.atLeast32(v), s.result(v), a, b);
  };
}

/** `other` plus the truth `y`, in one with the comparison; minus it where that is the borrow of unsigned words. */
function withCondition(s: Selector, v: number, other: number, y: number, op: number): boolean {
  const { f, mf } = s;
  const comparison = f.op[y] === Op.zext ? f.a[y] : y;
  if (comparison === other || f.op[comparison] < Op.eq || f.op[comparison] > Op.fge || !isOwn(s, y) || !isOwn(s, comparison)) return false;
  const isCarry = f.type[v] === Type.i64 && (f.op[comparison] === Op.ult || f.op[comparison] === Op.ugt) && f.type[f.a[comparison]] === Type.i64;
  if (isCarry && withCarry(s, v, other, y, comparison, op)) return true;
  if (op !== M.add) return false;
  const from = s.registerOrZero(other);
  const condition = selectComparison(s, comparison, false);
  const row = mf.count - 1;
  s.beginConsumer(row, Flags.moveIncrement, condition ^ 1);
  mf.moveWidth[row] = Math.max(2, widthOfType[f.type[v]]);
  s.def(s.result(v));
  s.use(from);
  s.use(from);
  return true;
}

function isTruth(s: Selector, v: number): boolean {
  const { f } = s;
  const of = f.op[v] === Op.zext ? f.op[f.a[v]] : 0;
  return of >= Op.eq && of <= Op.fge;
}

/** Wanted by the instruction that is being selected only, and in its block. */
function isOwn(s: Selector, v: number): boolean {
  return s.uses[v] === 1 && s.registerOf[v] === 0 && s.f.block[v] === s.f.block[s.root];
}

/**
 * Where the comparison `a < b` tells of the sum or difference of words that stands just before it, that is where the carry comes from, and both
 * are one row. A difference is no more than a comparison otherwise.
 */
function withCarry(s: Selector, v: number, other: number, y: number, comparison: number, op: number): boolean {
  const { f } = s;
  const [less, more] = f.op[comparison] === Op.ult ? [f.a[comparison], f.b[comparison]] : [f.b[comparison], f.a[comparison]];
  const before = f.previous[comparison];
  const adjacent = f.previous[v] === y && (y === comparison || f.previous[y] === comparison) && before !== 0 && before !== other && f.type[before] === Type.i64;
  const inner = op === M.add ? Op.add : Op.sub;
  // Both halves of a wide number: the halves above are added with the carry. A difference's carry is there for any comparison.
  // A half that is a carry itself is added to with the flags that it comes by.
  const isWide = f.op[other] === inner && isOwn(s, other) && f.a[other] !== before && f.b[other] !== before && !isTruth(s, f.a[other]) && !isTruth(s, f.b[other]);
  const carries = adjacent && f.op[before] === inner && (op === M.add ? less === before && (f.a[before] === more || f.b[before] === more) : f.a[before] === less && f.b[before] === more);
  if (!carries && op === M.add) return false;
  const high = s.registerOrZero(isWide ? f.a[other] : other);
  const low = isWide ? s.registerOrZero(f.b[other]) : -f.int(Type.i64, 0);
  let row: number;
  if (carries) {
    s.makesAlso(before);
    row = s.sum(op === M.add ? M.adds : M.subs, 3, s.result(before), f.a[before], f.b[before]);
  } else row = s.sum(M.cmp, 3, 0, less, more);
  s.beginConsumer(row, op === M.add ? Flags.addCarry : Flags.subtractCarry, op === M.add ? HS : LO);
  s.def(s.result(v));
  s.lateUse(high);
  s.lateUse(low);
  return true;
}

/** Products of widened 32-bit integers multiply those. */
function product(s: Selector, v: number): void {
  const { f } = s;
  const [a, b] = [f.a[v], f.b[v]];
  const both = (op: number): boolean => f.op[a] === op && f.op[b] === op && widthOfType[f.type[f.a[a]]] === 2 && widthOfType[f.type[f.a[b]]] === 2;
  if (f.type[v] === Type.i64 && a !== b && s.uses[a] === 1 && s.uses[b] === 1 && (both(Op.sext) || both(Op.zext)) && !s.isConstant(f.a[a]) && !s.isConstant(f.a[b])) {
    const [x, y] = [s.inRegister(f.a[a]), s.inRegister(f.a[b])];
    s.binary(f.op[a] === Op.sext ? M.smull : M.umull, 3, s.result(v), x, y);
    return;
  }
  const c = s.strip(b);
  const power = s.isImmediate(c, widthOfType[f.type[v]]) ? powerOfTwo(f.a[c] - 1) : 0;
  // x * 9 is x + (x << 3).
  if (power > 0) {
    const from = s.inRegister(a);
    s.binary(M.add, s.atLeast32(v), s.result(v), from, from, Second.shifted, power);
    return;
  }
  const [x, y] = [s.inRegister(a), s.inRegister(b)];
  s.binary(M.mul, s.atLeast32(v), s.result(v), x, y);
}

/** The exponent of a positive power of two below 2^31; -1 for other numbers. */
function powerOfTwo(value: number): number {
  return value > 0 && (value & (value - 1)) === 0 ? 31 - Math.clz32(value) : -1;
}

/** The result of a narrow operation in 32 bits: NE if it does not fit. */
function narrowCheck(s: Selector, width: number, signed: boolean, result: number): number {
  return s.binary(M.cmp, 2, 0, result, result, Second.extended + width + (signed ? 4 : 0));
}

/** Makes the sum or difference with flags, and says the condition of overflow; the last row is open for its user. */
function overflowingSum(s: Selector, v: number, op: number, signed: boolean, result: number): number {
  const { f } = s;
  const width = widthOfType[f.type[f.a[v]]];
  if (width >= 2) {
    let [a, b] = [f.a[v], f.b[v]];
    if (op === M.adds && s.isConstant(s.strip(a))) [a, b] = [b, a];
    s.sum(op, width, result, a, b);
    return signed ? VS : op === M.adds ? HS : LO;
  }
  const [a, b] = [s.widened(f.a[v], signed), s.inRegister(f.b[v])];
  s.binary(op === M.adds ? M.add : M.sub, 2, result, a, b, Second.extended + width + (signed ? 4 : 0));
  narrowCheck(s, width, signed, result);
  return NE;
}

function overflowingProduct(s: Selector, v: number, signed: boolean, result: number): number {
  const { f, mf } = s;
  const width = widthOfType[f.type[f.a[v]]];
  if (width < 2) {
    const [a, b] = [s.widened(f.a[v], signed), s.widened(f.b[v], signed)];
    s.binary(M.mul, 2, result, a, b);
    narrowCheck(s, width, signed, result);
    return NE;
  }
  const c = s.strip(f.b[v]);
  const power = s.isImmediate(c, width) ? powerOfTwo(f.a[c]) : 0;
  if (power > 0) {
    // Fits if shifting back gives the number.
    const from = s.inRegister(f.a[v]);
    const size = 8 << width;
    s.unary(M.bitfieldUnsigned, width, result, from, (size - power) | ((size - 1 - power) << 6));
    s.binary(M.cmp, width, 0, from, result, Second.shifted + (signed ? 2 : 1), power);
    return NE;
  }
  const [a, b] = [s.inRegister(f.a[v]), s.inRegister(f.b[v])];
  if (width === 2) {
    s.binary(signed ? M.smull : M.umull, 3, result, a, b);
    s.binary(M.cmp, 3, 0, result, result, Second.extended + 2 + (signed ? 4 : 0));
    return NE;
  }
  const high = mf.newRegister(0);
  s.binary(M.mul, 3, result, a, b);
  s.binary(signed ? M.smulh : M.umulh, 3, high, a, b);
  if (signed) s.binary(M.cmp, 3, 0, high, result, Second.shifted + 2, 63);
  else s.binary(M.cmp, 3, 0, high, 0, Second.immediate, 0);
  return NE;
}

type Overflowing = (s: Selector, v: number, result: number) => number;
const added: Overflowing = (s, v, result) => overflowingSum(s, v, M.adds, true, result);
const addedUnsigned: Overflowing = (s, v, result) => overflowingSum(s, v, M.adds, false, result);
const subtracted: Overflowing = (s, v, result) => overflowingSum(s, v, M.subs, true, result);
const subtractedUnsigned: Overflowing = (s, v, result) => overflowingSum(s, v, M.subs, false, result);
const multiplied: Overflowing = (s, v, result) => overflowingProduct(s, v, true, result);
const multipliedUnsigned: Overflowing = (s, v, result) => overflowingProduct(s, v, false, result);

function trapping(make: Overflowing) {
  return (s: Selector, v: number): void => {
    const condition = make(s, v, s.result(v));
    s.trapOn(s.mf.count - 1, condition, s.f.c[v], 0);
  };
}

function overflows(make: Overflowing) {
  return (s: Selector, v: number): void => {
    const result = s.result(v);
    const condition = make(s, v, s.mf.newRegister(0));
    s.beginConsumer(s.mf.count - 1, Flags.set, condition);
    s.def(result);
  };
}

export const sumSelectors: SelectHandlers = {
  [Op.add]: sum(M.add), [Op.sub]: sum(M.sub), [Op.mul]: product,
  [Op["sadd.trap"]]: trapping(added), [Op["uadd.trap"]]: trapping(addedUnsigned), [Op["ssub.trap"]]: trapping(subtracted),
  [Op["usub.trap"]]: trapping(subtractedUnsigned), [Op["smul.trap"]]: trapping(multiplied), [Op["umul.trap"]]: trapping(multipliedUnsigned),
  [Op["sadd.overflows"]]: overflows(added), [Op["uadd.overflows"]]: overflows(addedUnsigned), [Op["ssub.overflows"]]: overflows(subtracted),
  [Op["usub.overflows"]]: overflows(subtractedUnsigned), [Op["smul.overflows"]]: overflows(multiplied), [Op["umul.overflows"]]: overflows(multipliedUnsigned),
};
