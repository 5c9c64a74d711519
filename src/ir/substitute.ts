/** One sweep over a function that puts other values in the place of operands. */

import type { Block, IrFunction } from "./function.ts";
import { opListOperand, opValueOperands } from "./ops.ts";

/** Replaces operands by `map[operand]` where that is not 0, in all instructions, lists and edges, following chains. */
export function substituteOperands(f: IrFunction, map: Int32Array): void {
  const find = (v: number): number => {
    let to = v;
    while (map[to] !== 0 && map[to] !== undefined) to = map[to] as number;
    if (to !== v) for (let at = v; at !== to; ) { const after = map[at] as number; map[at] = to; at = after; }
    return to;
  };
  const { op: ops, a, b, c, next, pool, order } = f;
  for (let i = 0; i < order.length; i++) {
    const block = order[i] as Block;
    for (let v = f.first[block] as number; v !== 0; v = next[v] as number) {
      const op = ops[v] as number;
      const values = opValueOperands[op] as number;
      if ((values & 1) !== 0 && map[a[v] as number] !== 0) a[v] = find(a[v] as number);
      if ((values & 2) !== 0 && map[b[v] as number] !== 0) b[v] = find(b[v] as number);
      if ((values & 4) !== 0 && map[c[v] as number] !== 0) c[v] = find(c[v] as number);
      const which = opListOperand[op] as number;
      if (which === 0) continue;
      const list = (which === 1 ? a[v] : which === 2 ? b[v] : c[v]) as number;
      if (list !== 0) for (let at = list + 1, end = at + (pool[list] as number); at < end; at++) if (map[pool[at] as number] !== 0) pool[at] = find(pool[at] as number);
    }
    const count = f.successorCount(block);
    for (let s = 0; s < count; s++) {
      const edge = f.successor(block, s);
      const from = f.edgeArgs[edge] as number;
      for (let at = from, end = from + (f.edgeArgCount[edge] as number); at < end; at++) if (map[pool[at] as number] !== 0) pool[at] = find(pool[at] as number);
    }
  }
}
