/** What branches and goes round: if, match, loop, while, `&&`, `||`, `??`. */

import { BinaryOperator, Kind, type Node } from "../../syntax/ast.ts";
import { isConstantBorrow } from "../constantLiterals.ts";
import { hasBindings, bindPattern, movePattern, testPattern } from "./lowerPatterns.ts";
import { isQuiet, operand, used, value } from "./lowerExpressions.ts";
import { placeOrValue } from "./lowerPlaces.ts";
import { dropped, lowerBlock, takePayload } from "./lowerStatements.ts";
import type { Lowering } from "./lowering.ts";
import { Root, Way, noPath, type PathId } from "./paths.ts";

/**
 * A condition: goes on where it holds, with what its patterns bind; `otherwise` is where it leads if not. A plain condition's temporaries end
 * before the branch; those that a pattern takes apart stay until the whole is left.
 */
export function condition(l: Lowering, n: Node, otherwise: number): void {
  const { ast } = l.c;
  if (l.block < 0) return;
  if (ast.kind[n] === Kind.LetCondition) {
    const subject = subjectOf(l, ast.conditionValue(n));
    const matches = l.newBlock();
    testPattern(l, ast.pattern(n), subject);
    l.edge(otherwise);
    l.jump(matches);
    l.startBlock(matches);
    bindPattern(l, ast.pattern(n), subject);
    return;
  }
  if (ast.kind[n] === Kind.Binary && ast.operator(n) === BinaryOperator.LogicalAnd) {
    condition(l, ast.left(n), otherwise);
    condition(l, ast.right(n), otherwise);
    return;
  }
  const from = l.temporaries.length;
  value(l, n, noPath);
  l.endTemporaries(from, n);
  const holds = l.newBlock();
  l.edge(otherwise);
  if (l.block < 0) return;
  l.jump(holds);
  l.startBlock(holds);
}

function subjectOf(l: Lowering, n: Node): PathId {
  return l.c.program.wantedOf(n) === 0 ? placeOrValue(l, n) : operand(l, n);
}

export function lowerIf(l: Lowering, n: Node, to: PathId): void {
  const { ast } = l.c;
  const after = l.newBlock();
  let isReached = false;
  const from = l.temporaries.length;
  let at = n;
  for (;;) {
    if (l.block < 0) break;
    const otherwise = l.newBlock();
    l.enterScope();
    condition(l, ast.condition(at), otherwise);
    branch(l, ast.thenBlock(at), to);
    l.leaveScope(at);
    isReached ||= l.block >= 0;
    l.jump(after);
    l.startBlock(otherwise);
    const next = ast.elseBlock(at);
    if (next === 0) break;
    if (ast.kind[next] === Kind.If) {
      at = next;
      continue;
    }
    branch(l, next, to);
    break;
  }
  isReached ||= l.block >= 0;
  l.jump(after);
  l.join(after, isReached);
  if (l.block >= 0) l.endTemporaries(from, n);
  else l.temporaries.length = from;
}

/** A branch's block, converted as the whole is. */
function branch(l: Lowering, n: Node, to: PathId): void {
  if (to === noPath) dropped(l, n);
  else value(l, n, to);
}

export function lowerMatch(l: Lowering, n: Node, to: PathId): void {
  const { ast } = l.c;
  const arms = ast.arms(n);
  const from = l.temporaries.length;
  const subject = subjectOf(l, ast.scrutinee(n));
  const after = l.newBlock();
  let isReached = false;
  const length = ast.length(arms);
  for (let i = 0; i < length && l.block >= 0; i++) {
    const arm = ast.item(arms, i);
    const next = i + 1 < length ? l.newBlock() : -1;
    testPattern(l, ast.pattern(arm), subject);
    if (next >= 0) {
      l.edge(next);
      const matches = l.newBlock();
      l.jump(matches);
      l.startBlock(matches);
    }
    l.enterScope();
    const guard = ast.guard(arm);
    const outer = guard === 0 ? [] : [...l.guarded];
    const isMoved = guard !== 0 && hasBindings(l, ast.pattern(arm));
    bindPattern(l, ast.pattern(arm), subject, isMoved);
    if (guard !== 0) {
      const fails = l.newBlock();
      const kept = keptWhileGuarded(l, subject, ast.scrutinee(n), guard);
      condition(l, guard, fails);
      for (const path of kept) used(l, path, guard);
      l.guarded.clear();
      for (const local of outer) l.guarded.add(local);
      const holds = l.block;
      // What was bound ends when the guard fails.
      l.closeBlock();
      l.startBlock(fails);
      for (const path of kept) used(l, path, guard);
      l.closeScopes(l.scopes.length - 1, guard);
      if (next >= 0) l.jump(next);
      else l.closeBlock();
      if (holds >= 0) {
        const goesOn = l.newBlock();
        l.flow.addEdge(holds, goesOn);
        l.startBlock(goesOn);
        if (isMoved) movePattern(l, ast.pattern(arm), subject);
      }
    }
    branch(l, ast.armBody(arm), to);
    l.leaveScope(arm);
    isReached ||= l.block >= 0;
    l.jump(after);
    if (next >= 0) l.startBlock(next);
  }
  l.join(after, isReached);
  if (l.block >= 0) l.endTemporaries(from, n);
  else l.temporaries.length = from;
}

