/** Whether a copy of a body in place of a call is worth it: what it costs, how often it is called, how far the caller may grow. */

import type { CallGraph } from "../analysis/callGraph.ts";
import type { Block, IrFunction, List, SymbolId, Value } from "../ir/function.ts";
import { grownFloats } from "../ir/grown.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";

/** Costs in instructions, about: what a callee may cost at most, and how much more where functions are known in it. */
export const limits = {
  ordinary: { callee: 16, once: 120, known: 60, growth: 2000 },
  thorough: { callee: 45, once: 400, known: 150, growth: 6000 },
  small: { callee: 4, once: 400, known: 16, growth: 100_000 },
} as const;

/** Never executed in a program that does not fail: it ends in a trap, or after a call that does not return. */
export function isCold(f: IrFunction, block: Block): boolean {
  const op = f.op[f.last[block] as number];
  return op === Op.trap || op === Op.unreachable;
}

/** A row of `limits`, as far as one call is concerned. */
interface Limit {
  readonly callee: number;
  readonly once: number;
}

/** Of a module: costs of its functions, and how often each is called. */
export class InlineFacts {
  /** Of each symbol's function; 0: not known. */
  private costs: Float64Array<ArrayBuffer>;
  private readonly graph: CallGraph;
  /** Direct calls of each symbol, plus many for one whose address is taken or that is seen from outside. */
  private readonly callers: Int32Array;
  private readonly module: Module;

  /** Functions made since then, and whose copies they are. */
  private readonly copies: ReadonlyMap<SymbolId, SymbolId>;

  constructor(module: Module, graph: CallGraph, roots: readonly SymbolId[], copies: ReadonlyMap<SymbolId, SymbolId>) {
    this.module = module;
    this.copies = copies;
    this.graph = graph;
    this.callers = graph.calls.slice();
    this.costs = new Float64Array(module.symbols.length);
    const many = 1 << 20;
    for (const symbol of roots) this.add(symbol, many);
    module.symbols.forEach((symbol, id) => { if (symbol.linkage === "exported") this.add(id, many); });
    for (const { handler } of module.traps) if (handler !== undefined) this.add(handler, many);
    for (const data of module.data.values()) for (const r of data.relocations) this.add(r.symbol, many);
    for (let symbol = 0; symbol < graph.addressed.length; symbol++) if (graph.addressed[symbol] === 1) this.add(symbol, many);
  }

  private add(symbol: number, count: number): void {
    if (symbol >= this.callers.length) return; // a copy: called from many places, for all that is known
    this.callers[symbol] = Math.min((this.callers[symbol] as number) + count, 1 << 30);
  }

  costOf(f: IrFunction): number {
    // Functions that are made on the way have symbols of their own.
    while (f.symbol >= this.costs.length) this.costs = grownFloats(this.costs);
    const known = this.costs[f.symbol] as number;
    return known !== 0 ? known : (this.costs[f.symbol] = costOfFunction(f));
  }

  /** The function was changed. */
  done(f: IrFunction): void {
    this.costs[f.symbol] = 0;
  }

  /** A copy of the callee now calls what the callee calls. */
  inlined(callee: IrFunction): void {
    if (this.callers[callee.symbol] === 1) return; // the original goes
    this.add(callee.symbol, -1);
    for (const block of callee.order)
      for (let v = callee.first[block] as number; v !== 0; v = callee.next[v] as number) if (callee.op[v] === Op.call) this.add(callee.a[v] as number, 1);
  }

  /** The body to put in place of a call, if that is worth it; `known`: what the callee may cost more. */
  worthwhile(f: IrFunction, call: Value, cold: boolean, limit: Limit, size: number, most: number, known: number): IrFunction | undefined {
    const symbol = f.a[call] as SymbolId;
    const callee = this.module.functions.get(symbol);
    const attributes = this.module.attributes[symbol];
    if (callee === undefined || attributes === undefined || attributes.inline === "never" || callee === f) return undefined;
    const { component, recursive } = this.graph;
    const origin = this.copies.get(symbol) ?? symbol;
    if (component[origin] === component[this.copies.get(f.symbol) ?? f.symbol] || recursive[origin] === 1) return undefined;
    if (attributes.inline === "always") return callee;
    if (cold || attributes.cold || attributes.noreturn || wouldFillStack(f, callee)) return undefined;
    const cost = this.costOf(callee);
    if (size + cost > most) return undefined;
    if (this.callers[symbol] === 1) return cost <= limit.once ? callee : undefined;
    // The call itself goes, and constant arguments will fold.
    const list = f.b[call] as List;
    let saved = 2 + f.listLength(list);
    for (let i = 0; i < f.listLength(list); i++) if (f.isConst(f.listItem(list, i))) saved += 2;
    return cost <= limit.callee + saved + known ? callee : undefined;
  }
}

/** A callee's frame from this size on stays its own: a caller that does not come to the call (and `lang_main`, which has the guard installed) needs no such room. */
const LARGE_FRAME = 64 * 1024;

/** Frames smaller than a page do not count, and what grows by larger ones stays below this. */
const SMALL_FRAME = 4096;

const MOST_FRAME = 256 * 1024;

function wouldFillStack(f: IrFunction, callee: IrFunction): boolean {
  if (callee.slotCount === 0) return false;
  const frame = callee.slotBytes();
  return frame >= LARGE_FRAME || (frame >= SMALL_FRAME && frame + f.slotBytes() > MOST_FRAME);
}

/** About how many instructions a copy of the function would be. */
function costOfFunction(f: IrFunction): number {
  let cost = 0;
  for (const block of f.order) {
    // A path to a trap costs room, but no time.
    const weight = isCold(f, block) ? 0.25 : 1;
    for (let v = f.first[block] as number; v !== 0; v = f.next[v] as number) cost += weight * costOfOp(f, v as Value);
  }
  return cost;
}

/** Whether calls of the function may be worth a copy of it at -O1, with constant arguments at the best. */
export function mayBeInlined(f: IrFunction): boolean {
  return costOfFunction(f) <= limits.ordinary.callee + 2 + f.paramCount(f.order[0] as Block) * 1.5;
}

function costOfOp(f: IrFunction, v: Value): number {
  switch (f.op[v]) {
    case Op.jump:
    case Op.result:
    case Op.unreachable:
    case Op.trap: return 0;
    case Op["trap.if"]: return 1;
    case Op.return: return 0.5;
    case Op.call:
    case Op["call.indirect"]:
    case Op.syscall: return 4 + f.listLength(f.b[v] as List) / 2;
    case Op.copy:
    case Op.move:
    case Op.fill: return 5;
    case Op.sdiv:
    case Op.udiv:
    case Op.srem:
    case Op.urem: return 3;
    case Op.switch: return 2 + f.switchCount(v) / 2;
    // It asks where it was called: a copy of it would be told where its host was.
    case Op["frame.address"]: return 1e9;
    default: return 1;
  }
}
