/** What a summary of a function is: by numbers of its inputs, what may be held where when it has returned. */

import { isMark } from "./loanNumbers.ts";

/** Lists of 2i (what input i itself refers to) and 2i + 1 (what is stored behind it). */
export interface Summary {
  readonly result: readonly number[];
  /** By part of the result, if parts are told apart. */
  readonly resultParts: readonly (readonly number[])[];
  /** By input: what may be stored behind it afterwards, beside what was. */
  readonly contents: readonly (readonly number[])[];
  /** By input that is a part of another: what may be stored in it. Empty if nothing is. */
  readonly places: readonly (readonly number[])[];
  readonly isEmpty: boolean;
  /** There are marks among what is stored. */
  readonly isMarked: boolean;
}

export function summary(result: readonly number[], contents: readonly (readonly number[])[], places: readonly (readonly number[])[] = [], resultParts: readonly (readonly number[])[] = []): Summary {
  const isStored = places.some((one) => one.length > 0);
  const isMarked = contents.some((one) => one.some(isMark)) || places.some((one) => one.some(isMark));
  return { result, resultParts, contents, places: isStored ? places : [], isEmpty: !isStored && result.length === 0 && contents.every((one) => one.length === 0), isMarked };
}

export const emptySummary = summary([], []);

/** Whether two say the same. */
export function same(one: Summary, other: Summary): boolean {
  const text = ({ result, resultParts, contents, places }: Summary): string => [[result], resultParts, contents, places].map((lists) => lists.map((list) => list.join()).join(";")).join("|");
  return text(one) === text(other);
}
