/**
 * `npm run test:all`: the whole conformance suite, at all levels, on every target that this machine can run, by the direct backend and through LLVM; with a table at
 * its end. Status 1 if anything failed.
 *
 *   --minutes=N    as much as fits: the targets share the time, each runs a random part of the suite
 *   --seed=N       what chooses that part
 *   --others       not this machine's own target, which `npm test` has run
 *   --only=TEXT    rows whose name has this text;   --filter=TEXT  programs whose path has it;   --level=L
 */

import type { Row } from "../conformance/suite.ts";
import { jobCounts, matrixRows, type MatrixRow } from "./matrix/rows.ts";
import { runRow } from "./matrix/run.ts";
import { count, disagreements, formatMatrix, reasons, type Cells } from "./matrix/table.ts";

const usage = "usage: npm run test:all -- [--minutes=N] [--seed=N] [--others] [--only=TEXT] [--filter=TEXT] [--level=O0|O1|O2|Os]";
const options = new Map<string, string>();
for (const word of process.argv.slice(2)) {
  const found = /^--(minutes|seed|only|filter|level)=(.+)$|^--(others)$/.exec(word);
  if (found === null || Number.isNaN(Number(found[1] === "minutes" || found[1] === "seed" ? found[2] : 0))) {
    console.error(`'${word}' is not understood; ${usage}`);
    process.exit(2);
  }
  options.set((found[1] ?? found[3]) as string, found[2] ?? "");
}
const minutes = options.get("minutes");
const seed = Number(options.get("seed") ?? Math.floor(Math.random() * 1e6));
const end = minutes === undefined ? undefined : performance.now() + 60_000 * Number(minutes);
const chosen = matrixRows().filter((row) => (!row.own || !options.has("others")) && row.name.includes(options.get("only") ?? ""));
if (chosen.length === 0) {
  console.error(`no row has '${options.get("only") ?? ""}' in its name; there are ${matrixRows().map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
console.log(`seed ${seed}${minutes === undefined ? "" : `, ${minutes} minutes`}`);

/** How often a run whose output is no terminal says where it is, in milliseconds. */
const pace = 20_000;

function progress(name: string, programs: number): (row: Row) => void {
  const terminal = process.stderr.isTTY === true;
  const start = performance.now();
  let told = start;
  let done = 0;
  let failed = 0;
  return (row) => {
    if (row.outcome === "failed") {
      failed++;
      if (terminal) process.stderr.write("\r\u001b[K");
      console.log(`FAILED ${name}: ${row.path} -${row.level}\n${row.details.map((detail) => `    ${detail}`).join("\n")}`);
    }
    done++;
    const now = performance.now();
    const text = `${name}: ${done} of ${programs}, ${failed} failed, ${Math.round((now - start) / 1000)} s`;
    if (terminal) process.stderr.write(`\r\u001b[K${text}`);
    else if (now - told > pace) {
      told = now;
      console.log(`… ${text}`);
    }
  };
}

const results: Cells[] = [];
const problems: string[] = [];
const runnable = chosen.filter(({ how }) => how !== undefined);
for (const row of chosen) {
  const counts = countsOf(row);
  const programs = [...counts.values()].reduce((sum, n) => sum + n, 0);
  let rows: readonly Row[] = [];
  // What cannot run here can be compiled all the same, if there is time for it.
  if (row.how !== undefined || (end === undefined && !row.llvm)) {
    const left = runnable.length - runnable.indexOf(row);
    const seconds = end === undefined ? undefined : Math.max(0, Math.round((end - performance.now()) / 1000 / left));
    const start = performance.now();
    const result = await runRow(row, { seed, seconds, filter: options.get("filter"), level: options.get("level") }, progress(row.name, programs));
    ({ rows } = result);
    if (result.problem !== undefined) problems.push(`FAILED ${row.name}: ${result.problem}`);
    const { passed, failed, notRun } = count(rows, rows.length);
    if (process.stderr.isTTY === true) process.stderr.write("\r\u001b[K");
    console.log(`${row.name}: ${passed} passed, ${failed} failed, ${notRun} not run in ${Math.round((performance.now() - start) / 1000)} s`);
  } else console.log(`${row.name}: not run: ${row.missing}`);
  results.push({ name: row.name, how: row.how, missing: row.missing, counts, rows });
}

function countsOf(row: MatrixRow): Cells["counts"] {
  return jobCounts(row.target, options.get("filter"), options.get("level"));
}

const differing = disagreements(results);
const total = results.map(({ rows, counts }) => count(rows, [...counts.values()].reduce((sum, n) => sum + n, 0)));
const sum = (of: "passed" | "failed" | "notRun"): number => total.reduce((value, entry) => value + entry[of], 0);
const failed = sum("failed") + problems.length + differing.length;
console.log("");
for (const line of [...problems, ...differing, ...reasons(results)]) console.log(line);
console.log(`\n${formatMatrix(results)}\n${sum("notRun")} not run\n${sum("passed")} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
