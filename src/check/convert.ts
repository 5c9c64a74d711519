/** The implicit conversions of section 3, and what is said when a value does not fit its place. */

import { reportNoValue } from "./noValue.ts";
import { isPlace } from "./places.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import type { Label } from "../source/diagnostics.ts";
import type { Checker } from "./context.ts";
import { derefTarget, derefsMutably, findImpl, withSupertraits } from "./implementations.ts";
import { defaultType, settle } from "./settle.ts";
import { Names } from "../source/interner.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import type { LocalId } from "./definitions.ts";
import { taint, tieValue } from "./unknowns.ts";
import { has, isCopy, throughReferences } from "./traits.ts";
import { T, TypeKind, isFloatType, isIntegerType, isScalar, isSignedType, scalarSize, type TypeId } from "./types.ts";

/** A value of integer or float type `from` becomes `to` by itself. */
export function widens(from: TypeId, to: TypeId): boolean {
  if (from === to) return true;
  if (from === T.f32) return to === T.f64;
  if (!isIntegerType(from) || !isIntegerType(to)) return false;
  if (from === T.isize || from === T.usize || to === T.isize || to === T.usize) return false;
  if (scalarSize(from) >= scalarSize(to)) return false;
  return isSignedType(to) || !isSignedType(from);
}

/** Without `n` (a value of no literal), whether `from` converts to `to`. */
export function converts(c: Checker, from: TypeId, to: TypeId): boolean {
  if (from === to || from === T.never || from === T.error || to === T.error) return true;
  if (isScalar(from) && isScalar(to)) return widens(from, to);
  const { types } = c;
  const toKind = types.kindOf(to);
  const fromKind = types.kindOf(from);
  if (toKind === TypeKind.Optional && converts(c, from, types.inner(to))) return true;
  if (fromKind === TypeKind.Reference) {
    const target = types.inner(from);
    if (toKind === TypeKind.Reference) {
      if (types.isMutable(to) && !types.isMutable(from)) return isCopy(c, target) && converts(c, target, to);
      if (types.inner(to) === target || becomesDyn(c, target, types.inner(to))) return true;
      if (derefsTo(c, target, types.inner(to), types.isMutable(to))) return true;
    } else if (toKind === TypeKind.Pointer) {
      if (types.inner(to) === target) return true;
    } else if (toKind === TypeKind.Slice && types.kindOf(target) === TypeKind.Array) {
      return types.inner(target) === types.inner(to) && (types.isMutable(from) || !types.isMutable(to));
    } else if ((toKind === TypeKind.Slice || to === T.str) && servesAs(c, from, to)) {
      return true;
    }
    return isCopy(c, target) && converts(c, target, to);
  }
  if (fromKind === TypeKind.Struct && toKind === TypeKind.Struct) return boxBecomesDyn(c, from, to);
  if (fromKind === TypeKind.Slice && toKind === TypeKind.Slice) {
    return types.inner(from) === types.inner(to) && types.isMutable(from) && !types.isMutable(to);
  }
  if (fromKind === TypeKind.Function && toKind === TypeKind.Function) {
    return !types.isExternal(from) && !types.isExternal(to) && types.isMutable(to) && sameSignature(c, from, to);
  }
  return false;
}

/** A reference to a `from` becomes one to the trait object `to`: by its type's impl, or because its own trait builds on that. */
function becomesDyn(c: Checker, from: TypeId, to: TypeId): boolean {
  const { types } = c;
  if (types.kindOf(to) !== TypeKind.Dyn) return false;
  if (types.kindOf(from) === TypeKind.Dyn) return widensTo(c, from, to);
  const trait = c.definition(types.definition(to));
  return trait.kind === "trait" && findImpl(c, from, trait, types.items(to)) !== undefined;
}

/** The trait object `from` serves as a `to`, whose trait its own builds on. Tables of methods are made for what is noted here. */
function widensTo(c: Checker, from: TypeId, to: TypeId): boolean {
  const { types } = c;
  const trait = types.definition(from);
  const wanted = types.definition(to);
  if (trait === wanted) return false;
  const above = withSupertraits(c, [{ trait, args: types.items(from) }], from);
  if (!above.some((one) => one.trait === wanted && one.args.every((arg, i) => arg === types.listItem(to, i)))) return false;
  const noted = c.program.widenedObjects.get(trait);
  if (noted === undefined) c.program.widenedObjects.set(trait, new Set([wanted]));
  else noted.add(wanted);
  return true;
}

