/** Standard output and error, written at once: the streams of `process` take longer to make than a small build. */

import { writeSync } from "node:fs";

const encoder = new TextEncoder();

/** What a command printed could not be written: the disk behind it is full, or it is closed. */
export class OutputError extends Error {
  readonly descriptor: 1 | 2;

  constructor(descriptor: 1 | 2, cause: unknown) {
    super("writing failed", { cause });
    this.descriptor = descriptor;
  }
}

export function writeOutput(text: string | Uint8Array): void {
  writeAll(1, text);
}

export function writeError(text: string | Uint8Array): void {
  writeAll(2, text);
}

function writeAll(descriptor: 1 | 2, text: string | Uint8Array): void {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      // A pipe that others made non-blocking and whose reader is slow: wait a little.
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      // Nobody reads any more: as with any program, that is no mistake of ours.
      else if (code === "EPIPE") return;
      else throw new OutputError(descriptor, error);
    }
  }
}
