/** `lang run FILE [-- ARGS]`: builds into a temporary folder, runs, and ends with the program's own status. */

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { findKept } from "./kept.ts";
import { failureText, styleOf } from "./report.ts";
import type { CommonOptions } from "./request.ts";
import { givenEnvironment } from "./environment.ts";
import { commandLine, runnerOf } from "./runners.ts";
import { targetOf } from "./target.ts";
import { temporaryFolder, writeProgram } from "./temporary.ts";
import { writeError } from "./output.ts";

export async function run(file: string, args: readonly string[], options: CommonOptions): Promise<number> {
  const style = styleOf(options);
  const target = targetOf(options.target);
  const runner = "message" in target ? undefined : runnerOf(target);
  if (runner?.kind === "none") {
    writeError(`${failureText({ code: "E0813", message: runner.reason, advice: ["lang build writes the program for another machine"] }, style)}\n`);
    return 1;
  }
  const kept = findKept(file, options);
  const built = kept ?? (await (await import("./compile.ts")).compileToRun(file, options, style));
  if (typeof built === "number") return built;
  if ("message" in target || runner === undefined) throw new Error("cli/run.run: built for no target");
  const folder = temporaryFolder("run");
  try {
    const program = join(folder, `program${target.executableEnding}`);
    writeProgram(program, built);
    // The terminal's interrupt is for the program; we live on to clean up.
    process.on("SIGINT", () => {});
    const start = commandLine(runner, program, args);
    const ended = spawnSync(start.program, start.args, { stdio: "inherit", env: { ...givenEnvironment(), ...start.environment }, ...(runner.kind === "native" ? { argv0: file } : {}) });
    if (ended.error !== undefined) {
      writeError(`${failureText({ code: "E0813", message: `the program cannot be started: ${ended.error.message}`, advice: [] }, style)}\n`);
      return 1;
    }
    if (ended.signal !== null) return 128 + (constants.signals[ended.signal] ?? 0);
    return ended.status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