/** `Box[T]` as `Box[dyn Trait]`, and so Rc and Arc. */
function boxBecomesDyn(c: Checker, from: TypeId, to: TypeId): boolean {
  const { types } = c;
  if (types.definition(from) !== types.definition(to) || types.listLength(to) !== 1) return false;
  const { name, file } = c.definition(types.definition(to));
  const isBox = (name === Names.Box || name === Names.Rc || name === Names.Arc) && c.unitOfFile[file] === c.prelude;
  return isBox && becomesDyn(c, types.listItem(from, 0), types.listItem(to, 0));
}

/** What is behind the reference derefs, step by step, to `to`, or to what becomes it. */
function derefsTo(c: Checker, from: TypeId, to: TypeId, mutable: boolean): boolean {
  for (let at = from; ; ) {
    if (mutable && !derefsMutably(c, at)) return false;
    const next = c.types.kindOf(at) === TypeKind.Reference ? c.types.inner(at) : derefTarget(c, at);
    if (next === 0) return false;
    if (next === to || becomesDyn(c, next, to)) return true;
    at = next;
  }
}

/** A reference to a list, a string or a box of them where a slice or text is wanted. */
function servesAs(c: Checker, from: TypeId, to: TypeId): boolean {
  const { types } = c;
  let mutable = true;
  for (let at = from; ; ) {
    const kind = types.kindOf(at);
    if (kind === TypeKind.Slice || at === T.str) {
      if (to === T.str || at === T.str) return to === at;
      return types.inner(at) === types.inner(to) && (mutable || !types.isMutable(to));
    }
    if (kind === TypeKind.Array) return to !== T.str && types.inner(at) === types.inner(to) && (mutable || !types.isMutable(to));
    if (kind === TypeKind.Reference) {
      mutable &&= types.isMutable(at);
      at = types.inner(at);
      continue;
    }
    const next = derefTarget(c, at);
    if (next === 0) return false;
    mutable &&= derefsMutably(c, at);
    at = next;
  }
}

function sameSignature(c: Checker, one: TypeId, other: TypeId): boolean {
  const { types } = c;
  if (types.inner(one) !== types.inner(other) || types.listLength(one) !== types.listLength(other)) return false;
  for (let i = 0; i < types.listLength(one); i++) if (types.listItem(one, i) !== types.listItem(other, i)) return false;
  return true;
}

/**
 * Converts the checked expression `n` to `wanted`, or reports that it does not fit. `cause` shows where `wanted` comes from.
 * Gives `wanted`, or `error`.
 */
export function coerce(c: Checker, n: Node, wanted: TypeId, cause?: Label): TypeId {
  const from = c.program.typeOf(n);
  if (from === T.error && c.learning) taint(c, wanted);
  if (from === wanted || from === T.never || from === T.error) return wanted;
  if (wanted === T.error) {
    if (c.learning) taint(c, from);
    return from;
  }
  if (c.learning && (c.types.hasVariable(from) || c.types.hasVariable(wanted))) return tieValue(c, n, from, wanted);
  if (from === T["integer literal"] || from === T["float literal"]) {
    settle(c, n, literalTarget(c, wanted, from));
    return coerce(c, n, wanted, cause);
  }
  if (converts(c, from, wanted) || convertsByForm(c, n, from, wanted)) {
    c.program.setWanted(n, wanted);
    return wanted;
  }
  return mismatch(c, n, from, wanted, cause);
}

/** Conversions that only a certain form of expression has: a text as *u8, an array of constants as a slice, a named function as a C pointer. */
function convertsByForm(c: Checker, n: Node, from: TypeId, wanted: TypeId): boolean {
  const { types, ast } = c;
  const inner = ast.withoutParentheses(n);
  const kind = ast.kind[inner];
  let to = wanted;
  while (types.kindOf(to) === TypeKind.Optional) to = types.inner(to);
  if (from === T.str) return kind === Kind.String && types.kindOf(to) === TypeKind.Pointer && types.inner(to) === T.u8;
  if (types.kindOf(from) === TypeKind.Array && types.kindOf(to) === TypeKind.Slice) {
    return (kind === Kind.Array || kind === Kind.ArrayRepeat) && types.inner(from) === types.inner(to) && !types.isMutable(to);
  }
  if (types.kindOf(from) === TypeKind.Function && types.kindOf(to) === TypeKind.Function) {
    // A closure's captures were looked at where it was checked.
    return (kind === Kind.Name || kind === Kind.Field || kind === Kind.Closure) && types.isExternal(to) && !types.isExternal(from) && sameSignature(c, from, to);
  }
  return false;
}

