/** Runs every example through the command line, at several levels, and holds what it prints against `NAME.expected` (made by expected.py). */

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const levels = ["-O0", "-O1", "-O2", "-Os"];

interface Example {
  readonly name: string;
  readonly args?: readonly string[];
}

const examples: readonly Example[] = [
  { name: "hello" },
  { name: "fib", args: ["20"] },
  { name: "primes" },
  { name: "word_count" },
  { name: "sha256", args: ["examples/sha256.input", "examples/word_count.input", "examples/maze.input"] },
  { name: "json_pretty" },
  { name: "nbody", args: ["1000"] },
  { name: "mandelbrot", args: ["96", "72"] },
  { name: "life", args: ["100"] },
  { name: "brainfuck", args: ["examples/brainfuck.program"] },
  { name: "maze" },
  { name: "sudoku" },
];

interface Refusal extends Example {
  readonly title: string;
  readonly input: string;
  readonly status: number;
  readonly stdout?: string;
  readonly stderr: string;
}

/** What the programs say to input that they cannot take. */
const refusals: readonly Refusal[] = [
  { name: "json_pretty", title: "a comma too many", input: '{"a": [1, 2,],\n "b": 3}', status: 1, stderr: "json_pretty: line 1, column 13: expected a value\n" },
  { name: "json_pretty", title: "a missing colon behind a letter of two bytes", input: '{\n  "é" 1}', status: 1, stderr: "json_pretty: line 2, column 7: expected ':' behind the key\n" },
  { name: "json_pretty", title: "nothing", input: "", status: 1, stderr: "json_pretty: line 1, column 1: expected a value\n" },
  { name: "sha256", title: "a file that is not there", args: ["examples/nowhere"], input: "", status: 1, stderr: "sha256: examples/nowhere: no such file or directory\n" },
  { name: "sha256", title: "no argument", args: [], input: "", status: 2, stderr: "usage: sha256 FILE...\n" },
  { name: "maze", title: "no way out", input: "####\n#S#E\n####\n", status: 1, stdout: "####\n#S#E\n####\nno way out\n", stderr: "" },
  { name: "sudoku", title: "a digit twice", input: `11${".".repeat(79)}\n`, status: 1, stdout: "puzzle 1: not a sudoku\n", stderr: "" },
  { name: "brainfuck", title: "usage", args: [], input: "", status: 2, stderr: "usage: brainfuck FILE\n" },
];

function run(example: Example, level: string, input: Uint8Array): { status: number; stdout: Uint8Array; stderr: string } {
  const command = [process.execPath, "src/cli/main.ts", "run", level, `examples/${example.name}.lang`, "--", ...(example.args ?? [])];
  const result = Bun.spawnSync(command, { cwd: root, stdin: input, stdout: "pipe", stderr: "pipe" });
  return { status: result.exitCode, stdout: result.stdout, stderr: result.stderr.toString() };
}

for (const example of examples) {
  const inputPath = join(import.meta.dir, `${example.name}.input`);
  const input = existsSync(inputPath) ? readFileSync(inputPath) : new Uint8Array();
  const expected = readFileSync(join(import.meta.dir, `${example.name}.expected`));
  for (const level of levels) {
    test(`${example.name} ${level}`, () => {
      const got = run(example, level, input);
      expect(got.stderr).toBe("");
      expect(Buffer.from(got.stdout).toString("latin1")).toBe(expected.toString("latin1"));
      expect(got.status).toBe(0);
    }, 60_000);
  }
}

for (const refusal of refusals) {
  test(`${refusal.name}: ${refusal.title}`, () => {
    const got = run(refusal, "-O1", new TextEncoder().encode(refusal.input));
    expect(got.stderr).toBe(refusal.stderr);
    expect(Buffer.from(got.stdout).toString()).toBe(refusal.stdout ?? "");
    expect(got.status).toBe(refusal.status);
  }, 60_000);
}
