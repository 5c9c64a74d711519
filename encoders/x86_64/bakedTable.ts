/**
 * The expanded table, when the bundler has put it here: `scripts/build.ts` replaces this module by `bakedTableModule()`
 * and `rows/groups.ts` by `bakedGroupsModule()` of bake.ts. From source it is undefined, and rows are parsed as asked for.
 */
export interface BakedTable {
  /** Row names in number order, separated by spaces. */
  readonly names: string;
  /** How many names these are. */
  readonly count: number;
  /** First row of each name with `cc`, as JSON: few builds ask. */
  readonly conditional: string;
  /** The columns one after the other, in base64. */
  readonly columns: string;
  /** Marks of implied registers, by row name, as JSON. */
  readonly implied: string;
}

export const bakedTable: BakedTable | undefined = undefined as BakedTable | undefined;
