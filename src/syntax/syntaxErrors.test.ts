import { describe, expect, test } from "bun:test";
import { syntaxErrors } from "../source/codes/syntax.ts";
import { errorsOf, parseText, tokensOf } from "./testing.ts";

/** What the lexer refuses: text, and the errors expected. */
const lexerCases: [string, string][] = [
  ["let a = $5", "1:9 E0101 `$` means nothing here"],
  ["a\u00a0b", "1:2 E0101 this white space (U+00A0) is not a space"],
  ["“x”", "1:1 E0101 `“` does not open or close a text\n1:3 E0101 `”` does not open or close a text"],
  ["a − b", "1:3 E0101 `−` (U+2212) is not a minus"],
  ["a €€€ b", "1:3 E0101 `€` (U+20AC) means nothing here"],
  ["a\0b", "1:2 E0103 a NUL byte stands in the source"],
  ["a \x07 b", "1:3 E0103 a control character, U+0007, stands in the source"],
  ['"a\x01"', "1:3 E0103 a control character, U+0001, stands in this text"],
  ["/* a /* b */", "1:1 E0104 this comment does not end"],
  ['"abc', "1:1 E0105 this text does not end"],
  ['"abc\nx', "1:1 E0105 this text does not end"],
  ['"""abc\n', "1:1 E0105 this text does not end"],
  ['r"abc\n', "1:1 E0105 this text does not end"],
  ['f"abc {x} d\n', "1:1 E0105 this text does not end"],
  ['f"abc\n', "1:1 E0105 this text does not end"],
  ["'a", "1:1 E0106 this character literal does not end"],
  ["'\n", "1:1 E0106 this character literal does not end"],
  ["b'", "1:1 E0106 this byte literal does not end"],
  ['"\\q"', "1:2 E0107 `\\q` is no escape"],
  ['"\\\n"', '1:2 E0107 a backslash stands at the end of the line\n1:1 E0105 this text does not end\n2:1 E0105 this text does not end'],
  ['"\\xg"', "1:2 E0108 `\\x` takes two hexadecimal digits"],
  ['"\\xff"', "1:2 E0108 `\\x` in text goes up to \\x7f"],
  ['"\\u{110000}"', "1:2 E0108 the largest code point is 10ffff"],
  ['"\\u{d800}"', "1:2 E0108 a surrogate (d800 to dfff) is no character"],
  ['"\\u{}"', "1:2 E0108 `\\u{…}` takes one to six hexadecimal digits"],
  ['"\\u41"', "1:2 E0108 `\\u` takes its digits in braces"],
  ["''", "1:1 E0109 this character literal is empty"],
  ["'ab'", "1:1 E0109 a character literal holds one character"],
  ["'''", "1:1 E0109 a quote stands in a character literal as an escape"],
  ["0x", "1:1 E0110 a hexadecimal number has at least one digit"],
  ["0b12", "1:4 E0110 this digit does not belong to a binary number"],
  ["0o8", "1:3 E0110 this digit does not belong to an octal number"],
  ["1e", "1:1 E0110 the exponent has no digits"],
  ["1e+", "1:1 E0110 the exponent has no digits"],
  ["t.1e5", "1:3 E0110 behind a dot stands the number of a part or a name"],
  ["42x", "1:3 E0111 a number cannot end in `x`"],
  ["2.5i32", "1:4 E0111 a number cannot end in `i32`"],
  ["0b1f32", "1:4 E0111 a number cannot end in `f32`"],
  ["340282366920938463463374607431768211456", "1:1 E0112 this integer is too large for any type"],
  ["9".repeat(100000), "1:1 E0112 this integer is too large for any type"],
  ["b'é'", "1:3 E0113 a byte literal holds one ASCII character"],
  ['f"a } b"', "1:5 E0114 this `}` of an f-string closes nothing"],
  ['f"a {x\n', "1:5 E0114 this `{` of an f-string is not closed on its line"],
  ['f"{x:>3"', "1:5 E0114 this format is not followed by `}`"],
  ['f"{s:>{n}} {n:{>3}"', "1:7 E0116 a format is fixed: no expression stands in it"],
  ['f"{"abc}"\nx', '1:3 E0114 this `{` of an f-string is not closed on its line'],
  ['f"{"abc\nx', "1:3 E0114 this `{` of an f-string is not closed on its line"],
  ['"\u202e"', "1:2 E0117 an invisible character, U+202E, changes the direction of text here"],
  ["// \u2066", "1:4 E0117 an invisible character, U+2066, changes the direction of text here"],
  ["'outer: loop {}", "1:1 E0137 labels have no quote"],
  ['b"abc"', "1:1 E0137 there are no byte strings"],
];

