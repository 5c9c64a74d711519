import { expect, test } from "bun:test";
import { lastTurns } from "./lastTurns.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { bodyAfter } from "./testing.ts";

/** A loop that asks `condition` at the end of its turn, and counts on only where it goes round; `limit` is made in it. */
const loop = (condition: string, step = "add v3, 1 !nsw", inLoop = "call @look(v3)"): string => bodyAfter(`import func @look(i64)
export func @f(i64) -> i64 {
b0(v1: i64):
  v2: i8 = sge v1, 1
  branch v2, b1(1), b3
b1(v3: i64):
  ${inLoop}
  v5: i8 = ${condition}
  branch v5, b3, b2
b2:
  v6: i64 = ${step}
  jump b1(v6)
b3:
  return 0
}`, [lastTurns, simplifyFlow]);

test("the step comes before the question, which is asked of the next value; what it is compared with is made before the loop", () => {
  expect(loop("eq v3, v1")).toBe("b0(v1: i64):\nv2: i64 = add v1, 1\nv3: i8 = sge v1, 1\nbranch v3, b1(1), b2\nb1(v4: i64):\ncall @look(v4)\nv5: i64 = add v4, 1\nv6: i8 = eq v5, v2\nbranch v6, b2, b1(v5)\nb2:\nreturn 0");
});

test("a constant steps at once, whatever wraps", () => {
  expect(loop("eq v3, 9223372036854775807")).toContain("add v3, 1\nv5: i8 = eq v4, -9223372036854775808\nbranch v5, b2, b1(v4)");
});

test("an order is not asked of the next value, nor is what the loop changes stepped before it", () => {
  expect(loop("slt v1, v3")).toContain("b2:\n");
  expect(loop("eq v3, v4", "add v3, 1", "v4: i64 = mul v3, v3")).toContain("jump b1(");
});
