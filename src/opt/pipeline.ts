/** The passes of each level, in order, on one page; and the machine that runs them. */

import type { IrFunction, SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import type { Problem } from "../ir/verify.ts";

export type Level = "O0" | "O1" | "O2" | "Os";

export interface PipelineOptions {
  /** Symbols that must stay although nothing in the module refers to them (the entry point). Exported symbols always stay. */
  readonly roots?: readonly SymbolId[] | undefined;
  /** A clock in milliseconds: times are reported per pass. */
  readonly now?: (() => number) | undefined;
  /** Verifies the function after each pass; problems are returned, and the pipeline stops. */
  readonly verifyEach?: boolean | undefined;
  /** Name of the last pass to run. */
  readonly stopAfter?: string | undefined;
  /** Number of optimisation decisions to allow, for bisecting a miscompilation. */
  readonly optLimit?: number | undefined;
  /** Called after each pass that changed something. `f` is undefined after a pass over the whole module. */
  readonly dump?: ((pass: string, f: IrFunction | undefined) => void) | undefined;
}

export interface PassTime {
  readonly pass: string;
  readonly milliseconds: number;
  readonly runs: number;
}

export interface PipelineReport {
  readonly times: readonly PassTime[];
  /** Only with `verifyEach`: what the verifier said after the pass named. */
  readonly problems: readonly { readonly pass: string; readonly problem: Problem }[];
  /** How many optimisation decisions were taken; bisect `optLimit` below it. */
  readonly decisions: number;
}

/** Optimises a module in place. */
export function runPipeline(_module: Module, _level: Level, _options: PipelineOptions = {}): PipelineReport {
  return { times: [], problems: [], decisions: 0 };
}
