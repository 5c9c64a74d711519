/** `for`. */

import { isBroken } from "./generics.ts";
import { Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { noteChange } from "./captures.ts";
import { checkStatements, leaveScope } from "./blocks.ts";
import { enterLoop, leaveLoop } from "./control.ts";
import { checkExhaustive, isIrrefutable } from "./exhaustive.ts";
import { adviceOnEndless, checkRange, infer } from "./expressions.ts";
import { checkBorrow } from "./operators.ts";
import { bindPattern, Mode } from "./patterns.ts";
import { isPlace, markAddressTaken } from "./places.ts";
import { Names } from "../source/interner.ts";
import type { Instance } from "./checkedProgram.ts";
import { derefTarget, findImpl } from "./implementations.ts";
import { instanceOf, meanMethod } from "./members.ts";
import { deepestDeref, findMethod, type FoundReceiver } from "./methods.ts";
import { reach } from "./nameExpressions.ts";
import { immutability, markAssigned } from "./places.ts";
import { isCopy, throughReferences } from "./traits.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { isUnknown } from "./unknowns.ts";

/** `for pattern in iterable { }`: over a range, the elements of an array or slice, or the characters of a text. */
export function checkFor(c: Checker, n: Node): TypeId {
  const { ast, program, types } = c;
  const iterable = ast.withoutParentheses(ast.iterable(n));
  const outer = c.scopes.enter();
  let element: TypeId = T.error;
  let mode: number = Mode.value;
  if (ast.kind[iterable] === Kind.Range) {
    if (ast.right(iterable) === 0 || ast.left(iterable) === 0) {
      c.error("E0367", iterable, "the range of a for has two ends", { advice: ast.left(iterable) === 0 ? [] : [`write a loop with break, or ${adviceOnEndless}`] });
      if (ast.left(iterable) !== 0) infer(c, ast.left(iterable));
    } else {
      element = checkRange(c, iterable);
    }
    for (let at = ast.iterable(n); at !== iterable; at = ast.operand(at)) program.setType(at, element);
  } else {
    const isBorrow = ast.kind[iterable] === Kind.Unary && ast.unaryOperator(iterable) === UnaryOperator.BorrowMutable;
    const type = isBorrow ? checkBorrow(c, iterable, 0 as TypeId, true, true) : infer(c, ast.iterable(n));
    if (isBorrow) for (let at = ast.iterable(n); ; at = ast.operand(at)) {
      program.setType(at, type);
      if (at === iterable) break;
    }
    let base = isUnknown(c, type) ? T.error : type;
    let mutable = false;
    let throughReference = false;
    while (types.kindOf(base) === TypeKind.Reference) {
      mutable = throughReference ? mutable && types.isMutable(base) : types.isMutable(base);
      throughReference = true;
      base = types.inner(base);
    }
    const baseKind = types.kindOf(base);
    if (base === T.error || base === T.never) {
      element = T.error;
    } else if (base === T.str) {
      element = T.char;
    } else if (baseKind === TypeKind.Slice) {
      element = types.inner(base);
      mode = types.isMutable(base) && (isBorrow || !isPlace(c, iterable) || (throughReference && mutable)) ? Mode.mutableReference : Mode.reference;
    } else if (baseKind === TypeKind.Array) {
      element = types.inner(base);
      if (throughReference) mode = mutable ? Mode.mutableReference : Mode.reference;
      else if (isPlace(c, iterable)) {
        mode = Mode.reference;
        markAddressTaken(c, iterable);
      }
    } else if (iterates(c, n, ast.iterable(n), type, base, isBorrow)) {
      element = program.loopIteration(n)?.item ?? T.error;
    } else if (readsAsText(c, ast.iterable(n), base)) {
      element = T.char;
    } else {
      const advice = baseKind === TypeKind.Optional ? ["write: if let Some(x) = …"] : [];
      const owner = c.definitionBehind(base);
      if (owner?.kind === "struct" && c.unitOfFile[owner.file]?.library !== true) advice.push(`give it a method iter(&self), or write: impl Iterator[T] for ${c.typeName(base)}`);
      if (base === T.i64 || (base >= T.i8 && base <= T.usize)) advice.push("write: for i in 0..n");
      if (!isBroken(c, base)) c.error("E0327", ast.iterable(n), `${c.typeName(type)} cannot be iterated`, { advice });
    }
  }
  if (mode === Mode.mutableReference && c.closure !== undefined) noteChange(c, iterable);
  const before = c.diverges;
  enterLoop(c, n, -1);
  bindPattern(c, ast.pattern(n), element, mode, false);
  if (element !== T.error && !isIrrefutable(c, ast.pattern(n))) checkExhaustive(c, ast.pattern(n), element, "E0508");
  const inner = c.scopes.enter();
  const body = ast.body(n);
  program.setType(body, checkStatements(c, body, T.void));
  leaveScope(c, inner);
  leaveLoop(c, n);
  c.diverges = before;
  leaveScope(c, outer);
  return T.void;
}

/** A String, or what leads to one, lends its characters. */
function readsAsText(c: Checker, iterable: Node, base: TypeId): boolean {
  let at = base;
  for (let depth = 0; depth < deepestDeref && at !== T.str && at !== 0; depth++) at = throughReferences(c, derefTarget(c, at));
  if (at !== T.str) return false;
  if (isPlace(c, iterable)) markAddressTaken(c, iterable);
  c.program.setWanted(iterable, T.str);
  return true;
}

/**
 * A `for` over a type that is Iterator, or that gives one: a place or `&place` by `iter`, `&mut place` by `iter_mut`, another value by `into_iter`.
 * False if it is neither.
 */
function iterates(c: Checker, n: Node, iterable: Node, type: TypeId, base: TypeId, isMutable: boolean): boolean {
  const { program, types } = c;
  const trait = c.knownTraits.get(Names.Iterator) ?? c.preludeDefinition(Names.Iterator);
  if (trait?.kind !== "trait") return false;
  const itself = findImpl(c, base, trait, []);
  if (itself !== undefined) {
    const item = itself.traitArgs[0] ?? T.error;
    const next = meanMethod(c, n, base, trait, Names.next, itself.traitArgs);
    if (next === undefined) return false;
    if (isPlace(c, iterable) && type === base) markAddressTaken(c, iterable);
    program.setLoopIteration(n, { make: undefined, next, iterator: reachedIterator(c, iterable, type, base), item });
    return true;
  }
  const isBorrow = types.kindOf(type) === TypeKind.Reference;
  const name = isMutable || (isBorrow && types.isMutable(type)) ? Names.iter_mut : isBorrow || isPlace(c, iterable) ? Names.iter : Names.into_iter;
  const found = findMethod(c, type, name, "anyone");
  if (found === undefined || found.method.unmet !== undefined || found.method.function.parameters.length > 1) return false;
  const make = instanceFound(c, found);
  const iterator = program.substitute(make.function.result, make.function.typeParameters, make.args);
  const gives = findImpl(c, iterator, trait, []);
  const next = gives === undefined ? undefined : instanceOf(c, iterator, trait, Names.next, gives.traitArgs);
  if (gives === undefined || next === undefined) return false;
  const { base: owner } = found;
  if ((types.kindOf(owner) === TypeKind.Slice || owner === T.str) && throughReferences(c, type) !== owner) program.setWanted(iterable, owner === T.str ? owner : types.slice(types.inner(owner), name === Names.iter_mut));
  if (isPlace(c, iterable)) {
    if (name === Names.iter_mut && !isBorrow) {
      const why = immutability(c, iterable);
      if (why !== undefined) c.error("E0322", iterable, `the elements are borrowed by &mut: ${why.message}`, { labels: why.labels, advice: why.advice });
      else markAssigned(c, iterable);
    }
    if (!isBorrow) markAddressTaken(c, iterable);
  }
  c.setDefinition(n, next.function);
  program.setInstanceArgs(n, next.args);
  program.setLoopIteration(n, { make, next, iterator, item: gives.traitArgs[0] ?? T.error });
  return true;
}

/** The type of what the loop keeps of an iterator: itself, or the `&mut` that leads to it and lets it go on behind the loop. */
function reachedIterator(c: Checker, iterable: Node, type: TypeId, base: TypeId): TypeId {
  const { types } = c;
  for (let at = type; at !== base; at = types.inner(at)) {
    if (types.isMutable(at)) continue;
    if (isCopy(c, base)) c.program.setWanted(iterable, base);
    else c.error("E0327", iterable, `${c.aType(base)} changes as it gives its items, and this is a &`, { advice: ["take a &mut, or clone it: ….clone()"] });
    return base;
  }
  if (type !== base && c.closure !== undefined) noteChange(c, iterable);
  return type;
}

function instanceFound(c: Checker, found: FoundReceiver): Instance {
  reach(c, found.method.function);
  return { function: found.method.function, args: found.method.args };
}
