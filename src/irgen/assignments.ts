/** Assignments: `place = value`, `place op= value`, and `(a, b) = value`. */

import { Names } from "../source/interner.ts";
import { TypeKind, isSignedType, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { BinaryOperator as B, Kind, type Node } from "../syntax/ast.ts";
import { resize } from "./convert.ts";
import { emit, emitInto, emitPlace } from "./dispatch.ts";
import { dropInPlace } from "./dropGlue.ts";
import { register } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { dropOwned, ownedAt, renewed } from "./owned.ts";
import { overloadOf, overloadedAssignment, overloadedIndexOf } from "./overloaded.ts";
import { Trap } from "./traps.ts";
import { variableOf } from "./variables.ts";
import { scalarOperand, scalarTypeOf, arithmetic } from "./operators.ts";

register({ [Kind.Assign]: assign });

function assign(g: Generator, n: Node): Value {
  const { ast } = g;
  const place = ast.left(n);
  const value = ast.right(n);
  const operator = ast.operator(n);
  const method = operator === 0 ? undefined : overloadOf(g, n);
  if (operator === 0) assignPlain(g, place, value);
  else if (method !== undefined) overloadedAssignment(g, n, method);
  else assignWith(g, n, place, value, operator);
  return 0 as Value;
}

/** `place = e`: e first, then the place. */
function assignPlain(g: Generator, place: Node, value: Node): void {
  const type = g.program.typeOf(place);
  if (g.ast.kind[place] === Kind.Tuple && g.types.kindOf(type) === TypeKind.Tuple) {
    const aside = g.temporary(type);
    emitInto(g, value, aside, 0);
    assignParts(g, place, type, aside, 0);
    return;
  }
  if (g.needsDrop(type)) {
    // The value first, then the drop of the old one, which may be gone already.
    const aside = g.temporary(type);
    emitInto(g, value, aside, 0);
    const owner = ownedAt(g, place);
    const at = emitPlace(g, place);
    const address = g.addressAt(at, g.offset);
    if (owner !== undefined) dropOwned(g, owner);
    else dropInPlace(g, type, address);
    g.storeValue(type, g.loadValue(type, aside, 0), g.second, address, 0);
    renewed(g, owner);
    return;
  }
  const local = variableOf(g, place);
  if (local !== 0) {
    const result = emit(g, value);
    g.locals.write(local, result, g.second);
    return;
  }
  if (g.shapes.of(type) === 3) {
    // The value may be built from the place's old contents: build it aside.
    const aside = g.temporary(type);
    emitInto(g, value, aside, 0);
    const pointer = emitPlace(g, place);
    g.storeValue(type, aside, 0 as Value, pointer, g.offset);
    return;
  }
  const result = emit(g, value);
  const second = g.second;
  const pointer = emitPlace(g, place);
  g.storeValue(type, result, second, pointer, g.offset);
}

/** The `_` that takes a part which nobody wants. */
function isNobody(g: Generator, place: Node): boolean {
  return g.ast.kind[place] === Kind.Name && g.ast.name(place) === Names._;
}

/** `(a, b) = e`: the parts of what lies at `aside` go to their places, one after the other. */
function assignParts(g: Generator, tuple: Node, type: TypeId, aside: Value, from: number): void {
  const { ast, types } = g;
  const list = ast.elements(tuple);
  const { offsets } = g.layouts.of(type);
  for (let i = 0; i < ast.length(list) && g.reachable; i++) {
    const place = ast.item(list, i);
    const part = types.listItem(type, i);
    const offset = from + (offsets[i] as number);
    if (ast.kind[place] === Kind.Tuple && types.kindOf(part) === TypeKind.Tuple) {
      assignParts(g, place, part, aside, offset);
      continue;
    }
    if (isNobody(g, place)) {
      if (g.needsDrop(part)) dropInPlace(g, part, g.addressAt(aside, offset));
      continue;
    }
    const local = g.needsDrop(part) ? 0 : variableOf(g, place);
    if (local !== 0) {
      const value = g.loadValue(part, aside, offset);
      g.locals.write(local, value, g.second);
      continue;
    }
    const owner = g.needsDrop(part) ? ownedAt(g, place) : undefined;
    const at = emitPlace(g, place);
    if (!g.reachable) return;
    const address = g.addressAt(at, g.offset);
    if (owner !== undefined) dropOwned(g, owner);
    else if (g.needsDrop(part)) dropInPlace(g, part, address);
    const value = g.loadValue(part, aside, offset);
    g.storeValue(part, value, g.second, address, 0);
    if (owner !== undefined) renewed(g, owner);
  }
}

/** `place op= e`: the place's indexes, e, checks, load, operation, store. */
function assignWith(g: Generator, n: Node, place: Node, value: Node, operator: number): void {
  const { ast, b, types } = g;
  const type = g.program.typeOf(place);
  const local = variableOf(g, place);
  const isShift = operator === B.ShiftLeft || operator === B.ShiftRight;
  const index = types.kindOf(type) === TypeKind.Pointer || types.kindOf(type) === TypeKind.Reference ? (0 as Node) : overloadedIndexOf(g, place);
  let early = 0 as Value;
  const outer = g.frame.beforeIndex;
  if (index !== 0) g.frame.beforeIndex = { node: index, run: () => { early = scalarOperand(g, value, isShift ? scalarTypeOf(g, value) : type); } };
  g.frame.deferredChecks = [];
  const pointer = local !== 0 ? (0 as Value) : emitPlace(g, place);
  g.frame.beforeIndex = outer;
  const checks = g.frame.deferredChecks ?? [];
  g.frame.deferredChecks = undefined;
  const offset = g.offset;
  const checkPlace = () => {
    for (const { index, count, position } of checks) {
      b.position = position;
      g.trapIf(b.emit(Op.uge, index, count), Trap.bounds, [index, count]);
    }
  };
  if (types.kindOf(type) === TypeKind.Pointer) {
    const rightType = scalarTypeOf(g, value);
    let count = resize(g, emit(g, value), Type.i64, isSignedType(rightType));
    if (!g.reachable) return;
    checkPlace();
    const old = local !== 0 ? g.locals.read(local) : b.load(Type.ptr, pointer, offset);
    if (operator === B.Subtract || operator === B.SubtractWrap) count = b.emit(Op.sub, b.f.int(Type.i64, 0), count);
    const size = g.layouts.size(types.inner(type));
    const moved = b.typed(Op["ptr.add"], Type.ptr, old, size === 1 ? count : b.emit(Op.mul, count, b.f.int(Type.i64, size)));
    if (local !== 0) g.locals.write(local, moved, 0 as Value);
    else b.store(moved, pointer, offset);
    return;
  }
  // The place may be a reference to a number.
  let target = type;
  let address = pointer;
  let at = offset;
  if (types.kindOf(type) === TypeKind.Reference) {
    checkPlace();
    checks.length = 0;
    address = local !== 0 ? g.locals.read(local) : b.load(Type.ptr, pointer, offset);
    at = 0;
    for (target = types.inner(type); types.kindOf(target) === TypeKind.Reference; target = types.inner(target)) address = b.load(Type.ptr, address, 0);
  }
  const rightType = isShift ? scalarTypeOf(g, value) : target;
  const right = index === 0 ? scalarOperand(g, value, rightType) : early;
  if (!g.reachable) return;
  checkPlace();
  const inVariable = local !== 0 && target === type;
  const old = inVariable ? g.locals.read(local) : g.loadValue(target, address, at);
  b.position = ast.start[n] as number;
  const result = arithmetic(g, operator, target, old, right, rightType);
  if (inVariable) g.locals.write(local, result, 0 as Value);
  else g.storeValue(target, result, 0 as Value, address, at);
}
