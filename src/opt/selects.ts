/**
 * If-conversion: a branch around a few cheap instructions becomes `select`. Taken where both sides meet in one block, do nothing but pure
 * integer work of at most a few instructions, and few values differ. What could fault, trap or read memory is never executed early.
 */

import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, Edge, IrFunction, Value } from "../ir/function.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";
import { Type, isInteger } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";

export const selects: FunctionPass = { name: "selects", over: "function", needs: ["reachable"], breaks: ["reachable", "laidOut"], run };

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
  const edge = f.edge(join, args);
  f.op[branch] = Op.jump;
  f.a[branch] = edge;
  f.b[branch] = 0;
  f.c[branch] = 0;
  return true;
}

function choose(f: IrFunction, branch: Value, a: Value, b: Value): Value {
  const v = f.insertBefore(branch, f.create(Op.select, f.typeOf(a), f.a[branch] as number, a, b, f.position[branch] as number));
  f.site[v] = f.site[branch] as number;
  return v;
}

/** If an edge leads to a block of its own that holds only cheap pure work and a jump: the edge of that jump. Otherwise 0. */
function sideOf(f: IrFunction, flow: ControlFlow, edge: Edge, most: number): Edge {
  const block = f.edgeBlock(edge);
  const last = f.terminator(block);
  if (flow.incomingCount(block) !== 1 || f.op[last] !== Op.jump || f.firstParam[block] !== 0) return 0 as Edge;
  let count = 0;
  for (let v = f.first[block] as Value; v !== last; v = f.nextOf(v)) {
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
