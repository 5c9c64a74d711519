/** Patterns that bind nothing: literals, ranges, and the variants and constants that a path names. */

import { Flag, Kind, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { constantInteger } from "./constants.ts";
import type { Checker } from "./context.ts";
import { isNumber, isString } from "./convert.ts";
import type { Definition, VariantDefinition } from "./definitions.ts";
import { check } from "./expressions.ts";
import { findDeclared, findVariant, reportNoType, resolvePath, structureOf, variantOf } from "./names.ts";
import { enumBehind } from "./nameExpressions.ts";
import { settleDefault } from "./settle.ts";
import { suggest } from "../source/suggest.ts";
import { fieldTypeIn } from "./substitute.ts";
import { ensureStructure } from "./signatures.ts";
import { T, TypeKind, isFloatType, isIntegerType, type TypeId } from "./types.ts";

/** A literal as a pattern of a value of type `type`; reports one that can never match it. */
export function literalPattern(c: Checker, n: Node, value: Node, type: TypeId): void {
  const { program } = c;
  if (type === T.error) {
    const found = check(c, value, 0 as TypeId);
    settleDefault(c, value, found);
    return;
  }
  if (c.ast.kind[value] === Kind.Nil && c.types.kindOf(type) !== TypeKind.Pointer) {
    c.error("E0503", n, `nil never matches ${c.aType(type)}`, { advice: ["`nil` is a keyword: give the variable another name"] });
    return;
  }
  const found = settleDefault(c, value, check(c, value, isNumber(type) || c.types.kindOf(type) === TypeKind.Pointer ? type : (0 as TypeId)));
  if (found === type || found === T.error) return;
  if (isNumber(found) && isNumber(type) && (isFloatType(found) === isFloatType(type))) {
    // A suffix of another type.
    program.setType(n, type);
  }
  const advice = found === T.str && isString(c, type) ? [`match its text, ….as_str(); within another pattern bind it and compare in a guard: Some(s) if s == "…"`] : [];
  c.error("E0503", n, `${c.aType(found)} never matches ${c.aType(type)}`, { advice });
}

/** The ends of a range in a pattern: constants of the type at hand. */
export function rangePattern(c: Checker, n: Node, type: TypeId): void {
  const { ast } = c;
  const ends = [ast.left(n), ast.right(n)].filter((end) => end !== 0);
  if (type !== T.error && !isIntegerType(type) && type !== T.char) {
    const isSelf = ends.some((end) => ast.kind[end] === Kind.Float);
    c.error(isFloatType(type) || isSelf ? "E0513" : "E0503", n, `a range does not match ${c.aType(type)}`, { advice: ["ranges are of integers and chars; compare in a guard"] });
    for (const end of ends) settleEnd(c, end, 0 as TypeId);
    return;
  }
  let isFine = true;
  for (const end of ends) {
    const found = settleEnd(c, end, type);
    if (found === T.error || type === T.error) {
      isFine = false;
    } else if (found !== type) {
      isFine = false;
      c.error(isIntegerType(found) || found === T.char ? "E0503" : "E0513", end, `${c.aType(found)} is no end of a range of ${c.typeName(type)}`);
    }
  }
  if (!isFine || ends.length < 2) return;
  const from = constantInteger(c, ast.left(n));
  const to = constantInteger(c, ast.right(n));
  if (from === undefined || to === undefined) return;
  if (ast.has(n, Flag.inclusive) ? from > to : from >= to) c.error("E0507", n, "this range is empty, so nothing matches it");
}

/** The type of one end of a range; that of a literal is settled. */
function settleEnd(c: Checker, n: Node, type: TypeId): TypeId {
  return settleDefault(c, n, check(c, n, type));
}

/** The variant or constant that a pattern's path means; reports what is neither. */
export function resolveIn(c: Checker, at: Node, type: TypeId): Definition | undefined {
  const { ast, types } = c;
  if (ast.kind[at] === Kind.Name) {
    const name = ast.name(at);
    const kind = types.kindOf(type);
    const isBuiltin = name === Names.Some || name === Names.None ? kind === TypeKind.Optional : name === Names.Ok || name === Names.Err ? kind === TypeKind.Result : false;
    if (!isBuiltin) {
      const enumeration = enumBehind(c, kind === TypeKind.Enum ? type : (0 as TypeId));
      const own = enumeration === undefined ? undefined : variantOf(c, enumeration, name);
      if (own !== undefined) return own;
    }
    const declared = name === Names.Self ? structureOf(c, c.selfType) : findDeclared(c, name, at);
    if (declared !== undefined) return declared;
    const other = findVariant(c, name);
    if (other !== undefined && other !== "ambiguous") return other;
    if (type === T.error) return undefined;
    const enumeration = enumBehind(c, type);
    if (c.isIncomplete(enumeration) || c.isLost(name)) return undefined;
    const near = suggest(c.nameText(name), enumeration === undefined ? [] : enumeration.variants.map((one) => c.nameText(one.name)));
    c.error("E0512", at, enumeration === undefined ? `${c.nameText(name)} is no variant and no constant` : `${c.typeName(type)} has no variant ${c.nameText(name)}, and no constant has this name`, {
      advice: [near === undefined ? "a name that binds begins in lower case" : `did you mean ${near}?`],
    });
    return undefined;
  }
  const found = resolvePath(c, at);
  if (found === "error") return undefined;
  if (found === "value") {
    reportNoType(c, at, "E0512", "this is no variant and no constant");
    return undefined;
  }
  return found;
}

/** A variant is one of the type that is matched; reports it if not. */
export function isOf(c: Checker, n: Node, variant: VariantDefinition, type: TypeId): boolean {
  const { types } = c;
  if (type === T.error) return false;
  const kind = types.kindOf(type);
  if (variant.owner === 0) {
    const isOptional = variant.name === Names.Some || variant.name === Names.None;
    if (kind === (isOptional ? TypeKind.Optional : TypeKind.Result)) return true;
    c.error("E0503", n, `${c.nameText(variant.name)} never matches ${c.aType(type)}`);
    return false;
  }
  const owner = c.definition(variant.owner);
  if (owner.kind === "enum") {
    ensureStructure(c, owner);
    if (kind === TypeKind.Enum && types.definition(type) === owner.id) return true;
    const inner = kind === TypeKind.Optional ? types.inner(type) : (0 as TypeId);
    const isInside = types.kindOf(inner) === TypeKind.Enum && types.definition(inner) === owner.id;
    c.error("E0503", n, `${c.nameText(owner.name)}.${c.nameText(variant.name)} never matches ${c.aType(type)}`, { advice: isInside ? [`write Some(${c.nameText(variant.name)})`] : [] });
  }
  return false;
}

/** The types of a variant's parts, in a value of type `type`. */
export function partsOf(c: Checker, variant: VariantDefinition, type: TypeId): readonly TypeId[] {
  const { types } = c;
  if (variant.owner !== 0) return variant.fields.map((field) => fieldTypeIn(types, c.definitions, type, field.type));
  switch (variant.name) {
    case Names.None: return [];
    case Names.Some: return [types.inner(type)];
    case Names.Ok: return [types.inner(type)];
    default: return [types.errorType(type)];
  }
}
