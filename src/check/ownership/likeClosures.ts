/** Closures of the program, and whether a function value of some type may be one of them. */

import { Kind } from "../../syntax/ast.ts";
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
    const before = this.known.get(type);
    if (before !== undefined) return before;
    const found = this.closures.some((f) => isLike(this.c, f, type));
    this.known.set(type, found);
    return found;
  }
}

/** Adds all closures of the user that `is` true of, until nothing changes: what a closure does may depend on others. */
export function growClosures(c: Checker, isKnown: (f: FunctionDefinition) => boolean, is: (f: FunctionDefinition) => boolean, add: (f: FunctionDefinition) => void): void {
  let left = c.definitions.filter((f): f is FunctionDefinition => f.kind === "function" && f.node !== 0 && c.ast.kind[f.node] === Kind.Closure && c.unitOfFile[f.file]?.library !== true);
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    left = left.filter((f) => {
      if (isKnown(f)) return false;
      if (!is(f)) return true;
      add(f);
      return false;
    });
  }
}

/** A function value of the type, or what a reference of the type refers to, may be this function. */
export function isLike(c: Checker, f: FunctionDefinition, type: TypeId): boolean {
  const { types } = c;
  const at = throughReferences(c, type);
  const wanted = types.items(at);
  // One that changes what it captured is no `func`; any serves as a `mut func`.
  return f.parameters.length === wanted.length && (types.isMutable(at) || !c.program.capturesOf(f.node).some(({ changed }) => changed))
    && mayBe(types, f.result, types.inner(at)) && f.parameters.every((one, i) => mayBe(types, one, wanted[i] as TypeId));
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
