/** Blocks, statements, `let`, `defer`, `return`, and `if` as statement and expression. */

import { borrowsDirectly } from "../check/temporaries.ts";
import { T, TypeKind, type TypeId } from "../check/types.ts";
import type { Block, Value } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { bindsNames, emitConditionChain, makesTemporaries } from "./conditions.ts";
import { emit, emitEffect, emitInto, emitPlace, finalType } from "./dispatch.ts";
import { leaveFunction, returnFrom } from "./exits.ts";
import { register, registerMemory } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { commitMoves, dropUnfinished, endTemporaries, enterScope, keepTemporaries, leaveScope, ownLocal, ownTemporary, ownedAt, runCleanups, taken, temporariesMark, type Cleanup, type Owned } from "./owned.ts";
import { bindPattern, matchPattern } from "./patterns.ts";
import { isPlace } from "./places.ts";
import { subjectAt, subjectOfValue } from "./subject.ts";
import { Shape } from "./shape.ts";
import { meaningIndex } from "../check/checkedProgram.ts";
import type { LocalId } from "../check/definitions.ts";

register({
  [Kind.Block]: (g, n) => blockValue(g, n),
  [Kind.ExpressionStatement]: (g, n) => {
    emitEffect(g, g.ast.operand(n));
    return 0 as Value;
  },
  [Kind.Let]: letStatement,
  [Kind.Defer]: (g, n) => {
    (g.frame.scopes[g.frame.scopes.length - 1] as Cleanup[]).push(g.ast.operand(n));
    return 0 as Value;
  },
  [Kind.CompileIfStatement]: compileIf,
  [Kind.Return]: returnStatement,
  [Kind.If]: (g, n) => ifValue(g, n),
  [Kind.Error]: () => {
    throw new Error("irgen/blocks: a node with an error came through the checker");
  },
});

registerMemory({
  [Kind.Block]: (g, n, pointer, offset) => blockInto(g, n, pointer, offset),
  [Kind.If]: (g, n, pointer, offset) => ifInto(g, n, pointer, offset),
});

// ── blocks ──

function emitStatements(g: Generator, n: Node): void {
  const statements = g.ast.statements(n);
  const count = g.ast.length(statements);
  for (let i = 0; i < count && g.reachable; i++) {
    const mark = temporariesMark(g);
    emit(g, g.ast.item(statements, i));
    endTemporaries(g, mark);
  }
}

/** A block for its effects. */
export function emitBlock(g: Generator, n: Node): void {
  enterScope(g);
  emitStatements(g, n);
  emitEffect(g, g.ast.result(n));
  leaveScope(g);
}

function blockValue(g: Generator, n: Node): Value {
  const result = g.ast.result(n);
  enterScope(g);
  emitStatements(g, n);
  if (result === 0) {
    leaveScope(g);
    return g.nothing(g.program.typeOf(n));
  }
  if (g.program.typeOf(n) === T.void) {
    emitEffect(g, result);
    leaveScope(g);
    return 0 as Value;
  }
  const value = emit(g, result);
  const { second } = g;
  taken(g, result);
  leaveScope(g);
  g.second = second;
  return value;
}

function blockInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  const result = g.ast.result(n);
  enterScope(g);
  emitStatements(g, n);
  if (result !== 0) emitInto(g, result, pointer, offset);
  leaveScope(g);
}

// ── if ──

/** Merges values at the end of branches: parameters of a block for Scalars and Pairs. */
export class Merge {
  readonly done: Block;
  private readonly g: Generator;
  private readonly type: TypeId;
  private readonly first: Value;
  private readonly secondParam: Value;

  constructor(g: Generator, type: TypeId) {
    this.g = g;
    this.type = type;
    const { b } = g;
    this.done = b.block();
    const shape = g.shapes.of(type);
    this.first = shape === Shape.Scalar || shape === Shape.Pair ? b.f.addParam(this.done, shape === Shape.Pair ? Type.ptr : g.shapes.scalar(type), b.position) : (0 as Value);
    this.secondParam = shape === Shape.Pair ? b.f.addParam(this.done, g.shapes.second(type), b.position) : (0 as Value);
  }

  /** Ends a branch with its value. */
  arrive(value: Value, second: Value): void {
    const shape = this.g.shapes.of(this.type);
    this.g.jump(this.done, shape === Shape.Scalar ? [value] : shape === Shape.Pair ? [value, second] : undefined);
  }

  /** Continues after all branches, with the merged value. */
  finish(): Value {
    const { g } = this;
    g.b.seal(this.done);
    g.startBlock(this.done);
    if (!g.reachable) return g.nothing(this.type);
    g.second = this.secondParam;
    return this.first;
  }
}

