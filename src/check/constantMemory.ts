/** Constants as they lie in memory: scalars, texts, arrays, tuples, structs, variants, addresses of functions. */

import { Kind, type Node } from "../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import { valueOf } from "./constants.ts";
import type { Checker } from "./context.ts";
import type { ConstantValue } from "./definitions.ts";
import { failed, foldScalar, type Scalar } from "./fold.ts";
import { fieldTypeIn } from "./substitute.ts";
import { T, TypeKind, isFloatType, isIntegerType, isScalar, scalarSize, type TypeId } from "./types.ts";

type Reference = ConstantValue["references"][number];

interface Memory {
  readonly bytes: Uint8Array;
  readonly references: Reference[];
}

/** `true`: written. Undefined: not foldable here. */
type Outcome = true | typeof failed | undefined;

/** The checked expression `n` as memory of type `type`; undefined if it is no constant that can be folded here, `failed` after a report. */
export function buildConstant(c: Checker, n: Node, type: TypeId): ConstantValue | typeof failed | undefined {
  if (type === T.error || type === T.never) return failed;
  const memory: Memory = { bytes: new Uint8Array(c.layouts.size(type)), references: [] };
  const outcome = write(c, n, type, memory, 0);
  if (outcome !== true) return outcome;
  return { ...memory, integer: isIntegerType(type) || type === T.bool || type === T.char ? readInteger(memory.bytes, type) : undefined };
}

function readInteger(bytes: Uint8Array, type: TypeId): bigint {
  let bits = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(bytes[i] as number);
  return type >= T.i8 && type <= T.isize ? BigInt.asIntN(bytes.length * 8, bits) : bits;
}

/** Writes the value of `n`, which is wanted as `type`. */
function write(c: Checker, n: Node, type: TypeId, memory: Memory, offset: number): Outcome {
  const { ast, types, program, layouts } = c;
  const own = program.typeOf(n);
  if (own === T.error) return failed;
  if (ast.kind[n] === Kind.Paren) return write(c, ast.operand(n), type, memory, offset);
  if (own !== type && types.kindOf(type) === TypeKind.Optional && own !== 0) {
    // A T where a ?T is wanted.
    const layout = layouts.of(type);
    if (layout.tag === undefined) return undefined;
    if (layout.tag.kind === "direct") memory.bytes[offset + layout.tag.offset] = 1;
    return write(c, n, types.inner(type), memory, offset + (layout.variants[1]?.[0] ?? 0));
  }
  if (isScalar(type) || types.kindOf(type) === TypeKind.Pointer) {
    if (ast.kind[n] === Kind.Nil) return true;
    if (types.kindOf(type) === TypeKind.Pointer && own !== T.str) return copyOfConstant(c, n, type, memory, offset);
    const value = foldScalar(c, n);
    if (value === undefined) return undefined;
    if (value === failed) return failed;
    return writeScalar(value, type, memory, offset);
  }
  switch (ast.kind[n]) {
    case Kind.Array:
    case Kind.ArrayRepeat:
      return writeArray(c, n, own, type, memory, offset);
    case Kind.Tuple: {
      const list = ast.elements(n);
      const { offsets } = layouts.of(type);
      if (types.kindOf(type) !== TypeKind.Tuple) return type === T.void ? true : undefined;
      for (let i = 0; i < ast.length(list); i++) {
        const outcome = write(c, ast.item(list, i), types.listItem(type, i), memory, offset + (offsets[i] as number));
        if (outcome !== true) return outcome;
      }
      return true;
    }
    case Kind.StructLiteral:
      return writeStruct(c, n, type, memory, offset);
    case Kind.Call:
    case Kind.VariantName:
      return writeVariant(c, n, type, memory, offset);
    case Kind.Name:
    case Kind.Field:
      return writeNamed(c, n, type, memory, offset);
    default:
      return undefined;
  }
}

function writeScalar(value: Scalar, type: TypeId, memory: Memory, offset: number): Outcome {
  const view = new DataView(memory.bytes.buffer);
  if (value instanceof Uint8Array) {
    const text = new Uint8Array(value.length + 1);
    text.set(value);
    memory.references.push({ offset, target: { bytes: text, references: [], integer: undefined }, addend: 0 });
    if (type === T.str) view.setBigInt64(offset + 8, BigInt(value.length), true);
    return true;
  }
  if (isFloatType(type)) {
    if (typeof value === "boolean") return undefined;
    if (type === T.f32) view.setFloat32(offset, Number(value), true);
    else view.setFloat64(offset, Number(value), true);
    return true;
  }
  if (typeof value === "number") return undefined;
  let bits = BigInt.asUintN(128, BigInt(value));
  for (let i = 0; i < scalarSize(type); i++) {
    memory.bytes[offset + i] = Number(bits & 0xffn);
    bits >>= 8n;
  }
  return true;
}

