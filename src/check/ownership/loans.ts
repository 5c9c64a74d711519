/**
 * Which loans each place may hold, forwards over the blocks. A loan's number: 2i is what parameter i itself refers to, 2i + 1 what is stored
 * behind that; from `flow.firstLoan` on the borrows of this body. What is behind a reference is looked up through the loans that it holds.
 */

import { Op, StatementFlag, type Call, type Flow, type Graph } from "./flow.ts";
import { isStrong, type Liveness } from "./liveness.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import { Root, Step, Way, noPath, type PathId } from "./paths.ts";
import { T, TypeKind, type TypeId, type TypeTable } from "../types.ts";
import type { TypeFacts } from "./typeFacts.ts";
import { lentMark, strayMark, type Summaries } from "./summaries.ts";

export class LoanSolver {
  readonly flow: Flow;
  readonly sets: LoanSets;
  /** By place: what it holds at the statement at hand. */
  private readonly state: Int32Array;
  /** The places that hold something there, and perhaps some that no longer do. */
  private readonly holders: number[] = [];
  private readonly isListed: Uint8Array;
  private readonly graph: Graph;
  /** By block: places and what they hold when it is entered, in turns; places that nobody uses any more are left out. */
  private readonly entries: (Map<number, SetId> | undefined)[];
  private readonly liveness: Liveness;
  private readonly facts: TypeFacts;
  private readonly types: TypeTable;
  private readonly summaries: Summaries;
  /** At the function's exits: what its result holds, and what lies behind each parameter. */
  readonly result: { value: SetId; contents: SetId[] };

  constructor(flow: Flow, graph: Graph, liveness: Liveness, sets: LoanSets, facts: TypeFacts, summaries: Summaries) {
    this.flow = flow;
    this.graph = graph;
    this.sets = sets;
    this.facts = facts;
    this.types = facts.types;
    this.summaries = summaries;
    this.liveness = liveness;
    this.state = new Int32Array(flow.paths.count);
    this.isListed = new Uint8Array(flow.paths.count);
    this.entries = new Array<Map<number, SetId> | undefined>(flow.blockCount).fill(undefined);
    this.result = { value: emptySet, contents: flow.contents.map(() => emptySet) };
  }

  /** Until nothing changes. */
  run(): void {
    const { flow, graph, sets } = this;
    const { order, successors, successorStart } = graph;
    if (order.length === 0) return;
    const first = new Map<number, SetId>();
    flow.parameters.forEach((path, i) => {
      if (path === noPath) return;
      first.set(path, sets.one(i * 2));
      first.set(flow.contents[i] as PathId, sets.one(i * 2 + 1));
    });
    const environment = flow.definition.parameters.length;
    for (const root of flow.captures) first.set(root, sets.one(environment * 2));
    this.entries[order[0] as number] = first;
    const dirty = new Uint8Array(flow.blockCount);
    dirty[order[0] as number] = 1;
    for (let changed = true; changed; ) {
      changed = false;
      for (const block of order) {
        if (dirty[block] === 0) continue;
        dirty[block] = 0;
        this.enter(block);
        for (let s = flow.start[block] as number; s < (flow.end[block] as number); s++) this.transfer(s);
        for (let at = successorStart[block] as number; at < (successorStart[block + 1] as number); at++) {
          const to = successors[at] as number;
          if (!this.merge(to)) continue;
          dirty[to] = 1;
          changed = true;
        }
      }
    }
  }

  /** Makes `state` what it is at the start of a block. */
  enter(block: number): void {
    for (const path of this.holders) {
      this.state[path] = emptySet;
      this.isListed[path] = 0;
    }
    this.holders.length = 0;
    const entry = this.entries[block];
    if (entry !== undefined) for (const [path, set] of entry) this.setHeld(path as PathId, set);
  }

  private merge(block: number): boolean {
    const { flow, state, sets, liveness } = this;
    const before = this.entries[block];
    const there = before ?? new Map<number, SetId>();
    this.entries[block] = there;
    let changed = before === undefined;
    for (const path of this.holders) {
      const now = state[path] as SetId;
      if (now === emptySet) continue;
      // What nobody uses any more holds nothing; what others may look into is kept.
      const root = flow.paths.rootOf(path as PathId);
      if (!liveness.isLiveInto(block, path as PathId) && !flow.loansOf.has(root) && flow.paths.kindOf(root) !== Root.content) continue;
      const known = there.get(path) ?? emptySet;
      const union = sets.union(known, now);
      if (union === known) continue;
      there.set(path, union);
      changed = true;
    }
    return changed;
  }

