/** What values of a type can do by themselves: be copied, compared, ordered, shown. Structs and enums derive it or have an impl; the rest follows from the parts. */

import { Names } from "../source/interner.ts";
import type { NameId } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { fieldsHeld, type Derives, type TraitDefinition } from "./definitions.ts";
import { findImpl, knownTraitFor } from "./implementations.ts";
import { ensureStructure } from "./signatures.ts";
import { T, TypeKind, isFloatType, isIntegerType, isScalar, isSignedType, type TypeId } from "./types.ts";

/** Scalars, raw pointers, C function pointers and shared borrows are `Copy`; tuples, arrays, optionals and results when their parts are. */
export function isCopy(c: Checker, type: TypeId): boolean {
  return isScalar(type) || has(c, type, Names.Copy);
}

/** `==` and `!=` work, references looked through. */
export function isEq(c: Checker, type: TypeId): boolean {
  return isScalar(type) ? type !== T.void && type !== T.never : has(c, type, Names.Eq);
}

/** `< <= > >=` work. */
export function isOrd(c: Checker, type: TypeId): boolean {
  return isScalar(type) ? type !== T.void && type !== T.never : has(c, type, Names.Ord);
}

/** `print` and f-strings take it. */
export function isShow(c: Checker, type: TypeId): boolean {
  return isScalar(type) ? type !== T.void : has(c, type, Names.Show);
}

/** The type has the library's trait of this name, whether anything named the trait or not. */
export function has(c: Checker, type: TypeId, name: NameId): boolean {
  switch (c.types.kindOf(type)) {
    case TypeKind.Struct:
    case TypeKind.Enum:
      if (hasStructurally(c, type, name)) return true;
      break;
    case TypeKind.TypeParameter:
    case TypeKind.Dyn:
      break;
    default:
      if (hasStructurally(c, type, name)) return true;
  }
  const trait = knownTraitFor(c, type, name);
  return trait !== undefined && findImpl(c, type, trait, []) !== undefined;
}

/** The language itself gives these to built-in types. */
export function isKnownTrait(name: NameId): boolean {
  switch (name) {
    case Names.Copy: case Names.Clone: case Names.Eq: case Names.Ord: case Names.Hash: case Names.Show: case Names.Default:
    case Names.Add: case Names.Sub: case Names.Mul: case Names.Div: case Names.Rem: case Names.Neg: case Names.Send: case Names.Sync:
      return true;
    default:
      return false;
  }
}

/** The library's trait of `+ - * / %`: it has a right side and a result, which may be left out. */
export function isOperatorTrait(trait: TraitDefinition): boolean {
  return trait.known >= Names.Add && trait.known <= Names.Rem;
}

/** `Index[I, T]` and `IndexMut[I, T]`, whose T an impl's head may leave to its method. */
export function isIndexTrait(trait: TraitDefinition): boolean {
  return trait.known === Names.Index || trait.known === Names.IndexMut;
}

/** Given by the language, or derived: the parts are looked at one by one. */
export function hasStructurally(c: Checker, type: TypeId, name: NameId): boolean {
  if (name === Names.Send || name === Names.Sync) return crossesThreads(c, type, name);
  if (isScalar(type)) return scalarHas(type, name);
  if (name >= Names.Add && name <= Names.Neg) return false;
  const { types } = c;
  const kind = types.kindOf(type);
  switch (kind) {
    case TypeKind.Pointer:
      return name !== Names.Default;
    case TypeKind.Function:
      // A closure may own what it captured.
      return types.isExternal(type) && (name === Names.Copy || name === Names.Clone || name === Names.Eq || name === Names.Hash);
    case TypeKind.Reference:
      if (name === Names.Copy || name === Names.Clone) return !types.isMutable(type);
      return name !== Names.Default && partHas(c, types.inner(type), name);
    case TypeKind.Slice:
      if (name === Names.Copy || name === Names.Clone || name === Names.Default) return !types.isMutable(type);
      return partHas(c, types.inner(type), name);
    case TypeKind.Optional:
      return name === Names.Default || partHas(c, types.inner(type), name);
    case TypeKind.Array:
      return partHas(c, types.inner(type), name);
    case TypeKind.Result:
      return name !== Names.Default && partHas(c, types.inner(type), name) && partHas(c, types.errorType(type), name);
    case TypeKind.Tuple:
      return everyItem(c, type, name);
    case TypeKind.Struct:
    case TypeKind.Enum: {
      const definition = c.definition(types.definition(type));
      if (definition.kind !== "struct" && definition.kind !== "enum") return false;
      ensureStructure(c, definition);
      return isDerived(definition.derives, name) && everyItem(c, type, name);
    }
    default:
      return false;
  }
}

