import { expect, test } from "bun:test";
import type { SymbolId } from "../ir/function.ts";
import { CallEdges } from "./callEdges.ts";

function hasCycle(count: number, edges: readonly (readonly [number, number])[]): boolean {
  const calls = new CallEdges();
  for (const [from, to] of edges) calls.add(from as SymbolId, to as SymbolId);
  return calls.hasCycle(count);
}

test("finds who comes back to itself", () => {
  expect(hasCycle(1, [])).toBe(false);
  expect(hasCycle(1, [[0, 0]])).toBe(true);
  expect(hasCycle(4, [[0, 1], [1, 2], [0, 2], [3, 2]])).toBe(false);
  expect(hasCycle(4, [[0, 1], [1, 2], [2, 3], [3, 1]])).toBe(true);
  expect(hasCycle(5, [[4, 3], [3, 0], [0, 4]])).toBe(true);
  expect(hasCycle(100_000, Array.from({ length: 99_999 }, (_, i) => [i, i + 1] as const))).toBe(false);
});
