/** Types with their type parameters replaced: a generic declaration as one of its instances sees it. */

import type { Definition, DefinitionId } from "./definitions.ts";
import { TypeKind, type TypeId, type TypeTable } from "./types.ts";

/** Replaces type parameters by types, the same ones every time. */
export class Substitution {
  private readonly known = new Map<TypeId, TypeId>();
  private readonly types: TypeTable;
  private readonly parameters: readonly DefinitionId[];
  readonly args: readonly TypeId[];

  /** `args` are parallel to `parameters`; parameters that are not among them stay as they are. */
  constructor(types: TypeTable, parameters: readonly DefinitionId[], args: readonly TypeId[]) {
    this.types = types;
    this.parameters = parameters;
    this.args = args;
  }

  apply(type: TypeId): TypeId {
    if (!this.types.isDependent(type)) return type;
    const known = this.known.get(type);
    if (known !== undefined) return known;
    const made = this.make(type);
    this.known.set(type, made);
    return made;
  }

  applyAll(list: readonly TypeId[]): readonly TypeId[] {
    const types: TypeId[] = [];
    for (let i = 0; i < list.length; i++) types.push(this.apply(list[i] as TypeId));
    return types;
  }

  private make(type: TypeId): TypeId {
    const { types } = this;
    switch (types.kindOf(type)) {
      case TypeKind.TypeParameter: {
        const index = this.parameters.indexOf(types.definition(type));
        return index < 0 ? type : (this.args[index] ?? type);
      }
      case TypeKind.Pointer: return types.pointer(this.apply(types.inner(type)));
      case TypeKind.Reference: return types.reference(this.apply(types.inner(type)), types.isMutable(type));
      case TypeKind.Array: return types.array(this.apply(types.inner(type)), types.arrayLength(type));
      case TypeKind.Slice: return types.slice(this.apply(types.inner(type)), types.isMutable(type));
      case TypeKind.Optional: return types.optional(this.apply(types.inner(type)));
      case TypeKind.Result: return types.result(this.apply(types.inner(type)), this.apply(types.errorType(type)));
      case TypeKind.Tuple: return types.tuple(this.applyAll(types.items(type)));
      case TypeKind.Function: return types.function(this.applyAll(types.items(type)), this.apply(types.inner(type)), types.flags[type] as number);
      case TypeKind.Struct: return types.struct(types.definition(type), this.applyAll(types.items(type)));
      case TypeKind.Enum: return types.enum(types.definition(type), this.applyAll(types.items(type)));
      case TypeKind.Dyn: return types.dyn(types.definition(type), this.applyAll(types.items(type)));
      default: return type;
    }
  }
}

/** The type of a field as a value of the struct or enum type `owner` has it: declared with the declaration's type parameters, which `owner`'s arguments replace. */
export function fieldTypeIn(types: TypeTable, definitions: readonly Definition[], owner: TypeId, declared: TypeId): TypeId {
  if (!types.isDependent(declared)) return declared;
  const definition = definitions[types.definition(owner)];
  if (definition === undefined || (definition.kind !== "struct" && definition.kind !== "enum")) return declared;
  return new Substitution(types, definition.typeParameters, types.items(owner)).apply(declared);
}
