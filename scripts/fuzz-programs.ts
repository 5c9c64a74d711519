/**
 * Random valid programs in lang: -O0, -O1, -O2, -Os and the interpreter of the IR must agree on output, status, and the message and place of a panic.
 *
 *   bun scripts/fuzz-programs.ts [--seed 1] [--count 50] [--size 8] [--levels O0,O1,O2,Os] [--mode scalar|language]
 *       [--arm64 N] [--targets T,…] [--llvm N] [--verify] [--no-interpreter] [--no-memory] [--no-shrink] [--keep FOLDER]
 *
 * Each Nth program also runs for ARM64 (by qemu), and through LLVM (by clang); with --targets each also for those (by qemu, wine and our own loaders).
 * `--mode language` makes programs over the whole language instead of numbers and plain data; they also run under --check-memory, and must free all.
 * A program that fails is made smaller and kept in the folder (dist/fuzz). A worker does the compiling: one that hangs is ended, and counts as a failure.
 */

import { parseArgs } from "node:util";
import type { Level } from "../src/opt/pipeline.ts";
import { campaignOptions, runCampaign } from "./fuzz/campaign.ts";
import type { Judgement } from "./fuzz/campaign.ts";
import { compare, elsewhere, type CompareOptions } from "./fuzz/compare.ts";
import { languageProgram } from "./fuzz/language/languageProgram.ts";
import { randomProgram } from "./fuzz/randomProgram.ts";

const { values } = parseArgs({
  options: {
    ...campaignOptions,
    count: { type: "string", default: "50" },
    size: { type: "string", default: "8" },
    levels: { type: "string", default: "O0,O1,O2,Os" },
    mode: { type: "string", default: "scalar" },
    "no-memory": { type: "boolean", default: false },
    arm64: { type: "string", default: "0" },
    targets: { type: "string", default: "" },
    llvm: { type: "string", default: "0" },
    verify: { type: "boolean", default: false },
    "no-interpreter": { type: "boolean", default: false },
  },
});
const options: CompareOptions = { levels: values.levels.split(",") as Level[], interpret: !values["no-interpreter"], verify: values.verify };
const size = Number(values.size);
const arm64 = Number(values.arm64) > 0 ? elsewhere("linux-arm64") : undefined;
const targets = values.targets.split(",").filter((name) => name !== "").map(elsewhere);
const language = values.mode === "language";

/** The program of a seed. Of scalar ones, two of three are careful, so that they run to their end. */
function programOf(seed: number): string {
  if (language) return languageProgram(seed, 2 + (seed % size));
  return randomProgram(seed, { size: 2 + (seed % size), recklessness: seed % 3 === 0 ? 40 : 400 });
}

/** What the program of a seed is put through: memory is checked where programs own some, and levels take turns. */
function optionsOf(seed: number): CompareOptions {
  const nth = (every: number): CompareOptions["llvm"] => (every > 0 && seed % every === 0 ? (["O0", "O1", "O2"] as const)[(seed / every) % 3] : undefined);
  const arm64At = nth(Number(values.arm64));
  return {
    ...options,
    memory: language && !values["no-memory"] ? (seed % 2 === 0 ? "O0" : "O1") : undefined,
    others: [
      ...(arm64 !== undefined && arm64At !== undefined ? [{ on: arm64, level: arm64At }] : []),
      ...targets.map((on, i) => ({ on, level: (["O0", "O1", "O2", "Os"] as const)[(seed + i) % 4] ?? "O1" })),
    ],
    llvm: nth(Number(values.llvm)),
  };
}

function judge(text: string, seed: number): Judgement {
  const verdict = compare(text, optionsOf(seed));
  if (verdict.kind === "same") return { outcome: "agree" };
  // Arithmetic on constants that would fail at run time.
  if (verdict.kind === "refused") return { outcome: "refused" };
  // By its code: made smaller, it shall be refused for the same.
  const code = verdict.symptom === "refused" ? (/E\d{4}/.exec(verdict.details)?.[0] ?? "") : "";
  return { symptom: `${verdict.symptom} ${code}`.trim(), details: verdict.details };
}

await runCampaign(values, { name: "seed", textOf: programOf, judge });
