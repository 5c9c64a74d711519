/**
 * Expressions: the type of each from what is inside it and from what its place wants.
 *
 * `check(c, n, expected)` gives `n` its type; `expected` (0: nothing) is what the place wants and guides literals, variants and branches, but
 * only `checkAs` makes sure that the value fits. An expression of literals only may come back with a literal's type; whoever asked settles it.
 */

import { Flag, Kind, UnaryOperator, kinds, type Node } from "../syntax/ast.ts";
import type { Label } from "../source/diagnostics.ts";
import { Names } from "../source/interner.ts";
import { checkArray, checkRepeat, checkTuple } from "./aggregates.ts";
import { checkStructLiteral } from "./structLiterals.ts";
import { checkCall, checkPipe } from "./calls.ts";
import { checkClosure } from "./closures.ts";
import { coerce, literalTarget, widens as widensTo } from "./convert.ts";
import { checkBlock } from "./blocks.ts";
import { checkIf, checkLoop, checkMatch, checkWhile } from "./control.ts";
import { checkFor } from "./loops.ts";
import { checkFormatString } from "./format.ts";
import { checkIntrinsic } from "./intrinsics.ts";
import { checkBreak, checkContinue, checkReturn, checkTry, checkUnwrap } from "./jumps.ts";
import { checkField, checkIndex, checkTupleField } from "./members.ts";
import { checkName, checkVariantName } from "./nameExpressions.ts";
import { checkBinary, checkUnary } from "./operators.ts";
import { checkAssign } from "./assignments.ts";
import { checkCast } from "./casts.ts";
import type { Checker } from "./context.ts";
import { defaultType, fit, fitFloat, settleDefault } from "./settle.ts";
import { resolveType } from "./typeNodes.ts";
import { T, TypeKind, isFloatType, isIntegerType, type TypeId } from "./types.ts";
import { resolved } from "./unknowns.ts";

/** Checks `n` where a `wanted` must stand, converting it; `cause` shows why. Gives `wanted`, or `error`. */
export function checkAs(c: Checker, n: Node, wanted: TypeId, cause?: Label): TypeId {
  const found = check(c, n, wanted);
  if (found === wanted) return wanted;
  return coerce(c, n, wanted, cause);
}

/** Checks `n` by itself: literals take their default type. */
export function infer(c: Checker, n: Node): TypeId {
  return settleDefault(c, n, check(c, n, 0 as TypeId));
}

/** Checks `n` where a value of type `expected` is wanted (0: nothing is known), and gives its own type, which may be that of a literal. It is not converted. */
export function check(c: Checker, n: Node, expected: TypeId): TypeId {
  if (c.learning) return checkLearning(c, n, expected);
  const type = (checkers[c.ast.kind[n] as number] as Check)(c, n, expected);
  c.program.setType(n, type);
  if (type === never) c.diverges = true;
  return type;
}

/** As `check` in a pass that learns: types are as known as they are by now, and a type of which nothing is known is none to wait for. */
function checkLearning(c: Checker, n: Node, expected: TypeId): TypeId {
  const wanted = resolved(c, expected);
  const isOpen = c.types.kindOf(wanted) === TypeKind.Variable;
  const type = resolved(c, (checkers[c.ast.kind[n] as number] as Check)(c, n, isOpen ? (0 as TypeId) : wanted));
  c.program.setType(n, type);
  if (type === never) c.diverges = true;
  return type;
}

const never = T.never;

type Check = (c: Checker, n: Node, expected: TypeId) => TypeId;

