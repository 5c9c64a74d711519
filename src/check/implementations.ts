/** Which types have which traits: by impl, by derive, by the language itself, by a bound. */

import { Names } from "../source/interner.ts";
import { numbered } from "../source/numbered.ts";
import type { NameId } from "../syntax/ast.ts";
import type { ImplMatch } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import type { DefinitionId, ImplDefinition, TraitDefinition, TraitReference } from "./definitions.ts";
import { parameterOf, type Unmet } from "./generics.ts";
import { fits, match, substitute } from "./matching.ts";
import { ensureTrait } from "./traitDeclarations.ts";
import { isLibraryOwned } from "./visibility.ts";
import { hasStructurally, isKnownTrait } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { tie } from "./unknowns.ts";

/** What a type is at its outside: types of different heads never have an impl in common. 0: a bare type parameter. */
export function headOf(c: Checker, type: TypeId): number {
  const { types } = c;
  const kind = types.kindOf(type);
  switch (kind) {
    case TypeKind.TypeParameter:
    case TypeKind.Variable:
      return 0;
    case TypeKind.Scalar:
      return type * 16 + kind;
    case TypeKind.Struct:
    case TypeKind.Enum:
    case TypeKind.Dyn:
      return types.definition(type) * 16 + kind;
    default:
      return kind;
  }
}

/** Has the prelude's impls for a built-in type read, as far as what is of interest of it was asked for: its index has them under the type's head. */
export function askHead(c: Checker, type: TypeId): void {
  if (c.prelude?.pending === undefined) return;
  const head = headOf(c, type);
  if (c.askedHeads.has(head)) return;
  c.askedHeads.add(head);
  const name = headName(c, type);
  if (name !== "") c.declarePending(c.prelude, name);
}

function headName(c: Checker, type: TypeId): string {
  switch (c.types.kindOf(type)) {
    case TypeKind.Scalar: return c.typeName(type);
    case TypeKind.Slice: return "[]";
    case TypeKind.Optional: return "?";
    case TypeKind.Reference: return "&";
    case TypeKind.Result: return "Result";
    default: return "";
  }
}

/** An impl's search may lead to others, one for each adapter of a chain; this deep, as deep as source text nests, it leads nowhere. */
const deepest = 256;

/** The impl of `trait` for `type`; `wanted` are the trait's arguments as far as they are known (0 or a variable: not yet). Undefined: there is none. */
export function findImpl(c: Checker, type: TypeId, trait: TraitDefinition, wanted: readonly TypeId[]): ImplMatch | undefined {
  const simple = trait.typeParameters.length === 1 && !c.types.hasVariable(type);
  const key = simple ? trait.id * 0x1000000 + type : 0;
  if (simple) {
    const known = c.implMatches.get(key);
    if (known !== undefined) return known === none ? undefined : known;
  }
  if (hasNone(c, type, trait)) return undefined;
  if (c.implDepth > deepest) return undefined;
  c.implDepth++;
  const found = search(c, type, trait, wanted);
  c.implDepth--;
  // What is cut off by the depth must not be remembered.
  if (simple && (c.implDepth === 0 || found !== undefined)) c.implMatches.set(key, found ?? none);
  return found;
}

/** Nobody wrote an impl of the trait for a type like this one, and nothing else gives it. Said without an entry: of thousands of traits that share a method's name, a type has few. */
function hasNone(c: Checker, type: TypeId, trait: TraitDefinition): boolean {
  if (trait.known !== 0 || type === T.error || type === T.never) return false;
  const kind = c.types.kindOf(type);
  if (kind === TypeKind.TypeParameter || kind === TypeKind.Dyn || kind === TypeKind.Variable) return false;
  askHead(c, type);
  return !trait.implementations.has(headOf(c, type)) && !trait.implementations.has(0);
}

const none: ImplMatch = { implementation: undefined, args: [], traitArgs: [] };

