/** E07xx and E081x: files, `#if`, functions of the os layer; and what one module sees of another. */

import { describe, expect, test } from "bun:test";
import { checkMarked, type Files } from "./testing.ts";

const programs: readonly (readonly [title: string, files: Files])[] = [
  ["a file that is not there", { "main.lang": `import «E0701»"none"\ninclude «E0701»"no/such.lang"` }],
  ["files that include each other", { "main.lang": `include "a.lang"`, "a.lang": `include "b.lang"`, "b.lang": `«E0702»include "a.lang"` }],
  ["a file that includes itself", { "main.lang": `«E0702»include "main.lang"` }],
  ["a file that is included twice", { "main.lang": `include "a.lang"\ninclude "b.lang"\nfunc f() i64 { a() + b() }`, "a.lang": `func a() i64 { 1 }`, "b.lang": `include "a.lang"\nfunc b() i64 { a() }` }],
  ["conditions of #if", { "main.lang": `#if «E0703»SIZE == 3 { }\n#if «E0703»"x" { }\n#if «E0703»1 + 1 { }\n#if OS == «E0704»"linus" { }\nfunc f() { #if «E0703»Os == "linux" { } }` }],
  ["branches of #if", { "main.lang": `#if OS == "linux" && !(ARCH == "arm64") { func f() i64 { 1 } } else { func f() i64 { nothing } }\nfunc g() i64 { #if DEBUG { nothing() } else { return f() }\n 0 }` }],
  ["malformed paths", { "main.lang": `import «E0705»""\nimport «E0705»"/etc/passwd"\nimport «E0705»"a//b"` }],
  ["a file that is imported and included", { "main.lang": `import "a"\ninclude "b.lang"\nfunc f() i64 { a.twice() + b() + «E0201»c() }`, "a.lang": `import "b.lang" as other\npub func twice() i64 { other.open() }`, "b.lang": `pub func open() i64 { b() }\nfunc b() i64 { 1 }` }],
  ["a file that is imported first and then included", { "main.lang": `import "b.lang" as m\ninclude "b.lang"\nfunc f() i64 { m.open() + b() + m.«E0208»b() }`, "b.lang": `pub func open() i64 { b() }\nfunc b() i64 { 1 }` }],
  ["a module without a name", { "main.lang": `import «E0706»"2024.lang"`, "2024.lang": "" }],
  ["unknown and private names of modules", {
    "main.lang": `import "m"\nfunc f() { println(m.«E0210»pars)\n m.«E0208»hidden()\n let s = m.S { a: 1, «E0208»b: 2 }\n println(s.«E0208»b)\n s.«E0208»secret()\n println(m.parse) }`.replace("println(m.parse)", "println(m.parse())"),
    "m.lang": `pub func parse() i64 { hidden() }\nfunc hidden() i64 { 1 }\npub struct S { pub a i64, b i64 }\nimpl S { func secret(&self) { }\n pub func open(&self) { } }`,
  }],
  ["a module as a value", { "main.lang": `import "m"\nfunc f() { let x = «E0217»m }`, "m.lang": "" }],
  ["modules that import each other", { "main.lang": `import "a"\npub func base() i64 { 1 }\nfunc f() i64 { a.twice() }`, "a.lang": `import "main.lang"\npub func twice() i64 { main.base() * 2 }` }],
  ["mistakes in a module that is imported", { "main.lang": `import "m"\nfunc f() { m.g() }`, "m.lang": `pub func g() { «E0201»nothing() }` }],
  ["a program's own names win over the prelude's", { "main.lang": `func helper() str { "mine" }\nfunc f() str { helper() }\nfunc g() i64 { other() }`, "std/core.lang": `func helper() i64 { 1 }\npub func other() i64 { helper() }` }],
  ["std is looked at on demand", { "main.lang": `func f() i64 { good() }`, "std/core.lang": `pub func good() i64 { 1 }\nfunc bad() i64 { nothing }` }],
  ["functions of the os layer", {
    "main.lang": `func os_there() i64\n«E0815»func os_missing() i64\n«E0816»func os_other(n i64) str\nfunc f() i64 { os_there() }`,
    "std/core.lang": `include "os/here.lang"`, "os/here.lang": `func os_there() i64 { 1 }\nfunc os_other() i64 { 2 }`,
  }],
  ["the compiler's own functions of std", { "main.lang": `func f() i64 { start() }`, "std/core.lang": `func lang_main() i64\npub func start() i64 { lang_main() }` }],
];

describe("modules", () => {
  for (const [title, files] of programs) {
    test(title, () => {
      const { found, expected, messages } = checkMarked(files);
      expect(found, messages).toEqual([...expected]);
    });
  }
  test("includes that nest too deep", () => {
    const files: Record<string, string> = { "main.lang": `include "f0.lang"` };
    for (let i = 0; i < 200; i++) files[`f${i}.lang`] = `include "f${i + 1}.lang"`;
    expect(checkMarked(files).found[0]).toStartWith("E0707 ");
  });
});
