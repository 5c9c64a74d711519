/** What a case finds, and how it is printed. */

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "bytes" | "lines/s";
  /** `value` over that of the case's reference row; undefined for the reference itself or where there is none. */
  readonly ratio?: number | undefined;
  /** Least time, memory, number of runs, whatever helps to judge the value. */
  readonly note?: string | undefined;
}

export interface Goal {
  readonly text: string;
  readonly met: boolean;
  /** What was measured, in the goal's words. */
  readonly measured: string;
}

export interface CaseResult {
  readonly name: string;
  readonly about: string;
  readonly rows: readonly Row[];
  readonly goals: readonly Goal[];
  /** What could not be measured, or went wrong. */
  readonly problems: readonly string[];
}

export interface Settings {
  /** The repository. */
  readonly root: string;
  /** Where things are built. */
  readonly work: string;
  /** The compiler that is measured. */
  readonly lang: string;
  readonly peers: readonly ("tcc" | "gcc" | "clang" | "go")[];
  readonly runs: number;
  /** Lines of the generated program. */
  readonly lines: number;
  /** Only cases whose name has this text. */
  readonly filter: string;
  /** Takes a line on how far things are. */
  readonly progress: (text: string) => void;
}

export function formatCase({ name, about, rows, goals, problems }: CaseResult): string {
  const lines = [`${name}: ${about}`];
  const width = Math.max(0, ...rows.map((row) => row.name.length));
  for (const { name: row, value, unit, ratio, note } of rows) {
    lines.push(`  ${row.padEnd(width)}  ${formatValue(value, unit).padStart(16)}${ratio === undefined ? "" : `  ${ratio.toFixed(2).padStart(7)} ×`}${note === undefined ? "" : `   ${note}`}`);
  }
  for (const { text, met, measured } of goals) lines.push(`  goal ${met ? "met" : "MISSED"}: ${text} (${measured})`);
  for (const problem of problems) lines.push(`  not measured: ${problem.replaceAll("\n", "\n    ")}`);
  return lines.join("\n");
}

function formatValue(value: number, unit: Row["unit"]): string {
  if (unit === "ms") return `${value.toFixed(value < 100 ? 2 : 0)} ms`;
  return `${Math.round(value).toLocaleString("en-US")} ${unit}`;
}
