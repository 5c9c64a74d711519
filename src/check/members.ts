/** What stands behind a value: fields, parts of tuples, elements, slices. */

import { Flag, Kind, type NameId, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { knownInteger } from "./arithmetic.ts";
import { coerce, converts } from "./convert.ts";
import { isLiteralType, settleDefault } from "./settle.ts";
import { noteChange } from "./captures.ts";
import { BuiltinMember, MeaningKind, meaning } from "./checkedProgram.ts";
import { isKnownNil } from "./constants.ts";
import type { Checker } from "./context.ts";
import { isBroken } from "./generics.ts";

import { check, checkAs, checkRange, infer } from "./expressions.ts";
import { derefTarget, findImpl, headOf, matchImpl, preludeTrait } from "./implementations.ts";
import { fieldTypeIn } from "./substitute.ts";
import { nearMethod } from "./methodAdvice.ts";
import { findMethod, methodNames } from "./methods.ts";
import { resolvePath, structureOf } from "./names.ts";
import type { Instance } from "./checkedProgram.ts";
import type { Definition, Field, StructDefinition, TraitDefinition } from "./definitions.ts";
import { writtenArguments } from "./calls.ts";
import { genericValue } from "./genericCalls.ts";
import { definitionValue, reach } from "./nameExpressions.ts";
import { immutability, isPlace, markAddressTaken, markAssigned } from "./places.ts";

import { suggest } from "../source/suggest.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeKind, isIntegerType, type TypeId } from "./types.ts";
import { taintBy } from "./unknowns.ts";
import { advicePrivate, isLibraryCode, isLibraryOwned, seesPrelude } from "./visibility.ts";

/** An optional or a `Result`: what is wanted is in it. */
function mayFail(c: Checker, type: TypeId): boolean {
  const kind = c.types.kindOf(type);
  return kind === TypeKind.Optional || kind === TypeKind.Result;
}

/** Behind all references and raw pointers: where fields and elements are looked for. */
export function throughPointers(c: Checker, type: TypeId): TypeId {
  let at = type;
  for (;;) {
    const kind = c.types.kindOf(at);
    if (kind !== TypeKind.Reference && kind !== TypeKind.Pointer) return at;
    at = c.types.inner(at);
  }
}

/** `object.name`: a member of a module or type, or a field of a value. */
export function checkField(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast } = c;
  const object = ast.operand(n);
  const kind = ast.kind[object];
  if (kind === Kind.Name || kind === Kind.Field || kind === Kind.Index) {
    const path = resolvePath(c, n);
    if (path === "error") return T.error;
    if (path !== "value") return definitionValue(c, n, path, expected);
  }
  const type = infer(c, object);
  return fieldOf(c, n, type);
}

/** The field that the Field `n` names, of a value of type `type`. */
export function fieldOf(c: Checker, n: Node, type: TypeId): TypeId {
  const { ast, types, program } = c;
  const name = ast.fieldName(n);
  if (type === T.error || type === T.never) return T.error;
  let base = type;
  for (;;) {
    const kind = types.kindOf(base);
    if (name === Names.len && (base === T.str || kind === TypeKind.Array || kind === TypeKind.Slice)) {
      program.setMeaning(n, meaning(MeaningKind.Member, BuiltinMember.len));
      return T.i64;
    }
    if (name === Names.ptr && (base === T.str || kind === TypeKind.Array || kind === TypeKind.Slice)) {
      program.setMeaning(n, meaning(MeaningKind.Member, BuiltinMember.ptr));
      if (kind === TypeKind.Array) markAddressTaken(c, ast.operand(n));
      return types.pointer(base === T.str ? T.u8 : types.inner(base));
    }
    if (kind !== TypeKind.Reference && kind !== TypeKind.Pointer) break;
    if (kind === TypeKind.Pointer && isKnownNil(c, ast.operand(n))) c.error("E0608", ast.operand(n), "this pointer is nil");
    base = types.inner(base);
  }
  const structure = structureOf(c, base);
  if (structure?.kind === "struct") {
    const { fields } = structure;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as (typeof fields)[number];
      if (field.name !== name || !meansField(c, n, structure, base, field)) continue;
      checkFieldVisible(c, structure, field.node, c.tail(n, name), name);
      program.setMeaning(n, meaning(MeaningKind.Field, i));
      return fieldTypeIn(types, c.definitions, base, field.type);
    }
  }
  const target = derefTarget(c, base);
  if (target !== 0) {
    if (isPlace(c, ast.operand(n))) markAddressTaken(c, ast.operand(n));
    return fieldOf(c, n, target);
  }
  return unknownField(c, n, name, base);
}

