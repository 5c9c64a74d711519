/**
 * Joins the heads of loops of which one only leads to the other: `while` around an inner loop that skips (an iterator that filters) turns into two
 * loops whose inner head takes over what the outer one holds. With one head, the turn that keeps an element and the turn that skips one are ways
 * through one body, which `selects` and `rotate` know. Only where the inner loop goes on from what the outer one holds: loops that begin anew stay nested.
 */

import { IntColumn } from "../analysis/columns.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, Edge, IrFunction, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const headers: FunctionPass = { name: "headers", over: "function", upon: Subject.flow, needs: ["reachable"], breaks: ["laidOut"], run };

const replacements = new IntColumn();

function run(f: IrFunction, context: PassContext): boolean {
  if (f.order.length < 4) return false;
  let flow: ControlFlow | undefined;
  let changed = false;
  for (const outer of f.order) {
    const jump = f.terminator(outer);
    if (f.op[jump] !== Op.jump || f.first[outer] !== jump || f.firstParam[outer] === 0 || outer === f.order[0]) continue;
    const edge = f.a[jump] as Edge;
    const inner = f.edgeBlock(edge);
    if (inner === outer || !onlyOwnParams(f, outer, edge)) continue;
    flow ??= context.controlFlow(f).withDominators();
    if (flow.hasLoops && leads(flow, outer, inner, edge) && context.allow()) {
      join(f, flow, outer, inner, edge);
      changed = true;
      break; // what is known of the edges is no longer true
    }
  }
  if (changed) context.controlFlowChanged();
  return changed;
}

/** Every argument of the edge is a parameter of the block that it leaves. */
function onlyOwnParams(f: IrFunction, outer: Block, edge: Edge): boolean {
  for (let i = 0; i < (f.edgeArgCount[edge] as number); i++) {
    const arg = f.edgeArg(edge, i);
    if (f.op[arg] !== Op.param || f.block[arg] !== outer) return false;
  }
  return true;
}

/** Both are heads of loops, and the inner one is reached over `edge` or from its own loop only. */
function leads(flow: ControlFlow, outer: Block, inner: Block, edge: Edge): boolean {
  let outerTurns = false;
  for (let i = 0, n = flow.incomingCount(outer); i < n; i++) outerTurns ||= flow.dominates(outer, flow.source[flow.incomingEdge(outer, i)] as Block);
  const count = flow.incomingCount(inner);
  for (let i = 0; i < count; i++) {
    const other = flow.incomingEdge(inner, i);
    if (other !== edge && !flow.dominates(inner, flow.source[other] as Block)) return false;
  }
  return outerTurns && count > 1;
}

/** The inner head gets the outer one's parameters, too: unchanged while the inner loop turns. */
function join(f: IrFunction, flow: ControlFlow, outer: Block, inner: Block, edge: Edge): void {
  const own: Value[] = [];
  for (let p = f.firstParam[outer] as Value; p !== 0; p = f.nextOf(p)) own.push(p);
  const before: Value[] = [];
  for (let i = 0; i < (f.edgeArgCount[edge] as number); i++) before.push(f.edgeArg(edge, i));
  const taken = own.map((p) => f.addParam(inner, f.typeOf(p), f.position[p] as number));
  const map = replacements.zeroed(f.valueCount);
  own.forEach((p, i) => (map[p] = taken[i] as Value));
  f.substitute(map);
  before.forEach((arg, i) => f.setEdgeArg(edge, i, arg));
  for (let i = 0, n = flow.incomingCount(inner); i < n; i++) {
    const other = flow.incomingEdge(inner, i);
    for (let j = 0; j < own.length; j++) f.addEdgeArg(other, (other === edge ? own[j] : taken[j]) as Value);
  }
}