function partHas(c: Checker, type: TypeId, name: NameId): boolean {
  if (type === T.void && (name === Names.Eq || name === Names.Ord || name === Names.Show)) return true;
  return has(c, type, name);
}

function everyItem(c: Checker, type: TypeId, name: NameId): boolean {
  for (let i = 0; i < c.types.listLength(type); i++) if (!partHas(c, c.types.listItem(type, i), name)) return false;
  return true;
}

function scalarHas(type: TypeId, name: NameId): boolean {
  switch (name) {
    case Names.Add: case Names.Sub: case Names.Mul: case Names.Div: case Names.Rem:
      return isIntegerType(type) || isFloatType(type);
    case Names.Neg:
      return isSignedType(type) || isFloatType(type);
    case Names.Hash:
      return !isFloatType(type) && type !== T.never;
    case Names.Show:
      return type !== T.void;
    default:
      return type !== T.never;
  }
}

/** Ord derived brings Eq, and Copy brings Clone: the one builds on the other. */
function isDerived(derives: Derives, name: NameId): boolean {
  switch (name) {
    case Names.Copy: return derives.copy;
    case Names.Clone: return derives.clone || derives.copy;
    case Names.Eq: return derives.eq || derives.ord;
    case Names.Ord: return derives.ord;
    case Names.Show: return derives.show;
    case Names.Hash: return derives.hash;
    case Names.Default: return derives.default;
    default: return false;
  }
}

/** Send and Sync follow from the parts; raw pointers, and what the library marks by a field of them, have them by impl only. */
function crossesThreads(c: Checker, type: TypeId, name: NameId): boolean {
  const { types } = c;
  if (isScalar(type)) return true;
  const inside = (part: TypeId): boolean => {
    if (c.sendingTypes.has(part)) return true;
    c.sendingTypes.add(part);
    const found = has(c, part, name);
    c.sendingTypes.delete(part);
    return found;
  };
  switch (types.kindOf(type)) {
    case TypeKind.Reference:
    case TypeKind.Slice:
      return types.isMutable(type) ? inside(types.inner(type)) : has(c, types.inner(type), Names.Sync);
    case TypeKind.Array:
    case TypeKind.Optional:
      return inside(types.inner(type));
    case TypeKind.Result:
      return inside(types.inner(type)) && inside(types.errorType(type));
    case TypeKind.Tuple:
      return types.items(type).every(inside);
    case TypeKind.Function:
      return types.isExternal(type);
    case TypeKind.Struct:
    case TypeKind.Enum: {
      const definition = c.definition(types.definition(type));
      if (definition.kind !== "struct" && definition.kind !== "enum") return false;
      // Counted without atomics, or changed through a shared borrow.
      if (c.unitOfFile[definition.file] === c.prelude && (definition.name === Names.Rc || definition.name === Names.Weak || (definition.name === Names.Cell && name === Names.Sync))) return false;
      ensureStructure(c, definition);
      return fieldsHeld(definition).every((field) => inside(c.program.substitute(field.type, definition.typeParameters, types.items(type))));
    }
    default:
      return false;
  }
}

/** The type behind all references. */
export function throughReferences(c: Checker, type: TypeId): TypeId {
  let at = type;
  while (c.types.kindOf(at) === TypeKind.Reference) at = c.types.inner(at);
  return at;
}
