import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { has, inFolder, run, runsHere } from "../link/testing.ts";
import { writeObject } from "../link/writeObject.ts";
import { generate } from "./generate.ts";
import type { Level } from "./options.ts";
import { parse, runInterpreted, runNative, testTargets } from "./testing.ts";
import type { Call } from "./testing.ts";
import { x86_64 } from "./x86_64/target.ts";

const levels: readonly Level[] = ["O0", "O1", "Os"];

/** Every level gives what the interpreter gives. */
function agree(text: string, calls: readonly Call[], features: readonly string[] = []): void {
  const expected = runInterpreted(text, calls).join(" ");
  for (const on of testTargets) for (const level of levels) {
    const prefix = `${on.target.machine} ${level}: `;
    expect(prefix + runNative(on, text, calls, { level, features, verify: true }).join(" ")).toBe(prefix + expected);
  }
}

const call = (name: string, ...args: (bigint | number)[]): Call => ({ name, args });

test("atomics", () => {
  const of = (t: string): string => `func @swap_${t}(${t}, ${t}) -> ${t} {
  slot s0 8 align 8
b0(v1: ${t}, v2: ${t}):
  atomic.store v1, s0
  v3: ${t} = atomic.add s0, v2
  v4: ${t} = atomic.swap s0, v2
  fence
  v5: ${t} = atomic.cas s0, v2, v1
  v6: ${t} = atomic.cas s0, v2, v4
  v7: ${t} = atomic.load s0
  v8: ${t} = mul v3, 3
  v9: ${t} = mul v4, 5
  v10: ${t} = mul v5, 7
  v11: ${t} = add v8, v9
  v12: ${t} = add v10, v11
  v13: ${t} = sub v12, v7
  v14: ${t} = xor v13, v6
  return v14
}
`;
  for (const features of [[], ["lse"]]) {
    agree(["i8", "i16", "i32", "i64"].map(of).join(""), ["i8", "i16", "i32", "i64"].flatMap((t) => [call(`swap_${t}`, 5n, 9n), call(`swap_${t}`, -7n, 100n)]), features);
  }
});

test("switches: dense, sparse, of one byte, of large numbers", () => {
  const cases = (type: string, numbers: readonly string[]): string => `func @on_${type}_${numbers.length}(${type}) -> i64 {
b0(v1: ${type}):
  switch v1, [${numbers.map((n, i) => `${n}: b${i + 2}`).join(", ")}], b1
b1:
  return -1
${numbers.map((_, i) => `b${i + 2}:\n  return ${i * 10}`).join("\n")}
}
`;
  const dense = ["-2", "-1", "0", "1", "2", "3", "5"];
  const sparse = ["-9000000000", "-70000", "-3", "0", "14", "1000", "65536", "5000000000", "9000000000000000000"];
  const bytes = ["-128", "-3", "-2", "-1", "0", "1", "2", "7", "127"];
  const text = cases("i64", dense) + cases("i64", sparse) + cases("i8", bytes) + cases("i32", ["5", "6", "7", "9", "-2147483648"]) + cases("i16", ["1", "300"]);
  agree(text, [
    ...[-3n, -2n, -1n, 0n, 3n, 4n, 5n, 6n, 1n << 40n].map((n) => call("on_i64_7", n)),
    ...[...sparse.map(BigInt), 1n, -70001n, 13n, 15n, 9223372036854775807n].map((n) => call("on_i64_9", n)),
    ...[-128n, -1n, 0n, 7n, 127n, 1n, -2n].map((n) => call("on_i8_9", n)),
    ...[5n, 6n, 7n, 8n, 9n, -2147483648n, 2147483647n].map((n) => call("on_i32_5", n)),
    ...[1n, 300n, 301n].map((n) => call("on_i16_2", n)),
  ]);
});

test("frames larger than a page, and what lies in them", () => {
  agree(`func @large(i64) -> i64 {
  slot s0 20000 align 8
  slot s1 16 align 16
b0(v1: i64):
  fill s0, 1, 20000
  v2: i64 = urem v1, 20000
  v3: ptr = ptr.add s0, v2
  store 77:i8, v3
  store v1, s1, 8
  jump b1(0, 0)
b1(v4: i64, v5: i64):
  v6: ptr = ptr.add s0, v4
  v7: i8 = load v6
  v8: i64 = zext v7
  v9: i64 = add v5, v8
  v10: i64 = add v4, 1
  v11: i8 = ult v10, 20000
  branch v11, b1(v10, v9), b2
b2:
  v12: i64 = load s1, 8
  v13: i64 = add v9, v12
  return v13
}
`, [call("large", 0n), call("large", 19999n), call("large", 4096n)]);
});

