/** Closures disappear: what is called through a known pair of code and environment becomes the code itself. */

import { expect, test } from "bun:test";
import { inline, inlineKnown } from "./inline.ts";
import { runPipeline } from "./pipeline.ts";
import { promote } from "./promote.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { bodyAfter, parsed } from "./testing.ts";
import { printModule } from "../ir/print.ts";

/** `reduce` calls its argument for every word; `sum` and `count` are closures over a value and over a variable. */
const functions = `func @reduce(ptr, i64, ptr, ptr) -> i64 {
b0(v1: ptr, v2: i64, v3: ptr, v4: ptr):
  v5: i8 = sgt v2, 0
  branch v5, b1(0, 0), b2(0)
b1(v6: i64, v7: i64):
  v8: i64 = shl v6, 3
  v9: ptr = ptr.add v1, v8
  v10: i64 = load v9
  v11: i64 = call.indirect v3(v7, v10, v4) (i64, i64, ptr) -> i64
  v12: i64 = add v6, 1
  v13: i8 = slt v12, v2
  branch v13, b1(v12, v11), b2(v11)
b2(v14: i64):
  return v14
}
func @scaled(i64, i64, ptr) -> i64 {
b0(v1: i64, v2: i64, v3: ptr):
  v4: i64 = load v3, 8
  v5: i64 = mul v2, v4
  v6: i64 = add v1, v5
  return v6
}
func @counted(i64, i64, ptr) -> i64 {
b0(v1: i64, v2: i64, v3: ptr):
  v4: ptr = load v3, 8
  v5: i64 = load v4
  v6: i64 = add v5, 1
  store v6, v4
  v7: i64 = add v1, v2
  return v7
}
`;

/** What `func @f` is after a level's passes. */
function optimised(text: string, level: "O1" | "O2"): string {
  const module = parsed(text);
  const { problems } = runPipeline(module, level, { verifyEach: true });
  expect(problems).toEqual([]);
  const printed = printModule(module, { withoutPositions: true });
  const from = printed.indexOf("export func @f");
  return printed.slice(from, printed.indexOf("\n}", from));
}

const overValue = `${functions}export func @f(ptr, i64, i64) -> i64 {
  slot s0 16 align 8
b0(v1: ptr, v2: i64, v3: i64):
  store 0:ptr, s0
  store v3, s0, 8
  v4: i64 = call @reduce(v1, v2, @scaled, s0)
  return v4
}`;

for (const level of ["O1", "O2"] as const) {
  test(`-${level}: a closure over a value is the loop's body, and its environment is gone`, () => {
    const text = optimised(overValue, level);
    expect(text).not.toContain("call");
    expect(text).not.toContain("slot");
    expect(text.match(/load/g)).toHaveLength(1);
    expect(text).toContain("mul");
  });

  test(`-${level}: a variable that a closure changes is a value again`, () => {
    const text = optimised(`${functions}export func @f(ptr, i64) -> i64 {
  slot s0 8 align 8
  slot s1 16 align 8
b0(v1: ptr, v2: i64):
  store 0:i64, s0
  store 0:ptr, s1
  store s0, s1, 8
  v3: i64 = call @reduce(v1, v2, @counted, s1)
  v4: i64 = load s0
  v5: i64 = mul v3, v4
  return v5
}`, level);
    expect(text).not.toContain("call");
    expect(text).not.toContain("slot");
    expect(text).not.toContain("store");
  });
}

test("a closure in a struct is known when the struct is values: an iterator's next", () => {
  const text = optimised(`${functions}func @next(ptr, i64) -> i64 {
b0(v1: ptr, v2: i64):
  v3: ptr = load v1, 8
  v4: ptr = load v1, 16
  v5: i64 = load v1
  v6: i64 = add v5, 1
  store v6, v1
  v7: i64 = call.indirect v3(v5, v2, v4) (i64, i64, ptr) -> i64
  return v7
}
export func @f(i64) -> i64 {
  slot s0 24 align 8
  slot s1 16 align 8
  slot s2 24 align 8
b0(v1: i64):
  store 0:ptr, s1
  store v1, s1, 8
  store 0:i64, s0
  store @scaled, s0, 8
  store s1, s0, 16
  copy s2, s0, 24
  v2: i64 = call @next(s2, v1)
  v3: i64 = call @next(s2, v2)
  return v3
}`, "O1");
  expect(text).not.toContain("call");
  expect(text).not.toContain("slot");
});

test("a function that is no closure's, and one of another signature, stay indirect", () => {
  expect(bodyAfter(`${functions}export func @f(ptr, i64, ptr, ptr) -> i64 {
b0(v1: ptr, v2: i64, v3: ptr, v4: ptr):
  v5: i64 = call @reduce(v1, v2, v3, v4)
  v6: i64 = call @reduce(v1, v5, v3, v4)
  return v6
}`, [inline, simplifyFlow, promote, inlineKnown])).toContain("call.indirect v3");
  expect(bodyAfter(`${functions}export func @f(i64) -> i64 {
b0(v1: i64):
  v2: i64 = call.indirect @scaled(v1) (i64) -> i64
  return v2
}`, [inline, inlineKnown])).toContain("call.indirect @scaled(v1)");
});

