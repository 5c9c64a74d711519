/** Operators: unary, and the chains of binary ones, whose left side may be very long. */

import { BinaryOperator as Op, Kind, UnaryOperator, kinds, type Node } from "../syntax/ast.ts";
import { fits, knownBinary, knownInteger, type Known } from "./arithmetic.ts";
import { noteChange } from "./captures.ts";
import { Names } from "../source/interner.ts";
import { arithmeticType, checkComparison, shiftType } from "./binary.ts";
import { checkLeftByRight, checkRightByLeft, needsHint } from "./comparisonHints.ts";
import { derefTarget } from "./implementations.ts";
import { isKnownNil } from "./constants.ts";
import type { Checker } from "./context.ts";
import { adviceBorrowed, coerce, isNumber } from "./convert.ts";
import { check, checkAs, checkNegativeLiteral, infer, isNegativeLiteral } from "./expressions.ts";
import { optionalBehind } from "./jumps.ts";
import { reportNoValue } from "./noValue.ts";
import { operatorMethod, passByValue, rightHint } from "./overloads.ts";
import { checkSlice, isRangeIndex } from "./members.ts";
import { immutability, isGlobalPlace, isPlace, markAddressTaken, markAssigned } from "./places.ts";
import { fit, isLiteralType, settleDefault } from "./settle.ts";
import { throughReferences } from "./traits.ts";
import { MeaningKind, meaningKind } from "./checkedProgram.ts";
import { T, TypeFlag, TypeKind, isFloatType, isIntegerType, isScalar, isSignedType, type TypeId } from "./types.ts";

/** Operators whose operands and result have one type. */
function isArithmetic(operator: number): boolean {
  return operator <= Op.MultiplySaturate || (operator >= Op.And && operator <= Op.Xor);
}

/** `left op right`. */
export function checkBinary(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, program } = c;
  if (ast.kind[ast.left(n)] !== Kind.Binary) return checkOperation(c, n, checkLeft(c, n, expected), knownLeft(c, n), expected);
  // Down the left spine, then up, one operation at a time.
  let depth = 1;
  for (let at = ast.left(n); ast.kind[at] === Kind.Binary; at = ast.left(at)) depth++;
  const spine = new Int32Array(depth);
  // `expected` reaches an operation if all above it are arithmetic.
  let reaches = 0;
  let arithmetic = true;
  for (let i = 0, at = n; i < depth; i++, at = ast.left(at)) {
    spine[i] = at;
    if (arithmetic) reaches = i;
    arithmetic &&= isArithmetic(ast.operator(at));
  }
  const bottom = spine[depth - 1] as Node;
  let type = checkLeft(c, bottom, 0 as TypeId);
  let known = knownLeft(c, bottom);
  for (let i = depth - 1; i >= 0; i--) {
    const node = spine[i] as Node;
    type = checkOperation(c, node, type, known, i <= reaches ? expected : (0 as TypeId));
    known = c.knownResult;
    if (i > 0) program.setType(node, type);
  }
  return type;
}

/** The left side of the lowest operation of a chain. What can only be understood by the right side waits for it. */
function checkLeft(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast } = c;
  const left = ast.left(n);
  const operator = ast.operator(n);
  if (operator >= Op.Equal && operator <= Op.GreaterEqual && needsHint(c, left)) return checkLeftByRight(c, left, ast.right(n));
  return operator === Op.Coalesce && isNone(c, left) ? checkNone(c, n, expected) : check(c, left, 0 as TypeId);
}

function isNone(c: Checker, n: Node): boolean {
  const { ast } = c;
  const at = ast.withoutParentheses(n);
  return ast.kind[at] === Kind.Name && ast.name(at) === Names.None;
}

/** The left side of `None ?? b`: what it could hold is what `b` is. */
function checkNone(c: Checker, n: Node, expected: TypeId): TypeId {
  const right = c.ast.right(n);
  const diverged = c.diverges;
  const type = expected === 0 ? settleDefault(c, right, check(c, right, 0 as TypeId)) : checkAs(c, right, expected);
  c.diverges = diverged;
  c.rightChecked = right;
  return type === T.error ? T.error : check(c, c.ast.left(n), c.types.optional(type));
}

/** The value of the left side that was checked last, where that is in parentheses: of what else has one it is looked up when it is asked for. */
function knownLeft(c: Checker, n: Node): Known {
  const left = c.ast.left(n);
  return c.ast.kind[left] === Kind.Paren ? knownAt(c, left) : undefined;
}

