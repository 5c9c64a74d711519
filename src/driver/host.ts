/** The one file of the compiler that touches the machine: files, clock. Everything else is given what it returns. */

import type { Interner } from "../source/interner.ts";
import type { CarriedIndex, DeclarationIndex } from "../syntax/declarationIndex.ts";
import { PrebuiltLibrary } from "../prebuilt/library.ts";
import { absolutePath } from "./absolutePath.ts";
import { carriedBytes } from "./carriedBytes.ts";
import { closeFile, createFile, openToRead, openToWrite, readInto, removeFile, renameFile, statusOf, writeFrom } from "./files.ts";
import { joined } from "./joined.ts";
import { embeddedFile, embeddedIndex, embeddedNames, embeddedSummary } from "./embedded.ts";

export type FileResult = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly reason: string; readonly missing: boolean };

/** Where the declarations of the library's files stand, so that only those that are named are read. */
export interface LibraryIndexes {
  of(path: string): DeclarationIndex | CarriedIndex | undefined;
  /** The names for a program to begin with: those that the trees of carried indexes have. */
  names(): Interner | undefined;
}

/** What a build needs of its surroundings. */
export interface BuildHost {
  /** Reads a file of the user's. */
  read(path: string): FileResult;
  /** A file of the library by its name from the root, such as `std/core.lang`. */
  library(path: string): Uint8Array | undefined;
  /** What is known of the library's files before they are read. Without it, they are read whole. */
  readonly libraryIndexes?: LibraryIndexes | undefined;
  /** The borrow summary of the function that is declared at `offset` bytes of a file of the library. Without it, summaries are found from bodies. */
  librarySummary?(path: string, offset: number): string | undefined;
  /** The prebuilt part of the library for a target and a level. Without it, all is compiled from source. */
  prebuilt?(target: string, level: string): PrebuiltLibrary | undefined;
  /** Called where the library is compiled from source, too, which takes a while. */
  expectLibrary?(): void;
  /** The same string for the same file, however it is spelled. */
  identity(path: string): string;
  /** The folder that relative paths start from, for debug information. */
  folder(): string;
  /** Milliseconds, from any start. */
  now(): number;
}

/** Source files larger than this are refused: positions are 31-bit numbers. */
const largestSource = 1 << 28;

export const host: BuildHost = {
  read: readSource,
  library: (path) => embeddedFile(path),
  libraryIndexes: { of: (path) => embeddedIndex(path), names: () => embeddedNames() },
  librarySummary: (path, offset) => embeddedSummary(path, offset),
  prebuilt: (target, level) => {
    const bytes = carriedBytes(`${target}-${level}`);
    return bytes && PrebuiltLibrary.decode(bytes);
  },
  expectLibrary: () => expectRun(jitPolicies.medium),
  identity: (path) => absolutePath(path),
  folder: () => process.cwd(),
  now: () => performance.now(),
};

/** The same host, which reads each file once: for several builds of one program. So all see the same text, and standard input suffices for all. */
export function readingOnce(host: BuildHost): BuildHost {
  const files = new Map<string, FileResult>();
  const library = new Map<string, Uint8Array | undefined>();
  const once = <T>(known: Map<string, T>, path: string, read: (path: string) => T): T => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const found = read(path);
    known.set(path, found);
    return found;
  };
  return { ...host, read: (path) => once(files, path, host.read), library: (path) => once(library, path, host.library) };
}

/** Bytes of source from which on a program takes long enough to build that compiling the compiler's own code pays, for what runs often and for all of it. */
const mediumSource = 1 << 11;
const largeSource = 1 << 15;

/** How many times more often than usual code runs before JavaScriptCore compiles it: in a small build hardly any. The executable starts with the first; from source, and by Node, the last is all there is. */
export const jitPolicies = { small: 200, medium: 24, large: 1 } as const;

let jitPolicy: number = typeof Bun !== "undefined" && Bun.isStandaloneExecutable ? jitPolicies.small : jitPolicies.large;

/** Makes the machine ready for a build that takes longer than it looked. */
function expectRun(policy: number): void {
  if (policy >= jitPolicy) return;
  jitPolicy = policy;
  Bun.unsafe.setJITPolicy(policy);
}

/** Ends what the executable starts with. */
export function expectLongRun(): void {
  expectRun(jitPolicies.large);
}

/** Bytes of source that were read. */
let sourceBytes = 0;

function noteSource(bytes: number): void {
  sourceBytes += bytes;
  if (sourceBytes > mediumSource) expectRun(sourceBytes > largeSource ? jitPolicies.large : jitPolicies.medium);
}

/** Reads a source text, as `readWhole` does: what a compiler or linker made is none. */
export function readSource(path: string): FileResult {
  const read = readWhole(path);
  const format = read.ok && path !== "-" ? machineFormat(read.bytes) : undefined;
  return format === undefined ? read : refused(`it is ${format} and no source text; objects are linked by a C compiler, with what lang writes for -o x.o`);
}

/** Reads a regular file or a pipe whole; `-` is standard input. Never blocks on a device that has no end. */
export function readWhole(path: string): FileResult {
  if (path === "-") return readDescriptor(0, 0);
  if (!isName(path)) return refused(noName);
  let descriptor: number;
  let size: number;
  try {
    const status = statusOf(path);
    if (status === undefined) return { ok: false, reason: reasons["ENOENT"] as string, missing: true };
    if (status.kind === "folder") return refused("it is a directory");
    if (status.kind === "device") return refused("it is a device, not a file");
    ({ size } = status);
    if (size > largestSource) return refused(`it has ${size} bytes, more than a source file may`);
    descriptor = openToRead(path);
  } catch (error) {
    return { ok: false, reason: reasonOf(error), missing: codeOf(error) === "ENOENT" };
  }
  try {
    return readDescriptor(descriptor, size);
  } finally {
    closeFile(descriptor);
  }
}

