/**
 * The types of the language, interned: equal types are equal numbers. Columns: kind, flags, two operands, and lists in a pool.
 * Type parameters are types like any other, so that a generic body is checked once and `irgen` substitutes when it makes an instance.
 */

import type { DefinitionId } from "./definitions.ts";

export type TypeId = number & { readonly brand: "TypeId" };

/** Scalar types have the fixed ids 1…; name, size in bytes (0: the target's word, or none), what it is. */
const scalars = [
  ["error", 0, "error"], //   an error was reported here: compatible with everything, never reported again
  ["never", 0, "never"],
  ["void", 0, "void"],
  ["bool", 1, "bool"],
  ["char", 4, "char"],
  ["i8", 1, "signed"],
  ["i16", 2, "signed"],
  ["i32", 4, "signed"],
  ["i64", 8, "signed"],
  ["i128", 16, "signed"],
  ["isize", 8, "signed"],
  ["u8", 1, "unsigned"],
  ["u16", 2, "unsigned"],
  ["u32", 4, "unsigned"],
  ["u64", 8, "unsigned"],
  ["u128", 16, "unsigned"],
  ["usize", 8, "unsigned"],
  ["f32", 4, "float"],
  ["f64", 8, "float"],
  ["str", 16, "str"],
  // The types of a literal before its context gives it one; never in a finished column.
  ["integer literal", 0, "literal"],
  ["float literal", 0, "literal"],
  ["nil", 8, "literal"],
] as const;

export type ScalarName = (typeof scalars)[number][0];
export type ScalarClass = (typeof scalars)[number][2];

/** `T.i64` and so on. */
export const T = Object.fromEntries(scalars.map(([name], index) => [name, index + 1])) as { readonly [K in ScalarName]: TypeId };
export const scalarCount = scalars.length;

export const TypeKind = {
  None: 0,
  Scalar: 1,
  Pointer: 2, //       a: target
  Reference: 3, //     a: target | mutable
  Array: 4, //         a: element, b: length
  Slice: 5, //         a: element | mutable
  Optional: 6, //      a: inner
  Result: 7, //        a: ok, b: error
  Tuple: 8, //         list: elements
  Function: 9, //      a: result, list: parameters | mutable, external, variadic
  Struct: 10, //       a: definition, list: type arguments
  Enum: 11, //         a: definition, list: type arguments
  TypeParameter: 12, //a: definition
  Dyn: 13, //          a: trait definition, list: type arguments
  Variable: 14, //     a: number of an inference variable; never in a finished column
} as const;

export const TypeFlag = { mutable: 1, external: 2, variadic: 4 } as const;

export class TypeTable {
  count = 1;
  kind = new Uint8Array(256);
  flags = new Uint8Array(256);
  a = new Int32Array(256);
  b = new Int32Array(256);
  list = new Int32Array(256);
  /** Bit 1: a type parameter occurs in it; bit 2: an unsolved variable; bit 4: the variable 0, of which nothing is known or looked for. */
  private parts = new Uint8Array(256);
  /** How many types it is written with. */
  private sizes = new Int32Array(256);
  private pool = new Int32Array(256);
  private poolCount = 1;
  private table = new Int32Array(512);

  constructor() {
    for (let i = 1; i <= scalarCount; i++) this.intern(TypeKind.Scalar, 0, i, 0, none);
  }

  // ── making types ──

