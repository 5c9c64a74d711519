/**
 * Methods of the known traits for types that have them without an impl: scalars, references, tuples, arrays, slices, optionals, results,
 * and structs and enums that derive them. One function a type, of the signature that the trait's method has.
 */

import { OptionalTag, ResultTag } from "../check/definitions.ts";
import { T, TypeKind, isFloatType, isScalar, isSignedType, scalarSize, type TypeId } from "../check/types.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { BinaryOperator as B } from "../syntax/ast.ts";
import { returnFrom } from "./exits.ts";
import { callInstance } from "./calls.ts";
import { compareValues, loadTag, orderValues } from "./compare.ts";
import { resize } from "./convert.ts";
import type { Generator } from "./generator.ts";
import { storeTag } from "./literals.ts";
import { forEachElement } from "./loopBlocks.ts";
import { arithmetic } from "./operators.ts";
import { emitShowAt } from "./show.ts";
import { Shape } from "./shape.ts";

const operators: Readonly<Record<string, number>> = { add: B.Add, sub: B.Subtract, mul: B.Multiply, div: B.Divide, rem: B.Remainder };

/** The function that is the method `name` of `type`. */
export function derivedSymbol(g: Generator, name: string, type: TypeId): SymbolId {
  const key = `derived ${name} ${type}`;
  const known = g.helpers.get(key);
  if (known !== undefined) return known;
  const { types } = g;
  const self = types.reference(type, false);
  const parameters =
    name === "eq" || name === "cmp" ? [self, self]
    : name === "clone" ? [self]
    : name === "hash" || name === "show" ? [self, types.reference(T.i64, true)]
    : name === "default" ? []
    : name === "neg" ? [type]
    : name in operators ? [type, type]
    : undefined;
  if (parameters === undefined) throw new Error(`irgen/derived.derivedSymbol: no method '${name}'`);
  const result = name === "eq" ? T.bool : name === "cmp" ? T.i8 : name === "hash" || name === "show" ? T.void : type;
  const symbol = g.module.declareFunction(g.symbolNames.helper(`${name} ${g.symbolNames.label(type)}`), g.signatures.lang(parameters, result, []), "local");
  g.helpers.set(key, symbol);
  g.enqueue(() => {
    g.begin(symbol);
    make(g, name, type);
    g.end();
  });
  return symbol;
}

function make(g: Generator, name: string, type: TypeId): void {
  const { b } = g;
  const entry = b.current;
  const parameter = (i: number): Value => b.f.param(entry, i);
  // The result's address is the first parameter: those of the method follow it.
  const byAddress = g.shapes.pieces(type) === undefined;
  switch (name) {
    case "eq":
    case "cmp": {
      const a = g.loadValue(type, parameter(0), 0);
      const aSecond = g.second;
      const other = g.loadValue(type, parameter(1), 0);
      const otherSecond = g.second;
      if (name === "eq") b.return([compareValues(g, B.Equal, type, a, aSecond, other, otherSecond)]);
      else {
        // Less, Equal, Greater are 0, 1, 2; of text the order is any number of the right sign.
        const order = orderValues(g, type, a, aSecond, other, otherSecond);
        const zero = b.f.int(Type.i64, 0);
        b.return([b.emit(Op.add, b.emit(Op.sge, order, zero), b.emit(Op.sgt, order, zero))]);
      }
      break;
    }
    case "hash":
      hashAt(g, type, parameter(0), parameter(1));
      if (g.reachable) b.return();
      break;
    case "show":
      emitShowAt(g, b.load(Type.i64, parameter(1), 0), type, parameter(0));
      if (g.reachable) b.return();
      break;
    case "clone":
      returnMade(g, type, (into) => cloneInto(g, type, parameter(byAddress ? 1 : 0), 0, into, 0));
      break;
    case "default":
      returnMade(g, type, (into) => defaultInto(g, type, into, 0));
      break;
    case "neg": {
      const zero = isFloatType(type) ? (0 as Value) : b.f.int(g.shapes.scalar(type), 0);
      b.return([isFloatType(type) ? b.emit(Op.fneg, parameter(0)) : arithmetic(g, B.Subtract, type, zero, parameter(0), type)]);
      break;
    }
    default:
      b.return([arithmetic(g, operators[name] as number, type, parameter(0), parameter(1), type)]);
  }
  g.reachable = false;
}

/** Returns a value that is made at an address: the result's own where results travel by address. */
function returnMade(g: Generator, type: TypeId, makeAt: (into: Value) => void): void {
  const { b } = g;
  if (g.shapes.of(type) === Shape.Void) {
    b.return();
    return;
  }
  const pieces = g.shapes.pieces(type);
  const address = pieces === undefined ? b.f.param(b.current, 0) : g.temporary(type);
  makeAt(address);
  if (g.reachable) returnFrom(g, type, address);
}

