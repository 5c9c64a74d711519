/** Rules of `simplify` for comparisons and overflow tests of integers. A constant operand of those that commute stands on the right. */

import { noValue, type IrFunction, type Value } from "../ir/function.ts";
import { fold } from "../ir/fold.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import { become, isAllOnes, isOne, isTruth, isZero, powerOfTwo } from "./rule.ts";

/** The operation that is true where this one is false; `none` for floats, where NaN makes both false. */
export function negated(op: Op): Op {
  return negations[op] ?? Op.none;
}

const negations: Readonly<Record<number, Op>> = {
  [Op.eq]: Op.ne, [Op.ne]: Op.eq, [Op.slt]: Op.sge, [Op.sge]: Op.slt, [Op.sle]: Op.sgt, [Op.sgt]: Op.sle,
  [Op.ult]: Op.uge, [Op.uge]: Op.ult, [Op.ule]: Op.ugt, [Op.ugt]: Op.ule, [Op.feq]: Op.fne, [Op.fne]: Op.feq,
};

const swaps: Readonly<Record<number, Op>> = {
  [Op.slt]: Op.sgt, [Op.sgt]: Op.slt, [Op.sle]: Op.sge, [Op.sge]: Op.sle, [Op.ult]: Op.ugt, [Op.ugt]: Op.ult, [Op.ule]: Op.uge, [Op.uge]: Op.ule,
};

/** For equal operands: what the comparison gives. */
const reflexive: Readonly<Record<number, number>> = {
  [Op.eq]: 1, [Op.ne]: 0, [Op.slt]: 0, [Op.sle]: 1, [Op.sgt]: 0, [Op.sge]: 1, [Op.ult]: 0, [Op.ule]: 1, [Op.ugt]: 0, [Op.uge]: 1,
  [Op["ssub.overflows"]]: 0, [Op["usub.overflows"]]: 0,
};

/** A value that the comparison `v` of `a` and `b` equals, `v` itself if it was changed in place, `noValue` if no rule fits. */
export function compareRules(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  const same = a === b ? reflexive[op] : undefined;
  if (same !== undefined) return f.int(Type.i8, same);
  if (op <= Op["umul.overflows"]) return isZero(f, b) ? f.int(Type.i8, 0) : noValue;
  const swap = swaps[op];
  if (swap !== undefined && f.isConst(a) && !f.isConst(b)) return become(v, swap, b, a);
  const type = f.typeOf(a);
  const ordered = type === Type.i128 ? noValue : comparedOrder(f, v, op, a, b);
  if (ordered !== noValue) return ordered;
  if (type === Type.i128 || !f.isConst(b)) return op === Op.eq || op === Op.ne ? equalityOfParts(f, v, op, a, b) : noValue;
  if (isZero(f, b)) {
    if (op === Op.ult) return f.int(Type.i8, 0);
    if (op === Op.uge) return f.int(Type.i8, 1);
    if (op === Op.ugt) return become(v, Op.ne, a, b);
    if (op === Op.ule) return become(v, Op.eq, a, b);
    if ((op === Op.eq || op === Op.ne) && f.op[a] === Op.srem) {
      // Whether a power of two divides a number does not depend on its sign.
      const shift = powerOfTwo(f, f.arg1(a), 8 * (typeSize[type] as number));
      if (shift > 0 && shift < 31) return become(v, op, f.insertBefore(v, f.create(Op.and, type, f.arg0(a), f.int(type, 2 ** shift - 1), 0, f.position[v] as number)), b);
    }
    if (type === Type.i8 && isTruth(f, a)) {
      if (op === Op.ne) return a;
      const inverse = negated(f.opOf(a));
      if (op === Op.eq && inverse !== Op.none) return become(v, inverse, f.arg0(a), f.arg1(a));
    }
  }
  if (isOne(f, b)) {
    if (op === Op.ult) return become(v, Op.eq, a, f.int(type, 0));
    if (op === Op.uge) return become(v, Op.ne, a, f.int(type, 0));
  }
  if (isAllOnes(f, b)) {
    if (op === Op.ugt) return f.int(Type.i8, 0);
    if (op === Op.ule) return f.int(Type.i8, 1);
    if (op === Op.sgt) return become(v, Op.sge, a, f.int(type, 0));
    if (op === Op.sle) return become(v, Op.slt, a, f.int(type, 0));
  }
  if (isTruth(f, a) && type === Type.i8 && f.a[b] === 1) {
    if (op === Op.eq) return a;
    const inverse = negated(f.opOf(a));
    if (op === Op.ne && inverse !== Op.none) return become(v, inverse, f.arg0(a), f.arg1(a));
  }
  // One bit is set if the number with only that bit is.
  if ((op === Op.eq || op === Op.ne) && f.op[a] === Op.and && f.arg1(a) === b && powerOfTwo(f, b, 8 * (typeSize[type] as number)) >= 0) {
    return become(v, op === Op.eq ? Op.ne : Op.eq, a, f.int(type, 0));
  }
  return comparedExtension(f, v, op, a, b);
}

/**
 * What is asked of the order of two values is asked of the values: the order is -1, 0, 1 (`select (x < y), -1, zext (x > y)`), or 0, 1, 2
 * (`(x >= y) + (x > y)`).
 */
function comparedOrder(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  const which = f.opOf(a);
  if ((which !== Op.select && which !== Op.add) || !f.isConst(b)) return noValue;
  const pair = which === Op.select ? orderAround(f, a) : orderFrom0(f, a);
  const constant = f.smallInt(b);
  if (pair === noValue || constant !== constant) return noValue;
  const middle = which === Op.select ? 0 : 1;
  // 0 to 2 are as unsigned what they are as signed.
  const asked = which === Op.add ? signedForms[op] ?? op : op;
  const answer = answerOf(asked, constant - middle);
  if (answer === Op.none) return noValue;
  const isSigned = f.op[pair] === Op.slt || f.op[pair] === Op.sge;
  return become(v, isSigned ? answer : unsignedForms[answer] ?? answer, f.arg0(pair), f.arg1(pair));
}

