/** How often each value is used, as a side table. */

import type { IrFunction } from "../ir/function.ts";
import { Op, opListOperand, opValueOperands } from "../ir/ops.ts";
import { IntColumn } from "./columns.ts";

/** Counts the uses of every value by instructions, lists and edges of the blocks in the order. The result lives in `column`. */
export function countUses(f: IrFunction, column: IntColumn): Int32Array {
  const counts = column.zeroed(f.valueCount);
  const { op: ops, a, b, c, pool, next } = f;
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
        for (let s = 0, n = f.successorCount(block); s < n; s++) {
          const edge = f.successor(block, s);
          const from = f.edgeArgs[edge] as number;
          for (let i = from, end = from + (f.edgeArgCount[edge] as number); i < end; i++) counts[pool[i]]++;
        }
      }
    }
  }
  return counts;
}