/** Calls the method `name` of the trait for `type`, whoever has it. */
function callKnown(g: Generator, trait: string, name: string, type: TypeId, values: readonly Value[], result: TypeId, into: Value): void {
  const definition = g.program.preludeTrait(trait);
  const method = definition?.methods.find((one) => g.names.name(one.name) === name);
  if (method === undefined) throw new Error(`irgen/derived.callKnown: std has no ${trait}.${name}`);
  callInstance(g, { function: method, args: [type] }, values, result, into);
}

/** The variants of a tagged type, with the types of their fields. */
function variantsOf(g: Generator, type: TypeId): readonly (readonly TypeId[])[] {
  const { types } = g;
  switch (types.kindOf(type)) {
    case TypeKind.Optional: return [[], [types.inner(type)]];
    case TypeKind.Result: return [[types.inner(type)], [types.errorType(type)]];
    default: {
      const definition = g.program.definition(types.definition(type));
      return definition.kind === "enum" ? definition.variants.map((variant) => variant.fields.map((field) => g.fieldType(type, field.type))) : [];
    }
  }
}

/** The fields of a struct or tuple. */
function fieldsOf(g: Generator, type: TypeId): readonly TypeId[] {
  if (g.types.kindOf(type) === TypeKind.Tuple) return g.types.items(type);
  const definition = g.program.definition(g.types.definition(type));
  return definition.kind === "struct" ? definition.fields.map((field) => g.fieldType(type, field.type)) : [];
}

/** Goes over the variants that have fields; `other` is done for the rest. */
function eachVariant(g: Generator, type: TypeId, address: Value, work: (index: number, fields: readonly TypeId[], offsets: readonly number[]) => void, other: () => void): void {
  const { b } = g;
  const layout = g.layouts.of(type);
  const tag = loadTag(g, type, address, 0);
  const done = b.block();
  variantsOf(g, type).forEach((fields, index) => {
    if (fields.length === 0) return;
    const inside = b.block();
    const next = b.block();
    g.branch(b.emit(Op.eq, tag, b.f.int(b.f.typeOf(tag), index)), inside, next);
    b.seal(inside);
    g.startBlock(inside);
    work(index, fields, layout.variants[index] ?? []);
    g.jump(done);
    b.seal(next);
    g.startBlock(next);
  });
  if (g.reachable) other();
  g.jump(done);
  b.seal(done);
  g.startBlock(done);
}

// ── clone ──

/** Makes a copy of the value at `from` at `to`: bits of what is `Copy`, clones of the rest. */
function cloneInto(g: Generator, type: TypeId, from: Value, fromOffset: number, to: Value, toOffset: number): void {
  const { types, b } = g;
  if (!g.reachable) return;
  const kind = types.kindOf(type);
  const isAggregate = kind === TypeKind.Struct || kind === TypeKind.Enum;
  if (g.program.isCopy(type) || !g.needsDrop(type) && !isAggregate) {
    g.storeValue(type, g.loadValue(type, from, fromOffset), g.second, to, toOffset);
    return;
  }
  const source = g.addressAt(from, fromOffset);
  const part = (partType: TypeId, offset: number): void => {
    callKnown(g, "Clone", "clone", partType, [g.addressAt(source, offset)], partType, g.addressAt(to, toOffset + offset));
  };
  const layout = g.layouts.of(type);
  switch (kind) {
    case TypeKind.Struct:
    case TypeKind.Tuple:
      fieldsOf(g, type).forEach((field, i) => part(field, layout.offsets[i] as number));
      return;
    case TypeKind.Array: {
      const element = types.inner(type);
      const size = g.layouts.size(element);
      const target = g.addressAt(to, toOffset);
      forEachElement(g, b.f.int(Type.i64, types.arrayLength(type)), (at) => {
        const offset = b.emit(Op.mul, at, b.f.int(Type.i64, size));
        callKnown(g, "Clone", "clone", element, [b.typed(Op["ptr.add"], Type.ptr, source, offset)], element, b.typed(Op["ptr.add"], Type.ptr, target, offset));
      });
      return;
    }
    default:
      if (g.shapes.isPlainEnum(type)) {
        g.storeValue(type, g.loadValue(type, source, 0), g.second, to, toOffset);
        return;
      }
      eachVariant(g, type, source, (index, fields, offsets) => {
        fields.forEach((field, i) => part(field, offsets[i] ?? 0));
        storeTag(g, type, index, to, toOffset);
      }, () => g.copyMemory(g.addressAt(to, toOffset), source, g.layouts.size(type)));
  }
}

// ── default ──

