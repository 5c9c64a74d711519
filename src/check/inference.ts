/**
 * Calls of generic functions. Type arguments are solved by one-way matching of parameters' types against arguments' types, in this order:
 * what is written; arguments that have a type by themselves; bounds (`I: Iterator[T]`); the type that is wanted; literals; closures and what
 * else needs a type. Then every argument is converted to its parameter's type, so that each mismatch is reported at its argument.
 */

import { Kind, type List, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import type { Label } from "../source/diagnostics.ts";
import type { Checker } from "./context.ts";
import { coerce, isNumber, literalTarget } from "./convert.ts";
import type { DefinitionId, FunctionDefinition } from "./definitions.ts";
import { check, checkAs } from "./expressions.ts";
import { parameterOf, reportUnmet } from "./generics.ts";
import { derefTarget, solveBounds } from "./implementations.ts";
import { isSliced } from "./members.ts";
import { fits, match, substitute } from "./matching.ts";
import { needsType } from "./needsType.ts";
import { numberByBounds } from "./overloads.ts";
import { isLiteralType, settle, settleDefault } from "./settle.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeFlag, TypeKind, type TypeId } from "./types.ts";
import { taint, tieValue } from "./unknowns.ts";

/** What is called with arguments, and what is to be solved. */
export interface Call {
  readonly parameters: readonly DefinitionId[];
  /** The types of the arguments, written with `parameters`. */
  readonly wanted: readonly TypeId[];
  readonly result: TypeId;
  /** Solved so far, parallel to `parameters`; 0 is unknown. */
  readonly found: TypeId[];
  /** The arguments; one that is checked already is `first`. */
  readonly args: readonly Node[];
  readonly first: Node;
  /** The call or literal itself. */
  readonly node: Node;
}

/** Why an argument waits: it is a literal, or needs to be told its type. */
const later = { no: 0, literal: 1, hinted: 2 } as const;

/** A call while its type parameters are solved. */
interface Solving {
  readonly c: Checker;
  readonly call: Call;
  /** One of `later` for each argument. */
  readonly waiting: Uint8Array;
}

/** Checks the arguments and solves the type parameters; false if something was reported. `label` points to the declaration of a parameter. */
export function solveCall(c: Checker, call: Call, expected: TypeId, label: (index: number) => Label | undefined): boolean {
  const { parameters, found } = call;
  const s: Solving = { c, call, waiting: new Uint8Array(call.args.length) };
  checkTold(s, expected);
  solveBounds(c, parameters, found);
  if (expected > T.void && found.includes(0 as TypeId)) {
    const more = guess(c, call, expected);
    if (more !== undefined) more.forEach((type, i) => { if (found[i] === 0) found[i] = type; });
  }
  settleLiterals(s);
  const isFine = checkHinted(s);
  if (found.includes(0 as TypeId)) solveBounds(c, parameters, found);
  return convertArguments(s, label) && isFine;
}

/** The type of the parameter for argument `i`, as far as it is solved. */
function partly({ c, call }: Solving, i: number): TypeId {
  return substitute(c.types, call.wanted[i] as TypeId, call.parameters, call.found);
}

/** Matches the parameter's type with that of argument `i`. */
function solve(s: Solving, i: number): void {
  const { c, call, waiting } = s;
  const { types, program } = c;
  const { parameters, wanted, found, args } = call;
  const argument = args[i] as Node;
  // A literal before something that is no number stands for its default: what comes later does not fit it.
  const type = program.typeOf(argument);
  if (types.kindOf(wanted[i] as TypeId) === TypeKind.TypeParameter && !isNumber(throughReferences(c, type)) && type !== T.error && type !== T.never) {
    for (let j = 0; j < i; j++) {
      if (waiting[j] !== later.literal || wanted[j] !== wanted[i]) continue;
      settleDefault(c, args[j] as Node, program.typeOf(args[j] as Node));
      waiting[j] = later.no;
      solve(s, j);
    }
  }
  matchLiteral(c, argument, wanted[i] as TypeId, program.typeOf(argument), parameters, found);
  if (c.learning && type !== T.error && type !== T.never && type > 0) {
    const to = partly(s, i);
    if (types.hasVariable(type) || types.hasVariable(to)) tieValue(c, argument, type, to);
  }
}

/** Checks the arguments that have a type by themselves, from left to right; the others wait. */
function checkTold(s: Solving, expected: TypeId): void {
  const { c, call, waiting } = s;
  const { types, program } = c;
  const { parameters, wanted, args } = call;
  // What the result is wanted as guides what is built in an argument: Box.new(List.new()).
  const guessed = expected > T.void && types.hasParameter(call.result) ? guess(c, call, expected) : undefined;
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as Node;
    const hint = partly(s, i);
    if (argument === call.first) {
      if (isLiteralType(program.typeOf(argument))) waiting[i] = later.literal;
      else solve(s, i);
    } else if (!types.hasHole(hint)) {
      check(c, argument, hint);
      if (types.hasVariable(hint)) solve(s, i);
    } else if (needsType(c, argument)) {
      waiting[i] = later.hinted;
    } else {
      let guide = guessed !== undefined && isBuilt(c, argument) ? substitute(types, wanted[i] as TypeId, parameters, guessed) : (0 as TypeId);
      if (types.hasHole(guide)) guide = 0 as TypeId;
      // `xs[a..b]` is a []mut where one is wanted, whatever its items are.
      if (types.kindOf(hint) === TypeKind.Slice && types.isMutable(hint) && isSliced(c, argument)) guide = hint;
      const type = guide === 0 && isOfRows(c, argument, hint) ? checkRows(s, i) : check(c, argument, guide);
      if (isLiteralType(type)) waiting[i] = later.literal;
      else solve(s, i);
    }
  }
}

