import { expect, test } from "bun:test";
import { checks } from "./checks.ts";
import { constants } from "./constants.ts";
import { deadCode } from "./deadCode.ts";
import { hoist } from "./hoist.ts";
import { layout } from "./layout.ts";
import { numbering } from "./numbering.ts";
import type { Pass } from "./pass.ts";
import { promote } from "./promote.ts";
import { rotate } from "./rotate.ts";
import { selects } from "./selects.ts";
import { simplify } from "./simplify.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { bodyAfter } from "./testing.ts";

function body(signature: string, lines: string, passes: readonly Pass[]): string {
  return `\n${bodyAfter(`trap t\ntrap bounds\nimport func @g(i64)\ndata @table size 16 align 8 = "\\01"\ndata @cell size 8 align 8 writable\nfunc @f${signature} {\n${lines}\n}`, passes)}\n`;
}

/** for i in 0..n { sum += xs[i] }, as irgen writes it. */
const sumLoop = `b0(v1: ptr, v2: i64):
  jump b1(0, 0)
b1(v3: i64, v4: i64):
  v5: i8 = slt v3, v2
  branch v5, b2, b3
b2:
  v6: i8 = uge v3, v2
  trap.if v6, bounds(v3, v2)
  v7: i64 = mul v3, 8
  v8: ptr = ptr.add v1, v7
  v9: i64 = load v8
  v10: i64 = sadd.trap v4, v9, t
  v11: i64 = sadd.trap v3, 1, t
  jump b1(v11, v10)
b3:
  return v4`;

test("checks: an index below the length, a counter below its end", () => {
  expect(body("(ptr, i64) -> i64", sumLoop, [checks])).toBe(`
b0(v1: ptr, v2: i64):
jump b1(0, 0)
b1(v3: i64, v4: i64):
v5: i8 = slt v3, v2
branch v5, b2, b3
b2:
v6: i64 = mul v3, 8
v7: ptr = ptr.add v1, v6
v8: i64 = load v7
v9: i64 = sadd.trap v4, v8, t
v10: i64 = add v3, 1 !nsw
jump b1(v10, v9)
b3:
return v4
`);
});

test("rotate: the condition is asked once before the loop and then at the end of each turn", () => {
  expect(body("(ptr, i64) -> i64", sumLoop, [checks, rotate, promote, simplify, simplifyFlow, deadCode])).toBe(`
b0(v1: ptr, v2: i64):
v3: i8 = slt 0:i64, v2
branch v3, b1(0, 0), b2(0)
b1(v4: i64, v5: i64):
v6: i64 = shl v4, 3
v7: ptr = ptr.add v1, v6
v8: i64 = load v7
v9: i64 = sadd.trap v5, v8, t
v10: i64 = add v4, 1 !nsw
v11: i8 = slt v10, v2
branch v11, b1(v10, v9), b2(v9)
b2(v12: i64):
return v12
`);
});

test("checks: what a branch tells of a value holds in what it dominates, and nowhere else", () => {
  expect(body("(i64) -> i64", `b0(v1: i64):
  v2: i8 = slt v1, 2
  branch v2, b1, b2
b1:
  v3: i64 = ssub.trap v1, 1, t
  return v3
b2:
  v4: i64 = ssub.trap v1, 1, t
  v5: i64 = sdiv v4, 8
  v6: i64 = sadd.trap v4, v5, t
  return v6`, [checks])).toBe(`
b0(v1: i64):
v2: i8 = slt v1, 2
branch v2, b1, b2
b1:
v3: i64 = ssub.trap v1, 1, t
return v3
b2:
v4: i64 = sub v1, 1 !nsw
v5: i64 = lshr v4, 3
v6: i64 = sadd.trap v4, v5, t
return v6
`);
});

