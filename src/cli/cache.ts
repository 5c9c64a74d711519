/**
 * The cache of finished executables: a build that was done before, of the same files by the same compiler with the same options, is copied. What is kept
 * are programs that were built without a warning; everything else is built each time.
 */

import { decodeKept, encodeKept, noting } from "../driver/cache.ts";
import { statusOf } from "../driver/files.ts";
import { readSource, readWhole, writeWhole, type BuildHost } from "../driver/host.ts";
import { compilerIdentity } from "../driver/identity.ts";
import type { BuildAnswer } from "../driver/request.ts";
import { makeFolder, trim } from "./cacheFolder.ts";
import { kindOfEnding } from "./endings.ts";
import type { CommonOptions } from "./request.ts";
import { usesLlvm } from "./target.ts";

/** Options that change an executable, and that it depends on alone. A build with any other (but those below) is not kept. */
const deciding = ["level", "target", "march", "unchecked", "checkMemory", "strip", "tiny", "subsystem", "glibc", "fileVersion"] as const;
const indifferent: readonly string[] = ["output", "emit", "json", "color"];

/** The folder of the cache: LANGCACHE, or where the system has such things; undefined where there is none, or LANGCACHE is `off`. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env, platform: string = process.platform): string | undefined {
  const { LANGCACHE, XDG_CACHE_HOME, HOME, LOCALAPPDATA } = environment;
  if (LANGCACHE === "off") return undefined;
  if (LANGCACHE !== undefined && LANGCACHE !== "") return LANGCACHE;
  if (platform === "win32") return LOCALAPPDATA === undefined || LOCALAPPDATA === "" ? undefined : `${LOCALAPPDATA}/lang/cache`;
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME.startsWith("/")) return `${XDG_CACHE_HOME}/lang`;
  if (HOME === undefined || !HOME.startsWith("/")) return undefined;
  return platform === "darwin" ? `${HOME}/Library/Caches/lang` : `${HOME}/.cache/lang`;
}

/** A place in the cache. */
export interface CachePlace {
  readonly folder: string;
  readonly path: string;
}

/** Where the executable of a file with these options is kept; undefined if such builds are not. */
export function cachePlace(file: string, options: CommonOptions): CachePlace | undefined {
  // Node, which runs the compiler too, has no such hash; neither has a checkout an identity.
  if (compilerIdentity === undefined || typeof Bun === "undefined") return undefined;
  const folder = cacheFolder();
  if (folder === undefined || usesLlvm() || !file.endsWith(".lang")) return undefined;
  if ((options.emit ?? "exe") !== "exe" || (options.output !== undefined && (options.output === "-" || kindOfEnding(options.output) !== "executable"))) return undefined;
  for (const [name, value] of Object.entries(options)) if (value !== undefined && value !== false && !indifferent.includes(name) && !(deciding as readonly string[]).includes(name)) return undefined;
  const source = readSource(file);
  if (!source.ok) return undefined;
  const { LANGOS, LANGBE, LANGLIBC } = process.env;
  const key = hash(new TextEncoder().encode(JSON.stringify([compilerIdentity, file, hash(source.bytes), LANGOS, LANGBE, LANGLIBC, ...deciding.map((name) => options[name] ?? null)])));
  return { folder, path: `${folder}/${key}` };
}

/** 128 bits of SHA-256, in hexadecimal. */
function hash(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex").slice(0, 32);
}

/** The executable that is kept there, if its files are as they were. */
export function lookUp(place: CachePlace): Uint8Array | undefined {
  const kept = readWhole(place.path);
  return !kept.ok ? undefined : decodeKept(kept.bytes, ([path, before]) => {
    const now = readSource(path);
    return now.ok ? hash(now.bytes) === before : now.missing && before === null;
  });
}

/** The host for a build whose result is to be kept, and what keeps it. A cache that can't be written is no mistake: the build was done. */
export function keeping(place: CachePlace, host: BuildHost): { readonly host: BuildHost; readonly keep: (answer: BuildAnswer) => void } {
  const { host: noted, reads } = noting(host, hash);
  const keep = (answer: BuildAnswer): void => {
    const files = reads();
    if (files === undefined || answer.bytes === undefined || answer.diagnostics.length > 0 || answer.failures.length > 0) return;
    try {
      if (statusOf(place.folder) === undefined) makeFolder(place.folder);
    } catch {
      return;
    }
    if (writeWhole(place.path, encodeKept(files, answer.bytes), false) === undefined && Number.parseInt(place.path.slice(-2), 16) % 32 === 0) trim(place.folder);
  };
  return { host: noted, keep };
}
