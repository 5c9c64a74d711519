import { expect, test } from "bun:test";
import { nonnull } from "./nonnull.ts";
import { bodyAfter } from "./testing.ts";

/** A walk of a pointer from `start` on that ends at nil. */
const walk = (start: string, step: string, flag = ""): string => bodyAfter(`export func @f(ptr, i64) -> i64 {
  slot s0 16 align 8
b0(v1: ptr${flag}, v2: i64):
  jump b1(${start})
b1(v3: ptr):
  v4: i8 = ne v3, 0
  branch v4, b2, b3
b2:
  ${step}
  jump b1(v5)
b3:
  return 0
}`, [nonnull]);

test("a pointer that walks from one that is not nil by constant steps is never nil", () => {
  expect(walk("s0", "v5: ptr = ptr.add v3, 8")).toContain("branch 1, b2, b3");
  expect(walk("v1", "v5: ptr = ptr.add v3, 8", " !nonnull")).toContain("branch 1, b2, b3");
});

test("one of unknown origin, steps of unknown size, and what memory holds may be nil", () => {
  expect(walk("v1", "v5: ptr = ptr.add v3, 8")).toContain("ne v3, 0");
  expect(walk("s0", "v5: ptr = ptr.add v3, v2")).toContain("ne v3, 0");
  expect(walk("s0", "v5: ptr = load v3")).toContain("ne v3, 0");
});