/** What a file starts with that a compiler or linker made; but for archives, NUL bytes follow soon. No source text does. */
const machineFormats: readonly (readonly [start: string, format: string])[] = [
  ["\x7fELF", "an ELF file"], ["\xcf\xfa\xed\xfe", "a Mach-O file"], ["\xca\xfe\xba\xbe", "a Mach-O file"], ["MZ", "a Windows executable"],
  ["\x64\x86", "a COFF object"], ["\x64\xaa", "a COFF object"], ["!<arch>\n", "an archive"], ["BC\xc0\xde", "LLVM bitcode"],
];

function machineFormat(bytes: Uint8Array): string | undefined {
  const found = machineFormats.find(([start]) => start.charCodeAt(0) === bytes[0] && [...start].every((letter, i) => letter.charCodeAt(0) === bytes[i]));
  return found !== undefined && (found[1] === "an archive" || bytes.subarray(0, 64).includes(0)) ? found[1] : undefined;
}

/** Reads to the end of what has `expected` bytes, or more, or fewer: a file may grow, and of a pipe nothing is known. */
function readDescriptor(descriptor: number, expected: number): FileResult {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  for (;;) {
    // With room for one more than are expected, the end shows without another chunk.
    let chunk = new Uint8Array(chunks.length === 0 && expected > 0 ? expected + 1 : 65536);
    let count = 0;
    try {
      for (let more = readOn(descriptor, chunk); more > 0; more = readOn(descriptor, chunk.subarray(count))) count += more;
    } catch (error) {
      return refused(reasonOf(error));
    }
    total += count;
    if (total > largestSource) return refused("it is larger than a source file may be");
    const atEnd = count < chunk.length;
    if (atEnd) chunk = chunk.subarray(0, count);
    chunks.push(chunk);
    if (atEnd) break;
  }
  noteSource(total);
  const [first] = chunks;
  return { ok: true, bytes: chunks.length === 1 && first !== undefined ? first : joined(chunks) };
}

/** Reads on into `bytes`; 0 at the end, or when there is no room. */
function readOn(descriptor: number, bytes: Uint8Array): number {
  for (;;) {
    try {
      return bytes.length === 0 ? 0 : readInto(descriptor, bytes);
    } catch (error) {
      if (codeOf(error) === "EOF") return 0;
      if (codeOf(error) !== "EAGAIN") throw error;
    }
  }
}

/**
 * Writes a file so that nobody sees half of it: beside its place, then renamed. What exists stays as it was if anything fails.
 * Returns what went wrong, or undefined.
 */
export function writeWhole(path: string, bytes: Uint8Array, executable: boolean): string | undefined {
  if (!isName(path)) return noName;
  try {
    const status = statusOf(path);
    if (status?.kind === "folder") return "it is a directory";
    // Something like /dev/null or /dev/stdout cannot be replaced: write to it.
    if (status !== undefined && status.kind !== "file") return writeTo(path, bytes);
  } catch (error) {
    return reasonOf(error);
  }
  let aside: string | undefined;
  try {
    const descriptor = openAside(path, executable, (name) => { aside = name; });
    try {
      for (let at = 0; at < bytes.length; ) at += writeFrom(descriptor, bytes, at);
    } finally {
      // A disk of another machine may turn out to be full only now.
      closeFile(descriptor);
    }
    if (aside !== undefined) renameFile(aside, path);
    aside = undefined;
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    if (aside !== undefined) removeFile(aside);
  }
}

const noName = "its name is not UTF-8";

/** What the system hands on as arguments is text: bytes that are none come as U+FFFD, and name another file. */
function isName(path: string): boolean {
  return !path.includes("\uFFFD");
}

/** Opens a new file beside `path`, whose name it tells; with the permissions that the user's mask leaves. */
function openAside(path: string, executable: boolean, tell: (name: string) => void): number {
  const from = nameStart(path);
  for (let i = 0; ; i++) {
    const name = `${path.slice(0, from)}.${path.slice(from, from + 50)}.${process.pid}.${i}`;
    try {
      const descriptor = createFile(name, executable ? 0o777 : 0o666);
      tell(name);
      return descriptor;
    } catch (error) {
      if (codeOf(error) !== "EEXIST" || i === 100) throw error;
    }
  }
}

/** Where the file's own name begins in a path, behind its folder. */
function nameStart(path: string): number {
  const separators = process.platform === "win32" ? ["/", "\\", ":"] : ["/"];
  return Math.max(...separators.map((separator) => path.lastIndexOf(separator))) + 1;
}

function writeTo(path: string, bytes: Uint8Array): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openToWrite(path);
    for (let at = 0; at < bytes.length; ) at += writeFrom(descriptor, bytes, at);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    if (descriptor !== undefined) closeFile(descriptor);
  }
}

function refused(reason: string): FileResult {
  return { ok: false, reason, missing: false };
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission is denied",
  EPERM: "it is not permitted",
  ENOSPC: "the disk is full",
  EFBIG: "it would be larger than files may be here",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a directory",
  ELOOP: "its symbolic links go in a circle",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
  EIO: "reading or writing failed",
  ETXTBSY: "the program is running",
};

/** What an error of the file system means, in words. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
