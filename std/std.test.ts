/** Runs each program of tests/ through the command line and holds what it prints against NAME.expected; NAME.input is its standard input. */

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..");

for (const name of ["floats", "parse", "wide", "text", "input", "heap"]) {
  const inputPath = join(import.meta.dir, "tests", `${name}.input`);
  const input = existsSync(inputPath) ? readFileSync(inputPath) : new Uint8Array();
  const expected = readFileSync(join(import.meta.dir, "tests", `${name}.expected`), "utf8").split("\n");
  for (const level of ["-O0", "-O2"]) {
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

// Run beside the program: the place of a panic is the first that does not lie under std/.
const beside = join(import.meta.dir, "tests");
const compiler = join(root, "src/cli/main.ts");
const file = "trace.lang";
const deep = `  in deep (${file}:24:12)\n`;
const bounds = `panic: index out of bounds: the length is 4 but the index is 4
at ${file}:7:9
  in Stack.push (${file}:7:9)
  in fill (${file}:14:9)
  in deep (${file}:21:9)
`;

/** What stderr says for each argument; the stack is the same at every level, inlined functions included. */
const traces: Readonly<Record<string, string>> = {
  none: `${bounds}${deep.repeat(3)}  in main (${file}:31:17)\n`,
  long: `${bounds}${deep.repeat(13)}  ... 172 more\n${deep.repeat(15)}  in main (${file}:35:17)\n`,
  eq: `panic: assertion failed: left is 2, right is 3\nat ${file}:42:9\n  in main (${file}:42:9)\n`,
  slice: `panic: slice of str off a character boundary\nat ${file}:44:17\n  in str_slice (std/text.lang:35:9)\n  in main (${file}:44:17)\n`,
  panic: `panic: with 2 arguments\nat ${file}:46:9\n  in main (${file}:46:9)\n`,
};

for (const level of ["-O0", "-O1", "-O2"]) {
  for (const [argument, expected] of Object.entries(traces)) {
    test(`trace of ${argument} ${level}`, () => {
      const command = [process.execPath, compiler, "run", level, file, ...(argument === "none" ? [] : ["--", argument])];
      const result = Bun.spawnSync(command, { cwd: beside, stdout: "pipe", stderr: "pipe" });
      expect(result.stderr.toString()).toBe(expected);
      expect(result.stdout.toString()).toBe("before\nno newline");
      expect(result.exitCode).toBe(101);
    }, 60_000);
  }
  test(`running out of stack ${level}`, () => {
    const result = Bun.spawnSync([process.execPath, compiler, "run", level, file, "--", "stack"], { cwd: beside, stdout: "pipe", stderr: "pipe" });
    const lines = result.stderr.toString().split("\n");
    expect(lines.slice(0, 3)).toEqual(["panic: stack overflow", `at ${file}:24:12`, deep.trimEnd()]);
    expect(lines.at(-2)).toBe(`  in main (${file}:37:17)`);
    expect(result.stdout.toString()).toBe("before\nno newline");
    expect(result.exitCode).toBe(101);
  }, 60_000);
}
