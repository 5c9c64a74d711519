/** The types of declarations: fields, variants, parameters, aliases. Each is found when first asked for, so that order does not matter and std costs only what is used. */

import { Flag, Kind, type NameId, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { inChain } from "./chains.ts";
import { Progress, declaredIn, type Checker, type Unit } from "./context.ts";
import type {
  AliasDefinition, DefinitionId, Derives, EnumDefinition, Field, FunctionDefinition, StructDefinition, VariantDefinition,
} from "./definitions.ts";
import { suggest, traitElsewhere } from "../source/suggest.ts";
import { findDeclared } from "./names.ts";
import { fieldsHeld } from "./definitions.ts";
import { ownTypes, parameterOf, resolveBounds, resolveTraits } from "./generics.ts";
import { isolated, turnBack, turnTo } from "./surroundings.ts";
import { ensureTrait } from "./traitDeclarations.ts";
import { substitute } from "./matching.ts";
import { has } from "./traits.ts";
import { resolveDeclared, resolveType } from "./typeNodes.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

/** The module that a declaration belongs to. */
export function unitOf(c: Checker, definition: { readonly file: number }): Unit {
  const unit = c.unitOfFile[definition.file];
  if (unit === undefined) throw new Error("check/signatures.unitOf: a file of no module");
  return unit;
}

/** Fills a function's parameter and result types. */
export function ensureFunction(c: Checker, f: FunctionDefinition): void {
  if (c.signatures[f.id] !== Progress.none) return;
  c.signatures[f.id] = Progress.running;
  if (c.ast.kind[f.node] === Kind.Function) {
    const unit = unitOf(c, f);
    if (c.unit === unit && !c.inFunction) {
      // Nothing is being checked that would be disturbed.
      const { selfType, typeParameters } = c;
      c.selfType = f.owner;
      resolveSignature(c, f);
      c.selfType = selfType;
      c.typeParameters = typeParameters;
    } else {
      const before = turnTo(c, unit, f.owner);
      resolveSignature(c, f);
      turnBack(c, before);
    }
  }
  c.signatures[f.id] = Progress.done;
  if (f.origin === "os") findDefinition(c, f);
}

/** A function without a body is the os layer's of the same name and type; the library's `lang_…` ones are the compiler's. */
function findDefinition(c: Checker, f: FunctionDefinition): void {
  const span = { start: c.ast.start[f.node] as number, end: c.ast.end[f.node] as number };
  if (f.definedBy === undefined) {
    const id = c.prelude === undefined ? 0 : declaredIn(c, c.prelude, f.name);
    const found = id === 0 ? undefined : c.definition(id);
    // A user's declaration is met by the system's layer alone: what std keeps to itself is no part of that.
    const isMeant = found !== undefined && (unitOf(c, f).library || found.public || c.sources.files[found.file]?.path.startsWith("os/") === true);
    if (isMeant && found.kind === "function" && found !== f) f.definedBy = found.definedBy ?? found;
  }
  if (f.definedBy === undefined) {
    if (unitOf(c, f).library && c.nameText(f.name).startsWith("lang_")) return;
    if (c.hasSyntaxError(f.node)) return;
    c.errorAt("E0815", span, `${c.nameText(f.name)} has no body, and the os layer does not define it`, { advice: ["write a body, or declare it extern if it is C's"] });
    return;
  }
  ensureFunction(c, f.definedBy);
  const { parameters, result } = f.definedBy;
  const isSame = f.result === result && f.parameters.length === parameters.length && f.parameters.every((type, i) => type === parameters[i]);
  if (!isSame && f.result !== T.error && !f.parameters.includes(T.error)) {
    c.errorAt("E0816", span, `${c.nameText(f.name)} is ${c.typeName(c.types.function(parameters, result))} in the os layer`, { labels: c.declaredAt(f.definedBy, "defined here") });
  }
}

function resolveSignature(c: Checker, f: FunctionDefinition): void {
  const { ast, types } = c;
  const signature = ast.signature(f.node);
  const list = ast.parameters(signature);
  c.typeParameters = f.typeParameters;
  if (c.refined.size > 0) refineBounds(c, f);
  if (f.typeParameters.length > f.outerParameters) resolveBounds(c, f.typeParameters.slice(f.outerParameters));
  const parameters: TypeId[] = [];
  for (let i = 0; i < ast.length(list); i++) {
    const parameter = ast.item(list, i);
    let type: TypeId;
    if (ast.has(parameter, Flag.self)) {
      if (f.owner === 0) {
        type = c.error("E0220", parameter, "self is for methods of an impl");
      } else if (ast.has(parameter, Flag.mutable) && !ast.has(parameter, Flag.reference)) {
        // `mut self`, which was refused: whether a borrow was meant or the value, nobody knows.
        type = T.error;
      } else {
        type = ast.has(parameter, Flag.reference) ? types.reference(f.owner, ast.has(parameter, Flag.mutable)) : f.owner;
      }
    } else if (ast.declaredType(parameter) === 0) {
      type = T.error;
    } else {
      type = resolveDeclared(c, parameter, ast.declaredType(parameter));
      if (type === T.void && f.origin === "extern") type = c.error("E0363", ast.declaredType(parameter), "void is no type of a parameter");
    }
    parameters.push(type);
  }
  f.parameters = parameters;
  const result = ast.signatureResult(signature);
  // Where something could not be parsed, the result may be missing with it.
  f.result = result === 0 ? (c.hasSyntaxError(f.node) ? T.error : T.void) : resolveType(c, result);
  f.variadic = ast.has(signature, Flag.variadic);
  if (f.origin === "extern" || f.exported) checkForeign(c, f, list);
}

/** The bounds of parameters that stand for those of the impl or trait: theirs, and what the method asks besides. */
function refineBounds(c: Checker, f: FunctionDefinition): void {
  const originals = c.refined.get(f.id);
  if (originals === undefined) return;
  const trait = f.trait === 0 ? undefined : c.definition(f.trait);
  if (trait?.kind === "trait") ensureTrait(c, trait);
  const types = ownTypes(c, f.typeParameters.slice(0, f.outerParameters));
  originals.forEach((id, i) => {
    const original = parameterOf(c, id);
    const refined = parameterOf(c, f.typeParameters[i] ?? id);
    const kept = original.bounds.map((bound) => ({ trait: bound.trait, args: bound.args.map((arg) => substitute(c.types, arg, originals, types)) }));
    const isAgain = refined.node !== original.node && c.ast.kind[refined.node] === Kind.TypeParameter;
    refined.bounds = isAgain ? [...kept, ...resolveTraits(c, c.ast.bounds(refined.node), refined.type)] : kept;
  });
}

/** Functions that C calls or that are C's take and give what C has. */
function checkForeign(c: Checker, f: FunctionDefinition, list: ReturnType<Checker["ast"]["parameters"]>): void {
  const { ast } = c;
  f.parameters.forEach((type, i) => {
    const node = ast.item(list, i);
    if (!hasC(c, type)) c.error("E0340", ast.declaredType(node) === 0 ? node : ast.declaredType(node), `C has no type like ${c.typeName(type)}`);
  });
  const result = ast.signatureResult(ast.signature(f.node));
  if (result !== 0 && f.result !== T.void && f.result !== T.never && !hasC(c, f.result)) c.error("E0340", result, `C has no type like ${c.typeName(f.result)}`);
}

/** C has a type like this. */
export function hasC(c: Checker, type: TypeId): boolean {
  const { types } = c;
  if (type === T.error) return true;
  switch (types.kindOf(type)) {
    case TypeKind.Scalar: return type !== T.str && type !== T.void && type !== T.never;
    case TypeKind.Pointer: return true;
    case TypeKind.Reference: return true;
    case TypeKind.Function: return types.isExternal(type);
    case TypeKind.Array: return hasC(c, types.inner(type));
    case TypeKind.Optional: {
      const inner = types.kindOf(types.inner(type));
      return inner === TypeKind.Reference || (inner === TypeKind.Function && types.isExternal(types.inner(type)));
    }
    case TypeKind.Struct: {
      const definition = c.definition(types.definition(type));
      if (definition.kind !== "struct") return false;
      ensureStructure(c, definition);
      return definition.fields.every((field) => hasC(c, field.type));
    }
    default: return false;
  }
}

/** Fills the fields of a struct, or the variants of an enum. */
export function ensureStructure(c: Checker, s: StructDefinition | EnumDefinition): void {
  if (c.signatures[s.id] !== Progress.none) return;
  c.signatures[s.id] = Progress.running;
  const before = turnTo(c, unitOf(c, s), s.type);
  c.typeParameters = s.typeParameters;
  resolveBounds(c, s.typeParameters);
  s.derives = resolveDerives(c, s);
  if (s.kind === "struct") {
    s.fields = resolveFields(c, c.ast.members(s.node));
  } else {
    for (const variant of s.variants) (variant as VariantDefinition).fields = c.hasSyntaxError(variant.node) ? [] : resolveFields(c, c.ast.variantFields(variant.node));
  }
  turnBack(c, before);
  c.signatures[s.id] = Progress.done;
}

/** The fields of a type whose layout is asked for. While they are being found out, its size is wanted for one of them. */
export function completeStructure(c: Checker, s: StructDefinition | EnumDefinition): void {
  if (c.signatures[s.id] !== Progress.running) return ensureStructure(c, s);
  if (c.sizeless.has(s)) return;
  c.sizeless.add(s);
  c.errorAt("E0604", c.nameSpan(s.node, s.name), `the size of ${c.nameText(s.name)} depends on itself`);
}

function resolveFields(c: Checker, list: ReturnType<Checker["ast"]["members"]>): Field[] {
  const { ast } = c;
  const fields: Field[] = [];
  const byName = new Map<number, Node>();
  for (let i = 0; i < ast.length(list); i++) {
    const node = ast.item(list, i);
    if (ast.kind[node] !== Kind.FieldDeclaration) continue;
    const type = resolveDeclared(c, node, ast.declaredType(node));
    const name = ast.name(node);
    const twin = name === 0 ? undefined : byName.get(name);
    if (twin !== undefined) {
      c.error("E0212", node, `field ${c.nameText(name)} is declared twice`, { labels: [c.label(twin, "first declared here")] });
      continue;
    }
    byName.set(name, node);
    fields.push({ name, type, node });
  }
  return fields;
}

export const noDerives: Derives = { copy: false, eq: false, ord: false, show: false, default: false, hash: false, clone: false };
const derivable: readonly [number, keyof Derives][] = [
  [Names.Copy, "copy"], [Names.Eq, "eq"], [Names.Ord, "ord"], [Names.Show, "show"], [Names.Default, "default"], [Names.Hash, "hash"], [Names.Clone, "clone"],
];

function resolveDerives(c: Checker, s: StructDefinition | EnumDefinition): Derives {
  const { ast } = c;
  const list = ast.derives(s.node);
  const found = { ...noDerives } as { -readonly [K in keyof Derives]: boolean };
  for (let i = 0; i < ast.length(list); i++) {
    const path = ast.item(list, i);
    const name = ast.kind[path] === Kind.Name ? ast.name(path) : 0;
    const row = derivable.find(([known]) => known === name);
    if (row !== undefined) {
      found[row[1]] = true;
    } else if (ast.kind[path] !== Kind.Error) {
      const near = name === 0 ? undefined : suggest(c.nameText(ast.name(path)), derivable.map(([known]) => c.nameText(known as ReturnType<typeof ast.name>)));
      const declared = name === 0 ? undefined : findDeclared(c, ast.name(path), path);
      if (declared !== undefined && declared.kind !== "builtin" && declared.kind !== "trait") {
        c.error("E0221", path, `${c.nameText(declared.name)} is no trait`, { labels: c.declaredAt(declared) });
        continue;
      }
      if (declared !== undefined && c.refused[declared.id] === true) continue;
      const isKnown = declared?.kind === "trait" || name === Names.Drop || name === Names.From || name === Names.Iterator || name === Names.Send || name === Names.Sync;
      const text = name === 0 ? "" : c.nameText(name);
      const elsewhere = derivable.find(([known]) => c.nameText(known as NameId) === traitElsewhere(text));
      // What was meant, so that its lack elsewhere is no news.
      if (elsewhere !== undefined) found[elsewhere[1]] = true;
      const own = declared !== undefined && isKnown ? [`write it: impl ${text} for ${c.nameText(s.name)} { … }`] : ["Copy, Clone, Eq, Ord, Hash, Show and Default can be derived"];
      c.error(isKnown ? "E0351" : "E0216", path, isKnown ? `${text} cannot be derived` : `unknown trait ${text}`.trimEnd(), {
        advice: elsewhere !== undefined ? [`write ${c.nameText(elsewhere[0] as NameId)}`] : near === undefined ? own : [`did you mean ${near}?`],
      });
    }
  }
  return found;
}

/** Every part of a type that derives a trait has it too. Called when all structures are known. */
export function checkDerives(c: Checker, s: StructDefinition | EnumDefinition): void {
  const { ast } = c;
  const list = ast.derives(s.node);
  for (let i = 0; i < ast.length(list); i++) {
    const path = ast.item(list, i);
    if (ast.kind[path] !== Kind.Name) continue;
    const name = ast.name(path);
    if (!derivable.some(([known]) => known === name)) continue;
    // The derived impl asks of every type argument what it gives; i64 stands for them, which has everything that can be derived.
    const stand = s.typeParameters.map(() => T.i64);
    for (const field of fieldsHeld(s)) {
      if (field.type === T.error) continue;
      const type = substitute(c.types, field.type, s.typeParameters, stand);
      if (!has(c, type, name) && !(field.type === T.void && name !== Names.Show)) {
        const isFloat = name === Names.Hash && hasFloat(c, type);
        c.error("E0351", path, isFloat ? "Hash cannot be derived: floats have no Hash" : `${c.nameText(name)} cannot be derived: ${c.typeName(field.type)} has it not`, { labels: [c.label(field.node, "because of this part")] });
      }
    }
  }
}

function hasFloat(c: Checker, type: TypeId): boolean {
  const { types } = c;
  if (type === T.f32 || type === T.f64) return true;
  switch (types.kindOf(type)) {
    case TypeKind.Array:
    case TypeKind.Optional:
    case TypeKind.Slice:
    case TypeKind.Reference:
      return hasFloat(c, types.inner(type));
    case TypeKind.Tuple:
      return types.items(type).some((part) => hasFloat(c, part));
    default:
      return false;
  }
}

/** The type that an alias stands for. */
export function ensureAlias(c: Checker, alias: AliasDefinition): TypeId {
  if (c.signatures[alias.id] === Progress.done) return alias.type;
  if (c.signatures[alias.id] === Progress.running) {
    alias.type = c.errorAt("E0357", c.nameSpan(alias.node, alias.name), `the alias ${c.nameText(alias.name)} stands for itself`);
    return T.error;
  }
  return inChain(c, alias, (one): one is AliasDefinition => one.kind === "alias" && c.signatures[one.id] === Progress.none, findAliased);
}

function findAliased(c: Checker, alias: AliasDefinition): TypeId {
  c.signatures[alias.id] = Progress.running;
  const type = isolated(c, unitOf(c, alias), 0 as TypeId, () => {
    c.typeParameters = alias.typeParameters;
    resolveBounds(c, alias.typeParameters);
    return resolveType(c, c.ast.aliasedType(alias.node));
  });
  if (alias.type !== T.error) alias.type = type;
  c.signatures[alias.id] = Progress.done;
  return alias.type;
}

/** Refuses structs and enums that hold themselves by value. `done` marks what was looked at: 1 on the way, 2 finished. */
export function checkFinite(c: Checker, s: StructDefinition | EnumDefinition, done: Map<DefinitionId, number>): void {
  const state = done.get(s.id) ?? 0;
  if (state === 2) return;
  done.set(s.id, 1);
  ensureStructure(c, s);
  for (const field of fieldsHeld(s)) holdsByValue(c, s, field.type, field.node, done);
  done.set(s.id, 2);
}

function holdsByValue(c: Checker, s: StructDefinition | EnumDefinition, type: TypeId, at: Node, done: Map<DefinitionId, number>): void {
  const { types } = c;
  switch (types.kindOf(type)) {
    case TypeKind.Array:
    case TypeKind.Optional:
      holdsByValue(c, s, types.inner(type), at, done);
      return;
    case TypeKind.Result:
      holdsByValue(c, s, types.inner(type), at, done);
      holdsByValue(c, s, types.errorType(type), at, done);
      return;
    case TypeKind.Tuple:
      for (const part of types.items(type)) holdsByValue(c, s, part, at, done);
      return;
    case TypeKind.Struct:
    case TypeKind.Enum: {
      const held = c.definition(types.definition(type));
      if (held.kind !== "struct" && held.kind !== "enum") return;
      if (done.get(held.id) === 1) {
        c.errorAt("E0315", c.head(held.node, held.name), `${c.nameText(held.name)} contains itself, so it would be of infinite size`, {
          labels: [c.label(at, held === s ? "held by value here" : `held by value here, within ${c.nameText(s.name)}`)],
          advice: [`hold it in a box: ?Box[${c.nameText(held.name)}], or in a list: List[${c.nameText(held.name)}]`],
        });
        c.infinite = true;
        return;
      }
      checkFinite(c, held, done);
      if (types.listLength(type) > 0 && !c.infinite) holdsByInstance(c, s, held, type, at, done);
      return;
    }
    default:
      return;
  }
}

/** What a generic type holds of its arguments: `W[N]` holds an N by value if W holds its T so. */
function holdsByInstance(c: Checker, s: StructDefinition | EnumDefinition, held: StructDefinition | EnumDefinition, type: TypeId, at: Node, done: Map<DefinitionId, number>): void {
  const { types } = c;
  if (c.finiteInstances.has(type)) return;
  c.finiteInstances.add(type);
  for (const field of fieldsHeld(held)) {
    const part = substitute(types, field.type, held.typeParameters, types.items(type));
    if (part !== field.type) holdsByValue(c, s, part, at, done);
  }
  // Another struct may hold it as well.
  c.finiteInstances.delete(type);
}
