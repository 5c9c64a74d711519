/** Processor features beyond ARMv8.0, as `.arch_extension` calls them. The code generator uses `lse`; the encoders' table has rows of all. */

const v81 = ["crc", "lse"];
const v83 = [...v81, "rcpc"];

/** What `-march=` may name, as lists of features: the levels of the architecture. */
export const marches: { readonly [name: string]: readonly string[] } = {
  "armv8-a": [], "armv8.1-a": v81, "armv8.2-a": v81, "armv8.3-a": v83, "armv8.4-a": v83, "armv8.5-a": v83, "armv9-a": v83,
};
export const featureNames = v83;
