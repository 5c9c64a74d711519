/**
 * `npm test`: every test of the checkout, in as many processes as there are cores, then one closing line `N passed, N failed`.
 * Arguments choose files by parts of their paths.
 */

import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const wanted = process.argv.slice(2);
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
  const child = Bun.spawn([process.execPath, "test", "--timeout", "120000", file], { cwd: root, stdout: "pipe", stderr: "pipe", env: { ...process.env, NO_COLOR: "1" } });
  const [out, err, status] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  const passed = Number(/^\s*(\d+) pass$/m.exec(err)?.[1] ?? 0);
  const failed = Number(/^\s*(\d+) fail$/m.exec(err)?.[1] ?? 0);
  total.passed += passed;
  // A file that dies or has no test at all counts as a failure.
  total.failed += failed > 0 ? failed : status !== 0 || passed === 0 ? 1 : 0;
  if (status !== 0 || failed > 0 || passed === 0) console.log(`${out}${err}`.trimEnd());
  else console.log(`ok ${file} (${passed})`);
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

/** The conformance suite at every level, on this machine: each row counts as a test. What did not run is said, and counts as nothing. */
async function runSuite(total: Count): Promise<void> {
  const child = Bun.spawn([process.execPath, "src/cli/main.ts", "conformance", "--json"], { cwd: root, stdout: "pipe", stderr: "pipe" });
  const [out, err, status] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  let passed = 0;
  let failed = 0;
  let absent = 0;
  for (const line of out.split("\n")) {
    if (!line.startsWith("{")) continue;
    const row = JSON.parse(line) as { readonly outcome?: string; readonly path?: string; readonly level?: string; readonly details?: readonly string[] };
    if (row.outcome === "passed") passed++;
    else if (row.outcome === "not-run") absent++;
    else if (row.outcome === "failed") {
      failed++;
      console.log(`FAILED conformance/${row.path} -${row.level}\n${(row.details ?? []).map((detail) => `    ${detail}`).join("\n")}`);
    }
  }
  if (passed === 0 || (status !== 0 && failed === 0)) {
    failed++;
    console.log(`the conformance suite did not run: ${err.trim()}`);
  }
  total.passed += passed;
  total.failed += failed;
  console.log(`conformance: ${passed} passed, ${failed} failed${absent > 0 ? `, ${absent} not run` : ""}`);
}

const total: Count = { passed: 0, failed: 0 };
const files = testFiles();
if (wanted.length === 0) await runTool("types (tsc)", [process.execPath, "x", "tsc", "--noEmit"], total);
let next = 0;
await Promise.all(Array.from({ length: availableParallelism() }, async () => {
  while (next < files.length) await runFile(files[next++] as string, total);
}));
if (wanted.length === 0) await runSuite(total);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
