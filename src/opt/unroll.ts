/**
 * Unrolls small inner loops. One that is known to turn a few times becomes its turns, one behind the other, without its test. One that hands what a turn
 * was given to the next one in another variable (`a = b`) is written twice, each copy with all its tests and ways out, so that nothing is known or needed
 * of how often it turns: such values then stay where they are more often. Other loops gain nothing from being written twice (measured).
 *
 * What a turn computes and others use comes from several places then. It goes through slots, which `promote` turns into block parameters afterwards.
 */

import { Loops } from "../analysis/loops.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, Edge, IrFunction, Value } from "../ir/function.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { copyInto, demote, slotFor } from "./blockCopies.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

/** How a loop is written: as all of its turns, or as two. */
type Form = "whole" | "twice";

/** Writes out what turns a few times. */
export const unroll: FunctionPass = { name: "unroll", over: "function", upon: Subject.flow, needs: ["reachable"], breaks: ["promoted", "laidOut"], run: writeWhole };
/** Writes small loops twice: once for each of them, so when nothing is inlined any more. */
export const unrollTwice: FunctionPass = { name: "unrollTwice", over: "function", upon: Subject.flow, needs: ["reachable"], breaks: ["promoted", "laidOut"], run: writeTwice };

const loops = new Loops();

/** Turns of a loop that is written out, and instructions that it may have then; instructions of one that is written twice. */
const limit = { turns: 16, whole: 200, twice: 40 } as const;
/** How often loops around those that were written out get their chance, and how many loops of a function in all. */
const rounds = 3;
const mostLoops = 64;

function writeWhole(f: IrFunction, context: PassContext): boolean {
  let changed = false;
  let budget = mostLoops;
  for (let round = 0; round < rounds; round++) {
    const written = writeInnermost(f, context, "whole", budget);
    if (written === 0) break;
    budget -= written;
    changed = true;
  }
  return changed;
}

function writeTwice(f: IrFunction, context: PassContext): boolean {
  return writeInnermost(f, context, "twice", mostLoops) > 0;
}

/** Writes innermost loops in one form, at most so many; gives how many. */
function writeInnermost(f: IrFunction, context: PassContext, form: Form, most: number): number {
  const flow = context.controlFlow(f);
  if (!flow.hasLoops) return 0;
  loops.compute(f, flow.withDominators());
  const plans = plan(f, flow, form).slice(0, most).filter(() => context.allow());
  for (const one of plans) holdOutside(f, one);
  for (const one of plans) write(f, one);
  if (plans.length > 0) context.controlFlowChanged();
  return plans.length;
}

interface Plan {
  readonly header: Block;
  /** In an order in which what is used was made. */
  readonly blocks: readonly Block[];
  readonly within: ReadonlySet<Block>;
  /** The block that goes back, and over which edge. */
  readonly latch: Block;
  readonly back: Edge;
  /** How often it turns, 0: not known. */
  readonly turns: number;
}

/** The innermost loops that are to be written in a form. */
function plan(f: IrFunction, flow: ControlFlow, form: Form): Plan[] {
  const hasInner = new Uint8Array(loops.count);
  for (let loop = 0; loop < loops.count; loop++) if (loops.parent(loop) >= 0) hasInner[loops.parent(loop)] = 1;
  const plans: Plan[] = [];
  const blocksOf = new Map<number, Block[]>();
  const sizes = new Float64Array(loops.count);
  for (let i = 0; i < flow.count; i++) {
    const block = flow.order[i] as Block;
    const loop = loops.loopOf(block);
    if (loop < 0 || hasInner[loop] === 1) continue;
    const list = blocksOf.get(loop);
    if (list === undefined) blocksOf.set(loop, [block]);
    else list.push(block);
    sizes[loop] = (sizes[loop] as number) + sizeOf(f, block);
  }
  for (const [loop, blocks] of blocksOf) {
    const size = sizes[loop] as number;
    const header = loops.header(loop);
    if (size > limit[form]) continue;
    const back = backEdge(f, flow, header);
    if (back === 0) continue;
    const latch = flow.source[back] as Block;
    const turns = form === "whole" ? turnsOf(f, flow, header, latch, back) : 0;
    const isWorthIt = form === "whole" ? turns > 0 && turns * size <= limit.whole : handsOn(f, header, back);
    if (isWorthIt) plans.push({ header, blocks, within: new Set(blocks), latch, back, turns });
  }
  return plans;
}

/** Instructions; a large number where the block is not to be copied. */
function sizeOf(f: IrFunction, block: Block): number {
  let size = 0;
  for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
    const op = f.op[v] as number;
    if (((opEffects[op] as number) & Effect.calls) !== 0 || op === Op.switch || op === Op.syscall || op === Op["frame.address"]) return Infinity;
    size++;
  }
  return size;
}

/** The only edge that goes back to a header, from a block that decides about it; else 0. */
function backEdge(f: IrFunction, flow: ControlFlow, header: Block): Edge {
  let back = 0 as Edge;
  for (let i = 0, n = flow.incomingCount(header); i < n; i++) {
    const edge = flow.incomingEdge(header, i);
    const source = flow.source[edge] as Block;
    if (!flow.dominates(header, source)) continue;
    if (back !== 0 || f.op[f.terminator(source)] !== Op.branch) return 0 as Edge;
    back = edge;
  }
  return back;
}

