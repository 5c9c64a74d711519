/** Decisions that the way into a block tells, and loops of two heads. */

import { expect, test } from "bun:test";
import { deadCode } from "./deadCode.ts";
import { headers } from "./headers.ts";
import { runPipeline } from "./pipeline.ts";
import { promote } from "./promote.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { bodyAfter, parsed } from "./testing.ts";
import { threading } from "./threading.ts";
import { printModule } from "../ir/print.ts";

const round = [threading, promote, simplifyFlow, deadCode];

test("an edge with a constant goes where the block would go; values used behind it come from both ways", () => {
  expect(bodyAfter(`import func @g() -> i64
export func @f(i8) -> i64 {
b0(v1: i8):
  branch v1, b1, b2(0, 0)
b1:
  v2: i64 = call @g()
  jump b2(1, v2)
b2(v3: i8, v4: i64):
  v5: i8 = eq v3, 1
  v6: i64 = add v4, 3
  branch v5, b3, b4
b3:
  v7: i64 = mul v6, v4
  return v7
b4:
  return v6
}`, round)).toBe(`b0(v1: i8):
branch v1, b1, b2
b1:
v2: i64 = call @g()
v3: i64 = add v2, 3
v4: i64 = mul v3, v2
return v4
b2:
v5: i64 = add 0, 3
return v5`);
});

test("a switch, and only the edges that tell", () => {
  const text = bodyAfter(`import func @g(i64) -> i32
export func @f(i8, i64) -> i64 {
b0(v1: i8, v2: i64):
  branch v1, b1, b2(7)
b1:
  v3: i32 = call @g(v2)
  jump b2(v3)
b2(v4: i32):
  switch v4, [7: b3, 8: b4], b5
b3:
  return 70
b4:
  return 80
b5:
  return v2
}`, round);
  expect(text.split("\n").slice(0, 2)).toEqual(["b0(v1: i8, v2: i64):", "branch v1, b1, b2"]);
  expect(text).toContain("switch");
});

test("heads of loops, traps, calls and blocks that know nothing are left", () => {
  const loop = `export func @f(i64) -> i64 {
b0(v1: i64):
  jump b1(0)
b1(v2: i64):
  v3: i8 = slt v2, 10
  branch v3, b2, b3
b2:
  v4: i64 = add v2, v1
  jump b1(v4)
b3:
  return v2
}`;
  expect(bodyAfter(loop, round)).toBe(bodyAfter(loop, []));
  const checked = `trap t
export func @f(i8, i64) -> i64 {
b0(v1: i8, v2: i64):
  branch v1, b1, b2(0)
b1:
  jump b2(1)
b2(v3: i8):
  v4: i64 = sadd.trap v2, 1, t
  branch v3, b3, b4
b3:
  return v4
b4:
  return 0
}`;
  expect(bodyAfter(checked, [threading])).toBe(bodyAfter(checked, []));
});

/** The loop that an iterator with a filter becomes. */
const filtered = `export func @f(ptr, ptr) -> i64 {
b0(v1: ptr, v2: ptr):
  jump b1(0, v1)
b1(v3: i64, v4: ptr):
  jump b2(v4)
b2(v5: ptr):
  v6: i8 = eq v5, v2
  branch v6, b5, b3
b3:
  v7: i64 = load v5
  v8: ptr = ptr.add v5, 8
  v9: i64 = and v7, 4
  v10: i8 = eq v9, 0
  branch v10, b4, b2(v8)
b4:
  v11: i64 = add v3, v7
  jump b1(v11, v8)
b5:
  return v3
}`;

