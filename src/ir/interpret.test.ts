import { expect, test } from "bun:test";
import { Builder } from "./builder.ts";
import { evaluate, fusedMultiplyAdd, overflows, type Scalar } from "./evaluate.ts";
import { Interpreter, outcomeText, type Host, type InterpreterOptions } from "./interpret.ts";
import { Module } from "./module.ts";
import { Effect, Op, opEffects, opNames, opOperands, opResult } from "./ops.ts";
import { parseModule } from "./parse.ts";
import { Type, isFloat, typeNames } from "./types.ts";
import { problemsText, verifyModule } from "./verify.ts";

function parse(text: string): Module {
  const parsed = parseModule(text);
  if ("problem" in parsed) throw new Error(`line ${parsed.problem.line}: ${parsed.problem.message}`);
  expect(problemsText(verifyModule(parsed.module))).toBe("");
  return parsed.module;
}

function run(text: string, args: readonly Scalar[] = [], options: InterpreterOptions = {}): string {
  const module = parse(text);
  const main = module.find("main");
  if (main === undefined) throw new Error("no @main");
  return outcomeText(module, new Interpreter(module, options).call(main, args));
}

const integers = [0n, 1n, 2n, 3n, 7n, 31n, 63n, 100n, 127n, -1n, -2n, -7n, -128n, 255n, 32767n, -32768n, 65535n, 0x7fffffffn, -0x80000000n, 0xffffffffn,
  0x100000000n, 0x7fffffffffffffffn, -0x8000000000000000n, 0x123456789abcdefn, 3037000500n, -3037000500n, (1n << 127n) - 1n, -(1n << 127n), 0x123456789abcdef0123456789n];
const floats = [0, -0, 1, -1, 0.5, 1.5, 2.5, -2.5, 0.1, 1e10, -1e19, 1e300, 5e-324, 2147483648, -2147483649, Infinity, -Infinity, NaN];

/** One function `a op b` for every pure operation and type; what the loop gives must be what evaluate.ts says. */
function agrees(op: Op, from: Type, to: Type): string[] {
  const module = new Module();
  const trap = module.trap("overflow");
  const unary = opOperands[op] === "v--";
  const symbol = module.declareFunction("f", module.signature(unary ? [from] : [from, from], [to]), "local");
  const b = new Builder(module);
  const f = b.start(symbol);
  const entry = b.current;
  b.return([b.typed(op, to, f.param(entry, 0), unary ? 0 : f.param(entry, 1), trap)]);
  b.finish();
  const interpreter = new Interpreter(module);
  const width = from === Type.i8 ? 8 : from === Type.i16 ? 16 : from === Type.i32 ? 32 : from === Type.i128 ? 128 : 64;
  const samples: readonly Scalar[] = isFloat(from)
    ? [...new Set(floats.map((x) => (from === Type.f32 ? Math.fround(x) : x)))]
    : [...new Set(integers.map((x) => BigInt.asIntN(width, x)))];
  const wrong: string[] = [];
  const traps = ((opEffects[op] as number) & Effect.traps) !== 0;
  for (const x of samples) {
    for (const y of unary ? samples.slice(0, 1) : samples) {
      const got = outcomeText(module, interpreter.call(symbol, unary ? [x] : [x, y]));
      const value = traps && overflows(op, from, x as bigint, y as bigint) ? undefined : evaluate(op, to, from, x, unary ? 0n : y);
      const expected = value === undefined ? (traps ? "trapped overflow() at 0" : "faulted") : outcomeText(module, { kind: "returned", values: [value] });
      if (got !== expected && !(expected === "faulted" && got.startsWith("faulted"))) wrong.push(`${opNames[op]} ${typeNames[from]}→${typeNames[to]} ${x}, ${y}: ${got}, not ${expected}`);
    }
  }
  return wrong;
}

const integerTypes = [Type.i8, Type.i16, Type.i32, Type.i64, Type.i128];
const floatTypes = [Type.f32, Type.f64];

