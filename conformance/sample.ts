/** A part of the suite, chosen by a seed: the same one for the same seed, on every machine. */

import type { Job } from "./suite.ts";

/** The items in an order that the seed decides (Fisher and Yates, over numbers by mulberry32). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = [...items];
  let state = seed | 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  };
  for (let i = order.length - 1; i > 0; i--) {
    const other = below(i + 1);
    const item = order[i];
    order[i] = order[other];
    order[other] = item;
  }
  return order;
}

/** `count` programs that are run (refusals are the same everywhere), each once, at a level of the seed's choice. */
export function sampleJobs(jobs: readonly Job[], count: number, seed: number): Job[] {
  const chosen = new Map<string, Job>();
  for (const job of shuffled(jobs, seed)) {
    if (chosen.size >= count) break;
    const { mode } = job.program.expectation;
    if ((mode === "run" || mode === "test") && !chosen.has(job.program.path)) chosen.set(job.program.path, job);
  }
  return [...chosen.values()];
}
