/** Overloaded operators: calls of methods, whose operands are places. */

import { Kind, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { TypeKind } from "../types.ts";
import { Op } from "./flow.ts";
import { emitCall, receiverPlace, selfOf } from "./lowerCalls.ts";
import { held, inspect, isQuiet, operand, used } from "./lowerExpressions.ts";
import { placeOrValue } from "./lowerPlaces.ts";
import type { Lowering } from "./lowering.ts";
import { noPath, type PathId } from "./paths.ts";

/** The index of a place, or of what it is a field of, if a method finds its element: that borrows its receiver, so it is called behind what else is evaluated. */
export function overloadedIndexOf(l: Lowering, place: Node): Node {
  const { ast, program } = l.c;
  let at = place;
  while (ast.kind[at] === Kind.Paren || ast.kind[at] === Kind.Field || ast.kind[at] === Kind.TupleField) at = ast.operand(at);
  return ast.kind[at] === Kind.Index && meaningKind(program.meaningOf(at)) === MeaningKind.Definition ? at : (0 as Node);
}

/**
 * An operator that calls a method: the place of its result (0 if that is of no interest; for an index what the reference points at), or
 * undefined if the operator is the language's own.
 */
export function operatorCall(l: Lowering, n: Node): PathId | undefined {
  const outermost = operatorMethodOf(l, n);
  if (outermost === undefined) return undefined;
  // Down the left side, which may be very long, then up again.
  const above: { readonly node: Node; readonly callee: FunctionDefinition; readonly left: PathId }[] = [];
  let node = n;
  let callee = outermost;
  for (let below = chainedBelow(l, node, callee); below !== undefined; below = chainedBelow(l, node, callee)) {
    const left = l.c.ast.left(node);
    const type = l.c.program.typeOf(left);
    above.push({ node, callee, left: l.facts.isTracked(type) ? l.temporary(type, left) : noPath });
    node = left;
    callee = below;
  }
  let result = callOperator(l, node, callee, undefined);
  for (let next = above.pop(); next !== undefined; next = above.pop()) {
    if (result !== noPath) l.take(result, next.left, node);
    if (next.left !== noPath) l.temporaries.push(next.left);
    ({ node, callee } = next);
    result = callOperator(l, node, callee, next.left);
  }
  return result;
}

/** The method that an operator calls; undefined if the operator is the language's own. */
function operatorMethodOf(l: Lowering, n: Node): FunctionDefinition | undefined {
  const m = l.c.program.meaningOf(n);
  if (meaningKind(m) !== MeaningKind.Definition) return undefined;
  const f = l.c.definition(meaningIndex(m));
  return f.kind === "function" && f.receiver !== "none" ? f : undefined;
}

/** The method that makes the left operand of an operator which takes that operand as it is: `a + b` in `a + b + c`. */
function chainedBelow(l: Lowering, n: Node, callee: FunctionDefinition): FunctionDefinition | undefined {
  const { ast, program } = l.c;
  if (ast.kind[n] !== Kind.Binary || callee.receiver !== "value" || l.block < 0) return undefined;
  const left = ast.left(n);
  return ast.kind[left] === Kind.Binary && program.wantedOf(left) === 0 ? operatorMethodOf(l, left) : undefined;
}

/** One operator that calls the method `f`; `given`: where its left operand lies that is lowered already. */
function callOperator(l: Lowering, n: Node, f: FunctionDefinition, given: PathId | undefined): PathId {
  const { ast, program, types } = l.c;
  const kind = ast.kind[n];
  const left = ast.operand(n);
  const right = kind === Kind.Index ? ast.item(ast.arguments(n), 0) : kind === Kind.Binary || kind === Kind.Assign ? ast.right(n) : (0 as Node);
  const isByValue = f.receiver === "value" && kind !== Kind.Assign;
  let other: PathId = noPath;
  const lowerRight = (): void => {
    if (right === 0) return;
    const wantsReference = f.receiver !== "value" && f.parameters[1] !== undefined && types.kindOf(f.parameters[1]) === TypeKind.Reference;
    if (wantsReference) inspect(l, right);
    else other = operand(l, right);
  };
  const later = kind === Kind.Index && l.beforeIndex?.node === n ? l.beforeIndex : undefined;
  if (later !== undefined) l.beforeIndex = undefined;
  const index = kind === Kind.Assign ? overloadedIndexOf(l, left) : (0 as Node);
  const outer = l.beforeIndex;
  if (index !== 0) l.beforeIndex = { node: index, value: right, run: lowerRight };
  // A box of what is indexed is looked through before the index: it must stay.
  const receiver = isByValue ? given ?? operand(l, left) : kind === Kind.Index ? receiverPlace(l, left, selfOf(l, f, n)) : placeOrValue(l, left);
  l.beforeIndex = outer;
  const isKept = !isByValue && index === 0 && right !== 0 && !(isQuiet(l, right) && (later === undefined || isQuiet(l, later.value)));
  const keeper = isKept ? held(l, receiver, left) : noPath;
  if (index === 0) lowerRight();
  later?.run();
  used(l, keeper, left);
  if (l.block < 0) return noPath;
  let subject = receiver;
  if (!isByValue && receiver !== noPath) {
    const mutable = f.receiver === "mutableReference";
    const at = l.throughReferences(receiver);
    subject = l.temporary(types.reference(l.flow.paths.typeOf(at), mutable), left);
    l.borrow(at, mutable, subject, left);
  }
  if (kind === Kind.Assign) {
    if (receiver === noPath) return noPath;
    const whole = l.flow.paths.typeOf(receiver);
    let sum: PathId = noPath;
    if (l.facts.holds(whole)) {
      const before = l.temporary(whole, left);
      l.emit(Op.copy, before, receiver, left);
      sum = l.temporary(whole, n);
      emitCall(l, { node: n, callee: f, rule: "summary", args: [before, other], parameters: f.parameters, result: whole }, sum);
    }
    l.emit(Op.assign, receiver, sum, n);
    return noPath;
  }
  const type = program.typeOf(n);
  const result = kind === Kind.Index ? types.reference(type, f.receiver === "mutableReference") : type;
  const emit = (path: PathId): void => emitCall(l, { node: n, callee: f, rule: "summary", args: right === 0 ? [subject] : [subject, other], parameters: f.parameters, result }, path);
  let to: PathId = noPath;
  if (l.facts.isTracked(result)) to = l.made(result, n, emit);
  else emit(to);
  return kind === Kind.Index ? l.deref(to) : to;
}