/** Literals take the type that is found for them, or their default. */
function settleLiterals(s: Solving): void {
  const { c, call, waiting } = s;
  const { types, program } = c;
  const { parameters, wanted, found, args } = call;
  for (let i = 0; i < args.length; i++) {
    if (waiting[i] !== later.literal) continue;
    const argument = args[i] as Node;
    const literal = program.typeOf(argument);
    if (!isLiteralType(literal)) continue;
    const target = throughReferences(c, partly(s, i));
    let type = types.kindOf(target) === TypeKind.Variable ? numberByBounds(c, parameters, found, wanted[i] as TypeId, literal) : (0 as TypeId);
    if (type === 0) type = !types.hasVariable(target) ? literalTarget(c, target, literal) : literal === T["integer literal"] ? defaultBeside(s) : T.f64;
    settle(c, argument, type);
    solve(s, i);
  }
}

/** Checks closures and what else has to be told its type; false where one has a mistake. */
function checkHinted(s: Solving): boolean {
  const { c, call, waiting } = s;
  let isFine = true;
  const checkOne = (i: number): void => {
    if (call.found.includes(0 as TypeId)) solveBounds(c, call.parameters, call.found);
    const hint = partly(s, i);
    const type = check(c, call.args[i] as Node, c.types.kindOf(hint) === TypeKind.Variable ? (0 as TypeId) : hint);
    if (type === T.error) isFine = false;
    solve(s, i);
  };
  const silent: number[] = [];
  for (let i = 0; i < call.args.length; i++) {
    if (waiting[i] !== later.hinted) continue;
    if (tellsNothing(s, i)) silent.push(i);
    else checkOne(i);
  }
  silent.forEach(checkOne);
  return isFine;
}

/** `None` for a `?T` says nothing of T, which a closure behind it may. */
function tellsNothing(s: Solving, i: number): boolean {
  const { c, call } = s;
  const argument = c.ast.withoutParentheses(call.args[i] as Node);
  return c.ast.kind[argument] === Kind.Name && c.ast.name(argument) === Names.None && c.types.kindOf(call.wanted[i] as TypeId) === TypeKind.Optional && c.types.hasHole(partly(s, i));
}

/** Makes every argument fit its parameter, now that its type is known; false if something was reported. */
function convertArguments(s: Solving, label: (index: number) => Label | undefined): boolean {
  const { c, call } = s;
  const { types, program } = c;
  let isFine = true;
  for (let i = 0; i < call.args.length; i++) {
    const argument = call.args[i] as Node;
    const type = program.typeOf(argument);
    const to = partly(s, i);
    if (type === T.error) {
      isFine = false;
      if (c.learning) taint(c, to);
    }
    if (type === to || type === T.error) continue;
    // While something is unknown, only what certainly differs is a mistake.
    if (types.hasHole(to) && (fits(types, to, type) || type === T.void)) continue;
    if (coerce(c, argument, to, label(i)) === T.error) isFine = false;
  }
  return isFine;
}

/** An integer literal's default: integer literals beside floats for one parameter are floats. */
function defaultBeside({ c, call, waiting }: Solving): TypeId {
  return call.args.some((argument, i) => waiting[i] === later.literal && c.program.typeOf(argument) === T["float literal"]) ? T.f64 : T.i64;
}

