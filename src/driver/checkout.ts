/** Where the library is a folder of sources: in a checkout, and in the published package. */

import { existsSync, readFileSync, readdirSync } from "node:fs";

/** The folder with `std/`, `os/` and `conformance/`: this is src/driver/checkout.ts there, or lib/src/driver/checkout.js of the published package. */
export function rootFolder(): string {
  const near = `${import.meta.dirname}/../..`;
  return existsSync(`${near}/std/core.lang`) ? near : `${near}/..`;
}

/** A file of the library such as `std/core.lang`; undefined if there is none of that name. */
export function checkoutFile(path: string): Uint8Array | undefined {
  if (!/^(std|os)\/[A-Za-z0-9_/]+\.lang$/.test(path)) return undefined;
  try {
    return new Uint8Array(readFileSync(`${rootFolder()}/${path}`));
  } catch {
    return undefined;
  }
}

/** The files of `std/`, from the root. */
export function checkoutPaths(): string[] {
  return readdirSync(`${rootFolder()}/std`, { recursive: true, encoding: "utf8" }).map((name) => `std/${name.replaceAll("\\", "/")}`);
}

/** The bytes of a file that is part of the compiler, wherever it lies. */
export function readPart(path: string): Uint8Array<ArrayBuffer> {
  return readFileSync(path);
}