/** A field of a type that derefs is hidden behind what that derefs to, unless it is marked pub: `b.value` of a Box[P] is P's. Within std it is not. */
export function meansField(c: Checker, n: Node, structure: StructDefinition, type: TypeId, field: Field): boolean {
  if (derefTarget(c, type) === 0 || ((c.ast.flags[field.node] as number) & Flag.public) !== 0 || !isLibraryOwned(c, structure)) return true;
  return isLibraryCode(c, c.ast.start[n] as number);
}

/** Another module sees fields that are marked pub; what a type of the library keeps to itself only the library sees, although the prelude is included. */
export function checkFieldVisible(c: Checker, structure: Definition, field: Node, span: { start: number; end: number }, name: NameId): void {
  if (isFieldVisible(c, structure, field, span.start)) return;
  c.errorAt("E0208", span, `the field ${c.nameText(name)} is private to its module`, { labels: [c.label(field, "declared here")], advice: advicePrivate(c, structure) });
}

/** Whether what stands at position `at` may name the field. */
export function isFieldVisible(c: Checker, structure: Definition, field: Node, at: number): boolean {
  const unit = c.unitOfFile[structure.file];
  if (unit === c.unit || ((c.ast.flags[field] as number) & Flag.public) !== 0) return true;
  // The systems' layers keep nothing to themselves: who runs programs of another system reads what they say of files.
  return unit === c.prelude && (seesPrelude(c, structure.file, at) || c.sources.files[structure.file]?.path.startsWith("os/") === true);
}

/** As `checkFieldVisible`, for a literal or a pattern that names the field: the length that a collection keeps is not given or taken apart outside the library. */
export function checkFieldNamed(c: Checker, structure: StructDefinition, field: Node, span: { start: number; end: number }, name: NameId): void {
  if (name === Names.len && isLibraryOwned(c, structure) && !isLibraryCode(c, span.start)) {
    c.errorAt("E0208", span, `the field ${c.nameText(name)} of ${c.nameText(structure.name)} is kept by the library`, { labels: [c.label(field, "declared here")], advice: ["read it: .len"] });
    return;
  }
  checkFieldVisible(c, structure, field, span, name);
}

/** Whether the type, or what it derefs to, is a struct with the field. */
function hasField(c: Checker, type: TypeId, name: NameId): boolean {
  for (let at = type; at !== 0; at = derefTarget(c, at)) {
    const structure = structureOf(c, at);
    if (structure?.kind === "struct" && structure.fields.some((field) => field.name === name)) return true;
  }
  return false;
}

function unknownField(c: Checker, n: Node, name: NameId, base: TypeId): TypeId {
  const structure = structureOf(c, base);
  if (c.isIncomplete(structure)) return T.error;
  const span = c.tail(n, name);
  const text = c.nameText(name);
  if (findMethod(c, base, name, n) !== undefined) {
    return c.errorAt("E0204", span, `${text} is a method of ${c.typeName(base)}`, { advice: [`call it: .${text}()`] });
  }
  if (structure?.kind === "struct" && structure.fields.length > 0) {
    const near = nearMethod(c, base, text) ?? suggest(text, [...structure.fields.map((field) => c.nameText(field.name)), ...methodNames(c, base)]);
    return c.errorAt("E0204", span, `${c.typeName(base)} has no field ${text}`, { labels: c.declaredAt(structure), advice: near === undefined ? [] : [`did you mean ${near}?`] });
  }
  if (c.isLost(name)) return T.error;
  const near = nearMethod(c, base, text) ?? suggest(text, methodNames(c, base));
  const kind = c.types.kindOf(base);
  const inner = kind === TypeKind.Optional || kind === TypeKind.Result ? throughReferences(c, c.types.inner(base)) : (0 as TypeId);
  const isWithin = hasField(c, inner, name) || (name === Names.len && (inner === T.str || c.types.kindOf(inner) === TypeKind.Slice));
  const message = near === undefined ? `${c.typeName(base)} has no fields` : `${c.typeName(base)} has no field ${text}`;
  const takesApart = structure?.kind === "enum" && near === undefined ? ["the parts of a variant are bound by a pattern: if let Circle(r) = … or match"] : [];
  return c.errorAt("E0318", span, message, { advice: takesApart.length > 0 ? takesApart : isWithin ? ["take the value out first, with !, ? or match"] : near === undefined && kind === TypeKind.Optional ? ["take the value out with !, ?? or match"] : near === undefined ? [] : [`did you mean ${near}?`] });
}

