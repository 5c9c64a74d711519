/** Arrays that are given away: `to_list` and `into_iter` take the items out of one, where a slice could only clone them. */

import { Names } from "../source/interner.ts";
import { Kind, type NameId, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { check } from "./expressions.ts";
import { padded, type FoundReceiver } from "./methods.ts";
import { isPlace } from "./places.ts";
import { ensureTrait } from "./traitDeclarations.ts";
import { has, isCopy } from "./traits.ts";
import { TypeKind, type TypeId } from "./types.ts";

/** The type of `[a, b]` in `[a, b].to_list()` where a list is wanted, whose items say what these are; 0 if it is not such a call. */
export function itemsOfWantedList(c: Checker, object: Node, name: NameId, expected: TypeId): TypeId {
  const { ast, types } = c;
  const literal = ast.withoutParentheses(object);
  if (name !== Names.to_list || expected === 0 || (ast.kind[literal] !== Kind.Array && ast.kind[literal] !== Kind.ArrayRepeat)) return 0 as TypeId;
  const owner = types.kindOf(expected) === TypeKind.Struct ? c.definitionBehind(expected) : undefined;
  return owner?.name === Names.List && c.unitOfFile[owner.file] === c.prelude ? check(c, object, expected) : (0 as TypeId);
}

/**
 * The method of std's GivenItems that stands in for a slice's of the same name: an array that is no place ends with the call anyway, so that its items
 * need no clones; of a place they are taken where they have no clones.
 */
export function takingItems(c: Checker, object: Node, type: TypeId, found: FoundReceiver, name: NameId): FoundReceiver | undefined {
  const { types } = c;
  if (types.kindOf(type) !== TypeKind.Array || types.kindOf(found.base) !== TypeKind.Slice || c.unitOfFile[found.method.function.file] !== c.prelude) return undefined;
  const item = types.inner(type);
  if (isCopy(c, item) || (isPlace(c, object) && has(c, item, Names.Clone))) return undefined;
  const trait = c.preludeDefinition(Names.GivenItems);
  if (trait?.kind !== "trait") return undefined;
  ensureTrait(c, trait);
  const method = trait.methods.find((one) => one.name === name);
  return method === undefined ? undefined : { method: { function: method, args: padded([type, item], method.typeParameters.length), unmet: undefined, rival: undefined }, base: type };
}
