/** `lang check`: diagnostics only. */

import { build as compile } from "../driver/build.ts";
import { findCarried } from "../driver/carriedBytes.ts";
import { host } from "../driver/host.ts";
import { failureText, report, styleOf } from "./report.ts";
import { requestOf, type CommonOptions } from "./request.ts";
import { restartForLarge, restarting } from "./restart.ts";
import { printTimes } from "./times.ts";
import { writeError } from "./output.ts";

/** The status: 1 if a file has an error, 2 for wrong usage. */
export async function check(paths: readonly string[], options: CommonOptions): Promise<number> {
  restartForLarge(paths);
  await findCarried();
  const style = styleOf(options);
  const files = restarting(host);
  let status = 0;
  for (const file of paths) {
    const asked = requestOf(file, options, "nothing");
    if (!asked.ok) {
      writeError(`${failureText(asked, style)}\n`);
      return 2;
    }
    const answer = compile(asked.request, files);
    if (report(answer, style)) status = 1;
    if (asked.request.tools.timePasses) printTimes(answer.times, style);
  }
  return status;
}