test("several results, and calls through pointers", () => {
  agree(`func @both(i64, i64) -> (i64, i64, f64, i64) {
b0(v1: i64, v2: i64):
  v3: i64 = add v1, v2
  v4: i64 = sub v1, v2
  v5: f64 = stof v1
  v6: i64 = mul v1, v2
  return v3, v4, v5, v6
}
func @use(i64, i64) -> i64 {
b0(v1: i64, v2: i64):
  v3: i64 = call.indirect @both(v1, v2) (i64, i64) -> (i64, i64, f64, i64)
  v4: i64 = result v3, 1
  v5: f64 = result v3, 2
  v6: i64 = result v3, 3
  v7: i64 = call @both(v4, v3)
  v8: i64 = result v7, 1
  v9: i64 = ftos v5
  v10: i64 = mul v8, 1000
  v11: i64 = add v10, v9
  v12: i64 = xor v11, v6
  return v12
}
`, [call("use", 12n, 5n), call("use", -99n, 1234567n)]);
});

test("128-bit division and conversion at their borders", () => {
  const text = `func @f(i64, i64, i64, i64, i64) -> i64 {
b0(v1: i64, v2: i64, v3: i64, v4: i64, v5: i64):
  v6: i128 = zext v1
  v7: i128 = zext v2
  v8: i128 = shl v7, 64
  v9: i128 = or v6, v8
  v10: i128 = zext v3
  v11: i128 = zext v4
  v12: i128 = shl v11, 64
  v13: i128 = or v10, v12
  switch v5, [0: b1, 1: b2, 2: b3, 3: b4, 4: b5, 5: b6], b7
b1:
  v14: i128 = udiv v9, v13
  jump b8(v14)
b2:
  v15: i128 = urem v9, v13
  jump b8(v15)
b3:
  v16: i128 = sdiv v9, v13
  jump b8(v16)
b4:
  v17: i128 = srem v9, v13
  jump b8(v17)
b5:
  v18: f64 = utof v9
  v19: i128 = ftou v18
  jump b8(v19)
b6:
  v20: f64 = stof v9
  v21: i128 = ftos v20
  jump b8(v21)
b7:
  v22: f32 = utof v9
  v23: f64 = fpromote v22
  v24: i128 = ftos v23
  jump b8(v24)
b8(v25: i128):
  v26: i64 = trunc v25
  v27: i128 = lshr v25, 64
  v28: i64 = trunc v27
  v29: i64 = mul v28, 31
  v30: i64 = xor v29, v26
  return v30
}
`;
  const top = -(1n << 63n);
  const numbers: readonly (readonly [bigint, bigint])[] = [[1n, 0n], [-1n, -1n], [0n, top], [-1n, 9223372036854775807n], [12345678901234n, 987654321n], [0n, 1n], [-1n, 0n], [7n, 3n], [-2048n, 0n], [1n, 9007199254740993n], [-1n, -1024n]];
  const calls: Call[] = [];
  for (const [a0, a1] of numbers) {
    for (let which = 0n; which < 7n; which++) {
      for (const [b0, b1] of which < 4n ? numbers : [[1n, 0n] as const]) {
        if (which >= 2n && a0 === 0n && a1 === top && b0 === -1n && b1 === -1n) continue;
        calls.push(call("f", a0, a1, b0, b1, which));
      }
    }
  }
  // Any lengths of both: the estimate of a quotient must be mended, or not, in all of them.
  let state = 88172645463325252n;
  const random = (): bigint => {
    for (const by of [13n, -7n, 17n]) state = BigInt.asUintN(64, state ^ (by < 0n ? state >> -by : state << by));
    return BigInt.asIntN(64, state);
  };
  const lengths = [0n, 33n, 63n];
  for (const x of lengths) for (const y of lengths) for (const extra of [0n, -1n]) {
    const [dividend, divisor] = [BigInt.asUintN(64, random()) >> x, (BigInt.asUintN(64, random()) >> y) | 1n];
    for (let which = 0n; which < 4n; which++) calls.push(call("f", random() | extra, BigInt.asIntN(64, dividend), random() & extra, BigInt.asIntN(64, divisor), which));
    calls.push(call("f", random(), BigInt.asIntN(64, dividend), BigInt.asIntN(64, divisor), 0n, 1n), call("f", random(), BigInt.asIntN(64, dividend), BigInt.asIntN(64, divisor), 0n, 0n));
  }
  agree(text, calls);
});

