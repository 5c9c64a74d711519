import { expect, test } from "bun:test";
import { steps } from "./steps.ts";
import { bodyAfter } from "./testing.ts";

/** A loop that counts down from `v1`, with `body` between the step and the end of the turn. */
const loop = (body: string, condition: string): string => bodyAfter(`import func @look(i64)
export func @f(i64) -> i64 {
b0(v1: i64):
  jump b1(v1)
b1(v2: i64):
  v3: i64 = add v2, -1
  ${body}
  jump b2
b2:
  v5: i8 = ${condition}
  branch v5, b3, b1(v3)
b3:
  return 0
}`, [steps]);

test("a step goes behind the last look at the counter, which is asked of the next value", () => {
  const text = loop("call @look(v2)", "eq v2, 1");
  expect(text).toContain("call @look(v2)\njump b2\nb2:\nv3: i64 = add v2, -1\nv4: i8 = eq v3, 0\n");
});

test("whatever wraps: the limit does, too", () => {
  expect(loop("call @look(v2)", "ne v2, -9223372036854775808")).toContain("ne v3, 9223372036854775807");
});

test("an order is not asked of the next value, and the step stands before the comparison, whose flags it would destroy", () => {
  expect(loop("call @look(v2)", "slt v2, 1")).toContain("v3: i64 = add v2, -1\nv4: i8 = slt v2, 1\n");
});

test("a step that the turn needs stays where it is", () => {
  expect(loop("call @look(v3)", "slt v2, 1")).toContain("v3: i64 = add v2, -1\ncall @look(v3)\n");
});

test("a step that another way needs stays, too", () => {
  const text = bodyAfter(`export func @f(i64) -> i64 {
b0(v1: i64):
  jump b1(v1)
b1(v2: i64):
  v3: i64 = add v2, -1
  v4: i8 = slt v2, 100
  branch v4, b2, b3
b2:
  v5: i8 = eq v2, 1
  branch v5, b3, b1(v3)
b3:
  return v3
}`, [steps]);
  expect(text).toContain("b1(v2: i64):\nv3: i64 = add v2, -1\nv4");
  expect(text).toContain("eq v3, 0");
});