/** The parameters as the wanted result would have them; undefined if that never fits. */
function guess(c: Checker, call: Call, expected: TypeId): TypeId[] | undefined {
  const { types } = c;
  // What a closure gives may be the optional that is wanted, or what is in it; both fit if it is the optional.
  const own = types.kindOf(call.result) === TypeKind.TypeParameter ? call.parameters.indexOf(types.definition(call.result)) : -1;
  if (own >= 0 && call.found[own] === 0 && types.kindOf(expected) === TypeKind.Optional && call.wanted.some((type) => types.kindOf(type) === TypeKind.Function && types.inner(type) === call.result) && call.wanted.every((type) => type !== call.result)) {
    return call.found.map((type, i) => (i === own ? expected : type));
  }
  // An optional may itself be what is asked for, as a bound says: collect() of optionals.
  if (own >= 0 && call.found[own] === 0 && types.kindOf(expected) === TypeKind.Optional && parameterOf(c, call.parameters[own] as DefinitionId).bounds.length > 0) {
    const found = call.found.map((type, i) => (i === own ? expected : type));
    if (solveBounds(c, call.parameters, [...found]) === undefined) return found;
  }
  for (let at = expected; ; at = types.inner(at)) {
    const found = [...call.found];
    if (types.kindOf(call.result) === types.kindOf(at) || types.kindOf(call.result) === TypeKind.TypeParameter && types.kindOf(at) !== TypeKind.Optional) {
      if (match(types, call.result, at, call.parameters, found)) {
        // Box.new(x) as a Box[dyn Trait]: x has a type of its own, and the box becomes one of dyn.
        return call.args.length === 0 ? found : found.map((type, i) => (types.kindOf(type) === TypeKind.Dyn ? (call.found[i] ?? (0 as TypeId)) : type));
      }
    }
    // A list serves as its slice.
    if (types.kindOf(at) !== TypeKind.Optional) return undefined;
  }
}

/** Expressions that are made for a type: the hint helps what is inside. */
function isBuilt(c: Checker, n: Node): boolean {
  switch (c.ast.kind[n]) {
    case Kind.Call: case Kind.StructLiteral: case Kind.Tuple: case Kind.Array: case Kind.ArrayRepeat: case Kind.Name: case Kind.Field:
      return true;
    case Kind.Paren:
      return isBuilt(c, c.ast.operand(n));
    default:
      return false;
  }
}

/** An array where slices of slices are wanted, `[[a, b], [c], &row]`: its rows serve as slices each, and may be of different lengths. */
function isOfRows(c: Checker, n: Node, hint: TypeId): boolean {
  const { ast, types } = c;
  return ast.kind[n] === Kind.Array && ast.length(ast.elements(n)) > 0
    && types.kindOf(hint) === TypeKind.Slice && !types.isMutable(hint) && types.kindOf(types.inner(hint)) === TypeKind.Slice;
}

/** The first row that has a type by itself tells what all are of. */
function checkRows(s: Solving, i: number): TypeId {
  const { c, call: { args, wanted, parameters, found } } = s;
  const { ast, types } = c;
  const array = args[i] as Node;
  const rows = ast.elements(array);
  const length = ast.length(rows);
  let first = 0;
  while (first < length - 1 && needsType(c, ast.item(rows, first))) first++;
  const told = ast.item(rows, first);
  const type = check(c, told, 0 as TypeId);
  if (type !== T.error) matchLiteral(c, told, types.inner(wanted[i] as TypeId), type, parameters, found);
  const row = types.inner(partly(s, i));
  if (type !== T.error && types.hasHole(row)) return check(c, array, 0 as TypeId);
  let isFine = type !== T.error;
  for (let at = 0; at < length && isFine; at++) {
    const fits = at === first ? coerce(c, told, row) : checkAs(c, ast.item(rows, at), row);
    if (fits === T.error) isFine = false;
  }
  const whole = isFine ? types.array(row, length) : T.error;
  c.program.setType(array, whole);
  return whole;
}

/** As `matchArgument`, and an array literal serves as a slice. */
function matchLiteral(c: Checker, n: Node, pattern: TypeId, actual: TypeId, parameters: readonly DefinitionId[], found: TypeId[]): void {
  const { types, ast } = c;
  const isArray = ast.kind[n] === Kind.Array || ast.kind[n] === Kind.ArrayRepeat;
  const asSlice = isArray && types.kindOf(pattern) === TypeKind.Slice && types.kindOf(actual) === TypeKind.Array;
  matchArgument(c, asSlice ? types.inner(pattern) : pattern, asSlice ? types.inner(actual) : actual, parameters, found);
}

