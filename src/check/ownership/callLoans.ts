/** What a call does to loans: what its result may hold, and what it may store behind its arguments, by the callee's summary. */

import { putResult, type Found } from "./callResults.ts";
import { ClosureLoans } from "./closureLoans.ts";
import type { FunctionDefinition } from "../definitions.ts";
import type { Call, Flow } from "./flow.ts";
import type { HeldLoans } from "./heldLoans.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import type { Input } from "./inputs.ts";
import { Lineage } from "./lineage.ts";
import { isStrong } from "./liveness.ts";
import { Moving } from "./moving.ts";
import { Root, fieldOfStep, noPath, type PathId } from "./paths.ts";
import { throughReferences } from "../traits.ts";
import { TypeKind, type TypeId, type TypeTable } from "../types.ts";
import type { TypeFacts } from "./typeFacts.ts";
import { isMark, isPointer, lentMark, loanOf, mixMark, passMark, placeOfPointer, strayMark, viewMark } from "./loanNumbers.ts";
import { Strays } from "./strays.ts";
import type { Summaries } from "./summaries.ts";
import { ValueStores } from "./valueStores.ts";

export class CallLoans {
  private readonly flow: Flow;
  private readonly sets: LoanSets;
  private readonly held: HeldLoans;
  private readonly facts: TypeFacts;
  private readonly types: TypeTable;
  private readonly summaries: Summaries;
  private readonly closures: ClosureLoans;
  readonly moving: Moving;
  private readonly lineage: Lineage;
  readonly valueStores: ValueStores;
  private readonly isQuiet: boolean;
  readonly strays: Strays;
  /** By parameter: what was stored behind it, for this body's own summary. */
  readonly contents: SetId[];
  /** By input: what was stored in its own memory. */
  readonly places: SetId[];

  constructor(held: HeldLoans, facts: TypeFacts, summaries: Summaries, isQuiet: boolean) {
    this.flow = held.flow;
    this.sets = held.sets;
    this.held = held;
    this.facts = facts;
    this.types = facts.types;
    this.summaries = summaries;
    this.isQuiet = isQuiet;
    this.closures = new ClosureLoans(held, facts, summaries);
    this.moving = new Moving(held, facts, summaries, this.closures);
    this.lineage = new Lineage(summaries.c, held, facts, summaries, this.closures);
    this.strays = new Strays(held, facts, summaries, this.closures);
    this.valueStores = new ValueStores(held, facts, summaries, this.closures, isQuiet);
    this.contents = held.flow.contents.map(() => emptySet);
    this.places = held.flow.contents.map(() => emptySet);
  }

  /** The call is made; its result goes to the place `to`, if there is one. A collection that the library makes for itself has memory, which it may fill by raw pointers. */
  call(call: Call, to: PathId): void {
    this.valueStores.open(call);
    this.carryOut(call, to);
    this.valueStores.store(call, to);
    const { flow, held, sets, facts } = this;
    if (flow.isLibrary && to !== noPath && flow.paths.baseOf(to) === to && this.types.kindOf(call.result) === TypeKind.Struct && facts.isCollection(call.result)) held.setHeld(to, sets.union(held.at(to), sets.one(held.heap)));
  }