/** What the parser refuses in a file: text, and the errors expected, with their places. */
const fileCases: [string, string][] = [
  ["func f() {\n  let x = 1\n\nfunc g() {}\n", "1:10 E0125 this `{` is not closed"],
  ["func f() {\n  if a {\n    b()\n}\n\nfunc g() {\n  1 +\n}\n", "2:8 E0125 this `{` is not closed\n8:1 E0121 expected an expression, found `}`"],
  ["fucn main() { }\n", "1:1 E0137 `fucn` is not a word of this language"],
  ["func main()\n  println(1)\n", "2:3 E0135 expected `{` and the function's body, found `println`"],
  ["func f() { retrun 5 }\n", "1:12 E0137 `retrun` is not a word of this language"],
  ["func f() { lte x = 1 }\n", "1:12 E0137 `lte` is not a word of this language"],
  ['func f() { throw new Error("x") }\n', "1:12 E0137 `throw` is not a word of this language"],
  ["func f() {\n  if (x > 2) g(x);\n  else g(0);\n}\n", "2:14 E0135 expected `{` and what is done if the condition holds, found `g`"],
  ["func f() { while a { } else { b() } }\n", "1:24 E0142 a loop has no `else`"],
  ["func f() {\n  match s { A: g(1), B: g(2) }\n}\n", "2:14 E0137 `:` is not written here\n2:23 E0137 `:` is not written here"],
  ['func f() { g(f"{n + \\"x\\"} z") }\n', "1:21 E0101 within the braces of an f-string a text has plain quotes"],
  ["func f() { g(x -> x + 1) }\n", "1:16 E0137 `->` is not written here"],
  ["func f() { g(x => x + 1) }\n", "1:14 E0137 `x => …` is not written here"],
  ["func f() { for i in 0..<10 { } }\n", "1:22 E0137 `..<` is not written here"],
  ["func f() { g(f'x = {x}') }\n", "1:14 E0109 text does not stand in single quotes"],
  ["func f() { guard let y = x else { return } }\n", "1:12 E0137 `guard` is not a word of this language"],
  ["struct P { x?: i64 }\n", "1:13 E0137 `?:` is not written here"],
  ["func func f() { }\nfunc g() { f() }\n", "1:6 E0133 `func` is written twice"],
  ["enum enum E { A }\n", "1:6 E0133 `enum` is written twice"],
  // The indentation tells which brace is missing, and which is too many.
  ["func f() {\n  if a {\n    b()\n  c()\n}\nfunc g() { 1 + }\n", "2:8 E0125 this `{` is not closed\n6:16 E0121 expected an expression, found `}`"],
  ["impl P {\n  func f(&self) {\n    while a {\n      b()\n    }\n\n  func g(&self) {\n  }\n}\nfunc main() {\n}\n", "2:17 E0125 this `{` is not closed"],
  ["impl P {\n  func f(&self) {\n    b()\n    }\n  }\n  func g(&self) {\n  }\n}\nfunc main() {\n}\n", "4:5 E0126 this `}` closes nothing"],
  ["impl P {\n  func f(&self) {\n    while a\n      b()\n    }\n  }\n  func g(&self) {\n  }\n}\nfunc main() {\n}\n", "4:7 E0135 expected `{` and the loop's body, found `b`"],
  ["impl P {\n  func f(&self) i64 self.x }\n  func g(&self) {\n  }\n}\nfunc main() {\n}\n", "2:21 E0135 expected `{` and the function's body, found the keyword `self`"],
  ["func f() {\n  each(|x| {\n    b(x)\n  )\n}\nfunc main() {\n}\n", "2:12 E0125 this `{` is not closed"],
  ["enum E {\nenum E {\n  A\n  B\n}\nfunc main() {\n}\n", "1:8 E0125 this `{` is not closed"],
  ["func f(a i64 {\n}\nfunc g( {}\n", "1:7 E0125 this `(` is not closed\n3:7 E0125 this `(` is not closed"],
  ["func f() {}}\nfunc g() {}\n", "1:12 E0126 this `}` closes nothing"],
  ["let x = 1\n", "1:1 E0124 expected a declaration, found the keyword `let`"],
  ["x = 1\nfunc f() { 1 + }\n", "1:1 E0124 expected a declaration, found `x`\n2:16 E0121 expected an expression, found `}`"],
  ["fn main() {}\n", "1:1 E0137 `fn` is not a word of this language"],
  ["def main():\n", "1:1 E0137 `def` is not a word of this language"],
  ["class P {}\nfunc f() {}\n", "1:1 E0137 `class` is not a word of this language"],
  ["func f(x: i64) -> i64 { x }", "1:9 E0137 no colon stands before a parameter's type\n1:16 E0137 no `->` stands before a function's result"],
  ["func f(x i64): i64 { x }", "1:14 E0137 no `:` stands before a function's result"],
  ["func f<T>(x T) { }", "1:7 E0137 type parameters do not stand in `< >`"],
  ["func f(x List<i64>) { }", "1:14 E0137 type arguments do not stand in `< >`"],
  ["struct P { x f64; y f64; }", "1:17 E0137 no `;` stands here\n1:24 E0137 no `;` stands here"],
  ["struct P { x: f64, y: f64 }", "1:13 E0137 no colon stands before a field's type\n1:21 E0137 no colon stands before a field's type"],
  ["struct P(f64, f64)", "1:9 E0120 the fields of a struct stand in braces and have names"],
  ["struct P { x f64 y f64 }", "1:18 E0120 expected `,`, a new line or `}`, found `y`"],
  ["struct P { func f() {} }\nfunc g() {}", "1:12 E0120 a struct has fields only, found the keyword `func`"],
  ["struct P { x, y f64 }", "1:12 E0143 the type of `x` is missing"],
  ["struct P { x f64 = 1.0 }", "1:18 E0120 fields have no default values"],
  ["enum E { A { x f64 } }", "1:12 E0120 the parts of a variant stand in parentheses"],
  ["func f() E { .A { x, y: 1 } }", "1:17 E0120 the parts of a variant stand in parentheses"],
  ["func f() { g(|x i64| -> ?i64 { x }) }", "1:22 E0137 a closure's result type is not written"],
  ["func f() { g(|x i64| List[i64] { f(x) }, || i64 { 1 }) }", "1:22 E0137 a closure's result type is not written\n1:45 E0137 a closure's result type is not written"],
  ["func f() { for x in g(|y| y) { } }", ""],
  ["enum E { pub A }", "1:10 E0139 a variant is not marked `pub`"],
  ["pub impl P {}", "1:1 E0139 an impl is not marked `pub`"],
  ['pub test "x" {}', "1:1 E0139 a test is not marked `pub`"],
  ["func f(x, y i64) { }", "1:8 E0143 the type of `x` is missing"],
  ["func f(*i64) { }", "1:8 E0140 a parameter has a name before its type"],
  ["func f(mut x i64) { }", "1:8 E0140 parameters do not change"],
  ["func f(x i64 = 1) { }", "1:14 E0140 parameters have no default values"],
  ["impl P { func f(mut self) {} }", "1:17 E0140 a receiver is self, &self or &mut self"],
  ["impl P { func f(a i64, self) {} }", "1:24 E0140 self stands before the other parameters"],
  ["func f(a i64, ...) {}", "1:15 E0146 only an `extern func` is variadic"],
  ["extern func f(..., a i64)", "1:15 E0146 `...` stands behind the last parameter\n1:18 E0120 expected `,` or `)`, found `,`"],
  ["extern func f() {}", "1:17 E0144 an `extern func` has no body"],
  ['extern "C" func f()', "1:8 E0137 the calling convention is not named"],
  ["@inline func f() {}", "1:1 E0136 `@inline` is no attribute"],
  ['@export("x") struct S {}', "1:1 E0136 an attribute stands before a function"],
  ["const A", "1:1 E0147 a constant needs a value"],
  ["var a", "1:1 E0147 a global needs a type or a value"],
  ["const A: i64 = 1", "1:8 E0137 no colon stands before a type"],
  ["const type = 1", "1:7 E0133 `type` is a keyword and cannot be a constant's name"],
  ["func match() {}", "1:6 E0133 `match` is a keyword and cannot be a function's name"],
  ["const A = 1 const B = 2", "1:13 E0130 expected a new line behind the declaration, found the keyword `const`"],
  ["type T", "1:7 E0120 expected `=`, found the end of the file"],
  ["type T = ", "1:10 E0122 expected a type, found the end of the file"],
  ["type T = [i64; 4]", "1:14 E0137 an array type is not written `[T; N]`"],
  ["type T = *mut u8", "1:10 E0137 raw pointers are not marked `mut` or `const`"],
  ["#include <x>\nfunc f() {}", "1:1 E0138 `#include` is no directive"],
  ["#if DEBUG\nconst A = 1\n", "2:1 E0120 expected `{`, found the keyword `const`"],
  ["import json", "1:8 E0120 expected the file's path as a text, found `json`"],
  ["/// nothing\n", "1:1 W0105 this comment documents no declaration"],
  ["func f() {\n  /// nothing\n  g()\n}", "2:3 W0105 this comment documents no declaration"],
  ["func f()\n{\n}\n", "2:1 E0135 this `{` stands on a line of its own, where the statement above has ended"],
  ["impl P { const A = 1 }", "1:10 E0120 expected a method, found the keyword `const`"],
  ["func f() { g( }\nfunc h() { 1 + }\n", "1:13 E0125 this `(` is not closed\n2:16 E0121 expected an expression, found `}`"],
  ["func f() {\n  g(1, 2\n  let x = 1\n  y = 2\n  h(]\n}\n", "2:4 E0125 this `(` is not closed\n5:4 E0125 this `(` is not closed"],
  ['test "x"', "1:9 E0135 expected `{` and the test's body, found the end of the file"],
];