test("the loop computes what evaluate.ts says: integers", () => {
  const wrong: string[] = [];
  for (let op = Op.add as number; op <= Op.uge; op++) {
    if (op === Op["udiv.wide"]) continue;
    for (const type of integerTypes) wrong.push(...agrees(op as Op, type, opResult[op] === "i8" ? Type.i8 : type));
  }
  expect(wrong).toEqual([]);
});

test("the loop computes what evaluate.ts says: floats and conversions", () => {
  const wrong: string[] = [];
  for (let op = Op.feq as number; op <= Op.fcopysign; op++) {
    if (op === Op.fma) continue;
    for (const type of floatTypes) wrong.push(...agrees(op as Op, type, opResult[op] === "i8" ? Type.i8 : type));
  }
  for (const from of integerTypes) {
    for (const to of integerTypes) {
      if (to > from) wrong.push(...agrees(Op.sext, from, to), ...agrees(Op.zext, from, to));
      if (to < from) wrong.push(...agrees(Op.trunc, from, to));
    }
    for (const to of floatTypes) wrong.push(...agrees(Op.stof, from, to), ...agrees(Op.utof, from, to), ...agrees(Op.ftos, to, from), ...agrees(Op.ftou, to, from));
  }
  wrong.push(...agrees(Op.fpromote, Type.f32, Type.f64), ...agrees(Op.fdemote, Type.f64, Type.f32), ...agrees(Op.bitcast, Type.f64, Type.i64), ...agrees(Op.bitcast, Type.i64, Type.f64), ...agrees(Op.bitcast, Type.f32, Type.i32));
  expect(wrong).toEqual([]);
});

test("evaluate.ts itself, where it is easily got wrong", () => {
  const e = (op: Op, type: Type, a: Scalar, b: Scalar = 0n, from = type) => evaluate(op, type, from, a, b);
  expect(e(Op.ashr, Type.i8, -128n, 9n)).toBe(-64n); // amounts are taken modulo the width
  expect(e(Op.lshr, Type.i16, -1n, 15n)).toBe(1n);
  expect(e(Op.rotl, Type.i32, 0x40000000n, 1n)).toBe(-0x80000000n);
  expect(e(Op.sdiv, Type.i64, -7n, 2n)).toBe(-3n);
  expect(e(Op.srem, Type.i64, -7n, 2n)).toBe(-1n);
  expect(e(Op.umulh, Type.i64, -1n, -1n)).toBe(-2n);
  expect(e(Op.smulh, Type.i64, -1n, -1n)).toBe(0n);
  expect(evaluate(Op["udiv.wide"], Type.i64, Type.i64, 1n, -2n, -1n)).toBe(-1n);
  expect(evaluate(Op["udiv.wide"], Type.i64, Type.i64, 1n, 5n, 5n)).toBe(undefined); // more than a word
  expect(e(Op.bswap, Type.i32, 0x01020304n)).toBe(0x04030201n);
  expect(e(Op.clz, Type.i16, 1n)).toBe(15n);
  expect(e(Op.ftou, Type.i8, 300, 0n, Type.f64)).toBe(-1n);
  expect(e(Op.ftos, Type.i32, -1e99, 0n, Type.f64)).toBe(-0x80000000n);
  expect(e(Op.fnearest, Type.f64, 2.5)).toBe(2);
  expect(e(Op.fnearest, Type.f64, -0.5)).toBe(-0);
  expect(e(Op.stof, Type.f32, 16777217n, 0n, Type.i32)).toBe(16777216);
  expect(e(Op.stof, Type.f32, 0x8000008000000001n, 0n, Type.i128)).toBe(9223373136366403584); // just above a tie; a double on the way would lose it
  expect(fusedMultiplyAdd(1 + 2 ** -30, 1 - 2 ** -30, -1, Type.f64)).toBe(-(2 ** -60));
  expect(fusedMultiplyAdd(Math.fround(1 + 2 ** -23), Math.fround(1 - 2 ** -23), -1, Type.f32)).toBe(-(2 ** -46));
});

