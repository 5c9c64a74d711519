/** Values of several parts: struct literals, arrays, tuples. */

import { Kind, type Node } from "../syntax/ast.ts";
import { MeaningKind, meaning } from "./checkedProgram.ts";
import { constantLength } from "./constants.ts";
import type { Checker } from "./context.ts";
import { coerce, isNumber, literalTarget } from "./convert.ts";
import type { EnumDefinition, Field, StructDefinition, VariantDefinition } from "./definitions.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { checkFieldNamed, checkFieldVisible, isFieldVisible } from "./members.ts";
import { Names } from "../source/interner.ts";
import { reportUnmet } from "./generics.ts";
import { solveBounds } from "./implementations.ts";
import { checkSolved, solveCall } from "./inference.ts";
import { substitute } from "./matching.ts";
import { padded } from "./methods.ts";
import { findDeclared, findVariant, nearName, resolvePath, structureOf, typeOfDefinition, variantOf } from "./names.ts";
import { enumBehind, nameDefinition, variantAtHand } from "./nameExpressions.ts";
import { isLiteralType, settle, settleDefault } from "./settle.ts";
import { suggest } from "../source/suggest.ts";
import { ensureStructure } from "./signatures.ts";
import { ownedTypes, resolveType } from "./typeNodes.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { leaveOpen, tieCall, toldAt, toldType } from "./unknowns.ts";

