/** Forms of other languages: one error each, at the smallest place, which says what is written here. */

import { describe, expect, test } from "bun:test";
import { errorsOf, parseText } from "./testing.ts";

/** Bodies of a function; the line counts from 1. */
const bodies: readonly (readonly [text: string, expected: string])[] = [
  ["switch (x) {\ncase 1: f()\n}", "1:1 E0137 `switch` is not a word of this language"],
  ["let y = (i32)x", "1:9 E0137 a cast does not stand before its value"],
  ["let f = (x i64) => x + 1", "1:17 E0137 `(x) => …` is not written here"],
  ["let f = (x: i64, y: i64) => x + y", "1:26 E0137 `(x) => …` is not written here"],
  ["if x := f(); x > 0 { g() }", "1:6 E0137 `:=` is not written here"],
  ["delete s", "1:1 E0137 `delete` is not a word of this language"],
  ["f(p->x)", "1:4 E0137 `->` is not written here"],
  ["let b = P { ...a, x: 3 }", "1:13 E0137 `...` is not written here"],
  ["let b = P { ..a, x: 3 }", "1:18 E0137 no field follows the rest of the fields"],
  ["let p = P(x: 1)", "1:12 E0137 arguments are not named"],
  ["return 1, 2", "1:9 E0137 several values are returned as one tuple"],
  ["let a, b = f()", "1:6 E0137 names that are declared together stand in parentheses"],
  ["a, b := 1, 2", "1:6 E0137 `:=` is not written here"],
  ["a, b = b, a", "1:2 E0137 places that are assigned together stand in parentheses"],
  ["let x = 1,000", "1:9 E0137 the digits of a number are not grouped by `,`"],
  ["let y = xs[0:2]", "1:13 E0137 a part is not cut out with `:`"],
  ['let m = {"a": 1, "b": 2}', "1:13 E0137 there are no literals of maps"],
  ["let o = { a: 1, b: 2 }", "1:12 E0137 a struct literal begins with the name of its struct"],
  ["let b = [...a, 3]", "1:10 E0137 `...` is not written here"],
  ["f() # a remark", "1:5 E0137 `#` begins no comment"],
  ["if 2 in xs { }", "1:6 E0137 `in` is not an operator"],
  ["if a is None { }", "1:6 E0137 `is` is not a word of this language"],
  ["let y = 1 if c else 0", "1:11 E0137 `a if c else b` is not written here"],
  ["return 1 if c", "1:10 E0137 what is done if a condition holds stands behind it"],
  ["let xs = [x * 2 for x in ys]", "1:17 E0137 a list is not made by `for` in brackets"],
  ["p->y = 3", "1:2 E0137 `->` is not written here"],
  ["let f = Foo { 1 }", "1:13 E0137 the fields of a struct literal are named"],
  ["let f = Foo{.x = 1}", "1:12 E0137 a field does not begin with a dot"],
  ["let xs = []i64{1, 2}", "1:10 E0137 the type does not stand before the elements of an array"],
  ['let m = map[string]int{"a": 1}', "1:9 E0137 a map's type is not written so"],
  ["let xs = make([]i64, 3)", "1:10 E0137 `make` makes nothing here"],
  ["assert a == b", "1:1 E0137 `assert` is a function"],
  ['print "x"', "1:1 E0137 `print` is a function"],
  ["let t = typeof x", "1:9 E0137 `typeof` is no operator"],
  ["go f()", "1:1 E0137 `go` is not a word of this language"],
  ["for (const x of xs) { }", "1:6 E0137 the variable of a loop is not declared"],
  ["for i := 0; i < 10; i++ { }", "1:7 E0137 a loop with a counter is not written so"],
  ["for i := range xs { }", "1:7 E0137 `:= range` is not written here"],
  ["match x { 1 => f(); _ => g(); }", "1:19 E0137 no `;` stands behind an arm\n1:29 E0137 no `;` stands behind an arm"],
  ["let xs [i64; 3] = [1, 2, 3]", "1:12 E0137 an array type is not written `[T; N]`"],
  ["let xs [(i64, i64)] = []", "1:8 E0137 the type of the elements stands behind the brackets"],
  ["let xs[3] = [1, 2, 3]", "1:7 E0137 a length stands before the type of the elements"],
  ["let xs Vec<i64> = f()", "1:11 E0137 type arguments do not stand in `< >`"],
  ["let b = Box2<i64> { v: 1 }\nlet c = 1", "1:17 E0128 comparisons do not chain"],
  ["let xs = vec![1, 2]", "1:13 E0137 `vec!` is not written here"],
  ["for _, x := range xs { }", "1:10 E0137 `:= range` is not written here"],
  ["match x { 0, 1 => 1 }", "1:12 E0120 expected `=>`, found `,`"],
  ["match x { 2 || 3 => 1 }", "1:13 E0137 alternatives of a pattern are not joined by `||`"],
  ["match x { 0...5 => 1 }", "1:12 E0137 `...` is not written here"],
  ["match x { n when n > 3 => 1 }", "1:13 E0137 `when` is not a word of this language"],
  ["match x { 0 => 1, else => 4 }", "1:19 E0123 `else` is no pattern"],
  ["'outer: loop { break 'outer }", "1:1 E0137 labels have no quote\n1:22 E0137 labels have no quote"],
  // A text without end takes the brackets behind it along.
  ['f("a)\nlet y = 1', "1:3 E0105 this text does not end"],
  ['f("a\nb")', "1:3 E0105 this text does not end"],
  ['f(f"x = {x})\nlet y = 1', "1:3 E0105 this text does not end"],
  ["let s = `x = ${x}`", "1:9 E0101 a text does not stand in backticks"],
  ["let x = 3 – 2", "1:11 E0101 `–` (U+2013) is not a minus"],
  ["let x = 3；f(x)", "1:10 E0101 `；` (U+FF1B) is not a semicolon"],
];

