/**
 * `npm test`: every test of the checkout, in as many processes as there are cores, then one closing line `N passed, N failed`.
 * Arguments choose files by parts of their paths; `--seed=N` chooses the sample of the conformance suite that runs on other targets.
 */

import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { matrixRows } from "./matrix/rows.ts";
import { runRow } from "./matrix/run.ts";
import { count } from "./matrix/table.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const seed = Number(process.argv.find((word) => word.startsWith("--seed="))?.slice(7) ?? Math.floor(Math.random() * 1e6));
const folders = ["src", "encoders", "formats", "os", "std", "conformance", "examples", "docs", "bench", "scripts"];

function testFiles(): string[] {
  const found: string[] = [];
  for (const folder of folders) {
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const file = `./${folder}/${path}`;
      if (path.endsWith(".test.ts") && (wanted.length === 0 || wanted.some((part) => file.includes(part)))) found.push(file);
    }
  }
  return found.sort();
}

interface Count {
  passed: number;
  failed: number;
}

/** Runs one file and prints its output only if something in it failed. */
async function runFile(file: string, total: Count): Promise<void> {
  const start = performance.now();
  const child = Bun.spawn([process.execPath, "test", "--timeout", "120000", file], { cwd: root, stdout: "pipe", stderr: "pipe", env: { ...process.env, NO_COLOR: "1" } });
  const [out, err, status] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  const passed = Number(/^\s*(\d+) pass$/m.exec(err)?.[1] ?? 0);
  const failed = Number(/^\s*(\d+) fail$/m.exec(err)?.[1] ?? 0);
  total.passed += passed;
  // A file that dies or has no test at all counts as a failure.
  total.failed += failed > 0 ? failed : status !== 0 || passed === 0 ? 1 : 0;
  if (status !== 0 || failed > 0 || passed === 0) console.log(`${out}${err}`.trimEnd());
  else {
    const seconds = Math.round((performance.now() - start) / 1000);
    console.log(`ok ${file} (${passed})${seconds < 5 ? "" : `, ${seconds} s`}`);
    for (const line of out.split("\n")) if (line.startsWith("not run")) console.log(`   ${line}`);
  }
}

async function runTool(name: string, command: readonly string[], total: Count): Promise<void> {
  const child = Bun.spawn([...command], { cwd: root, stdout: "pipe", stderr: "pipe" });
  const [out, err, status] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  if (status === 0) {
    total.passed++;
    console.log(`ok ${name}`);
  } else {
    total.failed++;
    console.log(`${name} failed\n${out}${err}`.trimEnd());
  }
}

/** So many programs of the suite run on every target but this machine's own, as far as these seconds suffice, which the targets share. */
const sample = 40;
const sampleTime = 80;
/** Each gets so many seconds at least: on a busy machine, too, something is to run. */
const leastTime = 4;

/** What is shipped: with prebuilt functions of std, which the compiler run from source does without. */
const executable = join(root, "dist/lang");

/** The conformance suite: whole on this machine by the executable, a sample on every other target that runs here. Each row counts as a test; what did not run is said, and counts as nothing. */
async function runSuite(seed: number, total: Count): Promise<void> {
  console.log(`conformance: this machine's target whole; of the others ${sample} programs each by seed ${seed} (npm run test:all runs everything)`);
  const rows = matrixRows();
  let others = rows.filter(({ how, own }) => how !== undefined && !own).length;
  let left = 1000 * sampleTime;
  for (const row of rows) {
    if (row.how === undefined) {
      console.log(`not run: ${row.name}: ${row.missing}`);
      continue;
    }
    const start = performance.now();
    const { rows: ended, problem } = await runRow(row, row.own ? { seed } : { seed, sample, seconds: Math.max(leastTime, Math.ceil(left / others / 1000)) }, ({ outcome, path, level, details }) => {
      if (outcome === "failed") console.log(`FAILED conformance/${path} for ${row.name} -${level}\n${details.map((detail) => `    ${detail}`).join("\n")}`);
    }, row.own ? [executable] : undefined);
    if (!row.own) {
      others--;
      left = Math.max(0, left - (performance.now() - start));
    }
    const { passed, failed, notRun } = count(ended, ended.length);
    total.passed += passed;
    total.failed += failed;
    if (problem !== undefined || passed + failed === 0) {
      total.failed++;
      console.log(`the conformance suite did not run for ${row.name}: ${problem ?? "no row"}`);
    }
    console.log(`conformance ${row.name} (${row.how}): ${passed} passed, ${failed} failed${notRun > 0 ? `, ${notRun} not run` : ""}, ${Math.round((performance.now() - start) / 1000)} s`);
  }
}

const total: Count = { passed: 0, failed: 0 };
const files = testFiles();
if (wanted.length === 0) await runTool("the executable (dist/lang)", [process.execPath, join(root, "scripts/build.ts")], total);
if (wanted.length === 0) await runTool("types (tsc)", [process.execPath, "x", "tsc", "--noEmit"], total);
let next = 0;
await Promise.all(Array.from({ length: availableParallelism() }, async () => {
  while (next < files.length) await runFile(files[next++] as string, total);
}));
if (wanted.length === 0) await runSuite(seed, total);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
