/** Traits and impls become definitions: what they declare is entered where methods and impls are looked for. */

import { Flag, Kind, type NameId, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import type { FileId } from "../source/sourceMap.ts";
import { Progress, type Checker } from "./context.ts";
import { declareFunction } from "./declare.ts";
import type { DefinitionId, FunctionDefinition, ImplDefinition, TraitDefinition, TraitReference, TypeParameterDefinition } from "./definitions.ts";
import { declareTypeParameters, ownTypes, resolveBounds, resolveTrait, resolveTraits } from "./generics.ts";
import { headOf } from "./implementations.ts";
import { mayOverlap } from "./overlap.ts";
import { findDeclared } from "./names.ts";
import { unitOf } from "./signatures.ts";
import { isolated } from "./surroundings.ts";
import { resolveType } from "./typeNodes.ts";
import { isIndexTrait, isKnownTrait, isOperatorTrait, throughReferences } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

/** Declares a trait and its methods by name; what they take and give comes when it is asked for. */
export function declareTrait(c: Checker, node: Node, file: FileId, library: boolean): TraitDefinition {
  const { ast } = c;
  const name = ast.name(node);
  // Self is a type parameter whose bound is the trait itself.
  const self = c.define<TypeParameterDefinition>((id) => ({ kind: "typeParameter", id, name: Names.Self, node, file, public: false, type: c.types.typeParameter(id), bounds: [] }));
  const own = declareTypeParameters(c, ast.typeParameters(node), file);
  const isLanguages = library && (isKnownTrait(name) || name === Names.Drop || name === Names.GivenItems || name === Names.Iterator || name === Names.From || name === Names.Index
    || name === Names.IndexMut || name === Names.Deref || name === Names.DerefMut || name === Names.FromIterator);
  const trait = c.define<TraitDefinition>((id) => ({
    kind: "trait", id, name, node, file, public: ast.has(node, Flag.public), typeParameters: [self.id, ...own], supertraits: [], methods: [],
    known: isLanguages ? name : 0, implementations: new Map(),
  }));
  self.bounds = [{ trait: trait.id, args: ownTypes(c, own) }];
  const methods: FunctionDefinition[] = [];
  const list = ast.members(node);
  for (let i = 0; i < ast.length(list); i++) {
    const member = ast.item(list, i);
    if (ast.kind[member] !== Kind.Function) continue;
    const f = declareFunction(c, member, file, self.type, { typeParameters: trait.typeParameters, implementation: 0, trait: trait.id });
    const twin = methods.find((one) => one.name === f.name);
    if (twin !== undefined) {
      c.errorAt("E0222", c.nameSpan(member, f.name), `${c.nameText(name)} has the method ${c.nameText(f.name)} twice`, { labels: c.declaredAt(twin, "first declared here") });
      continue;
    }
    methods.push(f);
    const same = c.traitMethods.get(f.name);
    if (same === undefined) c.traitMethods.set(f.name, [f]);
    else same.push(f);
  }
  trait.methods = methods;
  c.traits.push(trait);
  if (isLanguages) c.knownTraits.set(name, trait);
  // What was not so before may be so now.
  c.implMatches.clear();
  c.derefTargets.clear();
  return trait;
}

/** Reads what a trait builds on, and the bounds of its parameters. */
export function ensureTrait(c: Checker, trait: TraitDefinition): void {
  if (c.signatures[trait.id] !== Progress.none) return;
  c.signatures[trait.id] = Progress.running;
  const self = ownTypes(c, trait.typeParameters)[0] ?? T.error;
  isolated(c, unitOf(c, trait), self, () => {
    c.typeParameters = trait.typeParameters;
    resolveBounds(c, trait.typeParameters.slice(1));
    trait.supertraits = resolveTraits(c, c.ast.derives(trait.node), self);
  });
  c.signatures[trait.id] = Progress.done;
}

/** Refuses traits that build, perhaps through others, on themselves. */
export function checkBases(c: Checker, traits: readonly TraitDefinition[]): void {
  const visited = new Set<DefinitionId>();
  /** From the trait that is looked at to one that is built on; each with those of its bases that are still to be visited. */
  const path: { readonly trait: TraitDefinition; readonly bases: DefinitionId[] }[] = [];
  const enter = (id: DefinitionId): void => {
    const trait = c.definition(id);
    if (trait.kind !== "trait" || visited.has(id)) return;
    visited.add(id);
    ensureTrait(c, trait);
    path.push({ trait, bases: trait.supertraits.map((base) => base.trait) });
  };
  for (const { id } of traits) {
    enter(id);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const base = last.bases.shift();
      if (base === undefined) path.pop();
      else if (!visited.has(base)) enter(base);
      else if (path.some(({ trait }) => trait.id === base)) refuseCircle(c, path.slice(path.findIndex(({ trait }) => trait.id === base)).map(({ trait }) => trait));
    }
  }
}