function defaultInto(g: Generator, type: TypeId, to: Value, offset: number): void {
  const { types, b } = g;
  if (!g.reachable || g.shapes.of(type) === Shape.Void) return;
  const kind = types.kindOf(type);
  const layout = g.layouts.of(type);
  const part = (partType: TypeId, at: number): void => callKnown(g, "Default", "default", partType, [], partType, g.addressAt(to, offset + at));
  if (type === T.str) {
    g.storeValue(type, b.f.address(g.data.string(new Uint8Array(0))), b.f.int(Type.i64, 0), to, offset);
    return;
  }
  switch (kind) {
    case TypeKind.Struct:
    case TypeKind.Tuple:
      fieldsOf(g, type).forEach((field, i) => part(field, layout.offsets[i] as number));
      return;
    case TypeKind.Array: {
      const element = types.inner(type);
      const size = g.layouts.size(element);
      const start = g.addressAt(to, offset);
      forEachElement(g, b.f.int(Type.i64, types.arrayLength(type)), (at) =>
        callKnown(g, "Default", "default", element, [], element, b.typed(Op["ptr.add"], Type.ptr, start, b.emit(Op.mul, at, b.f.int(Type.i64, size)))));
      return;
    }
    case TypeKind.Optional:
      storeTag(g, type, OptionalTag.None, to, offset);
      return;
    case TypeKind.Result:
      part(types.inner(type), layout.variants[ResultTag.Ok]?.[0] ?? 0);
      storeTag(g, type, ResultTag.Ok, to, offset);
      return;
    case TypeKind.Slice: {
      const aligned = b.f.int(Type.ptr, g.layouts.alignment(types.inner(type)));
      g.storeValue(type, aligned, b.f.int(Type.i64, 0), to, offset);
      return;
    }
    case TypeKind.Enum:
      // The first variant, which has no parts: the checker sees to that.
      if (g.shapes.isPlainEnum(type)) b.store(b.f.int(g.shapes.scalar(type), 0), to, offset);
      else storeTag(g, type, 0, to, offset);
      return;
    default: {
      const scalar = g.shapes.scalar(type);
      b.store(isFloatType(type) ? b.f.constant(scalar, 0, 0) : b.f.int(scalar, 0), to, offset);
    }
  }
}

// ── hash ──

function hashWord(g: Generator, hasher: Value, word: Value): void {
  const symbol = g.runtime("hash_word");
  g.noteCall(symbol);
  g.b.call(symbol, [hasher, word]);
}

function hashAt(g: Generator, type: TypeId, address: Value, hasher: Value): void {
  const { types, b } = g;
  if (!g.reachable || type === T.void) return;
  if (type === T.str) {
    const symbol = g.runtime("hash_text");
    g.noteCall(symbol);
    b.call(symbol, [hasher, b.load(Type.ptr, address, 0), b.load(Type.i64, address, 8)]);
    return;
  }
  if (isScalar(type)) {
    if (scalarSize(type) === 16) {
      hashWord(g, hasher, b.load(Type.i64, address, 0));
      hashWord(g, hasher, b.load(Type.i64, address, 8));
    } else hashWord(g, hasher, resize(g, b.load(g.shapes.scalar(type), address, 0), Type.i64, isSignedType(type)));
    return;
  }
  const part = (partType: TypeId, offset: number): void => callKnown(g, "Hash", "hash", partType, [g.addressAt(address, offset), hasher], T.void, 0 as Value);
  const layout = g.layouts.of(type);
  switch (types.kindOf(type)) {
    case TypeKind.Reference:
      callKnown(g, "Hash", "hash", types.inner(type), [b.load(Type.ptr, address, 0), hasher], T.void, 0 as Value);
      return;
    case TypeKind.Pointer:
      hashWord(g, hasher, resize(g, b.load(Type.ptr, address, 0), Type.i64, false));
      return;
    case TypeKind.Struct:
    case TypeKind.Tuple:
      fieldsOf(g, type).forEach((field, i) => part(field, layout.offsets[i] as number));
      return;
    case TypeKind.Array:
      hashElements(g, types.inner(type), address, b.f.int(Type.i64, types.arrayLength(type)), hasher);
      return;
    case TypeKind.Slice: {
      const count = b.load(Type.i64, address, 8);
      hashWord(g, hasher, count);
      hashElements(g, types.inner(type), b.load(Type.ptr, address, 0), count, hasher);
      return;
    }
    default: {
      if (g.shapes.isPlainEnum(type)) {
        hashWord(g, hasher, resize(g, b.load(g.shapes.scalar(type), address, 0), Type.i64, false));
        return;
      }
      hashWord(g, hasher, resize(g, loadTag(g, type, address, 0), Type.i64, false));
      eachVariant(g, type, address, (_, fields, offsets) => fields.forEach((field, i) => part(field, offsets[i] ?? 0)), () => {});
    }
  }
}

function hashElements(g: Generator, element: TypeId, start: Value, count: Value, hasher: Value): void {
  const { b } = g;
  const size = g.layouts.size(element);
  forEachElement(g, count, (at) => callKnown(g, "Hash", "hash", element, [b.typed(Op["ptr.add"], Type.ptr, start, b.emit(Op.mul, at, b.f.int(Type.i64, size))), hasher], T.void, 0 as Value));
}
