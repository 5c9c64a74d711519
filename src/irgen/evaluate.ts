/**
 * Constants at compile time: the expression becomes a function of a module of its own, with all that it calls, and the IR's interpreter runs
 * it. The result is read back from memory as bytes, and addresses in it as references to what they point to.
 */

import type { CheckedProgram } from "../check/checkedProgram.ts";
import type { ConstantReference, ConstantValue } from "../check/definitions.ts";
import type { EvaluationFailure } from "../check/evaluator.ts";
import { T, TypeKind, type TypeId } from "../check/types.ts";
import type { SymbolId } from "../ir/function.ts";
import { Interpreter, loadScalar, type FramePlace, type InterpreterMemory, type Outcome, type Scalar } from "../ir/interpret.ts";
import { Type } from "../ir/types.ts";
import type { Interner } from "../source/interner.ts";
import type { SourceMap } from "../source/sourceMap.ts";
import type { Node } from "../syntax/ast.ts";
import type { Generator } from "./generator.ts";
import { makeBufferPut, makeEvaluation, WrongBody } from "./functions.ts";
import { createGenerator } from "./irgen.ts";
import { mangle } from "./mangle.ts";
import { UnknownConstant } from "./nameExpressions.ts";
import { trapRows, type TrapName } from "./traps.ts";

/** Ten million steps, as section 2 of the reference says. */
const stepBudget = 10_000_000;
const resultName = "compile.time.result";

const trapMessages: Readonly<Record<TrapName, string>> = {
  "overflow.add": "integer overflow in addition",
  "overflow.sub": "integer overflow in subtraction",
  "overflow.mul": "integer overflow in multiplication",
  "overflow.neg": "integer overflow in negation",
  "overflow.div": "integer overflow in division",
  "overflow.rem": "integer overflow in remainder",
  "zero.div": "division by zero",
  "zero.rem": "remainder by zero",
  shift: "shift amount out of range",
  bounds: "index out of bounds",
  slice: "slice out of bounds",
  boundary: "a str is cut within a character",
  "unwrap.none": "unwrap of None",
  "unwrap.err": "unwrap of Err",
  nil: "nil is dereferenced",
  assert: "assertion failed",
  assume: "assumption failed",
  unreachable: "unreachable code was reached",
};

/** The allocator while constants are computed: the interpreter's own memory, so that no system is asked. */
const allocator: Readonly<Record<string, (args: readonly number[], memory: InterpreterMemory) => readonly Scalar[] | undefined>> = {
  lang_alloc: ([size = 0, alignment = 16], memory) => allocated(size, alignment, memory),
  lang_dealloc: ([block = 0, size = 0], memory) => {
    if (size > 0) memory.release(block, size);
    return [];
  },
  lang_realloc: ([block = 0, old = 0, size = 0, alignment = 16], memory) => {
    const fresh = allocated(size, alignment, memory);
    const kept = Math.min(old, size);
    if (fresh === undefined || !memory.allows(block, kept, 1)) return undefined;
    memory.bytes.copyWithin(Number(fresh[0]), block, block + kept);
    if (old > 0) memory.release(block, old);
    return fresh;
  },
};

/** Where std ends a panic's message (std/panic.lang): what it would write next leaves the program. */
const panicEnd = mangle(["std/panic", "panic_end"]);
/** Standard error's buffer is kept, for the message; what was printed is not written. */
const flush = mangle(["std/stream", "stream_flush"]);
/** The seed of maps' hashes is drawn by chance where a program runs; here it is always the same. */
const seed = mangle(["std/hash", "hash_seed"]);
const answered: readonly string[] = [...Object.keys(allocator), panicEnd, flush, seed];

function allocated(size: number, alignment: number, memory: InterpreterMemory): readonly Scalar[] | undefined {
  const at = size === 0 ? alignment : memory.allocate(size, alignment);
  return at === undefined ? undefined : [BigInt(at)];
}

