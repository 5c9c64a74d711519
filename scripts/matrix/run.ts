/** Runs one row of the matrix in a process of its own, which divides the work among the cores. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Row } from "../../conformance/suite.ts";
import type { MatrixRow } from "./rows.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface RunOptions {
  readonly seed: number;
  /** So many programs, each at one level; all if undefined. */
  readonly sample?: number | undefined;
  /** No program is begun after this time. */
  readonly seconds?: number | undefined;
  readonly filter?: string | undefined;
  readonly level?: string | undefined;
}

export interface RowResult {
  readonly row: MatrixRow;
  readonly rows: readonly Row[];
  /** What went wrong with the run as a whole; undefined if it went to its end. */
  readonly problem: string | undefined;
}

/** The compiler of the checkout, run from source. */
const fromSource: readonly string[] = [process.execPath, join(root, "src/cli/main.ts")];

/** Runs the row with the compiler that `compiler` starts; `onRow` is told of each program as it ends. */
export async function runRow(row: MatrixRow, options: RunOptions, onRow: (row: Row) => void, compiler = fromSource): Promise<RowResult> {
  const words = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  // The variables that choose a target are the row's.
  const { LANGOS: _os, LANGBE: _backend, LANGLIBC: _libc, ...environment } = process.env;
  const child = Bun.spawn([...compiler, "conformance", "--json", `--target=${row.target.name}`, ...words], {
    cwd: root, stdout: "pipe", stderr: "pipe", env: { ...environment, ...(row.llvm ? { LANGBE: "llvm" } : {}) },
  });
  const errors = new Response(child.stderr).text();
  const rows: Row[] = [];
  const problems: string[] = [];
  let summary = false;
  let pending = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    pending += decoder.decode(chunk, { stream: true });
    for (let end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n")) {
      const line = JSON.parse(pending.slice(0, end)) as ({ readonly kind: "row" } & Row) | { readonly kind: "malformed"; readonly file: string; readonly message: string } | { readonly kind: "summary" };
      pending = pending.slice(end + 1);
      if (line.kind === "row") {
        rows.push(line);
        onRow(line);
      } else if (line.kind === "malformed") problems.push(`${line.file}: ${line.message}`);
      else summary = true;
    }
  }
  const status = await child.exited;
  if (!summary) problems.push(`the run ended with status ${status}: ${(await errors).trim()}`);
  return { row, rows, problem: problems.length === 0 ? undefined : problems.join("\n") };
}
