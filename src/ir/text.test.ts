import { expect, test } from "bun:test";
import { Builder } from "./builder.ts";
import { Module } from "./module.ts";
import { Op } from "./ops.ts";
import { parseModule } from "./parse.ts";
import { printModule } from "./print.ts";
import { Type } from "./types.ts";
import { problemsText, verifyModule } from "./verify.ts";

function parse(text: string): Module {
  const parsed = parseModule(text);
  if ("problem" in parsed) throw new Error(`line ${parsed.problem.line}: ${parsed.problem.message}`);
  return parsed.module;
}

const everything = `trap overflow @panic_overflow
trap bounds
site 1 @helper 70 0
site 2 @"odd name" 80 1

import func @panic_overflow() noreturn
export func @main(i32, ptr) -> i32 c {
  slot s0 16 align 8
b0(v1: i32, v2: ptr !noalias !readable(24)):
  v3: i32 = add v1, 5 !nsw #12/1
  v4: i32 = sadd.trap v3, -7, overflow #13
  v5: i8 = slt v4, 10
  trap.if v5, bounds(v3, 10:i64)
  store v4, s0, 8 !volatile
  store 1.5:f32, s0
  v6: i64 = load @table+8, -16 !constant
  branch v5, b1(v3, 2), b2
b1(v7: i32, v8: i64):
  v9: i32, = call @helper(v7, 3.0)
  return v7
b2:
  switch v6, [0: b3, -1: b1(7, v6), 5000000000: b3], b3
b3:
  unreachable
}
func @helper(i32, f64) -> (i32, i8) cold inline.always {
b0(v1: i32, v2: f64):
  v3: i32 = call.indirect @"odd name"(v1, inf, bits(0x7ff8000000000000)) (i32, f64, f64) -> (i32, f64) c
  v4: f64 = result v3, 1
  v5: i8 = fle v4, 0.5
  v6: i64 = syscall 60, 1
  v7: i128 = mul 170141183460469231731687303715884105727, 3
  return v1, v5
}
import func @"odd name"(ptr, ...) -> i32 c
import func @placed(ptr, f64, i64, i64) -> (i64, f64) c at (7, 16, stack 0, stack 8) -> (0, 16) 16
data @table size 32 align 8 writable = "a\\n\\00\\"\\\\\\ff" { 8: @helper, 16: @table+8 }
import data @environ
data @zero size 4096 align 16
`.replace("v9: i32, =", "v9: i32 =");

test("what is printed parses back to the same", () => {
  expect(printModule(parse(everything))).toBe(everything);
});

test("the builder's functions print, parse back and verify", () => {
  const module = new Module();
  const fib = module.declareFunction("fib", module.signature([Type.i64], [Type.i64]), "exported");
  const overflow = module.trap("overflow");
  const b = new Builder(module);
  const f = b.start(fib);
  const n = f.param(f.order[0] ?? b.current, 0);
  const small = b.block();
  const large = b.block();
  b.branch(b.emit(Op.slt, n, f.int(Type.i64, 2)), small, large);
  b.seal(small);
  b.seal(large);
  b.switchTo(small);
  b.return([n]);
  b.switchTo(large);
  const one = b.call(fib, [b.emit(Op["ssub.trap"], n, f.int(Type.i64, 1), overflow)]);
  const two = b.call(fib, [b.emit(Op["ssub.trap"], n, f.int(Type.i64, 2), overflow)]);
  b.return([b.emit(Op["sadd.trap"], one, two, overflow)]);
  b.finish();
  expect(problemsText(verifyModule(module))).toBe("");
  expect(printModule(module)).toBe(`trap overflow

export func @fib(i64) -> i64 {
b0(v1: i64):
  v2: i8 = slt v1, 2
  branch v2, b1, b2
b1:
  return v1
b2:
  v3: i64 = ssub.trap v1, 1, overflow
  v4: i64 = call @fib(v3)
  v5: i64 = ssub.trap v1, 2, overflow
  v6: i64 = call @fib(v5)
  v7: i64 = sadd.trap v4, v6, overflow
  return v7
}
`);
  expect(printModule(parse(printModule(module)))).toBe(printModule(module));
});

const mistakes: readonly (readonly [string, string])[] = [
  ["func @f() {\nb0:\n  v1: i32 = add v2, 1\n  return\n}", "line 3: 'v2' is not defined"],
  ["func @f() {\nb0:\n  return 1\n}", "line 3: the constant 1 must state its type here: 1:TYPE"],
  ["func @f() {\nb0:\n  jump b1\n}", "line 3: there is no label 'b1'"],
  ["func @f() {\nb0:\n  frob v1\n}", "line 3: 'frob' is no operation"],
  ["func @f() {\nb0:\n  call @g()\n}", "line 3: the symbol '@g' is not declared"],
  ["func @f() {\nb0:\n  return", "line 3: '}' is expected before ''"],
  ["blah", "line 1: 'blah' begins nothing known here"],
];
for (const [text, message] of mistakes) test(`mistake: ${message}`, () => expect(() => parse(text)).toThrow(message));

