/** Programs of thousands of declarations that name one another: no stack runs out, and the time grows as the text does. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { targets } from "../../os/targets.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { noTools } from "./request.ts";

setDefaultTimeout(60_000);

/** Processor time in microseconds: ten times what any of these takes, and less than where every declaration is looked at for every other one. */
const enough = 5_000_000;

/** Lines; `line` is told the number of the next one, in a circle. */
function circle(count: number, line: (i: number, next: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i, (i + 1) % count)).join("\n");
}

/** The errors in a program of these declarations. */
function errorsOf(declarations: string, output: "nothing" | "executable" = "nothing"): string[] {
  const [target] = targets;
  if (target === undefined) throw new Error("no target");
  const start = process.cpuUsage().user;
  const answer = build({
    path: "t.lang", bytes: new TextEncoder().encode(`${declarations}\nfunc main() { }\n`), target, level: "O0", output, features: [], unchecked: false, strip: false, debug: false, tests: false, tools: noTools,
  }, host);
  // The processor's time: others may be busy, too.
  expect(process.cpuUsage().user - start).toBeLessThan(enough);
  return answer.diagnostics.filter(({ severity }) => severity === "error").map(({ code, message }) => `${code} ${message}`);
}

test("traits whose methods take one another as trait objects", () => {
  expect(errorsOf(circle(4000, (i, next) => `trait T${i} { func m(&self, o &dyn T${next}) ?Box[dyn T${next}] }`))).toEqual([]);
});

test("a trait that cannot be an object is told of also far behind others", () => {
  const traits = Array.from({ length: 200 }, (_, i) => `trait T${i} { func m(&self, o &dyn T${i + 1}) }`).join("\n");
  expect(errorsOf(`${traits}\ntrait T200 { func twin(&self) Self }`)).toEqual(["E0352 T200 cannot be dyn: twin names Self besides its receiver"]);
});

test("structs that hold one another's trait objects", () => {
  expect(errorsOf(circle(1500, (i, next) => {
    const method = `func m(&self, o &dyn T${next}) &dyn T${next}`;
    return `trait T${i} { ${method} }\nstruct S${i} { x ?Box[dyn T${i}], y &dyn T${next} }\nimpl T${i} for S${i} { ${method} { if ${i} == 3 { o } else { self.y } } }`;
  }))).toEqual([]);
});

test("structs that refer to one another, and functions that take them", () => {
  expect(errorsOf(circle(4000, (i, next) => `struct S${i}: Copy { a &S${next}, c ?&S${(i * 13 + 5) % 4000} }\nfunc f${i}(s S${i}, t &S${(i * 7 + 3) % 4000}) &S${next} { s.a }`))).toEqual([]);
});

test("enums that refer to one another, and functions that match them", () => {
  expect(errorsOf(circle(1500, (i, next) => `enum E${i} { A(&E${next}), B(Box[E${(i * 7 + 3) % 1500}]), C }\nfunc f${i}(e &E${i}) i64 { match e { A(x) => f${next}(x), B(y) => 2, C => 1 } }`))).toEqual([]);
});

test("traits that have a method of the same name", () => {
  const calls = circle(1500, (i) => `    let a${i} = S${i} { x: 1 }.m()`);
  expect(errorsOf(`${circle(1500, (i) => `trait T${i} { func m(&self) i64 }\nstruct S${i} { x i64 }\nimpl T${i} for S${i} { func m(&self) i64 { self.x } }`)}\nfunc f() {\n${calls}\n}`)).toEqual([]);
});

test("a chain of overloaded operators", () => {
  expect(errorsOf(`@export("f") func f() i64 { let s = "a".to_string()${' + "b"'.repeat(10_000)}\n s.len }`, "executable")).toEqual([]);
});

test("constants and aliases, each of which stands for the next one", () => {
  const chain = (line: (i: number) => string): string => Array.from({ length: 10_000 }, (_, i) => line(i)).join("\n");
  expect(errorsOf(`${chain((i) => `const C${i} = C${i + 1} + 1`)}\nconst C10000 = 1\n@export("f") func f() i64 { C0 }`, "executable")).toEqual([]);
  expect(errorsOf(`${chain((i) => `type A${i} = A${i + 1}`)}\ntype A10000 = i64\nfunc f(a A0) i64 { a }`)).toEqual([]);
  expect(errorsOf(circle(10_000, (i, next) => `const C${i} = C${next} + 1`))).toEqual(["E0604 the value of C0 depends on itself"]);
  expect(errorsOf(circle(10_000, (i, next) => `type A${i} = A${next}`))).toEqual(["E0357 the alias A0 stands for itself"]);
  expect(errorsOf(circle(10_000, (i, next) => `trait A${i}: A${next} { }`))).toEqual(["E0368 the trait A0 builds on itself, through 9999 others"]);
});

test("many borrows that live at once, in one body", () => {
  const lines = (line: (i: number) => string): string => Array.from({ length: 700 }, (_, i) => line(i)).join("\n");
  const text = `struct S { x i64 }\nfunc f() {\n${lines((i) => `    var s${i} = S { x: ${i} }`)}\n${lines((i) => `    let r${i} = &mut s${i}`)}\n${lines((i) => `    r${i}.x += 1`)}\n`;
  expect(errorsOf(`${text}}`)).toEqual([]);
  // Across all pieces that such a body is checked in.
  expect(errorsOf(`${text}    let first = &mut s0\n    s699.x = 2\n    s0.x = 3\n    first.x = 4\n}`)).toEqual(["E0401 s0.x cannot be assigned while s0 is borrowed"]);
});
