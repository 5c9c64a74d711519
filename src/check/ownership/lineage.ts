/** What a call's result cannot hold, by the types of the function that is called (origins.ts): taken away from what its summary says, and put where it belongs. */

import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { TypeKind, type TypeId } from "../types.ts";
import type { ClosureLoans } from "./closureLoans.ts";
import type { Call, Flow } from "./flow.ts";
import type { HeldLoans } from "./heldLoans.ts";
import { isStrong } from "./liveness.ts";
import { isMark, isPointer, loanOf, strayMark } from "./loanNumbers.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import { Origins, type Given, type ParameterGiven, type Sources, type Steps } from "./origins.ts";
import { noPath, type PathId } from "./paths.ts";
import type { Summaries } from "./summaries.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class Lineage {
  private readonly flow: Flow;
  private readonly sets: LoanSets;
  private readonly held: HeldLoans;
  private readonly facts: TypeFacts;
  private readonly summaries: Summaries;
  private readonly closures: ClosureLoans;
  private readonly origins: Origins;

  constructor(c: Checker, held: HeldLoans, facts: TypeFacts, summaries: Summaries, closures: ClosureLoans) {
    this.flow = held.flow;
    this.sets = held.sets;
    this.held = held;
    this.facts = facts;
    this.summaries = summaries;
    this.closures = closures;
    this.origins = new Origins(c, facts, held.sets, (set) => closures.handedBehind(set, false), (f, captured, steps, given) => this.resultOf(f, captured, steps, given));
  }

  /** The call's result lies at `to`, with all that its summary says. */
  refine(call: Call, to: PathId): void {
    const { callee, typeArguments } = call;
    const { flow } = this;
    if (callee === undefined || typeArguments === undefined || typeArguments.length === 0 || flow.isLibrary || flow.paths.baseOf(to) !== to || !isStrong(flow, to)) return;
    if (this.held.held(to) === emptySet) return;
    const given = callee.parameters.map((type, i) => ({ type, value: this.argument(call, i) }));
    this.place(to, callee.result, { parameters: callee.typeParameters, args: typeArguments, given });
  }

  // ── what is given ──

  private argument(call: Call, i: number): Given {
    const { flow, sets, held } = this;
    const path = call.args[i] ?? noPath;
    const written = call.functions?.[i];
    if (path === noPath) return { type: 0 as TypeId, held: () => emptySet, functionAt: (steps) => (steps.length === 0 ? written : undefined), behind: undefined };
    const value = this.at(path);
    const functionAt = (steps: Steps): FunctionDefinition | undefined => (steps.length === 0 && written !== undefined ? written : value.functionAt(steps));
    // What lies behind the reference that a method is lent, where nobody else may put another in its place.
    const behind = i === 0 && call.receiver !== undefined ? () => this.at(call.receiver ?? noPath) : value.behind;
    return { type: flow.paths.typeOf(path), held: value.held, functionAt, behind: behind === undefined ? undefined : () => (sets.of(held.held(path)).length === 0 ? this.nothing(flow.paths.typeOf(path)) : behind()) };
  }

  private nothing(type: TypeId): Given { return { type: this.facts.types.inner(type), held: () => emptySet, functionAt: () => undefined, behind: undefined }; }

  private at(path: PathId): Given {
    const { flow, held } = this;
    const type = flow.paths.typeOf(path);
    return {
      type,
      held: (steps) => held.held(held.within(path, steps)),
      functionAt: (steps) => flow.functions.at(flow.paths, path, steps),
      behind: this.behind(type, () => held.held(path)),
    };
  }

  private behind(type: TypeId, pointers: () => SetId): (() => Given) | undefined {
    const { held, facts: { types } } = this;
    if (types.kindOf(type) !== TypeKind.Reference) return undefined;
    const inner = types.inner(type);
    return () => ({ type: inner, held: (steps) => held.behind(pointers(), steps), functionAt: () => undefined, behind: this.behind(inner, () => held.behind(pointers(), [])) });
  }

  /** By the summary of a function whose body is known. What it captured counts as one. */
  private resultOf(f: FunctionDefinition, captured: SetId | undefined, steps: Steps, given: (parameter: number) => ParameterGiven): SetId | undefined {
    const { sets, facts, summaries } = this;
    const found = summaries.ofBody(f);
    const inputs = summaries.inputsOf(f);
    const leaves = found.resultParts.length === 0 ? [] : facts.inputs.leavesOf(f.result);
    const isOnTheWay = (leaf: Steps): boolean => leaf.every((step, i) => i >= steps.length || step === steps[i]);
    const numbers = leaves.length === 0 ? found.result : leaves.flatMap((leaf, i) => (isOnTheWay(leaf.steps) ? (found.resultParts[i] ?? []) : []));
    let set: SetId = emptySet;
    for (const one of numbers) {
      if (one >= strayMark) continue;
      let isBehind = (one & 1) === 1;
      let way: number[] = [];
      let at = one >> 1;
      for (let input = inputs[at]; input !== undefined && input.of >= 0; input = inputs[at]) {
        way = input.isBehind ? [] : [...input.steps, ...way];
        isBehind ||= input.isBehind;
        at = input.of;
      }
      let more: SetId | undefined;
      if (at < f.parameters.length) more = isBehind ? given(at).behind(way) : given(at).held(way);
      else more = captured === undefined ? undefined : sets.union(this.closures.ofResults(captured), this.closures.handedBehind(captured, true));
      if (more === undefined) return undefined;
      set = sets.union(set, more);
    }
    return set;
  }

  // ── where it goes ──

  /** What lies at `to`, and in its parts, is limited to what values of the type as it is written can hold. */
  private place(to: PathId, type: TypeId, from: Sources): void {
    const { origins, flow: { paths }, facts: { types } } = this;
    if (types.kindOf(type) === TypeKind.TypeParameter) {
      this.limit(to, [], (steps) => origins.of(from, type, steps));
      return;
    }
    const parts = origins.parts(type, paths.typeOf(to));
    if (parts !== undefined && this.spread(to)) {
      for (const part of parts) {
        const path = this.own(to, part.step);
        if (path !== noPath) this.place(path, part.type, from);
      }
      return;
    }
    const named = origins.parametersIn(type);
    if (named === undefined) return;
    let set: SetId = emptySet;
    for (const one of named) {
      const more = origins.of(from, one, []);
      if (more === undefined) return;
      set = this.sets.union(set, more);
    }
    this.limit(to, [], () => set);
  }

  /** What lies at a place as a whole is put into its parts, if all are places that may hold something. */
  private spread(path: PathId): boolean {
    const { held, sets, facts, origins, flow: { paths } } = this;
    const type = paths.typeOf(path);
    const holders = (origins.parts(type, type) ?? []).filter((part) => facts.holds(part.type)).map(({ step }) => this.own(path, step));
    if (holders.length === 0 || holders.includes(noPath)) return false;
    const whole = held.at(path);
    held.setHeld(path, emptySet);
    for (const part of holders) held.setHeld(part, sets.union(held.at(part), held.fitting(whole, part)));
    return true;
  }

  /** A part that lies in the place's own memory. */
  private own(path: PathId, step: number): PathId {
    const { paths } = this.flow;
    const found = paths.find(path, step);
    return found !== noPath && paths.baseOf(found) === found ? found : noPath;
  }

  private limit(path: PathId, steps: Steps, allowed: (steps: Steps) => SetId | undefined): void {
    const { flow, sets, held } = this;
    const { paths } = flow;
    this.spread(path);
    const may = allowed(steps);
    if (may !== undefined) {
      const loans = new Set(sets.of(may).map(loanOf));
      held.setHeld(path, sets.filter(held.at(path), (one) => isMark(one) || isPointer(one) || loans.has(loanOf(one)) || (flow.shares && flow.isShared(loanOf(one) - flow.firstLoan))));
    }
    for (let at = paths.firstChild(path); at !== noPath; at = paths.nextSibling(at)) {
      if (paths.baseOf(at) === at) this.limit(at, [...steps, paths.stepOf(at)], allowed);
    }
  }
}
