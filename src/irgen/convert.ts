/** The implicit conversions of section 3 of the reference, and `as`. */

import { meaningIndex, meaningKind, MeaningKind } from "../check/checkedProgram.ts";
import { OptionalTag, type DefinitionId } from "../check/definitions.ts";
import { T, TypeKind, isFloatType, isIntegerType, isScalar, isSignedType, scalarSize, type TypeId } from "../check/types.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { emit, emitDropped, emitOwn, emitOwnInto, emitPlace } from "./dispatch.ts";
import { derefed, tableFor } from "./deref.ts";
import { cSymbolOf } from "./foreign.ts";
import type { Generator } from "./generator.ts";
import { arrayAsSlice } from "./literals.ts";
import { Shape } from "./shape.ts";

/** Emits `n`, whose own type is `from`, and converts it to `to`. */
export function convert(g: Generator, n: Node, from: TypeId, to: TypeId): Value {
  if (!g.reachable) return g.nothing(to);
  const { types } = g;
  if (to === T.void) {
    emitDropped(g, n);
    return 0 as Value;
  }
  if (g.shapes.of(to) === Shape.Memory && from !== T.never && !readsThrough(g, from, to) && !isDerefed(g, from, to)) {
    const address = g.temporary(to);
    convertInto(g, n, from, to, address, 0);
    return address;
  }
  // An array becomes a slice of the place where it is.
  if (types.kindOf(to) === TypeKind.Slice && types.kindOf(from) === TypeKind.Array) {
    const literal = g.ast.withoutParentheses(n);
    // One whose elements own something is a temporary that is dropped.
    if ((g.ast.kind[literal] === Kind.Array || g.ast.kind[literal] === Kind.ArrayRepeat) && !g.needsDrop(from)) return arrayAsSlice(g, literal, types.isMutable(to));
    const place = emitPlace(g, n);
    const pointer = g.addressAt(place, g.offset);
    g.second = g.b.f.int(Type.i64, types.arrayLength(from));
    return pointer;
  }
  // What derefs to a slice or text, itself the object of a method of these: it is borrowed where it is.
  if ((types.kindOf(to) === TypeKind.Slice || to === T.str) && g.program.derefTarget(from) !== 0) {
    const place = emitPlace(g, n);
    const found = throughDerefs(g, g.addressAt(place, g.offset), 0 as Value, types.reference(from, false), to);
    if (found !== undefined) return found;
  }
  if (types.kindOf(to) === TypeKind.Function && types.isExternal(to) && !types.isExternal(from)) return g.b.f.address(namedCode(g, n));
  const value = emitOwn(g, n);
  return convertValue(g, value, g.second, from, to);
}

/** The function that a Name or Field means. */
function namedCode(g: Generator, n: Node): SymbolId {
  const name = g.ast.withoutParentheses(n);
  const definition = g.program.definition(meaningIndex(g.program.meaningOf(name)) as DefinitionId);
  if (definition.kind !== "function") throw new Error("irgen/convert.namedCode: not a function");
  return cSymbolOf(g, definition, g.program.argsOf(name));
}

/** A reference (or several) whose target is wanted. */
function readsThrough(g: Generator, from: TypeId, to: TypeId): boolean {
  while (g.types.kindOf(from) === TypeKind.Reference) {
    from = g.types.inner(from);
    if (from === to) return true;
  }
  return false;
}

/** A struct that is looked at as what it derefs to. */
function isDerefed(g: Generator, from: TypeId, to: TypeId): boolean {
  const { types } = g;
  return types.kindOf(from) === TypeKind.Struct && types.kindOf(to) !== TypeKind.Optional && g.program.derefTarget(from) !== 0
    && !(types.kindOf(to) === TypeKind.Struct && types.definition(from) === types.definition(to));
}

/** Converts a value at hand. `second` is its second half if it is a Pair; the result's is left in `g.second`. */
export function convertValue(g: Generator, value: Value, second: Value, from: TypeId, to: TypeId): Value {
  if (from === to) {
    g.second = second;
    return value;
  }
  if (!g.reachable || from === T.never || from === T.error) return g.nothing(to);
  const { types, b } = g;
  if (isScalar(from) && isScalar(to)) {
    if (from === T.str) return value; // str to … cannot be: handled below as a pointer
    return convertNumber(g, value, from, to);
  }
  const fromKind = types.kindOf(from);
  const toKind = types.kindOf(to);
  if (fromKind === TypeKind.Struct && toKind !== TypeKind.Optional) {
    // What is compared as what it derefs to: a string as a text, a box as what it holds.
    const isView = toKind === TypeKind.Slice || to === T.str;
    const pointer = throughDerefs(g, value, 0 as Value, types.reference(from, false), isView ? to : types.reference(to, false));
    if (pointer !== undefined) return isView ? pointer : g.loadValue(to, pointer, 0);
  }
  if (fromKind === TypeKind.Reference && (toKind === TypeKind.Reference || toKind === TypeKind.Pointer || toKind === TypeKind.Slice || to === T.str)) {
    const found = throughDerefs(g, value, second, from, to);
    if (found !== undefined) return found;
  }
  if (toKind === TypeKind.Optional && fromKind !== TypeKind.Optional && g.shapes.of(to) !== Shape.Memory) return convertValue(g, value, second, from, types.inner(to));
  if (fromKind === TypeKind.Reference && toKind !== TypeKind.Reference && toKind !== TypeKind.Pointer) {
    const target = types.inner(from);
    if (toKind === TypeKind.Slice && types.kindOf(target) === TypeKind.Array) {
      g.second = b.f.int(Type.i64, types.arrayLength(target));
      return value;
    }
    const loaded = g.loadValue(target, value, 0);
    return convertValue(g, loaded, g.second, target, to);
  }
  // Pointers, references, slices of other mutability, str to *u8, nil, function values to functions of another kind of call.
  g.second = second;
  return value;
}

