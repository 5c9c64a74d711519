/** `lang run FILE [-- ARGS]`: builds into a temporary folder, runs, and ends with the program's own status. */

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { compileToRun } from "./compile.ts";
import { findKept } from "./kept.ts";
import { failureText, styleOf } from "./report.ts";
import type { CommonOptions } from "./request.ts";
import { givenEnvironment } from "./environment.ts";
import { receiveInterrupts } from "./interrupt.ts";
import { commandLine, runnerOf } from "./runners.ts";
import { targetOf } from "./target.ts";
import { removeFolder, temporaryFolder, writeProgram } from "./temporary.ts";
import { writeError } from "./output.ts";

/** The program's status; 1 if there is none to run. */
export async function run(file: string, args: readonly string[], options: CommonOptions): Promise<number> {
  const style = styleOf(options);
  const target = targetOf(options.target);
  const runner = "message" in target ? undefined : runnerOf(target);
  if (runner?.kind === "none") {
    writeError(`${failureText({ code: "E0813", message: runner.reason, advice: ["lang build writes the program for another machine"] }, style)}\n`);
    return 1;
  }
  const kept = findKept(file, options);
  const built = kept ?? (await compileToRun(file, options, style));
  if (typeof built === "number") return built;
  if ("message" in target || runner === undefined) throw new Error("cli/run.run: built for no target");
  const folder = temporaryFolder("run");
  try {
    const program = join(folder, `program${target.executableEnding}`);
    writeProgram(program, built);
    const start = commandLine(runner, program, args);
    // An interrupt that came while a loader was compiled is heard before the program starts.
    await new Promise((resolve) => setImmediate(resolve));
    const ended = await execute(start.program, start.args, { ...givenEnvironment(), ...start.environment }, runner.kind === "native" ? file : undefined);
    if (typeof ended === "number") return ended;
    if ("message" in ended) {
      writeError(`${failureText({ code: "E0813", message: `the program cannot be started: ${ended.message}`, advice: [] }, style)}\n`);
      return 1;
    }
    // A shell would say so; emulators do.
    const fault = runner.kind === "native" ? faults[ended.signal] : undefined;
    if (fault !== undefined) writeError(`lang: the program was ended by ${ended.signal}, ${fault}\n`);
    return 128 + (constants.signals[ended.signal] ?? 0);
  } finally {
    removeFolder(folder);
  }
}

/** Signals that a program does not expect, and what they mean. */
const faults: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGSEGV: "an invalid memory access", SIGBUS: "an invalid memory access", SIGILL: "an instruction that this processor does not have", SIGFPE: "an arithmetic fault",
  SIGABRT: "which it sent itself", SIGKILL: "by somebody else, or for want of memory", SIGTRAP: "a breakpoint", SIGSYS: "a system call that is forbidden here",
};

/** Runs a program with our input and outputs to its end: its status, the signal that ended it, or why it could not be started. */
function execute(program: string, args: readonly string[], env: NodeJS.ProcessEnv, argv0: string | undefined): Promise<number | { readonly signal: NodeJS.Signals } | { readonly message: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "inherit", env, ...(argv0 === undefined ? {} : { argv0 }) });
    // The terminal's interrupt reaches the program by itself; we live on to clean up. What is sent to us alone is for it.
    receiveInterrupts((signal) => void (signal !== "SIGINT" && child.kill(signal)));
    child.on("error", ({ message }) => resolve({ message }));
    child.on("close", (status, signal) => resolve(signal === null ? status ?? 1 : { signal }));
  });
}
