/** How often each value is used, as a side table. */

import type { IrFunction } from "../ir/function.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import { IntColumn } from "./columns.ts";

const leaving = new IntColumn();

/** Counts the uses of every value by instructions, lists and edges of the blocks in the order. The result lives in `column`. */
export function countUses(f: IrFunction, column: IntColumn): Int32Array {
  const counts = column.zeroed(f.valueCount);
  const edges = leaving.room(f.edgeCount);
  const { op: ops, a, b, c, pool, next, edgeArgs, edgeArgCount } = f;
  for (const block of f.order) {
    for (let v = f.first[block] as number; v !== 0; v = next[v] as number) {
      const op = ops[v] as number;
      const values = opValueOperands[op] as number;
      if ((values & 1) !== 0) counts[a[v]]++;
      if ((values & 2) !== 0) counts[b[v]]++;
      if ((values & 4) !== 0) counts[c[v]]++;
      const which = opListOperand[op] as number;
      if (which !== 0) {
        const list = (which === 1 ? a[v] : which === 2 ? b[v] : c[v]) as number;
        if (list !== 0) for (let i = list + 1, end = i + (pool[list] as number); i < end; i++) counts[pool[i]]++;
      }
      if (op === Op.jump || op === Op.branch || op === Op.switch) {
        for (let s = 0, n = f.successors(block, edges, 0); s < n; s++) {
          const edge = edges[s] as number;
          const from = edgeArgs[edge] as number;
          for (let i = from, end = from + (edgeArgCount[edge] as number); i < end; i++) counts[pool[i]]++;
        }
      }
    }
  }
  return counts;
}