/** A reference as one to what its target derefs to, as a slice or text of that, or as one to a `dyn`; undefined if it is none of these. */
function throughDerefs(g: Generator, value: Value, second: Value, from: TypeId, to: TypeId): Value | undefined {
  const { types } = g;
  const toKind = types.kindOf(to);
  const wanted = toKind === TypeKind.Reference || toKind === TypeKind.Pointer ? types.inner(to) : to;
  const isView = toKind === TypeKind.Slice || to === T.str;
  let type = types.inner(from);
  let pointer = value;
  let table = second;
  for (let steps = 0; ; steps++) {
    if (isView && (types.kindOf(type) === TypeKind.Slice || type === T.str) && steps > 0) return g.loadValue(type, pointer, 0);
    if (isView && types.kindOf(type) === TypeKind.Array && steps > 0) {
      g.second = g.b.f.int(Type.i64, types.arrayLength(type));
      return pointer;
    }
    if (!isView && type === wanted) {
      if (steps === 0) return undefined;
      g.second = table;
      return pointer;
    }
    const methods = isView || (types.kindOf(wanted) === TypeKind.Dyn && !isTraitOf(g, type, wanted)) ? undefined : tableFor(g, type, wanted, table);
    if (methods !== undefined) {
      g.second = methods;
      return pointer;
    }
    if (types.kindOf(type) === TypeKind.Reference) {
      pointer = g.loadValue(type, pointer, 0);
      table = g.second;
      type = types.inner(type);
      continue;
    }
    const target = g.program.derefTarget(type);
    if (target === 0 || !g.reachable) return undefined;
    pointer = derefed(g, type, target, pointer);
    table = g.second;
    type = target;
  }
}

/** `type` has the trait of the `dyn` type, so that it is not what it derefs to that is meant. */
function isTraitOf(g: Generator, type: TypeId, dyn: TypeId): boolean {
  const trait = g.program.definition(g.types.definition(dyn));
  return trait.kind === "trait" && g.program.findImpl(type, trait, g.types.items(dyn)) !== undefined;
}

/** A box of a value as a box of a `dyn`: its references get the table of methods. */
function unsizeInto(g: Generator, n: Node, from: TypeId, to: TypeId, pointer: Value, offset: number): void {
  const { types } = g;
  const aside = g.temporary(from);
  emitOwnInto(g, n, aside, 0);
  if (!g.reachable) return;
  const definition = g.program.definition(types.definition(from));
  if (definition.kind !== "struct") throw new Error("irgen/convert.unsizeInto: no struct");
  const before = g.layouts.of(from).offsets;
  const after = g.layouts.of(to).offsets;
  definition.fields.forEach((field, i) => {
    const old = g.fieldType(from, field.type);
    const made = g.fieldType(to, field.type);
    const value = g.loadValue(old, aside, before[i] as number);
    const table = old === made ? undefined : tableFor(g, types.inner(old), types.inner(made), g.second);
    g.storeValue(made, value, table ?? g.second, pointer, offset + (after[i] as number));
  });
}