test("loops, calls and several results", () => {
  const text = `
func @divide(i64, i64) -> (i64, i64) {
b0(a: i64, b: i64):
  q: i64 = sdiv a, b
  r: i64 = srem a, b
  return q, r
}
func @main(i64) -> i64 {
b0(n: i64):
  jump b1(0, n)
b1(sum: i64, rest: i64):
  done: i8 = eq rest, 0
  branch done, b3, b2
b2:
  q: i64 = call @divide(rest, 10)
  digit: i64 = result q, 1
  next: i64 = add sum, digit
  jump b1(next, q)
b3:
  return sum
}`;
  expect(run(text, [987654321987654321n])).toBe("returned 90");
});

test("edges move all arguments at once", () => {
  const text = `
func @main(i64) -> (i64, i64) {
b0(n: i64):
  jump b1(1, 2, n)
b1(x: i64, y: i64, rest: i64):
  done: i8 = eq rest, 0
  less: i64 = sub rest, 1
  branch done, b2, b1(y, x, less)
b2:
  return x, y
}`;
  expect(run(text, [3n])).toBe("returned 2, 1");
});

test("memory: slots, data, gaps", () => {
  const text = (body: string) => `
func @f() -> i32 {
b0:
  return 7
}
data @table size 24 align 8 writable = "\\01\\02\\03\\04" { 8: @f, 16: @table+2 }
data @fixed size 4 align 4 = "abcd"
func @main() -> i64 {
  slot s0 16 align 16
b0:
${body}
}`;
  expect(run(text("  store 258:i16, s0, 4\n  v: i64 = load s0\n  return v"))).toBe("returned 1108101562368");
  expect(run(text("  p: ptr = load @table, 16\n  b: i8 = load p\n  v: i64 = sext b\n  return v"))).toBe("returned 3");
  expect(run(text("  p: ptr = load @table, 8\n  b: i32 = call.indirect p() () -> i32\n  v: i64 = sext b\n  return v"))).toBe("returned 7");
  expect(run(text("  copy s0, @fixed, 4\n  fill s0, 65, 2\n  v: i64 = load s0\n  return v"))).toBe("returned 1684226369");
  expect(run(text("  store 1:i64, s0, 12\n  return 0"))).toStartWith("faulted: write at address 0x");
  expect(run(text("  v: i64 = load 0, 8\n  return v"))).toBe("faulted: read at address 0x8");
  expect(run(text("  store 1:i8, @fixed\n  return 0"))).toStartWith("faulted: write");
  expect(run(text("  unreachable"))).toBe("faulted: unreachable code is reached");
  expect(run(text("  v: i64 = atomic.add s0, 5\n  w: i64 = atomic.cas s0, 5, 9\n  x: i64 = atomic.swap s0, 1\n  y: i64 = mul w, x\n  return y"))).toBe("returned 45");
});

test("traps tell code, operands and position", () => {
  const text = `
trap bounds @report
trap overflow
import func @report(i64, i64) noreturn
func @inner(i64) -> i64 {
b0(i: i64):
  bad: i8 = uge i, 10
  trap.if bad, bounds(i, 10:i64) #42
  v: i64 = smul.trap i, 9223372036854775807, overflow #43
  return v
}
func @main(i64) -> i64 {
b0(i: i64):
  v: i64 = call @inner(i) #50
  return v
}`;
  expect(run(text, [1n])).toBe("returned 9223372036854775807");
  expect(run(text, [2n])).toBe("trapped overflow() at 43");
  expect(run(text, [-1n])).toBe("trapped bounds(-1, 10) at 42");
  const module = parse(text);
  const outcome = new Interpreter(module).call(module.find("main") ?? (0 as never), [12n]);
  expect(outcome.kind === "trapped" ? outcome.frames.map((frame) => `${module.nameOf(frame.symbol)} ${frame.position}`) : []).toEqual(["inner 42", "main 50"]);
});

