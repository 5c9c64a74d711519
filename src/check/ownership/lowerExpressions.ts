/** Expressions: their values, and where these go. */

import { BinaryOperator, Kind, UnaryOperator, kinds, type KindName, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import { isConstantLiteral } from "../constantLiterals.ts";
import { T, TypeKind, isScalar, type TypeId } from "../types.ts";
import { Op, StatementFlag } from "./flow.ts";
import { lowerCall, lowerIntrinsic, lowerPipe } from "./lowerCalls.ts";
import { lowerClosure } from "./lowerClosures.ts";
import { operatorCall } from "./lowerOperators.ts";
import { lowerFormat } from "./lowerShown.ts";
import { lowerIf, lowerLogical, lowerLoop, lowerMatch, lowerWhile } from "./lowerControl.ts";
import { lowerFor } from "./lowerLoops.ts";
import { lowerAssign } from "./lowerAssignments.ts";
import { lowerBlock, lowerBreak, lowerContinue, lowerReturn, lowerTry, lowerUnwrap } from "./lowerStatements.ts";
import type { Lowering } from "./lowering.ts";
import { Step, Way, fieldStep, noPath, variantStep, type PathId } from "./paths.ts";
import { isPlaceKind, placeOrValue, place, elements } from "./lowerPlaces.ts";

/** The value of `n`, converted as its place wants it, goes to `to`; 0: only what it does counts. */
export function value(l: Lowering, n: Node, to: PathId, flags = 0): void {
  const wanted = l.c.program.wantedOf(n);
  // What a wrong type wants is not known, and asks for no move.
  if (wanted === 0 || wanted === T.error) own(l, n, to, flags);
  else converted(l, n, wanted, to, flags);
}

/** The value of `n`, before any conversion. */
export function own(l: Lowering, n: Node, to: PathId, flags = 0): void {
  if (l.block < 0) return;
  const lower = lowerers[l.c.ast.kind[n] as number];
  if (lower !== undefined) {
    lower(l, n, to);
    return;
  }
  if (isPlaceKind(l, n)) {
    l.take(place(l, n), to, n, flags);
  } else {
    throw new Error(`check/ownership/lowerExpressions.own: a ${l.c.ast.kindName(n)}`);
  }
}

/** The value of `n` in a temporary of the statement; 0 if its type is of no interest, or if it lives for ever. */
export function operand(l: Lowering, n: Node): PathId {
  const { program, ast } = l.c;
  const wanted = program.wantedOf(n);
  const type = wanted === 0 ? program.typeOf(n) : wanted;
  if (!l.facts.isTracked(type) || (ast.kind[n] === Kind.String && type === T.str)) {
    value(l, n, noPath);
    return noPath;
  }
  return l.made(type, n, (to) => value(l, n, to));
}

/** Only looks at the value: of a place nothing is copied or moved. */
export function inspect(l: Lowering, n: Node, flags = 0): void {
  if (l.block < 0) return;
  const at = l.c.ast.withoutParentheses(n);
  if (isPlaceKind(l, at)) {
    const path = place(l, at);
    if (path !== noPath) l.emit(Op.read, 0, l.throughReferences(path), n, flags);
    return;
  }
  lookedAt(l, n);
}

/** As `operand`, of no place. What stands behind a reference, as in `f(&a) == &b`, is only looked at and stays there. */
function lookedAt(l: Lowering, n: Node): PathId {
  const { types, program } = l.c;
  const type = program.typeOf(n);
  if (program.wantedOf(n) === 0 || types.kindOf(type) !== TypeKind.Reference) return operand(l, n);
  if (l.facts.isTracked(type)) return l.made(type, n, (to) => own(l, n, to));
  own(l, n, noPath);
  return noPath;
}

/**
 * Looks at the value, which is used once more behind what is evaluated next: what it refers to, or lies in, stays as it is until `used`.
 * Gives what holds it meanwhile, 0 if nothing must. `copies`: what drops nothing is copied at once, as `print` does.
 */
export function look(l: Lowering, n: Node, copies: boolean): PathId {
  if (l.block < 0) return noPath;
  const at = l.c.ast.withoutParentheses(n);
  if (!isPlaceKind(l, at)) return lookedAt(l, n);
  const named = place(l, at);
  const path = l.throughReferences(named);
  if (path === noPath) return noPath;
  const type = l.flow.paths.typeOf(path);
  const isCopied = copies && named === path && !l.facts.needsDrop(type);
  if (isCopied && l.facts.holds(type)) {
    const to = l.temporary(type, n);
    l.emit(Op.copy, to, path, n);
    return to;
  }
  if (isCopied || (isScalar(type) && type !== T.str)) {
    l.emit(Op.read, 0, path, n);
    return noPath;
  }
  const to = l.temporary(l.c.types.reference(type, false), n);
  l.borrow(path, false, to, n);
  return to;
}

/** What was looked at is used now. */
export function used(l: Lowering, path: PathId, n: Node): void {
  if (path !== noPath) l.emit(Op.keep, 0, path, n);
}

/** Nothing changes while it is evaluated: names, fields and literals. */
export function isQuiet(l: Lowering, n: Node): boolean {
  const { ast } = l.c;
  switch (ast.kind[n]) {
    case Kind.Name: case Kind.Integer: case Kind.Float: case Kind.Bool: case Kind.Char: case Kind.Byte: case Kind.String: case Kind.Nil: case Kind.VariantName:
      return true;
    case Kind.Paren: case Kind.Field: case Kind.TupleField: case Kind.Unary: case Kind.Cast:
      return isQuiet(l, ast.operand(n));
    case Kind.Binary:
      return ast.operator(n) !== BinaryOperator.LogicalAnd && isQuiet(l, ast.left(n)) && isQuiet(l, ast.right(n));
    case Kind.Index:
      return isQuiet(l, ast.operand(n)) && isQuiet(l, ast.item(ast.arguments(n), 0));
    default:
      return false;
  }
}

/**
 * The way to a place was taken, and something else is evaluated before the place is used: what owns it stays as it is until `used`, and
 * what references lead there stay borrowed.
 */
export function held(l: Lowering, path: PathId, n: Node): PathId {
  const { paths } = l.flow;
  if (path === noPath || l.block < 0 || !paths.goes(path, Way.deref | Way.owned) || paths.goes(path, Way.raw)) return noPath;
  if (!paths.goes(path, Way.owned)) {
    // Only references: they may be assigned meanwhile, but what they referred to is not given away. Only the reference is looked at: another part
    // of what it refers to may be borrowed.
    const base = paths.baseOf(path);
    const to = l.temporary(paths.typeOf(base), n);
    l.emit(Op.copy, to, base, n, StatementFlag.shallow);
    return to;
  }
  const to = l.temporary(l.c.types.reference(paths.typeOf(path), false), n);
  l.borrow(path, false, to, n);
  return to;
}

function converted(l: Lowering, n: Node, wanted: TypeId, to: PathId, flags: number): void {
  const { types, program } = l.c;
  const from = program.typeOf(n);
  let target = wanted;
  while (types.kindOf(target) === TypeKind.Optional && target !== from && !(types.kindOf(from) === TypeKind.Optional)) target = types.inner(target);
  const fromKind = types.kindOf(from);
  const targetKind = types.kindOf(target);
  if (fromKind === TypeKind.Reference && target !== from) {
    if (targetKind === TypeKind.Pointer) {
      const pointed = placeOrValue(l, n);
      if (to !== noPath && pointed !== noPath) l.emit(Op.raw, to, pointed, n);
      return;
    }
    const isReadThrough = types.inner(from) === target && l.facts.isCopy(target);
    if (!isReadThrough && (targetKind === TypeKind.Reference || targetKind === TypeKind.Slice || target === T.str)) {
      // Shared from mutable, a slice of an array, what a box holds: a reborrow.
      let at = l.deref(placeOrValue(l, n));
      const behind = targetKind === TypeKind.Reference ? types.inner(target) : target;
      for (let i = 0; i < 8 && at !== noPath && l.flow.paths.typeOf(at) !== behind && l.facts.derefTarget(l.flow.paths.typeOf(at)) !== 0; i++) at = l.deref(at);
      l.borrow(at, types.isMutable(target), to, n, flags);
      return;
    }
    // Read through.
    let at = placeOrValue(l, n);
    while (at !== noPath && l.flow.paths.typeOf(at) !== target && types.kindOf(l.flow.paths.typeOf(at)) === TypeKind.Reference) at = l.deref(at);
    if (at !== noPath) l.take(at, to, n, flags);
    return;
  }
  if (fromKind === TypeKind.Slice && targetKind === TypeKind.Slice && types.isMutable(from) && !types.isMutable(target)) {
    l.borrow(l.deref(placeOrValue(l, n)), false, to, n, flags);
    return;
  }
  if (fromKind === TypeKind.Array && targetKind === TypeKind.Slice && !isConstantLiteral(l.c.ast, program, n)) {
    // The literal lies in a temporary.
    const made = l.made(from, n, (at) => own(l, n, at));
    l.borrow(made, types.isMutable(target), to, n, flags);
    return;
  }
  own(l, n, to, flags);
}

type Lower = (l: Lowering, n: Node, to: PathId) => void;

const nothing: Lower = () => {};

const rows: { readonly [K in KindName]?: Lower } = {
  Integer: nothing, Float: nothing, Bool: nothing, Nil: nothing, Char: nothing, Byte: nothing, String: nothing, VariantName: nothing, Error: nothing,
  Continue: lowerContinue, Break: lowerBreak, Return: lowerReturn, Try: lowerTry, Unwrap: lowerUnwrap, Assign: lowerAssign, Block: lowerBlock,
  If: lowerIf, Match: lowerMatch, Loop: lowerLoop, While: lowerWhile, For: lowerFor,
  Call: lowerCall, Pipe: lowerPipe, Intrinsic: lowerIntrinsic, Closure: lowerClosure, FormatString: lowerFormat,
  Paren: (l, n, to) => value(l, l.c.ast.operand(n), to),
  Name: name,
  Cast: cast,
  Range: (l, n) => range(l, n),
  Unary: unary,
  Binary: binary,
  Index: index,
  Tuple: (l, n, to) => parts(l, n, to, (i) => fieldStep(i)),
  Array: (l, n, to) => parts(l, n, to, () => Step.index),
  ArrayRepeat: (l, n, to) => part(l, l.c.ast.operand(n), to, Step.index),
  StructLiteral: structLiteral,
};

const lowerers: readonly (Lower | undefined)[] = kinds.map((kind) => rows[kind]);

function name(l: Lowering, n: Node, to: PathId): void {
  const m = l.c.program.meaningOf(n);
  if (meaningKind(m) === MeaningKind.Local) {
    const path = place(l, n);
    if (path !== noPath) l.take(path, to, n);
    return;
  }
  if (meaningKind(m) === MeaningKind.Definition) {
    const definition = l.c.definition(meaningIndex(m));
    if (definition.kind === "global" && !l.facts.isCopy(definition.type)) l.refusals.moveOutOfGlobal(definition, n);
  }
}

function cast(l: Lowering, n: Node, to: PathId): void {
  const from = l.c.ast.operand(n);
  const { program, types } = l.c;
  const source = program.wantedOf(from) === 0 ? program.typeOf(from) : program.wantedOf(from);
  const target = program.typeOf(n);
  if (to !== noPath && types.kindOf(target) === TypeKind.Pointer) {
    // Perhaps to memory that was just allocated.
    const pointed = l.facts.isTracked(source) ? operand(l, from) : noPath;
    if (pointed === noPath) value(l, from, noPath);
    l.emit(Op.raw, to, pointed, n, l.facts.holds(target) ? StatementFlag.heap : 0);
    return;
  }
  if (to === noPath || l.facts.isTracked(target)) value(l, from, to);
  else operand(l, from);
}

/** The bounds of a range, which are numbers. */
export function range(l: Lowering, n: Node): void {
  const { ast } = l.c;
  if (ast.left(n) !== 0) value(l, ast.left(n), noPath);
  if (ast.right(n) !== 0) value(l, ast.right(n), noPath);
}

function unary(l: Lowering, n: Node, to: PathId): void {
  const { ast, program, types } = l.c;
  const inner = ast.operand(n);
  switch (ast.unaryOperator(n)) {
    case UnaryOperator.Dereference:
      l.take(place(l, n), to, n);
      return;
    case UnaryOperator.Borrow:
    case UnaryOperator.BorrowMutable: {
      const at = l.c.ast.withoutParentheses(inner);
      if (ast.kind[at] === Kind.Index && ast.kind[ast.item(ast.arguments(at), 0)] === Kind.Range && types.kindOf(program.typeOf(n)) !== TypeKind.Reference) {
        slice(l, at, to);
        return;
      }
      const path = placeOrValue(l, inner);
      if (types.kindOf(program.typeOf(n)) === TypeKind.Pointer) return;
      l.borrow(path, ast.unaryOperator(n) === UnaryOperator.BorrowMutable, to, n);
      return;
    }
    default:
      if (operatorValue(l, n, to)) return;
      value(l, inner, noPath);
  }
}

/** An overloaded operator's result. */
function operatorValue(l: Lowering, n: Node, to: PathId): boolean {
  const m = l.c.program.meaningOf(n);
  if (meaningKind(m) !== MeaningKind.Definition) return false;
  const called = operatorCall(l, n);
  if (called === undefined) return false;
  if (called !== noPath) l.take(called, to, n);
  return true;
}

function binary(l: Lowering, n: Node, to: PathId): void {
  const { ast } = l.c;
  // Down the left side, which may be very long, then up again.
  const spine: Node[] = [];
  let at = n;
  for (; ast.kind[at] === Kind.Binary && ast.operator(at) < BinaryOperator.LogicalAnd && meaningKind(l.c.program.meaningOf(at)) !== MeaningKind.Definition; at = ast.left(at)) spine.push(at);
  if (spine.length === 0) {
    if (operatorValue(l, n, to)) return;
    lowerLogical(l, n, to);
    return;
  }
  // Pointer arithmetic hands on where the pointer came from.
  const keeps = to !== noPath && l.facts.isRawPointer(l.c.program.typeOf(n)) ? to : noPath;
  const bottom = spine[spine.length - 1] as Node;
  let kept: PathId = noPath;
  if (!isComparison(ast.operator(bottom))) value(l, ast.left(bottom), keeps);
  else if (isQuiet(l, ast.right(bottom))) inspect(l, ast.left(bottom));
  else kept = look(l, ast.left(bottom), false);
  for (let i = spine.length - 1; i >= 0; i--) {
    const node = spine[i] as Node;
    if (isComparison(ast.operator(node))) inspect(l, ast.right(node));
    else value(l, ast.right(node), noPath);
  }
  used(l, kept, n);
}

function isComparison(operator: number): boolean {
  return operator >= BinaryOperator.Equal && operator <= BinaryOperator.GreaterEqual;
}

export function index(l: Lowering, n: Node, to: PathId): void {
  const { ast, program } = l.c;
  const list = ast.arguments(n);
  if (meaningKind(program.meaningOf(n)) === MeaningKind.Definition && l.c.definition(meaningIndex(program.meaningOf(n))).kind === "function" && program.typeOf(n) !== 0 && l.c.types.kindOf(program.typeOf(n)) === TypeKind.Function) return;
  if (ast.length(list) === 1 && ast.kind[ast.item(list, 0)] === Kind.Range) {
    slice(l, n, to);
    return;
  }
  l.take(place(l, n), to, n);
}

/** `xs[a..b]`: a borrow of the elements. */
function slice(l: Lowering, n: Node, to: PathId): void {
  const { ast, program, types } = l.c;
  const base = placeOrValue(l, ast.operand(n));
  const at = elements(l, base);
  const bounds = ast.item(ast.arguments(n), 0);
  const keeper = (ast.left(bounds) === 0 || isQuiet(l, ast.left(bounds))) && (ast.right(bounds) === 0 || isQuiet(l, ast.right(bounds))) ? noPath : held(l, at, ast.operand(n));
  range(l, bounds);
  used(l, keeper, n);
  if (at === noPath) return;
  l.borrow(at, types.isMutable(program.typeOf(n)), to, n);
}

/** One part of a value that is being built. */
export function part(l: Lowering, n: Node, to: PathId, step: number): void {
  const { program } = l.c;
  const wanted = program.wantedOf(n);
  const type = wanted === 0 ? program.typeOf(n) : wanted;
  if (to === noPath || !l.facts.isTracked(type)) {
    value(l, n, noPath);
    return;
  }
  value(l, n, l.field(to, step, type), step === Step.index ? StatementFlag.adds : 0);
}

function parts(l: Lowering, n: Node, to: PathId, step: (i: number) => number): void {
  const { ast } = l.c;
  const list = ast.elements(n);
  for (let i = 0; i < ast.length(list); i++) part(l, ast.item(list, i), to, step(i));
}

function structLiteral(l: Lowering, n: Node, to: PathId): void {
  const { ast, program } = l.c;
  const inits = ast.inits(n);
  const m = program.meaningOf(n);
  const definition = meaningKind(m) === MeaningKind.Definition ? l.c.definition(meaningIndex(m)) : undefined;
  const step = (i: number): number => (definition?.kind === "variant" ? variantStep(definition.index, i) : fieldStep(i));
  const given = new Set<number>();
  for (let i = 0; i < ast.length(inits); i++) {
    const init = ast.item(inits, i);
    const at = meaningIndex(program.meaningOf(init));
    given.add(at);
    part(l, ast.operand(init), to, step(at));
  }
  const base = ast.base(n);
  if (base === 0) return;
  // `..p`: the fields that are not given are copied or moved out of p.
  const type = program.typeOf(n);
  const from = l.throughReferences(placeOrValue(l, base));
  if (from === noPath || definition?.kind !== "struct") return;
  definition.fields.forEach((_, i) => {
    if (given.has(i)) return;
    const fieldType = l.facts.fieldType(type, i);
    const source = l.field(from, fieldStep(i), fieldType);
    l.take(source, to === noPath || !l.facts.isTracked(fieldType) ? noPath : l.field(to, fieldStep(i), fieldType), base);
  });
}
