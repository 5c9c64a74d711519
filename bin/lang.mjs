#!/usr/bin/env node
// Starts the compiler from a checkout or an npm installation: Bun, which npm brought along, runs its source.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function findBun() {
  try {
    const package_ = dirname(createRequire(import.meta.url).resolve("bun/package.json"));
    for (const name of ["bun.exe", "bun"]) if (existsSync(join(package_, "bin", name))) return join(package_, "bin", name);
  } catch {
    // Not installed as a dependency: perhaps it is in PATH.
  }
  return "bun";
}

const ended = spawnSync(findBun(), [join(root, "src/cli/main.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
if (ended.error !== undefined) {
  process.stderr.write(`lang: Bun cannot be started (${ended.error.message}); run npm install first\n`);
  process.exitCode = 1;
} else process.exitCode = ended.signal === null ? ended.status : 128 + (constants.signals[ended.signal] ?? 0);
