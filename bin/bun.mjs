#!/usr/bin/env node
// Finds the Bun that npm brought along and runs a script with it: `node bin/bun.mjs scripts/test.ts`. Works where npm did not run the
// package's install script, too: then `bun` holds only a text that says so, and the executable lies in the package for this platform.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Smaller files are the placeholder that the install script would replace. */
const smallestExecutable = 1_000_000;

function isExecutable(path) {
  return existsSync(path) && statSync(path).size > smallestExecutable;
}

/** Whether the executable runs here: packages for several kinds of processors or C libraries may lie side by side. */
function runs(path) {
  return spawnSync(path, ["--version"], { stdio: "ignore" }).status === 0;
}

/** Path of Bun, or its plain name where it can only be in PATH. */
export function findBun() {
  let folder;
  try {
    folder = dirname(createRequire(import.meta.url).resolve("bun/package.json"));
  } catch {
    return "bun";
  }
  for (const name of ["bun.exe", "bun"]) if (isExecutable(join(folder, "bin", name))) return join(folder, "bin", name);
  for (const platforms of [join(dirname(folder), "@oven"), join(folder, "node_modules", "@oven")]) {
    if (!existsSync(platforms)) continue;
    for (const platform of readdirSync(platforms)) {
      for (const name of ["bun", "bun.exe"]) {
        const path = join(platforms, platform, "bin", name);
        if (isExecutable(path) && runs(path)) return path;
      }
    }
  }
  return "bun";
}

/** Runs Bun with these arguments and takes over its exit status; false if there is no Bun. */
export function startBun(args) {
  const ended = spawnSync(findBun(), args, { stdio: "inherit" });
  if (ended.error?.code === "ENOENT") return false;
  if (ended.error !== undefined) {
    process.stderr.write(`lang: Bun cannot be started (${ended.error.message})\n`);
    process.exitCode = 1;
  } else process.exitCode = ended.signal === null ? ended.status : 128 + (constants.signals[ended.signal] ?? 0);
  return true;
}

/** The same, where Bun must be there: in a checkout. */
export function runBun(args) {
  if (startBun(args)) return;
  process.stderr.write("lang: there is no Bun; run npm install first\n");
  process.exitCode = 1;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) runBun(process.argv.slice(2));
