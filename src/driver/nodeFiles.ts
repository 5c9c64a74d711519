/** Files by `node:fs`, with names as it has them: an error says what it says. */

import { closeSync, constants, lstatSync, openSync, readSync, renameSync, statSync, unlinkSync, writeSync, type BigIntStats } from "node:fs";

/** What is known of a file that is there. */
export interface FileStatus {
  readonly kind: "file" | "folder" | "pipe" | "device";
  /** In bytes. */
  readonly size: number;
  /** The same by whatever name, and another one for each file; undefined where the system knows none. */
  readonly identity: string | undefined;
}

function described(status: BigIntStats | undefined): FileStatus | undefined {
  if (status === undefined) return undefined;
  const kind = status.isFile() ? "file" : status.isDirectory() ? "folder" : status.isFIFO() ? "pipe" : "device";
  return { kind, size: Number(status.size), identity: status.ino === 0n ? undefined : `${status.dev}:${status.ino}` };
}

/** The file of that name, behind symbolic links; undefined if there is none. */
export function statusOf(path: string): FileStatus | undefined {
  return described(statSync(path, { throwIfNoEntry: false, bigint: true }));
}

/** Likewise, but of a symbolic link itself: it is a "device". */
export function linkStatusOf(path: string): FileStatus | undefined {
  return described(lstatSync(path, { throwIfNoEntry: false, bigint: true }));
}

/** A descriptor to read an existing file with. */
export function openToRead(path: string): number {
  return openSync(path, constants.O_RDONLY);
}

/** A descriptor to write an existing file with, from its start on. */
export function openToWrite(path: string): number {
  return openSync(path, constants.O_WRONLY);
}

/** A descriptor to write a file with that is not there yet, with the permissions `mode` that the user's mask leaves. */
export function createFile(path: string, mode: number): number {
  return openSync(path, "wx", mode);
}

/** Reads on; gives the number of bytes, 0 at the end. */
export function readInto(descriptor: number, bytes: Uint8Array): number {
  return readSync(descriptor, bytes);
}

/** Writes what of `bytes` lies from `at` on; gives how many of them were written. */
export function writeFrom(descriptor: number, bytes: Uint8Array, at: number): number {
  return writeSync(descriptor, bytes, at);
}

/** Fails where the system notices only now that what was written can't be kept. */
export function closeFile(descriptor: number): void {
  closeSync(descriptor);
}

/** Gives a file another name, in place of one that has it. */
export function renameFile(from: string, to: string): void {
  renameSync(from, to);
}

export function removeFile(path: string): void {
  unlinkSync(path);
}
