/** Blocks, declarations, and what leaves: return, break, continue, `?`. */

import { Kind, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { LocalId } from "../definitions.ts";
import { borrowsDirectly } from "../temporaries.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { Op, StatementFlag } from "./flow.ts";
import { noteGiven } from "./lowerGiven.ts";
import { bindPattern, testPattern } from "./lowerPatterns.ts";
import { operand, own, value } from "./lowerExpressions.ts";
import { placeOrValue } from "./lowerPlaces.ts";
import { emitCall } from "./lowerCalls.ts";
import type { Lowering } from "./lowering.ts";
import { Root, noPath, variantStep, type PathId } from "./paths.ts";

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
    noteGiven(l, local, initialiser);
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
