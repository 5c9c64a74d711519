/** Blocks and statements, `if`, `match`, `loop` and `while`. */

import { Flag, Kind, type Node } from "../syntax/ast.ts";
import { LocalFlag, MeaningKind, meaning } from "./checkedProgram.ts";
import { isTaken } from "./compileIf.ts";
import type { Checker } from "./context.ts";
import { coerce, converts, mismatch } from "./convert.ts";
import { dropsSilently, hasEffect } from "./effects.ts";
import { checkExhaustive, isIrrefutable } from "./exhaustive.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { bindPattern, Mode } from "./patterns.ts";
import { isPlace, markAddressTaken, markAssigned } from "./places.ts";
import { isLiteralType, settle, settleDefault } from "./settle.ts";
import { throughReferences } from "./traits.ts";
import { resolveSizedType } from "./typeNodes.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

/** A block; its value is the last expression's, dropped where void is expected. */
export function checkBlock(c: Checker, n: Node, expected: TypeId): TypeId {
  const outer = c.scopes.enter();
  const type = checkStatements(c, n, expected);
  leaveScope(c, outer);
  return type;
}

/** A block's statements, in a scope that the caller opened. */
export function checkStatements(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast } = c;
  const statements = ast.statements(n);
  const length = ast.length(statements);
  let warned = c.diverges;
  for (let i = 0; i < length; i++) {
    const statement = ast.item(statements, i);
    if (c.diverges && !warned) {
      warned = true;
      c.warning("W0103", c.span(statement), "this is never reached");
    }
    checkStatement(c, statement);
  }
  const result = ast.result(n);
  if (result === 0) return c.diverges ? T.never : T.void;
  if (c.diverges && !warned) c.warning("W0103", c.span(result), "this is never reached");
  if (expected === T.void) {
    checkDropped(c, result);
    return c.diverges ? T.never : T.void;
  }
  const type = check(c, result, expected);
  if (c.diverges) return T.never;
  if (expected === 0 || type === expected) return type;
  if (type === T.void && isBlockLike(ast.kind[result] as number)) return T.void;
  return coerce(c, result, expected);
}

/** These may end without a value although a value was wanted; the block's user says so. */
function isBlockLike(kind: number): boolean {
  return kind === Kind.If || kind === Kind.While || kind === Kind.For || kind === Kind.Match || kind === Kind.Block || kind === Kind.Loop;
}

export function checkStatement(c: Checker, n: Node): void {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.ExpressionStatement:
      checkDropped(c, ast.operand(n));
      return;
    case Kind.Let:
      checkLet(c, n);
      return;
    case Kind.Defer:
      checkDefer(c, n);
      return;
    case Kind.CompileIfStatement:
      checkCompileIf(c, n);
      return;
    case Kind.Error:
      return;
    default:
      checkDropped(c, n);
  }
}

/** An expression whose value nobody uses. */
export function checkDropped(c: Checker, n: Node): void {
  const { ast, types } = c;
  const kind = ast.kind[n];
  const expected = kind === Kind.If || kind === Kind.Match || kind === Kind.Block ? T.void : (0 as TypeId);
  const type = settleDefault(c, n, check(c, n, expected));
  if (type === T.error || type === T.void || type === T.never) return;
  if (!hasEffect(c, n)) {
    const advice = kind === Kind.Binary && ast.operator(n) === 17 ? ["= assigns, == compares"] : ["perhaps an assignment or a return is missing"];
    c.error("E0312", n, "this computes a value that nobody uses", { advice });
  } else if (types.kindOf(type) === TypeKind.Result && !dropsSilently(c, n)) {
    c.warning("W0101", c.span(n), "this Result is dropped, and an error in it would go unnoticed", ["use ?, !, ?? or match; let _ = … says that it is meant"]);
  }
}

