/** Removes functions and data that nothing reaches from the roots and the exported symbols. The symbols stay, without a definition. Linear. */

import type { SymbolId } from "../ir/function.ts";
import { runtimeFunctions, type Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import type { ModulePass, PassContext } from "./pass.ts";

export const deadSymbols: ModulePass = { name: "deadSymbols", over: "module", run };

function run(module: Module, context: PassContext): boolean {
  const seen = new Uint8Array(module.symbols.length);
  const seenTraps = new Uint8Array(module.traps.length);
  const work: SymbolId[] = [];
  const reach = (symbol: number): void => {
    if (seen[symbol] !== 0) return;
    seen[symbol] = 1;
    work.push(symbol as SymbolId);
  };
  const reachTrap = (trap: number): void => {
    if (seenTraps[trap] !== 0) return;
    seenTraps[trap] = 1;
    const handler = module.traps[trap]?.handler;
    if (handler !== undefined) reach(handler);
  };
  const reachRuntime = (name: string): void => {
    const symbol = module.find(name);
    if (symbol !== undefined) reach(symbol);
  };
  for (const symbol of context.roots) reach(symbol);
  module.symbols.forEach((symbol, id) => { if (symbol.linkage === "exported") reach(id); });
  // Without any root this is a library in the making: all of it stays.
  if (work.length === 0) return false;
  for (let symbol = work.pop(); symbol !== undefined; symbol = work.pop()) {
    for (const relocation of module.data.get(symbol)?.relocations ?? []) reach(relocation.symbol);
    const f = module.functions.get(symbol);
    if (f === undefined) continue;
    for (let v = 1; v < f.valueCount; v++) {
      const op = f.op[v];
      if (op === Op.address) reach(f.a[v] as number);
      else if (op === Op.call) { if ((f.block[v] as number) >= 0) reach(f.a[v] as number); }
      else if (op === Op.copy) reachRuntime(runtimeFunctions.copy);
      else if (op === Op.move) reachRuntime(runtimeFunctions.move);
      else if (op === Op.fill) reachRuntime(runtimeFunctions.fill);
      else if (op === Op["trap.if"]) reachTrap(f.b[v] as number);
      else if (op === Op.trap) reachTrap(f.a[v] as number);
      else if (op !== undefined && op >= Op["sadd.trap"] && op <= Op["umul.trap"]) reachTrap(f.c[v] as number);
    }
  }
  let changed = false;
  for (const symbol of [...module.functions.keys()]) if (seen[symbol] === 0 && context.allow()) changed = module.functions.delete(symbol) || changed;
  for (const symbol of [...module.data.keys()]) if (seen[symbol] === 0 && context.allow()) changed = module.data.delete(symbol) || changed;
  return changed;
}
