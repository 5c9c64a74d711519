/** Closures of the program, and whether a function value of some type may be one of them. */

import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { throughReferences } from "../traits.ts";
import { TypeKind, type TypeId, type TypeTable } from "../types.ts";

export class LikeClosures {
  private readonly c: Checker;
  private readonly closures: FunctionDefinition[] = [];
  /** By function type. */
  private readonly known = new Map<TypeId, boolean>();

  constructor(c: Checker) {
    this.c = c;
  }

  get isEmpty(): boolean { return this.closures.length === 0; }

  add(f: FunctionDefinition): void {
    this.closures.push(f);
    this.known.clear();
  }

  /** A function value of the type, or what a reference of the type refers to, may be one of them. */
  has(type: TypeId): boolean {
    const { types } = this.c;
    const before = this.known.get(type);
    if (before !== undefined) return before;
    const at = throughReferences(this.c, type);
    const wanted = types.items(at);
    // One that changes what it captured is no `func`; any serves as a `mut func`.
    const fits = (f: FunctionDefinition): boolean => types.isMutable(at) || !this.c.program.capturesOf(f.node).some(({ changed }) => changed);
    const found = this.closures.some((f) => f.parameters.length === wanted.length && fits(f) && mayBe(types, f.result, types.inner(at)) && f.parameters.every((one, i) => mayBe(types, one, wanted[i] as TypeId)));
    this.known.set(type, found);
    return found;
  }
}

/** Some type may be both, whatever type parameters stand for: each time something else, as in a generic function that calls itself with others. */
export function mayBe(types: TypeTable, one: TypeId, other: TypeId): boolean {
  if (one === other) return true;
  if (!types.hasParameter(one) && !types.hasParameter(other)) return false;
  const kind = types.kindOf(one);
  if (kind === TypeKind.TypeParameter || types.kindOf(other) === TypeKind.TypeParameter) return true;
  if (kind !== types.kindOf(other)) return false;
  const all = (left: readonly TypeId[], right: readonly TypeId[]): boolean => left.length === right.length && left.every((type, i) => mayBe(types, type, right[i] as TypeId));
  switch (kind) {
    case TypeKind.Scalar:
      return false;
    case TypeKind.Struct:
    case TypeKind.Enum:
    case TypeKind.Dyn:
      return types.definition(one) === types.definition(other) && all(types.items(one), types.items(other));
    case TypeKind.Tuple:
    case TypeKind.Result:
      return all(types.partTypes(one), types.partTypes(other));
    case TypeKind.Function:
      return all(types.items(one), types.items(other)) && mayBe(types, types.inner(one), types.inner(other));
    default:
      return mayBe(types, types.inner(one), types.inner(other));
  }
}
