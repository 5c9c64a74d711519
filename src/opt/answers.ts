/**
 * A block parameter that is only compared with a constant, or branched on, and is the order of two values (`(x >= y) + (x > y)`) or a constant on the ways to its block:
 * the comparison is made where the values come from, and the parameter is its outcome. `simplify` makes comparisons of the two values of them then.
 * Where all that is asked, more than once, is whether it is 0, the ways bring that answer.
 * One walk for the comparisons, one for the uses of what is compared.
 */

import { IntColumn } from "../analysis/columns.ts";
import { countUses } from "../analysis/uses.ts";
import { fold } from "../ir/fold.ts";
import { noValue, type Block, type IrFunction, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, isInteger } from "../ir/types.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const answers: FunctionPass = { name: "answers", over: "function", upon: Subject.values, settles: true, needs: ["reachable"], run };

const replacements = new IntColumn();
const uses = new IntColumn();

function run(f: IrFunction, context: PassContext): boolean {
  const candidates: Value[] = [];
  let orders = false;
  for (const block of f.order) {
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      const op = f.op[v] as number;
      if (op === Op.add && isOrder(f, v)) orders = true;
      if (op !== Op.branch && op !== Op.select && (!isComparison(f, v) || !f.isConst(f.arg1(v)))) continue;
      const p = f.arg0(v);
      if (f.op[p] === Op.param && f.block[p] !== f.order[0] && isInteger(f.typeOf(p))) candidates.push(v);
    }
  }
  if (!orders || candidates.length === 0) return false;
  const flow = context.controlFlow(f);
  const asked = candidates.filter((v) => comesAsOrder(f, flow, f.arg0(v)));
  if (asked.length === 0) return false;
  const used = countUses(f, uses);
  const made: (readonly [Value, Value])[] = [];
  const brought = new Set<Value>();
  let changed = false;
  for (const v of asked) {
    const p = f.arg0(v);
    if (f.op[v] === Op.select || used[p] !== 1) {
      if (!brought.has(p) && asksOnlyFor0(f, asked, p, used[p] as number) && context.allow()) {
        bringAnswers(f, flow, p);
        brought.add(p);
        changed = true;
      }
      continue;
    }
    if (!context.allow()) continue;
    changed = true;
    const isBranch = f.op[v] === Op.branch;
    const zero = f.int(f.typeOf(f.arg0(v)), 0);
    const answer = isBranch ? answered(f, flow, v, Op.ne, zero) : answered(f, flow, v, f.opOf(v), f.arg1(v));
    if (isBranch) f.a[v] = answer;
    else made.push([v, answer]);
  }
  if (made.length === 0) return changed;
  const map = replacements.zeroed(f.valueCount);
  for (const [v, by] of made) map[v] = by;
  f.substitute(map);
  for (const [v] of made) f.remove(v);
  return true;
}

/** Whether all uses of parameter `p` are among the questions, and ask whether it is 0. */
function asksOnlyFor0(f: IrFunction, asked: readonly Value[], p: Value, uses: number): boolean {
  let found = 0;
  for (const v of asked) {
    if (f.arg0(v) !== p) continue;
    const op = f.op[v];
    if (op === Op.select ? f.arg1(v) === p || f.arg2(v) === p : op !== Op.branch && ((op !== Op.eq && op !== Op.ne) || f.smallInt(f.arg1(v)) !== 0)) return false;
    found++;
  }
  return found === uses && f.typeOf(p) === Type.i8;
}

/** Over each edge comes whether what came is not 0. */
function bringAnswers(f: IrFunction, flow: ControlFlow, p: Value): void {
  const block = f.block[p] as Block;
  const index = f.a[p] as number;
  const zero = f.int(Type.i8, 0);
  for (let i = 0, n = flow.incomingCount(block); i < n; i++) {
    const edge = flow.incomingEdge(block, i);
    const arg = f.edgeArg(edge, index);
    const known = f.isConst(arg) ? fold(f, Op.ne, Type.i8, arg, zero) : noValue;
    const answer = known !== noValue ? known : f.insertBefore(f.terminator(flow.source[edge] as Block), f.create(Op.ne, Type.i8, arg, zero, 0, f.position[p] as number));
    f.setEdgeArg(edge, index, answer);
  }
}

/** Over all edges the parameter is a constant or an order, and an order over one at least. */
function comesAsOrder(f: IrFunction, flow: ControlFlow, p: Value): boolean {
  const block = f.block[p] as Block;
  let orders = 0;
  for (let i = 0, n = flow.incomingCount(block); i < n; i++) {
    const arg = f.edgeArg(flow.incomingEdge(block, i), f.a[p] as number);
    if (f.isConst(arg)) continue;
    if (!isOrder(f, arg)) return false;
    orders++;
  }
  return orders > 0;
}

function isOrder(f: IrFunction, v: Value): boolean {
  return f.op[v] === Op.add && isComparison(f, f.arg0(v)) && isComparison(f, f.arg1(v));
}

function isComparison(f: IrFunction, v: Value): boolean {
  const op = f.op[v] as number;
  return op >= Op.eq && op <= Op.uge;
}

/** A parameter that is what the comparison gives which `v` asks for: whether what it looks at is `op` the constant. */
function answered(f: IrFunction, flow: ControlFlow, v: Value, op: Op, constant: Value): Value {
  const p = f.arg0(v);
  const block = f.block[p] as Block;
  const index = f.a[p] as number;
  const result = f.addParam(block, Type.i8, f.position[v] as number);
  for (let i = 0, n = flow.incomingCount(block); i < n; i++) {
    const edge = flow.incomingEdge(block, i);
    const arg = f.edgeArg(edge, index);
    const known = f.isConst(arg) ? fold(f, op, Type.i8, arg, constant) : noValue;
    if (known !== noValue) {
      f.addEdgeArg(edge, known);
      continue;
    }
    const before = f.terminator(flow.source[edge] as Block);
    const asked = f.insertBefore(before, f.create(op, Type.i8, arg, constant, 0, f.position[v] as number));
    f.site[asked] = f.site[v] as number;
    f.addEdgeArg(edge, asked);
  }
  return result;
}
