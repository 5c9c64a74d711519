/** What closures do with what they captured, by their summaries: what they store there of what they are given, and lend to it. */

import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import type { TypeId } from "../types.ts";
import { lentMark, mixMark, passMark, strayMark } from "./loanNumbers.ts";
import type { Summaries } from "./summaries.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class CaptureSummaries {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly summaries: Summaries;

  constructor(c: Checker, facts: TypeFacts, summaries: Summaries) {
    this.c = c;
    this.facts = facts;
    this.summaries = summaries;
  }

  /** A closure may store its arguments in what it captured: in this capture, or any (-1); also by way of others. */
  storesInCaptures(closure: FunctionDefinition, capture: number, mark = strayMark): boolean {
    if (!this.summaries.isNeeded(closure)) return false;
    const first = closure.parameters.length;
    // Of what is lent, the reference itself matters: what is stored behind it was there before.
    return this.storesSuch(closure, capture, (one) => (one < first * 2 ? mark === strayMark || (one & 1) === 0 : one >= strayMark && one < mixMark && mark === strayMark && (one !== passMark || this.facts.closures.passesAnything())));
  }

  /** As `storesInCaptures`: its arguments alone, and of what lies behind these only where that may be references. */
  storesGiven(closure: FunctionDefinition, capture: number): boolean {
    if (!this.summaries.isNeeded(closure)) return false;
    const { parameters } = closure;
    return this.storesSuch(closure, capture, (one) => one < parameters.length * 2 && ((one & 1) === 0 || this.facts.behind.holdsInside(parameters[one >> 1] as TypeId)));
  }

  private storesSuch(closure: FunctionDefinition, capture: number, isGiven: (one: number) => boolean): boolean {
    const known = this.summaries.wholesOf(closure);
    if (known === undefined) return true;
    const first = closure.parameters.length;
    const seen = new Set<number>();
    const stores = (i: number): boolean => {
      if (seen.has(i)) return false;
      seen.add(i);
      return (known.contents[i] ?? []).some((one) => isGiven(one) || (one < strayMark && one >= first * 2 && stores(one >> 1)));
    };
    if (capture >= 0) return stores(first + capture);
    return known.contents.some((_, i) => i >= first && stores(i));
  }

  /** The closure gives what it captured there references to its own variables, or for the call only. */
  lendsToCapture(closure: FunctionDefinition, capture: number): boolean {
    const marks = this.summaries.isNeeded(closure) ? this.summaries.wholesOf(closure)?.contents[closure.parameters.length + capture] : undefined;
    return marks !== undefined && (marks.includes(strayMark) || marks.includes(lentMark));
  }

  /** The type of a variable that a closure captured. */
  captureType(closure: FunctionDefinition, i: number): TypeId | undefined {
    const { program } = this.c;
    const capture = program.capturesOf(closure.node)[i];
    return capture === undefined ? undefined : program.localType(capture.local);
  }
}
