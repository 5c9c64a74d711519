/**
 * Puts the bodies of called functions in place of calls. Functions come callees first, so what is copied is optimised already. Each
 * copied instruction gets an inline site, so that a stack trace shows the same frames as without inlining.
 *
 * Taken: `inline.always`; what is called from one place only; what costs little more than the call. Not taken: recursion, cold functions and
 * calls in cold blocks, `inline.never`. Linear in what is copied.
 *
 * Known functions as arguments (closures), or in slots whose address is an argument (iterators that hold them), make a callee worth more: the calls
 * through them become direct. So what was copied is looked through for calls that are known now. `inlineKnown` does only this, for what later
 * passes found out.
 */

import { IntColumn } from "../analysis/columns.ts";
import { callGraph, type CallGraph } from "../analysis/callGraph.ts";
import { KnownFunctions } from "../analysis/knownFunctions.ts";
import type { Block, Edge, IrFunction, List, Slot, SymbolId, Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import type { Type } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";

export const inline: FunctionPass = { name: "inline", over: "function", needs: ["reachable"], breaks: ["reachable", "promoted", "laidOut"], run: (f, context) => run(f, context, "all") };
export const inlineKnown: FunctionPass = { ...inline, name: "inlineKnown", run: (f, context) => run(f, context, "known") };
/** What `inline` leaves at -O2: the functions that `elide` and `counts` know. */
export const inlineMemory: FunctionPass = { ...inline, name: "inlineMemory", run: (f, context) => run(f, context, "memory") };

/** Costs in instructions, about: what a callee may cost at most, and how much more where functions are known in it. */
const limits = {
  ordinary: { callee: 16, once: 120, known: 60, growth: 2000 },
  thorough: { callee: 45, once: 400, known: 150, growth: 6000 },
  small: { callee: 4, once: 400, known: 16, growth: 100_000 },
} as const;

/** Calls among what was copied. */
const copiedCalls: Value[] = [];

function run(f: IrFunction, context: PassContext, which: "all" | "known" | "memory"): boolean {
  if (which === "known" && !callsKnown(f)) return false;
  const facts = factsOf(context);
  let changed = false;
  const limit = context.small ? limits.small : context.thorough ? limits.thorough : limits.ordinary;
  let size = facts.costOf(f);
  const most = size + limit.growth;
  replaced.length = 0;
  copiedCalls.length = 0;
  const functions = new KnownFunctions(f, context.module);
  const take = (v: Value, cold: boolean, known: number): boolean => {
    const hasRole = context.module.attributes[f.a[v] as SymbolId]?.memory !== undefined;
    if (hasRole ? which !== "memory" && context.thorough : which === "memory") return false;
    const callee = facts.worthwhile(f, v, cold, limit, size, most, known);
    if (callee === undefined || !context.allow()) return false;
    size += facts.costOf(callee);
    facts.inlined(callee);
    splice(context.module, f, v, callee);
    functions.changed();
    changed = true;
    return true;
  };
  const blocks = f.order.slice();
  for (const block of blocks) {
    const cold = isCold(f, block);
    // Inlining moves the rest of the block to a new one: `at` walks along.
    for (let v = f.first[block] as Value; v !== 0; ) {
      const after = f.nextOf(v);
      const known = f.op[v] === Op["call.indirect"] && nameCallee(f, v, context);
      if (known) changed = true;
      if (f.op[v] !== Op.call || (which === "known" && !known) || !take(v, cold, (known ? limit.known : 0) + limit.known * functions.amongArguments(v))) {
        v = after;
        continue;
      }
      v = after !== 0 && f.block[after] === -1 ? firstAfterResults(f, after) : after;
    }
  }
  for (let i = 0; i < copiedCalls.length; i++) {
    const v = copiedCalls[i] as Value;
    if (f.block[v] === -1) continue;
    const known = f.op[v] === Op["call.indirect"] && nameCallee(f, v, context);
    if (f.op[v] !== Op.call) continue;
    const worth = (known ? limit.known : 0) + limit.known * functions.amongArguments(v);
    if (worth > 0) take(v, isCold(f, f.blockOf(v)), worth);
  }
  if (changed) {
    context.controlFlowChanged();
    if (replaced.length > 0) {
      const map = replacements.zeroed(f.valueCount);
      for (let i = 0; i < replaced.length; i += 2) map[replaced[i] as number] = replaced[i + 1] as number;
      f.substitute(map);
    }
    facts.done(f);
  }
  return changed;
}

/** `result` instructions of an inlined call are gone; what follows them is where to go on. */
function firstAfterResults(f: IrFunction, v: Value): Value {
  let at = v;
  while (at !== 0 && f.block[at] === -1) at = f.nextOf(at);
  return at;
}

/** Never executed in a program that does not fail: it ends in a trap, or after a call that does not return. */
function isCold(f: IrFunction, block: Block): boolean {
  const op = f.op[f.last[block] as number];
  return op === Op.trap || op === Op.unreachable;
}

/** An indirect call of a known function becomes a direct one. */
function nameCallee(f: IrFunction, v: Value, context: PassContext): boolean {
  const pointer = f.arg0(v);
  const { module } = context;
  if (f.op[pointer] !== Op.address || f.b[pointer] !== 0) return false;
  const symbol = f.a[pointer] as SymbolId;
  if (module.functionSignatures[symbol] !== f.c[v] || !context.allow()) return false;
  f.op[v] = Op.call;
  f.a[v] = symbol;
  f.c[v] = 0;
  return true;
}

/** There is an indirect call of a known function. */
function callsKnown(f: IrFunction): boolean {
  for (const block of f.order)
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) if (f.op[v] === Op["call.indirect"] && f.op[f.arg0(v)] === Op.address) return true;
  return false;
}

