/**
 * Comparisons of values of any type. Numbers compare in one instruction, strings in std; for each aggregate type that a program
 * compares, one function is made (`equal` gives 0 or 1, `order` gives -1, 0 or 1), which its parts' functions are called from.
 */

import { T, TypeKind, isFloatType, isScalar, isSignedType, type TypeId } from "../check/types.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { BinaryOperator as B } from "../syntax/ast.ts";
import { traitSymbol } from "./callees.ts";
import type { Generator } from "./generator.ts";
import { forEachElement } from "./loopBlocks.ts";
import { Shape, integerOfSize } from "./shape.ts";

const signedOps: Record<number, Op> = { [B.Equal]: Op.eq, [B.NotEqual]: Op.ne, [B.Less]: Op.slt, [B.LessEqual]: Op.sle, [B.Greater]: Op.sgt, [B.GreaterEqual]: Op.sge };
const unsignedOps: Record<number, Op> = { [B.Equal]: Op.eq, [B.NotEqual]: Op.ne, [B.Less]: Op.ult, [B.LessEqual]: Op.ule, [B.Greater]: Op.ugt, [B.GreaterEqual]: Op.uge };
const floatOps: Record<number, Op> = { [B.Equal]: Op.feq, [B.NotEqual]: Op.fne, [B.Less]: Op.flt, [B.LessEqual]: Op.fle, [B.Greater]: Op.fgt, [B.GreaterEqual]: Op.fge };

/** `a operator b` for two values of one type: 0 or 1. */
export function compareValues(g: Generator, operator: number, type: TypeId, a: Value, aSecond: Value, b: Value, bSecond: Value): Value {
  const { b: build } = g;
  if (!g.reachable) return g.nothing(T.bool);
  if (isComparedDirectly(g, type)) {
    const ops = isFloatType(type) ? floatOps : isScalar(type) && isSignedType(type) ? signedOps : unsignedOps;
    return build.emit(ops[operator] as Op, a, b);
  }
  if (operator === B.Equal || operator === B.NotEqual) {
    const equal = equalValues(g, type, a, aSecond, b, bSecond);
    return operator === B.Equal ? equal : build.emit(Op.xor, equal, build.f.int(Type.i8, 1));
  }
  const order = orderValues(g, type, a, aSecond, b, bSecond);
  return build.emit(signedOps[operator] as Op, order, build.f.int(Type.i64, 0));
}

function isComparedDirectly(g: Generator, type: TypeId): boolean {
  if (isScalar(type)) return type !== T.str && type !== T.void;
  const kind = g.types.kindOf(type);
  return kind === TypeKind.Pointer || (g.shapes.isPlainEnum(type) && ownMethod(g, type, "Eq") === undefined && ownMethod(g, type, "Ord") === undefined) || (kind === TypeKind.Function && g.types.isExternal(type));
}

function equalValues(g: Generator, type: TypeId, a: Value, aSecond: Value, b: Value, bSecond: Value): Value {
  const { b: build } = g;
  if (isComparedDirectly(g, type)) return build.emit(isFloatType(type) ? Op.feq : Op.eq, a, b);
  if (type === T.void) return build.f.int(Type.i8, 1);
  if (type === T.str) return build.call(g.runtime("str_eq"), [a, aSecond, b, bSecond]);
  const own = ownMethod(g, type, "Eq");
  return build.call(own ?? helper(g, "equal", type), borrowed(g, type, a, aSecond, b, bSecond));
}

/** An i64 that is negative, 0 or positive, as `a` comes before, equals or comes after `b`. The second words are those of types of two. */
export function orderValues(g: Generator, type: TypeId, a: Value, aSecond: Value, b: Value, bSecond: Value): Value {
  const { b: build } = g;
  const { f } = build;
  if (isComparedDirectly(g, type)) {
    if (isFloatType(type)) return orderFloats(g, a, b);
    const signed = isScalar(type) && isSignedType(type);
    const less = build.emit(signed ? Op.slt : Op.ult, a, b);
    const greater = build.emit(signed ? Op.sgt : Op.ugt, a, b);
    return build.typed(Op.select, Type.i64, less, f.int(Type.i64, -1), build.typed(Op.zext, Type.i64, greater));
  }
  if (type === T.void) return f.int(Type.i64, 0);
  if (type === T.str) return build.call(g.runtime("str_compare"), [a, aSecond, b, bSecond]);
  const own = ownMethod(g, type, "Ord");
  const order = build.call(own ?? helper(g, "order", type), borrowed(g, type, a, aSecond, b, bSecond));
  // Less, Equal, Greater are 0, 1, 2.
  return own === undefined ? order : build.emit(Op.sub, build.typed(Op.zext, Type.i64, order), f.int(Type.i64, 1));
}

/** The method of a trait that a struct, enum or trait object has by an impl of its own; undefined where it is derived. */
export function ownMethod(g: Generator, type: TypeId, trait: string): SymbolId | undefined {
  const kind = g.types.kindOf(type);
  if (kind !== TypeKind.Struct && kind !== TypeKind.Enum && kind !== TypeKind.Dyn) return undefined;
  const definition = g.program.preludeTrait(trait);
  if (definition === undefined || g.program.findImpl(type, definition)?.implementation?.derived !== false) return undefined;
  const symbol = traitSymbol(g, definition, type);
  g.noteCall(symbol);
  return symbol;
}

