/**
 * Where a type's parts lie in memory: sizes, alignments and offsets in bytes. Structs as the platform's C ABI lays them out; an enum is a
 * tag and the payloads side by side, its tag left out where a niche serves. `check` needs it for @sizeof in constants, `irgen` for everything.
 */

import type { Definition, DefinitionId, EnumDefinition, StructDefinition } from "./definitions.ts";
import { fieldTypeIn } from "./substitute.ts";
import { T, TypeKind, isScalar, scalarSize, type TypeId, type TypeTable } from "./types.ts";

export interface Layout {
  readonly size: number;
  readonly alignment: number;
  /** Offset of each field of a struct or tuple; of a variant's fields see `variants`. */
  readonly offsets: readonly number[];
  /** Enums, optionals and results: where the tag is, and each variant's field offsets. */
  readonly tag: Tag | undefined;
  readonly variants: readonly (readonly number[])[];
}

export interface Tag {
  /** `direct`: a stored number. `niche`: variant 0 (None) is the word at `offset` being zero; any other value is variant 1. */
  readonly kind: "direct" | "niche";
  readonly offset: number;
  readonly size: 1 | 2 | 4 | 8;
}

const wordSize = 8;

export class Layouts {
  private readonly known = new Map<TypeId, Layout>();
  private readonly types: TypeTable;
  private readonly definitions: readonly Definition[];

  private readonly ensure: (definition: StructDefinition | EnumDefinition) => void;

  /** `ensure` finds out the fields of a declaration whose types nobody asked for yet. */
  constructor(types: TypeTable, definitions: readonly Definition[], ensure: (definition: StructDefinition | EnumDefinition) => void = () => {}) {
    this.types = types;
    this.definitions = definitions;
    this.ensure = ensure;
  }

  size(type: TypeId): number {
    return isScalar(type) ? scalarSize(type) : this.of(type).size;
  }

  alignment(type: TypeId): number {
    return isScalar(type) ? scalarAlignment(type) : this.of(type).alignment;
  }

  /** The layout of any type whose parts are complete (no unsolved parameters, no infinite size: `check` refuses these). */
  of(type: TypeId): Layout {
    const known = this.known.get(type);
    if (known !== undefined) return known;
    const layout = this.compute(type);
    this.known.set(type, layout);
    return layout;
  }

  private compute(type: TypeId): Layout {
    const { types } = this;
    if (isScalar(type)) return plain(scalarSize(type), scalarAlignment(type));
    switch (types.kindOf(type)) {
      case TypeKind.Pointer:
      case TypeKind.Reference:
        return plain(this.isUnsized(types.inner(type)) ? 2 * wordSize : wordSize, wordSize);
      case TypeKind.Dyn:
        // Behind what lies before it in a struct; how long it is its table of methods tells.
        return plain(0, wordSize);
      case TypeKind.Slice:
        return plain(2 * wordSize, wordSize);
      case TypeKind.Function:
        return types.isExternal(type) ? plain(wordSize, wordSize) : plain(2 * wordSize, wordSize);
      case TypeKind.Array: {
        const element = types.inner(type);
        return plain(this.size(element) * types.arrayLength(type), this.alignment(element));
      }
      case TypeKind.Tuple:
        return this.aggregate(types.items(type));
      case TypeKind.Struct: {
        const definition = this.definition(types.definition(type));
        if (definition.kind !== "struct") throw new Error("check/layout.compute: a struct type without a struct");
        return this.aggregate(definition.fields.map((field) => fieldTypeIn(types, this.definitions, type, field.type)));
      }
      case TypeKind.Enum: {
        const definition = this.definition(types.definition(type));
        if (definition.kind !== "enum") throw new Error("check/layout.compute: an enum type without an enum");
        return this.tagged(definition.variants.map((variant) => variant.fields.map((field) => fieldTypeIn(types, this.definitions, type, field.type))));
      }
      case TypeKind.Optional: {
        const inner = types.inner(type);
        if (this.hasNiche(inner)) return { ...plain(this.size(inner), this.alignment(inner)), tag: { kind: "niche", offset: 0, size: 8 }, variants: [[], [0]] };
        return this.tagged([[], [inner]]);
      }
      case TypeKind.Result:
        return this.tagged([[types.inner(type)], [types.errorType(type)]]);
      default:
        throw new Error(`check/layout.compute: kind ${types.kindOf(type)} has no layout`);
    }
  }

  /** Only known by its table of methods: `dyn Trait`, and structs that end with it. A reference to it has two words. */
  isUnsized(type: TypeId): boolean {
    const { types } = this;
    const kind = types.kindOf(type);
    if (kind === TypeKind.Dyn) return true;
    if (kind !== TypeKind.Struct || types.listLength(type) === 0) return false;
    const definition = this.definition(types.definition(type));
    const last = definition.kind === "struct" ? definition.fields[definition.fields.length - 1] : undefined;
    return last !== undefined && types.isDependent(last.type) && this.isUnsized(fieldTypeIn(types, this.definitions, type, last.type));
  }

  /** The type's first word is never zero. */
  private hasNiche(type: TypeId): boolean {
    const kind = this.types.kindOf(type);
    // A str or slice may be empty, but never has a nil pointer: an empty one points to its alignment.
    if (kind === TypeKind.Reference || kind === TypeKind.Function || kind === TypeKind.Slice || type === T.str) return true;
    if (kind !== TypeKind.Struct) return false;
    // A struct's is that of its first field.
    const definition = this.definition(this.types.definition(type));
    const first = definition.kind === "struct" ? definition.fields[0] : undefined;
    return first !== undefined && this.hasNiche(fieldTypeIn(this.types, this.definitions, type, first.type));
  }

  private aggregate(fields: readonly TypeId[]): Layout {
    let size = 0;
    let alignment = 1;
    const offsets: number[] = [];
    for (const field of fields) {
      const fieldAlignment = this.alignment(field);
      size = align(size, fieldAlignment);
      offsets.push(size);
      size += this.size(field);
      alignment = Math.max(alignment, fieldAlignment);
    }
    return { size: align(size, alignment), alignment, offsets, tag: undefined, variants: [] };
  }

  private tagged(variants: readonly (readonly TypeId[])[]): Layout {
    const tagSize = variants.length <= 256 ? 1 : variants.length <= 65536 ? 2 : 4;
    let size: number = tagSize;
    let alignment: number = tagSize;
    const offsets: number[][] = [];
    for (const fields of variants) {
      let end: number = tagSize;
      const places: number[] = [];
      for (const field of fields) {
        const fieldAlignment = this.alignment(field);
        end = align(end, fieldAlignment);
        places.push(end);
        end += this.size(field);
        alignment = Math.max(alignment, fieldAlignment);
      }
      offsets.push(places);
      size = Math.max(size, end);
    }
    return { size: align(size, alignment), alignment, offsets: [], tag: { kind: "direct", offset: 0, size: tagSize }, variants: offsets };
  }

  private definition(id: DefinitionId): Definition {
    const definition = this.definitions[id] as Definition;
    if (definition.kind === "struct" || definition.kind === "enum") this.ensure(definition);
    return definition;
  }
}

function scalarAlignment(type: TypeId): number {
  return type === T.str ? wordSize : Math.max(1, scalarSize(type));
}

function plain(size: number, alignment: number): Layout {
  return { size, alignment, offsets: [], tag: undefined, variants: [] };
}

/** The least multiple of `alignment` from `offset` on. */
export function align(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
