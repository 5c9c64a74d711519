/** Blocks of memory that vanish, and counts of owners that cancel. */

import { expect, test } from "bun:test";
import { counts } from "./counts.ts";
import { deadCode } from "./deadCode.ts";
import { elide } from "./elide.ts";
import { numbering } from "./numbering.ts";
import { runPipeline } from "./pipeline.ts";
import { promote } from "./promote.ts";
import { hoist } from "./hoist.ts";
import { bodyAfter, parsed } from "./testing.ts";
import { printModule } from "../ir/print.ts";

const allocator = `import func @alloc(i64, i64) -> ptr allocates
import func @free(ptr, i64, i64) frees
import func @see(ptr)
import func @any()
`;

function optimised(text: string): string {
  const module = parsed(text);
  expect(runPipeline(module, "O2", { verifyEach: true }).problems).toEqual([]);
  const printed = printModule(module, { withoutPositions: true });
  const from = printed.indexOf("export func @f");
  return printed.slice(from, printed.indexOf("\n}", from));
}

test("elide: a block that stays within the function becomes values", () => {
  expect(bodyAfter(`${allocator}export func @f(i64) -> i64 {
b0(v1: i64):
  v2: ptr = call @alloc(16, 8)
  v3: i8 = eq v2, 0
  branch v3, b2, b1
b1:
  store v1, v2
  v4: ptr = ptr.add v2, 8
  store 5:i64, v4
  v5: i64 = load v2
  v6: i64 = load v2, 8
  v7: i64 = add v5, v6
  call @free(v2, 16, 8)
  return v7
b2:
  return 0
}`, [elide, promote, deadCode])).toBe(`b0(v1: i64):
branch 0, b2, b1
b1:
v2: i64 = add v1, 5
return v2
b2:
return 0`);
});

const stays: readonly (readonly [title: string, use: string])[] = [
  ["that is stored somewhere", "store v2, v1"],
  ["that is given to a function", "call @see(v2)"],
  ["a part of which is given to a function", "v3: ptr = ptr.add v2, 8\n  call @see(v3)"],
  ["that is freed from the middle", "v3: ptr = ptr.add v2, 8\n  call @free(v3, 16, 8)"],
  ["an unknown part of which is written", "v3: i64 = load v1\n  v4: ptr = ptr.add v2, v3\n  store 1:i64, v4"],
  ["that is compared with another", "v3: i8 = eq v2, v1\n  store v3, v1"],
];

for (const [title, use] of stays) {
  test(`elide: not a block ${title}`, () => {
    const text = `${allocator}export func @f(ptr) {\nb0(v1: ptr):\n  v2: ptr = call @alloc(16, 8)\n  ${use}\n  return\n}`;
    expect(bodyAfter(text, [elide])).toBe(bodyAfter(text, []));
  });
}

test("elide: not a block that is returned, that lives round a loop, that is large or of unknown size", () => {
  const texts = [
    "export func @f() -> ptr {\nb0:\n  v1: ptr = call @alloc(16, 8)\n  return v1\n}",
    "export func @f(ptr) {\nb0(v1: ptr):\n  jump b1(v1)\nb1(v2: ptr):\n  v3: i64 = load v2\n  store v3, v1\n  v4: ptr = call @alloc(16, 8)\n  store 1:i64, v4\n  jump b1(v4)\n}",
    "export func @f() {\nb0:\n  v1: ptr = call @alloc(1000, 8)\n  store 1:i64, v1\n  return\n}",
    "export func @f(i64) {\nb0(v1: i64):\n  v2: ptr = call @alloc(v1, 8)\n  store 1:i64, v2\n  return\n}",
  ];
  for (const text of texts) expect(bodyAfter(allocator + text, [elide])).toBe(bodyAfter(allocator + text, []));
});

test("-O2: a closure that owns its environment is called and dropped without memory, whatever lies in between", () => {
  const text = optimised(`${allocator}func @added(i64, ptr) -> i64 {
b0(v1: i64, v2: ptr):
  v3: i64 = load v2, 8 !constant
  v4: i64 = add v1, v3
  return v4
}
func @dropped(ptr) {
b0(v1: ptr):
  call @free(v1, 16, 8)
  return
}
func @drop(ptr) {
b0(v1: ptr):
  v2: i8 = eq v1, 0
  branch v2, b3, b1
b1:
  v3: ptr = load v1 !constant
  v4: i8 = eq v3, 0
  branch v4, b3, b2
b2:
  call.indirect v3(v1) (ptr)
  jump b3
b3:
  return
}
func @adder(i64) -> (ptr, ptr) {
b0(v1: i64):
  v2: ptr = call @alloc(16, 8)
  store @dropped, v2 !constant
  store v1, v2, 8 !constant
  return @added, v2
}
export func @f(i64) -> i64 {
b0(v1: i64):
  v2: ptr = call @adder(v1)
  v3: ptr = result v2, 1
  call @any()
  v4: i64 = call.indirect v2(40, v3) (i64, ptr) -> i64
  call @any()
  call @drop(v3)
  return v4
}`);
  expect(text.split("\n").map((line) => line.trim()).slice(1).join("\n")).toBe("b0(v1: i64):\ncall @any()\nv2: i64 = add v1, 40\ncall @any()\nreturn v2");
});

