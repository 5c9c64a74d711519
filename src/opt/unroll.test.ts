/** Loops that are written out, and loops that are written twice. */

import { expect, test } from "bun:test";
import { constants } from "./constants.ts";
import { deadCode } from "./deadCode.ts";
import { promote } from "./promote.ts";
import { simplify } from "./simplify.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { afterPasses, bodyAfter, outcomeOf } from "./testing.ts";
import { unroll, unrollTwice } from "./unroll.ts";

const cleaned = [promote, simplifyFlow, simplify, constants, simplifyFlow, simplify, deadCode];

function counted(from: number, test: string, step: number): string {
  return `trap t
export func @f(ptr) -> i64 {
b0(v1: ptr):
  jump b1(${from}, 0)
b1(v2: i64, v3: i64):
  v4: i64 = mul v2, 8
  v5: ptr = ptr.add v1, v4
  v6: i64 = load v5
  v7: i64 = sadd.trap v3, v6, t
  v8: i64 = add v2, ${step} !nsw
  v9: i8 = ${test}
  branch v9, b1(v8, v7), b2
b2:
  return v7
}`;
}

test("a loop of three turns becomes three turns", () => {
  const expected = `b0(v1: ptr):
v2: i64 = load v1
v3: i64 = load v1, 8
v4: i64 = sadd.trap v2, v3, t
v5: i64 = load v1, 16
v6: i64 = sadd.trap v4, v5, t
return v6`;
  for (const test of ["slt v8, 3", "sle v8, 2", "ne v8, 3", "ult v2, 2", "sle v2, 1"]) {
    expect([test, bodyAfter(counted(0, test, 1), [unroll, ...cleaned], { thorough: true })]).toEqual([test, expected]);
  }
});

test("how often: counted exactly, from anywhere, in either direction; else the loop stays", () => {
  const turns = (from: number, test: string, step: number): number => (bodyAfter(counted(from, test, step), [unroll, ...cleaned], { thorough: true }).match(/load/g) ?? []).length;
  const stays = (from: number, test: string, step: number): boolean => bodyAfter(counted(from, test, step), [unroll, ...cleaned], { thorough: true }).includes("branch");
  expect(turns(5, "sge v8, 0", -2)).toBe(3);
  expect(turns(-1, "slt v8, 2", 1)).toBe(3);
  expect(turns(7, "slt v8, 3", 1)).toBe(1);
  expect(stays(0, "slt v8, 100", 1)).toBe(true);
  expect(stays(0, "ne v8, 3", 2)).toBe(true);
});

const fibonacci = `export func @f(i64) -> i64 {
b0(v1: i64):
  jump b1(0, 0, 1)
b1(v2: i64, v3: i64, v4: i64):
  v5: i64 = add v3, v4
  v6: i64 = add v2, 1
  v7: i8 = slt v6, v1
  branch v7, b1(v6, v4, v5), b2
b2:
  v8: i64 = mul v3, 1000
  v9: i64 = add v8, v5
  return v9
}`;

test("what a turn hands on stays in its place every other time", () => {
  const text = afterPasses(fibonacci, [unrollTwice, ...cleaned], { thorough: true });
  expect(text.match(/slt/g)?.length).toBe(2);
  for (let n = 0n; n < 9n; n++) expect([n, outcomeOf(text, "f", [n])]).toEqual([n, outcomeOf(fibonacci, "f", [n])]);
});

test("a loop whose variables keep their places is not written twice, and neither is one that calls", () => {
  expect(bodyAfter(counted(0, "slt v8, 100", 1), [unrollTwice], { thorough: true }).match(/load/g)?.length).toBe(1);
  const calling = fibonacci.replace("export func", "import func @any()\nexport func").replace("  v6: i64", "  call @any()\n  v6: i64");
  expect(afterPasses(calling, [unrollTwice], { thorough: true }).match(/slt/g)?.length).toBe(1);
});

test("loops within loops: the inner one first, then the one around it", () => {
  const nested = `export func @f(i64) -> i64 {
b0(v1: i64):
  jump b1(0, 0)
b1(v2: i64, v3: i64):
  jump b2(0, v3)
b2(v4: i64, v5: i64):
  v6: i64 = mul v2, v1
  v7: i64 = xor v6, v4
  v8: i64 = add v5, v7
  v9: i64 = add v4, 1
  v10: i8 = slt v9, 3
  branch v10, b2(v9, v8), b3
b3:
  v11: i64 = add v2, 1
  v12: i8 = slt v11, 2
  branch v12, b1(v11, v8), b4
b4:
  return v8
}`;
  const text = afterPasses(nested, [unroll, ...cleaned], { thorough: true });
  expect(text).not.toContain("branch");
  for (const n of [0n, 1n, 7n, -3n]) expect(outcomeOf(text, "f", [n])).toBe(outcomeOf(nested, "f", [n]));
});
