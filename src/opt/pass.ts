/** What a pass is, and what it may ask for. */

import { CallEffectsTable } from "../analysis/callEffects.ts";
import { callGraph, type CallGraph } from "../analysis/callGraph.ts";
import { ControlFlow } from "../ir/controlFlow.ts";
import type { IrFunction, SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";

/**
 * Facts that passes make, need and break; the order of a level's list is checked against them at start-up.
 * reachable: every block in the order can be reached. promoted: slots whose address does not escape are values.
 * laidOut: the order of the blocks is the one that the code shall have.
 */
export type Fact = "reachable" | "promoted" | "laidOut";

interface PassRecord {
  readonly name: string;
  readonly needs?: readonly Fact[];
  readonly makes?: readonly Fact[];
  readonly breaks?: readonly Fact[];
}

export interface FunctionPass extends PassRecord {
  readonly over: "function";
  /** Bits of `Subject`: to a function that has none of them it does nothing, and is not run on it. Without: it looks for itself. */
  readonly upon?: number;
  /** What it has left as it was, it leaves as it is: it need not look again before another pass changed something. */
  readonly settles?: boolean;
  /** Gives whether something changed. */
  readonly run: (f: IrFunction, context: PassContext) => boolean;
}

export interface ModulePass extends PassRecord {
  readonly over: "module";
  readonly run: (module: Module, context: PassContext) => boolean;
}

export type Pass = FunctionPass | ModulePass;

export class PassContext {
  readonly module: Module;
  readonly roots: readonly SymbolId[];
  /** Space matters more than time. */
  readonly small: boolean;
  /** Spend more on the result: -O2. */
  readonly thorough: boolean;
  decisions = 0;
  /** Functions that passes made and that are to go through the passes, too. */
  readonly made: IrFunction[] = [];
  /** Functions that are copies of others: of which. */
  readonly copyOf = new Map<SymbolId, SymbolId>();
  /** What calls do to memory: asked for where more is to be spent on the result. */
  readonly callEffects: CallEffectsTable;
  private readonly limit: number;
  private readonly flow = new ControlFlow();
  private flowOf: IrFunction | undefined = undefined;
  private graph: CallGraph | undefined = undefined;

  constructor(module: Module, options: { readonly roots: readonly SymbolId[]; readonly small: boolean; readonly thorough: boolean; readonly limit: number }) {
    this.module = module;
    this.callEffects = new CallEffectsTable(module);
    this.roots = options.roots;
    this.small = options.small;
    this.thorough = options.thorough;
    this.limit = options.limit;
  }

  /** Asked before each single change, so that `optLimit` can bisect a miscompilation to one of them. */
  allow(): boolean {
    return this.decisions++ < this.limit;
  }

  /** Who calls whom, as it was before the first pass that asks. */
  callGraph(): CallGraph {
    return (this.graph ??= callGraph(this.module));
  }

  /** Order and incoming edges of the function, computed at most once between changes of its graph; dominators by `withDominators`. */
  controlFlow(f: IrFunction): ControlFlow {
    if (this.flowOf !== f) {
      this.flow.compute(f);
      this.flowOf = f;
    }
    return this.flow;
  }

  /** Must be called by whoever adds, removes or redirects blocks and edges. */
  controlFlowChanged(): void {
    this.flowOf = undefined;
  }
}