  pointer(target: TypeId): TypeId { return this.intern(TypeKind.Pointer, 0, target, 0, none); }
  reference(target: TypeId, mutable: boolean): TypeId { return this.intern(TypeKind.Reference, mutable ? TypeFlag.mutable : 0, target, 0, none); }
  array(element: TypeId, length: number): TypeId { return this.intern(TypeKind.Array, 0, element, length, none); }
  slice(element: TypeId, mutable: boolean): TypeId { return this.intern(TypeKind.Slice, mutable ? TypeFlag.mutable : 0, element, 0, none); }
  optional(inner: TypeId): TypeId { return this.intern(TypeKind.Optional, 0, inner, 0, none); }
  result(ok: TypeId, error: TypeId): TypeId { return this.intern(TypeKind.Result, 0, ok, error, none); }
  tuple(elements: readonly TypeId[]): TypeId { return elements.length === 0 ? T.void : this.intern(TypeKind.Tuple, 0, 0, 0, elements); }
  function(parameters: readonly TypeId[], result: TypeId, flags = 0): TypeId { return this.intern(TypeKind.Function, flags, result, 0, parameters); }
  struct(definition: DefinitionId, args: readonly TypeId[] = none): TypeId { return this.intern(TypeKind.Struct, 0, definition, 0, args); }
  enum(definition: DefinitionId, args: readonly TypeId[] = none): TypeId { return this.intern(TypeKind.Enum, 0, definition, 0, args); }
  typeParameter(definition: DefinitionId): TypeId { return this.intern(TypeKind.TypeParameter, 0, definition, 0, none); }
  dyn(trait: DefinitionId, args: readonly TypeId[] = none): TypeId { return this.intern(TypeKind.Dyn, 0, trait, 0, args); }
  variable(index: number): TypeId { return this.intern(TypeKind.Variable, 0, index, 0, none); }

  // ── reading them ──

  kindOf(type: TypeId): number { return this.kind[type] as number; }
  /** Target of a pointer or reference, element of an array or slice, inner type of an optional, ok type of a result, result type of a function. */
  inner(type: TypeId): TypeId { return this.a[type] as TypeId; }
  errorType(type: TypeId): TypeId { return this.b[type] as TypeId; }
  arrayLength(type: TypeId): number { return this.b[type] as number; }
  definition(type: TypeId): DefinitionId { return this.a[type] as DefinitionId; }
  isMutable(type: TypeId): boolean { return ((this.flags[type] as number) & TypeFlag.mutable) !== 0; }
  isExternal(type: TypeId): boolean { return ((this.flags[type] as number) & TypeFlag.external) !== 0; }
  /** A type parameter or an unsolved variable occurs in it. */
  isDependent(type: TypeId): boolean { return this.parts[type] !== 0; }
  /** A type parameter occurs in it. */
  hasParameter(type: TypeId): boolean { return ((this.parts[type] as number) & 1) !== 0; }
  /** A part of it is still unknown. */
  hasVariable(type: TypeId): boolean { return ((this.parts[type] as number) & 2) !== 0; }
  /** The unknown part of a hint occurs in it. */
  hasHole(type: TypeId): boolean { return ((this.parts[type] as number) & 4) !== 0; }
  /** How many types it is written with: what is repeated counts each time. */
  extent(type: TypeId): number { return this.sizes[type] as number; }
  isVariadic(type: TypeId): boolean { return ((this.flags[type] as number) & TypeFlag.variadic) !== 0; }
  /** Elements of a tuple, parameters of a function, arguments of a struct, enum or dyn. */
  listLength(type: TypeId): number { return this.pool[this.list[type] as number] as number; }
  listItem(type: TypeId, index: number): TypeId { return this.pool[(this.list[type] as number) + 1 + index] as TypeId; }
  items(type: TypeId): TypeId[] {
    const found: TypeId[] = [];
    for (let i = 0; i < this.listLength(type); i++) found.push(this.listItem(type, i));
    return found;
  }

  /** The types of the values that lie within one of an array, optional, result or tuple; of other types none. */
  partTypes(type: TypeId): readonly TypeId[] {
    switch (this.kindOf(type)) {
      case TypeKind.Array:
      case TypeKind.Optional:
        return [this.inner(type)];
      case TypeKind.Result:
        return [this.inner(type), this.errorType(type)];
      case TypeKind.Tuple:
        return this.items(type);
      default:
        return [];
    }
  }

  /** `*T`, `&T`, `[]T` and their mutable kin. */
  isReferring(type: TypeId): boolean {
    const kind = this.kindOf(type);
    return kind === TypeKind.Pointer || kind === TypeKind.Reference || kind === TypeKind.Slice;
  }

