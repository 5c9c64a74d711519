/**
 * From a function's checked body to its flow. This file: the state of the work, scopes and temporaries, how a value gets from a place to
 * where it is wanted. The topics of the tree are in `lowerStatements`, `lowerExpressions`, `lowerCalls`, `lowerPatterns`.
 */

import type { Node } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import type { FunctionDefinition, GlobalDefinition, LocalId } from "../definitions.ts";
import type { CaptureMode } from "../captures.ts";
import { LocalFlag } from "../checkedProgram.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { Flow, Op, StatementFlag } from "./flow.ts";
import { Root, Step, Way, isFieldStep, noPath, type PathId } from "./paths.ts";
import type { Refusals } from "./refusals.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** A loop, or the function, that something may leave to. */
export interface LoopTarget {
  readonly node: Node;
  readonly continueBlock: number;
  readonly breakBlock: number;
  /** How many scopes stay open when it is left, and when it goes round. */
  readonly depth: number;
  /** Where the loop's value goes. */
  readonly into: PathId;
  /** A break leads out of it. */
  isLeft: boolean;
}

/** What a scope closes with, last first: a local that dies (its path), or a deferred expression (its node, negative). */
interface Scope {
  readonly items: number[];
  /** How many temporaries there were when it was entered: those wait for what it is a part of. */
  readonly temporaries: number;
  /** What its deferred expressions name. */
  readonly named: LocalId[];
}

export class Lowering {
  readonly c: Checker;
  readonly facts: TypeFacts;
  readonly flow: Flow;
  readonly refusals: Refusals;
  /** The block at hand; -1 where nothing can be reached. */
  block = -1;
  readonly scopes: Scope[] = [];
  readonly loops: LoopTarget[] = [];
  /** In `place op= value`: what is looked at between the index of this overloaded index and the call of its method. */
  beforeIndex: { readonly node: Node; readonly value: Node; readonly run: () => void } | undefined = undefined;
  /** Temporaries that end with the statement. */
  readonly temporaries: PathId[] = [];
  /** Arrays that loops take apart, element by element. */
  readonly consumed = new Set<PathId>();
  /** Locals that a defer names: they stay where they are until its block is left. */
  readonly deferred = new Map<LocalId, Node>();
  /** Of parameters whose fields closures borrow. */
  private readonly frames = new Map<LocalId, PathId>();
  /** Bound by the pattern whose guard is at hand, and moved only when that holds. */
  readonly guarded = new Set<LocalId>();
  private readonly locals = new Map<number, PathId>();
  private readonly globals = new Map<GlobalDefinition, PathId>();
  /** Locals that a closure captures: made here, or this one. */
  readonly captured = new Set<LocalId>();
  /** Variables that are function values which came in (lowerGiven.ts). */
  readonly given = new Set<LocalId>();
  inDefer = false;
  /** Plain numbers are followed, too: for the dump. */
  everything = false;

  constructor(c: Checker, facts: TypeFacts, refusals: Refusals, f: FunctionDefinition, isLibrary: boolean) {
    this.c = c;
    this.facts = facts;
    this.refusals = refusals;
    this.flow = new Flow(f, c.types, isLibrary);
  }

  // ── blocks ──

  newBlock(): number { return this.flow.addBlock(); }

  /** Goes on in `block`, which nothing was put into yet. */
  startBlock(block: number): void {
    this.closeBlock();
    this.block = block;
    this.flow.start[block] = this.flow.statementCount;
  }

  jump(to: number): void {
    if (this.block < 0) return;
    this.flow.addEdge(this.block, to);
    this.closeBlock();
  }

  edge(to: number): void {
    if (this.block >= 0) this.flow.addEdge(this.block, to);
  }

  closeBlock(): void {
    if (this.block >= 0) this.flow.end[this.block] = this.flow.statementCount;
    this.block = -1;
  }

  /** Goes on in `block` if anything leads there; else nothing is reached. */
  join(block: number, isReached: boolean): void {
    this.closeBlock();
    if (isReached) this.startBlock(block);
  }

  emit(op: number, a: number, b: number, node: Node, flags = 0): void {
    if (this.block < 0) return;
    this.flow.add(op, a, b, node, flags);
    if (a !== noPath && !this.flow.isLibrary && (op === Op.copy || op === Op.move || op === Op.borrow || op === Op.call || op === Op.assign || op === Op.raw)) this.noteWrite(op, a as PathId, b, flags);
  }

  /** The closure that is made goes to the place. */
  noteFunction(to: PathId, f: FunctionDefinition): void {
    const { paths, functions } = this.flow;
    functions.writes(paths.rootOf(to), this.isFixed(paths.rootOf(to)));
    if (to === paths.rootOf(to)) functions.put(to, f);
  }

