/** The library's source: `std/` and `os/`. Run from the checkout they are read from there, an executable carries them as a file (`libraryFile.ts`). */

import { existsSync, readFileSync, readdirSync } from "node:fs";
import type { Interner } from "../source/interner.ts";
import { type CarriedIndex, type DeclarationIndex, indexDeclarations } from "../syntax/declarationIndex.ts";
import { libraryPlace, textPlaces, treePlaces } from "./carriedFiles.ts";
import { LibraryFile } from "./libraryFile.ts";
import { readWords } from "./readWords.ts";

const carried = libraryPlace === undefined ? undefined : new LibraryFile(readWords(libraryPlace), (group) => readFileSync(textPlaces[group] as string), (group) => readWords(treePlaces[group] as string));

/** The folder with `std/`, `os/` and `conformance/`: this is src/driver/embedded.ts there, or lib/src/driver/embedded.js of the published package. */
export function rootFolder(): string {
  const near = `${import.meta.dirname}/../..`;
  return existsSync(`${near}/std/core.lang`) ? near : `${near}/..`;
}

/** A file such as `std/core.lang`; undefined if the library has none of that name. */
export function embeddedFile(path: string): Uint8Array | undefined {
  if (carried !== undefined) return carried.text(path);
  if (!/^(std|os)\/[A-Za-z0-9_/]+\.lang$/.test(path)) return undefined;
  try {
    return new Uint8Array(readFileSync(`${rootFolder()}/${path}`));
  } catch {
    return undefined;
  }
}

/** The paths of the standard library's files, sorted. */
export function libraryPaths(): string[] {
  const all = carried?.paths() ?? readdirSync(`${rootFolder()}/std`, { recursive: true, encoding: "utf8" }).map((name) => `std/${name.replaceAll("\\", "/")}`);
  return all.filter((path) => path.startsWith("std/") && path.endsWith(".lang")).sort();
}

/** Where the declarations of such a file stand. */
export function embeddedIndex(path: string): DeclarationIndex | CarriedIndex | undefined {
  if (carried !== undefined) return carried.index(path);
  const bytes = embeddedFile(path);
  return bytes === undefined ? undefined : indexDeclarations(bytes);
}

/** The names that the index's trees have; undefined in a checkout, which has no trees. */
export function embeddedNames(): Interner | undefined {
  return carried?.names();
}

/** The borrow summary of the function that is declared at `offset` bytes of such a file; undefined in a checkout, where it is found from the body. */
export function embeddedSummary(path: string, offset: number): string | undefined {
  return carried?.summary(path, offset);
}