// ── whether ──

interface Limit {
  readonly callee: number;
  readonly once: number;
}

class InlineFacts {
  private readonly costs = new Map<IrFunction, number>();
  private readonly graph: CallGraph;
  /** Direct calls of each symbol, plus many for one whose address is taken or that is seen from outside. */
  private readonly callers: Int32Array;
  private readonly module: Module;

  /** Functions made since then, and whose copies they are. */
  private readonly copies: ReadonlyMap<SymbolId, SymbolId>;

  constructor(module: Module, roots: readonly SymbolId[], copies: ReadonlyMap<SymbolId, SymbolId>) {
    this.module = module;
    this.copies = copies;
    this.graph = callGraph(module);
    this.callers = new Int32Array(module.symbols.length);
    const many = 1 << 20;
    for (const symbol of roots) this.add(symbol, many);
    module.symbols.forEach((symbol, id) => { if (symbol.linkage === "exported") this.add(id, many); });
    for (const { handler } of module.traps) if (handler !== undefined) this.add(handler, many);
    for (const data of module.data.values()) for (const r of data.relocations) this.add(r.symbol, many);
    for (const f of module.functions.values()) {
      for (let v = 1; v < f.valueCount; v++) if (f.op[v] === Op.address) this.add(f.a[v] as number, many);
      for (const block of f.order) for (let v = f.first[block] as number; v !== 0; v = f.next[v] as number) if (f.op[v] === Op.call) this.add(f.a[v] as number, 1);
    }
  }

  private add(symbol: number, count: number): void {
    if (symbol >= this.callers.length) return; // a copy: called from many places, for all that is known
    this.callers[symbol] = Math.min((this.callers[symbol] as number) + count, 1 << 30);
  }

  costOf(f: IrFunction): number {
    const known = this.costs.get(f);
    if (known !== undefined) return known;
    const cost = costOfFunction(f);
    this.costs.set(f, cost);
    return cost;
  }

