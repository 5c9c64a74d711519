/**
 * The library's source: `std/` and `os/`. Run from the checkout they are read from there; `scripts/build.ts` puts them into the executable in place of
 * this module's table.
 */

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

/** By path from the root; filled by the bundler. */
const files: Readonly<Record<string, string>> | undefined = undefined;

const root = fileURLToPath(new URL("../../", import.meta.url));
const encoder = new TextEncoder();

/** A file such as `std/core.lang`; undefined if the library has none of that name. */
export function embeddedFile(path: string): Uint8Array | undefined {
  const table: Readonly<Record<string, string>> | undefined = files;
  if (table !== undefined) {
    const text = table[path];
    return text === undefined ? undefined : encoder.encode(text);
  }
  if (!/^(std|os)\/[A-Za-z0-9_/]+\.lang$/.test(path)) return undefined;
  try {
    return new Uint8Array(readFileSync(join(root, path)));
  } catch {
    return undefined;
  }
}

/** The conformance suite's files, by path relative to its root. */
export function suiteFiles(): { readonly path: string; readonly text: string }[] {
  const table: Readonly<Record<string, string>> | undefined = files;
  if (table !== undefined) {
    return Object.entries(table).filter(([path]) => path.startsWith("conformance/")).map(([path, text]) => ({ path: path.slice("conformance/".length), text }));
  }
  const folder = join(root, "conformance");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".lang"))
    .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(folder, path), "utf8") }));
}