/** The value of the expression that was checked last, where it is known. */
function knownAt(c: Checker, n: Node): Known {
  const { ast } = c;
  const at = ast.withoutParentheses(n);
  const kind = ast.kind[at] as number;
  // An operation has just left its value; a literal that is not settled yet has none.
  if (kind === Kind.Binary) return c.knownResult;
  return mayBeKnown[kind] === 1 && !isLiteralType(c.program.typeOf(at)) ? namedOrLiteral(c, at, kind) : undefined;
}

function namedOrLiteral(c: Checker, n: Node, kind: number): Known {
  if (kind === Kind.Name && meaningKind(c.program.meaningOf(n)) === MeaningKind.Local) return undefined;
  return knownInteger(c, n);
}

/** One operation whose left side is checked and has the type `left`. Leaves the value, where it is known, in `c.knownResult`. */
function checkOperation(c: Checker, n: Node, left: TypeId, leftKnown: Known, expected: TypeId): TypeId {
  const { ast, program } = c;
  const operator = ast.operator(n);
  c.knownResult = undefined;
  const rightNode = ast.right(n);
  const checked = c.rightChecked === rightNode;
  c.rightChecked = 0 as Node;
  const rightKind = ast.kind[rightNode] as number;
  // The usual right sides go a short way: a literal beside an integer takes its type.
  const isPlainLiteral = rightKind === Kind.Integer && ast.b[rightNode] === 0 && left >= firstInteger && left <= lastInteger;
  if (operator <= Op.MultiplySaturate || operator >= Op.And && operator <= Op.Xor) {
    let type: TypeId;
    if (isPlainLiteral && (expected === 0 || expected === left)) {
      type = left;
      literalOperand(c, rightNode, left);
      knownOperation(c, n, operator, leftKnown, ast.integers[ast.literal(rightNode)], type);
    } else {
      // Where one thing only can stand on the right, that is how it is understood.
      const right = check(c, rightNode, isScalar(left) ? (0 as TypeId) : rightHint(c, operator, left));
      const rightKnown = knownAt(c, rightNode);
      c.knownResult = undefined;
      type = arithmeticType(c, n, operator, left, right, expected);
      if (type < firstInteger || type > lastInteger) return type;
      knownOperation(c, n, operator, leftKnown, isLiteralType(right) ? knownInteger(c, rightNode) : rightKnown, type);
    }
    return type;
  }
  if (operator === Op.ShiftLeft || operator === Op.ShiftRight) {
    const type = shiftType(c, n, left, infer(c, rightNode));
    const rightKnown = knownAt(c, rightNode) ?? (rightKind === Kind.Paren || rightKind === Kind.Unary ? knownInteger(c, rightNode) : undefined);
    c.knownResult = undefined;
    if (type >= firstInteger && type <= lastInteger) knownOperation(c, n, operator, leftKnown, rightKnown, type);
    return type;
  }
  if (operator <= Op.GreaterEqual) {
    if (isPlainLiteral && !checked) {
      literalOperand(c, rightNode, left);
      return T.bool;
    }
    const hint = isLiteralType(left) ? (0 as TypeId) : throughReferences(c, left);
    const right = checked ? program.typeOf(rightNode) : checkRightByLeft(c, rightNode, hint);
    c.knownResult = undefined;
    return checkComparison(c, n, operator, left, right);
  }
  const diverged = c.diverges;
  if (operator === Op.LogicalAnd || operator === Op.LogicalOr) {
    logicalOperand(c, ast.left(n), settleDefault(c, ast.left(n), left));
    logicalOperand(c, rightNode, check(c, rightNode, T.bool));
    c.knownResult = undefined;
    c.diverges = diverged;
    return T.bool;
  }
  // ??
  left = optionalBehind(c, ast.left(n), left);
  const kind = c.types.kindOf(left);
  if (kind !== TypeKind.Optional && kind !== TypeKind.Result) {
    settleDefault(c, ast.left(n), left);
    if (!checked) infer(c, rightNode);
    if (left === T.error || left === T.never) return T.error;
    return c.error("E0326", ast.left(n), `?? applies to ?T and Result, not to ${c.typeName(left)}`, { advice: [...adviceIndexed(c, ast.left(n)), ...adviceBorrowed(c, ast.left(n), left)] });
  }
  const inner = c.types.inner(left);
  if (!checked) checkAs(c, rightNode, inner);
  c.knownResult = undefined;
  c.diverges = diverged;
  return inner;
}

const firstInteger = T.i8;
const lastInteger = T.usize;

/** By kind of node: its value may be known without looking far (see knownInteger). */
export const mayBeKnown = new Uint8Array(kinds.map((name) => (["Integer", "Char", "Byte", "Unary", "Name", "Field"].includes(name) ? 1 : 0)));