/** As `match`, and borrows serve as what they convert to: &mut T as &T, &[N]T and &List[T] as []T, a func as a mut func. */
function matchArgument(c: Checker, pattern: TypeId, actual: TypeId, parameters: readonly DefinitionId[], found: TypeId[]): void {
  const { types } = c;
  if (actual === 0 || !types.hasParameter(pattern) || isLiteralType(actual) || actual === T.void && types.kindOf(pattern) !== TypeKind.TypeParameter) return;
  const kind = types.kindOf(pattern);
  const actualKind = types.kindOf(actual);
  const inside = (one: TypeId, other: TypeId): void => {
    const attempt = [...found];
    if (match(types, one, other, parameters, attempt)) attempt.forEach((type, i) => { found[i] = type; });
  };
  if (kind === TypeKind.Reference && actualKind === TypeKind.Reference) {
    const target = types.inner(pattern);
    let at = types.inner(actual);
    // Through boxes to the type that is asked for.
    while (types.kindOf(target) !== TypeKind.TypeParameter && !sameOutside(c, target, at)) {
      const next = derefTarget(c, at);
      if (next === 0) break;
      at = next;
    }
    inside(target, at);
  } else if (kind === TypeKind.Slice && (actualKind === TypeKind.Reference || actualKind === TypeKind.Slice)) {
    let at = actualKind === TypeKind.Slice ? actual : throughReferences(c, actual);
    while (types.kindOf(at) !== TypeKind.Slice && types.kindOf(at) !== TypeKind.Array) {
      const next = derefTarget(c, at);
      if (next === 0) return;
      at = next;
    }
    inside(types.inner(pattern), types.inner(at));
  } else if (kind === TypeKind.Pointer && actualKind === TypeKind.Reference) {
    inside(types.inner(pattern), types.inner(actual));
  } else if (kind !== TypeKind.Reference && kind !== TypeKind.TypeParameter && actualKind === TypeKind.Reference) {
    inside(pattern, throughReferences(c, actual));
  } else if (kind === TypeKind.Function && actualKind === TypeKind.Function && types.isMutable(actual) && !types.isMutable(pattern)) {
    inside(pattern, types.function(types.items(actual), types.inner(actual), types.isExternal(actual) ? TypeFlag.external : 0));
  } else {
    inside(pattern, actual);
  }
}

function sameOutside(c: Checker, one: TypeId, other: TypeId): boolean {
  const { types } = c;
  const kind = types.kindOf(one);
  if (kind !== types.kindOf(other)) return false;
  return (kind !== TypeKind.Struct && kind !== TypeKind.Enum && kind !== TypeKind.Dyn) || types.definition(one) === types.definition(other);
}

/** How the type that a call leaves open is told. */
function adviceOn(name: string, written: string): string {
  if (name === "Iterator.collect") return "give the variable a type, as in let xs List[i64] = …, or write collect[List[i64]]()";
  return name === "Default.default" ? "give the variable a type, or name it: i64.default()" : `write it: ${written}`;
}

/** Reports what a call left unsolved, and bounds that are not met. False after a report. */
export function checkSolved(c: Checker, n: Node, name: string, parameters: readonly DefinitionId[], found: TypeId[], written: string): boolean {
  const unmet = solveBounds(c, parameters, found);
  if (unmet !== undefined && unmet.bound.args.every((arg) => !c.types.hasVariable(arg))) {
    reportUnmet(c, n, unmet, `${name} needs it`, name === "List.from" ? ["to_list moves the items of an array: [a, b].to_list()"] : []);
    return false;
  }
  const open = found.indexOf(0 as TypeId);
  if (open >= 0) {
    const parameter = c.definition(parameters[open] as DefinitionId);
    // One that could not be parsed may be no parameter at all, and other parameters and the result may have told it.
    if (!c.hasSyntaxError(parameter.node) && !c.ast.lost.has(c.names.intern(name))) c.error("E0307", n, `nothing here says what ${c.nameText(parameter.name)} of ${name} is`, { labels: c.ast.kind[parameter.node] === Kind.TypeParameter ? [c.label(parameter.node, "declared here")] : [], advice: [adviceOn(name, written)] });
    return false;
  }
  if (unmet !== undefined) {
    reportUnmet(c, n, unmet, `${name} needs it`);
    return false;
  }
  return true;
}

/** The arguments of a call as nodes, what a pipe brings first. */
export function argumentNodes(c: Checker, first: Node, list: List): Node[] {
  const found: Node[] = first === 0 ? [] : [first];
  for (let i = 0; i < c.ast.length(list); i++) found.push(c.ast.item(list, i));
  return found;
}

/** The name of a function for messages, with its type. */
export function functionName(c: Checker, f: FunctionDefinition): string {
  if (f.owner === 0) return c.nameText(f.name);
  const trait = f.trait === 0 ? undefined : c.definition(f.trait);
  const owner = trait !== undefined ? c.nameText(trait.name) : c.nameText(c.definitionBehind(f.owner)?.name ?? (0 as typeof f.name));
  return owner === "" ? c.nameText(f.name) : `${owner}.${c.nameText(f.name)}`;
}
