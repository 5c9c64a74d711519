/** An object that another compiler made, as an executable of ours. */

import { readObject } from "../link/readObject.ts";
import { linkExecutable, type LinkedExecutable } from "./linkExecutable.ts";
import type { BuildRequest } from "./request.ts";

/** `name` is what messages call the object. */
export function linkForeign(name: string, object: Uint8Array<ArrayBuffer>, request: BuildRequest): LinkedExecutable {
  const read = readObject(name, object, request.target.architecture);
  if (!read.ok) return { ok: false, failures: [{ code: read.error.code, message: read.error.message, advice: read.error.advice }] };
  // Others leave at -O0 what nobody calls.
  return linkExecutable([read.object], { ...request, level: request.level === "O0" ? "O1" : request.level });
}
