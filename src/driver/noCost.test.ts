/** What costs nothing at -O2, seen in the IR of whole programs: closures, iterator chains, boxes and counts that stay within a function. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { targets } from "../../os/targets.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { noTools } from "./request.ts";

setDefaultTimeout(60_000);

/** The operations of the exported function `f`, in order, at -O2. */
function operations(source: string): string[] {
  const [target] = targets;
  if (target === undefined) throw new Error("no target");
  const answer = build({
    path: "t.lang", bytes: new TextEncoder().encode(`${source}\nfunc main() { }\n`), target, level: "O2", output: "ir", features: [], unchecked: false, strip: false, debug: false, tests: false,
    tools: { ...noTools, verifyIr: true },
  }, host);
  expect([...answer.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message), ...answer.failures.map(({ message }) => message)]).toEqual([]);
  const lines = new TextDecoder().decode(answer.bytes).split("\n");
  const start = lines.findIndex((line) => line.startsWith("export func @f("));
  if (start < 0) throw new Error("no function f");
  return lines.slice(start + 1, lines.indexOf("}", start)).filter((line) => line.startsWith("  ") && !line.startsWith("  slot ")).map((line) => /^ {2}(?:v\d+: \w+ = )?(\S+)/.exec(line)?.[1] ?? line);
}

test("a closure that a function gives, called and dropped", () => {
  expect(operations(`@export("f") func f(a i64) i64 { let add = adder(a)\n add(1) }\nfunc adder(n i64) func(i64) i64 { |x| x + n }`)).toEqual(["sadd.trap", "return"]);
});

test("a box that stays within the function", () => {
  expect(operations(`struct P { x i64, y i64 }\n@export("f") func f(a i64, b i64) i64 { let p = Box.new(P { x: a, y: b })\n p.x * p.y }`)).toEqual(["smul.trap", "return"]);
});

test("one more owner of what is counted, for a while", () => {
  const source = `struct P { x i64, y i64 }\n@export("f") func f(r &Rc[P]) i64 { let mine = r.clone()\n mine.x + mine.y }`;
  expect(operations(source)).toEqual(["load", "load", "load", "sadd.trap", "return"]);
});

test("a chain of iterators over a slice is one loop, without calls", () => {
  const found = operations(`@export("f") func f(p *i64, n i64, k i64) i64 { let xs = p[0..n]\n xs.iter().map(|x| *x *% k).filter(|x| *x & 4 == 0).fold(0, |a, x| a +% x) }`);
  expect(found.filter((op) => op.startsWith("call"))).toEqual([]);
  expect(found.filter((op) => op === "load")).toHaveLength(1);
});

test("a closure lent to a function that calls itself", () => {
  const found = operations(`func walk(n i64, f &mut mut func(i64)) { if n > 0 { f(n)\n walk(n / 2, f)\n walk(n / 3, f) } }
@export("f") func f(n i64) i64 { var sum = 0\n var add = |x i64| sum += x\n walk(n, &mut add)\n sum }`);
  expect(found.filter((op) => op === "call.indirect")).toEqual([]);
});