  /** The state at hand, to come back to. */
  save(): ReadonlyMap<number, SetId> {
    return new Map(this.holders.map((path) => [path, this.state[path] as SetId]));
  }

  restore(saved: ReadonlyMap<number, SetId>): void {
    for (const path of this.holders) this.state[path] = emptySet;
    for (const [path, set] of saved) this.setHeld(path as PathId, set);
  }

  private setHeld(path: PathId, set: SetId): void {
    this.state[path] = set;
    if (set === emptySet || this.isListed[path] === 1) return;
    this.isListed[path] = 1;
    this.holders.push(path);
  }

  /** What a place itself holds, without what it is part of and its parts. */
  at(path: PathId): SetId { return this.state[path] as SetId; }

  transfer(s: number): void {
    const { flow, sets, state } = this;
    const a = flow.a[s] as PathId;
    const b = flow.b[s] as number;
    const flags = flow.flags[s] as number;
    switch (flow.op[s]) {
      case Op.init:
        this.kill(a);
        this.clear(a);
        return;
      case Op.copy:
      case Op.move:
        if (a !== noPath) this.assignFrom(a, b as PathId, flags);
        return;
      case Op.borrow: {
        if (a === noPath) return;
        this.put(a, this.borrowed(b), flags);
        return;
      }
      case Op.assign:
        this.kill(a);
        if (b === noPath) return;
        if (isStrong(flow, a)) this.assignFrom(a, b as PathId, flags);
        else this.storeAt(a, this.valueOf(b as PathId));
        return;
      case Op.dead:
        this.kill(a);
        this.clear(a);
        return;
      case Op.raw: {
        let set: SetId = b === noPath ? emptySet : sets.union(this.borrowedAt(b as PathId).set, this.valueOf(b as PathId));
        set = this.remembered(set);
        if ((flags & StatementFlag.heap) !== 0) set = sets.union(set, sets.one(this.heap));
        this.put(a, set, flags);
        return;
      }
      case Op.call:
        this.call(flow.calls[b] as Call, a);
        return;
      case Op.exit:
        if (flow.result !== noPath) this.result.value = sets.union(this.result.value, this.withShared(this.valueOf(flow.result)));
        flow.contents.forEach((content, i) => {
          this.result.contents[i] = sets.union(this.result.contents[i] as SetId, this.withShared(state[content] as SetId));
        });
    }
  }

  /** With what lies in the memory that Rcs of this body share. */
  private withShared(set: SetId): SetId {
    const { flow, sets } = this;
    if (!flow.shares) return set;
    let all = set;
    for (;;) {
      const next = sets.union(all, this.behind(sets.filter(all, (loan) => loan >= flow.firstLoan && flow.isShared(loan - flow.firstLoan)), []));
      if (next === all) return all;
      all = next;
    }
  }

  /** The loan that stands for memory which this body allocates. */
  get heap(): number { return (this.flow.parameters.length - 1) * 2; }

  /** What a raw pointer remembers: in the user's bodies only what came from outside, so that these are not checked. */
  private remembered(set: SetId): SetId {
    const { firstLoan, isLibrary } = this.flow;
    if (isLibrary) return set;
    return this.sets.filter(set, (loan) => loan < firstLoan);
  }

  /** What the result of borrow `loan` holds. */
  borrowed(loan: number): SetId {
    const { flow, sets } = this;
    const { set, isReal } = this.borrowedAt((flow.loans[loan] as Flow["loans"][number]).place);
    return isReal ? sets.union(set, sets.one(flow.firstLoan + loan)) : set;
  }

  /** A reference to `place` keeps what it goes through borrowed; behind a shared reference that is all. */
  private borrowedAt(place: PathId): { readonly set: SetId; readonly isReal: boolean } {
    const { sets, flow } = this;
    const { paths } = flow;
    let set: SetId = emptySet;
    for (let at = place; paths.parent(at) !== 0; at = paths.parent(at)) {
      const step = paths.stepOf(at);
      if (step !== Step.deref && step !== Step.raw) continue;
      const parent = paths.parent(at);
      const held = this.valueOf(parent);
      set = sets.union(set, step === Step.raw ? this.remembered(held) : held);
      if (step === Step.raw || paths.isShared(paths.typeOf(parent))) return { set, isReal: false };
    }
    return { set, isReal: true };
  }

