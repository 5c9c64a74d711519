/** Assignments: `place = value`, `place op= value`, and `(a, b) = value`. */

import { BinaryOperator as Op, Kind, binaryOperators, type Node } from "../syntax/ast.ts";
import { knownBinary, knownInteger } from "./arithmetic.ts";
import { Names } from "../source/interner.ts";
import { arithmeticType, shiftType } from "./binary.ts";
import { throughReferences } from "./traits.ts";
import type { Checker } from "./context.ts";
import { coerce, isNumber } from "./convert.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { unknownType } from "./matching.ts";
import { assignedHint, reportAssigned } from "./overloads.ts";
import { immutability, isPlace, markAssigned } from "./places.ts";
import { settleDefault } from "./settle.ts";
import { LocalFlag, MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import type { LocalId } from "./definitions.ts";
import { T, TypeKind, isIntegerType, type TypeId } from "./types.ts";
import { taint } from "./unknowns.ts";

/** `place = value` and `place op= value`. */
export function checkAssign(c: Checker, n: Node): TypeId {
  const { ast } = c;
  const place = ast.left(n);
  const value = ast.right(n);
  const operator = ast.operator(n);
  if (operator === 0 && ast.kind[place] === Kind.Tuple && ast.length(ast.elements(place)) > 0) {
    const parts = placesType(c, place);
    if (parts === T.error) infer(c, value);
    else if (!c.types.hasVariable(parts)) checkAs(c, value, parts);
    else assignSome(c, place, value, parts);
    return T.void;
  }
  const wasUsed = isPlainLocal(c, place);
  if (wasUsed === undefined && operator === 0 && ast.kind[place] === Kind.Name) c.assigned = place;
  const type = infer(c, place);
  if (wasUsed !== undefined && !wasUsed) unuse(c, place);
  if (type === T.error) {
    const found = infer(c, value);
    if (c.learning) taint(c, found);
    return T.void;
  }
  if (!isPlace(c, place)) {
    c.error("E0311", place, "this is not a place that can be assigned", { advice: ["assign to a variable, a field, an element or *pointer"] });
    infer(c, value);
    return T.void;
  }
  const why = immutability(c, place);
  if (why !== undefined) {
    const behind = c.types.kindOf(type) === TypeKind.Reference && c.ast.kind[place] === Kind.Name && (operator !== 0 || c.types.isMutable(type) || isLent(c, place));
    const text = behind ? c.nameText(c.ast.name(place)) : "";
    const advice = !behind ? why.advice : c.types.isMutable(type) ? [`to change what it refers to, write *${text}`] : [`to change what it refers to, borrow that by &mut, as in for ${text} in &mut xs, and write *${text}`];
    c.error("E0310", place, why.message, { labels: why.labels, advice });
    // What it refers to was meant, so its type tells no more.
    if (behind) {
      infer(c, value);
      return T.void;
    }
  } else {
    markAssigned(c, place);
  }
  if (operator === 0) {
    checkAs(c, value, type);
    return T.void;
  }
  if (operator === Op.ShiftLeft || operator === Op.ShiftRight) {
    const result = shiftType(c, n, type, infer(c, value));
    const known = knownInteger(c, value);
    if (isIntegerType(result) && known !== undefined) knownBinary(c, n, operator, undefined, known, result);
    return T.void;
  }
  if (operator > Op.Xor) {
    c.error("E0305", n, `${binaryOperators[operator]}= is no operator`);
    return T.void;
  }
  const right = check(c, value, assignedHint(c, operator, type));
  const result = arithmeticType(c, n, operator, type, right, type);
  if (result !== T.error && result !== type && meaningKind(c.program.meaningOf(n)) === MeaningKind.Definition) {
    reportAssigned(c, n, operator, type, result);
  } else if (result !== T.error && result !== type) {
    c.error("E0301", value, `expected ${c.typeName(type)}, found ${c.typeName(right)}`, { advice: isNumber(type) && isNumber(throughReferences(c, right)) ? [`write: … as ${c.typeName(type)}`] : [] });
  } else if (isIntegerType(result)) {
    const known = knownInteger(c, value);
    if (known !== undefined) knownBinary(c, n, operator, undefined, known, result);
  }
  return T.void;
}

/** The places of `(a, b) = value`, which are assigned one after the other: the type that the value has. */
function placesType(c: Checker, tuple: Node): TypeId {
  const { ast, types, program } = c;
  const list = ast.elements(tuple);
  const parts: TypeId[] = [];
  let isFine = true;
  for (let i = 0; i < ast.length(list); i++) {
    const place = ast.item(list, i);
    if (isNobody(c, place)) {
      parts.push(unknownType(types));
      continue;
    }
    const isNested = ast.kind[place] === Kind.Tuple && ast.length(ast.elements(place)) > 0;
    const wasUsed = isPlainLocal(c, place);
    const type = isNested ? placesType(c, place) : infer(c, place);
    if (wasUsed !== undefined && !wasUsed) unuse(c, place);
    parts.push(type);
    isFine &&= type !== T.error;
    if (isNested || type === T.error) continue;
    if (!isPlace(c, place)) {
      c.error("E0311", place, "this is not a place that can be assigned", { advice: ["a tuple is assigned to variables, fields and elements"] });
      isFine = false;
      continue;
    }
    const why = immutability(c, place);
    if (why !== undefined) c.error("E0310", place, why.message, { labels: why.labels, advice: why.advice });
    else markAssigned(c, place);
  }
  const type = isFine ? types.tuple(parts) : T.error;
  program.setType(tuple, type);
  return type;
}

/** The variable of a loop: what its pattern stands in is the first node around it that is no pattern, as children come before their parents. */
function isLent(c: Checker, place: Node): boolean {
  const { kind, start, end, count } = c.ast;
  const m = c.program.meaningOf(place);
  if (meaningKind(m) !== MeaningKind.Local) return false;
  const variable = c.program.localNode(meaningIndex(m) as LocalId);
  const [from, to] = [start[variable] as number, end[variable] as number];
  for (let at = variable + 1; at < count; at++) {
    const around = kind[at] as number;
    if ((start[at] as number) > from || (end[at] as number) < to || (around >= Kind.WildcardPattern && around <= Kind.RestPattern)) continue;
    return around === Kind.For;
  }
  return false;
}

/** The `_` in `(a, _) = value`. */
function isNobody(c: Checker, place: Node): boolean {
  return c.ast.kind[place] === Kind.Name && c.ast.name(place) === Names._;
}

/** `(a, _) = value`: the parts that no place takes have the value's own types. */
function assignSome(c: Checker, tuple: Node, value: Node, parts: TypeId): void {
  const { types, program, ast } = c;
  const found = settleDefault(c, value, check(c, value, parts));
  if (found === T.error || found === T.never) return;
  const whole = (place: Node, wanted: TypeId, given: TypeId): TypeId => {
    let type = wanted;
    if (isNobody(c, place)) type = given;
    else if (types.hasVariable(wanted) && types.kindOf(given) === TypeKind.Tuple && types.listLength(given) === types.listLength(wanted)) {
      type = types.tuple(types.items(wanted).map((item, i) => whole(ast.item(ast.elements(place), i), item, types.listItem(given, i))));
    }
    program.setType(place, type);
    return type;
  };
  const type = whole(tuple, parts, found);
  if (types.hasVariable(type)) c.error("E0301", value, `expected ${c.typeName(parts)}, found ${c.typeName(found)}`);
  else coerce(c, value, type);
}

/** Whether a local that is assigned as a whole was used before; undefined for other places. */
function isPlainLocal(c: Checker, place: Node): boolean | undefined {
  if (c.ast.kind[place] !== Kind.Name) return undefined;
  const binding = c.scopes.find(c.ast.name(place));
  return binding === 0 ? undefined : c.program.localHas(c.scopes.local(binding), LocalFlag.used);
}

/** Assigning a variable is no use of it. */
function unuse(c: Checker, place: Node): void {
  const m = c.program.meaningOf(place);
  if (meaningKind(m) === MeaningKind.Local) c.program.unmarkLocal(meaningIndex(m) as LocalId, LocalFlag.used);
}
