/** Makes a unit smaller as long as something holds of it. */

import { smaller, textOf, type Unit } from "./unit.ts";

const size = (unit: Unit): number => textOf(unit, "lang").length;

/** `holds` tells of many candidates at once, which is what makes a run of Rust's compiler cheap. */
export function shrinkUnit(unit: Unit, holds: (candidates: readonly Unit[]) => readonly boolean[]): Unit {
  let best = unit;
  for (let rounds = 0; rounds < 40; rounds++) {
    const candidates = smaller(best).sort((a, b) => size(a) - size(b));
    const verdicts = holds(candidates);
    const next = candidates.find((_, i) => verdicts[i] === true);
    if (next === undefined) return best;
    best = next;
  }
  return best;
}
