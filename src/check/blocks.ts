/** Blocks and statements: what they declare, what they drop, what is never reached. */

import { BinaryOperator, Flag, Kind, type Node } from "../syntax/ast.ts";
import { noteChange } from "./captures.ts";
import { LocalFlag, MeaningKind, meaning } from "./checkedProgram.ts";
import { isTaken } from "./compileIf.ts";
import type { Checker } from "./context.ts";
import type { LocalId } from "./definitions.ts";
import { coerce } from "./convert.ts";
import { dropsSilently, hasEffect } from "./effects.ts";
import { checkExhaustive, isIrrefutable } from "./exhaustive.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { reportNoValue } from "./noValue.ts";
import { bindPattern, Mode } from "./patterns.ts";
import { isPlace, markAddressTaken } from "./places.ts";
import { settleDefault } from "./settle.ts";
import { resolveDeclared, resolveSizedType } from "./typeNodes.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

/** A block; its value is the last expression's, dropped where void is expected. */
export function checkBlock(c: Checker, n: Node, expected: TypeId): TypeId {
  const outer = c.scopes.enter();
  const type = checkStatements(c, n, expected);
  leaveScope(c, outer);
  return type;
}

/** A block's statements, in a scope that the caller opened. A block that is never reached has the type that it would have elsewhere. */
export function checkStatements(c: Checker, n: Node, expected: TypeId): TypeId {
  const before = c.diverges;
  c.diverges = false;
  const type = checkReached(c, n, expected, before);
  c.diverges ||= before;
  return type;
}

/** The same; `warned`: that it is never reached was said already. */
function checkReached(c: Checker, n: Node, expected: TypeId, warned: boolean): TypeId {
  const { ast } = c;
  const statements = ast.statements(n);
  const length = ast.length(statements);
  const cause = c.blockCause;
  c.blockCause = undefined;
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
    checkDropped(c, result, true);
    return c.diverges ? T.never : T.void;
  }
  const type = check(c, result, expected);
  if (c.diverges) return T.never;
  if (expected === 0 || type === expected) return type;
  if (type === T.void && isBlockLike(ast.kind[result] as number)) return T.void;
  return coerce(c, result, expected, type === T.void ? cause : undefined);
}

/** These may end without a value although a value was wanted; the block's user says so. */
function isBlockLike(kind: number): boolean {
  return kind === Kind.If || kind === Kind.While || kind === Kind.For || kind === Kind.Match || kind === Kind.Block || kind === Kind.Loop;
}

/** A statement; what it gives is not looked at. */
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

/** A `;` and the block's `}` follow. */
function endsBlockBehind(c: Checker, n: Node): boolean {
  const end = c.ast.end[n] as number;
  const file = c.sources.fileAt(end);
  return file !== undefined && /^\s*;\s*\}/.test(new TextDecoder().decode(file.bytes.subarray(end - file.base, end - file.base + 100)));
}

/** What was probably meant by an expression that does nothing. */
function adviceUnused(c: Checker, n: Node, type: TypeId, isLast: boolean): string {
  const { ast } = c;
  const kind = ast.kind[n];
  if (kind === Kind.Binary && ast.operator(n) === BinaryOperator.Equal) return "= assigns, == compares";
  if (type === c.result) return "write `return` before it; the last expression of a body is its result where no `;` follows";
  if (kind === Kind.StructLiteral && c.result === T.void) return `to give it back, write ${c.typeName(type)} behind the function's parameters`;
  if (isLast && c.result === T.void && c.inFunction && !c.inClosure) return `perhaps an assignment is missing; if it is the function's result, write ${c.typeName(type)} behind its parameters`;
  if (endsBlockBehind(c, n)) return "a block's value is its last expression, where no `;` follows: remove the `;`, or do something with the value";
  return "perhaps an assignment or a return is missing";
}

/** An expression whose value nobody uses; `isLast`: no `;` follows, and a block could give it. */
export function checkDropped(c: Checker, n: Node, isLast = false): void {
  const { ast, types } = c;
  const kind = ast.kind[n];
  const expected = kind === Kind.If || kind === Kind.Match || kind === Kind.Block ? T.void : (0 as TypeId);
  const type = settleDefault(c, n, check(c, n, expected));
  if (type === T.error || type === T.void || type === T.never) return;
  if (!hasEffect(c, n)) {
    c.error("E0312", n, "this computes a value that nobody uses", { advice: [adviceUnused(c, n, type, isLast)] });
  } else if (types.kindOf(type) === TypeKind.Result && !dropsSilently(c, n)) {
    c.warning("W0101", c.span(n), "this Result is dropped, and an error in it would go unnoticed", ["use ?, !, ?? or match; let _ = … says that it is meant"]);
  }
}

