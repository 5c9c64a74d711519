/** The folder of the cache: made, and kept small. Few builds come here. */

import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";

/** So many bytes are kept; the oldest go first. */
const capacity = 256 << 20;

/** Where nobody is at home (HOME names no folder), no home is made. */
export function makeFolder(folder: string): void {
  const { HOME } = process.env;
  if (HOME !== undefined && folder.startsWith(`${HOME}/`) && !existsSync(HOME)) throw new Error("cli/cacheFolder.makeFolder: there is no home");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Removes the oldest builds until the rest fits. Looked after now and then: every 32nd build comes here. */
export function trim(folder: string, limit = capacity): void {
  try {
    const files = readdirSync(folder).map((name) => `${folder}/${name}`).map((path) => ({ path, status: statSync(path, { throwIfNoEntry: false }) }));
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
