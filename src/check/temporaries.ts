/** Which temporaries a `let` keeps: ownership and irgen go by the same rule. */

import { MeaningKind, meaningIndex, meaningKind, namesCallee } from "./checkedProgram.ts";
import type { Facts } from "./constantLiterals.ts";
import type { DefinitionId } from "./definitions.ts";
import { Kind, UnaryOperator, type Ast, type Node } from "../syntax/ast.ts";

/** The initialiser borrows what it makes: `&value`, perhaps within a struct, tuple or array literal or a variant. Its temporaries then live as long as the variable. */
export function borrowsDirectly(ast: Ast, program: Facts, n: Node): boolean {
  switch (ast.kind[n]) {
    case Kind.Paren:
      return borrowsDirectly(ast, program, ast.operand(n));
    case Kind.Unary:
      return ast.unaryOperator(n) === UnaryOperator.Borrow || ast.unaryOperator(n) === UnaryOperator.BorrowMutable;
    case Kind.StructLiteral: {
      const inits = ast.inits(n);
      for (let i = 0; i < ast.length(inits); i++) if (borrowsDirectly(ast, program, ast.operand(ast.item(inits, i)))) return true;
      return false;
    }
    case Kind.Tuple:
    case Kind.Array: {
      // An array that serves as a slice is borrowed.
      if (ast.kind[n] === Kind.Array && program.wantedOf(n) !== 0) return true;
      const list = ast.elements(n);
      for (let i = 0; i < ast.length(list); i++) if (borrowsDirectly(ast, program, ast.item(list, i))) return true;
      return false;
    }
    case Kind.ArrayRepeat:
      return program.wantedOf(n) !== 0;
    case Kind.Call: {
      // Some(…), Shape.Circle(…): a variant is a literal of its enum.
      const callee = ast.callee(n);
      const m = program.meaningOf(callee);
      if (meaningKind(m) !== MeaningKind.Definition || !namesCallee(ast, program, callee) || program.definition(meaningIndex(m) as DefinitionId).kind !== "variant") return false;
      const list = ast.arguments(n);
      for (let i = 0; i < ast.length(list); i++) if (borrowsDirectly(ast, program, ast.item(list, i))) return true;
      return false;
    }
    default:
      return false;
  }
}
