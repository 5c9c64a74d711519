/** Blocks, declarations, assignments, and what leaves: return, break, continue, `?`. */

import { Names } from "../../source/interner.ts";
import { Kind, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { LocalId } from "../definitions.ts";
import { borrowsDirectly } from "../temporaries.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { Op, StatementFlag } from "./flow.ts";
import { bindPattern, testPattern } from "./lowerPatterns.ts";
import { held, isQuiet, operand, own, used, value } from "./lowerExpressions.ts";
import { place, placeOrValue } from "./lowerPlaces.ts";
import { emitCall, operatorCall, overloadedIndexOf } from "./lowerCalls.ts";
import type { Lowering } from "./lowering.ts";
import { Root, Way, fieldStep, noPath, variantStep, type PathId } from "./paths.ts";

/** A block, its value into `to`. */
export function lowerBlock(l: Lowering, n: Node, to: PathId): void {
  l.enterScope();
  statements(l, n, to);
  l.leaveScope(n);
}

/** A block's statements in a scope that the caller opened. */
export function statements(l: Lowering, n: Node, to: PathId): void {
  const { ast } = l.c;
  const list = ast.statements(n);
  for (let i = 0; i < ast.length(list) && l.block >= 0; i++) statement(l, ast.item(list, i));
  const result = ast.result(n);
  if (result === 0 || l.block < 0) return;
  if (to === noPath) {
    dropped(l, result);
    return;
  }
  const from = l.temporaries.length;
  value(l, result, to);
  l.endTemporaries(from, result);
}

export function statement(l: Lowering, n: Node): void {
  const { ast, program } = l.c;
  switch (ast.kind[n]) {
    case Kind.ExpressionStatement:
      dropped(l, ast.operand(n));
      return;
    case Kind.Let:
      lowerLet(l, n);
      return;
    case Kind.Defer:
      lowerDefer(l, n);
      return;
    case Kind.CompileIfStatement: {
      const m = program.meaningOf(n);
      if (meaningKind(m) === MeaningKind.Node) {
        lowerBlock(l, meaningIndex(m) as Node, noPath);
        return;
      }
      const otherwise = ast.elseBlock(n);
      if (otherwise !== 0) statement(l, otherwise);
      return;
    }
    case Kind.Error:
      return;
    default:
      dropped(l, n);
  }
}

/** An expression whose value nobody uses. */
export function dropped(l: Lowering, n: Node): void {
  const from = l.temporaries.length;
  const type = l.c.program.typeOf(n);
  const isBlock = l.c.ast.kind[n] === Kind.Block || l.c.ast.kind[n] === Kind.If || l.c.ast.kind[n] === Kind.Match;
  if (!isBlock && l.facts.isTracked(type)) own(l, n, l.temporary(type, n));
  else own(l, n, noPath);
  l.endTemporaries(from, n);
}

function lowerLet(l: Lowering, n: Node): void {
  const { ast, program } = l.c;
  const pattern = ast.pattern(n);
  const initialiser = ast.initialiser(n);
  const otherwise = ast.letElse(n);
  const from = l.temporaries.length;
  if (ast.kind[pattern] === Kind.BindingPattern && ast.subpattern(pattern) === 0) {
    const local = meaningIndex(program.meaningOf(pattern)) as LocalId;
    if (initialiser === 0) {
      if (!l.isPlain(local)) l.declare(local, pattern);
      return;
    }
    if (l.isPlain(local)) {
      value(l, initialiser, noPath);
    } else {
      // The name means the new local only behind the statement, which an outer one of that name does not mind: they are different locals.
      const to = l.local(local);
      l.emit(Op.init, to, 0, pattern);
      value(l, initialiser, l.facts.isTracked(program.localType(local)) ? to : noPath);
      // Its life begins behind the temporaries that it borrows.
      extend(l, initialiser, from);
      l.scopes[l.scopes.length - 1]?.items.push(to);
    }
    l.endTemporaries(from, n);
    return;
  }
  if (initialiser === 0) return;
  if (ast.kind[pattern] === Kind.WildcardPattern) {
    // A place is not even moved.
    const type = program.typeOf(initialiser);
    if (isPlain(l, initialiser)) placeOrValue(l, initialiser);
    else value(l, initialiser, l.facts.isTracked(type) ? l.temporary(type, initialiser) : noPath);
    extend(l, initialiser, from);
    l.endTemporaries(from, n);
    return;
  }
  const wanted = program.wantedOf(initialiser);
  const subject = wanted === 0 ? placeOrValue(l, initialiser) : operand(l, initialiser);
  if (otherwise === 0) extend(l, initialiser, from);
  if (otherwise !== 0) {
    const fails = l.newBlock();
    const matches = l.newBlock();
    testPattern(l, pattern, subject);
    l.edge(fails);
    l.jump(matches);
    l.startBlock(fails);
    lowerBlock(l, otherwise, noPath);
    l.startBlock(matches);
  }
  bindPattern(l, pattern, subject);
  if (subject !== noPath && l.flow.paths.kindOf(l.flow.paths.rootOf(subject)) === Root.temporary) {
    // What is dropped ends with the statement all the same, as irgen has it.
    for (const path of l.temporaries.slice(from)) if (!l.facts.needsDrop(l.flow.paths.typeOf(path))) l.keepTemporary(path);
  }
  l.endTemporaries(from, n);
}

function isPlain(l: Lowering, n: Node): boolean {
  const kind = l.c.ast.kind[l.c.ast.withoutParentheses(n)];
  return kind === Kind.Name || kind === Kind.Field || kind === Kind.TupleField || kind === Kind.Index;
}

/** What a `let` borrows of a temporary directly lives as long as the variable. */
function extend(l: Lowering, initialiser: Node, from: number): void {
  if (borrowsDirectly(l.c.ast, l.c.program, initialiser)) keepAll(l, from);
}

function keepAll(l: Lowering, from: number): void {
  for (const path of l.temporaries.slice(from)) l.keepTemporary(path);
}

function lowerDefer(l: Lowering, n: Node): void {
  const expression = l.c.ast.operand(n);
  l.addDefer(n, expression, namedLocals(l, expression));
}

/** Locals that are named within a node. */
function namedLocals(l: Lowering, n: Node): LocalId[] {
  const { ast, program } = l.c;
  const found: LocalId[] = [];
  const start = ast.start[n] as number;
  const end = ast.end[n] as number;
  for (let at: number = n; at > 0 && (ast.start[at] as number) >= start && (ast.end[at] as number) <= end; at--) {
    if (ast.kind[at] !== Kind.Name) continue;
    const m = program.meaningOf(at as Node);
    if (meaningKind(m) === MeaningKind.Local) found.push(meaningIndex(m) as LocalId);
  }
  return found;
}

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

export function lowerReturn(l: Lowering, n: Node): void {
  const { ast } = l.c;
  const result = ast.operand(n);
  if (result !== 0) {
    const from = l.temporaries.length;
    if (l.flow.result !== noPath) l.emit(Op.init, l.flow.result, 0, n);
    value(l, result, l.flow.result);
    l.endTemporaries(from, n);
  }
  leaveFunction(l, n);
}

/** All scopes close, and the function ends. */
export function leaveFunction(l: Lowering, n: Node): void {
  if (l.block < 0) return;
  l.closeScopes(0, n, true);
  l.emit(Op.exit, 0, 0, n);
  l.closeBlock();
}

function target(l: Lowering, n: Node): (typeof l.loops)[number] | undefined {
  const m = l.c.program.meaningOf(n);
  const node = meaningIndex(m) as Node;
  for (let i = l.loops.length - 1; i >= 0; i--) if (l.loops[i]?.node === node) return l.loops[i];
  return undefined;
}

export function lowerBreak(l: Lowering, n: Node): void {
  const loop = target(l, n);
  const result = l.c.ast.operand(n);
  if (result !== 0 && loop !== undefined) {
    if (loop.into !== noPath) value(l, result, loop.into);
    else dropped(l, result);
  }
  if (loop === undefined || l.block < 0) {
    l.closeBlock();
    return;
  }
  l.closeScopes(loop.depth, n, true);
  loop.isLeft ||= l.block >= 0;
  l.jump(loop.breakBlock);
}

export function lowerContinue(l: Lowering, n: Node): void {
  const loop = target(l, n);
  if (loop === undefined || l.block < 0) {
    l.closeBlock();
    return;
  }
  l.closeScopes(loop.depth, n, true);
  l.jump(loop.continueBlock);
}

/** The operand of `?`, `!` and `??`, which is taken apart: a place stays where it is as far as it is copied. */
function subjectOf(l: Lowering, n: Node): PathId {
  const wanted = l.c.program.wantedOf(n);
  if (wanted !== 0) return operand(l, n);
  return placeOrValue(l, n);
}

/** Number of the variant that goes on, and of the one that leaves; their types. */
function wayOn(l: Lowering, type: TypeId): { readonly good: number; readonly goodType: TypeId; readonly badType: TypeId } {
  const { types } = l.c;
  return types.kindOf(type) === TypeKind.Result
    ? { good: 0, goodType: types.inner(type), badType: types.errorType(type) }
    : { good: 1, goodType: types.inner(type), badType: T.void };
}

/** Takes the value out of a `?T` or Result at `subject`. */
export function takePayload(l: Lowering, subject: PathId, to: PathId, n: Node): void {
  if (subject === noPath) return;
  const at = l.throughReferences(subject);
  const { good, goodType } = wayOn(l, l.flow.paths.typeOf(at));
  l.emit(Op.read, 0, l.accessible(at), n, StatementFlag.shallow);
  l.take(l.field(at, variantStep(good, 0), goodType), l.facts.isTracked(goodType) ? to : noPath, n);
}

export function lowerTry(l: Lowering, n: Node, to: PathId): void {
  tryWith(l, n, subjectOf(l, l.c.ast.operand(n)), to);
}

/** `?` on what is at `subject`. */
export function tryWith(l: Lowering, n: Node, subject: PathId, to: PathId): void {
  if (l.block < 0) return;
  const goesOn = l.newBlock();
  const leaves = l.newBlock();
  l.edge(leaves);
  l.jump(goesOn);
  l.startBlock(leaves);
  if (l.flow.result !== noPath) l.emit(Op.init, l.flow.result, 0, n);
  if (subject !== noPath) {
    const at = l.throughReferences(subject);
    const { badType } = wayOn(l, l.flow.paths.typeOf(at));
    if (badType !== T.void) {
      const result = l.flow.result;
      const resultType = l.flow.definition.result;
      const isResult = result !== noPath && l.c.types.kindOf(resultType) === TypeKind.Result && l.facts.holds(l.c.types.errorType(resultType));
      const to = isResult && l.facts.isTracked(badType) ? l.field(result, variantStep(1, 0), l.c.types.errorType(resultType)) : noPath;
      const m = l.c.program.meaningOf(n);
      const converter = meaningKind(m) === MeaningKind.Definition ? l.c.definition(meaningIndex(m)) : undefined;
      if (converter?.kind === "function") {
        // `From.from` makes the caller's error of it.
        const argument = l.facts.isTracked(badType) ? l.temporary(badType, n) : noPath;
        l.take(l.field(at, variantStep(1, 0), badType), argument, n);
        emitCall(l, { node: n, callee: converter, rule: "summary", args: [argument], parameters: converter.parameters, result: l.c.types.errorType(resultType) }, to);
      } else {
        l.take(l.field(at, variantStep(1, 0), badType), to, n);
      }
    }
  }
  leaveFunction(l, n);
  l.startBlock(goesOn);
  takePayload(l, subject, to, n);
}

export function lowerUnwrap(l: Lowering, n: Node, to: PathId): void {
  takePayload(l, subjectOf(l, l.c.ast.operand(n)), to, n);
}

/** Installs what the scopes need of this file. */
export function installDefers(l: Lowering): void {
  l.runDeferred = (n) => {
    const was = l.inDefer;
    l.inDefer = true;
    dropped(l, n);
    l.inDefer = was;
  };
}
