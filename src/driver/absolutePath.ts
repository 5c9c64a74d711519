/** Paths as the system reads them. A module of its own: a build of one file needs none of it, and `node:path` takes as long to load as the linker. */

import { resolve } from "node:path";

/** The path from the root, in its shortest spelling. */
export function absolutePath(path: string): string {
  return resolve(path);
}