  /** Nothing but what the text shows gives the root another value. */
  private isFixed(root: PathId): boolean {
    const { paths } = this.flow;
    const kind = paths.kindOf(root);
    return kind === Root.temporary || (kind === Root.local && paths.ownerOf(root) !== 0 && !this.c.program.localHas(paths.ownerOf(root) as LocalId, LocalFlag.mutable));
  }

  /** A place is given a value: what function lies there is known where it is given no other. */
  private noteWrite(op: number, to: PathId, b: number, flags: number): void {
    const { paths, functions } = this.flow;
    const root = paths.rootOf(to);
    // What a closure captures is put there piece by piece (noteFunction).
    if ((flags & StatementFlag.adds) !== 0 && this.facts.isFunction(paths.typeOf(to)) && (op === Op.copy || (op === Op.borrow && this.flow.loans[b]?.closure !== undefined))) return;
    functions.writes(root, this.isFixed(root));
    if ((op === Op.copy || op === Op.move) && to === root && (flags & StatementFlag.adds) === 0 && paths.baseOf(b as PathId) === b) functions.copy(to, b as PathId);
  }

  // ── places ──

  /** The place of a local. */
  local(local: LocalId): PathId {
    const known = this.locals.get(local);
    return known ?? this.bind(local, Root.local);
  }

  /** A variable of the function around a closure: a reference to it, or the closure's own. Gives the root. */
  bindCapture(local: LocalId, mode: CaptureMode): PathId {
    const type = this.c.program.localType(local);
    const isOwned = mode === "copy" || mode === "move";
    const root = this.flow.paths.root(Root.capture, isOwned ? type : this.c.types.reference(type, mode === "borrowMut"), local);
    this.locals.set(local, isOwned ? root : this.deref(root));
    this.captured.add(local);
    return root;
  }

  /** Stands for the memory of a variable that is a reference, apart from its value: what refers to it ends with the variable's block, or the function. */
  frameOf(local: LocalId): PathId {
    const known = this.frames.get(local);
    if (known !== undefined) return known;
    const path = this.flow.paths.root(Root.local, T.i64, local);
    this.frames.set(local, path);
    this.flow.frames.add(path);
    // It dies behind the variable.
    const own = this.local(local);
    const scope = this.scopes.find(({ items }) => items.includes(own));
    if (scope === undefined) this.scopes[0]?.items.unshift(path);
    else scope.items.splice(scope.items.indexOf(own), 0, path);
    return path;
  }

  bind(local: LocalId, kind: number): PathId {
    const path = this.flow.paths.root(kind, this.c.program.localType(local), local);
    this.locals.set(local, path);
    this.flow.locals.push(path);
    this.flow.addParts(path, this.facts);
    return path;
  }

  /** A local whose life begins here; it dies with the scope at hand. */
  declare(local: LocalId, n: Node): PathId {
    const path = this.local(local);
    this.emit(Op.init, path, 0, n);
    this.scopes[this.scopes.length - 1]?.items.push(path);
    return path;
  }

  /** Memory that a value of this type shares with its clones: it ends with the last of them, and holds what is put there through any. */
  shared(type: TypeId, n: Node): PathId {
    this.flow.shares = true;
    return this.flow.paths.root(Root.shared, type, n);
  }

  /** A global that may hold references, as a place: nothing that ends may be put there. */
  global(definition: GlobalDefinition): PathId {
    const known = this.globals.get(definition);
    if (known !== undefined) return known;
    const path = this.flow.paths.root(Root.global, definition.type, definition.node);
    this.globals.set(definition, path);
    this.flow.globals.push(path);
    return path;
  }

  temporary(type: TypeId, n: Node): PathId {
    const path = this.flow.paths.root(Root.temporary, type, n);
    this.flow.addParts(path, this.facts);
    this.emit(Op.init, path, 0, n);
    return path;
  }

  /** A temporary that something may borrow, so that its end matters. Its life begins behind the temporaries that `fill` makes, and ends before theirs. */
  made(type: TypeId, n: Node, fill: (to: PathId) => void): PathId {
    const path = this.temporary(type, n);
    fill(path);
    this.temporaries.push(path);
    return path;
  }

  /** The local's own values are never of interest: numbers that nobody borrows. */
  isPlain(local: LocalId): boolean {
    return !this.everything && !this.c.program.localHas(local, LocalFlag.addressTaken) && !this.captured.has(local) && !this.facts.isTracked(this.c.program.localType(local));
  }

  field(path: PathId, step: number, type: TypeId): PathId { return path === noPath ? noPath : this.flow.paths.step(path, step, type); }

