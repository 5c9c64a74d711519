import { expect, test } from "bun:test";
import { runPipeline, type Level } from "./pipeline.ts";
import { inline } from "./inline.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import type { FunctionPass } from "./pass.ts";
import { afterPasses, bodyAfter, parsed } from "./testing.ts";
import { printModule } from "../ir/print.ts";
import { problemsText, verifyModule } from "../ir/verify.ts";

test("a small function takes the place of its call; paths that return meet", () => {
  expect(bodyAfter(`trap t
func @least(i64, i64) -> (i64, i64) {
b0(v1: i64, v2: i64):
  v3: i8 = slt v1, v2
  branch v3, b1, b2
b1:
  return v1, 1
b2:
  return v2, 2
}
export func @f(i64) -> i64 {
b0(v1: i64):
  v2: i64 = call @least(v1, 10)
  v3: i64 = result v2, 1
  v4: i64 = call @least(v2, v3)
  v5: i64 = add v4, v3
  return v5
}`, [inline, simplifyFlow])).toBe(`b0(v1: i64):
v2: i8 = slt v1, 10
branch v2, b1(v1, 1), b1(10, 2)
b1(v3: i64, v4: i64):
v5: i8 = slt v3, v4
branch v5, b2(v3, 1), b2(v4, 2)
b2(v6: i64, v7: i64):
v8: i64 = add v6, v4
return v8`);
});

/** `@large` costs more than a call of one of several is worth, and less than the only one. */
const large = `func @large(i64) -> i64 {
b0(v1: i64):
${Array.from({ length: 40 }, (_, i) => `  v${i + 2}: i64 = xor v${i + 1}, ${i + 1}`).join("\n")}
  return v41
}`;

test("what was copied is looked through for the only call of a function, which is worth more than one of several", () => {
  const once = afterPasses(`${large}\nfunc @middle(i64) -> i64 {\nb0(v1: i64):\n  v2: i64 = call @large(v1)\n  return v2\n}
export func @f(i64) -> i64 {\nb0(v1: i64):\n  v2: i64 = call @middle(v1)\n  return v2\n}`, [simplifyFlow, oneFunction("f", inline)]);
  expect(once.slice(once.indexOf("@f("))).not.toContain("call");
  const twice = afterPasses(`${large}\nexport func @f(i64) -> i64 {\nb0(v1: i64):\n  v2: i64 = call @large(v1)\n  v3: i64 = call @large(v2)\n  return v3\n}`, [simplifyFlow, oneFunction("f", inline)]);
  expect(twice.slice(twice.indexOf("@f(")).match(/call @large/g)).toHaveLength(2);
});

test("a call that was left is looked at again when it is the last", () => {
  // Worth a copy where its argument is a constant, and where there is no other call.
  const callee = `func @callee(i64) -> i64 {\nb0(v1: i64):\n${Array.from({ length: 19 }, (_, i) => `  v${i + 2}: i64 = xor v${i + 1}, ${i + 1}`).join("\n")}\n  return v20\n}`;
  const calls = (...args: string[]) => afterPasses(`${callee}\nexport func @f(i64) -> i64 {\nb0(v1: i64):\n${args.map((arg, i) => `  v${i + 2}: i64 = call @callee(${arg})`).join("\n")}\n  return v${args.length + 1}\n}`, [simplifyFlow, oneFunction("f", inline)]);
  expect(calls("v1", "v2").match(/call @callee/g)).toHaveLength(2);
  expect(calls("v1", "7")).not.toContain("call @callee");
});

/** The pass, over one function only. */
function oneFunction(name: string, pass: FunctionPass): FunctionPass {
  return { ...pass, run: (f, context) => context.module.symbols[f.symbol]?.name === name && pass.run(f, context) };
}