/** `tuple.0` */
export function checkTupleField(c: Checker, n: Node): TypeId {
  const { ast, types } = c;
  const type = infer(c, ast.operand(n));
  if (type === T.error || type === T.never) return T.error;
  let base = throughPointers(c, type);
  for (let next = derefTarget(c, base); next !== 0; next = derefTarget(c, base)) base = throughPointers(c, next);
  const index = ast.tupleIndex(n);
  const end = ast.end[n] as number;
  const span = { start: end - `${index}`.length, end };
  if (types.kindOf(base) !== TypeKind.Tuple) {
    return c.errorAt("E0360", span, `${c.typeName(base)} is no tuple and has no part ${index}`);
  }
  if (index >= types.listLength(base)) {
    return c.errorAt("E0360", span, `${c.typeName(base)} has no part ${index}`, { advice: [`its parts are 0 to ${types.listLength(base) - 1}`] });
  }
  return types.listItem(base, index);
}

/** `object[a..b]` */
export function isRangeIndex(c: Checker, n: Node): boolean {
  const { ast } = c;
  const list = ast.arguments(n);
  return ast.length(list) === 1 && ast.kind[ast.item(list, 0)] === Kind.Range;
}

/** `xs[a..b]`, perhaps in parentheses. */
export function isSliced(c: Checker, n: Node): boolean {
  const at = c.ast.withoutParentheses(n);
  return c.ast.kind[at] === Kind.Index && isRangeIndex(c, at);
}

/** `object[index]`, `object[a..b]`. */
export function checkIndex(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types } = c;
  const object = ast.operand(n);
  const list = ast.arguments(n);
  if (isRangeIndex(c, n)) {
    let wanted = expected;
    while (types.kindOf(wanted) === TypeKind.Optional) wanted = types.inner(wanted);
    return checkSlice(c, n, types.kindOf(wanted) === TypeKind.Slice && types.isMutable(wanted));
  }
  const objectKind = ast.kind[object];
  if (objectKind === Kind.Name || objectKind === Kind.Field) {
    const path = resolvePath(c, object);
    if (path === "error") return T.error;
    if (path !== "value" && path.kind !== "const" && path.kind !== "global") {
      if (c.refused[path.id] === true) return T.error;
      if (path.kind === "function" && path.typeParameters.length > path.outerParameters) {
        const seeds = writtenArguments(c, n, path, c.pathArguments ?? []);
        reach(c, path);
        return seeds === undefined ? T.error : genericValue(c, n, path, seeds, expected);
      }
      if (path.kind === "function") return c.error("E0345", n, `${c.nameText(path.name)} has no type parameters`, { labels: c.declaredAt(path) });
      return definitionValue(c, object, path, 0 as TypeId) === T.error ? T.error : c.error("E0319", object, "this cannot be indexed");
    }
  }
  const type = infer(c, object);
  if (ast.length(list) !== 1) {
    for (let i = 0; i < ast.length(list); i++) infer(c, ast.item(list, i));
    return type === T.error ? T.error : c.error("E0319", n, `an index is one value, not ${ast.length(list)}`);
  }
  const index = ast.item(list, 0);
  const overloaded = ownIndex(c, n, type, index);
  if (overloaded !== undefined) return overloaded;
  const indexType = infer(c, index);
  if (type === T.error || type === T.never) return T.error;
  const base = elementOwner(c, type);
  const kind = types.kindOf(base);
  if (base !== throughReferences(c, type) && isPlace(c, object)) markAddressTaken(c, object);
  if (kind !== TypeKind.Array && kind !== TypeKind.Slice && kind !== TypeKind.Pointer) {
    if (isBroken(c, type)) return T.error;
    taintBy(c, base, c.ast.start[object] as number);
    const advice = kind === TypeKind.Tuple ? ["the parts of a tuple are written t.0, t.1"] : mayFail(c, base) ? ["take the value out first, with !, ?? or match"] : base === T.str ? ["cut it with s[a..b], or go over its characters: for c in s.chars(); a single byte is s.bytes()[i]"] : findMethod(c, base, Names.next, n) !== undefined ? ["an iterator gives its items one by one: make a list of them, ….to_list()"] : c.definitionBehind(base)?.kind === "struct" && c.unitOfFile[c.definitionBehind(base)?.file ?? 0]?.library !== true ? [`write: impl Index[i64, T] for ${c.typeName(base)}`] : [];
    return c.error("E0319", object, `${c.typeName(type)} cannot be indexed`, { advice });
  }
  const number = throughReferences(c, indexType);
  if (indexType !== T.error && indexType !== T.never) {
    if (!isIntegerType(number)) c.error("E0320", index, `an index is an integer, not ${c.typeName(indexType)}`, { advice: mayFail(c, number) ? ["take the value out with !, ?? or match"] : [] });
    else if (number !== indexType) c.program.setWanted(index, number);
  }
  if (kind === TypeKind.Array) {
    const known = knownInteger(c, index);
    const length = types.arrayLength(base);
    if (known !== undefined && (known < 0 || known >= length)) {
      c.error("E0607", index, `the index ${known} is outside the array`, { advice: [length === 0 ? "it has no elements" : `its indexes are 0 to ${length - 1}`] });
    }
  } else if (kind === TypeKind.Pointer && isKnownNil(c, object)) {
    c.error("E0608", object, "this pointer is nil");
  }
  return types.inner(base);
}

