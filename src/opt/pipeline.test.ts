import { expect, test } from "bun:test";
import { Interpreter, outcomeText } from "../ir/interpret.ts";
import type { Module } from "../ir/module.ts";
import { printModule } from "../ir/print.ts";
import { randomModule, randomNames, traceSize } from "../ir/random.ts";
import { checks } from "./checks.ts";
import { levelProblems, orderProblem, runPipeline, type Level } from "./pipeline.ts";
import { simplifyFlow } from "./simplifyFlow.ts";

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