/** The first of the traits builds on nothing then, so that the others are fine. */
function refuseCircle(c: Checker, circle: readonly TraitDefinition[]): void {
  const [trait, ...others] = circle;
  if (trait === undefined) return;
  const through = others.length === 0 ? "" : others.length > 5 ? `, through ${others.length} others` : `, through ${others.map(({ name }) => c.nameText(name)).join(", ")}`;
  c.errorAt("E0368", c.nameSpan(trait.node, trait.name), `the trait ${c.nameText(trait.name)} builds on itself${through}`);
  trait.supertraits = [];
  // Their bodies may use what it no longer builds on.
  for (const { methods } of circle) for (const method of methods) c.refused[method.id] = true;
}

/** An impl: its head is read now, its methods are entered. Gives the methods that are to be checked. */
export function declareImpl(c: Checker, node: Node, file: FileId, library: boolean): FunctionDefinition[] {
  const { ast } = c;
  const typeParameters = declareTypeParameters(c, ast.typeParameters(node), file);
  const traitNode = ast.implTrait(node);
  const outer = c.typeParameters;
  const outerSelf = c.selfType;
  c.typeParameters = typeParameters;
  c.selfType = 0 as TypeId;
  const target = isReversed(c, node) ? T.error : resolveType(c, ast.implType(node));
  // `Self` in the trait's arguments is the target.
  c.selfType = target === T.error ? (0 as TypeId) : target;
  const reference = traitNode === 0 ? undefined : resolveTrait(c, traitNode, c.selfType, true);
  const trait = withResult(c, node, reference, target);
  resolveBounds(c, typeParameters);
  c.typeParameters = outer;
  c.selfType = outerSelf;
  if (target === T.error || (traitNode !== 0 && trait === undefined)) return loseMethods(c, node, target);
  const owner = trait?.args.includes(T.error) === true ? c.definitionBehind(target) : undefined;
  if (owner !== undefined) c.brokenTypes.add(owner.id);
  if (c.syntaxErrors.length > 0) loseMembers(c, node, target);
  const implementation = c.define<ImplDefinition>((id) => ({
    kind: "impl", id, name: trait === undefined ? (0 as NameId) : c.definition(trait.trait).name, node, file, public: true, typeParameters, trait, target, methods: [], derived: false,
  }));
  if (!library && !isBeside(c, implementation)) return loseMethods(c, node, target);
  const methods: FunctionDefinition[] = [];
  const list = ast.members(node);
  for (let i = 0; i < ast.length(list); i++) {
    const member = ast.item(list, i);
    if (ast.kind[member] !== Kind.Function) continue;
    const f = declareFunction(c, member, file, target, { typeParameters, implementation: implementation.id, trait: 0 });
    if (trait === undefined ? enterMethod(c, implementation, f, member) : isNew(c, methods, f, member, target)) methods.push(f);
  }
  implementation.methods = methods;
  c.implementations.push(implementation);
  if (trait !== undefined) {
    const definition = c.definition(trait.trait);
    if (definition.kind === "trait") {
      const head = headOf(c, target);
      const same = definition.implementations.get(head);
      if (same === undefined) definition.implementations.set(head, [implementation]);
      else same.push(implementation);
    }
    c.implMatches.clear();
    c.derefTargets.clear();
  }
  return methods;
}

/** Where something among the methods could not be parsed, a method may have been lost with it. */
function loseMembers(c: Checker, node: Node, target: TypeId): void {
  const list = c.ast.members(node);
  const owner = c.definitionBehind(target);
  for (let i = 0; owner !== undefined && i < c.ast.length(list); i++) if (c.ast.kind[c.ast.item(list, i)] === Kind.Error) c.brokenTypes.add(owner.id);
}

/** `impl Type for Trait`: that the trait is no type would be said besides. */
function isReversed(c: Checker, node: Node): boolean {
  const { ast } = c;
  const [trait, type] = [ast.implTrait(node), ast.implType(node)];
  if (trait === 0 || ast.kind[trait] !== Kind.Name || ast.kind[type] !== Kind.Name) return false;
  const first = findDeclared(c, ast.name(trait), trait)?.kind;
  return first !== undefined && first !== "trait" && findDeclared(c, ast.name(type), type)?.kind === "trait";
}

/** The methods of an impl that was refused: that they are missing is a consequence. */
function loseMethods(c: Checker, node: Node, target: TypeId): FunctionDefinition[] {
  const list = c.ast.members(node);
  const owner = c.definitionBehind(target);
  if (owner !== undefined && c.ast.implTrait(node) !== 0) c.brokenTypes.add(owner.id);
  for (let i = 0; i < c.ast.length(list); i++) if (c.ast.kind[c.ast.item(list, i)] === Kind.Function) c.ast.lost.add(c.ast.name(c.ast.item(list, i)));
  return [];
}

