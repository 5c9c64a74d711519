/**
 * The conformance suite's programs, changed at random: whatever comes of it, the compiler neither crashes nor hangs, and what it accepts passes --verify-ir.
 *
 *   bun scripts/fuzz-mutants.ts [--seed 1] [--count 200] [--run] [--no-shrink] [--keep FOLDER] [--filter 08-]
 *
 * `--run` also runs what is accepted, under --check-memory at -O0 and plainly at -O2: no double free, no use after free, and both the same.
 * A failing program is made smaller and kept in the folder (dist/fuzz).
 */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { campaignOptions, runCampaign } from "./fuzz/campaign.ts";
import { checkMutant } from "./fuzz/checkMutant.ts";
import { mutant } from "./fuzz/mutate.ts";

const { values } = parseArgs({
  options: {
    ...campaignOptions,
    count: { type: "string", default: "200" },
    run: { type: "boolean", default: false },
    filter: { type: "string", default: "" },
  },
});

/** Programs of one file, in the order of their paths. */
function programs(): string[] {
  const folder = fileURLToPath(new URL("../conformance", import.meta.url));
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".lang") && path.includes(values.filter)).sort();
  return paths.map((path) => readFileSync(join(folder, path), "utf8")).filter((text) => text.startsWith("//@") && text.length < 20_000);
}

const of = programs();
await runCampaign(values, {
  name: "mutant",
  textOf: (seed) => mutant(seed, of),
  judge: (text) => {
    const { wrong, accepted } = checkMutant(text, values.run);
    return wrong ?? { outcome: accepted ? "accepted" : "refused" };
  },
});