test("checks: what leads into a loop holds in it, as nothing comes round without having gone that way", () => {
  const text = (entered: string): string => `b0(v1: i64, v2: i64):
  v3: i8 = slt v1, v2
  branch v3, b1(0), ${entered}
b1(v4: i64):
  v5: i8 = slt v4, 10
  branch v5, b2, b3
b2:
  v6: i64 = sadd.trap v1, 1, t
  v7: i64 = add v4, v6
  jump b1(v7)
b3:
  return v1`;
  expect(body("(i64, i64) -> i64", text("b3"), [checks])).toContain("add v1, 1 !nsw");
  expect(body("(i64, i64) -> i64", text("b1(1)"), [checks])).toContain("sadd.trap v1, 1, t"); // entered either way
});

test("checks: unsigned counters, narrow sums, masked indexes", () => {
  expect(body("(i32, i8, i64) -> i64", `b0(v1: i32, v2: i8, v3: i64):
  v4: i32 = zext v2
  v5: i32 = sadd.trap v4, v4, t
  v6: i64 = and v3, 15
  v7: i8 = uge v6, 16
  trap.if v7, bounds(v6, 16:i64)
  v8: i8 = ult v1, v5
  trap.if v8, t
  v9: i32 = usub.trap v1, v5, t
  v10: i64 = zext v9
  v11: i64 = sadd.trap v10, v6, t
  return v11`, [checks])).toBe(`
b0(v1: i32, v2: i8, v3: i64):
v4: i32 = zext v2
v5: i32 = add v4, v4 !nsw
v6: i64 = and v3, 15
v7: i8 = ult v1, v5
trap.if v7, t
v8: i32 = sub v1, v5 !nuw
v9: i64 = zext v8
v10: i64 = add v9, v6 !nsw
return v10
`);
});

test("promote: fields of slots, copies between them, values where paths meet", () => {
  expect(body("(i64) -> i64", `  slot s0 16 align 8
  slot s1 16 align 8
b0(v1: i64):
  store v1, s0
  store 7:i32, s0, 8
  copy s1, s0, 16
  v2: i8 = slt v1, 0
  branch v2, b1, b2
b1:
  store 5:i64, s1
  jump b2
b2:
  v3: i64 = load s1
  v4: i32 = load s1, 8
  v5: i64 = sext v4
  v6: i64 = add v3, v5
  return v6`, [promote, simplify])).toBe(`
b0(v1: i64):
v2: i8 = slt v1, 0
branch v2, b1, b2(v1)
b1:
jump b2(5)
b2(v3: i64):
v4: i64 = add v3, 7
return v4
`);
});

test("promote: an address that goes through words is the address again", () => {
  expect(body("() -> ptr", `  slot s0 8 align 8
  slot s1 8 align 8
b0:
  store @table, s0
  v1: i64 = load s0
  store v1, s1
  v2: ptr = load s1
  return v2`, [promote, deadCode])).toBe(`
b0:
return @table
`);
});

test("promote: what leaves the function, is indexed, or is seen in pieces stays in memory", () => {
  for (const use of ["v2: i64 = bitcast s0\n  call @g(v2)", "v2: ptr = ptr.add s0, v1\n  store 1:i8, v2", "store 1:i16, s0, 3", "store 1:i8, s0, 1 !volatile"]) {
    const lines = `  slot s0 16 align 8\nb0(v1: i64):\n  store v1, s0\n  ${use}\n  v9: i64 = load s0\n  return v9`;
    expect(body("(i64) -> i64", lines, [promote])).toContain("= load s0");
  }
});

test("promote: copies from and to memory become loads and stores of the fields", () => {
  expect(body("(ptr, ptr) -> i32", `  slot s0 12 align 4
b0(v1: ptr, v2: ptr):
  copy s0, v1, 12
  v3: i32 = load s0, 8
  copy v2, s0, 12
  return v3`, [promote])).toBe(`
b0(v1: ptr, v2: ptr):
v3: i64 = load v1
v4: i32 = load v1, 8
store v3, v2
store v4, v2, 8
return v4
`);
});

