/** Who calls whom, in two columns' worth of numbers, and whether anybody comes back to itself. */

import type { SymbolId } from "../ir/function.ts";

export class CallEdges {
  /** Caller, callee, caller, callee, … */
  private readonly edges: number[] = [];

  add(caller: SymbolId, callee: SymbolId): void {
    this.edges.push(caller, callee);
  }

  /** Every call noted, some perhaps several times. */
  forEach(visit: (caller: SymbolId, callee: SymbolId) => void): void {
    for (let i = 0; i < this.edges.length; i += 2) visit(this.edges[i] as SymbolId, this.edges[i + 1] as SymbolId);
  }

  /** The functions that come back to themselves, or call one that does. */
  repeating(): Set<SymbolId> {
    const { edges } = this;
    const found = new Set(edges as SymbolId[]);
    // Who calls only functions that end, ends.
    for (let changed = true; changed; ) {
      changed = false;
      const going = new Set<SymbolId>();
      for (let i = 0; i < edges.length; i += 2) if (found.has(edges[i] as SymbolId) && found.has(edges[i + 1] as SymbolId)) going.add(edges[i] as SymbolId);
      for (const symbol of found) {
        if (going.has(symbol)) continue;
        found.delete(symbol);
        changed = true;
      }
    }
    return found;
  }

  /** True if some function of the `count` that there are reaches itself. Linear. */
  hasCycle(count: number): boolean {
    const { edges } = this;
    // Callees by caller, sorted by counting: `first[f]` to `first[f + 1]` in `callees`.
    const first = new Int32Array(count + 2);
    for (let i = 0; i < edges.length; i += 2) first[(edges[i] as number) + 2] = (first[(edges[i] as number) + 2] as number) + 1;
    for (let f = 2; f < first.length; f++) first[f] = (first[f] as number) + (first[f - 1] as number);
    const callees = new Int32Array(edges.length / 2);
    for (let i = 0; i < edges.length; i += 2) {
      const from = (edges[i] as number) + 1;
      callees[first[from] as number] = edges[i + 1] as number;
      first[from] = (first[from] as number) + 1;
    }
    // Depth first, without recursion of its own: 1 is on the path, 2 is done.
    const state = new Uint8Array(count);
    const next = first.slice(0, count);
    const path: number[] = [];
    for (let root = 0; root < count; root++) {
      if (state[root] !== 0) continue;
      path.push(root);
      state[root] = 1;
      while (path.length > 0) {
        const top = path[path.length - 1] as number;
        const at = next[top] as number;
        if (at === first[top + 1]) {
          state[top] = 2;
          path.pop();
          continue;
        }
        next[top] = at + 1;
        const callee = callees[at] as number;
        if (state[callee] === 1) return true;
        if (state[callee] !== 0) continue;
        state[callee] = 1;
        path.push(callee);
      }
    }
    return false;
  }
}
