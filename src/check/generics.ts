/** Type parameters and their bounds as they are declared, traits as they are named, arguments as they are written. */

import { Kind, emptyList, type List, type NameId, type Node } from "../syntax/ast.ts";
import type { FileId } from "../source/sourceMap.ts";
import { suggest, traitElsewhere } from "../source/suggest.ts";
import type { Checker } from "./context.ts";
import { Names } from "../source/interner.ts";
import { isString } from "./convert.ts";
import { findMethod } from "./methods.ts";
import type { AliasDefinition, Definition, DefinitionId, EnumDefinition, StructDefinition, TraitReference, TypeParameterDefinition } from "./definitions.ts";
import { noParameters } from "./definitions.ts";
import { findImpl, solveBounds } from "./implementations.ts";
import { substitute } from "./matching.ts";
import { findDeclared, reportNoType, resolvePath } from "./names.ts";
import { ensureAlias, ensureStructure } from "./signatures.ts";
import { isIndexTrait, isOperatorTrait, throughReferences } from "./traits.ts";
import { resolveType } from "./typeNodes.ts";
import { T, type TypeId } from "./types.ts";


/** Declares the type parameters of a list; their bounds wait for `resolveBounds`. */
export function declareTypeParameters(c: Checker, list: List, file: FileId): readonly DefinitionId[] {
  const { ast } = c;
  const length = ast.length(list);
  if (length === 0) return noParameters;
  const found: DefinitionId[] = [];
  for (let i = 0; i < length; i++) {
    const node = ast.item(list, i);
    if (ast.kind[node] !== Kind.TypeParameter) continue;
    const name = ast.name(node);
    const twin = namedSo(c, found, name);
    if (twin !== undefined) {
      c.errorAt("E0215", c.nameSpan(node, name), `the type parameter ${c.nameText(name)} is declared twice`, { labels: c.declaredAt(c.definition(twin), "first declared here") });
      continue;
    }
    const id = c.nextDefinition;
    c.add<TypeParameterDefinition>({ kind: "typeParameter", id, name, node, file, public: false, type: c.types.typeParameter(id), bounds: [] });
    found.push(id);
  }
  return found;
}

function namedSo(c: Checker, ids: readonly DefinitionId[], name: NameId): DefinitionId | undefined {
  return ids.find((id) => c.definition(id).name === name);
}

/** The type parameter of that id. */
export function parameterOf(c: Checker, id: DefinitionId): TypeParameterDefinition {
  const definition = c.definition(id);
  if (definition.kind !== "typeParameter") throw new Error("check/generics.parameterOf: no type parameter");
  return definition;
}

/** The types of type parameters, as the arguments that leave everything as it is. */
export function ownTypes(c: Checker, parameters: readonly DefinitionId[]): TypeId[] {
  return parameters.map((id) => parameterOf(c, id).type);
}

/** Reads the bounds of type parameters that were declared in a list. */
export function resolveBounds(c: Checker, parameters: readonly DefinitionId[]): void {
  for (const id of parameters) {
    const parameter = parameterOf(c, id);
    if (c.ast.kind[parameter.node] === Kind.TypeParameter) parameter.bounds = resolveTraits(c, c.ast.bounds(parameter.node), parameter.type);
  }
}

/** The traits of a list, which are those of `self`. */
export function resolveTraits(c: Checker, list: List, self: TypeId): TraitReference[] {
  const found: TraitReference[] = [];
  for (let i = 0; i < c.ast.length(list); i++) {
    const reference = resolveTrait(c, c.ast.item(list, i), self);
    if (reference !== undefined) found.push(reference);
  }
  return found;
}

