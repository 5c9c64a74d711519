/** `if`, `match`, `loop` and `while`, and conditions. */

import type { Label } from "../source/diagnostics.ts";
import { BinaryOperator, Kind, type NameId, type Node } from "../syntax/ast.ts";
import { checkDropped, leaveScope } from "./blocks.ts";
import { noteChange } from "./captures.ts";
import type { Checker } from "./context.ts";
import { coerce, converts, isNumber, mismatch } from "./convert.ts";
import { checkExhaustive, isIrrefutable } from "./exhaustive.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { takesType } from "./needsType.ts";
import { reportNoValue } from "./noValue.ts";
import { bindPattern, Mode } from "./patterns.ts";
import { isPlace, markAddressTaken } from "./places.ts";
import { defaultType, isLiteralType, settle, settleDefault } from "./settle.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { isUnknown, taint, tieValue } from "./unknowns.ts";

/** A condition: a bool, or `let pattern = value`, whose names are then bound in the scope that the caller opened. */
export function checkCondition(c: Checker, n: Node): void {
  const { ast, program } = c;
  if (ast.kind[n] === Kind.LetCondition) {
    program.setType(n, T.bool);
    const value = ast.conditionValue(n);
    const whole = infer(c, value);
    const type = isUnknown(c, whole) ? T.error : whole;
    const errors = c.diagnostics.errorCount;
    matchScrutinee(c, value, ast.pattern(n), type);
    if (c.diagnostics.errorCount === errors && type !== T.error && type !== T.never && isIrrefutable(c, ast.pattern(n))) {
      const pattern = ast.pattern(n);
      const isName = c.types.kindOf(type) === TypeKind.Optional && ast.kind[pattern] === Kind.BindingPattern;
      c.warning("W0106", c.span(pattern), "this pattern always matches", [isName ? `to look whether there is a value: if let Some(${c.nameText(ast.name(pattern))}) = …` : "use let"]);
    }
    return;
  }
  if (ast.kind[n] === Kind.Binary && ast.operator(n) === BinaryOperator.LogicalAnd && containsLet(c, n)) {
    // `a && let p = e` chains: each part binds for what follows.
    checkCondition(c, ast.left(n));
    checkCondition(c, ast.right(n));
    program.setType(n, T.bool);
    return;
  }
  const type = settleDefault(c, n, check(c, n, T.bool));
  if (type === T.bool || type === T.error || type === T.never) return;
  if (throughReferences(c, type) === T.bool) {
    program.setWanted(n, T.bool);
    return;
  }
  c.error("E0306", n, `a condition is a bool, not ${c.typeName(type)}`, { advice: adviceCondition(c, type) });
}

/** How a value of another type becomes a condition. */
function adviceCondition(c: Checker, type: TypeId): string[] {
  const kind = c.types.kindOf(type);
  if (kind === TypeKind.Pointer) return ["compare it: … != nil"];
  if (type === T.str) return ["compare its length: ….len != 0"];
  if (kind === TypeKind.Optional) return ["write: if let Some(x) = …"];
  if (kind === TypeKind.Result) return ["write: if let Ok(x) = …, or ….is_ok()"];
  return isNumber(type) ? ["compare it: … != 0"] : [];
}

function containsLet(c: Checker, n: Node): boolean {
  const { ast } = c;
  for (let at = n; ast.kind[at] === Kind.Binary && ast.operator(at) === BinaryOperator.LogicalAnd; at = ast.left(at)) {
    if (ast.kind[ast.right(at)] === Kind.LetCondition || ast.kind[ast.left(at)] === Kind.LetCondition) return true;
  }
  return false;
}

/** Binds a pattern against a value: by reference where the value is a place behind a reference. */
function matchScrutinee(c: Checker, value: Node, pattern: Node, type: TypeId): void {
  const before = c.boundByReference;
  c.boundByReference = false;
  c.boundMutably = false;
  bindPattern(c, pattern, type, Mode.value, false);
  if (c.boundByReference && isPlace(c, value)) markAddressTaken(c, value);
  if (c.boundMutably && c.closure !== undefined) noteChange(c, value);
  c.boundByReference = before;
}

