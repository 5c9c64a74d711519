/** Writes docs/library.md from the comments in std/: `bun docs/library.ts`. A test holds that the file is current. */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { documentLibrary } from "../src/driver/document.ts";
import { libraryPaths } from "../src/driver/embedded.ts";
import { host } from "../src/driver/host.ts";

/** The modules that are not part of the prelude: what no other file includes. */
function importedModules(documented: readonly string[]): string[] {
  const included = new Set(libraryPaths().flatMap((path) => {
    const text = new TextDecoder().decode(host.library(path));
    return [...text.matchAll(/^\s*include "([^"]+)"/gm)].map(([, part]) => part);
  }));
  return documented.filter((path) => path.startsWith("std/") && !included.has(path)).map((path) => path.replace(/\.lang$/, ""));
}

/** The document's text. */
export function libraryDocument(): string {
  const shown = documentLibrary(libraryPaths(), (path) => host.library(path)).references.filter(({ text }) => text !== "");
  const modules = importedModules(shown.map(({ path }) => path)).map((name) => `\`${name}\``).join(", ");
  return [
    "# The standard library",
    "",
    "<!-- Made by `bun docs/library.ts`, as `lang doc` makes it, from the comments in std/; std/examples.test.ts runs the examples. -->",
    "",
    `Each section is a file of the library. Some are modules, which are imported (\`import "std/json"\`): ${modules}; a section such as \`std/fs/metadata\` is a part of its module and comes with it.`,
    "All others are the prelude: their types and functions are there without asking. Where nothing else is said, an operation takes constant time.",
    "",
    ...shown.map(({ text }) => text),
  ].join("\n");
}

if (import.meta.main) writeFileSync(fileURLToPath(new URL("library.md", import.meta.url)), libraryDocument());
