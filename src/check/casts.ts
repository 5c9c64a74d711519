/** Casts: `x as T`. */

import { Kind, type Node } from "../syntax/ast.ts";
import { fits, type Known } from "./arithmetic.ts";
import type { Checker } from "./context.ts";
import { coerce, converts } from "./convert.ts";
import { check, isNegativeLiteral } from "./expressions.ts";
import { isLiteralType, settle, settleDefault } from "./settle.ts";
import { throughReferences } from "./traits.ts";
import { resolveType } from "./typeNodes.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import { T, TypeKind, isFloatType, isIntegerType, isScalar, type TypeId, type TypeTable } from "./types.ts";
import { isLibraryCode } from "./visibility.ts";

/** `x as T`. */
export function checkCast(c: Checker, n: Node): TypeId {
  const { ast, types, program } = c;
  const operand = ast.operand(n);
  const to = resolveType(c, ast.castType(n));
  // A literal is made as what it is cast to, if it fits there by its form; else it is of its default type and then converted.
  const from = castOperand(c, operand, to);
  if (from === T.error || to === T.error) return to;
  if (from === T.never) return to;
  const base = throughReferences(c, from);
  let allowed = false;
  if (from === to) allowed = true;
  else if (isAddress(types, from) && (isAddress(types, to) || to === T.usize || to === T.isize)) allowed = true;
  else if ((from === T.usize || from === T.isize) && isAddress(types, to)) allowed = true;
  else if (types.kindOf(from) === TypeKind.Reference && (isPointer(types, to) || to === T.usize)) {
    program.setWanted(operand, types.pointer(types.inner(from)));
    return to;
  } else if (types.kindOf(from) === TypeKind.Function && !types.isExternal(from) && (to === T.usize || isAddress(types, to)) && isFunctionName(c, operand)) {
    const external = types.function(types.items(from), types.inner(from), 2);
    program.setWanted(operand, external);
    return to;
  } else if (scalarCast(c, n, base, to)) {
    if (base !== from) program.setWanted(operand, base);
    allowed = true;
  } else if (converts(c, from, to) || (c.learning && types.hasVariable(from) && !isScalar(to))) {
    coerce(c, operand, to);
    allowed = true;
  } else if (from === T.str && isPointer(types, to) && types.inner(to) === T.u8 && ast.kind[operand] === Kind.String) {
    coerce(c, operand, to);
    allowed = true;
  }
  if (allowed) return to;
  const advice: string[] = [];
  if (to === T.bool && isIntegerType(base)) advice.push("compare it: … != 0");
  if (to === T.char && isIntegerType(base)) advice.push("only u8 becomes a char by as: … as u8 as char, or char.from_u32(…)");
  if (base === T.str) advice.push(to === T.f64 ? "a text is parsed, not cast: parse_f64(…) gives a ?f64" : isIntegerType(to) ? "a text is parsed, not cast: parse_i64(…) gives a ?i64" : "a text is parsed, not cast");
  if (to === T.str) advice.push("a value becomes text in f\"{x}\"");
  if (isPointer(types, from) && isIntegerType(to)) advice.push("a pointer becomes a usize: … as usize");
  if (isPointer(types, to) && isIntegerType(base)) advice.push("a usize becomes a pointer: … as usize as *T");
  return c.error("E0314", n, `${c.typeName(from)} cannot be cast to ${c.typeName(to)}`, { advice });
}

function isPointer(types: TypeTable, type: TypeId): boolean {
  return types.kindOf(type) === TypeKind.Pointer;
}

/** A pointer, or a function of C. */
function isAddress(types: TypeTable, type: TypeId): boolean {
  return isPointer(types, type) || (types.kindOf(type) === TypeKind.Function && types.isExternal(type));
}

function castOperand(c: Checker, operand: Node, to: TypeId): TypeId {
  const type = check(c, operand, castHint(c, operand, to));
  if (!isLiteralType(type)) return type;
  // 300 as u8 truncates; 3000000000 as u32 is that number; 5 as f32 is 5.0.
  const known = literalValue(c, operand);
  if (type === T["integer literal"] && isIntegerType(to) && known !== undefined && fits(known, to)) settle(c, operand, to);
  else if (type === T["integer literal"] && known !== undefined && !fits(known, T.i64)) settle(c, operand, fits(known, T.u64) ? T.u64 : fits(known, T.i128) ? T.i128 : T.u128);
  else settleDefault(c, operand, type);
  return c.program.typeOf(operand);
}

/**
 * What the operand is told: between numbers, addresses and the like it has a type of its own, but where the cast says
 * what `None`, `List.new()`, `.Variant` or a closure is to be, it is as if the type stood at a variable.
 */
function castHint(c: Checker, operand: Node, to: TypeId): TypeId {
  const kind = c.types.kindOf(to);
  if (kind === TypeKind.Pointer || c.types.isExternal(to)) return c.ast.kind[operand] === Kind.Nil ? to : (0 as TypeId);
  return kind === TypeKind.Scalar ? (0 as TypeId) : to;
}

function literalValue(c: Checker, n: Node): Known {
  const { ast } = c;
  const at = ast.withoutParentheses(n);
  if (ast.kind[at] === Kind.Integer) return ast.integers[ast.literal(at)];
  if (ast.kind[at] === Kind.Unary && isNegativeLiteral(c, at)) {
    const value = ast.integers[ast.literal(ast.operand(at))] as number | bigint;
    return value === 0 ? 0 : -value;
  }
  return undefined;
}

function isFunctionName(c: Checker, n: Node): boolean {
  const m = c.program.meaningOf(n);
  return meaningKind(m) === MeaningKind.Definition && c.definition(meaningIndex(m)).kind === "function";
}

function isNumber(type: TypeId): boolean {
  return isIntegerType(type) || isFloatType(type);
}

/** Casts between numbers, char, bool and enums without parts. */
function scalarCast(c: Checker, n: Node, from: TypeId, to: TypeId): boolean {
  if (isNumber(from) && isNumber(to)) return true;
  if (from === T.char) return isIntegerType(to) || to === T.char;
  // Only std may make a char of any number: it has looked at it.
  if (to === T.char) return from === T.u8 || (from === T.u32 && (c.unit.library || isLibraryCode(c, c.ast.start[n] as number)));
  if (from === T.bool) return isIntegerType(to) || to === T.bool;
  if (isIntegerType(to) && c.types.kindOf(from) === TypeKind.Enum) {
    const definition = c.definition(c.types.definition(from));
    return definition.kind === "enum" && definition.variants.every((variant) => variant.fields.length === 0);
  }
  return false;
}
