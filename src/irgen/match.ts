/** `match`: a switch on the tag or number where every arm starts with one, else arm after arm. */

import { meaningIndex } from "../check/checkedProgram.ts";
import type { DefinitionId } from "../check/definitions.ts";
import { T, TypeKind, isScalar, type TypeId } from "../check/types.ts";
import type { Block, Value } from "../ir/function.ts";
import { isFloat } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { Merge, emitPlaceOfFinal, ownerOf } from "./blocks.ts";
import { emitCondition, makesTemporaries } from "./conditions.ts";
import { emit, emitEffect, emitInto, finalType } from "./dispatch.ts";
import { register, registerMemory } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { commitMoves, endTemporaries, enterScope, leaveScope, taken, temporariesMark, type Owned } from "./owned.ts";
import { bindPattern, matchPattern } from "./patterns.ts";
import { isPlace } from "./places.ts";
import { Shape } from "./shape.ts";
import { behindReferences, subjectAt, subjectOfValue, tagOf, type Subject } from "./subject.ts";

register({
  [Kind.Match]: (g, n) => {
    const merge = new Merge(g, g.program.typeOf(n));
    const mark = temporariesMark(g);
    arms(g, n, (body) => {
      if (g.program.typeOf(n) === T.void) {
        emitEffect(g, body);
        leaveScope(g);
        merge.arrive(0 as Value, 0 as Value);
        return;
      }
      const value = emit(g, body);
      const { second } = g;
      taken(g, body);
      leaveScope(g);
      merge.arrive(value, second);
    });
    const value = merge.finish();
    const { second } = g;
    endTemporaries(g, mark);
    g.second = second;
    return value;
  },
});

registerMemory({
  [Kind.Match]: (g, n, pointer, offset) => {
    const done = g.b.block();
    const mark = temporariesMark(g);
    arms(g, n, (body) => {
      emitInto(g, body, pointer, offset);
      leaveScope(g);
      g.jump(done);
    });
    g.b.seal(done);
    g.startBlock(done);
    endTemporaries(g, mark);
  },
});

/** What is matched, and who owns it if somebody drops it. */
interface Scrutinee {
  readonly subject: Subject;
  readonly owner: Owned | undefined;
}

/** From this many arms on a switch is made. */
const switchFrom = 4;

/** Tests arm after arm; `finish` emits the body of one in its scope, and ends that. */
function arms(g: Generator, n: Node, finish: (body: Node) => void): void {
  const { ast, b } = g;
  const scrutinee = scrutineeOf(g, ast.scrutinee(n));
  if (!g.reachable) return;
  const list = ast.arms(n);
  const count = ast.length(list);
  if (count >= switchFrom && switchArms(g, n, scrutinee, finish)) return;
  for (let i = 0; i < count && g.reachable; i++) {
    const arm = ast.item(list, i);
    const last = i === count - 1;
    // A match is exhaustive: without a guard the last arm needs no test.
    const guard = ast.guard(arm);
    const next = last && guard === 0 ? (-1 as Block) : b.block();
    enterScope(g);
    g.frame.matched = scrutinee.owner;
    if (next < 0) bindPattern(g, ast.pattern(arm), scrutinee.subject);
    else matchPattern(g, ast.pattern(arm), scrutinee.subject, next);
    if (guard !== 0) {
      const yes = b.block();
      guardCondition(g, guard, yes, next);
      b.seal(yes);
      g.startBlock(yes);
    }
    commitMoves(g);
    finish(ast.armBody(arm));
    if (next < 0) return;
    b.seal(next);
    g.startBlock(next);
  }
  g.unreachable();
}

/** What a guard makes is dropped before its branch; what the pattern binds moves only behind it. */
function guardCondition(g: Generator, guard: Node, yes: Block, no: Block): void {
  if (!makesTemporaries(g, guard)) {
    emitCondition(g, guard, yes, no);
    return;
  }
  const moves = g.frame.moves.splice(0);
  const bound = g.frame.bound.splice(0);
  const { matched } = g.frame;
  enterScope(g);
  const value = emit(g, guard);
  leaveScope(g);
  g.branch(value, yes, no);
  g.frame.moves.push(...moves);
  g.frame.bound.push(...bound);
  g.frame.matched = matched;
}

function scrutineeOf(g: Generator, n: Node): Scrutinee {
  const type = finalType(g, n);
  const wanted = g.program.wantedOf(n);
  // What is to be dropped, and is nobody's, gets a place and an owner.
  if (g.shapes.of(type) === Shape.Memory || g.needsDrop(type) || (isPlace(g, n) && (wanted === 0 || wanted === g.program.typeOf(n)))) {
    const pointer = emitPlaceOfFinal(g, n, type);
    return { subject: subjectAt(type, g.addressAt(pointer, g.offset)), owner: ownerOf(g, n) };
  }
  const value = emit(g, n);
  const { second } = g;
  taken(g, n);
  return { subject: subjectOfValue(type, value, second), owner: undefined };
}

