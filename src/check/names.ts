/** What a name or a path means: locals, declarations of the module, members of modules and types; and what was perhaps meant instead. */

import { Kind, type NameId, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import type { ErrorCode } from "../source/errorCodes.ts";
import { functionElsewhere, limitElsewhere, modulesOfLibrary, nameElsewhere, suggest } from "../source/suggest.ts";
import type { Binding } from "./scopes.ts";
import { columnAt, declaredIn, type Checker, type Unit } from "./context.ts";
import type { Definition, DefinitionId, EnumDefinition, StructDefinition, TraitDefinition, VariantDefinition } from "./definitions.ts";
import { isAppliedType } from "./genericCalls.ts";
import { reportUnmet } from "./generics.ts";
import { isDropNamed, methodNames, methodOf, methodOfOpenType } from "./methods.ts";
import { resolveType } from "./typeNodes.ts";
import { ensureAlias, ensureStructure } from "./signatures.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { advicePrivate, isVisible } from "./visibility.ts";
import { isCapital } from "./needsType.ts";

/** The binding of a local name that the function at hand may use, 0 if there is none; in a closure also those of the functions around it. */
export function findLocal(c: Checker, name: NameId): Binding {
  const binding = c.scopes.find(name);
  return binding >= (c.inClosure ? c.closureFloor : c.functionStart) ? binding : (0 as Binding);
}

/** The declaration that a plain name at `n` means in the module at hand, locals aside. */
export function findDeclared(c: Checker, name: NameId, n: Node): Definition | undefined {
  if (c.typeParameters.length > 0) {
    // The innermost first.
    for (let i = c.typeParameters.length - 1; i >= 0; i--) {
      const parameter = c.definition(c.typeParameters[i] as DefinitionId);
      if (parameter.name === name && name !== Names.Self) return parameter;
    }
  }
  let id = columnAt(c.unit.names, name);
  if (id === 0 && c.prelude !== undefined) {
    id = declaredIn(c, c.prelude, name);
    if (id !== 0 && !c.unit.library && !isVisible(c, c.definition(id), n)) id = 0;
  }
  if (id === 0) id = columnAt(c.universe, name);
  return id === 0 ? undefined : c.definition(id);
}

/** The variant that a bare name means, if only one enum in sight has it; "ambiguous" if several do. */
export function findVariant(c: Checker, name: NameId): VariantDefinition | "ambiguous" | undefined {
  let id = columnAt(c.unit.variants, name);
  if (id === 0 && c.prelude !== undefined) id = columnAt(c.prelude.variants, name);
  if (id === 0) return undefined;
  if (id < 0) return "ambiguous";
  const definition = c.definition(id);
  return definition.kind === "variant" ? definition : undefined;
}

/** A type that a definition names; 0 if it names none. */
export function typeOfDefinition(c: Checker, definition: Definition): TypeId {
  switch (definition.kind) {
    case "struct":
    case "enum":
    case "scalarType":
    case "typeParameter":
      return definition.type;
    case "alias":
      return ensureAlias(c, definition);
    default:
      return 0 as TypeId;
  }
}

/** The struct or enum behind a type. */
export function structureOf(c: Checker, type: TypeId): StructDefinition | EnumDefinition | undefined {
  const kind = c.types.kindOf(type);
  if (kind !== TypeKind.Struct && kind !== TypeKind.Enum) return undefined;
  const definition = c.definition(c.types.definition(type));
  if (definition.kind !== "struct" && definition.kind !== "enum") return undefined;
  ensureStructure(c, definition);
  return definition;
}

/** The variant of that name. */
export function variantOf(c: Checker, enumeration: EnumDefinition, name: NameId): VariantDefinition | undefined {
  ensureStructure(c, enumeration);
  const { variants } = enumeration;
  if (variants.length <= 16) return variants.find((variant) => variant.name === name);
  // The first of two of one name, which is reported, stands.
  enumeration.variantIndex ??= new Map([...variants].reverse().map((variant) => [variant.name, variant]));
  return enumeration.variantIndex.get(name);
}

/** What a path means at compile time. `value`: it starts with a local or is no path; `error`: reported. */
export type PathMeaning = Definition | "value" | "error";

/** Resolves a Name or Field as far as it is a path: modules, types, functions, constants, variants. Sets the node's meaning. */
export function resolvePath(c: Checker, n: Node): PathMeaning {
  const { ast } = c;
  c.pathArguments = undefined;
  if (ast.kind[n] === Kind.Name) {
    const name = ast.name(n);
    if (findLocal(c, name) !== 0) return "value";
    if (name === Names.Self) return selfDefinition(c, n);
    const definition = findDeclared(c, name, n);
    if (definition === undefined) return "value";
    c.setDefinition(n, definition);
    if (definition.kind === "module") markModuleUsed(c, definition.id);
    return definition;
  }
  if (ast.kind[n] !== Kind.Field) return "value";
  const object = ast.operand(n);
  const objectKind = ast.kind[object];
  if (objectKind === Kind.Index && isAppliedType(c, object)) {
    const type = resolveType(c, object);
    if (type === T.error) return "error";
    const named = c.definitionBehind(type);
    if (named !== undefined) c.setDefinition(object, named);
    return memberOfType(c, n, type, false);
  }
  if (objectKind !== Kind.Name && objectKind !== Kind.Field) return "value";
  const owner = resolvePath(c, object);
  if (owner === "value" || owner === "error") return owner;
  return resolveMember(c, n, owner);
}

/** The member of a module or type that the Field `n` names. */
function resolveMember(c: Checker, n: Node, owner: Definition): PathMeaning {
  const name = c.ast.fieldName(n);
  if (owner.kind === "module") {
    const unit = c.unitOfFile[owner.moduleFile];
    if (unit === undefined) return "error";
    const id = declaredIn(c, unit, name);
    if (id === 0) {
      if (c.isLost(name)) return "error";
      const everywhere = c.prelude === undefined ? 0 : declaredIn(c, c.prelude, name);
      const near = suggest(c.nameText(name), publicNames(c, unit));
      const advice = everywhere !== 0 && isVisible(c, c.definition(everywhere), n) ? [`${c.nameText(name)} is visible everywhere: write it without the module`] : near === undefined ? [] : [`did you mean ${near}?`];
      c.errorAt("E0210", c.tail(n, name), `module ${c.nameText(owner.name)} has no ${c.nameText(name)}`, { advice });
      return "error";
    }
    const definition = c.definition(id);
    if (!definition.public && unit !== c.unit && !(unit === c.prelude && isVisible(c, definition, n))) {
      c.errorAt("E0208", c.tail(n, name), `${c.nameText(name)} is private to its module`, { labels: c.declaredAt(definition), advice: advicePrivate(c, definition) });
      return "error";
    }
    c.setDefinition(n, definition);
    return definition;
  }
  if (owner.kind === "trait") return memberOfTrait(c, n, owner);
  const isSelf = c.ast.kind[c.ast.operand(n)] === Kind.Name && c.ast.name(c.ast.operand(n)) === Names.Self;
  const type = isSelf ? c.selfType : typeOfDefinition(c, owner);
  if (type === 0) return "value";
  if (type === T.error || c.refused[owner.id] === true) return "error";
  const isOpen = !isSelf && (owner.kind === "struct" || owner.kind === "enum" || owner.kind === "alias") && owner.typeParameters.length > 0;
  return memberOfType(c, n, type, isOpen);
}

/** The method that the Field `n` names of a trait; Self and all else is for the call to solve. */
function memberOfTrait(c: Checker, n: Node, trait: TraitDefinition): PathMeaning {
  const name = c.ast.fieldName(n);
  const method = trait.methods.find((one) => one.name === name);
  if (method === undefined) {
    const near = suggest(c.nameText(name), trait.methods.map((one) => c.nameText(one.name)));
    c.errorAt("E0205", c.tail(n, name), `${c.nameText(trait.name)} has no method ${c.nameText(name)}`, { labels: c.declaredAt(trait), advice: near === undefined ? [] : [`did you mean ${near}?`] });
    return "error";
  }
  if (isDropNamed(c, method, n, name)) return "error";
  c.setDefinition(n, method);
  c.pathArguments = [];
  return method;
}

/** The variant or function that the Field `n` names of a type; `isOpen`: a generic one without its arguments. */
function memberOfType(c: Checker, n: Node, type: TypeId, isOpen: boolean): PathMeaning {
  const name = c.ast.fieldName(n);
  const structure = structureOf(c, type);
  if (structure?.kind === "enum") {
    const variant = variantOf(c, structure, name);
    if (variant !== undefined) {
      c.setDefinition(n, variant);
      c.pathArguments = isOpen ? undefined : c.types.items(type);
      return variant;
    }
  }
  const found = isOpen ? methodOfOpenType(c, type, name, n) : methodOf(c, type, name, n);
  if (found !== undefined) {
    const method = found.function;
    if (!isVisible(c, method, n)) {
      c.errorAt("E0208", c.tail(n, name), `${c.nameText(name)} is private to its module`, { labels: c.declaredAt(method), advice: advicePrivate(c, method) });
      return "error";
    }
    if (found.unmet !== undefined) {
      reportUnmet(c, n, found.unmet, `${c.nameText(name)} of ${c.typeName(type)} needs it`);
      return "error";
    }
    if (isDropNamed(c, method, n, name)) return "error";
    c.setDefinition(n, method);
    c.pathArguments = found.args;
    return method;
  }
  if (c.isLost(name) || c.isIncomplete(structure)) return "error";
  const candidates: string[] = structure?.kind === "enum" ? structure.variants.map((variant) => c.nameText(variant.name)) : [];
  const limit = limitElsewhere(c.typeName(type), c.nameText(name));
  const near = suggest(c.nameText(name), [...candidates, ...methodNames(c, type)]);
  c.errorAt(structure?.kind === "enum" ? "E0206" : "E0205", c.tail(n, name), `${c.typeName(type)} has no ${structure?.kind === "enum" ? "variant or function" : "function"} ${c.nameText(name)}`, {
    labels: structure === undefined ? [] : c.declaredAt(structure),
    advice: limit !== undefined ? [limit] : near !== undefined ? [`did you mean ${near}?`] : adviceWithoutFunction(c, name, structure),
  });
  return "error";
}

/** `Point.new(1, 2)`, `Point.default()`, `Shape.Triangle` where there is none. */
function adviceWithoutFunction(c: Checker, name: NameId, structure: StructDefinition | EnumDefinition | undefined): string[] {
  if (structure === undefined || c.unitOfFile[structure.file]?.library === true) return [];
  if (structure.kind === "enum") return structure.variants.length > 0 && structure.variants.length < 8 ? [`it has ${structure.variants.map((variant) => c.nameText(variant.name)).join(", ")}`] : [];
  if (c.nameText(name) === "default") return [`derive it: ${c.nameText(structure.name)}: Default`];
  if (structure.fields.some((field) => field.name === name)) return [`it is a field of a value: ….${c.nameText(name)}`];
  return c.nameText(name) === "new" ? [literalOf(c, structure)] : [];
}

/** How a value of a struct is written. */
export function literalOf(c: Checker, structure: StructDefinition): string {
  const fields = structure.fields.slice(0, 4).map((field) => `${c.nameText(field.name)}: …`);
  return `write ${c.nameText(structure.name)} { ${structure.fields.length > 4 ? "…" : fields.join(", ")} }`;
}

function selfDefinition(c: Checker, n: Node): PathMeaning {
  if (c.selfType === 0) {
    c.error("E0225", n, "Self has no meaning outside an impl");
    return "error";
  }
  const structure = structureOf(c, c.selfType) ?? c.definitionBehind(c.selfType);
  if (structure !== undefined) {
    c.setDefinition(n, structure);
    return structure;
  }
  const scalar = c.definitions.find((definition) => definition.kind === "scalarType" && definition.type === c.selfType);
  if (scalar === undefined) return "value";
  c.setDefinition(n, scalar);
  return scalar;
}

function markModuleUsed(c: Checker, id: number): void {
  c.usedModules.add(id);
}

// ── what was perhaps meant ──

function publicNames(c: Checker, unit: Unit): string[] {
  const found: string[] = [];
  c.declarePending(unit, undefined);
  for (let name = 1; name < unit.names.length; name++) {
    const id = unit.names[name] as number;
    if (id !== 0 && c.definition(id).public) found.push(c.nameText(name as NameId));
  }
  return found;
}

/** A module of the library that is used and not imported is one mistake, however often it is named: it is reported at its first use in a file. */
export function isKnownMissing(c: Checker, n: Node, name: NameId): boolean {
  if (pathToModule(c, name) === undefined) return false;
  const first = c.unit.missingModules?.get(name) ?? n;
  (c.unit.missingModules ??= new Map()).set(name, first);
  return first !== n;
}

/** How a module that goes by this name and was not imported here is imported: the library's, or one that another file of the program uses. */
function pathToModule(c: Checker, name: NameId): string | undefined {
  const text = c.nameText(name);
  if (modulesOfLibrary().includes(text)) return `std/${text}`;
  const pathOf = (unit: Unit): string => c.sources.files[unit.root]?.path.replaceAll("\\", "/") ?? "";
  const here = pathOf(c.unit);
  const folder = here.slice(0, here.lastIndexOf("/") + 1);
  for (const unit of c.units) {
    const path = pathOf(unit);
    if (!unit.library && unit !== c.unit && path.startsWith(folder) && path.endsWith(`${text}.lang`) && (path.length === folder.length + text.length + 5 || path.at(-6 - text.length) === "/")) return path.slice(folder.length, -5);
  }
  return undefined;
}

/** What the module of this path is called in the file at hand, if it is imported there under another name. */
function aliasOf(c: Checker, path: string): string | undefined {
  for (const id of c.unit.names) {
    const definition = id === undefined || id === 0 ? undefined : c.definition(id);
    if (definition?.kind === "module" && c.sources.files[definition.moduleFile]?.path.replaceAll("\\", "/").endsWith(`${path}.lang`) === true) return c.nameText(definition.name);
  }
  return undefined;
}

/** Where a type is wanted stands the path of a value, which `message` says, or one whose first name is unknown. */
export function reportNoType(c: Checker, n: Node, code: ErrorCode, message: string): typeof T.error {
  const { ast } = c;
  let root = n;
  while (ast.kind[root] === Kind.Field) root = ast.operand(root);
  const name = ast.kind[root] === Kind.Name ? ast.name(root) : (0 as NameId);
  if (name === 0 || findDeclared(c, name, root) !== undefined) return c.error(code, n, message);
  if (c.isLost(name) || isKnownMissing(c, root, name)) return T.error;
  return c.error("E0201", root, `unknown name ${c.nameText(name)}`, { advice: nearName(c, name, "value") });
}

/** A name in sight that resembles an unknown one. `wanted` limits what it may mean. */
export function nearName(c: Checker, name: NameId, wanted: "value" | "type"): string[] {
  const isWanted = (definition: Definition): boolean => {
    const isType = definition.kind === "struct" || definition.kind === "enum" || definition.kind === "alias" || definition.kind === "scalarType" || definition.kind === "typeParameter";
    // `show(x)` means no trait, `Shwo.show(x)` may.
    if (definition.kind === "trait" && !isCapital(c, name)) return false;
    return wanted === "type" ? isType : !isType && !(definition.kind === "builtin" && definition.builtin === "");
  };
  // Nothing more is reported, and each look at all names takes its time.
  if (c.diagnostics.full) return [];
  const elsewhere = nameElsewhere(c.nameText(name));
  if (elsewhere !== undefined) return [`write ${elsewhere}`];
  const text = c.nameText(name);
  const path = pathToModule(c, name);
  const alias = path === undefined ? undefined : aliasOf(c, path);
  if (alias !== undefined) return [`the module is called ${alias} here: ${alias}.…`];
  const library = path === undefined ? [] : [`${path === `std/${text}` ? "the library's module" : "the module"} is imported: import "${path}"`];
  const candidates: string[] = wanted === "type" ? ["Result"] : [];
  if (wanted === "value") for (let at: number = c.inClosure ? c.closureFloor : c.functionStart; at < c.scopes.top; at++) candidates.push(c.nameText(c.scopes.nameOf(at)));
  for (const column of [c.unit.names, c.universe]) {
    for (let id = 1; id < column.length; id++) {
      const definition = column[id] as number;
      if (definition !== 0 && isWanted(c.definition(definition))) candidates.push(c.nameText(id as NameId));
    }
  }
  let near = suggest(c.nameText(name), candidates);
  const foreign = near === undefined && wanted === "value" ? functionElsewhere(text) : undefined;
  if (foreign !== undefined) return [...library, `write ${foreign}`];
  if (near === undefined && c.prelude !== undefined) {
    const more: string[] = [];
    c.declarePending(c.prelude, undefined);
    const column = c.prelude.names;
    for (let id = 1; id < column.length; id++) {
      const definition = column[id] as number;
      if (definition !== 0 && isWanted(c.definition(definition)) && isVisible(c, c.definition(definition), 0 as Node)) more.push(c.nameText(id as NameId));
    }
    near = suggest(c.nameText(name), more);
  }
  return near === undefined || (path !== undefined && path !== `std/${text}`) ? library : [`did you mean ${near}?`, ...library];
}
