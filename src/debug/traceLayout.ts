/**
 * The form of the trace table, stated once: who writes the table and who reads it compute from here, and `bun scripts/traceTable.ts` makes of it the table in
 * trace-table.md and the functions by which std/trace.lang finds its way.
 */

/** The table's first words, in this order: how many there are of each. */
export const traceCounts = ["functions", "sites", "records", "descriptions", "strings"] as const;
export type TraceCount = (typeof traceCounts)[number];

interface TraceColumn {
  readonly name: string;
  /** One entry for each of these, and `more` behind them. */
  readonly of: TraceCount;
  readonly more?: number;
  /** 32-bit words of an entry. */
  readonly words: number;
  readonly signed?: boolean;
  /** What a word means, for trace-table.md. */
  readonly meaning: string;
}

/** Of a word for a place: its lowest bits are the column, then comes the line; or the top bit says that the others number a record. */
export const COLUMN_BITS = 11;
export const IS_RECORD = 0x8000_0000;
/** No record; or, as the first word of one, that it is about a frame. */
export const NONE = 0xffff_ffff;

const columns = {
  start: { of: "functions", words: 1, signed: true, meaning: "function's first byte minus the address of the table, **signed**; ascending" },
  size: { of: "functions", words: 1, meaning: "bytes of the function's code" },
  frame: { of: "functions", words: 1, meaning: "bytes from the stack pointer, as it stands after a call in the function returned, up to the word with the function's own return address" },
  firstSite: { of: "functions", more: 1, words: 1, meaning: "its call sites are `firstSite[f]` to below `firstSite[f+1]`" },
  return: { of: "sites", words: 1, meaning: "return address of the call minus the function's first byte; ascending within a function" },
  place: { of: "sites", words: 1, meaning: `top bit clear: \`line << ${COLUMN_BITS} \\| column\`, 0 for unknown. Top bit set: the other 31 bits number a record` },
  record: { of: "records", words: 3, meaning: `three words each: \`description\` \`place\` \`caller\`; or, if the first is 0x${NONE.toString(16)}, that \`frame\` \`next\`; or, where a record's \`place\` says so, \`line\` \`column\` 0` },
  described: { of: "descriptions", words: 2, meaning: "two words each: string numbers of a function's name and of its source file; first those of the functions, in their order" },
  textStart: { of: "strings", more: 1, words: 1, meaning: "string t is the bytes `textStart[t]` to below `textStart[t+1]` of what follows (UTF-8, no terminator)" },
} as const satisfies Readonly<Record<string, Omit<TraceColumn, "name">>>;

export type TraceColumnName = keyof typeof columns;
/** In the order in which they follow the counts, without gaps; behind the last one are the strings' bytes. */
export const traceColumns: readonly (TraceColumn & { readonly name: TraceColumnName })[] = (Object.keys(columns) as TraceColumnName[]).map((name) => ({ name, ...columns[name] }));

/** Words of a record, and of what is said of a function. */
export const RECORD_WORDS = columns.record.words;
export const DESCRIBED_WORDS = columns.described.words;

/** Where the columns begin, in words from the table's first: `plain` words, and so many for each of what the counts count. */
export interface TraceOffset {
  readonly plain: number;
  readonly each: Readonly<Record<TraceCount, number>>;
}

/** Where a column begins; "texts": the strings' bytes. */
export function traceOffset(column: TraceColumnName | "texts"): TraceOffset {
  let plain: number = traceCounts.length;
  const each = { functions: 0, sites: 0, records: 0, descriptions: 0, strings: 0 };
  for (const { name, of, more, words } of traceColumns) {
    if (name === column) break;
    plain += (more ?? 0) * words;
    each[of] += words;
  }
  return { plain, each };
}

/** The same as a number of words, in a table with such counts. */
export function traceWord(column: TraceColumnName | "texts", counts: Readonly<Record<TraceCount, number>>): number {
  const { plain, each } = traceOffset(column);
  let words = plain;
  for (const count of traceCounts) words += each[count] * counts[count];
  return words;
}