/** Closes a scope and warns about what was declared in it for nothing. */
export function leaveScope(c: Checker, outer: number): void {
  const { scopes, program, ast } = c;
  if (!c.unit.library) {
    for (let at: number = scopes.scopeStart; at < scopes.top; at++) {
      const local = scopes.local(at as typeof scopes.top);
      if (!program.localHas(local, LocalFlag.used)) {
        const name = c.nameText(scopes.nameOf(at));
        const node = program.localNode(local);
        if (!name.startsWith("_") && name !== "self" && ast.kind[node] !== Kind.Parameter) {
          const start = ast.start[node] as number;
          c.warning("W0102", { start, end: start + name.length }, `${name} is never used`, [`call it _${name} if that is meant`]);
        }
      } else if (program.localHas(local, LocalFlag.declaredVar) && !program.localHas(local, LocalFlag.assigned) && !program.localHas(local, LocalFlag.addressTaken)) {
        const node = program.localNode(local);
        c.warning("W0107", c.span(node), `${c.nameText(scopes.nameOf(at))} never changes`, ["declare it with let"]);
      }
    }
  }
  scopes.leave(outer);
}

function checkLet(c: Checker, n: Node): void {
  const { ast, program, types } = c;
  const pattern = ast.pattern(n);
  const typeNode = ast.declaredType(n);
  const value = ast.initialiser(n);
  const otherwise = ast.letElse(n);
  const mutable = ast.has(n, Flag.mutable);
  let type: TypeId;
  if (typeNode !== 0) {
    type = resolveSizedType(c, typeNode);
    if (value !== 0) checkAs(c, value, type, type === T.error ? undefined : c.label(typeNode, "the type is declared here"));
  } else if (value !== 0) {
    type = infer(c, value);
    if (type === T.void && !(isUnit(c, value) || ast.kind[pattern] === Kind.WildcardPattern)) type = c.error("E0334", value, "this has no value to store");
    else if (type === T.never) type = T.error;
  } else {
    type = T.error;
  }
  // A pattern that takes a place apart through references binds references into it.
  if (value !== 0 && ast.kind[pattern] !== Kind.BindingPattern && types.kindOf(type) === TypeKind.Reference && isPlace(c, value)) markAddressTaken(c, value);
  if (ast.kind[pattern] === Kind.BindingPattern && ast.subpattern(pattern) === 0) {
    program.setType(pattern, type);
    declare(c, pattern, type, mutable ? LocalFlag.mutable | LocalFlag.declaredVar : 0);
    if (otherwise !== 0) {
      c.warning("W0106", c.span(pattern), "this pattern always matches, so else is never taken", ["use a plain let"]);
      checkElse(c, otherwise);
    }
    return;
  }
  if (otherwise !== 0) checkElse(c, otherwise);
  bindPattern(c, pattern, type, Mode.value, mutable);
  const irrefutable = type === T.error || isIrrefutable(c, pattern);
  if (otherwise === 0 && !irrefutable) {
    checkExhaustive(c, pattern, type, "E0508");
  } else if (otherwise !== 0 && irrefutable && type !== T.error) {
    c.warning("W0106", c.span(pattern), "this pattern always matches, so else is never taken", ["use a plain let"]);
  }
}

/** `()`, perhaps in parentheses. */
function isUnit(c: Checker, n: Node): boolean {
  let at = n;
  while (c.ast.kind[at] === Kind.Paren) at = c.ast.operand(at);
  return c.ast.kind[at] === Kind.Tuple || c.ast.kind[at] === Kind.Error;
}

/** The block of `let … else`, which leaves. */
function checkElse(c: Checker, block: Node): void {
  const before = c.diverges;
  c.diverges = false;
  const type = check(c, block, T.void);
  if (type !== T.never && type !== T.error) c.error("E0330", block, "this block reaches its end", { advice: ["it must return, break, continue or panic"] });
  c.diverges = before;
}