/** The value of a checked expression, of this type, at compile time. */
export function evaluateConstant(program: CheckedProgram, names: Interner, sources: SourceMap, node: Node, type: TypeId): ConstantValue | EvaluationFailure {
  const g = createGenerator(program, names, sources, { variablesInMemory: false, unchecked: false, answered });
  const symbol = generate(g, node, type);
  if (typeof symbol !== "number") return failure("E0604", `this depends on ${names.name(symbol.definition.name)}, whose value is not known`);
  const size = g.layouts.size(type);
  const result = g.module.declareData(resultName, "local");
  g.module.data.set(result, { symbol: result, bytes: new Uint8Array(0), size: Math.max(size, 16), alignment: 16, writable: true, mergeable: false, relocations: [] });
  let panicked = false;
  const call = (name: string, args: readonly Scalar[], memory: InterpreterMemory) => {
    panicked ||= name === panicEnd;
    if (name === flush) return Number(args[0]) === 2 || written(g, memory, 1) === "" ? [] : undefined;
    if (name === seed) return [1n];
    return allocator[name]?.(args.map(Number), memory);
  };
  const run = (stackSize: number) => {
    const interpreter = new Interpreter(g.module, { steps: stepBudget, depth: 10_000, stackSize, host: { call } });
    return { interpreter, outcome: interpreter.call(symbol, [BigInt(interpreter.memory.addressOf(result))]) };
  };
  // Large arrays as variables are rare, and a large stack is not for nothing.
  const small = run(1 << 20);
  const { interpreter, outcome } = small.outcome.kind === "overflowed" ? run(1 << 26) : small;
  const address = interpreter.memory.addressOf(result);
  if (panicked && outcome.kind === "faulted") return failure("E0602", `this constant ${written(g, interpreter.memory, 2).replace("panic: ", "panics: ")}`, labelsOf(outcome.frames, sources));
  if (written(g, interpreter.memory, 1) + written(g, interpreter.memory, 2) !== "") return failure("E0611", "a constant's computation cannot print", outcome.kind === "faulted" ? labelsOf(outcome.frames, sources) : []);
  if (outcome.kind !== "returned") return failureOf(outcome, sources);
  return readValue(g, interpreter, address, type) ?? failure("E0610", "a constant cannot keep memory, or a reference to memory, that was made while it was computed");
}

/** What waits to be written to a stream, in the buffers of std/stream.lang. */
function written(g: Generator, memory: InterpreterMemory, stream: number): string {
  const used = g.module.find(mangle(["std/stream", "stream_used"]));
  const buffers = g.module.find(mangle(["std/stream", "stream_bytes"]));
  if (used === undefined || buffers === undefined) return "";
  const count = Number(loadScalar(memory, memory.addressOf(used) + 8 * stream, Type.i64));
  const from = memory.addressOf(buffers) + stream * ((g.module.data.get(buffers)?.size ?? 0) / 3);
  return new TextDecoder().decode(memory.bytes.subarray(from, from + count));
}

/** The module for an expression: a function that computes it, and all that this calls. */
function generate(g: Generator, node: Node, type: TypeId): SymbolId | UnknownConstant | WrongBody {
  try {
    const symbol = makeEvaluation(g, node, type, "compile.time");
    g.drain();
    if (g.bufferSymbol !== undefined) makeBufferPut(g, g.bufferSymbol);
    g.drain();
    return symbol;
  } catch (error) {
    if (error instanceof UnknownConstant || error instanceof WrongBody) return error;
    throw error;
  }
}

function failure(code: EvaluationFailure["code"], message: string, labels: EvaluationFailure["labels"] = []): EvaluationFailure {
  return { code, message, labels };
}

function failureOf(outcome: Exclude<Outcome, { kind: "returned" }>, sources: SourceMap): EvaluationFailure {
  switch (outcome.kind) {
    case "trapped": {
      const name = trapRows[outcome.trap]?.[0];
      return failure("E0602", `this constant panics: ${name === undefined ? "a check failed" : trapMessages[name]}`, labelsOf(outcome.frames, sources));
    }
    case "exhausted":
      return failure("E0603", "this constant takes more than ten million steps to compute", labelsOf(outcome.frames, sources));
    case "overflowed":
      return failure("E0613", "this constant's computation recurses too deeply, or has variables of more than 64 MiB", labelsOf(outcome.frames, sources));
    case "exited":
      return failure("E0611", "a constant's computation cannot end the program");
    case "faulted":
      return failure("E0611", `this cannot be computed at compile time: ${/^(system call|a call of)/.test(outcome.what) ? "it calls the operating system or C" : outcome.what}`, labelsOf(outcome.frames, sources));
  }
}

function labelsOf(frames: readonly FramePlace[], sources: SourceMap): EvaluationFailure["labels"] {
  const places = frames.filter((frame) => frame.position > 0 && !/^(std|os)\//.test(sources.fileAt(frame.position)?.path ?? "std/"));
  return places.slice(0, 3).map((frame, i) => ({ start: frame.position, end: frame.position + 1, text: i === 0 ? "it happens here" : "called from here" }));
}

/** The value at an address; undefined if it holds an address of something that does not last. */
function readValue(g: Generator, interpreter: Interpreter, address: number, type: TypeId): ConstantValue | undefined {
  const size = g.layouts.size(type);
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = interpreter.memory.bytes[address + i] as number;
  const references: ConstantReference[] = [];
  if (!collectReferences(g, interpreter, address, type, 0, bytes, references)) return undefined;
  const isWhole = references.length === 0 && g.shapes.of(type) === 1 && type !== T.f32 && type !== T.f64;
  return { bytes, references, integer: isWhole ? toInteger(bytes, g.types.kindOf(type) === TypeKind.Scalar && type >= T.i8 && type <= T.isize) : undefined };
}

function toInteger(bytes: Uint8Array, signed: boolean): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return signed ? BigInt.asIntN(8 * bytes.length, value) : value;
}

