/** The passes of each level, in order, on one page; and the machine that runs them. */

import type { IrFunction, SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { verifyFunction, verifyModule, type Problem } from "../ir/verify.ts";
import { answers } from "./answers.ts";
import { carry } from "./carry.ts";
import { checks } from "./checks.ts";
import { constants } from "./constants.ts";
import { counts } from "./counts.ts";
import { deadCode } from "./deadCode.ts";
import { deadSymbols } from "./deadSymbols.ts";
import { elide } from "./elide.ts";
import { fills } from "./fills.ts";
import { headers } from "./headers.ts";
import { hoist } from "./hoist.ts";
import { inline, inlineKnown, inlineMemory } from "./inline.ts";
import { lastTurns } from "./lastTurns.ts";
import { layout } from "./layout.ts";
import { nonnull } from "./nonnull.ts";
import { numbering } from "./numbering.ts";
import { PassContext, type Fact, type FunctionPass, type ModulePass, type Pass } from "./pass.ts";
import { promote } from "./promote.ts";
import { rotate } from "./rotate.ts";
import { selects } from "./selects.ts";
import { simplify } from "./simplify.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { specialise } from "./specialise.ts";
import { steps } from "./steps.ts";
import { subjectsOf } from "./subjects.ts";
import { threading } from "./threading.ts";
import { unroll, unrollTwice } from "./unroll.ts";

export type Level = "O0" | "O1" | "O2" | "Os";

/** A pass, or a group: its first pass, and the others only where that one changed something. */
type Step = FunctionPass | readonly [FunctionPass, ...FunctionPass[]];

/** `functions` run over one function after the other, callees first, so that a caller sees its callees done; the others over the whole module. */
interface PassList {
  readonly before: readonly ModulePass[];
  readonly functions: readonly Step[];
  /** Over one function after the other again, when all of them went through `functions`. */
  readonly late: readonly Step[];
  readonly after: readonly ModulePass[];
}

export const levels: { readonly [L in Level]: PassList } = {
  O0: { before: [], functions: [], late: [], after: [] },
  O1: {
    before: [],
    functions: [
      simplifyFlow, promote, [simplify, simplifyFlow], deadCode, // a small form, for whoever calls this one and inlines it
      [inline, simplifyFlow, promote],
      [inlineKnown, simplifyFlow, promote], // closures within structs show when those are values
      [constants, simplifyFlow], simplify,
      [threading, promote, simplifyFlow], [threading, promote, simplifyFlow], // decisions that are known by the way that leads to them
      [headers, simplifyFlow], [nonnull, simplifyFlow],
      numbering, checks, // checks come before loops turn: that hides a loop's condition from them
      simplifyFlow, [rotate, promote], hoist,
      selects, simplifyFlow, [simplify, simplifyFlow], [lastTurns, simplifyFlow], deadCode, steps, layout,
    ],
    late: [],
    after: [deadSymbols],
  },
  O2: {
    before: [],
    functions: [
      simplifyFlow, promote, simplify, deadCode,
      [inline, simplifyFlow, promote],
      [inlineKnown, simplifyFlow, promote], // closures within structs show when those are values
      specialise, // what is called with closures and is too large to inline
      [constants, simplifyFlow], simplify,
      [threading, promote, simplifyFlow], [threading, promote, simplifyFlow], [threading, promote, simplifyFlow], // decisions that are known by the way that leads to them
      [headers, simplifyFlow], [nonnull, simplifyFlow],
      numbering, checks,
      [inlineKnown, simplifyFlow, promote], // what drops an environment is known now
      [elide, promote, simplifyFlow], counts, answers,
      simplify, simplifyFlow, numbering, [nonnull, simplifyFlow], checks, // what went opens more
      simplifyFlow, [rotate, promote], hoist, [carry, promote],
      simplify, simplifyFlow, numbering, constants, selects, simplifyFlow,
      [fills, simplifyFlow, simplify, numbering],
      [unroll, promote, simplifyFlow, simplify, constants, simplifyFlow, numbering, checks, simplifyFlow],
      simplify, simplifyFlow, [lastTurns, simplifyFlow], deadCode, steps, layout,
    ],
    late: [[inlineMemory, simplifyFlow, promote, simplify, numbering, simplifyFlow, simplify, deadCode, steps, layout], [unrollTwice, promote, simplifyFlow, simplify, numbering, simplifyFlow, simplify, deadCode, steps, layout]],
    after: [deadSymbols],
  },
  Os: {
    before: [],
    functions: [
      simplifyFlow, promote, simplify, deadCode,
      [inline, simplifyFlow, promote],
      [inlineKnown, simplifyFlow, promote], // closures within structs show when those are values
      [constants, simplifyFlow], simplify, numbering, checks,
      selects, simplifyFlow, simplify, deadCode, layout,
    ],
    late: [],
    after: [deadSymbols],
  },
};

export interface PipelineOptions {
  /** Symbols that must stay although nothing in the module refers to them (the entry point). Exported symbols always stay. */
  readonly roots?: readonly SymbolId[] | undefined;
  /** A clock in milliseconds: times are reported per pass. */
  readonly now?: (() => number) | undefined;
  /** Verifies the function after each pass; problems are returned, and the pipeline stops. */
  readonly verifyEach?: boolean | undefined;
  /** Name of the last pass to run; one that the level has not (`passNames`) stops nothing. */
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
export function runPipeline(module: Module, level: Level, options: PipelineOptions = {}): PipelineReport {
  return new Run(module, level, options).go();
}

/** Names of a level's passes in order, for `--stop-after` and messages. */
export function passNames(level: Level): readonly string[] {
  const { before, functions, late, after } = levels[level];
  return [...before, ...functions.flatMap(passesOf), ...late.flatMap(passesOf), ...after].map((pass) => pass.name);
}

class Run {
  private readonly module: Module;
  private readonly list: PassList;
  private readonly plans: { readonly functions: Plan; readonly late: Plan };
  private readonly options: PipelineOptions;
  private readonly context: PassContext;
  private readonly times = new Map<string, { milliseconds: number; runs: number }>();
  /** How often a pass changed a function, or another function came: what `settled` of a plan refers to. */
  private state = 0;
  private readonly problems: { pass: string; problem: Problem }[] = [];

  constructor(module: Module, level: Level, options: PipelineOptions) {
    this.module = module;
    this.list = levels[level];
    this.plans = { functions: planOf(this.list.functions), late: planOf(this.list.late) };
    this.options = options;
    this.context = new PassContext(module, { roots: options.roots ?? [], small: level === "Os", thorough: level === "O2", limit: options.optLimit ?? Infinity });
  }

  go(): PipelineReport {
    const { list, options } = this;
    let stopped = false;
    const upTo = <P extends Pass>(passes: readonly P[]): readonly P[] => {
      if (stopped) return [];
      const last = passes.findIndex((pass) => pass.name === options.stopAfter);
      stopped = last >= 0;
      return last >= 0 ? passes.slice(0, last + 1) : passes;
    };
    for (const pass of upTo(list.before)) this.overModule(pass);
    if (!stopped && list.functions.length > 0) stopped = this.everyFunction();
    if (this.problems.length > 0) return this.report();
    if (!stopped && list.late.length > 0) {
      for (const f of [...this.module.functions.values()]) {
        if (this.function(f, this.plans.late)) stopped = true;
        if (this.problems.length > 0) return this.report();
      }
    }
    for (const pass of upTo(list.after)) this.overModule(pass);
    return this.report();
  }

  /** The functions, callees first, and what passes make of them. Gives whether `stopAfter` said to stop, or a problem. */
  private everyFunction(): boolean {
    const { context, module, plans: { functions } } = this;
    let stopped = false;
    for (const symbol of context.callGraph().order) {
      const f = module.functions.get(symbol);
      if (f !== undefined && this.function(f, functions)) stopped = true;
      for (let made = context.made.pop(); made !== undefined; made = context.made.pop()) stopped = this.function(made, functions) || stopped;
      if (this.problems.length > 0) return true;
    }
    return stopped;
  }

  private report(): PipelineReport {
    return { times: [...this.times].map(([pass, time]) => ({ pass, ...time })), problems: this.problems, decisions: this.context.decisions };
  }

  /** All passes over one function; true when `stopAfter` said to stop. */
  private function(f: IrFunction, { passes, same, onward, settled }: Plan): boolean {
    this.state++;
    let subjects = subjectsOf(f, this.module);
    for (let i = 0; i < passes.length; ) {
      const pass = passes[i] as FunctionPass;
      const number = same[i] as number;
      const acts = pass.upon === undefined || (pass.upon & subjects) !== 0;
      const changed = acts && settled[number] !== this.state && this.overFunction(pass, f);
      if (changed) {
        this.state++;
        subjects = subjectsOf(f, this.module);
      } else if (pass.settles === true) settled[number] = this.state;
      if (this.problems.length > 0) return true;
      if (pass.name === this.options.stopAfter) return true;
      i = changed ? i + 1 : (onward[i] as number);
    }
    return false;
  }

  private overFunction(pass: FunctionPass, f: IrFunction): boolean {
    const { options } = this;
    const changed = options.now === undefined ? pass.run(f, this.context) : this.timedOver(pass, f);
    if (!changed) return false;
    options.dump?.(pass.name, f);
    if (options.verifyEach === true) for (const problem of verifyFunction(this.module, f)) this.problems.push({ pass: pass.name, problem });
    return true;
  }

  /** Apart, as what a closure captures costs an object wherever its function is entered. */
  private timedOver(pass: FunctionPass, f: IrFunction): boolean {
    return this.timed(pass, () => pass.run(f, this.context));
  }

  private overModule(pass: ModulePass): void {
    if (this.problems.length > 0) return;
    const changed = this.timed(pass, () => pass.run(this.module, this.context));
    this.context.controlFlowChanged();
    if (changed) this.options.dump?.(pass.name, undefined);
    if (this.options.verifyEach === true && changed) for (const problem of verifyModule(this.module)) this.problems.push({ pass: pass.name, problem });
  }

  private timed(pass: Pass, run: () => boolean): boolean {
    const { now } = this.options;
    if (now === undefined) return run();
    const from = now();
    const changed = run();
    const time = this.times.get(pass.name) ?? { milliseconds: 0, runs: 0 };
    time.milliseconds += now() - from;
    time.runs++;
    this.times.set(pass.name, time);
    return changed;
  }
}

function passesOf(step: Step): readonly FunctionPass[] {
  return "run" in step ? [step] : step;
}

/** A list of steps as it is run. */
interface Plan {
  readonly passes: readonly FunctionPass[];
  /** The first place of the same pass. */
  readonly same: readonly number[];
  /** Where to go on if the pass changed nothing. */
  readonly onward: readonly number[];
  /** By first place of a pass: the state in which it had nothing to do. It has nothing to do again before another one changes the function. */
  readonly settled: Int32Array;
}

function planOf(steps: readonly Step[]): Plan {
  const passes: FunctionPass[] = [];
  const onward: number[] = [];
  for (const step of steps) {
    passes.push(...passesOf(step));
    onward.push(passes.length); // of the first one; behind the others comes the next
    while (onward.length < passes.length) onward.push(onward.length + 1);
  }
  return { passes, same: passes.map((pass) => passes.indexOf(pass)), onward, settled: new Int32Array(passes.length) };
}

/** Each pass must find the facts it needs. */
export function orderProblem(passes: readonly Pass[]): string | undefined {
  const facts = new Set<Fact>();
  for (const pass of passes) {
    const missing = (pass.needs ?? []).find((fact) => !facts.has(fact));
    if (missing !== undefined) return `${pass.name} needs '${missing}', which no pass before it leaves standing`;
    for (const fact of pass.breaks ?? []) facts.delete(fact);
    for (const fact of pass.makes ?? []) facts.add(fact);
  }
  return undefined;
}

/** What is wrong with the order of passes of each level; a test holds that it is nothing. */
export function levelProblems(): string[] {
  return Object.entries(levels).flatMap(([level, { functions, late }]) => {
    const problem = orderProblem([...functions, ...late].flatMap(passesOf));
    return problem === undefined ? [] : [`${level}: ${problem}`];
  });
}
