/**
 * Jump threading: where a short block decides by what an edge into it brings — the tag of an optional that was just made, a flag that was just set —
 * this edge goes to where the decision leads, with a copy of the block's work on the way. Values of the block that are used elsewhere are
 * handed on (`handOn`). Heads of loops stay as they are. At most a fixed number of instructions is copied per edge.
 */

import type { ControlFlow } from "../ir/controlFlow.ts";
import { fold } from "../ir/fold.ts";
import { noValue, type Block, type Edge, type IrFunction, type Value } from "../ir/function.ts";
import { Effect, Op, opEffects, opValueOperands } from "../ir/ops.ts";
import { copyEdge, copyInto } from "./blockCopies.ts";
import { handOn } from "./handOn.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";
import { removeUnreachable } from "./unreachable.ts";

export const threading: FunctionPass = { name: "threading", over: "function", upon: Subject.flow, settles: true, needs: ["reachable"], breaks: ["promoted", "laidOut"], run };

const limit = { ordinary: 5, thorough: 10 } as const;
/** Edges of a function that are threaded at most at a time. */
const mostEdges = 400;

interface Decided {
  readonly block: Block;
  readonly edge: Edge;
  /** The way that the block goes when it is reached over `edge`. */
  readonly taken: Edge;
}

function run(f: IrFunction, context: PassContext): boolean {
  if (f.order.length < 3) return false;
  let flow: ControlFlow | undefined;
  const found: Decided[] = [];
  let threaded: Set<Edge> | undefined;
  for (const block of f.order) {
    if (!mayDecide(f, block, context)) continue;
    flow ??= context.controlFlow(f);
    let isHead: boolean | undefined;
    for (let i = 0, n = flow.incomingCount(block); i < n && found.length < mostEdges; i++) {
      const edge = flow.incomingEdge(block, i);
      const taken = decision(f, block, edge);
      // A way that was chosen to be threaded itself, as its target stands before this block, leads into a copy by then that has this block's values.
      if (taken === 0 || threaded?.has(taken) === true) continue;
      // Dominators are asked for where they matter only.
      isHead ??= block === f.order[0] || isHeader(flow.withDominators(), block);
      if (isHead || !context.allow()) continue;
      found.push({ block, edge, taken });
      (threaded ??= new Set()).add(edge);
    }
  }
  if (flow === undefined || found.length === 0) return false;
  handOn(f, flow.withDominators(), found.map((one) => one.block));
  for (const one of found) thread(f, one);
  context.controlFlowChanged();
  // A block may have lost all ways into it.
  removeUnreachable(f, context);
  return true;
}

/** The block has parameters, does a little pure work, and decides. */
function mayDecide(f: IrFunction, block: Block, context: PassContext): boolean {
  if (f.firstParam[block] === 0) return false;
  const last = f.terminator(block);
  if (f.op[last] !== Op.branch && f.op[last] !== Op.switch) return false;
  let count = 0;
  for (let v = f.first[block] as Value; v !== last; v = f.nextOf(v)) {
    if (((opEffects[f.op[v] as number] as number) & ~Effect.commutes) !== 0 || f.op[v] === Op.result) return false;
    if (++count > (context.thorough ? limit.thorough : limit.ordinary)) return false;
  }
  return true;
}

function isHeader(flow: ControlFlow, block: Block): boolean {
  for (let i = 0, n = flow.incomingCount(block); i < n; i++) if (flow.dominates(block, flow.source[flow.incomingEdge(block, i)] as Block)) return true;
  return false;
}

/** Where the block goes with the arguments of an edge; 0 if they do not tell. */
function decision(f: IrFunction, block: Block, edge: Edge): Edge {
  const last = f.terminator(block);
  const value = valueOver(f, block, edge, f.arg0(last), 0);
  if (value === noValue) return 0 as Edge;
  if (f.op[last] === Op.branch) return (f.a[value] !== 0 ? f.b[last] : f.c[last]) as Edge;
  for (let i = 0; i < f.switchCount(last); i++) if (f.switchLow(last, i) === f.a[value] && f.switchHigh(last, i) === f.b[value]) return f.switchEdge(last, i);
  return f.c[last] as Edge;
}

/** The constant that a value is when the block is reached over an edge, or `noValue`. */
function valueOver(f: IrFunction, block: Block, edge: Edge, v: Value, depth: number): Value {
  if (f.isConst(v)) return v;
  if (f.block[v] !== block || depth > 4) return noValue;
  const op = f.opOf(v);
  if (op === Op.param) {
    const arg = f.edgeArg(edge, f.a[v] as number);
    return f.isConst(arg) ? arg : noValue;
  }
  const operands = opValueOperands[op] as number;
  if ((operands & 1) === 0 || (operands & 4) !== 0) return noValue;
  const a = valueOver(f, block, edge, f.arg0(v), depth + 1);
  if (a === noValue) return noValue;
  const b = (operands & 2) === 0 ? noValue : valueOver(f, block, edge, f.arg1(v), depth + 1);
  if ((operands & 2) !== 0 && b === noValue) return noValue;
  return fold(f, op, f.typeOf(v), a, b);
}

/** Gives the edge a copy of the block that goes the way that is taken. */
function thread(f: IrFunction, { block, edge, taken }: Decided): void {
  const copy = f.newBlock();
  f.order.pop();
  f.order.splice(f.order.indexOf(block), 0, copy);
  const values = new Map<number, number>();
  const last = f.terminator(block);
  for (let p = f.firstParam[block] as Value; p !== 0; p = f.nextOf(p)) values.set(p, f.edgeArg(edge, f.a[p] as number));
  for (let v = f.first[block] as Value; v !== last; v = f.nextOf(v)) copyInto(f, copy, v, values);
  const onward = copyEdge(f, taken, values);
  const jump = f.create(Op.jump, f.typeOf(last), onward, 0, 0, f.position[last] as number);
  f.site[jump] = f.site[last] as number;
  f.append(copy, jump);
  f.edgeTarget[edge] = copy;
  f.edgeArgCount[edge] = 0;
}