test("promote: a copy within a slot goes from some of its fields to others, if they are others", () => {
  const swap = (size: number) => body("(i64, i64) -> i64", `  slot s0 16 align 8
b0(v1: i64, v2: i64):
  store v1, s0
  store v2, s0, 8
  v3: i64 = load s0
  v4: ptr = ptr.add s0, ${size}
  move s0, v4, ${16 - size}
  store v3, s0, 8
  v5: i64 = load s0
  return v5`, [promote]);
  expect(swap(8)).toBe("\nb0(v1: i64, v2: i64):\nv3: ptr = ptr.add s0, 8\nreturn v2\n");
  expect(swap(4)).toContain("move s0");
});

test("numbering: equal values, known memory, what conditions tell", () => {
  expect(body("(ptr, ptr, i64) -> i64", `b0(v1: ptr, v2: ptr !noalias, v3: i64):
  v4: i64 = load v1
  store v3, v2
  v5: i64 = load v1
  v6: i64 = add v4, v5
  v7: i64 = add v5, v4
  v8: i64 = load v2
  store v3, v1, 8
  v9: i64 = load v1
  v10: i64 = add v6, v7
  v11: i64 = add v9, v8
  v12: i8 = slt v10, v11
  branch v12, b1, b2
b1:
  v13: i8 = sgt v11, v10
  v14: i8 = eq v10, v11
  trap.if v14, t
  branch v13, b3, b2
b2:
  return v10
b3:
  return v11`, [numbering])).toBe(`
b0(v1: ptr, v2: ptr !noalias, v3: i64):
v4: i64 = load v1
store v3, v2
v5: i64 = add v4, v4
store v3, v1, 8
v6: i64 = add v5, v5
v7: i64 = add v4, v3
v8: i8 = slt v6, v7
branch v8, b1, b2
b1:
branch 1, b3, b2
b2:
return v6
b3:
return v7
`);
});

test("numbering: memory is forgotten at writes that may meet it, at calls, and where paths meet after a write", () => {
  const kept = (between: string) => (body("(ptr, ptr, i8) -> i64", `b0(v1: ptr, v2: ptr, v3: i8):
  v4: i64 = load v1
  ${between}
  v5: i64 = load v1
  v6: i64 = add v4, v5
  return v6`, [numbering]).match(/= load v1\n/g) ?? []).length === 2;
  expect(kept("store 1:i64, v2")).toBe(true);
  expect(kept("store 1:i64, v1, 8")).toBe(false);
  expect(kept("store 1:i64, v1, 4")).toBe(true);
  expect(kept("call @g(1)")).toBe(true);
  expect(kept("branch v3, b1, b2\nb1:\n  store 1:i8, v2\n  jump b2\nb2:")).toBe(true);
  expect(kept("branch v3, b1, b2\nb1:\n  v9: i8 = load v2\n  jump b2\nb2:")).toBe(false);
});

test("constants: around loops, and only on paths that can be taken", () => {
  expect(body("(i64) -> i64", `b0(v1: i64):
  jump b1(0, 5)
b1(v2: i64, v3: i64):
  v4: i8 = eq v3, 5
  branch v4, b2, b3
b2:
  v5: i64 = add v2, 1
  v6: i8 = slt v5, v1
  branch v6, b1(v5, 5), b4
b3:
  jump b1(v1, 6)
b4:
  return v3`, [constants, simplifyFlow, deadCode])).toBe(`
b0(v1: i64):
jump b1(0)
b1(v2: i64):
v3: i64 = add v2, 1
v4: i8 = slt v3, v1
branch v4, b1(v3), b2
b2:
return 5
`);
});