/** What is indexed: behind references an array or slice; a raw pointer is indexed itself. */
function elementOwner(c: Checker, type: TypeId): TypeId {
  let at = throughReferences(c, type);
  for (let next = derefTarget(c, at); next !== 0; next = derefTarget(c, at)) at = throughReferences(c, next);
  return at;
}

/** An index that the object's own Index answers, or that of what it derefs to; undefined if none does. */
function ownIndex(c: Checker, n: Node, type: TypeId, index: Node): TypeId | undefined {
  const { types } = c;
  const first = types.kindOf(throughReferences(c, type));
  if (first !== TypeKind.Struct && first !== TypeKind.Enum && first !== TypeKind.TypeParameter && first !== TypeKind.Dyn) return undefined;
  const trait = preludeTrait(c, Names.Index);
  if (trait === undefined) return undefined;
  for (let base = throughReferences(c, type); ; ) {
    const found = findImpl(c, base, trait, []);
    if (found !== undefined) {
      // With one impl the index is wanted as that asks; with several its own type says which.
      const open = found.traitArgs[0] ?? (0 as TypeId);
      const wanted = open !== 0 && !types.hasHole(open) ? open : (0 as TypeId);
      const indexType = wanted === 0 ? indexAmong(c, base, trait, index) : checkAs(c, index, wanted);
      const args = [wanted === 0 ? indexType : wanted];
      if (indexType === T.error) return T.error;
      const chosen = findImpl(c, base, trait, args);
      const declared = trait.methods[0];
      if (chosen === undefined || declared === undefined) return c.error("E0320", index, `${c.typeName(base)} is not indexed by ${c.typeName(indexType)}`);
      const object = c.ast.operand(n);
      if (isPlace(c, object)) markAddressTaken(c, object);
      const element = chosen.traitArgs[1] ?? T.error;
      meanMethod(c, n, base, trait, Names.index, chosen.traitArgs);
      c.overloadedIndexes.set(n, () => {
        const mutable = preludeTrait(c, Names.IndexMut);
        if (mutable !== undefined && findImpl(c, base, mutable, chosen.traitArgs) !== undefined) meanMethod(c, n, base, mutable, Names.index_mut, chosen.traitArgs);
      });
      return element;
    }
    const next = derefTarget(c, base);
    if (next === 0) return undefined;
    base = throughReferences(c, next);
  }
}

/** Checks an index that several impls take, each another type: what is no borrow is wanted, but what it is says which is meant. Gives the type that is taken. */
function indexAmong(c: Checker, base: TypeId, trait: TraitDefinition, index: Node): TypeId {
  const { types } = c;
  const sides = (trait.implementations.get(headOf(c, base)) ?? []).map((one) => matchImpl(c, one, base, [])?.traitArgs[0]).filter((side): side is TypeId => side !== undefined && side !== 0);
  const hint = sides.find((side) => side !== T.str && types.kindOf(side) !== TypeKind.Reference) ?? sides[0] ?? (0 as TypeId);
  const type = check(c, index, hint);
  if (type === T.error || sides.includes(type)) return type;
  const taken = isLiteralType(type) || types.hasVariable(type) || types.hasVariable(hint) ? hint : (sides.find((side) => side !== hint && converts(c, type, side)) ?? hint);
  return taken === 0 ? settleDefault(c, index, type) : coerce(c, index, taken);
}

