/** No tool is ever run: the compiler builds for every target under strace, and nothing is executed but itself. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { everyTarget } from "../os/targets.ts";
import { bundle } from "./bundle.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lang-no-tools-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const lang = join(folder, "lang");

/** Calls of the kernel that start a program or a process, of `lang` with these arguments. A thread is none. */
function starts(args: readonly string[], environment: Readonly<Record<string, string>>): { readonly executed: readonly string[]; readonly forked: readonly string[] } {
  const log = join(folder, "trace");
  const ended = spawnSync("strace", ["-f", "-qq", "-e", "trace=execve,execveat,fork,vfork,clone,clone3", "-o", log, lang, ...args], { cwd: root, encoding: "utf8", env: { LANGCACHE: "off", ...environment } });
  expect({ status: ended.status, stderr: ended.stderr }).toEqual({ status: 0, stderr: "" });
  const lines = readFileSync(log, "utf8").split("\n");
  return {
    executed: lines.flatMap((line) => /\bexecve(?:at)?\((.*?), \[/.exec(line)?.[1] ?? []),
    forked: lines.filter((line) => /\bv?fork\(|\bclone3?\(/.test(line) && !line.includes("CLONE_THREAD")),
  };
}

// strace may be there and not be allowed to trace.
const strace = Bun.which("strace") !== null && spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;

if (!strace) console.log("not run, for want of strace: no tool is ever run");
else {
  beforeAll(async () => {
    expect(await bundle(lang)).toMatchObject({ ok: true });
  }, 60_000);

  for (const level of ["-O0", "-O2"]) {
    test(`a build for all targets at ${level} starts nothing`, () => {
      // Without PATH, nothing could be found either.
      const { executed, forked } = starts(["build", level, "examples/word_count.lang", "--target", "all", "-o", join(folder, "p")], {});
      expect(executed).toEqual([JSON.stringify(lang)]);
      expect(forked).toEqual([]);
      expect(readdirSync(folder).filter((name) => name.startsWith("p-"))).toHaveLength(everyTarget().length);
    }, 60_000);
  }

  test("what does start something is seen", () => {
    // `lang run` starts the program.
    const { executed, forked } = starts(["run", "examples/word_count.lang"], {});
    expect(executed.length).toBeGreaterThan(1);
    expect(forked.length).toBeGreaterThan(0);
  }, 60_000);
}
