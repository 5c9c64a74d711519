/**
 * Copies of functions for the closures that they are called with, where they are too large to inline or call themselves: the copy has the closure's
 * code instead of the parameter, or instead of what it reads through one, so that its calls are direct and can be inlined. One copy for each callee
 * and closures, however many calls. What lies beside a function in a slot, its environment, is read from there only if a callee may have changed it.
 * The copies go through the passes after the function that asked for them (`context.made`). Linear in what is copied.
 */

import { ArgumentMemory, derivedFrom } from "../analysis/argumentMemory.ts";
import { IntColumn } from "../analysis/columns.ts";
import type { List, SymbolId, Value, IrFunction } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";

export const specialise: FunctionPass = { name: "specialise", over: "function", run };

/** Instructions of a callee that is copied at most, and of all copies of a module. */
const largestCallee = 3000;
const allCopies = 60_000;

/** What is known of an argument: it is a function's address; or it points to memory that holds one, at an offset. */
interface Known {
  readonly index: number;
  /** -1: the argument itself. */
  readonly offset: number;
  readonly code: SymbolId;
}

interface State {
  /** Copies by callee and what is known of its arguments; 0: none is to be made. */
  readonly copies: Map<string, SymbolId | 0>;
  /** What is known of the parameters of copies: words behind pointers. */
  readonly behind: Map<SymbolId, readonly Known[]>;
  readonly memory: ArgumentMemory;
  copied: number;
}

const states = new WeakMap<PassContext, State>();

function stateOf(context: PassContext): State {
  let state = states.get(context);
  if (state === undefined) states.set(context, (state = { copies: new Map(), behind: new Map(), memory: new ArgumentMemory(context.module), copied: 0 }));
  return state;
}

function run(f: IrFunction, context: PassContext): boolean {
  const state = stateOf(context);
  if (!state.behind.has(f.symbol) && !takesFunctions(f, context.module)) return false;
  let changed = false;
  const inSlots = knownInSlots(f, context.module, state);
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      if (f.op[v] === Op.call && specialiseCall(f, v, inSlots, context, state)) changed = true;
    }
  }
  return forwardBeside(f, context, state) || changed;
}

/** Loads of what is stored once to a slot that holds a known function, and what nothing else writes, give what was stored. */
function forwardBeside(f: IrFunction, context: PassContext, state: State): boolean {
  const slots = new Set<Value>();
  const stores: Value[] = [];
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      if (f.op[v] !== Op.store || !f.isFloating(f.arg0(v))) continue;
      const slot = slotOf(f, f.arg1(v));
      if (slot === 0) continue;
      stores.push(v);
      if (isFunction(f, f.arg0(v), context.module)) slots.add(slot);
    }
  }
  if (slots.size === 0) return false;
  const map = replacements.zeroed(f.valueCount);
  let changed = false;
  for (const store of stores) {
    const slot = slotOf(f, f.arg1(store));
    if (!slots.has(slot)) continue;
    const pointers = derivedFrom(f, slot);
    const offset = (pointers.get(f.arg1(store)) ?? NaN) + (f.c[store] as number);
    const value = f.arg0(store);
    if (f.typeOf(value) !== Type.ptr || offset !== offset || !state.memory.keepsWord(f, pointers, offset, store)) continue;
    for (const v of loadsOf(f, pointers, offset)) {
      if (!context.allow()) continue;
      map[v] = value;
      f.remove(v);
      changed = true;
    }
  }
  if (changed) f.substitute(map);
  return changed;
}

/** The slot that an address points into, or 0. */
function slotOf(f: IrFunction, address: Value): Value {
  let at = address;
  while (f.op[at] === Op["ptr.add"]) at = f.arg0(at);
  return f.op[at] === Op.slot ? at : (0 as Value);
}

/** Whether the function names the address of a function at all. */
function takesFunctions(f: IrFunction, module: Module): boolean {
  for (let v = 1; v < f.valueCount; v++) if (isFunction(f, v as Value, module)) return true;
  return false;
}

function isFunction(f: IrFunction, v: Value, module: Module): boolean {
  return f.op[v] === Op.address && f.b[v] === 0 && module.functions.has(f.a[v] as SymbolId);
}

interface Held {
  readonly pointers: ReadonlyMap<Value, number>;
  readonly offset: number;
  readonly code: SymbolId;
}

/** Words that hold a known function for good: stored once to a slot that nothing else writes there, or known to be behind a parameter of a copy. */
function knownInSlots(f: IrFunction, module: Module, state: State): Held[] {
  const found: Held[] = [];
  for (const { index, offset, code } of state.behind.get(f.symbol) ?? []) {
    found.push({ pointers: derivedFrom(f, f.param(f.order[0] as (typeof f.order)[number], index)), offset, code });
  }
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      if (f.op[v] !== Op.store || !isFunction(f, f.arg0(v), module)) continue;
      const slot = slotOf(f, f.arg1(v));
      if (slot === 0) continue;
      const pointers = derivedFrom(f, slot);
      const at = pointers.get(f.arg1(v));
      if (at === undefined) continue;
      const offset = at + (f.c[v] as number);
      if (state.memory.keepsWord(f, pointers, offset, v)) found.push({ pointers, offset, code: f.a[f.arg0(v)] as SymbolId });
    }
  }
  return found;
}

