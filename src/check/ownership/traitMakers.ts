/**
 * Where values come from that methods of traits give: who knows a type by its bounds only knows what these may make of what. What the library's own bodies do follows from the
 * methods that it has none of.
 */

import type { Checker } from "../context.ts";
import type { DefinitionId, FunctionDefinition, TraitDefinition } from "../definitions.ts";
import { ensureFunction } from "../signatures.ts";
import { ensureTrait } from "../traitDeclarations.ts";
import { T, TypeKind, isScalar, type TypeId } from "../types.ts";
import { inertTraits } from "./closureFacts.ts";
import { names } from "./naming.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** Of nothing but other values of Self; of values of the trait's arguments; of whatever its methods are given. */
export type Makes = "nothing" | "arguments" | "anything";

/** What values of Self may be made of, or get. */
export function makesOfOthers(c: Checker, facts: TypeFacts, trait: DefinitionId, seen: Set<DefinitionId> = new Set()): Makes {
  const definition = traitOf(c, trait);
  if (definition === undefined || seen.has(trait)) return "nothing";
  seen.add(trait);
  // What a trait that it builds on calls its arguments is not told apart.
  if (definition.supertraits.some((one) => makesOfOthers(c, facts, one.trait, seen) !== "nothing")) return "anything";
  if (!methodsOf(c, facts, definition).some((method) => makes(c, facts, definition, method))) return "nothing";
  return facts.isLibrary(definition) ? "arguments" : "anything";
}

function makes(c: Checker, facts: TypeFacts, trait: TraitDefinition, method: FunctionDefinition): boolean {
  if (othersOf(method).every(isPlain)) return false;
  // Whoever implements it may put there what it likes.
  if (!facts.isLibrary(trait) || method.receiver === "mutableReference") return true;
  return !inertTraits.has(c.nameText(trait.name)) && !method.hasDefault && names(c.types, method.result, argumentOf(c, trait, 0));
}

/** What methods of the trait give may come from what they are given beside the value that they are called on. */
export function givesOfOthers(c: Checker, facts: TypeFacts, trait: DefinitionId): boolean {
  const definition = traitOf(c, trait);
  if (definition === undefined) return true;
  if (!facts.isLibrary(definition)) return makesOfOthers(c, facts, trait) !== "nothing";
  return methodsOf(c, facts, definition).some((method) => definition.typeParameters.some((_, i) => i > 0 && names(c.types, method.result, argumentOf(c, definition, i))) && !othersOf(method).every(isPlain))
    || definition.supertraits.some((one) => givesOfOthers(c, facts, one.trait));
}

/** Values of the trait's argument `i` may come out of a value that has the trait. */
export function givesArgument(c: Checker, facts: TypeFacts, trait: DefinitionId, i: number): boolean {
  const definition = traitOf(c, trait);
  if (definition === undefined || !facts.isLibrary(definition) || definition.supertraits.length > 0) return true;
  const argument = argumentOf(c, definition, i + 1);
  return methodsOf(c, facts, definition).some(({ parameters, result }) => [result, ...parameters.filter((type) => facts.isFunction(type) || facts.isMutableBorrow(type))].some((type) => names(c.types, type, argument)));
}

/** Methods of the trait, or of one that it builds on, make another value of Self of one, or change it. */
export function remakes(c: Checker, facts: TypeFacts, trait: DefinitionId, seen: Set<DefinitionId> = new Set()): boolean {
  const definition = traitOf(c, trait);
  if (definition === undefined || seen.has(trait)) return false;
  seen.add(trait);
  const self = argumentOf(c, definition, 0);
  const changes = (type: TypeId): boolean => c.types.kindOf(type) === TypeKind.Reference && c.types.isMutable(type) && names(c.types, type, self);
  return methodsOf(c, facts, definition).some(({ result, parameters }) => parameters.some(changes) || names(c.types, result, self)) || definition.supertraits.some((one) => remakes(c, facts, one.trait, seen));
}

/** The methods that tell: of the user's traits all; of the library's those that change what they are called on, and those without bodies, or all where none is without. */
function methodsOf(c: Checker, facts: TypeFacts, trait: TraitDefinition): readonly FunctionDefinition[] {
  const { methods } = trait;
  const isAll = !facts.isLibrary(trait) || methods.every(({ hasDefault }) => hasDefault);
  const found = isAll ? methods : methods.filter(({ hasDefault, receiver }) => !hasDefault || receiver === "mutableReference");
  // The library's have their types only when these are asked for.
  for (const method of found) ensureFunction(c, method);
  return found;
}

/** The trait, with what it builds on. */
function traitOf(c: Checker, trait: DefinitionId): TraitDefinition | undefined {
  const definition = c.definition(trait);
  if (definition.kind !== "trait") return undefined;
  ensureTrait(c, definition);
  return definition;
}

function othersOf({ parameters, receiver }: FunctionDefinition): readonly TypeId[] { return parameters.slice(receiver === "none" ? 0 : 1); }

function isPlain(type: TypeId): boolean { return isScalar(type) && type !== T.str; }

/** A type parameter of the trait; the first is Self. */
function argumentOf(c: Checker, trait: TraitDefinition, i: number): TypeId {
  const definition = c.definition(trait.typeParameters[i] ?? 0);
  return definition?.kind === "typeParameter" ? definition.type : T.error;
}
