/** Type parameters replaced by types, and matched against them. */

import type { DefinitionId } from "./definitions.ts";
import { T, TypeFlag, TypeKind, type TypeId, type TypeTable } from "./types.ts";

/** The unknown part of a type that is half solved; written `_`. */
export function unknownType(types: TypeTable): TypeId { return types.variable(0); }

/** `type` with each of `parameters` replaced by its argument; an argument 0 is not known yet and leaves a variable. */
export function substitute(types: TypeTable, type: TypeId, parameters: readonly DefinitionId[], args: readonly TypeId[]): TypeId {
  if (!types.hasParameter(type) || parameters.length === 0) return type;
  const inside = (part: TypeId): TypeId => substitute(types, part, parameters, args);
  if (types.kindOf(type) !== TypeKind.TypeParameter) return withParts(types, type, inside);
  const index = parameters.indexOf(types.definition(type));
  if (index < 0) return type;
  const found = args[index] ?? 0;
  return found === 0 ? types.variable(0) : found;
}

/** The type with each of its parts replaced by what `inside` gives for it. */
export function withParts(types: TypeTable, type: TypeId, inside: (part: TypeId) => TypeId): TypeId {
  switch (types.kindOf(type)) {
    case TypeKind.Pointer: return types.pointer(inside(types.inner(type)));
    case TypeKind.Reference: return types.reference(inside(types.inner(type)), types.isMutable(type));
    case TypeKind.Array: return types.array(inside(types.inner(type)), types.arrayLength(type));
    case TypeKind.Slice: return types.slice(inside(types.inner(type)), types.isMutable(type));
    case TypeKind.Optional: return types.optional(inside(types.inner(type)));
    case TypeKind.Result: return types.result(inside(types.inner(type)), inside(types.errorType(type)));
    case TypeKind.Tuple: return types.tuple(types.items(type).map(inside));
    case TypeKind.Function: {
      const flags = (types.isMutable(type) ? TypeFlag.mutable : 0) | (types.isExternal(type) ? TypeFlag.external : 0) | (types.isVariadic(type) ? TypeFlag.variadic : 0);
      return types.function(types.items(type).map(inside), inside(types.inner(type)), flags);
    }
    case TypeKind.Struct: return types.struct(types.definition(type), types.items(type).map(inside));
    case TypeKind.Enum: return types.enum(types.definition(type), types.items(type).map(inside));
    case TypeKind.Dyn: return types.dyn(types.definition(type), types.items(type).map(inside));
    default: return type;
  }
}

/**
 * Solves `parameters`, as far as they occur in `pattern`, so that it becomes `actual`; `found` is parallel to them, 0 where nothing is known yet.
 * False if the two differ. What is unknown in `actual` fits everything and solves nothing.
 */
export function match(types: TypeTable, pattern: TypeId, actual: TypeId, parameters: readonly DefinitionId[], found: TypeId[]): boolean {
  if (!types.hasParameter(pattern)) return pattern === actual || fits(types, pattern, actual);
  const kind = types.kindOf(pattern);
  if (kind === TypeKind.TypeParameter) {
    const index = parameters.indexOf(types.definition(pattern));
    if (index < 0) return pattern === actual || fits(types, pattern, actual);
    const known = found[index] ?? 0;
    if (known !== 0) return known === actual || fits(types, known, actual);
    if (actual !== T.never && actual !== T.error && !types.hasHole(actual)) found[index] = actual;
    return true;
  }
  const actualKind = types.kindOf(actual);
  if (actual === T.error || actual === T.never || actualKind === TypeKind.Variable) return true;
  if (kind !== actualKind) return false;
  const inside = (one: TypeId, other: TypeId): boolean => match(types, one, other, parameters, found);
  switch (kind) {
    case TypeKind.Pointer:
    case TypeKind.Optional:
      return inside(types.inner(pattern), types.inner(actual));
    case TypeKind.Reference:
    case TypeKind.Slice:
      return types.isMutable(pattern) === types.isMutable(actual) && inside(types.inner(pattern), types.inner(actual));
    case TypeKind.Array:
      return types.arrayLength(pattern) === types.arrayLength(actual) && inside(types.inner(pattern), types.inner(actual));
    case TypeKind.Result:
      return inside(types.inner(pattern), types.inner(actual)) && inside(types.errorType(pattern), types.errorType(actual));
    case TypeKind.Function:
      if (types.isExternal(pattern) !== types.isExternal(actual) || (types.isMutable(actual) && !types.isMutable(pattern))) return false;
      return matchLists(types, pattern, actual, parameters, found) && inside(types.inner(pattern), types.inner(actual));
    case TypeKind.Struct:
    case TypeKind.Enum:
    case TypeKind.Dyn:
      return types.definition(pattern) === types.definition(actual) && matchLists(types, pattern, actual, parameters, found);
    case TypeKind.Tuple:
      return matchLists(types, pattern, actual, parameters, found);
    default:
      return false;
  }
}

function matchLists(types: TypeTable, pattern: TypeId, actual: TypeId, parameters: readonly DefinitionId[], found: TypeId[]): boolean {
  const length = types.listLength(pattern);
  if (types.listLength(actual) !== length) return false;
  for (let i = 0; i < length; i++) if (!match(types, types.listItem(pattern, i), types.listItem(actual, i), parameters, found)) return false;
  return true;
}

/** Two types are the same as far as both are known. */
export function fits(types: TypeTable, one: TypeId, other: TypeId): boolean {
  if (one === other || one === T.error || other === T.error || one === T.never || other === T.never) return true;
  if (!types.hasVariable(one) && !types.hasVariable(other)) return false;
  const kind = types.kindOf(one);
  if (kind === TypeKind.Variable || types.kindOf(other) === TypeKind.Variable) return true;
  if (kind !== types.kindOf(other)) return false;
  const lists = (): boolean => {
    const length = types.listLength(one);
    if (types.listLength(other) !== length) return false;
    for (let i = 0; i < length; i++) if (!fits(types, types.listItem(one, i), types.listItem(other, i))) return false;
    return true;
  };
  switch (kind) {
    case TypeKind.Pointer:
    case TypeKind.Optional:
      return fits(types, types.inner(one), types.inner(other));
    case TypeKind.Reference:
    case TypeKind.Slice:
      return types.isMutable(one) === types.isMutable(other) && fits(types, types.inner(one), types.inner(other));
    case TypeKind.Array:
      return types.arrayLength(one) === types.arrayLength(other) && fits(types, types.inner(one), types.inner(other));
    case TypeKind.Result:
      return fits(types, types.inner(one), types.inner(other)) && fits(types, types.errorType(one), types.errorType(other));
    case TypeKind.Function:
      return types.isExternal(one) === types.isExternal(other) && lists() && fits(types, types.inner(one), types.inner(other));
    case TypeKind.Struct:
    case TypeKind.Enum:
    case TypeKind.Dyn:
      return types.definition(one) === types.definition(other) && lists();
    case TypeKind.Tuple:
      return lists();
    default:
      return false;
  }
}
