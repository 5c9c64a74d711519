/** Whether a function value may be one that another function made, as far as the text of a body tells: else it is a parameter's, or a closure that is written here. Asked for rarely, so that it is found when it is asked. */

import type { LocalId } from "../definitions.ts";
import { Op, StatementFlag, type Flow, type Loan } from "./flow.ts";
import { Root, noPath, type PathId } from "./paths.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class MadeFunctions {
  private readonly flow: Flow;
  private readonly facts: TypeFacts;
  /** Roots that are given something of which the text does not tell what it is. */
  private readonly made = new Set<PathId>();
  /** By root, the roots that its values come from. */
  private readonly sources = new Map<PathId, Set<PathId>>();

  constructor(flow: Flow, facts: TypeFacts) {
    this.flow = flow;
    this.facts = facts;
    // What is called changes only within itself.
    const called = new Set(flow.calls.flatMap(({ rule, args }) => (rule === "value" ? args.slice(-1) : [])));
    for (let s = 0; s < flow.statementCount; s++) this.note(s, called);
  }

  /** What lies at the place, or is borrowed there, may be made by another function. */
  has(place: PathId): boolean {
    const seen = new Set([this.flow.paths.rootOf(place)]);
    for (const root of seen) {
      const kind = this.flow.paths.kindOf(root);
      if (this.made.has(root) || kind === Root.global || kind === Root.shared) return true;
      for (const one of this.sources.get(root) ?? []) seen.add(one);
    }
    return false;
  }

  private note(s: number, called: ReadonlySet<PathId>): void {
    const { flow, facts } = this;
    const { paths } = flow;
    const to = flow.a[s] as PathId;
    const b = flow.b[s] as number;
    const op = flow.op[s];
    if (to === noPath) return;
    // What a closure captures is not what it is.
    const isCapture = ((flow.flags[s] as number) & StatementFlag.adds) !== 0 && facts.isFunction(paths.typeOf(to));
    if (op === Op.borrow) {
      const loan = flow.loans[b] as Loan;
      if (loan.mutable && !called.has(to) && this.mayBeReplaced(loan)) this.made.add(paths.rootOf(loan.place));
      if (!(isCapture && loan.closure !== undefined)) this.from(to, loan.place);
    } else if (op === Op.copy || op === Op.move) {
      if (!(isCapture && op === Op.copy)) this.from(to, b as PathId);
    } else if (op === Op.assign) {
      if (b !== noPath) this.from(to, b as PathId);
    } else if (op === Op.call || op === Op.raw) {
      if (facts.pointees.mayHoldFunctions(paths.typeOf(to))) this.made.add(paths.rootOf(to));
    }
  }

  private from(to: PathId, source: PathId): void {
    const { paths } = this.flow;
    const root = paths.rootOf(to);
    const known = this.sources.get(root);
    if (known === undefined) this.sources.set(root, new Set([paths.rootOf(source)]));
    else known.add(paths.rootOf(source));
  }

  /** Who has the reference may put another function value there. Behind a parameter it is the callers' to know, and what a reference leads to is told of where it was made. */
  private mayBeReplaced({ place, closure }: Loan): boolean {
    const { flow, facts } = this;
    const { paths } = flow;
    const root = paths.rootOf(place);
    if (paths.baseOf(place) !== place || !facts.pointees.mayHoldFunctions(paths.typeOf(place))) return false;
    const { isBehind, locals } = facts.closures.replacing;
    if (!facts.isFunction(paths.typeOf(place))) return true;
    if (closure === undefined) return isBehind;
    // A closure that calls its capture leaves it as it is.
    const local = paths.ownerOf(root) as LocalId;
    return isBehind || place !== root || paths.kindOf(root) !== Root.local || locals.has(local);
  }
}
