/** Whether a code signature is what it should be: its structure, and the hash of each page of the file (xnu, ubc_subr.c). */
import { BoundedReader } from "../boundedReader.ts";
import { sha256 } from "../sha256.ts";
import { Signature } from "./constants.ts";

/** The rules that the signature at `part` of the file breaks; `textSize`: bytes of __TEXT. */
export function verifySignature(bytes: Uint8Array, part: { readonly offset: number; readonly size: number }, textSize: number): string[] {
  const r = new BoundedReader(bytes);
  const problems: string[] = [];
  const rule = (fine: boolean, problem: string): void => {
    if (!fine) problems.push(problem);
  };
  const at = part.offset;
  rule(r.be32(at, "SuperBlob") === Signature.superBlob, "SuperBlob.magic: not that of a signature");
  const length = r.be32(at + 4, "SuperBlob.length");
  rule(length <= part.size, "SuperBlob.length: longer than LC_CODE_SIGNATURE says");
  const count = r.be32(at + 8, "SuperBlob.count");
  if (r.failed || count < 1 || count > 16) return [...problems, "SuperBlob.count: no number of blobs"];
  let directory = -1;
  for (let i = 0; i < count; i++) {
    const [type, offset] = [r.be32(at + 12 + i * 8, "BlobIndex.type"), r.be32(at + 16 + i * 8, "BlobIndex.offset")];
    rule(offset + 8 <= length, "BlobIndex.offset: outside of the signature");
    if (type === 0) directory = at + offset;
  }
  if (directory < 0) return [...problems, "BlobIndex: no code directory"];
  const field = (offset: number, name: string): number => r.be32(directory + offset, name);
  rule(field(0, "magic") === Signature.codeDirectory, "CodeDirectory.magic: not that of a code directory");
  const directoryLength = field(4, "length");
  rule(directory + directoryLength <= at + length, "CodeDirectory.length: longer than the signature");
  rule(field(8, "version") >= Signature.version, "CodeDirectory.version: knows no executable segment");
  rule((field(12, "flags") & Signature.adHoc) !== 0, "CodeDirectory.flags: not ad-hoc, and there is no certificate");
  const [hashes, identifier, special, pages, limit] = [16, 20, 24, 28, 32].map((o) => field(o, "CodeDirectory"));
  const sizes = field(36, "hashSize");
  rule(sizes >>> 24 === 32 && ((sizes >>> 16) & 255) === Signature.sha256, "CodeDirectory.hashType: not SHA-256");
  const log = sizes & 255;
  rule(log === 12 || log === 14, `CodeDirectory.pageSize: 2^${log}`);
  rule(limit === at, "CodeDirectory.codeLimit: not where the signature begins");
  rule(identifier >= 88 && r.text(directory + identifier, directory + Math.max(hashes, identifier + 1), "identifier") !== "", "CodeDirectory.identOffset: no identifier");
  rule(field(72, "execSegLimit") === 0 && field(76, "execSegLimit") === textSize, "CodeDirectory.execSegLimit: not the size of __TEXT");
  rule(field(84, "execSegFlags") === Signature.mainBinary, "CodeDirectory.execSegFlags: not a main binary");
  rule(field(64, "execSegBase") === 0 && field(68, "execSegBase") === 0, "CodeDirectory.execSegBase: not the file's start");
  if (r.failed || problems.length > 0) return [...problems, ...(r.error === undefined ? [] : [`${r.error.field}: ${r.error.problem}`])];
  const page = 2 ** log;
  rule(pages === Math.ceil(limit / page), "CodeDirectory.nCodeSlots: not the number of pages");
  rule(hashes - special * 32 >= 88 && hashes + pages * 32 <= directoryLength, "CodeDirectory.hashOffset: outside of the directory");
  if (problems.length > 0) return problems;
  for (let i = 0; i < pages; i++) {
    const wanted = bytes.subarray(directory + hashes + i * 32, directory + hashes + i * 32 + 32);
    const hash = sha256(bytes, i * page, Math.min(limit, (i + 1) * page));
    if (!hash.every((byte, k) => byte === wanted[k])) problems.push(`page ${i}: its hash is another (the last page counts to codeLimit, without padding)`);
  }
  return problems;
}