/** Branches that all lack the Ok(()) of a function are one mistake: what `at` decides between is why. */
function causeOfBranches(c: Checker, at: Node, expected: TypeId, what: string): Label | undefined {
  const { types } = c;
  return types.kindOf(expected) === TypeKind.Result && types.inner(expected) === T.void ? c.label(at, `what this ${what} gives: Ok(()) may also stand once behind it`) : undefined;
}

/** `if`, as a value of `expected` (0: as what its blocks give) or as a statement. */
export function checkIf(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, program } = c;
  const before = c.diverges;
  /** All branches so far leave. */
  let allDiverge = true;
  let type: TypeId = 0 as TypeId;
  let typed: Node = 0 as Node;
  let isLast = false;
  const order = expected === 0 ? branchOrder(c, n) : undefined;
  const cause = causeOfBranches(c, ast.condition(n), expected, "if");
  let at = order === undefined ? n : (order[0] as Node);
  let conditionDiverges = false;
  for (let i = 1; ; i++) {
    if (ast.kind[at] === Kind.If) {
      const outer = c.scopes.enter();
      // The branch that was looked at before may have left.
      c.diverges = false;
      checkCondition(c, ast.condition(at));
      if (at === n) conditionDiverges = c.diverges;
      c.diverges = false;
      const block = ast.thenBlock(at);
      c.blockCause = cause;
      const found = check(c, block, hintOf(c, expected, type, block));
      leaveScope(c, outer);
      allDiverge &&= c.diverges;
      if (type === 0 || type === T.never) {
        type = found;
        typed = block;
      } else {
        type = unify(c, type, typed, block, found, expected);
      }
    } else {
      isLast = true;
      c.diverges = false;
      c.blockCause = cause;
      const found = check(c, at, hintOf(c, expected, type, at));
      allDiverge &&= c.diverges;
      if (type === 0 || type === T.never) {
        type = found;
        typed = at;
      } else {
        type = unify(c, type, typed, at, found, expected);
      }
    }
    const next = order !== undefined ? (order[i] ?? (0 as Node)) : ast.kind[at] === Kind.If ? ast.elseBlock(at) : (0 as Node);
    if (next === 0) break;
    at = next;
  }
  c.diverges = before || conditionDiverges || (isLast && allDiverge);
  if (!isLast) {
    // Without a last else the value may be missing.
    if (expected !== 0 && expected !== T.void && expected !== T.error) {
      // Where no branch has a value, whoever wants one says so.
      if (type === T.void || type === T.never) return T.void;
      if (type !== T.error) c.error("E0362", n, `an if without else has no value, and ${c.typeName(expected)} is wanted`, { advice: ["add an else"] });
      return T.error;
    }
    if (expected === 0 && type !== T.void && type !== T.never && type !== T.error) {
      settleLiteral(c, n, type);
      c.error("E0362", n, "an if without else has no value", { advice: ["add an else"] });
      type = T.error;
    } else {
      type = type === T.error ? T.error : T.void;
    }
  }
  // The else-ifs are expressions of their own.
  for (let inner = ast.elseBlock(n); inner !== 0 && ast.kind[inner] === Kind.If; inner = ast.elseBlock(inner)) program.setType(inner, type);
  return type;
}

/** What a further branch is expected to be: what is wanted of all, else what the one before is, which tells `None` and the like their type. */
function hintOf(c: Checker, expected: TypeId, before: TypeId, n: Node): TypeId {
  if (expected !== 0 || before === 0) return expected;
  const kind = c.types.kindOf(before);
  if (kind === TypeKind.Optional || kind === TypeKind.Result || kind === TypeKind.Enum) return before;
  return before > T.void && !isLiteralType(before) && takesType(c, lastOf(c, n)) ? before : expected;
}

