/** Which expressions do something, so that they may stand as statements. */

import { BinaryOperator, Kind, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";

/** False for what only computes a value. */
export function hasEffect(c: Checker, n: Node): boolean {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.Paren:
      return hasEffect(c, ast.operand(n));
    case Kind.Binary: {
      // `ready && start()` does something.
      const operator = ast.operator(n);
      return operator >= BinaryOperator.LogicalAnd && hasEffect(c, ast.right(n));
    }
    case Kind.Cast:
      return hasEffect(c, ast.operand(n));
    case Kind.Integer:
    case Kind.Float:
    case Kind.Bool:
    case Kind.Nil:
    case Kind.Char:
    case Kind.Byte:
    case Kind.String:
    case Kind.FormatString:
    case Kind.Name:
    case Kind.VariantName:
    case Kind.Field:
    case Kind.TupleField:
    case Kind.Index:
    case Kind.Unary:
    case Kind.Range:
    case Kind.StructLiteral:
    case Kind.Array:
    case Kind.ArrayRepeat:
    case Kind.Tuple:
    case Kind.Closure:
      return false;
    default:
      return true;
  }
}

/** A Result that may be dropped without a word. */
export function dropsSilently(c: Checker, n: Node): boolean {
  const kind = c.ast.kind[n];
  return kind === Kind.Assign || kind === Kind.Loop;
}