/** Declares the local of a BindingPattern or Parameter. */
export function declare(c: Checker, n: Node, type: TypeId, flags: number): void {
  const { scopes, program, ast } = c;
  const name = ast.name(n);
  const there = scopes.find(name);
  if (there !== 0 && scopes.isInnermost(there)) {
    const first = program.localNode(scopes.local(there));
    const isParameter = ast.kind[n] === Kind.Parameter;
    c.error(isParameter ? "E0213" : "E0203", n, `${c.nameText(name)} is declared twice${isParameter ? "" : " in this scope"}`, {
      labels: [c.label(first, "first declared here")], advice: isParameter ? [] : ["give it another name, or open a block"],
    });
  }
  const local = program.addLocal(type, flags, n);
  program.setMeaning(n, meaning(MeaningKind.Local, local));
  scopes.bind(name, local);
}

function checkDefer(c: Checker, n: Node): void {
  const wasDeferred = c.inDefer;
  const { base } = c.loops;
  const before = c.diverges;
  c.inDefer = true;
  c.loops.base = c.loops.nodes.length;
  checkDropped(c, c.ast.operand(n));
  c.loops.base = base;
  c.inDefer = wasDeferred;
  c.diverges = before;
}

function checkCompileIf(c: Checker, n: Node): void {
  const { ast, program } = c;
  const condition = ast.condition(n);
  program.setType(condition, T.bool);
  if (isTaken(c, condition)) {
    program.setMeaning(n, meaning(MeaningKind.Node, ast.thenBlock(n)));
    check(c, ast.thenBlock(n), T.void);
    return;
  }
  const otherwise = ast.elseBlock(n);
  if (otherwise === 0) return;
  if (ast.kind[otherwise] === Kind.CompileIfStatement) checkCompileIf(c, otherwise);
  else check(c, otherwise, T.void);
}

