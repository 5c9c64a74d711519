/** Runs a program at every level and says where they differ. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTarget, type TargetRow } from "../../os/targets.ts";
import { compile as throughLlvm } from "../../src/cli/clang.ts";
import { commandLine, runnerOf, warmUp, type Runner } from "../../src/cli/runners.ts";
import { build } from "../../src/driver/build.ts";
import { host } from "../../src/driver/host.ts";
import { noTools, type BuildRequest } from "../../src/driver/request.ts";
import type { Level } from "../../src/opt/pipeline.ts";
import { interpretProgram } from "./interpretProgram.ts";

/** `same`: all agree. `refused`: the compiler found at compile time what would fail. `differs`: a bug, with what it is. */
export type Verdict =
  | { readonly kind: "same"; readonly status: number }
  | { readonly kind: "refused"; readonly codes: readonly string[] }
  | { readonly kind: "differs"; readonly symptom: Symptom; readonly details: string };

/** What kind of failure it is: shrinking keeps it. */
export type Symptom = "crash of the compiler" | "refused" | "hangs" | "other output" | "other status" | "killed" | "memory";

export interface Outcome {
  readonly stdout: string;
  readonly status: number;
  /** The first two lines of stderr: message and place. */
  readonly stderr: string;
}

/** What a program may be refused for: arithmetic on constants that fails is an error. */
const expectedRefusals = new Set(["E0605", "E0606", "E0607", "E0609", "E0602"]);

