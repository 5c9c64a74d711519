/** Which temporaries a `let` keeps: ownership and irgen go by the same rule. */

import { Kind, UnaryOperator, type Ast, type Node } from "../syntax/ast.ts";

/** The initialiser borrows what it makes: `&value`, perhaps within a struct, tuple or array literal. Its temporaries then live as long as the variable. */
export function borrowsDirectly(ast: Ast, n: Node): boolean {
  switch (ast.kind[n]) {
    case Kind.Paren:
      return borrowsDirectly(ast, ast.operand(n));
    case Kind.Unary:
      return ast.unaryOperator(n) === UnaryOperator.Borrow || ast.unaryOperator(n) === UnaryOperator.BorrowMutable;
    case Kind.StructLiteral: {
      const inits = ast.inits(n);
      for (let i = 0; i < ast.length(inits); i++) if (borrowsDirectly(ast, ast.operand(ast.item(inits, i)))) return true;
      return false;
    }
    case Kind.Tuple:
    case Kind.Array: {
      const list = ast.elements(n);
      for (let i = 0; i < ast.length(list); i++) if (borrowsDirectly(ast, ast.item(list, i))) return true;
      return false;
    }
    default:
      return false;
  }
}
