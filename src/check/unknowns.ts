/**
 * What an expression leaves open — `List.new()`, `None`, `Ok(x)`, `it.collect()`, a closure's parameter — and what the rest of the body tells of it. Such a place
 * (a *site*) gets variables for the unknown types, and while there are any the pass over the body is one that learns: where two types must be the same, what is
 * unknown of one is bound to the other's (`tie`). Then all that was recorded and reported is forgotten, and the body is checked again with what is known
 * of each site as if it were written there; so no variable outlives a pass, a pass that learns may be wrong in all but what it ties, and bodies without such
 * a place pay nothing. What no pass tells is reported at its site.
 */

import { Kind, type Node } from "../syntax/ast.ts";
import type { Diagnostic, Mark } from "../source/diagnostics.ts";
import type { Checker } from "./context.ts";
import { isNumber } from "./convert.ts";
import type { DefinitionId, FunctionDefinition } from "./definitions.ts";
import { derefTarget, solveBounds } from "./implementations.ts";
import { fits, substitute, withParts } from "./matching.ts";
import { defaultType, isLiteralType, settleDefault } from "./settle.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

const none = 0 as TypeId;

/** The sites of a body, in all passes over it, and the variables of this pass. Number 0 is the hole in a hint (matching.ts) and never bound. */
export class Unknowns {
  /** What each variable stands for; 0: not known yet. */
  readonly bound: TypeId[] = [none];
  /** What it stands for if nothing better tells: the default of a literal. */
  readonly weak: TypeId[] = [none];
  /** What it stands for if nothing else tells at all: of a closure's error, the first that `?` hands on in it. */
  readonly fallback = new Map<TypeId, TypeId>();
  /** What this pass found open: the types that were missing there. */
  readonly sites = new Map<Node, readonly TypeId[]>();
  /** Type arguments of calls that were not all known, and their parameters: when more is known, bounds tell more. */
  readonly calls: { readonly parameters: readonly DefinitionId[]; readonly args: readonly TypeId[] }[] = [];
  /** What former passes found out about sites; 0 where they did not. */
  readonly told = new Map<Node, readonly TypeId[]>();
  /** Nothing told these: they are reported. */
  readonly given = new Set<Node>();
  /** Of those, what is unknown for another's sake or because of a mistake elsewhere: reported only if nothing else is. */
  readonly silent = new Set<Node>();
  /** Where a pass that learns found what is wrong whatever the unknown types are, and what it said. */
  readonly mistakes = new Set<number>();
  kept: readonly Diagnostic[] = [];
  /** The variables that would perhaps be known but for a mistake. */
  readonly tainted = new Set<TypeId>();
  passes = 0;

  /** Nothing was noted yet, so that it may serve another body. */
  isUntouched(): boolean {
    return this.passes === 0 && this.bound.length === 1 && this.calls.length === 0 && this.sites.size === 0 && this.fallback.size === 0 && this.mistakes.size === 0 && this.tainted.size === 0;
  }
}

/** More passes than this no program needs. */
const mostPasses = 500;

/** Fills the unknown ones (0) of a site's types with variables; undefined if the site is to be reported. */
export function leaveOpen(c: Checker, n: Node, parts: readonly TypeId[]): readonly TypeId[] | undefined {
  const { unknowns } = c;
  if (unknowns === undefined || n === 0 || unknowns.given.has(n)) return undefined;
  const filled = parts.map((part) => (part !== 0 ? part : freshVariable(c, unknowns)));
  unknowns.sites.set(n, filled);
  c.learning = true;
  return filled;
}

/** The type arguments of a call, some unknown: bounds tell what they can, now and when the pass ends, and each argument's type its own. */
export function tieCall(c: Checker, parameters: readonly DefinitionId[], args: readonly TypeId[], values: readonly Node[], wanted: readonly TypeId[]): void {
  c.unknowns?.calls.push({ parameters, args });
  values.forEach((n, i) => {
    const type = c.program.typeOf(n);
    const to = substitute(c.types, wanted[i] ?? T.error, parameters, args);
    if (type > T.void && type !== to && (c.types.hasVariable(type) || c.types.hasVariable(to))) tieValue(c, n, type, to);
  });
  solveBounds(c, parameters, args.map((arg) => resolved(c, arg)));
}

/** What former passes found out about a site; undefined if it is none. */
export function toldAt(c: Checker, n: Node): readonly TypeId[] | undefined {
  return c.unknowns === undefined || c.unknowns.told.size === 0 ? undefined : c.unknowns.told.get(n);
}

