/** `-march=`: a level of the architecture and features added to it, such as `x86-64-v2+bmi2`. */

import { marches } from "../codegen/x86_64/features.ts";

const known = ["sse41", "popcnt", "lzcnt", "bmi1", "bmi2", "fma"];

/** The features by their names in the encoder's table; undefined for what is no level and no feature. Empty: the baseline. */
export function marchFeatures(spelling: string): readonly string[] | undefined {
  if (spelling === "") return [];
  const features = new Set<string>();
  for (const [index, part] of spelling.split("+").entries()) {
    const level = marches[part.replace("x86_64", "x86-64")];
    if (index === 0 && level !== undefined) for (const feature of level) features.add(feature);
    else if (known.includes(part.replace(".", ""))) features.add(part.replace(".", ""));
    else return undefined;
  }
  return [...features];
}
