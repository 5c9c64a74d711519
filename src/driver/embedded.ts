/** The library's source: `std/` and `os/`. Run from the checkout they are read from there, an executable carries them as a file (`libraryFile.ts`). */

import type { Interner } from "../source/interner.ts";
import { type CarriedIndex, type DeclarationIndex, indexDeclarations } from "../syntax/declarationIndex.ts";
import { carriedBytes, carriesFiles } from "./carriedBytes.ts";
import { checkoutFile, checkoutPaths } from "./checkout.ts";
import { LibraryFile } from "./libraryFile.ts";

const carried = carriesFiles ? new LibraryFile(part("library"), (group, from, length) => part(`text-${group}`, from, length), (group, from, length) => part(`trees-${group}`, from, length)) : undefined;

function part(name: string, from?: number, length?: number): Uint8Array<ArrayBuffer> {
  const bytes = carriedBytes(name, from, length);
  if (bytes === undefined) throw new Error(`driver/embedded.part: '${name}' is not carried`);
  return bytes;
}

/** A file such as `std/core.lang`; undefined if the library has none of that name. */
export function embeddedFile(path: string): Uint8Array | undefined {
  return carried === undefined ? checkoutFile(path) : carried.text(path);
}

/** The paths of the standard library's files, sorted. */
export function libraryPaths(): string[] {
  const all = carried?.paths() ?? checkoutPaths();
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