  private carryOut(call: Call, to: PathId): void {
    const { sets, facts } = this;
    const { args } = call;
    if (call.rule === "captures") {
      if (call.callee !== undefined) {
        this.moving.storeAmongCaptures(call.callee);
        this.noteLending(call.callee);
      }
      return;
    }
    const values = new Map<number, SetId>();
    const inputs = call.rule === "summary" && call.callee !== undefined ? this.summaries.inputsOf(call.callee) : [];
    const held = (i: number): SetId => {
      if (i < args.length) return args[i] === undefined || args[i] === noPath ? emptySet : this.held.held(args[i]);
      let value = values.get(i);
      if (value === undefined) {
        const input = inputs[i];
        const whole = args[input?.of ?? -1] ?? noPath;
        if (input === undefined || (!input.isBehind && whole === noPath)) value = emptySet;
        else value = input.isBehind ? this.held.behind(held(input.of), input.steps) : this.held.held(this.held.within(whole, input.steps));
        values.set(i, value);
      }
      return value;
    };
    switch (call.rule) {
      case "union": {
        if (to === noPath) return;
        let set: SetId = emptySet;
        args.forEach((_, i) => { set = sets.union(set, held(i)); });
        this.held.put(to, set, 0);
        return;
      }
      case "exchange": {
        let all: SetId = emptySet;
        args.forEach((_, i) => { all = sets.union(all, this.held.behind(held(i), [])); });
        args.forEach((_, i) => this.held.storeBehind(held(i), all));
        return;
      }
      case "copy":
        this.held.storeBehind(held(0), this.held.behind(held(1), []));
        return;
      case "write":
        this.held.storeBehind(held(0), sets.union(held(1), this.held.behind(held(1), [])));
        return;
    }
    this.moving.runClosures(call);
    const mayStore = this.valueStores.mayStore(call);
    const summary = mayStore || (call.rule === "value" && !this.isQuiet) ? this.summaries.ofCall(call) : this.summaries.ofQuietCall(call);
    if (call.rule === "value") this.moving.mixFunction(this.held.closure(this.held.behind(held(args.length - 1), [])), args.length - 1);
    // A summary of the library is for all programs.
    if (call.rule === "value" && (this.flow.isLibrary || facts.keeping.mayKeep(call.parameters[args.length - 1] as TypeId))) {
      const given = args.slice(0, -1).map((_, i) => held(i));
      this.storeInFunction(call, held(args.length - 1), given);
      if (given.some((set, i) => this.isInnerChange(args[i], set))) this.note(this.held.closure(this.held.behind(held(args.length - 1), [])), sets.one(lentMark));
    }
    if (summary.isEmpty) return;
    // Where no function value of the program keeps what it is given, it is all the same what they are given.
    const marks = !summary.isMarked ? [] : this.flow.isLibrary || facts.keeping.keepsAnything() ? [strayMark, lentMark, passMark] : [passMark];
    for (const mark of marks) if (summary.contents.some((from) => from.includes(mark))) for (const i of this.strays.of(call, mark)) this.note(this.closures.reached(held(i), this.flow.paths.typeOf(args[i] ?? noPath)), sets.one(mark));
    // Where no function value can be put, only what comes out of function values is.
    const given = (i: number, isQuiet: boolean): SetId => (isQuiet || this.handsOnResults(call, i) ? this.closures.ofResults(held(i)) : held(i));
    const behind = (i: number, isQuiet: boolean): SetId => {
      const set = this.closures.handedBehind(held(i), isQuiet || this.handsOnResults(call, i));
      return sets.union(set, this.closures.views(held(i)));
    };
    const resolve = (from: readonly number[], isQuiet: boolean): SetId => {
      let set: SetId = emptySet;
      for (const one of from) set = sets.union(set, one === viewMark ? sets.one(one) : (one & 1) === 0 ? given(one >> 1, isQuiet) : behind(one >> 1, isQuiet));
      return set;
    };
    const isReference = (one: number): boolean => (one & 1) === 0;
    const isQuiet = (i: number): boolean => !facts.pointees.mayHoldFunctions(this.typeOf(call, inputs, i));
    // All before any is put where it goes. Nothing is stored behind most arguments.
    const stored = summary.contents.map((from, i) => (from.length === 0 ? undefined : { direct: resolve(from.filter(isReference), isQuiet(i)), deep: resolve(from.filter((one) => !isReference(one)), isQuiet(i)) }));
    const placed = summary.places.map((from, i) => (from.length === 0 ? emptySet : resolve(from, isQuiet(i))));
    stored.forEach((one, i) => {
      if (one === undefined) return;
      const { direct, deep } = one;
      const set = sets.union(direct, deep);
      if (set === emptySet) return;
      const type = call.parameters[i] ?? inputs[i]?.type;
      if (facts.isFunctionValue(type)) this.storeThrough(this.functionsIn(held(i)), direct, deep);
      else this.held.storeBehind(facts.closures.changesOnlyItself(type) ? held(i) : this.closures.reached(held(i), this.typeOf(call, inputs, i)), set);
    });
    placed.forEach((set, i) => {
      const input = inputs[i];
      if (set !== emptySet && input !== undefined && input.of >= 0) this.held.storeBehind(held(input.of), set, input.steps);
    });
    if (summary.isMarked) {
      summary.contents.forEach((from, i) => { if (from.includes(mixMark)) this.moving.mix(held(i), this.typeOf(call, inputs, i), call); });
      summary.places.forEach((from, i) => {
        const input = inputs[i];
        if (input !== undefined && from.includes(mixMark)) this.moving.mix(this.held.further(held(input.of), input.steps), this.types.reference(this.typeOf(call, inputs, i), true), call);
      });
    }
    if (to === noPath) return;
    const same = this.returned(call);
    if (same !== noPath && isStrong(this.flow, to)) {
      this.held.assignFrom(to, same, 0);
      return;
    }
    const isQuietResult = !facts.pointees.mayHoldFunctions(this.flow.paths.typeOf(to));
    const resolved = (from: readonly number[]): Found[] => from.map((one) => ({ set: resolve([one], isQuietResult), source: this.typeOf(call, inputs, one >> 1) }));
    const leaves = summary.resultParts.length === 0 || call.callee === undefined ? [] : facts.inputs.leavesOf(call.callee.result);
    putResult(this.held, facts, to, resolved(summary.result), leaves.map(({ steps }, i) => ({ steps, found: resolved(summary.resultParts[i] ?? []) })));
    if (!mayStore) this.lineage.refine(call, to);
  }