/**
 * The branches of an `if` of which nothing is wanted, in the order in which they are checked: those that take their type from the others come last.
 * Undefined if that is the order in which they stand.
 */
function branchOrder(c: Checker, n: Node): readonly Node[] | undefined {
  const { ast } = c;
  const first: Node[] = [];
  const later: Node[] = [];
  for (let at = n; at !== 0; at = ast.kind[at] === Kind.If ? ast.elseBlock(at) : (0 as Node)) {
    (takesType(c, lastOf(c, ast.kind[at] === Kind.If ? ast.thenBlock(at) : at)) ? later : first).push(at);
  }
  return later.length === 0 || first.length === 0 ? undefined : [...first, ...later];
}

/** The arms of a match likewise. */
function armOrder(c: Checker, n: Node): readonly Node[] | undefined {
  const { ast } = c;
  const arms = ast.arms(n);
  const first: Node[] = [];
  const later: Node[] = [];
  for (let i = 0; i < ast.length(arms); i++) {
    const arm = ast.item(arms, i);
    (takesType(c, lastOf(c, ast.armBody(arm))) ? later : first).push(arm);
  }
  return later.length === 0 || first.length === 0 ? undefined : [...first, ...later];
}

function settleLiteral(c: Checker, n: Node, type: TypeId): void {
  c.program.setType(n, type);
  settleDefault(c, n, type);
}

/** The type of two branches together; converts one where it fits the other. */
function unify(c: Checker, type: TypeId, typed: Node, n: Node, found: TypeId, expected: TypeId): TypeId {
  if (found === type || found === T.never) return type;
  if (type === T.error || found === T.error) {
    if (c.learning) taint(c, type === T.error ? found : type);
    return T.error;
  }
  if (type === T.never) return found;
  if (expected === T.void) return T.void;
  // What was wanted is itself wrong, and might have taken both.
  if (expected === T.error) return T.error;
  if (c.learning && (c.types.hasVariable(type) || c.types.hasVariable(found))) {
    if (isLiteralType(type)) return tieValue(c, typed, type, found);
    return tieValue(c, n, found, type);
  }
  if (isLiteralType(type)) {
    if (isLiteralType(found)) return T["float literal"];
    const base = throughReferences(c, found);
    settle(c, typed, isLiteralFor(type, base) ? base : defaultType(type));
    type = c.program.typeOf(typed);
    if (type === found) return found;
  } else if (isLiteralType(found)) {
    const base = throughReferences(c, type);
    settle(c, n, isLiteralFor(found, base) ? base : defaultType(found));
    found = c.program.typeOf(n);
    if (type === found) return found;
  }
  if (converts(c, found, type)) {
    coerce(c, n, type);
    return type;
  }
  if (converts(c, type, found)) {
    coerce(c, typed, found);
    return found;
  }
  if (found === T.void || type === T.void) {
    return mismatch(c, found === T.void ? lastOf(c, n) : lastOf(c, typed), T.void, found === T.void ? type : found);
  }
  return c.error("E0328", lastOf(c, n), `expected ${c.typeName(type)} as in the branch before, found ${c.typeName(found)}`, { labels: [c.label(lastOf(c, typed), `this is ${c.typeName(type)}`)] });
}

function isLiteralFor(literal: TypeId, type: TypeId): boolean {
  return (type >= T.i8 && type <= T.usize && literal === T["integer literal"]) || type === T.f32 || type === T.f64;
}

/** What gives a block its value. */
function lastOf(c: Checker, n: Node): Node {
  let at = n;
  while (c.ast.kind[at] === Kind.Block && c.ast.result(at) !== 0) at = c.ast.result(at);
  return at;
}

