import { describe, expect, test } from "bun:test";
import { collectPrograms } from "./programs.ts";
import { sampleJobs, shuffled } from "./sample.ts";
import { selectJobs } from "./suite.ts";

const { programs } = collectPrograms([
  ...Array.from({ length: 30 }, (_, i) => ({ path: `s/${i}.lang`, text: `//@ run\n// ${i}` })),
  { path: "s/refused.lang", text: "//@ refused\n// r\n//@ error: E0001 1:1" },
]);
const jobs = selectJobs(programs, { targets: ["here"], levels: ["O0", "O1", "O2"], filter: null, shard: null });

describe("a sample", () => {
  test("is the same for the same seed, and another for another", () => {
    const names = (seed: number): string[] => sampleJobs(jobs, 10, seed).map(({ program, level }) => `${program.path} ${level}`);
    expect(names(7)).toEqual(names(7));
    expect(names(7)).not.toEqual(names(8));
  });
  test("has each program once, at several levels, and what is run only", () => {
    const all = sampleJobs(jobs, 100, 3);
    expect(new Set(all.map(({ program }) => program.path)).size).toBe(30);
    expect(all).toHaveLength(30);
    expect(new Set(all.map(({ level }) => level)).size).toBe(3);
    expect(all.some(({ program }) => program.path === "s/refused.lang")).toBe(false);
  });
  test("comes from a whole shuffle", () => {
    const order = shuffled([...Array(100).keys()], 1);
    expect([...order].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
    // Each place is reached by many: no item stays put for every seed.
    const firsts = new Set(Array.from({ length: 200 }, (_, seed) => shuffled([0, 1, 2, 3, 4], seed)[0]));
    expect(firsts.size).toBe(5);
  });
});
