/** Signs an executable anew, ad hoc: for one that another program changed after it was signed. */
import { alignUp } from "../align.ts";
import { signatureSize, writeSignature } from "./codeSignature.ts";
import { Command, Cpu } from "./constants.ts";
import type { MachFile } from "./read.ts";

export type Resigned = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly problem: string };

/** The file with a signature of its own bytes in the place of the one it has; `identifier` is what the signature calls it. Its UUID becomes that of its content. */
export function resign(file: MachFile, bytes: Uint8Array, identifier: string): Resigned {
  const command = (wanted: number) => file.commands.find((c) => c.command === wanted);
  const [signature, uuid] = [command(Command.codeSignature), command(Command.uuid)];
  const text = file.segments.find((s) => s.name === "__TEXT");
  const index = file.segments.findIndex((s) => s.name === "__LINKEDIT");
  const linkedit = file.segments[index];
  const segment = file.commands.filter((c) => c.command === Command.segment64)[index];
  if (signature === undefined) return { ok: false, problem: "LC_CODE_SIGNATURE: none, and nothing says that there is room for one" };
  if (uuid === undefined) return { ok: false, problem: "LC_UUID: none" };
  if (text === undefined || linkedit === undefined || segment === undefined || index !== file.segments.length - 1) return { ok: false, problem: "__LINKEDIT: not there, or not the last segment" };
  // What stands in __LINKEDIT besides the signature stays; the signature comes behind it.
  const rest = Object.entries(file.parts).filter(([name]) => name !== "signature").map(([, part]) => part.offset + part.size);
  const limit = alignUp(Math.max(linkedit.offset, ...rest), 16);
  if (limit > bytes.length) return { ok: false, problem: "__LINKEDIT: ends before what is in it" };
  const size = signatureSize(limit, identifier);
  const signed = new Uint8Array(limit + size);
  signed.set(bytes.subarray(0, limit));
  const view = new DataView(signed.buffer);
  view.setUint32(signature.offset + 8, limit, true);
  view.setUint32(signature.offset + 12, size, true);
  const put = (at: number, value: number): void => view.setBigUint64(segment.offset + at, BigInt(value), true);
  put(32, alignUp(signed.length - linkedit.offset, file.cpuType === Cpu.arm64.type ? 0x4000 : 0x1000)); // vmsize
  put(48, signed.length - linkedit.offset); // filesize
  writeSignature(signed, limit, identifier, text.fileSize, uuid.offset + 8);
  return { ok: true, bytes: signed };
}
