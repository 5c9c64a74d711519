/**
 * Turns `while` loops into guarded `do … while` loops: the header, if it is short and decides about leaving, is copied before the loop, and what was
 * the header runs at the end of each turn. The loop then has one branch a turn, and what stands first in its body is executed whenever it is
 * entered, so that `hoist` may move it out: this copy is the guard that architecture.md asks for.
 *
 * Values of the header that are used elsewhere now come from two places: the blocks behind the header get them as parameters. Where such a block has
 * other ways in, they go through slots, which `promote` turns into block parameters afterwards. At most a fixed number of instructions is copied per loop.
 */

import { ByteColumn, IntColumn } from "../analysis/columns.ts";
import { Loops } from "../analysis/loops.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, Edge, IrFunction, Value } from "../ir/function.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";
import { copyInto, reload, replaceOperands, slotFor, storeInSlots } from "./blockCopies.ts";
import type { Type } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const rotate: FunctionPass = { name: "rotate", over: "function", upon: Subject.flow, needs: ["reachable"], breaks: ["promoted", "laidOut"], run };

const loops = new Loops();
const chosenColumn = new ByteColumn();
const yesColumn = new IntColumn();
const noColumn = new IntColumn();
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

/**
 * What the headers compute for other blocks is handed on: to what comes behind a block that only the header leads to, as a parameter of that
 * block; elsewhere through a slot. Once for all headers: each time is a walk over the function.
 */
function handOn(f: IrFunction, flow: ControlFlow, headers: readonly Block[]): void {
  const chosen = chosenColumn.zeroed(f.blockCount);
  for (const header of headers) chosen[header] = 1;
  const values = f.valueCount;
  const behindYes = yesColumn.zeroed(values);
  const behindNo = noColumn.zeroed(values);
  const slots = new Map<number, Value>();
  replaceOperands(f, (operand, before) => {
    const header = f.block[operand] as Block;
    const block = f.blockOf(before);
    // What floats is in no block.
    if ((header as number) < 0 || header === block || chosen[header] !== 1) return operand;
    const last = f.terminator(header);
    const yes = handOver(f, flow, operand, f.b[last] as Edge, block, behindYes);
    if (yes !== 0) return yes;
    const no = handOver(f, flow, operand, f.c[last] as Edge, block, behindNo);
    if (no !== 0) return no;
    const slot = slots.get(operand) ?? slotFor(f, operand as Value);
    slots.set(operand, slot);
    return reload(f, slot, operand, before);
  });
  storeInSlots(f, slots);
}

/** The value as a parameter of the edge's target, if nothing else leads there and `block` comes behind it; 0 otherwise. `made`: those there are. */
function handOver(f: IrFunction, flow: ControlFlow, v: number, edge: Edge, block: Block, made: Int32Array): number {
  const target = f.edgeBlock(edge);
  if (flow.incomingCount(target) !== 1 || !flow.dominates(target, block)) return 0;
  if (made[v] !== 0) return made[v] as number;
  f.addEdgeArg(edge, v as Value);
  return (made[v] = f.addParam(target, f.type[v] as Type, f.position[v] as number));
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
