/**
 * What the type of a parameter tells the kernel of the memory behind it. `&mut T` and `[]mut T` are the only way to what they borrow while the function
 * runs; what `&T`, `[]T` and `str` borrow does not change meanwhile, unless there is a Cell or its like in it. What lies behind further pointers is not
 * meant. A function that is given a raw pointer, which may lead anywhere, is told nothing.
 */

import type { DefinitionId } from "../check/definitions.ts";
import { fieldTypeIn } from "../check/substitute.ts";
import { T, TypeKind, isScalar, type TypeId } from "../check/types.ts";
import { ValueFlag, type Value } from "../ir/function.ts";
import type { Generator } from "./generator.ts";

/** Whether a function with these parameters may be told of what it borrows. */
export function tellsBorrows(g: Generator, parameters: readonly TypeId[]): boolean {
  for (const type of parameters) if (g.types.kindOf(g.program.seen(type)) === TypeKind.Pointer) return false;
  return true;
}

/** A reference, a slice or a text: what leads to memory that somebody else owns. */
export function isBorrow({ types }: Generator, type: TypeId): boolean {
  const kind = types.kindOf(type);
  return kind === TypeKind.Reference || kind === TypeKind.Slice || type === T.str;
}

/** Marks the pointer of a borrowed parameter. */
export function noteBorrow(g: Generator, pointer: Value, type: TypeId): void {
  const { types, b } = g;
  if (type === T.str) return mark(g, pointer, ValueFlag.noalias | ValueFlag.readonly);
  const inner = types.inner(type);
  if (g.layouts.isUnsized(inner)) return;
  if (types.kindOf(type) === TypeKind.Reference) b.f.setReadable(pointer, g.layouts.size(inner));
  if (types.isMutable(type)) mark(g, pointer, ValueFlag.noalias);
  else if (isStill(g, inner)) mark(g, pointer, ValueFlag.noalias | ValueFlag.readonly);
}

function mark(g: Generator, pointer: Value, flags: number): void {
  const { f } = g.b;
  f.flags[pointer] = (f.flags[pointer] as number) | flags;
}

/** A value of the type does not change while it is borrowed by `&`: no part of it is a Cell or its like. */
function isStill(g: Generator, type: TypeId): boolean {
  if (isScalar(type)) return true;
  const known = g.stillTypes.get(type);
  if (known !== undefined) return known;
  const still = computeStill(g, type);
  g.stillTypes.set(type, still);
  return still;
}

function computeStill(g: Generator, type: TypeId): boolean {
  const { types, program } = g;
  switch (types.kindOf(type)) {
    case TypeKind.Pointer:
    case TypeKind.Reference:
    case TypeKind.Slice:
    case TypeKind.Function:
      return true;
    case TypeKind.Array:
    case TypeKind.Optional:
      return isStill(g, types.inner(type));
    case TypeKind.Result:
      return isStill(g, types.inner(type)) && isStill(g, types.errorType(type));
    case TypeKind.Tuple:
      return types.items(type).every((item) => isStill(g, item));
    case TypeKind.Struct:
    case TypeKind.Enum: {
      const definition = program.definition(types.definition(type) as DefinitionId);
      const part = (field: { readonly type: TypeId }): boolean => isStill(g, fieldTypeIn(types, program.definitions, type, field.type));
      if (definition.kind === "enum") return definition.variants.every((variant) => variant.fields.every(part));
      return definition.kind === "struct" && !changesBehindShared.has(g.names.name(definition.name)) && definition.fields.every(part);
    }
    default:
      return false;
  }
}

/** Structs of std that write through `&self` to what they hold themselves; a struct of a user that is called so loses nothing but speed. */
const changesBehindShared: ReadonlySet<string> = new Set(["Cell", "Mutex", "Atomic", "RcBlock", "ArcBlock"]);
