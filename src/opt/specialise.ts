/**
 * Copies of functions for the closures that they are called with, where they are too large to inline or call themselves: the copy has the closure's
 * code instead of the parameter, so that its calls are direct and can be inlined. One copy for each callee and closure, however many calls. The copies go
 * through the passes after the function that asked for them (`context.made`). Linear in what is copied.
 */

import { IntColumn } from "../analysis/columns.ts";
import type { List, SymbolId, Value, IrFunction } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import type { Type } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";

export const specialise: FunctionPass = { name: "specialise", over: "function", run };

/** Instructions of a callee that is copied at most, and of all copies of a module. */
const largestCallee = 3000;
const allCopies = 60_000;

interface Made {
  /** Copies by callee and what is known of its arguments; 0: none is to be made. */
  readonly copies: Map<string, SymbolId | 0>;
  copied: number;
}

const madeIn = new WeakMap<PassContext, Made>();

function run(f: IrFunction, context: PassContext): boolean {
  if (!takesFunctions(f, context.module)) return false;
  let changed = false;
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      if (f.op[v] === Op.call && specialiseCall(f, v, context)) changed = true;
    }
  }
  return changed;
}

/** Whether the function names the address of a function at all. */
function takesFunctions(f: IrFunction, module: Module): boolean {
  for (let v = 1; v < f.valueCount; v++) if (f.op[v] === Op.address && module.functions.has(f.a[v] as SymbolId)) return true;
  return false;
}

function specialiseCall(f: IrFunction, call: Value, context: PassContext): boolean {
  const { module } = context;
  const list = f.b[call] as List;
  const known: number[] = [];
  for (let i = 0; i < f.listLength(list); i++) {
    const argument = f.listItem(list, i);
    if (f.op[argument] === Op.address && f.b[argument] === 0 && module.functions.has(f.a[argument] as SymbolId)) known.push(i);
  }
  if (known.length === 0) return false;
  const callee = module.functions.get(f.a[call] as SymbolId);
  if (callee === undefined) return false;
  // The environments of closures that capture nothing are known, too.
  const fixed = known.flatMap((i) => {
    const environment = i + 1 < f.listLength(list) ? f.listItem(list, i + 1) : 0;
    return environment !== 0 && f.isConst(environment as Value) && f.a[environment] === 0 && f.b[environment] === 0 ? [i, i + 1] : [i];
  });
  const key = `${callee.symbol} ${fixed.map((i) => `${i}:${f.a[f.listItem(list, i)]}`).join(" ")}`;
  let made = madeIn.get(context);
  if (made === undefined) madeIn.set(context, (made = { copies: new Map(), copied: 0 }));
  let symbol = made.copies.get(key);
  if (symbol === undefined) {
    symbol = worthCopying(callee, known, context, made) && context.allow() ? copyFor(callee, f, list, fixed, context, made) : 0;
    made.copies.set(key, symbol);
  }
  if (symbol === 0) return false;
  const rest: number[] = [];
  for (let i = 0; i < f.listLength(list); i++) if (!fixed.includes(i)) rest.push(f.listItem(list, i));
  const args = f.list(rest);
  f.a[call] = symbol;
  f.b[call] = args;
  return true;
}

/** The callee calls what it is given, or hands it on, and may be copied. */
function worthCopying(callee: IrFunction, known: readonly number[], context: PassContext, made: Made): boolean {
  const attributes = context.module.attributes[callee.symbol];
  if (attributes === undefined || attributes.cold || attributes.noreturn || attributes.inline === "never") return false;
  let size = 0;
  let uses = false;
  const entry = callee.order[0];
  if (entry === undefined) return false;
  const params = known.map((i) => callee.param(entry, i));
  for (const block of callee.order) {
    for (let v = callee.first[block] as Value; v !== 0; v = callee.nextOf(v)) {
      size++;
      const op = callee.op[v];
      if (op === Op["call.indirect"]) uses ||= params.includes(callee.arg0(v));
      if (op !== Op.call && op !== Op["call.indirect"]) continue;
      const list = callee.b[v] as List;
      for (let i = 0; i < callee.listLength(list) && !uses; i++) uses = params.includes(callee.listItem(list, i));
    }
  }
  if (!uses || size > largestCallee || made.copied + size > allCopies) return false;
  made.copied += size;
  return true;
}

const replacements = new IntColumn();

/** A copy of the callee in which the parameters `fixed` are the arguments of the call. */
function copyFor(callee: IrFunction, f: IrFunction, list: List, fixed: readonly number[], context: PassContext, made: Made): SymbolId {
  const { module } = context;
  const { parameters, results, convention, variadic } = module.signatureOf(callee.symbol);
  const kept = parameters.filter((_, i) => !fixed.includes(i));
  const signature = module.signature(kept, results, convention, variadic);
  const symbol = module.declareFunction(`${module.nameOf(callee.symbol)}.for.${made.copies.size}`, signature, "local", module.attributes[callee.symbol]);
  const copy = callee.copy(symbol, signature);
  const entry = copy.order[0] as (typeof copy.order)[number];
  const params = fixed.map((i) => copy.param(entry, i));
  const values = fixed.map((i) => {
    const argument = f.listItem(list, i);
    return f.op[argument] === Op.address ? copy.address(f.a[argument] as SymbolId) : copy.int(f.type[argument] as Type, 0);
  });
  const map = replacements.zeroed(copy.valueCount);
  const dead = new Uint8Array(copy.valueCount);
  params.forEach((param, i) => {
    map[param] = values[i] as Value;
    dead[param] = 1;
  });
  copy.substitute(map);
  copy.removeParams(dead);
  module.functions.set(symbol, copy);
  context.made.push(copy);
  context.copyOf.set(symbol, context.copyOf.get(callee.symbol) ?? callee.symbol);
  return symbol;
}
