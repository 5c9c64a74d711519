/**
 * The conformance suite's programs, changed at random: whatever comes of it, the compiler neither crashes nor hangs, and what it accepts passes --verify-ir.
 *
 *   bun scripts/fuzz-mutants.ts [--seed 1] [--count 200] [--run] [--no-shrink] [--keep FOLDER] [--filter 08-]
 *
 * `--run` also runs what is accepted, under --check-memory at -O0 and plainly at -O2: no double free, no use after free, and both the same.
 * A failing program is made smaller and kept in the folder (dist/fuzz).
 */

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkMutant } from "./fuzz/checkMutant.ts";
import { mutant } from "./fuzz/mutate.ts";
import { shrink } from "./fuzz/shrink.ts";
import { alive, supervise, tell } from "./fuzz/supervise.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "200" },
    run: { type: "boolean", default: false },
    "no-shrink": { type: "boolean", default: false },
    filter: { type: "string", default: "" },
    keep: { type: "string", default: join(root, "dist/fuzz") },
    worker: { type: "boolean", default: false },
  },
});

/** Programs of one file, in the order of their paths. */
function programs(): string[] {
  const folder = join(root, "conformance");
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".lang") && path.includes(values.filter)).sort();
  return paths.map((path) => readFileSync(join(folder, path), "utf8")).filter((text) => text.startsWith("//@") && text.length < 20_000);
}

function keep(seed: number, text: string): string {
  mkdirSync(values.keep, { recursive: true });
  const path = join(values.keep, `mutant${seed}.lang`);
  writeFileSync(path, text);
  return path;
}

/** One seed: a line for the parent. */
function check(seed: number, of: readonly string[]): string {
  const text = mutant(seed, of);
  const found = checkMutant(text, values.run);
  if (found.wrong === undefined) return `seed ${seed}: ${found.accepted ? "accepted" : "refused"}`;
  const { symptom } = found.wrong;
  let { details } = found.wrong;
  const kept = values["no-shrink"] ? text : shrink(text, (candidate) => {
    tell(alive);
    const again = checkMutant(candidate, values.run);
    if (again.wrong?.symptom !== symptom) return false;
    ({ details } = again.wrong);
    return true;
  });
  return `seed ${seed}: FAILED, ${symptom}, ${kept.split("\n").length - 1} lines in ${keep(seed, kept)}\n${details.replace(/^/gm, "    ")}`;
}

const of = programs();
if (values.worker) {
  const end = Number(values.seed) + Number(values.count);
  for (let seed = Number(values.seed); seed < end; seed++) tell(check(seed, of));
  process.exit(0);
}
const tally = { accepted: 0, refused: 0, failed: 0 };
await supervise({
  first: Number(values.seed), count: Number(values.count),
  onLine: (line) => {
    if (line.includes("FAILED")) {
      tally.failed++;
      console.log(line);
    } else if (line.endsWith("accepted")) tally.accepted++;
    else tally.refused++;
  },
  onDeath: (seed, how) => {
    console.log(`seed ${seed}: FAILED, the compiler ${how}; see ${keep(seed, mutant(seed, of))}`);
    tally.failed++;
  },
});
console.log(`${tally.accepted} mutants are accepted, ${tally.refused} refused, ${tally.failed} failed`);
process.exit(tally.failed > 0 ? 1 : 0);
