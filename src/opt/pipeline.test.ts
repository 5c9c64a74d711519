import { expect, test } from "bun:test";
import { Interpreter, outcomeText } from "../ir/interpret.ts";
import type { IrFunction } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { printModule } from "../ir/print.ts";
import { randomModule, randomNames, traceSize } from "../ir/random.ts";
import { checks } from "./checks.ts";
import { levelProblems, orderProblem, runPipeline, type Level } from "./pipeline.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { parsed } from "./testing.ts";

function behaviour(module: Module): string {
  const main = module.find(randomNames.main);
  const trace = module.find(randomNames.trace);
  if (main === undefined || trace === undefined) throw new Error("not a random program");
  return [[0n, 0n], [-3n, 255n]].map((args) => {
    const interpreter = new Interpreter(module, { steps: 2_000_000 });
    const outcome = interpreter.call(main, args);
    const at = interpreter.memory.addressOf(trace);
    return `${outcomeText(module, outcome)} ${interpreter.memory.bytes.slice(at, at + traceSize).join()}`;
  }).join("\n");
}

// scripts/fuzz-passes.ts goes further, and narrows failures down.
for (const level of ["O1", "O2", "Os"] as Level[]) {
  test(`random programs do the same at ${level}`, () => {
    for (let seed = 1; seed <= 15; seed++) {
      const options = { wide: seed % 4 === 0, floats: seed % 3 !== 0, size: 10, functions: seed % 4 };
      const expected = behaviour(randomModule(seed, options));
      const module = randomModule(seed, options);
      const report = runPipeline(module, level, { verifyEach: true });
      expect({ seed, problems: report.problems }).toEqual({ seed, problems: [] });
      expect(`seed ${seed}: ${behaviour(module)}`).toBe(`seed ${seed}: ${expected}`);
    }
  });
}

test("the same input gives the same output", () => {
  const once = () => {
    const module = randomModule(7);
    runPipeline(module, "O2");
    return printModule(module);
  };
  expect(once()).toBe(once());
});

test("the passes of every level find what they need", () => {
  expect(levelProblems()).toEqual([]);
});

test("passes out of order are told", () => {
  expect(orderProblem([checks])).toBe("checks needs 'reachable', which no pass before it leaves standing");
  expect(orderProblem([simplifyFlow, checks])).toBeUndefined();
});

test("at -O1 a function whose only caller takes it gets a small form; one that is left is finished", () => {
  const body = `b0(v1: i64):\n${Array.from({ length: 40 }, (_, i) => `  v${i + 2}: i64 = mul v${i + 1}, v1`).join("\n")}\n  v42: i64 = mul v41, v1\n  v43: i64 = mul v41, v1\n  v44: i64 = add v42, v43\n  store v44, @cell\n  return v44`;
  const module = parsed(`trap t\ndata @cell size 8 align 8 writable\nfunc @taken(i64) -> i64 {\n${body}\n}\nfunc @left(i64) -> i64 {\n${body}\n}
export func @f(i64) -> i64 {
b0(v1: i64):
  v2: i64 = call @taken(v1)
  v3: i8 = eq v2, 7
  branch v3, b1, b2
b1:
  v4: i64 = call @left(v1)
  trap t
b2:
  return v2
}`);
  const passes = new Map<string, Set<string>>();
  const dump = (pass: string, f: IrFunction | undefined): void => {
    const name = f === undefined ? "" : module.symbols[f.symbol]?.name ?? "";
    passes.set(name, (passes.get(name) ?? new Set()).add(pass));
  };
  expect(runPipeline(module, "O1", { verifyEach: true, dump }).problems).toEqual([]);
  expect([...module.functions.keys()].map((symbol) => module.symbols[symbol]?.name)).toEqual(["left", "f"]); // a cold block takes no copies
  expect(passes.get("taken")?.has("numbering") ?? false).toBe(false);
  expect(passes.get("left")?.has("numbering")).toBe(true);
  expect(passes.get("f")?.has("numbering")).toBe(true);
});
