/** Gives literals the type that their context asks for. Until then an expression made of literals only has a literal's type. */

import { Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { singleOfInteger } from "../syntax/singles.ts";
import { fits, knownBinary, knownInteger, range, type Known } from "./arithmetic.ts";
import type { Checker } from "./context.ts";
import { T, isFloatType, isIntegerType, isSignedType, type TypeId } from "./types.ts";

/** The type of an expression of literals only, which its context has not settled yet. */
export function isLiteralType(type: TypeId): boolean {
  return type === T["integer literal"] || type === T["float literal"];
}

/** The type that a literal has where nothing says otherwise. */
export function defaultType(literal: TypeId): TypeId {
  return literal === T["integer literal"] ? T.i64 : T.f64;
}

/** Settles a literal's type on the default; gives the type that `n` then has. */
export function settleDefault(c: Checker, n: Node, type: TypeId): TypeId {
  if (!isLiteralType(type)) return type;
  const target = defaultType(type);
  settle(c, n, target);
  return target;
}

/**
 * Gives the expression `n`, if its type is a literal's, the number type `type`, and all literals in it. Values that do not fit are reported,
 * and arithmetic that certainly overflows.
 */
export function settle(c: Checker, n: Node, type: TypeId): void {
  const { ast, program } = c;
  const before = program.typeOf(n);
  if (before !== T["integer literal"] && before !== T["float literal"]) return;
  program.setType(n, type);
  switch (ast.kind[n]) {
    case Kind.Integer:
      if (isIntegerType(type)) fit(c, n, ast.integers[ast.literal(n)] as number | bigint, type);
      else fitFloat(c, n, type);
      return;
    case Kind.Float:
      fitFloat(c, n, type);
      return;
    case Kind.Paren:
      settle(c, ast.operand(n), type);
      return;
    case Kind.Unary: {
      const operand = ast.operand(n);
      const negate = ast.unaryOperator(n) === UnaryOperator.Negate;
      if (negate && ast.kind[operand] === Kind.Integer) {
        program.setType(operand, type);
        const value = ast.integers[ast.literal(operand)] as number | bigint;
        if (isIntegerType(type)) fit(c, n, value === 0 ? 0 : -value, type);
        else fitFloat(c, operand, type);
        return;
      }
      if (negate && isIntegerType(type) && !isSignedType(type)) {
        c.error("E0359", n, `- does not apply to ${c.typeName(type)}`, { advice: ["0 -% x wraps"] });
        return;
      }
      settle(c, operand, type);
      return;
    }
    case Kind.Binary:
      settleSpine(c, n, type);
      return;
    case Kind.Block:
      settle(c, ast.result(n), type);
      return;
    case Kind.If:
      settle(c, ast.thenBlock(n), type);
      for (let at = ast.elseBlock(n); at !== 0; at = ast.elseBlock(at)) {
        if (ast.kind[at] !== Kind.If) {
          settle(c, at, type);
          return;
        }
        if (program.typeOf(at) === before) program.setType(at, type);
        settle(c, ast.thenBlock(at), type);
      }
      return;
    case Kind.Match: {
      const arms = ast.arms(n);
      for (let i = 0; i < ast.length(arms); i++) {
        settle(c, ast.armBody(ast.item(arms, i)), type);
        if (program.typeOf(ast.item(arms, i)) === before) program.setType(ast.item(arms, i), type);
      }
      return;
    }
    default:
      return;
  }
}

/** Operators on literals; the left spine may be long: down first, then up. */
function settleSpine(c: Checker, n: Node, type: TypeId): void {
  const { ast, program } = c;
  let depth = 0;
  let bottom = n;
  while (ast.kind[bottom] === Kind.Binary) {
    program.setType(bottom, type);
    bottom = ast.left(bottom);
    depth++;
  }
  settle(c, bottom, type);
  const spine = new Int32Array(depth);
  for (let at = n, i = depth - 1; i >= 0; i--, at = ast.left(at)) spine[i] = at;
  let value: Known = knownInteger(c, bottom);
  for (let i = 0; i < depth; i++) {
    const node = spine[i] as Node;
    const right = ast.right(node);
    settle(c, right, type);
    value = knownBinary(c, node, ast.operator(node), value, knownInteger(c, right), type);
  }
}

/** Reports a literal that is rounded to infinity. */
export function fitFloat(c: Checker, n: Node, type: TypeId): void {
  if (!isFloatType(type)) return;
  const { ast } = c;
  const value = ast.kind[n] === Kind.Float ? ast.floatOf(n, type === T.f32) : type === T.f32 ? singleOfInteger(ast.integers[ast.literal(n)] as number | bigint) : 0;
  if (value !== Infinity) return;
  c.error("E0308", n, `this literal does not fit ${c.typeName(type)}`, { advice: [`the greatest ${c.typeName(type)} is ${type === T.f32 ? "3.4028235e38" : "1.7976931348623157e308"}; 1.0 / 0.0 is infinite`] });
}

/** Reports an integer literal outside its type's range. */
export function fit(c: Checker, n: Node, value: number | bigint, type: TypeId): void {
  if (fits(value, type)) return;
  const { least, most } = range(type);
  c.error("E0308", n, `${value} does not fit ${c.typeName(type)}`, { advice: [`${c.typeName(type)} goes from ${least} to ${most}`] });
}
