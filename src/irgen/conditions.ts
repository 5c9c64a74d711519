/** Conditions as control flow: `&&`, `||`, `!` and `let` patterns branch instead of computing a bool. */

import type { Block, Value } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import { BinaryOperator as B, Kind, UnaryOperator, type List, type Node } from "../syntax/ast.ts";
import { emit, finalType } from "./dispatch.ts";
import type { Generator } from "./generator.ts";
import { matchCondition } from "./patterns.ts";

/** As `emitCondition`, for a condition that may bind names: in a chain of them, some may be bound when a later one fails. */
export function emitConditionChain(g: Generator, n: Node, yes: Block, no: Block): void {
  const { inChain } = g.frame;
  g.frame.inChain = g.ast.kind[n] === Kind.Binary;
  emitCondition(g, n, yes, no);
  g.frame.inChain = inChain;
}

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
    const { conditional } = g.frame;
    for (let i = terms.length - 1; i > 0; i--) {
      const next = b.block();
      if (operator === B.LogicalAnd) emitCondition(g, terms[i] as Node, next, no);
      else emitCondition(g, terms[i] as Node, yes, next);
      b.seal(next);
      g.startBlock(next);
      g.frame.conditional = conditional + 1;
    }
    emitCondition(g, terms[0] as Node, yes, no);
    g.frame.conditional = conditional;
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

/** A condition that may make values which are dropped when it is decided. Names, numbers and operators on them make none. */
export function makesTemporaries(g: Generator, n: Node): boolean {
  const { ast } = g;
  switch (ast.kind[n]) {
    case Kind.Name: case Kind.Bool: case Kind.Integer: case Kind.Float: case Kind.Char: case Kind.Byte: case Kind.String: case Kind.Nil:
      return false;
    case Kind.Paren: case Kind.Unary: case Kind.Field: case Kind.TupleField: case Kind.Cast:
      return makesTemporaries(g, ast.operand(n));
    case Kind.Binary:
      // Chains of operators lean to the left and may be very long.
      for (let at = n; ; at = ast.left(at)) {
        if (ast.kind[at] !== Kind.Binary) return makesTemporaries(g, at);
        if (makesTemporaries(g, ast.right(at))) return true;
      }
    case Kind.LetCondition:
      return g.needsDrop(finalType(g, ast.conditionValue(n))) || makesTemporaries(g, ast.conditionValue(n));
    case Kind.Index: {
      const list = ast.arguments(n);
      for (let i = 0; i < ast.length(list); i++) if (makesTemporaries(g, ast.item(list, i))) return true;
      return makesTemporaries(g, ast.operand(n));
    }
    default:
      return true;
  }
}

/** A variable may be assigned while `n` is evaluated: a block is in it. */
export function mayAssign(g: Generator, n: Node): boolean {
  const { ast } = g;
  const some = (list: List): boolean => {
    for (let i = 0; i < ast.length(list); i++) if (mayAssign(g, ast.item(list, i))) return true;
    return false;
  };
  switch (ast.kind[n]) {
    case Kind.Block: case Kind.If: case Kind.Match: case Kind.Loop:
      return true;
    case Kind.Paren: case Kind.Unary: case Kind.Field: case Kind.TupleField: case Kind.Cast: case Kind.Try: case Kind.Unwrap: case Kind.FieldInit:
      return mayAssign(g, ast.operand(n));
    case Kind.Binary: case Kind.Pipe: {
      for (let at = n; ; at = ast.left(at)) {
        if (ast.kind[at] !== Kind.Binary && ast.kind[at] !== Kind.Pipe) return mayAssign(g, at);
        if (mayAssign(g, ast.right(at))) return true;
      }
    }
    case Kind.Call:
      return some(ast.arguments(n)) || mayAssign(g, ast.callee(n));
    case Kind.Index:
      return some(ast.arguments(n)) || mayAssign(g, ast.operand(n));
    case Kind.Tuple: case Kind.Array:
      return some(ast.elements(n));
    case Kind.StructLiteral:
      return some(ast.inits(n));
    default:
      return false;
  }
}

/** A `let` is among the parts of the condition. */
export function bindsNames(g: Generator, n: Node): boolean {
  const { ast } = g;
  for (let at = n; ; ) {
    if (ast.kind[at] === Kind.LetCondition) return true;
    if (ast.kind[at] === Kind.Paren) at = ast.operand(at);
    else if (ast.kind[at] === Kind.Binary && ast.operator(at) === B.LogicalAnd) {
      if (bindsNames(g, ast.right(at))) return true;
      at = ast.left(at);
    } else return false;
  }
}
