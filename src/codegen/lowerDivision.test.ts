import { expect, test } from "bun:test";
import type { SymbolId, Value } from "../ir/function.ts";
import { Interpreter } from "../ir/interpret.ts";
import { Op } from "../ir/ops.ts";
import { parseModule } from "../ir/parse.ts";
import { problemsText, verifyModule } from "../ir/verify.ts";
import { lowerDivision } from "./lowerDivision.ts";

/** One function of all four operations on one divisor, as (quotient signed, remainder signed, quotient, remainder). */
function divisions(bits: number, divisor: bigint, lowered: boolean): (x: bigint) => string {
  const t = `i${bits}`;
  const parsed = parseModule(`func @f(${t}) -> (${t}, ${t}, ${t}, ${t}) {
b0(v1: ${t}):
  v2: ${t} = sdiv v1, ${divisor}
  v3: ${t} = srem v1, ${divisor}
  v4: ${t} = udiv v1, ${divisor}
  v5: ${t} = urem v1, ${divisor}
  return v2, v3, v4, v5
}
`);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  const { module } = parsed;
  const symbol = module.find("f") as SymbolId;
  if (lowered) for (const f of module.functions.values()) lowerDivision(f, false);
  const problems = verifyModule(module);
  if (problems.length > 0) throw new Error(problemsText(problems));
  const interpreter = new Interpreter(module);
  return (x) => {
    const outcome = interpreter.call(symbol, [x]);
    return outcome.kind === "returned" ? outcome.values.join(" ") : outcome.kind;
  };
}

/** What BigInt says, which knows nothing of the code. */
function expected(bits: number, x: bigint, d: bigint): string {
  const unsignedX = BigInt.asUintN(bits, x);
  const unsignedD = BigInt.asUintN(bits, d);
  return [x / d, x % d, unsignedX / unsignedD, unsignedX % unsignedD].map((value) => BigInt.asIntN(bits, value)).join(" ");
}

test("8-bit numbers divided by every constant", () => {
  for (let d = -128n; d < 128n; d++) {
    if (d === 0n) continue;
    const f = divisions(8, d, true);
    for (let x = -128n; x < 128n; x += 7n) {
      if (x === -128n && d === -1n) continue;
      const got = f(x);
      if (got !== expected(8, x, d)) expect(`${x} by ${d}: ${got}`).toBe(`${x} by ${d}: ${expected(8, x, d)}`);
    }
  }
}, 60000);

test("divisions at the borders of 16, 32 and 64 bits", () => {
  for (const bits of [16, 32, 64]) {
    const top = 1n << BigInt(bits - 1);
    const divisors = [1n, 2n, 3n, 5n, 6n, 7n, 9n, 10n, 11n, 12n, 25n, 60n, 100n, 125n, 625n, 641n, 1000n, 1024n, 3600n, 10000n, 32767n, top - 1n, top - 2n, top / 3n, top / 2n, top / 2n + 1n];
    for (const positive of divisors) {
      if (positive >= top) continue;
      for (const d of [positive, -positive, ...(positive === 1n ? [-top] : [])]) {
        const f = divisions(bits, d, true);
        const near = [0n, 1n, d, d - 1n, d + 1n, d * 2n, d * 2n - 1n, d * 3n + 1n, top - 1n, -top, -top + 1n, top / 2n, (top - 1n) / d * d, (top - 1n) / d * d - 1n, 12345678901n, -98765432109n];
        for (const value of near) {
          const x = BigInt.asIntN(bits, value);
          if (x === -top && d === -1n) continue;
          const got = f(x);
          if (got !== expected(bits, x, d)) expect(`i${bits} ${x} by ${d}: ${got}`).toBe(`i${bits} ${x} by ${d}: ${expected(bits, x, d)}`);
        }
      }
    }
  }
});

test("whether a constant divides a number, without the remainder", () => {
  for (const bits of [32, 64]) {
    const top = 1n << BigInt(bits - 1);
    for (const d of [3n, 5n, 6n, 7n, 10n, 12n, 25n, 40n, 96n, 100n, 641n, 1000n, 86400n, top - 1n, top - 2n, top / 2n + top / 4n, -3n, -10n, -top + 1n, -top + 2n]) {
      const t = `i${bits}`;
      const parsed = parseModule(`func @f(${t}) -> (i8, i8) {
b0(v1: ${t}):
  v2: ${t} = srem v1, ${d}
  v3: ${t} = urem v1, ${d}
  v4: i8 = eq v2, 0
  v5: i8 = ne v3, 0
  return v4, v5
}
`);
      if ("problem" in parsed) throw new Error(parsed.problem.message);
      const { module } = parsed;
      for (const f of module.functions.values()) {
        lowerDivision(f, false);
        for (let v = f.first[f.order[0] as never] as number; v !== 0; v = f.next[v] as number) expect([Op.smulh, Op.umulh, Op.sub, Op.srem, Op.urem]).not.toContain(f.op[v] as never);
      }
      const problems = verifyModule(module);
      if (problems.length > 0) throw new Error(problemsText(problems));
      const interpreter = new Interpreter(module);
      const numbers = [0n, 1n, -1n, d, -d, d * 2n, d * 3n, d * 3n + 1n, top - 1n, -top, -top + 1n, (top - 1n) / d * d, -top / d * d, -top / d * d + 1n, (2n * top - 1n) / d * d, 123456789n, -987654321n];
      let state = 88172645463325252n;
      for (let i = 0; i < 60; i++) numbers.push(i % 2 === 0 ? (state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n)) : state / d * d);
      for (const number of numbers) {
        const x = BigInt.asIntN(bits, number);
        const wanted = [x % d === 0n ? 1n : 0n, BigInt.asUintN(bits, x) % BigInt.asUintN(bits, d) !== 0n ? 1n : 0n].join(" ");
        const outcome = interpreter.call(module.find("f") as SymbolId, [x]);
        const got = outcome.kind === "returned" ? outcome.values.join(" ") : outcome.kind;
        if (got !== wanted) expect(`${x} by ${d}: ${got}`).toBe(`${x} by ${d}: ${wanted}`);
      }
    }
  }
});

