/** Where the files are that the executable carries: `scripts/bundle.ts` puts them in place of this module. A checkout has none. */

/** The library as `libraryFile.ts` writes it. */
export const libraryPlace: string | undefined = undefined;

/** Its texts, by group. */
export const textPlaces: Readonly<Record<string, string>> = {};

/** Its syntax trees, likewise. */
export const treePlaces: Readonly<Record<string, string>> = {};

/** Its prebuilt part, by `TARGET-LEVEL`. */
export const prebuiltFiles: Readonly<Record<string, string>> = {};
