/**
 * Finished builds as files, for a cache: which files a build read, and what it made of them. A build that finds the same files as an earlier one of the
 * same compiler with the same request would make the same bytes, and need not be done again.
 */

import type { BuildHost, FileResult } from "./host.ts";

/** A file that a build asked for, and the hash of what it got; null if there was none. */
export type FileRead = readonly [path: string, hash: string | null];

export type Hash = (bytes: Uint8Array) => string;

/** The same host, which notes what it reads in `reads`. What can be read only once, or could not be read, makes the build not repeatable: `undefined`. */
export function noting(host: BuildHost, hash: Hash): { readonly host: BuildHost; readonly reads: () => readonly FileRead[] | undefined } {
  const reads = new Map<string, string | null>();
  let isRepeatable = true;
  const read = (path: string): FileResult => {
    const result = host.read(path);
    if (path === "-" || (!result.ok && !result.missing)) isRepeatable = false;
    else reads.set(path, result.ok ? hash(result.bytes) : null);
    return result;
  };
  return { host: { ...host, read }, reads: () => (isRepeatable ? [...reads] : undefined) };
}

/** A kept build: a line of JSON with the files and the length of the output, and the output. */
export function encodeKept(reads: readonly FileRead[], output: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${JSON.stringify({ reads, size: output.length })}\n`);
  const bytes = new Uint8Array(head.length + output.length);
  bytes.set(head);
  bytes.set(output, head.length);
  return bytes;
}

/** The output of a kept build, if it is whole and all that the build read is still the same. */
export function decodeKept(bytes: Uint8Array, isSame: (read: FileRead) => boolean): Uint8Array | undefined {
  const end = bytes.indexOf(10);
  if (end < 0) return undefined;
  let head: { readonly reads?: unknown; readonly size?: unknown };
  try {
    head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as typeof head;
  } catch {
    return undefined;
  }
  const { reads, size } = head;
  if (!Array.isArray(reads) || size !== bytes.length - end - 1) return undefined;
  return reads.every((read) => isRead(read) && isSame(read)) ? bytes.subarray(end + 1) : undefined;
}

function isRead(read: unknown): read is FileRead {
  return Array.isArray(read) && read.length === 2 && typeof read[0] === "string" && (read[1] === null || typeof read[1] === "string");
}
