/** The generated program is the same for a seed, and prints the same at every level and in C. */

import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTarget } from "../os/targets.ts";
import { build } from "../src/driver/build.ts";
import { host } from "../src/driver/host.ts";
import { buildRequest } from "../src/driver/request.ts";
import { generateProgram } from "./generate.ts";

const folder = mkdtempSync(join(tmpdir(), "lang-generated-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runs = process.platform === "linux" && process.arch === "x64";
const compiler = ["tcc", "gcc", "clang"].find((name) => Bun.which(name) !== null);
const lines = 1500;

function outputOf(path: string): string {
  const ended = Bun.spawnSync([path], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  return `${ended.stdout.toString()}${ended.stderr.toString()}status ${ended.exitCode}`;
}

function outputAt(text: string, level: "O0" | "O1" | "O2" | "Os"): string {
  const found = findTarget("linux-x86_64");
  if (!found.ok) throw new Error("bench/generate.test: no target");
  const answer = build(buildRequest("generated.lang", new TextEncoder().encode(text), found.target, { level }), host);
  expect(answer.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const path = join(folder, `program-${level}`);
  writeFileSync(path, answer.bytes ?? new Uint8Array(), { mode: 0o755 });
  return outputOf(path);
}

describe("generated programs", () => {
  test("a seed gives one program of the size asked for", () => {
    const made = generateProgram(lines, 3);
    expect(made).toEqual(generateProgram(lines, 3));
    expect(made.lang).not.toBe(generateProgram(lines, 4).lang);
    expect(made.lines).toBeGreaterThanOrEqual(lines);
    expect(made.lines).toBeLessThan(lines + 200);
    expect(made.lang.split("\n").length - 1).toBe(made.lines);
  });

  test.if(runs)("every level prints the same", () => {
    const { lang } = generateProgram(lines, 5);
    const expected = outputAt(lang, "O0");
    expect(expected).toMatch(/checksum \d+\nstatus 0$/);
    for (const level of ["O1", "O2", "Os"] as const) expect(outputAt(lang, level)).toBe(expected);
  }, 60_000);

  test.if(runs && compiler !== undefined)(`C prints the same (${compiler ?? "no compiler is installed"})`, () => {
    const { lang, c } = generateProgram(lines, 6);
    const source = join(folder, "generated.c");
    writeFileSync(source, c);
    const program = join(folder, "generated-c");
    const made = Bun.spawnSync([compiler ?? "cc", "-w", source, "-o", program], { stdout: "pipe", stderr: "pipe" });
    expect(made.stderr.toString()).toBe("");
    expect(outputAt(lang, "O0")).toBe(outputOf(program));
  }, 60_000);
});