test("carries and borrows: of the sum just made, of others, of both; and both halves of a product", () => {
  const text = `func @f(i64, i64, i64) -> i64 {
b0(v1: i64, v2: i64, v3: i64):
  v4: i128 = zext v1
  v5: i128 = sext v2
  v6: i128 = zext v3
  v7: i128 = mul v4, v6
  v8: i128 = add v7, v5
  v9: i128 = sub v8, v6
  v10: i128 = sub v6, v9
  v11: i128 = add v10, v10
  v12: i64 = trunc v11
  v13: i128 = lshr v11, 64
  v14: i64 = trunc v13
  v15: i64 = add v1, v2
  v16: i8 = ult v15, v2
  v17: i64 = zext v16
  v18: i64 = add v17, v14
  v19: i8 = ugt v2, v12
  v20: i64 = zext v19
  v21: i64 = sub v18, v20
  v22: i8 = ult v3, 77
  v23: i64 = zext v22
  v24: i64 = add 1000, v23
  v25: i64 = sub v1, v2
  v26: i8 = ult v1, v2
  v27: i64 = zext v26
  v28: i64 = sub v25, v27
  v29: i64 = add v1, v3
  v30: i8 = ult v29, v3
  v31: i64 = zext v30
  v32: i64 = add v29, v31
  v33: i64 = mul v21, v24
  v34: i64 = umulh v21, v24
  v35: i64 = smulh v28, v32
  v36: i64 = mul v33, v34
  v37: i64 = xor v35, v36
  v38: i64 = xor v37, v32
  return v38
}
`;
  const numbers = [0n, 1n, -1n, 76n, 1n << 62n, -(1n << 63n), 0x123456789abcdef0n];
  agree(text, numbers.flatMap((a) => numbers.flatMap((b) => numbers.map((c) => call("f", a, b, c)))));
});

test("two words by one", () => {
  const text = `func @f(i64, i64, i64) -> i64 {
b0(v1: i64, v2: i64, v3: i64):
  v4: i64 = udiv.wide v1, v2, v3
  v5: i64 = udiv.wide v2, v1, -1
  v6: i64 = mul v5, 31
  v7: i64 = udiv.wide v3, v2, v3
  v8: i64 = add v4, v6
  v9: i64 = xor v7, v8
  return v9
}
`;
  agree(text, [call("f", 5n, 0n, 3n), call("f", -2n, 1n, 2n), call("f", -2n, -3n, -2n), call("f", 12345n, 6789n, 987654321n), call("f", 77n, 0x7fffffffn, 0x80000000n), call("f", 77n, 0xfffffffffn, -0x8000000000000000n)]);
});

test("floats: rounding, fma and conversions with and without the instructions", () => {
  const text = `func @f(f64, f64, f64, i64) -> i64 {
b0(v1: f64, v2: f64, v3: f64, v4: i64):
  switch v4, [0: b1, 1: b2, 2: b3, 3: b4, 4: b5, 5: b6, 6: b7], b8
b1:
  v5: f64 = ffloor v1
  jump b9(v5)
b2:
  v6: f64 = fceil v1
  jump b9(v6)
b3:
  v7: f64 = ftrunc v1
  jump b9(v7)
b4:
  v8: f64 = fnearest v1
  jump b9(v8)
b5:
  v9: f64 = fma v1, v2, v3
  jump b9(v9)
b6:
  v10: i64 = ftou v1
  v11: i32 = ftos v2
  v12: i8 = ftou v3
  v13: i64 = sext v11
  v14: i64 = zext v12
  v15: i64 = mul v13, 3
  v16: i64 = add v10, v15
  v17: i64 = xor v16, v14
  return v17
b7:
  v18: f32 = fdemote v1
  v19: f32 = fdemote v2
  v20: f32 = fdemote v3
  v21: f32 = fma v18, v19, v20
  v22: f64 = fpromote v21
  jump b9(v22)
b8:
  v23: i64 = ftos v1
  return v23
b9(v24: f64):
  v25: i8 = feq v24, v24
  v26: i64 = bitcast v24
  v27: i64 = select v25, v26, 7
  return v27
}
`;
  const values = [0, -0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 4503599627370495.5, 4503599627370496, 9007199254740993, -1e300, 1e300, 1e-310, 5e-324, 9.3e18, 1.9e19, -9.3e18, 2147483648, -129, 255.9, Infinity, NaN, 1 / 3];
  const calls: Call[] = [];
  values.forEach((x, i) => {
    for (let which = 0n; which < 8n; which++) calls.push(call("f", x, values[(i * 7 + 3) % values.length] as number, values[(i * 5 + 1) % values.length] as number, which));
  });
  // Products whose sum cancels, and results that are subnormal.
  const tight = [[1 + 2 ** -52, 1 - 2 ** -53, -1], [2 ** -537, 2 ** -537, 2 ** -1074], [1e-200, 1e-120, 5e-324], [3, 1 / 3, -1], [2 ** 511, 2 ** 512, -(2 ** 1023)], [1.1, 1e308, -1.1e308], [2 ** -1022, 0.75, 2 ** -1074], [0.1, 10, -1]] as const;
  for (const [a, b, c] of tight) calls.push(call("f", a, b, c, 4n), call("f", a, b, c, 6n));
  agree(text, calls);
  agree(text, calls, ["sse41"]);
});

