/** What control does not get to: shared by the passes that cut it off. */

import { ByteColumn } from "../analysis/columns.ts";
import type { Block, IrFunction, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import type { PassContext } from "./pass.ts";

const reached = new ByteColumn();
const stack: number[] = [];

/** Takes blocks that the entry does not reach out of the order. */
export function removeUnreachable(f: IrFunction, context: PassContext): boolean {
  if (f.order.length === 1) return false;
  const seen = reached.zeroed(f.blockCount);
  stack.length = 0;
  const entry = f.order[0] as Block;
  seen[entry] = 1;
  stack.push(entry);
  let count = 0;
  for (let block = stack.pop(); block !== undefined; block = stack.pop()) {
    count++;
    for (let s = 0, n = f.successorCount(block as Block); s < n; s++) {
      const target = f.edgeTarget[f.successor(block as Block, s)] as number;
      if (seen[target] !== 0) continue;
      seen[target] = 1;
      stack.push(target);
    }
  }
  if (count === f.order.length) return false;
  let kept = 0;
  for (const block of f.order) {
    if (seen[block] !== 0) {
      f.order[kept++] = block;
      continue;
    }
    // Their values must not be taken for uses or definitions by whoever walks all values.
    for (let v = f.first[block] as number; v !== 0; v = f.next[v] as number) f.block[v] = -1;
    for (let v = f.firstParam[block] as number; v !== 0; v = f.next[v] as number) f.block[v] = -1;
  }
  f.order.length = kept;
  context.controlFlowChanged();
  return true;
}

/** A `trap.if` whose condition is known to hold ends its block. `removeUnreachable` must follow. */
export function endByTrap(f: IrFunction, v: Value, context: PassContext): void {
  const block = f.blockOf(v);
  for (let after = f.last[block] as number; after !== v; after = f.last[block] as number) f.remove(after as Value);
  f.op[v] = Op.trap;
  f.a[v] = f.b[v] as number;
  f.b[v] = f.c[v] as number;
  f.c[v] = 0;
  context.controlFlowChanged();
}
