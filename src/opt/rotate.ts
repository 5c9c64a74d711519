/**
 * Turns `while` loops into guarded `do … while` loops: the header, if it is short and decides about leaving, is copied before the loop, and what was
 * the header runs at the end of each turn. The loop then has one branch a turn, and what stands first in its body is executed whenever it is
 * entered, so that `hoist` may move it out: this copy is the guard that architecture.md asks for.
 *
 * Values of the header that are used elsewhere now come from two places. They go through slots, which `promote` turns into block
 * parameters afterwards. At most a fixed number of instructions is copied per loop.
 */

import { Loops } from "../analysis/loops.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, Edge, IrFunction, List, Value } from "../ir/function.ts";
import { Effect, Op, opEffects, opListOperand, opValueOperands } from "../ir/ops.ts";
import { typeSize, type Type } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";

export const rotate: FunctionPass = { name: "rotate", over: "function", needs: ["reachable"], breaks: ["promoted", "laidOut"], run };

const loops = new Loops();
const limit = { ordinary: 6, thorough: 12 } as const;

function run(f: IrFunction, context: PassContext): boolean {
  if (context.small) return false;
  let changed = false;
  // A rotated loop does not qualify again, so this ends; what a rotation touched waits for the next round.
  for (let round = 0; round < 8; round++) {
    const flow = context.controlFlow(f);
    if (!flow.hasLoops) break;
    loops.compute(f, flow.withDominators());
    const touched = new Set<Block>();
    for (let loop = 0; loop < loops.count; loop++) {
      const header = loops.header(loop);
      if (touched.has(header) || !qualifies(f, flow, loop, context)) continue;
      const targets = [0, 1].map((s) => f.edgeBlock(f.successor(header, s)));
      if (targets.some((target) => touched.has(target)) || !context.allow()) continue;
      for (const target of [header, ...targets]) touched.add(target);
      rotateLoop(f, flow, header);
    }
    if (touched.size === 0) break;
    context.controlFlowChanged();
    changed = true;
  }
  return changed;
}

function qualifies(f: IrFunction, flow: ControlFlow, loop: number, context: PassContext): boolean {
  const header = loops.header(loop);
  const last = f.terminator(header);
  if (f.op[last] !== Op.branch) return false;
  const inside = [f.b[last] as Edge, f.c[last] as Edge].filter((edge) => loops.contains(loop, f.edgeBlock(edge)));
  const body = inside[0];
  // A loop of one block is rotated already, and so is one whose header is entered by a latch that decides.
  if (inside.length !== 1 || body === undefined || f.edgeBlock(body) === header) return false;
  let latches = 0;
  for (let i = 0, n = flow.incomingCount(header); i < n; i++) {
    const source = flow.source[flow.incomingEdge(header, i)] as Block;
    if (!flow.dominates(header, source)) continue;
    latches++;
    if (f.successorCount(source) !== 1) return false;
  }
  if (latches !== 1) return false;
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
  demote(f, header);
  const guard = f.newBlock();
  f.order.pop();
  f.order.splice(f.order.indexOf(header), 0, guard);
  const values = new Map<number, number>();
  for (let p = f.firstParam[header] as Value; p !== 0; p = f.nextOf(p)) values.set(p, f.addParam(guard, f.typeOf(p), f.position[p] as number));
  for (let v = f.first[header] as Value; v !== 0; v = f.nextOf(v)) copyInto(f, guard, v, values);
  for (const edge of entering) f.edgeTarget[edge] = guard;
}

function copyInto(f: IrFunction, block: Block, v: Value, values: Map<number, number>): void {
  const map = (operand: number) => values.get(operand) ?? operand;
  const mapList = (list: number): List => {
    const items: number[] = [];
    for (let i = 0; i < f.listLength(list as List); i++) items.push(map(f.listItem(list as List, i)));
    return f.list(items);
  };
  const mapEdge = (edge: number): Edge => {
    const args: number[] = [];
    for (let i = 0; i < (f.edgeArgCount[edge] as number); i++) args.push(map(f.edgeArg(edge as Edge, i)));
    return f.edge(f.edgeBlock(edge as Edge), args);
  };
  const op = f.opOf(v);
  const operands = opValueOperands[op] as number;
  const which = opListOperand[op];
  const branches = op === Op.branch;
  const a = f.a[v] as number;
  const b = f.b[v] as number;
  const c = f.c[v] as number;
  const copy = f.create(op, f.typeOf(v),
    (operands & 1) !== 0 ? map(a) : which === 1 ? mapList(a) : a,
    (operands & 2) !== 0 ? map(b) : which === 2 ? mapList(b) : branches ? mapEdge(b) : b,
    (operands & 4) !== 0 ? map(c) : which === 3 ? mapList(c) : branches ? mapEdge(c) : c, f.position[v] as number);
  f.flags[copy] = f.flags[v] as number;
  f.site[copy] = f.site[v] as number;
  f.append(block, copy);
  values.set(v, copy);
}

/** Values of the header that other blocks use are stored to slots where they are made, and loaded where they are used. */
function demote(f: IrFunction, header: Block): void {
  const slots = new Map<number, Value>();
  const slotOf = (v: number): Value => {
    const known = slots.get(v);
    if (known !== undefined) return known;
    const size = typeSize[f.type[v] as number] as number;
    const address = f.slotAddress(f.slot(size, size));
    slots.set(v, address);
    return address;
  };
  const reload = (v: number, before: Value): number => {
    if (f.block[v] !== header || f.isFloating(v as Value)) return v;
    return f.insertBefore(before, f.create(Op.load, f.type[v] as Type, slotOf(v), 0, 0, f.position[before] as number));
  };
  for (const block of f.order) {
    if (block === header) continue;
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      const op = f.opOf(v);
      const operands = opValueOperands[op] as number;
      if ((operands & 1) !== 0) { const to = reload(f.a[v] as number, v); f.a[v] = to; }
      if ((operands & 2) !== 0) { const to = reload(f.b[v] as number, v); f.b[v] = to; }
      if ((operands & 4) !== 0) { const to = reload(f.c[v] as number, v); f.c[v] = to; }
      const which = opListOperand[op] as number;
      if (which !== 0) {
        const list = (which === 1 ? f.a[v] : which === 2 ? f.b[v] : f.c[v]) as List;
        for (let i = 0; i < f.listLength(list); i++) f.setListItem(list, i, reload(f.listItem(list, i), v) as Value);
      }
      if (op !== Op.jump && op !== Op.branch && op !== Op.switch) continue;
      for (let s = 0, n = f.successorCount(block); s < n; s++) {
        const edge = f.successor(block, s);
        for (let i = 0; i < (f.edgeArgCount[edge] as number); i++) f.setEdgeArg(edge, i, reload(f.edgeArg(edge, i), v) as Value);
      }
    }
  }
  for (const [v, address] of slots) {
    const store = f.create(Op.store, f.type[v] as Type, v, address, 0, f.position[v] as number);
    const isParam = f.op[v] === Op.param;
    const place = isParam ? (f.first[header] as number) : (f.next[v] as number);
    f.insertBefore(place as Value, store);
  }
}
