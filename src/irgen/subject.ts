/** What is matched: by patterns, `match`, `?` and their kin. */

import { TypeKind, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { loadTag } from "./compare.ts";
import type { Generator } from "./generator.ts";
import { Shape } from "./shape.ts";

/** A value at hand (of Scalar or Pair shape), or what lies at an address. */
export interface Subject {
  readonly type: TypeId;
  /** `inMemory`: the address. */
  readonly value: Value;
  /** The second word of a value of Pair shape. */
  readonly second: Value;
  readonly inMemory: boolean;
}

/** What lies at an address. */
export function subjectAt(type: TypeId, address: Value): Subject {
  return { type, value: address, second: 0 as Value, inMemory: true };
}

/** A value at hand. */
export function subjectOfValue(type: TypeId, value: Value, second: Value): Subject {
  return { type, value, second, inMemory: false };
}

/** What the subject leads to, if it is a reference; else itself. */
export function behindReferences(g: Generator, subject: Subject): Subject {
  const { types } = g;
  let { type, value, inMemory } = subject;
  if (types.kindOf(type) !== TypeKind.Reference) return subject;
  for (; types.kindOf(type) === TypeKind.Reference; type = types.inner(type)) {
    if (inMemory) value = g.b.load(Type.ptr, value, 0);
    inMemory = true;
  }
  return { type, value, second: subject.second, inMemory };
}

/** Whether the subject is this variant: 0 or 1. */
export function isVariant(g: Generator, type: TypeId, index: number, value: Value, inMemory: boolean): Value {
  const { b } = g;
  const tag = tagOf(g, type, value, inMemory);
  return b.emit(Op.eq, tag, b.f.int(b.f.typeOf(tag), index));
}

/** The number of the subject's variant. */
export function tagOf(g: Generator, type: TypeId, value: Value, inMemory: boolean): Value {
  const { b } = g;
  if (inMemory || g.shapes.of(type) === Shape.Memory) {
    return g.shapes.isPlainEnum(type) ? b.load(g.shapes.scalar(type), value, 0) : loadTag(g, type, value, 0);
  }
  if (g.shapes.isPlainEnum(type)) return value;
  return b.emit(Op.ne, value, b.f.int(Type.ptr, 0));
}
