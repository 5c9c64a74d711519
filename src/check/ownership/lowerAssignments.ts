/** Assignments: to places, to the parts of a tuple, compound ones. */

import { Names } from "../../source/interner.ts";
import { Kind, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import { TypeKind, type TypeId } from "../types.ts";
import { Op, StatementFlag } from "./flow.ts";
import { held, isQuiet, used, value } from "./lowerExpressions.ts";
import { operatorCall, overloadedIndexOf } from "./lowerOperators.ts";
import { place } from "./lowerPlaces.ts";
import type { Lowering } from "./lowering.ts";
import { Way, fieldStep, noPath, type PathId } from "./paths.ts";

/** `place = value`, `place op= value`. */
export function lowerAssign(l: Lowering, n: Node): void {
  const { ast, program } = l.c;
  const left = l.c.ast.withoutParentheses(ast.left(n));
  const right = ast.right(n);
  if (ast.operator(n) !== 0) {
    if (meaningKind(program.meaningOf(n)) === MeaningKind.Definition) {
      operatorCall(l, n);
      return;
    }
    const index = isReached(l, program.typeOf(left)) ? (0 as Node) : overloadedIndexOf(l, left);
    if (index !== 0) {
      const outer = l.beforeIndex;
      l.beforeIndex = { node: index, value: right, run: () => value(l, right, noPath) };
      const found = place(l, left);
      l.beforeIndex = outer;
      if (found !== noPath) l.emit(Op.assign, accessed(l, found), 0, n);
      return;
    }
    const path = place(l, left);
    const keeper = isQuiet(l, right) ? noPath : held(l, path, left);
    value(l, right, noPath);
    used(l, keeper, n);
    if (path !== noPath) l.emit(Op.assign, accessed(l, path), 0, n);
    return;
  }
  // The value first, then the place.
  const type = program.typeOf(left);
  if (ast.kind[left] === Kind.Tuple && l.c.types.kindOf(type) === TypeKind.Tuple) {
    const from = l.facts.isTracked(type) ? l.temporary(type, right) : noPath;
    value(l, right, from);
    assignParts(l, left, type, from, n);
    return;
  }
  if (!l.facts.isTracked(type)) {
    value(l, right, noPath);
    const path = place(l, left);
    if (path !== noPath) l.emit(Op.assign, accessed(l, path), 0, n);
    return;
  }
  const from = l.temporary(type, right);
  value(l, right, from);
  store(l, left, type, from, n);
}

/** The parts of a tuple go to their places, one after the other. */
function assignParts(l: Lowering, tuple: Node, type: TypeId, from: PathId, n: Node): void {
  const { ast, types } = l.c;
  const list = ast.elements(tuple);
  for (let i = 0; i < ast.length(list); i++) {
    const left = l.c.ast.withoutParentheses(ast.item(list, i));
    const part = types.listItem(type, i);
    const path = from === noPath ? noPath : l.field(from, fieldStep(i), part);
    if (ast.kind[left] === Kind.Tuple && types.kindOf(part) === TypeKind.Tuple) {
      assignParts(l, left, part, path, n);
    } else if (ast.kind[left] === Kind.Name && ast.name(left) === Names._) {
      if (l.facts.isTracked(part)) l.take(path, l.temporary(part, left), left);
    } else if (l.facts.isTracked(part)) {
      const taken = l.temporary(part, left);
      if (path !== noPath) l.take(path, taken, left);
      store(l, left, part, taken, n);
    } else {
      const to = place(l, left);
      if (to !== noPath) l.emit(Op.assign, accessed(l, to), 0, n);
    }
  }
}

/** What lies at `from` moves into a place. */
function store(l: Lowering, left: Node, type: TypeId, from: PathId, n: Node): void {
  const path = place(l, left);
  if (isGlobalPlace(l, left)) {
    l.emit(Op.escape, 0, from, n);
    return;
  }
  if (path === noPath) return;
  let flags = 0;
  if (l.facts.needsDrop(type)) flags = l.facts.dropUses(type) ? StatementFlag.drops | StatementFlag.dropUses : StatementFlag.drops;
  l.emit(Op.assign, path, from, n, flags);
}

/** The place holds where the number is that changes. */
function isReached(l: Lowering, type: TypeId): boolean {
  const kind = l.c.types.kindOf(type);
  return kind === TypeKind.Pointer || kind === TypeKind.Reference;
}

/** What an assignment of plain values touches. */
function accessed(l: Lowering, path: PathId): PathId {
  return l.flow.paths.goes(path, Way.raw) ? l.accessible(path) : path;
}

function isGlobalPlace(l: Lowering, n: Node): boolean {
  const { ast, program } = l.c;
  let at = n;
  for (;;) {
    const m = program.meaningOf(at);
    if (meaningKind(m) === MeaningKind.Definition) return l.c.definition(meaningIndex(m)).kind === "global";
    switch (ast.kind[at]) {
      case Kind.Paren:
      case Kind.Field:
      case Kind.TupleField:
      case Kind.Index:
        at = ast.operand(at);
        continue;
      default:
        return false;
    }
  }
}
