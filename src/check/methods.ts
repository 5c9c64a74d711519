/** Which method a name means for a type: an inherent one first, then those of traits that the type has; looked for through references, Deref and slices. */

import { Names } from "../source/interner.ts";
import { numbered } from "../source/numbered.ts";
import type { NameId, Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import type { DefinitionId, FunctionDefinition, TraitDefinition } from "./definitions.ts";
import type { Unmet } from "./generics.ts";
import { askHead, derefTarget, findImpl, headOf, matchImpl, solveBounds } from "./implementations.ts";
import { match } from "./matching.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { implOf, isHidden, isLibraryCode, isVisible } from "./visibility.ts";

export interface FoundMethod {
  readonly function: FunctionDefinition;
  /** Parallel to its type parameters; 0: for the call to solve. */
  readonly args: readonly TypeId[];
  /** A bound of its impl that the type does not meet. */
  readonly unmet: Unmet | undefined;
  /** Of traits: another one that has a method of this name for the type. */
  readonly rival: TraitDefinition | undefined;
}

/** All methods of that name that traits declare; reads the prelude's traits, and its impls for built-in types, that have one. */
function traitMethods(c: Checker, name: NameId): readonly FunctionDefinition[] {
  askPrelude(c, name);
  return c.traitMethods.get(name) ?? [];
}

/** Declares the prelude's traits, and its impls for built-in types and for declared ones that were named, that have a method of this name: its index has them under `.name`. */
function askPrelude(c: Checker, name: NameId): void {
  if (c.prelude?.pending === undefined || c.askedMethods.has(name)) return;
  c.askedMethods.add(name);
  c.declarePending(c.prelude, `.${c.nameText(name)}`);
}

/** The method that `name` at `n` means for exactly this type; a hidden one if there is no other. */
export function methodOf(c: Checker, type: TypeId, name: NameId, n: Node | "anyone"): FoundMethod | undefined {
  const { types } = c;
  const kind = types.kindOf(type);
  if (kind !== TypeKind.TypeParameter) {
    askHead(c, type);
    askPrelude(c, name);
  }
  const inherent = c.methods.get(c.methodKey(headOf(c, type), name));
  let refused: FoundMethod | undefined;
  for (const f of inherent ?? []) {
    const implementation = implOf(c, f.implementation);
    if (implementation === undefined) continue;
    const args = f.typeParameters.map((): TypeId => 0 as TypeId);
    const outer = implementation.typeParameters;
    // A []mut is a [] as well.
    const asShared = kind === TypeKind.Slice && types.isMutable(type) && !types.isMutable(implementation.target) ? types.slice(types.inner(type), false) : type;
    if (outer.length === 0 ? implementation.target !== asShared : !match(types, implementation.target, asShared, outer, args)) continue;
    const unmet = outer.length === 0 ? undefined : solveBounds(c, outer, args);
    const found = { function: f, args, unmet, rival: undefined };
    if (unmet === undefined && !isHidden(c, f, n)) return found;
    refused ??= found;
  }
  return ofTraits(c, type, name) ?? refused;
}

/** A program's own traits win over the library's, as its names do. */
function ofTraits(c: Checker, type: TypeId, name: NameId): FoundMethod | undefined {
  let found: FoundMethod | undefined;
  let isLibrarys = false;
  for (const method of traitMethods(c, name)) {
    const trait = c.definition(method.trait as DefinitionId);
    // That one stands in for a slice's methods: see givenArrays.ts.
    if (trait.kind !== "trait" || trait.known === Names.GivenItems) continue;
    const implementation = findImpl(c, type, trait, []);
    if (implementation === undefined) continue;
    const ofLibrary = c.unitOfFile[trait.file]?.library === true;
    if (found !== undefined && ofLibrary === isLibrarys) return { ...found, rival: trait };
    if (found !== undefined && ofLibrary) continue;
    isLibrarys = ofLibrary;
    const own = implementation.implementation?.methods.find((one) => one.name === name);
    const written = implementation.implementation;
    if (own !== undefined && written !== undefined) {
      found = { function: own, args: padded(implementation.args, own.typeParameters.length), unmet: undefined, rival: undefined };
    } else {
      found = { function: method, args: padded([type, ...implementation.traitArgs], method.typeParameters.length), unmet: undefined, rival: undefined };
    }
  }
  return found;
}

/** The first of two traits that both have the method, for a message. */
export function traitOf(c: Checker, f: FunctionDefinition): TraitDefinition | undefined {
  const id = f.trait !== 0 ? f.trait : implOf(c, f.implementation)?.trait?.trait;
  const trait = id === undefined ? undefined : c.definition(id);
  return trait?.kind === "trait" ? trait : undefined;
}

/** A destructor is run where its value ends, once: a program that called it would have what it owns dropped twice. Reports such a call. */
export function isDropNamed(c: Checker, f: FunctionDefinition, n: Node, name: NameId): boolean {
  if (name !== Names.drop || c.unit.library || isLibraryCode(c, c.ast.start[n] as number)) return false;
  const trait = traitOf(c, f);
  if (trait === undefined || trait !== c.knownTraits.get(Names.Drop)) return false;
  c.errorAt("E0421", c.tail(n, name), "drop is run by itself, where the value ends", { labels: c.declaredAt(f), advice: ["move the value into a function or a block that ends, or assign another one: the old one is dropped"] });
  return true;
}

/** `args`, with unknown ones (0) up to `length`. */
export function padded(args: readonly TypeId[], length: number): TypeId[] {
  return numbered(length, (i) => args[i] ?? (0 as TypeId));
}

/** A static function or method of a generic type that is named without arguments: `List.new`. What the arguments are, the call tells. */
export function methodOfOpenType(c: Checker, type: TypeId, name: NameId, n: Node): FoundMethod | undefined {
  const head = headOf(c, type);
  askHead(c, type);
  askPrelude(c, name);
  const inherent = c.methods.get(c.methodKey(head, name))?.[0];
  const written = inherent === undefined ? undefined : { function: inherent, args: padded([], inherent.typeParameters.length), unmet: undefined, rival: undefined };
  if (written !== undefined && !isHidden(c, written.function, n)) return written;
  for (const method of traitMethods(c, name)) {
    const trait = c.definition(method.trait as DefinitionId);
    if (trait.kind !== "trait") continue;
    for (const implementation of trait.implementations.get(head) ?? []) {
      const own = implementation.methods.find((one) => one.name === name);
      if (own !== undefined) return { function: own, args: padded([], own.typeParameters.length), unmet: undefined, rival: undefined };
    }
    // Derived, a default, or by a blanket impl: Self is for the call to solve.
    if (findImpl(c, type, trait, []) !== undefined || (trait.implementations.get(head) ?? []).some((one) => matchImpl(c, one, type, []) !== undefined)) {
      return { function: method, args: padded([], method.typeParameters.length), unmet: undefined, rival: undefined };
    }
  }
  return written;
}

export interface FoundReceiver {
  readonly method: FoundMethod;
  /** The type that has the method: the object's behind references, or what it derefs to. */
  readonly base: TypeId;
}

/** So often at most a type is looked through that derefs to another. */
export const deepestDeref = 16;

/** The method for an object of this type: behind references first, then what that derefs to, an array's slice, at last the references themselves. */
export function findMethod(c: Checker, type: TypeId, name: NameId, n: Node | "anyone"): FoundReceiver | undefined {
  const { types } = c;
  let hidden: FoundReceiver | undefined;
  let base = stripped(c, type);
  for (let depth = 0; depth < deepestDeref; depth++) {
    const method = methodOf(c, base, name, n);
    if (method !== undefined && !isHidden(c, method.function, n)) return { method, base };
    if (method !== undefined) hidden ??= { method, base };
    const kind = types.kindOf(base);
    if (kind === TypeKind.Pointer) {
      base = stripped(c, types.inner(base));
      continue;
    }
    if (kind === TypeKind.Array) {
      base = types.slice(types.inner(base), true);
      continue;
    }
    const target = derefTarget(c, base);
    if (target === 0) break;
    // A list may be changed as a slice if it may be changed.
    base = types.kindOf(target) === TypeKind.Slice ? types.slice(types.inner(target), true) : stripped(c, target);
  }
  for (let at = type; types.kindOf(at) === TypeKind.Reference; at = types.inner(at)) {
    const method = methodOf(c, at, name, n);
    if (method !== undefined && !isHidden(c, method.function, n)) return { method, base: at };
  }
  return hidden;
}

function stripped(c: Checker, type: TypeId): TypeId {
  let at = type;
  while (c.types.kindOf(at) === TypeKind.Reference) at = c.types.inner(at);
  return at;
}

/** Names of all methods that the type has, for what was perhaps meant. */
export function methodNames(c: Checker, type: TypeId): string[] {
  const found: string[] = [];
  if (type === T.error) return found;
  const head = headOf(c, type);
  // All that waits: which of it is the type's is known when it is read.
  if (c.prelude?.pending !== undefined) c.declarePending(c.prelude, undefined);
  for (const list of c.methods.values()) for (const method of list) if (headOf(c, method.owner) === head && isVisible(c, method, 0 as Node)) found.push(c.nameText(method.name));
  for (const trait of c.traits) if (findImpl(c, type, trait, []) !== undefined) for (const method of trait.methods) found.push(c.nameText(method.name));
  return found;
}