/** What a path before `{` names: a struct, or a variant with named parts. */
export function literalTargetOf(c: Checker, path: Node, expected: TypeId): StructDefinition | VariantDefinition | undefined {
  const { ast } = c;
  c.literalArguments = undefined;
  let found;
  if (ast.kind[path] === Kind.Index) {
    // `Pair[i64, str] { … }`
    const type = resolveType(c, path);
    const structure = type === T.error ? undefined : structureOf(c, type);
    if (structure?.kind === "struct") {
      c.literalArguments = c.types.items(type);
      return structure;
    }
    if (type !== T.error) c.error("E0317", path, `${c.typeName(type)} is no struct`);
    return undefined;
  }
  if (ast.kind[path] === Kind.VariantName) {
    found = variantAtHand(c, path, expected);
    if (found === undefined) return undefined;
  } else if (ast.kind[path] === Kind.Name) {
    const name = ast.name(path);
    if (name !== Names.Self && !ownedTypes.has(name) && findDeclared(c, name, path) === undefined && findVariant(c, name) === undefined) {
      const enumeration = enumBehind(c, expected);
      if (enumeration === undefined || variantOf(c, enumeration, name) === undefined) {
        c.error("E0202", path, `unknown type ${c.nameText(name)}`, { advice: nearName(c, name, "type") });
        return undefined;
      }
    }
    found = nameDefinition(c, path, expected, true);
    if (found === undefined) return undefined;
  } else {
    const meant = resolvePath(c, path);
    if (meant === "error") return undefined;
    if (meant === "value") {
      c.error("E0317", path, "this names no struct");
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

/** The struct or enum type that a struct or variant belongs to. */
export function aggregateType(c: Checker, of: StructDefinition | VariantDefinition): { readonly type: TypeId; readonly fields: readonly Field[]; readonly owner: StructDefinition | EnumDefinition } | undefined {
  if (of.kind === "struct") {
    ensureStructure(c, of);
    return { type: of.type, fields: of.fields, owner: of };
  }
  const owner = c.definition(of.owner);
  if (owner.kind !== "enum") return undefined;
  ensureStructure(c, owner);
  return { type: owner.type, fields: of.fields, owner };
}

/** `Point { x: 1.0, ..base }` */
export function checkStructLiteral(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, program } = c;
  const inits = ast.inits(n);
  const target = literalTargetOf(c, ast.path(n), expected);
  const seeds = c.literalArguments;
  const aggregate = target === undefined ? undefined : aggregateType(c, target);
  if (target === undefined || aggregate === undefined) {
    for (let i = 0; i < ast.length(inits); i++) {
      const value = ast.operand(ast.item(inits, i));
      const kind = ast.kind[value];
      if (kind !== Kind.VariantName && kind !== Kind.Nil && kind !== Kind.Array) infer(c, value);
    }
    if (ast.base(n) !== 0) infer(c, ast.base(n));
    return T.error;
  }
  const { fields, owner } = aggregate;
  const isGeneric = owner.typeParameters.length > 0;
  let { type } = aggregate;
  const base = ast.base(n);
  let args: TypeId[] = padded(seeds ?? toldAt(c, n) ?? [], owner.typeParameters.length);
  // A base says what the arguments are, else the type that is wanted where it is of the same declaration; the fields must agree.
  if (isGeneric && base !== 0 && args.includes(0 as TypeId)) {
    const found = throughReferences(c, infer(c, base));
    if (c.types.kindOf(found) === c.types.kindOf(type) && c.types.definition(found) === owner.id) args = c.types.items(found);
  }
  const isSolved = !isGeneric || !args.includes(0 as TypeId);
  const values: Node[] = [];
  const wanted: TypeId[] = [];
  program.setMeaning(n, meaning(MeaningKind.Definition, target.id));
  if (target.kind === "variant" && !target.named) {
    for (let i = 0; i < ast.length(inits); i++) infer(c, ast.operand(ast.item(inits, i)));
    return c.error("E0317", ast.path(n), `the parts of ${c.nameText(target.name)} have no names`, { labels: c.declaredAt(target), advice: [`write ${c.nameText(target.name)}(…)`] });
  }
  let isUnknown = false;
  const given: (Node | undefined)[] = new Array<Node | undefined>(fields.length).fill(undefined);
  for (let i = 0; i < ast.length(inits); i++) {
    const init = ast.item(inits, i);
    if (ast.kind[init] !== Kind.FieldInit) continue;
    const name = ast.fieldName(init);
    const index = fields.findIndex((field) => field.name === name);
    const nameStart = ast.start[init] as number;
    const nameSpan = { start: nameStart, end: nameStart + new TextEncoder().encode(c.nameText(name)).length };
    const field = fields[index];
    if (field === undefined) {
      const near = suggest(c.nameText(name), fields.map((one) => c.nameText(one.name)));
      c.errorAt("E0204", nameSpan, `${c.nameText(target.name)} has no field ${c.nameText(name)}`, { labels: c.declaredAt(target), advice: near === undefined ? [] : [`did you mean ${near}?`] });
      infer(c, ast.operand(init));
      isUnknown = true;
      continue;
    }
    if (given[index] !== undefined) {
      c.errorAt("E0212", nameSpan, `the field ${c.nameText(name)} is given twice`, { labels: [c.label(given[index], "first given here")] });
    }
    given[index] = init;
    if (target.kind === "struct") checkFieldNamed(c, target, field.node, nameSpan, name);
    program.setMeaning(init, meaning(MeaningKind.Field, index));
    if (isSolved) {
      const found = checkAs(c, ast.operand(init), isGeneric ? substitute(c.types, field.type, owner.typeParameters, args) : field.type, undefined);
      program.setType(init, found);
    } else {
      values.push(ast.operand(init));
      wanted.push(field.type);
    }
  }
  if (!isSolved) {
    const isFine = solveCall(c, { parameters: owner.typeParameters, wanted, result: type, found: args, args: values, first: 0 as Node, node: n }, expected, () => undefined);
    for (let i = 0; i < ast.length(inits); i++) program.setType(ast.item(inits, i), program.typeOf(ast.operand(ast.item(inits, i))));
    const name = c.nameText(target.name);
    if (isFine && !isUnknown) {
      const open = args.includes(0 as TypeId) ? leaveOpen(c, n, args) : c.learning && args.some((arg) => c.types.hasVariable(arg)) ? args : undefined;
      if (open !== undefined) {
        tieCall(c, owner.typeParameters, open, values, wanted);
        return substitute(c.types, type, owner.typeParameters, open);
      }
    }
    if (!isFine || isUnknown || !checkSolved(c, ast.path(n), name, owner.typeParameters, args, `${name}[…] { … }`)) return T.error;
  } else if (isGeneric) {
    const unmet = solveBounds(c, owner.typeParameters, args);
    if (unmet !== undefined) return reportUnmet(c, ast.path(n), unmet, `${c.nameText(owner.name)} needs it`);
  }
  if (isGeneric) type = substitute(c.types, type, owner.typeParameters, args);
  if (base !== 0) {
    const found = program.typeOf(base) === 0 ? infer(c, base) : program.typeOf(base);
    if (found !== type && found !== T.error && found !== T.never) {
      if (c.types.kindOf(found) === TypeKind.Reference && c.types.inner(found) === type) program.setWanted(base, type);
      else c.error("E0364", base, `behind .. a ${c.typeName(type)} is wanted, not ${c.typeName(found)}`);
    }
    if (target.kind === "struct") checkBaseVisible(c, target, base, given);
    return type;
  }
  const missing = fields.filter((_, index) => given[index] === undefined);
  // A field that is spelled wrong is not missing as well.
  if (isUnknown) return type;
  if (missing.length > 0) {
    const names = missing.map((field) => c.nameText(field.name)).join(", ");
    return c.error("E0316", n, `${missing.length === 1 ? "the field" : "the fields"} ${names} of ${c.nameText(target.name)} ${missing.length === 1 ? "is" : "are"} missing`, {
      labels: c.declaredAt(target), advice: ["give each field a value, or take the rest from another value with .."],
    });
  }
  return type;
}

/** What stands behind .. gives the other fields: it may where they could be named here. Otherwise a value could be made twice of one that owns something. */
function checkBaseVisible(c: Checker, structure: StructDefinition, base: Node, given: readonly (Node | undefined)[]): void {
  const start = c.ast.start[base] as number;
  const hidden = structure.fields.findIndex((field, i) => given[i] === undefined && !isFieldVisible(c, structure, field.node, start));
  const field = structure.fields[hidden];
  if (field !== undefined) checkFieldVisible(c, structure, field.node, c.span(base), field.name);
}

/** What the elements of an array are wanted as: where an array, a slice, or a borrow of them is expected. */
function elementHint(c: Checker, expected: TypeId): TypeId {
  const { types } = c;
  let at = expected;
  while (types.kindOf(at) === TypeKind.Optional) at = types.inner(at);
  const kind = types.kindOf(at);
  if (kind === TypeKind.Array || kind === TypeKind.Slice) return types.inner(at);
  // An array is no list, but that is the one mistake to be told of.
  const owner = kind === TypeKind.Struct ? c.definitionBehind(at) : undefined;
  return owner !== undefined && owner.name === Names.List && c.unitOfFile[owner.file] === c.prelude ? types.listItem(at, 0) : (0 as TypeId);
}

/** `[a, b, c]` */
export function checkArray(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types } = c;
  const elements = ast.elements(n);
  const length = ast.length(elements);
  const hint = elementHint(c, expected);
  let wantedArray = expected;
  while (types.kindOf(wantedArray) === TypeKind.Optional) wantedArray = types.inner(wantedArray);
  let element: TypeId = hint;
  if (hint !== 0) {
    for (let i = 0; i < length; i++) checkAs(c, ast.item(elements, i), hint);
  } else {
    element = elementsOfOneType(c, n, elements, length);
  }
  if (element === T.error) return T.error;
  if (element === 0) {
    const told = toldType(c, n);
    const open = told !== 0 ? told : expected === T.error ? undefined : leaveOpen(c, n, [0 as TypeId])?.[0];
    if (open !== undefined) return types.array(open, 0);
    return expected === T.error ? T.error : c.error("E0307", n, "the type of this empty array is not known", { advice: ["write the type: let xs [0]T = []"] });
  }
  if (types.kindOf(wantedArray) === TypeKind.Array && types.arrayLength(wantedArray) !== length) {
    return c.error("E0335", n, `expected ${types.arrayLength(wantedArray)} elements, found ${length}`);
  }
  return types.array(element, length);
}

/** An expression that has no type without one being wanted. */
function isLoose(c: Checker, n: Node): boolean {
  const kind = c.ast.kind[n];
  return kind === Kind.VariantName || kind === Kind.Nil || (kind === Kind.Name && c.ast.name(n) === Names.None);
}

/** The elements' type where none is expected: the first that is no literal, which the others convert to. */
function elementsOfOneType(c: Checker, n: Node, elements: ReturnType<Checker["ast"]["elements"]>, length: number): TypeId {
  const { ast } = c;
  let element: TypeId = 0 as TypeId;
  let literal: TypeId = 0 as TypeId;
  let waiting = false;
  for (let i = 0; i < length; i++) {
    const item = ast.item(elements, i);
    // `None` and `.Variant` take their type from the others.
    if (element === 0 && isLoose(c, item)) {
      waiting = true;
      continue;
    }
    const type = check(c, item, element);
    if (isLiteralType(type)) {
      if (literal !== T["float literal"]) literal = type;
    } else if (element === 0 && type !== T.never) {
      // A literal before it decides, unless this is a number that the literal can be.
      element = literal === 0 || isNumber(throughReferences(c, type)) || type === T.error ? type : literal === T["float literal"] ? T.f64 : T.i64;
    }
  }
  if (element === 0) {
    if (literal === 0) {
      for (let i = 0; i < length; i++) check(c, ast.item(elements, i), 0 as TypeId);
      return length === 0 ? (0 as TypeId) : T.error;
    }
    element = literal === T["float literal"] ? T.f64 : T.i64;
  }
  if (element === T.void) return c.error("E0334", n, "the elements of an array need values");
  if (waiting) for (let i = 0; i < length; i++) if (c.program.typeOf(ast.item(elements, i)) === 0) check(c, ast.item(elements, i), element);
  for (let i = 0; i < length; i++) {
    const item = ast.item(elements, i);
    const type = c.program.typeOf(item);
    if (isLiteralType(type)) settle(c, item, literalTarget(c, element, type));
    coerce(c, item, element);
  }
  return element;
}

/** `[value; count]` */
export function checkRepeat(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types } = c;
  const hint = elementHint(c, expected);
  const value = ast.operand(n);
  let element: TypeId;
  if (hint !== 0) element = checkAs(c, value, hint);
  else element = infer(c, value);
  if (element === T.void) element = c.error("E0334", value, "the elements of an array need values");
  const length = constantLength(c, ast.repeatCount(n));
  if (length === undefined || element === T.error) return T.error;
  let wantedArray = expected;
  while (types.kindOf(wantedArray) === TypeKind.Optional) wantedArray = types.inner(wantedArray);
  if (types.kindOf(wantedArray) === TypeKind.Array && types.arrayLength(wantedArray) !== length) {
    return c.error("E0335", n, `expected ${types.arrayLength(wantedArray)} elements, found ${length}`);
  }
  return types.array(element, length);
}

/** `(a, b)`; `()` is the void value. */
export function checkTuple(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types } = c;
  const elements = ast.elements(n);
  const length = ast.length(elements);
  if (length === 0) return T.void;
  let wanted = expected;
  while (types.kindOf(wanted) === TypeKind.Optional) wanted = types.inner(wanted);
  const fits = types.kindOf(wanted) === TypeKind.Tuple && types.listLength(wanted) === length;
  const parts: TypeId[] = [];
  let broken = false;
  for (let i = 0; i < length; i++) {
    const item = ast.item(elements, i);
    const part = fits ? types.listItem(wanted, i) : (0 as TypeId);
    let type: TypeId;
    if (fits && !types.hasHole(part)) {
      type = checkAs(c, item, part);
    } else {
      type = settleDefault(c, item, check(c, item, types.kindOf(part) === TypeKind.Variable ? (0 as TypeId) : part));
      if (type === T.void && ast.kind[item] !== Kind.Tuple) type = c.error("E0334", item, "a part of a tuple needs a value, and this has none");
    }
    broken ||= type === T.error;
    parts.push(type);
  }
  return broken ? T.error : types.tuple(parts);
}