/** Gives an integer literal without suffix the type of what it stands beside. */
function literalOperand(c: Checker, n: Node, type: TypeId): void {
  c.program.setType(n, type);
  const value = c.ast.integers[c.ast.literal(n)] as number | bigint;
  // Most literals fit everything.
  if (typeof value !== "number" || value > 127) fit(c, n, value, type);
}

/** Reports an operation that certainly panics; leaves its value in `c.knownResult` if it is known. */
function knownOperation(c: Checker, n: Node, operator: number, leftKnown: Known, right: Known, type: TypeId): void {
  if (right === undefined) return;
  // Most operations have a left side that is not known, and only division and shifts can go wrong by their right side alone.
  const left = c.ast.left(n);
  const leftKind = c.ast.kind[left] as number;
  const known = leftKnown ?? (mayBeKnown[leftKind] === 1 ? namedOrLiteral(c, left, leftKind) : undefined);
  if (known === undefined && right !== 0 && operator !== Op.ShiftLeft && operator !== Op.ShiftRight) return;
  c.knownResult = knownBinary(c, n, operator, known, right, type);
}

function logicalOperand(c: Checker, n: Node, type: TypeId): void {
  if (type === T.bool) return;
  if (throughReferences(c, type) === T.bool) {
    c.program.setWanted(n, T.bool);
    return;
  }
  // A `||` that begins a line continues the line above.
  const next = c.ast.end[n] as number;
  const file = c.sources.fileAt(next);
  const behind = file?.bytes.subarray(next - file.base, next - file.base + 200);
  if (type !== T.error && type !== T.never && behind !== undefined && /^\s*\n\s*\|\|/.test(new TextDecoder().decode(behind))) {
    mismatchedOperand(c, n, type);
    return;
  }
  coerce(c, n, T.bool);
}

function mismatchedOperand(c: Checker, n: Node, type: TypeId): void {
  c.error("E0301", n, `expected bool, found ${c.typeName(settleDefault(c, n, type))}`, { advice: ["a line that begins with || continues the one above: a closure that is a block's value stands behind return, or in parentheses"] });
}

/** `op operand`. */
export function checkUnary(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types, program } = c;
  const operand = ast.operand(n);
  switch (ast.unaryOperator(n)) {
    case UnaryOperator.Negate: {
      if (isNegativeLiteral(c, n)) return checkNegativeLiteral(c, n, expected);
      const type = check(c, operand, expected);
      if (isLiteralType(type) || type === T.error || type === T.never) return type;
      const base = throughReferences(c, type);
      if (isIntegerType(base) && !isSignedType(base)) {
        return c.error("E0359", n, `- does not apply to ${c.typeName(base)}`, { advice: ["convert it with as, or write 0 -% x if wrapping is meant"] });
      }
      if (!isIntegerType(base) && !isFloatType(base)) {
        const result = operatorMethod(c, n, base, Names.Neg, Names.neg, []);
        if (result === undefined) return c.error("E0305", n, `- does not apply to ${c.typeName(type)}`, { advice: types.kindOf(base) === TypeKind.TypeParameter ? [`bound it: ${c.typeName(base)}: Neg`] : c.definitionBehind(base) === undefined ? [] : [`write: impl Neg for ${c.typeName(base)}`] });
        passByValue(c, operand, base);
        return result;
      }
      if (base !== type) program.setWanted(operand, base);
      const known = knownInteger(c, operand);
      if (known !== undefined && isIntegerType(base) && !fits(-BigInt(known), base)) c.error("E0605", n, `-(${known}) overflows ${c.typeName(base)}`);
      return base;
    }
    case UnaryOperator.Not: {
      const type = settleDefault(c, operand, check(c, operand, T.bool));
      if (type === T.error || type === T.never) return T.bool;
      const base = throughReferences(c, type);
      if (base !== T.bool) return c.error("E0305", n, `! does not apply to ${c.typeName(type)}`, { advice: isIntegerType(base) ? ["~x turns all bits round; x == 0 compares"] : [] });
      if (base !== type) program.setWanted(operand, base);
      return T.bool;
    }
    case UnaryOperator.Complement: {
      const type = check(c, operand, expected);
      if (type === T["integer literal"] || type === T.error || type === T.never) return type;
      const base = throughReferences(c, type);
      if (!isIntegerType(base)) {
        settleDefault(c, operand, type);
        return c.error("E0305", n, `~ does not apply to ${c.typeName(type)}`, { advice: base === T.bool ? ["write !x"] : [] });
      }
      if (base !== type) program.setWanted(operand, base);
      return base;
    }
    case UnaryOperator.Dereference: {
      const type = infer(c, operand);
      if (type === T.error || type === T.never) return T.error;
      const kind = types.kindOf(type);
      if (kind !== TypeKind.Pointer && kind !== TypeKind.Reference) {
        const target = derefTarget(c, type);
        if (target === 0) return c.error("E0321", n, `* does not apply to ${c.typeName(type)}`, { advice: adviceOnStar(c, n, type) });
        if (isPlace(c, operand)) markAddressTaken(c, operand);
        return target;
      }
      if (kind === TypeKind.Pointer && isKnownNil(c, operand)) c.error("E0608", n, "this pointer is nil");
      return types.inner(type);
    }
    default:
      return checkBorrow(c, n, expected, ast.unaryOperator(n) === UnaryOperator.BorrowMutable);
  }
}

