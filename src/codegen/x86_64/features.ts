/** Processor features that change what code is selected. */

export interface Features {
  readonly sse41: boolean;
  readonly popcnt: boolean;
  readonly lzcnt: boolean;
  readonly bmi1: boolean;
  readonly bmi2: boolean;
  readonly fma: boolean;
}

const v2 = ["sse3", "ssse3", "sse41", "sse42", "popcnt", "cx16"];
const v3 = [...v2, "lzcnt", "bmi1", "bmi2", "fma"];

/** What `-march=` may name, as lists of features: the levels of the psABI. */
export const marches: { readonly [name: string]: readonly string[] } = { "x86-64": [], "x86-64-v2": v2, "x86-64-v3": v3 };

/** The features by their names in `CodegenOptions.features`; others are of no concern here. */
export function featuresOf(names: readonly string[]): Features {
  const has = (name: string): boolean => names.includes(name);
  return { sse41: has("sse41"), popcnt: has("popcnt"), lzcnt: has("lzcnt"), bmi1: has("bmi1"), bmi2: has("bmi2"), fma: has("fma") };
}
