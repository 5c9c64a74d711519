/** A build with what goes with it: the cache, the report of what it has to say, the times. */

import { host, type BuildHost } from "../driver/host.ts";
import type { BuildRequest } from "../driver/request.ts";
import { compiler, type Compile } from "./backend.ts";
import { cachePlace, keeping } from "./cache.ts";
import { failureText, report, type Style } from "./report.ts";
import { requestOf, type CommonOptions } from "./request.ts";
import { restartForLarge, restarting } from "./restart.ts";
import { printTimes } from "./times.ts";
import { writeError } from "./output.ts";

/** A program's executable for those who run it at once, or the status to end with after a mistake was reported. */
export async function compileToRun(file: string, options: CommonOptions, style: Style): Promise<Uint8Array | number> {
  const asked = requestOf(file, options, "executable");
  if (!asked.ok) {
    writeError(`${failureText(asked, style)}\n`);
    return 2;
  }
  const { request } = asked;
  restartForLarge([file]);
  return compileKeeping({ ...request, output: "executable" }, options, style, await compiler(), restarting(host)).bytes ?? 1;
}

/** What the build makes, which is kept where such builds are; `failed`: mistakes were reported. */
export function compileKeeping(request: BuildRequest, options: CommonOptions, style: Style, compile: Compile, files: BuildHost): { readonly failed: boolean; readonly bytes: Uint8Array | undefined } {
  const place = cachePlace(request.path, options);
  const kept = place === undefined ? undefined : keeping(place, files);
  const answer = compile(request, kept?.host ?? files);
  const failed = report(answer, style);
  if (request.tools.timePasses) printTimes(answer.times, style);
  if (!failed) kept?.keep(answer);
  return { failed, bytes: failed ? undefined : answer.bytes };
}
