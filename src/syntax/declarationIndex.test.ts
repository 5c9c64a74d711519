import { expect, test } from "bun:test";
import { readFileSync, readdirSync } from "node:fs";
import { indexDeclarations } from "./declarationIndex.ts";

const index = (text: string) => {
  const { names, ranges } = indexDeclarations(new TextEncoder().encode(text));
  return names.map((name, i) => {
    const start = ranges[2 * i] as number;
    return [start < 0 ? `${name} besides` : name, text.slice(start < 0 ? ~start : start, ranges[2 * i + 1])];
  });
};

test("declarations that bring one name stand by themselves, the others together", () => {
  expect(index('include "a"\nimport "b" as c\n/// says\nfunc f(x i64) i64 {\n    const y = 1\n    x + y\n}\n// no\npub struct S {\n    a i64\n}\n#if DEBUG {\n    func g() {}\n}\nimpl S {\n    func m(&self) {}\n}\n')).toEqual([
    ["", 'import "b" as c'],
    ["f", "func f(x i64) i64 {\n    const y = 1\n    x + y\n}"],
    ["S", "pub struct S {\n    a i64\n}"],
    ["g", "#if DEBUG {\n    func g() {}\n}"],
    ["S besides", "impl S {\n    func m(&self) {}\n}"],
    [".m besides", "impl S {\n    func m(&self) {}\n}"],
  ]);
  expect(index('@export("x")\nfunc f() i64\nconst A = [\n    1,\n]\nvar b *u8 = nil\ntype T = (i64,\n    i64)\nextern func abs(n i32) i32\n').map(([name]) => name)).toEqual(["f", "A", "b", "T", "abs"]);
});

test("an #if stands under all that it may declare, if each thing has a name", () => {
  expect(index('#if A {\n    func f() {}\n    /// says\n    enum E { X }\n} else if B {\n    const c = 1\n} else {\n    func f() {}\n}').map(([name]) => name)).toEqual(["f", "E", "X", "c"]);
  expect(index("#if A {\n    #if B {\n        func f() {}\n    } else {\n        func g() {}\n    }\n}").map(([name]) => name)).toEqual(["f", "g"]);
  for (const inner of ['include "a"', "impl S {\n        func m(&self) {}\n    }", 'test "t" {}', "const _ = f()"]) {
    expect(index(`#if A {\n    func f() {}\n    ${inner}\n}`).map(([name]) => name)).toEqual([""]);
  }
});

test("what a file includes for every target is told apart", () => {
  const found = indexDeclarations(new TextEncoder().encode('include "std/a.lang"\n#if A {\n    include "b"\n}\nfunc f() {}\ninclude "c"\n'));
  expect(found.includes).toEqual(["std/a.lang", "c"]);
  expect(found.names).toEqual(["", "f"]);
});

test("impls and traits stand under types, traits and methods", () => {
  const keys = (text: string) => index(text).map(([name]) => name);
  for (const [text, ...expected] of [
    ["impl[T: Show] Show for List[T] {}", "List besides", "Show besides"], ["impl From[i64] for a.Big {}", "Big besides", "From besides"],
    ["impl[T] List[T] { func f(self) {}\n func g() {} }", "List besides", ".f besides", ".g besides"], ["impl[T] List[T] {}", "List"], ["impl[T] Drop for List[T] {}", "List"],
    ["impl[T] []T { func f(self) { func_() }\n pub func g() {} }", "[] besides", ".f besides", ".g besides"], ["impl[T] ?T { func is(&self) {} }", "? besides", ".is besides"],
    ["impl Step for i64 { func up(self) {} }", "i64 besides", "Step besides"], ["impl[T] [3]T { func is(&self) {} }", ".is"], ["impl[T] Deref[T] for &T { func deref(self) {} }", "Deref"], ["impl[T: Ord, I: Iterator[T]] Least[T] for I {}", "Least"],
    ["enum E { A }", "E", "A"], ["trait Tr[T]: Other { func a(self)\n func b(self) { } }", "Tr", ".a", ".b"],
  ] as const) expect([text, keys(text)]).toEqual([text, expected]);
});

test("every declaration of the library is in the index, in one piece", () => {
  for (const folder of ["std", "os"]) {
    const root = new URL(`../../${folder}/`, import.meta.url);
    for (const file of readdirSync(root).filter((name) => name.endsWith(".lang"))) {
      const text = readFileSync(new URL(file, root), "utf8");
      const written = [...text.matchAll(/^(?:pub )?(?:extern )?(?:func|struct|enum|trait|const|var|type) (\w+)/gm)].map((match) => match[1]);
      const { names } = indexDeclarations(new TextEncoder().encode(text));
      expect([file, [...new Set(names.filter((name) => written.includes(name)))]]).toEqual([file, [...new Set(written)]]);
    }
  }
});

test("the bodies of functions are known, of methods too, and nothing else is taken for one", () => {
  const bodies = (text: string) => {
    const { bodies: found } = indexDeclarations(new TextEncoder().encode(text));
    return Array.from({ length: found.length / 2 }, (_, i) => text.slice(found[2 * i], found[2 * i + 1]));
  };
  expect(bodies('func f(x i64) i64 {\n  let g = |y| { y }\n  "}"\n}\nstruct S { a i64 }\nimpl[T] S {\n  func m(&self) {}\n  pub func n(self, h func(i64) i64) func(i64) i64 { h }\n}\ntrait R { func a(self)\n func b(self) { 1 } }\n')).toEqual([
    '{\n  let g = |y| { y }\n  "}"\n}', "{}", "{ h }", "{ 1 }",
  ]);
  expect(bodies('func os_x() i64\ntest "t" { assert(true) }\nfunc os_y()\n#if DEBUG { func g() { } }\nextern func e(x i32)\nconst A = { 1 }\nenum E { A }\n')).toEqual([]);
});
