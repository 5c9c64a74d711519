/**
 * What chosen blocks compute for other blocks, handed on before the chosen ones are copied: what it is then depends on the way that was taken. A block that
 * only a chosen one leads to gets it as a parameter, and so do the blocks behind that one; elsewhere it goes through a slot, which `promote`
 * makes block parameters of afterwards. Copies made from then on hand on what they computed themselves: the arguments and the stores are copied with the block.
 */

import { ByteColumn } from "../analysis/columns.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, IrFunction, Value } from "../ir/function.ts";
import type { Type } from "../ir/types.ts";
import { reload, replaceOperands, slotFor, storeInSlots } from "./blockCopies.ts";

const chosenColumn = new ByteColumn();
/** More than a function has values: an edge and a value make one key. */
const keys = 2 ** 31;

/** Hands on the values of `blocks`; once for all of them, as each time is a walk over the function. `flow` knows the dominators. */
export function handOn(f: IrFunction, flow: ControlFlow, blocks: readonly Block[]): void {
  const chosen = chosenColumn.zeroed(f.blockCount);
  for (const block of blocks) chosen[block] = 1;
  const slots = new Map<number, Value>();
  const parameters = new Map<number, number>();
  replaceOperands(f, (operand, before) => {
    let value = operand;
    const block = f.blockOf(before);
    for (;;) {
      const from = f.block[value] as Block;
      // What floats is in no block.
      if ((from as number) < 0 || from === block || chosen[from] !== 1) return value;
      const parameter = behind(f, flow, value, block, parameters);
      if (parameter === 0) break;
      // Its block may be a chosen one as well.
      value = parameter;
    }
    const slot = slots.get(value) ?? slotFor(f, value as Value);
    slots.set(value, slot);
    return reload(f, slot, value, before);
  });
  storeInSlots(f, slots);
}

/** The value as a parameter of that block behind its own which nothing else leads to and after which alone `block` comes; 0 if there is none. */
function behind(f: IrFunction, flow: ControlFlow, value: number, block: Block, parameters: Map<number, number>): number {
  const from = f.block[value] as Block;
  for (let s = 0, n = f.successorCount(from); s < n; s++) {
    const edge = f.successor(from, s);
    const target = f.edgeBlock(edge);
    if (flow.incomingCount(target) !== 1 || !flow.dominates(target, block)) continue;
    const key = edge * keys + value;
    const there = parameters.get(key);
    if (there !== undefined) return there;
    f.addEdgeArg(edge, value as Value);
    const parameter = f.addParam(target, f.type[value] as Type, f.position[value] as number);
    parameters.set(key, parameter);
    return parameter;
  }
  return 0;
}