function writeArray(c: Checker, n: Node, own: TypeId, type: TypeId, memory: Memory, offset: number): Outcome {
  const { ast, types, layouts } = c;
  if (types.kindOf(type) === TypeKind.Slice) {
    // The elements lie elsewhere, for ever.
    const target = buildConstant(c, n, own);
    if (target === undefined || target === failed) return target;
    const count = types.arrayLength(own);
    memory.references.push({ offset, target, addend: 0 });
    new DataView(memory.bytes.buffer).setBigInt64(offset + 8, BigInt(count), true);
    return true;
  }
  if (types.kindOf(type) !== TypeKind.Array) return undefined;
  const element = types.inner(type);
  const size = layouts.size(element);
  const length = types.arrayLength(type);
  if (ast.kind[n] === Kind.ArrayRepeat) {
    if (length === 0) return true;
    const before = memory.references.length;
    const outcome = write(c, ast.operand(n), element, memory, offset);
    if (outcome !== true) return outcome;
    const first = memory.bytes.subarray(offset, offset + size);
    if (memory.references.length === before && isZero(first)) return true;
    const references = memory.references.slice(before);
    for (let i = 1; i < length; i++) {
      memory.bytes.set(first, offset + i * size);
      for (const one of references) memory.references.push({ ...one, offset: one.offset + i * size });
    }
    return true;
  }
  const list = ast.elements(n);
  for (let i = 0; i < ast.length(list); i++) {
    const outcome = write(c, ast.item(list, i), element, memory, offset + i * size);
    if (outcome !== true) return outcome;
  }
  return true;
}

function writeStruct(c: Checker, n: Node, type: TypeId, memory: Memory, offset: number): Outcome {
  const { ast, program, layouts } = c;
  if (ast.base(n) !== 0) return undefined;
  const definition = c.definition(meaningIndex(program.meaningOf(n)));
  if (definition.kind !== "struct" && definition.kind !== "variant") return undefined;
  const layout = layouts.of(type);
  const offsets = definition.kind === "struct" ? layout.offsets : (layout.variants[definition.index] ?? []);
  if (definition.kind === "variant" && !writeTag(c, type, definition.index, memory, offset)) return undefined;
  const inits = ast.inits(n);
  for (let i = 0; i < ast.length(inits); i++) {
    const init = ast.item(inits, i);
    const index = meaningIndex(program.meaningOf(init));
    const field = definition.fields[index];
    if (field === undefined) return failed;
    const outcome = write(c, ast.operand(init), fieldTypeIn(c.types, c.definitions, type, field.type), memory, offset + (offsets[index] as number));
    if (outcome !== true) return outcome;
  }
  return true;
}

function writeTag(c: Checker, type: TypeId, index: number, memory: Memory, offset: number): boolean {
  const { tag } = c.layouts.of(type);
  if (tag === undefined) return false;
  if (tag.kind === "direct") {
    for (let i = 0; i < tag.size && i < 4; i++) memory.bytes[offset + tag.offset + i] = (index >>> (i * 8)) & 255;
  }
  return true;
}

function writeVariant(c: Checker, n: Node, type: TypeId, memory: Memory, offset: number): Outcome {
  const { ast, types, program, layouts } = c;
  const path = ast.kind[n] === Kind.Call ? ast.callee(n) : n;
  const m = program.meaningOf(path);
  if (meaningKind(m) !== MeaningKind.Definition) return undefined;
  const variant = c.definition(meaningIndex(m));
  if (variant.kind !== "variant") return undefined;
  const layout = layouts.of(type);
  if (!writeTag(c, type, variant.index, memory, offset)) return undefined;
  if (ast.kind[n] !== Kind.Call) return true;
  const list = ast.arguments(n);
  const kind = types.kindOf(type);
  for (let i = 0; i < ast.length(list); i++) {
    const part = kind === TypeKind.Optional ? types.inner(type) : kind === TypeKind.Result ? (variant.index === 0 ? types.inner(type) : types.errorType(type)) : fieldTypeIn(types, c.definitions, type, variant.fields[i]?.type ?? T.error);
    const outcome = write(c, ast.item(list, i), part, memory, offset + (layout.variants[variant.index]?.[i] ?? 0));
    if (outcome !== true) return outcome;
  }
  return true;
}

function writeNamed(c: Checker, n: Node, type: TypeId, memory: Memory, offset: number): Outcome {
  const m = c.program.meaningOf(n);
  if (meaningKind(m) !== MeaningKind.Definition) return undefined;
  const definition = c.definition(meaningIndex(m));
  if (definition.kind === "variant") return writeVariant(c, n, type, memory, offset);
  if (definition.kind === "function") {
    if (c.types.kindOf(type) !== TypeKind.Function) return undefined;
    const instance = c.program.instanceOf(n);
    const args = instance === 0 ? [] : c.program.instanceArgs(instance);
    memory.references.push({ offset, target: { function: definition.definedBy ?? definition, args, isForeign: c.types.isExternal(type) }, addend: 0 });
    return true;
  }
  return copyOfConstant(c, n, type, memory, offset);
}

/** The value of another constant. */
function copyOfConstant(c: Checker, n: Node, type: TypeId, memory: Memory, offset: number): Outcome {
  const m = c.program.meaningOf(n);
  if (meaningKind(m) !== MeaningKind.Definition) return undefined;
  const definition = c.definition(meaningIndex(m));
  if (definition.kind !== "const" || definition.type !== type) return undefined;
  const value = valueOf(c, definition);
  if (value === undefined) return failed;
  memory.bytes.set(value.bytes, offset);
  for (const reference of value.references) memory.references.push({ ...reference, offset: reference.offset + offset });
  return true;
}

const latin1 = new TextDecoder("latin1");

/** Large arrays of zeros are common, and this is asked when nothing of the compiler is warm: the engine's own comparison of strings looks at them. */
export function isZero(bytes: Uint8Array): boolean {
  if (bytes.length > 64) return latin1.decode(bytes) === "\0".repeat(bytes.length);
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
