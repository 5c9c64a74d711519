/** Borrow summaries of the library's functions as text, so that an executable carries them and need not look into bodies to know them. */

import type { Checker } from "../context.ts";
import { OwnershipCheck } from "./check.ts";
import { summaryText, type SummaryTexts } from "./summaryText.ts";

/** The summaries of all functions of the library that were declared. One whose text depends on the target is left out. */
export function librarySummaries(c: Checker): SummaryTexts {
  const check = new OwnershipCheck(c, true, true);
  const found: Record<string, Record<string, string>> = {};
  for (const f of c.definitions.slice()) {
    if (f.kind !== "function" || f.node === 0 || f.origin !== "lang" || !f.bodyChecked || f.trait !== 0 || c.unitOfFile[f.file]?.library !== true) continue;
    const summary = check.summaries.known(f);
    const file = c.sources.files[f.file];
    if (summary === undefined || file === undefined) continue;
    const start = (c.ast.start[f.node] as number) - file.base;
    const end = (c.ast.end[f.node] as number) - file.base;
    if (!new TextDecoder().decode(file.bytes.subarray(start, end)).includes("#if")) (found[file.path] ??= {})[start] = summaryText(summary);
  }
  return found;
}
