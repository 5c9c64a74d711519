/** The cache of finished builds, in the executable: a checkout keeps nothing. */

import { afterAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../src/cli/cache.ts";
import { trim } from "../src/cli/cacheFolder.ts";

const lang = join(fileURLToPath(new URL("../", import.meta.url)), "dist/lang");
const folder = mkdtempSync(join(tmpdir(), "lang-cache-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the executable in the folder; gives its status and both outputs. */
function run(args: readonly string[], cache: string): { readonly status: number | null; readonly out: string } {
  const ended = spawnSync(lang, args, { cwd: folder, encoding: "utf8", env: { ...process.env, LANGCACHE: cache } });
  return { status: ended.status, out: ended.stdout + ended.stderr };
}

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const kept = (cache: string): readonly string[] => readdirSync(cache).sort();
/** Puts another output into each kept build, so that it shows when it is taken. */
function mark(cache: string): void {
  for (const name of kept(cache)) {
    const path = join(cache, name);
    const text = readFileSync(path, "latin1");
    writeFileSync(path, text.replace(/size":\d+\}\n[^]*$/, "size\":6}\nMARKED"), "latin1");
  }
}

describe("the cache", () => {
  test("gives the same executable again, until a file that was read changes", () => {
    const cache = join(folder, "one");
    write("main.lang", "include \"part.lang\"\nfunc main() { println(answer()) }\n");
    write("part.lang", "func answer() i64 { return 42 }\n");
    expect(run(["build", "main.lang", "-o", "main"], cache)).toEqual({ status: 0, out: "" });
    const first = readFileSync(join(folder, "main"));
    expect(kept(cache)).toHaveLength(1);
    expect(run(["build", "main.lang", "-o", "again"], cache)).toEqual({ status: 0, out: "" });
    expect(readFileSync(join(folder, "again")).equals(first)).toBe(true);
    mark(cache);
    run(["build", "main.lang", "-o", "again"], cache);
    expect(readFileSync(join(folder, "again"), "utf8")).toBe("MARKED");
    // Another level, or no cache, is another build.
    expect(run(["run", "-O0", "main.lang"], cache).out).toBe("42\n");
    run(["build", "main.lang", "-o", "again"], "off");
    expect(readFileSync(join(folder, "again")).equals(first)).toBe(true);
    write("part.lang", "func answer() i64 { return 43 }\n");
    expect(run(["run", "main.lang"], cache)).toEqual({ status: 0, out: "43\n" });
  });

  test("serves run, and all targets at once", () => {
    const cache = join(folder, "two");
    write("hello.lang", "func main() { println(\"hello\") }\n");
    expect(run(["run", "hello.lang"], cache).out).toBe("hello\n");
    expect(kept(cache)).toHaveLength(1);
    expect(run(["build", "--target", "all", "hello.lang", "-o", "h"], cache)).toEqual({ status: 0, out: "" });
    const built = readdirSync(folder).filter((name) => name.startsWith("h-")).sort();
    expect(built).toHaveLength(6);
    const before = built.map((name) => readFileSync(join(folder, name), "latin1"));
    for (const name of built) rmSync(join(folder, name));
    expect(run(["build", "--target", "all", "hello.lang", "-o", "h"], cache)).toEqual({ status: 0, out: "" });
    expect(built.map((name) => readFileSync(join(folder, name), "latin1"))).toEqual(before);
  });

  test("of a program that does not run here does not make it run", () => {
    const cache = join(folder, "elsewhere");
    write("far.lang", "func main() { println(1) }\n");
    const environment = { LANGCACHE: cache, PATH: "", HOME: folder };
    const lost = (args: readonly string[]) => spawnSync(lang, args, { cwd: folder, encoding: "utf8", env: environment });
    // Nothing runs Windows' arm64 programs without qemu.
    expect(lost(["build", "--target", "windows-arm64", "far.lang", "-o", "far"]).status).toBe(0);
    const ended = lost(["run", "--target", "windows-arm64", "far.lang"]);
    expect([ended.status, ended.stderr.slice(0, 12)]).toEqual([1, "error[E0813]"]);
  });

  test("keeps nothing of a build with a warning or a mistake, nor objects and dumps", () => {
    const cache = join(folder, "three");
    mkdirSync(cache);
    write("unused.lang", "import \"std/json\"\nfunc main() { println(1) }\n");
    const first = run(["build", "unused.lang", "-o", "unused"], cache);
    expect(first.out).toContain("warning");
    expect(run(["build", "unused.lang", "-o", "unused"], cache)).toEqual(first);
    write("wrong.lang", "func main() { println(x) }\n");
    expect(run(["build", "wrong.lang"], cache).status).toBe(1);
    write("plain.lang", "func main() { println(1) }\n");
    for (const args of [["-o", "plain.o"], ["-S"], ["-g", "-o", "plain"], ["--time-passes", "-o", "plain"]]) expect(run(["build", "plain.lang", ...args], cache).status).toBe(0);
    expect(kept(cache)).toEqual([]);
  });

  test("that is damaged, or can't be written, does no harm", () => {
    const cache = join(folder, "four");
    write("plain.lang", "func main() { println(1) }\n");
    run(["build", "plain.lang", "-o", "plain"], cache);
    for (const name of kept(cache)) writeFileSync(join(cache, name), "rubbish");
    expect(run(["run", "plain.lang"], cache)).toEqual({ status: 0, out: "1\n" });
    write("file", "");
    expect(run(["run", "plain.lang"], join(folder, "file/within"))).toEqual({ status: 0, out: "1\n" });
  });

  test("loses its oldest builds when it is full", () => {
    const cache = join(folder, "five");
    mkdirSync(cache);
    for (const [name, age] of [["new", 1], ["old", 3], ["middle", 2]] as const) {
      writeFileSync(join(cache, name), new Uint8Array(100));
      utimesSync(join(cache, name), 1000 - age, 1000 - age);
    }
    trim(cache, 250);
    expect(kept(cache)).toEqual(["middle", "new"]);
    trim(cache, 250);
    expect(kept(cache)).toEqual(["middle", "new"]);
  });

  test("lies where the system has such things", () => {
    expect([
      cacheFolder({ HOME: "/home/a" }, "linux"), cacheFolder({ HOME: "/home/a", XDG_CACHE_HOME: "/c" }, "linux"), cacheFolder({ HOME: "/Users/a" }, "darwin"), cacheFolder({ LOCALAPPDATA: "/l" }, "win32"),
      cacheFolder({}, "linux"), cacheFolder({ HOME: "/home/a", LANGCACHE: "off" }, "linux"), cacheFolder({ HOME: "/home/a", LANGCACHE: "here" }, "linux"),
    ]).toEqual(["/home/a/.cache/lang", "/c/lang", "/Users/a/Library/Caches/lang", "/l/lang/cache", undefined, undefined, "here"]);
  });
});
