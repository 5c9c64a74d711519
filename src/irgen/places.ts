/** Names, fields, elements, and what pointers point to: as places (an address) and as values. */

import { BuiltinMember, meaningIndex, meaningKind, MeaningKind } from "../check/checkedProgram.ts";
import type { ConstDefinition, DefinitionId, LocalId } from "../check/definitions.ts";
import { T, TypeKind, isSignedType, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { Flag, Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { resize } from "./convert.ts";
import { derefed } from "./deref.ts";
import { emit, emitInto, emitPlace, finalType } from "./dispatch.ts";
import { register, registerMemory, registerPlaces } from "./emitters.ts";
import { cSymbolOf } from "./foreign.ts";
import { Home, type Generator } from "./generator.ts";
import { variantInto, variantValue } from "./literals.ts";
import { overloadOf, overloadedIndex } from "./overloaded.ts";
import { Shape } from "./shape.ts";
import { Trap } from "./traps.ts";

// ── names ──

register({
  Name: nameValue,
  VariantName: nameValue,
  Paren: (g, n) => emit(g, g.ast.operand(n)),
});

registerPlaces({
  Name: namePlace,
  Paren: (g, n) => emitPlace(g, g.ast.operand(n)),
  Field: fieldPlace,
  TupleField: tuplePlace,
  Index: indexPlace,
  Unary: (g, n) => {
    if (g.ast.unaryOperator(n) !== UnaryOperator.Dereference) return 0 as Value;
    const deferred = g.deferredChecks;
    g.deferredChecks = undefined;
    const operand = g.ast.operand(n);
    const type = finalType(g, operand);
    const kind = g.types.kindOf(type);
    let pointer: Value;
    if (kind === TypeKind.Reference || kind === TypeKind.Pointer) pointer = emit(g, operand);
    else {
      const place = emitPlace(g, operand);
      pointer = derefed(g, type, g.program.typeOf(n), g.addressAt(place, g.offset));
    }
    g.metadata = g.second;
    g.deferredChecks = deferred;
    g.offset = 0;
    return pointer;
  },
});

registerMemory({
  Name: nameInto, VariantName: nameInto, Field: nameInto,
  // Not by a place of its own, which would be dropped as well.
  Paren: (g, n, pointer, offset) => emitInto(g, g.ast.operand(n), pointer, offset),
});

function nameInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  const means = g.program.meaningOf(n);
  const type = g.program.typeOf(n);
  if (meaningKind(means) === MeaningKind.Definition) {
    const definition = g.program.definition(meaningIndex(means) as DefinitionId);
    if (definition.kind === "variant") {
      variantInto(g, definition, type, [], pointer, offset);
      return;
    }
  }
  const from = emitPlace(g, n);
  g.storeValue(type, g.addressAt(from, g.offset), 0 as Value, pointer, offset);
}

function nameValue(g: Generator, n: Node): Value {
  const means = g.program.meaningOf(n);
  if (meaningKind(means) === MeaningKind.Local) return g.readLocal(meaningIndex(means) as LocalId);
  return definitionValue(g, n, meaningIndex(means) as DefinitionId);
}

function definitionValue(g: Generator, n: Node, id: DefinitionId): Value {
  const definition = g.program.definition(id);
  const type = g.program.typeOf(n);
  switch (definition.kind) {
    case "function": {
      if (g.types.isExternal(type)) return g.b.f.address(cSymbolOf(g, definition, g.program.argsOf(n)));
      const code = g.b.f.address(g.functions.valueOf(definition, g.program.argsOf(n)));
      g.second = g.b.f.int(Type.ptr, 0);
      return code;
    }
    case "const":
      return constantValue(g, definition);
    case "global": {
      const address = g.b.f.address(g.data.global(definition));
      return g.loadValue(type, address, 0);
    }
    case "variant":
      return variantValue(g, definition, type, []);
    default:
      throw new Error(`irgen/places.definitionValue: a ${definition.kind} is no value`);
  }
}

/** A constant is needed for another, and has no value. */
export class UnknownConstant extends Error {
  readonly definition: ConstDefinition;

  constructor(definition: ConstDefinition) {
    super("irgen/places.UnknownConstant: nobody caught it");
    this.definition = definition;
  }
}

/** A constant: small ones are written into the code, others read from constant memory. */
export function constantValue(g: Generator, definition: ConstDefinition): Value {
  const { value, type } = definition;
  if (value === undefined) {
    // While constants are computed, one may need itself in a way that only the calls show: the checker has reported it.
    if (g.options.answered !== undefined) throw new UnknownConstant(definition);
    throw new Error(`irgen/places.constantValue: the constant '${g.names.name(definition.name)}' has no value`);
  }
  const shape = g.shapes.of(type);
  if (shape === Shape.Scalar && value.references.length === 0) {
    const scalar = g.shapes.scalar(type);
    let number = 0n;
    for (let i = value.bytes.length - 1; i >= 0; i--) number = (number << 8n) | BigInt(value.bytes[i] as number);
    if (scalar === Type.f64 || scalar === Type.f32) {
      return g.b.f.constant(scalar, Number(BigInt.asIntN(32, number)), Number(BigInt.asIntN(32, number >> 32n)));
    }
    return g.b.f.big(scalar, number);
  }
  const address = g.b.f.address(g.data.constant(value, type));
  if (shape === Shape.Pair && value.references.length === 1 && g.shapes.second(type) === Type.i64) {
    // A str or slice: its parts are constants too.
    const [reference] = value.references;
    if (reference !== undefined && !("kind" in reference.target)) {
      let length = 0;
      for (let i = 5; i >= 0; i--) length = length * 256 + (value.bytes[8 + i] as number);
      const inner = g.types.kindOf(type) === TypeKind.Slice ? g.types.inner(type) : T.u8;
      const pointer = g.b.f.address(g.data.constant(reference.target, inner), reference.addend);
      g.second = g.b.f.int(Type.i64, length);
      return pointer;
    }
  }
  return g.loadValue(type, address, 0);
}

function namePlace(g: Generator, n: Node): Value {
  const means = g.program.meaningOf(n);
  g.offset = 0;
  if (meaningKind(means) === MeaningKind.Local) {
    const local = meaningIndex(means) as LocalId;
    return g.homeOf(local) === Home.Slot ? g.slotOf(local) : (0 as Value);
  }
  const definition = g.program.definition(meaningIndex(means) as DefinitionId);
  if (definition.kind === "global") return g.b.f.address(g.data.global(definition));
  if (definition.kind === "const" && definition.value !== undefined) return g.b.f.address(g.data.constant(definition.value, definition.type));
  return 0 as Value;
}

// ── fields ──

/** Follows references, pointers and what derefs from the place of `n` to the place of the aggregate itself, which `isOwner` knows. */
function aggregatePlace(g: Generator, n: Node, isOwner: (type: TypeId) => boolean): TypeId {
  let type = finalType(g, n);
  const { types } = g;
  const isPointer = (t: TypeId) => types.kindOf(t) === TypeKind.Reference || types.kindOf(t) === TypeKind.Pointer;
  if (isPointer(type)) {
    // What lies behind a pointer is read: checks before it cannot wait.
    const deferred = g.deferredChecks;
    g.deferredChecks = undefined;
    base = emit(g, n);
    g.deferredChecks = deferred;
    type = behind(g, type);
  } else base = emitPlace(g, n);
  while (!isOwner(type) && g.reachable) {
    const target = g.program.derefTarget(type);
    if (target === 0) break;
    base = derefed(g, type, target, g.addressAt(base, g.offset));
    type = behind(g, types.reference(target, false));
  }
  return type;
}

/** From the value of a reference or pointer of type `type` in `base` (and `g.second`) to what is behind it and all that follow. */
function behind(g: Generator, type: TypeId): TypeId {
  const { types } = g;
  g.offset = 0;
  g.metadata = g.second;
  let at = types.inner(type);
  while (types.kindOf(at) === TypeKind.Reference || types.kindOf(at) === TypeKind.Pointer) {
    base = g.loadValue(at, base, 0);
    g.metadata = g.second;
    at = types.inner(at);
  }
  return at;
}

/** Pointer that `aggregatePlace` found; the offset is in `g.offset`. */
let base = 0 as Value;

/** The struct has a field of this name that the node may mean: a private one of a type of std that derefs, only within std (check/members.ts, meansField). */
function hasField(g: Generator, n: Node, type: TypeId): boolean {
  if (g.types.kindOf(type) !== TypeKind.Struct) return false;
  const definition = g.program.definition(g.types.definition(type));
  if (definition.kind !== "struct") return false;
  const name = g.ast.fieldName(n);
  const field = definition.fields.find((one) => one.name === name);
  if (field === undefined) return false;
  return g.ast.has(field.node, Flag.public) || g.program.derefTarget(type) === 0 || !g.program.isLibrary(definition.file) || isLibraryText(g, g.ast.start[n] as number);
}

function isLibraryText(g: Generator, position: number): boolean {
  const file = g.sources.fileAt(position);
  return file !== undefined && g.program.isLibraryText(file.id);
}

function partPlace(g: Generator, object: Node, index: number, isOwner: (type: TypeId) => boolean): Value {
  const type = aggregatePlace(g, object, isOwner);
  g.offset += g.layouts.of(type).offsets[index] as number;
  return base;
}

function tuplePlace(g: Generator, n: Node): Value {
  return partPlace(g, g.ast.operand(n), g.ast.tupleIndex(n), (type) => g.types.kindOf(type) === TypeKind.Tuple);
}

function structPlace(g: Generator, n: Node): Value {
  return partPlace(g, g.ast.operand(n), meaningIndex(g.program.meaningOf(n)), (type) => hasField(g, n, type));
}

function fieldPlace(g: Generator, n: Node): Value {
  const means = g.program.meaningOf(n);
  switch (meaningKind(means)) {
    case MeaningKind.Field:
      return structPlace(g, n);
    case MeaningKind.Definition:
      return namePlace(g, n);
    default:
      return 0 as Value;
  }
}

function valueAt(g: Generator, n: Node, pointer: Value): Value {
  return g.loadValue(g.program.typeOf(n), pointer, g.offset);
}

register({
  TupleField: (g, n) => valueAt(g, n, tuplePlace(g, n)),
  Field: (g, n) => {
    const means = g.program.meaningOf(n);
    switch (meaningKind(means)) {
      case MeaningKind.Field:
        return valueAt(g, n, structPlace(g, n));
      case MeaningKind.Member:
        return memberValue(g, g.ast.operand(n), meaningIndex(means));
      case MeaningKind.Definition:
        return definitionValue(g, n, meaningIndex(means) as DefinitionId);
      default:
        throw new Error("irgen/places: a field without meaning");
    }
  },
});

/** `.len` and `.ptr` of str, slices and arrays, references looked through. */
export function memberValue(g: Generator, object: Node, member: number): Value {
  let type = finalType(g, object);
  const { types, b } = g;
  let inner = type;
  while (types.kindOf(inner) === TypeKind.Reference) inner = types.inner(inner);
  if (types.kindOf(inner) === TypeKind.Array) {
    if (member === BuiltinMember.len) {
      emit(g, object);
      return b.f.int(Type.i64, types.arrayLength(inner));
    }
    aggregatePlace(g, object, (type) => types.kindOf(type) === TypeKind.Array);
    return g.addressAt(base, g.offset);
  }
  if (types.kindOf(inner) === TypeKind.Struct) {
    // A collection: its own field, or the length of the slice or text that it derefs to.
    const field = member === BuiltinMember.len ? lengthField(g, inner) : undefined;
    if (field !== undefined) {
      aggregatePlace(g, object, (t) => lengthField(g, t) !== undefined);
      return b.load(Type.i64, base, g.offset + field);
    }
    elements(g, object);
    return member === BuiltinMember.len ? elementCount : firstElement;
  }
  let first = emit(g, object);
  while (types.kindOf(type) === TypeKind.Reference) {
    type = types.inner(type);
    first = g.loadValue(type, first, 0);
  }
  return member === BuiltinMember.len ? g.second : first;
}

/** Where a struct's public field `len` lies; undefined if it has none. */
function lengthField(g: Generator, type: TypeId): number | undefined {
  const definition = g.types.kindOf(type) === TypeKind.Struct ? g.program.definition(g.types.definition(type)) : undefined;
  if (definition?.kind !== "struct") return undefined;
  const index = definition.fields.findIndex((field) => g.names.name(field.name) === "len" && g.ast.has(field.node, Flag.public));
  return index < 0 ? undefined : g.layouts.of(type).offsets[index];
}

// ── elements ──

/** What an index or a slice is taken of: pointer to the first element and the length (0: a raw pointer, which has none). */
export function elements(g: Generator, n: Node): TypeId {
  let type = finalType(g, n);
  const { types, b } = g;
  let inner = type;
  while (types.kindOf(inner) === TypeKind.Reference) inner = types.inner(inner);
  if (types.kindOf(inner) === TypeKind.Array) {
    aggregatePlace(g, n, (type) => types.kindOf(type) === TypeKind.Array);
    firstElement = base;
    // The constant offset stays aside: the caller adds it to the element's.
    elementCount = b.f.int(Type.i64, types.arrayLength(inner));
    return types.inner(inner);
  }
  if (types.kindOf(inner) === TypeKind.Struct || types.kindOf(inner) === TypeKind.Enum) {
    // A list, a string, a box of one: what it derefs to is a slice, a text or an array.
    const isSequence = (t: TypeId) => types.kindOf(t) === TypeKind.Slice || types.kindOf(t) === TypeKind.Array || t === T.str;
    const found = aggregatePlace(g, n, isSequence);
    if (!g.reachable) return found;
    if (types.kindOf(found) === TypeKind.Array) {
      firstElement = base;
      elementCount = b.f.int(Type.i64, types.arrayLength(found));
      return types.inner(found);
    }
    firstElement = g.loadValue(found, base, g.offset);
    elementCount = g.second;
    g.offset = 0;
    return found === T.str ? T.u8 : types.inner(found);
  }
  const deferred = g.deferredChecks;
  g.deferredChecks = undefined;
  firstElement = emit(g, n);
  g.deferredChecks = deferred;
  let second = g.second;
  while (types.kindOf(type) === TypeKind.Reference) {
    type = types.inner(type);
    firstElement = g.loadValue(type, firstElement, 0);
    second = g.second;
  }
  g.offset = 0;
  if (types.kindOf(type) === TypeKind.Pointer) {
    elementCount = 0 as Value;
    return types.inner(type);
  }
  elementCount = second;
  return type === T.str ? T.u8 : types.inner(type);
}

export let firstElement = 0 as Value;
export let elementCount = 0 as Value;

/** The index as i64; one that does not fit becomes out of range: unsigned 128-bit and so on are cut after a check of the caller's. */
export function indexValue(g: Generator, n: Node): Value {
  const type = finalType(g, n);
  const value = emit(g, n);
  return indexAsWord(g, value, type);
}

function indexAsWord(g: Generator, value: Value, type: TypeId): Value {
  const { b } = g;
  if (b.f.typeOf(value) !== Type.i128) return resize(g, value, Type.i64, isSignedType(type));
  // Beyond 64 bits: any number that is out of every range.
  const low = b.typed(Op.trunc, Type.i64, value);
  const back = b.typed(isSignedType(type) ? Op.sext : Op.zext, Type.i128, low);
  return b.typed(Op.select, Type.i64, b.emit(Op.eq, value, back), low, b.f.int(Type.i64, -1));
}

function indexPlace(g: Generator, n: Node): Value {
  const { ast, b } = g;
  const args = ast.arguments(n);
  const index = ast.item(args, 0);
  if (ast.kind[index] === Kind.Range) return 0 as Value;
  const means = g.program.meaningOf(n);
  if (meaningKind(means) === MeaningKind.Definition) {
    const method = overloadOf(g, n);
    if (method === undefined) return 0 as Value;
    const waiting = g.deferredChecks;
    g.deferredChecks = undefined;
    const pointer = overloadedIndex(g, n, method);
    g.deferredChecks = waiting;
    return pointer;
  }
  const object = ast.operand(n);
  const element = elements(g, object);
  const pointer = firstElement;
  const count = elementCount;
  const offset = g.offset;
  const deferred = g.deferredChecks;
  g.deferredChecks = undefined;
  const at = indexValue(g, index);
  g.deferredChecks = deferred;
  const size = g.layouts.size(element);
  if (count !== 0 && !g.options.unchecked && !knownInside(g, at, count)) {
    b.position = ast.start[n] as number;
    // One unsigned comparison serves for negative indexes too.
    if (deferred !== undefined) deferred.push({ index: at, count, position: b.position });
    else g.trapIf(b.emit(Op.uge, at, count), Trap.bounds, [at, count]);
  }
  g.offset = offset;
  return elementAddress(g, pointer, at, size);
}

function knownInside(g: Generator, at: Value, count: Value): boolean {
  const { f } = g.b;
  const index = f.smallInt(at);
  return index >= 0 && index < f.smallInt(count);
}

/** The address of element `at`; a constant index goes into `g.offset`. */
export function elementAddress(g: Generator, pointer: Value, at: Value, size: number): Value {
  const { b } = g;
  if (size === 0) return pointer;
  const known = b.f.smallInt(at);
  if (known === known) {
    const bytes = known * size + g.offset;
    if (bytes >= -0x40000000 && bytes <= 0x3fffffff) {
      g.offset = bytes;
      return pointer;
    }
  }
  const scaled = size === 1 ? at : b.emit(Op.mul, at, b.f.int(Type.i64, size));
  return b.typed(Op["ptr.add"], Type.ptr, pointer, scaled);
}

register({
  Index: (g, n) => {
    const { ast } = g;
    const index = ast.item(ast.arguments(n), 0);
    const means = g.program.meaningOf(n);
    // A generic function with its type arguments; or an index that a method answers.
    const isFunction = meaningKind(means) === MeaningKind.Definition && meaningKind(g.program.meaningOf(ast.operand(n))) === MeaningKind.Definition && meaningIndex(g.program.meaningOf(ast.operand(n))) === meaningIndex(means);
    if (isFunction) return definitionValue(g, n, meaningIndex(means) as DefinitionId);
    if (ast.kind[index] === Kind.Range) return sliceValue(g, n, index);
    const pointer = indexPlace(g, n);
    return g.loadValue(g.program.typeOf(n), pointer, g.offset);
  },
});

/** `xs[a..b]`: checked so that 0 <= a <= b <= len, and for str that both are character boundaries. */
function sliceValue(g: Generator, n: Node, range: Node): Value {
  const { ast, b } = g;
  const object = ast.operand(n);
  const element = elements(g, object);
  const start = g.addressAt(firstElement, g.offset);
  const count = elementCount;
  const from = ast.left(range) === 0 ? b.f.int(Type.i64, 0) : indexValue(g, ast.left(range));
  let to: Value;
  if (ast.right(range) === 0) to = count === 0 ? from : count;
  else {
    to = indexValue(g, ast.right(range));
    if (ast.has(range, Flag.inclusive)) to = b.emit(Op.add, to, b.f.int(Type.i64, 1));
  }
  b.position = ast.start[n] as number;
  if (count !== 0 && !g.options.unchecked) {
    const bad = b.emit(Op.or, b.emit(Op.ugt, from, to), b.emit(Op.ugt, to, count));
    g.trapIf(bad, Trap.slice, [from, to, count]);
  }
  if (isStr(g, object) && !g.options.unchecked) {
    checkBoundary(g, start, from, count);
    checkBoundary(g, start, to, count);
  }
  g.offset = 0;
  const size = g.layouts.size(element);
  const pointer = g.addressAt(elementAddress(g, start, from, size), g.offset);
  g.second = b.emit(Op.sub, to, from);
  return pointer;
}

function isStr(g: Generator, n: Node): boolean {
  let type = finalType(g, n);
  while (g.types.kindOf(type) === TypeKind.Reference) type = g.types.inner(type);
  return type === T.str;
}

/** Panics if byte `at` continues a character; the byte behind the end is none. */
function checkBoundary(g: Generator, start: Value, at: Value, count: Value): void {
  const { b } = g;
  if (b.f.smallInt(at) === 0) return;
  if (at === count) return;
  const inside = b.block();
  const done = b.block();
  g.branch(b.emit(Op.ult, at, count), inside, done);
  b.seal(inside);
  g.startBlock(inside);
  if (g.reachable) {
    const byte = b.load(Type.i8, b.typed(Op["ptr.add"], Type.ptr, start, at), 0);
    const top = b.emit(Op.and, byte, b.f.int(Type.i8, 0xc0));
    g.trapIf(b.emit(Op.eq, top, b.f.int(Type.i8, 0x80)), Trap.boundary);
  }
  g.jump(done);
  b.seal(done);
  g.startBlock(done);
}

/** `&x`, `&mut x`: the address of the place, or of a temporary that holds the value. */
export function borrow(g: Generator, operand: Node): Value {
  const pointer = emitPlace(g, operand);
  if (g.layouts.isUnsized(g.program.typeOf(operand))) g.second = g.metadata;
  return g.addressAt(pointer, g.offset);
}

