/**
 * Files by the C library that Bun is linked with, for executables on Linux: `node:fs` takes a millisecond to load, the fifteenth part of a small build. What
 * fails is done once more by `nodeFiles.ts`, which says why; so is everything where that library has another name.
 */

import { dlopen, read, toArrayBuffer, type Pointer } from "bun:ffi";
import * as node from "./nodeFiles.ts";
import type { FileStatus } from "./nodeFiles.ts";

/** From fcntl.h and errno.h, the same on x86_64 and arm64. */
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const O_RDONLY = 0;
const O_WRONLY = 0o1;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_CLOEXEC = 0o2000000;
const ENOENT = 2;
/** What close(2) may tell of bytes that were not kept. */
const closeErrors: Readonly<Record<number, string>> = { 5: "EIO", 9: "EBADF", 28: "ENOSPC", 122: "EDQUOT" };

/** statx(2): what is asked for, and where it lies in the answer of 256 bytes. */
const STATX_BASIC = 0x7ff;
const statxLayout = { size: 256, stx_mode: 28, stx_ino: 32, stx_size: 40, stx_dev_major: 136, stx_dev_minor: 140 } as const;

/** The type of a file in its mode, and which one is what. */
const S_IFMT = 0o170000;
const kinds: Readonly<Record<number, FileStatus["kind"]>> = { 0o100000: "file", 0o040000: "folder", 0o010000: "pipe" };

/** What one call reads or writes at most: the system takes no more than 2 GiB. */
const most = 1 << 30;

function library() {
  try {
    return dlopen("libc.so.6", {
      openat: { args: ["i32", "ptr", "i32", "u32"], returns: "i32" },
      read: { args: ["i32", "ptr", "u64"], returns: "i32" },
      write: { args: ["i32", "ptr", "u64"], returns: "i32" },
      close: { args: ["i32"], returns: "i32" },
      rename: { args: ["ptr", "ptr"], returns: "i32" },
      statx: { args: ["i32", "ptr", "i32", "u32", "ptr"], returns: "i32" },
      __errno_location: { args: [], returns: "ptr" },
    }).symbols;
  } catch {
    return undefined;
  }
}

const system = library();
const encoder = new TextEncoder();

/** A path as the system takes it: it ends at the first zero, so that one with a zero in it names another file. */
function named(path: string): Uint8Array | undefined {
  return path.includes("\0") ? undefined : encoder.encode(`${path}\0`);
}

/** A new descriptor; undefined if there is none to be had. */
function opened(path: string, flags: number, mode: number): number | undefined {
  const name = named(path);
  if (system === undefined || name === undefined) return undefined;
  const descriptor = system.openat(AT_FDCWD, name, flags | O_CLOEXEC, mode);
  return descriptor < 0 ? undefined : descriptor;
}

function status(path: string, flags: number, otherwise: (path: string) => FileStatus | undefined): FileStatus | undefined {
  const name = named(path);
  if (system === undefined || name === undefined) return otherwise(path);
  const bytes = new Uint8Array(statxLayout.size);
  if (system.statx(AT_FDCWD, name, flags, STATX_BASIC, bytes) !== 0) {
    const place = system.__errno_location();
    return place !== null && read.i32(place) === ENOENT ? undefined : otherwise(path);
  }
  const answer = new DataView(bytes.buffer);
  const number = answer.getBigUint64(statxLayout.stx_ino, true);
  const device = `${answer.getUint32(statxLayout.stx_dev_major, true)}:${answer.getUint32(statxLayout.stx_dev_minor, true)}`;
  return {
    kind: kinds[answer.getUint16(statxLayout.stx_mode, true) & S_IFMT] ?? "device",
    size: Number(answer.getBigUint64(statxLayout.stx_size, true)),
    identity: number === 0n ? undefined : `${device}:${number}`,
  };
}

/** As in nodeFiles.ts, and so all that follow. */
export function statusOf(path: string): FileStatus | undefined {
  return status(path, 0, node.statusOf);
}

export function linkStatusOf(path: string): FileStatus | undefined {
  return status(path, AT_SYMLINK_NOFOLLOW, node.linkStatusOf);
}

export function openToRead(path: string): number {
  return opened(path, O_RDONLY, 0) ?? node.openToRead(path);
}

export function openToWrite(path: string): number {
  return opened(path, O_WRONLY, 0) ?? node.openToWrite(path);
}

export function createFile(path: string, mode: number): number {
  return opened(path, O_WRONLY | O_CREAT | O_EXCL, mode) ?? node.createFile(path, mode);
}

export function readInto(descriptor: number, bytes: Uint8Array): number {
  const count = system === undefined || bytes.length === 0 ? -1 : system.read(descriptor, bytes, Math.min(bytes.length, most));
  return count < 0 ? node.readInto(descriptor, bytes) : count;
}

export function writeFrom(descriptor: number, bytes: Uint8Array, at: number): number {
  const count = system === undefined || at === bytes.length ? -1 : system.write(descriptor, bytes.subarray(at), Math.min(bytes.length - at, most));
  return count < 0 ? node.writeFrom(descriptor, bytes, at) : count;
}

export function closeFile(descriptor: number): void {
  if (system === undefined) {
    node.closeFile(descriptor);
    return;
  }
  // Whether it fails or not, the descriptor is gone: node:fs can't be asked why.
  if (system.close(descriptor) === 0) return;
  const place = system.__errno_location();
  const error = place === null ? 0 : read.i32(place);
  const code = closeErrors[error];
  if (code !== undefined) throw Object.assign(new Error(`${code}: close`), { code });
}

export function renameFile(from: string, to: string): void {
  const before = named(from);
  const after = named(to);
  if (system === undefined || before === undefined || after === undefined || system.rename(before, after) !== 0) node.renameFile(from, to);
}

export function removeFile(path: string): void {
  node.removeFile(path);
}

/** `length` bytes of the memory of this process, from an address on that stays mapped. */
export const memoryAt = (address: number, length: number): Uint8Array<ArrayBuffer> => new Uint8Array(toArrayBuffer(address as Pointer, 0, length));
