/**
 * `npm pack` and `npm publish` run this first: the library as JavaScript with declarations in lib/, for hosts that run no TypeScript of packages, as Node
 * does not. Bun takes the sources themselves (package.json, `exports`).
 */

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Writes lib/ anew. Gives what is wrong, or nothing. */
function writeLibrary(): string | undefined {
  rmSync(join(root, "lib"), { recursive: true, force: true });
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", "tsconfig.library.json"], { cwd: root, encoding: "utf8" });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

if (import.meta.main) {
  const problem = writeLibrary();
  if (problem !== undefined) {
    console.error(problem);
    process.exit(1);
  }
}
