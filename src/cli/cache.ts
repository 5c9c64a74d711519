/**
 * The cache of finished executables: a build that was done before, of the same files by the same compiler with the same options, is copied. What is kept
 * are programs that were built without a warning; everything else is built each time.
 */

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeKept, encodeKept, noting } from "../driver/cache.ts";
import { readSource, writeWhole, type BuildHost } from "../driver/host.ts";
import { compilerIdentity } from "../driver/identity.ts";
import type { BuildAnswer } from "../driver/request.ts";
import { kindOfEnding } from "./endings.ts";
import type { CommonOptions } from "./request.ts";
import { usesLlvm } from "./target.ts";

/** Options that change an executable, and that it depends on alone. A build with any other (but those below) is not kept. */
const deciding = ["level", "target", "march", "unchecked", "checkMemory", "strip", "tiny", "subsystem", "glibc", "fileVersion"] as const;
const indifferent: readonly string[] = ["output", "emit", "json", "color"];

/** So many bytes are kept; the oldest go first. */
const capacity = 256 << 20;

/** The folder of the cache: LANGCACHE, or where the system has such things; undefined where there is none, or LANGCACHE is `off`. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env, platform: string = process.platform): string | undefined {
  const { LANGCACHE, XDG_CACHE_HOME, HOME, LOCALAPPDATA } = environment;
  if (LANGCACHE === "off") return undefined;
  if (LANGCACHE !== undefined && LANGCACHE !== "") return LANGCACHE;
  if (platform === "win32") return LOCALAPPDATA === undefined || LOCALAPPDATA === "" ? undefined : join(LOCALAPPDATA, "lang", "cache");
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME.startsWith("/")) return join(XDG_CACHE_HOME, "lang");
  if (HOME === undefined || !HOME.startsWith("/")) return undefined;
  return platform === "darwin" ? join(HOME, "Library/Caches/lang") : join(HOME, ".cache/lang");
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
  return { folder, path: join(folder, key) };
}

/** 128 bits of SHA-256, in hexadecimal. */
function hash(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex").slice(0, 32);
}

/** The executable that is kept there, if its files are as they were. */
export function lookUp(place: CachePlace): Uint8Array | undefined {
  let kept: Uint8Array;
  try {
    kept = readFileSync(place.path);
  } catch {
    return undefined;
  }
  return decodeKept(kept, ([path, before]) => {
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
      makeFolder(place.folder);
    } catch {
      return;
    }
    if (writeWhole(place.path, encodeKept(files, answer.bytes), false) === undefined && Number.parseInt(place.path.slice(-2), 16) % 32 === 0) trim(place.folder);
  };
  return { host: noted, keep };
}

/** Where nobody is at home (HOME names no folder), no home is made. */
function makeFolder(folder: string): void {
  const { HOME } = process.env;
  if (HOME !== undefined && folder.startsWith(`${HOME}/`) && !existsSync(HOME)) throw new Error("cli/cache.makeFolder: there is no home");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Removes the oldest builds until the rest fits. Looked after now and then: every 32nd build comes here. */
export function trim(folder: string, limit = capacity): void {
  try {
    const files = readdirSync(folder).map((name) => ({ path: join(folder, name), status: statSync(join(folder, name), { throwIfNoEntry: false }) }));
    let total = files.reduce((sum, { status }) => sum + (status?.size ?? 0), 0);
    for (const { path, status } of files.sort((a, b) => (a.status?.mtimeMs ?? 0) - (b.status?.mtimeMs ?? 0))) {
      if (total <= limit) return;
      rmSync(path, { force: true });
      total -= status?.size ?? 0;
    }
  } catch {
    // Another process is at it.
  }
}