/** The total order of floats: -inf < … < -0.0 < 0.0 < … < inf < nan. Machines differ in the sign of the NaN that they make, so all NaN are one value here. */
function orderFloats(g: Generator, a: Value, b: Value): Value {
  const { b: build } = g;
  const { f } = build;
  const type = f.typeOf(a) === Type.f32 ? Type.i32 : Type.i64;
  const bits = type === Type.i32 ? 32n : 64n;
  const key = (v: Value) => {
    const word = build.typed(Op.bitcast, type, v);
    const sign = build.emit(Op.ashr, word, f.big(type, bits - 1n));
    const ordered = build.emit(Op.xor, word, build.emit(Op.lshr, sign, f.int(type, 1)));
    return build.typed(Op.select, type, build.emit(Op.fne, v, v), f.big(type, (1n << (bits - 1n)) - 1n), ordered);
  };
  const x = key(a);
  const y = key(b);
  const less = build.emit(Op.slt, x, y);
  const greater = build.emit(Op.sgt, x, y);
  return build.typed(Op.select, Type.i64, less, f.int(Type.i64, -1), build.typed(Op.zext, Type.i64, greater));
}

/** Where an aggregate helper finds the value: Pairs that are no strings (slices, optionals with niches) are put into memory. */
function address(g: Generator, type: TypeId, value: Value, second: Value): Value {
  if (g.shapes.of(type) === Shape.Memory) return value;
  const place = g.temporary(type);
  g.storeValue(type, value, second, place, 0);
  return place;
}

/** Two values as `&self` and `other`: their addresses, of trait objects with their tables. */
function borrowed(g: Generator, type: TypeId, a: Value, aSecond: Value, b: Value, bSecond: Value): Value[] {
  if (g.types.kindOf(type) === TypeKind.Dyn) return [a, aSecond, b, bSecond];
  return [address(g, type, a, aSecond), address(g, type, b, bSecond)];
}

type Purpose = "equal" | "order";

/** The function that compares two values of a type by their addresses. */
function helper(g: Generator, purpose: Purpose, type: TypeId): SymbolId {
  const key = `${purpose}.${g.symbolNames.label(type)}.t${type}`;
  const known = g.helpers.get(key);
  if (known !== undefined) return known;
  const signature = g.module.signature([Type.ptr, Type.ptr], [purpose === "equal" ? Type.i8 : Type.i64]);
  const symbol = g.module.declareFunction(g.symbolNames.helper(`${purpose} ${g.symbolNames.label(type)}`), signature, "local");
  g.helpers.set(key, symbol);
  g.enqueue(() => {
    g.begin(symbol);
    const { b } = g;
    const entry = b.current;
    compareParts(g, purpose, type, b.f.param(entry, 0), b.f.param(entry, 1));
    if (g.reachable) b.return([b.f.int(purpose === "equal" ? Type.i8 : Type.i64, purpose === "equal" ? 1 : 0)]);
    g.end();
  });
  return symbol;
}

/** Compares part after part; returns from the function at the first difference. */
function compareParts(g: Generator, purpose: Purpose, type: TypeId, a: Value, b: Value): void {
  const { types } = g;
  const layout = g.layouts.of(type);
  switch (types.kindOf(type)) {
    case TypeKind.Tuple:
      for (let i = 0; i < layout.offsets.length; i++) comparePart(g, purpose, types.listItem(type, i), a, b, layout.offsets[i] as number);
      return;
    case TypeKind.Struct: {
      const definition = g.program.definition(types.definition(type));
      if (definition.kind === "struct") definition.fields.forEach((field, i) => comparePart(g, purpose, g.fieldType(type, field.type), a, b, layout.offsets[i] as number));
      return;
    }
    case TypeKind.Enum: {
      const definition = g.program.definition(types.definition(type));
      if (definition.kind === "enum") compareVariants(g, purpose, type, a, b, definition.variants.map((variant) => variant.fields.map((field) => g.fieldType(type, field.type))));
      return;
    }
    case TypeKind.Optional:
      compareVariants(g, purpose, type, a, b, [[], [types.inner(type)]]);
      return;
    case TypeKind.Result:
      compareVariants(g, purpose, type, a, b, [[types.inner(type)], [types.errorType(type)]]);
      return;
    case TypeKind.Array: {
      const element = types.inner(type);
      forEachElement(g, g.b.f.int(Type.i64, types.arrayLength(type)), (at) => compareElement(g, purpose, element, a, b, at));
      return;
    }
    case TypeKind.Slice: {
      compareSlices(g, purpose, types.inner(type), a, b);
      return;
    }
    case TypeKind.Reference: {
      const target = types.inner(type);
      if (types.kindOf(target) === TypeKind.Dyn) {
        const x = g.loadValue(type, a, 0);
        const xSecond = g.second;
        const y = g.loadValue(type, b, 0);
        compareWords(g, purpose, target, x, xSecond, y, g.second);
      } else comparePart(g, purpose, target, g.b.load(Type.ptr, a, 0), g.b.load(Type.ptr, b, 0), 0);
      return;
    }
    default:
      throw new Error(`irgen/compare.compareParts: type kind ${types.kindOf(type)} does not compare`);
  }
}