/** As `toldAt`, of a site of one type; 0 if nothing is known. */
export function toldType(c: Checker, n: Node): TypeId {
  return toldAt(c, n)?.[0] ?? none;
}

/** A type of which nothing is known, in a pass that learns. */
export function freshVariable(c: Checker, unknowns: Unknowns): TypeId {
  unknowns.bound.push(none);
  unknowns.weak.push(none);
  return c.types.variable(unknowns.bound.length - 1);
}

/** The variable's own type with what is known by now of its parts. */
export function resolved(c: Checker, type: TypeId): TypeId {
  return c.types.hasVariable(type) && c.unknowns !== undefined ? replaced(c, type, c.unknowns, false, 0) : type;
}

/** `isLast`: what only a literal's default tells is taken, too. */
function replaced(c: Checker, type: TypeId, unknowns: Unknowns, isLast: boolean, depth: number): TypeId {
  const { types } = c;
  if (!types.hasVariable(type) || depth > 64) return type;
  const inside = (part: TypeId): TypeId => replaced(c, part, unknowns, isLast, depth + 1);
  if (types.kindOf(type) !== TypeKind.Variable) return withParts(types, type, inside);
  const number = types.inner(type);
  const bound = unknowns.bound[number] ?? none;
  if (bound !== 0) return inside(bound);
  const weak = isLast ? unknowns.weak[number] || (unknowns.fallback.get(type) ?? none) : none;
  return weak !== 0 ? inside(weak) : type;
}

/** Nothing is known of the type, or of what it refers to. */
export function isUnknown(c: Checker, type: TypeId): boolean {
  return c.learning && c.types.kindOf(throughReferences(c, type)) === TypeKind.Variable;
}

/** Two types must be the same: what is unknown of one is what the other says. `weakly`: as a literal's default says. False if they differ. */
export function tie(c: Checker, one: TypeId, other: TypeId, weakly = false): boolean {
  const { types, unknowns } = c;
  if (unknowns === undefined) return one === other;
  const a = resolved(c, one);
  const b = resolved(c, other);
  if (a === b) return true;
  if (!types.hasVariable(a) && !types.hasVariable(b)) return fits(types, a, b);
  if (types.kindOf(a) === TypeKind.Variable) return bind(c, unknowns, a, b, weakly);
  if (types.kindOf(b) === TypeKind.Variable) return bind(c, unknowns, b, a, weakly);
  const kind = types.kindOf(a);
  if (a === T.error || b === T.error || a === T.never || b === T.never) return true;
  if (kind !== types.kindOf(b)) return false;
  const inner = (): boolean => tie(c, types.inner(a), types.inner(b), weakly);
  const lists = (): boolean => types.listLength(a) === types.listLength(b) && types.items(a).every((item, i) => tie(c, item, types.listItem(b, i), weakly));
  switch (kind) {
    case TypeKind.Pointer:
    case TypeKind.Reference:
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Optional:
      return inner();
    case TypeKind.Result:
      return inner() && tie(c, types.errorType(a), types.errorType(b), weakly);
    case TypeKind.Function:
      return lists() && inner();
    case TypeKind.Struct:
    case TypeKind.Enum:
    case TypeKind.Dyn:
      return types.definition(a) === types.definition(b) && lists();
    case TypeKind.Tuple:
      return lists();
    default:
      return false;
  }
}

function bind(c: Checker, unknowns: Unknowns, variable: TypeId, type: TypeId, weakly: boolean): boolean {
  const number = c.types.inner(variable);
  if (number === 0 || type === T.error || type === T.never || type === 0 || c.types.hasHole(type) || occurs(c, variable, type)) return true;
  const known = isLiteralType(type) ? defaultType(type) : type;
  const weak = unknowns.weak[number] ?? none;
  if (weakly || isLiteralType(type)) {
    // Integer literals beside floats are floats.
    if (weak === 0 || (weak === T.i64 && known === T.f64)) unknowns.weak[number] = known;
    else tie(c, weak, known, true);
    return true;
  }
  // What literals told is wrong in its numbers at most.
  if (weak !== 0 && !differInNumbers(c, weak, type)) return false;
  unknowns.bound[number] = known;
  if (weak !== 0 && c.types.hasVariable(type)) tie(c, type, weak, true);
  return true;
}

function occurs(c: Checker, variable: TypeId, type: TypeId): boolean {
  return variablesOf(c, type).includes(variable);
}