/** A text behind the declaration at `start` names it in braces, as an f-string would; looks no further than a screen. */
function isNamedInText(c: Checker, start: number, name: string): boolean {
  const file = c.sources.fileAt(start);
  if (file === undefined) return false;
  const behind = new TextDecoder().decode(file.bytes.subarray(start - file.base, start - file.base + 2000));
  const at = behind.search(new RegExp(`[^\\w"]"[^"\\n]*\\{${name}[}:.]`));
  const end = behind.search(/\n\}/);
  return at >= 0 && (end < 0 || at < end);
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
          c.warning("W0102", { start, end: start + name.length }, `${name} is never used`, [isNamedInText(c, start, name) ? `a text with values in it begins with f: f"{${name}}"` : `call it _${name} if that is meant`]);
        }
      } else if (program.localHas(local, LocalFlag.declaredVar) && !changes(c, local) && !besideOneThatChanges(c, at)) {
        const node = program.localNode(local);
        c.warning("W0107", c.span(node), `${c.nameText(scopes.nameOf(at))} never changes`, ["declare it with let"]);
      }
    }
  }
  scopes.leave(outer);
}

function changes(c: Checker, local: LocalId): boolean {
  return c.program.localHas(local, LocalFlag.assigned) || c.program.localHas(local, LocalFlag.addressTaken);
}

/** The pattern that declares the binding `at` by `var` declares others beside it, of which one changes. */
function besideOneThatChanges(c: Checker, at: number): boolean {
  const { scopes, program } = c;
  const isTogether = (i: number): boolean => i >= scopes.scopeStart && i < scopes.top && program.localHas(scopes.local(i as typeof scopes.top), LocalFlag.declaredTogether);
  if (!isTogether(at)) return false;
  let first = at;
  while (isTogether(first - 1)) first--;
  for (let i = first; isTogether(i); i++) if (changes(c, scopes.local(i as typeof scopes.top))) return true;
  return false;
}

function checkLet(c: Checker, n: Node): void {
  const { ast, program, types } = c;
  const pattern = ast.pattern(n);
  const typeNode = ast.declaredType(n);
  const value = ast.initialiser(n);
  const otherwise = ast.letElse(n);
  const mutable = ast.has(n, Flag.mutable);
  let type: TypeId;
  const errors = c.diagnostics.errorCount;
  if (typeNode !== 0) {
    type = ast.kind[pattern] === Kind.BindingPattern ? resolveDeclared(c, pattern, typeNode) : resolveSizedType(c, typeNode);
    if (value !== 0) checkAs(c, value, type, type === T.error ? undefined : c.label(typeNode, "the type is declared here"));
  } else if (value !== 0) {
    type = infer(c, value);
    if (type === T.void && c.diagnostics.errorCount > errors) type = T.error;
    if (type === T.void && !(isUnit(c, value) || ast.kind[pattern] === Kind.WildcardPattern)) {
      const isMethodCall = ast.kind[value] === Kind.Call && ast.kind[ast.callee(value)] === Kind.Field;
      type = reportNoValue(c, value, "this has no value to store", { advice: isMethodCall ? ["call it on a line of its own: what it does, it does to the value in front of the dot"] : [] });
    } else if (type === T.never) type = T.error;
  } else {
    type = T.error;
  }
  // A pattern that takes a place apart through references binds references into it.
  if (value !== 0 && ast.kind[pattern] !== Kind.BindingPattern && types.kindOf(type) === TypeKind.Reference && isPlace(c, value)) markAddressTaken(c, value);
  if (ast.kind[pattern] === Kind.BindingPattern && ast.subpattern(pattern) === 0) {
    program.setType(pattern, type);
    declare(c, pattern, type, mutable ? LocalFlag.mutable | LocalFlag.declaredVar : 0);
    if (otherwise !== 0) {
      const fails = { [TypeKind.Optional]: "Some", [TypeKind.Result]: "Ok" }[types.kindOf(type) as number];
      const advice = fails === undefined ? "use a plain let" : `to take the value out: let ${fails}(${c.nameText(ast.name(pattern))}) = … else`;
      c.warning("W0106", c.span(pattern), "this pattern always matches, so else is never taken", [advice]);
      checkElse(c, otherwise);
    }
    return;
  }
  if (otherwise !== 0) checkElse(c, otherwise);
  c.boundMutably = false;
  bindPattern(c, pattern, type, Mode.value, mutable);
  if (c.boundMutably && c.closure !== undefined && value !== 0) noteChange(c, value);
  const irrefutable = type === T.error || isIrrefutable(c, pattern);
  if (otherwise === 0 && !irrefutable) {
    checkExhaustive(c, pattern, type, "E0508");
  } else if (otherwise !== 0 && irrefutable && type !== T.error) {
    c.warning("W0106", c.span(pattern), "this pattern always matches, so else is never taken", ["use a plain let"]);
  }
}

/** `()`, perhaps in parentheses. */
function isUnit(c: Checker, n: Node): boolean {
  const at = c.ast.withoutParentheses(n);
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
  c.loops.base = c.loops.depth;
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
