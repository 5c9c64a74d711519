/** The last step of a build: objects become the executable that the request asks for. */

import type { LinkSummary } from "../link/image.ts";
import { keptSymbols, link, type LinkOptions } from "../link/link.ts";
import type { ObjectFile, SymbolId } from "../link/object.ts";
import { imageOf } from "./images.ts";
import type { BuildRequest, Failure } from "./request.ts";

/** The symbol where a process begins. */
export const entryName = "_start";

export type LinkedExecutable = { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer>; readonly summary: LinkSummary } | { readonly ok: false; readonly failures: readonly Failure[] };

/** Which functions of the object the executable will have. */
export function keptFunctions(object: ObjectFile, request: BuildRequest): (symbol: SymbolId) => boolean {
  return keptSymbols(...linked([object], request));
}

/** What is linked, and how. */
function linked(objects: readonly ObjectFile[], request: BuildRequest): readonly [objects: readonly ObjectFile[], options: LinkOptions] {
  const { start, entry = entryName, undefinedAdvice: _, ...image } = imageOf(request);
  return [start === undefined ? objects : [...objects, start(entryName)], {
    machine: request.target.architecture, entry, strip: request.strip, compact: request.level === "Os",
    // At -O0 nothing is made that is not reached.
    removeDead: request.level !== "O0",
    ...image,
  }];
}

/** The executable, or what the linker could not do. */
export function linkExecutable(objects: readonly ObjectFile[], request: BuildRequest): LinkedExecutable {
  const { undefinedAdvice } = imageOf(request);
  const result = link(...linked(objects, request));
  if (result.ok) return { ok: true, bytes: result.bytes, summary: result.summary };
  return {
    ok: false,
    failures: result.errors.map(({ code, message, symbol, places, advice }) => {
      const isUndefined = code === "E0807" && symbol !== "";
      const known = isUndefined ? (undefinedAdvice?.(symbol) ?? []) : [];
      return { code, message, advice: [...places.map((place) => `see ${place}`), ...advice, ...known], ...(isUndefined ? { undefinedSymbol: { name: symbol, advice: known } } : {}) };
    }),
  };
}