/** A condition: a bool, or `let pattern = value`, whose names are then bound in the scope that the caller opened. */
export function checkCondition(c: Checker, n: Node): void {
  const { ast, program } = c;
  if (ast.kind[n] === Kind.LetCondition) {
    program.setType(n, T.bool);
    const value = ast.conditionValue(n);
    const type = infer(c, value);
    matchScrutinee(c, value, ast.pattern(n), type);
    if (type !== T.error && type !== T.never && isIrrefutable(c, ast.pattern(n))) {
      c.warning("W0106", c.span(ast.pattern(n)), "this pattern always matches", ["use let"]);
    }
    return;
  }
  if (ast.kind[n] === Kind.Binary && ast.operator(n) === 23 && containsLet(c, n)) {
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
  const advice = c.types.kindOf(type) === TypeKind.Pointer ? ["compare it: … != nil"] : type === T.str ? ["compare its length: ….len != 0"] : c.types.kindOf(type) === TypeKind.Optional ? ["write: if let Some(x) = …"] : type === T.void ? [] : ["compare it: … != 0"];
  c.error("E0306", n, `a condition is a bool, not ${c.typeName(type)}`, { advice });
}

function containsLet(c: Checker, n: Node): boolean {
  const { ast } = c;
  for (let at = n; ast.kind[at] === Kind.Binary && ast.operator(at) === 23; at = ast.left(at)) {
    if (ast.kind[ast.right(at)] === Kind.LetCondition || ast.kind[ast.left(at)] === Kind.LetCondition) return true;
  }
  return false;
}

/** Binds a pattern against a value: by reference where the value is a place behind a reference. */
function matchScrutinee(c: Checker, value: Node, pattern: Node, type: TypeId): void {
  const before = c.boundByReference;
  c.boundByReference = false;
  bindPattern(c, pattern, type, Mode.value, false);
  if (c.boundByReference && isPlace(c, value)) markAddressTaken(c, value);
  c.boundByReference = before;
}

export function checkIf(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, program } = c;
  const before = c.diverges;
  /** All branches so far leave. */
  let allDiverge = true;
  let type: TypeId = 0 as TypeId;
  let typed: Node = 0 as Node;
  let isLast = false;
  let at = n;
  let conditionDiverges = false;
  for (;;) {
    if (ast.kind[at] === Kind.If) {
      const outer = c.scopes.enter();
      checkCondition(c, ast.condition(at));
      if (at === n) conditionDiverges = c.diverges;
      c.diverges = false;
      const block = ast.thenBlock(at);
      const found = check(c, block, expected);
      leaveScope(c, outer);
      allDiverge &&= c.diverges;
      if (type === 0 || type === T.never) {
        type = found;
        typed = block;
      } else {
        type = unify(c, type, typed, block, found, expected);
      }
      const next = ast.elseBlock(at);
      if (next === 0) break;
      at = next;
    } else {
      isLast = true;
      c.diverges = false;
      const found = check(c, at, expected);
      allDiverge &&= c.diverges;
      type = type === T.never ? found : unify(c, type, typed, at, found, expected);
      break;
    }
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

function settleLiteral(c: Checker, n: Node, type: TypeId): void {
  c.program.setType(n, type);
  settleDefault(c, n, type);
}

/** The type of two branches together; converts one where it fits the other. */
function unify(c: Checker, type: TypeId, typed: Node, n: Node, found: TypeId, expected: TypeId): TypeId {
  if (found === type || found === T.never) return type;
  if (type === T.error || found === T.error) return T.error;
  if (type === T.never) return found;
  if (expected === T.void) return T.void;
  if (isLiteralType(type)) {
    if (isLiteralType(found)) return T["float literal"];
    const base = throughReferences(c, found);
    settle(c, typed, isLiteralFor(type, base) ? base : type === T["integer literal"] ? T.i64 : T.f64);
    type = c.program.typeOf(typed);
    if (type === found) return found;
  } else if (isLiteralType(found)) {
    const base = throughReferences(c, type);
    settle(c, n, isLiteralFor(found, base) ? base : found === T["integer literal"] ? T.i64 : T.f64);
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

export function checkMatch(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, program } = c;
  const scrutinee = ast.scrutinee(n);
  const subject = infer(c, scrutinee);
  const arms = ast.arms(n);
  const before = c.diverges;
  let type: TypeId = T.never;
  let typed: Node = 0 as Node;
  let allDiverge = true;
  const wasBound = c.boundByReference;
  c.boundByReference = false;
  if (subject === T.void && ast.kind[scrutinee] !== Kind.Tuple) c.error("E0334", scrutinee, "match needs a value, and this has none");
  for (let i = 0; i < ast.length(arms); i++) {
    const arm = ast.item(arms, i);
    const outer = c.scopes.enter();
    c.diverges = false;
    bindPattern(c, ast.pattern(arm), subject, Mode.value, false);
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
      found = expected === 0 ? check(c, body, expected) : checkAs(c, body, expected);
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
  if (c.boundByReference && isPlace(c, scrutinee)) {
    markAddressTaken(c, scrutinee);
    if (c.boundMutably) markAssigned(c, scrutinee);
  }
  c.boundByReference = wasBound;
  c.diverges = before || allDiverge;
  if (subject !== T.error && subject !== T.never) checkExhaustive(c, n, subject, "E0501");
  return type;
}

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
  const label = ast.label(n);
  loops.nodes.push(n);
  loops.labels.push(label);
  loops.wanted.push(wanted);
  loops.results.push(0);
  loops.left.push(false);
  loops.labelUsed.push(false);
  return loops.nodes.length - 1;
}

export function leaveLoop(c: Checker, n: Node): void {
  const { loops, ast } = c;
  const label = loops.labels.pop();
  loops.nodes.pop();
  loops.wanted.pop();
  loops.results.pop();
  loops.left.pop();
  const used = loops.labelUsed.pop();
  if (label !== undefined && label !== 0 && used !== true) {
    const start = ast.start[n] as number;
    c.warning("W0108", { start, end: start + c.nameText(label).length }, `no break or continue names the label ${c.nameText(label)}`);
  }
}