test("a dividend of which more is known", () => {
  for (const [bits, flags, most] of [[64, "!nsw", (1n << 63n) - 1n], [64, "!nsw !nuw", (1n << 32n) - 1n], [32, "!nsw", (1n << 31n) - 1n], [8, "!nsw", 127n]] as const) {
    for (const d of [3n, 5n, 6n, 7n, 9n, 10n, 11n, 14n, 19n, 25n, 60n, 100n, 641n, 1000n, 20000n, 65537n, 2147483647n, 2147483649n, 4294967295n, 4294967296n + 15n, (1n << 62n) + 1n, (1n << 63n) - 1n, (1n << 63n) + 5n, (1n << 64n) - 5n]) {
      if (d >= 1n << BigInt(bits)) continue;
      const t = `i${bits}`;
      const parsed = parseModule(`func @f(${t}) -> (${t}, ${t}) {
b0(v1: ${t}):
  v2: ${t} = urem v1, ${BigInt.asIntN(bits, d)} ${flags}
  v3: ${t} = udiv v1, ${BigInt.asIntN(bits, d)} ${flags}
  return v3, v2
}
`);
      if ("problem" in parsed) throw new Error(parsed.problem.message);
      const { module } = parsed;
      for (const f of module.functions.values()) lowerDivision(f, false);
      const problems = verifyModule(module);
      if (problems.length > 0) throw new Error(problemsText(problems));
      const interpreter = new Interpreter(module);
      const numbers = [0n, 1n, d - 1n, d, d + 1n, d * 2n - 1n, d * 3n, most, most - 1n, (most / d) * d, (most / d) * d - 1n, most / 2n, most / 3n];
      for (const x of numbers) {
        if (x < 0n || x > most) continue;
        const outcome = interpreter.call(module.find("f") as SymbolId, [x]);
        const got = outcome.kind === "returned" ? outcome.values.join(" ") : outcome.kind;
        const wanted = [x / d, x % d].map((value) => BigInt.asIntN(bits, value)).join(" ");
        if (got !== wanted) expect(`${t} ${x} by ${d}: ${got}`).toBe(`${t} ${x} by ${d}: ${wanted}`);
      }
    }
  }
});

test("quotient and remainder of the same numbers are made from one quotient, in either order", () => {
  for (const [first, second] of [["sdiv", "srem"], ["srem", "sdiv"], ["urem", "udiv"]]) {
    const parsed = parseModule(`func @f(i64) -> (i64, i64) {
b0(v1: i64):
  v2: i64 = ${first} v1, 10
  v3: i64 = xor v2, 5
  v4: i64 = ${second} v1, 10
  return v3, v4
}
`);
    if ("problem" in parsed) throw new Error(parsed.problem.message);
    const { module } = parsed;
    for (const f of module.functions.values()) {
      lowerDivision(f, false);
      let products = 0;
      for (let v = f.first[f.order[0] as never] as number; v !== 0; v = f.next[v] as number) if (f.op[v] === Op.smulh || f.op[v] === Op.umulh) products++;
      expect(products).toBe(1);
    }
    expect(problemsText(verifyModule(module))).toBe("");
    const outcome = new Interpreter(module).call(module.find("f") as SymbolId, [12347n]);
    expect(outcome.kind === "returned" ? outcome.values.map(String) : []).toEqual(first?.endsWith("div") === true ? ["1239", "7"] : ["2", "1234"]);
  }
});

test("what is known of a dividend behind a check is not taken for known before it", () => {
  const parsed = parseModule(`trap bounds

func @f(i64) -> (i64, i64) {
b0(v1: i64):
  v4: i64 = udiv v1, 7
  v2: i8 = ugt v1, 100
  trap.if v2, bounds
  v3: i64 = urem v1, 7 !nsw !nuw
  return v4, v3
}
`);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  const { module } = parsed;
  for (const f of module.functions.values()) {
    const block = f.order[0] as never;
    let first = 0 as Value;
    let last = 0 as Value;
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      if (f.op[v] === Op.udiv) first = v;
      if (f.op[v] === Op.urem) last = v;
    }
    // The later of the two gets the lower number, as a pass that moves instructions may leave them.
    f.op[first] = Op.urem;
    f.op[last] = Op.udiv;
    const behind = f.nextOf(last);
    f.remove(last);
    f.insertBefore(f.first[block] as Value, last);
    f.remove(first);
    f.insertBefore(behind, first);
    f.flags[first] = f.flags[last] as number;
    f.flags[last] = 0;
    lowerDivision(f, false);
  }
  expect(problemsText(verifyModule(module))).toBe("");
  let products = 0;
  for (const f of module.functions.values()) for (let v = f.first[f.order[0] as never] as Value; v !== 0; v = f.nextOf(v)) if (f.op[v] === Op.umulh || f.op[v] === Op.mul) products++;
  // A quotient each, and the remainder's product.
  expect(products).toBe(3);
});