function search(c: Checker, type: TypeId, trait: TraitDefinition, wanted: readonly TypeId[]): ImplMatch | undefined {
  const { types } = c;
  const count = trait.typeParameters.length - 1;
  const kind = types.kindOf(type);
  if (type === T.error || type === T.never || kind === TypeKind.Variable) {
    return undecided(count, wanted);
  }
  ensureTrait(c, trait);
  askHead(c, type);
  if (kind === TypeKind.TypeParameter) {
    const found = amongReferences(c, parameterOf(c, types.definition(type)).bounds, type, trait, wanted);
    if (found !== undefined) return found;
  } else if (kind === TypeKind.Dyn) {
    const found = amongReferences(c, [{ trait: types.definition(type), args: types.items(type) }], type, trait, wanted);
    if (found !== undefined) return found;
  }
  // What stands for all arrays, whatever their length, has no impls.
  if (trait.known === Names.GivenItems && kind === TypeKind.Array) return { implementation: undefined, args: [], traitArgs: [types.inner(type)] };
  let first: ImplMatch | undefined;
  if (trait.known !== 0 && isKnownTrait(trait.known) && hasStructurally(c, type, trait.known)) {
    // The operators of numbers are of that number alone; impls may add others.
    const found = { implementation: undefined, args: [], traitArgs: trait.typeParameters.slice(1).map(() => type) };
    if (count === 0 || wanted[0] === type && fits(types, type, wanted[1] || type)) return found;
    if (found.traitArgs.every((arg, i) => fits(types, arg, wanted[i] || arg))) first = found;
  }
  for (const head of [headOf(c, type), 0]) {
    for (const implementation of trait.implementations.get(head) ?? []) {
      const found = matchImpl(c, implementation, type, wanted);
      if (found === undefined) continue;
      // More than one fits while the arguments are not all known: which one is meant comes out later.
      if (first !== undefined) return undecided(count, wanted);
      first = found;
      if (count === 0) return first;
    }
    if (head === 0) break;
  }
  return first;
}

/** The trait is there, with arguments that are known only as far as they are wanted. */
function undecided(count: number, wanted: readonly TypeId[]): ImplMatch {
  return { implementation: undefined, args: [], traitArgs: numbered(count, (i) => wanted[i] ?? (0 as TypeId)) };
}

/** An impl as it is for `type`, if it is one for it. */
export function matchImpl(c: Checker, implementation: ImplDefinition, type: TypeId, wanted: readonly TypeId[]): ImplMatch | undefined {
  const { types } = c;
  const { typeParameters, trait } = implementation;
  const found: TypeId[] = new Array<TypeId>(typeParameters.length).fill(0 as TypeId);
  if (!match(types, implementation.target, type, typeParameters, found)) return undefined;
  const args = trait?.args ?? [];
  for (let i = 0; i < args.length; i++) {
    const known = wanted[i] ?? 0;
    if (known !== 0 && !match(types, args[i] as TypeId, known, typeParameters, found)) return undefined;
  }
  if (typeParameters.length > 0 && solveBounds(c, typeParameters, found) !== undefined) return undefined;
  return { implementation, args: found, traitArgs: args.map((arg) => substitute(types, arg, typeParameters, found)) };
}

/** A trait among bounds and what they build on. */
function amongReferences(c: Checker, references: readonly TraitReference[], self: TypeId, trait: TraitDefinition, wanted: readonly TypeId[]): ImplMatch | undefined {
  let first: TraitReference | undefined;
  for (const reference of withSupertraits(c, references, self)) {
    if (reference.trait !== trait.id) continue;
    if (!reference.args.every((arg, i) => (wanted[i] ?? 0) === 0 || fits(c.types, arg, wanted[i] as TypeId))) continue;
    if (first !== undefined && reference.args.some((arg, i) => arg !== first?.args[i])) return undecided(reference.args.length, wanted);
    first = reference;
  }
  return first === undefined ? undefined : { implementation: undefined, args: [], traitArgs: first.args };
}

/** The references and all that their traits build on, each once. */
export function withSupertraits(c: Checker, references: readonly TraitReference[], self: TypeId): TraitReference[] {
  const found: TraitReference[] = [...references];
  for (let i = 0; i < found.length; i++) {
    const { trait, args } = found[i] as TraitReference;
    const definition = c.definition(trait);
    if (definition.kind !== "trait") continue;
    ensureTrait(c, definition);
    for (const base of definition.supertraits) {
      const baseArgs = base.args.map((arg) => substitute(c.types, arg, definition.typeParameters, [self, ...args]));
      if (!found.some((one) => one.trait === base.trait && one.args.every((arg, j) => arg === baseArgs[j]))) found.push({ trait: base.trait, args: baseArgs });
    }
  }
  return found;
}

