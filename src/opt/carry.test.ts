/** Memory that a loop reads and writes at one place, carried in a register. */

import { expect, test } from "bun:test";
import { carry } from "./carry.ts";
import type { FunctionPass } from "./pass.ts";
import { promote } from "./promote.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { bodyAfter, outcomeOf, parsed } from "./testing.ts";
import { runPipeline } from "./pipeline.ts";
import { printModule } from "../ir/print.ts";

const passes: readonly FunctionPass[] = [simplifyFlow, carry, promote, simplifyFlow];

/** Counts to v2 in the memory at `place`, with `between` in each turn. */
function loop(between: string, place = "v1, 8", parameter = "!nonnull !noalias !readable(64)"): string {
  return `import func @any()
import func @see(ptr)
export func @f(ptr, i64) {
  slot s0 64 align 8
b0(v1: ptr ${parameter}, v2: i64):
  jump b1(0)
b1(v3: i64):
  v4: i64 = load ${place}
  v5: i64 = add v4, v3
  store v5, ${place}
${between}
  v6: i64 = add v3, 1
  v7: i8 = slt v6, v2
  branch v7, b1(v6), b2
b2:
  return
}`;
}

test("a field behind a parameter is read before the loop and written where it is left", () => {
  expect(bodyAfter(loop(""), passes, { thorough: true })).toBe(`b0(v1: ptr !nonnull !noalias !readable(64), v2: i64):
v3: i64 = load v1, 8
jump b1(0, v3)
b1(v4: i64, v5: i64):
v6: i64 = add v5, v4
v7: i64 = add v4, 1
v8: i8 = slt v7, v2
branch v8, b1(v7, v6), b2
b2:
store v6, v1, 8
return`);
});

/** The loop still reads and writes memory in each turn. */
function staysInMemory(text: string): boolean {
  const body = bodyAfter(text, passes, { thorough: true });
  return /b1\([^)]*\):\nv\d+: i64 = load/.test(body);
}

const carried: readonly (readonly [title: string, text: string])[] = [
  ["beside another field", loop("  store v3, v1, 16")],
  ["beside what another pointer leads to", loop("  v8: ptr = load v1, 32\n  store v3, v8")],
  ["beside an element at a distance that is known well enough", loop("  v8: i8 = trunc v3\n  v9: i8 = and v8, 3\n  v10: i64 = zext v9\n  v11: i64 = shl v10, 3\n  v12: ptr = ptr.add v1, 16\n  v13: ptr = ptr.add v12, v11\n  store v3, v13")],
  ["beside an element whose index was checked", loop("  v8: i8 = uge v3, 4\n  trap.if v8, bounds(v3, 4:i64)\n  v9: i64 = shl v3, 3\n  v10: ptr = ptr.add v1, 16\n  v11: ptr = ptr.add v10, v9\n  store v3, v11").replace("import func @any()", "trap bounds\nimport func @any()")],
  ["in a slot", loop("  v8: i64 = and v3, 3\n  v9: i64 = shl v8, 3\n  v10: ptr = ptr.add s0, v9\n  store v3, v10", "s0, 40")],
  ["beside a check", loop("  v8: i8 = ugt v3, 99\n  trap.if v8, bounds(v3, 99:i64)").replace("import func @any()", "trap bounds\nimport func @any()")],
];

for (const [title, text] of carried) test(`carried ${title}`, () => expect(staysInMemory(text)).toBe(false));

const left: readonly (readonly [title: string, text: string])[] = [
  ["that overlaps what else is written", loop("  store v3, v1, 12")],
  ["that is read as another type", loop("  v8: f64 = load v1, 8\n  store v8, v1, 24")],
  ["where an element may lie", loop("  v8: i64 = and v3, 7\n  v9: i64 = shl v8, 3\n  v10: ptr = ptr.add v1, v9\n  store v3, v10")],
  ["where a copy may write", loop("  copy v1, s0, v2")],
  ["in each turn of which something is called", loop("  call @any()")],
  ["behind a pointer that others may have", loop("", "v1, 8", "!nonnull !readable(64)")],
  ["that need not be readable", loop("", "v1, 8", "!nonnull !noalias !readable(8)")],
  ["of a slot that others know", loop("", "s0, 8").replace("jump b1(0)", "call @see(s0)\n  jump b1(0)")],
];

for (const [title, text] of left) test(`not carried: a place ${title}`, () => expect(staysInMemory(text)).toBe(true));

test("what is carried through two loops is read once and written once", () => {
  const body = bodyAfter(`export func @f(ptr, i64) {
b0(v1: ptr !nonnull !noalias !readable(8), v2: i64):
  jump b1(0)
b1(v3: i64):
  jump b2(0)
b2(v4: i64):
  v5: i64 = load v1
  v6: i64 = add v5, v4
  store v6, v1
  v7: i64 = add v4, 1
  v8: i8 = slt v7, v2
  branch v8, b2(v7), b3
b3:
  v9: i64 = add v3, 1
  v10: i8 = slt v9, v2
  branch v10, b1(v9), b4
b4:
  return
}`, passes, { thorough: true });
  expect(body.match(/load/g)?.length).toBe(1);
  expect(body.match(/store/g)?.length).toBe(1);
});

test("the loop does the same, and so does the whole list of passes", () => {
  const text = `func @count(ptr, i64) inline.never {
b0(v1: ptr !nonnull !noalias !readable(24), v2: i64):
  jump b1(0)
b1(v3: i64):
  v4: i64 = load v1
  v5: i64 = add v4, v3
  store v5, v1
  v6: i64 = srem v5, 5
  v7: i8 = eq v6, 3
  branch v7, b2, b3
b2:
  v8: i64 = load v1, 8
  v9: i64 = add v8, 1
  store v9, v1, 8
  v10: i8 = sgt v9, 6
  branch v10, b4, b3
b3:
  v11: i64 = add v3, 1
  v12: i8 = slt v11, v2
  branch v12, b1(v11), b4
b4:
  return
}
export func @f(i64) -> i64 {
  slot s0 24 align 8
b0(v1: i64):
  fill s0, 0, 24
  call @count(s0, v1)
  v2: i64 = load s0
  v3: i64 = load s0, 8
  v4: i64 = mul v3, 1000
  v5: i64 = add v4, v2
  return v5
}`;
  const module = parsed(text);
  expect(runPipeline(module, "O2", { verifyEach: true }).problems).toEqual([]);
  const after = printModule(module);
  for (const count of [0n, 1n, 5n, 17n, 40n, 1000n]) expect(outcomeOf(after, "f", [count])).toBe(outcomeOf(text, "f", [count]));
});
