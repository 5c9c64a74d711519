/**
 * The order of the blocks: reverse postorder with each loop in one piece and what ends the program last. `order` is what the text shows and what
 * code generators start from. Linear.
 */

import { ByteColumn, IntColumn, IntList } from "../analysis/columns.ts";
import { Loops } from "../analysis/loops.ts";
import { ValueFlag, type Block, type IrFunction } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const layout: FunctionPass = { name: "layout", over: "function", upon: Subject.flow, needs: ["reachable"], makes: ["laidOut"], run };

const loops = new Loops();
const coldBlocks = new ByteColumn();
const firstItem = new IntColumn();
const lastItem = new IntColumn();
const nextItem = new IntList();
const itemBlock = new IntList();

function run(f: IrFunction, context: PassContext): boolean {
  if (f.order.length < 3 || !context.allow()) return false;
  const flow = context.controlFlow(f).withDominators();
  loops.compute(f, flow);
  const cold = coldBlocks.zeroed(f.blockCount);
  for (let i = flow.count - 1; i > 0; i--) {
    const block = flow.order[i] as Block;
    if (endsProgram(f, block)) cold[block] = 1;
    else {
      const count = f.successorCount(block);
      let all = count > 0;
      for (let s = 0; s < count && all; s++) all = cold[f.edgeTarget[f.successor(block, s)] as number] === 1;
      if (all) cold[block] = 1;
    }
  }
  // Items of each loop (index 0: of none) in reverse postorder: its own blocks, and the headers of the loops within, which stand for those.
  const first = firstItem.filled(loops.count + 1, -1);
  const last = lastItem.filled(loops.count + 1, -1);
  nextItem.clear();
  itemBlock.clear();
  const add = (list: number, block: Block): void => {
    nextItem.push(-1);
    itemBlock.push(block);
    const item = itemBlock.length - 1;
    if (first[list] === -1) first[list] = item;
    else nextItem.data[last[list] as number] = item;
    last[list] = item;
  };
  for (let i = 0; i < flow.count; i++) {
    const block = flow.order[i] as Block;
    const loop = loops.loopOf(block);
    if (loop >= 0 && loops.header(loop) === block) add(loops.parent(loop) + 1, block);
    add(loop + 1, block);
  }
  const order: Block[] = [];
  const later: Block[] = [];
  const stack: number[] = [first[0] as number];
  const inside: number[] = [-1];
  while (stack.length > 0) {
    const item = stack.pop() as number;
    const loop = inside.pop() as number;
    if (item < 0) continue;
    stack.push(nextItem.data[item] as number);
    inside.push(loop);
    const block = itemBlock.data[item] as Block;
    const headed = loops.headedBy(block);
    if (headed >= 0 && headed !== loop) {
      stack.push(first[headed + 1] as number);
      inside.push(headed);
    } else (cold[block] === 1 ? later : order).push(block);
  }
  for (let i = 0; i < later.length; i++) order.push(later[i] as Block);
  let same = 0;
  while (same < order.length && f.order[same] === order[same]) same++;
  if (same < order.length) f.order = order;
  return same < order.length;
}

/** Ends in a trap, or after a call that does not return. */
function endsProgram(f: IrFunction, block: Block): boolean {
  const last = f.last[block] as number;
  if (f.op[last] === Op.trap) return true;
  if (f.op[last] !== Op.unreachable) return false;
  const before = f.previous[last] as number;
  return before === 0 || (f.op[before] === Op.call && ((f.flags[before] as number) & ValueFlag.noreturn) !== 0);
}
