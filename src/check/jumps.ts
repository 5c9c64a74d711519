/** What leaves: return, break, continue, `?`; and `!`. */

import { Kind, type NameId, type Node } from "../syntax/ast.ts";
import { markMoving, mayTakeClosures } from "./captures.ts";
import { MeaningKind, meaning } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import { adviceBorrowed, coerce, converts } from "./convert.ts";
import { check, checkAs, infer } from "./expressions.ts";
import { isBroken } from "./generics.ts";
import { findDeclared, findLocal, findVariant } from "./names.ts";
import { Names } from "../source/interner.ts";
import { meanMethod } from "./members.ts";
import { settleDefault } from "./settle.ts";
import { suggest } from "../source/suggest.ts";
import { isCopy, throughReferences } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { leaveOpen, tie, toldAt } from "./unknowns.ts";

/** `return`: its value against the result of the function or closure. */
export function checkReturn(c: Checker, n: Node): TypeId {
  const { ast } = c;
  const value = ast.operand(n);
  if (c.inDefer) c.error("E0356", n, "a deferred expression cannot return");
  if (value === 0) {
    if (c.result !== T.void && c.result !== T.error && c.result !== 0) {
      c.error("E0309", n, `the function gives ${c.typeName(c.result)}, and this returns nothing`, { labels: resultLabel(c) });
    } else if (c.result === 0) {
      c.result = T.void;
    }
    return T.never;
  }
  if (c.result === 0 || mayTakeClosures(c, c.result)) markMoving(c, value);
  if (c.result === 0) {
    // A closure's result, found here first.
    c.result = infer(c, value);
  } else if (c.result === T.void) {
    const type = infer(c, value);
    if (type !== T.void && type !== T.error && type !== T.never) {
      c.error("E0365", value, "the function declares no result", { advice: [`write ${c.typeName(type)} behind its parameters`] });
    }
  } else {
    checkAs(c, value, c.result, resultLabel(c)[0]);
  }
  return T.never;
}

function resultLabel(c: Checker): ReturnType<Checker["label"]>[] {
  return c.resultNode === 0 ? [] : [c.label(c.resultNode, "the result is declared here")];
}

/** The loop that a break or continue means; -1 after a report. */
function targetLoop(c: Checker, n: Node, what: string): number {
  const { loops, ast } = c;
  const label = ast.label(n);
  if (loops.depth <= loops.base) {
    if (c.inDefer && loops.depth > 0) c.error("E0356", n, `a deferred expression cannot ${what}`);
    else c.error("E0219", n, `${what} stands within a loop`);
    return -1;
  }
  if (label === 0) return loops.depth - 1;
  for (let i = loops.depth - 1; i >= loops.base; i--) {
    if (loops.labels[i] === label) {
      loops.labelUsed[i] = true;
      return i;
    }
  }
  const known = loops.labels.slice(loops.base, loops.depth).filter((one): one is NameId => one !== 0).map((one) => c.nameText(one));
  const near = suggest(c.nameText(label), known);
  c.error("E0209", n, `no loop around this has the label ${c.nameText(label)}`, { advice: near === undefined ? [] : [`did you mean ${near}?`] });
  return -1;
}

