/** What passes act upon. Each names its own, and one whose subjects a function has none of is not run on it: most functions have nothing for most passes. */

import type { IrFunction, SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";

export const Subject = {
  /** Ways to go: more than one block, or one that ends in a jump. */
  flow: 1,
  slots: 2,
  /** Whatever only gives a value, loads among it, and checks. */
  values: 4,
  /** Two stores or more: one may make another needless. */
  stores: 8,
  /** Writes of ranges. */
  ranges: 16,
  calls: 32,
  /** Calls of functions with bodies here, and of those that may turn out to be. */
  bodies: 64,
  indirectCalls: 128,
} as const;

/** What has more values than this is taken to have everything: to look would cost more than the passes that find nothing. */
const few = 16;

const everything = 255;

/** By operation. A store needs a second one, a direct call a body. */
export const subjectOfOp = Uint8Array.from(opEffects, (effects, op) => {
  if (op === Op.jump || op === Op.branch || op === Op.switch) return Subject.flow;
  if (op === Op.copy || op === Op.move || op === Op.fill) return Subject.ranges;
  if (op === Op["call.indirect"]) return Subject.calls | Subject.bodies | Subject.indirectCalls;
  if (op === Op.call) return Subject.calls;
  const elsewhere = op === Op.none || op === Op.param || (effects & (Effect.floats | Effect.writes | Effect.terminates)) !== 0;
  return elsewhere ? 0 : Subject.values;
});

/** Bits of `Subject`: what the function has in its blocks, or more. */
export function subjectsOf(f: IrFunction, module: Module): number {
  if (f.valueCount > few) return everything;
  const { op: ops, next } = f;
  let found = (f.order.length > 1 ? Subject.flow : 0) | (f.slotCount > 0 ? Subject.slots : 0);
  let stores = 0;
  for (const block of f.order) {
    for (let v = f.first[block] as number; v !== 0; v = next[v] as number) {
      const op = ops[v] as number;
      found |= subjectOfOp[op] as number;
      if (op === Op.store) stores++;
      else if (op === Op.call && (found & Subject.bodies) === 0 && module.functions.has(f.a[v] as SymbolId)) found |= Subject.bodies;
    }
  }
  return stores > 1 ? found | Subject.stores : found;
}
