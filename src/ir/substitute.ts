/** One sweep over a function that puts other values in the place of operands. */

import type { Block, IrFunction } from "./function.ts";
import { opListOperand, opValueOperands } from "./ops.ts";

let leaving = new Int32Array(64);

/** Replaces operands by `map[operand]` where that is not 0, in all instructions, lists and edges, following chains. */
export function substituteOperands(f: IrFunction, map: Int32Array): void {
  const { op: ops, a, b, c, next, pool, order, first, edgeArgs, edgeArgCount } = f;
  if (f.edgeCount > leaving.length) leaving = new Int32Array(2 * f.edgeCount);
  const edges = leaving;
  for (let i = 0; i < order.length; i++) {
    const block = order[i] as Block;
    for (let v = first[block] as number; v !== 0; v = next[v] as number) {
      const op = ops[v] as number;
      const values = opValueOperands[op] as number;
      if ((values & 1) !== 0 && map[a[v] as number] !== 0) a[v] = find(map, a[v] as number);
      if ((values & 2) !== 0 && map[b[v] as number] !== 0) b[v] = find(map, b[v] as number);
      if ((values & 4) !== 0 && map[c[v] as number] !== 0) c[v] = find(map, c[v] as number);
      const which = opListOperand[op] as number;
      if (which === 0) continue;
      const list = (which === 1 ? a[v] : which === 2 ? b[v] : c[v]) as number;
      if (list !== 0) for (let at = list + 1, end = at + (pool[list] as number); at < end; at++) if (map[pool[at] as number] !== 0) pool[at] = find(map, pool[at] as number);
    }
    for (let s = 0, n = f.successors(block, edges, 0); s < n; s++) {
      const edge = edges[s] as number;
      const from = edgeArgs[edge] as number;
      for (let at = from, end = from + (edgeArgCount[edge] as number); at < end; at++) if (map[pool[at] as number] !== 0) pool[at] = find(map, pool[at] as number);
    }
  }
}

/** The end of the chain from `v`; what lies on the way leads straight there afterwards. */
function find(map: Int32Array, v: number): number {
  let to = v;
  while (map[to] !== 0 && map[to] !== undefined) to = map[to] as number;
  if (to !== v) for (let at = v; at !== to; ) { const after = map[at] as number; map[at] = to; at = after; }
  return to;
}