  /** Everything that a value at `path` may hold. */
  valueOf(path: PathId): SetId {
    const { paths } = this.flow;
    const base = paths.baseOf(path);
    let set = this.held(base);
    if (base === path) return set;
    const steps = paths.stepsOf(path);
    let i = steps.indexOf(base) + 1;
    while (i < steps.length) {
      // steps[i] goes through a pointer; then fields of what it points at.
      const rest: number[] = [];
      i++;
      for (; i < steps.length; i++) {
        const step = paths.stepOf(steps[i] as PathId);
        if (step === Step.deref || step === Step.raw) break;
        rest.push(step);
      }
      set = this.behind(set, rest);
    }
    return set;
  }

  /** What is held where the loans of a set point, further on by `rest`. */
  private behind(set: SetId, rest: readonly number[]): SetId {
    const { flow, sets } = this;
    const { paths } = flow;
    let found: SetId = emptySet;
    for (const loan of sets.of(set)) {
      if (loan < flow.firstLoan) {
        found = sets.union(found, this.state[flow.contents[loan >> 1] as PathId] as SetId);
        continue;
      }
      const { place } = flow.loans[loan - flow.firstLoan] as Flow["loans"][number];
      // Of a reborrow the set has the loans of what it goes through, too.
      if (paths.baseOf(place) !== place) continue;
      let at = place;
      for (const step of rest) {
        const next = paths.find(at, step);
        if (next === noPath || paths.baseOf(next) !== next) break;
        at = next;
      }
      found = sets.union(found, this.held(at));
    }
    return found;
  }

  /** What a place in a root's own memory holds: with all that it is part of, and all parts of it. */
  held(path: PathId): SetId {
    const { flow, sets, state } = this;
    let set = this.parts(path);
    for (let at = flow.paths.parent(path); at !== 0; at = flow.paths.parent(at)) set = sets.union(set, state[at] as SetId);
    return set;
  }