test.if(runsHere && has("gcc"))("C: variadic calls, floats and more arguments than registers, both ways", () => {
  const text = `import func @printf(ptr, ...) -> i32 c
import func @add(i64, f64, i64, i64, i64, i64, i64, i64, i32, f64) -> f64 c
data @format size 20 align 1 = "%ld %.2f %ld %.1f\\n\\00\\00"
export func @from_c(i64, i64, i64, i64, i64, i64, i64, f64) -> i64 c {
b0(v1: i64, v2: i64, v3: i64, v4: i64, v5: i64, v6: i64, v7: i64, v8: f64):
  v9: f64 = call @add(v1, v8, v2, v3, v4, v5, v6, v7, 3, 0.5)
  v10: i64 = ftos v9
  v11: i32 = call @printf(@format, v10, v9, v7, 2.5:f64)
  v12: i64 = sext v11
  return v12
}
`;
  const c = `#include <stdio.h>
long from_c(long, long, long, long, long, long, long, double);
double add(long a, double x, long b, long c, long d, long e, long f, long g, int h, double y) { return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + x + y; }
int main(void) { printf("%ld\\n", from_c(1, 2, 3, 4, 5, 6, 7, 0.25)); return 0; }
`;
  for (const level of levels) {
    const module = parse(text);
    const { object } = generate(x86_64, module, [...module.functions.keys()], { level, verify: true });
    inFolder((folder) => {
      writeFileSync(join(folder, "ours.o"), writeObject(object));
      writeFileSync(join(folder, "main.c"), c);
      expect(run(folder, ["gcc", "-o", "both", "main.c", "ours.o", "-z", "noexecstack"]).err.replaceAll(/.*warning.*\n?/g, "")).toBe("");
      expect(run(folder, ["./both"]).out).toBe("164 164.75 7 2.5\n17\n");
    });
  }
});

test("an endless loop of empty blocks is code", () => {
  const text = `func @f(i64) -> i64 {
b0(v1: i64):
  v2: i8 = slt v1, 0
  branch v2, b1, b4
b1:
  jump b2
b2:
  jump b3
b3:
  jump b1
b4:
  return v1
}
`;
  for (const level of levels) {
    const module = parse(text);
    expect(generate(x86_64, module, [...module.functions.keys()], { level, verify: true }).trace.functionCount).toBe(1);
  }
  agree(text, [call("f", 5n)]);
});

test("branches over more code than a test of a bit reaches", () => {
  const adds = Array.from({ length: 9000 }, (_, i) => `  v${i + 10}: i64 = ${["add", "xor", "sub"][i % 3]} v${i === 0 ? 4 : i + 9}, v1`).join("\n");
  const text = `func @far(i64, i64) -> i64 {
b0(v1: i64, v2: i64):
  jump b1(0, v2)
b1(v3: i64, v4: i64):
  v5: i64 = and v4, 4
  v6: i8 = eq v5, 0
  branch v6, b2, b3
b2:
${adds}
  v9010: i64 = add v3, 1
  v9011: i8 = slt v9010, 3
  branch v9011, b1(v9010, v9009), b3
b3:
  v9012: i64 = add v4, v3
  return v9012
}
`;
  agree(text, [call("far", 8n, 3n), call("far", 5n, 16n), call("far", 5n, 4n)]);
});
