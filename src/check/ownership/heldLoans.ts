/**
 * What each place holds at the statement at hand: the loans of its value. What is behind a reference is looked up through the loans that it holds.
 */

import type { FunctionDefinition } from "../definitions.ts";
import { StatementFlag, type Flow } from "./flow.ts";
import { isStrong } from "./liveness.ts";
import { LoanState } from "./loanState.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import { Root, Step, Way, noPath, type PathId } from "./paths.ts";
import { T, TypeKind, type TypeId, type TypeTable } from "../types.ts";
import type { TypeFacts } from "./typeFacts.ts";
import { isExact, isMark, isPointer, loanOf, placeOfPointer, pointer, through, viewMark } from "./loanNumbers.ts";
import type { Summaries } from "./summaries.ts";

export class HeldLoans extends LoanState {
  /** Inputs behind which something may have been stored that lay behind them elsewhere; whether it is known that it was. */
  readonly mixed = new Map<number, boolean>();
  /** Likewise, of those that are parts: in their own memory, too. */
  readonly mixedPlaces = new Set<number>();
  /** Where values of type parameters' types lie, anything may have been stored. */
  isOpen = false;
  private readonly facts: TypeFacts;
  private readonly types: TypeTable;
  private readonly summaries: Summaries;

  constructor(flow: Flow, sets: LoanSets, facts: TypeFacts, summaries: Summaries) {
    super(flow, sets);
    this.facts = facts;
    this.types = facts.types;
    this.summaries = summaries;
  }

  // ── looking ──

  /** The loan that stands for memory which this body allocates. */
  get heap(): number { return (this.flow.parameters.length - 1) * 2; }

  /** Everything that a value at `path` may hold. */
  valueAt(path: PathId): SetId {
    const { paths } = this.flow;
    const base = paths.baseOf(path);
    let set = this.held(base);
    if (base === path) return set;
    const steps = paths.stepsOf(path);
    let i = steps.indexOf(base) + 1;
    while (i < steps.length) {
      // steps[i] goes through a pointer; then fields of what it points at.
      const through = steps[i] as PathId;
      const rest: number[] = [];
      i++;
      for (; i < steps.length; i++) {
        const step = paths.stepOf(steps[i] as PathId);
        if (step === Step.deref || step === Step.raw) break;
        rest.push(step);
      }
      const next = this.behind(set, rest);
      set = this.facts.behind.isView(paths.typeOf(through)) ? this.sets.union(next, this.lenders(set, paths.typeOf(through))) : next;
    }
    return set;
  }

  /** What is read as a text or slice through a reference that holds `set`: if that may refer to what a String or List lends as one, what those are borrowed by. */
  lenders(set: SetId, view: TypeId): SetId {
    if (!this.sets.has(set, viewMark)) return emptySet;
    return this.sets.filter(set, (one) => {
      if (isPointer(one)) return false;
      const loan = loanOf(one);
      const place = this.flow.borrowOf(loan)?.place ?? this.target(loan);
      return this.facts.behind.lendsView(this.flow.paths.typeOf(place), view) || this.isOwnView(place);
    });
  }

  /** The text of a String, the slice of a List. */
  private isOwnView(place: PathId): boolean {
    const { paths } = this.flow;
    return paths.stepOf(place) === Step.owned && this.facts.behind.isView(paths.typeOf(place));
  }

  /** What is held where the loans of a set point, further on by `rest`. */
  behind(set: SetId, rest: readonly number[]): SetId {
    const { sets } = this;
    let found: SetId = emptySet;
    for (const loan of sets.of(set)) {
      const place = this.target(loan);
      if (place !== noPath) found = sets.union(found, this.held(isExact(loan) ? this.within(place, rest) : place));
    }
    return found;
  }

  /** Where a loan points; 0 for a reborrow: the set has others that tell. */
  private target(loan: number): PathId {
    const { flow } = this;
    if (isPointer(loan)) return placeOfPointer(loan);
    if (loan < flow.firstLoan) return flow.contents[loan >> 1] as PathId;
    const place = flow.borrowOf(loan)?.place ?? noPath;
    return flow.paths.baseOf(place) === place ? place : noPath;
  }

