/** Runs commands side by side and takes medians. Candidates take turns, so that a busy moment of the machine touches all of them alike. */

import type { Row } from "./result.ts";

export interface Candidate {
  /** Such as `lang -O2`, `clang -O2 checked`. */
  readonly name: string;
  readonly command: readonly string[];
  /** More of the environment. lang builds anew in all of them that do not name a cache. */
  readonly environment?: Readonly<Record<string, string>>;
  /** It takes seconds: never put before the machine's other work. */
  readonly slow?: boolean;
}

export interface Timing {
  readonly name: string;
  /** Wall-clock time of the whole process, median and least, in milliseconds. */
  readonly median: number;
  readonly best: number;
  readonly runs: number;
  /** The largest resident memory that was seen, in megabytes. */
  readonly memory: number;
  readonly stdout: string;
}

export interface MeasureOptions {
  /** Runs of each candidate at most. */
  readonly runs: number;
  /** A candidate whose runs took so many milliseconds in all is not run again. */
  readonly budget: number;
}

export class CommandFailed extends Error {
  readonly candidate: string;
  constructor(candidate: string, text: string) {
    super(`${candidate}: ${text}`);
    this.candidate = candidate;
  }
}

interface Tally {
  readonly candidate: Candidate;
  readonly times: number[];
  total: number;
  memory: number;
  stdout: string;
}

/** Put before each command that is measured; `--steady` sets it. */
let prefix: readonly string[] = [];

/** From now on measured commands go before all other work of the machine: for one that others use at the same time. Needs the right to. */
export function useRealTime(): boolean {
  const chrt = Bun.which("chrt");
  if (chrt === null || Bun.spawnSync([chrt, "-f", "10", "true"]).exitCode !== 0) return false;
  prefix = [chrt, "-f", "10"];
  return true;
}

/** Runs a command once; throws `CommandFailed` if it does not end with status 0. */
export function runOnce({ name, command, environment = {}, slow = false }: Candidate): { readonly milliseconds: number; readonly memory: number; readonly stdout: string } {
  const start = performance.now();
  const ended = Bun.spawnSync([...(slow ? [] : prefix), ...command], { stdout: "pipe", stderr: "pipe", stdin: "ignore", env: { ...process.env, LANGCACHE: "off", ...environment } });
  const milliseconds = performance.now() - start;
  if (ended.exitCode !== 0) throw new CommandFailed(name, `status ${ended.exitCode ?? ended.signalCode}\n${ended.stderr.toString().slice(0, 2000)}`);
  return { milliseconds, memory: ended.resourceUsage.maxRSS / 1e6, stdout: ended.stdout.toString() };
}

/** Times of each candidate; those that fail are left out and told to `onFailure`. */
export function measure(candidates: readonly Candidate[], options: MeasureOptions, onFailure: (failure: CommandFailed) => void): Timing[] {
  const tallies: Tally[] = candidates.map((candidate) => ({ candidate, times: [], total: 0, memory: 0, stdout: "" }));
  const failed = new Set<Tally>();
  for (let run = 0; run < options.runs; run++) {
    for (const tally of tallies) {
      if (failed.has(tally) || tally.total > options.budget) continue;
      try {
        const { milliseconds, memory, stdout } = runOnce(tally.candidate);
        tally.times.push(milliseconds);
        tally.total += milliseconds;
        tally.memory = Math.max(tally.memory, memory);
        tally.stdout = stdout;
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        failed.add(tally);
        onFailure(error);
      }
    }
  }
  return tallies.filter((tally) => !failed.has(tally)).map(({ candidate, times, memory, stdout }) => ({
    name: candidate.name, median: median(times), best: Math.min(...times), runs: times.length, memory, stdout,
  }));
}

/** A row for each timing of a whole process, beside the reference. */
export function processRows(timings: readonly Timing[], reference: Timing | undefined): Row[] {
  return timings.map(({ name, median, best, memory }) => ({ name, value: median, unit: "ms", ratio: reference === undefined ? undefined : median / reference.median, note: `best ${best.toFixed(2)}, ${memory.toFixed(0)} MB` }));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
