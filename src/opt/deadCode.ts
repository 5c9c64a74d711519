/**
 * Removes what nothing that is seen from outside depends on: instructions, block parameters with their arguments, and unused slots.
 * Everything is dead until a write, call, trap or terminator needs it, so rings of values that only feed each other go too.
 * A trap stays although its result is unused. Linear.
 */

import { ByteColumn, IntList } from "../analysis/columns.ts";
import { ValueFlag, type Block, type IrFunction, type Value } from "../ir/function.ts";
import { Effect, Op, opEffects, opListOperand, opValueOperands } from "../ir/ops.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

const live = new ByteColumn();
const deadParams = new ByteColumn();
const work = new IntList();

export const deadCode: FunctionPass = { name: "deadCode", over: "function", upon: Subject.flow | Subject.values | Subject.slots, settles: true, needs: ["reachable"], run };

function run(f: IrFunction, context: PassContext): boolean {
  // One decision for all: what is dead falls together.
  if (!context.allow()) return false;
  const flow = context.controlFlow(f);
  const marked = live.zeroed(f.valueCount);
  const { op: ops, a, b, c, pool, next } = f;
  work.clear();
  for (const block of f.order) {
    for (let v = f.first[block] as number; v !== 0; v = next[v] as number) {
      const effects = opEffects[ops[v] as number] as number;
      if ((effects & (Effect.writes | Effect.traps | Effect.terminates | Effect.calls)) !== 0) mark(marked, v);
      else if (ops[v] === Op.load && ((f.flags[v] as number) & ValueFlag.volatile) !== 0) mark(marked, v);
    }
  }
  while (work.length > 0) {
    const v = work.pop();
    const op = ops[v] as number;
    if (op === Op.param) {
      const block = f.block[v] as Block;
      for (let i = flow.incomingStart[block] as number, end = flow.incomingStart[block + 1] as number; i < end; i++)
        mark(marked, pool[(f.edgeArgs[flow.incoming[i] as number] as number) + (a[v] as number)] as number);
      continue;
    }
    const values = opValueOperands[op] as number;
    if ((values & 1) !== 0) mark(marked, a[v] as number);
    if ((values & 2) !== 0) mark(marked, b[v] as number);
    if ((values & 4) !== 0) mark(marked, c[v] as number);
    const which = opListOperand[op] as number;
    if (which !== 0) {
      const list = (which === 1 ? a[v] : which === 2 ? b[v] : c[v]) as number;
      if (list !== 0) for (let i = list + 1, end = i + (pool[list] as number); i < end; i++) mark(marked, pool[i] as number);
    }
  }
  return sweep(f, marked);
}

function mark(marked: Uint8Array, v: number): void {
  if (marked[v] !== 0) return;
  marked[v] = 1;
  work.push(v);
}

function sweep(f: IrFunction, marked: Uint8Array): boolean {
  let changed = false;
  const dead = deadParams.zeroed(f.valueCount);
  let someParams = false;
  const entry = f.order[0];
  for (const block of f.order) {
    for (let v = f.last[block] as number; v !== 0; ) {
      const before = f.previous[v] as number;
      if (marked[v] === 0) {
        f.remove(v as Value);
        changed = true;
      }
      v = before;
    }
    if (block === entry) continue;
    for (let v = f.firstParam[block] as number; v !== 0; v = f.next[v] as number) {
      if (marked[v] !== 0) continue;
      dead[v] = 1;
      someParams = true;
    }
  }
  if (someParams) {
    f.removeParams(dead);
    changed = true;
  }
  return freeSlots(f, marked) || changed;
}

function freeSlots(f: IrFunction, marked: Uint8Array): boolean {
  if (f.slotCount === 0) return false;
  const dead = deadParams.zeroed(f.slotCount).fill(1, 0, f.slotCount);
  for (let v = 1; v < f.valueCount; v++) if (f.op[v] === Op.slot && marked[v] !== 0) dead[f.a[v] as number] = 0;
  let some = false;
  for (let slot = 0; slot < f.slotCount; slot++) if (dead[slot] === 1) some = true;
  if (some) f.removeSlots(dead);
  return some;
}
