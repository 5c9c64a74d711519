/** For the passes' tests: a text in, a text out, verified on the way. */

import { Interpreter, outcomeText, type Scalar } from "../ir/interpret.ts";
import type { Module } from "../ir/module.ts";
import { parseModule } from "../ir/parse.ts";
import { printModule } from "../ir/print.ts";
import { problemsText, verifyModule } from "../ir/verify.ts";
import { PassContext, type Pass } from "./pass.ts";

/** A verified module; throws what is wrong with the text. */
export function parsed(text: string): Module {
  const result = parseModule(text);
  if ("problem" in result) throw new Error(`line ${result.problem.line}: ${result.problem.message}`);
  const problems = problemsText(verifyModule(result.module));
  if (problems !== "") throw new Error(problems);
  return result.module;
}

/** Runs passes over all functions (in the order of the text) and verifies after each. Gives the module's text without positions. */
export function afterPasses(text: string, passes: readonly Pass[], options: { readonly thorough?: boolean; readonly small?: boolean } = {}): string {
  const module = parsed(text);
  const context = new PassContext(module, { roots: [], small: options.small ?? false, thorough: options.thorough ?? false, limit: Infinity });
  for (const pass of passes) {
    if (pass.over === "module") pass.run(module, context);
    else for (const f of module.functions.values()) pass.run(f, context);
    const problems = problemsText(verifyModule(module));
    if (problems !== "") throw new Error(`after ${pass.name}:\n${problems}\n${printModule(module)}`);
  }
  return printModule(module, { withoutPositions: true }).trimEnd();
}

/** What the function of that name gives. */
export function outcomeOf(text: string, name: string, args: readonly Scalar[]): string {
  const module = parsed(text);
  const symbol = module.find(name);
  if (symbol === undefined) throw new Error(`there is no @${name}`);
  return outcomeText(module, new Interpreter(module, { steps: 1_000_000 }).call(symbol, args));
}

/** The body's lines between the braces of the only function, without indentation. */
export function bodyAfter(text: string, passes: readonly Pass[], options: { readonly thorough?: boolean; readonly small?: boolean } = {}): string {
  const lines = afterPasses(text, passes, options).split("\n");
  const from = lines.findIndex((line) => line.endsWith("{") && line.includes("func @f"));
  const to = lines.indexOf("}", from);
  return lines.slice(from + 1, to).map((line) => line.trim()).filter((line) => !line.startsWith("slot")).join("\n");
}
