/** One fuzzer's run over its seeds: judged in workers, failing programs made smaller and kept, outcomes counted. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { shrink } from "./shrink.ts";
import { alive, supervise, tell } from "./supervise.ts";

/** What every fuzzer takes. */
export const campaignOptions = {
  seed: { type: "string", default: "1" },
  "no-shrink": { type: "boolean", default: false },
  keep: { type: "string", default: fileURLToPath(new URL("../../dist/fuzz", import.meta.url)) },
  worker: { type: "boolean", default: false },
} as const;

export interface CampaignValues {
  readonly seed: string;
  readonly count: string;
  readonly "no-shrink": boolean;
  readonly keep: string;
  readonly worker: boolean;
}

/** What comes of a program: one word for the tally, or what is wrong. */
export type Judgement = { readonly outcome: string } | { readonly symptom: string; readonly details: string };

export interface Campaign {
  /** Kept files are NAME and the seed. */
  readonly name: string;
  readonly textOf: (seed: number) => string;
  readonly judge: (text: string, seed: number) => Judgement;
}

const failed = "FAILED";

/** Runs the campaign and ends the process: with status 1 if a seed failed. Within a worker it judges its share and tells the parent. */
export async function runCampaign(values: CampaignValues, campaign: Campaign): Promise<never> {
  const first = Number(values.seed);
  const count = Number(values.count);
  if (values.worker) {
    for (let seed = first; seed < first + count; seed++) tell(lineOf(seed, values, campaign));
    process.exit(0);
  }
  const tally = new Map<string, number>([[failed, 0]]);
  const add = (outcome: string): void => void tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
  await supervise({
    first, count,
    onLine: (line) => {
      const outcome = /^seed \d+: (\w+)/.exec(line)?.[1] ?? failed;
      add(outcome);
      if (outcome === failed) console.log(line);
    },
    onDeath: (seed, how) => {
      add(failed);
      console.log(`seed ${seed}: ${failed}, the compiler ${how}; see ${keep(values.keep, campaign, seed, campaign.textOf(seed))}`);
    },
  });
  const failures = tally.get(failed) ?? 0;
  tally.delete(failed);
  console.log(`of ${count} programs ${[...tally].sort().map(([outcome, n]) => `${n} ${outcome}, `).join("")}${failures} failed`);
  process.exit(failures > 0 ? 1 : 0);
}

/** One seed: a line for the parent; a failing program is kept. */
function lineOf(seed: number, values: CampaignValues, campaign: Campaign): string {
  const text = campaign.textOf(seed);
  const judgement = campaign.judge(text, seed);
  if ("outcome" in judgement) return `seed ${seed}: ${judgement.outcome}`;
  const { symptom } = judgement;
  let { details } = judgement;
  // Kept at once: making it smaller may be what hangs.
  const path = keep(values.keep, campaign, seed, text);
  let kept = text;
  if (!values["no-shrink"]) {
    kept = shrink(text, (candidate) => {
      tell(alive);
      const again = campaign.judge(candidate, seed);
      if ("outcome" in again || again.symptom !== symptom) return false;
      ({ details } = again);
      return true;
    });
    keep(values.keep, campaign, seed, kept);
  }
  return `seed ${seed}: ${failed}, ${symptom}, ${kept.split("\n").length - 1} lines in ${path}\n${details.replace(/^/gm, "    ")}`;
}

function keep(folder: string, { name }: Campaign, seed: number, text: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}${seed}.lang`);
  writeFileSync(path, text);
  return path;
}