/** The calls and loads of each function whose name has `.for.`, after the passes of -O2. */
function copiesOf(text: string): { readonly text: string; readonly names: string[] } {
  const module = parsed(text);
  const { problems } = runPipeline(module, "O2", { verifyEach: true });
  expect(problems).toEqual([]);
  const printed = printModule(module, { withoutPositions: true });
  return { text: printed, names: [...printed.matchAll(/^func @(\S+\.for\.\d+)\(.*\{$/gm)].map((found) => found[1] ?? "") };
}

/** A recursive function that calls its argument: it cannot be inlined. */
const recursive = `func @walk(i64, ptr, ptr) -> i64 {
b0(v1: i64, v2: ptr, v3: ptr):
  v4: i8 = sgt v1, 0
  branch v4, b1, b2(0)
b1:
  v5: i64 = call.indirect v2(v1, v1, v3) (i64, i64, ptr) -> i64
  v6: i64 = sub v5, 1
  v7: i64 = call @walk(v6, v2, v3)
  v8: i64 = call @walk(v7, v2, v3)
  jump b2(v8)
b2(v9: i64):
  return v9
}
`;

test("specialise: a recursive callee is copied for a closure, and the copy calls itself", () => {
  const { text, names } = copiesOf(`${functions}${recursive}export func @f(i64) -> i64 {
  slot s0 16 align 8
b0(v1: i64):
  store 0:ptr, s0
  store v1, s0, 8
  v2: i64 = call @walk(v1, @scaled, s0)
  v3: i64 = call @walk(v2, @scaled, s0)
  return v3
}`);
  expect(names).toEqual(["walk.for.0"]);
  expect(text).not.toContain("call.indirect");
  expect(text).not.toContain("call @walk(");
  expect(text.match(/call @walk\.for\.0\(/g)).toHaveLength(4);
});

test("specialise: a closure that captures nothing takes its environment along", () => {
  const { text } = copiesOf(`${functions}${recursive}export func @f(i64) -> i64 {
b0(v1: i64):
  v2: i64 = call @walk(v1, @plus, 0:ptr)
  return v2
}
func @plus(i64, i64, ptr) -> i64 {
b0(v1: i64, v2: i64, v3: ptr):
  v4: i64 = add v1, v2
  return v4
}`);
  expect(text).toContain("func @walk.for.0(i64) -> i64 {");
});

/** The same through a pointer to the pair. */
const throughPointer = (inside: string): string => `func @walk(i64, ptr) -> i64 {
b0(v1: i64, v2: ptr):
  v3: i8 = sgt v1, 0
  branch v3, b1, b2(0)
b1:
  v4: ptr = load v2
  v5: ptr = load v2, 8
  v6: i64 = call.indirect v4(v1, v1, v5) (i64, i64, ptr) -> i64
${inside}  v7: i64 = call @walk(v6, v2)
  jump b2(v7)
b2(v8: i64):
  return v8
}
export func @f(i64) -> i64 {
  slot s0 16 align 8
  slot s1 16 align 8
b0(v1: i64):
  store 0:ptr, s0
  store v1, s0, 8
  store @scaled, s1
  store s0, s1, 8
  v2: i64 = call @walk(v1, s1)
  return v2
}
`;

test("specialise: what is read through a pointer to a closure is known where nothing writes there", () => {
  const { text, names } = copiesOf(functions + throughPointer(""));
  expect(names).toEqual(["walk.for.0"]);
  expect(text).not.toContain("call.indirect");
  expect(copiesOf(functions + throughPointer("  store v5, v2, 8\n")).names).toEqual(["walk.for.0"]);
  expect(copiesOf(functions + throughPointer("  store v5, v2\n")).names).toEqual([]);
  expect(copiesOf(functions + throughPointer("  copy v2, v5, 16\n")).names).toEqual([]);
  expect(copiesOf(`import func @keep(ptr)\n${functions}${throughPointer("  call @keep(v2)\n")}`).names).toEqual([]);
});

test("specialise: what lies beside a known function in a slot is known, too, unless somebody writes there", () => {
  const after = (inside: string): string => {
    const text = copiesOf(`import func @use(ptr)\n${functions}${throughPointer(inside).replace("  return v2\n}\n", "  v3: ptr = load s1, 8\n  call @use(v3)\n  return v2\n}\n")}`).text;
    return text.slice(text.indexOf("export func @f"));
  };
  expect(after("")).toContain("call @use(s0)");
  expect(after("  store v5, v2, 8\n")).not.toContain("call @use(s0)");
});
