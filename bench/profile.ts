/**
 * Where the compiler's time goes: `bun bench/profile.ts [--lines 100000] [--level O0] [--file PROGRAM.lang] [--top 40] [--callers NAME]`.
 * Compiles a generated program (or the file given) from the sources under Bun's sampling profiler, a fresh process as a user's build is, and prints
 * the functions by their own time, then by the time below them. `--callers NAME` tells who calls a function, by the time that costs.
 * `--lang dist/lang` profiles the executable instead, and `--repeat N` adds up so many processes: what a small program needs.
 */

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { restartVariable } from "../src/cli/environment.ts";
import { generateProgram } from "./generate.ts";

/** What Bun writes, as Chrome's developer tools read it. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }; readonly children?: readonly number[] }[];
  readonly samples: readonly number[];
  /** Microseconds from one sample to the next. */
  readonly timeDeltas: readonly number[];
}

const root = fileURLToPath(new URL("../", import.meta.url));
const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "100000" },
    level: { type: "string", default: "O0" },
    file: { type: "string" },
    top: { type: "string", default: "40" },
    callers: { type: "string" },
    lang: { type: "string" },
    repeat: { type: "string", default: "1" },
  },
});

/** Microseconds between samples. */
const interval = values.lang === undefined ? 1000 : 200;

/** The profile of one build, and what --time-passes says. */
function profileOf(program: string, folder: string, run: number): { readonly profile: Profile; readonly times: string } {
  const name = `run${run}.cpuprofile`;
  const start = values.lang === undefined ? [process.execPath, join(root, "src/cli/main.ts")] : [values.lang];
  const command = [...start, "build", program, `-${values.level}`, "-o", join(folder, "program"), "--time-passes"];
  // The environment reaches executables that Bun made, too. Without the restart of large builds: a sample that is asked for meanwhile ends the process.
  const options = `--cpu-prof --cpu-prof-interval=${interval} --cpu-prof-dir=${folder} --cpu-prof-name=${name}`;
  const { exitCode, stderr } = Bun.spawnSync(command, { cwd: root, stdout: "ignore", stderr: "pipe", env: { ...process.env, BUN_OPTIONS: options, [restartVariable]: "0" } });
  if (exitCode !== 0) throw new Error(`bench/profile: the program does not build: ${stderr.toString().slice(0, 2000)}`);
  if (!readdirSync(folder).includes(name)) throw new Error("bench/profile: this Bun writes no profile");
  return { profile: JSON.parse(readFileSync(join(folder, name), "utf8")) as Profile, times: stderr.toString() };
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Profile["nodes"][number]): string {
  const file = url.replace(/^file:\/\//, "").replace(root, "");
  return `${functionName === "" ? "(anonymous)" : functionName}  ${file}${lineNumber > 0 ? `:${lineNumber + 1}` : ""}`;
}

/** Adds microseconds by function: in itself, with all below it (recursion counted once), and under its callers. Gives the sum. */
function tally({ nodes, samples, timeDeltas }: Profile, { own, below, callers }: Tallies): number {
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const parent = new Map<number, number>();
  for (const node of nodes) for (const child of node.children ?? []) parent.set(child, node.id);
  const selfTime = new Map<number, number>();
  let total = 0;
  samples.forEach((id, i) => {
    // On a busy machine a sample may come late: that says nothing about the function.
    const delta = Math.min(timeDeltas[i] ?? 0, 2 * interval);
    selfTime.set(id, (selfTime.get(id) ?? 0) + delta);
    total += delta;
  });
  const plus = (map: Map<string, number>, key: string, time: number) => map.set(key, (map.get(key) ?? 0) + time);
  for (const [id, time] of selfTime) {
    const seen = new Set<string>();
    let callee: string | undefined;
    for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) {
      const node = nodeById.get(at);
      if (node === undefined) break;
      const name = nameOf(node);
      if (at === id) plus(own, name, time);
      if (!seen.has(name)) plus(below, name, time);
      if (callee !== undefined && values.callers !== undefined && callee.startsWith(`${values.callers}  `) && !seen.has(`from ${name}`)) {
        plus(callers, name, time);
        seen.add(`from ${name}`);
      }
      seen.add(name);
      callee = name;
    }
  }
  return total;
}

interface Tallies {
  readonly own: Map<string, number>;
  readonly below: Map<string, number>;
  readonly callers: Map<string, number>;
}

function print(title: string, times: ReadonlyMap<string, number>, total: number, most: number): void {
  console.log(`\n${title}`);
  for (const [name, time] of [...times].sort((a, b) => b[1] - a[1]).slice(0, most)) {
    console.log(`${((time / total) * 100).toFixed(1).padStart(6)} %  ${(time / 1000).toFixed(0).padStart(6)} ms  ${name}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), "lang-profile-"));
try {
  mkdirSync(folder, { recursive: true });
  let program = values.file;
  if (program === undefined) {
    program = join(folder, "generated.lang");
    writeFileSync(program, generateProgram(Number(values.lines), 1).lang);
  }
  const tallies: Tallies = { own: new Map(), below: new Map(), callers: new Map() };
  let total = 0;
  for (let run = 0; run < Number(values.repeat); run++) {
    const { profile, times } = profileOf(program, folder, run);
    total += tally(profile, tallies);
    if (run === 0) console.log(times.trimEnd());
  }
  const { own, below, callers } = tallies;
  print(`own time, of ${(total / 1000).toFixed(0)} ms`, own, total, Number(values.top));
  print("with what they call", below, total, Number(values.top));
  if (values.callers !== undefined) print(`callers of ${values.callers}`, callers, total, Number(values.top));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