function specialiseCall(f: IrFunction, call: Value, held: readonly Held[], context: PassContext, state: State): boolean {
  const { module } = context;
  const callee = module.functions.get(f.a[call] as SymbolId);
  if (callee === undefined) return false;
  const list = f.b[call] as List;
  const known: Known[] = [];
  const already = state.behind.get(callee.symbol) ?? [];
  for (let i = 0; i < f.listLength(list); i++) {
    const argument = f.listItem(list, i);
    if (isFunction(f, argument, module)) known.push({ index: i, offset: -1, code: f.a[argument] as SymbolId });
    for (const { pointers, offset, code } of held) {
      const at = pointers.get(argument);
      if (at !== undefined && offset >= at && !already.some((one) => one.index === i && one.offset === offset - at)) known.push({ index: i, offset: offset - at, code });
    }
  }
  if (known.length === 0) return false;
  // Parameters that the copy does without: the functions, and environments of closures that capture nothing.
  const gone: number[] = [];
  for (const { index, offset } of known) {
    if (offset !== -1) continue;
    gone.push(index);
    const environment = index + 1 < f.listLength(list) ? f.listItem(list, index + 1) : (0 as Value);
    if (environment !== 0 && f.isConst(environment) && f.typeOf(environment) === Type.ptr && f.smallInt(environment) === 0) gone.push(index + 1);
  }
  const key = `${callee.symbol} ${known.map((one) => `${one.index}:${one.offset}:${one.code}`).join(" ")} ${gone.join()}`;
  let symbol = state.copies.get(key);
  if (symbol === undefined) {
    symbol = worthCopying(callee, known, context, state) && context.allow() ? copyFor(callee, known, gone, context, state) : 0;
    state.copies.set(key, symbol);
  }
  if (symbol === 0) return false;
  const rest: number[] = [];
  for (let i = 0; i < f.listLength(list); i++) if (!gone.includes(i)) rest.push(f.listItem(list, i));
  const args = f.list(rest);
  f.a[call] = symbol;
  f.b[call] = args;
  return true;
}

/** The callee calls what it is given, or hands it on, and may be copied. */
function worthCopying(callee: IrFunction, known: readonly Known[], context: PassContext, state: State): boolean {
  const attributes = context.module.attributes[callee.symbol];
  const entry = callee.order[0];
  if (entry === undefined || attributes === undefined || attributes.cold || attributes.noreturn || attributes.inline === "never") return false;
  let size = 0;
  for (const block of callee.order) for (let v = callee.first[block] as Value; v !== 0; v = callee.nextOf(v)) size++;
  if (size > largestCallee || state.copied + size > allCopies) return false;
  if (!known.some((one) => one.offset === -1 ? isUsed(callee, new Set([callee.param(entry, one.index)])) : isReadAndCalled(callee, one))) return false;
  state.copied += size;
  return true;
}

/** One of the values is called, or an argument. */
function isUsed(callee: IrFunction, values: ReadonlySet<Value>): boolean {
  for (const block of callee.order) {
    for (let v = callee.first[block] as Value; v !== 0; v = callee.nextOf(v)) {
      const op = callee.op[v];
      if (op === Op["call.indirect"] && values.has(callee.arg0(v))) return true;
      if (op !== Op.call && op !== Op["call.indirect"]) continue;
      const list = callee.b[v] as List;
      for (let i = 0; i < callee.listLength(list); i++) if (values.has(callee.listItem(list, i))) return true;
    }
  }
  return false;
}

function isReadAndCalled(callee: IrFunction, known: Known): boolean {
  const pointers = derivedFrom(callee, callee.param(callee.order[0] as (typeof callee.order)[number], known.index));
  const values = new Set<Value>(pointers.keys());
  for (const v of loadsOf(callee, pointers, known.offset)) values.add(v);
  return isUsed(callee, values);
}

/** Loads of the word at an offset behind pointers. */
function loadsOf(f: IrFunction, pointers: ReadonlyMap<Value, number>, offset: number): Value[] {
  const found: Value[] = [];
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      if (f.op[v] !== Op.load || f.typeOf(v) !== Type.ptr) continue;
      const at = pointers.get(f.arg0(v));
      if (at !== undefined && at + (f.b[v] as number) === offset) found.push(v);
    }
  }
  return found;
}

const replacements = new IntColumn();

/** A copy of the callee that knows the functions it is called with, without the parameters `gone`. */
function copyFor(callee: IrFunction, known: readonly Known[], gone: readonly number[], context: PassContext, state: State): SymbolId {
  const { module } = context;
  const { parameters, results, convention, variadic } = module.signatureOf(callee.symbol);
  const signature = module.signature(parameters.filter((_, i) => !gone.includes(i)), results, convention, variadic);
  const symbol = module.declareFunction(`${module.nameOf(callee.symbol)}.for.${state.copies.size}`, signature, "local", module.attributes[callee.symbol]);
  const copy = callee.copy(symbol, signature);
  const entry = copy.order[0] as (typeof copy.order)[number];
  // Made first: making values moves the columns.
  const codes = known.map((one) => copy.address(one.code));
  const none = copy.int(Type.ptr, 0);
  const params = parameters.map((_, i) => copy.param(entry, i));
  const map = replacements.zeroed(copy.valueCount);
  const dead = new Uint8Array(copy.valueCount);
  for (const index of gone) {
    const param = params[index] as Value;
    dead[param] = 1;
    map[param] = none;
  }
  known.forEach(({ index, offset }, i) => {
    const param = params[index] as Value;
    if (offset === -1) map[param] = codes[i] as Value;
    else for (const v of loadsOf(copy, derivedFrom(copy, param), offset)) map[v] = codes[i] as Value;
  });
  copy.substitute(map);
  copy.removeParams(dead);
  const place = (index: number): number => index - gone.filter((one) => one < index).length;
  const behind = known.filter((one) => one.offset !== -1).map((one) => ({ ...one, index: place(one.index) }));
  if (behind.length > 0) state.behind.set(symbol, behind);
  module.functions.set(symbol, copy);
  context.made.push(copy);
  context.copyOf.set(symbol, context.copyOf.get(callee.symbol) ?? callee.symbol);
  return symbol;
}