  /** The argument that the result is, as types tell: `func same[T](x T) T` has no other T to give. 0: they do not. */
  private returned({ callee, args }: Call): PathId {
    const { flow, facts, types } = this;
    if (callee === undefined || flow.isLibrary || callee.trait !== 0) return noPath;
    const { result, parameters } = callee;
    if (!facts.closures.isUnbound(result)) return noPath;
    const holders = parameters.filter((type) => types.hasParameter(type));
    const path = args[parameters.indexOf(result)] ?? noPath;
    return holders.length === 1 && path !== noPath && flow.paths.baseOf(path) === path ? path : noPath;
  }

  /** The type of what a call gives for an input of its callee: there type parameters stand for something. */
  private typeOf(call: Call, inputs: readonly Input[], i: number): TypeId {
    const { facts, types } = this;
    const input = inputs[i];
    if (input === undefined || input.of < 0) return this.flow.paths.typeOf(call.args[i] ?? noPath);
    let type = this.typeOf(call, inputs, input.of);
    if (input.isBehind) type = types.inner(type);
    for (const step of input.steps) type = facts.fieldType(type, fieldOfStep(step));
    return type;
  }

  /**
   * Arguments of a function value may be stored in what it captured. Of a parameter's that is only noted for the summary: in this body it
   * changes nothing that could be looked at.
   */
  private storeInFunction({ receiver, parameters }: Call, pointers: SetId, args: readonly SetId[]): void {
    const { sets, flow, facts } = this;
    let direct: SetId = emptySet;
    let deep: SetId = emptySet;
    for (const set of args) {
      direct = sets.union(direct, set);
      deep = sets.union(deep, this.held.closure(this.held.behind(set, [])));
    }
    if (direct === emptySet) return;
    const all = this.closures.stored(pointers);
    // What a closure owns is in its own memory.
    const owned = sets.filter(all, (loan) => this.flow.borrowOf(loan)?.capture === -1 && this.flow.borrowOf(loan)?.closure !== undefined);
    const reached = sets.union(owned, this.closures.stored(this.held.behind(this.closures.storers(pointers), [])));
    // What another function made owns what it keeps, and is itself all that is seen of that.
    const isKnown = receiver !== undefined && flow.functions.at(flow.paths, receiver, []) !== undefined;
    const type = parameters[parameters.length - 1];
    const isKeeper = !flow.isLibrary && !isKnown && type !== undefined && facts.keeping.keepsInItself(type);
    this.storeThrough(isKeeper ? sets.union(reached, pointers) : reached, direct, deep);
  }

