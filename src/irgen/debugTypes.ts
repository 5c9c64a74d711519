/** Types as debuggers are told of them: names, sizes, members. Of the shape that `src/debug/variableInput.ts` asks for. */

import { TypeNames } from "../check/typeNames.ts";
import { T, TypeKind, isScalar, scalarClass, scalarName, scalarSize, type TypeId } from "../check/types.ts";
import type { Generator } from "./generator.ts";
import { Shape } from "./shape.ts";

interface Member {
  readonly name: string;
  readonly type: number;
  readonly offset: number;
}

type Described =
  | { readonly kind: "base"; readonly name: string; readonly size: number; readonly encoding: "signed" | "unsigned" | "float" | "boolean" | "byte" | "character" }
  | { readonly kind: "pointer"; readonly target: number | undefined }
  | { readonly kind: "array"; readonly element: number; readonly count: number }
  | { readonly kind: "struct"; readonly name: string; readonly size: number; readonly members: readonly Member[] }
  | { readonly kind: "enumeration"; readonly name: string; readonly size: number; readonly values: readonly string[] }
  | { readonly kind: "variants"; readonly name: string; readonly size: number; readonly tag: Member; readonly variants: readonly { readonly name: string; readonly members: readonly Member[] }[] };

const wordSize = 8;

export class DebugTypes {
  readonly all: Described[] = [];
  private readonly known = new Map<TypeId, number>();
  private readonly g: Generator;
  private readonly names: TypeNames;
  private readonly pointer: number;

  constructor(g: Generator) {
    this.g = g;
    this.names = new TypeNames(g.types, g.program.definitions, g.names);
    this.pointer = this.add({ kind: "pointer", target: undefined });
  }

  /** The number of a type. */
  of(type: TypeId): number {
    const known = this.known.get(type);
    if (known !== undefined) return known;
    const { g } = this;
    // What is nothing but another type has its number.
    if (g.types.kindOf(type) === TypeKind.Optional && g.layouts.of(type).tag?.kind === "niche") {
      const inner = this.of(g.types.inner(type));
      this.known.set(type, inner);
      return inner;
    }
    // A struct may hold a pointer to itself: the number comes first.
    const id = this.add({ kind: "pointer", target: undefined });
    this.known.set(type, id);
    this.all[id] = this.describe(type);
    return id;
  }

  private add(described: Described): number {
    this.all.push(described);
    return this.all.length - 1;
  }

  private describe(type: TypeId): Described {
    const { types, layouts, program, shapes } = this.g;
    if (type === T.str) return this.counted("str", T.u8);
    if (isScalar(type)) return scalar(type);
    const name = this.names.of(type);
    const size = layouts.size(type);
    switch (types.kindOf(type)) {
      case TypeKind.Pointer:
      case TypeKind.Reference: {
        const target = types.inner(type);
        if (layouts.isUnsized(target)) return this.words(name, ["data", "methods"]);
        return { kind: "pointer", target: shapes.of(target) === Shape.Void ? undefined : this.of(target) };
      }
      case TypeKind.Slice:
        return this.counted(name, types.inner(type));
      case TypeKind.Function:
        return types.isExternal(type) ? { kind: "pointer", target: undefined } : this.words(name, ["code", "environment"]);
      case TypeKind.Array:
        return shapes.of(types.inner(type)) === Shape.Void ? this.words(name, []) : { kind: "array", element: this.of(types.inner(type)), count: types.arrayLength(type) };
      case TypeKind.Tuple:
        return { kind: "struct", name, size, members: this.members(types.items(type).map((item, i) => [`${i}`, item]), layouts.of(type).offsets) };
      case TypeKind.Struct: {
        const definition = program.definition(types.definition(type));
        const { offsets } = layouts.of(type);
        const fields = definition.kind === "struct" ? definition.fields : [];
        return { kind: "struct", name, size, members: this.members(fields.map((field) => [this.g.names.name(field.name), this.g.fieldType(type, field.type)]), offsets) };
      }
      case TypeKind.Enum: {
        const definition = program.definition(types.definition(type));
        const variants = definition.kind === "enum" ? definition.variants : [];
        const values = variants.map((variant) => this.g.names.name(variant.name));
        layouts.of(type);
        if (shapes.isPlainEnum(type)) return { kind: "enumeration", name, size, values };
        return this.variants(type, name, variants.map((variant, i) => [values[i] as string, variant.fields.map((field, k) => [variant.named ? this.g.names.name(field.name) : `${k}`, this.g.fieldType(type, field.type)])]));
      }
      case TypeKind.Optional:
        return this.variants(type, name, [["None", []], ["Some", [["0", types.inner(type)]]]]);
      case TypeKind.Result:
        return this.variants(type, name, [["Ok", [["0", types.inner(type)]]], ["Err", [["0", types.errorType(type)]]]]);
      default:
        return this.words(name, []);
    }
  }

  private variants(type: TypeId, name: string, variants: readonly (readonly [name: string, fields: readonly (readonly [name: string, type: TypeId])[]])[]): Described {
    const layout = this.g.layouts.of(type);
    const tag = this.add({ kind: "enumeration", name: `${name}.tag`, size: layout.tag?.size ?? 1, values: variants.map(([variant]) => variant) });
    return {
      kind: "variants", name, size: layout.size, tag: { name: "tag", type: tag, offset: layout.tag?.offset ?? 0 },
      variants: variants.map(([variant, fields], i) => ({ name: variant, members: this.members(fields, layout.variants[i] ?? []) })),
    };
  }

  private members(fields: readonly (readonly [name: string, type: TypeId])[], offsets: readonly number[]): readonly Member[] {
    return fields.flatMap(([name, type], i) => (this.g.shapes.of(type) === Shape.Void ? [] : [{ name, type: this.of(type), offset: offsets[i] ?? 0 }]));
  }

  /** A pointer and a length. */
  private counted(name: string, element: TypeId): Described {
    const to = this.g.shapes.of(element) === Shape.Void ? this.pointer : this.add({ kind: "pointer", target: this.of(element) });
    return { kind: "struct", name, size: 2 * wordSize, members: [{ name: "ptr", type: to, offset: 0 }, { name: "len", type: this.of(T.i64), offset: wordSize }] };
  }

  private words(name: string, members: readonly string[]): Described {
    return { kind: "struct", name, size: members.length * wordSize, members: members.map((member, i) => ({ name: member, type: this.pointer, offset: i * wordSize })) };
  }
}

function scalar(type: TypeId): Described {
  const found = scalarClass(type);
  const encoding = type === T.u8 ? "byte" : found === "bool" ? "boolean" : found === "char" ? "character" : found === "float" ? "float" : found === "unsigned" ? "unsigned" : "signed";
  return { kind: "base", name: scalarName(type) ?? "?", size: scalarSize(type), encoding };
}
