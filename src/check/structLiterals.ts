/** Struct literals, and literals of variants with named parts: `Point { x: 1.0, ..base }`. */

import { Kind, type Node } from "../syntax/ast.ts";
import { suggest } from "../source/suggest.ts";
import { Names } from "../source/interner.ts";
import { MeaningKind, meaning } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import type { EnumDefinition, Field, StructDefinition, VariantDefinition } from "./definitions.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { reportUnmet } from "./generics.ts";
import { solveBounds } from "./implementations.ts";
import { checkSolved, solveCall } from "./inference.ts";
import { substitute } from "./matching.ts";
import { checkFieldNamed, checkFieldVisible, isFieldVisible } from "./members.ts";
import { padded } from "./methods.ts";
import { enumBehind, nameDefinition, variantAtHand } from "./nameExpressions.ts";
import { findDeclared, findVariant, nearName, reportNoType, resolvePath, structureOf, typeOfDefinition, variantOf } from "./names.ts";
import { ensureStructure } from "./signatures.ts";
import { throughReferences } from "./traits.ts";
import { ownedTypes, resolveType } from "./typeNodes.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { leaveOpen, tieCall, toldAt } from "./unknowns.ts";
import { looseCheck } from "./wrongCalls.ts";

/** What a literal makes: the struct or variant that its path names, its fields, and the struct or enum type that it belongs to. */
interface Aggregate {
  readonly target: StructDefinition | VariantDefinition;
  readonly type: TypeId;
  readonly fields: readonly Field[];
  readonly owner: StructDefinition | EnumDefinition;
}

/** The fields that a literal gives. */
interface GivenFields {
  /** By the field's number; undefined where it is not given. */
  readonly inits: readonly (Node | undefined)[];
  /** Some name is no field's: what is missing is then not told. */
  readonly isUnknown: boolean;
  /** The values that wait for the type's arguments, and the types of their fields as declared. */
  readonly waiting: readonly Node[];
  readonly wanted: readonly TypeId[];
}

/** Gives the type of the literal `n` where `expected` is wanted (0: nothing is). */
export function checkStructLiteral(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast } = c;
  const target = literalTargetOf(c, ast.path(n), expected);
  const seeds = c.literalArguments;
  const found = target === undefined ? undefined : aggregateType(c, target);
  if (target === undefined || found === undefined) return checkParts(c, n);
  const aggregate: Aggregate = { target, ...found };
  const { owner } = aggregate;
  const isGeneric = owner.typeParameters.length > 0;
  const args = knownArguments(c, n, aggregate, seeds);
  const isSolved = !isGeneric || !args.includes(0 as TypeId);
  c.program.setMeaning(n, meaning(MeaningKind.Definition, target.id));
  if (target.kind === "variant" && !target.named) {
    checkParts(c, n);
    return c.error("E0317", ast.path(n), `the parts of ${c.nameText(target.name)} have no names`, { labels: c.declaredAt(target), advice: [`write ${c.nameText(target.name)}(…)`] });
  }
  const given = checkFields(c, n, aggregate, isSolved ? args : undefined);
  if (!isSolved) {
    const open = solveArguments(c, n, expected, aggregate, args, given);
    if (open !== undefined) return open;
  } else if (isGeneric) {
    const unmet = solveBounds(c, owner.typeParameters, args);
    if (unmet !== undefined) return reportUnmet(c, ast.path(n), unmet, `${c.nameText(owner.name)} needs it`);
  }
  const type = isGeneric ? substitute(c.types, aggregate.type, owner.typeParameters, args) : aggregate.type;
  if (ast.base(n) !== 0) checkBase(c, ast.base(n), target, given, type);
  else if (!checkWhole(c, n, aggregate, given)) return T.error;
  return type;
}

/** The values of a literal of nothing known, for the mistakes within them; what has no type by itself is left out. */
function checkParts(c: Checker, n: Node): TypeId {
  const { ast } = c;
  const inits = ast.inits(n);
  for (let i = 0; i < ast.length(inits); i++) {
    const value = ast.operand(ast.item(inits, i));
    if (ast.kind[value] !== Kind.VariantName && ast.kind[value] !== Kind.Nil) looseCheck(c, value);
  }
  if (ast.base(n) !== 0) infer(c, ast.base(n));
  return T.error;
}

