/** How a value of a language type is held in the IR: as nothing, one value, a pair of values, or in memory. */

import type { Definition } from "../check/definitions.ts";
import type { Layouts } from "../check/layout.ts";
import { fieldTypeIn } from "../check/substitute.ts";
import { T, TypeKind, isScalar, scalarClass, scalarSize, type TypeId, type TypeTable } from "../check/types.ts";
import { Type } from "../ir/types.ts";

export const Shape = {
  Void: 0,
  /** One IR value: numbers, pointers, enums without payloads, optionals of references. */
  Scalar: 1,
  /** Two IR values: a pointer and a length (str, slices) or a code pointer and an environment (functions). */
  Pair: 2,
  /** An address: structs, tuples, arrays, enums with payloads. */
  Memory: 3,
} as const;

/** A part of a value that travels in a register. */
export interface Piece {
  readonly type: Type;
  readonly offset: number;
}

/** Aggregates of up to this many scalars are passed and returned in registers, larger ones by address. */
const pieceLimit = 2;

export class Shapes {
  private shapes = new Uint8Array(256);
  private readonly pieceTable = new Map<TypeId, readonly Piece[] | undefined>();
  private readonly types: TypeTable;
  private readonly definitions: readonly Definition[];
  private readonly layouts: Layouts;

  constructor(types: TypeTable, definitions: readonly Definition[], layouts: Layouts) {
    this.types = types;
    this.definitions = definitions;
    this.layouts = layouts;
  }

  of(type: TypeId): number {
    if (type >= this.shapes.length) {
      const larger = new Uint8Array(Math.max(type + 1, this.shapes.length * 2));
      larger.set(this.shapes);
      this.shapes = larger;
    }
    const known = this.shapes[type] as number;
    if (known !== 0) return known - 1;
    const shape = this.compute(type);
    this.shapes[type] = shape + 1;
    return shape;
  }

  private compute(type: TypeId): number {
    const { types } = this;
    // Statements have no type.
    if (type === 0) return Shape.Void;
    if (isScalar(type)) return type === T.void || type === T.never || type === T.error ? Shape.Void : type === T.str ? Shape.Pair : Shape.Scalar;
    switch (types.kindOf(type)) {
      case TypeKind.Pointer:
      case TypeKind.Reference:
        return this.layouts.isUnsized(types.inner(type)) ? Shape.Pair : Shape.Scalar;
      case TypeKind.Slice:
        return Shape.Pair;
      case TypeKind.Function:
        return types.isExternal(type) ? Shape.Scalar : Shape.Pair;
      case TypeKind.Enum:
        return this.isPlainEnum(type) ? Shape.Scalar : Shape.Memory;
      case TypeKind.Optional:
        return this.layouts.of(type).tag?.kind === "niche" ? this.of(types.inner(type)) : Shape.Memory;
      default:
        return Shape.Memory;
    }
  }

  /** An enum none of whose variants carries anything. */
  isPlainEnum(type: TypeId): boolean {
    if (this.types.kindOf(type) !== TypeKind.Enum) return false;
    const definition = this.definitions[this.types.definition(type)];
    return definition?.kind === "enum" && definition.variants.every((variant) => variant.fields.length === 0);
  }

  /** IR type of a Scalar. */
  scalar(type: TypeId): Type {
    if (isScalar(type)) {
      if (type === T.f32) return Type.f32;
      if (type === T.f64) return Type.f64;
      if (scalarClass(type) === "literal") return type === T.nil ? Type.ptr : Type.i64;
      return integerOfSize(scalarSize(type));
    }
    if (this.types.kindOf(type) === TypeKind.Enum) return integerOfSize(this.layouts.size(type));
    return Type.ptr;
  }

  /** IR types of a Pair. */
  second(type: TypeId): Type {
    const kind = this.types.kindOf(type);
    if (kind === TypeKind.Optional) return this.second(this.types.inner(type));
    return kind === TypeKind.Function || kind === TypeKind.Reference || kind === TypeKind.Pointer ? Type.ptr : Type.i64;
  }

  /** How a value travels to and from `lang` functions: its parts, or undefined where its address does. */
  pieces(type: TypeId): readonly Piece[] | undefined {
    const shape = this.of(type);
    if (shape === Shape.Void) return none;
    if (this.pieceTable.has(type)) return this.pieceTable.get(type);
    const found: Piece[] = [];
    const fits =
      shape === Shape.Scalar ? (found.push({ type: this.scalar(type), offset: 0 }), true)
      : shape === Shape.Pair ? (found.push({ type: Type.ptr, offset: 0 }, { type: this.second(type), offset: 8 }), true)
      : this.flatten(type, 0, found);
    const pieces = fits ? found : undefined;
    this.pieceTable.set(type, pieces);
    return pieces;
  }

  private flatten(type: TypeId, offset: number, into: Piece[]): boolean {
    const shape = this.of(type);
    if (shape === Shape.Scalar) into.push({ type: this.scalar(type), offset });
    else if (shape === Shape.Pair) into.push({ type: Type.ptr, offset }, { type: this.second(type), offset: offset + 8 });
    else if (shape === Shape.Memory) {
      const { types } = this;
      const layout = this.layouts.of(type);
      const kind = types.kindOf(type);
      if (kind === TypeKind.Tuple) {
        for (let i = 0; i < layout.offsets.length; i++) if (!this.flatten(types.listItem(type, i), offset + (layout.offsets[i] as number), into)) return false;
      } else if (kind === TypeKind.Struct) {
        const definition = this.definitions[types.definition(type)];
        if (definition?.kind !== "struct") return false;
        for (let i = 0; i < layout.offsets.length; i++) {
          const field = definition.fields[i];
          if (field === undefined || !this.flatten(fieldTypeIn(types, this.definitions, type, field.type), offset + (layout.offsets[i] as number), into)) return false;
        }
      } else if (kind === TypeKind.Optional && layout.tag?.kind === "direct") {
        into.push({ type: integerOfSize(layout.tag.size), offset });
        if (!this.flatten(types.inner(type), offset + ((layout.variants[1] as readonly number[])[0] as number), into)) return false;
      } else if (kind === TypeKind.Array && types.arrayLength(type) <= pieceLimit) {
        const size = this.layouts.size(types.inner(type));
        for (let i = 0; i < types.arrayLength(type); i++) if (!this.flatten(types.inner(type), offset + i * size, into)) return false;
      } else return false;
    }
    return into.length <= pieceLimit;
  }
}

const none: readonly Piece[] = [];

/** The integer type of 1, 2, 4 or 8 bytes. */
export function integerOfSize(size: number): Type {
  switch (size) {
    case 1: return Type.i8;
    case 2: return Type.i16;
    case 4: return Type.i32;
    case 8: return Type.i64;
    case 16: return Type.i128;
    default: throw new Error(`irgen/shape.integerOfSize: no integer has ${size} bytes`);
  }
}