/**
 * Checks the bounds of type parameters against what they stand for (0: not known yet), and solves what bounds tell about others: the T of
 * `I: Iterator[T]`. Gives the first bound that is not met.
 */
export function solveBounds(c: Checker, parameters: readonly DefinitionId[], found: TypeId[]): Unmet | undefined {
  const { types } = c;
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (let i = 0; i < parameters.length; i++) {
      const type = found[i] ?? (0 as TypeId);
      if (type === 0) continue;
      const parameter = parameterOf(c, parameters[i] as DefinitionId);
      for (const bound of parameter.bounds) {
        const trait = c.definition(bound.trait);
        if (trait.kind !== "trait") continue;
        const wanted = bound.args.map((arg) => substitute(types, arg, parameters, found));
        const implementation = findImpl(c, type, trait, wanted);
        if (implementation === undefined) return { parameter, bound: { trait: bound.trait, args: wanted }, type };
        for (let j = 0; j < bound.args.length; j++) {
          const solved = implementation.traitArgs[j] ?? (0 as TypeId);
          if (c.learning && solved !== 0) tie(c, wanted[j] as TypeId, solved);
          if (solved === 0 || !types.hasVariable(wanted[j] as TypeId) || types.hasHole(solved)) continue;
          const before = found.filter((one) => one === 0).length;
          match(types, bound.args[j] as TypeId, solved, parameters, found);
          isChanged ||= found.filter((one) => one === 0).length < before;
        }
      }
    }
  }
  return undefined;
}

/** The library's trait of a known name, if it is declared or can be. */
export function preludeTrait(c: Checker, name: NameId): TraitDefinition | undefined {
  const known = c.knownTraits.get(name);
  if (known !== undefined) return known;
  const definition = c.preludeDefinition(name);
  return definition?.kind === "trait" ? definition : undefined;
}

/** What `Deref` gives: T of Box[T], str of String, []T of List[T]; 0 if the type has no Deref, references aside. */
export function derefTarget(c: Checker, type: TypeId): TypeId {
  const kind = c.types.kindOf(type);
  if (kind !== TypeKind.Struct && kind !== TypeKind.Enum && kind !== TypeKind.TypeParameter) return 0 as TypeId;
  const known = c.derefTargets.get(type);
  if (known !== undefined) return known;
  const trait = c.knownTraits.get(Names.Deref);
  const found = trait === undefined ? undefined : findImpl(c, type, trait, []);
  const target = found?.traitArgs[0] ?? (0 as TypeId);
  c.derefTargets.set(type, target);
  return target;
}

/** The type may be changed through: a `&mut` of it gives a `&mut` of what it derefs to. */
export function derefsMutably(c: Checker, type: TypeId): boolean {
  const target = derefTarget(c, type);
  if (c.types.kindOf(target) === TypeKind.Slice) return true;
  const trait = c.knownTraits.get(Names.DerefMut);
  return trait !== undefined && findImpl(c, type, trait, []) !== undefined;
}

/** The library's trait of a known name where the type may have it: if nothing ever named the trait, only types of the library may. */
export function knownTraitFor(c: Checker, type: TypeId, name: NameId): TraitDefinition | undefined {
  const known = c.knownTraits.get(name);
  if (known !== undefined || name === Names.Copy) return known;
  const owner = c.definitionBehind(type);
  return owner !== undefined && isLibraryOwned(c, owner) ? preludeTrait(c, name) : undefined;
}

/** By name, whether the type has the library's trait. */
export function hasKnown(c: Checker, type: TypeId, name: NameId): boolean {
  const trait = knownTraitFor(c, type, name);
  return trait !== undefined && findImpl(c, type, trait, []) !== undefined;
}

/** A hand-written impl of the library's trait, which the language must call instead of looking at the parts. */
export function writtenImpl(c: Checker, type: TypeId, name: NameId): boolean {
  const kind = c.types.kindOf(type);
  if (kind === TypeKind.TypeParameter || kind === TypeKind.Dyn) return true;
  if (kind !== TypeKind.Struct && kind !== TypeKind.Enum) return false;
  const trait = knownTraitFor(c, type, name);
  return trait !== undefined && findImpl(c, type, trait, [])?.implementation !== undefined;
}
