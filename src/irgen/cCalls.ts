/**
 * What `lang` functions pass and what C passes are brought together here: a function of our convention around a C function or a C function
 * pointer, and one of C's convention around a function of ours. Where both pass the same (scalars, in order), neither is made.
 */

import { placeCall, stackInWords, type CTarget } from "../cabi/place.ts";
import type { CValue, Field, Part, Passage, PlacedCall } from "../cabi/value.ts";
import { T, TypeKind, type TypeId } from "../check/types.ts";
import type { SignatureId, SymbolId, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import type { Generator } from "./generator.ts";
import { Shape, type Piece } from "./shape.ts";

/** A C function: the types of its arguments, the variable ones of a call among them. */
export interface CFunction {
  readonly parameters: readonly TypeId[];
  readonly result: TypeId;
  readonly variadic: boolean;
  readonly fixed: number;
}

/** So many scalars of one class travel in registers under each convention but Windows x64's, whose stack is in words. */
const fewestRegisters = 8;
/** Structs above this size, in bytes, are not passed on the stack: they would take as many instructions. */
const greatestOnStack = 8192;

/** True if C's signature in the IR needs no places: every argument is a scalar that travels as ours do. */
export function isPlain(g: Generator, f: CFunction): boolean {
  const target = cTarget(g);
  if (!stackInWords(target) && f.parameters.length > fewestRegisters) return false;
  const isScalar = (type: TypeId): boolean => g.shapes.of(type) <= Shape.Scalar;
  const size = (type: TypeId): number => (g.shapes.of(type) === Shape.Scalar ? (typeSize[g.shapes.scalar(type)] as number) : 0);
  return isScalar(f.result) && size(f.result) <= 8 && f.parameters.every((type) => isScalar(type) && (g.shapes.of(type) === Shape.Void || size(type) === 4 || size(type) === 8));
}

/** As `isPlain`, for a function that C calls: a narrow result must be extended. */
export function isPlainExport(g: Generator, f: CFunction): boolean {
  return isPlain(g, f) && !(g.shapes.of(f.result) === Shape.Scalar && (typeSize[g.shapes.scalar(f.result)] as number) < 4);
}

/** The target's rules; what runs at compile time has those of x86_64. */
function cTarget(g: Generator): CTarget {
  return g.options.foreign ?? { architecture: "x86_64", calls: "system" };
}

function describe(g: Generator, type: TypeId): CValue {
  const fields: Field[] = [];
  const size = g.shapes.of(type) === Shape.Void ? 0 : g.layouts.size(type);
  if (size > 0 && size <= 64) addFields(g, type, 0, fields);
  const kind = g.types.kindOf(type);
  return { size, alignment: size === 0 ? 1 : g.layouts.alignment(type), aggregate: kind === TypeKind.Struct || kind === TypeKind.Array || fields.length > 1, fields };
}

function addFields(g: Generator, type: TypeId, offset: number, into: Field[]): void {
  const shape = g.shapes.of(type);
  if (shape === Shape.Void) return;
  if (shape === Shape.Scalar) {
    const scalar = g.shapes.scalar(type);
    into.push({ offset, size: typeSize[scalar] as number, float: scalar === Type.f32 || scalar === Type.f64 });
    return;
  }
  if (shape === Shape.Pair) {
    into.push({ offset, size: 8, float: false }, { offset: offset + 8, size: 8, float: false });
    return;
  }
  const { types } = g;
  const kind = types.kindOf(type);
  if (kind === TypeKind.Array) {
    const element = types.inner(type);
    for (let i = 0; i < types.arrayLength(type); i++) addFields(g, element, offset + i * g.layouts.size(element), into);
  } else if (kind === TypeKind.Struct) {
    const definition = g.program.definition(types.definition(type));
    if (definition.kind !== "struct") throw new Error("irgen/cCalls.addFields: a struct type without a struct");
    const { offsets } = g.layouts.of(type);
    definition.fields.forEach((field, i) => addFields(g, g.fieldType(type, field.type), offset + (offsets[i] as number), into));
  } else throw new Error("irgen/cCalls.addFields: C has no such type");
}

// ── the signature ──

interface Plan {
  readonly placed: PlacedCall;
  readonly values: readonly CValue[];
  readonly signature: SignatureId;
  /** Words of the stack area that are parameters, behind those in registers. */
  readonly stackWords: number;
}

/** IR type of a part; narrow integers are extended to 32 bits, as all conventions allow and some demand. */
function partType({ size, float }: Part): Type {
  if (float) return size === 4 ? Type.f32 : Type.f64;
  return size <= 2 ? Type.i32 : size === 4 ? Type.i32 : Type.i64;
}

function plan(g: Generator, f: CFunction): Plan {
  const values = f.parameters.map((type) => describe(g, type));
  const result = f.result === T.void || f.result === T.never ? undefined : describe(g, f.result);
  const placed = placeCall(cTarget(g), { arguments: values, result, variadic: f.variadic, fixed: f.fixed });
  const parameters: Type[] = [];
  const places: number[] = [];
  if (placed.result.kind === "memory") {
    parameters.push(Type.ptr);
    places.push(placed.result.register);
  }
  for (const passage of placed.arguments) {
    if (passage.kind === "registers") {
      for (const part of passage.parts) {
        parameters.push(partType(part));
        places.push(part.register);
      }
    } else if (passage.kind === "address" && passage.register >= 0) {
      parameters.push(Type.ptr);
      places.push(passage.register);
    }
  }
  const stackEnd = placed.arguments.reduce((end, passage, i) => Math.max(end, stackEndOf(passage, values[i] as CValue)), placed.firstStackArgument);
  const stackWords = Math.ceil((stackEnd - placed.firstStackArgument) / 8);
  for (let i = 0; i < stackWords; i++) {
    parameters.push(Type.i64);
    places.push(-1 - (placed.firstStackArgument + 8 * i));
  }
  const results: Type[] = [];
  const resultPlaces: number[] = [];
  if (placed.result.kind === "registers") {
    for (const part of placed.result.parts) {
      results.push(partType(part));
      resultPlaces.push(part.register);
    }
  } else if (placed.result.returned >= 0) {
    results.push(Type.ptr);
    resultPlaces.push(placed.result.returned);
  }
  const signature = g.module.signature(parameters, results, "c", f.variadic, { parameters: places, results: resultPlaces, stackSize: placed.stackSize });
  return { placed, values, signature, stackWords };
}

function stackEndOf(passage: Passage, value: CValue): number {
  if (passage.kind === "stack") return passage.offset + value.size;
  if (passage.kind === "registers") return passage.rest === undefined ? 0 : passage.rest.offset + 8;
  return passage.kind === "address" && passage.register < 0 ? passage.offset + 8 : 0;
}

/** The signature of a C function that is not plain. */
export function placedSignature(g: Generator, f: CFunction): SignatureId {
  return plan(g, f).signature;
}

/** False if a struct is so large that its passing on the stack would be code without end. */
export function canPass(g: Generator, f: CFunction): boolean {
  return isPlain(g, f) || plan(g, f).placed.stackSize <= greatestOnStack;
}

// ── our convention around C's ──

/** Declares a function of our convention that calls the C function `target`, or the pointer that it gets as last argument. */
export function callingAdapter(g: Generator, f: CFunction, name: string, target: SymbolId | undefined): SymbolId {
  const known = g.module.find(name);
  if (known !== undefined) return known;
  const symbol = g.module.declareFunction(name, g.signatures.lang(f.parameters, f.result, target === undefined ? [Type.ptr] : []), "local", {
    inline: f.result === T.never ? "never" : "always", cold: f.result === T.never, noreturn: f.result === T.never,
  });
  g.enqueue(() => makeCalling(g, f, symbol, target));
  return symbol;
}

function makeCalling(g: Generator, f: CFunction, symbol: SymbolId, target: SymbolId | undefined): void {
  const { placed, values, signature, stackWords } = plan(g, f);
  g.begin(symbol);
  const { b } = g;
  const entry = b.current;
  let next = 0;
  const resultAddress = g.shapes.pieces(f.result) === undefined ? b.f.param(entry, next++) : (0 as Value);
  const image = stackWords === 0 ? (0 as Value) : memory(g, 8 * stackWords, 16);
  const registers: Value[] = [];
  let result = resultAddress;
  if (placed.result.kind === "memory") {
    if (result === 0) result = memory(g, g.layouts.size(f.result), g.layouts.alignment(f.result));
    registers.push(result);
  }
  placed.arguments.forEach((passage, i) => {
    const type = f.parameters[i] as TypeId;
    const value = values[i] as CValue;
    const pieces = g.shapes.pieces(type);
    const held = (pieces ?? [0]).map(() => b.f.param(entry, next++));
    const into = (address: Value, offset: number): void => putValue(g, type, pieces, held, address, offset);
    if (passage.kind === "address") {
      let copy = held[0] as Value;
      if (pieces !== undefined) into((copy = memory(g, value.size, value.alignment)), 0);
      if (passage.register >= 0) registers.push(copy);
      else b.store(copy, image, passage.offset - placed.firstStackArgument);
    } else if (passage.kind === "stack") {
      const at = passage.offset - placed.firstStackArgument;
      const [only] = held;
      // A narrow number is extended, but where it has no more room than it needs.
      if (!value.aggregate && only !== undefined && value.size < 4 && stackInWords(cTarget(g))) b.store(extended(g, type, only), image, at);
      else into(image, at);
    } else if (passage.parts.length > 0) {
      if (pieces !== undefined && matches(pieces, passage.parts)) {
        passage.parts.forEach((part, k) => registers.push(part.size < 4 ? extended(g, type, held[k] as Value) : word(g, held[k] as Value)));
        return;
      }
      if (isWide(pieces, passage.parts)) {
        registers.push(...halves(g, held[0] as Value, passage.parts));
        return;
      }
      const slot = memory(g, 8 * Math.ceil(value.size / 8), 8);
      into(slot, 0);
      for (const part of passage.parts) registers.push(loadPart(g, part, slot));
      if (passage.rest !== undefined) b.store(b.load(Type.i64, slot, passage.rest.from), image, passage.rest.offset - placed.firstStackArgument);
    }
  });
  for (let i = 0; i < stackWords; i++) registers.push(b.load(Type.i64, image, 8 * i));
  let call: Value;
  if (target === undefined) call = b.callIndirect(b.f.param(entry, next), signature, registers);
  else if (g.module.functionSignatures[target] === signature) call = b.call(target, registers);
  else call = b.callIndirect(b.f.address(target), signature, registers);
  if (f.result === T.never) b.unreachable();
  else returnPieces(g, f.result, placed, call, result, resultAddress);
  g.reachable = false;
  g.end();
}

/** Returns what C returned as a `lang` function does. */
function returnPieces(g: Generator, type: TypeId, placed: PlacedCall, call: Value, memoryResult: Value, resultAddress: Value): void {
  const { b } = g;
  const pieces = g.shapes.pieces(type);
  if (placed.result.kind === "memory") {
    b.return(pieces === undefined ? [] : pieces.map((piece) => b.load(piece.type, memoryResult, piece.offset)));
    return;
  }
  const { parts } = placed.result;
  const held = parts.map((part, i) => (i === 0 ? call : b.result(call, i, partType(part))));
  if (pieces !== undefined && matches(pieces, parts)) {
    b.return(pieces.map((piece, i) => as(g, piece.type, held[i] as Value)));
    return;
  }
  if (isWide(pieces, parts)) {
    b.return([joined(g, held)]);
    return;
  }
  const slot = memory(g, 8 * Math.ceil(g.layouts.size(type) / 8), 8);
  parts.forEach((part, i) => storePart(g, part, held[i] as Value, slot));
  if (pieces === undefined) g.storeValue(type, slot, 0 as Value, resultAddress, 0);
  b.return(pieces === undefined ? [] : pieces.map((piece) => b.load(piece.type, slot, piece.offset)));
}

// ── C's convention around ours ──

/** Makes the body of `symbol`, which C calls, of a call of `target`. */
export function makeCallable(g: Generator, f: CFunction, symbol: SymbolId, target: SymbolId): void {
  const { placed, values, stackWords } = plan(g, f);
  g.begin(symbol);
  const { b } = g;
  const entry = b.current;
  let next = 0;
  const args: Value[] = [];
  const pieces = g.shapes.pieces(f.result);
  const given = placed.result.kind === "memory" ? b.f.param(entry, next++) : (0 as Value);
  const firstWord = b.f.paramCount(entry) - stackWords;
  const image = stackWords === 0 ? (0 as Value) : memory(g, 8 * stackWords, 16);
  for (let i = 0; i < stackWords; i++) b.store(b.f.param(entry, firstWord + i), image, 8 * i);
  let result = given;
  if (pieces === undefined) {
    if (result === 0) result = memory(g, 8 * Math.ceil(g.layouts.size(f.result) / 8), 8);
    args.push(result);
  }
  placed.arguments.forEach((passage, i) => {
    const type = f.parameters[i] as TypeId;
    const wanted = g.shapes.pieces(type);
    let address: Value;
    if (passage.kind === "registers") {
      const held = passage.parts.map(() => b.f.param(entry, next++));
      if (wanted !== undefined && matches(wanted, passage.parts)) {
        wanted.forEach((piece, k) => args.push(as(g, piece.type, held[k] as Value)));
        return;
      }
      if (isWide(wanted, passage.parts)) {
        args.push(joined(g, held));
        return;
      }
      address = memory(g, 8 * Math.ceil((values[i] as CValue).size / 8), 8);
      passage.parts.forEach((part, k) => storePart(g, part, held[k] as Value, address));
    } else if (passage.kind === "stack") address = g.addressAt(image, passage.offset - placed.firstStackArgument);
    else address = passage.register >= 0 ? b.f.param(entry, next++) : b.load(Type.ptr, image, passage.offset - placed.firstStackArgument);
    if (wanted === undefined) args.push(address);
    else for (const piece of wanted) args.push(b.load(piece.type, address, piece.offset));
  });
  g.noteCall(target);
  const call = b.call(target, args);
  if (f.result === T.never) b.unreachable();
  else if (placed.result.kind === "memory") {
    if (pieces !== undefined) putValue(g, f.result, pieces, pieces.map((piece, i) => (i === 0 ? call : b.result(call, i, piece.type))), given, 0);
    b.return(placed.result.returned >= 0 ? [given] : []);
  } else {
    const { parts } = placed.result;
    const held = (pieces ?? []).map((piece, i) => (i === 0 ? call : b.result(call, i, piece.type)));
    if (pieces !== undefined && matches(pieces, parts)) b.return(parts.map((part, i) => (part.size < 4 ? extended(g, f.result, held[i] as Value) : word(g, held[i] as Value))));
    else if (isWide(pieces, parts)) b.return(halves(g, held[0] as Value, parts));
    else {
      if (pieces !== undefined) putValue(g, f.result, pieces, held, (result = memory(g, 8 * Math.ceil(g.layouts.size(f.result) / 8), 8)), 0);
      b.return(parts.map((part) => loadPart(g, part, result)));
    }
  }
  g.reachable = false;
  g.end();
}

// ── parts and memory ──

function memory(g: Generator, size: number, alignment: number): Value {
  const { f } = g.b;
  return f.slotAddress(f.slot(Math.max(8, size), Math.max(8, alignment)));
}

/** Each piece is one whole part. */
function matches(pieces: readonly Piece[], parts: readonly Part[]): boolean {
  return pieces.length === parts.length && pieces.every((piece, i) => {
    const part = parts[i] as Part;
    return part.offset === piece.offset && part.size === typeSize[piece.type] && part.float === (piece.type === Type.f32 || piece.type === Type.f64);
  });
}

/** One number of 128 bits, in two registers. */
function isWide(pieces: readonly Piece[] | undefined, parts: readonly Part[]): boolean {
  return parts.length === 2 && pieces?.length === 1 && pieces[0]?.type === Type.i128;
}

/** The words of a number of 128 bits, lower first, as the parts that they travel in. */
function halves({ b }: Generator, value: Value, parts: readonly Part[]): Value[] {
  const upper = b.emit(Op.lshr, value, b.f.int(Type.i128, 64));
  return [value, upper].map((half, i) => {
    const bits = b.typed(Op.trunc, Type.i64, half);
    return parts[i]?.float === true ? b.typed(Op.bitcast, Type.f64, bits) : bits;
  });
}

/** The number of 128 bits of which these are the words. */
function joined({ b }: Generator, words: readonly Value[]): Value {
  const [lower, upper] = words.map((half) => b.typed(Op.zext, Type.i128, b.f.typeOf(half) === Type.f64 ? b.typed(Op.bitcast, Type.i64, half) : half)) as [Value, Value];
  return b.emit(Op.or, lower, b.emit(Op.shl, upper, b.f.int(Type.i128, 64)));
}

function putValue(g: Generator, type: TypeId, pieces: readonly Piece[] | undefined, held: readonly Value[], address: Value, offset: number): void {
  if (pieces === undefined) g.storeValue(type, held[0] as Value, 0 as Value, address, offset);
  else pieces.forEach((piece, i) => g.b.store(held[i] as Value, address, offset + piece.offset));
}

/** A narrow number with 32 bits, as its type extends it. */
function extended(g: Generator, type: TypeId, value: Value): Value {
  return g.b.typed(type === T.i8 || type === T.i16 ? Op.sext : Op.zext, Type.i32, value);
}

/** Pointers travel as words. */
function word(g: Generator, value: Value): Value {
  return g.b.f.typeOf(value) === Type.ptr ? g.b.typed(Op.bitcast, Type.i64, value) : value;
}

function as(g: Generator, type: Type, value: Value): Value {
  const from = g.b.f.typeOf(value);
  if (from === type) return value;
  return g.b.typed(type === Type.ptr ? Op.bitcast : Op.trunc, type, value);
}

function loadPart(g: Generator, part: Part, address: Value): Value {
  const { b } = g;
  if (part.float) return b.load(partType(part), address, part.offset);
  if (part.size <= 2) return b.typed(Op.zext, Type.i32, b.load(part.size === 1 ? Type.i8 : Type.i16, address, part.offset));
  // Memory is rounded up to whole words.
  return b.load(partType(part), address, part.offset);
}

function storePart(g: Generator, part: Part, value: Value, address: Value): void {
  const { b } = g;
  if (!part.float && part.size <= 2) b.store(b.typed(Op.trunc, part.size === 1 ? Type.i8 : Type.i16, value), address, part.offset);
  else b.store(value, address, part.offset);
}