function problems(body: string, signature = "()"): string {
  return problemsText(verifyModule(parse(`trap t\nimport func @g(i32) -> (i64, i8)\nfunc @f${signature} {\n${body}\n}`)));
}

const rejected: readonly (readonly [string, string, string])[] = [
  ["no terminator", "b0:\n  v1: i32 = add 1, 2", "f: b0: v1: i32 = add 1, 2: the block ends without a terminator\n"],
  ["terminator inside", "b0:\n  return\n  return", "f: b0: return: a terminator stands before the end\n"],
  ["operand type", "b0:\n  v1: i32 = add 1:i64, 2\n  return", "f: b0: v1: i32 = add 1:i64, 2: operand 0 is i64, not i32\n"],
  ["dominance", "b0:\n  branch 1, b1, b2\nb1:\n  v1: i32 = add 1, 2\n  jump b2\nb2:\n  v2: i32 = add v1, 2\n  return", "f: b2: v2: i32 = add v1, 2: uses v1: i32 = add 1, 2, which does not dominate it\n"],
  ["use before definition", "b0:\n  v2: i32 = add v1, 2\n  v1: i32 = add 1, 2\n  return", "f: b0: v1: i32 = add v2, 2: uses v2: i32 = add 1, 2, which does not dominate it\n"],
  ["argument count", "b0:\n  jump b1\nb1(v1: i32):\n  return", "f: b0: jump b1: gives 0 arguments to b1, which has 1 parameters\n"],
  ["argument type", "b0:\n  jump b1(1:i8)\nb1(v1: i32):\n  return", "f: b0: jump b1(1:i8): argument 0 of b1 is i8, its parameter i32\n"],
  ["jump to the entry", "b0:\n  jump b0", "f: b0: jump b0: goes to the entry block\n"],
  ["call arguments", "b0:\n  v1: i64 = call @g()\n  return", "f: b0: v1: i64 = call @g(): 0 arguments for 1 parameters\n"],
  ["call result", "b0:\n  v1: i32 = call @g(1)\n  return", "f: b0: v1: i32 = call @g(1): its type is i32, the signature's result i64\n"],
  ["result apart", "b0:\n  v1: i64 = call @g(1)\n  v2: i64 = add v1, 1\n  v3: i8 = result v1, 1\n  return", "f: b0: v3: i8 = result v1, 1: a result does not follow its call\n"],
  ["return count", "b0:\n  return 1:i8", "f: b0: return 1:i8: returns 1 values, and the signature has 0\n"],
  ["case twice", "b0:\n  switch 1:i8, [1: b1, 1: b1], b1\nb1:\n  return", "f: b0: switch 1:i8, [1: b1, 1: b1], b1: case 1 stands twice\n"],
  ["a promise within", "b0:\n  jump b1(0)\nb1(v1: ptr !noalias):\n  return", "f: b1: v1: ptr = param 0 !noalias: promises something of memory and is no parameter of the function\n"],
  ["extension to smaller", "b0:\n  v1: i8 = sext 5:i16\n  return", "f: b0: v1: i8 = sext 5:i16: from i16 to i8\n"],
  ["slots larger than a frame", "  slot s0 2000000000\n  slot s1 2000000000\nb0:\n  return", "f: the slots have 4000000000 bytes together, more than a frame can\n"],
  ["one slot larger than a frame", "  slot s0 5000000000\nb0:\n  return", "f: the slots have 5000000000 bytes together, more than a frame can\n"],
  ["a slot's alignment", "  slot s0 8 align 3\nb0:\n  return", "f: s0 has alignment 3\n"],
];
for (const [name, body, expected] of rejected) test(`rejected: ${name}`, () => expect(problems(body)).toBe(expected));

test("the entry's parameters are the signature's", () => {
  expect(problems("b0(v1: i8):\n  return", "(i32)")).toBe("f: the entry has parameters (i8), the signature (i32)\n");
});

test("code that cannot be reached may use anything of its own", () => {
  expect(problems("b0:\n  return\nb1:\n  v1: i32 = add 1, 2\n  v2: i32 = add v1, 1\n  jump b1")).toBe("");
});

test("refused with their line: inline sites with gaps, and ones within others that come later", () => {
  for (const [sites, message] of [["site 2 @f 7 0", "site 2 stands where site 1 is expected"], ["site 1 @f 7 1", "site 1 is within site 1, which is not before it"]]) {
    const parsed = parseModule(`func @f() {\nb0:\n  return\n}\n${sites}\n`);
    expect("problem" in parsed ? parsed.problem : parsed).toEqual({ line: 5, message });
  }
});
