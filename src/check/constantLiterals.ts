/** Which literals live for ever where they are borrowed: ownership and irgen go by the same rule. */

import { Kind, UnaryOperator, type Ast, type Node } from "../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind, type CheckedProgram } from "./checkedProgram.ts";
import type { DefinitionId } from "./definitions.ts";

/** What is known of expressions: of the program as checked, or of one instance of its functions. */
export type Facts = Pick<CheckedProgram, "wantedOf" | "typeOf" | "meaningOf" | "definition">;

/** A literal, or an aggregate of literals and constants, whatever is wanted of the whole. */
export function isConstantLiteral(ast: Ast, program: Facts, n: Node): boolean {
  const list = (items: ReturnType<Ast["elements"]>, of: (item: Node) => Node): boolean => {
    for (let i = 0; i < ast.length(items); i++) if (!isPart(ast, program, of(ast.item(items, i)))) return false;
    return true;
  };
  switch (ast.kind[n]) {
    case Kind.Paren:
      return isConstantLiteral(ast, program, ast.operand(n));
    case Kind.String:
      return true;
    case Kind.Name:
    case Kind.Field: {
      const means = program.meaningOf(n);
      if (meaningKind(means) !== MeaningKind.Definition) return false;
      const definition = program.definition(meaningIndex(means) as DefinitionId);
      if (definition.kind === "const") return definition.value !== undefined;
      if (definition.kind !== "variant" || definition.owner === 0) return false;
      const owner = program.definition(definition.owner);
      return owner.kind === "enum" && owner.variants.every(({ fields }) => fields.length === 0);
    }
    case Kind.Tuple:
    case Kind.Array:
      return list(ast.elements(n), (item) => item);
    case Kind.ArrayRepeat:
      return isScalarLiteral(ast, program, ast.operand(n));
    case Kind.StructLiteral:
      return ast.base(n) === 0 && list(ast.inits(n), (init) => ast.operand(init));
    default:
      return isScalarLiteral(ast, program, n);
  }
}

/** `&0`, as in `xs.iter().max() ?? &0`: behind `??` the number, or the text, is borrowed for ever. */
export function isConstantBorrow(ast: Ast, program: Facts, n: Node): boolean {
  const at = ast.withoutParentheses(n);
  if (ast.kind[at] !== Kind.Unary || ast.unaryOperator(at) !== UnaryOperator.Borrow || program.wantedOf(at) !== 0) return false;
  const operand = ast.withoutParentheses(ast.operand(at));
  return isScalarLiteral(ast, program, operand) || (ast.kind[operand] === Kind.String && program.wantedOf(operand) === 0);
}

/** A part that needs no conversion. */
function isPart(ast: Ast, program: Facts, n: Node): boolean {
  const wanted = program.wantedOf(n);
  return (wanted === 0 || wanted === program.typeOf(n)) && isConstantLiteral(ast, program, n);
}

function isScalarLiteral(ast: Ast, program: Facts, n: Node): boolean {
  const wanted = program.wantedOf(n);
  if (wanted !== 0 && wanted !== program.typeOf(n)) return false;
  switch (ast.kind[n]) {
    case Kind.Integer: case Kind.Float: case Kind.Bool: case Kind.Char: case Kind.Byte: case Kind.Nil:
      return true;
    case Kind.Unary:
      return ast.unaryOperator(n) === UnaryOperator.Negate && (ast.kind[ast.operand(n)] === Kind.Integer || ast.kind[ast.operand(n)] === Kind.Float);
    default:
      return false;
  }
}