test("a loop whose head only leads to an inner one has one head, and then one block", () => {
  expect(bodyAfter(filtered, [simplifyFlow, headers, simplifyFlow])).toBe(`b0(v1: ptr, v2: ptr):
jump b1(v1, 0, v1)
b1(v3: ptr, v4: i64, v5: ptr):
v6: i8 = eq v3, v2
branch v6, b4, b2
b2:
v7: i64 = load v3
v8: ptr = ptr.add v3, 8
v9: i64 = and v7, 4
v10: i8 = eq v9, 0
branch v10, b3, b1(v8, v4, v5)
b3:
v11: i64 = add v4, v7
jump b1(v8, v11, v8)
b4:
return v4`);
  const module = parsed(filtered);
  expect(runPipeline(module, "O2", { verifyEach: true }).problems).toEqual([]);
  const text = printModule(module, { withoutPositions: true });
  expect(text.match(/^b\d/gm)).toHaveLength(3);
  expect(text).toContain("select");
});

test("loops that begin anew stay nested", () => {
  const nested = `export func @f(i64) -> i64 {
b0(v1: i64):
  jump b1(0, 0)
b1(v2: i64, v3: i64):
  jump b2(0, v3)
b2(v4: i64, v5: i64):
  v6: i64 = add v5, v2
  v7: i64 = add v4, 1
  v8: i8 = slt v7, 8
  branch v8, b2(v7, v6), b3
b3:
  v9: i64 = add v2, 1
  v10: i8 = slt v9, v1
  branch v10, b1(v9, v6), b4
b4:
  return v6
}`;
  expect(bodyAfter(nested, [simplifyFlow, headers])).toBe(bodyAfter(nested, [simplifyFlow]));
});

test("a way that leads on from a block behind its target waits, where both are decided", () => {
  // b1 stands before b3, which is where it is reached from: threaded first, its copy would use what b3 computes, and b3's own copy would lead there.
  const text = bodyAfter(`export func @f(i64, i8) -> i64 {
b0(v1: i64, v2: i8):
  branch v2, b3(1, v1), b4
b1(v3: i8, v4: i64):
  v5: i64 = mul v4, 3
  branch v3, b2, b5
b2:
  return v5
b3(v6: i8, v7: i64):
  v8: i64 = add v7, 5
  branch v6, b1(1, v8), b5
b4:
  v9: i8 = slt v1, 0
  jump b3(v9, 7)
b5:
  return v1
}`, round);
  expect(text.match(/= mul/g)).toHaveLength(1);
  expect(text.match(/branch/g)).toHaveLength(2);
});

test("what a block computes is handed on through the one behind it that decides, too, and through a slot where ways meet", () => {
  // b1 and b3 are both decided: v5 is used behind b3, which only b1 leads to, v4 where b5 and b2 meet.
  expect(bodyAfter(`import func @g() -> i64
export func @f(i8, i64) -> i64 {
b0(v1: i8, v2: i64):
  branch v1, b1(1, v2), b2
b1(v3: i8, v4: i64):
  v5: i64 = add v4, 1
  branch v3, b3(1), b6(v4)
b2:
  v6: i64 = call @g()
  branch v1, b1(0, v6), b1(v1, v6)
b3(v7: i8):
  branch v7, b4, b5
b4:
  v8: i64 = mul v5, 2
  return v8
b5:
  jump b6(v5)
b6(v9: i64):
  v10: i64 = mul v9, v4
  return v10
}`, [threading])).toBe(`b0(v1: i8, v2: i64):
branch v1, b1, b4
b1:
store v2, s0
v3: i64 = add v2, 1
jump b6(1, v3)
b2:
store v8, s0
v4: i64 = add v8, 1
jump b9(v8)
b3(v5: i8, v6: i64):
store v6, s0
v7: i64 = add v6, 1
branch v5, b5, b9(v6)
b4:
v8: i64 = call @g()
branch v1, b2, b3(v1, v8)
b5:
jump b7(v7)
b6(v9: i8, v10: i64):
branch v9, b7(v10), b8(v10)
b7(v11: i64):
v12: i64 = mul v11, 2
return v12
b8(v13: i64):
jump b9(v13)
b9(v14: i64):
v15: i64 = load s0
v16: i64 = mul v14, v15
return v16`);
});
