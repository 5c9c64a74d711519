/** Writes docs/library.md from the comments in std/: `bun docs/library.ts`. A test holds that the file is current. */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { documentFiles } from "../src/driver/document.ts";
import { libraryPaths } from "../src/driver/embedded.ts";
import { host } from "../src/driver/host.ts";

/** The document's text. */
export function libraryDocument(): string {
  const { references } = documentFiles(libraryPaths(), (path) => {
    const bytes = host.library(path);
    return bytes === undefined ? { ok: false, reason: "the library has no such file", missing: true } : { ok: true, bytes };
  });
  return [
    "# The standard library",
    "",
    "<!-- Made by `bun docs/library.ts`, as `lang doc` makes it, from the comments in std/; std/examples.test.ts runs the examples. -->",
    "",
    'The prelude\'s types and functions are there without asking; the other modules are imported: `import "std/json"`. Where nothing else is said, an operation takes constant time.',
    "",
    ...references.map(({ text }) => text).filter((text) => text !== ""),
  ].join("\n");
}

if (import.meta.main) writeFileSync(fileURLToPath(new URL("library.md", import.meta.url)), libraryDocument());