/** Of an order -1, 0, 1: the comparison that it starts with. */
function orderAround(f: IrFunction, order: Value): Value {
  const less = f.arg0(order);
  const extended = f.arg2(order);
  if (!isAllOnes(f, f.arg1(order)) || f.op[extended] !== Op.zext) return noValue;
  return isPair(f, less, f.arg0(extended), Op.slt, Op.sgt) || isPair(f, less, f.arg0(extended), Op.ult, Op.ugt) ? less : noValue;
}

/** Of an order 0, 1, 2: one of the comparisons that it is the sum of; the one that holds where it is not 0. */
export function orderFrom0(f: IrFunction, order: Value): Value {
  if (f.op[order] !== Op.add || f.typeOf(order) !== Type.i8) return noValue;
  const a = f.arg0(order);
  const b = f.arg1(order);
  if (isPair(f, a, b, Op.sge, Op.sgt) || isPair(f, a, b, Op.uge, Op.ugt)) return a;
  return isPair(f, b, a, Op.sge, Op.sgt) || isPair(f, b, a, Op.uge, Op.ugt) ? b : noValue;
}

/** Both compare the same values, by these operations. */
function isPair(f: IrFunction, one: Value, other: Value, op: Op, otherOp: Op): boolean {
  return f.op[one] === op && f.op[other] === otherOp && f.arg0(one) === f.arg0(other) && f.arg1(one) === f.arg1(other);
}

/** A comparison of an order, its distance from "equal", and the comparison of the ordered values that says the same. */
const orderQuestions: readonly (readonly [Op, number, Op])[] = [
  [Op.eq, -1, Op.slt], [Op.eq, 0, Op.eq], [Op.eq, 1, Op.sgt], [Op.ne, -1, Op.sge], [Op.ne, 0, Op.ne], [Op.ne, 1, Op.sle],
  [Op.slt, 0, Op.slt], [Op.sle, 0, Op.sle], [Op.sgt, 0, Op.sgt], [Op.sge, 0, Op.sge],
  [Op.slt, 1, Op.sle], [Op.sge, 1, Op.sgt], [Op.sgt, -1, Op.sge], [Op.sle, -1, Op.slt],
];

/** The comparison of the ordered values, or `none`. */
function answerOf(asked: Op, distance: number): Op {
  for (const [question, from, answer] of orderQuestions) if (question === asked && from === distance) return answer;
  return Op.none;
}

/** x - y == 0 and x ^ y == 0 are x == y; of the sums x + y and x + z only y and z matter. */
function equalityOfParts(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  const inner = f.op[a];
  if (inner === undefined || f.op[b] !== inner || (inner !== Op.add && inner !== Op.xor)) return noValue;
  if (f.arg0(a) === f.arg0(b)) return become(v, op, f.arg1(a), f.arg1(b));
  if (f.arg1(a) === f.arg1(b)) return become(v, op, f.arg0(a), f.arg0(b));
  return noValue;
}

/** An extended value against a constant that the narrow type can hold is compared in the narrow type. */
function comparedExtension(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  const inner = f.opOf(a);
  if (op === Op.eq || op === Op.ne) {
    if ((inner === Op.sub || inner === Op.xor) && isZero(f, b)) return become(v, op, f.arg0(a), f.arg1(a));
    if ((inner === Op.add || inner === Op.xor) && f.isConst(f.arg1(a))) return become(v, op, f.arg0(a), fold(f, inner === Op.add ? Op.sub : Op.xor, f.typeOf(a), b, f.arg1(a)));
  }
  if (inner === Op.add && op >= Op.slt && op <= Op.sge) return comparedSum(f, v, op, a, b);
  if (inner !== Op.sext && inner !== Op.zext) return noValue;
  const origin = f.arg0(a);
  const narrow = f.typeOf(origin);
  if ((typeSize[narrow] as number) >= 8) return noValue;
  const cut = fold(f, Op.trunc, narrow, b, noValue);
  if (cut === noValue || fold(f, inner, f.typeOf(a), cut, noValue) !== b) return noValue;
  // Zero-extended values are compared as unsigned, whatever the comparison says.
  const unsigned = inner === Op.zext ? unsignedForms[op] ?? op : op;
  // Sign extension keeps both orders: seen as unsigned, negative values stay above all others.
  return become(v, unsigned, origin, cut);
}

/** An extended value and a small constant do not leave the wide type: their sum is compared by the value alone. */
function comparedSum(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  const extended = f.arg0(a);
  const by = f.smallInt(f.arg1(a));
  const bound = f.smallInt(b);
  if (f.op[extended] !== Op.zext || by !== by || bound !== bound || Math.abs(by) > 64 || Math.abs(bound) > 64) return noValue;
  const narrow = typeSize[f.typeOf(f.arg0(extended))] as number;
  return (typeSize[f.typeOf(a)] as number) >= 4 && narrow <= 2 ? become(v, op, extended, f.int(f.typeOf(a), bound - by)) : noValue;
}

const unsignedForms: Readonly<Record<number, Op>> = { [Op.slt]: Op.ult, [Op.sle]: Op.ule, [Op.sgt]: Op.ugt, [Op.sge]: Op.uge };
const signedForms: Readonly<Record<number, Op>> = { [Op.ult]: Op.slt, [Op.ule]: Op.sle, [Op.ugt]: Op.sgt, [Op.uge]: Op.sge };