  private parts(path: PathId): SetId {
    const { paths } = this.flow;
    let set = this.state[path] as SetId;
    for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) if (paths.baseOf(at) === at) set = this.sets.union(set, this.parts(at));
    return set;
  }

  /** All that can be reached from a set: what its loans point at, and so on. */
  closure(set: SetId): SetId {
    let all = set;
    for (;;) {
      const next = this.sets.union(all, this.behind(all, []));
      if (next === all) return all;
      all = next;
    }
  }

  private clear(path: PathId): void {
    const { paths } = this.flow;
    this.state[path] = emptySet;
    for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) this.clear(at);
  }

  private put(to: PathId, set: SetId, flags: number): void {
    const { flow, sets } = this;
    if (flow.paths.baseOf(to) !== to) {
      this.storeAt(to, set);
    } else if ((flags & StatementFlag.adds) !== 0 || !isStrong(flow, to)) {
      this.setHeld(to, sets.union(this.at(to), set));
    } else {
      this.clear(to);
      this.setHeld(to, set);
    }
  }

  /** The value at `from` goes to `to`, part by part where both are known. */
  private assignFrom(to: PathId, from: PathId, flags: number): void {
    const { flow, state, sets } = this;
    const { paths } = flow;
    if (paths.baseOf(from) !== from || !isStrong(flow, to) || (flags & StatementFlag.adds) !== 0) {
      this.put(to, this.valueOf(from), flags);
      return;
    }
    let whole = state[from] as SetId;
    for (let at = paths.parent(from); at !== 0; at = paths.parent(at)) whole = sets.union(whole, state[at] as SetId);
    this.clear(to);
    this.setHeld(to, whole);
    this.copyParts(to, from);
  }

  private copyParts(to: PathId, from: PathId): void {
    const { flow, sets } = this;
    const { paths } = flow;
    for (let at = paths.firstChild(from); at !== 0; at = paths.nextSibling(at)) {
      if (paths.baseOf(at) !== at) continue;
      const twin = paths.find(to, paths.stepOf(at));
      if (twin === noPath) {
        this.setHeld(to, sets.union(this.at(to), this.parts(at)));
      } else {
        this.setHeld(twin, sets.union(this.at(twin), this.at(at)));
        this.copyParts(twin, at);
      }
    }
  }

  /** A value with the loans `set` is stored at a place that is reached through pointers, or among elements. */
  private storeAt(place: PathId, set: SetId): void {
    if (set === emptySet) return;
    const { flow, sets } = this;
    const { paths } = flow;
    if (paths.baseOf(place) === place) {
      this.setHeld(place, sets.union(this.at(place), set));
      return;
    }
    let last = place;
    for (let at = place; at !== 0; at = paths.parent(at)) {
      const step = paths.stepOf(at);
      if (step === Step.deref || step === Step.raw) {
        last = paths.parent(at);
        break;
      }
    }
    this.storeBehind(this.valueOf(last), set);
  }

  /** A value with the loans `set` is stored where those of `pointers` point. */
  private storeBehind(pointers: SetId, set: SetId): void {
    const { flow, sets } = this;
    for (const loan of sets.of(pointers)) {
      let at = flow.contents[loan >> 1] as PathId;
      if (loan >= flow.firstLoan) {
        const { place, closure } = flow.loans[loan - flow.firstLoan] as Flow["loans"][number];
        if (closure !== undefined && !this.summaries.storesInCaptures(closure)) continue;
        at = place;
      }
      if (flow.paths.baseOf(at) === at && this.facts.holds(flow.paths.typeOf(at))) this.setHeld(at, sets.union(this.at(at), this.fitting(set, at)));
    }
  }

  /** The loans of a set that the place can hold, by its type: references to what they are of. */
  private fitting(set: SetId, at: PathId): SetId {
    const { flow, sets, facts } = this;
    if (flow.isLibrary || set === emptySet) return set;
    let type = flow.paths.typeOf(at);
    if (flow.paths.kindOf(flow.paths.rootOf(at)) === Root.content) {
      if (type === T.str || type === T.error) return set;
      // The root stands for what lies behind the parameter's own reference.
      if (facts.isBorrow(type)) type = this.types.inner(type);
    }
    return sets.filter(set, (loan) => {
      if (loan === strayMark || loan === lentMark || (flow.shares && flow.isShared(loan - flow.firstLoan))) return true;
      const place = loan < flow.firstLoan ? (flow.contents[loan >> 1] as PathId) : (flow.loans[loan - flow.firstLoan] as Flow["loans"][number]).place;
      const target = flow.paths.typeOf(place);
      if (loan >= flow.firstLoan) return facts.pointees.mayPointInto(type, flow.paths.stepOf(place) === Step.owned ? facts.elementOf(target) : target);
      const parameter = flow.definition.parameters[loan >> 1];
      return parameter === undefined || facts.pointees.mayShare(type, parameter);
    });
  }

  /** The place gets a new value: loans of what was behind the old one are of no concern any more. */
  private kill(place: PathId): void {
    const { flow, sets, state } = this;
    if (!flow.loansOf.has(flow.paths.rootOf(place)) || flow.paths.goes(place, Way.element)) return;
    const { firstLoan, paths } = flow;
    const survives = (loan: number): boolean => loan < firstLoan || !paths.isWithin((flow.loans[loan - firstLoan] as Flow["loans"][number]).place, place);
    for (const path of this.holders) if (state[path] !== emptySet) state[path] = sets.filter(state[path] as SetId, survives);
  }

  /**
   * Arguments of a function value may be stored in what it captured. Of a parameter's that is only noted for the summary: in this body it
   * changes nothing that could be looked at.
   */
  private storeInFunction(pointers: SetId, args: readonly SetId[]): void {
    const { flow, sets } = this;
    let all: SetId = emptySet;
    let direct: SetId = emptySet;
    let deep: SetId = emptySet;
    for (const set of args) {
      direct = sets.union(direct, set);
      deep = sets.union(deep, this.closure(this.behind(set, [])));
    }
    all = sets.union(direct, deep);
    if (all === emptySet) return;
    const reached = this.closure(this.behind(pointers, []));
    // References to this body's own variables, and into what it may change, must not stay there.
    let stored = sets.filter(all, (one) => one < flow.firstLoan);
    if (sets.of(direct).some((loan) => this.isPassing(loan))) stored = sets.union(stored, sets.one(lentMark));
    if (sets.of(deep).some((loan) => loan >= flow.firstLoan && this.isPassing(loan))) stored = sets.union(stored, sets.one(strayMark));
    this.note(reached, stored);
    this.storeBehind(sets.filter(reached, (loan) => loan >= flow.firstLoan), all);
  }

  /** The library lends what lies behind a shared reference by `&mut`, as a Cell does: only for the call. */
  private isInnerChange(argument: PathId | undefined, set: SetId): boolean {
    const { flow, facts, sets, types } = this;
    if (!flow.isLibrary || argument === undefined || argument === noPath || !facts.isMutableBorrow(flow.paths.typeOf(argument))) return false;
    return sets.of(this.closure(set)).some((loan) => {
      const parameter = loan < flow.firstLoan ? flow.definition.parameters[loan >> 1] : undefined;
      return parameter !== undefined && facts.isBorrow(parameter) && !types.isMutable(parameter);
    });
  }

  /** Notes for the summary what is stored behind the parameters that `reached` leads to. */
  private note(reached: SetId, stored: SetId): void {
    const { flow, sets, result } = this;
    for (const loan of sets.of(reached)) {
      if (loan >= flow.firstLoan) continue;
      const i = loan >> 1;
      // A function value that lies behind a parameter is given that parameter, for the call.
      const own = sets.has(stored, i * 2) ? sets.union(sets.filter(stored, (one) => one !== i * 2), sets.one(lentMark)) : stored;
      result.contents[i] = sets.union(result.contents[i] as SetId, own);
    }
  }

  /** What the loan is of may change or end when the call is over: a variable of this body, or what it may change. */
  private isPassing(loan: number): boolean {
    const { flow, facts } = this;
    const { paths, loans, firstLoan } = flow;
    if (loan < firstLoan) {
      // The library's raw pointers hold what the parameter does; what it allocates it frees.
      if (!flow.isLibrary || (loan & 1) !== 0) return false;
      const parameter = flow.definition.parameters[loan >> 1];
      return parameter === undefined ? loan === this.heap : facts.isMutableBorrow(parameter) || facts.isRawPointer(parameter);
    }
    const { place } = loans[loan - firstLoan] as Flow["loans"][number];
    const kind = paths.kindOf(paths.rootOf(place));
    // What the library reborrows is its own pointers' business.
    return kind !== Root.shared && kind !== Root.global && (!flow.isLibrary || (paths.baseOf(place) === place && kind !== Root.capture));
  }

  /** Somebody who knows more of the type parameters may have made function values that are called here. */
  private get isGivenFunctions(): boolean {
    const { flow, facts } = this;
    const one = (type: TypeId): boolean => facts.closures.mayHold(type, false);
    return flow.definition.parameters.some(one) || flow.captures.some((root) => one(flow.paths.typeOf(root)));
  }

  /** Arguments that are, or hold, function values which the callee may give references that end with the call. */
  strays(call: Call, mark: number): readonly number[] {
    const { facts, flow } = this;
    return this.summaries.strays(call, mark).filter((i) => {
      const argument = call.args[i];
      // What a type parameter stands for is known here.
      return argument !== undefined && argument !== noPath && facts.closures.takesReferences(flow.paths.typeOf(argument), this.isGivenFunctions);
    });
  }

  /** Argument `i` of a call leads to places of this body in which a closure may store what it is given. */
  keepsStrays(call: Call, i: number, mark: number): boolean {
    const { flow, sets } = this;
    const argument = call.args[i];
    if (argument === undefined || argument === noPath) return false;
    return sets.of(this.closure(this.held(argument))).some((loan) => {
      if (loan < flow.firstLoan) return false;
      const { place, closure } = flow.loans[loan - flow.firstLoan] as Flow["loans"][number];
      // A function value that was captured is called: what its own closure does then counts.
      const type = flow.paths.typeOf(place);
      return closure !== undefined && !this.facts.isFunctionValue(type) && this.summaries.storesInCaptures(closure, mark) && this.facts.holds(type);
    });
  }

  /** Argument `i` is a function value that cannot itself be in the result: only what it returns may. */
  private handsOnResults(call: Call, i: number): boolean {
    const { facts, types } = this;
    const parameter = call.callee?.parameters[i];
    return parameter !== undefined && types.kindOf(parameter) === TypeKind.Function && call.callee !== undefined && !facts.writesFunction(call.callee.result)
      && call.callee.parameters.every((type) => !facts.isBorrow(type) || !types.isMutable(type) || !facts.writesFunction(type));
  }

  /** The loans that a function value hands on by its results, or stores behind what it is given: of a closure whose body is known not those of variables that no result refers to. */
  private ofResults(set: SetId): SetId {
    const { flow, sets } = this;
    let found: SetId = emptySet;
    for (const loan of sets.of(set)) {
      const closure = loan < flow.firstLoan ? undefined : (flow.loans[loan - flow.firstLoan] as Flow["loans"][number]).closure;
      const captures = closure === undefined ? 0 : closure.parameters.length * 2;
      const result = closure === undefined ? undefined : this.summaries.handedOnBy(closure);
      const one = sets.one(loan);
      if (result === undefined || result.includes(captures)) found = sets.union(found, one);
      else if (result.includes(captures + 1)) found = sets.union(found, this.closure(this.behind(one, [])));
    }
    return found;
  }

  /** Where the closures behind `set` can store something: not in what they were given before. */
  private functionsIn(set: SetId): SetId {
    const { flow, sets, facts } = this;
    const isFunction = (loan: number): boolean => {
      if (loan < flow.firstLoan) return loan >> 1 >= flow.definition.parameters.length || facts.isFunctionValue(flow.definition.parameters[loan >> 1]);
      const { place, closure } = flow.loans[loan - flow.firstLoan] as Flow["loans"][number];
      return closure !== undefined || facts.isFunctionValue(flow.paths.typeOf(place));
    };
    let all = set;
    for (;;) {
      const next = sets.union(all, sets.filter(this.behind(all, []), isFunction));
      if (next === all) return all;
      all = next;
    }
  }

  private call(call: Call, to: PathId): void {
    const { sets, facts } = this;
    const { args } = call;
    const held = (i: number): SetId => (args[i] === undefined || args[i] === noPath ? emptySet : this.held(args[i]));
    switch (call.rule) {
      case "union": {
        if (to === noPath) return;
        let set: SetId = emptySet;
        args.forEach((_, i) => { set = sets.union(set, held(i)); });
        this.put(to, set, 0);
        return;
      }
      case "exchange": {
        let all: SetId = emptySet;
        args.forEach((_, i) => { all = sets.union(all, this.behind(held(i), [])); });
        args.forEach((_, i) => this.storeBehind(held(i), all));
        return;
      }
      case "copy":
        this.storeBehind(held(0), this.behind(held(1), []));
        return;
      case "write":
        this.storeBehind(held(0), sets.union(held(1), this.behind(held(1), [])));
        return;
    }
    const summary = this.summaries.ofCall(call);
    // A summary of the library is for all programs.
    if (call.rule === "value" && (this.flow.isLibrary || facts.closures.mayKeep(args.length - 1))) {
      const given = args.slice(0, -1).map((_, i) => held(i));
      this.storeInFunction(held(args.length - 1), given);
      if (given.some((set, i) => this.isInnerChange(args[i], set))) this.note(this.closure(this.behind(held(args.length - 1), [])), sets.one(lentMark));
    }
    if (summary.isEmpty) return;
    for (const mark of [strayMark, lentMark]) for (const i of this.strays(call, mark)) this.note(this.closure(held(i)), sets.one(mark));
    const given = (i: number): SetId => (this.handsOnResults(call, i) ? this.ofResults(held(i)) : held(i));
    const resolve = (from: readonly number[]): SetId => {
      let set: SetId = emptySet;
      for (const one of from) set = sets.union(set, (one & 1) === 0 ? given(one >> 1) : this.closure(this.behind(held(one >> 1), [])));
      return set;
    };
    const stored = summary.contents.map((from) => resolve(from));
    stored.forEach((set, i) => {
      if (set === emptySet) return;
      this.storeBehind(facts.isFunctionValue(call.parameters[i]) ? this.functionsIn(held(i)) : this.closure(held(i)), set);
    });
    if (to !== noPath) this.put(to, this.fitting(resolve(summary.result), to), 0);
  }
}
