/** The conformance suite's sources: read from the checkout, or (put here by `scripts/build.ts`) from the executable. A module of its own, so that builds do not load it. */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rootFolder } from "./checkout.ts";

/** By path from the suite's root; filled by the bundler. */
const files: Readonly<Record<string, string>> | undefined = undefined;

/** The suite's files, by path relative to its root. */
export function suiteFiles(): { readonly path: string; readonly text: string }[] {
  const table: Readonly<Record<string, string>> | undefined = files;
  if (table !== undefined) return Object.entries(table).map(([path, text]) => ({ path, text }));
  const folder = `${rootFolder()}/conformance`;
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".lang"))
    .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(folder, path), "utf8") }));
}
