/** `for`. */

import { Kind, UnaryOperator, type Node } from "../../syntax/ast.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { Op } from "./flow.ts";
import { bindPattern } from "./lowerPatterns.ts";
import { elements, isPlaceKind, operand, placeOrValue, range } from "./lowerExpressions.ts";
import { lowerBlock } from "./lowerStatements.ts";
import type { Lowering } from "./lowering.ts";
import { Step, noPath, type PathId } from "./paths.ts";

export function lowerFor(l: Lowering, n: Node): void {
  const { ast } = l.c;
  const from = l.temporaries.length;
  const iterable = l.unparenthesised(ast.iterable(n));
  // What each round binds: an element's place, or a reference to it.
  let element: PathId = noPath;
  let source: PathId = noPath;
  if (ast.kind[iterable] === Kind.Range) {
    range(l, iterable);
  } else {
    ({ element, source } = elementsOf(l, iterable));
  }
  if (l.block < 0) return;
  const head = l.newBlock();
  const body = l.newBlock();
  const after = l.newBlock();
  l.jump(head);
  l.startBlock(head);
  if (source !== noPath) l.emit(Op.keep, 0, source, iterable);
  l.edge(after);
  l.jump(body);
  l.startBlock(body);
  const depth = l.scopes.length;
  l.enterScope();
  let subject = element;
  if (element !== noPath && l.flow.paths.stepOf(element) === Step.root) {
    // A reference that the loop hands out: it holds what the loop's own does, and different rounds hand out different elements.
    const round = l.temporary(l.flow.paths.typeOf(element), iterable);
    l.emit(Op.copy, round, element, iterable);
    subject = l.deref(round);
  }
  bindPattern(l, ast.pattern(n), subject);
  l.loops.push({ node: n, continueBlock: head, breakBlock: after, depth, temporaries: l.temporaries.length, into: noPath, isLeft: false });
  lowerBlock(l, ast.body(n), noPath);
  l.loops.pop();
  l.leaveScope(n);
  l.jump(head);
  l.startBlock(after);
  l.endTemporaries(from, n);
}

/** The elements of an array, slice or text: a root that holds a reference to one of them, or the place of one that is consumed. */
function elementsOf(l: Lowering, iterable: Node): { readonly element: PathId; readonly source: PathId } {
  const { ast, program, types } = l.c;
  const none = { element: noPath, source: noPath };
  const type = program.typeOf(iterable);
  let base = type;
  while (types.kindOf(base) === TypeKind.Reference) base = types.inner(base);
  const kind = types.kindOf(base);
  if (kind !== TypeKind.Array && kind !== TypeKind.Slice) {
    // The characters of a text.
    if (base !== T.str) {
      operand(l, iterable);
      return none;
    }
    const held = operand(l, iterable);
    return { element: noPath, source: held };
  }
  const isMutable = ast.kind[iterable] === Kind.Unary && ast.unaryOperator(iterable) === UnaryOperator.BorrowMutable;
  const isBorrow = isMutable || (ast.kind[iterable] === Kind.Unary && ast.unaryOperator(iterable) === UnaryOperator.Borrow);
  const target = isBorrow ? l.unparenthesised(ast.operand(iterable)) : iterable;
  const isPlace = isPlaceKind(l, target);
  if (kind === TypeKind.Array && !isPlace && !isBorrow && type === base) {
    // Consumed, element by element.
    const held = placeOrValue(l, iterable);
    return held === noPath ? none : { element: l.field(held, Step.index, types.inner(base)), source: noPath };
  }
  let at = placeOrValue(l, target);
  if (at === noPath) return none;
  at = elements(l, at);
  const elementType: TypeId = types.inner(base);
  const mutable = isMutable || (!isBorrow && mutates(l, type, isPlace));
  const held = l.borrowedTemporary(types.reference(elementType, mutable), iterable);
  l.borrow(at, mutable, held, iterable);
  return { element: held, source: held };
}

/** A loop over a `&mut [N]T` or a `[]mut T` value hands out mutable references. */
function mutates(l: Lowering, type: TypeId, isPlace: boolean): boolean {
  const { types } = l.c;
  let at = type;
  let mutable = false;
  let isReference = false;
  while (types.kindOf(at) === TypeKind.Reference) {
    mutable = isReference ? mutable && types.isMutable(at) : types.isMutable(at);
    isReference = true;
    at = types.inner(at);
  }
  if (types.kindOf(at) === TypeKind.Slice) return types.isMutable(at) && (!isPlace || (isReference && mutable));
  return isReference && mutable;
}
