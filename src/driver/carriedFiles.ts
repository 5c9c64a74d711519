/** The files that the executable carries: `scripts/bundle.ts` puts them in place of this module. A checkout has none. */

/** The library as `libraryFile.ts` writes it is `library`; its texts by group are `text-GROUP`, its syntax trees `trees-GROUP`; its prebuilt part is `TARGET-LEVEL`. */
export const carriedNames: readonly string[] = [];

/** Where the one of that number is. Each ends with `carriedSlack` bytes more. */
export function carriedPath(_number: number): string {
  throw new Error("driver/carriedFiles.carriedPath: a checkout carries nothing");
}

/** The file with their places in memory, in the form of `carriedPlaces.ts`. */
export const placesPath: string | undefined = undefined;