/** The trait that a path names, with its arguments; reports what names none. Arguments of an operator's trait that are left out are `self`; `inHead`: of an impl, where an index may leave out what it gives. */
export function resolveTrait(c: Checker, n: Node, self: TypeId, inHead = false): TraitReference | undefined {
  const { ast } = c;
  const isApplied = ast.kind[n] === Kind.Index;
  const path = isApplied ? ast.operand(n) : n;
  const list = isApplied ? ast.arguments(n) : emptyList;
  if (ast.kind[path] !== Kind.Name && ast.kind[path] !== Kind.Field) {
    if (ast.kind[path] !== Kind.Error) c.error("E0221", n, "a trait is needed here");
    return undefined;
  }
  const found = ast.kind[path] === Kind.Name ? findDeclared(c, ast.name(path), path) : resolvePath(c, path);
  if (found === "error") return undefined;
  if (found === undefined || found === "value") {
    const name = ast.kind[path] === Kind.Name ? ast.name(path) : ast.fieldName(path);
    if (c.isLost(name)) return undefined;
    if (ast.kind[path] === Kind.Field) {
      reportNoType(c, path, "E0216", `unknown trait ${c.nameText(name)}`);
      return undefined;
    }
    const near = suggest(c.nameText(name), c.traits.map((trait) => c.nameText(trait.name)));
    const elsewhere = traitElsewhere(c.nameText(name));
    c.error("E0216", path, `unknown trait ${c.nameText(name)}`, { advice: elsewhere !== undefined ? [`write ${elsewhere}`] : near === undefined ? [] : [`did you mean ${near}?`] });
    return undefined;
  }
  if (found.kind !== "trait") {
    const reversed = c.ast.kind[n] === Kind.Name && /^\s*impl(\[.*\])?\s+$/.test(c.sources.lineBefore(ast.start[n] as number));
    if (c.refused[found.id] !== true) c.error("E0221", path, `${c.nameText(found.name)} is no trait`, { labels: c.declaredAt(found), advice: reversed ? ["the trait stands first: impl Trait for Type"] : [] });
    return undefined;
  }
  c.setDefinition(path, found);
  const wanted = found.typeParameters.length - 1;
  const given = ast.length(list);
  const mayLeaveOut = isOperatorTrait(found) || (isIndexTrait(found) && given === 1 && inHead);
  if (given > wanted || (given < wanted && !mayLeaveOut)) {
    c.error("E0304", n, `${c.nameText(found.name)} has ${wanted} type ${wanted === 1 ? "argument" : "arguments"}, not ${given}`, { labels: c.declaredAt(found) });
    return undefined;
  }
  const args = resolveArguments(c, list);
  while (args !== undefined && args.length < wanted) args.push(self);
  return args === undefined ? undefined : { trait: found.id, args };
}

/** Types in brackets; undefined if one of them is wrong. */
export function resolveArguments(c: Checker, list: List): TypeId[] | undefined {
  const found: TypeId[] = [];
  for (let i = 0; i < c.ast.length(list); i++) found.push(resolveType(c, c.ast.item(list, i)));
  return found.includes(T.error) ? undefined : found;
}

/** `List[i64]`: the type that a generic struct, enum or alias gives for the arguments in `list`; bounds are checked when all impls are known. */
export function applyArguments(c: Checker, n: Node, definition: StructDefinition | EnumDefinition | AliasDefinition, list: List): TypeId {
  const { types } = c;
  const { typeParameters } = definition;
  const given = c.ast.length(list);
  if (given !== typeParameters.length) {
    if (typeParameters.length === 0) return c.error("E0345", n, `${c.nameText(definition.name)} has no type parameters`, { labels: c.declaredAt(definition) });
    return wrongArguments(c, n, definition, given);
  }
  const args = resolveArguments(c, list);
  if (args === undefined) return T.error;
  checkBoundsLater(c, n, definition, args);
  if (definition.kind === "alias") return substitute(types, ensureAlias(c, definition), typeParameters, args);
  return definition.kind === "struct" ? types.struct(definition.id, args) : types.enum(definition.id, args);
}

/** Reports that a generic type was given `given` arguments. */
export function wrongArguments(c: Checker, n: Node, definition: StructDefinition | EnumDefinition | AliasDefinition, given: number): TypeId {
  const wanted = definition.typeParameters.length;
  const names = definition.typeParameters.map((id) => c.nameText(c.definition(id).name)).join(", ");
  return c.error("E0304", n, `${c.nameText(definition.name)} has ${wanted} type ${wanted === 1 ? "argument" : "arguments"}, not ${given}`, {
    labels: c.declaredAt(definition), advice: [`write ${c.nameText(definition.name)}[${names}]`],
  });
}

function checkBoundsLater(c: Checker, node: Node, definition: StructDefinition | EnumDefinition | AliasDefinition, args: readonly TypeId[]): void {
  const isBounded = definition.typeParameters.some((id) => c.ast.length(c.ast.bounds(c.definition(id).node)) > 0);
  if (!isBounded) return;
  c.boundChecks.push({ node, definition, args });
  if (c.boundsKnown) checkWaitingBounds(c);
}

