/** Type parameters in types. */

import { TypeKind, type TypeId, type TypeTable } from "../types.ts";

/** The type is written with the type parameter. */
export function names(types: TypeTable, type: TypeId, parameter: TypeId): boolean {
  if (type === parameter) return true;
  return types.hasParameter(type) && written(types, type).some((part) => names(types, part, parameter));
}

/** A type parameter of one type is in the other, too. */
export function shareParameter(types: TypeTable, one: TypeId, other: TypeId): boolean {
  if (types.kindOf(one) === TypeKind.TypeParameter) return names(types, other, one);
  return types.hasParameter(one) && written(types, one).some((part) => shareParameter(types, part, other));
}

/** The types that a type is written with. */
function written(types: TypeTable, type: TypeId): readonly TypeId[] {
  switch (types.kindOf(type)) {
    case TypeKind.Function:
      return [types.inner(type), ...types.items(type)];
    case TypeKind.Struct:
    case TypeKind.Enum:
    case TypeKind.Dyn:
      return types.items(type);
    case TypeKind.TypeParameter:
      return [];
    default:
      return types.isReferring(type) ? [types.inner(type)] : types.partTypes(type);
  }
}