/** Makes `n` mean a trait's method for a type that has the trait. */
export function meanMethod(c: Checker, n: Node, type: TypeId, trait: TraitDefinition, name: NameId, traitArgs: readonly TypeId[]): Instance | undefined {
  const instance = instanceOf(c, type, trait, name, traitArgs);
  if (instance === undefined) return undefined;
  c.setDefinition(n, instance.function);
  c.program.setInstanceArgs(n, instance.args);
  return instance;
}

/** The method of the impl of a trait for a type, or the trait's own where a bound, a default or the language gives it. */
export function instanceOf(c: Checker, type: TypeId, trait: TraitDefinition, name: NameId, traitArgs: readonly TypeId[]): Instance | undefined {
  const found = findImpl(c, type, trait, traitArgs);
  const declared = trait.methods.find((one) => one.name === name);
  if (found === undefined || declared === undefined) return undefined;
  const own = found.implementation?.methods.find((one) => one.name === name);
  const instance: Instance = own === undefined ? { function: declared, args: [type, ...found.traitArgs] } : { function: own, args: found.args };
  reach(c, instance.function);
  return instance;
}

/** `object[from..to]`: a slice, mutable if `mutable` and the place allows it; of a str a str. */
export function checkSlice(c: Checker, n: Node, mutable: boolean): TypeId {
  const { ast, types } = c;
  const object = ast.operand(n);
  const range = ast.item(ast.arguments(n), 0);
  const type = infer(c, object);
  const bounds = checkRange(c, range);
  if (bounds === T.char) c.error("E0320", range, "the bounds of a slice are integers");
  if (type === T.error || type === T.never) return T.error;
  const base = elementOwner(c, type);
  const kind = types.kindOf(base);
  if (base !== throughReferences(c, type)) {
    // A list's or string's elements: borrowed from it, changed if it may be.
    if (isPlace(c, object)) markAddressTaken(c, object);
    checkBounds(c, range, undefined);
    if (base === T.str) return T.str;
    if (kind === TypeKind.Slice) {
      if (mutable) requireMutable(c, n, object, type);
      return types.slice(types.inner(base), mutable);
    }
  }
  if (base === T.str) {
    checkBounds(c, range, undefined);
    return T.str;
  }
  if (kind === TypeKind.Array) {
    checkBounds(c, range, types.arrayLength(base));
    if (isPlace(c, object)) markAddressTaken(c, object);
    if (mutable) requireMutable(c, n, object, type);
    return types.slice(types.inner(base), mutable);
  }
  if (kind === TypeKind.Slice) {
    checkBounds(c, range, undefined);
    if (mutable && !types.isMutable(base)) c.error("E0322", n, "the elements of a [] cannot change", { advice: ["take a []mut"] });
    else if (mutable && c.closure !== undefined) noteChange(c, object);
    return types.slice(types.inner(base), mutable);
  }
  if (kind === TypeKind.Pointer) {
    if (ast.right(range) === 0) return c.error("E0367", range, "a raw pointer has no length: give the slice an end");
    return types.slice(types.inner(base), mutable);
  }
  return c.error("E0355", object, `${c.typeName(type)} cannot be sliced`);
}

function requireMutable(c: Checker, n: Node, object: Node, type: TypeId): void {
  if (c.types.kindOf(type) === TypeKind.Reference) {
    if (!c.types.isMutable(type)) c.error("E0322", n, "what is behind a & cannot change", { advice: ["take a &mut"] });
    else if (c.closure !== undefined) noteChange(c, object);
    return;
  }
  if (!isPlace(c, object)) return;
  const why = immutability(c, object);
  if (why !== undefined) c.error("E0322", n, `a mutable slice of something immutable: ${why.message}`, { labels: why.labels, advice: why.advice });
  else markAssigned(c, object);
}

/** Bounds that are known and wrong. */
function checkBounds(c: Checker, range: Node, length: number | undefined): void {
  const { ast } = c;
  const from = ast.left(range) === 0 ? 0 : knownInteger(c, ast.left(range));
  const to = ast.right(range) === 0 ? undefined : knownInteger(c, ast.right(range));
  const end = to === undefined ? length : ast.has(range, 2) ? BigInt(to) + 1n : to;
  if (from !== undefined && from < 0) c.error("E0607", ast.left(range), `the slice begins at ${from}`);
  else if (to !== undefined && to < 0) c.error("E0607", ast.right(range), `the slice ends at ${to}`);
  else if (length !== undefined && end !== undefined && end > length) c.error("E0607", ast.right(range), `the slice ends at ${end}, and the array has ${length} elements`);
  else if (from !== undefined && end !== undefined && from > end) c.error("E0607", range, `the slice begins at ${from} and ends at ${end}`);
}

