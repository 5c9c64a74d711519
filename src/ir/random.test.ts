import { expect, test } from "bun:test";
import { Interpreter, outcomeText } from "./interpret.ts";
import { parseModule } from "./parse.ts";
import { printModule } from "./print.ts";
import { randomModule, randomNames } from "./random.ts";
import { problemsText, verifyModule } from "./verify.ts";

test("random programs verify, print and parse back, end, and are the same for the same seed", () => {
  const kinds = new Map<string, number>();
  for (let seed = 1; seed <= 60; seed++) {
    const module = randomModule(seed, { wide: seed % 3 === 0 });
    expect(problemsText(verifyModule(module))).toBe("");
    const text = printModule(module);
    expect(printModule(randomModule(seed, { wide: seed % 3 === 0 }))).toBe(text);
    const again = parseModule(text);
    if ("problem" in again) throw new Error(`seed ${seed}, line ${again.problem.line}: ${again.problem.message}`);
    expect(printModule(again.module)).toBe(text);
    const results = [module, again.module].map((m) => {
      const main = m.find(randomNames.main);
      if (main === undefined) throw new Error("no main");
      const outcome = new Interpreter(m, { steps: 5_000_000 }).call(main, [BigInt(seed), -3n]);
      kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1);
      return outcomeText(m, outcome);
    });
    expect(results[1]).toBe(results[0] as string);
  }
  // Both ways of ending are worth testing; nothing else may happen.
  expect(kinds.get("returned") ?? 0).toBeGreaterThan(40);
  expect(kinds.get("trapped") ?? 0).toBeGreaterThan(5);
  expect([...kinds.keys()].sort()).toEqual(["returned", "trapped"]);
});
