/** The kernel without the language: a module of IR becomes an executable. What other front ends call; `docs/kernel.md` shows a whole program. */

import { findTarget, type TargetRow } from "../../os/targets.ts";
import { CodeGenerator } from "../codegen/generate.ts";
import type { SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Type } from "../ir/types.ts";
import { link, type LinkResult } from "../link/link.ts";
import { levels, runPipeline, type Level } from "../opt/pipeline.ts";
import { codeTargets } from "./codeTargets.ts";
import { imageOf } from "./images.ts";
import { isFeature } from "./march.ts";

export interface KernelOptions {
  /** As `findTarget` understands it; default `linux-x86_64`. */
  readonly target?: string;
  readonly level?: Level;
  /** Processor features beyond the architecture's baseline, by the names that `-march=` takes: `bmi2`, `lse`. */
  readonly features?: readonly string[];
  readonly strip?: boolean;
}

/**
 * Optimises and compiles `module` in place, and links it. `entry` is a function of one `ptr` parameter, the initial stack pointer, that
 * never returns: it ends the process by a system call, or by a function of the system (on macOS and Windows, where `imported` functions are looked for).
 * What is wrong with the module's symbols comes back as link errors; a mistake in what is asked is thrown.
 */
export function compileModule(module: Module, entry: SymbolId, options: KernelOptions = {}): LinkResult {
  const found = findTarget(options.target ?? "linux-x86_64");
  if (!found.ok) throw new Error(`driver/kernel.compileModule: ${found.message}; ${found.advice}`);
  const target: TargetRow = found.target;
  const { level = "O1", features = [] } = options;
  const wrong = requestProblem(module, entry, target, level, features);
  if (wrong !== undefined) throw new Error(`driver/kernel.compileModule: ${wrong}`);
  runPipeline(module, level, { roots: [entry] });
  const generator = new CodeGenerator(codeTargets[target.architecture], module, { level, platform: target, features });
  for (const f of module.functions.values()) generator.compileFunction(f);
  const start = "_start";
  generator.emitEntry(module.declareFunction(start, module.signature([], []), "exported"), entry);
  return link([generator.finish().object], { machine: target.architecture, entry: start, strip: options.strip === true, compact: level === "Os", ...imageOf({ target }) });
}

/** What is wrong with what was asked for, where types cannot say it: a level or a feature that comes from outside, an entry that `_start` cannot call. */
function requestProblem(module: Module, entry: SymbolId, { architecture }: TargetRow, level: string, features: readonly string[]): string | undefined {
  if (!Object.hasOwn(levels, level)) return `there is no level '${level}': the levels are ${Object.keys(levels).join(", ")}`;
  const feature = features.find((name) => !isFeature(name, architecture));
  if (feature !== undefined) return `${architecture} has no feature '${feature}' that is known here`;
  if (module.symbols[entry]?.kind !== "function") return `the entry, symbol ${entry}, is no function of the module`;
  const { parameters, results } = module.signatureOf(entry);
  if (parameters.length !== 1 || parameters[0] !== Type.ptr || results.length > 0) return `the entry, ${module.nameOf(entry)}, has another signature than (ptr) without a result`;
  return undefined;
}
