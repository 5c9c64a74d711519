/** Borrow summaries as text. */

import { summary, type Summary } from "./summary.ts";

/** By file and by the offset of the function's declaration in it, in bytes. */
export type SummaryTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Lists parted by `|`: the result's, then each parameter's. No function of the library has parameters with parts (inputs.ts). */
export function summaryText({ result, contents }: Summary): string {
  return [result, ...contents].map((list) => list.join()).join("|");
}

export function summaryOf(text: string): Summary {
  const [result = [], ...contents] = text.split("|").map((list) => (list === "" ? [] : list.split(",").map(Number)));
  return summary(result, contents);
}
