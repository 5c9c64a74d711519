/** A program's executable for those who run it at once. */

import { host } from "../driver/host.ts";
import { standardInput } from "./arguments.ts";
import { compiler } from "./backend.ts";
import { cachePlace, keeping } from "./cache.ts";
import { failureText, report, type Style } from "./report.ts";
import { requestOf, type CommonOptions } from "./request.ts";
import { runnerOf } from "./runners.ts";
import { restarting } from "./restart.ts";
import { printTimes } from "./times.ts";
import { writeError } from "./output.ts";

/** The executable, or the status to end with after a mistake was reported. */
export async function compileToRun(file: string, options: CommonOptions, style: Style): Promise<Uint8Array | number> {
  const path = file === standardInput ? "-" : file;
  const asked = requestOf(path, options, "executable");
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
  const { host: files } = restarting(host);
  const place = cachePlace(path, options);
  const kept = place === undefined ? undefined : keeping(place, files);
  const answer = compile({ ...request, output: "executable" }, kept?.host ?? files);
  const failed = report(answer, style);
  if (request.tools.timePasses) printTimes(answer.times, style);
  if (failed || answer.bytes === undefined) return 1;
  kept?.keep(answer);
  return answer.bytes;
}
