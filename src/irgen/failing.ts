/** Optionals and results where they fail: `x?`, `x!`, `a ?? b`. */

import { isConstantBorrow } from "../check/constantLiterals.ts";
import { OptionalTag, ResultTag } from "../check/definitions.ts";
import { TypeKind, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { Merge, ownerOf, payloadOffset } from "./blocks.ts";
import type { Instance } from "../check/checkedProgram.ts";
import { callInstance, callPiped, pipedType, pushMemory } from "./calls.ts";
import { constantAddress } from "./constants.ts";
import { convertValue } from "./convert.ts";
import { emit, emitInto, finalType } from "./dispatch.ts";
import { register, registerMemory } from "./emitters.ts";
import { leaveFunction, returnFrom } from "./exits.ts";
import type { Generator } from "./generator.ts";
import { storeTag } from "./literals.ts";
import { disown, markMoved, runCleanups, taken, type Owned } from "./owned.ts";
import { tagOf } from "./subject.ts";
import { overloadOf } from "./overloaded.ts";
import { Shape } from "./shape.ts";
import { Trap } from "./traps.ts";

register({
  [Kind.Try]: (g, n) => takePayload(g, tried(g, n)),
  [Kind.Unwrap]: (g, n) => takePayload(g, unwrapped(g, n)),
});

registerMemory({
  [Kind.Try]: (g, n, pointer, offset) => storePayload(g, tried(g, n), g.program.typeOf(n), pointer, offset),
  [Kind.Unwrap]: (g, n, pointer, offset) => storePayload(g, unwrapped(g, n), g.program.typeOf(n), pointer, offset),
});

/** An optional or result at hand that is known to be Some or Ok. */
interface Subject {
  readonly type: TypeId;
  readonly value: Value;
  readonly second: Value;
  /** Who owns it, if somebody drops it: taking the payload empties that. */
  readonly owner: Owned | undefined;
}

function good(g: Generator, type: TypeId): number {
  return g.types.kindOf(type) === TypeKind.Optional ? OptionalTag.Some : ResultTag.Ok;
}

function evaluate(g: Generator, operand: Node): Subject {
  while (g.ast.kind[operand] === Kind.Paren && g.program.wantedOf(operand) === 0) operand = g.ast.operand(operand);
  const left = g.piped.get(operand);
  g.frame.made = undefined;
  let type = left === undefined ? finalType(g, operand) : pipedType(g, operand);
  let value = left === undefined ? emit(g, operand) : callPiped(g, operand, operand, left, 0 as Value);
  let { second } = g;
  let owner = left !== undefined || !g.needsDrop(type) ? undefined : ownerOf(g, operand);
  while (g.types.kindOf(type) === TypeKind.Reference) {
    type = g.types.inner(type);
    value = g.loadValue(type, value, 0);
    second = g.second;
    owner = undefined;
  }
  return { type, value, second, owner };
}

/** Of one that nobody else has, both the payload and the error go elsewhere. */
function evaluateWhole(g: Generator, operand: Node): Subject {
  const subject = evaluate(g, operand);
  if (subject.owner === undefined || !g.reachable || !disown(g, subject.owner)) return subject;
  g.frame.made = undefined;
  return { ...subject, owner: undefined };
}

function isGood(g: Generator, { type, value }: Subject): Value {
  const { b } = g;
  const tag = tagOf(g, type, value, false);
  return b.emit(Op.eq, tag, b.f.int(b.f.typeOf(tag), good(g, type)));
}

/** The payload; of a Memory type its address. */
function payloadOf(g: Generator, subject: Subject): Value {
  const { type, value, second } = subject;
  if (!g.reachable) return g.nothing(g.types.inner(type));
  const inner = g.types.inner(type);
  if (g.shapes.of(type) !== Shape.Memory) {
    g.second = second;
    return value;
  }
  return g.loadValue(inner, value, payloadOffset(g, type, good(g, type)));
}

/** The payload, as a value of whoever asks for it: what it was in owns it no more. */
function takePayload(g: Generator, subject: Subject): Value {
  const value = payloadOf(g, subject);
  if (subject.owner !== undefined && g.needsDrop(g.types.inner(subject.type))) markMoved(g, subject.owner);
  return value;
}

function storePayload(g: Generator, subject: Subject, type: TypeId, pointer: Value, offset: number): void {
  const value = payloadOf(g, subject);
  g.storeValue(type, value, g.second, pointer, offset);
  markMoved(g, subject.owner);
}

function unwrapped(g: Generator, n: Node): Subject {
  const subject = evaluateWhole(g, g.ast.operand(n));
  if (!g.reachable) return subject;
  g.b.position = g.ast.start[n] as number;
  const bad = g.b.emit(Op.xor, isGood(g, subject), g.b.f.int(Type.i8, 1));
  g.trapIf(bad, g.types.kindOf(subject.type) === TypeKind.Optional ? Trap["unwrap.none"] : Trap["unwrap.err"]);
  return subject;
}

/** `x?`: hands None or Err on to the caller. */
function tried(g: Generator, n: Node): Subject {
  const { b, types } = g;
  const subject = evaluateWhole(g, g.ast.operand(n));
  if (!g.reachable) return subject;
  const on = b.block();
  const fail = b.block();
  g.branch(isGood(g, subject), on, fail);
  b.seal(fail);
  g.startBlock(fail);
  const result = g.frame.resultType;
  if (types.kindOf(subject.type) === TypeKind.Optional) leaveWithNone(g, result);
  else {
    const from = types.errorType(subject.type);
    const to = types.errorType(result);
    const error = g.loadValue(from, subject.value, payloadOffset(g, subject.type, ResultTag.Err));
    const method = overloadOf(g, n);
    const converted = method === undefined ? convertValue(g, error, g.second, from, to) : convertError(g, method, from, error, g.second, to);
    const { second } = g;
    // What is deferred may change the place that the error is read from.
    const isLast = g.frame.resultAddress !== 0 && g.frame.scopes.every((scope) => scope.length === 0);
    const place = isLast ? g.frame.resultAddress : g.temporary(result);
    g.storeValue(to, converted, second, place, payloadOffset(g, result, ResultTag.Err));
    storeTag(g, result, ResultTag.Err, place, 0);
    markMoved(g, subject.owner);
    if (isLast) returnFrom(g, result, place);
    else leaveFunction(g, result, place, 0 as Value);
  }
  b.seal(on);
  g.startBlock(on);
  return subject;
}

function leaveWithNone(g: Generator, result: TypeId): void {
  if (g.shapes.of(result) !== Shape.Memory) {
    const none = g.nothing(result);
    leaveFunction(g, result, none, g.second);
    return;
  }
  if (g.frame.exits.shares()) {
    storeTag(g, result, OptionalTag.None, g.frame.exits.place, 0);
    g.frame.exits.leave();
    return;
  }
  runCleanups(g, 0);
  const address = resultPlace(g, result);
  storeTag(g, result, OptionalTag.None, address, 0);
  returnFrom(g, result, address);
}

/** The error as `From.from` makes it of the one at hand. */
function convertError(g: Generator, method: Instance, from: TypeId, error: Value, second: Value, to: TypeId): Value {
  const values: Value[] = [];
  if (g.shapes.of(from) === Shape.Memory) {
    const address = g.temporary(from);
    g.storeValue(from, error, second, address, 0);
    pushMemory(g, from, address, values);
  } else if (g.shapes.of(from) !== Shape.Void) {
    values.push(error);
    if (g.shapes.of(from) === Shape.Pair) values.push(second);
  }
  return callInstance(g, method, values, to, 0 as Value);
}

function resultPlace(g: Generator, type: TypeId): Value {
  return g.frame.resultAddress !== 0 ? g.frame.resultAddress : g.temporary(type);
}

/** `a ?? b`: b is evaluated only for None or Err. */
export function coalesce(g: Generator, n: Node): Value {
  const { ast, b } = g;
  const type = g.program.typeOf(n);
  const subject = evaluate(g, ast.left(n));
  const merge = new Merge(g, type);
  const some = b.block();
  const none = b.block();
  if (g.reachable) g.branch(isGood(g, subject), some, none);
  b.seal(some);
  b.seal(none);
  g.startBlock(some);
  // `a ?? b` with an optional b keeps the optional.
  const keeps = subject.type === type;
  const inner = g.types.inner(subject.type);
  if (keeps) {
    markMoved(g, subject.owner);
    merge.arrive(subject.value, subject.second);
  } else {
    const payload = takePayload(g, subject);
    const converted = convertValue(g, payload, g.second, inner, type);
    merge.arrive(converted, g.second);
  }
  g.startBlock(none);
  g.frame.conditional++;
  const right = ast.right(n);
  const constant = isConstantBorrow(ast, g.program, right) ? constantAddress(g, ast.withoutParentheses(ast.operand(ast.withoutParentheses(right)))) : (0 as Value);
  const value = constant === 0 ? emit(g, right) : constant;
  if (constant === 0) taken(g, right);
  g.frame.conditional--;
  merge.arrive(value, g.second);
  return merge.finish();
}

/** `a ?? b` into memory. */
export function coalesceInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  const { ast, b } = g;
  const type = g.program.typeOf(n);
  const subject = evaluate(g, ast.left(n));
  const some = b.block();
  const none = b.block();
  const done = b.block();
  if (g.reachable) g.branch(isGood(g, subject), some, none);
  b.seal(some);
  b.seal(none);
  g.startBlock(some);
  if (subject.type === type) {
    g.storeValue(type, subject.value, subject.second, pointer, offset);
    markMoved(g, subject.owner);
  } else storePayload(g, subject, type, pointer, offset);
  g.jump(done);
  g.startBlock(none);
  g.frame.conditional++;
  emitInto(g, ast.right(n), pointer, offset);
  g.frame.conditional--;
  g.jump(done);
  b.seal(done);
  g.startBlock(done);
}

