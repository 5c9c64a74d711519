import { expect, test } from "bun:test";
import { traceTableFiles } from "./traceTable.ts";

for (const { path, is, wanted } of traceTableFiles()) {
  test(`${path} has what \`bun scripts/traceTable.ts\` writes`, () => expect(is).toBe(wanted));
}

test("std/trace.lang counts by each number that is made for it", () => {
  const text = traceTableFiles().find(({ path }) => path === "std/trace.lang")?.is ?? "";
  const names = [...text.matchAll(/^const (TRACE_\w+) =/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => [...text.matchAll(new RegExp(`\\b${name}\\b`, "g"))].length < 2)).toEqual([]);
});
