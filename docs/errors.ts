/** Writes docs/errors.md from the compiler's own table: `bun docs/errors.ts`. A test holds that the file is current. */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { errorCodes, explanationOf } from "../src/source/errorCodes.ts";

const groups: readonly (readonly [string, string])[] = [
  ["E01", "Syntax"],
  ["E02", "Names"],
  ["E03", "Types"],
  ["E04", "Ownership"],
  ["E05", "Patterns"],
  ["E06", "Values at compile time"],
  ["E07", "Files and modules"],
  ["E08", "Inputs, outputs, targets and linking"],
  ["W0", "Warnings"],
];

/** The document's text. */
export function errorsDocument(): string {
  const lines = [
    "# Diagnostics",
    "",
    "<!-- Made by `bun docs/errors.ts` from src/source/codes; change the explanations there. -->",
    "",
    "Every error and warning has a code that never changes its meaning. `lang explain CODE` tells what stands here; `lang check --json` gives diagnostics",
    "to other programs. A program with errors is not built (status 1); warnings are only said.",
  ];
  for (const [start, title] of groups) {
    const codes = Object.keys(errorCodes).filter((code) => code.startsWith(start)).sort();
    if (codes.length === 0) continue;
    lines.push("", `## ${title}`);
    for (const code of codes) {
      const row = explanationOf(code);
      if (row === undefined) throw new Error(`docs/errors: no row ${code}`);
      lines.push("", `### ${code}: ${row.title}`, "");
      // An indented part of an explanation is an example.
      lines.push(row.explanation);
    }
  }
  return `${lines.join("\n")}\n`;
}

if (import.meta.main) writeFileSync(fileURLToPath(new URL("errors.md", import.meta.url)), errorsDocument());
