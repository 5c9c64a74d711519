/** What a front end's module can have wrong, as data: asked before any of it is compiled. */

import type { TargetRow } from "../../os/targets.ts";
import type { IrFunction, SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { verifyModule } from "../ir/verify.ts";
import type { ImportSource } from "../link/imports.ts";

/** As the linker's errors are, of the IR. */
export interface ModuleError {
  readonly code: "E0817";
  readonly message: string;
  /** The function or other symbol at fault, or "". */
  readonly symbol: string;
  /** Block and instruction, as the printer names them. */
  readonly places: readonly string[];
  readonly advice: readonly string[];
}

export interface ModuleQuestion {
  readonly target: Pick<TargetRow, "os" | "systemCalls">;
  /** Whether the IR is verified. */
  readonly verify: boolean;
  /** The symbol that an executable gets, and that the module must not define. */
  readonly start?: string;
  /** Functions that the system has. */
  readonly imports?: ImportSource | undefined;
}

/** All that keeps the module from being compiled for the target. */
export function moduleErrors(module: Module, { target, verify, start, imports }: ModuleQuestion): ModuleError[] {
  const errors: ModuleError[] = [];
  const report = (symbol: string, places: readonly string[], message: string, advice: readonly string[] = []): void =>
    void errors.push({ code: "E0817", symbol, places, message: [symbol, ...places, message].filter((word) => word !== "").join(": "), advice });
  if (verify) for (const { function: name, where, message } of verifyModule(module)) report(name, where === "" ? [] : [where], message);
  if (errors.length > 0) return errors;
  const own = start === undefined ? undefined : module.find(start);
  // One that an earlier call declared has no body.
  if (own !== undefined && (module.functions.has(own) || module.data.has(own))) report(start ?? "", [], "is what the process begins with, and is made here", ["give it another name, and hand it over as the entry"]);
  if (target.systemCalls === "none") {
    for (const f of module.functions.values()) {
      if (callsSystem(f)) report(module.nameOf(f.symbol), [], `makes a system call, and ${target.os} has none for programs`, ["its functions are imported, with the c convention"]);
    }
  }
  module.symbols.forEach(({ name, kind, linkage }, id) => {
    if (kind === "function" && linkage === "imported" && module.signatureOf(id as SymbolId).convention !== "c" && imports?.(name) !== undefined)
      report(name, [], "is a function of the system, and is declared with another convention than c", ['signature(parameters, results, "c")']);
  });
  return errors;
}

function callsSystem(f: IrFunction): boolean {
  for (const block of f.order) for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) if (f.opOf(v) === Op.syscall) return true;
  return false;
}
