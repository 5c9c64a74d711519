/**
 * `npm run bench`: how fast the compiler is and its code, side by side with what is installed.
 *
 *   --filter TEXT   only cases whose name has this text (hello, collections, throughput, code/fib, sizes, …)
 *   --runs N        runs of each candidate (5); a median is taken, and candidates take turns
 *   --lines N       lines of the generated program (100000)
 *   --peers LIST    only these of tcc,gcc,clang,go (none: lang alone)
 *   --lang PATH     the compiler to measure (dist/lang, which is built if the sources are newer)
 *   --steady        measured processes go before all others (real-time scheduling, Linux): for a machine that is busy otherwise
 *   --json          one JSON object a case, a line each
 */

import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { collections } from "./cases/collections.ts";
import { hello } from "./cases/hello.ts";
import { kernel, kernelNames } from "./cases/kernels.ts";
import { sizes } from "./cases/sizes.ts";
import { throughput } from "./cases/throughput.ts";
import { useRealTime } from "./measure.ts";
import { findPeers } from "./peers.ts";
import { formatCase, type CaseResult, type Settings } from "./result.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Time of the newest source below these folders. */
function newestSource(): number {
  let newest = 0;
  for (const folder of ["src", "encoders", "formats", "os", "std", "scripts/build.ts"]) {
    const path = join(root, folder);
    const files = statSync(path).isFile() ? [path] : readdirSync(path, { recursive: true, encoding: "utf8" }).map((file) => join(path, file));
    for (const file of files) if (/\.(ts|lang)$/.test(file)) newest = Math.max(newest, statSync(file).mtimeMs);
  }
  return newest;
}

/** dist/lang, built anew if it is older than its sources. */
function ownCompiler(): string {
  const path = join(root, "dist/lang");
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (made < newestSource()) {
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, join(root, "scripts/build.ts")], { cwd: root, stdout: "ignore", stderr: "pipe" });
    if (exitCode !== 0) throw new Error(`bench/run: dist/lang cannot be built: ${stderr.toString()}`);
  }
  return path;
}

const { values } = parseArgs({
  options: {
    filter: { type: "string", default: "" },
    runs: { type: "string", default: "5" },
    lines: { type: "string", default: "100000" },
    peers: { type: "string", default: "tcc,gcc,clang,go" },
    lang: { type: "string" },
    steady: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
if (values.steady && !useRealTime()) console.error("--steady: processes cannot be put first here");
const { present, absent } = findPeers();
const work = join(root, "dist/bench");
mkdirSync(work, { recursive: true });
const settings: Settings = {
  root, work,
  lang: values.lang ?? ownCompiler(),
  peers: present.map(({ name }) => name).filter((name) => values.peers.split(",").includes(name)),
  runs: Number(values.runs),
  lines: Number(values.lines),
  filter: values.filter,
  progress: (text) => { if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`); },
};

const cases: [string, () => CaseResult][] = [
  ["hello", () => hello(settings)],
  ["collections", () => collections(settings)],
  ["throughput", () => throughput(settings)],
  ...kernelNames(root).map((name): [string, () => CaseResult] => [`code/${name}`, () => kernel(settings, name)]),
  ["sizes", () => sizes(settings)],
];
const chosen = cases.filter(([name]) => name.includes(settings.filter));
if (chosen.length === 0) {
  console.error(`no case has '${settings.filter}' in its name; there are ${cases.map(([name]) => name).join(", ")}`);
  process.exit(2);
}
if (!values.json) {
  for (const { name, version } of present) console.log(`${name}: ${version}`);
  for (const name of absent) console.log(`${name}: absent`);
  console.log("Times are medians; × is the ratio to the case's reference.\n");
}
const goals: CaseResult["goals"][number][] = [];
let problems = 0;
for (const [name, run] of chosen) {
  settings.progress(`${name} …`);
  const result = run();
  settings.progress("");
  goals.push(...result.goals);
  problems += result.problems.length;
  console.log(values.json ? JSON.stringify({ ...result, absent }) : `${formatCase(result)}\n`);
}
if (!values.json) console.log(`${goals.filter(({ met }) => met).length} of ${goals.length} goals met${problems > 0 ? `, ${problems} things could not be measured` : ""}`);
process.exit(problems > 0 ? 1 : 0);
