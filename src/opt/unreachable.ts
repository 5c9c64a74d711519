/** What control does not get to: shared by the passes that cut it off. */

import { ByteColumn, IntColumn } from "../analysis/columns.ts";
import type { Block, IrFunction, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import type { PassContext } from "./pass.ts";

const reached = new ByteColumn();
const waiting = new IntColumn();
const leaving = new IntColumn();

/** Takes blocks that the entry does not reach out of the order. */
export function removeUnreachable(f: IrFunction, context: PassContext): boolean {
  if (f.order.length === 1) return false;
  const seen = reached.zeroed(f.blockCount);
  const found = waiting.room(f.blockCount);
  const edges = leaving.room(f.edgeCount);
  const { edgeTarget } = f;
  const entry = f.order[0] as Block;
  seen[entry] = 1;
  found[0] = entry;
  let count = 1;
  for (let i = 0; i < count; i++) {
    for (let s = 0, n = f.successors(found[i] as Block, edges, 0); s < n; s++) {
      const target = edgeTarget[edges[s] as number] as number;
      if (seen[target] !== 0) continue;
      seen[target] = 1;
      found[count++] = target;
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
