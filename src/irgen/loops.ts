/** `loop`, `while`, `break` and `continue` (`for` is in forLoops.ts). */

import type { TypeId } from "../check/types.ts";
import type { Block, Value } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { emitBlock } from "./blocks.ts";
import { bindsNames, emitConditionChain, makesTemporaries } from "./conditions.ts";
import { emit, emitInto } from "./dispatch.ts";
import { register, registerMemory } from "./emitters.ts";
import { dropUnfinished, endTemporaries, enterScope, leaveScope, runCleanups, taken, type Cleanup } from "./owned.ts";
import { push } from "./loopBlocks.ts";
import { Shape } from "./shape.ts";
import type { Loop } from "./frame.ts";
import type { Generator } from "./generator.ts";
import { meaningIndex } from "../check/checkedProgram.ts";

register({ [Kind.Loop]: loopValue, [Kind.While]: whileLoop, [Kind.Break]: breakLoop, [Kind.Continue]: continueLoop });
registerMemory({ [Kind.Loop]: (g, n, pointer, offset) => { loopInto(g, n, g.addressAt(pointer, offset)); } });

function loopValue(g: Generator, n: Node): Value {
  const type = g.program.typeOf(n);
  const shape = g.shapes.of(type);
  const done = loopInto(g, n, 0 as Value, shape === Shape.Scalar || shape === Shape.Pair ? type : 0 as TypeId);
  if (shape === Shape.Scalar) return g.reachable ? g.b.f.param(done, 0) : g.nothing(type);
  if (shape === Shape.Pair) {
    if (!g.reachable) return g.nothing(type);
    g.second = g.b.f.param(done, 1);
    return g.b.f.param(done, 0);
  }
  return 0 as Value;
}

/** `loop { }`. Its value goes to the parameters of the block after it, or to the address `into`. */
function loopInto(g: Generator, n: Node, into: Value, type: TypeId | 0 = 0): Block {
  const { b, ast } = g;
  const head = b.block();
  const done = b.block();
  if (type !== 0) {
    const shape = g.shapes.of(type);
    b.f.addParam(done, shape === Shape.Pair ? Type.ptr : g.shapes.scalar(type), b.position);
    if (shape === Shape.Pair) b.f.addParam(done, g.shapes.second(type), b.position);
  }
  g.jump(head);
  g.startBlock(head);
  push(g, { node: n, breakTo: done, continueTo: head, result: into });
  emitBlock(g, ast.body(n));
  g.frame.loops.pop();
  g.jump(head);
  b.seal(head);
  b.seal(done);
  g.startBlock(done);
  return done;
}

function whileLoop(g: Generator, n: Node): Value {
  const { b, ast } = g;
  const head = b.block();
  const inside = b.block();
  const done = b.block();
  const condition = ast.condition(n);
  const binds = bindsNames(g, condition);
  const temporaries = makesTemporaries(g, condition);
  const no = binds || temporaries ? b.block() : done;
  g.jump(head);
  g.startBlock(head);
  push(g, { node: n, breakTo: done, continueTo: head, result: 0 as Value });
  enterScope(g);
  emitConditionChain(g, condition, inside, no);
  b.seal(inside);
  g.startBlock(inside);
  const made = (g.frame.scopes[g.frame.scopes.length - 1] as Cleanup[]).slice();
  if (!binds) endTemporaries(g, 0);
  emitBlock(g, ast.body(n));
  leaveScope(g);
  g.frame.loops.pop();
  g.jump(head);
  b.seal(head);
  if (no !== done) {
    b.seal(no);
    g.startBlock(no);
    dropUnfinished(g, made);
    g.jump(done);
  }
  b.seal(done);
  g.startBlock(done);
  return 0 as Value;
}

function loopOf(g: Generator, n: Node): Loop {
  const target = meaningIndex(g.program.meaningOf(n));
  for (let i = g.frame.loops.length - 1; i >= 0; i--) {
    const loop = g.frame.loops[i] as Loop;
    if (loop.node === target) return loop;
  }
  throw new Error("irgen/loops.loopOf: break or continue outside of its loop");
}

function breakLoop(g: Generator, n: Node): Value {
  const { ast } = g;
  const loop = loopOf(g, n);
  const value = ast.operand(n);
  const args: Value[] = [];
  if (value !== 0) {
    const type = g.program.typeOf(loop.node);
    const shape = g.shapes.of(type);
    if (shape === Shape.Memory) {
      if (loop.result === 0) emit(g, value);
      else emitInto(g, value, loop.result, 0);
    } else {
      const first = emit(g, value);
      if (shape !== Shape.Void) args.push(first);
      if (shape === Shape.Pair) args.push(g.second);
      taken(g, value);
    }
  }
  runCleanups(g, loop.depth);
  g.jump(loop.breakTo, args);
  return 0 as Value;
}

function continueLoop(g: Generator, n: Node): Value {
  const loop = loopOf(g, n);
  runCleanups(g, loop.depth);
  g.jump(loop.continueTo);
  return 0 as Value;
}
