/** Nested loops, turned: each keeps a head of its own; and what checks know of the variables of loops. */

import { expect, test } from "bun:test";
import { checks } from "./checks.ts";
import { deadCode } from "./deadCode.ts";
import { promote } from "./promote.ts";
import { rotate } from "./rotate.ts";
import { simplify } from "./simplify.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { bodyAfter } from "./testing.ts";

test("rotate: a loop whose body begins with another one waits for it, so that the two have heads of their own", () => {
  expect(bodyAfter(`func @see(i64, i64) {
b0(v1: i64, v2: i64):
  return
}
export func @f(i64) {
b0(v1: i64):
  jump b1(0)
b1(v2: i64):
  v3: i8 = slt v2, v1
  branch v3, b2(0), b5
b2(v4: i64):
  v5: i8 = slt v4, v1
  branch v5, b3, b4
b3:
  call @see(v2, v4)
  v6: i64 = add v4, 1
  jump b2(v6)
b4:
  v7: i64 = add v2, 1
  jump b1(v7)
b5:
  return
}`, [rotate, promote, simplify, simplifyFlow, deadCode])).toBe(`b0(v1: i64):
v2: i8 = slt 0:i64, v1
branch v2, b1(0, 0), b4
b1(v3: i64, v4: i64):
v5: i8 = slt v3, v1
branch v5, b2(v3), b3
b2(v6: i64):
call @see(v4, v6)
v7: i64 = add v6, 1
v8: i8 = slt v7, v1
branch v8, b2(v7), b3
b3:
v9: i64 = add v4, 1
v10: i8 = slt v9, v1
branch v10, b1(0, v9), b4
b4:
return`);
});

test("checks: what an inner loop with the same head leaves as it is stays below the end that the outer one asks for", () => {
  expect(bodyAfter(`trap overflow
export func @f(i8, i8) {
b0(v1: i8, v2: i8):
  jump b1(0)
b1(v3: i64):
  v4: i64 = smul.trap v3, 1000000000000000000, overflow
  branch v1, b1(v3), b2
b2:
  v5: i64 = add v3, 1 !nsw
  v6: i8 = slt v5, 9
  branch v6, b1(v5), b3
b3:
  return
}`, [checks])).toBe(`b0(v1: i8, v2: i8):
jump b1(0)
b1(v3: i64):
v4: i64 = mul v3, 1000000000000000000 !nsw
branch v1, b1(v3), b2
b2:
v5: i64 = add v3, 1 !nsw
v6: i8 = slt v5, 9
branch v6, b1(v5), b3
b3:
return`);
});

test("checks: a plain step that fits says so, and what a loop steps by it is not negative", () => {
  expect(bodyAfter(`export func @f(i64) -> i64 {
b0(v1: i64):
  jump b1(0, 0)
b1(v2: i64, v3: i64):
  v4: i8 = slt v2, v1
  branch v4, b2, b3
b2:
  v5: i64 = srem v2, 2
  v6: i64 = add v3, v5
  v7: i64 = add v2, 1
  jump b1(v7, v6)
b3:
  return v3
}`, [checks, checks])).toBe(`b0(v1: i64):
jump b1(0, 0)
b1(v2: i64, v3: i64):
v4: i8 = slt v2, v1
branch v4, b2, b3
b2:
v5: i64 = and v2, 1
v6: i64 = add v3, v5
v7: i64 = add v2, 1 !nsw
jump b1(v7, v6)
b3:
return v3`);
});

test("checks: the variable of an inclusive loop stays below its end, whether that is asked after the step or only that it is not reached", () => {
  const loop = (asked: string): string => bodyAfter(`trap t
import func @look(i64)
func @f(i64) -> i64 {
b0(v1: i64):
  v2: i8 = sge v1, 1
  branch v2, b1(1), b4
b1(v3: i64):
  v4: i64 = sub v3, 1 !nsw
  v5: i8 = uge v4, v1
  trap.if v5, t
  call @look(v4)
  v6: i8 = eq v3, v1
  branch v6, b4, b2
b2:
  v7: i64 = add v3, 1 !nsw
  ${asked}
b4:
  return 0
}`, [checks, simplifyFlow]);
  expect(loop("v8: i8 = sle v7, v1\n  branch v8, b1(v7), b4")).not.toContain("trap.if");
  expect(loop("v8: i8 = sle v7, v1\n  branch v8, b1(v7), b4")).toContain("add v3, 1 !nsw\njump b1("); // it is not the last: it was not above
  expect(loop("jump b1(v7)")).not.toContain("trap.if");
  expect(loop("v8: i8 = sle v7, 77\n  branch v8, b1(v7), b4")).not.toContain("trap.if");
});

test("checks: one less than what may be the end is below it, more than one beyond it is not", () => {
  const after = (value: string): string => bodyAfter(`trap t
func @f(i64, i64) -> i64 {
b0(v1: i64, v2: i64):
  v3: i8 = sle v1, v2
  branch v3, b1, b2
b1:
  ${value}
  v5: i8 = sge v4, v2
  trap.if v5, t
  return v4
b2:
  return 0
}`, [checks]);
  expect(after("v4: i64 = ssub.trap v1, 1, t")).not.toContain("trap.if");
  expect(after("v4: i64 = sadd.trap v1, -3, t")).not.toContain("trap.if");
  expect(after("v4: i64 = sub v1, 1")).toContain("trap.if"); // it may wrap
  expect(after("v4: i64 = ssub.trap v1, 0, t")).toContain("trap.if");
  expect(after("v4: i64 = sadd.trap v1, 1, t")).toContain("trap.if");
});
