/** The way of a build that was done before: what it made is copied from the cache, and the compiler is not even loaded. */

import { writeWhole } from "../driver/host.ts";
import { cachePlace, lookUp } from "./cache.ts";
import { defaultName, eachTarget, isSource, writesPrograms } from "./names.ts";
import type { CommonOptions } from "./request.ts";
import { targetOf } from "./target.ts";

/** Builds from the cache alone; undefined if something is to be built, or went wrong, which is for the ordinary way to say. */
export function buildKept(files: readonly string[], options: CommonOptions): number | undefined {
  const [file] = files;
  if (file === undefined || files.length > 1 || (options.target === "all" && !writesPrograms(options))) return undefined;
  const outputs: { readonly name: string; readonly bytes: Uint8Array }[] = [];
  for (const one of options.target === "all" ? eachTarget(file, options) : [options]) {
    const bytes = findKept(file, one);
    const target = targetOf(one.target);
    if (bytes === undefined || "message" in target) return undefined;
    const name = one.output ?? defaultName(file, "executable", target);
    if (isSource(name, file)) return undefined;
    outputs.push({ name, bytes });
  }
  for (const { name, bytes } of outputs) if (writeWhole(name, bytes, true) !== undefined) return undefined;
  return 0;
}

/** The executable of an earlier build of the same. */
export function findKept(file: string, options: CommonOptions): Uint8Array | undefined {
  const place = cachePlace(file, options);
  return place === undefined ? undefined : lookUp(place);
}