/** A turn hands what it was given in one parameter to the next turn in another one: each time round, registers would be copied. */
function handsOn(f: IrFunction, header: Block, back: Edge): boolean {
  let index = 0;
  for (let p = f.firstParam[header] as Value; p !== 0; p = f.nextOf(p), index++) {
    const next = f.edgeArg(back, index);
    if (next !== p && f.op[next] === Op.param && f.block[next] === header) return true;
  }
  return false;
}

/** How often the loop turns if nothing else ends it: a counter goes by constant steps from a constant to what the latch compares it with. 0: not known. */
function turnsOf(f: IrFunction, flow: ControlFlow, header: Block, latch: Block, back: Edge): number {
  const branch = f.terminator(latch);
  const condition = f.arg0(branch);
  const goesOn = f.b[branch] === back;
  if (goesOn === (f.c[branch] === back)) return 0;
  const op = f.opOf(condition);
  const bound = f.smallInt(f.arg1(condition));
  if (op < Op.eq || op > Op.uge || bound !== bound) return 0;
  const asked = f.arg0(condition);
  const type = f.typeOf(asked);
  if (type !== Type.i64 && type !== Type.i32) return 0;
  let index = 0;
  for (let p = f.firstParam[header] as Value; p !== 0; p = f.nextOf(p), index++) {
    const next = f.edgeArg(back, index);
    if ((asked !== p && asked !== next) || f.op[next] !== Op.add || f.arg0(next) !== p) continue;
    const step = f.smallInt(f.arg1(next));
    const from = startOf(f, flow, header, back, index);
    if (step !== step || from !== from) return 0;
    let at = from;
    for (let turn = 1; turn <= limit.turns; turn++) {
      const holds = compare(op, asked === p ? at : at + step, bound);
      if (holds === undefined) return 0;
      if (holds !== goesOn) return turn;
      at += step;
    }
    return 0;
  }
  return 0;
}

/** The constant that all ways into the loop give to a parameter of its header, or NaN. */
function startOf(f: IrFunction, flow: ControlFlow, header: Block, back: Edge, index: number): number {
  let from = NaN;
  for (let i = 0, n = flow.incomingCount(header); i < n; i++) {
    const edge = flow.incomingEdge(header, i);
    if (edge === back) continue;
    const value = f.smallInt(f.edgeArg(edge, index));
    if (value !== value || (from === from && from !== value)) return NaN;
    from = value;
  }
  return Math.abs(from) < 1e6 ? from : NaN;
}

/** Whether the comparison holds; undefined for an unsigned one of negative numbers. */
function compare(op: Op, a: number, b: number): boolean | undefined {
  switch (op) {
    case Op.eq: return a === b;
    case Op.ne: return a !== b;
    case Op.slt: return a < b;
    case Op.sle: return a <= b;
    case Op.sgt: return a > b;
    case Op.sge: return a >= b;
  }
  if (a < 0 || b < 0) return undefined;
  return op === Op.ult ? a < b : op === Op.ule ? a <= b : op === Op.ugt ? a > b : a >= b;
}

/** Values of the loop that are used behind it go through slots. */
function holdOutside(f: IrFunction, { within }: Plan): void {
  const slots = new Map<number, Value>();
  for (const block of f.order) {
    if (within.has(block)) continue;
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      f.forEachOperand(v, (operand) => {
        if (!f.isFloating(operand) && within.has(f.block[operand] as Block) && !slots.has(operand)) slots.set(operand, slotFor(f, operand));
      });
    }
  }
  demote(f, slots, within);
}

/** Writes the copies behind the loop, each going on to the next: the last one to the first, unless the turns are known. */
function write(f: IrFunction, one: Plan): void {
  const { header, blocks, latch, back, turns } = one;
  const copies = turns === 0 ? 2 : turns;
  let place = 0;
  for (const block of blocks) place = Math.max(place, f.order.indexOf(block) + 1);
  /** The copies' latches and edges back, the loop's own first. */
  const latches: Block[] = [latch];
  const backs: Edge[] = [back];
  const headers: Block[] = [header];
  for (let copy = 1; copy < copies; copy++) {
    const values = new Map<number, number>();
    const copied = new Map<Block, Block>();
    for (const block of blocks) {
      const to = f.newBlock();
      f.order.pop();
      f.order.splice(place++, 0, to);
      copied.set(block, to);
      for (let p = f.firstParam[block] as Value; p !== 0; p = f.nextOf(p)) values.set(p, f.addParam(to, f.typeOf(p), f.position[p] as number));
    }
    for (const block of blocks) {
      const to = copied.get(block) as Block;
      for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) copyInto(f, to, v, values);
      for (let s = 0, n = f.successorCount(to); s < n; s++) {
        const edge = f.successor(to, s);
        const target = copied.get(f.edgeBlock(edge));
        if (f.successor(block, s) === back) backs.push(edge);
        else if (target !== undefined) f.edgeTarget[edge] = target;
      }
    }
    latches.push(copied.get(latch) as Block);
    headers.push(copied.get(header) as Block);
  }
  for (let copy = 0; copy < copies; copy++) {
    f.edgeTarget[backs[copy] as number] = headers[(copy + 1) % copies] as Block;
    if (turns > 0) decide(f, latches[copy] as Block, backs[copy] as Edge, copy + 1 < copies);
  }
}

/** The block is known to go back, or not to. */
function decide(f: IrFunction, latch: Block, back: Edge, goesBack: boolean): void {
  const branch = f.terminator(latch);
  const edge = ((f.b[branch] === back) === goesBack ? f.b[branch] : f.c[branch]) as Edge;
  f.op[branch] = Op.jump;
  f.type[branch] = Type.void;
  f.a[branch] = edge;
  f.b[branch] = 0;
  f.c[branch] = 0;
}
