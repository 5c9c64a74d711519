/** Where the prebuilt libraries are, by `TARGET-LEVEL`: `scripts/build.ts` puts those that the executable carries in place of this module. A checkout has none. */

export const prebuiltFiles: Readonly<Record<string, string>> = {};
