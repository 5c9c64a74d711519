/** `lang doc`: the reference of files, or of the standard library, as Markdown. */

import { documentFiles } from "../driver/document.ts";
import { libraryPaths } from "../driver/embedded.ts";
import { host } from "../driver/host.ts";
import { writeOutput } from "./output.ts";
import { report, styleOf } from "./report.ts";
import type { CommonOptions } from "./request.ts";

export function doc(files: readonly string[], options: CommonOptions): number {
  const { answer, references } = files.length > 0 ? documentFiles(files, (path) => host.read(path)) : documentLibrary();
  const failed = report(answer, styleOf(options));
  // A file that shows nothing is still one that was asked for.
  const found = references.filter(({ text }) => text !== "" || (options.json === true && files.length > 0));
  if (options.json === true) writeOutput(found.map((reference) => `${JSON.stringify(reference)}\n`).join(""));
  else writeOutput(found.map(({ text }) => text).join("\n"));
  return failed ? 1 : 0;
}

/** The standard library's reference. */
function documentLibrary(): ReturnType<typeof documentFiles> {
  return documentFiles(libraryPaths(), (path) => {
    const bytes = host.library(path);
    return bytes === undefined ? { ok: false, reason: "the library has no such file", missing: true } : { ok: true, bytes };
  });
}
