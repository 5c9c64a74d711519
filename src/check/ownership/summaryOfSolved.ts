/** The summary that a solved flow shows: what its exits' states say of what came in. */

import type { Flow } from "./flow.ts";
import { isMark, loanOf, mixMark, moveMark, viewMark } from "./loanNumbers.ts";
import type { SetId } from "./loanSets.ts";
import type { LoanSolver } from "./loans.ts";
import { noPath } from "./paths.ts";
import { summary, type Summary } from "./summary.ts";

/** The summary of a solved flow. */
export function summaryOfSolved(flow: Flow, solver: LoanSolver): Summary {
  const { sets } = solver;
  const { heap } = solver.held;
  const count = flow.parameters.length - 1;
  const outside = (set: number, without: (loan: number) => boolean): number[] => {
    // What lies in memory that was allocated here is held by whoever holds that.
    let all = set as SetId;
    if (sets.of(all).some((loan) => loanOf(loan) >> 1 === heap >> 1)) all = sets.union(all, sets.filter(solver.calls.contents[count] as typeof all, (loan) => !isMark(loan)));
    return sets.of(sets.from(sets.of(all).map((one) => (one === viewMark ? one : loanOf(one))))).filter((loan) => ((loan >= 0 && loan < heap) || isMark(loan) || loan === viewMark) && !without(loan));
  };
  const { calls } = solver;
  const marks = (isKnown: boolean | undefined): number[] => (isKnown === undefined ? [] : isKnown ? [mixMark, moveMark] : [mixMark]);
  const behind = (i: number): number[] => {
    if (flow.parameters[i] === noPath) return [];
    const found = outside(calls.contents[i] as SetId, (loan) => loan === i * 2 + 1);
    return [...found, ...marks(solver.held.mixed.get(i))];
  };
  const within = (i: number): number[] => {
    const found = outside(calls.places[i] as SetId, (loan) => loan === i * 2);
    return [...found, ...marks(solver.held.mixedPlaces.has(i) ? false : undefined)];
  };
  const all = flow.inputs.map((_, i) => i);
  return summary(outside(solver.resultHolds, () => false), all.map(behind), all.map(within), solver.resultParts.map((set) => outside(set, () => false)));
}
