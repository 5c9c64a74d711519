/** The blocks of loops: the head, where it is asked whether there is another turn; the turn; the step, which gets ready for the next; and what comes behind. */

import { ValueFlag, type Block, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { Node } from "../syntax/ast.ts";
import type { Loop } from "./frame.ts";
import type { Generator } from "./generator.ts";
import { beginLoop } from "./owned.ts";

/** A loop around what is emitted next: `break` and `continue` find it until it is popped off `g.frame.loops`. */
export function push(g: Generator, loop: Omit<Loop, "depth">): void {
  beginLoop(g, loop.node);
  g.frame.loops.push({ ...loop, depth: g.frame.scopes.length });
}

/** What a loop does; each part emits its own once, in this order. */
export interface LoopParts {
  /** Whether there is another turn: an i8; 0 where there always is. */
  readonly more: () => Value;
  readonly turn: () => void;
  /** What is done between a turn and the next question, also after `continue`; it may leave by a jump to `done`. Without it, `continue` goes to the question. */
  readonly step?: (done: Block) => void;
}

/** The loop `n`; 0 for one that no `break` or `continue` names. What comes next is emitted behind it. */
export function loopOver(g: Generator, n: Node, { more, turn, step }: LoopParts): void {
  const { b } = g;
  const head = b.block();
  const inside = b.block();
  const before = step === undefined ? head : b.block();
  const done = b.block();
  g.jump(head);
  g.startBlock(head);
  const condition = more();
  if (condition === 0) g.jump(inside);
  else g.branch(condition, inside, done);
  b.seal(inside);
  g.startBlock(inside);
  push(g, { node: n, breakTo: done, continueTo: before, result: 0 as Value });
  turn();
  g.frame.loops.pop();
  if (step !== undefined) {
    g.jump(before);
    b.seal(before);
    g.startBlock(before);
    if (g.reachable) step(done);
  }
  g.jump(head);
  b.seal(head);
  b.seal(done);
  g.startBlock(done);
}

/** What a loop with an index does, as `LoopParts`; `next` gives the index of the turn after this one. */
export interface CountedParts {
  readonly more: (index: Value) => Value;
  readonly turn: (index: Value) => void;
  readonly next: (index: Value, done: Block) => Value;
}

/** The loop `n` of the source over an index that begins at `from`. */
export function countedLoop(g: Generator, n: Node, from: Value, { more, turn, next }: CountedParts): void {
  const { b } = g;
  const at = b.variable(b.f.typeOf(from));
  b.write(at, from);
  let index = from;
  loopOver(g, n, {
    more: () => more((index = b.read(at))),
    turn: () => { turn(index); },
    step: (done) => { b.write(at, next(index, done)); },
  });
}

/** Runs `body` for each index from 0 to below `count` (i64). */
export function forEachElement(g: Generator, count: Value, body: (at: Value) => void): void {
  const { b } = g;
  const at = b.variable(Type.i64);
  b.write(at, b.f.int(Type.i64, 0));
  let index: Value = count;
  loopOver(g, 0 as Node, {
    more: () => b.emit(Op.slt, (index = b.read(at)), count),
    turn: () => {
      if (g.reachable) body(index);
      if (g.reachable) b.write(at, increment(g, index));
    },
  });
}

/** index + 1, which cannot overflow as `flags` say because the index was below some number. */
export function increment(g: Generator, index: Value, flags: number = ValueFlag.noSignedWrap | ValueFlag.noUnsignedWrap): Value {
  const { b } = g;
  const next = b.emit(Op.add, index, b.f.int(b.f.typeOf(index), 1));
  b.f.flags[next] = flags;
  return next;
}
