/**
 * Values that are to be dropped: where each lies, whether it was moved away, and when its turn comes. A scope's cleanups (deferred expressions
 * and owned values, in the order of their making) run last first at every exit through it.
 *
 * Whether a value was moved is a byte in the frame, zeroed where the function begins and set by each move; a value that is never moved has
 * none. That the byte may be made when the first move is met, after exits were written that do not look at it, rests on the ownership
 * checker: where control gets to such an exit behind the move (round a loop), the value was not moved, or the program was refused. A variable that the loop
 * assigns may have been moved in the round before: what a loop does to such a one is filled in when the body ends (laterDrops.ts). Passes fold the bytes away.
 */

import { MeaningKind, meaningIndex, meaningKind } from "../check/checkedProgram.ts";
import type { LocalId } from "../check/definitions.ts";
import { TypeKind, type TypeId } from "../check/types.ts";
import type { Block, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { emitEffect, finalType } from "./dispatch.ts";
import { dropInPlace, dropsOf, type Part } from "./dropGlue.ts";
import type { Generator } from "./generator.ts";
import { Home } from "./locals.ts";

/** A value with an owner in the function at hand. */
export interface Owned {
  readonly type: TypeId;
  /** It lies at `address` + `offset`. */
  readonly address: Value;
  readonly offset: number;
  /** Address of the byte that says it was moved; 0: it never was so far. */
  gone: Value;
  /** Address of the byte that says it was made, where that depends on the path; 0: it was. */
  readonly made: Value;
  /** Parts that are moved by themselves, by the numbers of dropGlue.ts. */
  parts: Map<number, Owned> | undefined;
  /** Dropped at the end of its statement. */
  temporary: boolean;
  /** A loop assigns it, or a part of it: a move that is met later may come before. */
  again: boolean;
}

/** A deferred expression, an owned value, or code of its own. */
export type Cleanup = Node | Owned | (() => void);

// ── making ──

function flag(g: Generator): Value {
  const { f, position } = g.b;
  const address = f.slotAddress(f.slot(1, 1));
  const zero = f.create(Op.store, Type.i8, f.int(Type.i8, 0), address, 0, position);
  const entry = f.order[0] as Block;
  const first = f.firstOf(entry);
  if (first === 0) f.append(entry, zero);
  else f.insertBefore(first, zero);
  return address;
}

function setFlag(g: Generator, address: Value, value: 0 | 1): void {
  if (g.reachable && address !== 0) g.b.store(g.b.f.int(Type.i8, value), address, 0);
}

function innermost(g: Generator): Cleanup[] {
  return g.frame.scopes[g.frame.scopes.length - 1] as Cleanup[];
}

/** The value of a local is dropped at the end of its scope. */
export function ownLocal(g: Generator, local: LocalId): void {
  const type = g.program.localType(local);
  if (!g.reachable || !g.needsDrop(type)) return;
  if (g.locals.homeOf(local) !== Home.Slot) throw new Error("irgen/owned.ownLocal: a local that is dropped lies in memory");
  const made = g.frame.inChain ? flag(g) : (0 as Value);
  setFlag(g, made, 1);
  const owned: Owned = { type, address: g.locals.slotOf(local), offset: 0, gone: 0 as Value, made, parts: undefined, temporary: false, again: false };
  g.owned.set(local, owned);
  innermost(g).push(owned);
}

/** The value at an address is dropped at the end of the statement, if nobody takes it. */
export function ownTemporary(g: Generator, type: TypeId, address: Value): Owned | undefined {
  if (!g.reachable || !g.needsDrop(type) || g.frame.scopes.length === 0) return undefined;
  const made = g.frame.conditional > 0 ? flag(g) : (0 as Value);
  setFlag(g, made, 1);
  const owned: Owned = { type, address, offset: 0, gone: 0 as Value, made, parts: undefined, temporary: true, again: false };
  innermost(g).push(owned);
  return owned;
}

/** A part that is built into a value that is not whole yet: an exit meanwhile drops it. `wholeAfter` ends that. */
export function ownPart(g: Generator, type: TypeId, address: Value, offset: number, pending: Cleanup[]): void {
  if (!g.reachable || !g.needsDrop(type) || g.frame.scopes.length === 0) return;
  const owned: Owned = { type, address, offset, gone: 0 as Value, made: 0 as Value, parts: undefined, temporary: false, again: false };
  innermost(g).push(owned);
  pending.push(owned);
}

/** As `ownPart`, for one that has no place: it gets one where it is dropped. */
export function ownValue(g: Generator, type: TypeId, value: Value, second: Value, pending: Cleanup[]): void {
  if (!g.reachable || !g.needsDrop(type) || g.frame.scopes.length === 0) return;
  const drop = dropOf(g, type, value, second);
  innermost(g).push(drop);
  pending.push(drop);
}

function dropOf(g: Generator, type: TypeId, value: Value, second: Value): () => void {
  return () => {
    const address = g.temporary(type);
    g.storeValue(type, value, second, address, 0);
    dropInPlace(g, type, address);
  };
}

/** The value whose parts these are is whole: it owns them. */
export function wholeAfter(g: Generator, pending: readonly Cleanup[]): void {
  for (let i = pending.length - 1; i >= 0; i--) {
    const scope = innermost(g);
    const at = scope.lastIndexOf(pending[i] as Cleanup);
    if (at >= 0) scope.splice(at, 1);
  }
}

// ── moving ──

/** Part `number` of an owned value, as something that can be moved by itself. */
export function partOf(owned: Owned, { number, type, offset }: Part): Owned {
  owned.parts ??= new Map();
  let part = owned.parts.get(number);
  if (part === undefined) {
    part = { type, address: owned.address, offset: owned.offset + offset, gone: 0 as Value, made: 0 as Value, parts: undefined, temporary: false, again: owned.again };
    owned.parts.set(number, part);
  }
  return part;
}

/** The owned value that a place is, or is a part of; undefined behind references, indexes and for what is not dropped. */
export function ownedAt(g: Generator, n: Node): Owned | undefined {
  const { ast, program } = g;
  switch (ast.kind[n]) {
    case Kind.Paren:
    case Kind.Cast:
      return ownedAt(g, ast.operand(n));
    case Kind.Name: {
      const means = program.meaningOf(n);
      return meaningKind(means) === MeaningKind.Local ? g.owned.get(meaningIndex(means) as LocalId) : undefined;
    }
    case Kind.Field:
    case Kind.TupleField: {
      const object = ast.operand(n);
      const type = finalType(g, object);
      const kind = g.types.kindOf(type);
      if (kind !== TypeKind.Struct && kind !== TypeKind.Tuple) return undefined;
      const index = ast.kind[n] === Kind.TupleField ? ast.tupleIndex(n) : meaningKind(program.meaningOf(n)) === MeaningKind.Field ? meaningIndex(program.meaningOf(n)) : -1;
      const owner = index < 0 ? undefined : (ownedAt(g, object) ?? temporaryAt(g, object));
      if (owner === undefined) return undefined;
      const part = dropsOf(g, type).find(({ number }) => number === index);
      return part === undefined ? undefined : partOf(owner, part);
    }
    default:
      return undefined;
  }
}

/** The temporary that the value of an expression was just put into: its parts are moved by themselves, as a variable's. */
function temporaryAt(g: Generator, n: Node): Owned | undefined {
  return g.ast.kind[n] === Kind.Paren ? temporaryAt(g, g.ast.operand(n)) : g.temporaries.get(n);
}

/** The value was moved away: nobody drops it here any more. */
export function markMoved(g: Generator, owned: Owned | undefined): void {
  if (owned === undefined || !g.reachable) return;
  if (owned.gone === 0) owned.gone = flag(g);
  setFlag(g, owned.gone, 1);
}

/** Nothing will be left to drop of a temporary that was just made, however control goes on. False: it is none. */
export function disown(g: Generator, owned: Owned): boolean {
  const scope = innermost(g);
  if (!owned.temporary || owned.gone !== 0 || owned.parts !== undefined || scope[scope.length - 1] !== owned) return false;
  scope.pop();
  return true;
}

/** The value of expression `n` was taken: if `n` is a place, it is empty now. */
export function taken(g: Generator, n: Node): void {
  if (!g.reachable || !g.needsDrop(finalType(g, n))) return;
  markMoved(g, ownedAt(g, n));
}

/** All of a pattern has matched: what its bindings took is gone from where it was, and theirs. */
export function commitMoves(g: Generator): void {
  g.frame.matched = undefined;
  if (g.frame.moves.length === 0 && g.frame.bound.length === 0) return;
  for (const owned of g.frame.moves) markMoved(g, owned);
  for (const local of g.frame.bound) ownLocal(g, local);
  g.frame.bound.length = 0;
  g.frame.moves.length = 0;
}

/** A new value was stored where an owned one was. */
export function renewed(g: Generator, owned: Owned | undefined): void {
  if (owned === undefined) return;
  if (isOpen(g, owned)) {
    g.frame.later.run(() => renewed(g, owned));
    return;
  }
  setFlag(g, owned.gone, 0);
  for (const part of owned.parts?.values() ?? []) renewed(g, part);
}

/** Which moves of it come before is not known yet. */
function isOpen(g: Generator, owned: Owned): boolean {
  return owned.again && g.frame.loops.length > 0 && !g.frame.later.isFinishing;
}

/** The loop `n` begins: variables that it assigns may have been moved in the round before. */
export function beginLoop(g: Generator, n: Node): void {
  const { ast, program } = g;
  if (n === 0 || g.owned.size === 0) return;
  const start = ast.start[n] as number;
  // Children come before their parents.
  for (let at: number = n - 1; at > 0 && (ast.start[at] as number) >= start; at--) {
    if (ast.kind[at] === Kind.Assign && ast.operator(at as Node) === 0) mark(ast.left(at as Node));
  }
  function mark(place: Node): void {
    switch (ast.kind[place]) {
      case Kind.Paren:
      case Kind.Field:
      case Kind.TupleField:
        mark(ast.operand(place));
        return;
      case Kind.Tuple: {
        const list = ast.elements(place);
        for (let i = 0; i < ast.length(list); i++) mark(ast.item(list, i));
        return;
      }
      case Kind.Name: {
        const means = program.meaningOf(place);
        if (meaningKind(means) === MeaningKind.Local) markAgain(g.owned.get(meaningIndex(means) as LocalId));
      }
    }
  }
}

function markAgain(owned: Owned | undefined): void {
  if (owned === undefined) return;
  owned.again = true;
  for (const part of owned.parts?.values() ?? []) markAgain(part);
}

// ── dropping ──

/** Runs `work` where the byte at `address` is `value`; always, if there is no byte. */
function whereFlag(g: Generator, address: Value, value: 0 | 1, work: () => void): void {
  if (address === 0 || !g.reachable) {
    work();
    return;
  }
  const { b } = g;
  const yes = b.block();
  const done = b.block();
  g.branch(b.emit(Op.eq, b.load(Type.i8, address, 0), b.f.int(Type.i8, value)), yes, done);
  b.seal(yes);
  g.startBlock(yes);
  work();
  g.jump(done);
  b.seal(done);
  g.startBlock(done);
}

/** Drops what is left of an owned value, on this path. */
export function dropOwned(g: Generator, owned: Owned): void {
  if (!g.reachable) return;
  if (isOpen(g, owned)) {
    g.frame.later.run(() => dropOwned(g, owned));
    return;
  }
  whereFlag(g, owned.made, 1, () => whereFlag(g, owned.gone, 0, () => {
    const address = g.addressAt(owned.address, owned.offset);
    const { parts } = owned;
    if (parts === undefined || parts.size === 0) dropInPlace(g, owned.type, address);
    else dropInPlace(g, owned.type, address, (part) => {
      const moved = parts.get(part.number);
      if (moved === undefined) return false;
      dropOwned(g, moved);
      return true;
    });
  }));
}

/** What a loop comes back to is as it was: no value moved, none made. */
function reset(g: Generator, owned: Owned): void {
  setFlag(g, owned.made, 0);
  renewed(g, owned);
}

/** Runs one cleanup, on this path. */
export function runCleanup(g: Generator, cleanup: Cleanup): void {
  if (typeof cleanup === "function") cleanup();
  else if (typeof cleanup === "number") {
    // What a deferred expression makes on the way is dropped with it.
    g.frame.scopes.push([]);
    emitEffect(g, cleanup);
    leaveScope(g);
  } else {
    dropOwned(g, cleanup);
    reset(g, cleanup);
  }
}

// ── scopes ──

/** What is owned from here on ends with the scope. */
export function enterScope(g: Generator): void {
  g.frame.scopes.push([]);
}

/** Ends the innermost scope: its cleanups run, last first. */
export function leaveScope(g: Generator): void {
  // While they run, the scope is closed: an exit from within must not run them again.
  const cleanups = g.frame.scopes.pop() as Cleanup[];
  for (let i = cleanups.length - 1; i >= 0; i--) runCleanup(g, cleanups[i] as Cleanup);
}

/** Runs the cleanups of the scopes above `depth`, as an exit through them does; they stay open for the code after it. */
export function runCleanups(g: Generator, depth: number): void {
  if (!hasCleanups(g, depth)) return;
  const saved = g.frame.scopes.slice();
  while (g.frame.scopes.length > depth) {
    const cleanups = g.frame.scopes.pop() as Cleanup[];
    for (let i = cleanups.length - 1; i >= 0; i--) runCleanup(g, cleanups[i] as Cleanup);
  }
  g.frame.scopes.length = 0;
  g.frame.scopes.push(...saved);
}

function hasCleanups(g: Generator, depth: number): boolean {
  for (let i = g.frame.scopes.length - 1; i >= depth; i--) if ((g.frame.scopes[i] as Cleanup[]).length > 0) return true;
  return false;
}

/** A place in the innermost scope: temporaries made after it end with `endTemporaries`. */
export function temporariesMark(g: Generator): number {
  return g.frame.scopes.length === 0 ? 0 : innermost(g).length;
}

/** Drops the temporaries made since `mark`, on this path; `keep`: they are dropped on other paths, too. */
export function endTemporaries(g: Generator, mark: number, keep = false): void {
  if (g.frame.scopes.length === 0) return;
  const scope = innermost(g);
  for (let i = scope.length - 1; i >= mark; i--) {
    const cleanup = scope[i] as Cleanup;
    if (typeof cleanup !== "object" || !cleanup.temporary) continue;
    dropOwned(g, cleanup);
    reset(g, cleanup);
    if (!keep) scope.splice(i, 1);
  }
}

/** Ends the innermost scope, whose cleanups ran: on the paths where the condition that it was opened for failed, what was made until then is dropped. */
export function dropUnfinished(g: Generator, cleanups: readonly Cleanup[]): void {
  for (let i = cleanups.length - 1; i >= 0; i--) {
    const cleanup = cleanups[i] as Cleanup;
    if (typeof cleanup !== "object" || (!cleanup.temporary && cleanup.made === 0)) continue;
    dropOwned(g, cleanup);
    reset(g, cleanup);
  }
}

/** The temporaries made since `mark` live as long as the scope: what a `let` borrows. */
export function keepTemporaries(g: Generator, mark: number): void {
  for (const cleanup of innermost(g).slice(mark)) if (typeof cleanup === "object") cleanup.temporary = false;
}
