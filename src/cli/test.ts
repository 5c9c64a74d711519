/** `lang test`: each test in a process of its own, so that one that panics leaves the others alone. */

import { join } from "node:path";
import { host } from "../driver/host.ts";
import { compiler } from "./backend.ts";
import { failureText, report, styleOf } from "./report.ts";
import { requestOf, type CommonOptions } from "./request.ts";
import { commandLine, runnerOf } from "./runners.ts";
import { execute } from "./spawn.ts";
import { removeFolder, temporaryFolder, writeProgram } from "./temporary.ts";
import { writeError, writeOutput } from "./output.ts";

const timeout = 60_000;

/** The status: 1 if a test failed or a file has an error, 2 for wrong usage. */
export async function test(files: readonly string[], options: CommonOptions & { readonly filter?: string }): Promise<number> {
  const style = styleOf(options);
  const compile = await compiler();
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const asked = requestOf(file, options, "executable", true);
    if (!asked.ok) {
      writeError(`${failureText(asked, style)}\n`);
      return 2;
    }
    const runner = runnerOf(asked.request.target);
    if (runner.kind === "none") {
      writeError(`${failureText({ code: "E0813", message: runner.reason, advice: [] }, style)}\n`);
      return 1;
    }
    const answer = compile({ ...asked.request, output: "executable" }, host);
    if (report(answer, style) || answer.bytes === undefined) {
      failed++;
      continue;
    }
    const folder = temporaryFolder("test");
    try {
      const program = join(folder, `tests${asked.request.target.executableEnding}`);
      writeProgram(program, answer.bytes);
      for (const [index, { title, position }] of answer.tests.entries()) {
        if (options.filter !== undefined && !title.includes(options.filter)) continue;
        const start = commandLine(runner, program, [String(index)]);
        const ended = await execute(start.program, start.args, "", timeout, start.environment);
        const good = ended.kind === "ended" && ended.status === 0;
        if (good) passed++;
        else failed++;
        const place = answer.sources.place(position);
        const output = ended.kind === "timeout" ? "did not end in time\n" : ended.stdout + ended.stderr;
        if (options.json === true) {
          writeOutput(`${JSON.stringify({ file, title, line: place?.line ?? null, passed: good, status: ended.kind === "ended" ? ended.status : null, output })}\n`);
        } else {
          writeOutput(`${good ? "passed" : "FAILED"}  ${title}\n`);
          if (!good) writeOutput(`${output.replace(/^/gm, "    ").trimEnd()}\n`);
        }
      }
    } finally {
      removeFolder(folder);
    }
  }
  if (options.json !== true) writeOutput(`${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}