test("what stays as it was stored is known behind writes, and leaves loops", () => {
  const text = (flag: string) => `${allocator}export func @f(ptr, ptr) -> i64 {
b0(v1: ptr, v2: ptr):
  v3: i64 = load v1, 8${flag}
  call @any()
  v4: i64 = load v1, 8${flag}
  v5: i64 = add v3, v4
  return v5
}`;
  expect(bodyAfter(text(" !constant"), [numbering]).match(/load/g)).toHaveLength(1);
  expect(bodyAfter(text(""), [numbering]).match(/load/g)).toHaveLength(2);
  const loop = (flag: string) => `${allocator}export func @f(ptr, i64) -> i64 {
b0(v1: ptr, v2: i64):
  jump b1(v2)
b1(v3: i64):
  call @any()
  v4: i64 = load v1, 8${flag}
  v5: i64 = sub v3, v4
  v6: i8 = sgt v5, 0
  branch v6, b1(v5), b2
b2:
  return v5
}`;
  const lines = (flag: string): number => bodyAfter(loop(flag), [hoist]).split("\n").findIndex((line) => line.includes("load"));
  expect(lines(" !constant")).toBeLessThan(bodyAfter(loop(" !constant"), [hoist]).split("\n").findIndex((line) => line.startsWith("b1")));
  expect(lines("")).toBeGreaterThan(bodyAfter(loop(""), [hoist]).split("\n").findIndex((line) => line.startsWith("b1")));
});

const counting = `import func @up(ptr) counts.up
import func @down(ptr) -> i8 counts.down
import func @any()
`;

function counted(between: string, down = "v1"): string {
  return bodyAfter(`${counting}export func @f(ptr, ptr) -> i8 {\nb0(v1: ptr, v2: ptr):\n  call @up(v1)\n  ${between}\n  v9: i8 = call @down(${down})\n  return v9\n}`, [counts]);
}

test("counts: one more and one less of the same count cancel", () => {
  expect(counted("v3: i64 = load v1, 16\n  store v3, v1, 24")).toBe("b0(v1: ptr, v2: ptr):\nv3: i64 = load v1, 16\nstore v3, v1, 24\nreturn 0");
  expect(counted("v3: i8 = load v2")).not.toContain("call");
  expect(counted("call @up(v1)\n  v4: i8 = call @down(v1)\n  store v4, v1, 16")).toBe("b0(v1: ptr, v2: ptr):\nstore 0:i8, v1, 16\nreturn 0");
  expect(counted("v3: ptr = ptr.add v1, 8\n  call @up(v3)")).toContain("call @up(v3)");
});

test("counts: what may see or change the count, or lose another owner, keeps them", () => {
  for (const between of ["call @any()", "v3: i64 = load v1\n  store v3, v1, 16", "store 1:i64, v1", "v3: i64 = load v2\n  store v3, v1, 16", "v3: i8 = call @down(v2)\n  store v3, v1, 16"]) {
    expect(counted(between)).toContain("call @up(v1)");
  }
  expect(counted("v3: i64 = add 1, 2", "v2")).toContain("call @up(v1)");
});

test("numbering: a load from one of two addresses whose words are known chooses between these", () => {
  const text = (between: string) => `${allocator}export func @f(ptr, ptr) -> i64 {
b0(v1: ptr, v2: ptr):
  v3: i64 = load v1, 8
  v4: i64 = load v2, 8
  v5: i8 = slt v3, v4
  v6: ptr = select v5, v1, v2
${between}  v7: i64 = load v6, 8
  return v7
}`;
  expect(bodyAfter(text(""), [numbering, deadCode])).toContain("v6: i64 = select v5, v3, v4\nreturn v6");
  expect(bodyAfter(text("  call @any()\n"), [numbering]).match(/load/g)).toHaveLength(3);
});