/** The type that a literal takes where `wanted` is: that itself if it is a number, what is inside an optional, else i64 or f64. */
export function literalTarget(c: Checker, wanted: TypeId, literal: TypeId): TypeId {
  let at = wanted;
  while (c.types.kindOf(at) === TypeKind.Optional) at = c.types.inner(at);
  if (isFloatType(at)) return at;
  if (isIntegerType(at) && literal === T["integer literal"]) return at;
  return defaultType(literal);
}

/** How `n` is borrowed as `wanted`: an operator binds looser than the `&` in front of it. */
function borrowed(c: Checker, n: Node, wanted: TypeId): string {
  const kind = c.ast.kind[n];
  return `borrow it: ${c.types.isMutable(wanted) ? "&mut " : "&"}${kind === Kind.Binary || kind === Kind.Cast ? "(…)" : "…"}`;
}

/** Says that `n`, of type `found`, is not what is wanted here. */
export function mismatch(c: Checker, n: Node, found: TypeId, wanted: TypeId, cause?: Label): TypeId {
  const labels = cause === undefined ? [] : [cause];
  if (found === T.error || wanted === T.error) return T.error;
  if (found === T.void) {
    return reportNoValue(c, n, `expected ${c.typeName(wanted)}, but this has no value`, { labels, advice: c.types.kindOf(wanted) === TypeKind.Result && c.types.inner(wanted) === T.void ? ["end with Ok(()) on a line of its own"] : [] });
  }
  const advice: string[] = [];
  const base = throughReferences(c, found);
  if (isNumber(base) && isNumber(wanted)) advice.push(`write: … as ${c.typeName(wanted)}`);
  else if (c.types.kindOf(found) === TypeKind.Optional && c.types.inner(found) === wanted) advice.push("take the value out with !, ?? or match");
  else if (c.types.kindOf(found) === TypeKind.Result && c.types.inner(found) === wanted) advice.push("take the value out with ?, !, ?? or match");
  else if (isWrapped(c, found, wanted)) advice.push(`take the value out first, with !, ${c.types.kindOf(c.types.inner(found)) === TypeKind.Result ? "? or ??" : "?? or match"}`);
  else if (holdsWrapped(c, found, wanted)) advice.push("take what is in it out first, with ?, !, ?? or match");
  else if (found === T.str && c.types.kindOf(wanted) === TypeKind.Reference && isString(c, c.types.inner(wanted))) advice.push("borrow a String: &….to_string()");
  else if (c.types.kindOf(wanted) === TypeKind.Reference && c.types.inner(wanted) === found) advice.push(borrowed(c, n, wanted));
  else if (c.types.kindOf(wanted) === TypeKind.Slice && c.types.kindOf(found) === TypeKind.Array) advice.push(borrowed(c, n, wanted));
  else if (c.types.kindOf(wanted) === TypeKind.Reference && c.types.isMutable(wanted) && c.types.kindOf(found) === TypeKind.Reference && c.types.inner(wanted) === c.types.inner(found)) advice.push(byMutable(c, n));
  else if (c.types.kindOf(wanted) === TypeKind.Pointer && c.types.inner(wanted) === found) advice.push("take its address: &…");
  else if (c.types.kindOf(found) === TypeKind.Optional && throughReferences(c, c.types.inner(found)) === wanted) advice.push("take the value out with !, ?? or match");
  else if (c.types.kindOf(wanted) === TypeKind.Slice && c.types.isMutable(wanted) && c.types.kindOf(base) === TypeKind.Array && c.types.kindOf(found) === TypeKind.Reference) advice.push(byMutable(c, n));
  else if (c.types.kindOf(wanted) === TypeKind.Result && converts(c, found, c.types.inner(wanted))) advice.push("what succeeds is wrapped: Ok(…)");
  else if (c.types.kindOf(wanted) === TypeKind.Result && converts(c, found, c.types.errorType(wanted))) advice.push("what fails is wrapped: Err(…)");
  else if (wanted === T.bool && isNumber(base)) advice.push("compare it: … != 0");
  else if (isListOf(c, wanted, base)) advice.push("that takes all items of another list; one item is put in by push(x)");
  else if ((base === T.bool || isNumber(base)) && c.definitionBehind(wanted)?.name === Names.Ordering) advice.push("say how one stands to the other: a.cmp(b), or b.cmp(a) for the greatest first");
  else if (isResult(c, wanted, cause) && isOwnVariable(c, n) && servesAs(c, found, wanted)) advice.push(`a borrow of it would outlive it: let the function's result be ${c.typeName(found)}`);
  else if ((wanted === T.str || c.types.kindOf(wanted) === TypeKind.Slice) && c.types.kindOf(found) === TypeKind.Struct && servesAs(c, found, wanted)) advice.push(isResult(c, wanted, cause) && !isPlace(c, n) ? `a borrow of what is made here would outlive it: let the function's result be ${c.typeName(found)}` : borrowed(c, n, wanted));
  else if (wanted === T.str && (isNumber(base) || base === T.bool || base === T.char) && c.ast.kind[n] !== Kind.Char) advice.push(isResult(c, wanted, cause) ? "write a text, or let the function's result be String, and give f\"{x}\"" : "make text of it: &….to_string()");
  else if ((base === T.char && wanted === T.str) || (base === T.str && wanted === T.char)) advice.push("a character stands in single quotes, a text in double ones");
  else if (c.types.kindOf(found) === TypeKind.Reference && c.types.inner(found) === wanted) advice.push(...ownedOf(c, n, wanted));
  else advice.push(...ownedFrom(c, base, wanted));
  if (advice.length === 0 && wanted === T.u8 && found === T.char && c.ast.kind[c.ast.withoutParentheses(n)] === Kind.Char) advice.push("a byte is written b'a'");
  const isBorrow = c.types.kindOf(wanted) === TypeKind.Reference;
  if (advice.length === 0 && isBorrow && c.types.kindOf(found) !== TypeKind.Reference && converts(c, c.types.reference(found, c.types.isMutable(wanted)), wanted)) advice.push(borrowed(c, n, wanted));
  const dyn = c.types.kindOf(wanted) === TypeKind.Reference ? c.types.inner(wanted) : c.types.kindOf(wanted) === TypeKind.Struct && c.types.listLength(wanted) === 1 ? c.types.listItem(wanted, 0) : wanted;
  if (c.types.kindOf(dyn) === TypeKind.Dyn && c.types.kindOf(found) === c.types.kindOf(wanted) && found !== wanted) {
    const from = c.types.kindOf(found) === TypeKind.Reference ? c.types.inner(found) : c.types.listLength(found) === 1 ? c.types.listItem(found, 0) : found;
    const trait = c.definition(c.types.definition(dyn));
    if (trait.kind === "trait" && findImpl(c, from, trait, c.types.items(dyn)) === undefined) {
      return c.error("E0346", n, `${c.typeName(from)} is not ${c.nameText(trait.name)}, as ${c.typeName(wanted)} needs`, { labels: [...labels, ...c.declaredAt(trait)], advice: c.types.kindOf(from) === TypeKind.Dyn ? [`what lies behind ${c.aType(from)} is known by that trait only: take ${c.aType(wanted)}`] : [`write: impl ${c.nameText(trait.name)} for ${c.typeName(from)}`] });
    }
  }
  return c.error("E0301", n, `expected ${c.typeName(wanted)}, found ${c.typeName(found)}`, { labels, advice });
}