function ifValue(g: Generator, n: Node): Value {
  const merge = new Merge(g, g.program.typeOf(n));
  ifBranches(g, n, merge.done, (branch, end) => {
    const value = emit(g, branch);
    const { second } = g;
    end();
    merge.arrive(value, second);
  });
  return merge.finish();
}

function ifInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  const { b } = g;
  const done = b.block();
  ifBranches(g, n, done, (branch, end) => {
    emitInto(g, branch, pointer, offset);
    end();
    g.jump(done);
  });
  b.seal(done);
  g.startBlock(done);
}

const nothing = (): void => {};

/**
 * Emits each branch by `arrive`, which jumps to `done` when it has called what it is given: the end of what the condition made. A chain of
 * else-ifs is walked, not recursed into.
 */
function ifBranches(g: Generator, n: Node, done: Block, arrive: (branch: Node, end: () => void) => void): void {
  const { ast, b } = g;
  for (let at = n; ; ) {
    const yes = b.block();
    const otherwise = ast.elseBlock(at);
    const condition = ast.condition(at);
    const temporaries = makesTemporaries(g, condition);
    const no = otherwise === 0 && !temporaries ? done : b.block();
    // What a pattern binds may refer to what the condition made: it then lasts as long as the branch.
    const binds = bindsNames(g, condition);
    let made: readonly Cleanup[] = [];
    const mark = temporariesMark(g);
    if (binds) enterScope(g);
    emitConditionChain(g, condition, yes, no);
    b.seal(yes);
    g.startBlock(yes);
    let ended: readonly Cleanup[] = [];
    if (!binds && temporaries) {
      endTemporaries(g, mark, true);
      // They are no matter of what leaves the branch.
      ended = (g.frame.scopes[g.frame.scopes.length - 1] ?? []).splice(mark);
    }
    if (binds) made = (g.frame.scopes[g.frame.scopes.length - 1] as Cleanup[]).slice();
    arrive(ast.thenBlock(at), binds ? () => leaveScope(g) : nothing);
    if (no === done) return;
    b.seal(no);
    g.startBlock(no);
    if (ended.length > 0) (g.frame.scopes[g.frame.scopes.length - 1] ?? []).splice(mark, 0, ...ended);
    if (binds) dropUnfinished(g, made);
    else endTemporaries(g, mark);
    if (otherwise === 0) {
      g.jump(done);
      return;
    }
    const chained = ast.kind[otherwise] === Kind.If && (g.program.wantedOf(otherwise) === 0 || g.program.wantedOf(otherwise) === g.program.typeOf(otherwise));
    if (!chained) {
      arrive(otherwise, nothing);
      return;
    }
    at = otherwise;
  }
}

function compileIf(g: Generator, n: Node): Value {
  // The checker left only the branch that is taken: the other has no types and is marked by a condition of 0 or 1.
  const taken = g.program.typeOf(g.ast.condition(n)) === T.bool && g.program.meaningOf(n) !== 0 ? g.ast.thenBlock(n) : g.ast.elseBlock(n);
  if (taken !== 0) {
    if (g.ast.kind[taken] === Kind.CompileIfStatement) emit(g, taken);
    else emitBlock(g, taken);
  }
  return 0 as Value;
}

// ── let ──

function letStatement(g: Generator, n: Node): Value {
  const { ast } = g;
  const pattern = ast.pattern(n);
  const value = ast.initialiser(n);
  const otherwise = ast.letElse(n);
  if (value === 0) return 0 as Value;
  const type = finalType(g, value);
  if (otherwise !== 0) {
    const { b } = g;
    const fail = b.block();
    const mark = temporariesMark(g);
    matchValueOf(g, pattern, value, fail);
    const done = b.block();
    g.jump(done);
    b.seal(fail);
    g.startBlock(fail);
    // Where nothing was bound there is nothing to drop but what the value was made of.
    const scope = g.frame.scopes[g.frame.scopes.length - 1] as Cleanup[];
    const all = scope.slice();
    const temporaries = all.slice(mark).filter((cleanup) => typeof cleanup === "object" && cleanup.temporary);
    scope.splice(mark, scope.length, ...temporaries);
    emitEffect(g, otherwise);
    g.unreachable();
    scope.splice(0, scope.length, ...all);
    b.seal(done);
    g.startBlock(done);
    return 0 as Value;
  }
  const mark = temporariesMark(g);
  bindInitialiser(g, pattern, value, type);
  // What is borrowed where it is made lives as long as the variable.
  if (g.frame.scopes.length > 0 && borrowsDirectly(ast, g.program, value)) keepTemporaries(g, mark);
  return 0 as Value;
}