  /** Through one reference, pointer, slice or owner. */
  deref(path: PathId): PathId {
    if (path === noPath) return noPath;
    const { paths } = this.flow;
    const type = paths.typeOf(path);
    const { types } = this.c;
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
        return paths.step(path, Step.deref, types.inner(type));
      case TypeKind.Pointer:
        return paths.step(path, Step.raw, types.inner(type));
      case TypeKind.Slice:
        // The elements of a list are its own, as its bytes are a String's.
        return paths.step(path, paths.stepOf(path) === Step.owned ? Step.owned : Step.deref, types.array(types.inner(type), 0));
      default: {
        if (type === T.str) return paths.step(path, paths.stepOf(path) === Step.owned ? Step.owned : Step.deref, T.error);
        const target = this.facts.derefTarget(type);
        return target === 0 ? path : paths.step(path, Step.owned, target);
      }
    }
  }

  /** Through all references and raw pointers. */
  throughReferences(path: PathId): PathId {
    let at = path;
    while (at !== noPath) {
      const kind = this.c.types.kindOf(this.flow.paths.typeOf(at));
      if (kind !== TypeKind.Reference && kind !== TypeKind.Pointer) return at;
      at = this.deref(at);
    }
    return at;
  }

  // ── values ──

  /** The value at `path`, of which nothing else is known, goes to `to` (0: it is dropped): copied, reborrowed or moved. */
  take(path: PathId, to: PathId, n: Node, flags = 0): void {
    if (path === noPath) return;
    const { paths } = this.flow;
    const type = paths.typeOf(path);
    if (this.facts.isMutableBorrow(type) && this.flow.isLibrary && to !== noPath && paths.goes(path, Way.deref | Way.raw)) {
      // The library's own pointers: a Box, an Rc, an iterator hands on what it points at.
      this.emit(Op.copy, to, path, n, flags);
    } else if (this.facts.isMutableBorrow(type)) {
      if (paths.goes(path, Way.shared) && !paths.goes(path, Way.raw)) this.refusals.mutableBehindShared(this.flow, path, n);
      this.borrow(this.deref(path), true, to, n, flags);
    } else if (to !== noPath && this.isOwnView(path)) {
      this.borrow(path, false, to, n, flags);
    } else if (this.facts.isCopy(type)) {
      if (to !== noPath && (this.facts.holds(type) || this.facts.isRawPointer(type))) this.emit(this.facts.isRawPointer(type) ? Op.raw : Op.copy, to, path, n, flags);
      else this.emit(Op.read, 0, path, n, flags);
    } else {
      this.move(path, to, n, flags);
    }
  }

  /** The text of a String, the slice of a List: a value that refers to what the owner has. That of a Box[str] is a value like others. */
  private isOwnView(path: PathId): boolean {
    const { paths } = this.flow;
    const type = paths.typeOf(path);
    if (paths.stepOf(path) !== Step.owned || (type !== T.str && !this.facts.isBorrow(type))) return false;
    return !this.facts.isOwner(paths.typeOf(paths.parent(path)));
  }

  move(path: PathId, to: PathId, n: Node, flags = 0): void {
    const { paths } = this.flow;
    const root = paths.rootOf(path);
    // A temporary itself may always go; not so what it owns or refers to, which is dropped with it or belongs to another.
    const isTemporary = paths.kindOf(root) === Root.temporary;
    if (!(isTemporary && path === root) && !this.mayMove(path, n)) {
      this.emit(Op.copy, to === noPath ? this.temporary(paths.typeOf(path), n) : to, path, n, flags);
      return;
    }
    if (!isTemporary) this.flow.moves++;
    this.emit(Op.move, to, path, n, flags);
  }

  /** Reports a move out of a place that must keep its value. */
  private mayMove(path: PathId, n: Node): boolean {
    const { paths } = this.flow;
    const { refusals } = this;
    const root = paths.rootOf(path);
    if (paths.kindOf(root) === Root.capture) return refusals.moveOutOfCapture(this.flow, path, n);
    for (let at = path; paths.parent(at) !== 0; at = paths.parent(at)) {
      const step = paths.stepOf(at);
      const parent = paths.parent(at);
      if (step === Step.deref || step === Step.raw) return refusals.moveBehindReference(this.flow, path, parent, n);
      if (step === Step.owned) return refusals.moveOutOfOwner(this.flow, path, parent, n);
      if (step === Step.index || step === Step.rest || step < 0) {
        if (step < 0 || (paths.kindOf(root) === Root.temporary && (step !== Step.index || this.consumed.has(root)))) continue;
        return refusals.moveOutOfElement(this.flow, path, parent, n);
      }
      if (isFieldStep(step) && this.facts.hasDrop(paths.typeOf(parent))) return refusals.moveOutOfDrop(this.flow, path, parent, n);
    }
    if (this.guarded.has(paths.ownerOf(root) as LocalId) && paths.kindOf(root) === Root.local) return refusals.moveInGuard(this.flow, path, n);
    const deferrer = this.inDefer ? undefined : this.deferred.get(paths.ownerOf(root) as LocalId);
    if (deferrer !== undefined && paths.kindOf(root) !== Root.temporary) return refusals.moveOfDeferred(this.flow, path, n, deferrer);
    return true;
  }

  /** A borrow of a place. Through a shared reference it is a copy of that. */
  borrow(place: PathId, mutable: boolean, to: PathId, n: Node, flags = 0, pattern = 0 as Node, closure?: FunctionDefinition, capture = -1): void {
    if (place === noPath || this.block < 0) return;
    const loan = this.flow.addLoan({ place, mutable, node: n, pattern, closure, capture });
    this.emit(Op.borrow, to, loan, n, flags);
  }

  /** The outermost place that what is behind a raw pointer hangs on: all that the checks see of it. */
  accessible(path: PathId): PathId {
    const { paths } = this.flow;
    if (!paths.goes(path, Way.raw)) return path;
    let last = path;
    for (let at = path; at !== 0; at = paths.parent(at)) if (paths.stepOf(at) === Step.raw) last = paths.parent(at);
    return last;
  }

  // ── scopes ──

  enterScope(): void { this.scopes.push({ items: [], temporaries: this.temporaries.length, named: [] }); }

  /** Ends the innermost scope. */
  leaveScope(end: Node): void {
    this.closeScopes(this.scopes.length - 1, end);
    for (const local of this.scopes.pop()?.named ?? []) this.deferred.delete(local);
  }

  /** What runs when scopes are left down to `depth` of them; they stay open for what follows in the text. `isJump`: amid a statement, whose temporaries end, too. */
  closeScopes(depth: number, end: Node, isJump = false): void {
    let waiting = this.temporaries.length;
    for (let i = this.scopes.length - 1; i >= depth; i--) {
      const { items, temporaries } = this.scopes[i] as Scope;
      if (isJump) while (waiting > temporaries) this.die(this.temporaries[--waiting] as PathId, end);
      for (let k = items.length - 1; k >= 0 && this.block >= 0; k--) {
        const item = items[k] as number;
        if (item < 0) this.runDeferred(-item as Node);
        else this.die(item as PathId, end);
      }
    }
  }

  /** Set by lowerStatements: the expression of a `defer`. */
  runDeferred: (n: Node) => void = () => {};

  /** `n` is the defer, `expression` what it defers, which names these. */
  addDefer(n: Node, expression: Node, named: readonly LocalId[]): void {
    const scope = this.scopes[this.scopes.length - 1];
    if (scope === undefined) return;
    scope.items.push(-expression);
    for (const local of named) {
      if (this.deferred.has(local)) continue;
      this.deferred.set(local, n);
      scope.named.push(local);
    }
  }

  die(path: PathId, end: Node): void {
    const { paths } = this.flow;
    const type = paths.typeOf(path);
    let flags = 0;
    const kind = paths.kindOf(path);
    // A closure's own variables live on: nothing that leaves it may refer to them.
    if (kind === Root.capture) flags = StatementFlag.drops | StatementFlag.dropUses;
    else if (this.facts.needsDrop(type)) flags = this.facts.dropUses(type) ? StatementFlag.drops | StatementFlag.dropUses : StatementFlag.drops;
    else if (kind === Root.temporary) {
      if (!this.flow.loansOf.has(path)) return;
    } else if (!this.everything) {
      // Nothing refers to it.
      const local = paths.ownerOf(path) as LocalId;
      if (!this.c.program.localHas(local, LocalFlag.addressTaken) && !this.captured.has(local)) return;
    }
    this.emit(Op.dead, path, 0, end, flags);
  }

  /** Temporaries since `from` end. */
  endTemporaries(from: number, end: Node): void {
    for (let i = this.temporaries.length - 1; i >= from; i--) this.die(this.temporaries[i] as PathId, end);
    this.temporaries.length = from;
  }

  /** Temporaries since `from` live as long as the scope: those that a `let` borrows. */
  keepTemporary(path: PathId): void {
    const at = this.temporaries.lastIndexOf(path);
    if (at >= 0) this.temporaries.splice(at, 1);
    this.scopes[this.scopes.length - 1]?.items.push(path);
  }
}