/** Checks the bounds of types that were named so far. */
export function checkWaitingBounds(c: Checker): void {
  for (let next = c.boundChecks.pop(); next !== undefined; next = c.boundChecks.pop()) {
    const { node, definition, args } = next;
    if (definition.kind === "alias") ensureAlias(c, definition);
    else ensureStructure(c, definition);
    const unmet = solveBounds(c, definition.typeParameters, [...args]);
    if (unmet !== undefined) reportUnmet(c, node, unmet, `${c.nameText(definition.name)} needs it`);
  }
}

/** An impl of a trait for the type was refused: what is missing may be in it. */
export function isBroken(c: Checker, type: TypeId): boolean {
  if (c.ast.isImplLost) return true;
  const owner = c.brokenTypes.size === 0 ? undefined : c.definitionBehind(type);
  return owner !== undefined && c.brokenTypes.has(owner.id);
}

/** A bound that an argument does not meet. */
export interface Unmet {
  readonly parameter: TypeParameterDefinition;
  readonly bound: TraitReference;
  readonly type: TypeId;
}

/** A type that is not the program's: an impl of its own trait may be written for it, of the library's it may not. */
function adviceOnOthers(c: Checker, type: TypeId, trait: Definition, name: string): string[] {
  const base = throughReferences(c, type);
  if (trait.name === Names.Iterator && (base === T.str || isString(c, base))) return ["go over its characters: ….chars()"];
  if (trait.name === Names.Iterator && findMethod(c, base, Names.next, "anyone") !== undefined) return ["its items are borrowed: ….copied() or ….cloned() gives the items themselves"];
  if (c.nameText(trait.name) === "AsText") return ["make texts of the items: ….iter().map(|x| x.to_string()).join(…)"];
  if (trait.name === Names.Iterator && findMethod(c, base, Names.into_iter, "anyone") !== undefined) {
    return [base === type ? "give its items one by one: ….into_iter()" : "give its items one by one: ….iter(), with .copied() or .cloned() for the items themselves"];
  }
  const owner = c.definitionBehind(base);
  const isLibrarys = (file: FileId | undefined): boolean => file === undefined || c.unitOfFile[file]?.library === true;
  return isLibrarys(trait.file) && isLibrarys(owner?.file) ? [] : [`write: impl ${name} for ${c.typeName(type)}`];
}

/** Reports a bound that is not met; `why` says who asks for it, `first` what to do before all else. */
export function reportUnmet(c: Checker, n: Node, unmet: Unmet, why: string, first: readonly string[] = []): TypeId {
  const { parameter, bound, type } = unmet;
  if (isBroken(c, type)) return T.error;
  const trait = c.definition(bound.trait);
  const kind = c.definitionBehind(type);
  const name = traitText(c, bound, type);
  const advice = kind?.kind === "typeParameter"
    ? [`bound it: ${c.typeName(type)}: ${name}`]
    : kind !== undefined && (kind.kind === "struct" || kind.kind === "enum") && c.unitOfFile[kind.file]?.library !== true && trait.kind === "trait" && trait.known !== 0 && bound.args.length === 0
      ? [`derive it (${c.nameText(kind.name)}: ${name}), or write: impl ${name} for ${c.typeName(type)}`]
      : adviceOnOthers(c, type, trait, name);
  // The operator is there, but gives something else.
  const other = trait.kind === "trait" && isOperatorTrait(trait) ? findImpl(c, type, trait, bound.args.slice(0, 1))?.traitArgs[1] : undefined;
  if (other !== undefined && other !== 0) advice.splice(0, advice.length, `its ${traitText(c, { trait: bound.trait, args: bound.args.slice(0, 1) }, type)} gives ${c.typeName(other)}`);
  const labels = parameter.node === 0 || c.ast.kind[parameter.node] !== Kind.TypeParameter ? [] : [c.label(parameter.node, "the bound stands here")];
  return c.error("E0346", n, `${c.typeName(type)} is not ${name}: ${why}`, { labels, advice: [...first, ...advice] });
}

/** A trait as it is written: of an operator's trait, arguments that are `self` may be left out at the end. */
export function traitText(c: Checker, reference: TraitReference, self: TypeId): string {
  const trait = c.definition(reference.trait);
  const name = c.nameText(trait.name);
  let count = reference.args.length;
  if (trait.kind === "trait" && isOperatorTrait(trait)) while (count > 0 && reference.args[count - 1] === self) count--;
  return count === 0 ? name : `${name}[${reference.args.slice(0, count).map((type) => c.typeName(type)).join(", ")}]`;
}