/** The type's arguments as far as they are known before its fields are looked at; 0 for those that are not. */
function knownArguments(c: Checker, n: Node, { type, owner }: Aggregate, seeds: readonly TypeId[] | undefined): TypeId[] {
  const args = padded(seeds ?? toldAt(c, n) ?? [], owner.typeParameters.length);
  const base = c.ast.base(n);
  if (owner.typeParameters.length === 0 || base === 0 || !args.includes(0 as TypeId)) return args;
  // A base says what they are, else the type that is wanted where it is of the same declaration; the fields must agree.
  const found = throughReferences(c, infer(c, base));
  return c.types.kindOf(found) === c.types.kindOf(type) && c.types.definition(found) === owner.id ? c.types.items(found) : args;
}

/** Finds the field of each `name: value`, and checks the values where the type's arguments `args` are known. */
function checkFields(c: Checker, n: Node, { target, fields, owner }: Aggregate, args: readonly TypeId[] | undefined): GivenFields {
  const { ast, program } = c;
  const list = ast.inits(n);
  const inits = new Array<Node | undefined>(fields.length).fill(undefined);
  const waiting: Node[] = [];
  const wanted: TypeId[] = [];
  let isUnknown = false;
  for (let i = 0; i < ast.length(list); i++) {
    const init = ast.item(list, i);
    if (ast.kind[init] !== Kind.FieldInit) continue;
    const name = ast.fieldName(init);
    // Most literals give the fields in their order.
    const index = fields[i]?.name === name ? i : fields.findIndex((field) => field.name === name);
    const start = ast.start[init] as number;
    const span = { start, end: start + new TextEncoder().encode(c.nameText(name)).length };
    const field = fields[index];
    if (field === undefined) {
      const near = suggest(c.nameText(name), fields.map((one) => c.nameText(one.name)));
      if (!c.isIncomplete(target)) c.errorAt("E0204", span, `${c.nameText(target.name)} has no field ${c.nameText(name)}`, { labels: c.declaredAt(target), advice: near === undefined ? [] : [`did you mean ${near}?`] });
      looseCheck(c, ast.operand(init));
      isUnknown = true;
      continue;
    }
    const before = inits[index];
    if (before !== undefined) c.errorAt("E0212", span, `the field ${c.nameText(name)} is given twice`, { labels: [c.label(before, "first given here")] });
    inits[index] = init;
    if (target.kind === "struct") checkFieldNamed(c, target, field.node, span, name);
    program.setMeaning(init, meaning(MeaningKind.Field, index));
    if (args === undefined) {
      waiting.push(ast.operand(init));
      wanted.push(field.type);
    } else {
      const type = owner.typeParameters.length > 0 ? substitute(c.types, field.type, owner.typeParameters, args) : field.type;
      program.setType(init, checkAs(c, ast.operand(init), type, undefined));
    }
  }
  return { inits, isUnknown, waiting, wanted };
}

/** Solves the type's arguments by the values given, into `args`. Gives the literal's type where that is settled with it: some stay open, or do not solve. */
function solveArguments(c: Checker, n: Node, expected: TypeId, { target, type, owner }: Aggregate, args: TypeId[], { isUnknown, waiting, wanted }: GivenFields): TypeId | undefined {
  const { ast, program } = c;
  const inits = ast.inits(n);
  const isFine = solveCall(c, { parameters: owner.typeParameters, wanted, result: type, found: args, args: waiting, first: 0 as Node, node: n }, expected, () => undefined);
  for (let i = 0; i < ast.length(inits); i++) program.setType(ast.item(inits, i), program.typeOf(ast.operand(ast.item(inits, i))));
  if (!isFine || isUnknown) return T.error;
  const open = args.includes(0 as TypeId) ? leaveOpen(c, n, args) : c.learning && args.some((arg) => c.types.hasVariable(arg)) ? args : undefined;
  if (open !== undefined) {
    tieCall(c, owner.typeParameters, open, waiting, wanted);
    return substitute(c.types, type, owner.typeParameters, open);
  }
  const name = c.nameText(target.name);
  return checkSolved(c, ast.path(n), name, owner.typeParameters, args, `${name}[…] { … }`) ? undefined : T.error;
}

/** What stands behind .. must be of the literal's type, or a reference to one. */
function checkBase(c: Checker, base: Node, target: StructDefinition | VariantDefinition, given: GivenFields, type: TypeId): void {
  const { program, types } = c;
  const found = program.typeOf(base) === 0 ? check(c, base, type) : program.typeOf(base);
  if (found !== type && found !== T.error && found !== T.never) {
    if (types.kindOf(found) === TypeKind.Reference && types.inner(found) === type) program.setWanted(base, type);
    else c.error("E0364", base, `behind .. ${c.aType(type)} is wanted, not ${c.typeName(found)}`);
  }
  if (target.kind === "struct") checkBaseVisible(c, target, base, given.inits);
}

