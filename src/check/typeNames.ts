/** Types as people write them, for messages, dumps, `type_of` and `@type_name`. */

import type { Interner } from "../source/interner.ts";
import type { Definition } from "./definitions.ts";
import { T, TypeKind, isScalar, scalarName, type TypeId, type TypeTable } from "./types.ts";

export class TypeNames {
  private readonly types: TypeTable;
  private readonly definitions: readonly Definition[];
  private readonly names: Interner;

  private readonly prefix: (definition: Definition) => string;

  /** `prefix` gives what stands before the names of structs and enums. */
  constructor(types: TypeTable, definitions: readonly Definition[], names: Interner, prefix: (definition: Definition) => string = () => "") {
    this.prefix = prefix;
    this.types = types;
    this.definitions = definitions;
    this.names = names;
  }

  /** The type as it is written in a program; a literal without a type yet is named in words. */
  of(type: TypeId): string {
    const { types } = this;
    if (type === 0) return "?";
    if (type === T.error) return "{error}";
    if (isScalar(type)) return scalarName(type) ?? "?";
    switch (types.kindOf(type)) {
      case TypeKind.Pointer: return `*${this.of(types.inner(type))}`;
      case TypeKind.Reference: return `${types.isMutable(type) ? "&mut " : "&"}${this.of(types.inner(type))}`;
      case TypeKind.Array: return `[${types.arrayLength(type)}]${this.of(types.inner(type))}`;
      case TypeKind.Slice: return `${types.isMutable(type) ? "[]mut " : "[]"}${this.of(types.inner(type))}`;
      case TypeKind.Optional: return `?${this.of(types.inner(type))}`;
      case TypeKind.Result: return `Result[${this.of(types.inner(type))}, ${this.of(types.errorType(type))}]`;
      case TypeKind.Tuple: return `(${this.list(types.items(type))}${types.listLength(type) === 1 ? "," : ""})`;
      case TypeKind.Function: {
        const start = types.isExternal(type) ? "extern func" : types.isMutable(type) ? "mut func" : "func";
        const result = types.inner(type);
        const parameters = this.list(types.items(type));
        const variadic = types.isVariadic(type) ? (parameters === "" ? "..." : ", ...") : "";
        return `${start}(${parameters}${variadic})${result === T.void ? "" : ` ${this.of(result)}`}`;
      }
      case TypeKind.Struct:
      case TypeKind.Enum:
      case TypeKind.TypeParameter:
      case TypeKind.Dyn: {
        const definition = this.definitions[types.definition(type)];
        const name = definition === undefined ? "?" : `${this.prefix(definition)}${this.names.name(definition.name)}`;
        const written = types.kindOf(type) === TypeKind.Dyn ? `dyn ${name}` : name;
        const args = types.kindOf(type) === TypeKind.TypeParameter ? [] : types.items(type);
        return args.length === 0 ? written : `${written}[${this.list(args)}]`;
      }
      default: return "_";
    }
  }

  private list(types: readonly TypeId[]): string {
    return types.map((type) => this.of(type)).join(", ");
  }
}
