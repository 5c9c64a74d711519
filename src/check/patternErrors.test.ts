/** E05xx and what a match says it misses. */

import { describe, expect, test } from "bun:test";
import { checkMarked, checkText } from "./testing.ts";

const programs: readonly (readonly [title: string, text: string])[] = [
  ["patterns of another type", `func f(n i64, s str, o ?i64) { let _ = match n { «E0503»"five" => 1, «E0503»(a, b) => 2, «E0503»Some(x) => 3, _ => 0 }\n let _ = match s { «E0503»1 => 1, _ => 0 }\n let _ = match o { «E0503»1 => 1, _ => 0 } }`],
  ["a variant of another enum", `enum A { X, Y }\nenum B { Z }\nfunc f(a A) i64 { match a { «E0503»Z => 1, _ => 0 } }`],
  ["numbers of parts", `enum S { C(i64), R(i64, i64) }\nfunc f(s S) { let _ = match s { «E0504»R(a) => 1, «E0504»C => 2, _ => 0 }\n let «E0504»(a, b, c) = (1, 2)\n let [x] = [1]\n let «E0504»[y, z] = [1] }`],
  ["alternatives bind differently", `enum O { Add(i64, i64), Neg(i64), Str(str) }\nfunc f(o O) i64 { match o { «E0505»Add(a, b) | Neg(a) => a, Str(_) => 0 } }\nfunc g(o O) i64 { match o { Neg(a) | Str(«E0505»a) => 1, _ => 0 } }`],
  ["a name bound twice", `func f(p (i64, i64)) i64 { match p { (a, «E0506»a) => a } }`],
  ["empty ranges", `func f(n i64) { let _ = match n { «E0507»9..=1 => 1, «E0507»3..3 => 2, _ => 0 } }`],
  ["patterns that may fail", `func f(o ?i64) { let «E0508»Some(x) = o\n for «E0508»Some(y) in [o] { println(y) }\n println(x) }`],
  ["missing fields", `struct P { x i64, y i64 }\nfunc f(p P) i64 { match p { «E0509»P { x } => x } }`],
  ["more than one rest", `func f(xs []i64, t (i64, i64)) { let _ = match xs { [a, .., «E0510».., b] => 1, _ => 0 }\n let _ = match t { (.., «E0510»..) => 1 } }`],
  ["not a variant or constant", `enum E { A, B }\nstruct P { x i64 }\nfunc f(e E, n i64) { let _ = match e { «E0512»Aa => 1, _ => 0 }\n let _ = match n { «E0512»Limit => 1, «E0512»P => 2, _ => 0 } }`],
  ["ranges of what has no order", `func f(x f64, s str) { let _ = match x { «E0513»1.0..2.0 => 1, _ => 0 } }`],
  ["slices of no sequence", `func f(n i64) i64 { match n { «E0514»[a, b] => 1, _ => 0 } }`],
  ["exhaustive without an arm for the rest", `func f(b u8) i64 { match b { 0..=127 => 1, 128..=255 => 2 } }\nfunc g(c char) i64 { match c { '\\0'..='a' => 1, 'b'.. => 2 } }\nfunc h(xs []i64) i64 { match xs { [] => 0, [_] => 1, [_, .., _] => 2 } }`],
  ["constants in patterns", `const LIMIT = 3\nfunc f(n i64) i64 { match n { LIMIT => 1, ..LIMIT => 2, 4.. => 3 } }`],
];

describe("patterns", () => {
  for (const [title, text] of programs) {
    test(title, () => {
      const { found, expected, messages } = checkMarked(text);
      expect(found, messages).toEqual([...expected]);
    });
  }
});

const types = `enum Shape { Circle(f64), Rect(f64, f64), Empty }\nstruct P { x bool, y ?bool }\n`;
const missed: readonly (readonly [type: string, arms: string, value: string])[] = [
  ["bool", "true => 1", "false"],
  ["Shape", "Circle(_) => 1, Empty => 2", "Rect(_, _)"],
  ["?i64", "Some(0) => 1, None => 2", "Some(1)"],
  ["?Shape", "None => 1, Some(Circle(_)) => 2, Some(Empty) => 3", "Some(Rect(_, _))"],
  ["Result[bool, str]", "Ok(true) => 1, Err(_) => 2", "Ok(false)"],
  ["i64", "0 => 1, 1..=9 => 2", "10"],
  ["u8", "0..=126 => 1, 128..=255 => 2", "127"],
  ["i8", "-128..0 => 1, 1.. => 2", "0"],
  ["char", "'a'..='z' => 1", "'\\u{0}'"],
  ["str", `"a" => 1, "b" => 2`, "every other text"],
  ["(bool, bool)", "(true, _) => 1, (_, true) => 2", "(false, false)"],
  ["P", "P { x: true, .. } => 1, P { x: false, y: None } => 2, P { x: false, y: Some(true) } => 3", "P { x: false, y: Some(false) }"],
  ["[]i64", "[] => 1, [x] => 2, [a, b] => 3", "[_, _, _, ..]"],
  ["[]bool", "[] => 1, [true, ..] => 2, [.., true] => 3", "[false]"],
  ["[2]bool", "[true, _] => 1, [_, true] => 2", "[false, false]"],
  ["&Shape", "Circle(_) => 1, Rect(_, _) => 2", "Empty"],
  ["i64", "x if x > 0 => 1, x if x <= 0 => 2", "0"],
  ["bool", "x if x => 1", "_"],
];

describe("what a match misses", () => {
  for (const [type, arms, value] of missed) {
    test(`${type}: ${arms}`, () => {
      const { diagnostics, messages } = checkText(`${types}func f(v ${type}) i64 { match v { ${arms} } }`);
      expect(diagnostics.list.filter((one) => one.severity === "error").map((one) => one.code), messages).toEqual(["E0501"]);
      expect(messages).toEndWith(`does not cover ${value}`);
    });
  }
});
