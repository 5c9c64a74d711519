/** Loops that become one fill, and those that must not. */

import { expect, test } from "bun:test";
import { fills } from "./fills.ts";
import { afterPasses, bodyAfter, outcomeOf } from "./testing.ts";

interface Loop {
  readonly start?: string;
  readonly index?: string;
  readonly store?: string;
  readonly next?: string;
  readonly test?: string;
  readonly behind?: string;
  readonly name?: string;
}

/** v1: where; v2: the bound; v3: a byte; v4: the counter. */
function loop({ start = "0", index = "v4", store = "store v3, v6", next = "add v4, 1 !nsw", test: condition = "slt v7, v2", behind = "return", name = "f" }: Loop): string {
  return `export func @${name}(ptr, i64, i8) {
b0(v1: ptr, v2: i64, v3: i8):
  jump b1(${start})
b1(v4: i64):
  v5: i64 = shl v4, 3
  v6: ptr = ptr.add v1, ${index}
  ${store}
  v7: i64 = ${next}
  v8: i8 = ${condition}
  branch v8, b1(v7), b2
b2:
  ${behind}
}
`;
}

const isFill = (parts: Loop): boolean => bodyAfter(loop(parts), [fills]).includes("fill v6");

test("a byte, or a constant that repeats one, from a counter or a start that is not 0", () => {
  for (const parts of [
    {},
    { index: "v5", store: "store 0:i64, v6" },
    { index: "v5", store: "store -1:i64, v6" },
    { index: "v5", store: "store 0:f64, v6" },
    { start: "v2", test: "slt v7, v2" },
    { next: "add v4, 1 !nuw", test: "ult v7, v2" },
  ]) expect([parts, isFill(parts)]).toEqual([parts, true]);
});

test("the offset of the store is the address's; a turn is made also where the counter starts behind its bound", () => {
  expect(bodyAfter(loop({ index: "v5", store: "store 0:i64, v6, 16", start: "7" }), [fills])).toBe(`b0(v1: ptr, v2: i64, v3: i8):
jump b1(7)
b1(v4: i64):
v5: i64 = shl v4, 3
v6: ptr = ptr.add v1, v5
v7: i64 = add v4, 1 !nsw
v8: i8 = slt v7, v2
v9: i64 = sub v2, v4
v10: i8 = slt v4, v2
v11: i64 = select v10, v9, 1
v12: i64 = shl v11, 3
v13: ptr = ptr.add v6, 16
fill v13, 0, v12
jump b2
b2:
return`);
});

test("a pointer that steps by what is stored", () => {
  const text = (step: number) => `export func @f(ptr, i64) {
b0(v1: ptr, v2: i64):
  jump b1(v1, 0)
b1(v3: ptr, v4: i64):
  store 0:i32, v3
  v5: ptr = ptr.add v3, ${step}
  v6: i64 = add v4, 1 !nsw
  v7: i8 = slt v6, v2
  branch v7, b1(v5, v6), b2
b2:
  return
}
`;
  expect(bodyAfter(text(4), [fills])).toContain("fill v3, 0");
  expect(bodyAfter(text(8), [fills])).not.toContain("fill");
});

test("other loops stay: gaps, other values, wrapping counters, uses behind, more that is done, the function that fills", () => {
  for (const parts of [
    { index: "v5" },
    { store: "store 0:i64, v6" },
    { index: "v5", store: "store 1:i64, v6" },
    { index: "v5", store: "store 1.0:f64, v6" },
    { next: "add v4, 1" },
    { next: "add v4, 2 !nsw" },
    { test: "ult v7, v2" },
    { test: "ne v7, v2" },
    { test: "slt v7, v5" },
    { store: "store v3, v6 !volatile" },
    { store: "store v3, v6\n  store v3, v1" },
    { store: "v9: i64 = load v1\n  store v3, v6" },
    { behind: "store v7, v1\n  return" },
    { name: "lang_memset" },
  ]) expect([parts, isFill(parts)]).toEqual([parts, false]);
});

test("what is written is the same", () => {
  const text = (from: number, to: number) => `export func @f() -> i64 {
  slot s0 64 align 8
b0:
  fill s0, 3, 64
  v1: i8 = slt ${from}:i64, ${to}
  branch v1, b1(${from}), b2
b1(v2: i64):
  v3: i64 = shl v2, 3
  v4: ptr = ptr.add s0, v3
  store -1:i64, v4
  v5: i64 = add v2, 1 !nsw
  v6: i8 = slt v5, ${to}
  branch v6, b1(v5), b2
b2:
  jump b3(0, 0)
b3(v7: i64, v8: i64):
  v9: ptr = ptr.add s0, v7
  v10: i8 = load v9
  v11: i64 = zext v10
  v12: i64 = mul v8, 31
  v13: i64 = add v12, v11
  v14: i64 = add v7, 1
  v15: i8 = slt v14, 64
  branch v15, b3(v14, v13), b4
b4:
  return v13
}
`;
  for (const [from, to] of [[0, 8], [2, 5], [7, 8], [3, 3], [5, 2]] as const) {
    const before = outcomeOf(text(from, to), "f", []);
    expect([from, to, outcomeOf(afterPasses(text(from, to), [fills]), "f", [])]).toEqual([from, to, before]);
  }
  expect(bodyAfter(text(0, 8), [fills])).toContain("fill v4, -1");
});