/** `break`, with a label or a value: what the loop gives is noted with it. */
export function checkBreak(c: Checker, n: Node): TypeId {
  const { ast, loops, program } = c;
  const value = ast.operand(n);
  const at = targetLoop(c, n, "break");
  if (at < 0) {
    if (value !== 0) infer(c, value);
    return T.never;
  }
  if (value !== 0 && c.ast.kind[value] === Kind.Name && isUnknownLabel(c, n, value)) return T.never;
  loops.left[at] = true;
  program.setMeaning(n, meaning(MeaningKind.Node, loops.nodes[at] as Node));
  const wanted = loops.wanted[at] as TypeId;
  if (value === 0) {
    if (loops.results[at] !== 0 && loops.results[at] !== T.void && loops.results[at] !== T.error) {
      c.error("E0328", n, `a break of this loop gives ${c.typeName(loops.results[at] as TypeId)}, and this one nothing`);
    } else if (wanted > 0 && wanted !== T.error && wanted !== T.void) {
      c.error("E0301", n, `the loop's value is wanted as ${c.typeName(wanted)}, and this break gives none`);
      loops.results[at] = T.error;
    } else {
      loops.results[at] = T.void;
    }
    return T.never;
  }
  if (wanted < 0) {
    infer(c, value);
    c.error("E0329", n, "only loop has a value that break can give");
    return T.never;
  }
  const before = loops.results[at] as TypeId;
  if (wanted !== 0) {
    loops.results[at] = checkAs(c, value, wanted);
  } else if (before === 0) {
    loops.results[at] = infer(c, value);
  } else if (before === T.void) {
    infer(c, value);
    c.error("E0328", value, "another break of this loop gives nothing");
  } else {
    check(c, value, before);
    const type = program.typeOf(value);
    if (converts(c, type, before) || type === T["integer literal"] || type === T["float literal"]) coerce(c, value, before);
    else if (type !== T.error && before !== T.error) c.error("E0328", value, `expected ${c.typeName(before)} as in another break, found ${c.typeName(type)}`);
  }
  return T.never;
}

/** `break outer` where no loop around has this label: the parser took it for a value. */
function isUnknownLabel(c: Checker, n: Node, value: Node): boolean {
  const name = c.ast.name(value);
  if (findLocal(c, name) !== 0 || findDeclared(c, name, value) !== undefined || findVariant(c, name) !== undefined) return false;
  c.error("E0209", n, `no loop around this has the label ${c.nameText(name)}`);
  return true;
}

/** `continue`, with or without a label. */
export function checkContinue(c: Checker, n: Node): TypeId {
  const at = targetLoop(c, n, "continue");
  if (at >= 0) c.program.setMeaning(n, meaning(MeaningKind.Node, c.loops.nodes[at] as Node));
  return T.never;
}

/** `x?` */
export function checkTry(c: Checker, n: Node): TypeId {
  const operand = c.ast.operand(n);
  return tryResult(c, n, optionalBehind(c, operand, settleDefault(c, operand, check(c, operand, 0 as TypeId))));
}

/** A Copy ?T or Result is read through references. */
export function optionalBehind(c: Checker, n: Node, type: TypeId): TypeId {
  if (c.types.kindOf(type) !== TypeKind.Reference) return type;
  const base = throughReferences(c, type);
  const kind = c.types.kindOf(base);
  if ((kind !== TypeKind.Optional && kind !== TypeKind.Result) || !isCopy(c, base)) return type;
  c.program.setWanted(n, base);
  return base;
}

