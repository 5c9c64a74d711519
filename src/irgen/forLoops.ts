/** `for` over ranges, elements, characters and what has `next`. */

import { T, TypeKind, isSignedType, type TypeId } from "../check/types.ts";
import { ValueFlag, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { Flag, Kind, type Node } from "../syntax/ast.ts";
import { OptionalTag } from "../check/definitions.ts";
import { emitBlock, payloadOffset } from "./blocks.ts";
import { callInstance, callMethodInto } from "./calls.ts";
import { convertNumber } from "./convert.ts";
import { emit, emitInto, finalType } from "./dispatch.ts";
import { register } from "./emitters.ts";
import { dropElements } from "./dropGlue.ts";
import { commitMoves, enterScope, leaveScope, markMoved, ownTemporary, type Cleanup } from "./owned.ts";
import { bindPattern } from "./patterns.ts";
import { isPlace } from "./places.ts";
import { subjectAt, subjectOfValue, tagOf } from "./subject.ts";
import { elementCount, elements, firstElement } from "./elements.ts";
import { Shape } from "./shape.ts";
import { Trap } from "./traps.ts";
import type { Generator } from "./generator.ts";
import { countedLoop, increment, loopOver } from "./loopBlocks.ts";

/** The character behind `index`: none lies between U+D7FF and U+E000. */
function nextCharacter(g: Generator, index: Value): Value {
  const { b } = g;
  const plain = increment(g, index);
  const gap = b.typed(Op.zext, Type.i32, b.emit(Op.eq, plain, b.f.int(Type.i32, 0xd800)));
  return b.emit(Op.add, plain, b.emit(Op.shl, gap, b.f.int(Type.i32, 11)));
}

register({ [Kind.For]: forLoop });

function forLoop(g: Generator, n: Node): Value {
  const { ast, types } = g;
  if (g.program.loopIteration(n) !== undefined) {
    forIterator(g, n);
    return 0 as Value;
  }
  const iterable = ast.withoutParentheses(ast.iterable(n));
  if (ast.kind[iterable] === Kind.Range) {
    forRange(g, n, iterable);
    return 0 as Value;
  }
  let type = finalType(g, iterable);
  while (types.kindOf(type) === TypeKind.Reference) type = types.inner(type);
  if (type === T.str) forText(g, n, iterable);
  else forElements(g, n, iterable);
  return 0 as Value;
}

function forRange(g: Generator, n: Node, range: Node): void {
  const { ast, b } = g;
  const fromNode = ast.left(range);
  const toNode = ast.right(range);
  const type = finalType(g, fromNode !== 0 ? fromNode : toNode);
  const signed = isSignedType(type);
  const scalar = g.shapes.scalar(type);
  const from = fromNode !== 0 ? emit(g, fromNode) : b.f.int(scalar, 0);
  let to = toNode !== 0 ? emit(g, toNode) : (0 as Value);
  if (!g.reachable) return;
  const toType = toNode !== 0 ? finalType(g, toNode) : type;
  if (toNode !== 0 && toType !== type) to = convertNumber(g, to, toType, type);
  const inclusive = ast.has(range, Flag.inclusive);
  const below = inclusive ? (signed ? Op.sle : Op.ule) : signed ? Op.slt : Op.ult;
  countedLoop(g, n, from, {
    more: (index) => (toNode === 0 ? (0 as Value) : b.emit(below, index, to)),
    turn: (index) => {
      bindPattern(g, ast.pattern(n), subjectOfValue(type, index, 0 as Value));
      emitBlock(g, ast.body(n));
    },
    next: (index, done) => {
      // The last index of `a..=b` may be the type's greatest: stop before counting beyond it.
      if (inclusive && toNode !== 0) {
        const more = b.block();
        g.branch(b.emit(Op.eq, index, to), done, more);
        b.seal(more);
        g.startBlock(more);
      }
      if (type === T.char) return nextCharacter(g, index);
      if (toNode === 0 && !g.options.unchecked) return b.emit(signed ? Op["sadd.trap"] : Op["uadd.trap"], index, b.f.int(scalar, 1), g.useTrap(Trap["overflow.add"]));
      return increment(g, index, signed ? ValueFlag.noSignedWrap : ValueFlag.noUnsignedWrap);
    },
  });
}

function forElements(g: Generator, n: Node, iterable: Node): void {
  const { ast, b } = g;
  g.frame.made = undefined;
  const element = elements(g, iterable);
  // An array that nobody else owns is consumed: each element moves out, and the rest is dropped where the loop is left.
  const consumed = g.frame.made !== undefined && !isPlace(g, iterable) && g.types.kindOf(finalType(g, iterable)) === TypeKind.Array && g.needsDrop(element);
  const start = g.addressAt(firstElement, g.offset);
  const count = elementCount;
  if (!g.reachable) return;
  const size = g.layouts.size(element);
  const next = consumed ? b.f.slotAddress(b.f.slot(8, 8)) : (0 as Value);
  if (consumed) {
    markMoved(g, g.frame.made);
    b.store(b.f.int(Type.i64, 0), next, 0);
    enterScope(g);
    (g.frame.scopes[g.frame.scopes.length - 1] as Cleanup[]).push(() => {
      if (!g.reachable) return;
      const from = b.load(Type.i64, next, 0);
      dropElements(g, element, b.typed(Op["ptr.add"], Type.ptr, start, b.emit(Op.mul, from, b.f.int(Type.i64, size))), b.emit(Op.sub, count, from));
    });
  }
  countedLoop(g, n, b.f.int(Type.i64, 0), {
    more: (index) => b.emit(Op.slt, index, count),
    turn: (index) => {
      const place = size === 0 ? start : b.typed(Op["ptr.add"], Type.ptr, start, size === 1 ? index : b.emit(Op.mul, index, b.f.int(Type.i64, size)));
      enterScope(g);
      if (consumed) {
        b.store(increment(g, index), next, 0);
        g.frame.matched = ownTemporary(g, element, place);
      } else g.frame.matched = undefined;
      bindPattern(g, ast.pattern(n), subjectAt(element, place));
      commitMoves(g);
      emitBlock(g, ast.body(n));
      leaveScope(g);
    },
    next: (index) => increment(g, index),
  });
  if (consumed) leaveScope(g);
}

/** The receiver of `next`: the address of the iterator that lies at `place`, or that a reference there leads to. */
function reachedBy(g: Generator, iterator: TypeId, place: Value): Value {
  let address = place;
  for (let type = iterator; g.types.kindOf(type) === TypeKind.Reference; type = g.types.inner(type)) address = g.loadValue(type, address, 0);
  return address;
}

/** What has `next`: the iterator is made (`iter`, `iter_mut`, `into_iter`) or is the value itself; each item is bound until there is none. */
function forIterator(g: Generator, n: Node): void {
  const { ast, b, program, types } = g;
  const iteration = program.loopIteration(n);
  if (iteration === undefined) throw new Error("irgen/forLoops.forIterator: no iteration");
  const { make, next, iterator } = iteration;
  const iterable = ast.iterable(n);
  enterScope(g);
  const place = g.temporary(iterator);
  if (make === undefined) emitInto(g, iterable, place, 0);
  else callMethodInto(g, n, make, iterable, iterator, place);
  const owned = ownTemporary(g, iterator, place);
  if (owned !== undefined) owned.temporary = false;
  if (!g.reachable) {
    leaveScope(g);
    return;
  }
  const optional = types.optional(iteration.item);
  const item = g.temporary(optional);
  const inMemory = g.shapes.of(optional) === Shape.Memory;
  let held = 0 as Value;
  let second = 0 as Value;
  loopOver(g, n, {
    more: () => {
      b.position = ast.start[n] as number;
      callInstance(g, next, [reachedBy(g, iterator, place)], optional, item);
      held = inMemory ? item : g.loadValue(optional, item, 0);
      ({ second } = g);
      const tag = tagOf(g, optional, held, inMemory);
      return b.emit(Op.eq, tag, b.f.int(b.f.typeOf(tag), OptionalTag.Some));
    },
    turn: () => {
      enterScope(g);
      const isMemory = g.shapes.of(iteration.item) === Shape.Memory;
      const offset = payloadOffset(g, optional, OptionalTag.Some);
      const address = g.addressAt(item, offset);
      g.frame.matched = ownTemporary(g, iteration.item, address);
      const inPlace = isMemory || g.frame.matched !== undefined;
      if (inPlace) bindPattern(g, ast.pattern(n), subjectAt(iteration.item, address));
      else {
        const value = inMemory ? g.loadValue(iteration.item, item, offset) : held;
        bindPattern(g, ast.pattern(n), subjectOfValue(iteration.item, value, inMemory ? g.second : second));
      }
      commitMoves(g);
      emitBlock(g, ast.body(n));
      leaveScope(g);
    },
  });
  leaveScope(g);
}

/** The characters of a str. */
function forText(g: Generator, n: Node, iterable: Node): void {
  const { ast, b } = g;
  elements(g, iterable);
  const start = firstElement;
  const count = elementCount;
  if (!g.reachable) return;
  const at = b.f.slotAddress(b.f.slot(8, 8));
  b.store(b.f.int(Type.i64, 0), at, 0);
  loopOver(g, n, {
    more: () => b.emit(Op.slt, b.load(Type.i64, at, 0), count),
    turn: () => {
      const char = b.call(g.runtime("str_next"), [start, count, at]);
      bindPattern(g, ast.pattern(n), subjectOfValue(T.char, char, 0 as Value));
      emitBlock(g, ast.body(n));
    },
  });
}