test("hoist: what does not change; a check only if it stands first; a load only if nothing can write there", () => {
  expect(body("(ptr, i64, i64) -> i64", `b0(v1: ptr, v2: i64, v3: i64):
  jump b1(0, 0)
b1(v4: i64, v5: i64):
  v6: i64 = sadd.trap v2, v3, t
  v7: i8 = slt v4, v6
  branch v7, b2, b3
b2:
  v8: i64 = mul v2, v3 !nsw
  v9: i64 = smul.trap v2, v3, t
  v10: i64 = load v1
  v11: i64 = load @table
  v12: i64 = load @cell
  store v9, v1
  v13: i64 = add v8, v10
  v14: i64 = add v11, v13
  v15: i64 = add v12, v14
  v16: i64 = add v4, 1
  jump b1(v16, v15)
b3:
  return v5`, [hoist, simplifyFlow])).toBe(`
b0(v1: ptr, v2: i64, v3: i64):
v4: i64 = sadd.trap v2, v3, t
v5: i64 = mul v2, v3
v6: i64 = load @table
jump b1(0, 0)
b1(v7: i64, v8: i64):
v9: i8 = slt v7, v4
branch v9, b2, b3
b2:
v10: i64 = smul.trap v2, v3, t
v11: i64 = load v1
v12: i64 = load @cell
store v10, v1
v13: i64 = add v5, v11
v14: i64 = add v6, v13
v15: i64 = add v12, v14
v16: i64 = add v7, 1
jump b1(v16, v15)
b3:
return v8
`);
});

test("checks: a loop's variable that is cut to an interval where it goes round", () => {
  const loop = (next: string) => body("(i64, ptr) -> i64", `b0(v1: i64, v2: ptr):
  v3: i64 = lshr v1, 56
  jump b1(v3)
b1(v4: i64):
  v5: i8 = uge v4, 256
  trap.if v5, t
  v6: ptr = ptr.add v2, v4
  v7: i8 = load v6
  branch v7, b2, b3
b2:
  v8: i64 = add v4, 1
  v9: i64 = ${next}
  jump b1(v9)
b3:
  return v4`, [checks, deadCode]);
  expect(loop("and v8, 255")).not.toContain("trap");
  expect(loop("and v8, 511")).toContain("trap");
  expect(loop("srem v8, 256")).toContain("trap");
});

test("hoist: the part of an index that stays the same joins the base", () => {
  const loop = (more: string) => body("(ptr, i64, i64) -> i64", `b0(v1: ptr, v2: i64, v3: i64):
  jump b1(0, 0)
b1(v4: i64, v5: i64):
  v6: i64 = add v4, v2
  v7: i64 = shl v6, 3
  v8: ptr = ptr.add v1, v7
  v9: i64 = load v8
  v10: i64 = add v9, ${more}
  v11: i64 = add v4, 1
  v12: i8 = slt v11, v3
  branch v12, b1(v11, v10), b2
b2:
  return v10`, [hoist, simplifyFlow, deadCode]);
  expect(loop("v5")).toBe(`
b0(v1: ptr, v2: i64, v3: i64):
v4: i64 = shl v2, 3
v5: ptr = ptr.add v1, v4
jump b1(0, 0)
b1(v6: i64, v7: i64):
v8: i64 = shl v6, 3
v9: ptr = ptr.add v5, v8
v10: i64 = load v9
v11: i64 = add v10, v7
v12: i64 = add v6, 1
v13: i8 = slt v12, v3
branch v13, b1(v12, v11), b2
b2:
return v11
`);
  // The sum is made anyway.
  expect(loop("v6")).toContain("shl v5, 3");
});

test("hoist: a check takes what it asks along, if that stays the same and nothing was seen from outside before", () => {
  const before = (first: string) => body("(ptr, i64, i64) -> i64", `b0(v1: ptr, v2: i64, v3: i64):
  jump b1(0)
b1(v4: i64):
  v5: i64 = load v1
  v6: i8 = uge v2, ${first}
  trap.if v6, t(v2, ${first})
  store v4, v1
  v7: i8 = ult v3, v2
  trap.if v7, t(v3)
  v8: i64 = add v4, 1
  v9: i8 = slt v8, v5
  branch v9, b1(v8), b2
b2:
  return v5`, [hoist, simplifyFlow]);
  expect(before("v3")).toBe(`
b0(v1: ptr, v2: i64, v3: i64):
v4: i8 = uge v2, v3
trap.if v4, t(v2, v3)
jump b1(0)
b1(v5: i64):
v6: i64 = load v1
store v5, v1
v7: i8 = ult v3, v2
trap.if v7, t(v3)
v8: i64 = add v5, 1
v9: i8 = slt v8, v6
branch v9, b1(v8), b2
b2:
return v6
`);
  expect(before("v4")).toContain("jump b1(0)\nb1(v4: i64):\nv5: i64 = load v1\nv6: i8 = uge v2, v4\ntrap.if v6, t(v2, v4)\nstore");
});

