/** Arrays and tuples (struct literals are in structLiterals.ts). */

import type { Label } from "../source/diagnostics.ts";
import { Names } from "../source/interner.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { constantLength } from "./constants.ts";
import type { Checker } from "./context.ts";
import { coerce, isNumber, literalTarget } from "./convert.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { isLiteralType, settle, settleDefault } from "./settle.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { leaveOpen, toldType } from "./unknowns.ts";

/** What the elements of an array are wanted as: where an array, a slice, or a borrow of them is expected. */
function elementHint(c: Checker, expected: TypeId): TypeId {
  const { types } = c;
  let at = expected;
  while (types.kindOf(at) === TypeKind.Optional) at = types.inner(at);
  const kind = types.kindOf(at);
  if (kind === TypeKind.Array || kind === TypeKind.Slice) return types.inner(at);
  // An array is no list, but that is the one mistake to be told of.
  const owner = kind === TypeKind.Struct ? c.definitionBehind(at) : undefined;
  return owner !== undefined && owner.name === Names.List && c.unitOfFile[owner.file] === c.prelude ? types.listItem(at, 0) : (0 as TypeId);
}

/** `[a, b, c]` */
export function checkArray(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types } = c;
  const elements = ast.elements(n);
  const length = ast.length(elements);
  const hint = elementHint(c, expected);
  let wantedArray = expected;
  while (types.kindOf(wantedArray) === TypeKind.Optional) wantedArray = types.inner(wantedArray);
  let element: TypeId = hint;
  if (hint !== 0) {
    const { start } = c.span(n);
    const cause = length > 1 ? { start, end: start + 1, text: "in this array" } : undefined;
    for (let i = 0; i < length; i++) checkAs(c, ast.item(elements, i), hint, cause);
  } else {
    element = elementsOfOneType(c, n, elements, length);
  }
  if (element === T.error) return T.error;
  if (element === 0) {
    const told = toldType(c, n);
    const open = told !== 0 ? told : expected === T.error ? undefined : leaveOpen(c, n, [0 as TypeId])?.[0];
    if (open !== undefined) return types.array(open, 0);
    return expected === T.error ? T.error : c.error("E0307", n, "the type of this empty array is not known", { advice: ["write the type: let xs [0]T = []"] });
  }
  if (types.kindOf(wantedArray) === TypeKind.Array && types.arrayLength(wantedArray) !== length) {
    // Where the parser stopped at a mistake, the elements behind it are not there.
    return c.hasSyntaxError(n) ? T.error : c.error("E0335", n, `expected ${types.arrayLength(wantedArray)} elements, found ${length}`);
  }
  return types.array(element, length);
}

/** An expression that has no type without one being wanted. */
function isLoose(c: Checker, n: Node): boolean {
  const kind = c.ast.kind[n];
  return kind === Kind.VariantName || kind === Kind.Nil || (kind === Kind.Name && c.ast.name(n) === Names.None);
}

/** The elements' type where none is expected: the first that is no literal, which the others convert to. All of another type are one mistake: they show the same element. */
function elementsOfOneType(c: Checker, n: Node, elements: ReturnType<Checker["ast"]["elements"]>, length: number): TypeId {
  const { ast } = c;
  let element: TypeId = 0 as TypeId;
  let literal: TypeId = 0 as TypeId;
  let waiting = false;
  let decisive = 0;
  for (let i = 0; i < length; i++) {
    const item = ast.item(elements, i);
    // `None` and `.Variant` take their type from the others.
    if (element === 0 && isLoose(c, item)) {
      waiting = true;
      continue;
    }
    const type = check(c, item, element);
    if (isLiteralType(type)) {
      if (literal === T["float literal"] || literal === type) continue;
      literal = type;
      if (element === 0) decisive = i;
    } else if (element === 0 && type !== T.never) {
      // A literal before it decides, unless this is a number that the literal can be.
      const isType = literal === 0 || isNumber(throughReferences(c, type)) || type === T.error;
      if (isType) decisive = i;
      element = isType ? type : literal === T["float literal"] ? T.f64 : T.i64;
    }
  }
  if (element === 0) {
    if (literal === 0) {
      for (let i = 0; i < length; i++) check(c, ast.item(elements, i), 0 as TypeId);
      return length === 0 ? (0 as TypeId) : T.error;
    }
    element = literal === T["float literal"] ? T.f64 : T.i64;
  }
  if (element === T.void) return c.error("E0334", n, "the elements of an array need values");
  if (waiting) for (let i = 0; i < length; i++) if (c.program.typeOf(ast.item(elements, i)) === 0) check(c, ast.item(elements, i), element);
  let cause: Label | undefined;
  for (let i = 0; i < length; i++) {
    const item = ast.item(elements, i);
    const type = c.program.typeOf(item);
    if (isLiteralType(type)) settle(c, item, literalTarget(c, element, type));
    if (type !== element) coerce(c, item, element, (cause ??= c.label(ast.item(elements, decisive), "the elements are of the type of this one")));
  }
  return element;
}

/** `[value; count]` */
export function checkRepeat(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types } = c;
  const hint = elementHint(c, expected);
  const value = ast.operand(n);
  let element: TypeId;
  if (hint !== 0) element = checkAs(c, value, hint);
  else element = infer(c, value);
  if (element === T.void) element = c.error("E0334", value, "the elements of an array need values");
  const length = constantLength(c, ast.repeatCount(n));
  if (length === undefined || element === T.error) return T.error;
  let wantedArray = expected;
  while (types.kindOf(wantedArray) === TypeKind.Optional) wantedArray = types.inner(wantedArray);
  if (types.kindOf(wantedArray) === TypeKind.Array && types.arrayLength(wantedArray) !== length) {
    return c.error("E0335", n, `expected ${types.arrayLength(wantedArray)} elements, found ${length}`);
  }
  return types.array(element, length);
}

/** `(a, b)`; `()` is the void value. */
export function checkTuple(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types } = c;
  const elements = ast.elements(n);
  const length = ast.length(elements);
  if (length === 0) return T.void;
  let wanted = expected;
  while (types.kindOf(wanted) === TypeKind.Optional) wanted = types.inner(wanted);
  const fits = types.kindOf(wanted) === TypeKind.Tuple && types.listLength(wanted) === length;
  const parts: TypeId[] = [];
  let broken = false;
  for (let i = 0; i < length; i++) {
    const item = ast.item(elements, i);
    const part = fits ? types.listItem(wanted, i) : (0 as TypeId);
    let type: TypeId;
    if (fits && !types.hasHole(part)) {
      type = checkAs(c, item, part);
    } else {
      type = settleDefault(c, item, check(c, item, types.kindOf(part) === TypeKind.Variable ? (0 as TypeId) : part));
      if (type === T.void && ast.kind[item] !== Kind.Tuple) type = c.error("E0334", item, "a part of a tuple needs a value, and this has none");
    }
    broken ||= type === T.error;
    parts.push(type);
  }
  return broken ? T.error : types.tuple(parts);
}
