/** Which side of a comparison is understood first: literals and names without a type of their own take it from the other side. */

import { Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { ensureValueType } from "./constants.ts";
import type { Checker } from "./context.ts";
import { check } from "./expressions.ts";
import { findDeclared, findLocal } from "./names.ts";
import { isCapital } from "./needsType.ts";
import { settleDefault } from "./settle.ts";
import { throughReferences } from "./traits.ts";
import { T, type TypeId } from "./types.ts";

/** How much an expression leaves open. */
const Openness = { none: 0, numbers: 1, type: 2 } as const;

/** The expression may not be understood without knowing what it is compared with. */
export function needsHint(c: Checker, n: Node): boolean {
  const { ast } = c;
  const at = ast.withoutParentheses(n);
  switch (ast.kind[at]) {
    case Kind.VariantName:
    case Kind.Nil:
    case Kind.Array:
    case Kind.ArrayRepeat:
    case Kind.Tuple:
    case Kind.StructLiteral:
      return true;
    case Kind.Unary:
      return isBorrow(c, at) && (isNumber(c, ast.operand(at)) || needsHint(c, ast.operand(at)));
    case Kind.Name: {
      const name = ast.name(at);
      return name === Names.None || isCapital(c, name);
    }
    case Kind.Call: {
      if (isListOfLiteral(c, at)) return true;
      const callee = ast.callee(at);
      return ast.kind[callee] === Kind.VariantName || (ast.kind[callee] === Kind.Name && isCapital(c, ast.name(callee)));
    }
    default:
      return false;
  }
}

/** Checks the left side of a comparison for which `needsHint` holds. If the right side had to be understood first, `c.rightChecked` tells so. */
export function checkLeftByRight(c: Checker, left: Node, right: Node): TypeId {
  const open = openness(c, left);
  if (open === Openness.none) return check(c, left, 0 as TypeId);
  // Numbers stand on both sides, as in (a, 1) == (2, b).
  if (open === Openness.numbers && openness(c, right) !== Openness.none) return check(c, left, outline(c, right));
  const type = check(c, right, 0 as TypeId);
  c.rightChecked = right;
  return check(c, left, asBorrow(c, left, throughReferences(c, settleDefault(c, right, type))));
}

/** Checks the right side of a comparison. `hint`: the left side's type, 0 if that is a literal's. */
export function checkRightByLeft(c: Checker, right: Node, hint: TypeId): TypeId {
  return check(c, right, hint !== 0 && needsHint(c, right) ? asBorrow(c, right, hint) : (0 as TypeId));
}

/** What `n` is wanted as where a value of type `type` stands on the other side: &5 beside a &u64, or a u64. */
export function asBorrow(c: Checker, n: Node, type: TypeId): TypeId {
  const at = c.ast.withoutParentheses(n);
  return type !== 0 && c.ast.kind[at] === Kind.Unary && isBorrow(c, at) ? asBorrow(c, c.ast.operand(at), c.types.reference(type, c.ast.unaryOperator(at) === UnaryOperator.BorrowMutable)) : type;
}

function isBorrow(c: Checker, n: Node): boolean {
  const operator = c.ast.unaryOperator(n);
  return operator === UnaryOperator.Borrow || operator === UnaryOperator.BorrowMutable;
}

/** A number without a suffix, perhaps with a minus. */
function isNumber(c: Checker, n: Node): boolean {
  const { ast } = c;
  const at = ast.withoutParentheses(n);
  const kind = ast.kind[at];
  if (kind === Kind.Unary) return ast.unaryOperator(at) === UnaryOperator.Negate && isNumber(c, ast.operand(at));
  return (kind === Kind.Integer || kind === Kind.Float) && ast.b[at] === 0;
}

/** `[1, 2].to_list()` */
function isListOfLiteral(c: Checker, n: Node): boolean {
  const { ast } = c;
  const callee = ast.callee(n);
  return ast.kind[callee] === Kind.Field && ast.b[callee] === Names.to_list && ast.kind[ast.operand(callee)] === Kind.Array;
}

function openness(c: Checker, n: Node): number {
  const { ast } = c;
  const at = ast.withoutParentheses(n);
  switch (ast.kind[at]) {
    case Kind.Integer:
    case Kind.Float:
      return ast.b[at] === 0 ? Openness.numbers : Openness.none;
    case Kind.Unary:
      return isBorrow(c, at) || ast.unaryOperator(at) === UnaryOperator.Negate ? openness(c, ast.operand(at)) : Openness.none;
    case Kind.Tuple: {
      let most: number = Openness.none;
      for (let i = 0; i < ast.length(ast.elements(at)); i++) most = Math.max(most, openness(c, ast.item(ast.elements(at), i)));
      return most;
    }
    case Kind.Array: {
      // The elements have one type, which any of them tells.
      let least: number = Openness.type;
      for (let i = 0; i < ast.length(ast.elements(at)); i++) least = Math.min(least, openness(c, ast.item(ast.elements(at), i)));
      return least;
    }
    case Kind.ArrayRepeat:
      return openness(c, ast.operand(at));
    case Kind.Name:
      return !needsHint(c, at) || typeOfName(c, at) !== 0 ? Openness.none : Openness.type;
    case Kind.Call:
      if (isSome(c, at)) return openness(c, ast.item(ast.arguments(at), 0));
      if (isListOfLiteral(c, at)) return openness(c, ast.operand(ast.callee(at)));
      return needsHint(c, at) ? Openness.type : Openness.none;
    default:
      return needsHint(c, at) ? Openness.type : Openness.none;
  }
}

function isSome(c: Checker, n: Node): boolean {
  const { ast } = c;
  const callee = ast.callee(n);
  return ast.kind[callee] === Kind.Name && ast.name(callee) === Names.Some && ast.length(ast.arguments(n)) === 1;
}

/** The type of a variable, constant or global; 0 for other names. */
function typeOfName(c: Checker, n: Node): TypeId {
  const name = c.ast.name(n);
  const binding = findLocal(c, name);
  if (binding > 0) return c.program.localType(c.scopes.local(binding));
  const definition = findDeclared(c, name, n);
  return definition?.kind === "const" || definition?.kind === "global" ? ensureValueType(c, definition) : (0 as TypeId);
}

/** The type of an expression as far as its names tell it, with holes for the rest. */
function outline(c: Checker, n: Node): TypeId {
  const { ast, types } = c;
  const at = ast.withoutParentheses(n);
  const kind = ast.kind[at];
  if (kind === Kind.Name) {
    const type = throughReferences(c, typeOfName(c, at));
    if (type !== 0 && type !== T.error) return type;
  }
  if (kind === Kind.Tuple && ast.length(ast.elements(at)) > 0) {
    const parts: TypeId[] = [];
    for (let i = 0; i < ast.length(ast.elements(at)); i++) parts.push(outline(c, ast.item(ast.elements(at), i)));
    return types.tuple(parts);
  }
  if (kind === Kind.Unary && isBorrow(c, at)) return types.reference(outline(c, ast.operand(at)), ast.unaryOperator(at) === UnaryOperator.BorrowMutable);
  if (kind === Kind.Call && isSome(c, at)) return types.optional(outline(c, ast.item(ast.arguments(at), 0)));
  return types.variable(0);
}
