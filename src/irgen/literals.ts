/** Literals, and the aggregates built from parts: struct literals, tuples, arrays, variants. */

import { meaningIndex, meaningKind, MeaningKind } from "../check/checkedProgram.ts";
import type { DefinitionId, VariantDefinition } from "../check/definitions.ts";
import { T, isFloatType, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import { numbered } from "../source/numbered.ts";
import { Kind, type List, type Node } from "../syntax/ast.ts";
import { singleOfInteger } from "../syntax/singles.ts";
import { emitPlaceOfFinal, ownerOf } from "./blocks.ts";
import { isConstantLiteral } from "../check/constantLiterals.ts";
import { constantAddress } from "./constants.ts";
import { emit, emitInto, emitOwnInto, finalType } from "./dispatch.ts";
import { dropsOf } from "./dropGlue.ts";
import { register, registerMemory } from "./emitters.ts";
import { fillElements } from "./fillElements.ts";
import { markMoved, ownPart, partOf, taken, wholeAfter, type Cleanup } from "./owned.ts";
import { Shape } from "./shape.ts";
import type { Generator } from "./generator.ts";

/** The constant for an integer literal's value (without sign) in type `type`, negated if asked. */
export function integerConstant(g: Generator, literal: number | bigint, type: TypeId, negative: boolean): Value {
  const { f } = g.b;
  if (isFloatType(type)) {
    const value = type === T.f32 ? singleOfInteger(literal) : Number(literal);
    return floatConstant(g, negative ? -value : value, type);
  }
  const scalar = g.shapes.scalar(type);
  if (typeof literal === "number") return f.int(scalar, negative ? -literal : literal);
  return f.big(scalar, negative ? -literal : literal);
}

/** The constant for a float in type `type`. */
export function floatConstant(g: Generator, value: number, type: TypeId): Value {
  return type === T.f32 ? g.b.f.f32(value) : g.b.f.f64(value);
}

/** A float literal, whose sign may stand before it. */
export function floatLiteral(g: Generator, n: Node, type: TypeId, negative: boolean): Value {
  const value = g.ast.floatOf(n, type === T.f32);
  return floatConstant(g, negative ? -value : value, type);
}

/** A str value for bytes known at compile time. */
export function stringValue(g: Generator, bytes: Uint8Array): Value {
  const { f } = g.b;
  const pointer = f.address(g.data.string(bytes));
  g.second = f.int(Type.i64, bytes.length);
  return pointer;
}

register({
  [Kind.Integer]: (g, n, type) => integerConstant(g, g.ast.integers[g.ast.literal(n)] as number | bigint, type, false),
  [Kind.Float]: (g, n, type) => floatLiteral(g, n, type, false),
  [Kind.Bool]: (g, n) => g.b.f.int(Type.i8, g.ast.value(n)),
  [Kind.Nil]: (g) => g.b.f.int(Type.ptr, 0),
  [Kind.Char]: (g, n) => g.b.f.int(Type.i32, g.ast.value(n)),
  [Kind.Byte]: (g, n, type) => integerConstant(g, g.ast.value(n), type, false),
  [Kind.String]: (g, n) => stringValue(g, g.ast.strings[g.ast.literal(n)] as Uint8Array),
});

registerMemory({
  [Kind.Tuple]: (g, n, pointer, offset) => {
    const { offsets } = g.layouts.of(g.program.typeOf(n));
    partsInto(g, itemsOf(g, g.ast.elements(n)), (i) => offsets[i] as number, pointer, offset);
  },
  [Kind.Array]: (g, n, pointer, offset) => {
    const elements = g.ast.elements(n);
    const size = g.layouts.size(g.types.inner(g.program.typeOf(n)));
    const constant = g.ast.length(elements) > 4 ? constantAddress(g, n) : (0 as Value);
    if (constant !== 0) {
      g.copyMemory(g.addressAt(pointer, offset), constant, size * g.ast.length(elements));
      return;
    }
    partsInto(g, itemsOf(g, elements), (i) => i * size, pointer, offset);
  },
  [Kind.ArrayRepeat]: (g, n, pointer, offset) => {
    const type = g.program.typeOf(n);
    fillElements(g, g.ast.operand(n), g.types.inner(type), g.types.arrayLength(type), pointer, offset);
  },
  [Kind.StructLiteral]: structInto,
  [Kind.Range]: rangeInto,
});

/** `a..b` as a value: std's Range, or RangeInclusive, whose third field says that it has ended. */
function rangeInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  const { offsets } = g.layouts.of(g.program.typeOf(n));
  emitInto(g, g.ast.left(n), pointer, offset + (offsets[0] as number));
  emitInto(g, g.ast.right(n), pointer, offset + (offsets[1] as number));
  const ended = offsets[2];
  if (ended !== undefined && g.reachable) g.b.store(g.b.f.int(Type.i8, 0), pointer, offset + ended);
}

/** A tuple of no elements is the void value. */
register({ [Kind.Tuple]: () => 0 as Value });