/** What checks each kind of expression. A table instead of a switch: code that runs cold pays for every case that it passes. */
const rows: Readonly<Record<number, Check>> = {
  [Kind.Name]: checkName,
  [Kind.Integer]: checkInteger,
  [Kind.Float]: checkFloat,
  [Kind.Bool]: () => T.bool,
  [Kind.Char]: () => T.char,
  [Kind.Byte]: () => T.u8,
  [Kind.String]: () => T.str,
  [Kind.Nil]: checkNil,
  [Kind.FormatString]: checkFormatString,
  [Kind.VariantName]: checkVariantName,
  [Kind.Field]: checkField,
  [Kind.TupleField]: checkTupleField,
  [Kind.Index]: checkIndex,
  [Kind.Call]: checkCall,
  [Kind.Intrinsic]: checkIntrinsic,
  [Kind.Unary]: checkUnary,
  [Kind.Binary]: checkBinary,
  [Kind.Cast]: checkCast,
  [Kind.Range]: checkRangeValue,
  [Kind.Try]: checkTry,
  [Kind.Unwrap]: checkUnwrap,
  [Kind.Pipe]: checkPipe,
  [Kind.StructLiteral]: checkStructLiteral,
  [Kind.Array]: checkArray,
  [Kind.ArrayRepeat]: checkRepeat,
  [Kind.Tuple]: checkTuple,
  [Kind.Paren]: (c, n, expected) => check(c, c.ast.operand(n), expected),
  [Kind.Block]: checkBlock,
  [Kind.If]: checkIf,
  [Kind.Match]: checkMatch,
  [Kind.Loop]: checkLoop,
  [Kind.While]: checkWhile,
  [Kind.For]: checkFor,
  [Kind.Closure]: checkClosure,
  [Kind.Return]: checkReturn,
  [Kind.Break]: checkBreak,
  [Kind.Continue]: checkContinue,
  [Kind.Assign]: checkAssign,
  [Kind.LetCondition]: (c, n) => c.error("E0121", n, "let stands here only as a condition of if or while"),
  [Kind.Error]: () => T.error,
  [Kind.PointerType]: checkTypeValue,
  [Kind.ReferenceType]: checkTypeValue,
  [Kind.ArrayType]: checkTypeValue,
  [Kind.SliceType]: checkTypeValue,
  [Kind.OptionalType]: checkTypeValue,
  [Kind.TupleType]: checkTypeValue,
  [Kind.FunctionType]: checkTypeValue,
  [Kind.DynType]: checkTypeValue,
};

const missing: Check = (c, n) => {
  throw new Error(`check/expressions.missing: a ${c.ast.kindName(n)} is no expression`);
};
const checkers: readonly Check[] = Object.assign(new Array<Check>(kinds.length).fill(missing), rows);

/** A type that stands where a value is needed. */
function checkTypeValue(c: Checker, n: Node): TypeId {
  const type = resolveType(c, n);
  return type === T.error ? T.error : c.error("E0217", n, `${c.typeName(type)} is a type, not a value`);
}

function checkInteger(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast } = c;
  const suffix = ast.suffix(n);
  if (suffix === 0) {
    if (expected === 0) return T["integer literal"];
    const target = literalTarget(c, expected, T["integer literal"]);
    if (isIntegerType(target)) fit(c, n, ast.integers[ast.literal(n)] as number | bigint, target);
    else fitFloat(c, n, target);
    return target;
  }
  const type = suffixType(suffix);
  if (isIntegerType(type)) fit(c, n, ast.integers[ast.literal(n)] as number | bigint, type);
  return type;
}

/** The number type that a literal's suffix names: number types are NameIds in the order of the scalar types. */
function suffixType(suffix: number): TypeId {
  switch (suffix) {
    case Names.i8: return T.i8;
    case Names.i16: return T.i16;
    case Names.i32: return T.i32;
    case Names.i64: return T.i64;
    case Names.i128: return T.i128;
    case Names.isize: return T.isize;
    case Names.u8: return T.u8;
    case Names.u16: return T.u16;
    case Names.u32: return T.u32;
    case Names.u64: return T.u64;
    case Names.u128: return T.u128;
    case Names.usize: return T.usize;
    case Names.f32: return T.f32;
    case Names.f64: return T.f64;
    default: return T.error;
  }
}

function checkFloat(c: Checker, n: Node, expected: TypeId): TypeId {
  const suffix = c.ast.suffix(n);
  if (suffix === 0 && expected === 0) return T["float literal"];
  const type = suffix === 0 ? literalTarget(c, expected, T["float literal"]) : suffixType(suffix);
  fitFloat(c, n, type);
  return type;
}

/** A literal that is negated: its sign belongs to it. */
export function checkNegativeLiteral(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast } = c;
  const literal = ast.operand(n);
  const suffix = ast.suffix(literal);
  if (suffix === 0 && expected === 0) {
    c.program.setType(literal, T["integer literal"]);
    return T["integer literal"];
  }
  const type = suffix === 0 ? literalTarget(c, expected, T["integer literal"]) : suffixType(suffix);
  c.program.setType(literal, type);
  if (isIntegerType(type)) {
    const value = ast.integers[ast.literal(literal)] as number | bigint;
    fit(c, n, value === 0 ? 0 : -value, type);
  } else fitFloat(c, literal, type);
  return type;
}

