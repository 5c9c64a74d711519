/** `lang explain CODE`. */

import { errorCodes, explanationOf } from "../source/errorCodes.ts";
import { suggest } from "../source/suggest.ts";
import { styleOf, usageError } from "./report.ts";
import type { CommonOptions } from "./request.ts";
import { writeOutput } from "./output.ts";

/** The status: 2 if there is no such code. */
export function explain(code: string, options: CommonOptions): number {
  const found = explanationOf(code.toUpperCase());
  if (found === undefined) {
    const near = suggest(code.toUpperCase(), Object.keys(errorCodes));
    return usageError(`there is no diagnostic '${code}'`, styleOf(options), near === undefined ? [] : [`did you mean ${near}?`]);
  }
  if (options.json === true) writeOutput(`${JSON.stringify(found)}\n`);
  else writeOutput(`${found.code}: ${found.title}\n\n${found.explanation}\n`);
  return 0;
}