  /** The place that is `rest` further on, or the last on the way there of which more is known. Elements of an array are one. */
  within(place: PathId, rest: readonly number[]): PathId {
    const { paths } = this.flow;
    let at = place;
    for (const step of rest) {
      const next = paths.find(at, step);
      if (next === noPath || paths.baseOf(next) !== next || paths.goes(next, Way.element)) break;
      at = next;
    }
    return at;
  }

  /** What a reference to what lies `rest` further on than where `set` points holds. */
  further(set: SetId, rest: readonly number[]): SetId {
    const { sets, flow: { paths } } = this;
    if (rest.length === 0) return set;
    const found: number[] = [];
    for (const loan of sets.of(set)) {
      const place = this.target(loan);
      if (place === noPath || paths.firstChild(place) === noPath) {
        found.push(loan);
        continue;
      }
      const at = this.within(place, rest);
      const isThere = isExact(loan) && paths.stepsOf(at).length - paths.stepsOf(place).length === rest.length;
      found.push(pointer(at, isThere));
      if (!isPointer(loan)) found.push(through(loan));
    }
    return sets.from(found);
  }

  /** What a reference keeps borrowed that goes through one which holds `set`. */
  private passed(set: SetId): SetId {
    const { sets } = this;
    return set === emptySet ? set : sets.from(sets.of(set).filter((one) => !isPointer(one)).map(through));
  }

  /** The loan goes on while something holds the set. */
  keeps(set: SetId, loan: number): boolean { return this.sets.of(set).some((one) => loanOf(one) === loan); }

  /** All that can be reached from a set: what its loans point at, and so on. */
  closure(set: SetId): SetId {
    let all = set;
    for (;;) {
      const next = this.sets.union(all, this.behind(all, []));
      if (next === all) return all;
      all = next;
    }
  }

