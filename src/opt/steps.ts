/**
 * What a loop counts steps on at the end of its turn: `i + 1`, made at the start for the next turn, moves to the block that goes back, behind the last
 * look at `i`. Both then live one after the other, in one register, and the way back has nothing to copy. Where that block still asks whether `i` was
 * the last (`i == 9`), it asks the same of what follows (`i + 1 == 10`), which is as good for equality, whatever wraps.
 */

import { IntColumn } from "../analysis/columns.ts";
import { countUses } from "../analysis/uses.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, Edge, IrFunction, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const steps: FunctionPass = { name: "steps", over: "function", upon: Subject.flow, needs: ["reachable"], run };

const uses = new IntColumn();

function run(f: IrFunction, context: PassContext): boolean {
  let flow = context.controlFlow(f);
  if (!flow.hasLoops) return false;
  flow = flow.withDominators();
  let counts: Int32Array | undefined;
  let changed = false;
  for (const block of f.order) {
    for (let s = 0, n = f.successorCount(block); s < n; s++) {
      const edge = f.successor(block, s);
      const header = f.edgeBlock(edge);
      if (!flow.dominates(header, block)) continue;
      for (let i = 0, count = f.edgeArgCount[edge] as number; i < count; i++) {
        const counter = f.param(header, i);
        const next = f.edgeArg(edge, i);
        if (!isStep(f, flow, next, counter, block)) continue;
        counts ??= countUses(f, uses);
        if (askOfNext(f, context, block, counter, next, counts)) changed = true;
        if (sink(f, context, block, next, counts)) changed = true;
      }
    }
  }
  return changed;
}

/** `next` is `counter` and a constant, made wherever `block` is reached from. */
function isStep(f: IrFunction, flow: ControlFlow, next: Value, counter: Value, block: Block): boolean {
  const op = f.opOf(next);
  return (op === Op.add || op === Op["ptr.add"]) && f.arg0(next) === counter && f.isConst(f.arg1(next)) && flow.dominates(f.block[next] as Block, block);
}

/** The condition that ends the block, if it is a comparison in it. */
function conditionOf(f: IrFunction, block: Block): Value | undefined {
  const end = f.terminator(block);
  if (f.op[end] !== Op.branch) return undefined;
  const condition = f.arg0(end);
  return f.block[condition] === block && f.op[condition] !== Op.param && !f.isFloating(condition) ? condition : undefined;
}

/** `counter == limit` at the block's end becomes `next == limit + step`. */
function askOfNext(f: IrFunction, context: PassContext, block: Block, counter: Value, next: Value, counts: Int32Array): boolean {
  const condition = conditionOf(f, block);
  if (condition === undefined || (f.op[condition] !== Op.eq && f.op[condition] !== Op.ne) || f.arg0(condition) !== counter) return false;
  const type = f.typeOf(counter);
  const limit = f.arg1(condition);
  if (!f.isConst(limit) || type === Type.ptr || type === Type.i128 || !context.allow()) return false;
  if (f.block[next] === block) {
    f.remove(next);
    f.insertBefore(condition, next);
  }
  f.a[condition] = next;
  f.b[condition] = f.big(type, f.bigOf(limit) + f.bigOf(f.arg1(next)));
  counts[counter] = (counts[counter] as number) - 1;
  counts[next] = (counts[next] as number) + 1;
  return true;
}

/** Moves the step to the end of the block, if nobody needs it before. */
function sink(f: IrFunction, context: PassContext, block: Block, next: Value, counts: Int32Array): boolean {
  let here = 0;
  let first = 0 as Value;
  const end = f.terminator(block);
  for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
    if (v === end) break;
    const uses = usesOf(f, v, next);
    if (uses > 0 && first === 0) first = v;
    here += uses;
  }
  for (let s = 0, n = f.successorCount(block); s < n; s++) here += usesOfEdge(f, f.successor(block, s), next);
  if (f.op[end] === Op.branch && f.arg0(end) === next) here++;
  if (here !== counts[next]) return false;
  const place = first !== 0 ? first : behindAll(f, block);
  if (f.nextOf(next) === place || !context.allow()) return false;
  f.remove(next);
  f.insertBefore(place, next);
  return true;
}

/** The last place of the block where flags are nobody's: a comparison stays beside its branch, and a step beside the comparison that it may serve as. */
function behindAll(f: IrFunction, block: Block): Value {
  const condition = conditionOf(f, block);
  if (condition === undefined) return f.terminator(block);
  const before = f.previous[condition] as Value;
  return before !== 0 && before === f.arg0(condition) && f.op[before] === Op.add ? before : condition;
}

function usesOf(f: IrFunction, user: Value, v: Value): number {
  let uses = 0;
  f.forEachOperand(user, (operand) => { if (operand === v) uses++; });
  return uses;
}

function usesOfEdge(f: IrFunction, edge: Edge, v: Value): number {
  let uses = 0;
  for (let i = 0, n = f.edgeArgCount[edge] as number; i < n; i++) if (f.edgeArg(edge, i) === v) uses++;
  return uses;
}