test("the host answers system calls and imports, and may end the program", () => {
  const written: string[] = [];
  const host: Host = {
    syscall: ([number, , address, size], memory) => {
      if (number !== 1n) return { exit: Number(number) };
      written.push(new TextDecoder().decode(memory.bytes.subarray(Number(address), Number((address ?? 0n) + (size ?? 0n)))));
      return size ?? 0n;
    },
    call: (name, args) => (name === "twice" ? [2n * (args[0] as bigint)] : undefined),
  };
  const text = `
trap fail @fail
import func @twice(i32) -> i32
import func @unknown()
func @fail(i32) noreturn {
b0(code: i32):
  wide: i64 = sext code
  ignored: i64 = syscall wide
  unreachable
}
data @hello size 3 align 1 = "hi\\n"
func @main(i32) -> i32 {
b0(n: i32):
  m: i32 = call @twice(n)
  size: i64 = bitcast @hello
  ignored: i64 = syscall 1, 1, size, 3
  bad: i8 = sgt m, 100
  trap.if bad, fail(m)
  worse: i8 = eq m, 4
  branch worse, b1, b2
b1:
  call @unknown()
  jump b2
b2:
  return m
}`;
  expect(run(text, [21n], { host })).toBe("returned 42");
  expect(run(text, [60n], { host, runHandlers: true })).toBe("exited 120");
  expect(run(text, [60n], { host })).toBe("trapped fail(120) at 0");
  expect(run(text, [2n], { host })).toBe("faulted: a call of 'unknown', which has no body");
  expect(written.join("")).toBe("hi\n".repeat(4));
});

test("budget and depth end what would not end", () => {
  expect(run("func @main() {\nb0:\n  jump b1\nb1:\n  jump b1\n}", [], { steps: 1000 })).toBe("exhausted");
  expect(run("func @main() {\nb0:\n  call @main()\n  return\n}")).toBe("overflowed");
  expect(run("func @main() {\n  slot s0 4096 align 8\nb0:\n  call @main()\n  return\n}")).toBe("overflowed");
});

test("cases of a switch are sign-extended, whatever sign the front end sees in them; the verifier tells those that are not", () => {
  const module = new Module();
  const symbol = module.declareFunction("f", module.signature([Type.i8], [Type.i64]), "local");
  const b = new Builder(module);
  const f = b.start(symbol);
  const value = f.param(b.current, 0);
  const [high, low, other] = [b.block(), b.block(), b.block()] as const;
  b.switch(value, [{ low: 200, high: 0, target: high }, { low: 5, high: 0, target: low }], other);
  for (const [block, result] of [[high, 1], [low, 2], [other, 3]] as const) {
    b.seal(block);
    b.switchTo(block);
    b.return([f.int(Type.i64, result)]);
  }
  b.finish();
  const interpreter = new Interpreter(module);
  expect([-56n, 5n, 6n].map((argument) => outcomeText(module, interpreter.call(symbol, [argument])))).toEqual(["returned 1", "returned 2", "returned 3"]);
  expect(problemsText(verifyModule(module))).toBe("");
  // As it was written.
  f.pool[(f.b[f.last[f.order[0] as number] as number] as number) + 1] = 200;
  expect(problemsText(verifyModule(module))).toContain("case 200 is not sign-extended");
});

test("a call with other arguments than the function has is refused by name", () => {
  const module = parse("func @f(i64, f64) -> i64 {\nb0(v1: i64, v2: f64):\n  return v1\n}\n");
  const call = (args: readonly Scalar[], symbol = module.find("f")) => () => new Interpreter(module).call(symbol ?? (0 as never), args);
  expect(call([1n, 2])()).toEqual({ kind: "returned", values: [1n] });
  expect(call([1n])).toThrow("ir/interpret.call: 'f' has 2 parameters, and 1 arguments are given");
  expect(call([1, 2])).toThrow("ir/interpret.call: 'f' wants a BigInt as argument 1");
  expect(call([1n, 2n])).toThrow("ir/interpret.call: 'f' wants a number as argument 2");
  expect(call([], 9 as never)).toThrow("ir/interpret.call: symbol 9 is no function of the module");
});
