/** `lang doc`: the reference of files, or of the standard library, as Markdown. */

import { findCarried } from "../driver/carriedBytes.ts";
import { documentFiles, documentLibrary } from "../driver/document.ts";
import { libraryPaths } from "../driver/embedded.ts";
import { host } from "../driver/host.ts";
import { writeOutput } from "./output.ts";
import { report, styleOf } from "./report.ts";
import type { CommonOptions } from "./request.ts";

/** Prints the reference of `files`, or of the library where none is named; gives the exit status. */
export async function doc(files: readonly string[], options: CommonOptions): Promise<number> {
  await findCarried();
  const { answer, references } = files.length > 0 ? documentFiles(files, (path) => host.read(path)) : documentLibrary(libraryPaths(), (path) => host.library(path));
  const failed = report(answer, styleOf(options));
  // A file that shows nothing is still one that was asked for.
  const found = references.filter(({ text }) => text !== "" || (options.json === true && files.length > 0));
  if (options.json === true) writeOutput(found.map((reference) => `${JSON.stringify(reference)}\n`).join(""));
  else writeOutput(found.map(({ text }) => text).join("\n"));
  return failed ? 1 : 0;
}
