/** Places: what can be assigned and borrowed, whether it may change, and what that means for the variable at its root. */

import { isBroken } from "./generics.ts";
import { Flag, Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import type { Label } from "../source/diagnostics.ts";
import { noteChange } from "./captures.ts";
import { LocalFlag, MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import type { LocalId } from "./definitions.ts";
import { Names } from "../source/interner.ts";
import { meansField, throughPointers } from "./members.ts";
import { isLibraryCode, isLibraryOwned } from "./visibility.ts";
import { derefTarget, derefsMutably, hasKnown } from "./implementations.ts";
import { isCopy } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

/** The expression names memory: a variable, a field, an element, what a pointer points to. */
export function isPlace(c: Checker, n: Node): boolean {
  const { ast, program } = c;
  switch (ast.kind[n]) {
    case Kind.Paren:
      return isPlace(c, ast.operand(n));
    case Kind.Name: {
      const m = program.meaningOf(n);
      if (meaningKind(m) === MeaningKind.Local) return true;
      if (meaningKind(m) !== MeaningKind.Definition) return false;
      const kind = c.definition(meaningIndex(m)).kind;
      return kind === "global" || kind === "const";
    }
    case Kind.Field:
      if (meaningKind(program.meaningOf(n)) === MeaningKind.Definition) {
        const kind = c.definition(meaningIndex(program.meaningOf(n))).kind;
        return kind === "global" || kind === "const";
      }
      return meaningKind(program.meaningOf(n)) === MeaningKind.Field;
    case Kind.TupleField:
    case Kind.Index:
      return true;
    case Kind.Unary:
      return ast.unaryOperator(n) === UnaryOperator.Dereference;
    default:
      return false;
  }
}

/** Why a place may not change; undefined if it may. */
export interface Immutable {
  readonly message: string;
  readonly labels: readonly Label[];
  readonly advice: readonly string[];
}

/** Whether the place `n` may change: decided by the outermost pointer on the way, else by the variable at the root. */
export function immutability(c: Checker, n: Node): Immutable | undefined {
  const { ast, program, types } = c;
  let at = n;
  for (;;) {
    let object: Node;
    switch (ast.kind[at]) {
      case Kind.Paren:
        at = ast.operand(at);
        continue;
      case Kind.Name:
        return rootImmutability(c, at);
      case Kind.Field:
        if (meaningKind(program.meaningOf(at)) === MeaningKind.Definition) return rootImmutability(c, at);
        if (meaningKind(program.meaningOf(at)) === MeaningKind.Member || isLengthOfCollection(c, at)) return { message: "len and ptr cannot be assigned", labels: [], advice: [] };
        object = ast.operand(at);
        break;
      case Kind.TupleField:
      case Kind.Index:
        object = ast.operand(at);
        break;
      case Kind.Unary: {
        if (ast.unaryOperator(at) !== UnaryOperator.Dereference) return undefined;
        object = ast.operand(at);
        if (derefTarget(c, program.typeOf(object)) === 0) {
          const pointer = program.typeOf(object);
          if (types.kindOf(pointer) !== TypeKind.Reference || !types.isMutable(pointer)) return throughPointer(c, pointer, object);
          // What `*r` itself refers to does not matter for `*r = …`.
          return behindShared(c, object);
        }
        break;
      }
      default:
        // A temporary: changing it harms nobody.
        return undefined;
    }
    const type = program.typeOf(object);
    const kind = types.kindOf(type);
    const obstacle = derefObstacle(c, at, type);
    if (obstacle !== undefined) return obstacle;
    if (kind === TypeKind.Pointer) return undefined;
    if (kind === TypeKind.Reference || kind === TypeKind.Slice) return throughPointer(c, type, object) ?? behindShared(c, object);
    at = object;
  }
}

/** Why a `&mut` at place `n` gives no way to change what it refers to: it is itself reached through what others may look at. */
export function behindShared(c: Checker, n: Node): Immutable | undefined {
  const { ast, program, types } = c;
  let at = n;
  for (;;) {
    const kind = ast.kind[at];
    if (kind === Kind.Paren) {
      at = ast.operand(at);
      continue;
    }
    if (kind === Kind.Unary ? ast.unaryOperator(at) !== UnaryOperator.Dereference : kind !== Kind.Field && kind !== Kind.TupleField && kind !== Kind.Index) return undefined;
    if (kind === Kind.Field && (meaningKind(program.meaningOf(at)) === MeaningKind.Definition || meaningKind(program.meaningOf(at)) === MeaningKind.Member)) return undefined;
    const object = ast.operand(at);
    const type = program.typeOf(object);
    if (types.kindOf(type) === TypeKind.Pointer) return undefined;
    if (kind === Kind.Unary && types.kindOf(type) === TypeKind.Reference) {
      if (!types.isMutable(type)) return throughPointer(c, type, object);
    } else {
      const obstacle = derefObstacle(c, at, type) ?? throughPointer(c, type, object);
      if (obstacle !== undefined) return obstacle;
    }
    at = object;
  }
}

/** Whether the Field `n` is the length that a collection of the library keeps: outside the library it is there to be read. */
function isLengthOfCollection(c: Checker, n: Node): boolean {
  if (c.ast.fieldName(n) !== Names.len || isLibraryCode(c, c.ast.start[n] as number)) return false;
  let type = throughPointers(c, c.program.typeOf(c.ast.operand(n)));
  for (;;) {
    const owner = c.definitionBehind(type);
    if (owner?.kind === "struct" && hasField(c, n, type)) return isLibraryOwned(c, owner);
    const target = derefTarget(c, type);
    if (target === 0) return false;
    type = throughPointers(c, target);
  }
}

/** What the part `at` of an object is reached through besides references: boxes, and Index of a type's own; undefined if it may all be changed. */
function derefObstacle(c: Checker, at: Node, type: TypeId): Immutable | undefined {
  const { ast, types, program } = c;
  let base = type;
  const isIndex = ast.kind[at] === Kind.Index;
  const isDeref = ast.kind[at] === Kind.Unary;
  for (;;) {
    const kind = types.kindOf(base);
    if (kind === TypeKind.Reference || kind === TypeKind.Pointer) {
      if (isDeref) return undefined;
      base = types.inner(base);
      continue;
    }
    if (isIndex && meaningKind(program.meaningOf(at)) === MeaningKind.Definition && hasIndex(c, base)) {
      if (hasKnown(c, base, Names.IndexMut) || isBroken(c, base)) return undefined;
      return { message: `the elements of ${c.aType(base)} cannot change: it has no IndexMut`, labels: [], advice: [] };
    }
    if (ast.kind[at] === Kind.Field && hasField(c, at, base)) return undefined;
    const target = derefTarget(c, base);
    if (target === 0) return undefined;
    if (!derefsMutably(c, base)) return { message: `what is behind ${c.aType(base)} cannot change`, labels: [], advice: ["put the value into a Cell"] };
    if (isDeref) return undefined;
    base = target;
  }
}

function hasIndex(c: Checker, type: TypeId): boolean {
  return hasKnown(c, type, Names.Index);
}

function hasField(c: Checker, n: Node, type: TypeId): boolean {
  const name = c.ast.fieldName(n);
  const definition = c.definitionBehind(type);
  return definition?.kind === "struct" && definition.fields.some((field) => field.name === name && meansField(c, n, definition, type, field));
}

/** The place is changed: what it is reached through by Index is so by IndexMut. */
function indexMutably(c: Checker, n: Node): void {
  const { ast, program } = c;
  for (let at = n; ; at = ast.operand(at)) {
    switch (ast.kind[at]) {
      case Kind.Index: {
        const m = program.meaningOf(at);
        if (meaningKind(m) === MeaningKind.Definition && c.overloadedIndexes.has(at)) c.overloadedIndexes.get(at)?.();
        break;
      }
      case Kind.Paren:
      case Kind.Field:
      case Kind.TupleField:
        break;
      case Kind.Unary:
        if (ast.unaryOperator(at) !== UnaryOperator.Dereference) return;
        break;
      default:
        return;
    }
  }
}

/** Where the parameter that lends `object` is declared, and how it would lend it to be changed; or how the loop would whose variable it is. */
export function lentBy(c: Checker, object: Node, advice: string): Pick<Immutable, "labels" | "advice"> {
  const n = c.ast.withoutParentheses(object);
  const m = c.ast.kind[n] === Kind.Name ? c.program.meaningOf(n) : 0;
  const declared = m !== 0 && meaningKind(m) === MeaningKind.Local ? c.program.localNode(meaningIndex(m) as LocalId) : (0 as Node);
  if (declared !== 0 && /\bfor\s[^{]*$/.test(c.sources.lineBefore(c.ast.start[declared] as number))) return { labels: [], advice: ["let the loop lend its items to be changed: for … in &mut …"] };
  if (declared === 0 || c.ast.kind[declared] !== Kind.Parameter) return { labels: [], advice: [advice] };
  const isSelf = c.ast.has(declared, Flag.self);
  return { labels: [c.label(declared, isSelf ? "declared here, as &self" : "declared here")], advice: [isSelf ? "take it as &mut self" : advice] };
}

/** Why what a value of a pointer type, that of `object` if that is known, points to may not change. */
export function throughPointer(c: Checker, type: Parameters<Checker["typeName"]>[0], object: Node = 0 as Node): Immutable | undefined {
  const { types } = c;
  let at = type;
  // &&mut T gives no way to change T.
  for (;;) {
    const kind = types.kindOf(at);
    if (kind === TypeKind.Pointer) return undefined;
    if (kind === TypeKind.Slice) {
      return types.isMutable(at) ? undefined : { message: "the elements of a [] cannot change", ...lentBy(c, object, "take a []mut") };
    }
    if (kind !== TypeKind.Reference) return undefined;
    if (!types.isMutable(at)) return { message: "what is behind a & cannot change", ...lentBy(c, object, "take a &mut") };
    at = types.inner(at);
  }
}

/** Only a `let` can be made a `var`. */
function adviceOnImmutable(c: Checker, declared: Node, name: string): string {
  const before = c.sources.lineBefore(c.ast.start[declared] as number);
  if (/\bfor\b[^{]*$/.test(before)) return `the variable of a for does not change: copy it, as in var my_${name} = ${name}`;
  return /\b(let|var)\b[^={]*$/.test(before) && !/\b(if|while) let\b[^={]*$/.test(before) ? "declare it with var" : `copy it: var my_${name} = ${name}`;
}

function rootImmutability(c: Checker, n: Node): Immutable | undefined {
  const { program, ast } = c;
  const m = program.meaningOf(n);
  if (meaningKind(m) === MeaningKind.Local) {
    const local = meaningIndex(m) as LocalId;
    if (program.localHas(local, LocalFlag.mutable)) return undefined;
    const declared = program.localNode(local);
    const name = c.nameText(ast.name(declared));
    const isParameter = ast.kind[declared] === Kind.Parameter;
    if (isParameter && name === "self") c.changedByValue.add(c.selfType);
    return {
      message: isParameter ? `the parameter ${name} cannot change` : `${name} cannot change`,
      labels: [c.label(declared, isParameter ? "declared here" : "declared here, without var")],
      advice: [isParameter ? (name === "self" ? "take it as &mut self" : `copy it: var ${name} = …`) : adviceOnImmutable(c, declared, name)],
    };
  }
  if (meaningKind(m) !== MeaningKind.Definition) return undefined;
  const definition = c.definition(meaningIndex(m));
  if (definition.kind === "global") {
    if (isCopy(c, definition.type) || definition.type === T.error) return undefined;
    return { message: `the global ${c.nameText(definition.name)} is borrowed by & only`, labels: c.declaredAt(definition), advice: ["change what is in it by its methods"] };
  }
  if (definition.kind === "const") return { message: `${c.nameText(definition.name)} is a constant`, labels: c.declaredAt(definition), advice: ["a var global can change"] };
  return { message: `${c.nameText(definition.name)} is no variable`, labels: [], advice: [] };
}

/** The local whose own memory the place lies in, 0 if it is reached through a pointer or is none of a local. */
function rootLocal(c: Checker, n: Node): LocalId | 0 {
  const { ast, program, types } = c;
  let at = n;
  for (;;) {
    switch (ast.kind[at]) {
      case Kind.Paren:
        at = ast.operand(at);
        continue;
      case Kind.Name: {
        const m = program.meaningOf(at);
        return meaningKind(m) === MeaningKind.Local ? (meaningIndex(m) as LocalId) : 0;
      }
      case Kind.Field:
      case Kind.TupleField:
      case Kind.Index: {
        if (ast.kind[at] === Kind.Field && meaningKind(program.meaningOf(at)) === MeaningKind.Definition) return 0;
        const object = ast.operand(at);
        const kind = types.kindOf(program.typeOf(object));
        if (kind === TypeKind.Reference || kind === TypeKind.Pointer || kind === TypeKind.Slice) return 0;
        at = object;
        continue;
      }
      default:
        return 0;
    }
  }
}

/** The place is borrowed: its root variable must lie in memory. */
export function markAddressTaken(c: Checker, n: Node): void {
  const local = rootLocal(c, n);
  if (local !== 0) c.program.markLocal(local, LocalFlag.addressTaken);
}

/** The place changes, or is borrowed by &mut: a variable at its root, and what closures capture to reach it. */
export function markAssigned(c: Checker, n: Node): void {
  if (c.overloadedIndexes.size > 0) indexMutably(c, n);
  const local = rootLocal(c, n);
  if (local !== 0) c.program.markLocal(local, LocalFlag.assigned);
  if (c.closure !== undefined) noteChange(c, n);
}

/** The place is a global's own memory: its borrow is a raw pointer. (An element that a trait's `index` gives is not, though `rootLocal` would go through.) */
export function isGlobalPlace(c: Checker, n: Node): boolean {
  const { ast, program, types } = c;
  let at = n;
  for (;;) {
    switch (ast.kind[at]) {
      case Kind.Paren:
        at = ast.operand(at);
        continue;
      case Kind.Name:
      case Kind.Field:
      case Kind.TupleField:
      case Kind.Index: {
        const m = program.meaningOf(at);
        if (meaningKind(m) === MeaningKind.Definition) {
          const definition = c.definition(meaningIndex(m));
          // One that is not Copy is a Cell or its like, borrowed as any value.
          return definition.kind === "global" && isCopy(c, definition.type);
        }
        if (ast.kind[at] === Kind.Name) return false;
        const object = ast.operand(at);
        const kind = types.kindOf(program.typeOf(object));
        if (kind === TypeKind.Reference || kind === TypeKind.Pointer || kind === TypeKind.Slice) return false;
        at = object;
        continue;
      }
      default:
        return false;
    }
  }
}