/** `&x` and `&mut x`. `forElements`: only the elements are borrowed, as by a for, so that a []mut need not be a var. */
export function checkBorrow(c: Checker, n: Node, expected: TypeId, mutable: boolean, forElements = false): TypeId {
  const { ast, types, program } = c;
  let operand = ast.operand(n);
  let wanted = expected;
  while (types.kindOf(wanted) === TypeKind.Optional) wanted = types.inner(wanted);
  const kind = types.kindOf(wanted);
  operand = ast.withoutParentheses(operand);
  if (ast.kind[operand] === Kind.Index && isRangeIndex(c, operand)) {
    // &xs[a..b] and &mut xs[a..b] are the slice itself.
    const type = checkSlice(c, operand, mutable);
    program.setType(operand, type);
    for (let at = ast.operand(n); at !== operand; at = ast.operand(at)) program.setType(at, type);
    // Where a reference to a slice or text is wanted, it is one: map.get(&text[a..b]).
    return kind === TypeKind.Reference && !mutable && type === types.inner(wanted) ? types.reference(type, false) : type;
  }
  operand = ast.operand(n);
  let hint: TypeId = 0 as TypeId;
  if (kind === TypeKind.Reference || kind === TypeKind.Pointer) hint = types.inner(wanted);
  else if (kind === TypeKind.Slice) hint = wanted;
  let type = check(c, operand, hint);
  // The hint guides literals only: `&5` where a &u8 is wanted.
  if (isLiteralType(type)) type = settleDefault(c, operand, type);
  // A closure behind &mut serves as a mut func where it is made.
  if (types.kindOf(hint) === TypeKind.Function && types.isMutable(hint) && types.kindOf(type) === TypeKind.Function && !isPlace(c, operand)) {
    type = coerce(c, operand, types.function(types.items(type), types.inner(type), TypeFlag.mutable));
  }
  if (type === T.error || type === T.never) return T.error;
  if (type === T.void) return reportNoValue(c, operand, "this has no value to borrow");
  if (isPlace(c, operand)) {
    if (mutable && forElements && types.kindOf(throughReferences(c, type)) === TypeKind.Slice) {
      if (!types.isMutable(throughReferences(c, type))) return c.error("E0322", n, "the elements of a [] cannot change", { advice: ["take a []mut"] });
      if (c.closure !== undefined) noteChange(c, operand);
    } else if (mutable) {
      const why = immutability(c, operand);
      if (why !== undefined) {
        const isOne = types.kindOf(type) === TypeKind.Reference && types.isMutable(type);
        return c.error("E0322", n, `&mut of something immutable: ${why.message}`, { labels: why.labels, advice: isOne ? ["it is a &mut already: leave out the &mut before it"] : why.advice });
      }
      markAssigned(c, operand);
    }
    markAddressTaken(c, operand);
    if (isGlobalPlace(c, operand)) return types.pointer(type);
  }
  return types.reference(type, mutable);
}

/** What was perhaps meant by a `*` before a value that is no reference. */
function adviceOnStar(c: Checker, n: Node, type: TypeId): string[] {
  const before = c.sources.lineBefore(c.ast.start[n] as number);
  if (before.endsWith("*") && isNumber(type)) return ["there is no operator for powers: write x.pow(n) for integers, math.pow(x, y) of std/math for floats"];
  if (before.trim() === "" && isNumber(type)) return ["a line that begins with * is a statement of its own: put the * at the end of the line above"];
  return c.ast.kind[c.ast.operand(n)] === Kind.Name ? [`it is the value itself: write ${c.nameText(c.ast.name(c.ast.operand(n)))}`] : [];
}

/** `map[key] ?? 0`: the index gives the value itself. */
function adviceIndexed(c: Checker, n: Node): string[] {
  const isOverloaded = c.ast.kind[n] === Kind.Index && meaningKind(c.program.meaningOf(n)) === MeaningKind.Definition;
  return isOverloaded ? ["an index panics for what is not there; get gives an optional: m.get(&key) ?? …"] : [];
}
