/**
 * A loop that asks whether this was its last turn, and only if not takes its step on the way back (as `for i in 1..=n` does, which must not step
 * beyond the largest number), takes the step before it asks: `i == n` becomes `i + 1 == n + 1`, which is as good for equality, whatever wraps,
 * and `n + 1` is made before the loop. The way back is then empty, and the loop's last jump is the one that decides.
 */

import { IntColumn } from "../analysis/columns.ts";
import { countUses } from "../analysis/uses.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, IrFunction, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, isInteger } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const lastTurns: FunctionPass = { name: "lastTurns", over: "function", upon: Subject.flow, needs: ["reachable"], run };

const uses = new IntColumn();

function run(f: IrFunction, context: PassContext): boolean {
  let flow = context.controlFlow(f);
  if (!flow.hasLoops) return false;
  flow = flow.withDominators();
  let counts: Int32Array | undefined;
  let changed = false;
  for (const block of f.order) {
    const next = f.first[block] as Value;
    const end = f.last[block] as Value;
    if (f.op[next] !== Op.add || f.nextOf(next) !== end || f.op[end] !== Op.jump || flow.incomingCount(block) !== 1) continue;
    const header = f.edgeBlock(f.successor(block, 0));
    const counter = f.arg0(next);
    if (f.op[counter] !== Op.param || f.blockOf(counter) !== header || !f.isConst(f.arg1(next)) || !flow.dominates(header, block)) continue;
    counts ??= countUses(f, uses);
    if (stepFirst(f, context, flow, header, block, next, counts)) changed = true;
  }
  return changed;
}

/** `next` alone stands in `back`, on the way back to `header`. */
function stepFirst(f: IrFunction, context: PassContext, flow: ControlFlow, header: Block, back: Block, next: Value, counts: Int32Array): boolean {
  const asks = flow.source[flow.incomingEdge(back, 0)] as Block;
  const end = f.terminator(asks);
  const type = f.typeOf(next);
  if (f.op[end] !== Op.branch || !isInteger(type) || type === Type.i128) return false;
  const condition = f.arg0(end);
  if ((f.op[condition] !== Op.eq && f.op[condition] !== Op.ne) || f.blockOf(condition) !== asks || counts[condition] !== 1) return false;
  const counter = f.arg0(next);
  const limit = f.arg0(condition) === counter ? f.arg1(condition) : f.arg1(condition) === counter ? f.arg0(condition) : counter;
  const before = flow.immediateDominator[header] as Block;
  if (limit === counter || (!f.isFloating(limit) && !flow.dominates(f.blockOf(limit), before)) || !context.allow()) return false;
  const step = f.arg1(next);
  f.remove(next);
  f.flags[next] = 0; // in the last turn it may wrap now
  f.insertBefore(condition, next);
  let moved: Value;
  if (f.isConst(limit)) moved = f.big(type, f.bigOf(limit) + f.bigOf(step));
  else {
    moved = f.create(Op.add, type, limit, step, 0, f.position[condition] as number);
    f.insertBefore(placeIn(f, before), moved);
  }
  f.a[condition] = next;
  f.b[condition] = moved;
  return true;
}

/** The end of a block, before the comparison that its branch asks. */
function placeIn(f: IrFunction, block: Block): Value {
  const end = f.terminator(block);
  const previous = f.previous[end] as Value;
  return f.op[end] === Op.branch && previous !== 0 && previous === f.arg0(end) ? previous : end;
}
