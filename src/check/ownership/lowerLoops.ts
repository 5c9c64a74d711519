/** `for`. */

import { Kind, UnaryOperator, type Node } from "../../syntax/ast.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import type { LoopIteration } from "../checkedProgram.ts";
import { Op, StatementFlag } from "./flow.ts";
import { emitCall } from "./lowerCalls.ts";
import { bindPattern } from "./lowerPatterns.ts";
import { operand, range, value } from "./lowerExpressions.ts";
import { elements, isPlaceKind, placeOrValue } from "./lowerPlaces.ts";
import { lowerBlock } from "./lowerStatements.ts";
import type { Lowering } from "./lowering.ts";
import { Step, noPath, variantStep, type PathId } from "./paths.ts";

export function lowerFor(l: Lowering, n: Node): void {
  const { ast } = l.c;
  const from = l.temporaries.length;
  const iterable = l.c.ast.withoutParentheses(ast.iterable(n));
  // What each round binds: an element's place, or a reference to it.
  let element: PathId = noPath;
  let source: PathId = noPath;
  const iteration = l.c.program.loopIteration(n);
  if (iteration !== undefined) {
    lowerIteration(l, n, iterable, iteration);
    return;
  }
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
  l.loops.push({ node: n, continueBlock: head, breakBlock: after, depth, into: noPath, isLeft: false });
  lowerBlock(l, ast.body(n), noPath);
  l.loops.pop();
  l.leaveScope(n);
  l.jump(head);
  l.startBlock(after);
  l.endTemporaries(from, n);
}

/** A loop over a collection or an iterator: what makes the iterator is called once, `next` in each round. */
function lowerIteration(l: Lowering, n: Node, iterable: Node, iteration: LoopIteration): void {
  const { ast, program, types } = l.c;
  const from = l.temporaries.length;
  const { make, next } = iteration;
  const type = iteration.iterator;
  const iterator = l.temporary(type, iterable);
  if (make === undefined) {
    value(l, iterable, iterator);
  } else {
    const f = make.function;
    let argument: PathId;
    if (f.receiver === "value") {
      argument = operand(l, iterable);
    } else {
      const isBorrow = ast.kind[iterable] === Kind.Unary && (ast.unaryOperator(iterable) === UnaryOperator.Borrow || ast.unaryOperator(iterable) === UnaryOperator.BorrowMutable);
      let at = l.throughReferences(placeOrValue(l, isBorrow ? ast.operand(iterable) : iterable));
      const self = program.substitute(f.owner, f.typeParameters, make.args);
      for (let i = 0; i < 8 && at !== noPath && l.flow.paths.typeOf(at) !== self && l.facts.derefTarget(l.flow.paths.typeOf(at)) !== 0; i++) at = l.throughReferences(l.deref(at));
      argument = at === noPath ? noPath : l.temporary(types.reference(l.flow.paths.typeOf(at), f.receiver === "mutableReference"), iterable);
      l.borrow(at, f.receiver === "mutableReference", argument, iterable);
    }
    if (l.block < 0) return;
    emitCall(l, { node: iterable, callee: f, rule: "summary", args: [argument], parameters: f.parameters, result: type, typeArguments: make.args }, iterator);
  }
  if (l.block < 0) return;
  l.temporaries.push(iterator);
  const head = l.newBlock();
  const body = l.newBlock();
  const after = l.newBlock();
  l.jump(head);
  l.startBlock(head);
  const optional = types.optional(iteration.item);
  const item = l.temporary(optional, iterable);
  const place = l.throughReferences(iterator);
  const self = l.temporary(types.reference(l.flow.paths.typeOf(place), true), iterable);
  l.borrow(place, true, self, iterable, StatementFlag.implicit);
  emitCall(l, { node: iterable, callee: next.function, rule: "summary", args: [self], parameters: next.function.parameters, result: optional, typeArguments: next.args, receiver: place === iterator ? iterator : undefined }, item);
  l.edge(after);
  l.jump(body);
  l.startBlock(body);
  const depth = l.scopes.length;
  l.enterScope();
  bindPattern(l, ast.pattern(n), l.field(item, variantStep(1, 0), iteration.item));
  l.loops.push({ node: n, continueBlock: head, breakBlock: after, depth, into: noPath, isLeft: false });
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
  if (program.wantedOf(iterable) === T.str) return { element: noPath, source: lentText(l, iterable) };
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
  const target = isBorrow ? l.c.ast.withoutParentheses(ast.operand(iterable)) : iterable;
  const isPlace = isPlaceKind(l, target);
  if (kind === TypeKind.Array && !isPlace && !isBorrow && type === base) {
    // Consumed, element by element.
    const held = placeOrValue(l, iterable);
    l.consumed.add(held);
    return held === noPath ? none : { element: l.field(held, Step.index, types.inner(base)), source: noPath };
  }
  let at = placeOrValue(l, target);
  if (at === noPath) return none;
  at = elements(l, at);
  const elementType: TypeId = types.inner(base);
  const mutable = isMutable || (!isBorrow && mutates(l, type, isPlace));
  const held = l.made(types.reference(elementType, mutable), iterable, (to) => l.borrow(at, mutable, to, iterable));
  return { element: held, source: held };
}

/** A String that serves as a text, or what leads to one: borrowed while the loop goes over it. */
function lentText(l: Lowering, iterable: Node): PathId {
  const { ast, types } = l.c;
  const isBorrow = ast.kind[iterable] === Kind.Unary && (ast.unaryOperator(iterable) === UnaryOperator.Borrow || ast.unaryOperator(iterable) === UnaryOperator.BorrowMutable);
  const at = l.throughReferences(placeOrValue(l, isBorrow ? l.c.ast.withoutParentheses(ast.operand(iterable)) : iterable));
  return at === noPath ? noPath : l.made(types.reference(l.flow.paths.typeOf(at), false), iterable, (to) => l.borrow(at, false, to, iterable));
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
