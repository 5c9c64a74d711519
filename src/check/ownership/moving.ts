/** What a closure moves from one of its captures to another. Of what lies behind a capture only copies go there. */

import type { FunctionDefinition } from "../definitions.ts";
import type { ClosureLoans } from "./closureLoans.ts";
import type { Call, Flow } from "./flow.ts";
import type { HeldLoans } from "./heldLoans.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import { isPointer, loanOf, placeOfPointer } from "./loanNumbers.ts";
import { noPath } from "./paths.ts";
import type { Summaries } from "./summaries.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class Moving {
  private readonly flow: Flow;
  private readonly sets: LoanSets;
  private readonly held: HeldLoans;
  private readonly facts: TypeFacts;
  private readonly summaries: Summaries;
  private readonly closures: ClosureLoans;

  constructor(held: HeldLoans, facts: TypeFacts, summaries: Summaries, closures: ClosureLoans) {
    this.flow = held.flow;
    this.sets = held.sets;
    this.held = held;
    this.facts = facts;
    this.summaries = summaries;
    this.closures = closures;
  }

  /** What a closure that is made here may store of one capture in another: as if it had run. */
  storeAmongCaptures(closure: FunctionDefinition): void {
    const { sets, held, flow } = this;
    const given = (i: number): SetId => this.closures.captured(closure, i);
    const behind = (i: number): SetId => held.closure(held.behind(given(i), []));
    this.summaries.storedAmongCaptures(closure).forEach((from, i) => {
      let direct: SetId = emptySet;
      let set: SetId = emptySet;
      for (const one of from) {
        if (one >> 1 === i) continue;
        if ((one & 1) === 0) direct = sets.union(direct, this.lent(closure, one >> 1, i));
        else set = sets.union(set, behind(one >> 1));
      }
      if (sets.union(direct, set) === emptySet) return;
      const all = held.closure(given(i));
      // What functions that this body was given store is another matter, as it is where they are called (storeInFunction).
      const places = this.isFunctionOnly(closure, i) ? sets.filter(all, (loan) => loan >= flow.firstLoan) : all;
      held.storeBehind(places, sets.union(direct, this.copied(set)), [], closure, sets.union(direct, set));
    });
  }

  /** What refers to captured variable `i` where variable `to` leads: of one that is itself a `&mut`, what that refers to, where no `&&mut` fits. */
  private lent(closure: FunctionDefinition, i: number, to: number): SetId {
    const { sets, held, flow, facts } = this;
    const given = this.closures.captured(closure, i);
    const type = this.summaries.captureType(closure, i);
    const holder = this.summaries.captureType(closure, to);
    if (type === undefined || holder === undefined || !facts.isMutableBorrow(type) || facts.pointees.mayReferTo(holder, type)) return given;
    const isVariable = (loan: number): boolean => {
      const borrow = flow.borrowOf(loan);
      return borrow?.closure === closure && flow.paths.typeOf(borrow.place) === type;
    };
    return sets.union(sets.filter(given, (loan) => !isVariable(loan)), held.behind(sets.filter(given, isVariable), []));
  }

  /**
   * Of what lies behind a value that which can be copied from there: not the references that are there to change something. A text among the
   * words of `struct Lexer { text str, words &mut List[str], errors &mut List[String] }` is not one of the errors.
   */
  private copied(set: SetId): SetId {
    const { flow, sets, held, facts } = this;
    const isMutable = (loan: number): boolean => isPointer(loan) || flow.borrowOf(loanOf(loan))?.mutable === true;
    if (!sets.of(set).some((loan) => !isPointer(loan) && isMutable(loan))) return set;
    let copies: SetId = sets.filter(set, (loan) => !isMutable(loan));
    for (const loan of sets.of(set)) {
      if (isPointer(loan)) copies = sets.union(copies, held.constantParts(placeOfPointer(loan), (type) => facts.behind.holdsMutable(type)));
      const borrow = flow.borrowOf(loan);
      if (borrow === undefined) continue;
      if (!borrow.mutable) copies = sets.union(copies, held.borrowedAt(borrow.place).set);
      copies = sets.union(copies, held.constantParts(borrow.place, (type) => facts.behind.holdsMutable(type)));
    }
    return copies;
  }

  /** Only function values in the variable could store something. */
  private isFunctionOnly(closure: FunctionDefinition, i: number): boolean {
    const type = this.summaries.captureType(closure, i);
    return type !== undefined && this.facts.pointees.onlyFunctions(type);
  }

  /** Closures that the call leads to may run, and what a cell among their captures holds may be another by now. */
  runClosures(call: Call): void {
    const { flow, sets, held } = this;
    if (flow.made.size === 0) return;
    const seen = new Set<FunctionDefinition>();
    for (const path of call.args) {
      if (path === noPath) continue;
      for (const loan of sets.of(held.closure(held.held(path)))) {
        const closure = flow.borrowOf(loan)?.closure;
        if (closure === undefined || seen.has(closure)) continue;
        seen.add(closure);
        this.storeAmongCaptures(closure);
      }
    }
  }
}
