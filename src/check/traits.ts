/** What values of a type can do before traits are declared: be copied, compared, ordered, shown. Structs and enums derive it; the rest follows from the parts. */

import type { Checker } from "./context.ts";
import type { Derives } from "./definitions.ts";
import { ensureStructure } from "./signatures.ts";
import { T, TypeKind, isScalar, type TypeId } from "./types.ts";

/** Scalars, raw pointers and C functions are `Copy`, shared borrows too; the rest when their parts are. */
export function isCopy(c: Checker, type: TypeId): boolean {
  if (isScalar(type)) return true;
  const { types } = c;
  switch (types.kindOf(type)) {
    case TypeKind.Pointer:
      return true;
    case TypeKind.Function:
      // A closure owns its environment.
      return types.isExternal(type);
    case TypeKind.Reference:
    case TypeKind.Slice:
      return !types.isMutable(type);
    case TypeKind.Array:
    case TypeKind.Optional:
      return isCopy(c, types.inner(type));
    case TypeKind.Result:
      return isCopy(c, types.inner(type)) && isCopy(c, types.errorType(type));
    case TypeKind.Tuple:
      return every(c, type, isCopy);
    default:
      return derives(c, type)?.copy ?? false;
  }
}

/** `==` and `!=` work, references looked through. */
export function isEq(c: Checker, type: TypeId): boolean {
  if (isScalar(type)) return type !== T.void && type !== T.never;
  const { types } = c;
  switch (types.kindOf(type)) {
    case TypeKind.Pointer:
      return true;
    case TypeKind.Function:
      return types.isExternal(type);
    case TypeKind.Reference:
    case TypeKind.Slice:
    case TypeKind.Array:
    case TypeKind.Optional:
      return isEq(c, types.inner(type));
    case TypeKind.Result:
      return isEqOrVoid(c, types.inner(type)) && isEqOrVoid(c, types.errorType(type));
    case TypeKind.Tuple:
      return every(c, type, isEq);
    default:
      return derives(c, type)?.eq ?? false;
  }
}

function isEqOrVoid(c: Checker, type: TypeId): boolean {
  return type === T.void || isEq(c, type);
}

/** `< <= > >=` work. */
export function isOrd(c: Checker, type: TypeId): boolean {
  if (isScalar(type)) return type !== T.void && type !== T.never;
  const { types } = c;
  switch (types.kindOf(type)) {
    case TypeKind.Pointer:
      return true;
    case TypeKind.Reference:
    case TypeKind.Slice:
    case TypeKind.Array:
    case TypeKind.Optional:
      return isOrd(c, types.inner(type));
    case TypeKind.Result:
      return (types.inner(type) === T.void || isOrd(c, types.inner(type))) && (types.errorType(type) === T.void || isOrd(c, types.errorType(type)));
    case TypeKind.Tuple:
      return every(c, type, isOrd);
    default:
      return derives(c, type)?.ord ?? false;
  }
}

/** `print` and f-strings take it. */
export function isShow(c: Checker, type: TypeId): boolean {
  if (isScalar(type)) return type !== T.void;
  const { types } = c;
  switch (types.kindOf(type)) {
    case TypeKind.Pointer:
      return true;
    case TypeKind.Reference:
    case TypeKind.Slice:
    case TypeKind.Array:
    case TypeKind.Optional:
      return isShow(c, types.inner(type));
    case TypeKind.Result:
      return (types.inner(type) === T.void || isShow(c, types.inner(type))) && (types.errorType(type) === T.void || isShow(c, types.errorType(type)));
    case TypeKind.Tuple:
      return every(c, type, isShow);
    default:
      return derives(c, type)?.show ?? false;
  }
}

function every(c: Checker, type: TypeId, has: (c: Checker, type: TypeId) => boolean): boolean {
  for (let i = 0; i < c.types.listLength(type); i++) if (!has(c, c.types.listItem(type, i))) return false;
  return true;
}

function derives(c: Checker, type: TypeId): Derives | undefined {
  const kind = c.types.kindOf(type);
  if (kind !== TypeKind.Struct && kind !== TypeKind.Enum) return undefined;
  const definition = c.definition(c.types.definition(type));
  if (definition.kind !== "struct" && definition.kind !== "enum") return undefined;
  ensureStructure(c, definition);
  return definition.derives;
}

/** The type behind all references. */
export function throughReferences(c: Checker, type: TypeId): TypeId {
  let at = type;
  while (c.types.kindOf(at) === TypeKind.Reference) at = c.types.inner(at);
  return at;
}
