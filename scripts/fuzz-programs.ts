/**
 * Random valid programs in lang: -O0, -O1, -O2, -Os and the interpreter of the IR must agree on output, status, and the message and place of a panic.
 *
 *   bun scripts/fuzz-programs.ts [--seed 1] [--count 50] [--size 8] [--levels O0,O1,O2,Os] [--mode scalar|language]
 *       [--arm64 N] [--llvm N] [--verify] [--no-interpreter] [--no-memory] [--no-shrink] [--keep FOLDER]
 *
 * Each Nth program also runs for ARM64 (by qemu), and through LLVM (by clang).
 * `--mode language` makes programs over the whole language instead of numbers and plain data; they also run under --check-memory, and must free all.
 * A program that fails is made smaller and kept in the folder (dist/fuzz). A worker does the compiling: one that hangs is ended, and counts as a failure.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Level } from "../src/opt/pipeline.ts";
import { compare, type CompareOptions } from "./fuzz/compare.ts";
import { languageProgram } from "./fuzz/language/languageProgram.ts";
import { randomProgram } from "./fuzz/randomProgram.ts";
import { alive, supervise, tell } from "./fuzz/supervise.ts";
import { shrink } from "./fuzz/shrink.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "50" },
    size: { type: "string", default: "8" },
    levels: { type: "string", default: "O0,O1,O2,Os" },
    mode: { type: "string", default: "scalar" },
    "no-memory": { type: "boolean", default: false },
    arm64: { type: "string", default: "0" },
    llvm: { type: "string", default: "0" },
    verify: { type: "boolean", default: false },
    "no-interpreter": { type: "boolean", default: false },
    "no-shrink": { type: "boolean", default: false },
    keep: { type: "string", default: join(root, "dist/fuzz") },
    worker: { type: "boolean", default: false },
  },
});
const options: CompareOptions = { levels: values.levels.split(",") as Level[], interpret: !values["no-interpreter"], verify: values.verify };
const size = Number(values.size);
const language = values.mode === "language";

/** The program of a seed. Of scalar ones, two of three are careful, so that they run to their end. */
function programOf(seed: number): string {
  if (language) return languageProgram(seed, 2 + (seed % size));
  return randomProgram(seed, { size: 2 + (seed % size), recklessness: seed % 3 === 0 ? 40 : 400 });
}

/** Only what owns memory has something to check; levels take turns. */
function optionsOf(seed: number): CompareOptions {
  const nth = (every: number): CompareOptions["llvm"] => (every > 0 && seed % every === 0 ? (["O0", "O1", "O2"] as const)[(seed / every) % 3] : undefined);
  return {
    ...options,
    memory: language && !values["no-memory"] ? (seed % 2 === 0 ? "O0" : "O1") : undefined,
    arm64: nth(Number(values.arm64)),
    llvm: nth(Number(values.llvm)),
  };
}

/** One seed: a line for the parent; a failing program is kept. */
function check(seed: number): string {
  const text = programOf(seed);
  const verdict = compare(text, optionsOf(seed));
  if (verdict.kind === "same") return `seed ${seed}: same, status ${verdict.status}`;
  if (verdict.kind === "refused") return `seed ${seed}: refused, ${verdict.codes[0] ?? ""}`;
  mkdirSync(values.keep, { recursive: true });
  const path = join(values.keep, `seed${seed}.lang`);
  let kept = text;
  writeFileSync(path, text);
  let details = verdict.details;
  if (!values["no-shrink"]) {
    kept = shrink(text, (candidate) => {
      tell(alive);
      const again = compare(candidate, optionsOf(seed));
      if (again.kind !== "differs" || again.symptom !== verdict.symptom) return false;
      details = again.details;
      return true;
    });
    writeFileSync(path, kept);
  }
  return `seed ${seed}: FAILED, ${verdict.symptom}, ${kept.split("\n").length - 1} lines in ${path}\n${details.replace(/^/gm, "    ")}`;
}

if (values.worker) {
  const end = Number(values.seed) + Number(values.count);
  for (let seed = Number(values.seed); seed < end; seed++) {
    tell(check(seed));
  }
  process.exit(0);
}

const tally = { same: 0, refused: 0, failed: 0 };
await supervise({
  first: Number(values.seed), count: Number(values.count),
  onLine: (line) => {
    if (line.includes("FAILED")) {
      tally.failed++;
      console.log(line);
    } else if (line.includes("refused")) tally.refused++;
    else tally.same++;
  },
  onDeath: (seed, how) => {
    mkdirSync(values.keep, { recursive: true });
    const path = join(values.keep, `seed${seed}.lang`);
    writeFileSync(path, programOf(seed));
    console.log(`seed ${seed}: FAILED, the compiler ${how}; see ${path}`);
    tally.failed++;
  },
});
console.log(`${tally.same} programs agree, ${tally.refused} were refused for what fails at compile time, ${tally.failed} failed`);
process.exit(tally.failed > 0 ? 1 : 0);