/** In the head of an impl, the result of an operator or an index that is left out is what the method there says. */
function withResult(c: Checker, node: Node, reference: TraitReference | undefined, target: TypeId): TraitReference | undefined {
  const { ast } = c;
  const trait = reference === undefined ? undefined : c.definition(reference.trait);
  if (reference === undefined || trait?.kind !== "trait" || !(isOperatorTrait(trait) || isIndexTrait(trait))) return reference;
  const head = ast.implTrait(node);
  if (ast.kind[head] === Kind.Index && ast.length(ast.arguments(head)) === reference.args.length) return reference;
  const list = ast.members(node);
  for (let i = 0; i < ast.length(list); i++) {
    const member = ast.item(list, i);
    if (ast.kind[member] !== Kind.Function || ast.name(member) !== trait.methods[0]?.name || ast.length(ast.typeParameters(ast.signature(member))) > 0) continue;
    const result = ast.signatureResult(ast.signature(member));
    const given = result === 0 ? T.error : resolveType(c, result);
    const type = isIndexTrait(trait) && c.types.kindOf(given) === TypeKind.Reference ? c.types.inner(given) : given;
    return { trait: reference.trait, args: [reference.args[0] ?? target, type === T.error ? target : type] };
  }
  return reference;
}

function isNew(c: Checker, methods: readonly FunctionDefinition[], f: FunctionDefinition, member: Node, target: TypeId): boolean {
  const twin = methods.find((one) => one.name === f.name);
  if (twin === undefined) return true;
  c.errorAt("E0222", c.nameSpan(member, f.name), `${c.typeName(target)} has the method ${c.nameText(f.name)} twice`, { labels: c.declaredAt(twin, "first declared here") });
  return false;
}

/** An inherent method under its type and name. False after a report. */
function enterMethod(c: Checker, implementation: ImplDefinition, f: FunctionDefinition, member: Node): boolean {
  const { target } = implementation;
  const key = c.methodKey(headOf(c, target), f.name);
  const same = c.methods.get(key);
  const twin = same?.find((one) => one.owner === target || mayOverlap(c, one.owner, target));
  if (twin !== undefined) {
    c.errorAt("E0222", c.nameSpan(member, f.name), `${c.typeName(target)} has the method ${c.nameText(f.name)} twice`, { labels: c.declaredAt(twin, "first declared here") });
    return false;
  }
  const owner = c.definitionBehind(target);
  if (owner?.kind === "enum" && owner.variants.some((variant) => variant.name === f.name)) {
    c.errorAt("E0203", c.nameSpan(member, f.name), `${c.typeName(target)} has a variant ${c.nameText(f.name)}`, { labels: c.declaredAt(owner) });
    return false;
  }
  if (same === undefined) c.methods.set(key, [f]);
  else same.push(f);
  return true;
}

/** An impl stands in the module of its type or of its trait; reports one that does not. */
function isBeside(c: Checker, implementation: ImplDefinition): boolean {
  const { target, trait } = implementation;
  const isHere = (id: DefinitionId | undefined): boolean => id !== undefined && c.unitOfFile[c.definition(id).file] === c.unit;
  const owner = c.definitionBehind(target);
  const node = c.ast.implType(implementation.node);
  if (trait === undefined) {
    if (owner?.kind === "typeParameter") {
      c.error("E0350", node, "an impl without a trait is for a type that is declared here, not for all types", { advice: ["declare a trait, and write: impl[T] Trait for T"] });
      return false;
    }
    if (owner === undefined || !isHere(owner.id)) {
      c.error("E0350", node, `an impl stands in the module of its type; ${c.typeName(target)} is not declared here`, { advice: ["methods for types of others are a trait's: declare one here"] });
      return false;
    }
    return true;
  }
  if (isHere(trait.trait) || (owner !== undefined && owner.kind !== "typeParameter" && isHere(owner.id))) return true;
  // A box is its content's: Clone for Box[dyn Mine].
  if (owner?.name === Names.Box && c.unitOfFile[owner.file] === c.prelude && isHere(c.definitionBehind(c.types.listItem(target, 0))?.id)) return true;
  const definition = c.definition(trait.trait);
  if (definition.kind === "trait" && isOperatorTrait(definition)) {
    // The right side tells as well as the left one, and a borrow as well as what it is of; what the operator gives tells nothing.
    const left = throughReferences(c, target);
    if (c.types.kindOf(left) !== TypeKind.TypeParameter && [left, throughReferences(c, trait.args[0] ?? left)].some((type) => isHere(c.definitionBehind(type)?.id))) return true;
  } else if (trait.args.some((type) => isHere(c.definitionBehind(type)?.id)) && c.types.kindOf(target) !== TypeKind.TypeParameter) {
    // A trait of others may be told apart by its arguments: From[Mine] for String.
    return true;
  }
  c.error("E0350", c.ast.implTrait(implementation.node), `an impl stands in the module of its trait or of its type; neither ${c.nameText(implementation.name)} nor ${c.typeName(target)} is declared here`, {
    advice: ["wrap the value in a struct of your own"],
  });
  return false;
}
