import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { host, type FileResult } from "../driver/host.ts";
import { givenEnvironment, restartEnvironment } from "./environment.ts";
import { restartForLarge, restarting } from "./restart.ts";

/** How often the process starts again while the files are read, which stand in a folder. */
function restarts(files: Readonly<Record<string, string>>, read: readonly string[] = Object.keys(files)): number {
  const folder = mkdtempSync(join(tmpdir(), "lang-restart-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  let count = 0;
  const from = restarting(host, () => { count++; });
  for (const name of read) from.read(join(folder, name));
  rmSync(folder, { recursive: true });
  return count;
}

const long = `// ${"x".repeat(90_000)}\n`;

test("a program that is large with what its files name starts the process again, once, when the first of them is read", () => {
  const three = { "a.lang": `import "b"\n${long}`, "b.lang": `  pub import "c.lang" as d\n${long}`, "c.lang": `include "a.lang"\nimport "json"\n${long}` };
  expect(restarts(three)).toBe(1);
  expect(restarts(three, ["a.lang", "b.lang"])).toBe(1);
  expect(restarts(three, ["a.lang"])).toBe(0);
  expect(restarts({ ...three, "c.lang": "" })).toBe(0);
  expect(restarts({ "a.lang": `import "b"\nimport "b"\nimport "./b"\nimport "a"\n${long}`, "b.lang": long })).toBe(0);
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

test("not for what can't be read a second time", () => {
  const folder = mkdtempSync(join(tmpdir(), "lang-restart-"));
  const [pipe, main] = [join(folder, "pipe.lang"), join(folder, "main.lang")];
  const pipes = spawnSync("mkfifo", [pipe]).status === 0 ? [pipe] : [];
  const read = (path: string): FileResult => ({ ok: true, bytes: new TextEncoder().encode(path === main ? `import "pipe"\n${long}` : long.repeat(3)) });
  writeFileSync(main, "main");
  let count = 0;
  for (const root of ["-", main, ...pipes]) {
    const from = restarting({ ...host, read }, () => { count++; });
    for (const path of [root, "another"]) from.read(path);
  }
  expect(count).toBe(0);
  rmSync(folder, { recursive: true });
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
