/** The kernel without the language: a module of IR becomes an executable. What other front ends call; `docs/kernel.md` shows a whole program. */

import { findTarget, type TargetRow } from "../../os/targets.ts";
import { CodeGenerator } from "../codegen/generate.ts";
import type { SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { link, type LinkResult } from "../link/link.ts";
import { runPipeline, type Level } from "../opt/pipeline.ts";
import { codeTargets } from "./codeTargets.ts";
import { imageOf } from "./images.ts";

export interface KernelOptions {
  /** As `findTarget` understands it; default `linux-x86_64`. */
  readonly target?: string;
  readonly level?: Level;
  /** Processor features beyond the architecture's baseline. */
  readonly features?: readonly string[];
  readonly strip?: boolean;
}

/**
 * Optimises and compiles `module` in place, and links it. `entry` is a function of one `ptr` parameter, the initial stack pointer, that
 * never returns: it ends the process by a system call. What is wrong with the module's symbols comes back as link errors.
 */
export function compileModule(module: Module, entry: SymbolId, options: KernelOptions = {}): LinkResult {
  const found = findTarget(options.target ?? "linux-x86_64");
  if (!found.ok) throw new Error(`driver/kernel.compileModule: ${found.message}; ${found.advice}`);
  const target: TargetRow = found.target;
  const level = options.level ?? "O1";
  runPipeline(module, level, { roots: [entry] });
  const generator = new CodeGenerator(codeTargets[target.architecture], module, { level, platform: target, features: options.features ?? [] });
  for (const f of module.functions.values()) generator.compileFunction(f);
  const start = "_start";
  generator.emitEntry(module.declareFunction(start, module.signature([], []), "exported"), entry);
  return link([generator.finish().object], { machine: target.architecture, entry: start, strip: options.strip === true, compact: level === "Os", ...imageOf({ target }) });
}
