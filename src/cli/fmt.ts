/** `lang fmt`: sources as the formatter writes them, in place; `--check` only says which would change. */

import { host, writeWhole } from "../driver/host.ts";
import { formatSource } from "../driver/format.ts";
import { failureText, report, styleOf } from "./report.ts";
import type { CommonOptions } from "./request.ts";
import { writeError, writeOutput } from "./output.ts";

/** The status: 1 if a file has an error or, with `--check`, would change. */
export function fmt(files: readonly string[], options: CommonOptions & { readonly check?: boolean }): number {
  const style = styleOf(options);
  let status = 0;
  for (const path of files) {
    const { answer, changed } = formatSource(path, host);
    if (report(answer, style) || answer.bytes === undefined) {
      status = 1;
      continue;
    }
    if (options.check === true) {
      if (!changed) continue;
      const name = path === "-" ? "<stdin>" : path;
      writeOutput(`${style.json ? JSON.stringify({ file: name, changes: true }) : name}\n`);
      status = 1;
    } else if (path === "-") writeOutput(answer.bytes);
    else if (changed) {
      const problem = writeWhole(path, answer.bytes, false);
      if (problem !== undefined) {
        writeError(`${failureText({ code: "E0803", message: `'${path}' cannot be written: ${problem}`, advice: [] }, style)}\n`);
        status = 1;
      }
    }
  }
  return status;
}