/** `wanted` is a `&mut List` of what `item` is, as that of `append`. */
function isListOf(c: Checker, wanted: TypeId, item: TypeId): boolean {
  const { types } = c;
  if (types.kindOf(wanted) !== TypeKind.Reference || !types.isMutable(wanted)) return false;
  const owner = c.definitionBehind(types.inner(wanted));
  return owner !== undefined && owner.name === Names.List && c.unitOfFile[owner.file] === c.prelude && types.listItem(types.inner(wanted), 0) === item;
}

/** A reference to an optional or a `Result` where one to what is in it is wanted. */
function isWrapped(c: Checker, found: TypeId, wanted: TypeId): boolean {
  const { types } = c;
  if (types.kindOf(found) !== TypeKind.Reference) return false;
  const behind = types.inner(found);
  const kind = types.kindOf(behind);
  return (kind === TypeKind.Optional || kind === TypeKind.Result) && converts(c, types.reference(types.inner(behind), types.isMutable(found)), wanted);
}

/** `Box[?T]` where `Box[T]` is wanted, `List[Result[T, E]]` where `List[T]` is. */
function holdsWrapped(c: Checker, found: TypeId, wanted: TypeId): boolean {
  const { types } = c;
  if (types.kindOf(found) !== TypeKind.Struct || types.kindOf(wanted) !== TypeKind.Struct || types.definition(found) !== types.definition(wanted) || types.listLength(found) !== 1) return false;
  const item = types.listItem(found, 0);
  const kind = types.kindOf(item);
  return (kind === TypeKind.Optional || kind === TypeKind.Result) && types.inner(item) === types.listItem(wanted, 0);
}