/** What the parser refuses in a function's body; the places count from its first line. */
const bodyCases: [string, string][] = [
  ["let = 5\nlet y = )\nz = 1", "1:5 E0123 expected a pattern, found `=`\n2:9 E0121 expected an expression, found `)`"],
  ["a b", "1:3 E0130 expected a new line or `;` behind the statement, found `b`"],
  ["a)\nb", "1:2 E0126 this `)` closes nothing"],
  ["x = y = z", "1:7 E0132 an assignment has no value"],
  ["if x = 1 { }", "1:6 E0132 an assignment has no value"],
  ["while x = 1 { }", "1:9 E0132 an assignment has no value"],
  ["f((x = 1))", "1:6 E0132 an assignment has no value"],
  ["let a = b = c", "1:11 E0132 an assignment has no value"],
  ["let x", "1:1 E0147 a `let` needs a value"],
  ["var x i64", "1:1 E0147 a `var` needs a value"],
  ["let mut x = 1", "1:1 E0137 `let mut` is not written here"],
  ["let x: i64 = 1", "1:6 E0137 no colon stands before a variable's type"],
  ["x := 1", "1:3 E0137 `:=` is not written here"],
  ["let x := 1", "1:7 E0137 `:=` is not written here"],
  ["i++\nj = 1", "1:2 E0137 `++` is not written here"],
  ["++i", "1:1 E0137 `++` is not written here"],
  ["i--\nj", "1:2 E0137 `--` is not written here"],
  ["a === b", "1:3 E0137 `===` is not written here"],
  ["a !== b", "1:3 E0137 `!==` is not written here"],
  ["a &&= b", "1:3 E0137 `&&=` is not written here"],
  ["a ??= b", "1:3 E0137 `??=` is not written here"],
  ["Shape::Circle(1)", "1:6 E0137 `::` is not written here"],
  ["p->x = 1", "1:2 E0137 `->` is not written here"],
  ["a and b", "1:3 E0137 `and` is not a word of this language"],
  ["not a", "1:1 E0137 `not` is not a word of this language"],
  ["let x = a ? b : c", "1:11 E0137 `c ? a : b` is not written here"],
  ["let f = (x) => x", "1:13 E0137 `(x) => …` is not written here"],
  ["for (i = 0; i < n; i += 1) { }", "1:8 E0137 a loop with a counter is not written so"],
  ["for i = 0; i < n { }", "1:7 E0137 a loop with a counter is not written so"],
  ["for i of xs { }", "1:7 E0137 `of` is not a word of this language"],
  ['println!("x")', "1:8 E0137 `println!` is not written here"],
  ["f(a: 1, b = 2)", "1:4 E0137 arguments are not named\n1:11 E0137 arguments are not named"],
  ["if a return", "1:6 E0135 expected `{` and what is done if the condition holds, found the keyword `return`"],
  ["if (a) b()\nelse c()", "1:8 E0135 expected `{` and what is done if the condition holds, found `b`"],
  ["if a\n{\n}", "2:1 E0135 this `{` stands on a line of its own, where the statement above has ended"],
  ["else { }", "1:1 E0142 this `else` belongs to no `if`"],
  ["if p == P { x: 1 } { }", "1:9 E0131 a struct literal in the head of a block stands in parentheses"],
  ["let match = 1", "1:5 E0133 `match` is a keyword and cannot be a variable's name"],
  ["outer: f()", "1:1 E0134 a label stands before `loop`, `while` or `for`"],
  ["outer: { }", "1:1 E0134 a label stands before `loop`, `while` or `for`"],
  ["a |> (f)", "1:6 E0141 right of `|>` stands a function's name or a call"],
  ["a |> |x| x", "1:6 E0141 right of `|>` stands a function's name or a call"],
  ["a |> f(b).g()", "1:6 E0141 right of `|>` stands one call, and what follows it does not belong to it"],
  ["a;\n.b", "2:1 E0142 no statement starts with `.`"],
  ["if a { }\n.b()\nc", "2:1 E0142 no statement starts with `.`"],
  ["match a { }\n|| b", "2:1 E0142 no statement starts with `||`"],
  ["func g() { }\nconst A = 1\nx", "1:1 E0145 declarations stand outside functions\n2:1 E0145 declarations stand outside functions"],
  ["continue 5", "1:10 E0148 `continue` takes a label only"],
  ["let x = type + 1", "1:9 E0121 expected an expression, found the keyword `type`"],
  ["_ += 1", "1:1 E0121 `_` stands in patterns only"],
  ["x = _", "1:5 E0121 `_` stands in patterns only"],
  ["match a { 1 -> b }", "1:13 E0137 `->` is not written here"],
  ["match a { 1 => b 2 => c }", "1:18 E0120 expected `,`, a new line or `}` behind an arm, found a number"],
  ["match a { &x => b }", "1:11 E0137 references are not written in patterns"],
  ["match a { mut x => b }", "1:11 E0123 expected a pattern, found the keyword `mut`"],
  ["match a { .Circle(r) => b }", "1:11 E0123 a variant in a pattern has no dot before it"],
  ["match a { X @ 1 => b }", "1:11 E0123 a name that is bound starts with a small letter"],
  ["match a { 1..= => b }", "1:12 E0123 an inclusive range has an end"],
  ["match a {\n  ) => 1\n  _ => 2\n}", "2:3 E0123 expected a pattern, found `)`"],
  ['f"a {} b"', "1:5 E0115 an expression is missing in this piece of an f-string"],
  ['f"a {x y} b {1 +} c"', "1:8 E0120 expected `}` or `:` and a format, found `y`\n1:17 E0121 expected an expression, found the end of this piece of an f-string"],
  ["|x: i64| x", "1:3 E0137 no colon stands before a parameter's type"],
  ["f(|x, y)", "1:8 E0120 expected `|`, found `)`"],
  ["P { x = 1 }", "1:7 E0137 a field's value does not follow `=`"],
  ["P { x: 1 y: 2 }\nz", "1:10 E0120 expected `,`, a new line or `}`, found `y`"],
  ["xs[]", "1:3 E0121 expected an index between the brackets"],
  ["[1, 2\nx", "1:1 E0125 this `[` is not closed"],
  ["x.match", "1:3 E0133 `match` is a keyword and cannot be the name of a field or method"],
  ["x.\ny", ""],
  ["@", "2:1 E0120 expected the name of an intrinsic, found `}`"],
  ["@trap", "2:1 E0120 expected `(` and the intrinsic's arguments, found `}`"],
  ["a < b < c\nd..e..f", "1:7 E0128 comparisons do not chain\n2:5 E0129 ranges do not chain"],
  ["max<i64>(a)", "1:8 E0128 comparisons do not chain"],
  ["let x List = (1 2)\nlet y = [1 2]\nlet z = f(1 2)", "1:17 E0120 expected `)`, found a number\n2:12 E0120 expected `,` or `]`, found a number\n3:13 E0120 expected `,` or `)`, found a number"],
  ["try { f() }", "1:1 E0137 `try` is not a word of this language"],
  ["throw x", "1:1 E0137 `throw` is not a word of this language"],
  ["switch x { }", "1:1 E0137 `switch` is not a word of this language"],
  ["(".repeat(300), "1:257 E0127 more than 256 levels are nested here"],
];

