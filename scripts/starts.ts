/**
 * How the compiler is usually started. Bun lays the bytecode of functions that these runs enter out together, first what the first of them needs: a cold build of a
 * small program is a seventh shorter by it, as it touches fewer pages.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Arguments of each start, the most common first. Files are of the checkout; OUT is where to write. */
const starts: readonly (readonly string[])[] = [
  ["build", "examples/hello.lang", "-o", "OUT"],
  ["build", "examples/word_count.lang", "-o", "OUT"],
  ["build", "examples/hello.lang", "--target", "all", "-o", "OUT"],
  ["build", "examples/word_count.lang", "-O0", "-o", "OUT"],
  ["run", "examples/hello.lang"],
];

/** Runs the executable in the checkout `root`, once for each start; `folder` then has a file of each, which are given in their order. */
export function recordStarts(executable: string, root: string, folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const outputs = mkdtempSync(join(tmpdir(), "lang-starts-"));
  try {
    return starts.map((words, at) => {
      const path = orderFile(folder, at);
      const ended = spawnSync(executable, words.map((word) => (word === "OUT" ? join(outputs, "program") : word)), { cwd: root, encoding: "utf8", env: { LANGCACHE: "off", BUN_BYTECODE_ORDER_OUT: path } });
      if (ended.status !== 0) throw new Error(`scripts/starts.recordStarts: ${words.join(" ")} ended with ${ended.status ?? ended.signal}: ${ended.stderr}`);
      return path;
    });
  } finally {
    rmSync(outputs, { recursive: true, force: true });
  }
}

/** The files that `recordStarts` leaves in a folder. */
export function recordedStarts(folder: string): readonly string[] {
  return starts.map((_, at) => orderFile(folder, at));
}

function orderFile(folder: string, at: number): string {
  return join(folder, `start-${at}`);
}