/** Without a base each field must be given. */
function checkWhole(c: Checker, n: Node, { target, fields }: Aggregate, { inits, isUnknown }: GivenFields): boolean {
  // A field that is spelled wrong is not missing as well.
  if (isUnknown) return true;
  const missing = fields.filter((_, index) => inits[index] === undefined);
  if (missing.length === 0) return true;
  if (c.isIncomplete(target)) return false;
  const names = missing.map((field) => c.nameText(field.name)).join(", ");
  c.error("E0316", n, `${missing.length === 1 ? "the field" : "the fields"} ${names} of ${c.nameText(target.name)} ${missing.length === 1 ? "is" : "are"} missing`, {
    labels: c.declaredAt(target), advice: ["give each field a value, or take the rest from another value with .."],
  });
  return false;
}

/** What stands behind .. gives the other fields: it may where they could be named here. Otherwise a value could be made twice of one that owns something. */
function checkBaseVisible(c: Checker, structure: StructDefinition, base: Node, given: readonly (Node | undefined)[]): void {
  const start = c.ast.start[base] as number;
  const hidden = structure.fields.findIndex((field, i) => given[i] === undefined && !isFieldVisible(c, structure, field.node, start));
  const field = structure.fields[hidden];
  if (field !== undefined) checkFieldVisible(c, structure, field.node, c.span(base), field.name);
}

/** What a path before `{` names: a struct, or a variant with named parts. */
export function literalTargetOf(c: Checker, path: Node, expected: TypeId): StructDefinition | VariantDefinition | undefined {
  const { ast } = c;
  c.literalArguments = undefined;
  if (ast.kind[path] === Kind.Index) return structWithArguments(c, path);
  let found;
  if (ast.kind[path] === Kind.VariantName) {
    found = variantAtHand(c, path, expected);
    if (found === undefined) return undefined;
  } else if (ast.kind[path] === Kind.Name) {
    const name = ast.name(path);
    if (name !== Names.Self && !ownedTypes.has(name) && findDeclared(c, name, path) === undefined && findVariant(c, name) === undefined) {
      const enumeration = enumBehind(c, expected);
      if (enumeration === undefined || variantOf(c, enumeration, name) === undefined) {
        if (!c.isLost(name)) c.error("E0202", path, `unknown type ${c.nameText(name)}`, { advice: nearName(c, name, "type") });
        return undefined;
      }
    }
    found = nameDefinition(c, path, expected, true);
    if (found === undefined) return undefined;
  } else {
    const meant = resolvePath(c, path);
    if (meant === "error") return undefined;
    if (meant === "value") {
      reportNoType(c, path, "E0317", "this names no struct");
      return undefined;
    }
    found = meant;
  }
  c.setDefinition(path, found);
  if (c.refused[found.id] === true) return undefined;
  if (found.kind === "variant") {
    c.literalArguments = c.pathArguments;
    return found;
  }
  const isSelf = ast.kind[path] === Kind.Name && ast.name(path) === Names.Self;
  if (isSelf) c.literalArguments = c.types.items(c.selfType);
  const type = isSelf ? c.selfType : typeOfDefinition(c, found);
  // An alias has its arguments in it.
  if (found.kind === "alias" && found.typeParameters.length === 0) c.literalArguments = c.types.items(type);
  if (type === T.error) return undefined;
  const structure = type === 0 ? undefined : structureOf(c, type);
  if (structure?.kind === "struct") return structure;
  c.error("E0317", path, `${c.nameText(found.name)} is no struct`, { labels: c.declaredAt(found) });
  return undefined;
}

/** `Pair[i64, str] { … }` */
function structWithArguments(c: Checker, path: Node): StructDefinition | undefined {
  const type = resolveType(c, path);
  if (type === T.error) return undefined;
  const structure = structureOf(c, type);
  if (structure?.kind !== "struct") {
    c.error("E0317", path, `${c.typeName(type)} is no struct`);
    return undefined;
  }
  c.literalArguments = c.types.items(type);
  return structure;
}

/** The struct or enum type that a struct or variant belongs to. */
export function aggregateType(c: Checker, of: StructDefinition | VariantDefinition): Omit<Aggregate, "target"> | undefined {
  if (of.kind === "struct") {
    ensureStructure(c, of);
    return { type: of.type, fields: of.fields, owner: of };
  }
  const owner = c.definition(of.owner);
  if (owner.kind !== "enum") return undefined;
  ensureStructure(c, owner);
  return { type: owner.type, fields: of.fields, owner };
}