/** The type of `x?` where x has the type `type`. */
export function tryResult(c: Checker, n: Node, type: TypeId): TypeId {
  const { types } = c;
  if (type === T.error || type === T.never) return T.error;
  if (c.inDefer) c.error("E0356", n, "a deferred expression cannot use ?");
  const kind = types.kindOf(type);
  if (kind !== TypeKind.Optional && kind !== TypeKind.Result) {
    return c.error("E0323", c.ast.operand(n), `? applies to ?T and Result, not to ${c.typeName(type)}`, { advice: adviceBorrowed(c, c.ast.operand(n), type) });
  }
  if (c.result === 0) c.result = failingResult(c, n, type);
  const { result } = c;
  const inner = types.inner(type);
  if (result === T.error) return inner;
  if (result === 0) {
    c.error("E0307", n, "what this closure gives is not known yet, so ? cannot hand on a failure", { advice: ["write the closure's type: let f func(A) ?T = …"] });
    return inner;
  }
  if (types.kindOf(result) !== kind) {
    c.error("E0324", n, `? hands on ${kind === TypeKind.Optional ? "None" : "an Err"}, and the function gives ${c.typeName(result)}`, { labels: resultLabel(c), advice: adviceTry(c, kind) });
  } else if (c.learning && kind === TypeKind.Result && types.hasVariable(types.errorType(type))) {
    tie(c, types.errorType(type), types.errorType(result));
  } else if (c.learning && kind === TypeKind.Result && types.hasVariable(types.errorType(result))) {
    const open = types.errorType(result);
    if (c.unknowns?.fallback.has(open) === false) c.unknowns.fallback.set(open, types.errorType(type));
  } else if (kind === TypeKind.Result) {
    const [from, to] = [types.errorType(type), types.errorType(result)];
    // The impl that converts may be one that was refused.
    if (converts(c, from, to) || convertsError(c, n, from, to) || isBroken(c, to)) return inner;
    const [given, wanted] = [c.typeName(from), c.typeName(to)];
    c.error("E0324", n, `? hands on an error of type ${given}, and the function's is ${wanted}`, { labels: resultLabel(c), advice: [`convert it: impl From[${given}] for ${wanted}, or match on it`] });
  }
  return inner;
}

/** What to do about a `?` on a Result or an optional (`kind`) in a function that gives something else. */
function adviceTry(c: Checker, kind: number): string[] {
  if (kind === TypeKind.Optional && c.types.kindOf(c.result) === TypeKind.Result) return ["turn None into an error with ?? return Err(…)"];
  const advice = ["take the value out with !, ?? or match"];
  return c.result === T.void && kind === TypeKind.Result ? [...advice, "or let the function give a Result"] : advice;
}

/** What a closure gives of which nothing is known yet but that `?` in it hands on a failure of `type`: the rest of the body tells; 0 if it does not. */
function failingResult(c: Checker, n: Node, type: TypeId): TypeId {
  const { types } = c;
  const kind = types.kindOf(type);
  const isResult = kind === TypeKind.Result;
  const hint = types.kindOf(c.resultHint) === kind ? c.resultHint : (0 as TypeId);
  const known = (part: TypeId): TypeId => (hint === 0 || types.hasHole(part) ? (0 as TypeId) : part);
  const parts = isResult ? [known(types.inner(hint)), known(types.errorType(hint))] : [known(types.inner(hint))];
  toldAt(c, n)?.forEach((part, i) => { if (parts[i] === 0) parts[i] = part; });
  const filled = parts.includes(0 as TypeId) ? leaveOpen(c, n, parts) : parts;
  const [inner, failure] = filled ?? [];
  if (inner === undefined) return 0 as TypeId;
  return failure === undefined ? types.optional(inner) : types.result(inner, failure);
}

/** `From` of the function's error type makes it of this one: `n` then means that `from`. */
function convertsError(c: Checker, n: Node, from: TypeId, to: TypeId): boolean {
  const trait = c.knownTraits.get(Names.From) ?? c.preludeDefinition(Names.From);
  return trait?.kind === "trait" && meanMethod(c, n, to, trait, Names.from, [from]) !== undefined;
}

/** `x!` */
export function checkUnwrap(c: Checker, n: Node): TypeId {
  const operand = c.ast.operand(n);
  return unwrapResult(c, n, optionalBehind(c, operand, settleDefault(c, operand, check(c, operand, 0 as TypeId))));
}

/** The type of `x!` where x has the type `type`. */
export function unwrapResult(c: Checker, n: Node, type: TypeId): TypeId {
  const { types } = c;
  if (type === T.error || type === T.never) return T.error;
  const kind = types.kindOf(type);
  if (kind !== TypeKind.Optional && kind !== TypeKind.Result) {
    return c.error("E0325", c.ast.operand(n), `! applies to ?T and Result, not to ${c.typeName(type)}`, { advice: type === T.bool ? ["negate with !x"] : adviceBorrowed(c, c.ast.operand(n), type) });
  }
  return types.inner(type);
}