const timeout = 5000;
const folder = mkdtempSync(join(tmpdir(), "lang-fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

function targetOf(name: string): TargetRow {
  const found = findTarget(name);
  if (!found.ok) throw new Error(`fuzz/compare: no target ${name}`);
  return found.target;
}

const own = targetOf("linux-x86_64");
/** The build of a program's text. */
export function requestOf(text: string, level: Level, output: BuildRequest["output"], verify: boolean, checkMemory = false, target = own): BuildRequest {
  return {
    path: "program.lang", bytes: new TextEncoder().encode(text), target, level, output, features: [], unchecked: false, checkMemory, strip: false, debug: false, tests: false,
    tools: { ...noTools, verifyIr: verify },
  };
}

/** Runs an executable, as a file of that name, to its end. */
export function run(bytes: Uint8Array, name: string, runner: Exclude<Runner, { kind: "none" }> = { kind: "native" }): Outcome | "hangs" {
  const path = join(folder, name);
  writeFileSync(path, bytes, { mode: 0o755 });
  const { program, args, environment } = commandLine(runner, path, []);
  const ended = Bun.spawnSync([program, ...args], { stdin: "ignore", stdout: "pipe", stderr: "pipe", timeout: runner.kind === "native" ? timeout : 6 * timeout, env: { ...process.env, ...environment } });
  if (ended.exitedDueToTimeout === true) return "hangs";
  const status = ended.exitCode ?? -1;
  return { stdout: ended.stdout.toString(), status: ended.signalCode === undefined || ended.signalCode === null ? status : -1, stderr: ended.stderr.toString().split("\n").slice(0, 2).join("\n") };
}

/** Another target that a program runs for, at a level. */
export interface Elsewhere {
  readonly target: TargetRow;
  readonly runner: Exclude<Runner, { kind: "none" }>;
}

/** The target of that name, if this machine can run its programs. */
export function elsewhere(name: string): Elsewhere {
  const target = targetOf(name);
  const runner = runnerOf(target);
  if (runner.kind === "none") throw new Error(`fuzz/compare: ${runner.reason}`);
  warmUp(runner);
  return { target, runner };
}

export interface CompareOptions {
  readonly levels: readonly Level[];
  /** The IR interpreter takes part. */
  readonly interpret: boolean;
  /** The IR is checked after each pass, and each register allocation. */
  readonly verify: boolean;
  /** A level at which it runs once more under `--check-memory`: a leak, a double free or a use after free is a failure. */
  readonly memory?: Level | undefined;
  /** What else it runs for, and at which level. */
  readonly others?: readonly { readonly on: Elsewhere; readonly level: Level }[];
  /** A level at which clang makes its code from LLVM IR. */
  readonly llvm?: Level | undefined;
}

/** The executable, or what is wrong. */
function compiled(text: string, level: Level, verify: boolean, checkMemory: boolean, target = own, make = build): Uint8Array | Verdict {
  try {
    const answer = make(requestOf(text, level, "executable", verify, checkMemory, target), host);
    if (answer.bytes !== undefined) return answer.bytes;
    const codes: string[] = [...answer.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code), ...answer.failures.map(({ code }) => code)];
    if (codes.length > 0 && codes.every((code) => expectedRefusals.has(code))) return { kind: "refused", codes };
    const first = answer.diagnostics.find(({ severity }) => severity === "error");
    return { kind: "differs", symptom: "refused", details: `-${level}: ${codes.join(" ")} ${first === undefined ? answer.failures[0]?.message ?? "" : `${first.message} at line ${answer.sources.place(first.span.start)?.line}`}` };
  } catch (error) {
    return { kind: "differs", symptom: "crash of the compiler", details: `-${level}: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 1500) : String(error)}` };
  }
}

/** Runs what was compiled; a program that does not end is wrong. `how` says how it was made. */
function outcomeOf(bytes: Uint8Array | Verdict, how: string, name: string, runner?: Exclude<Runner, { kind: "none" }>): Outcome | Verdict {
  if (!(bytes instanceof Uint8Array)) return bytes;
  const outcome = run(bytes, name, runner);
  return outcome === "hangs" ? { kind: "differs", symptom: "hangs", details: `${how}: the program does not end` } : outcome;
}

/** Compares what a program does at all levels, and in what else the options ask for, with what it does at the first level. */
export function compare(text: string, { levels, interpret, verify, memory, others = [], llvm }: CompareOptions): Verdict {
  let expected: Outcome | undefined;
  let expectedBy = "";
  for (const level of levels) {
    const outcome = outcomeOf(compiled(text, level, verify, false), `-${level}`, `program-${level}`);
    if ("kind" in outcome) return outcome;
    if (outcome.status === -1 || (outcome.status !== 0 && outcome.status !== 101) || outcome.stderr.includes("invalid memory access")) {
      return { kind: "differs", symptom: "killed", details: `-${level}: status ${outcome.status} ${outcome.stderr}` };
    }
    if (expected === undefined) {
      expected = outcome;
      expectedBy = `-${level}`;
      continue;
    }
    const difference = differenceOf(expected, expectedBy, outcome, `-${level}`);
    if (difference !== undefined) return difference;
  }
  if (expected === undefined) throw new Error("fuzz/compare: no level is asked for");
  if (memory !== undefined) {
    const how = `-${memory} --check-memory`;
    const outcome = outcomeOf(compiled(text, memory, verify, true), how, "program-memory");
    if ("kind" in outcome) return outcome;
    if (outcome.stderr !== expected.stderr || outcome.status !== expected.status) {
      return { kind: "differs", symptom: "memory", details: `${how}: status ${outcome.status} ${outcome.stderr}\n${expectedBy}: status ${expected.status} ${expected.stderr}` };
    }
    const difference = differenceOf(expected, expectedBy, outcome, how);
    if (difference !== undefined) return difference;
  }
  if (llvm !== undefined) {
    const how = `-${llvm} through LLVM`;
    const outcome = outcomeOf(compiled(text, llvm, false, false, own, throughLlvm), how, "program-llvm");
    const difference = "kind" in outcome ? outcome : differenceOf(expected, expectedBy, outcome, how);
    if (difference !== undefined) return difference;
  }
  for (const { on: { target, runner }, level } of others) {
    const how = `-${level} for ${target.name}`;
    const outcome = outcomeOf(compiled(text, level, verify, false, target), how, `program-${target.name}${target.os === "windows" ? ".exe" : ""}`, runner);
    const difference = "kind" in outcome ? outcome : differenceOf(expected, expectedBy, outcome, how);
    if (difference !== undefined) return difference;
  }
  const difference = interpret ? againstInterpreter(text, expected, expectedBy) : undefined;
  return difference ?? { kind: "same", status: expected.status };
}

/** What the interpreter of the IR makes of the program, where it differs: it knows where a program fails, not what it says then. */
function againstInterpreter(text: string, expected: Outcome, expectedBy: string): Verdict | undefined {
  const outcome = interpretProgram(text);
  if (outcome.kind === "failed") return { kind: "differs", symptom: "other output", details: `the interpreter: ${outcome.what}` };
  if (outcome.kind === "ended") return differenceOf(expected, expectedBy, { stdout: outcome.stdout, status: outcome.status, stderr: expected.stderr }, "the interpreter");
  if (expected.status === 101 && expected.stdout.startsWith(outcome.stdout) && expected.stderr.includes(`:${outcome.place}`)) return undefined;
  return { kind: "differs", symptom: "other status", details: `the interpreter: trap at ${outcome.place} after ${JSON.stringify(outcome.stdout.slice(-200))}\n${expectedBy}: status ${expected.status} ${expected.stderr}` };
}

/** How two outcomes differ, if they do. */
function differenceOf(a: Outcome, aName: string, b: Outcome, bName: string): Verdict | undefined {
  if (a.status !== b.status || a.stderr !== b.stderr) return { kind: "differs", symptom: "other status", details: `${aName}: status ${a.status} ${a.stderr}\n${bName}: status ${b.status} ${b.stderr}\n${firstDifference(a.stdout, aName, b.stdout, bName)}` };
  if (a.stdout !== b.stdout) return { kind: "differs", symptom: "other output", details: firstDifference(a.stdout, aName, b.stdout, bName) };
  return undefined;
}

function firstDifference(a: string, aName: string, b: string, bName: string): string {
  const [left, right] = [a.split("\n"), b.split("\n")];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if (left[i] !== right[i]) return `output line ${i + 1}:\n  ${aName}: ${(left[i] ?? "(ended)").slice(0, 300)}\n  ${bName}: ${(right[i] ?? "(ended)").slice(0, 300)}`;
  }
  return "the same output";
}
