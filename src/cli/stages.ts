/** The names that --dump and --stop-after take. */

import { levels, passNames, type Level } from "../opt/pipeline.ts";
import { suggest } from "../source/suggest.ts";

const stages = ["ir", "machine", "allocated", "all"];

/** What is wrong with the names given; undefined: nothing. */
export function stageProblem(dumps: readonly string[], stopAfter: string | undefined): { readonly message: string; readonly advice: string } | undefined {
  const passes = [...new Set((Object.keys(levels) as Level[]).flatMap(passNames))];
  for (const given of dumps) {
    const name = given.replace(/^after:/, "");
    if (!passes.includes(name) && (name !== given || !stages.includes(name))) {
      const near = suggest(name, [...stages, ...passes]);
      return { message: `--dump does not know '${given}'`, advice: near === undefined ? `it takes ${stages.join(", ")} or the name of a pass: ${passes.join(", ")}` : `did you mean ${near}?` };
    }
  }
  if (stopAfter === undefined || passes.includes(stopAfter)) return undefined;
  const near = suggest(stopAfter, passes);
  return { message: `there is no pass '${stopAfter}'`, advice: near === undefined ? `the passes are ${passes.join(", ")}` : `did you mean ${near}?` };
}
