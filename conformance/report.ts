import type { HeaderProblem } from "./expectation.ts";
import type { Row } from "./suite.ts";

export interface Summary { readonly passed: number; readonly failed: number; readonly notRun: number }

/** Counts rows by outcome. */
export function summarize(rows: readonly Row[]): Summary {
  let passed = 0;
  let failed = 0;
  for (const row of rows) {
    if (row.outcome === "passed") passed++;
    else if (row.outcome === "failed") failed++;
  }
  return { passed, failed, notRun: rows.length - passed - failed };
}

/** 0 where every row passed or could not run and every header was read, else 1. */
export function exitStatus(rows: readonly Row[], problems: readonly HeaderProblem[]): 0 | 1 {
  return problems.length > 0 || rows.some((row) => row.outcome === "failed") ? 1 : 0;
}

const header = ["section", "programs", "passed", "failed", "not run"] as const;

/** The table a person reads: a line a section and a total, before it every row that failed and why, and what did not run. */
export function formatTable(rows: readonly Row[], problems: readonly HeaderProblem[]): string {
  const lines: string[] = problems.map((problem) => `MALFORMED ${problem.file}:${problem.line}: ${problem.message}`);
  for (const row of rows) {
    if (row.outcome !== "failed") continue;
    lines.push(`FAILED ${row.path}  ${row.target} -${row.level}`, ...row.details.map((detail) => `    ${detail}`));
  }
  const reasons = new Map<string, number>();
  for (const row of rows) if (row.outcome === "not-run") reasons.set(`${row.target}: ${row.details.join("; ")}`, (reasons.get(`${row.target}: ${row.details.join("; ")}`) ?? 0) + 1);
  for (const [reason, count] of reasons) lines.push(`NOT RUN ${count} × ${reason}`);
  if (lines.length > 0) lines.push("");

  const sections = new Map<string, Row[]>();
  for (const row of rows) {
    const list = sections.get(row.section);
    if (list === undefined) sections.set(row.section, [row]);
    else list.push(row);
  }
  const cells: string[][] = [[...header]];
  const line = (name: string, of: readonly Row[]): string[] => {
    const { passed, failed, notRun } = summarize(of);
    return [name, new Set(of.map((row) => row.path)).size, passed, failed, notRun].map(String);
  };
  for (const [name, of] of [...sections].sort(([a], [b]) => (a < b ? -1 : 1))) cells.push(line(name === "" ? "(root)" : name, of));
  cells.push(line("total", rows));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  for (const row of cells) {
    lines.push(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join("  ").trimEnd());
  }
  return `${lines.join("\n")}\n`;
}

/** One JSON object a line: each row, each malformed header, then the summary. */
export function formatJson(rows: readonly Row[], problems: readonly HeaderProblem[]): string {
  return `${rows.map(formatJsonRow).join("")}${formatJsonEnd(rows, problems)}`;
}

/** A row as a line of JSON. */
export function formatJsonRow(row: Row): string {
  return `${JSON.stringify({ kind: "row", ...row })}\n`;
}

/** What stands behind the rows: malformed headers and the summary. */
export function formatJsonEnd(rows: readonly Row[], problems: readonly HeaderProblem[]): string {
  const lines = [...problems.map((problem) => ({ kind: "malformed", ...problem })), { kind: "summary", ...summarize(rows), malformed: problems.length }];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