/** The case of an arm's pattern: its number, "any", or undefined where it is not as simple. */
function caseOf(g: Generator, pattern: Node, type: TypeId): bigint | "any" | undefined {
  const { ast } = g;
  switch (ast.kind[pattern]) {
    case Kind.WildcardPattern:
      return "any";
    case Kind.BindingPattern:
      return ast.subpattern(pattern) === 0 ? "any" : undefined;
    case Kind.PathPattern:
    case Kind.VariantPattern: {
      const definition = g.program.definition(meaningIndex(g.program.meaningOf(pattern)) as DefinitionId);
      if (definition.kind === "const") return isScalar(type) && definition.type === type ? definition.value?.integer : undefined;
      if (definition.kind !== "variant") return undefined;
      if (ast.kind[pattern] === Kind.VariantPattern) {
        const parts = ast.subpatterns(pattern);
        for (let i = 0; i < ast.length(parts); i++) {
          const part = ast.item(parts, i);
          const kind = ast.kind[part];
          if (kind !== Kind.WildcardPattern && kind !== Kind.RestPattern && !(kind === Kind.BindingPattern && ast.subpattern(part) === 0)) return undefined;
        }
      }
      return BigInt(definition.index);
    }
    case Kind.LiteralPattern: {
      const value = emit(g, ast.operand(pattern));
      return g.b.f.isConst(value) && isScalar(type) && g.shapes.of(type) === Shape.Scalar && !isFloat(g.shapes.scalar(type)) ? g.b.f.bigOf(value) : undefined;
    }
    default:
      return undefined;
  }
}

/** Emits the arms as a switch; false, with nothing emitted, where they are not as simple. */
function switchArms(g: Generator, n: Node, { subject, owner }: Scrutinee, finish: (body: Node) => void): boolean {
  const { ast, b, types } = g;
  const list = ast.arms(n);
  const count = ast.length(list);
  let type = subject.type;
  while (types.kindOf(type) === TypeKind.Reference) type = types.inner(type);
  if (isScalar(type) && g.layouts.size(type) > 8) return false;
  const isTagged = types.kindOf(type) === TypeKind.Enum || types.kindOf(type) === TypeKind.Optional || types.kindOf(type) === TypeKind.Result;
  if (!isTagged && !(isScalar(type) && g.shapes.of(type) === Shape.Scalar && !isFloat(g.shapes.scalar(type)))) return false;
  // Each arm's cases, first come first served; the arm that takes the rest ends the search.
  const cases: { number: bigint; arm: number }[] = [];
  const seen = new Set<bigint>();
  let otherwise = -1;
  for (let i = 0; i < count && otherwise < 0; i++) {
    const arm = ast.item(list, i);
    if (ast.guard(arm) !== 0) return false;
    const pattern = ast.pattern(arm);
    const alternatives = ast.kind[pattern] === Kind.OrPattern ? Array.from({ length: ast.length(ast.elements(pattern)) }, (_, k) => ast.item(ast.elements(pattern), k)) : [pattern];
    for (const alternative of alternatives) {
      if (alternatives.length > 1 && (ast.kind[alternative] === Kind.VariantPattern || ast.kind[alternative] === Kind.BindingPattern)) return false;
      const found = caseOf(g, alternative, type);
      if (found === undefined) return false;
      if (found === "any") otherwise = i;
      else if (!seen.has(found)) {
        seen.add(found);
        cases.push({ number: found, arm: i });
      }
    }
  }
  // The number to switch on.
  const { value, inMemory } = behindReferences(g, subject);
  const number = isTagged ? tagOf(g, type, value, inMemory) : inMemory ? g.loadValue(type, value, 0) : value;
  const blocks = Array.from({ length: count }, () => b.block());
  let rest: Block;
  if (otherwise >= 0) rest = blocks[otherwise] as Block;
  else rest = b.block();
  b.switch(number, cases.map(({ number: key, arm }) => ({
    low: Number(BigInt.asIntN(32, key)),
    high: Number(BigInt.asIntN(32, key >> 32n)),
    target: blocks[arm] as Block,
  })), rest);
  g.reachable = false;
  for (let i = 0; i < count; i++) {
    const arm = ast.item(list, i);
    const block = blocks[i] as Block;
    b.seal(block);
    g.startBlock(block);
    if (!g.reachable) continue;
    enterScope(g);
    const pattern = ast.pattern(arm);
    g.frame.matched = owner;
    if (ast.kind[pattern] !== Kind.OrPattern) bindPattern(g, pattern, subject);
    commitMoves(g);
    finish(ast.armBody(arm));
  }
  if (otherwise < 0) {
    b.seal(rest);
    g.startBlock(rest);
    g.unreachable();
  }
  return true;
}
