/** What irgen makes of the language, seen as IR text. (It needs the checker and std, so it stands where they come together.) */

import { expect, test } from "bun:test";
import { targets } from "../../os/targets.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { noTools, type BuildRequest } from "./request.ts";

/** The IR of function `name`, a line each, without positions. */
function irOf(source: string, name: string, more: Partial<BuildRequest> = {}): string[] {
  const [target] = targets;
  if (target === undefined) throw new Error("no target");
  const answer = build({
    path: "t.lang", bytes: new TextEncoder().encode(source), target, level: "O1", output: "ir", features: [], unchecked: false, strip: false, debug: false, tests: false,
    tools: { ...noTools, optLimit: 0 }, ...more,
  }, host);
  expect(answer.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
  const lines = new TextDecoder().decode(answer.bytes).split("\n");
  const start = lines.findIndex((line) => line.startsWith(`func @t.${name}(`) && line.endsWith("{"));
  if (start < 0) return [];
  const end = lines.indexOf("}", start);
  return lines.slice(start + 1, end).map((line) => line.replace(/ #\d+(\/\d+)?/g, "").trim());
}

const has = (lines: readonly string[], pattern: RegExp) => lines.some((line) => pattern.test(line));
const program = (body: string) => `${body}\nfunc main() {}\n`;
const used = (body: string, call: string) => `${body}\nfunc main() { println(${call}) }\n`;

test("arithmetic is checked, in the signedness of the type", () => {
  expect(irOf(used("func f(a i32, b i32) i32 { return a + b }", "f(1, 2)"), "f")).toContain("v3: i32 = sadd.trap v1, v2, overflow.add");
  expect(irOf(used("func f(a u8, b u8) u8 { return a * b }", "f(1, 2)"), "f")).toContain("v3: i8 = umul.trap v1, v2, overflow.mul");
  expect(irOf(used("func f(a i32, b i32) i32 { return a +% b }", "f(1, 2)"), "f")).toContain("v3: i32 = add v1, v2");
});

test("--unchecked leaves out what it says, and nothing else", () => {
  const source = used("func f(a i64, b i64, xs []i64) i64 { return a + (b << a) / b + xs[a] }", "f(1, 2, [1])");
  const checked = irOf(source, "f");
  expect(checked.filter((line) => line.includes("trap")).length).toBe(6);
  const unchecked = irOf(source, "f", { unchecked: true });
  expect(unchecked.filter((line) => line.includes("trap.if"))).toHaveLength(2);
  expect(has(unchecked, /trap\.if .* zero\.div/)).toBe(true);
});

test("an index in reach needs no check, one that may be out of reach has one", () => {
  expect(has(irOf(used("func f(xs [4]i64) i64 { return xs[3] }", "f([1, 2, 3, 4])"), "f"), /trap/)).toBe(false);
  expect(has(irOf(used("func f(xs [4]i64, i i64) i64 { return xs[i] }", "f([1, 2, 3, 4], 2)"), "f"), /trap\.if .*bounds/)).toBe(true);
});

test("match on many variants switches on the tag", () => {
  const source = used("enum E: Copy { A(i64), B, C(i64), D }\nfunc f(e E) i64 { match e { A(x) => x, B => 2, C(x) => x + 1, D => 4 } }", "f(E.B)");
  expect(has(irOf(source, "f"), /^switch /)).toBe(true);
});

test("small aggregates come back in registers, larger ones by address", () => {
  expect(has(irOf(used("struct P: Copy, Show { x f64, y f64 }\nfunc f(a f64) P { return P { x: a, y: a } }", "f(1.0)"), "f"), /^return v\d+, v\d+$/)).toBe(true);
  expect(has(irOf(used("struct P: Copy, Show { x i64, y i64, z i64 }\nfunc f(a i64) P { return P { x: a, y: a, z: a } }", "f(1)"), "f"), /^return$/)).toBe(true);
});

test("what is deferred runs at every way out, last first", () => {
  const lines = irOf(used('func say(n i64) { println(n) }\nfunc f(a i64) i64 {\n defer say(1)\n defer say(2)\n if a > 1 { return a }\n return 0\n}', "f(1)"), "f");
  const calls = lines.filter((line) => line.includes("t.say")).map((line) => /say\((\d)/.exec(line)?.[1]);
  expect(calls).toEqual(["2", "1", "2", "1"]);
});

test("code that control does not get to is not made", () => {
  const lines = irOf(used("func f(a i64) i64 {\n return a\n}\nfunc g() i64 { loop { break 3 } }", "f(1) + g()"), "g");
  expect(lines.filter((line) => /^b\d+/.test(line)).length).toBeLessThanOrEqual(3);
});

test("only what main reaches is made", () => {
  expect(irOf(program("func never_called(a i64) i64 { return a }"), "never__called")).toEqual([]);
});

test("what exits drop grows with the owned values and the exits, not with their product", () => {
  const size = (count: number): number => {
    const lines = Array.from({ length: count }, (_, i) => `let s${i} = make(${i})?\n sum += s${i}.len`).join("\n");
    return irOf(used(`func make(i i64) Result[String, i64] { if i > 99 { return Err(i) }\n return Ok(String.new()) }\nfunc f() Result[i64, i64] { var sum = 0\n${lines}\n return Ok(sum) }`, "f().unwrap_or(0)"), "f").length;
  };
  const [small, large] = [size(30), size(60)];
  expect(small).toBeGreaterThan(300);
  expect(large).toBeLessThan(2.1 * small);
});
