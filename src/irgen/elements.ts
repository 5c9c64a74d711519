/** Elements of arrays, slices, texts and what derefs to them: indexes, checked, as places and values; slices; `.len` and `.ptr`. */

import { BuiltinMember, holdsTypeArguments, meaningIndex, meaningKind, MeaningKind } from "../check/checkedProgram.ts";
import type { DefinitionId } from "../check/definitions.ts";
import { T, TypeKind, isSignedType, scalarSize, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { Flag, Kind, type Node } from "../syntax/ast.ts";
import { resize } from "./convert.ts";
import { emit, finalType } from "./dispatch.ts";
import { register, registerPlaces } from "./emitters.ts";
import type { Generator } from "./generator.ts";
import { overloadOf, overloadedIndex } from "./overloaded.ts";
import { Trap } from "./traps.ts";
import { definitionValue } from "./nameExpressions.ts";
import { aggregatePlace, base } from "./aggregates.ts";

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
  const deferred = g.frame.deferredChecks;
  g.frame.deferredChecks = undefined;
  firstElement = emit(g, n);
  g.frame.deferredChecks = deferred;
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

const greatestWord = 0x7fff_ffff_ffff_ffffn;

/** The index as i64; one that does not fit becomes out of range: unsigned 128-bit and so on are cut after a check of the caller's. */
function indexValue(g: Generator, n: Node): Value {
  const type = finalType(g, n);
  const value = emit(g, n);
  return indexAsWord(g, value, type);
}

function indexAsWord(g: Generator, value: Value, type: TypeId): Value {
  const { b } = g;
  if (b.f.typeOf(value) !== Type.i128) return resize(g, value, Type.i64, isSignedType(type));
  // Beyond 64 bits: the outermost number of that sign, which is out of every range.
  const low = b.typed(Op.trunc, Type.i64, value);
  const greatest = b.f.big(Type.i64, greatestWord);
  if (!isSignedType(type)) return b.typed(Op.select, Type.i64, b.emit(Op.ugt, value, b.f.big(Type.i128, greatestWord)), greatest, low);
  const fits = b.emit(Op.eq, value, b.typed(Op.sext, Type.i128, low));
  const sign = b.typed(Op.trunc, Type.i64, b.emit(Op.ashr, value, b.f.int(Type.i128, 127)));
  return b.typed(Op.select, Type.i64, fits, low, b.emit(Op.xor, sign, greatest));
}

/** What stands behind the last one of `a..=b`; the greatest number has nothing behind it, and is out of every range itself. */
function behind(g: Generator, last: Value, type: TypeId): Value {
  const { b } = g;
  const one = b.f.int(Type.i64, 1);
  const size = scalarSize(type);
  if (size < 8) return b.emit(Op.add, last, one);
  const greatest = size === 8 && !isSignedType(type) ? b.f.int(Type.i64, -1) : b.f.big(Type.i64, greatestWord);
  return b.typed(Op.select, Type.i64, b.emit(Op.eq, last, greatest), last, b.emit(Op.add, last, one));
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
    const waiting = g.frame.deferredChecks;
    g.frame.deferredChecks = undefined;
    const pointer = overloadedIndex(g, n, method);
    g.frame.deferredChecks = waiting;
    return pointer;
  }
  const object = ast.operand(n);
  const element = elements(g, object);
  const pointer = firstElement;
  const count = elementCount;
  const offset = g.offset;
  const deferred = g.frame.deferredChecks;
  g.frame.deferredChecks = undefined;
  const at = indexValue(g, index);
  g.frame.deferredChecks = deferred;
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
function elementAddress(g: Generator, pointer: Value, at: Value, size: number): Value {
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

registerPlaces({ [Kind.Index]: indexPlace });

register({
  [Kind.Index]: (g, n) => {
    const { ast } = g;
    const index = ast.item(ast.arguments(n), 0);
    // A generic function with its type arguments; or an index that a method answers.
    if (holdsTypeArguments(ast, g.program, n)) return definitionValue(g, n, meaningIndex(g.program.meaningOf(n)) as DefinitionId);
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
    if (ast.has(range, Flag.inclusive)) to = behind(g, to, finalType(g, ast.right(range)));
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
