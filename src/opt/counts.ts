/**
 * Reference counts that cancel: one more owner, and later in the same block one less, of the same count, with nothing in between that could see or
 * change the count. The functions that count are known by an attribute: `counts.up(count)`, and `counts.down(count) -> 1 if none is left`. Whoever
 * counted up knew of an owner, so the count does not reach 0. Linear but for the look back from each way down, which is bounded.
 */

import { IntColumn } from "../analysis/columns.ts";
import { MemoryFacts } from "../analysis/memory.ts";
import type { IrFunction, List, SymbolId, Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const counts: FunctionPass = { name: "counts", over: "function", upon: Subject.calls, needs: ["reachable"], run };

/** How many instructions lie between a pair at most. */
const lookBack = 200;

const facts = new MemoryFacts();
const replacements = new IntColumn();

function run(f: IrFunction, context: PassContext): boolean {
  const { module } = context;
  const downs: Value[] = [];
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) if (kindOf(module, f, v) === "counts.down") downs.push(v);
  }
  if (downs.length === 0) return false;
  facts.compute(module, f, context.controlFlow(f));
  const no = f.int(Type.i8, 0);
  const map = replacements.zeroed(f.valueCount);
  let changed = false;
  for (const down of downs) {
    const up = partner(module, f, down);
    if (up === 0 || !context.allow()) continue;
    f.remove(up);
    f.remove(down);
    map[down] = no;
    changed = true;
  }
  if (changed) f.substitute(map);
  return changed;
}

function kindOf(module: Module, f: IrFunction, v: Value): string | undefined {
  return f.op[v] === Op.call ? module.attributes[f.a[v] as SymbolId]?.memory : undefined;
}

/** The way up that a way down takes back, or 0. */
function partner(module: Module, f: IrFunction, down: Value): Value {
  const count = f.listItem(f.b[down] as List, 0);
  let v = f.previous[down] as Value;
  for (let steps = 0; v !== 0 && steps < lookBack; v = f.previous[v] as Value, steps++) {
    const kind = kindOf(module, f, v);
    if (kind === "counts.up") {
      if (same(f, f.listItem(f.b[v] as List, 0), count)) return v;
      continue; // another owner more is no harm
    }
    if (mayMeet(f, v, count)) return 0 as Value;
  }
  return 0 as Value;
}

/** Two addresses that are one. */
function same(f: IrFunction, one: Value, other: Value): boolean {
  return one === other || (facts.rootOf(one) === facts.rootOf(other) && offsetOf(f, one) === offsetOf(f, other));
}

/** How far an address lies behind its root; NaN where that is not known. */
function offsetOf(f: IrFunction, address: Value): number {
  let sum = 0;
  for (let at = address; f.op[at] === Op["ptr.add"]; at = f.arg0(at)) sum += f.smallInt(f.arg1(at));
  return sum;
}

/** The instruction may see or change the count. */
function mayMeet(f: IrFunction, v: Value, count: Value): boolean {
  const op = f.opOf(v);
  const effects = opEffects[op] as number;
  if ((effects & (Effect.reads | Effect.writes | Effect.calls)) === 0) return false;
  if (op !== Op.load && op !== Op.store) return true;
  const address = op === Op.load ? f.arg0(v) : f.arg1(v);
  const type = f.typeOf(op === Op.load ? v : f.arg0(v));
  const root = facts.rootOf(address);
  const countRoot = facts.rootOf(count);
  if (root !== countRoot) return type === Type.i64 ? facts.rootsMayMeet(root, countRoot) : op === Op.store && facts.rootsMayMeet(root, countRoot);
  const from = offsetOf(f, address) + ((op === Op.load ? f.b[v] : f.c[v]) as number);
  const at = offsetOf(f, count);
  return !(from + (typeSize[type] as number) <= at || from >= at + 8);
}
