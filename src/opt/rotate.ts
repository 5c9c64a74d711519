/**
 * Turns `while` loops into guarded `do … while` loops: the header, if it is short and decides about leaving, is copied before the loop, and what was
 * the header runs at the end of each turn. The loop then has one branch a turn, and what stands first in its body is executed whenever it is
 * entered, so that `hoist` may move it out: this copy is the guard that architecture.md asks for.
 *
 * Values of the header that are used elsewhere now come from two places, and are handed on (`handOn`). At most a fixed number of instructions is copied per loop.
 */

import { Loops } from "../analysis/loops.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, Edge, IrFunction, Value } from "../ir/function.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";
import { copyInto } from "./blockCopies.ts";
import { handOn } from "./handOn.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const rotate: FunctionPass = { name: "rotate", over: "function", upon: Subject.flow, needs: ["reachable"], breaks: ["promoted", "laidOut"], run };

const loops = new Loops();
const limit = { ordinary: 6, thorough: 12 } as const;

function run(f: IrFunction, context: PassContext): boolean {
  if (context.small) return false;
  let changed = false;
  // A rotated loop does not qualify again, so this ends; what a rotation touched waits for the next round, and so does what a loop within touches.
  for (let round = 0; round < 8; round++) {
    const flow = context.controlFlow(f);
    if (!flow.hasLoops) break;
    loops.compute(f, flow.withDominators());
    const touched = new Set<Block>();
    const chosen: Block[] = [];
    for (let loop = 0; loop < loops.count; loop++) {
      const header = loops.header(loop);
      if (touched.has(header) || !qualifies(f, flow, loop, context)) continue;
      const last = f.terminator(header);
      const yes = f.edgeBlock(f.b[last] as Edge);
      const no = f.edgeBlock(f.c[last] as Edge);
      // Loops whose body begins with another loop's header wait for that: turned first, they would share it, and the inner one would stay as it is.
      if (waitsFor(f, flow, yes, loop, context) || waitsFor(f, flow, no, loop, context)) continue;
      if (touched.has(yes) || touched.has(no) || !context.allow()) continue;
      touched.add(header).add(yes).add(no);
      chosen.push(header);
    }
    if (chosen.length === 0) break;
    handOn(f, flow, chosen);
    for (const header of chosen) rotateLoop(f, flow, header);
    context.controlFlowChanged();
    changed = true;
  }
  return changed;
}

/** The block heads a loop within this one that is to be turned itself. */
function waitsFor(f: IrFunction, flow: ControlFlow, block: Block, loop: number, context: PassContext): boolean {
  const inner = loops.loopOf(block);
  return inner >= 0 && inner !== loop && loops.header(inner) === block && loops.contains(loop, block) && qualifies(f, flow, inner, context);
}

function qualifies(f: IrFunction, flow: ControlFlow, loop: number, context: PassContext): boolean {
  const header = loops.header(loop);
  const last = f.terminator(header);
  if (f.op[last] !== Op.branch) return false;
  const yes = f.edgeBlock(f.b[last] as Edge);
  const no = f.edgeBlock(f.c[last] as Edge);
  const staysIn = loops.contains(loop, yes);
  // A loop of one block is rotated already, and so is one whose header is entered by a latch that decides about leaving.
  if (staysIn === loops.contains(loop, no) || (staysIn ? yes : no) === header) return false;
  let latches = 0;
  for (let i = 0, n = flow.incomingCount(header); i < n; i++) {
    const source = flow.source[flow.incomingEdge(header, i)] as Block;
    if (!flow.dominates(header, source)) continue;
    latches++;
    for (let s = 0, count = f.successorCount(source); s < count; s++) if (!loops.contains(loop, f.edgeBlock(f.successor(source, s)))) return false;
  }
  if (latches === 0) return false;
  let count = 0;
  for (let v = f.first[header] as Value; v !== last; v = f.nextOf(v)) {
    const effects = opEffects[f.op[v] as number] as number;
    if ((effects & Effect.calls) !== 0 || ++count > (context.thorough ? limit.thorough : limit.ordinary)) return false;
  }
  return true;
}

function rotateLoop(f: IrFunction, flow: ControlFlow, header: Block): void {
  const entering: Edge[] = [];
  for (let i = 0, n = flow.incomingCount(header); i < n; i++) {
    const edge = flow.incomingEdge(header, i);
    if (!flow.dominates(header, flow.source[edge] as Block)) entering.push(edge);
  }
  const guard = f.newBlock();
  f.order.pop();
  f.order.splice(f.order.indexOf(header), 0, guard);
  const values = new Map<number, number>();
  for (let p = f.firstParam[header] as Value; p !== 0; p = f.nextOf(p)) values.set(p, f.addParam(guard, f.typeOf(p), f.position[p] as number));
  for (let v = f.first[header] as Value; v !== 0; v = f.nextOf(v)) copyInto(f, guard, v, values);
  for (const edge of entering) f.edgeTarget[edge] = guard;
}
