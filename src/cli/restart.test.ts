import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildHost, FileResult } from "../driver/host.ts";
import { givenEnvironment, restartEnvironment } from "./environment.ts";
import { restartForLarge, restarting } from "./restart.ts";

const file = (bytes: number): FileResult => ({ ok: true, bytes: new Uint8Array(bytes) });
const host: BuildHost = { read: (path) => file(path === "large" ? 250_000 : 90_000), library: () => undefined, identity: (path) => path, folder: () => "/", now: () => 0 };

/** How often the process starts again while these are read. */
function restarts(paths: readonly string[], stayBefore = Number.POSITIVE_INFINITY): number {
  let count = 0;
  const { host: from, stay } = restarting(host, () => { count++; });
  paths.forEach((path, i) => {
    if (i === stayBefore) stay();
    from.read(path);
  });
  return count;
}

test("a large program starts the process again, once", () => {
  expect(restarts(["large"])).toBe(1);
  expect(restarts(["a", "b"])).toBe(0);
  expect(restarts(["a", "b", "c", "large"])).toBe(1);
});

test("before anything is read, if a file to be built is that large", () => {
  const folder = mkdtempSync(join(tmpdir(), "lang-restart-"));
  const [small, large] = [["small", 100], ["large", 200_001]].map(([name, size]) => {
    const path = join(folder, `${name}.lang`);
    writeFileSync(path, new Uint8Array(Number(size)));
    return path;
  });
  let count = 0;
  for (const files of [[small], [small, large], ["-"], [folder], [join(folder, "missing")], []]) restartForLarge(files as string[], () => { count++; });
  expect(count).toBe(1);
  rmSync(folder, { recursive: true });
});

test("not after standard input or a pipe was read, nor when something may have been written", () => {
  const folder = mkdtempSync(join(tmpdir(), "lang-restart-"));
  const pipe = join(folder, "pipe");
  if (spawnSync("mkfifo", [pipe]).status === 0) expect(restarts([pipe, "large"])).toBe(0);
  rmSync(folder, { recursive: true });
  expect(restarts(["-", "large"])).toBe(0);
  expect(restarts(["a", "large"], 1)).toBe(0);
});

test("programs that are started do not see it", () => {
  for (const cores of [1, 2, 3, 64]) {
    const given = restartEnvironment(cores);
    Object.assign(process.env, given);
    const names = Object.keys(given);
    expect(names).toHaveLength(cores > 2 ? 4 : 5);
    expect(Object.keys(givenEnvironment()).filter((name) => names.includes(name))).toEqual([]);
    // What the user set to something else is the user's.
    process.env.MIMALLOC_ALLOW_THP = "1";
    expect(givenEnvironment().MIMALLOC_ALLOW_THP).toBe("1");
    for (const name of names) delete process.env[name];
  }
});
