/** `lang explain CODE`. */

import { errorCodes, explanationOf } from "../source/errorCodes.ts";
import { suggest } from "../source/suggest.ts";
import { styleOf, usageError } from "./report.ts";
import type { CommonOptions } from "./request.ts";
import { writeOutput } from "./output.ts";

/** `301` is E0301, `w106` W0106. */
function inFull(code: string): string {
  const parts = /^([ew]?)(\d{1,4})$/i.exec(code);
  return parts === null ? code.toUpperCase() : `${(parts[1] || "E").toUpperCase()}${(parts[2] as string).padStart(4, "0")}`;
}

/** The status: 2 if there is no such code. */
export function explain(code: string, options: CommonOptions): number {
  const found = explanationOf(inFull(code));
  if (found === undefined) {
    const near = suggest(code.toUpperCase(), Object.keys(errorCodes));
    return usageError(`there is no diagnostic '${code}'`, styleOf(options), near === undefined ? [] : [`did you mean ${near}?`]);
  }
  if (options.json === true) writeOutput(`${JSON.stringify(found)}\n`);
  else writeOutput(`${found.code}: ${found.title}\n\n${found.explanation}\n`);
  return 0;
}
