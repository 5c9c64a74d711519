/** `-march=`: a level of the architecture and features added to it, such as `x86-64-v2+bmi2` or `armv8-a+lse`. */

import type { Architecture } from "../../os/targets.ts";
import { featureNames, marches } from "../codegen/arm64/features.ts";
import { marches as x86Marches } from "../codegen/x86_64/features.ts";

interface Marches {
  readonly levels: { readonly [name: string]: readonly string[] };
  readonly known: readonly string[];
}

const architectures: Readonly<Record<Architecture, Marches>> = {
  x86_64: { levels: x86Marches, known: ["sse41", "popcnt", "lzcnt", "bmi1", "bmi2", "fma"] },
  arm64: { levels: marches, known: featureNames },
};

/** What to write instead, for a message. */
export const marchExamples: Readonly<Record<Architecture, string>> = {
  x86_64: "for example -march=x86-64-v3, or -march=x86-64+bmi2+fma",
  arm64: "for example -march=armv8.1-a, or -march=armv8-a+lse",
};

/** Whether the architecture has a feature of this name: one that may be added to a level, or that a level has. */
export function isFeature(name: string, architecture: Architecture): boolean {
  const { levels, known } = architectures[architecture];
  return known.includes(name) || Object.values(levels).some((features) => features.includes(name));
}

/** The features by their names in the encoder's table; undefined for what is no level and no feature. Empty: the baseline. */
export function marchFeatures(spelling: string, architecture: Architecture): readonly string[] | undefined {
  if (spelling === "") return [];
  const { levels, known } = architectures[architecture];
  const features = new Set<string>();
  for (const [index, part] of spelling.split("+").entries()) {
    const level = levels[part.replace("x86_64", "x86-64")];
    if (index === 0 && level !== undefined) for (const feature of level) features.add(feature);
    else if (known.includes(part.replace(".", ""))) features.add(part.replace(".", ""));
    else return undefined;
  }
  return [...features];
}
