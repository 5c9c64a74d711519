/** Takes out of units what a compiler refuses in them, statement by statement: what is left is right, and near to what is wrong. */

import { Random } from "../../../bench/generated/random.ts";
import { without, type Unit } from "./unit.ts";

export interface Complaint {
  readonly accepted: boolean;
  readonly places: readonly (readonly number[])[];
}

/** Asks again until all are accepted, or nothing more can go. Of the lines of an error one goes, by chance. */
export function repaired(units: readonly Unit[], ask: (units: readonly Unit[]) => readonly Complaint[]): Unit[] {
  const done: Unit[] = [];
  let open = units.map((unit) => ({ unit, random: new Random(Number(unit.name.slice(1))) }));
  for (let rounds = 0; rounds < 12 && open.length > 0; rounds++) {
    const complaints = ask(open.map(({ unit }) => unit));
    const next: typeof open = [];
    for (const [i, { unit, random }] of open.entries()) {
      const complaint = complaints[i];
      if (complaint === undefined || complaint.accepted) {
        done.push(unit);
        continue;
      }
      const lines = new Set(complaint.places.slice(0, 2).flatMap((places) => (places.length === 0 ? [] : [random.once(2) ? (places[0] ?? 0) : random.pick(places)])));
      const smaller = without(unit, lines);
      if (smaller !== undefined) next.push({ unit: smaller, random });
    }
    open = next;
  }
  return done;
}
