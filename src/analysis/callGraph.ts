/** Who calls whom: strongly connected components of the module's functions, callees before callers. */

import type { SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";

export interface CallGraph {
  /** Functions with bodies, callees before callers; the members of a component stand together. */
  readonly order: readonly SymbolId[];
  /** Number of the component of each symbol, -1 for those without a body. */
  readonly component: Int32Array;
  /** Whether a function may call itself, directly or through others of its component. By symbol. */
  readonly recursive: Uint8Array;
  /** Direct calls of each symbol that has a body. */
  readonly calls: Int32Array;
  /** Whether a function takes the address of a symbol that has a body. */
  readonly addressed: Uint8Array;
}

/** Tarjan's algorithm without recursion; linear in instructions. Indirect calls are no edges, but taking a function's address is one. */
export function callGraph(module: Module): CallGraph {
  const count = module.symbols.length;
  const { starts, callees, calls, addressed } = collectCallees(module);
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const component = new Int32Array(count).fill(-1);
  const recursive = new Uint8Array(count);
  const onStack = new Uint8Array(count);
  const stack: number[] = [];
  const path: number[] = [];
  const place = starts.slice();
  const order: SymbolId[] = [];
  let next = 0;
  let components = 0;
  for (const root of module.functions.keys()) {
    if (index[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const symbol = path[path.length - 1] as number;
      if (index[symbol] === -1) {
        index[symbol] = next;
        low[symbol] = next++;
        stack.push(symbol);
        onStack[symbol] = 1;
      }
      const at = place[symbol] as number;
      const callee = callees[at] as number;
      if (callee !== end) {
        place[symbol] = at + 1;
        if (callee === symbol) recursive[symbol] = 1;
        if (index[callee] === -1) path.push(callee);
        else if (onStack[callee] === 1) low[symbol] = Math.min(low[symbol] as number, index[callee] as number);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[symbol] as number);
      if (low[symbol] !== index[symbol]) continue;
      const from = stack.lastIndexOf(symbol);
      for (const member of stack.splice(from)) {
        onStack[member] = 0;
        component[member] = components;
        order.push(member as SymbolId);
      }
      components++;
    }
  }
  const sizes = new Int32Array(components);
  for (const symbol of order) sizes[component[symbol] as number] = (sizes[component[symbol] as number] as number) + 1;
  for (const symbol of order) if ((sizes[component[symbol] as number] as number) > 1) recursive[symbol] = 1;
  return { order, component, recursive, calls, addressed };
}

/** What ends the callees of a function. */
const end = -1;

/** One walk over all instructions. */
function collectCallees(module: Module): { readonly starts: Int32Array; readonly callees: readonly number[]; readonly calls: Int32Array; readonly addressed: Uint8Array } {
  const count = module.symbols.length;
  const hasBody = new Uint8Array(count);
  for (const symbol of module.functions.keys()) hasBody[symbol] = 1;
  const starts = new Int32Array(count);
  const callees: number[] = [];
  const calls = new Int32Array(count);
  const addressed = new Uint8Array(count);
  for (const [symbol, f] of module.functions) {
    starts[symbol] = callees.length;
    const { op, a, next, first } = f;
    // A function whose address is taken here may become the callee of a known call.
    for (let v = 1, values = f.valueCount; v < values; v++) {
      if (op[v] !== Op.address || hasBody[a[v] as number] === 0) continue;
      addressed[a[v] as number] = 1;
      callees.push(a[v] as number);
    }
    for (const block of f.order) {
      for (let v = first[block] as number; v !== 0; v = next[v] as number) {
        if (op[v] !== Op.call || hasBody[a[v] as number] === 0) continue;
        calls[a[v] as number] = (calls[a[v] as number] as number) + 1;
        callees.push(a[v] as number);
      }
    }
    callees.push(end);
  }
  return { starts, callees, calls, addressed };
}