/** As `convert`, into memory. */
export function convertInto(g: Generator, n: Node, from: TypeId, to: TypeId, pointer: Value, offset: number): void {
  if (!g.reachable) return;
  const { types } = g;
  if (types.kindOf(to) === TypeKind.Optional && from !== T.never && !readsThrough(g, from, to)) {
    const inner = types.inner(to);
    const layout = g.layouts.of(to);
    const tag = layout.tag;
    if (tag === undefined) throw new Error("irgen/convert.convertInto: an optional without a tag");
    const payload = tag.kind === "niche" ? 0 : ((layout.variants[OptionalTag.Some] as readonly number[])[0] as number);
    if (from === inner) emitOwnInto(g, n, pointer, offset + payload);
    else convertInto(g, n, from, inner, pointer, offset + payload);
    if (tag.kind === "direct" && g.reachable) g.b.store(g.b.f.int(Type.i8, OptionalTag.Some), pointer, offset + tag.offset);
    return;
  }
  if (types.kindOf(from) === TypeKind.Struct && types.kindOf(to) === TypeKind.Struct && types.definition(from) === types.definition(to) && from !== to) {
    unsizeInto(g, n, from, to, pointer, offset);
    return;
  }
  if (g.shapes.of(to) === Shape.Memory) {
    const value = emitOwn(g, n);
    const converted = convertValue(g, value, g.second, from, to);
    g.storeValue(to, converted, 0 as Value, pointer, offset);
    return;
  }
  const value = convert(g, n, from, to);
  g.storeValue(to, value, g.second, pointer, offset);
}

/** Numbers, bool and char to numbers: `as` and widening alike. */
export function convertNumber(g: Generator, value: Value, from: TypeId, to: TypeId): Value {
  const { b } = g;
  const fromType = g.shapes.scalar(from);
  const toType = g.shapes.scalar(to);
  if (isFloatType(from)) {
    if (isFloatType(to)) return fromType === toType ? value : b.emit(toType === Type.f64 ? Op.fpromote : Op.fdemote, value);
    return b.typed(isSignedType(to) ? Op.ftos : Op.ftou, toType, value);
  }
  if (isFloatType(to)) return b.typed(isSignedType(from) ? Op.stof : Op.utof, toType, value);
  return resize(g, value, toType, isSignedType(from));
}

/** An integer or pointer as another integer or pointer type. */
export function resize(g: Generator, value: Value, to: Type, signed: boolean): Value {
  const { b } = g;
  const from = b.f.typeOf(value);
  if (from === to) return value;
  if (from === Type.ptr || to === Type.ptr) {
    if (from !== Type.ptr) return b.typed(Op.bitcast, Type.ptr, resize(g, value, Type.i64, signed));
    return resize(g, b.typed(Op.bitcast, Type.i64, value), to, false);
  }
  const fromSize = typeSize[from] as number;
  const toSize = typeSize[to] as number;
  const known = b.f.smallInt(value);
  if (toSize <= 8 && (known >= 0 || (signed && known < 0))) return b.f.int(to, known);
  if (b.f.isConst(value) && fromSize <= 8 && toSize <= 8) {
    let number = b.f.bigOf(value);
    if (!signed) number = BigInt.asUintN(8 * fromSize, number);
    return b.f.big(to, number);
  }
  if (toSize < fromSize) return b.typed(Op.trunc, to, value);
  return b.typed(signed ? Op.sext : Op.zext, to, value);
}

/** `expression as type`, which is `to`. */
export function emitCast(g: Generator, n: Node, to: TypeId): Value {
  const { ast, program, types } = g;
  const operand = ast.operand(n);
  const wanted = program.wantedOf(operand);
  const from = wanted === 0 ? program.typeOf(operand) : wanted;
  // It only said what the operand is to be.
  if (from === to) return emit(g, operand);
  if (types.kindOf(to) === TypeKind.Slice && types.kindOf(from) === TypeKind.Array) return convert(g, operand, from, to);
  // The address of a named function: as C calls it, or the code itself as a number or pointer.
  if (types.kindOf(from) === TypeKind.Function && !types.isExternal(from) && g.shapes.of(to) === Shape.Scalar) {
    const named = meaningKind(program.meaningOf(g.ast.withoutParentheses(operand))) === MeaningKind.Definition;
    if (named && types.kindOf(to) === TypeKind.Function) return g.b.f.address(namedCode(g, operand));
    return resize(g, emitOwn(g, operand), g.shapes.scalar(to), false);
  }
  let value = wanted === 0 || wanted === program.typeOf(operand) ? emitOwn(g, operand) : convert(g, operand, program.typeOf(operand), wanted);
  let second = g.second;
  let type = from;
  // A Copy value is read through references.
  while (types.kindOf(type) === TypeKind.Reference && (isScalar(to) || types.kindOf(to) === TypeKind.Enum) && !(isIntegerType(to) && scalarSize(to) === 8 && !isScalar(types.inner(type)))) {
    type = types.inner(type);
    value = g.loadValue(type, value, 0);
    second = g.second;
  }
  if (!g.reachable) return g.nothing(to);
  if (isScalar(type) && isScalar(to) && type !== T.str && to !== T.str) return convertNumber(g, value, type, to);
  if (g.shapes.of(to) === Shape.Scalar && (g.shapes.of(type) === Shape.Scalar || g.shapes.of(type) === Shape.Pair)) return resize(g, value, g.shapes.scalar(to), isSignedType(type));
  if (ast.kind[operand] === Kind.Error) return g.nothing(to);
  return convertValue(g, value, second, type, to);
}