/** Finds the pointers in a value and replaces them by references; false if one cannot be kept. */
function collectReferences(
  g: Generator, interpreter: Interpreter, base: number, type: TypeId, offset: number, bytes: Uint8Array,
  references: ConstantReference[],
): boolean {
  const { types } = g;
  const within = (part: TypeId, at: number) => collectReferences(g, interpreter, base, part, at, bytes, references);
  const layout = g.layouts.of(type);
  const kind = types.kindOf(type);
  const word = () => Number(toInteger(bytes.subarray(offset, offset + 8), false));
  if (type === T.str || kind === TypeKind.Slice) {
    const length = Number(toInteger(bytes.subarray(offset + 8, offset + 16), false));
    const element = type === T.str ? T.u8 : types.inner(type);
    const target = word();
    bytes.fill(0, offset, offset + 8);
    const value = readElements(g, interpreter, target, element, length, type === T.str);
    if (value === undefined) return false;
    references.push({ offset, target: value, addend: 0 });
    return true;
  }
  if (kind === TypeKind.Function) {
    const symbol = interpreter.memory.symbolAt(word());
    const found = symbol === undefined ? undefined : g.functions.behind(symbol);
    if (found === undefined) return false;
    bytes.fill(0, offset, offset + 8);
    references.push({ offset, target: { ...found, isForeign: types.isExternal(type) }, addend: 0 });
    return true;
  }
  if (kind === TypeKind.Pointer || kind === TypeKind.Reference) {
    const target = word();
    if (target === 0) return true;
    // A literal's bytes are the one thing that a raw pointer in a constant may point to.
    const found = interpreter.memory.symbolAt(target);
    const data = found === undefined ? undefined : g.module.data.get(found);
    if (found === undefined || data === undefined || data.writable || data.relocations.length > 0) return false;
    bytes.fill(0, offset, offset + 8);
    references.push({ offset, target: { bytes: data.bytes, references: [], integer: undefined }, addend: target - interpreter.memory.addressOf(found) });
    return true;
  }
  switch (kind) {
    case TypeKind.Array: {
      const element = types.inner(type);
      if (g.shapes.of(element) === 1 && types.kindOf(element) === TypeKind.Scalar) return true;
      const size = g.layouts.size(element);
      for (let i = 0; i < types.arrayLength(type); i++) if (!within(element, offset + i * size)) return false;
      return true;
    }
    case TypeKind.Tuple:
      return types.items(type).every((part, i) => within(part, offset + (layout.offsets[i] as number)));
    case TypeKind.Struct: {
      const definition = g.program.definition(types.definition(type));
      return definition.kind === "struct" && definition.fields.every((field, i) => within(g.fieldType(type, field.type), offset + (layout.offsets[i] as number)));
    }
    case TypeKind.Enum: case TypeKind.Optional: case TypeKind.Result: {
      if (g.shapes.isPlainEnum(type)) return true;
      const { tag } = layout;
      if (tag === undefined) return true;
      const isNiche = tag.kind === "niche";
      const stored = Number(toInteger(bytes.subarray(offset + tag.offset, offset + tag.offset + tag.size), false));
      const index = isNiche ? (stored === 0 ? 0 : 1) : stored;
      const parts = variantTypes(g, type, index);
      return parts.every((part, i) => within(part, offset + (isNiche ? 0 : ((layout.variants[index] as readonly number[])[i] as number))));
    }
    default:
      return true;
  }
}

function variantTypes(g: Generator, type: TypeId, index: number): readonly TypeId[] {
  const { types } = g;
  if (types.kindOf(type) === TypeKind.Optional) return index === 1 ? [types.inner(type)] : [];
  if (types.kindOf(type) === TypeKind.Result) return [index === 0 ? types.inner(type) : types.errorType(type)];
  const definition = g.program.definition(types.definition(type));
  return definition.kind === "enum" ? (definition.variants[index]?.fields.map((field) => g.fieldType(type, field.type)) ?? []) : [];
}

/** What a str or slice points to, copied. */
function readElements(g: Generator, interpreter: Interpreter, address: number, element: TypeId, length: number, withEnd: boolean): ConstantValue | undefined {
  const size = g.layouts.size(element) * length;
  const bytes = new Uint8Array(size + (withEnd ? 1 : 0));
  const references: ConstantReference[] = [];
  for (let i = 0; i < size; i++) bytes[i] = interpreter.memory.bytes[address + i] as number;
  for (let i = 0; i < length; i++) if (!collectReferences(g, interpreter, address, element, i * g.layouts.size(element), bytes, references)) return undefined;
  return { bytes, references, integer: undefined };
}
