/** What the promises of parameters tell of memory, and what they do not. */

import { expect, test } from "bun:test";
import { hoist } from "./hoist.ts";
import { numbering } from "./numbering.ts";
import { bodyAfter } from "./testing.ts";

const callees = `export func @reads(ptr) -> i64 {
b0(v1: ptr):
  v2: i64 = load v1
  return v2
}
export func @writes(ptr) {
b0(v1: ptr):
  store 1:i64, v1
  return
}
export func @keeps(ptr, ptr) {
b0(v1: ptr, v2: ptr):
  store v2, v1
  return
}
export func @gives(ptr) -> ptr {
b0(v1: ptr):
  v2: ptr = ptr.add v1, 8
  return v2
}
export func @itself(ptr) {
b0(v1: ptr):
  call @itself(v1)
  return
}
import func @any()
import func @alloc(i64, i64) -> ptr allocates
`;

/** Whether a word behind the first parameter is still known after what stands between two loads of it. */
function known(parameters: string, between: string): boolean {
  const text = bodyAfter(`${callees}export func @f(ptr, ptr) -> i64 {
b0(${parameters}):
  v3: i64 = load v1
  v4: ptr = load v1, 8
  v5: ptr = load v2
  ${between}
  v9: i64 = load v1
  v10: i64 = add v3, v9
  return v10
}`, [numbering], { thorough: true });
  return (text.match(/i64 = load v1\n/g) ?? []).length === 1;
}

const plain = "v1: ptr, v2: ptr";
const alone = "v1: ptr !noalias, v2: ptr";
const still = "v1: ptr !noalias !readonly, v2: ptr";

test("a parameter that is the only way to its memory: no write through another pointer changes it", () => {
  for (const between of ["store 1:i64, v4", "store 1:i64, v5", "store 1:i64, v2", "call @any()", "call @writes(v5)", "v6: i64 = call @reads(v1)", "v6: ptr = call @alloc(8, 8)\n  store 1:i64, v6"]) {
    expect([between, known(alone, between)]).toEqual([between, true]);
    if (!between.includes("@reads") && !between.includes("@alloc")) expect([between, known(plain, between)]).toEqual([between, false]);
  }
});

test("writes through the parameter itself, and through what may be computed from it, do change it", () => {
  for (const between of [
    "call @writes(v1)", "v6: ptr = ptr.add v1, v3\n  store 1:i64, v6", "v6: i8 = eq v4, v5\n  v7: ptr = select v6, v1, v4\n  store 1:i64, v7", "v6: i64 = bitcast v1\n  v7: ptr = bitcast v6\n  store 1:i64, v7",
    "call @keeps(v2, v1)\n  store 1:i64, v5", "call @keeps(v2, v1)\n  call @any()", "v6: ptr = call @gives(v1)\n  store 1:i64, v6", "store v1, v2\n  call @any()\n  v6: ptr = load v2\n  store 1:i64, v6", "call @itself(v1)",
  ]) expect([between, known(alone, between)]).toEqual([between, false]);
});

test("what a function borrows and nobody writes does not change while it runs", () => {
  for (const between of ["store 1:i64, v4", "call @any()", "call @keeps(v2, v1)\n  call @any()", "v6: i64 = syscall 1, v3"]) expect([between, known(still, between)]).toEqual([between, true]);
});

test("a slot that a call forgets again is not what pointers from memory lead to", () => {
  const after = (between: string): boolean => (bodyAfter(`${callees}export func @f(ptr, i64) -> i64 {
  slot s0 16 align 8
b0(v1: ptr, v2: i64):
  store v2, s0
  ${between}
  v9: i64 = load s0
  return v9
}`, [numbering], { thorough: true }).match(/= load s0\n/g) ?? []).length === 0;
  expect(after("v3: i64 = call @reads(s0)\n  v4: ptr = load v1\n  store 1:i64, v4\n  call @any()")).toBe(true);
  expect(after("call @keeps(v1, s0)\n  v4: ptr = load v1\n  store 1:i64, v4")).toBe(false);
  expect(after("v3: i64 = call @reads(s0)\n  call @writes(s0)")).toBe(false);
});

test("paths that meet: only what they write is forgotten", () => {
  expect(bodyAfter(`export func @f(ptr, ptr, i8) -> i64 {
b0(v1: ptr !noalias, v2: ptr, v3: i8):
  v4: i64 = load v1
  v5: i64 = load v2
  branch v3, b1, b2
b1:
  store 1:i64, v2
  jump b2
b2:
  v6: i64 = load v1
  v7: i64 = load v2
  v8: i64 = add v4, v5
  v9: i64 = add v6, v7
  v10: i64 = add v8, v9
  return v10
}`, [numbering], { thorough: true })).toBe(`b0(v1: ptr !noalias, v2: ptr, v3: i8):
v4: i64 = load v1
v5: i64 = load v2
branch v3, b1, b2
b1:
store 1:i64, v2
jump b2
b2:
v6: i64 = load v2
v7: i64 = add v4, v5
v8: i64 = add v4, v6
v9: i64 = add v7, v8
return v9`);
});

test("hoist: a promised word is read before the loop, one beyond the promise is not", () => {
  const moved = (offset: number): boolean => bodyAfter(`import func @any()
export func @f(ptr, i8) -> i64 {
b0(v1: ptr !noalias !readable(16), v2: i8):
  jump b1
b1:
  call @any()
  branch v2, b2, b3
b2:
  v3: i64 = load v1, ${offset}
  v4: i8 = eq v3, 0
  branch v4, b1, b3
b3:
  return 0
}`, [hoist]).split("b1:")[0]?.includes("load") ?? false;
  expect(moved(8)).toBe(true);
  expect(moved(12)).toBe(false);
  expect(moved(-8)).toBe(false);
});
