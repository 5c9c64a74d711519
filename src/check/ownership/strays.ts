/** Which function values keep what the functions that call them give them for the call only: references to these functions' own variables, and into what they may change. */

import type { ClosureLoans } from "./closureLoans.ts";
import type { FunctionDefinition } from "../definitions.ts";
import type { TypeId } from "../types.ts";
import type { Call, Flow } from "./flow.ts";
import type { HeldLoans } from "./heldLoans.ts";
import type { LoanSets } from "./loanSets.ts";
import { isMark, loanOf } from "./loanNumbers.ts";
import { MadeFunctions } from "./madeFunctions.ts";
import { noPath, type PathId } from "./paths.ts";
import type { Summaries } from "./summaries.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class Strays {
  private readonly flow: Flow;
  private readonly sets: LoanSets;
  private readonly held: HeldLoans;
  private readonly facts: TypeFacts;
  private readonly summaries: Summaries;
  private readonly closures: ClosureLoans;
  private givesFunctions: boolean | undefined = undefined;
  private made: MadeFunctions | undefined = undefined;

  constructor(held: HeldLoans, facts: TypeFacts, summaries: Summaries, closures: ClosureLoans) {
    this.flow = held.flow;
    this.sets = held.sets;
    this.held = held;
    this.facts = facts;
    this.summaries = summaries;
    this.closures = closures;
  }

  /** Somebody who knows more of the type parameters may have made function values that are called here. */
  private get isGivenFunctions(): boolean {
    const { flow, facts } = this;
    const one = (type: TypeId): boolean => facts.closures.mayHold(type, false);
    return (this.givesFunctions ??= flow.definition.parameters.some(one) || flow.captures.some((root) => one(flow.paths.typeOf(root))));
  }

  /** Arguments that are, or hold, function values which the callee may give references that end with the call. */
  of(call: Call, mark: number): readonly number[] {
    const { facts, flow } = this;
    return this.summaries.strays(call, mark).filter((i) => {
      const argument = call.args[i];
      // What a type parameter stands for is known here.
      return argument !== undefined && argument !== noPath && facts.closures.takesReferences(flow.paths.typeOf(argument), this.isGivenFunctions);
    });
  }

  /** Argument `i` of a call leads to places of this body in which a closure may store what it is given. */
  areKept(call: Call, i: number, mark: number): boolean {
    const { flow, sets, facts } = this;
    const argument = call.args[i];
    if (argument === undefined || argument === noPath) return false;
    const given = flow.paths.typeOf(argument);
    // Function values that others made own what they keep.
    if (facts.isFunctionValue(given) ? this.mayBeKeeper(argument, facts.isBorrow(given)) : facts.keeping.holdsKeepers(given, call.callee !== undefined && facts.isLibrary(call.callee))) return true;
    if (this.leadsToStore(argument)) return true;
    return sets.of(this.held.closure(this.held.held(argument))).some((loan) => {
      const borrow = flow.borrowOf(loan);
      if (borrow?.closure === undefined) return false;
      const { place, closure, capture } = borrow;
      const isStored = (at: PathId, number: number): boolean => at !== noPath && facts.holds(flow.paths.typeOf(at)) && this.summaries.captures.storesInCaptures(closure, number, mark)
        // A function value that was captured is called: what its own closure does then counts.
        && (!facts.isFunctionValue(flow.paths.typeOf(at)) || this.mayBeKeeper(at, true));
      return capture >= 0 ? isStored(place, capture) : (flow.made.get(closure)?.owned ?? []).some((owned, k) => facts.isFunctionValue(flow.paths.typeOf(owned)) && isStored(owned, k)) || (!facts.isFunctionValue(flow.paths.typeOf(place)) && isStored(place, capture));
    });
  }

  /** A closure that is made here lends its own variables to a function value that it captured, which is called again, and may keep them. */
  lendsToKeeper(closure: FunctionDefinition): boolean {
    const { flow, facts } = this;
    const made = flow.made.get(closure);
    return made !== undefined && made.variables.some((variable, i) => {
      const place = made.owned[i] === noPath ? variable : (made.owned[i] ?? variable);
      return facts.isFunctionValue(flow.paths.typeOf(place)) && this.summaries.captures.lendsToCapture(closure, i) && this.mayBeKeeper(place, true);
    });
  }

  /** The function value at a place, or what is borrowed there, may be one that another function made, and that owns what it keeps. Of those that came in the callers know. `isKept`: it is used again. */
  private mayBeKeeper(place: PathId, isKept: boolean): boolean {
    const { flow, sets, facts } = this;
    const type = flow.paths.typeOf(place);
    if (!facts.keeping.keepsInItself(type)) return false;
    const functionAt = (loan: number): PathId => {
      const at = flow.borrowOf(loan)?.place ?? noPath;
      return at !== noPath && facts.isFunctionValue(flow.paths.typeOf(at)) ? at : noPath;
    };
    const set = this.held.held(place);
    const places = facts.isBorrow(type) ? sets.of(set).map(functionAt).filter((at) => at !== noPath) : [place];
    if (places.length > 0 && places.every((at) => flow.functions.at(flow.paths, at, []) !== undefined)) return false;
    const others = sets.of(this.closures.besideClosures(this.held.closure(set))).map(loanOf).filter((loan) => loan >= 0 && !isMark(loan) && functionAt(loan) === noPath);
    if (others.some((loan) => loan >= flow.firstLoan)) return true;
    // What refers to nothing here, and is not kept here, ends with the call.
    return isKept && (this.made ??= new MadeFunctions(flow, facts)).has(place);
  }

  /** Among the function values that lie at a place, or where a reference there points, is one that another function made, that may keep what it is given, and refers to something in which it could. */
  private leadsToStore(place: PathId): boolean {
    const { flow, sets, facts } = this;
    const type = flow.paths.typeOf(place);
    if (!facts.keeping.holdsLike(type)) return false;
    if (facts.isBorrow(type)) return sets.of(this.held.held(place)).some((loan) => {
      const at = flow.borrowOf(loan)?.place ?? noPath;
      return at !== noPath && flow.paths.baseOf(at) === at && this.leadsToStore(at);
    });
    const leaves = facts.inputs.leavesOf(type);
    return (leaves.length === 0 ? [{ type, steps: [] }] : leaves).some((leaf) => {
      if (!facts.keeping.holdsLike(leaf.type) || flow.functions.at(flow.paths, place, leaf.steps) !== undefined) return false;
      const reached = this.held.closure(this.held.held(this.held.within(place, leaf.steps)));
      return sets.of(this.closures.besideClosures(reached)).some((loan) => this.isPlaceToStore(loan));
    });
  }

  /** What the loan is of can take references later. */
  private isPlaceToStore(one: number): boolean {
    const { flow, facts } = this;
    const loan = loanOf(one);
    if (loan < 0 || isMark(one) || loan !== one) return false;
    const borrow = flow.borrowOf(loan);
    const type = borrow === undefined ? flow.parameterType(loan >> 1) : flow.paths.typeOf(borrow.place);
    if (type === undefined || facts.isFunctionValue(type)) return false;
    return borrow === undefined ? facts.behind.mayStoreBehind(type) : facts.holds(type) && (borrow.mutable || facts.behind.holdsCell(type));
  }
}
