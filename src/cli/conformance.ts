/**
 * `lang conformance`: the suite that this executable carries, compiled by itself and run. The jobs are divided among processes, one a core,
 * each of which compiles and runs its share and reports a line a job; a process that dies or hangs makes its job fail and is replaced.
 */

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Level } from "../../conformance/expectation.ts";
import type { ReportedDiagnostic } from "../../conformance/judge.ts";
import { collectPrograms } from "../../conformance/programs.ts";
import { exitStatus, formatJsonEnd, formatJsonRow, formatTable } from "../../conformance/report.ts";
import { sampleJobs, shuffled } from "../../conformance/sample.ts";
import { runJob, selectJobs, type CompileOutcome, type CompileRequest, type Job, type Row, type Toolchain } from "../../conformance/suite.ts";
import { findTarget } from "../../os/targets.ts";
import { compiler, type Compile } from "./backend.ts";
import { restartVariable } from "./environment.ts";
import { suiteFiles } from "../driver/embeddedSuite.ts";
import { expectLongRun, host, writeWhole, type BuildHost } from "../driver/host.ts";
import { noTools } from "../driver/request.ts";
import { failureText, styleOf, usageError } from "./report.ts";
import type { CommonOptions } from "./request.ts";
import { targetOf } from "./target.ts";
import { removeFolder, temporaryFolder } from "./temporary.ts";
import { commandLine, runnerOf, warmUp } from "./runners.ts";
import { execute } from "./spawn.ts";
import { writeError, writeOutput } from "./output.ts";

const runTimeout = 20_000;
/** A process that is silent for so long hangs in the compiler. */
const silence = 120_000;
const allLevels: readonly Level[] = ["O0", "O1", "O2", "Os"];
/** Set in the environment of a worker: it takes numbers of jobs from its input, and prints rows. */
const workerVariable = "LANG_CONFORMANCE_WORKER";

export interface ConformanceOptions extends CommonOptions {
  readonly filter?: string;
  readonly jobs?: string;
  readonly sample?: string | number;
  readonly seed?: string | number;
  readonly seconds?: string | number;
}

/** The status: 0 if all passed, 2 for wrong usage. */
export async function conformance(options: ConformanceOptions): Promise<number> {
  const style = styleOf(options);
  expectLongRun();
  const target = targetOf(options.target);
  if ("message" in target) {
    writeError(`${failureText({ code: "E0804", message: target.message, advice: [target.advice] }, style)}\n`);
    return 2;
  }
  const level = options.level;
  if (level !== undefined && !allLevels.includes(level as Level)) return usageError(`'${level}' is no level of optimisation`, style);
  const { programs, problems } = collectPrograms(suiteFiles());
  const numbers = { sample: wholeNumber(options.sample), seed: wholeNumber(options.seed), seconds: wholeNumber(options.seconds) };
  if (options.jobs !== undefined && !/^[1-9]\d*$/.test(String(options.jobs))) return usageError("--jobs takes a whole number from 1 on", style);
  for (const [name, value] of Object.entries(numbers)) if (value === "wrong") return usageError(`--${name} takes a whole number`, style);
  const [sample, seed, seconds] = [numbers.sample, numbers.seed, numbers.seconds].map((value) => (typeof value === "number" ? value : undefined));
  const all = selectJobs(programs, {
    targets: [target.name],
    levels: level === undefined ? allLevels : [level as Level],
    filter: options.filter === undefined ? null : String(options.filter),
    shard: null,
  });
  // What does not fit in the time is to be any part of the suite, not always the last sections.
  const jobs = sample !== undefined ? sampleJobs(all, sample, seed ?? 1) : seconds !== undefined ? shuffled(all, seed ?? 1) : all;
  if (jobs.length === 0 && problems.length === 0) return usageError("no program of the suite is asked for", style, ["--filter takes a part of a program's path"]);
  if (process.env[workerVariable] === "1") return work(jobs, options.checkMemory === true);

  // Once for all processes: Wine makes its folders when it first starts, and two that do so at once are in each other's way.
  const runner = runnerOf(target);
  if (jobs.some(({ program }) => program.expectation.mode === "run" || program.expectation.mode === "test")) warmUp(runner);
  const width = Math.max(1, Math.min(Number(options.jobs ?? availableParallelism()) || 1, jobs.length));
  const rows = await divide(jobs, width, seconds, options.json === true ? (row) => writeOutput(formatJsonRow(row)) : () => {});
  if (process.stderr.isTTY === true) writeError("\r\u001b[K");
  writeOutput(options.json === true ? formatJsonEnd(rows, problems) : formatTable(rows, problems));
  return exitStatus(rows, problems);
}