  /**
   * Function values store what they are given where the loans `reached` point: references to this body's own variables, and into what it may
   * change, must not stay behind a parameter, of which the marks tell.
   */
  private storeThrough(reached: SetId, direct: SetId, deep: SetId): void {
    const { flow, sets, facts } = this;
    const { paths } = flow;
    const all = sets.union(direct, deep);
    let stored = sets.from(sets.of(all).map(loanOf).filter((one) => one >= 0 && one < flow.firstLoan));
    if (sets.of(direct).some((loan) => this.isPassing(loanOf(loan)))) stored = sets.union(stored, sets.one(lentMark));
    if (sets.of(deep).some((loan) => loanOf(loan) >= flow.firstLoan && this.isPassing(loanOf(loan)))) stored = sets.union(stored, sets.one(strayMark));
    this.note(reached, stored);
    this.held.storeBehind(sets.filter(reached, (loan) => {
      const place = isPointer(loan) ? placeOfPointer(loan) : flow.borrowOf(loan)?.place;
      if (place === undefined) return !flow.isLibrary && loanOf(loan) === loan && this.isStoredBehind(flow.parameterType(loan >> 1));
      // A parameter that is a function value does not change: what is stored is behind it.
      return !(paths.kindOf(place) === Root.parameter && facts.isFunctionValue(paths.typeOf(place)));
    }), all);
  }

  /** Closures store behind a parameter of this type itself what they are given: not where that is in the hands of function values, of which marks tell. */
  private isStoredBehind(type: TypeId | undefined): boolean {
    const { facts } = this;
    if (type === undefined || facts.isFunctionValue(type) || !facts.behind.mayStoreBehind(type)) return false;
    return !facts.keeping.holdsLike(type) || !facts.pointees.onlyFunctions(throughReferences(this.summaries.c, type));
  }

  /** The library lends what lies behind a shared reference by `&mut`, as a Cell does: only for the call. */
  private isInnerChange(argument: PathId | undefined, set: SetId): boolean {
    const { flow, facts, sets, types } = this;
    if (!flow.isLibrary || argument === undefined || argument === noPath || !facts.isMutableBorrow(flow.paths.typeOf(argument))) return false;
    return sets.of(this.held.closure(set)).some((one) => {
      const loan = loanOf(one);
      const parameter = loan >= 0 && loan < flow.firstLoan ? flow.parameterType(loan >> 1) : undefined;
      return parameter !== undefined && facts.isBorrow(parameter) && !types.isMutable(parameter);
    });
  }

  /** A closure is left, and what it owns stays for its next call. */
  keep(capture: PathId): void {
    const { flow, held, sets } = this;
    flow.inputs.forEach((_, i) => {
      const place = flow.keptPlace(i);
      if (place !== noPath && flow.paths.rootOf(place) === capture) this.places[i] = sets.union(this.places[i] as SetId, held.parts(place));
    });
  }

  /** The function is left: what lies behind its parameters goes into its summary. */
  leave(): void {
    const { flow, held, sets } = this;
    const apart = new Set<PathId>();
    flow.inputs.forEach((_, i) => {
      const place = flow.keptPlace(i);
      if (place === noPath) return;
      apart.add(place);
      this.places[i] = sets.union(this.places[i] as SetId, held.withShared(held.parts(place)));
    });
    flow.contents.forEach((content, i) => { if (!apart.has(content)) this.addBehind(i, held.withShared(held.at(content))); });
  }

  /** Something with the loans `set` lies behind parameter `i` when the function ends. */
  addBehind(i: number, set: SetId): void {
    this.contents[i] = this.sets.union(this.contents[i] as SetId, set);
  }

  /** Notes for the summary what is stored behind the parameters that `reached` leads to. */
  private note(reached: SetId, stored: SetId): void {
    const { flow, sets, facts } = this;
    for (const loan of sets.of(reached)) {
      const i = flow.inputOf(loan);
      if (i < 0) continue;
      // A function value that lies behind a parameter is given that parameter, for the call.
      const isOwn = (one: number): boolean => (one & 1) === 0 && flow.isPartOf(i, one >> 1);
      const own = sets.of(stored).some(isOwn) ? sets.union(sets.filter(stored, (one) => !isOwn(one)), sets.one(lentMark)) : stored;
      // Marks are for function values, of which there are none behind a parameter whose type has no place for them.
      const parameter = flow.parameterType(i);
      const hasFunctions = parameter === undefined || facts.closures.mayHold(parameter, true);
      this.addBehind(i, hasFunctions ? own : sets.filter(own, (one) => !isMark(one)));
    }
  }

