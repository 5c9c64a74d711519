import { expect, test } from "bun:test";
import { parseModule } from "../../ir/parse.ts";
import { x86_64 } from "../x86_64/target.ts";
import { llvmText } from "./module.ts";

function textOf(ir: string, typedPointers = false): string {
  const parsed = parseModule(ir);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  const entry = parsed.module.find("start");
  if (entry === undefined) throw new Error("no @start");
  return llvmText(parsed.module, entry, x86_64, {
    typedPointers, triple: "x86_64-unknown-linux-gnu", entry: "stack", level: "O1", features: [], inLibrary: () => false,
    traceTable: { symbol: "lang_trace_table", bytes: () => new Uint8Array(0), firstAddress: 0 },
  });
}

/** The lines of one function. */
function functionOf(text: string, name: string): string {
  const from = text.indexOf(`@"${name}"(`, text.indexOf("define internal"));
  return text.slice(text.lastIndexOf("define", from), text.indexOf("\n}\n", from));
}

const start = "func @start(ptr) {\nb0(v1: ptr):\n  return\n}\n";

test("a check branches to a cold panic that tells its place first", () => {
  const text = textOf(`trap overflow @handler\nfunc @handler() noreturn\n${start}func @f(i64, i64) -> i64 {\nb0(v1: i64, v2: i64):\n  v3: i64 = sadd.trap v1, v2, overflow\n  return v3\n}\n`);
  expect(functionOf(text, "f")).toBe(`define internal fastcc i64 @"f"(i64 %p0, i64 %p1) #0 {
entry:
  br label %b0
b0:
  %v1 = phi i64 [ %p0, %entry ]
  %v2 = phi i64 [ %p1, %entry ]
  %r3 = call { i64, i1 } @llvm.sadd.with.overflow.i64(i64 %v1, i64 %v2)
  %c3 = extractvalue { i64, i1 } %r3, 1
  br i1 %c3, label %panic0, label %go0, !prof !0
go0:
  %v3 = extractvalue { i64, i1 } %r3, 0
  ret i64 %v3
panic0:
  store ptr getelementptr (i8, ptr @lang.sites, i64 1), ptr @lang.frame, align 8
  call fastcc void @"handler"() cold noreturn
  unreachable`);
});

test("facts of the IR are facts for LLVM", () => {
  const text = textOf(`${start}func @f(ptr, i32) -> i32 {\nb0(v1: ptr !nonnull !noalias !readonly, v2: i32):\n  v3: i32 = load v1, 4\n  v4: i32 = add v3, v2 !nsw\n  return v4\n}\n`);
  expect(text).toContain("(ptr nonnull noalias readonly %p0, i32 %p1)");
  expect(text).toContain("add nsw i32 %v3, %v2");
});

test("typed pointers for LLVM 14", () => {
  const text = textOf(`${start}func @f(ptr) -> i32 {\nb0(v1: ptr):\n  v2: i32 = load v1\n  return v2\n}\n`, true);
  expect(text).not.toMatch(/\bptr\b/);
  expect(functionOf(text, "f")).toContain("  %t0 = bitcast i8* %v1 to i32*\n  %v2 = load i32, i32* %t0, align 1");
});

test("the bits of a float become a pointer by way of a word, and back", () => {
  const text = textOf(`${start}func @f(f64) -> f64 {\nb0(v1: f64):\n  v2: ptr = bitcast v1\n  v3: f64 = bitcast v2\n  return v3\n}\n`);
  expect(functionOf(text, "f")).toContain("  %t0 = bitcast double %v1 to i64\n  %v2 = inttoptr i64 %t0 to ptr\n  %t1 = ptrtoint ptr %v2 to i64\n  %v3 = bitcast i64 %t1 to double");
});

test("two edges to one block come through blocks of their own", () => {
  const text = textOf(`${start}func @f(i8) -> i64 {\nb0(v1: i8):\n  branch v1, b1(1), b1(2)\nb1(v2: i64):\n  return v2\n}\n`);
  expect(text).toContain("%v3 = phi i64 [ 1, %edge1 ], [ 2, %edge2 ]");
});
