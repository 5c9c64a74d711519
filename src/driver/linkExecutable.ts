/** The last step of a build: objects become the executable that the request asks for. */

import { link } from "../link/link.ts";
import type { ObjectFile } from "../link/object.ts";
import { imageOf } from "./images.ts";
import type { BuildRequest, Failure } from "./request.ts";

/** The symbol where a process begins. */
export const entryName = "_start";

export type LinkedExecutable = { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> } | { readonly ok: false; readonly failures: readonly Failure[] };

export function linkExecutable(objects: readonly ObjectFile[], request: BuildRequest): LinkedExecutable {
  const { target, level } = request;
  const { start, entry = entryName, undefinedAdvice, ...image } = imageOf(request);
  const result = link(start === undefined ? objects : [...objects, start(entryName)], {
    machine: target.architecture, entry, strip: request.strip, compact: level === "Os",
    // At -O0 nothing is made that is not reached.
    removeDead: level !== "O0",
    ...image,
  });
  if (result.ok) return { ok: true, bytes: result.bytes };
  return {
    ok: false,
    failures: result.errors.map(({ code, message, symbol, places, advice }) => {
      const isUndefined = code === "E0807" && symbol !== "";
      const known = isUndefined ? (undefinedAdvice?.(symbol) ?? []) : [];
      return { code, message, advice: [...places.map((place) => `see ${place}`), ...advice, ...known], ...(isUndefined ? { undefinedSymbol: { name: symbol, advice: known } } : {}) };
    }),
  };
}
