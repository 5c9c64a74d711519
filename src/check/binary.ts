/** The type rules of one binary operation: arithmetic, shifts, comparisons. */

import { BinaryOperator as Op, Kind, binaryOperators, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import type { Checker } from "./context.ts";
import { isBroken } from "./generics.ts";
import { coerce, converts, isNumber, isString, literalTarget, widens } from "./convert.ts";
import { reportNoValue } from "./noValue.ts";
import { isLiteralType, settle, settleDefault } from "./settle.ts";
import { isPlace, markAddressTaken } from "./places.ts";
import { derefTarget, writtenImpl } from "./implementations.ts";
import { findMethod } from "./methods.ts";
import { adviceOnSides, operatorMethod, overloaded } from "./overloads.ts";
import { isEq, isOrd, throughReferences } from "./traits.ts";
import { T, TypeKind, isFloatType, isIntegerType, isSignedType, type TypeId } from "./types.ts";
import { taint, tieValue } from "./unknowns.ts";
import { looksApart } from "./wrongCalls.ts";

/** The type of an arithmetic or bit operation; converts its operands. `left` and `right` may be literals' types, and so may the result. */
export function arithmeticType(c: Checker, n: Node, operator: number, left: TypeId, right: TypeId, expected: TypeId): TypeId {
  const { ast, program, types } = c;
  const leftNode = ast.left(n);
  const rightNode = ast.right(n);
  // The way of nearly all: two integers of one type.
  if (left === right && left >= T.i8 && left <= T.usize) return left;
  if (left === T.error || right === T.error || left === T.never || right === T.never) {
    settleDefault(c, leftNode, left);
    settleDefault(c, rightNode, right);
    return left === T.never ? (isLiteralType(right) ? T.i64 : right) : right === T.never ? (isLiteralType(left) ? T.i64 : left) : T.error;
  }
  const isBits = operator >= Op.And;
  const isPlain = operator <= Op.Remainder;
  if (isLiteralType(left) && isLiteralType(right)) {
    const type = left === T["float literal"] || right === T["float literal"] ? T["float literal"] : T["integer literal"];
    if (type === T["float literal"] && !isPlain) return mismatched(c, n, operator, left, right);
    // Beside what has operators of its own they wait for that: 2 * 3 * v.
    if (expected !== 0 && types.kindOf(expected) !== TypeKind.Struct && types.kindOf(expected) !== TypeKind.Enum) {
      // Settle at once, so that what follows sees a number.
      const target = literalTarget(c, expected, type);
      settleOperands(c, n, target);
      return target;
    }
    return type;
  }
  const l = throughReferences(c, left);
  const r = throughReferences(c, right);
  if (types.kindOf(l) === TypeKind.Pointer && (operator === Op.Add || operator === Op.Subtract)) {
    if (right === T["integer literal"]) settle(c, rightNode, T.i64);
    else if (isIntegerType(r)) {
      if (r !== right) program.setWanted(rightNode, r);
    } else {
      const advice = types.kindOf(r) === TypeKind.Pointer ? ["the distance in bytes is (p as usize) - (q as usize)"] : [];
      settleDefault(c, rightNode, right);
      return c.error("E0305", n, `${binaryOperators[operator]} between ${c.typeName(l)} and ${c.typeName(r)}: a pointer moves by an integer`, { advice });
    }
    if (l !== left) program.setWanted(leftNode, l);
    return l;
  }
  let type: TypeId;
  if (isLiteralType(left)) type = besideLiteral(c, r, left, expected);
  else if (isLiteralType(right)) type = besideLiteral(c, l, right, expected);
  else type = widens(l, r) ? r : widens(r, l) ? l : (0 as TypeId);
  if (type !== 0) {
    const isFine = isIntegerType(type) || (isPlain && isFloatType(type)) || (isBits && type === T.bool);
    if (!isFine) type = 0 as TypeId;
  }
  if (type === 0) return overloaded(c, n, operator, left, right) ?? mismatched(c, n, operator, left, right);
  convertOperand(c, leftNode, left, type);
  convertOperand(c, rightNode, right, type);
  return type;
}

function settleOperands(c: Checker, n: Node, type: TypeId): void {
  settle(c, c.ast.left(n), type);
  settle(c, c.ast.right(n), type);
}

/** The type of an operation between a literal and a value of type `other`: what is expected if the value becomes that, else the value's own. */
function besideLiteral(c: Checker, other: TypeId, literal: TypeId, expected: TypeId): TypeId {
  if (!isNumber(other)) return 0 as TypeId;
  if (literal === T["float literal"] && !isFloatType(other)) return 0 as TypeId;
  let at = expected;
  while (c.types.kindOf(at) === TypeKind.Optional) at = c.types.inner(at);
  return at !== 0 && at !== other && isNumber(at) && widens(other, at) ? at : other;
}

function convertOperand(c: Checker, n: Node, from: TypeId, to: TypeId): void {
  if (from === to) return;
  if (isLiteralType(from)) settle(c, n, to);
  else c.program.setWanted(n, to);
}

/** One operand is a value that may be missing, the other is none. */
function takeOut(c: Checker, l: TypeId, r: TypeId): string[] {
  const mayFail = (type: TypeId): boolean => c.types.kindOf(type) === TypeKind.Optional || c.types.kindOf(type) === TypeKind.Result;
  return mayFail(l) !== mayFail(r) ? ["take the value out with !, ?? or match"] : [];
}

/** An integer becomes a float without a doubt, the other way round something is lost; of two integers the signed type that is wide enough, as far as there is one, holds both. */
function convertOne(c: Checker, l: TypeId, r: TypeId): string {
  if (isFloatType(l) || isFloatType(r)) return `convert one of them: … as ${c.typeName(isFloatType(r) && !isFloatType(l) ? r : l)}`;
  const [signed, other] = isSignedType(l) ? [l, r] : [r, l];
  const to = !isSignedType(signed) || isFloatType(signed) ? l : (other === T.u64 || other === T.u32) && signed !== T.i128 && signed !== T.isize ? T.i64 : signed;
  return `convert one of them: … as ${c.typeName(to)}`;
}

function mismatched(c: Checker, n: Node, operator: number, left: TypeId, right: TypeId): TypeId {
  const { ast } = c;
  const l = throughReferences(c, settleDefault(c, ast.left(n), left));
  const r = throughReferences(c, settleDefault(c, ast.right(n), right));
  const spelling = binaryOperators[operator] ?? "";
  const advice: string[] = [];
  const added = c.definitionBehind(l);
  if (isBroken(c, l) || isBroken(c, r)) return T.error;
  if (l === T.void || r === T.void) return reportNoValue(c, l === T.void ? ast.left(n) : ast.right(n), `${spelling} needs a value, and this has none`);
  if (operator > Op.Remainder && isNumber(l) && isNumber(r) && (isFloatType(l) || isFloatType(r))) advice.push(`${spelling} is of integers: convert the float, … as i64`);
  else if (isNumber(l) && isNumber(r) && l !== r) advice.push(convertOne(c, l, r));
  if (l !== T.error && r !== T.error && (l === T.str) !== (r === T.str) && operator === Op.Add && added?.name !== Names.String) advice.push("put both into a text: f\"{a}{b}\"");
  else if (operator === Op.Add && l !== T.error && r !== T.error && (isString(c, l) || isString(c, r))) advice.push(r === T.char ? "append it: s.push(c)" : "put both into a text: f\"{a}{b}\"");
  if (l === T.str && r === T.str && operator === Op.Add) advice.push("texts are joined by f\"{a}{b}\"");
  if ((l === T.str || isString(c, l)) && isNumber(r) && operator === Op.Multiply) advice.push("write ….repeat(n)");
  if (l === T.char && (operator === Op.Add || operator === Op.Subtract) && (r === T.char || isNumber(r))) advice.push(r === T.char ? "subtract their codes: a as i64 - b as i64" : "a character's code is a number: char.from_u32(c as u32 + 1), or (c as u8 + 1) as char");
  if (operator === Op.Divide && added !== undefined && findMethod(c, l, c.names.intern("divided"), "anyone") !== undefined) advice.push("a quotient says how it is rounded: a.divided(b, places, mode)");
  if (l === T.str && operator === Op.Remainder) advice.push("values stand in the text: f\"x = {x}\"");
  advice.push(...takeOut(c, l, r));
  if (operator === Op.And && advice.length === 0 && looksApart(c, n)) advice.push("if these are two values, a comma is missing: …, &…");
  if (advice.length === 0) advice.push(...adviceOnSides(c, operator, l, r, right));
  const what = l === r ? `${spelling} does not apply to ${c.typeName(l)}` : `${spelling} between ${c.typeName(l)} and ${c.typeName(r)}`;
  return c.error("E0305", n, what, { advice });
}

/** A shift: the left side's type; the right side is any integer, already settled. */
export function shiftType(c: Checker, n: Node, left: TypeId, right: TypeId): TypeId {
  const { ast, program } = c;
  const leftNode = ast.left(n);
  const rightNode = ast.right(n);
  if (left === T.error || right === T.error) {
    settleDefault(c, leftNode, left);
    return T.error;
  }
  const r = throughReferences(c, right);
  if (left === T["integer literal"]) {
    if (!isIntegerType(r) && r !== T.never) return mismatched(c, n, ast.operator(n), left, right);
    if (r !== right) program.setWanted(rightNode, r);
    return left;
  }
  const l = throughReferences(c, left);
  if (!isIntegerType(l) || (!isIntegerType(r) && r !== T.never)) return mismatched(c, n, ast.operator(n), left, right);
  if (l !== left) program.setWanted(leftNode, l);
  if (r !== right) program.setWanted(rightNode, r);
  return l;
}

/** A comparison. Operands are read through references, even such that are not Copy: they are only looked at. */
export function checkComparison(c: Checker, n: Node, operator: number, left: TypeId, right: TypeId): TypeId {
  return checkComparisonOf(c, n, c.ast.left(n), c.ast.right(n), operator, left, right);
}

/** As checkComparison, of any two nodes; what is wrong is reported at `n`. Gives bool, or `error`. */
export function checkComparisonOf(c: Checker, n: Node, leftNode: Node, rightNode: Node, operator: number, left: TypeId, right: TypeId): TypeId {
  if (left === right && left >= T.bool && left <= T.str) return T.bool;
  if (left === T.error || right === T.error || left === T.never || right === T.never) {
    settleDefault(c, leftNode, left);
    settleDefault(c, rightNode, right);
    // What the other side would have told is not known because of the mistake.
    if (c.learning && (left === T.error || right === T.error)) for (const type of [left, right]) taint(c, type);
    return (left === T.error || right === T.error) && !c.learning ? T.error : T.bool;
  }
  let l = throughReferences(c, left);
  let r = throughReferences(c, right);
  if (c.learning && (c.types.hasVariable(l) || c.types.hasVariable(r))) {
    if (isLiteralType(l)) tieValue(c, leftNode, l, r);
    else tieValue(c, rightNode, r, l);
    return T.bool;
  }
  if (isLiteralType(l) && isLiteralType(r)) {
    const type = l === T["float literal"] || r === T["float literal"] ? T.f64 : T.i64;
    settle(c, leftNode, type);
    settle(c, rightNode, type);
    return T.bool;
  }
  if (isLiteralType(l)) {
    r = numberBehind(c, r);
    l = literalTarget(c, r, l);
    settle(c, leftNode, l);
  } else if (isLiteralType(r)) {
    l = numberBehind(c, l);
    r = literalTarget(c, l, r);
    settle(c, rightNode, r);
  }
  let type: TypeId = l;
  if (l !== r) {
    const common = commonOwner(c, l, r);
    if (common !== 0) type = common;
    else if (converts(c, r, l)) type = l;
    else if (converts(c, l, r)) type = r;
    else return mismatchedComparison(c, n, leftNode, rightNode, operator, l, r);
  }
  const isEquality = operator === Op.Equal || operator === Op.NotEqual;
  if (!(isEquality ? isEq(c, type) : isOrd(c, type))) {
    if (type === T.void) return reportNoValue(c, leftNode, `${binaryOperators[operator]} needs a value, and this has none`);
    const trait = isEquality ? "Eq" : "Ord";
    const kind = c.types.kindOf(type);
    const advice = kind === TypeKind.Struct || kind === TypeKind.Enum ? [`derive it: ${c.typeName(type)}: ${trait}`] : kind === TypeKind.TypeParameter ? [`bound it: ${c.typeName(type)}: ${trait}`] : [];
    return c.error("E0305", n, `${binaryOperators[operator]} does not apply to ${c.typeName(type)}`, { advice });
  }
  compareAs(c, leftNode, type);
  compareAs(c, rightNode, type);
  // What was written by hand is called; assert_eq looks for itself.
  if (c.ast.kind[n] === Kind.Binary && writtenImpl(c, type, isEquality ? Names.Eq : Names.Ord)) {
    operatorMethod(c, n, type, isEquality ? Names.Eq : Names.Ord, isEquality ? Names.eq : Names.cmp, []);
  }
  return T.bool;
}

/** What a box of a number derefs to; other types stay. */
function numberBehind(c: Checker, type: TypeId): TypeId {
  let at = type;
  for (let next = derefTarget(c, at); next !== 0; next = derefTarget(c, at)) at = throughReferences(c, next);
  return isNumber(at) ? at : type;
}

/** The type that two different ones are compared as because one derefs to the other, or both to a slice or text; 0 if there is none. */
function commonOwner(c: Checker, left: TypeId, right: TypeId): TypeId {
  const one = sliceBehind(c, left);
  if (one !== 0) return one === sliceBehind(c, right) ? one : (0 as TypeId);
  for (let at = derefTarget(c, left); at !== 0; at = derefTarget(c, throughReferences(c, at))) if (throughReferences(c, at) === right) return right;
  for (let at = derefTarget(c, right); at !== 0; at = derefTarget(c, throughReferences(c, at))) if (throughReferences(c, at) === left) return left;
  return 0 as TypeId;
}

/** A list's, array's or slice's elements as a [], a string's as a str; 0 for others. */
function sliceBehind(c: Checker, type: TypeId): TypeId {
  const { types } = c;
  for (let at = type; at !== 0; at = throughReferences(c, derefTarget(c, at))) {
    if (at === T.str) return at;
    const kind = types.kindOf(at);
    if (kind === TypeKind.Array || kind === TypeKind.Slice) return types.slice(types.inner(at), false);
  }
  return 0 as TypeId;
}

/** The operand is looked at as a value of that type, references, boxes and collections looked through; nothing moves. */
function compareAs(c: Checker, n: Node, type: TypeId): void {
  const from = c.program.typeOf(n);
  if (from === type) return;
  const base = throughReferences(c, from);
  if (base === type || sliceBehind(c, base) === type || derefTarget(c, base) !== 0) {
    c.program.setWanted(n, type);
    if (base !== type && isPlace(c, n)) markAddressTaken(c, n);
  }
  else coerce(c, n, type);
}

function mismatchedComparison(c: Checker, n: Node, leftNode: Node, rightNode: Node, operator: number, l: TypeId, r: TypeId): TypeId {
  if (l === T.void || r === T.void) return reportNoValue(c, l === T.void ? leftNode : rightNode, `${binaryOperators[operator]} needs a value, and this has none`);
  if (isBroken(c, l) || isBroken(c, r)) return T.error;
  const advice = isNumber(l) && isNumber(r) ? [convertOne(c, l, r)] : takeOut(c, l, r);
  if ((l === T.char && r === T.str) || (l === T.str && r === T.char)) advice.push("a character stands in single quotes, a text in double ones");
  return c.error("E0305", n, `${binaryOperators[operator]} between ${c.typeName(l)} and ${c.typeName(r)}`, { advice });
}
