/**
 * If-conversion: a branch around a few cheap instructions becomes `select`. Taken where both sides meet in one block, do nothing but pure
 * integer work of at most a few instructions, and few values differ. What could fault, trap or read memory is never executed early; a checked sum
 * that one side adds to may become a sum with nothing on the other.
 */

import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, Edge, IrFunction, Value } from "../ir/function.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";
import { Type, isInteger } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const selects: FunctionPass = { name: "selects", over: "function", upon: Subject.flow, needs: ["reachable"], breaks: ["reachable", "laidOut"], run };

function run(f: IrFunction, context: PassContext): boolean {
  if (f.order.length < 2) return false;
  const flow = context.controlFlow(f);
  let changed = false;
  // From the last block to the first: an inner `if` may become part of an outer one's cheap side.
  for (let i = flow.count - 1; i >= 0; i--) changed = convert(f, flow, flow.order[i] as Block, context) || changed;
  if (changed) context.controlFlowChanged();
  return changed;
}

function convert(f: IrFunction, flow: ControlFlow, block: Block, context: PassContext): boolean {
  const branch = f.terminator(block);
  if (f.op[branch] !== Op.branch) return false;
  const yes = f.b[branch] as Edge;
  const no = f.c[branch] as Edge;
  const most = context.thorough ? 3 : 2;
  if (context.thorough && (convertSum(f, flow, branch, yes, no, most, context) || convertSum(f, flow, branch, no, yes, most, context))) return true;
  const yesSide = sideOf(f, flow, yes, most);
  const noSide = sideOf(f, flow, no, most);
  // Where each way ends up, and over which edge its arguments come.
  let yesEnd = yes;
  let noEnd = no;
  if (yesSide !== 0 && noSide !== 0 && f.edgeBlock(yesSide) === f.edgeBlock(noSide)) {
    yesEnd = yesSide;
    noEnd = noSide;
  } else if (f.edgeBlock(yes) === f.edgeBlock(no)) {
    if (f.edgeBlock(yes) === block) return false;
  } else if (yesSide !== 0 && f.edgeBlock(yesSide) === f.edgeBlock(no)) yesEnd = yesSide;
  else if (noSide !== 0 && f.edgeBlock(noSide) === f.edgeBlock(yes)) noEnd = noSide;
  else return false;
  const join = f.edgeBlock(yesEnd);
  if (join === block || join === f.edgeBlock(yes) && yesEnd !== yes) return false;
  let differing = 0;
  for (let i = 0; i < (f.edgeArgCount[yesEnd] as number); i++) {
    const a = f.edgeArg(yesEnd, i);
    if (a === f.edgeArg(noEnd, i)) continue;
    if (!isInteger(f.typeOf(a)) || f.typeOf(a) === Type.i128) return false;
    differing++;
  }
  if (differing > (context.thorough ? 2 : 1) || !context.allow()) return false;
  if (yesEnd !== yes) moveSide(f, f.edgeBlock(yes), branch);
  if (noEnd !== no) moveSide(f, f.edgeBlock(no), branch);
  const args: number[] = [];
  for (let i = 0; i < (f.edgeArgCount[yesEnd] as number); i++) {
    const a = f.edgeArg(yesEnd, i);
    const b = f.edgeArg(noEnd, i);
    args.push(a === b ? a : choose(f, branch, a, b));
  }
  jumpTo(f, branch, f.edge(join, args));
  return true;
}

/**
 * A side that adds something to a value which the other way leaves as it is adds nothing there instead: what decides is off the way of the sum, and a check
 * of it holds for nothing. Gives whether it was done.
 */