describe("what the lexer refuses", () => {
  for (const [text, expected] of lexerCases) {
    test(JSON.stringify(text.slice(0, 40)), () => {
      const lines = tokensOf(text).split("\n");
      expect(lines.filter((line) => /^\d+:\d+ E/.test(line)).join("\n")).toBe(expected);
    });
  }
});

describe("what the parser refuses", () => {
  for (const [text, expected] of fileCases) {
    test(JSON.stringify(text.slice(0, 60)), () => expect(errorsOf(text)).toBe(expected));
  }
});

describe("what the parser refuses in a body", () => {
  for (const [text, expected] of bodyCases) {
    test(JSON.stringify(text.slice(0, 60)), () => {
      const shifted = errorsOf(`func f() {\n${text}\n}\n`).replace(/^\d+/gm, (line) => String(Number(line) - 1));
      expect(shifted).toBe(expected);
    });
  }
});

test("every code of the lexer and the parser is given in these tests", () => {
  const given = [...lexerCases, ...fileCases, ...bodyCases].map(([, expected]) => expected).join("\n");
  // Ill-formed bytes are in lexer.test.ts; formats are read by the checker.
  const elsewhere = ["E0102", "E0116"];
  expect(Object.keys(syntaxErrors).filter((code) => !given.includes(code) && !elsewhere.includes(code))).toEqual([]);
});

test("every error of these tests says what to do", () => {
  const silent: string[] = [];
  for (const [text] of [...fileCases, ...bodyCases.map(([body]) => [`func f() {\n${body}\n}\n`] as const)]) {
    for (const d of parseText(text).diagnostics.list) if (d.advice.length === 0 && d.message.startsWith("expected") === false) silent.push(`${d.code} ${d.message}`);
  }
  expect(silent).toEqual([]);
});

test("an error's span is within the file", () => {
  for (const [text] of [...fileCases, ...bodyCases]) {
    const { diagnostics, sources } = parseText(text);
    const file = sources.files[0];
    if (file === undefined) throw new Error("no file");
    for (const { span } of diagnostics.list) {
      expect(span.start).toBeGreaterThanOrEqual(file.base);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(file.base + file.bytes.length);
    }
  }
});