function comparePart(g: Generator, purpose: Purpose, type: TypeId, a: Value, b: Value, offset: number): void {
  if (!g.reachable) return;
  const x = g.loadValue(type, a, offset);
  const xSecond = g.second;
  const y = g.loadValue(type, b, offset);
  compareWords(g, purpose, type, x, xSecond, y, g.second);
}

function compareWords(g: Generator, purpose: Purpose, type: TypeId, x: Value, xSecond: Value, y: Value, ySecond: Value): void {
  differ(g, purpose, purpose === "equal" ? equalValues(g, type, x, xSecond, y, ySecond) : orderValues(g, type, x, xSecond, y, ySecond));
}

/** Returns the comparison's outcome unless it says "equal". */
function differ(g: Generator, purpose: Purpose, outcome: Value): void {
  const { b } = g;
  const different = b.block();
  const same = b.block();
  if (purpose === "equal") g.branch(outcome, same, different);
  else g.branch(b.emit(Op.ne, outcome, b.f.int(Type.i64, 0)), different, same);
  b.seal(different);
  b.seal(same);
  g.startBlock(different);
  if (g.reachable) b.return([outcome]);
  g.startBlock(same);
}

function compareElement(g: Generator, purpose: Purpose, element: TypeId, a: Value, b: Value, at: Value): void {
  const { b: build } = g;
  const bytes = build.emit(Op.mul, at, build.f.int(Type.i64, g.layouts.size(element)));
  comparePart(g, purpose, element, build.typed(Op["ptr.add"], Type.ptr, a, bytes), build.typed(Op["ptr.add"], Type.ptr, b, bytes), 0);
}

function compareSlices(g: Generator, purpose: Purpose, element: TypeId, a: Value, b: Value): void {
  const { b: build } = g;
  const { f } = build;
  const aLength = build.load(Type.i64, a, 8);
  const bLength = build.load(Type.i64, b, 8);
  const aStart = build.load(Type.ptr, a, 0);
  const bStart = build.load(Type.ptr, b, 0);
  if (purpose === "equal") {
    differ(g, purpose, build.emit(Op.eq, aLength, bLength));
    forEachElement(g, aLength, (at) => compareElement(g, purpose, element, aStart, bStart, at));
    return;
  }
  const shorter = build.typed(Op.select, Type.i64, build.emit(Op.slt, aLength, bLength), aLength, bLength);
  forEachElement(g, shorter, (at) => compareElement(g, purpose, element, aStart, bStart, at));
  const less = build.emit(Op.slt, aLength, bLength);
  const greater = build.emit(Op.sgt, aLength, bLength);
  build.return([build.typed(Op.select, Type.i64, less, f.int(Type.i64, -1), build.typed(Op.zext, Type.i64, greater))]);
  g.reachable = false;
}

function compareVariants(g: Generator, purpose: Purpose, type: TypeId, a: Value, b: Value, variants: readonly (readonly TypeId[])[]): void {
  const { b: build } = g;
  const aTag = loadTag(g, type, a, 0);
  const bTag = loadTag(g, type, b, 0);
  const tagType = build.f.typeOf(aTag);
  if (purpose === "equal") differ(g, purpose, build.emit(Op.eq, aTag, bTag));
  else {
    const less = build.emit(Op.ult, aTag, bTag);
    const greater = build.emit(Op.ugt, aTag, bTag);
    differ(g, purpose, build.typed(Op.select, Type.i64, less, build.f.int(Type.i64, -1), build.typed(Op.zext, Type.i64, greater)));
  }
  const layout = g.layouts.of(type);
  const done = build.block();
  variants.forEach((fields, index) => {
    if (fields.length === 0) return;
    const inside = build.block();
    const next = build.block();
    g.branch(build.emit(Op.eq, aTag, build.f.int(tagType, index)), inside, next);
    build.seal(inside);
    build.seal(next);
    g.startBlock(inside);
    fields.forEach((field, i) => comparePart(g, purpose, field, a, b, (layout.variants[index] as readonly number[])[i] as number));
    g.jump(done);
    g.startBlock(next);
  });
  g.jump(done);
  build.seal(done);
  g.startBlock(done);
}

/** The number of the variant that the value in memory is. */
export function loadTag(g: Generator, type: TypeId, pointer: Value, offset: number): Value {
  const { b } = g;
  const { tag } = g.layouts.of(type);
  if (tag === undefined) throw new Error("irgen/compare.loadTag: a type without a tag");
  if (tag.kind === "direct") return b.load(integerOfSize(tag.size), pointer, offset + tag.offset);
  return b.emit(Op.ne, b.load(Type.ptr, pointer, offset + tag.offset), b.f.int(Type.ptr, 0));
}
