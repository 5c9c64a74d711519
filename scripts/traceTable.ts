/** Writes what is made of the trace table's form (src/debug/traceLayout.ts) where it stands: `bun scripts/traceTable.ts`. A test holds that it is current. */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { COLUMN_BITS, DESCRIBED_WORDS, IS_RECORD, NONE, RECORD_WORDS, traceColumns, traceCounts, traceOffset, type TraceColumnName, type TraceCount } from "../src/debug/traceLayout.ts";

/** What trace-table.md calls the counts. */
const letters: Readonly<Record<TraceCount, string>> = { functions: "n", sites: "m", records: "r", descriptions: "d", strings: "s" };

/** The rows of the table in trace-table.md. */
function rows(): string {
  return [
    "| words | what |",
    "|---|---|",
    `| ${traceCounts.map((count) => `\`${letters[count]}\``).join(" ")} | the counts: ${traceCounts.join(", ")} (unsigned, as all words but \`start\`) |`,
    ...traceColumns.map(({ name, of, more, meaning }) => `| \`${name}[${letters[of]}${more === undefined ? "" : `+${more}`}]\` | ${meaning} |`),
  ].join("\n");
}

/** `firstSite` as it stands in a constant's name. */
function upperCase(name: string): string {
  return name.replace(/[A-Z]/g, "_$&").toUpperCase();
}

/** Columns that std/trace.lang counts from the table's beginning, and those that it finds by a function. */
const counted: readonly TraceColumnName[] = ["start", "size", "frame", "firstSite", "return", "place", "record"];
const functions: Partial<Record<TraceColumnName, string>> = { record: "trace_records", described: "trace_described" };

/** The constants and functions of std/trace.lang: constants rather than a function a column, which would be in every program that can fail. */
function declarations(): string {
  const numbers = counted.flatMap((column) => {
    const { plain, each } = traceOffset(column);
    return [
      `const TRACE_${upperCase(column)}_AT = ${plain}`,
      ...traceCounts.filter((count) => each[count] > 1).map((count) => `const TRACE_${upperCase(column)}_${upperCase(count)} = ${each[count]}`),
    ];
  });
  const finders = traceColumns.flatMap(({ name, meaning }, i) => {
    const finder = functions[name];
    if (finder === undefined) return [];
    const before = traceColumns[i - 1];
    const known = before === undefined ? undefined : functions[before.name];
    const { each } = traceOffset(name);
    const found = known === undefined || before === undefined
      ? `table + (TRACE_${upperCase(name)}_AT${traceCounts.map((count, at) => (each[count] < 2 ? (each[count] === 0 ? "" : ` +% (table[${at}] as i64)`) : ` +% TRACE_${upperCase(name)}_${upperCase(count)} *% (table[${at}] as i64)`)).join("")})`
      : `${known}(table) + TRACE_${upperCase(before.name)}_WORDS *% (table[${traceCounts.indexOf(before.of)}] as i64)`;
    return ["", `/// ${meaning[0]?.toUpperCase() ?? ""}${meaning.slice(1)}.`, `func ${finder}(table *u32) *u32 {`, `    return ${found}`, "}"];
  });
  return [
    `const TRACE_NONE = 0x${NONE.toString(16)}u32`,
    `const TRACE_IS_RECORD = 0x${IS_RECORD.toString(16)}u32`,
    `const TRACE_NUMBER = 0x${(IS_RECORD - 1).toString(16)}u32`,
    `const TRACE_COLUMN_BITS = ${COLUMN_BITS}u32`,
    `const TRACE_COLUMN = ${(1 << COLUMN_BITS) - 1}u32`,
    `const TRACE_RECORD_WORDS = ${RECORD_WORDS}`,
    `const TRACE_DESCRIBED_WORDS = ${DESCRIBED_WORDS}`,
    `const TRACE_TEXT_START_MORE = ${traceColumns.find(({ name }) => name === "textStart")?.more ?? 0}`,
    "// Behind AT words, and so many more for each of what the table's counts count (one, where no number stands).",
    ...numbers,
    ...finders,
  ].join("\n");
}

interface Place {
  readonly path: string;
  readonly begin: string;
  readonly end: string;
  readonly text: () => string;
}

const places: readonly Place[] = [
  { path: "src/debug/trace-table.md", begin: "<!-- Made by `bun scripts/traceTable.ts`: -->\n\n", end: "\n\n<!-- End of what is made. -->", text: rows },
  { path: "std/trace.lang", begin: "// Made by `bun scripts/traceTable.ts`: where the columns of the table begin.\n", end: "\n// End of what is made.", text: declarations },
];

/** The files as they are to be, and as they are. */
export function traceTableFiles(): { readonly path: string; readonly is: string; readonly wanted: string }[] {
  return places.map(({ path, begin, end, text }) => {
    const is = readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");
    const from = is.indexOf(begin) + begin.length;
    const to = is.indexOf(end, from);
    if (from < begin.length || to < 0) throw new Error(`scripts/traceTable.traceTableFiles: ${path} does not say where the text goes`);
    return { path, is, wanted: is.slice(0, from) + text() + is.slice(to) };
  });
}

if (import.meta.main) for (const { path, wanted } of traceTableFiles()) writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), wanted);
