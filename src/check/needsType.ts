/** Which expressions take a type that is wanted of them, told by their form alone: before anything of them is checked. */

import { Kind, UnaryOperator, type NameId, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { columnAt, type Checker } from "./context.ts";

/** Without a type these mean nothing: closures whose parameters have none, None, .Variant, nil, []. */
export function needsType(c: Checker, n: Node): boolean {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.VariantName:
    case Kind.Nil:
    case Kind.Closure:
      return true;
    case Kind.Paren:
      return needsType(c, ast.operand(n));
    case Kind.Unary: {
      const isBorrow = ast.unaryOperator(n) === UnaryOperator.Borrow || ast.unaryOperator(n) === UnaryOperator.BorrowMutable;
      return isBorrow && ast.kind[ast.operand(n)] === Kind.Closure;
    }
    case Kind.Name:
      return isCapital(c, ast.name(n)) && !hasOwnType(c, ast.name(n));
    case Kind.Field:
      return ast.kind[ast.operand(n)] === Kind.Name && isCapital(c, ast.name(ast.operand(n))) && isCapital(c, ast.fieldName(n));
    case Kind.Array:
      return ast.length(ast.elements(n)) === 0;
    case Kind.Call: {
      const callee = ast.callee(n);
      if (ast.kind[callee] === Kind.VariantName || (ast.kind[callee] === Kind.Name && (ast.name(callee) === Names.Ok || ast.name(callee) === Names.Err))) return true;
      // Type.new(), Type.new(None): what it is of is told from outside.
      const list = ast.arguments(n);
      const isStatic = ast.kind[callee] === Kind.Field && ast.kind[ast.operand(callee)] === Kind.Name && isCapital(c, ast.name(ast.operand(callee))) && !hasOwnType(c, ast.name(ast.operand(callee)));
      if (!isStatic && !(ast.kind[callee] === Kind.Name && isCapital(c, ast.name(callee)))) return false;
      for (let i = 0; i < ast.length(list); i++) if (!needsType(c, ast.item(list, i))) return false;
      return true;
    }
    default:
      return false;
  }
}

/** Whether an expression takes a type that is expected of it: it needs one, or has literals in a tuple or an array. */
export function takesType(c: Checker, n: Node): boolean {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.Paren:
      return takesType(c, ast.operand(n));
    case Kind.Tuple:
    case Kind.Array: {
      const items = ast.elements(n);
      for (let i = 0; i < ast.length(items); i++) if (isBareLiteral(c, ast.item(items, i)) || takesType(c, ast.item(items, i))) return true;
      return needsType(c, n);
    }
    default:
      return needsType(c, n);
  }
}

/** A number without a suffix, perhaps with a minus. */
function isBareLiteral(c: Checker, n: Node): boolean {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.Integer:
    case Kind.Float:
      return ast.suffix(n) === 0;
    case Kind.Unary:
      return ast.unaryOperator(n) === UnaryOperator.Negate && isBareLiteral(c, ast.operand(n));
    case Kind.Paren:
      return isBareLiteral(c, ast.operand(n));
    default:
      return false;
  }
}

/** The module's own constant, global or type without parameters: what is made of it is told by nothing from outside. */
function hasOwnType(c: Checker, name: NameId): boolean {
  const id = columnAt(c.unit.names, name);
  if (id === 0) return false;
  const definition = c.definition(id);
  return definition.kind === "const" || definition.kind === "global" || ((definition.kind === "struct" || definition.kind === "enum") && definition.typeParameters.length === 0);
}

/** Whether a name is written as those of types, variants and constants are. */
export function isCapital(c: Checker, name: NameId): boolean {
  const first = c.names.firstByte(name);
  return first >= 65 && first <= 90;
}
