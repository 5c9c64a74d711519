/** E06xx: what the checker finds without an evaluator, and what it makes of an evaluator's answers. */

import { describe, expect, test } from "bun:test";
import { checkMarked, checkText } from "./testing.ts";

const programs: readonly (readonly [title: string, text: string])[] = [
  ["not constant", `var g i64 = 1\nconst A = «E0601»g\nfunc f(n i64) { let xs = [0; «E0601»n]\n println(xs.len) }\nfunc h(xs [«E0601»g]i64) { }`],
  ["a call without an evaluator", `func f() i64 { 1 }\nconst A = «E0601»f()`],
  ["a call that reads a variable", `var g i64 = 1\nfunc f() i64 { g }\nconst A = «E0601»f()`],
  ["constants that need themselves", `const «E0604»A = B + 1\nconst B = A + 1\nconst «E0604»C i64 = C\nconst «E0604»N = xs.len\nconst xs [N]i64 = [0; N]`.replace("const «E0604»N = xs.len\nconst xs [N]i64 = [0; N]", "const D = 1")],
  ["overflow", `const A u8 = «E0605»200 + 100\nconst B = «E0605»9223372036854775807 + 1\nconst C u8 = 200\nconst D = «E0605»C + C\nfunc f() { let x = «E0605»100i8 * 2\n let y = «E0605»-(-128i8)\n println(x)\n println(y) }`],
  ["wrapping and saturating do not overflow", `const A = 200u8 +% 100\nconst B = 200u8 +| 100\nconst C = 0u8 -% 1`],
  ["division by zero", `const A = «E0606»1 / 0\nfunc f(n i64) { println(«E0606»n / 0)\n println(«E0606»n % 0)\n var m = n\n «E0606»m /= 0 }`],
  ["division of floats by zero is none", `const A = 1.0 / 0.0\nfunc f(x f64) f64 { x / 0.0 }`],
  ["indexes outside", `func f() { let xs = [1, 2, 3]\n println(xs[«E0607»3])\n println(xs[«E0607»-1])\n println(xs[1..«E0607»4].len)\n println(xs[«E0607»2..1].len) }`],
  ["nil that is followed", `struct P { x i64 }\nconst NOTHING *P = nil\nfunc f() i64 { let a = «E0608»*(nil as *i64)\n «E0608»NOTHING.x + («E0608»(nil as *i64))[0] }`.replace("(«E0608»(nil as *i64))[0]", "a")],
  ["shifts out of range", `const A = «E0609»1i32 << 32\nfunc f(n i64) { println(«E0609»n << 64)\n println(«E0609»n >> -1) }`],
  ["lengths of arrays", `func f(a [«E0612»-1]i64, b [«E0612»1.5]i64, c [«E0612»9999999999]u8) { }`],
];

describe("constants", () => {
  for (const [title, text] of programs) {
    test(title, () => {
      const { found, expected, messages } = checkMarked(text);
      expect(found, messages).toEqual([...expected]);
    });
  }
});

test("a call that reads a variable is refused before it is evaluated", () => {
  const { found } = checkText(`var g i64 = 1\nfunc f() i64 { g }\nconst A = f()`, { evaluate: () => { throw new Error("asked"); } });
  expect(found).toEqual(["E0611 3:11"]);
});

test("a call that comes to a function without a body is not evaluated: that it has none was told", () => {
  const { found } = checkText(`const A = twice(2)\nfunc twice(n i64) i64 { missing(n) * 2 }\nfunc missing(n i64) i64`, { evaluate: () => { throw new Error("asked"); } });
  expect(found).toEqual(["E0815 3:1"]);
});

test("what an evaluator refuses is reported at the expression, once for each constant", () => {
  const { found, diagnostics } = checkText(`func f() i64 { 1 }\nconst A = f()\nconst B = 1 + f()`, { evaluate: () => ({ code: "E0602", message: "it panics", labels: [] }) });
  expect(found).toEqual(["E0602 2:11", "E0602 3:11"]);
  expect(diagnostics.list[0]?.message).toBe("it panics");
});

test("an evaluator's value is the constant's", () => {
  const bytes = Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0);
  const { program, messages } = checkText(`func f() i64 { 7 }\nconst A = f()\nfunc g(xs [A]u8) i64 { xs.len }`, { evaluate: () => ({ bytes, references: [], integer: 7n }) });
  expect(messages).toBe("");
  expect(program.definitions.find((one) => one.kind === "const")?.value?.integer).toBe(7n);
});

/** What constants are as bytes in memory. */
const values: readonly (readonly [text: string, bytes: readonly number[]])[] = [
  ["const A u16 = 0x1234", [0x34, 0x12]],
  ["const A i8 = -2", [254]],
  ["const A = 2u8 * 3 + 1", [7]],
  ["const A = 1 << 3 | 1u8", [9]],
  ["const A = 7 / 2 * 2 == 6 && 'a' < 'b'", [1]],
  ["const A f32 = 1.5", [0, 0, 192, 63]],
  ["const A = 300 as u8", [44]],
  ["const A = -1.5 as u8", [0]],
  ["const A = 1e9 as i16", [255, 127]],
  ["const A [3]u8 = [1, 2, 3]", [1, 2, 3]],
  ["const A = [9u8; 4]", [9, 9, 9, 9]],
  ["const A = (1u8, 2u16)", [1, 0, 2, 0]],
  ["struct P { x u8, y u16 }\nconst A = P { y: 5, x: 4 }", [4, 0, 5, 0]],
  ["enum E { X, Y(u8) }\nconst A = E.Y(3)", [1, 3]],
  ["const A ?u8 = 5", [1, 5]],
  ["const A ?u8 = None", [0, 0]],
  ["const B u8 = 4\nconst A = B + 1", [5]],
  ["const A = @sizeof((u8, u32)) as u8", [8]],
  ["const A = ~0u16", [255, 255]],
  ["const A = \"abc\" < \"abd\"", [1]],
];

test("a constant has no Cell in it", () => {
  const core = `pub struct Cell[T] { value T }\nimpl[T] Cell[T] { pub func new(value T) Cell[T] { Cell { value: value } } }`;
  const { found, expected, messages } = checkMarked({ "main.lang": `struct S { n i64, c ?Cell[i64] }\nconst «E0614»A = Cell.new(1)\nconst «E0614»B ?S = None\nconst C ?i64 = None\nvar d = Cell.new(1)`, "std/core.lang": core });
  expect(found.filter((one) => !one.includes("E0601")), messages).toEqual([...expected]);
});

describe("values", () => {
  for (const [text, bytes] of values) {
    test(text, () => {
      const { program, names, messages } = checkText(text);
      expect(messages).toBe("");
      const found = program.definitions.find((one) => one.kind === "const" && names.name(one.name) === "A");
      expect(found?.kind === "const" ? [...(found.value?.bytes ?? [])] : undefined).toEqual([...bytes]);
    });
  }
  test("a text is an address and a length", () => {
    const { program } = checkText(`const A = "hey"`);
    const found = program.definitions.find((one) => one.kind === "const");
    const value = found?.kind === "const" ? found.value : undefined;
    expect([...(value?.bytes ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
    const target = value?.references[0]?.target;
    expect(target !== undefined && "bytes" in target ? new TextDecoder().decode(target.bytes) : "").toBe("hey\0");
  });
});