/** Two types that are the same but for the numbers in them, as far as both are known. */
function differInNumbers(c: Checker, one: TypeId, other: TypeId): boolean {
  const { types } = c;
  if (fits(types, one, other) || (isNumber(one) && isNumber(other))) return true;
  const kind = types.kindOf(one);
  if (kind !== types.kindOf(other) || kind === TypeKind.Scalar) return false;
  if (kind === TypeKind.Result) return differInNumbers(c, types.inner(one), types.inner(other)) && differInNumbers(c, types.errorType(one), types.errorType(other));
  if (kind !== TypeKind.Struct && kind !== TypeKind.Enum && kind !== TypeKind.Tuple) return kind === TypeKind.Optional && differInNumbers(c, types.inner(one), types.inner(other));
  return types.listLength(one) === types.listLength(other) && types.items(one).every((item, i) => differInNumbers(c, item, types.listItem(other, i)));
}

/** The mistake that starts at `start` is one whatever the variables in the type stand for. */
export function taintBy(c: Checker, type: TypeId, start: number): void {
  if (!c.learning || !c.types.hasVariable(type)) return;
  taint(c, type);
  c.unknowns?.mistakes.add(start);
}

/** A mistake stands where something could have told what the variables in the type are. */
export function taint(c: Checker, type: TypeId): void {
  if (c.unknowns !== undefined) for (const variable of variablesOf(c, resolved(c, type))) c.unknowns.tainted.add(variable);
}

function variablesOf(c: Checker, type: TypeId): readonly TypeId[] {
  const { types } = c;
  if (!types.hasVariable(type)) return [];
  const kind = types.kindOf(type);
  if (kind === TypeKind.Variable) return [type];
  const found: TypeId[] = [];
  if (kind >= TypeKind.Pointer && kind <= TypeKind.Function && kind !== TypeKind.Tuple) found.push(...variablesOf(c, types.inner(type)));
  if (kind === TypeKind.Result) found.push(...variablesOf(c, types.errorType(type)));
  const hasList = kind === TypeKind.Tuple || kind === TypeKind.Function || kind === TypeKind.Struct || kind === TypeKind.Enum || kind === TypeKind.Dyn;
  if (hasList) for (const item of types.items(type)) found.push(...variablesOf(c, item));
  return found;
}

/** The value `n`, of type `from`, stands where a `wanted` must, and one of the two is not known whole: ties them as they convert. Gives what is then wanted. */
export function tieValue(c: Checker, n: Node, from: TypeId, wanted: TypeId): TypeId {
  const weakly = isLiteral(c, n);
  const { types } = c;
  if (isLiteralType(from)) {
    let to = resolved(c, wanted);
    while (types.kindOf(to) === TypeKind.Optional) to = types.inner(to);
    if (types.kindOf(to) === TypeKind.Variable) tie(c, to, from, true);
    else taint(c, to);
    settleDefault(c, n, from);
  } else {
    tieConverting(c, from, wanted, weakly);
  }
  return resolved(c, wanted);
}

function tieConverting(c: Checker, given: TypeId, asked: TypeId, weakly: boolean): void {
  const { types } = c;
  const from = resolved(c, given);
  const wanted = resolved(c, asked);
  const fromKind = types.kindOf(from);
  const kind = types.kindOf(wanted);
  if (fits(types, from, wanted)) {
    tie(c, from, wanted, weakly);
  } else if (kind === TypeKind.Optional && fromKind !== TypeKind.Optional) {
    tieConverting(c, from, types.inner(wanted), weakly);
  } else if (kind === TypeKind.Function && fromKind === TypeKind.Function) {
    tie(c, from, wanted, weakly);
  } else if (kind === TypeKind.Slice) {
    const elements = sliceBehind(c, from);
    if (elements !== 0) tie(c, elements, types.inner(wanted), weakly);
  } else if (fromKind === TypeKind.Reference && kind === TypeKind.Reference) {
    const to = types.inner(wanted);
    for (let at = types.inner(from); at !== 0; at = types.kindOf(at) === TypeKind.Reference ? types.inner(at) : derefTarget(c, at)) {
      if (!fits(types, at, to)) continue;
      tie(c, at, to, weakly);
      return;
    }
  } else if (fromKind === TypeKind.Reference) {
    tieConverting(c, types.inner(from), wanted, weakly);
  } else if (kind === TypeKind.Struct && fromKind === TypeKind.Struct && types.definition(from) === types.definition(wanted)) {
    // A box of dyn, or what is wrong in one part only: the others are told.
    types.items(from).forEach((item, i) => tie(c, item, types.listItem(wanted, i), weakly));
  } else {
    taint(c, from);
    taint(c, wanted);
  }
}

