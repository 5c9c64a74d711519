/**
 * Puts the bodies of called functions in place of calls. Functions come callees first, so what is copied is optimised already. Each
 * copied instruction gets an inline site, so that a stack trace shows the same frames as without inlining.
 *
 * Taken: `inline.always`; what is called from one place only; what costs little more than the call. Not taken: recursion, cold functions and
 * calls in cold blocks, `inline.never`. Linear in what is copied.
 *
 * Known functions as arguments (closures), or in slots whose address is an argument (iterators that hold them), make a callee worth more: the calls
 * through them become direct. So what was copied is looked through for calls: those that are known now, and last ones. `inlineKnown` does only this, for what later
 * passes found out.
 */

import { KnownFunctions } from "../analysis/knownFunctions.ts";
import type { IrFunction, SymbolId, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { beginSplices, copiedCalls, replaceResults, splice } from "./inlineBody.ts";
import { InlineFacts, isCold, limits } from "./inlineWorth.ts";
import { Subject } from "./subjects.ts";

/** Of a function that others may change, it notes the cost. */
const upon = Subject.bodies | Subject.flow | Subject.values | Subject.stores | Subject.ranges | Subject.slots;

export const inline: FunctionPass = { name: "inline", over: "function", upon, needs: ["reachable"], breaks: ["reachable", "promoted", "laidOut"], run: (f, context) => run(f, context, "all") };
export const inlineKnown: FunctionPass = { ...inline, name: "inlineKnown", upon: Subject.indirectCalls, settles: true, run: (f, context) => run(f, context, "known") };

/** What `inline` leaves at -O2: the functions that `elide` and `counts` know. */
export const inlineMemory: FunctionPass = { ...inline, name: "inlineMemory", upon: Subject.bodies, run: (f, context) => run(f, context, "memory") };

function run(f: IrFunction, context: PassContext, which: "all" | "known" | "memory"): boolean {
  if (which === "known" && !callsKnown(f)) return false;
  const facts = factsOf(context);
  let changed = false;
  const limit = context.small ? limits.small : context.thorough ? limits.thorough : limits.ordinary;
  let size = facts.costOf(f);
  const most = size + limit.growth;
  beginSplices();
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
  const worthOf = (v: Value, known: boolean): number => (known ? limit.known : 0) + limit.known * functions.amongArguments(v);
  /** Calls that were not worth it so far. */
  const left: Value[] = [];
  const blocks = f.order.slice();
  for (const block of blocks) {
    const cold = isCold(f, block);
    // Inlining moves the rest of the block to a new one: `at` walks along.
    for (let v = f.first[block] as Value; v !== 0; ) {
      const after = f.nextOf(v);
      const known = f.op[v] === Op["call.indirect"] && nameCallee(f, v, context);
      if (known) changed = true;
      if (f.op[v] !== Op.call || (which === "known" && !known) || !take(v, cold, worthOf(v, known))) {
        if (f.op[v] === Op.call) left.push(v);
        v = after;
        continue;
      }
      v = after !== 0 && f.block[after] === -1 ? firstAfterResults(f, after) : after;
    }
  }
  let seen = 0;
  const lookThroughCopies = (): void => {
    for (; seen < copiedCalls.length; seen++) {
      const v = copiedCalls[seen] as Value;
      if (f.block[v] === -1) continue;
      const known = f.op[v] === Op["call.indirect"] && nameCallee(f, v, context);
      if (f.op[v] !== Op.call) continue;
      const worth = worthOf(v, known);
      if ((which !== "known" || worth > 0) && !take(v, isCold(f, f.blockOf(v)), worth)) left.push(v);
    }
  };
  lookThroughCopies();
  // The last call of a function is worth more than one of several.
  if (changed && which === "all") {
    for (const v of left) if (take(v, isCold(f, f.blockOf(v)), worthOf(v, false))) lookThroughCopies();
  }
  if (changed) {
    context.controlFlowChanged();
    replaceResults(f);
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

const factsByContext = new WeakMap<PassContext, InlineFacts>();

function factsOf(context: PassContext): InlineFacts {
  const facts = factsByContext.get(context) ?? new InlineFacts(context.module, context.callGraph(), context.roots, context.copyOf);
  factsByContext.set(context, facts);
  return facts;
}
