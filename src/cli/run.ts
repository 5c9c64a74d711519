/** `lang run FILE [-- ARGS]`: builds into a temporary folder, runs, and ends with the program's own status. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { host, writeWhole } from "../driver/host.ts";
import { standardInput } from "./arguments.ts";
import { compiler } from "./backend.ts";
import { failureText, report, styleOf } from "./report.ts";
import { requestOf, type CommonOptions } from "./request.ts";
import { commandLine, runnerOf } from "./runners.ts";
import { printTimes } from "./times.ts";
import { writeError } from "./output.ts";

export async function run(file: string, args: readonly string[], options: CommonOptions): Promise<number> {
  const style = styleOf(options);
  const asked = requestOf(file === standardInput ? "-" : file, options, "executable");
  if (!asked.ok) {
    writeError(`${failureText(asked, style)}\n`);
    return 2;
  }
  const { request } = asked;
  const runner = runnerOf(request.target);
  if (runner.kind === "none") {
    writeError(`${failureText({ code: "E0813", message: runner.reason, advice: ["lang build writes the program for another machine"] }, style)}\n`);
    return 1;
  }
  const compile = await compiler();
  const answer = compile({ ...request, output: "executable" }, host);
  const failed = report(answer, style);
  if (request.tools.timePasses) printTimes(answer.times, style);
  if (failed || answer.bytes === undefined) return 1;
  const folder = mkdtempSync(join(tmpdir(), "lang-run-"));
  try {
    const program = join(folder, `program${request.target.executableEnding}`);
    const problem = writeWhole(program, answer.bytes, true);
    if (problem !== undefined) {
      writeError(`${failureText({ code: "E0803", message: `'${program}' cannot be written: ${problem}`, advice: [] }, style)}\n`);
      return 1;
    }
    // The terminal's interrupt is for the program; we live on to clean up.
    process.on("SIGINT", () => {});
    const start = commandLine(runner, program, args);
    const ended = spawnSync(start.program, start.args, { stdio: "inherit", env: { ...process.env, ...start.environment }, ...(runner.kind === "native" ? { argv0: file } : {}) });
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