/** Puts values where the parts of an aggregate lie. What is there already is dropped if a later one, or what `more` emits, leaves the function. */
function partsInto(g: Generator, values: readonly Node[], placeOf: (i: number) => number, pointer: Value, offset: number, more?: () => void): void {
  const pending: Cleanup[] = [];
  values.forEach((value, i) => {
    const at = offset + placeOf(i);
    emitInto(g, value, pointer, at);
    if (more !== undefined || i + 1 < values.length) ownPart(g, finalType(g, value), pointer, at, pending);
  });
  more?.();
  wholeAfter(g, pending);
}

function itemsOf(g: Generator, list: List): Node[] {
  return numbered(g.ast.length(list), (i) => g.ast.item(list, i));
}

function structInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  const { ast, program } = g;
  const type = program.typeOf(n);
  const layout = g.layouts.of(type);
  const means = program.meaningOf(n);
  const definition = program.definition(meaningIndex(means) as DefinitionId);
  const inits = ast.inits(n);
  if (definition.kind === "variant") {
    const places = layout.variants[definition.index] as readonly number[];
    const given = itemsOf(g, inits);
    partsInto(g, given.map((init) => ast.operand(init)), (i) => places[fieldIndex(g, given[i] as Node)] as number, pointer, offset);
    storeTag(g, type, definition.index, pointer, offset);
    return;
  }
  if (definition.kind !== "struct") throw new Error("irgen/literals.structInto: neither struct nor variant");
  const base = ast.base(n);
  const inOrder = itemsOf(g, inits);
  const given = new Set(inOrder.map((init) => fieldIndex(g, init)));
  // The base is evaluated last, as it is written last, but must not overwrite: its fields are copied one by one.
  const fromBase = (): void => {
    const from = emitPlaceOfFinal(g, base, type);
    const fromOffset = g.offset;
    const owner = g.needsDrop(type) ? ownerOf(g, base) : undefined;
    const drops = owner === undefined ? [] : dropsOf(g, type);
    for (let field = 0; field < definition.fields.length; field++) {
      if (given.has(field)) continue;
      const fieldType = g.fieldType(type, (definition.fields[field] as { type: TypeId }).type);
      const at = layout.offsets[field] as number;
      const value = g.loadValue(fieldType, from, fromOffset + at);
      g.storeValue(fieldType, value, g.second, pointer, offset + at);
      const part = drops.find(({ number }) => number === field);
      if (owner !== undefined && part !== undefined) markMoved(g, partOf(owner, part));
    }
  };
  partsInto(g, inOrder.map((init) => ast.operand(init)), (i) => layout.offsets[fieldIndex(g, inOrder[i] as Node)] as number, pointer, offset, base === 0 ? undefined : fromBase);
}

function fieldIndex(g: Generator, init: Node): number {
  return meaningIndex(g.program.meaningOf(init));
}

/** Writes the tag that says which variant the value is. */
export function storeTag(g: Generator, type: TypeId, index: number, pointer: Value, offset: number): void {
  if (!g.reachable) return;
  const { tag } = g.layouts.of(type);
  if (tag === undefined) return;
  const { f } = g.b;
  if (tag.kind === "direct") {
    const scalar = tag.size === 1 ? Type.i8 : tag.size === 2 ? Type.i16 : Type.i32;
    g.b.store(f.int(scalar, index), pointer, offset + tag.offset);
  } else if (index === 0) g.b.store(f.int(Type.ptr, 0), pointer, offset + tag.offset);
}

/** Builds a variant from the arguments of a call (none for a bare name) into memory. */
export function variantInto(g: Generator, variant: VariantDefinition, type: TypeId, args: readonly Node[], pointer: Value, offset: number): void {
  const places = g.layouts.of(type).variants[variant.index] as readonly number[];
  partsInto(g, args, (i) => places[i] as number, pointer, offset);
  storeTag(g, type, variant.index, pointer, offset);
}

/** A variant of Scalar or Pair shape: a plain enum's number, or an optional whose None is nil. */
export function variantValue(g: Generator, variant: VariantDefinition, type: TypeId, args: readonly Node[]): Value {
  const { f } = g.b;
  if (g.shapes.isPlainEnum(type)) return f.int(g.shapes.scalar(type), variant.index);
  // A niche: Some(x) is x, None is nil.
  if (variant.index === 1) {
    const value = emit(g, args[0] as Node);
    taken(g, args[0] as Node);
    return value;
  }
  const none = f.int(Type.ptr, 0);
  if (g.shapes.of(type) === Shape.Pair) g.second = f.int(g.shapes.second(type), 0);
  return none;
}

/** An array literal where a slice is wanted: of constants it lives for ever, else in this function's frame. */
export function arrayAsSlice(g: Generator, n: Node, mutable: boolean): Value {
  const type = g.program.typeOf(n);
  const constant = mutable || !isConstantLiteral(g.ast, g.program, n) ? (0 as Value) : constantAddress(g, n);
  const pointer = constant !== 0 ? constant : g.temporary(type);
  if (constant === 0) emitOwnInto(g, n, pointer, 0);
  g.second = g.b.f.int(Type.i64, g.types.arrayLength(type));
  return pointer;
}

/** The variant that the node means, if it means one. */
export function variantMeant(g: Generator, n: Node): VariantDefinition | undefined {
  const means = g.program.meaningOf(n);
  if (meaningKind(means) !== MeaningKind.Definition) return undefined;
  const definition = g.program.definition(meaningIndex(means) as DefinitionId);
  return definition.kind === "variant" ? definition : undefined;
}