/** Undefined if it was not given. */
function wholeNumber(given: string | number | undefined): number | "wrong" | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  return Number.isInteger(value) && value >= 0 ? value : "wrong";
}

/** Gives jobs to processes, one at a time each, until all have their row. `seconds`: after them no job is begun any more. */
async function divide(jobs: readonly Job[], width: number, seconds: number | undefined, onRow: (row: Row) => void): Promise<Row[]> {
  const rows: (Row | undefined)[] = new Array(jobs.length).fill(undefined);
  const end = seconds === undefined ? Number.POSITIVE_INFINITY : host.now() + 1000 * seconds;
  const left = (): boolean => next < jobs.length && host.now() < end;
  let next = 0;
  let done = 0;
  const settle = (index: number, row: Row): void => {
    rows[index] = row;
    done++;
    onRow(row);
    if (process.stderr.isTTY === true) writeError(`\r${done} of ${jobs.length}`);
  };
  const lane = async (): Promise<void> => {
    while (left()) {
      await new Promise<void>((resolve) => {
        let current = next++;
        const child = spawn(process.execPath, [...process.execArgv, ...ownArguments()], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, [workerVariable]: "1", [restartVariable]: "0" } });
        const give = () => child.stdin.write(`${current}\n`);
        let timer = setTimeout(() => child.kill("SIGKILL"), silence);
        let pending = "";
        let finished = false;
        child.stdin.on("error", () => {});
        child.stdout.on("data", (chunk: Buffer) => {
          pending += chunk.toString();
          for (let end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n")) {
            settle(current, JSON.parse(pending.slice(0, end)) as Row);
            pending = pending.slice(end + 1);
            clearTimeout(timer);
            if (!left()) {
              finished = true;
              child.stdin.end();
              break;
            }
            current = next++;
            timer = setTimeout(() => child.kill("SIGKILL"), silence);
            give();
          }
        });
        child.on("close", (status, signal) => {
          clearTimeout(timer);
          if (!finished && rows[current] === undefined) {
            settle(current, rowOf(jobs[current] as Job, "failed", [signal === "SIGKILL" ? "the compiler did not end in time" : `the compiler ended with status ${status ?? signal}`]));
          }
          resolve();
        });
        give();
      });
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return rows.map((row, i) => {
    if (row !== undefined) return row;
    const absent = i >= next ? rowOf(jobs[i] as Job, "not-run", ["there was no time left"]) : rowOf(jobs[i] as Job, "failed", ["no result"]);
    onRow(absent);
    return absent;
  });
}

/** This process's own arguments: the script, where there is one, and the command. */
function ownArguments(): readonly string[] {
  const script = process.argv[1] ?? "";
  return script.endsWith(".ts") || script.endsWith(".js") || script.endsWith(".mjs") ? process.argv.slice(1) : process.argv.slice(2);
}

function rowOf(job: Job, outcome: Row["outcome"], details: readonly string[]): Row {
  return { path: job.program.path, section: job.program.section, target: job.target, level: job.level, outcome, details };
}

/** A worker: reads numbers of jobs, runs each, prints its row. */
async function work(jobs: readonly Job[], checkMemory: boolean): Promise<number> {
  const folder = temporaryFolder("conformance");
  try {
    const toolchain = ownToolchain(folder, await compiler(), checkMemory, true);
    let pending = "";
    for await (const chunk of process.stdin) {
      pending += String(chunk);
      for (let end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n")) {
        const job = jobs[Number(pending.slice(0, end))];
        pending = pending.slice(end + 1);
        if (job !== undefined) writeOutput(`${JSON.stringify(await runJob(job, toolchain))}\n`);
      }
    }
  } finally {
    removeFolder(folder);
  }
  return 0;
}

interface Artifact {
  readonly program: string;
  /** Number of tests to run, or undefined for a program with `main`. */
  readonly tests: number | undefined;
}

