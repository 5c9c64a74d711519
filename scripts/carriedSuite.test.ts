/** The suite that the executable carries, with the library that it carries: a checkout's tests read both from their folders. */

import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodePlaces, placeOf } from "../src/driver/carriedPlaces.ts";

const lang = join(fileURLToPath(new URL("../", import.meta.url)), "dist/lang");

test("lang conformance passes in the executable", () => {
  for (const section of ["01-source-text", "06-patterns", "seeds"]) {
    const { stdout } = spawnSync(lang, ["conformance", "--filter", section, "--level", "O1"], { encoding: "utf8", env: { ...process.env, LANGCACHE: "off" } });
    const [, programs, passed, failed] = /^total +(\d+) +(\d+) +(\d+)/m.exec(stdout) ?? [];
    expect({ section, passed, failed, some: Number(programs) > 20 }).toEqual({ section, passed: programs, failed: "0", some: true });
  }
}, 60_000);

test("each command that reads the library finds it in the executable", () => {
  const program = join(lang, "../../bench/kernels/", readdirSync(join(lang, "../../bench/kernels")).find((name) => name.endsWith(".lang")) ?? "");
  for (const words of [["check", program], ["doc"], ["emit", "--emit=typed", program], ["emit", "--emit=llvm", program]]) {
    const { status, stderr } = spawnSync(lang, words, { encoding: "utf8", env: { ...process.env, LANGCACHE: "off" }, maxBuffer: 1 << 28 });
    expect({ words, status, stderr }).toEqual({ words, status: 0, stderr: "" });
  }
}, 60_000);

test.if(process.platform === "linux" && process.arch === "x64")("the executable knows where its files lie in memory", () => {
  const bytes = readFileSync(lang);
  const mark = encodePlaces([]);
  const tables: number[] = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) tables.push(at);
  const places = tables.map((at) => placeOf(bytes.subarray(at), 0)).filter((place) => place !== undefined);
  expect(places).toHaveLength(1);
  expect((places[0]?.address ?? 1) % 8).toBe(0);
});