/** What to do where a & stands and a &mut is wanted. */
function byMutable(c: Checker, n: Node): string {
  return c.ast.kind[c.ast.withoutParentheses(n)] === Kind.Unary ? "borrow it by &mut" : "through a & nothing changes: take a &mut where this comes from";
}

/** What is wanted is wanted of the function's result. */
function isResult(c: Checker, wanted: TypeId, cause: Label | undefined): boolean {
  return wanted === c.result && (cause === undefined || cause.start === c.ast.start[c.resultNode]);
}

/** A variable that ends with the function. */
function isOwnVariable(c: Checker, n: Node): boolean {
  return c.ast.kind[n] === Kind.Name && meaningKind(c.program.meaningOf(n)) === MeaningKind.Local;
}

/** std's String. */
export function isString(c: Checker, type: TypeId): boolean {
  const owner = c.definitionBehind(type);
  return owner !== undefined && owner.name === Names.String && c.unitOfFile[owner.file] === c.prelude;
}

/** A value is wanted where a borrow of one stands: the variable of a loop over a place, which lends its items, or another. */
function ownedOf(c: Checker, n: Node, wanted: TypeId): string[] {
  const { ast, program } = c;
  const m = program.meaningOf(n);
  const isItem = ast.kind[n] === Kind.Name && meaningKind(m) === MeaningKind.Local && /\bfor\s[^{]*$/.test(c.sources.lineBefore(ast.start[program.localNode(meaningIndex(m) as LocalId)] as number));
  return [...(has(c, wanted, Names.Clone) ? ["clone it: ….clone()"] : []), ...(isItem ? ["let the loop take its items out: for … in ….into_iter()"] : [])];
}

/** How the value is reached where `!`, `?` or `??` meets a borrow of an optional or a `Result` that is no copy. */
export function adviceBorrowed(c: Checker, n: Node, type: TypeId): string[] {
  const inner = c.types.kindOf(type) === TypeKind.Reference ? c.types.inner(type) : type;
  const kind = c.types.kindOf(inner);
  if (inner === type || (kind !== TypeKind.Optional && kind !== TypeKind.Result)) return [];
  return [...ownedOf(c, n, inner).reverse(), "borrow what is in it: ….as_ref()"];
}

/** How a text or the elements of an array become what is owned. */
function ownedFrom(c: Checker, found: TypeId, wanted: TypeId): string[] {
  const owner = c.definitionBehind(wanted);
  if (owner === undefined || c.unitOfFile[owner.file] !== c.prelude) return [];
  if (owner.name === Names.String && found === T.str) return ["make a String of it: ….to_string(), or an f-string"];
  const kind = c.types.kindOf(found);
  if (owner.name === Names.List && (kind === TypeKind.Array || kind === TypeKind.Slice)) {
    return [kind === TypeKind.Array || has(c, c.types.inner(found), Names.Clone) ? "make a list of it: ….to_list()" : "begin with List.new(), and push the items"];
  }
  if (owner.name === Names.Box || owner.name === Names.Rc || owner.name === Names.Arc) return c.types.listItem(wanted, 0) === found || c.types.kindOf(c.types.listItem(wanted, 0)) === TypeKind.Dyn ? [`put it in one: ${c.nameText(owner.name)}.new(…)`] : [];
  return [];
}

/** An integer or a float type. */
export function isNumber(type: TypeId): boolean {
  return isIntegerType(type) || isFloatType(type);
}
