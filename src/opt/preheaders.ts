/** Blocks before loops: a place that runs once whenever the loop is entered. Shared by the passes that move code out of loops. */

import type { Loops } from "../analysis/loops.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Edge, IrFunction } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { PassContext } from "./pass.ts";

/** Makes one for each loop that has none. Gives whether any was made; then control flow and loops must be computed anew. */
export function preheaders(f: IrFunction, context: PassContext, flow: ControlFlow, loops: Loops): boolean {
  let made = false;
  const count = loops.count;
  const outside: Edge[] = [];
  for (let loop = 0; loop < count; loop++) {
    const header = loops.header(loop);
    outside.length = 0;
    for (let i = 0, n = flow.incomingCount(header); i < n; i++) {
      const edge = flow.incomingEdge(header, i);
      if (!flow.dominates(header, flow.source[edge] as never)) outside.push(edge);
    }
    const only = outside[0];
    if (only === undefined || (outside.length === 1 && f.successorCount(flow.source[only] as never) === 1)) continue;
    const block = f.newBlock();
    f.order.pop();
    f.order.splice(f.order.indexOf(header), 0, block);
    const args: number[] = [];
    for (let p = f.firstParam[header] as number, i = 0; p !== 0; p = f.next[p] as number, i++)
      args.push(outside.length === 1 ? f.edgeArg(only, i) : f.addParam(block, f.type[p] as Type, f.position[p] as number));
    f.append(block, f.create(Op.jump, Type.void, f.edge(header, args), 0, 0, 0));
    for (const edge of outside) {
      f.edgeTarget[edge] = block;
      if (outside.length === 1) f.edgeArgCount[edge] = 0;
    }
    made = true;
  }
  if (made) context.controlFlowChanged();
  return made;
}