  private intern(kind: number, flags: number, a: number, b: number, items: readonly number[]): TypeId {
    if (this.count * 2 >= this.table.length) this.grow();
    let hash = Math.imul(kind * 8 + flags, 0x9e3779b1) ^ Math.imul(a, 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35);
    for (const item of items) hash = Math.imul(hash ^ item, 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.table.length - 1;
    let at = hash & mask;
    for (let id = this.table[at] as number; id !== 0; id = this.table[at] as number) {
      if (this.kind[id] === kind && this.flags[id] === flags && this.a[id] === a && this.b[id] === b && this.sameItems(id, items)) return id as TypeId;
      at = (at + 1) & mask;
    }
    const id = this.count++;
    this.table[at] = id;
    this.kind[id] = kind;
    this.flags[id] = flags;
    this.a[id] = a;
    this.b[id] = b;
    this.list[id] = this.addItems(items);
    this.hashes[id] = hash;
    this.parts[id] = this.partsOf(kind, a, b, items);
    this.sizes[id] = this.sizeOf(kind, a, b, items);
    return id as TypeId;
  }

  private sizeOf(kind: number, a: number, b: number, items: readonly number[]): number {
    let size = 1;
    if (kind >= TypeKind.Pointer && kind <= TypeKind.Function && kind !== TypeKind.Tuple) size += this.sizes[a] as number;
    if (kind === TypeKind.Result) size += this.sizes[b] as number;
    for (const item of items) size += this.sizes[item] as number;
    return Math.min(size, 0x1000000);
  }

  private partsOf(kind: number, a: number, b: number, items: readonly number[]): number {
    if (kind === TypeKind.TypeParameter) return 1;
    if (kind === TypeKind.Variable) return a === 0 ? 6 : 2;
    let found = kind >= TypeKind.Pointer && kind <= TypeKind.Function && kind !== TypeKind.Tuple ? (this.parts[a] as number) : 0;
    if (kind === TypeKind.Result) found |= this.parts[b] as number;
    for (const item of items) found |= this.parts[item] as number;
    return found;
  }

  private hashes = new Int32Array(256);

  private sameItems(id: number, items: readonly number[]): boolean {
    const list = this.list[id] as number;
    if (this.pool[list] !== items.length) return false;
    for (let i = 0; i < items.length; i++) if (this.pool[list + 1 + i] !== items[i]) return false;
    return true;
  }

  private addItems(items: readonly number[]): number {
    if (items.length === 0) return 0;
    while (this.poolCount + items.length + 1 > this.pool.length) this.pool = grown(this.pool);
    const list = this.poolCount;
    this.pool[this.poolCount++] = items.length;
    for (const item of items) this.pool[this.poolCount++] = item;
    return list;
  }

  private grow(): void {
    if (this.count * 2 >= this.kind.length) {
      const size = this.kind.length * 2;
      const kind = new Uint8Array(size);
      kind.set(this.kind);
      this.kind = kind;
      const flags = new Uint8Array(size);
      flags.set(this.flags);
      this.flags = flags;
      this.a = grown(this.a);
      this.b = grown(this.b);
      this.list = grown(this.list);
      this.hashes = grown(this.hashes);
      this.sizes = grown(this.sizes);
      const parts = new Uint8Array(size);
      parts.set(this.parts);
      this.parts = parts;
    }
    this.table = new Int32Array(this.table.length * 2);
    const mask = this.table.length - 1;
    for (let id = 1; id < this.count; id++) {
      let at = (this.hashes[id] as number) & mask;
      while (this.table[at] !== 0) at = (at + 1) & mask;
      this.table[at] = id;
    }
  }
}

const none: readonly never[] = [];

function grown(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}

/** One of the types with a fixed id, `error`, str and those of literals included. */
export function isScalar(type: TypeId): boolean { return type >= 1 && type <= scalarCount; }
/** What kind of scalar the type is; undefined if it is none. */
export function scalarClass(type: TypeId): ScalarClass | undefined { return scalars[type - 1]?.[2]; }
/** The name of a scalar type in programs; undefined if it is none. */
export function scalarName(type: TypeId): ScalarName | undefined { return scalars[type - 1]?.[0]; }
/** Size in bytes of a scalar on the 64-bit targets. */
export function scalarSize(type: TypeId): number { return scalars[type - 1]?.[1] ?? 0; }
/** Integers of all sizes, signed or not. */
export function isIntegerType(type: TypeId): boolean { return type >= T.i8 && type <= T.usize; }
/** Signed integers. */
export function isSignedType(type: TypeId): boolean { return type >= T.i8 && type <= T.isize; }
/** f32 and f64. */
export function isFloatType(type: TypeId): boolean { return type === T.f32 || type === T.f64; }