  /** The loans of all sets, and those that lie behind them; not interned, since each statement that is looked at asks for others. */
  reached(from: SetId[]): Set<number> {
    const loans = new Set<number>();
    const seen = new Set<SetId>();
    const pending = from;
    for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
      if (set === emptySet || seen.has(set)) continue;
      seen.add(set);
      for (const loan of this.sets.of(set)) {
        if (loans.has(loan)) continue;
        loans.add(loan);
        const place = this.target(loan);
        if (place !== noPath) pending.push(this.held(isExact(loan) ? this.within(place, []) : place));
      }
    }
    return loans;
  }

  /** With what lies in the memory that Rcs of this body share. */
  withShared(set: SetId): SetId {
    const { flow, sets } = this;
    if (!flow.shares) return set;
    let all = set;
    for (;;) {
      const shared = sets.of(all).map(loanOf).filter((loan) => loan >= flow.firstLoan && flow.isShared(loan - flow.firstLoan));
      const next = sets.union(all, this.behind(sets.from(shared), []));
      if (next === all) return all;
      all = next;
    }
  }

  /** What a raw pointer remembers: in the user's bodies only what came from outside, so that these are not checked. */
  remembered(set: SetId): SetId {
    const { firstLoan, isLibrary } = this.flow;
    if (isLibrary) return set;
    return this.sets.filter(set, (loan) => loanOf(loan) < firstLoan);
  }

  /** What the result of borrow `loan` holds. `to`: where it goes, if that is known. A text or slice there is what was lent itself, and no reference to that. */
  borrowed(loan: number, to: PathId = noPath): SetId {
    const { flow, sets } = this;
    const { place } = flow.loans[loan] as Flow["loans"][number];
    const { set, isReal } = this.borrowedAt(place);
    const all = isReal ? sets.union(set, sets.one(flow.firstLoan + loan)) : set;
    const type = to === noPath ? T.void : flow.paths.typeOf(to);
    const isItself = this.facts.elementOf(type) !== type;
    return this.isOwnView(place) && !isItself ? sets.union(all, sets.one(viewMark)) : all;
  }

  /** A reference to `place` keeps what it goes through borrowed; behind a shared reference that is all. */
  borrowedAt(place: PathId): { readonly set: SetId; readonly isReal: boolean } {
    const { sets, flow } = this;
    const { paths } = flow;
    let set: SetId = emptySet;
    // The steps behind the last pointer on the way, which is where the reference points.
    let rest: number[] | undefined = [];
    for (let at = place; paths.parent(at) !== 0; at = paths.parent(at)) {
      const step = paths.stepOf(at);
      if (step !== Step.deref && step !== Step.raw) {
        rest?.unshift(step);
        continue;
      }
      const parent = paths.parent(at);
      const value = this.valueAt(parent);
      const held = step === Step.raw ? this.remembered(value) : value;
      set = sets.union(set, rest === undefined ? this.passed(held) : this.further(held, rest));
      rest = undefined;
      if (step === Step.raw || paths.isShared(paths.typeOf(parent))) return { set, isReal: false };
    }
    return { set, isReal: true };
  }

  // ── changing ──

  put(to: PathId, set: SetId, flags: number): void {
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
  assignFrom(to: PathId, from: PathId, flags: number): void {
    const { flow } = this;
    const { paths } = flow;
    if (paths.baseOf(from) !== from || !isStrong(flow, to) || (flags & StatementFlag.adds) !== 0) {
      this.put(to, this.valueAt(from), flags);
      return;
    }
    const whole = this.around(from);
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
  storeAt(place: PathId, set: SetId): void {
    if (set === emptySet) return;
    const { flow, sets } = this;
    const { paths } = flow;
    if (paths.baseOf(place) === place) {
      this.setHeld(place, sets.union(this.at(place), set));
      return;
    }
    let last = place;
    const rest: number[] = [];
    for (let at = place; at !== 0; at = paths.parent(at)) {
      const step = paths.stepOf(at);
      if (step === Step.deref || step === Step.raw) {
        last = paths.parent(at);
        break;
      }
      rest.unshift(step);
    }
    this.storeBehind(this.valueAt(last), set, rest);
  }

  /**
   * A value with the loans `set` is stored where those of `pointers` point: behind captures of a closure only if that may store what it is given
   * there. `own`: a closure of which all captures are meant. `whole`: what places get that have room for `&mut` references.
   */
  storeBehind(pointers: SetId, set: SetId, rest: readonly number[] = [], own?: FunctionDefinition, whole = set): void {
    const { flow, sets } = this;
    for (const loan of sets.of(pointers)) {
      const borrow = flow.borrowOf(loan);
      if (borrow?.closure !== undefined && borrow.closure !== own && !this.summaries.captures.storesInCaptures(borrow.closure, borrow.capture)) continue;
      const place = this.target(loan);
      if (place === noPath) continue;
      const at = isExact(loan) ? this.within(place, rest) : place;
      if (loan < flow.firstLoan && !flow.isLibrary && sets.has(set, loan | 1) && this.isFurther(loan)) this.mixed.set(loan >> 1, true);
      if (this.facts.holds(flow.paths.typeOf(at))) this.setHeld(at, sets.union(this.at(at), this.fitting(whole !== set && this.takesMutable(at) ? sets.union(set, this.notYet(at, whole)) : set, at)));
    }
  }

  /** A part that has a `&mut` keeps it to itself. */
  private notYet(at: PathId, set: SetId): SetId {
    const { sets } = this;
    const held = this.held(at);
    return sets.filter(set, (loan) => !sets.has(held, loan));
  }

  private takesMutable(at: PathId): boolean {
    const { paths } = this.flow;
    return paths.kindOf(paths.rootOf(at)) === Root.content || this.facts.behind.holdsMutable(paths.typeOf(at));
  }

  /** What those parts of a place hold that have no room for `&mut` references. */
  constantParts(path: PathId, isMutable: (type: TypeId) => boolean): SetId {
    const { paths } = this.flow;
    if (paths.baseOf(path) !== path) return emptySet;
    if (!isMutable(paths.typeOf(path))) return this.parts(path);
    let set: SetId = emptySet;
    for (let at = paths.firstChild(path); at !== 0; at = paths.nextSibling(at)) set = this.sets.union(set, this.constantParts(at, isMutable));
    return set;
  }

  /** What the input's loan is of lies further on than what the input itself refers to, or has several parts that are one here. */
  private isFurther(loan: number): boolean {
    const type = this.flow.parameterType(loan >> 1);
    return (loan & 1) === 1 || type === undefined || !this.facts.isBorrow(type) || this.facts.mixing.hasSeveral(this.types.inner(type));
  }

  /** What lies behind an input was moved about there, where the reference `one` points. */
  noteMixed(one: number): void {
    const { flow } = this;
    const { paths } = flow;
    const i = flow.inputOf(one);
    if (i < 0) return;
    if (isPointer(one)) {
      const place = placeOfPointer(one);
      const part = flow.parameters.findIndex((path, k) => path !== noPath && k < flow.inputs.length && path !== paths.rootOf(path) && paths.isWithin(place, path));
      if (part >= 0) {
        this.mixedPlaces.add(part);
        return;
      }
    }
    if (!this.mixed.has(i)) this.mixed.set(i, false);
  }

  /** The loans of a set that the place can hold, by its type: references to what they are of. */
  fitting(set: SetId, at: PathId): SetId {
    const { flow, sets, facts } = this;
    if (flow.isLibrary || set === emptySet) return set;
    let type = flow.paths.typeOf(at);
    if (flow.paths.kindOf(flow.paths.rootOf(at)) === Root.content && flow.paths.rootOf(at) === at) {
      if (type === T.str || type === T.error) return set;
      // The root stands for what lies behind the parameter's own reference.
      if (facts.isBorrow(type)) type = this.types.inner(type);
    }
    if (this.isOpen && facts.behind.holdsUnknown(type)) return set;
    return sets.filter(set, (one) => {
      // What keeps something going tells.
      if (isMark(one) || isPointer(one)) return true;
      const loan = loanOf(one);
      if (flow.shares && flow.isShared(loan - flow.firstLoan)) return true;
      const place = flow.borrowOf(loan)?.place ?? (flow.contents[loan >> 1] as PathId);
      const target = flow.paths.typeOf(place);
      if (loan >= flow.firstLoan && this.types.kindOf(target) === TypeKind.Function && this.lendsNothing(place) && !facts.pointees.mayHoldFunctions(type)) return false;
      if (loan >= flow.firstLoan) return facts.pointees.mayPointInto(type, flow.paths.stepOf(place) === Step.owned && this.types.kindOf(target) !== TypeKind.Reference ? facts.pointees.lentBy(target) : target);
      const parameter = flow.parameterType(loan >> 1);
      if (parameter === undefined) return true;
      // A reference itself refers to what its type says; what is of a type parameter was there before the body was entered, and so before this reference.
      return (loan & 1) === 0 && facts.isBorrow(parameter) ? facts.pointees.mayPointInto(type, facts.pointees.lentBy(parameter)) : facts.pointees.mayShare(type, parameter);
    });
  }

  /** A function value lies there of which it is known that it borrows all that it captured: who calls it may be given that, and nothing of its own. */
  private lendsNothing(place: PathId): boolean {
    const { flow, facts } = this;
    const known = flow.functions.at(flow.paths, place, []);
    return known !== undefined && facts.closures.ownsNothing(known);
  }

  /** The place gets a new value: loans of what was behind the old one are of no concern any more. */
  kill(place: PathId): void {
    const { flow } = this;
    const { firstLoan, loans, paths } = flow;
    const ofRoot = flow.loansOf.get(paths.rootOf(place));
    if (ofRoot === undefined || paths.goes(place, Way.element)) return;
    const ended = ofRoot.filter((number) => paths.isWithin((loans[number] as Flow["loans"][number]).place, place)).map((number) => number + firstLoan);
    if (ended.length === 0) return;
    this.filter((one) => !ended.includes(loanOf(one)));
  }
}
