/** Runs each program of tests/ through the command line and holds what it prints against NAME.expected; NAME.input is its standard input. */

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..");

for (const name of ["floats", "parse", "wide", "text", "input", "heap"]) {
  const inputPath = join(import.meta.dir, "tests", `${name}.input`);
  const input = existsSync(inputPath) ? readFileSync(inputPath) : new Uint8Array();
  const expected = readFileSync(join(import.meta.dir, "tests", `${name}.expected`), "utf8").split("\n");
  for (const level of ["-O0", "-O1", "-O2", "-Os"]) {
    test(`${name} ${level}`, () => {
      const command = [process.execPath, "src/cli/main.ts", "run", level, `std/tests/${name}.lang`];
      const result = Bun.spawnSync(command, { cwd: root, stdin: input, stdout: "pipe", stderr: "pipe" });
      expect(result.stderr.toString()).toBe("");
      // Line by line, so that the first difference is what is shown.
      const lines = result.stdout.toString().split("\n");
      for (const [at, line] of expected.entries()) expect(`${at + 1}: ${lines[at]}`).toBe(`${at + 1}: ${line}`);
      expect(lines.length).toBe(expected.length);
      expect(result.exitCode).toBe(0);
    }, 60_000);
  }
}