/** The elements of what serves as a slice; 0 if it is none. */
function sliceBehind(c: Checker, type: TypeId): TypeId {
  const { types } = c;
  for (let at = type; at !== 0; at = types.kindOf(at) === TypeKind.Reference ? types.inner(at) : derefTarget(c, at)) {
    const kind = types.kindOf(at);
    if (kind === TypeKind.Slice || kind === TypeKind.Array) return types.inner(at);
  }
  return none;
}

/** A number without a suffix, or what is made of such: its type is a default. */
function isLiteral(c: Checker, n: Node): boolean {
  const { ast } = c;
  const some = (list: ReturnType<typeof ast.elements>): boolean => {
    for (let i = 0; i < ast.length(list); i++) if (isLiteral(c, ast.item(list, i))) return true;
    return false;
  };
  switch (ast.kind[n]) {
    case Kind.Integer:
    case Kind.Float:
      return ast.suffix(n) === 0;
    case Kind.Unary:
    case Kind.Paren:
      return isLiteral(c, ast.operand(n));
    case Kind.Binary:
      return isLiteral(c, ast.left(n)) && isLiteral(c, ast.right(n));
    case Kind.Call:
      return some(ast.arguments(n));
    case Kind.Tuple:
    case Kind.Array:
      return some(ast.elements(n));
    default:
      return isLiteralType(c.program.typeOf(n));
  }
}

function allResolved(c: Checker, types: readonly TypeId[]): TypeId[] {
  return types.map((type) => resolved(c, type));
}

/** A pass over the body of `f` found something open: forgets what it recorded since `mark`, and says whether another pass is due. */
export function startAgain(c: Checker, f: FunctionDefinition, unknowns: Unknowns, mark: Mark): boolean {
  c.learning = false;
  if (unknowns.sites.size === 0) {
    if (unknowns.silent.size > 0) withdraw(c, unknowns, mark);
    return false;
  }
  unknowns.passes++;
  c.learning = true;
  for (const { parameters, args } of unknowns.calls) solveBounds(c, parameters, allResolved(c, args));
  c.learning = false;
  unknowns.calls.length = 0;
  if (unknowns.passes > mostPasses || !(note(c, unknowns, false) || note(c, unknowns, true))) giveUp(c, unknowns, mark);
  unknowns.sites.clear();
  unknowns.tainted.clear();
  unknowns.bound.length = 1;
  unknowns.weak.length = 1;
  unknowns.fallback.clear();
  const { ast } = c;
  const [from, to] = [ast.start[f.node] as number, ast.end[f.node] as number];
  c.diagnostics.backTo(mark, { start: from, end: to });
  // Children come before their parents, so the body's nodes are the run that ends with the function.
  let first: number = f.node;
  while (first > 1 && (ast.start[first - 1] as number) >= from && (ast.end[first - 1] as number) <= to) first--;
  c.program.forget(first as Node, f.node);
  for (const node of c.overloadedIndexes.keys()) if (node >= first && node <= f.node) c.overloadedIndexes.delete(node);
  return true;
}

/** Nothing more is told: the sites are to be reported, one for each thing that is unknown. */
function giveUp(c: Checker, unknowns: Unknowns, mark: Mark): void {
  unknowns.kept = c.diagnostics.list.slice(mark.length).filter((one) => unknowns.mistakes.has(one.span.start));
  const reported = new Set<TypeId>(unknowns.tainted);
  for (const [n, parts] of unknowns.sites) {
    unknowns.given.add(n);
    const variables = parts.flatMap((part) => variablesOf(c, replaced(c, part, unknowns, true, 0)));
    if (variables.length > 0 && variables.every((variable) => reported.has(variable))) unknowns.silent.add(n);
    for (const variable of variables) reported.add(variable);
  }
}

/** Takes back the reports of what is unknown for the sake of something else, if that is reported. */
function withdraw(c: Checker, unknowns: Unknowns, mark: Mark): void {
  const starts = new Set(Array.from(unknowns.silent, (n) => c.ast.start[n] as number));
  c.diagnostics.withdraw(mark, (one) => one.code === "E0307" && starts.has(one.span.start), unknowns.kept);
}

/** Keeps what this pass found out about its sites; false if that is nothing new. */
function note(c: Checker, unknowns: Unknowns, isLast: boolean): boolean {
  let isNew = false;
  for (const [n, parts] of unknowns.sites) {
    const before = unknowns.told.get(n);
    const found = parts.map((part, i) => {
      const type = replaced(c, part, unknowns, isLast, 0);
      return c.types.hasVariable(type) ? (before?.[i] ?? none) : type;
    });
    if (before !== undefined && found.every((type, i) => type === before[i])) continue;
    if (before === undefined && found.every((type) => type === 0)) continue;
    isNew = true;
    unknowns.told.set(n, found);
  }
  return isNew;
}
