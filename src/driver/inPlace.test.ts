/** Which bodies irgen writes where they are called at -O1. (It needs the checker and std, so it stands where they come together.) */

import { expect, test } from "bun:test";
import { targets } from "../../os/targets.ts";
import { displayName } from "../irgen/mangle.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { noTools, type BuildRequest } from "./request.ts";

/** The functions of the program that get a body of their own, in the order of their names, before any pass. */
function made(source: string, more: Partial<BuildRequest> = {}, optLimit?: number): string[] {
  const [target] = targets;
  if (target === undefined) throw new Error("no target");
  let text = "";
  const answer = build({
    path: "t.lang", bytes: new TextEncoder().encode(source), target, level: "O1", output: "ir", features: [], unchecked: false, strip: false, debug: false, tests: false,
    tools: { ...noTools, optLimit, dumps: ["ir"], onDump: (_, shown) => { text += shown; } }, ...more,
  }, host);
  expect(answer.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
  const own = [...text.matchAll(/^(?:export )?func @(\S+)\(.*\{$/gm)].map(([, symbol]) => symbol as string).filter((symbol) => symbol === "f" || symbol.startsWith("t."));
  return own.map(displayName).sort();
}

const short = "func f(a i64) i64 {\n if a > 3 { return 1 }\n var sum = 0\n for i in 0..a { sum += i }\n return sum }\n";
const main = (body: string) => `func main() {\n${body}\n}\n`;

test("a function that one place calls has no body of its own, nor has one that it calls", () => {
  expect(made(short + main("println(f(2))"))).toEqual(["main"]);
  expect(made(`${short}func g(a i64) i64 { return f(a + 1) * 2 }\n${main("println(g(2))")}`)).toEqual(["main"]);
});

test("one that is called twice has", () => {
  expect(made(short + main("println(f(2) + f(3))"))).toEqual(["f", "main"]);
  expect(made(`${short}func twice[X](x X) i64 { return f(2) }\n${main("println(twice(1) + twice(true))")}`)).toContain("f");
});

test("so has one that is known by its name elsewhere: exported, or taken as a value", () => {
  expect(made(`@export("f")\n${short}${main("println(f(2))")}`)).toContain("f");
  expect(made(`${short}${main("let g = f\nprintln(g(2) + f(3))")}`)).toContain("f");
});

test("one that is asked for again after it was written in place is made, too", () => {
  const source = `trait Area { func area(&self) i64 }
struct Square: Copy { side i64 }
impl Area for Square { func area(&self) i64 { return self.side * self.side } }
func of[X: Area](x X) i64 { return x.area() }
${main("let s = Square { side: 3 }\nprintln(s.area())\nprintln(of(s) + of(s))")}`;
  expect(made(source)).toEqual(["Square as Area.area", "main", "of[t.Square]"]);
});

test("recursion ends: what calls itself, or its caller, has a body", () => {
  expect(made(`func f(a i64) i64 { if a == 0 { return 0 }\n return f(a - 1) + 1 }\n${main("println(f(2))")}`)).toEqual(["f", "main"]);
  expect(made(`func even(a i64) bool { if a == 0 { return true }\n return odd(a - 1) }\nfunc odd(a i64) bool { if a == 0 { return false }\n return even(a - 1) }\n${main("println(even(7))")}`)).toEqual(["even", "main"]);
});

test("what is long, has large values, or goes through borrowed memory in a loop keeps a body of its own", () => {
  const long = Array.from({ length: 60 }, (_, i) => ` x += a * ${i}\n`).join("");
  expect(made(`func f(a i64) i64 {\n var x = a\n${long} return x }\n${main("println(f(2))")}`)).toEqual(["f", "main"]);
  expect(made(`func f(a i64) i64 {\n var room = [a; 500]\n room[a] = 3\n return room[2] }\n${main("println(f(2))")}`)).toEqual(["f", "main"]);
  const over = (body: string) => `func f(xs []i64) i64 {\n var sum = 0\n ${body}\n return sum }\n${main("println(f([1, 2]))")}`;
  expect(made(over("for x in xs { sum += x }"))).toEqual(["f", "main"]);
  expect(made(over("sum += xs[0]"))).toEqual(["main"]);
});

test("bodies within bodies: up to 24, however deep the calls stand in their expressions", () => {
  const chain = Array.from({ length: 40 }, (_, k) => `func f${k}(a i64) i64 { return ${"1 + (".repeat(45)}${k < 39 ? `f${k + 1}(a)` : "a"}${")".repeat(45)} }\n`).join("");
  expect(made(`${chain}${main("println(f0(1))")}`)).toEqual(["f24", "main"]);
});

test("only at -O1, and not while optimisations are counted", () => {
  for (const level of ["O0", "O2", "Os"] as const) expect(made(short + main("println(f(2))"), { level })).toEqual(["f", "main"]);
  expect(made(short + main("println(f(2))"), {}, 1000)).toEqual(["f", "main"]);
});
