/** A program whose parts lie too far from each other because there is too much of it: one error for all the references that do not reach. */

import type { LinkError } from "./linkError.ts";
import type { Program } from "./program.ts";

/** How far instructions of both architectures reach. */
const REACH = 2 ** 31;
const NAMED = 3;

/** What is wrong with a program of `size` bytes whose references fail as `failures` says; undefined if its size is not the reason. */
export function tooLarge(program: Program, size: number, failures: readonly LinkError[]): LinkError | undefined {
  if (size < REACH || !failures.some(({ code }) => code === "E0811")) return undefined;
  const largest = Array.from({ length: program.symbolCount }, (_, symbol) => symbol)
    .filter((symbol) => (program.symbolSection[symbol] as number) >= 0 && program.definition[symbol] === symbol && (program.symbolSize[symbol] as number) > 2 ** 20)
    .sort((a, b) => (program.symbolSize[b] as number) - (program.symbolSize[a] as number))
    .slice(0, NAMED)
    .map((symbol) => `${program.symbolName(symbol)} has ${program.symbolSize[symbol]}`);
  const advice = largest.length === 0 ? [] : [`${largest.join(", ")}; memory of that size is better allocated`];
  return { code: "E0814", symbol: "", message: `the program's code and variables take ${size} bytes, more than the 2 GiB over which they reach each other`, places: [], advice };
}
