/** Patterns: what they look at, and what they bind by reference, by copy or by move. */

import { Kind, type List, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { LocalId, VariantDefinition } from "../definitions.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { Op, StatementFlag } from "./flow.ts";
import type { Lowering } from "./lowering.ts";
import { Step, elementStep, fieldStep, noPath, variantStep, type PathId } from "./paths.ts";

/** The pattern's test: what it looks at. */
export function testPattern(l: Lowering, n: Node, subject: PathId): void {
  if (subject === noPath || l.block < 0) return;
  visit(l, n, subject, "test", n);
}

/** The pattern's bindings. With `copies`, values that will be moved stay where they are: a guard looks at them first. */
export function bindPattern(l: Lowering, n: Node, subject: PathId, copies = false): void {
  if (l.block < 0) return;
  visit(l, n, subject, copies ? "peek" : "bind", n);
}

/** The moves of a pattern that was bound with `copies`. */
export function movePattern(l: Lowering, n: Node, subject: PathId): void {
  if (l.block < 0) return;
  visit(l, n, subject, "move", n);
}

/** Declares nothing, binds nothing: a pattern without names. */
export function hasBindings(l: Lowering, n: Node): boolean {
  const { ast } = l.c;
  switch (ast.kind[n]) {
    case Kind.BindingPattern:
      return true;
    case Kind.TuplePattern:
    case Kind.OrPattern:
    case Kind.SlicePattern:
      return some(l, ast.elements(n));
    case Kind.VariantPattern:
    case Kind.StructPattern:
      return some(l, ast.subpatterns(n));
    case Kind.FieldPattern:
      return hasBindings(l, ast.subpattern(n));
    default:
      return false;
  }
}

function some(l: Lowering, list: List): boolean {
  for (let i = 0; i < l.c.ast.length(list); i++) if (hasBindings(l, l.c.ast.item(list, i))) return true;
  return false;
}

type Purpose = "test" | "bind" | "peek" | "move";

function visit(l: Lowering, n: Node, path: PathId, purpose: Purpose, whole: Node): void {
  const { ast, types } = l.c;
  const kind = ast.kind[n];
  switch (kind) {
    case Kind.WildcardPattern:
    case Kind.RestPattern:
    case Kind.Error:
      return;
    case Kind.BindingPattern:
      binding(l, n, path, purpose, whole);
      return;
    case Kind.OrPattern:
      alternatives(l, n, path, purpose, whole);
      return;
  }
  let at = path;
  while (at !== noPath && types.kindOf(l.flow.paths.typeOf(at)) === TypeKind.Reference) at = l.deref(at);
  switch (kind) {
    case Kind.LiteralPattern:
    case Kind.RangePattern:
    case Kind.PathPattern:
      if (purpose === "test" && at !== noPath) l.emit(Op.read, 0, l.accessible(at), n, kind === Kind.PathPattern ? StatementFlag.shallow | StatementFlag.byPattern : StatementFlag.byPattern);
      return;
    case Kind.TuplePattern:
      tuple(l, ast.elements(n), at, purpose, whole);
      return;
    case Kind.VariantPattern:
      variant(l, n, at, purpose, whole);
      return;
    case Kind.StructPattern:
      struct(l, n, at, purpose, whole);
      return;
    case Kind.SlicePattern:
      slice(l, n, at, purpose, whole);
      return;
  }
}

function binding(l: Lowering, n: Node, path: PathId, purpose: Purpose, whole: Node): void {
  const { ast, program, types } = l.c;
  const sub = ast.subpattern(n);
  if (sub !== 0 && ast.kind[sub] !== Kind.RestPattern) visit(l, sub, path, purpose, whole);
  if (purpose === "test") return;
  const local = meaningIndex(program.meaningOf(n)) as LocalId;
  const type = program.localType(local);
  if (l.isPlain(local)) {
    // A number, read where it is.
    if (purpose !== "move" && path !== noPath) {
      let at = path;
      while (types.kindOf(l.flow.paths.typeOf(at)) === TypeKind.Reference && types.kindOf(type) !== TypeKind.Reference) at = l.deref(at);
      l.emit(Op.read, 0, l.accessible(at), n, StatementFlag.byPattern);
    }
    return;
  }
  if (purpose === "move") {
    if (path !== noPath && movesAway(l, path, type)) l.take(path, l.local(local), n, StatementFlag.byPattern);
    return;
  }
  const to = l.declare(local, n);
  if (path === noPath) return;
  const pathType = l.flow.paths.typeOf(path);
  if (type !== pathType && types.kindOf(type) === TypeKind.Reference && types.inner(type) === pathType) {
    l.borrow(path, types.isMutable(type), to, n, StatementFlag.byPattern, whole);
  } else if (type !== pathType && types.kindOf(type) === TypeKind.Slice) {
    l.borrow(path, types.isMutable(type), to, n, StatementFlag.byPattern, whole);
  } else if (purpose === "peek" && movesAway(l, path, type)) {
    l.emit(Op.copy, to, path, n, StatementFlag.byPattern);
    l.guarded.add(local);
  } else {
    l.take(path, l.facts.isTracked(type) ? to : noPath, n, StatementFlag.byPattern);
  }
}

/** The binding moves the value out of what is matched. */
function movesAway(l: Lowering, path: PathId, type: TypeId): boolean {
  return l.flow.paths.typeOf(path) === type && !l.facts.isCopy(type) && !l.facts.isMutableBorrow(type);
}

/** Each alternative binds the same names in its own way. */
function alternatives(l: Lowering, n: Node, path: PathId, purpose: Purpose, whole: Node): void {
  const { ast } = l.c;
  const list = ast.elements(n);
  const length = ast.length(list);
  if (purpose === "test" || !hasBindings(l, n)) {
    if (purpose === "test") for (let i = 0; i < length; i++) visit(l, ast.item(list, i), path, purpose, whole);
    return;
  }
  const after = l.newBlock();
  const ways = Array.from({ length }, () => l.newBlock());
  for (const way of ways) l.edge(way);
  l.closeBlock();
  const scope = l.scopes[l.scopes.length - 1];
  const before = scope?.items.length ?? 0;
  for (let i = 0; i < length; i++) {
    l.startBlock(ways[i] as number);
    // The names are declared once for the scope.
    if (scope !== undefined && i > 0) scope.items.length = before;
    visit(l, ast.item(list, i), path, purpose, whole);
    l.jump(after);
  }
  l.startBlock(after);
}

function tuple(l: Lowering, list: List, path: PathId, purpose: Purpose, whole: Node): void {
  const { ast, types } = l.c;
  const type = path === noPath ? T.error : l.flow.paths.typeOf(path);
  const count = types.kindOf(type) === TypeKind.Tuple ? types.listLength(type) : 0;
  const length = ast.length(list);
  let skipped = 0;
  for (let i = 0; i < length; i++) {
    const item = ast.item(list, i);
    if (ast.kind[item] === Kind.RestPattern) {
      skipped = Math.max(0, count - length);
      continue;
    }
    visit(l, item, path === noPath ? noPath : l.field(path, fieldStep(i + skipped), l.facts.fieldType(type, i + skipped)), purpose, whole);
  }
}

function variantOf(l: Lowering, n: Node): VariantDefinition | undefined {
  const m = l.c.program.meaningOf(n);
  if (meaningKind(m) !== MeaningKind.Definition) return undefined;
  const definition = l.c.definition(meaningIndex(m));
  return definition.kind === "variant" ? definition : undefined;
}

function variant(l: Lowering, n: Node, path: PathId, purpose: Purpose, whole: Node): void {
  const { ast } = l.c;
  const definition = variantOf(l, n);
  if (definition === undefined) return;
  if (purpose === "test" && path !== noPath) l.emit(Op.read, 0, l.accessible(path), n, StatementFlag.shallow | StatementFlag.byPattern);
  const list = ast.subpatterns(n);
  const length = ast.length(list);
  const types = path === noPath ? [] : l.facts.variantTypes(l.flow.paths.typeOf(path), definition);
  let skipped = 0;
  for (let i = 0; i < length; i++) {
    const item = ast.item(list, i);
    if (ast.kind[item] === Kind.RestPattern) {
      skipped = Math.max(0, types.length - length);
      continue;
    }
    const index = i + skipped;
    visit(l, item, path === noPath ? noPath : l.field(path, variantStep(definition.index, index), types[index] ?? T.error), purpose, whole);
  }
}

function struct(l: Lowering, n: Node, path: PathId, purpose: Purpose, whole: Node): void {
  const { ast, program } = l.c;
  const definition = variantOf(l, n);
  if (definition !== undefined && purpose === "test" && path !== noPath) l.emit(Op.read, 0, l.accessible(path), n, StatementFlag.shallow | StatementFlag.byPattern);
  const type = path === noPath ? T.error : l.flow.paths.typeOf(path);
  const list = ast.subpatterns(n);
  for (let i = 0; i < ast.length(list); i++) {
    const field = ast.item(list, i);
    if (ast.kind[field] !== Kind.FieldPattern) continue;
    const index = meaningIndex(program.meaningOf(field));
    const sub = ast.subpattern(field);
    if (path === noPath) visit(l, sub, noPath, purpose, whole);
    else if (definition === undefined) visit(l, sub, l.field(path, fieldStep(index), l.facts.fieldType(type, index)), purpose, whole);
    else visit(l, sub, l.field(path, variantStep(definition.index, index), l.facts.variantTypes(type, definition)[index] ?? T.error), purpose, whole);
  }
}

function isRest(l: Lowering, n: Node): boolean {
  const { ast } = l.c;
  return ast.kind[n] === Kind.RestPattern || (ast.kind[n] === Kind.BindingPattern && ast.subpattern(n) !== 0 && ast.kind[ast.subpattern(n)] === Kind.RestPattern);
}

function slice(l: Lowering, n: Node, path: PathId, purpose: Purpose, whole: Node): void {
  const { ast, types } = l.c;
  let at = path;
  if (at !== noPath && types.kindOf(l.flow.paths.typeOf(at)) === TypeKind.Slice) {
    if (purpose === "test") l.emit(Op.read, 0, l.accessible(at), n, StatementFlag.shallow | StatementFlag.byPattern);
    at = l.deref(at);
  }
  const element = at === noPath ? T.error : types.inner(l.flow.paths.typeOf(at));
  const count = at === noPath ? 0 : types.arrayLength(l.flow.paths.typeOf(at));
  const list = ast.elements(n);
  const length = ast.length(list);
  let isAfter = false;
  for (let i = 0; i < length; i++) {
    const item = ast.item(list, i);
    if (isRest(l, item)) {
      isAfter = true;
      if (ast.kind[item] === Kind.BindingPattern) visit(l, item, at === noPath ? noPath : l.field(at, Step.rest, types.array(element, 0)), purpose, whole);
      continue;
    }
    const fromEnd = length - 1 - i;
    // Of an array it is known which element that is from the start. That of a slice has length 0 here.
    const step = isAfter && count === 0 ? elementStep(fromEnd, true) : elementStep(isAfter ? count - 1 - fromEnd : i, false);
    visit(l, item, at === noPath ? noPath : l.field(at, step, element), purpose, whole);
  }
}