  /** What the loan is of may change or end when the call is over: a variable of this body, or what it may change. */
  private isPassing(loan: number): boolean {
    const { flow, facts } = this;
    const { paths, loans, firstLoan } = flow;
    if (loan < 0) return false;
    if (loan < firstLoan) {
      // The library's raw pointers hold what the parameter does; what it allocates it frees.
      if (!flow.isLibrary || (loan & 1) !== 0) return false;
      const parameter = flow.definition.parameters[loan >> 1];
      return parameter === undefined ? loan === this.held.heap : facts.isMutableBorrow(parameter) || facts.isRawPointer(parameter);
    }
    const { place } = loans[loan - firstLoan] as Flow["loans"][number];
    const kind = paths.kindOf(paths.rootOf(place));
    // What the library reborrows is its own pointers' business.
    return kind !== Root.shared && kind !== Root.global && (!flow.isLibrary || (paths.baseOf(place) === place && kind !== Root.capture));
  }

  /** What a closure that is made here lends to function values that came in is for the callers to know. */
  private noteLending(closure: FunctionDefinition): void {
    const { flow, sets, facts } = this;
    if (flow.isLibrary || !facts.keeping.keepsAnything()) return;
    flow.made.get(closure)?.variables.forEach((variable, i) => {
      if (!facts.isFunctionValue(flow.paths.typeOf(variable)) || !this.summaries.captures.lendsToCapture(closure, i)) return;
      this.note(this.held.closure(this.closures.captured(closure, i)), sets.from([strayMark, lentMark]));
    });
  }

  /** Argument `i` is a function value that cannot itself be in the result: only what it returns may. */
  private handsOnResults(call: Call, i: number): boolean {
    const { facts, types } = this;
    const parameter = call.callee?.parameters[i];
    return parameter !== undefined && types.kindOf(parameter) === TypeKind.Function && call.callee !== undefined && !facts.pointees.mayHoldFunctions(call.callee.result)
      && call.callee.parameters.every((type) => facts.isFunctionValue(type) || !facts.behind.holdsBehind(type) || !facts.pointees.mayHoldFunctions(type));
  }

  /** Where the closures behind `set` can store something: not in what they were given before. */
  private functionsIn(set: SetId): SetId {
    const { flow, sets, facts } = this;
    const isFunction = (loan: number): boolean => {
      if (isPointer(loan)) {
        const type = flow.paths.typeOf(placeOfPointer(loan));
        return facts.isFunctionValue(type) || (flow.paths.kindOf(flow.paths.rootOf(placeOfPointer(loan))) === Root.capture && facts.closures.mayHold(type, true));
      }
      // What a reborrow went through is not where it points.
      if (loanOf(loan) !== loan) return false;
      const borrow = flow.borrowOf(loan);
      if (borrow === undefined) {
        const type = flow.parameterType(loan >> 1);
        const isCapture = flow.wholeOf(loan >> 1) >= flow.definition.parameters.length;
        return facts.isFunctionValue(type) || (isCapture && (type === undefined || facts.closures.mayHold(type, true)));
      }
      return borrow.closure !== undefined || facts.isFunctionValue(flow.paths.typeOf(borrow.place));
    };
    let all = this.closures.hasQuietClosures(set) ? sets.filter(set, isFunction) : set;
    for (;;) {
      const next = sets.union(all, sets.filter(this.held.behind(all, []), isFunction));
      if (next === all) return sets.union(all, this.behindCaptured(all));
      all = next;
    }
  }

  /** Where closures among these loans can store something through references that they captured: `|x| out.push(x)` of an `out` that is a `&mut List`. */
  private behindCaptured(functions: SetId): SetId {
    const { flow, sets, facts, summaries } = this;
    let found: SetId = emptySet;
    for (const loan of sets.of(functions)) {
      const borrow = flow.borrowOf(loan);
      const type = flow.paths.typeOf(borrow?.place ?? noPath);
      if (borrow?.closure === undefined || !(facts.behind.mayStoreBehind(type) || (facts.isFunctionValue(type) && facts.keeping.mayKeep(type))) || !summaries.captures.storesGiven(borrow.closure, borrow.capture)) continue;
      found = sets.union(found, this.closures.stored(this.held.behind(sets.one(loan), [])));
    }
    return found;
  }
}