/** `match`: its arms against the value, and whether they leave none out. */
export function checkMatch(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, program } = c;
  const scrutinee = ast.scrutinee(n);
  const whole = infer(c, scrutinee);
  const subject = isUnknown(c, whole) ? T.error : whole;
  const arms = ast.arms(n);
  const before = c.diverges;
  let type: TypeId = T.never;
  let typed: Node = 0 as Node;
  let allDiverge = true;
  const wasBound = c.boundByReference;
  c.boundByReference = false;
  if (subject === T.void && ast.kind[scrutinee] !== Kind.Tuple) reportNoValue(c, scrutinee, "match needs a value, and this has none");
  const order = expected === 0 ? armOrder(c, n) : undefined;
  const cause = causeOfBranches(c, scrutinee, expected, "match");
  for (let i = 0; i < ast.length(arms); i++) {
    const arm = order?.[i] ?? ast.item(arms, i);
    const outer = c.scopes.enter();
    c.diverges = false;
    c.boundMutably = false;
    bindPattern(c, ast.pattern(arm), subject, Mode.value, false);
    if (c.boundMutably && c.closure !== undefined) noteChange(c, scrutinee);
    const guard = ast.guard(arm);
    if (guard !== 0) {
      checkCondition(c, guard);
      c.diverges = false;
    }
    const body = ast.armBody(arm);
    let found: TypeId;
    if (expected === T.void) {
      checkDropped(c, body);
      found = c.diverges ? T.never : program.typeOf(body) === T.error ? T.error : T.void;
    } else {
      found = expected === 0 ? check(c, body, hintOf(c, expected, type, body)) : checkAs(c, body, expected, cause);
      if (c.diverges) found = T.never;
    }
    leaveScope(c, outer);
    allDiverge &&= c.diverges;
    if (type === T.never || type === 0) {
      type = found;
      typed = body;
    } else {
      type = unify(c, type, typed, body, found, expected);
    }
    program.setType(arm, type);
  }
  if (order !== undefined) for (const arm of order) program.setType(arm, type);
  if (c.boundByReference && isPlace(c, scrutinee)) {
    markAddressTaken(c, scrutinee);
  }
  c.boundByReference = wasBound;
  c.diverges = before || allDiverge;
  if (subject !== T.error && subject !== T.never) checkExhaustive(c, n, subject, "E0501");
  return type;
}

/** `loop`: its value is what `break` gives, never without one. */
export function checkLoop(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, loops } = c;
  const at = enterLoop(c, n, expected === T.void ? 0 : expected);
  const before = c.diverges;
  check(c, ast.body(n), T.void);
  const isLeft = loops.left[at] === true;
  const result = loops.results[at] as TypeId;
  leaveLoop(c, n);
  c.diverges = before || !isLeft;
  if (!isLeft) return T.never;
  return result === 0 ? T.void : result;
}

/** `while`, `while let`. */
export function checkWhile(c: Checker, n: Node): TypeId {
  const { ast } = c;
  const outer = c.scopes.enter();
  checkCondition(c, ast.condition(n));
  const before = c.diverges;
  enterLoop(c, n, -1);
  check(c, ast.body(n), T.void);
  leaveLoop(c, n);
  c.diverges = before;
  leaveScope(c, outer);
  return T.void;
}

/** Enters a loop; gives its place in the stack. `wanted`: -1 for a loop without a value. */
export function enterLoop(c: Checker, n: Node, wanted: number): number {
  const { loops, ast } = c;
  const at = loops.depth++;
  loops.nodes[at] = n;
  loops.labels[at] = ast.label(n);
  loops.wanted[at] = wanted;
  loops.results[at] = 0;
  loops.left[at] = false;
  loops.labelUsed[at] = false;
  return at;
}

/** Takes the innermost loop off; warns of a label that nobody names. */
export function leaveLoop(c: Checker, n: Node): void {
  const { loops, ast } = c;
  const at = --loops.depth;
  const label = loops.labels[at] as NameId;
  if (label !== 0 && loops.labelUsed[at] !== true) {
    const start = ast.start[n] as number;
    c.warning("W0108", { start, end: start + c.nameText(label).length }, `no break or continue names the label ${c.nameText(label)}`);
  }
}