/** This very compiler, and this machine. `isWarm`: what runs the programs has been started before. */
function ownToolchain(folder: string, compile: Compile, checkMemory = false, isWarm = false): Toolchain<Artifact> {
  let count = 0;
  const warm = new Set<string>();
  const ending = (target: string): string => {
    const found = findTarget(target);
    return found.ok ? found.target.executableEnding : "";
  };
  return {
    compile: async (request) => compileProgram(request, join(folder, `p${count++}${ending(request.target)}`), compile, checkMemory),
    execute: async ({ artifact, args, stdin, target }) => {
      const found = findTarget(target);
      const runner = found.ok ? runnerOf(found.target) : undefined;
      if (runner === undefined || runner.kind === "none") return { kind: "unavailable", reason: runner?.reason ?? `there is no target ${target}` };
      if (!isWarm && !warm.has(target)) warmUp(runner);
      warm.add(target);
      const start = async (given: readonly string[]): ReturnType<typeof execute> => {
        const line = commandLine(runner, artifact.program, given);
        const once = (): ReturnType<typeof execute> => execute(line.program, line.args, stdin, runTimeout, line.environment);
        const ended = await once();
        // A program that fails itself does so again.
        return runner.kind === "under" && runner.name === "wine" && isWineDisturbed(ended) ? once() : ended;
      };
      if (artifact.tests === undefined) return start(args);
      let stdout = "";
      let stderr = "";
      let status = 0;
      for (let test = 0; test < artifact.tests; test++) {
        const ended = await start([String(test)]);
        if (ended.kind === "timeout") return ended;
        stdout += ended.stdout;
        stderr += ended.stderr;
        if (ended.status !== 0) status = 1;
      }
      return { kind: "ended", status, signal: null, stdout, stderr };
    },
    release: async (artifact) => removeFolder(artifact.program),
  };
}

/**
 * Wine starts services beside the program, on a busy machine not always with success, and they complain where the program writes, or keep it waiting; or
 * the connection to its server breaks, and it ends with status 1, at times without a word.
 */
function isWineDisturbed(ended: Awaited<ReturnType<typeof execute>>): boolean {
  if (ended.kind !== "ended") return ended.kind === "timeout";
  return /^wine(?:server: |: | client error:)/m.test(ended.stderr) || (ended.status === 1 && ended.stdout === "" && ended.stderr === "");
}

function compileProgram(request: CompileRequest, output: string, compile: Compile, checkMemory: boolean): CompileOutcome<Artifact> {
  const found = findTarget(request.target);
  if (!found.ok) return { kind: "unavailable", reason: found.message };
  try {
    const answer = compile({
      path: request.path,
      target: found.target,
      level: request.level,
      output: request.executable ? "executable" : "nothing",
      features: [],
      unchecked: request.unchecked,
      checkMemory,
      strip: false,
      debug: false,
      tests: request.test,
      tools: noTools,
    }, filesOf(request.files));
    const diagnostics: ReportedDiagnostic[] = answer.diagnostics.map(({ code, severity, span }) => {
      const place = answer.sources.place(span.start);
      return { severity, code, file: place?.path ?? "", line: place?.line ?? 0, column: place?.column ?? 0 };
    });
    // LANGBE=llvm without clang
    const absent = answer.failures.find(({ code }) => code === "E0820");
    if (absent !== undefined) return { kind: "unavailable", reason: absent.message };
    for (const { code } of answer.failures) diagnostics.push({ severity: "error", code, file: request.path, line: 0, column: 0 });
    if (diagnostics.some(({ severity }) => severity === "error")) return { kind: "refused", diagnostics };
    if (answer.bytes !== undefined) {
      const problem = writeWhole(output, answer.bytes, true);
      if (problem !== undefined) return { kind: "crashed", message: `the program cannot be written: ${problem}` };
    }
    return { kind: "compiled", artifact: { program: output, tests: request.test ? answer.tests.length : undefined }, diagnostics };
  } catch (error) {
    return { kind: "crashed", message: error instanceof Error ? error.message : String(error) };
  }
}

/** A host whose only files are the program's. */
function filesOf(files: ReadonlyMap<string, string>): BuildHost {
  const normal = (path: string) => {
    const parts: string[] = [];
    for (const part of path.split("/")) {
      if (part === "..") parts.pop();
      else if (part !== "." && part !== "") parts.push(part);
    }
    return parts.join("/");
  };
  return {
    read(path) {
      const text = files.get(normal(path));
      return text === undefined ? { ok: false, reason: "there is no such file or folder", missing: true } : { ok: true, bytes: new TextEncoder().encode(text) };
    },
    library: (path) => host.library(path),
    libraryIndexes: host.libraryIndexes,
    identity: normal,
    folder: () => "/",
    now: () => host.now(),
  };
}
