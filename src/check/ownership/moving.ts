/**
 * What code that runs moves about among the places that one value leads to: from one capture of a closure to another, and where nothing tells which
 * parts of a value it knows, from any place behind that to any other. Only copies go there: what lies behind the value already.
 */

import type { FunctionDefinition } from "../definitions.ts";
import type { TypeId } from "../types.ts";
import type { ClosureLoans } from "./closureLoans.ts";
import type { Call, Flow } from "./flow.ts";
import type { HeldLoans } from "./heldLoans.ts";
import type { Input } from "./inputs.ts";
import { isPointer, loanOf, mixMark, placeOfPointer, strayMark, viewMark } from "./loanNumbers.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import { MixLevel } from "./mixLevels.ts";
import { noPath, type PathId } from "./paths.ts";
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

  // ── a closure whose body is known ──

  /** What a closure that is made here may store of one capture in another, or of a part of one in another part: as if it had run. */
  storeAmongCaptures(closure: FunctionDefinition): void {
    const { sets, held, flow } = this;
    const { contents, places } = this.summaries.ofClosure(closure);
    const inputs = this.summaries.inputsOf(closure);
    const first = closure.parameters.length;
    const moved = (from: readonly number[], to: number): { readonly direct: SetId; readonly deep: SetId } => {
      let direct: SetId = emptySet;
      let deep: SetId = emptySet;
      for (const one of from) {
        if (one === mixMark) deep = sets.union(deep, this.furtherOn(closure, inputs, to));
        if (one === viewMark) direct = sets.union(direct, sets.one(one));
        if (one >= strayMark || one < first * 2 || one >> 1 === to) continue;
        if ((one & 1) === 0) direct = sets.union(direct, this.lent(closure, inputs, one >> 1, to));
        else deep = sets.union(deep, held.closure(held.behind(this.valueOf(closure, inputs, one >> 1), [])));
      }
      return { direct, deep };
    };
    contents.forEach((from, i) => {
      if (i < first) return;
      const { direct, deep } = moved(from, i);
      if (sets.union(direct, deep) === emptySet) return;
      const all = held.closure(this.valueOf(closure, inputs, i));
      // What functions that this body was given store is another matter, as it is where they are called (storeInFunction).
      const type = inputs[i]?.type;
      const targets = type !== undefined && this.facts.pointees.onlyFunctions(type) ? sets.filter(all, (loan) => loan >= flow.firstLoan) : all;
      held.storeBehind(targets, sets.union(direct, this.copied(deep)), [], closure, sets.union(direct, deep));
    });
    places.forEach((from, i) => {
      const { direct, deep } = moved(from, i);
      const set = sets.union(direct, this.copied(deep));
      if (set === emptySet) return;
      const place = this.placeOf(closure, inputs, i);
      const input = inputs[i];
      if (place !== noPath) held.storeAt(place, set);
      else if (input !== undefined && input.of >= 0) held.storeBehind(this.valueOf(closure, inputs, input.of), set, input.steps, closure);
    });
  }

  /** What a closure that is made here has of one of its inputs. */
  private valueOf(closure: FunctionDefinition, inputs: readonly Input[], i: number): SetId {
    const { held } = this;
    const input = inputs[i];
    if (input === undefined || i < closure.parameters.length) return emptySet;
    if (input.of < 0) return this.closures.captured(closure, i - closure.parameters.length);
    const place = this.placeOf(closure, inputs, i);
    return place !== noPath ? held.valueAt(place) : held.behind(this.valueOf(closure, inputs, input.of), input.steps);
  }

  /** Where it is, if in a variable that the closure captured, or in the closure's own memory. */
  private placeOf(closure: FunctionDefinition, inputs: readonly Input[], i: number): PathId {
    const { flow: { made, paths } } = this;
    const input = inputs[i];
    const first = closure.parameters.length;
    const whole = input === undefined || input.of < 0 ? i : input.of;
    const owned = made.get(closure)?.owned[whole - first] ?? noPath;
    const variable = made.get(closure)?.variables[whole - first] ?? noPath;
    if (input === undefined || whole < first || (inputs[whole]?.of ?? 0) >= 0) return noPath;
    if (input.of >= 0 && input.isBehind !== (owned === noPath)) return noPath;
    let at = owned === noPath ? variable : owned;
    for (const step of input.steps) {
      const next = paths.find(at, step);
      if (next === noPath) break;
      at = next;
    }
    return at;
  }

  /** What refers to input `i` where input `to` leads: of a variable that is itself a `&mut`, what that refers to, where no `&&mut` fits. */
  private lent(closure: FunctionDefinition, inputs: readonly Input[], i: number, to: number): SetId {
    const { sets, held, flow, facts } = this;
    const given = this.valueOf(closure, inputs, i);
    const type = this.summaries.captures.captureType(closure, i - closure.parameters.length);
    const holder = this.summaries.captures.captureType(closure, to - closure.parameters.length) ?? inputs[to]?.type;
    if (type === undefined || holder === undefined || !facts.isMutableBorrow(type) || facts.pointees.mayReferTo(holder, type)) return given;
    const isVariable = (loan: number): boolean => {
      const borrow = flow.borrowOf(loan);
      return borrow?.closure === closure && flow.paths.typeOf(borrow.place) === type;
    };
    return sets.union(sets.filter(given, (loan) => !isVariable(loan)), held.behind(sets.filter(given, isVariable), []));
  }

  /** What lies behind an input further on than what that refers to itself. */
  private furtherOn(closure: FunctionDefinition, inputs: readonly Input[], i: number): SetId {
    const { held, facts } = this;
    const inside = held.behind(this.valueOf(closure, inputs, i), []);
    const type = inputs[i]?.type;
    return held.closure(type !== undefined && facts.isBorrow(type) && !facts.mixing.hasSeveral(facts.types.inner(type)) ? held.behind(inside, []) : inside);
  }

  /**
   * Of what lies behind a value that which can be copied from there: not the references that are there to change something. A text among the
   * words of `struct Lexer { text str, words &mut List[str], errors &mut List[String] }` is not one of the errors.
   */
  private copied(set: SetId): SetId {
    const { flow, sets, held, facts } = this;
    const isMutable = (one: number): boolean => {
      const loan = loanOf(one);
      if (loan < 0) return true;
      const type = loan < flow.firstLoan && (loan & 1) === 0 ? flow.parameterType(loan >> 1) : undefined;
      return type !== undefined ? facts.isMutableBorrow(type) : flow.borrowOf(loan)?.mutable === true;
    };
    if (!sets.of(set).some((loan) => !isPointer(loan) && isMutable(loan))) return set;
    const constant = (place: PathId): SetId => held.constantParts(place, (type) => facts.behind.holdsMutable(type));
    let copies: SetId = sets.filter(set, (loan) => !isMutable(loan));
    for (const loan of sets.of(set)) {
      if (isPointer(loan)) copies = sets.union(copies, constant(placeOfPointer(loan)));
      const borrow = flow.borrowOf(loan);
      if (borrow === undefined) continue;
      if (!borrow.mutable) copies = sets.union(copies, held.borrowedAt(borrow.place).set);
      copies = sets.union(copies, constant(borrow.place));
    }
    return copies;
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

  // ── code of which only types are known ──

  /** A function value is called. One of which nothing else is known may store what lies behind one of its captures behind another. */
  mixFunction(reached: SetId, parameters: number): void {
    const { flow, sets, held } = this;
    const level = flow.isLibrary ? MixLevel.all : this.summaries.mixLevels.ofFunctions(parameters);
    if (level === MixLevel.none) return;
    const rest = this.closures.besideClosures(reached);
    for (const loan of sets.of(rest)) held.noteMixed(loan);
    held.storeBehind(sets.filter(rest, (loan) => loan >= flow.firstLoan), level === MixLevel.all ? rest : this.copied(rest), [], undefined, rest);
  }

  /**
   * The callee may store what an argument of this type, which holds `given`, leads to at one place behind it at another. The library does not by
   * itself: only functions, and implementations of traits, that it is given.
   */
  mix(given: SetId, type: TypeId, { callee, rule, parameters, args }: Call): void {
    const { flow, sets, held, facts } = this;
    const isValue = rule === "value";
    const isKnown = callee !== undefined && facts.isLibrary(callee) && !parameters.some((one, i) => facts.isFunctionValue(one) && this.summaries.mixLevels.movesGiven(args[i] === undefined || args[i] === noPath ? one : flow.paths.typeOf(args[i])));
    if (given === emptySet || !(isValue ? facts.mixing.mayMixCalled(type) : facts.mixing.mayMix(type)) || (isKnown && !facts.mixing.runsCode(type))) return;
    const all = this.closures.reached(given, type);
    if (facts.isFunctionValue(type)) {
      this.mixFunction(facts.isBorrow(type) ? held.closure(held.behind(given, [])) : all, facts.parametersOf(type));
      return;
    }
    const isHere = facts.mixing.mixesHere(type);
    const level = flow.isLibrary || !isHere ? MixLevel.all : this.summaries.mixLevels.of(type);
    if (level === MixLevel.none) return;
    if (flow.isLibrary || !isHere) for (const loan of sets.of(all)) held.noteMixed(loan);
    if (!isHere) return;
    // A reference that is the argument itself was not there.
    if (isKnown && this.closures.storing(all) === emptySet && !facts.mixing.runsOwn(type)) return;
    if (!facts.isBorrow(type)) {
      this.storeAround(type, level, all, this.closures.ofResults(all), isKnown);
      return;
    }
    const further = held.closure(held.behind(given, []));
    this.storeAround(type, level, sets.filter(all, (loan) => sets.has(further, loan)), this.closures.ofResults(further), isKnown);
  }

  /** A Drop that the user wrote runs: it may store what the value leads to at one place at another. */
  dropped(place: PathId): void {
    const { flow, sets, held, facts } = this;
    const type = flow.paths.typeOf(place);
    if (facts.closures.ownsParameter(type)) for (const loan of sets.of(held.closure(held.valueAt(place)))) held.noteMixed(loan);
    if (flow.isLibrary || !facts.mixing.mayMix(type) || !facts.dropUses(type)) return;
    const level = this.summaries.mixLevels.of(type);
    if (level === MixLevel.none) return;
    const all = held.closure(held.valueAt(place));
    this.storeAround(type, level, all, this.closures.ofResults(all));
  }

  /** What a value of the type leads to is stored at other places that it leads to. A function value that lies behind a parameter is given that for the call only. */
  private storeAround(type: TypeId, level: number, all: SetId, set: SetId, isKnown = false): void {
    const { flow, sets, held, facts } = this;
    const isWhole = isKnown ? facts.mixing.runsOwn(type) : facts.mixing.mixesBesideFunctions(type);
    for (const loan of sets.of(isWhole ? all : this.closures.behindFunctions(all))) {
      // What a function of the library calls is a closure that is made here, or a parameter.
      const place = flow.borrowOf(loan)?.place;
      if (!isWhole && isKnown && loan < flow.firstLoan && !facts.isFunctionValue(flow.parameterType(loan >> 1)) && place === undefined && !sets.has(this.closures.storing(all), loan)) continue;
      const stored = loan < flow.firstLoan ? sets.filter(set, (one) => one !== (loan & ~1)) : set;
      held.storeBehind(sets.one(loan), level === MixLevel.all ? stored : this.copied(stored), [], undefined, stored);
    }
  }
}
