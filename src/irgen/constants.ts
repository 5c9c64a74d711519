/**
 * Literals whose value is known while the code is made, as bytes: array literals of constants live for ever in read-only memory. Anything
 * that is not a literal, or an aggregate of literals, is left to code.
 */

import { meaningIndex, meaningKind, MeaningKind } from "../check/checkedProgram.ts";
import type { ConstantValue, DefinitionId } from "../check/definitions.ts";
import { T, TypeKind, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import type { DataRelocation } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { emitOwn } from "./dispatch.ts";
import type { Generator } from "./generator.ts";
import { Shape } from "./shape.ts";

/** The address of read-only memory with the literal's value; 0 if it is not all constant. */
export function constantAddress(g: Generator, n: Node): Value {
  const type = g.program.typeOf(n);
  const bytes = new Uint8Array(g.layouts.size(type));
  const relocations: DataRelocation[] = [];
  if (!writeOwn(g, n, type, bytes, 0, relocations)) return 0 as Value;
  return g.b.f.address(g.data.add(bytes, g.layouts.alignment(type), relocations, false));
}

/** A part that needs no conversion. */
function write(g: Generator, n: Node, type: TypeId, bytes: Uint8Array, offset: number, relocations: DataRelocation[]): boolean {
  const wanted = g.program.wantedOf(n);
  return (wanted === 0 || wanted === g.program.typeOf(n)) && writeOwn(g, n, type, bytes, offset, relocations);
}

/** Whatever is wanted of the whole. */
function writeOwn(g: Generator, n: Node, type: TypeId, bytes: Uint8Array, offset: number, relocations: DataRelocation[]): boolean {
  const { ast, program, types } = g;
  if (program.typeOf(n) !== type) return false;
  const layout = g.layouts.of(type);
  switch (ast.kind[n]) {
    case Kind.Paren:
      return writeOwn(g, ast.operand(n), type, bytes, offset, relocations);
    case Kind.Unary:
      if (ast.unaryOperator(n) !== UnaryOperator.Negate || (ast.kind[ast.operand(n)] !== Kind.Integer && ast.kind[ast.operand(n)] !== Kind.Float)) return false;
      return writeScalar(g, n, type, bytes, offset);
    case Kind.Integer: case Kind.Float: case Kind.Bool: case Kind.Char: case Kind.Byte: case Kind.Nil:
      return writeScalar(g, n, type, bytes, offset);
    case Kind.String: {
      if (type !== T.str) return false;
      const text = ast.strings[ast.literal(n)] as Uint8Array;
      relocations.push({ offset, symbol: g.data.string(text), addend: 0 });
      writeWord(bytes, offset + 8, text.length, 8);
      return true;
    }
    case Kind.Name: case Kind.Field: {
      const means = program.meaningOf(n);
      if (meaningKind(means) !== MeaningKind.Definition) return false;
      const definition = program.definition(meaningIndex(means) as DefinitionId);
      if (definition.kind === "const" && definition.value !== undefined) return copyValue(g, definition.value, bytes, offset, relocations);
      if (definition.kind === "variant" && g.shapes.isPlainEnum(type)) {
        writeWord(bytes, offset, definition.index, g.layouts.size(type));
        return true;
      }
      return false;
    }
    case Kind.Tuple: {
      const elements = ast.elements(n);
      for (let i = 0; i < ast.length(elements); i++) if (!write(g, ast.item(elements, i), types.listItem(type, i), bytes, offset + (layout.offsets[i] as number), relocations)) return false;
      return true;
    }
    case Kind.Array: {
      const elements = ast.elements(n);
      const element = types.inner(type);
      const size = g.layouts.size(element);
      for (let i = 0; i < ast.length(elements); i++) if (!write(g, ast.item(elements, i), element, bytes, offset + i * size, relocations)) return false;
      return true;
    }
    case Kind.ArrayRepeat: {
      const element = types.inner(type);
      const size = g.layouts.size(element);
      const count = types.arrayLength(type);
      if (count === 0) return true;
      const before = relocations.length;
      if (!write(g, ast.operand(n), element, bytes, offset, relocations) || relocations.length > before) return false;
      for (let i = 1; i < count; i++) bytes.copyWithin(offset + i * size, offset, offset + size);
      return true;
    }
    case Kind.StructLiteral: {
      if (types.kindOf(type) !== TypeKind.Struct || ast.base(n) !== 0) return false;
      const definition = program.definition(types.definition(type));
      if (definition.kind !== "struct") return false;
      const inits = ast.inits(n);
      for (let i = 0; i < ast.length(inits); i++) {
        const init = ast.item(inits, i);
        const field = meaningIndex(program.meaningOf(init));
        if (!write(g, ast.operand(init), g.fieldType(type, (definition.fields[field] as { type: TypeId }).type), bytes, offset + (layout.offsets[field] as number), relocations)) return false;
      }
      return true;
    }
    default:
      return false;
  }
}

function writeScalar(g: Generator, n: Node, type: TypeId, bytes: Uint8Array, offset: number): boolean {
  if (g.shapes.of(type) !== Shape.Scalar) return false;
  const { f } = g.b;
  const value = emitOwn(g, n);
  if (f.opOf(value) !== Op.const) return false;
  const size = g.layouts.size(type);
  if (size > 8) {
    let number = BigInt.asUintN(128, f.bigOf(value));
    for (let i = 0; i < size; i++, number >>= 8n) bytes[offset + i] = Number(number & 255n);
    return true;
  }
  for (let i = 0; i < size; i++) bytes[offset + i] = ((i < 4 ? (f.a[value] as number) : (f.b[value] as number)) >> (8 * (i & 3))) & 255;
  return true;
}

function writeWord(bytes: Uint8Array, offset: number, value: number, size: number): void {
  for (let i = 0, rest = value; i < size; i++, rest = Math.floor(rest / 256)) bytes[offset + i] = rest & 255;
}

function copyValue(g: Generator, value: ConstantValue, bytes: Uint8Array, offset: number, relocations: DataRelocation[]): boolean {
  bytes.set(value.bytes, offset);
  for (const relocation of g.data.relocations(value)) relocations.push({ ...relocation, offset: relocation.offset + offset });
  return true;
}