const files: readonly (readonly [text: string, expected: string])[] = [
  ["enum E { A, #if DEBUG { B } }", "1:13 E0137 `#if` stands among declarations and statements only"],
  ["int main() {\n}", "1:1 E0137 a function does not begin with the type of its result"],
  ["func (p Point) len() f64 { p.x }", "1:6 E0137 no receiver stands before a method's name"],
  ["func f[T](x T) T where T: Copy { x }", "1:18 E0137 `where` is not a word of this language"],
  ["func f() impl Fn(i64) -> i64 { |x| x + 1 }", "1:10 E0137 `impl Trait` is not a type"],
  ["func id<T: Ord, U>(x T, y U) T { x }", "1:8 E0137 type parameters do not stand in `< >`"],
  ["func f<'a>(x &'a str) &'a str { x }", "1:8 E0106 lifetimes are not written"],
  ["func f() { let x = 'a: { 3 } }", "1:20 E0137 a block has no label"],
  ["struct B[T, const N: usize] { d [N]T }", "1:13 E0137 type parameters stand for types only"],
  ["func sum(xs ...i64) { }", "1:13 E0137 `...` is not written here"],
  ["import std/math", "1:8 E0120 expected the file's path as a text, found `std`"],
  ["func f(x i64?) { }", "1:13 E0137 `?` stands before the type"],
  ["func f() i64! { 0 }", "1:13 E0137 `!` is no part of a type"],
  ["func f(g fn(i64) -> i64) { }", "1:10 E0137 `fn` is not a word of this language"],
  ["func f(xs i64[]) { }", "1:14 E0122 expected a type between the brackets"],
  ["func f(xs [i64]) { }", "1:11 E0137 the type of the elements stands behind the brackets"],
  ["struct P { private x i64 }", "1:12 E0137 `private` is not a word of this language"],
  ["func f(ref x i64) { }", "1:8 E0140 a parameter is one name and its type"],
  ["impl P { func f(self: &Self) { } }", "1:21 E0140 a receiver's type is not written"],
  ["const P = struct { x i64 }", "1:11 E0137 a type is not a value"],
  ["-- a comment\nfunc f() { }", "1:1 E0137 `--` begins no comment"],
  ["#[derive(Debug)]\nstruct P { x i64 }", "1:1 E0138 attributes are not written `#[…]`"],
  ["func f() {\n/* ", "2:1 E0104 this comment does not end"],
];

describe("forms of other languages", () => {
  for (const [text, expected] of bodies) {
    test(text, () => expect(errorsOf(`func f() {\n${text}\n}\n`).replace(/^\d+/gm, (line) => String(Number(line) - 1))).toBe(expected));
  }
  for (const [text, expected] of files) test(text, () => expect(errorsOf(text)).toBe(expected));

  test("each says what to write", () => {
    for (const [text] of [...files, ...bodies.map(([body]) => [`func f() {\n${body}\n}\n`] as const)]) {
      for (const one of parseText(text).diagnostics.list) expect(one.advice.length, one.message).toBeGreaterThan(0);
    }
  });
});
