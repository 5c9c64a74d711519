/**
 * What function values that the library is given store in what it gives them. The library's summaries are for all programs and know of no place behind a value of
 * a type parameter's type; the caller does: `xs.iter().fold(&mut out, |o, x| { o.push(x); o })`.
 */

import type { FunctionDefinition } from "../definitions.ts";
import { throughReferences } from "../traits.ts";
import { T, type TypeId } from "../types.ts";
import type { ClosureLoans } from "./closureLoans.ts";
import type { Call } from "./flow.ts";
import type { HeldLoans } from "./heldLoans.ts";
import { emptySet, type SetId } from "./loanSets.ts";
import { noPath, type PathId } from "./paths.ts";
import type { StoredInParameters } from "./storingFunctions.ts";
import type { Summaries } from "./summaries.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class ValueStores {
  private readonly held: HeldLoans;
  private readonly facts: TypeFacts;
  private readonly summaries: Summaries;
  private readonly closures: ClosureLoans;
  /** Function values that the body is given store nothing in what they are given. */
  private readonly isQuiet: boolean;

  constructor(held: HeldLoans, facts: TypeFacts, summaries: Summaries, closures: ClosureLoans, isQuiet: boolean) {
    this.held = held;
    this.facts = facts;
    this.summaries = summaries;
    this.closures = closures;
    this.isQuiet = isQuiet;
  }

  /**
   * A function value is called, or captured, that may store references to this body's variables behind what type parameters stand for: then their types do not
   * tell what they hold.
   */
  open(call: Call): void {
    const { held, summaries: { c: { program }, storing } } = this;
    const { rule, callee, parameters } = call;
    if (held.isOpen || held.flow.isLibrary || storing.isEmpty) return;
    if (rule === "value") held.isOpen = this.mayStore(call) && storing.storesReferences(parameters[parameters.length - 1] as TypeId);
    else if (rule === "captures" && callee !== undefined) held.isOpen = program.capturesOf(callee.node).some(({ local }) => storing.isWithin(program.localType(local)));
    else if (rule === "summary") held.isOpen = this.mayStore(call);
  }

  /** A call was made. Its result gets what was stored in arguments that were given by value. */
  store(call: Call, to: PathId): void {
    const { callee, rule } = call;
    if (this.held.flow.isLibrary || this.summaries.storing.isEmpty) return;
    if (rule === "value") {
      if (this.mayStore(call)) this.storeWithin(call);
    } else if (callee !== undefined && rule === "summary" && this.facts.isLibrary(callee)) this.storeByLibrary(call, callee, to);
  }

  /** A function value is called, which knows what the type parameters in `(A, B)` stand for, and may store the one in the other. */
  private storeWithin({ args, parameters }: Call): void {
    const { facts, held, held: { flow, sets } } = this;
    const stored = this.summaries.storing.byType(parameters[parameters.length - 1] as TypeId);
    stored?.forEach((numbers, i) => {
      const path = args[i] ?? noPath;
      if (path === noPath || !facts.behind.holdsUnknown(flow.paths.typeOf(path)) || !numbers.some((one) => one >> 1 === i)) return;
      const all = held.closure(held.held(path));
      held.storeBehind(all, sets.union(all, this.closures.ofResults(all)));
    });
  }

  private storeByLibrary(call: Call, callee: FunctionDefinition, to: PathId): void {
    const { facts, held, held: { flow, sets } } = this;
    const { args } = call;
    callee.parameters.forEach((declared, i) => {
      if (!facts.isFunctionValue(declared) || !facts.types.hasParameter(declared)) return;
      const numbers = new Set(this.storedBy(call, i)?.flat());
      if (numbers.size === 0) return;
      let set: SetId = emptySet;
      for (const one of numbers) set = sets.union(set, this.source(call, i, one));
      args.forEach((path, k) => {
        const type = flow.paths.typeOf(path);
        if (path === noPath || k === i || !facts.behind.mayStoreBehind(type)) return;
        held.storeBehind(this.closures.reached(held.held(path), type), set);
      });
      const isInside = args.some((path, k) => k !== i && !facts.isBorrow(flow.paths.typeOf(path)) && facts.behind.holdsCell(flow.paths.typeOf(path)));
      if (to !== noPath && isInside) held.put(to, sets.union(held.held(to), held.fitting(set, to)), 0);
    });
  }

  /** What number `one` of the summary of function value `i` may stand for, which the callee gives it. */
  private source(call: Call, i: number, one: number): SetId {
    const { facts, held, held: { sets } } = this;
    const items = this.parametersOf(call, i);
    const item = items[one >> 1];
    const isReference = (one & 1) === 0;
    const deep = (value: SetId): SetId => held.closure(held.behind(value, []));
    if (item === undefined) {
      const known = this.functionAt(call, i);
      const path = call.args[i] ?? noPath;
      const value = known !== undefined ? this.closures.captured(known, (one >> 1) - items.length) : path === noPath ? emptySet : held.held(path);
      return known === undefined ? held.closure(value) : isReference ? value : deep(value);
    }
    // What a type parameter stands for lies in what is given by value, or behind what is given by reference; the callee may give a reference to it.
    const isLent = facts.writesReference(item);
    let set: SetId = emptySet;
    call.args.forEach((path, k) => {
      if (path === noPath || k === i) return;
      const isWhole = isLent && isReference || (isLent || isReference) && !facts.isBorrow(call.parameters[k] as TypeId);
      const value = held.held(path);
      set = sets.union(set, isWhole ? held.closure(value) : deep(value));
    });
    return set;
  }

  /** The parameters of the function value that is argument `i`, as the callee has them. */
  private parametersOf(call: Call, i: number): readonly TypeId[] {
    return this.facts.types.items(throughReferences(this.summaries.c, call.parameters[i] as TypeId));
  }

  /** The function value that is called, or one that the call is given, or that lies in what it is given, may store something: then types do not tell what is held. */
  mayStore(call: Call): boolean {
    const { facts, held: { flow }, summaries: { storing } } = this;
    const { parameters } = call;
    if (storing.isEmpty) return false;
    if (call.rule === "value") return !this.isQuietly(call, parameters.length - 1) && storing.byType(parameters[parameters.length - 1] as TypeId) !== undefined;
    return call.rule === "summary" && parameters.some((declared, i) => {
      const path = call.args[i] ?? noPath;
      if (this.isQuietly(call, i)) return false;
      return facts.isFunctionValue(declared) ? this.storedBy(call, i) !== undefined : path !== noPath && storing.isWithin(flow.paths.typeOf(path));
    });
  }

  /** The function values in argument `i` came in, and store nothing. */
  private isQuietly(call: Call, i: number): boolean { return this.isQuiet && call.given?.[i] === true; }

  /**
   * Argument `i` is a function value that stores a reference which it is given behind something else that it is given, and has it for the call only: as its type
   * is written where it is called, there is no other to store.
   */
  keepsLent(call: Call, i: number): boolean {
    const { facts } = this;
    const declared = call.parameters[i];
    if (this.summaries.storing.isEmpty || declared === undefined || !facts.isFunctionValue(declared)) return false;
    const items = this.parametersOf(call, i);
    return this.storedBy(call, i)?.some((numbers, to) => numbers.some((one) => (one & 1) === 0 && one >> 1 !== to && facts.isBorrow(items[one >> 1] ?? T.void))) === true;
  }

  /** What argument `i`, a function value, stores behind what it is given. */
  private storedBy(call: Call, i: number): StoredInParameters | undefined {
    const { held: { flow }, summaries: { storing } } = this;
    const path = call.args[i] ?? noPath;
    if (this.isQuietly(call, i)) return undefined;
    const known = this.functionAt(call, i);
    if (known !== undefined) return storing.by(known);
    return storing.byType(path === noPath ? (call.parameters[i] as TypeId) : flow.paths.typeOf(path));
  }

  private functionAt(call: Call, i: number): FunctionDefinition | undefined {
    const { flow } = this.held;
    const path = call.args[i] ?? noPath;
    return call.functions?.[i] ?? (path === noPath ? undefined : flow.functions.at(flow.paths, path, []));
  }
}