  /** The function was changed. */
  done(f: IrFunction): void {
    this.costs.delete(f);
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
  const frame = slotBytes(callee);
  return frame >= LARGE_FRAME || (frame >= SMALL_FRAME && frame + slotBytes(f) > MOST_FRAME);
}

function slotBytes(f: IrFunction): number {
  let bytes = 0;
  for (let slot = 0; slot < f.slotCount; slot++) bytes += f.slotSize[slot];
  return bytes;
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

const known = new WeakMap<PassContext, InlineFacts>();

function factsOf(context: PassContext): InlineFacts {
  const facts = known.get(context) ?? new InlineFacts(context.module, context.roots, context.copyOf);
  known.set(context, facts);
  return facts;
}

// ── how ──

const valueMap = new IntColumn();
const blockMap = new IntColumn();
const replacements = new IntColumn();

/** Replaces a call by the callee's body. The rest of the caller's block moves to a new block whose parameters are the results. */
function splice(module: Module, f: IrFunction, call: Value, callee: IrFunction): void {
  const block = f.blockOf(call);
  const rest = f.newBlock();
  const place = f.order.indexOf(block);
  f.order.pop();
  const fresh: Block[] = [];
  takeResults(f, module, call, rest);
  moveAfter(f, call, rest);
  const list = f.b[call] as List;
  const values = valueMap.zeroed(callee.valueCount);
  const blocks = blockMap.filled(callee.blockCount, -1);
  const slots: Slot[] = [];
  for (let slot = 0; slot < callee.slotCount; slot++) slots.push(f.slot(callee.slotSize[slot] as number, callee.slotAlignment[slot] as number));
  const entry = callee.order[0] as Block;
  for (let p = callee.firstParam[entry] as number, i = 0; p !== 0; p = callee.next[p] as number, i++) values[p] = f.listItem(list, i);
  const sites = new SiteMap(module, callee.symbol, f.position[call] as number, f.site[call] as number);
  f.remove(call);
  blocks[entry] = block;
  for (const from of callee.order) {
    if (from === entry) continue;
    const to = f.newBlock();
    f.order.pop();
    fresh.push(to);
    blocks[from] = to;
    for (let p = callee.firstParam[from] as number; p !== 0; p = callee.next[p] as number) {
      const param = f.addParam(to, callee.type[p] as Type, callee.position[p] as number);
      f.flags[param] = callee.flags[p] as number;
      f.site[param] = sites.map(callee.site[p] as number);
      values[p] = param;
    }
  }
  for (const from of callee.order) copyInstructions(f, callee, from, blocks[from] as Block, values, sites);
  new OperandMap(f, callee, values, blocks, slots, rest).all();
  for (const from of callee.order)
    for (let v = callee.first[from] as number; v !== 0; v = callee.next[v] as number) if (callee.op[v] === Op["call.indirect"] || callee.op[v] === Op.call) copiedCalls.push(values[v] as Value);
  fresh.push(rest);
  f.order.splice(place + 1, 0, ...fresh);
}

/** Results of inlined calls and what takes their place, in pairs; applied once, when the function is done. */
const replaced: number[] = [];

/** Parameters of `rest` for all results of the signature. */
function takeResults(f: IrFunction, module: Module, call: Value, rest: Block): void {
  const types = module.signatureOf(f.a[call] as SymbolId).results;
  const params = types.map((type) => f.addParam(rest, type, f.position[call] as number));
  if (params[0] !== undefined) replaced.push(call, params[0]);
  for (let v = f.nextOf(call); v !== 0 && f.op[v] === Op.result; ) {
    const after = f.nextOf(v);
    replaced.push(v, params[f.b[v] as number] as Value);
    f.remove(v);
    f.next[v] = after; // the walk over the block goes on from here
    v = after;
  }
}

function moveAfter(f: IrFunction, call: Value, rest: Block): void {
  const first = f.next[call] as number;
  const last = f.last[f.blockOf(call)] as number;
  f.last[f.blockOf(call)] = call;
  f.next[call] = 0;
  f.previous[first] = 0;
  f.first[rest] = first;
  f.last[rest] = last;
  for (let v = first; v !== 0; v = f.next[v] as number) f.block[v] = rest;
}

function copyInstructions(f: IrFunction, callee: IrFunction, from: Block, to: Block, values: Int32Array, sites: SiteMap): void {
  for (let v = callee.first[from] as number; v !== 0; v = callee.next[v] as number) {
    const copy = f.create(callee.op[v] as Op, callee.type[v] as Type, callee.a[v] as number, callee.b[v] as number, callee.c[v] as number, callee.position[v] as number);
    f.flags[copy] = callee.flags[v] as number;
    f.site[copy] = sites.map(callee.site[v] as number);
    f.append(to, copy);
    values[v] = copy;
  }
}

/** Second walk over the copies, whose operands still are the callee's numbers. */
class OperandMap {
  private readonly f: IrFunction;
  private readonly callee: IrFunction;
  private readonly values: Int32Array;
  private readonly blocks: Int32Array;
  private readonly slots: readonly Slot[];
  private readonly rest: Block;

  constructor(f: IrFunction, callee: IrFunction, values: Int32Array, blocks: Int32Array, slots: readonly Slot[], rest: Block) {
    this.f = f;
    this.callee = callee;
    this.values = values;
    this.blocks = blocks;
    this.slots = slots;
    this.rest = rest;
  }

  all(): void {
    for (const from of this.callee.order) this.block(from);
  }

  private map(v: number): number {
    const copied = this.values[v] as number;
    if (copied !== 0 || v === 0) return copied;
    return (this.values[v] = copyFloating(this.f, this.callee, v as Value, this.slots));
  }

  private mapList(list: number): List {
    const { callee } = this;
    items.length = 0;
    for (let i = 0, count = callee.listLength(list as List); i < count; i++) items.push(this.map(callee.listItem(list as List, i)));
    return this.f.list(items);
  }

  private mapEdge(edge: number): Edge {
    const { callee } = this;
    items.length = 0;
    for (let i = 0, count = callee.edgeArgCount[edge] as number; i < count; i++) items.push(this.map(callee.edgeArg(edge as Edge, i)));
    return this.f.edge(this.blocks[callee.edgeTarget[edge] as number] as Block, items);
  }

  private block(from: Block): void {
    const { f, callee, values } = this;
    for (let v = callee.first[from] as number; v !== 0; v = callee.next[v] as number) {
      const copy = values[v] as number;
      const op = callee.op[v] as Op;
      const operands = opValueOperands[op] as number;
      const which = opListOperand[op];
      const branches = op === Op.branch;
      // Mapped first, written then: mapping may make constants, and the columns may move as they grow.
      let a = callee.a[v] as number;
      let b = callee.b[v] as number;
      let c = callee.c[v] as number;
      a = (operands & 1) !== 0 ? this.map(a) : which === 1 ? this.mapList(a) : op === Op.jump ? this.mapEdge(a) : a;
      b = (operands & 2) !== 0 ? this.map(b) : which === 2 ? this.mapList(b) : branches ? this.mapEdge(b) : b;
      c = (operands & 4) !== 0 ? this.map(c) : which === 3 ? this.mapList(c) : branches || op === Op.switch ? this.mapEdge(c) : c;
      f.a[copy] = a;
      f.b[copy] = b;
      f.c[copy] = c;
      if (op === Op.switch) {
        const rows: number[] = [];
        for (let i = 0; i < callee.switchCount(v as Value); i++) rows.push(callee.switchLow(v as Value, i), callee.switchHigh(v as Value, i), this.mapEdge(callee.switchEdge(v as Value, i)));
        const table = f.list(rows);
        f.b[copy] = table;
      } else if (op === Op.return) {
        const returned = f.a[copy] as List;
        items.length = 0;
        for (let i = 0; i < f.listLength(returned); i++) items.push(f.listItem(returned, i));
        f.op[copy] = Op.jump;
        f.a[copy] = f.edge(this.rest, items);
      }
    }
  }
}

/** Of the list or edge at hand. */
const items: number[] = [];

function copyFloating(f: IrFunction, callee: IrFunction, v: Value, slots: readonly Slot[]): Value {
  const op = callee.op[v];
  if (op === Op.slot) return f.slotAddress(slots[callee.a[v] as number] as Slot);
  if (op === Op.address) return f.address(callee.a[v] as SymbolId, callee.b[v] as number);
  if (op !== Op.const) throw new Error(`opt/inline: value ${v} of the callee is used but not copied`);
  const type = callee.typeOf(v);
  const more = callee.c[v] as number;
  if (more !== 0) return f.constant128(callee.a[v] as number, callee.b[v] as number, callee.pool[more + 1] as number, callee.pool[more + 2] as number, type);
  return f.constant(type, callee.a[v] as number, callee.b[v] as number);
}

/** Inline sites of the callee, seen from the caller. */
class SiteMap {
  private readonly mapped = new Map<number, number>();
  /** Of what was not inlined into the callee: most of it. */
  private readonly own: number;
  private readonly module: Module;

  constructor(module: Module, callee: SymbolId, position: number, parent: number) {
    this.module = module;
    module.inlineSites.push({ callee, position, parent });
    this.own = module.inlineSites.length - 1;
  }

  map(site: number): number {
    if (site === 0) return this.own;
    const known = this.mapped.get(site);
    if (known !== undefined) return known;
    const inner = this.module.inlineSites[site];
    if (inner === undefined) throw new Error(`opt/inline: no inline site ${site}`);
    const parent = this.map(inner.parent);
    this.module.inlineSites.push({ ...inner, parent });
    this.mapped.set(site, this.module.inlineSites.length - 1);
    return this.module.inlineSites.length - 1;
  }
}

