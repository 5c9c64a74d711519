/** Conditions as control flow: `&&`, `||`, `!` and `let` patterns branch instead of computing a bool. */

import type { Block, Value } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import { BinaryOperator as B, Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { emit } from "./dispatch.ts";
import type { Generator } from "./generator.ts";
import { matchCondition } from "./patterns.ts";

/** Branches to `yes` or `no`. The current block ends. */
export function emitCondition(g: Generator, n: Node, yes: Block, no: Block): void {
  const { ast, b } = g;
  while (ast.kind[n] === Kind.Paren && g.program.wantedOf(n) === 0) n = ast.operand(n);
  if (!g.reachable) return;
  const kind = ast.kind[n];
  if (kind === Kind.LetCondition) {
    matchCondition(g, n, yes, no);
    return;
  }
  if (kind === Kind.Unary && ast.unaryOperator(n) === UnaryOperator.Not) {
    emitCondition(g, ast.operand(n), no, yes);
    return;
  }
  if (kind === Kind.Bool) {
    g.jump(ast.value(n) === 1 ? yes : no);
    return;
  }
  if (kind === Kind.Binary && (ast.operator(n) === B.LogicalAnd || ast.operator(n) === B.LogicalOr)) {
    const operator = ast.operator(n);
    // A chain of one operator leans to the left: walk its spine.
    const terms: Node[] = [ast.right(n)];
    let left = ast.left(n);
    while (ast.kind[left] === Kind.Binary && ast.operator(left) === operator) {
      terms.push(ast.right(left));
      left = ast.left(left);
    }
    terms.push(left);
    for (let i = terms.length - 1; i > 0; i--) {
      const next = b.block();
      if (operator === B.LogicalAnd) emitCondition(g, terms[i] as Node, next, no);
      else emitCondition(g, terms[i] as Node, yes, next);
      b.seal(next);
      g.startBlock(next);
    }
    emitCondition(g, terms[0] as Node, yes, no);
    return;
  }
  const value = emit(g, n);
  g.branch(value, yes, no);
}

/** A condition whose value is wanted: 0 or 1. */
export function emitConditionValue(g: Generator, n: Node): Value {
  const { b } = g;
  const yes = b.block();
  const no = b.block();
  const done = b.block();
  const result = b.f.addParam(done, Type.i8, b.position);
  emitCondition(g, n, yes, no);
  b.seal(yes);
  b.seal(no);
  g.startBlock(yes);
  g.jump(done, [b.f.int(Type.i8, 1)]);
  g.startBlock(no);
  g.jump(done, [b.f.int(Type.i8, 0)]);
  b.seal(done);
  g.startBlock(done);
  return result;
}
