/** Standard output and error, written at once: the streams of `process` take longer to make than a small build. */

import { writeFrom } from "../driver/files.ts";

const encoder = new TextEncoder();

/** What a command needs to write, it cannot: the disk is full, or a stream is closed. The command ends; main.ts says why. */
export class CannotWrite extends Error {
  /** What could not be written, as a message names it. */
  readonly what: string;
  readonly advice: readonly string[];

  /** `cause`: the error, or what is wrong in words. */
  constructor(what: string, cause: unknown, advice: readonly string[] = []) {
    super(`${what} cannot be written`, { cause });
    this.what = what;
    this.advice = advice;
  }
}

const streams = { 1: "standard output", 2: "standard error" } as const;

/** Writes all of it to standard output. */
export function writeOutput(text: string | Uint8Array): void {
  writeAll(1, text);
}

/** Writes all of it to standard error. */
export function writeError(text: string | Uint8Array): void {
  writeAll(2, text);
}

function writeAll(descriptor: 1 | 2, text: string | Uint8Array): void {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeFrom(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      // A pipe that others made non-blocking and whose reader is slow: wait a little.
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      // Nobody reads any more: as with any program, that is no mistake of ours.
      else if (code === "EPIPE") return;
      else throw new CannotWrite(streams[descriptor], error);
    }
  }
}
