/** What the matrix came to, as text. Pure. */

import type { Level } from "../../conformance/expectation.ts";
import type { Row } from "../../conformance/suite.ts";

export interface Cells {
  readonly name: string;
  /** How the programs ran; undefined if they did not. */
  readonly how: string | undefined;
  readonly missing: string;
  /** How many there are at each level; what has no row among `rows` did not run. */
  readonly counts: ReadonlyMap<Level, number>;
  readonly rows: readonly Row[];
}

export interface Total {
  readonly passed: number;
  readonly failed: number;
  readonly notRun: number;
}

const header = ["target", "level", "programs", "passed", "failed", "not run", "how"];

/** A line for each target and level, and one for all. */
export function formatMatrix(all: readonly Cells[]): string {
  const lines: string[][] = [header];
  const sum = { programs: 0, passed: 0, failed: 0, notRun: 0 };
  for (const cells of all) {
    let name = cells.name;
    for (const [level, programs] of cells.counts) {
      const { passed, failed, notRun } = count(cells.rows.filter((row) => row.level === level), programs);
      sum.programs += programs;
      sum.passed += passed;
      sum.failed += failed;
      sum.notRun += notRun;
      lines.push([name, `-${level}`, String(programs), String(passed), String(failed), String(notRun), name === "" ? "" : cells.how ?? cells.missing]);
      name = "";
    }
  }
  lines.push(["all", "", ...Object.values(sum).map(String), ""]);
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] as string).length)));
  return lines.map((line) => line.map((cell, i) => (i < 2 || i === header.length - 1 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join("  ").trimEnd()).map((line) => `${line}\n`).join("");
}

/** Of `programs`, how many passed, failed, and did not run: what has no row did not. */
export function count(rows: readonly Row[], programs: number): Total {
  const passed = rows.filter((row) => row.outcome === "passed").length;
  const failed = rows.filter((row) => row.outcome === "failed").length;
  return { passed, failed, notRun: programs - passed - failed };
}

/** Why programs did not run: the reasons with their number. */
export function reasons(all: readonly Cells[]): string[] {
  return all.flatMap((cells) => {
    const counts = new Map<string, number>();
    for (const row of cells.rows) if (row.outcome === "not-run") counts.set(row.details.join("; "), (counts.get(row.details.join("; ")) ?? 0) + 1);
    const programs = [...cells.counts.values()].reduce((sum, n) => sum + n, 0);
    if (programs > cells.rows.length) {
      const reason = cells.how === undefined ? cells.missing : "not chosen";
      counts.set(reason, (counts.get(reason) ?? 0) + programs - cells.rows.length);
    }
    return [...counts].map(([reason, n]) => `NOT RUN ${n} × ${cells.name}: ${reason}`);
  });
}

/** Programs that passed on two rows with different ends: where a header leaves something open, targets are to agree all the same. */
export function disagreements(all: readonly Cells[]): string[] {
  const first = new Map<string, { readonly where: string; readonly open: string }>();
  const complaints: string[] = [];
  for (const { name, rows } of all) {
    for (const { path, level, outcome, open } of rows) {
      if (outcome !== "passed" || open === undefined) continue;
      const where = `${name} -${level}`;
      const other = first.get(path);
      if (other === undefined) first.set(path, { where, open });
      else if (other.open !== open) complaints.push(`DIFFERS ${path}\n    ${other.where}: ${JSON.stringify(other.open)}\n    ${where}: ${JSON.stringify(open)}`);
    }
  }
  return complaints;
}
