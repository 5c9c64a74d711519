/** What --dump and --fn ask to see of a build's stages. */

import type { IrFunction } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { printFunction, printModule } from "../ir/print.ts";
import { displayName } from "../irgen/mangle.ts";
import type { BuildRequest } from "./request.ts";

export class Dumps {
  private readonly tools: BuildRequest["tools"];
  private readonly level: BuildRequest["level"];
  /** Whether anything was shown. */
  private shown = false;

  constructor({ tools, level }: BuildRequest) {
    this.tools = tools;
    this.level = level;
  }

  get wanted(): boolean {
    return this.tools.dumps.length > 0;
  }

  wants(stage: string): boolean {
    return this.tools.dumps.some((wanted) => wanted === stage || wanted === "all");
  }

  /** The module as it stands, or those of its functions that are asked for. */
  module(title: string, module: Module): void {
    if (this.tools.functionName === undefined) return this.show(title, printModule(module));
    for (const f of module.functions.values()) this.function(title, module, f);
  }

  /** The function as it stands, if it is asked for. */
  function(title: string, module: Module, f: IrFunction): void {
    const name = module.nameOf(f.symbol);
    if (this.isWanted(name)) this.show(`${title}, ${displayName(name)}`, printFunction(module, f));
  }

  /** The machine code of the function of this symbol, if it and the stage are asked for. */
  machine(stage: string, symbol: string, text: string): void {
    if (this.wants(stage) && this.isWanted(symbol)) this.show(`${stage} ${symbol}`, text);
  }

  /** Who asked to see something and saw nothing is told why that may be. */
  explainMissing(): void {
    const { tools, level } = this;
    if (!this.wanted || this.shown) return;
    const reason = tools.functionName !== undefined ? `no function '${tools.functionName}' came by there: it may be inlined into its callers, or not be called at all`
      : level === "O0" ? "at -O0 there are no passes, and code is made without an allocation to show" : "the pass changed nothing, or is none of this level";
    tools.onDump("nothing to dump", reason);
  }

  private isWanted(symbol: string): boolean {
    const { functionName } = this.tools;
    return functionName === undefined || symbol === functionName || displayName(symbol) === functionName;
  }

  private show(title: string, text: string): void {
    this.shown = true;
    this.tools.onDump(title, text);
  }
}