function convertSum(f: IrFunction, flow: ControlFlow, branch: Value, side: Edge, other: Edge, most: number, context: PassContext): boolean {
  const block = f.edgeBlock(side);
  const last = f.terminator(block);
  const sum = f.previous[last] as Value;
  if (sum === 0 || neutralZero[f.op[sum] as number] !== true || !isInteger(f.typeOf(sum)) || f.typeOf(sum) === Type.i128) return false;
  const end = sideOf(f, flow, side, most + 1, sum);
  if (end === 0 || f.edgeBlock(end) !== f.edgeBlock(other)) return false;
  let at = -1;
  for (let i = 0; i < (f.edgeArgCount[end] as number); i++) {
    if (f.edgeArg(end, i) === f.edgeArg(other, i)) continue;
    if (at >= 0 || f.edgeArg(end, i) !== sum) return false;
    at = i;
  }
  if (at < 0) return false;
  const kept = f.edgeArg(other, at);
  const commutes = ((opEffects[f.op[sum] as number] as number) & Effect.commutes) !== 0;
  const added = f.arg0(sum) === kept ? f.arg1(sum) : commutes && f.arg1(sum) === kept ? f.arg0(sum) : (0 as Value);
  if (added === 0 || added === kept || !context.allow()) return false;
  moveSide(f, block, branch);
  const nothing = f.int(f.typeOf(sum), 0);
  const chosen = side === f.b[branch] ? choose(f, branch, added, nothing) : choose(f, branch, nothing, added);
  f.remove(sum);
  f.insertBefore(branch, sum);
  f.a[sum] = kept;
  f.b[sum] = chosen;
  const args: number[] = [];
  for (let i = 0; i < (f.edgeArgCount[end] as number); i++) args.push(f.edgeArg(end, i));
  jumpTo(f, branch, f.edge(f.edgeBlock(end), args));
  return true;
}

/** What leaves its first operand as it is where the second one is 0. */
const neutralZero: Readonly<Record<number, boolean>> = {
  [Op.add]: true, [Op.sub]: true, [Op.or]: true, [Op.xor]: true,
  [Op["sadd.trap"]]: true, [Op["uadd.trap"]]: true, [Op["ssub.trap"]]: true, [Op["usub.trap"]]: true,
};

function jumpTo(f: IrFunction, branch: Value, edge: Edge): void {
  f.op[branch] = Op.jump;
  f.a[branch] = edge;
  f.b[branch] = 0;
  f.c[branch] = 0;
}

function choose(f: IrFunction, branch: Value, a: Value, b: Value): Value {
  const v = f.insertBefore(branch, f.create(Op.select, f.typeOf(a), f.a[branch] as number, a, b, f.position[branch] as number));
  f.site[v] = f.site[branch] as number;
  return v;
}

/** If an edge leads to a block of its own that holds only cheap pure work, `sum`, and a jump: the edge of that jump. Otherwise 0. */
function sideOf(f: IrFunction, flow: ControlFlow, edge: Edge, most: number, sum: Value = 0 as Value): Edge {
  const block = f.edgeBlock(edge);
  const last = f.terminator(block);
  if (flow.incomingCount(block) !== 1 || f.op[last] !== Op.jump || f.firstParam[block] !== 0) return 0 as Edge;
  let count = 0;
  for (let v = f.first[block] as Value; v !== last; v = f.nextOf(v)) {
    if (v === sum) continue;
    const op = f.opOf(v);
    const cheap = ((opEffects[op] as number) & ~Effect.commutes) === 0 && op !== Op.mul && op !== Op.smulh && op !== Op.umulh && op < Op.feq && op !== Op.result;
    const extension = op === Op.sext || op === Op.zext || op === Op.trunc || op === Op.select || op === Op["ptr.add"];
    if ((!cheap && !extension) || f.typeOf(v) === Type.i128 || ++count > most) return 0 as Edge;
  }
  const target = f.edgeBlock(f.a[last] as Edge);
  return target === block ? (0 as Edge) : (f.a[last] as Edge);
}

function moveSide(f: IrFunction, from: Block, branch: Value): void {
  const last = f.terminator(from);
  for (let v = f.first[from] as Value; v !== last; ) {
    const after = f.nextOf(v);
    f.remove(v);
    f.insertBefore(branch, v);
    f.flags[v] = 0; // what was proved on that side only
    v = after;
  }
}
