/** For the tests of the command line: runs it from the checkout, in a folder that goes away. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `lang ARGS` in a folder. */
export function lang(args: readonly string[], options: { readonly cwd?: string; readonly input?: string | Uint8Array; readonly env?: Readonly<Record<string, string>> } = {}): Ran {
  const ended = spawnSync(process.execPath, [main, ...args], {
    cwd: options.cwd ?? tmpdir(),
    input: options.input ?? "",
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, NO_COLOR: "1", LANGOS: undefined, LANGBE: undefined, ...options.env },
  });
  return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

/** Makes files in a new folder, and removes it afterwards. */
export function inFolder<T>(files: Readonly<Record<string, string | Uint8Array>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "lang-cli-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
