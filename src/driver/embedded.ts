/**
 * The library's source: `std/` and `os/`. Run from the checkout they are read from there; `scripts/build.ts` puts them into the executable in place of
 * this module's tables.
 */

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { type DeclarationIndex, indexDeclarations } from "../syntax/declarationIndex.ts";

/** By path from the root; filled by the bundler, as is the next. */
const files: Readonly<Record<string, string>> | undefined = undefined;
const indexes: Readonly<Record<string, DeclarationIndex>> | undefined = undefined;
/** Borrow summaries of a file's functions by the offset of the declaration, as JSON. */
const summaries: Readonly<Record<string, string>> | undefined = undefined;

const encoder = new TextEncoder();

/** The folder with `std/` and `os/`: this is src/driver/embedded.ts there, or lib/src/driver/embedded.js of the published package. */
function rootFolder(): string {
  const [near, far] = ["../../", "../../../"].map((up) => fileURLToPath(new URL(up, import.meta.url))) as [string, string];
  return existsSync(join(near, "std/core.lang")) ? near : far;
}

/** A file such as `std/core.lang`; undefined if the library has none of that name. */
export function embeddedFile(path: string): Uint8Array | undefined {
  const table: Readonly<Record<string, string>> | undefined = files;
  if (table !== undefined) {
    const text = table[path];
    return text === undefined ? undefined : encoder.encode(text);
  }
  if (!/^(std|os)\/[A-Za-z0-9_/]+\.lang$/.test(path)) return undefined;
  try {
    return new Uint8Array(readFileSync(join(rootFolder(), path)));
  } catch {
    return undefined;
  }
}

/** The paths of the standard library's files, sorted. */
export function libraryPaths(): string[] {
  const table: Readonly<Record<string, string>> | undefined = files;
  const all = table !== undefined ? Object.keys(table) : readdirSync(join(rootFolder(), "std"), { recursive: true, encoding: "utf8" }).map((name) => `std/${name.replaceAll("\\", "/")}`);
  return all.filter((path) => path.startsWith("std/") && path.endsWith(".lang")).sort();
}

/** Where the declarations of such a file stand. */
export function embeddedIndex(path: string): DeclarationIndex | undefined {
  const table: Readonly<Record<string, DeclarationIndex>> | undefined = indexes;
  if (table !== undefined) return table[path];
  const bytes = embeddedFile(path);
  return bytes === undefined ? undefined : indexDeclarations(bytes);
}

const parsedSummaries = new Map<string, Readonly<Record<string, string>>>();

/** The borrow summary of the function that is declared at `offset` bytes of such a file; undefined in a checkout, where it is found from the body. */
export function embeddedSummary(path: string, offset: number): string | undefined {
  const table: Readonly<Record<string, string>> | undefined = summaries;
  if (table === undefined) return undefined;
  let parsed = parsedSummaries.get(path);
  if (parsed === undefined) parsedSummaries.set(path, (parsed = JSON.parse(table[path] ?? "{}") as Readonly<Record<string, string>>));
  return parsed[offset];
}
