/** Comparisons of orders, made where the orders come from. */

import { expect, test } from "bun:test";
import { answers } from "./answers.ts";
import { deadCode } from "./deadCode.ts";
import { simplify } from "./simplify.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { bodyAfter, outcomeOf } from "./testing.ts";

/** Compares the first words, then the second ones, and asks `question` of the order. */
const order = (question: string, last = "return v13"): string => `export func @f(i32, i32, i32, i32) -> i8 {
b0(v1: i32, v2: i32, v3: i32, v4: i32):
  v5: i8 = ne v1, v2
  branch v5, b1, b2
b1:
  v6: i8 = uge v1, v2
  v7: i8 = ugt v1, v2
  v8: i8 = add v6, v7
  jump b3(v8)
b2:
  v9: i8 = sge v3, v4
  v10: i8 = sgt v3, v4
  v11: i8 = add v9, v10
  jump b3(v11)
b3(v12: i8):
  v13: i8 = ${question}
  ${last}
}`;

test("what is asked of an order is asked of what is ordered", () => {
  expect(bodyAfter(order("eq v12, 0"), [answers, simplify, deadCode])).toBe(`b0(v1: i32, v2: i32, v3: i32, v4: i32):
v5: i8 = ne v1, v2
branch v5, b1, b2
b1:
v6: i8 = ult v1, v2
jump b3(v6)
b2:
v7: i8 = slt v3, v4
jump b3(v7)
b3(v8: i8):
return v8`);
});

test("a constant on one of the ways is asked, too", () => {
  const text = order("ne v12, 2").replace("jump b3(v11)", "jump b3(1)");
  expect(bodyAfter(text, [answers, simplify, deadCode])).toContain("jump b3(1)\nb3(v7: i8):\nreturn v7");
});

test("a branch asks, too", () => {
  const text = order("eq v12, 7", "branch v12, b4, b5\nb4:\n  return 5\nb5:\n  return 6").replace("  v13: i8 = eq v12, 7\n", "");
  expect(bodyAfter(text, [answers, simplify, deadCode])).toContain("v7: i8 = sge v3, v4\njump b3(v7)\nb3(v8: i8):\nbranch v8, b4, b5");
});

test("more than one question whether it is 0 is answered once", () => {
  const text = order("eq v12, 0", "v14: i8 = select v12, 5, 9\n  v15: i8 = add v13, v14\n  return v15");
  expect(bodyAfter(text, [answers, simplify, deadCode])).toBe(`b0(v1: i32, v2: i32, v3: i32, v4: i32):
v5: i8 = ne v1, v2
branch v5, b1, b2
b1:
v6: i8 = uge v1, v2
jump b3(v6)
b2:
v7: i8 = sge v3, v4
jump b3(v7)
b3(v8: i8):
v9: i8 = eq v8, 0
v10: i8 = select v8, 5, 9
v11: i8 = add v9, v10
return v11`);
  expect(bodyAfter(text.replace("eq v12, 0", "eq v12, 1"), [answers, simplify, deadCode])).toContain("add v");
});

test("an order that is used otherwise stays", () => {
  const text = order("eq v12, 0", "v14: i8 = xor v13, v12\n  return v14");
  expect(bodyAfter(text, [answers])).toBe(bodyAfter(text, [simplifyFlow]));
});

test("all questions give what they gave", () => {
  const values = [-3n, 1n, 7n];
  for (const question of ["eq v12, 0", "ne v12, 1", "eq v12, 2", "ult v12, 1", "ult v12, 2", "uge v12, 1", "sgt v12, 0", "sle v12, 1", "eq v12, 3"]) {
    const text = order(question);
    const lines = bodyAfter(text, [answers, simplify, deadCode]);
    const after = `export func @f(i32, i32, i32, i32) -> i8 {\n${lines}\n}`;
    for (const a of values) for (const b of values) for (const c of values)
      expect(outcomeOf(after, "f", [a, b, c, 1n])).toBe(outcomeOf(text, "f", [a, b, c, 1n]));
  }
});
