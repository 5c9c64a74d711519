/** What the loans that a value leads to are through function values in it: what closures that are made here captured, may store in, hand on. */

import type { FunctionDefinition } from "../definitions.ts";
import type { Flow, Loan } from "./flow.ts";
import type { HeldLoans } from "./heldLoans.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import { noPath } from "./paths.ts";
import { isPointer, strayMark, viewMark } from "./loanNumbers.ts";
import type { Summaries } from "./summaries.ts";
import type { TypeId } from "../types.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class ClosureLoans {
  private readonly flow: Flow;
  private readonly sets: LoanSets;
  private readonly held: HeldLoans;
  private readonly facts: TypeFacts;
  private readonly summaries: Summaries;
  /** By loan of a closure, in bits, the levels of what it captured that come out of it. */
  private readonly handed = new Map<Loan, number>();

  constructor(held: HeldLoans, facts: TypeFacts, summaries: Summaries) {
    this.flow = held.flow;
    this.sets = held.sets;
    this.held = held;
    this.facts = facts;
    this.summaries = summaries;
  }

  /**
   * Where a callee can store something through an argument. What only closures in it lead to, because they captured a part of it, is not there if they
   * store nothing in what they captured, or if that can hold nothing: `xs.iter().map(|x| *x + self.base)` leaves what `self` refers to as it is.
   */
  reached(given: SetId, type: TypeId): SetId {
    const { flow, sets, facts } = this;
    if (given === emptySet) return emptySet;
    const all = this.held.closure(given);
    if (!this.hasQuietClosures(all)) return all;
    return sets.filter(all, (loan) => {
      const input = flow.inputOf(loan);
      const parameter = input >= 0 ? flow.parameterType(input) : undefined;
      return parameter === undefined || facts.isFunctionValue(parameter) || facts.pointees.mayShareBesideFunctions(type, parameter);
    });
  }

  /** What is read as a text or slice through references that a value with these loans leads to, where those may refer to what a String or List lends as one. */
  views(given: SetId): SetId {
    const all = this.held.closure(given);
    return this.sets.has(all, viewMark) ? this.sets.filter(all, (loan) => !isPointer(loan)) : emptySet;
  }

  /** Closures that capture something are made here: else no loan is one of theirs. */
  private get hasClosures(): boolean { return this.flow.made.size > 0; }

  /** There are closures among the loans, and none of them stores anything in what it captured, or that can hold nothing. */
  hasQuietClosures(set: SetId): boolean {
    const { flow, sets, facts } = this;
    if (!this.hasClosures) return false;
    let found = false;
    for (const loan of sets.of(set)) {
      const borrow = flow.borrowOf(loan);
      if (borrow?.closure === undefined) continue;
      if (facts.holds(flow.paths.typeOf(borrow.place)) && this.summaries.captures.storesInCaptures(borrow.closure, borrow.capture)) return false;
      found = true;
    }
    return found;
  }

  /** Of a set that without what closures captured that store nothing there of what they are given. */
  storers(set: SetId): SetId {
    const { flow, sets } = this;
    if (!this.hasClosures) return set;
    return sets.filter(set, (loan) => {
      const borrow = flow.borrowOf(loan);
      return borrow?.closure === undefined || this.summaries.captures.storesInCaptures(borrow.closure, borrow.capture);
    });
  }

  /** All that function values which hold `set` lead to, by way of what closures may store in. */
  stored(set: SetId): SetId {
    let all = this.storers(set);
    for (;;) {
      const next = this.sets.union(all, this.storers(this.held.behind(all, [])));
      if (next === all) return all;
      all = next;
    }
  }

  /** What a closure that is made here has of a variable that it captured. */
  captured(closure: FunctionDefinition, i: number): SetId {
    const { sets, held } = this;
    const made = this.flow.made.get(closure);
    const place = made?.owned[i] ?? noPath;
    let set: SetId = place === noPath ? emptySet : held.held(place);
    for (const loan of made?.loans[i] ?? []) set = sets.union(set, held.borrowed(loan));
    return set;
  }

  /** Of loans that a function value leads to those that are not there only because a closure which is made here captured them. */
  besideClosures(reached: SetId): SetId {
    const { flow, sets, held } = this;
    let known: SetId = emptySet;
    const seen = new Set<FunctionDefinition>();
    for (const loan of sets.of(reached)) {
      const closure = flow.borrowOf(loan)?.closure;
      if (closure === undefined) continue;
      known = sets.union(known, sets.one(loan));
      if (seen.has(closure)) continue;
      seen.add(closure);
      flow.made.get(closure)?.loans.forEach((_, i) => { known = sets.union(known, this.captured(closure, i)); });
    }
    if (known === emptySet) return reached;
    const all = held.closure(known);
    return sets.filter(reached, (loan) => !sets.has(all, loan));
  }

  /** What closures among the loans lead to that store what they are given. */
  storing(all: SetId): SetId {
    const { flow, sets, held } = this;
    if (!this.hasClosures) return emptySet;
    let found: SetId = emptySet;
    for (const loan of sets.of(all)) {
      const borrow = flow.borrowOf(loan);
      if (borrow?.closure !== undefined && this.summaries.captures.storesInCaptures(borrow.closure, borrow.capture)) found = sets.union(found, held.closure(sets.one(loan)));
    }
    return found;
  }

  /** Of the loans that an argument leads to those by which function values in it may store something: not what only closures captured that do not. */
  behindFunctions(all: SetId): SetId {
    const { flow, sets, held } = this;
    if (!this.hasClosures) return all;
    let quiet: SetId = emptySet;
    let found: SetId = emptySet;
    for (const loan of sets.of(all)) {
      const borrow = flow.borrowOf(loan);
      if (borrow?.closure === undefined) continue;
      if (this.summaries.captures.storesInCaptures(borrow.closure, borrow.capture)) found = sets.union(found, held.closure(sets.one(loan)));
      else quiet = sets.union(quiet, sets.union(sets.one(loan), held.closure(this.captured(borrow.closure, borrow.capture))));
    }
    return sets.union(found, sets.filter(all, (loan) => !sets.has(quiet, loan)));
  }

  /** The loans that a function value hands on by its results, or stores behind what it is given: of a closure whose body is known not those of variables that no result refers to. */
  ofResults(set: SetId): SetId {
    const { flow, sets } = this;
    if (!this.hasClosures) return set;
    let found: SetId = emptySet;
    for (const loan of sets.of(set)) {
      const borrow = flow.borrowOf(loan);
      const one = sets.one(loan);
      if (borrow === undefined || (this.handedOn(borrow) & 1) !== 0) found = sets.union(found, one);
      else if (this.handedOn(borrow) !== 0) found = sets.union(found, this.held.closure(this.held.behind(one, [])));
    }
    return found;
  }

  /** What comes out of the closure that captured by this loan, if it was one, may be the capture (1), what lies behind it (2), or both. */
  private handedOn(loan: Loan): number {
    const { closure, capture } = loan;
    if (closure === undefined) return 3;
    let levels = this.handed.get(loan);
    if (levels !== undefined) return levels;
    const first = closure.parameters.length;
    levels = 0;
    for (const one of this.summaries.handedOnBy(closure)) if (one >= first * 2 && one < strayMark && (capture < 0 || one >> 1 === first + capture)) levels |= 1 << (one & 1);
    this.handed.set(loan, levels);
    return levels;
  }

  /** Of the loans that a function value holds those through which its results, or what it stores behind what it is given, may refer to something. */
  handing(set: SetId): SetId {
    const { flow, sets } = this;
    if (!this.hasClosures) return set;
    return sets.filter(set, (loan) => {
      const borrow = flow.borrowOf(loan);
      return borrow === undefined || this.handedOn(borrow) !== 0;
    });
  }

  /**
   * What lies behind the loans of a value, as far as it can be taken from there: what closures captured is in their results only, and stays where it is
   * otherwise. `isQuiet`: nor are function values taken.
   */
  handedBehind(set: SetId, isQuiet: boolean): SetId {
    const taken = (all: SetId): SetId => (isQuiet ? this.handing(all) : all);
    let all = taken(this.held.behind(this.handing(set), []));
    for (;;) {
      const next = this.sets.union(all, taken(this.held.behind(this.handing(all), [])));
      if (next === all) return all;
      all = next;
    }
  }
}
