/**
 * Random programs through every level: what the interpreter says before must be what it says after, and the verifier must be content after
 * each pass. `bun scripts/fuzz-passes.ts --seed 1 --count 200 [--level O2] [--size 12]`. A failure is narrowed to the pass and the decision.
 */

import { Interpreter, outcomeText } from "../src/ir/interpret.ts";
import type { Module } from "../src/ir/module.ts";
import { printModule } from "../src/ir/print.ts";
import { randomModule, randomNames, traceSize } from "../src/ir/random.ts";
import { problemsText } from "../src/ir/verify.ts";
import { passNames, runPipeline, type Level } from "../src/opt/pipeline.ts";

function option(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

const first = Number(option("seed", "1"));
const count = Number(option("count", "200"));
const onlyLevel = option("level", "");
const size = Number(option("size", "12"));
const levels: readonly Level[] = onlyLevel === "" ? ["O1", "O2", "Os"] : [onlyLevel as Level];

function make(seed: number, statements: number): Module {
  return randomModule(seed, { wide: seed % 4 === 0, floats: seed % 3 !== 0, size: statements, functions: seed % 5 });
}

/** Outcomes for a few arguments, with what was observed on the way. */
export function behaviour(module: Module): string {
  const main = module.find(randomNames.main);
  const trace = module.find(randomNames.trace);
  if (main === undefined || trace === undefined) return "no main";
  const lines: string[] = [];
  for (const args of [[0n, 0n], [1n, -1n], [12345678901n, 7n], [-3n, 255n]]) {
    const interpreter = new Interpreter(module, { steps: 3_000_000 });
    const outcome = interpreter.call(main, args);
    const at = interpreter.memory.addressOf(trace);
    lines.push(`${outcomeText(module, outcome)} ${Bun.hash(interpreter.memory.bytes.slice(at, at + traceSize)).toString(16)}`);
  }
  return lines.join("\n");
}

function problem(seed: number, statements: number, level: Level, options: { readonly stopAfter?: string; readonly optLimit?: number } = {}): string | undefined {
  const expected = behaviour(make(seed, statements));
  if (expected.includes("exhausted") || expected.includes("overflowed")) return undefined;
  const module = make(seed, statements);
  try {
    const report = runPipeline(module, level, { verifyEach: true, ...options });
    if (report.problems.length > 0) return `after ${report.problems[0]?.pass}: ${problemsText(report.problems.map((p) => p.problem))}`;
    const found = behaviour(module);
    return found === expected ? undefined : `before:\n${expected}\nafter:\n${found}`;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** The smallest `optLimit` that fails. */
function bisect(seed: number, statements: number, level: Level): number {
  let low = 0;
  let high = 1;
  while (problem(seed, statements, level, { optLimit: high }) === undefined && high < 1e7) high *= 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (problem(seed, statements, level, { optLimit: middle }) === undefined) low = middle + 1;
    else high = middle;
  }
  return low;
}

if (import.meta.main) {
  let failures = 0;
  for (let seed = first; seed < first + count; seed++) {
    for (const level of levels) {
      const found = problem(seed, size, level);
      if (found === undefined) continue;
      failures++;
      let statements = size;
      for (let smaller = 1; smaller < size; smaller++) {
        if (problem(seed, smaller, level) === undefined) continue;
        statements = smaller;
        break;
      }
      const limit = bisect(seed, statements, level);
      console.log(`seed ${seed} at ${level}, size ${statements}: wrong from decision ${limit} on\n${problem(seed, statements, level) ?? found}`);
      const module = make(seed, statements);
      let before = "";
      let text = "";
      let name = "";
      runPipeline(module, level, { optLimit: limit, dump: (pass, f) => { name = `${pass}${f === undefined ? "" : ` of ${module.nameOf(f.symbol)}`}`; before = text; text = printModule(module); } });
      console.log(`last pass that changed something: ${name} (of ${passNames(level).join(", ")})`);
      if (process.argv.includes("--dump")) console.log(`before it:\n${before}\nafter it:\n${text}`);
      if (failures >= 3) process.exit(1);
    }
  }
  console.log(`${count} programs from seed ${first}: ${failures} failures`);
  process.exit(failures === 0 ? 0 : 1);
}
