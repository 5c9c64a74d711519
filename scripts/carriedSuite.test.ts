/** The suite that the executable carries, with the library that it carries: a checkout's tests read both from their folders. */

import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const lang = join(fileURLToPath(new URL("../", import.meta.url)), "dist/lang");

test("lang conformance passes in the executable", () => {
  for (const section of ["01-source-text", "06-patterns", "seeds"]) {
    const { stdout } = spawnSync(lang, ["conformance", "--filter", section, "--level", "O1"], { encoding: "utf8", env: { ...process.env, LANGCACHE: "off" } });
    const [, programs, passed, failed] = /^total +(\d+) +(\d+) +(\d+)/m.exec(stdout) ?? [];
    expect({ section, passed, failed, some: Number(programs) > 20 }).toEqual({ section, passed: programs, failed: "0", some: true });
  }
}, 60_000);