function bindInitialiser(g: Generator, pattern: Node, value: Node, type: TypeId): void {
  const { ast, program } = g;
  // A plain name of a Memory type is built where it lives.
  if (ast.kind[pattern] === Kind.BindingPattern && ast.subpattern(pattern) === 0 && g.shapes.of(type) === Shape.Memory) {
    const local = meaningIndex(program.meaningOf(pattern)) as LocalId;
    const address = g.locals.declareSlot(local);
    emitInto(g, value, address, 0);
    ownLocal(g, local);
    return;
  }
  if (g.shapes.of(type) === Shape.Memory) {
    // A pattern may bind parts by reference, so it looks at the place itself where there is one.
    const here = isPlace(g, value) && program.wantedOf(value) === 0;
    const pointer = here ? emitPlace(g, value) : copied(g, value, type);
    const address = g.addressAt(pointer, g.offset);
    g.frame.matched = here ? ownedAt(g, value) : ownTemporary(g, type, address);
    bindPattern(g, pattern, subjectAt(type, address));
    commitMoves(g);
    return;
  }
  if (ast.kind[pattern] === Kind.WildcardPattern && g.needsDrop(type)) {
    emitEffect(g, value);
    return;
  }
  const first = emit(g, value);
  const { second } = g;
  taken(g, value);
  if (g.reachable) bindPattern(g, pattern, subjectOfValue(type, first, second));
}

function copied(g: Generator, value: Node, type: TypeId): Value {
  const address = g.temporary(type);
  emitInto(g, value, address, 0);
  g.offset = 0;
  return address;
}

/** Tests and binds the value of an expression; control goes to `fail` where it does not match. */
export function matchValueOf(g: Generator, pattern: Node, value: Node, fail: Block): void {
  const type = finalType(g, value);
  g.frame.matched = undefined;
  // What is to be dropped, and is nobody's, gets a place and an owner.
  if (g.shapes.of(type) === Shape.Memory || g.needsDrop(type) || (isPlace(g, value) && g.program.wantedOf(value) === 0)) {
    const pointer = emitPlaceOfFinal(g, value, type);
    const offset = g.offset;
    g.frame.matched = ownerOf(g, value);
    if (g.reachable) matchPattern(g, pattern, subjectAt(type, g.addressAt(pointer, offset)), fail);
    commitMoves(g);
    return;
  }
  const first = emit(g, value);
  const { second } = g;
  taken(g, value);
  if (g.reachable) matchPattern(g, pattern, subjectOfValue(type, first, second), fail);
  commitMoves(g);
}

/** The place of an expression, or of its converted value in a temporary. */
export function emitPlaceOfFinal(g: Generator, value: Node, type: TypeId): Value {
  const wanted = g.program.wantedOf(value);
  g.frame.made = undefined;
  if (wanted === 0 || wanted === g.program.typeOf(value)) return emitPlace(g, value);
  const pointer = copied(g, value, type);
  g.frame.made = ownTemporary(g, type, pointer);
  return pointer;
}

/** Who owns the value whose place was just emitted: a local or a part of one, or the temporary that it was put into. */
export function ownerOf(g: Generator, value: Node): Owned | undefined {
  const wanted = g.program.wantedOf(value);
  const here = isPlace(g, value) && (wanted === 0 || wanted === g.program.typeOf(value));
  return here ? ownedAt(g, value) : g.frame.made;
}

// ── return ──

function returnStatement(g: Generator, n: Node): Value {
  returnValue(g, g.ast.operand(n));
  return 0 as Value;
}

/** Evaluates, runs what is deferred, returns. */
export function returnValue(g: Generator, value: Node): void {
  const type = g.frame.resultType;
  const shape = g.shapes.of(type);
  if (value === 0 || shape === Shape.Void) {
    emitEffect(g, value);
    leaveFunction(g, type, 0 as Value, 0 as Value);
    return;
  }
  if (shape === Shape.Memory) {
    if (g.frame.resultAddress !== 0 && g.frame.scopes.every((scope) => scope.length === 0)) {
      emitInto(g, value, g.frame.resultAddress, 0);
      // Temporaries of the value itself: of a closure's body that is no block, of what `return` gives.
      runCleanups(g, 0);
      returnFrom(g, type, g.frame.resultAddress);
    } else {
      // What is deferred may still change a variable that the value is read from: build it aside.
      const aside = g.temporary(type);
      emitInto(g, value, aside, 0);
      leaveFunction(g, type, aside, 0 as Value);
    }
    return;
  }
  const first = emit(g, value);
  const { second } = g;
  taken(g, value);
  leaveFunction(g, type, first, second);
}

/** The value of an optional or result's payload is at this offset. */
export function payloadOffset(g: Generator, type: TypeId, variant: number): number {
  const { tag, variants } = g.layouts.of(type);
  return tag?.kind === "niche" ? 0 : ((variants[variant] as readonly number[])[0] ?? 0);
}

/** `?T`, and not a Result. */
export function isOptional(g: Generator, type: TypeId): boolean {
  return g.types.kindOf(type) === TypeKind.Optional;
}

