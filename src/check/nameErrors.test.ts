/** E02xx, marked in the text where each begins. */

import { describe, expect, test } from "bun:test";
import { checkMarked } from "./testing.ts";

const programs: readonly (readonly [title: string, text: string])[] = [
  ["a name that is not there", `func f() { println(«E0201»totl) }`],
  ["a function that is not there", `func f() { «E0201»g(1) }`],
  ["each mistake once, and no consequence", `func f() i64 { let x = «E0201»y + 1\n x * 2 }`],
  ["a local is gone behind its block", `func f() { { let a = 1\n println(a) }\n println(«E0201»a) }`],
  ["a let does not see itself", `func f() { let a = «E0201»a }`],
  ["an unknown type", `func f(x «E0202»int) { let y «E0202»Strng = 5 }`],
  ["a struct literal of an unknown type", `func f() { let p = «E0202»Nowhere { x: 1 } }`],
  ["a function twice", `func f() { }\nfunc «E0203»f() { }`],
  ["a type and a function of one name", `struct S { x i64 }\nfunc «E0203»S() { }`],
  ["a local twice in a scope", `func f() { let a = 1\n let «E0203»a = 2\n println(a) }`],
  ["a pattern's name in a scope that has it", `func f() { let a = 1\n let («E0203»a, b) = (1, 2)\n println(a + b) }`],
  ["an unknown field", `struct P { x i64 }\nfunc f(p P) i64 { p.«E0204»y }`],
  ["an unknown field in a literal", `struct P { x i64 }\nfunc f() P { P { x: 1, «E0204»y: 2 } }`],
  ["an unknown field in a pattern", `struct P { x i64 }\nfunc f(p P) i64 { let P { x, «E0204»y } = p\n x + y }`],
  ["a method read like a field", `struct P { x i64 }\nimpl P { func m(&self) i64 { self.x } }\nfunc f(p P) i64 { p.«E0204»m }`],
  ["an unknown method", `struct P { x i64 }\nfunc f(p P) { p.«E0205»walk() }`],
  ["an unknown function of a type", `struct P { x i64 }\nfunc f() { P.«E0205»walk() }`],
  ["a function in a field", `struct P { run func() }\nfunc f(p P) { p.«E0205»run() }`],
  ["a length that is called", `func f(s str) i64 { s.«E0205»len() }`],
  ["an unknown variant", `enum E { A, B }\nfunc f() E { E.«E0206»C }\nfunc g() E { return «E0206».C }`],
  ["a variant that two enums have", `enum E { A, B }\nenum F { A, C }\nfunc f() { let x = «E0207»A }`],
  ["a label that is not there", `func f() { a: loop { «E0209»break b }\n loop { «E0209»continue c } }`],
  ["an unknown intrinsic", `func f() i64 { «E0211»@sizeoff(i64) as i64 }`],
  ["a field twice", `struct P { x i64, «E0212»x i64 }\nstruct Q { x i64 }\nfunc f() Q { Q { x: 1, «E0212»x: 2 } }`],
  ["a field twice in a pattern", `struct Q { x i64 }\nfunc f(q Q) i64 { match q { Q { x, «E0212»x: y } => x + y } }`],
  ["a parameter twice", `func f(a i64, «E0213»a i64) { }`],
  ["a variant twice", `enum E { A, «E0214»A }`],
  ["an unknown trait", `struct P: «E0216»Copyy { x i64 }`],
  ["types as values", `struct P { x i64 }\nfunc f() { let x = «E0217»i64\n let y = «E0217»P\n let z = *«E0217»i64 }`],
  ["a builtin as a value", `func f() { let x = «E0217»println }`],
  ["values as types", `func g() { }\nconst N = 1\nfunc f(x «E0218»g, y «E0218»N) { }`],
  ["an expression as a type", `func f() i64 { @sizeof(«E0218»1 + 2) as i64 }`],
  ["break outside a loop", `func f() { «E0219»break }\nfunc g() { «E0219»continue }`],
  ["break does not leave a closure", `func f() { loop { let g func() = || «E0219»break\n g()\n break } }`],
  ["self outside a method", `func f() { «E0220»self.x = 1 }\nfunc g(«E0220»self) { }`],
  ["a struct where a trait is wanted", `struct Other { x i64 }\nstruct P: «E0221»Other { x i64 }`],
  ["a method twice", `struct P { x i64 }\nimpl P { func m(self) { }\n func «E0222»m(self) { } }`],
  ["a method with a variant's name", `enum E { A }\nimpl E { func «E0203»A() { } }`],
  ["a variant whose type is not known", `enum E { A }\nfunc f() { let x = «E0223».A }`],
  ["Self outside an impl", `func f(x «E0225»Self) { let y = «E0225»Self { x: 1 } }`],
];

describe("names", () => {
  for (const [title, text] of programs) {
    test(title, () => {
      const { found, expected, messages } = checkMarked(text);
      expect(found, messages).toEqual([...expected]);
    });
  }
});

describe("did you mean", () => {
  const advice = async (text: string): Promise<string> => {
    const { checkText } = await import("./testing.ts");
    return checkText(text).diagnostics.list.flatMap((one) => one.advice).join("; ");
  };
  test("a local", async () => expect(await advice(`func f() { let total = 1\n println(totl + total) }`)).toContain("did you mean total?"));
  test("a field", async () => expect(await advice(`struct P { width i64 }\nfunc f(p P) i64 { p.widht }`)).toContain("did you mean width?"));
  test("a type", async () => expect(await advice(`struct Point { x i64 }\nfunc f(p Piont) { }`)).toContain("did you mean Point?"));
  test("a variant", async () => expect(await advice(`enum E { Circle }\nfunc f() E { E.Circel }`)).toContain("did you mean Circle?"));
  test("a method of another language", async () => expect(await advice(`struct P { x i64 }\nimpl P { func upper(&self) { } }\nfunc f(p P) { p.to_uppercase() }`)).toContain("did you mean upper?"));
  test("a length of another language", async () => expect(await advice(`func f(s str) { println(s.size()) }`)).toContain("write .len without ()"));
  test("a module of the library", async () => expect(await advice(`func f() { json.parse("{}") }`)).toContain(`import "std/json"`));
  test("an undeclared variable", async () => expect(await advice(`func f() { x = 1\n println(x) }`)).toBe("declare it: let x = …, or var if it changes"));
  test("an intrinsic", async () => expect(await advice(`func f(p *u8) { @memcopy(p, p, 1) }`)).toContain("did you mean @memcpy?"));
});