/** `-` before an integer literal, which are one literal. */
export function isNegativeLiteral(c: Checker, n: Node): boolean {
  return c.ast.unaryOperator(n) === UnaryOperator.Negate && c.ast.kind[c.ast.operand(n)] === Kind.Integer;
}

function checkNil(c: Checker, n: Node, expected: TypeId): TypeId {
  const { types } = c;
  let at = expected;
  while (types.kindOf(at) === TypeKind.Optional) at = types.inner(at);
  if (types.kindOf(at) === TypeKind.Pointer) return at;
  if (at === T.error) return T.error;
  if (expected === 0) return c.error("E0307", n, "the type of this nil is not known", { advice: ["write the type: let p *T = nil"] });
  const advice = types.kindOf(expected) === TypeKind.Optional ? ["write None"] : types.kindOf(expected) === TypeKind.Result ? ["look whether it failed: if let Err(e) = …, or match"] : [`make it a ?${c.typeName(expected)} and write None`];
  return c.error("E0313", n, `nil is for raw pointers; here ${c.aType(expected)} is wanted`, { advice });
}

/** What to write for a range that goes on for ever. */
export const adviceOnEndless = "give it an end that is never reached: a..=i64.max_value()";

/** A range as a value of its own. */
function checkRangeValue(c: Checker, n: Node): TypeId {
  const { ast } = c;
  if (ast.left(n) === 0 || ast.right(n) === 0) return c.error("E0367", n, "a range with an open end stands only within [ ] and patterns", { advice: ast.left(n) === 0 ? [] : [adviceOnEndless] });
  const type = checkRange(c, n);
  if (type === T.error) return T.error;
  const definition = c.preludeDefinition(ast.has(n, Flag.inclusive) ? Names.RangeInclusive : Names.Range);
  return definition?.kind === "struct" ? c.types.struct(definition.id, [type]) : c.unsupported(n, "ranges as values are");
}

/**
 * The bounds of a range, which get one integer type (or char): that type is the Range node's, too. An end may be open. Gives the type.
 */
export function checkRange(c: Checker, n: Node): TypeId {
  const { ast } = c;
  const from = ast.left(n);
  const to = ast.right(n);
  let type: TypeId = T.i64;
  const fromType = from === 0 ? (0 as TypeId) : check(c, from, 0 as TypeId);
  const toType = to === 0 ? (0 as TypeId) : check(c, to, 0 as TypeId);
  const isLoose = (t: TypeId): boolean => t === 0 || t === T["integer literal"];
  if (isLoose(fromType) && isLoose(toType)) type = T.i64;
  else if (isLoose(fromType)) type = scalarBehind(c, toType);
  else if (isLoose(toType)) type = scalarBehind(c, fromType);
  else {
    const left = scalarBehind(c, fromType);
    const right = scalarBehind(c, toType);
    type = left === T.error ? right : right === T.error ? left : widest(left, right);
    if (type === 0) {
      c.program.setType(n, T.error);
      return c.error("E0305", n, `a range from ${c.typeName(left)} to ${c.typeName(right)}: neither becomes the other`);
    }
  }
  if (type !== T.error && !isIntegerType(type) && type !== T.char) {
    const at = from !== 0 && !isLoose(fromType) ? from : to;
    c.program.setType(n, T.error);
    return c.error("E0301", at, `the bounds of a range are integers, not ${c.typeName(type)}`);
  }
  if (type !== T.error) {
    if (from !== 0) coerce(c, from, type);
    if (to !== 0) coerce(c, to, type);
  }
  c.program.setType(n, type);
  return type;
}

function widest(left: TypeId, right: TypeId): TypeId {
  if (left === right) return left;
  if (isFloatType(left) || isFloatType(right)) return 0 as TypeId;
  return widensTo(left, right) ? right : widensTo(right, left) ? left : (0 as TypeId);
}

/** A literal's type becomes its default; a reference is looked through. */
function scalarBehind(c: Checker, type: TypeId): TypeId {
  if (type === T["integer literal"] || type === T["float literal"]) return defaultType(type);
  let at = type;
  while (c.types.kindOf(at) === TypeKind.Reference) at = c.types.inner(at);
  return at;
}



