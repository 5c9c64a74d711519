/** `for`. */

import { Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { noteChange } from "./captures.ts";
import { checkStatements, leaveScope } from "./blocks.ts";
import { enterLoop, leaveLoop } from "./control.ts";
import { checkExhaustive, isIrrefutable } from "./exhaustive.ts";
import { checkRange, infer } from "./expressions.ts";
import { checkBorrow } from "./operators.ts";
import { bindPattern, Mode } from "./patterns.ts";
import { isPlace, markAddressTaken } from "./places.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

/** `for pattern in iterable { }`: over a range, the elements of an array or slice, or the characters of a text. */
export function checkFor(c: Checker, n: Node): TypeId {
  const { ast, program, types } = c;
  let iterable = ast.iterable(n);
  while (ast.kind[iterable] === Kind.Paren) iterable = ast.operand(iterable);
  const outer = c.scopes.enter();
  let element: TypeId = T.error;
  let mode: number = Mode.value;
  if (ast.kind[iterable] === Kind.Range) {
    if (ast.right(iterable) === 0 || ast.left(iterable) === 0) {
      c.error("E0367", iterable, "the range of a for has two ends", { advice: ["write a loop with break"] });
      if (ast.left(iterable) !== 0) infer(c, ast.left(iterable));
    } else {
      element = checkRange(c, iterable);
    }
    for (let at = ast.iterable(n); at !== iterable; at = ast.operand(at)) program.setType(at, element);
  } else {
    const isBorrow = ast.kind[iterable] === Kind.Unary && ast.unaryOperator(iterable) === UnaryOperator.BorrowMutable;
    const type = isBorrow ? checkBorrow(c, iterable, 0 as TypeId, true, true) : infer(c, ast.iterable(n));
    if (isBorrow) for (let at = ast.iterable(n); ; at = ast.operand(at)) {
      program.setType(at, type);
      if (at === iterable) break;
    }
    let base = type;
    let mutable = false;
    let throughReference = false;
    while (types.kindOf(base) === TypeKind.Reference) {
      mutable = throughReference ? mutable && types.isMutable(base) : types.isMutable(base);
      throughReference = true;
      base = types.inner(base);
    }
    const baseKind = types.kindOf(base);
    if (base === T.error || base === T.never) {
      element = T.error;
    } else if (base === T.str) {
      element = T.char;
    } else if (baseKind === TypeKind.Slice) {
      element = types.inner(base);
      mode = types.isMutable(base) && (isBorrow || !isPlace(c, iterable) || (throughReference && mutable)) ? Mode.mutableReference : Mode.reference;
    } else if (baseKind === TypeKind.Array) {
      element = types.inner(base);
      if (throughReference) mode = mutable ? Mode.mutableReference : Mode.reference;
      else if (isPlace(c, iterable)) {
        mode = Mode.reference;
        markAddressTaken(c, iterable);
      }
    } else {
      const advice = baseKind === TypeKind.Optional ? ["write: if let Some(x) = …"] : [];
      if (base === T.i64 || (base >= T.i8 && base <= T.usize)) advice.push("write: for i in 0..n");
      c.error("E0327", ast.iterable(n), `${c.typeName(type)} cannot be iterated`, { advice });
    }
  }
  if (mode === Mode.mutableReference && c.closure !== undefined) noteChange(c, iterable);
  const before = c.diverges;
  enterLoop(c, n, -1);
  bindPattern(c, ast.pattern(n), element, mode, false);
  if (element !== T.error && !isIrrefutable(c, ast.pattern(n))) checkExhaustive(c, ast.pattern(n), element, "E0508");
  const inner = c.scopes.enter();
  const body = ast.body(n);
  program.setType(body, checkStatements(c, body, T.void));
  leaveScope(c, inner);
  leaveLoop(c, n);
  c.diverges = before;
  leaveScope(c, outer);
  return T.void;
}
