/** The ad-hoc code signature: a hash of every 4 KiB of the file before it. Big-endian, unlike the rest (xnu, cs_blobs.h). */
import { alignUp } from "../align.ts";
import { sha256 } from "../sha256.ts";
import { SIGNED_PAGE, SIGNED_PAGE_LOG, Signature } from "./constants.ts";

const HASH_SIZE = 32;
/** SuperBlob with one entry; the code directory follows. */
const SUPER_BLOB = 20;
/** Fields of a code directory of version 0x20400. */
const DIRECTORY = 88;

const hashOffset = (identifier: string): number => alignUp(DIRECTORY + identifier.length + 1, 4);

/** Bytes of the signature of a file with `limit` bytes before it. */
export function signatureSize(limit: number, identifier: string): number {
  return alignUp(SUPER_BLOB + hashOffset(identifier) + Math.ceil(limit / SIGNED_PAGE) * HASH_SIZE, 16);
}

/**
 * Signs `file[0, limit)`, which is final but for the UUID at `uuidAt`: that is made here of the hashes, so that it says what the program is.
 * `textSize`: the file size of __TEXT, which starts the file.
 */
export function writeSignature(file: Uint8Array, limit: number, identifier: string, textSize: number, uuidAt: number): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const pages = Math.ceil(limit / SIGNED_PAGE);
  const offset = hashOffset(identifier);
  const length = offset + pages * HASH_SIZE;
  const u32 = (at: number, value: number): void => view.setUint32(limit + at, value, false);
  u32(0, Signature.superBlob);
  u32(4, SUPER_BLOB + length);
  u32(8, 1);
  u32(12, 0); // the code directory
  u32(16, SUPER_BLOB);
  const fields = [
    Signature.codeDirectory, length, Signature.version, Signature.adHoc | Signature.linkerSigned, offset, DIRECTORY, 0, pages, limit,
    (HASH_SIZE << 24) | (Signature.sha256 << 16) | SIGNED_PAGE_LOG, 0, // hash size, hash type, platform, page size; spare
    0, 0, 0, 0, 0, // scatter, team, spare, 64-bit limit
    0, 0, 0, textSize, 0, Signature.mainBinary, // executable segment: base, limit, flags, 64 bits each
  ];
  fields.forEach((value, i) => u32(SUPER_BLOB + i * 4, value >>> 0));
  for (let i = 0; i < identifier.length; i++) file[limit + SUPER_BLOB + DIRECTORY + i] = identifier.charCodeAt(i) & 127;
  const hashes = limit + SUPER_BLOB + offset;
  // Much of a small program is padding to the kernel's pages: the hash of an empty page is computed once.
  let ofZeros: Uint8Array | undefined;
  const hash = (page: number): void => {
    const [start, end] = [page * SIGNED_PAGE, Math.min(limit, (page + 1) * SIGNED_PAGE)];
    const empty = end - start === SIGNED_PAGE && isZero(file, start, end);
    const digest = empty && ofZeros !== undefined ? ofZeros : sha256(file, start, end);
    if (empty) ofZeros = digest;
    file.set(digest, hashes + page * HASH_SIZE);
  };
  for (let page = 0; page < pages; page++) hash(page);
  const uuid = sha256(file, hashes, hashes + pages * HASH_SIZE).subarray(0, 16);
  uuid[6] = (uuid[6] & 0x0f) | 0x30; // version 3: of a name, and the variant of RFC 4122
  uuid[8] = (uuid[8] & 0x3f) | 0x80;
  file.set(uuid, uuidAt);
  hash(Math.floor(uuidAt / SIGNED_PAGE));
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}
