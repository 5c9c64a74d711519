/** A file that the executable carries, for columns of 32-bit numbers to lie in. */

import { readFileSync } from "node:fs";

/** The bytes of a file, at an address that 32-bit numbers can have. */
export function readWords(path: string): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = readFileSync(path);
  return byteOffset % 4 === 0 ? new Uint8Array(buffer, byteOffset, length) : new Uint8Array(buffer.slice(byteOffset, byteOffset + length));
}