/** While a guard runs what is matched stays as it is: the arm's body, and the arms behind it, go by what was seen. What bindings may change stays through them. */
function keptWhileGuarded(l: Lowering, subject: PathId, scrutinee: Node, guard: Node): readonly PathId[] {
  const { paths } = l.flow;
  if (subject === noPath || l.block < 0 || isQuiet(l, guard)) return [];
  const bound = (l.scopes[l.scopes.length - 1]?.items ?? []).map((item) => item as PathId).filter((item) => item > 0 && l.facts.isMutableBorrow(paths.typeOf(item)));
  if (bound.length > 0) return bound;
  const at = l.throughReferences(subject);
  if (!l.facts.isTracked(paths.typeOf(at)) || paths.goes(at, Way.raw) || (at === subject && paths.kindOf(at) === Root.temporary)) return [];
  const to = l.temporary(l.c.types.reference(paths.typeOf(at), false), scrutinee);
  l.borrow(at, false, to, scrutinee);
  return [to];
}

export function lowerLoop(l: Lowering, n: Node, to: PathId): void {
  const head = l.newBlock();
  const after = l.newBlock();
  l.jump(head);
  l.startBlock(head);
  l.loops.push({ node: n, continueBlock: head, breakBlock: after, depth: l.scopes.length, into: to, isLeft: false });
  const loop = l.loops[l.loops.length - 1];
  lowerBlock(l, l.c.ast.body(n), noPath);
  l.loops.pop();
  l.jump(head);
  l.join(after, loop?.isLeft === true);
}

export function lowerWhile(l: Lowering, n: Node): void {
  const { ast } = l.c;
  const head = l.newBlock();
  const after = l.newBlock();
  const fails = l.newBlock();
  l.jump(head);
  l.startBlock(head);
  const from = l.temporaries.length;
  const depth = l.scopes.length;
  l.enterScope();
  condition(l, ast.condition(n), fails);
  // Temporaries of the condition end when the body does, on each way.
  const held = l.temporaries.slice(from);
  const scope = l.scopes[l.scopes.length - 1];
  scope?.items.unshift(...held);
  l.temporaries.length = from;
  l.loops.push({ node: n, continueBlock: head, breakBlock: after, depth, into: noPath, isLeft: false });
  lowerBlock(l, ast.body(n), noPath);
  l.loops.pop();
  l.leaveScope(n);
  l.jump(head);
  l.startBlock(fails);
  for (const path of held.reverse()) l.die(path, n);
  l.jump(after);
  l.startBlock(after);
}

/** `&&`, `||` and `??`: the right side only sometimes. */
export function lowerLogical(l: Lowering, n: Node, to: PathId): void {
  const { ast } = l.c;
  const isCoalesce = ast.operator(n) === BinaryOperator.Coalesce;
  let subject: PathId = noPath;
  if (isCoalesce) subject = subjectOf(l, ast.left(n));
  else value(l, ast.left(n), noPath);
  if (l.block < 0) return;
  const after = l.newBlock();
  const right = l.newBlock();
  const short = l.newBlock();
  l.edge(right);
  l.jump(short);
  l.startBlock(short);
  if (isCoalesce) takePayload(l, subject, to, ast.left(n));
  l.jump(after);
  l.startBlock(right);
  if (!isCoalesce || !isConstantBorrow(ast, l.c.program, ast.right(n))) value(l, ast.right(n), to);
  l.jump(after);
  l.startBlock(after);
}
