/** Borrow summaries as text. */

import { summary, type Summary } from "./summary.ts";

/** By file and by the offset of the function's declaration in it, in bytes. */
export type SummaryTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Lists parted by `|`: the result's, then each parameter's; behind a `;` those of the result's parts. No function of the library has parameters with parts (inputs.ts). */
export function summaryText({ result, contents, resultParts }: Summary): string {
  const text = listed([result, ...contents]);
  return resultParts.length === 0 ? text : `${text};${listed(resultParts)}`;
}

export function summaryOf(text: string): Summary {
  const [inputs = "", parts] = text.split(";");
  const [result = [], ...contents] = listsOf(inputs);
  return summary(result, contents, [], parts === undefined ? [] : listsOf(parts));
}

function listed(lists: readonly (readonly number[])[]): string {
  return lists.map((list) => list.join()).join("|");
}

function listsOf(text: string): number[][] {
  return text.split("|").map((list) => (list === "" ? [] : list.split(",").map(Number)));
}
