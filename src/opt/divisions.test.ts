import { expect, test } from "bun:test";
import { checks } from "./checks.ts";
import { hoist } from "./hoist.ts";
import { bodyAfter } from "./testing.ts";

/** What stands in the block where `condition` of v1 holds, after the pass. */
const where = (condition: string, body: string): string => bodyAfter(`export func @f(i64) -> i64 {
b0(v1: i64):
  ${condition}
  branch v2, b1, b2
b1:
  ${body}
  return v3
b2:
  return v1
}`, [checks]).split("\n").slice(4, -3).join("\n");

test("what is not negative divides as unsigned, and the division says how wide it is", () => {
  expect(where("v2: i8 = sgt v1, -1", "v3: i64 = sdiv v1, 7")).toBe("v3: i64 = udiv v1, 7 !nsw");
  expect(where("v2: i8 = ult v1, 4294967296", "v3: i64 = srem v1, 7")).toBe("v3: i64 = urem v1, 7 !nsw !nuw");
  expect(where("v2: i8 = ult v1, 4294967297", "v3: i64 = urem v1, 7")).toBe("v3: i64 = urem v1, 7 !nsw");
  expect(where("v2: i8 = sgt v1, -1", "v3: i64 = sdiv v1, 8")).toBe("v3: i64 = lshr v1, 3");
});

test("what may be negative divides as it did, and so does everything by what is negative", () => {
  expect(where("v2: i8 = slt v1, 100", "v3: i64 = sdiv v1, 7")).toBe("v3: i64 = sdiv v1, 7");
  expect(where("v2: i8 = slt v1, 100", "v3: i64 = urem v1, 7")).toBe("v3: i64 = urem v1, 7");
  expect(where("v2: i8 = sgt v1, -1", "v3: i64 = sdiv v1, -7")).toBe("v3: i64 = sdiv v1, -7");
});

test("what has none of the low bits is shifted, whatever its sign", () => {
  const even = "v4: i64 = and v1, 1\n  v2: i8 = eq v4, 0";
  const four = "v4: i64 = and v1, 3\n  v2: i8 = eq v4, 0";
  expect(where(even, "v3: i64 = sdiv v1, 2")).toEndWith("v4: i64 = ashr v1, 1");
  expect(where(even, "v3: i64 = sdiv v1, 4")).toEndWith("v4: i64 = sdiv v1, 4");
  expect(where(four, "v3: i64 = sdiv v1, 4")).toEndWith("v4: i64 = ashr v1, 2");
  expect(where("v4: i64 = and v1, 1\n  v2: i8 = ne v4, 0", "v3: i64 = sdiv v1, 2")).toEndWith("v4: i64 = sdiv v1, 2");
});

test("a division that leaves its loop forgets what was known of it there", () => {
  expect(bodyAfter(`export func @f(i64, i64) -> i64 {
b0(v1: i64, v2: i64):
  v3: i8 = sgt v1, 0
  branch v3, b1(0), b3(0)
b1(v4: i64):
  v5: i64 = udiv v2, 7 !nsw !nuw
  v6: i64 = add v4, v5
  v7: i8 = slt v6, v1
  branch v7, b1(v6), b3(v6)
b3(v8: i64):
  return v8
}`, [hoist])).toContain("udiv v2, 7\n");
});

test("a product of halves and two halves more fit a word", () => {
  const sum = (last: string): string => bodyAfter(`trap t
export func @f(i32, i32, i32, i32) -> i64 {
b0(v1: i32, v2: i32, v3: i32, v4: i32):
  v5: i64 = zext v1
  v6: i64 = zext v2
  v7: i64 = zext v3
  v8: i64 = zext v4
  v9: i64 = umul.trap v5, v6, t
  v10: i64 = uadd.trap v9, v7, t
  v11: i64 = uadd.trap v10, ${last}, t
  return v11
}`, [checks]);
  expect(sum("v8")).not.toContain("trap");
  expect(sum("4294967295")).not.toContain("trap");
  expect(sum("4294967296")).toContain("uadd.trap");
});