test("inlined instructions know the calls that they came through", () => {
  const module = parsed(`trap t
func @inner(i64) -> i64 {
b0(v1: i64):
  v2: i64 = sadd.trap v1, 1, t #11
  return v2
}
func @middle(i64) -> i64 {
b0(v1: i64):
  v2: i64 = call @inner(v1) #22
  return v2
}
export func @f(i64) -> i64 {
b0(v1: i64):
  v2: i64 = call @middle(v1) #33
  return v2
}`);
  runPipeline(module, "O1");
  const text = printModule(module);
  const site = /sadd\.trap v1, 1, t #11\/(\d+)/.exec(text.slice(text.indexOf("@f(")))?.[1] ?? "";
  const chain: string[] = [];
  for (let at = Number(site); at !== 0; at = module.inlineSites[at]?.parent ?? 0) {
    const { callee, position } = module.inlineSites[at] ?? { callee: 0 as never, position: 0 };
    chain.push(`${module.nameOf(callee)} called at ${position}`);
  }
  expect(chain).toEqual(["inner called at 22", "middle called at 33"]);
});

test("recursion, `inline.never` and cold functions are not inlined; `inline.always` is", () => {
  const text = (attribute: string) => `import func @g(i64)
func @h(i64)${attribute} {
b0(v1: i64):
  call @g(v1)
  call @g(v1)
  call @g(v1)
  call @g(v1)
  call @g(v1)
  return
}
export func @f(i64) {
b0(v1: i64):
  call @h(v1)
  call @h(v1)
  return
}`;
  expect(bodyAfter(text(" inline.never"), [inline])).toContain("@h");
  expect(bodyAfter(text(" cold"), [inline])).toContain("@h");
  expect(bodyAfter(text(""), [inline])).toContain("@h");
  expect(bodyAfter(text(" inline.always"), [inline])).not.toContain("@h");
  expect(bodyAfter("export func @f(i64) {\nb0(v1: i64):\n  call @f(v1)\n  return\n}", [inline])).toContain("@f");
});

test("functions and data that nothing reaches go; what a trap calls stays", () => {
  const module = parsed(`trap t @handler
trap u @unused
func @handler() noreturn {
b0:
  unreachable
}
func @unused() noreturn {
b0:
  unreachable
}
data @text size 2 align 1 = "ab"
data @table size 8 align 8 { 0: @text }
data @alone size 8 align 8
func @lang_memcpy(ptr, ptr, i64) {
b0(v1: ptr, v2: ptr, v3: i64):
  return
}
export func @f(i8, ptr, i64) {
b0(v1: i8, v2: ptr, v3: i64):
  trap.if v1, t
  copy v2, @table, v3
  return
}`);
  runPipeline(module, "O1");
  expect([...module.functions.keys(), ...module.data.keys()].map((symbol) => module.nameOf(symbol)).sort()).toEqual(["f", "handler", "lang_memcpy", "table", "text"]);
  expect(problemsText(verifyModule(module))).toBe("");
});

test("the pipeline stops where it is told to, counts decisions, and obeys their limit", () => {
  const text = "export func @f(i64) -> i64 {\nb0(v1: i64):\n  v2: i64 = add v1, 0\n  v3: i64 = mul v2, 1\n  return v3\n}";
  for (const level of ["O0", "O1", "O2", "Os"] as Level[]) {
    const module = parsed(text);
    const report = runPipeline(module, level, { verifyEach: true });
    expect(report.problems).toEqual([]);
    expect(printModule(module)).toBe(level === "O0" ? `${text}\n` : "export func @f(i64) -> i64 {\nb0(v1: i64):\n  return v1\n}\n");
    expect(report.decisions > 0).toBe(level !== "O0");
  }
  const stopped = parsed(text);
  runPipeline(stopped, "O1", { stopAfter: "promote" });
  expect(printModule(stopped)).toBe(`${text}\n`);
  const limited = parsed(text);
  runPipeline(limited, "O1", { optLimit: 0 });
  expect(printModule(limited)).toBe(`${text}\n`);
});