test("selects: cheap sides only, nothing that could fault", () => {
  const lines = (work: string) => `b0(v1: i64, v2: i64):\n  v3: i8 = slt v1, v2\n  branch v3, b1, b2(v2)\nb1:\n  ${work}\n  jump b2(v4)\nb2(v5: i64):\n  return v5`;
  expect(body("(i64, i64) -> i64", lines("v4: i64 = add v1, 1"), [selects, simplifyFlow])).toBe("\nb0(v1: i64, v2: i64):\nv3: i8 = slt v1, v2\nv4: i64 = add v1, 1\nv5: i64 = select v3, v4, v2\nreturn v5\n");
  for (const work of ["v4: i64 = sdiv v1, v2", "v4: i64 = sadd.trap v1, 1, t", "v4: i64 = load 16"]) expect(body("(i64, i64) -> i64", lines(work), [selects])).not.toContain("select");
});

test("dead code: rings of values that feed only each other; a check stays", () => {
  expect(body("(i64) -> i64", `b0(v1: i64):
  v2: i64 = sdiv v1, 3
  v3: i64 = sadd.trap v1, 1, t
  jump b1(0, v1)
b1(v4: i64, v5: i64):
  v6: i64 = add v4, 1
  v7: i64 = sub v5, 1
  v8: i8 = eq v7, 0
  branch v8, b2, b1(v6, v7)
b2:
  return v1`, [deadCode])).toBe(`
b0(v1: i64):
v2: i64 = sadd.trap v1, 1, t
jump b1(v1)
b1(v3: i64):
v4: i64 = sub v3, 1
v5: i8 = eq v4, 0
branch v5, b2, b1(v4)
b2:
return v1
`);
});

test("layout: loops in one piece, what ends the program last", () => {
  expect(body("(i64)", `b0(v1: i64):
  v2: i8 = eq v1, 0
  branch v2, b1, b2
b1:
  trap t
b2:
  jump b4(v1)
b3:
  return
b4(v3: i64):
  v4: i8 = eq v3, 0
  branch v4, b3, b5
b5:
  v5: i64 = sub v3, 1
  jump b4(v5)`, [layout])).toBe(`
b0(v1: i64):
v2: i8 = eq v1, 0
branch v2, b4, b1
b1:
jump b2(v1)
b2(v3: i64):
v4: i8 = eq v3, 0
branch v4, b5, b3
b3:
v5: i64 = sub v3, 1
jump b2(v5)
b4:
trap t
b5:
return
`.replace("b4:\ntrap t\nb5:\nreturn", "b4:\nreturn\nb5:\ntrap t").replace("branch v2, b4, b1", "branch v2, b5, b1").replace("branch v4, b5, b3", "branch v4, b4, b3"));
});

test("simplifyFlow: constants and slots that one edge of a branch brings need no parameter", () => {
  expect(body("(i8, i64) -> i64", `slot s0 8 align 8
b0(v1: i8, v2: i64):
  branch v1, b1(s0, v2, 5), b2(7)
b1(v3: ptr, v4: i64, v5: i64):
  v6: i64 = load v3
  branch v1, b2(v6), b3(v4, v5)
b2(v7: i64):
  return v7
b3(v8: i64, v9: i64):
  v10: i64 = add v8, v9
  return v10`, [simplifyFlow])).toBe(`
b0(v1: i8, v2: i64):
branch v1, b1(v2), b2(7)
b1(v3: i64):
v4: i64 = load s0
branch v1, b2(v4), b3(v3)
b2(v5: i64):
return v5
b3(v6: i64):
v7: i64 = add v6, 5
return v7
`);
});
