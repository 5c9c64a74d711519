/** How a switch is decided: cases in order, those that lie close together in one table, the rest one by one; a tree chooses among these. */

import type { CodeBuffer, Label } from "../../encoders/codeBuffer.ts";
import type { IrFunction, SymbolId, Value } from "../ir/function.ts";
import type { ObjectWriter } from "./objectWriter.ts";

export interface SwitchCase {
  readonly value: bigint;
  /** Index of the case in the IR's table. */
  readonly index: number;
}

/** A run of cases that a table decides (at least MINIMUM), or a single one. Ascending. */
export interface Cluster {
  readonly low: bigint;
  readonly high: bigint;
  readonly cases: readonly SwitchCase[];
}

/** A table in the object, and where its entries lead; it is filled when the labels have their places. */
export interface JumpTable {
  readonly reference: number;
  readonly labels: readonly Label[];
}

/** Fills the tables of a function whose code begins at `start`. */
export function fillJumpTables(tables: readonly JumpTable[], asm: CodeBuffer, start: number, symbol: SymbolId, objects: ObjectWriter): void {
  for (const { reference, labels } of tables) objects.fillJumpTable(reference, symbol, labels.map((label) => asm.labelOffset(label) - start));
}

const MINIMUM = 4;
/** Entries of a table for each case, at most. */
const SPARSENESS = 4;

/** The cases of switch `v`; where two are equal, the first counts. */
export function planSwitch(f: IrFunction, v: Value): readonly Cluster[] {
  const cases: SwitchCase[] = [];
  for (let index = 0; index < f.switchCount(v); index++) {
    const value = (BigInt(f.switchHigh(v, index)) << 32n) | BigInt(f.switchLow(v, index) >>> 0);
    cases.push({ value, index });
  }
  cases.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : a.index - b.index));
  const sorted = cases.filter((c, i) => i === 0 || c.value !== (cases[i - 1] as SwitchCase).value);
  const clusters: Cluster[] = [];
  for (let first = 0; first < sorted.length; ) {
    let end = first + 1;
    const low = (sorted[first] as SwitchCase).value;
    // The longest run from here that is dense enough: a farther case may pay for a gap before it.
    for (let last = first + 1; last < sorted.length; last++) {
      const span = (sorted[last] as SwitchCase).value - low + 1n;
      if (span > BigInt((sorted.length - first) * SPARSENESS)) break;
      if (last - first + 1 >= MINIMUM && span <= BigInt((last - first + 1) * SPARSENESS)) end = last + 1;
    }
    const run = sorted.slice(first, end);
    clusters.push({ low, high: (run[run.length - 1] as SwitchCase).value, cases: run });
    first = end;
  }
  return clusters;
}
