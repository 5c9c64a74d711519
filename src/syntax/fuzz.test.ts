import { expect, test } from "bun:test";
import { checkCase, everything, makeCase } from "./fuzz.ts";
import { errorsOf, parseText } from "./testing.ts";

test("the fuzzer's program is accepted", () => {
  expect(errorsOf(everything)).toBe("");
  expect(checkCase(new TextEncoder().encode(everything))).toBeUndefined();
});

test("the same seed gives the same bytes", () => {
  expect(makeCase(7)).toEqual(makeCase(7));
});

test("100 cases do no harm", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const wrong = checkCase(makeCase(seed));
    if (wrong !== undefined) throw new Error(`seed ${seed}: ${wrong}`);
  }
}, 60_000);

test("lines of a megabyte take no more than a moment", () => {
  for (const piece of ["x ", "(", '"', "a + ", "'", "if a {} else ", 'f"{', "a.b", "if ", "match ", "a[func("]) {
    const text = `func f() { ${piece.repeat(Math.ceil(1_000_000 / piece.length))}`;
    const before = performance.now();
    parseText(text);
    const milliseconds = performance.now() - before;
    if (milliseconds > 20_000) throw new Error(`${piece}: ${milliseconds} ms`);
  }
}, 60_000);
