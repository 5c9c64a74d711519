/** Runs each program of tests/ through the command line and holds what it prints against NAME.expected; NAME.input is its standard input. */

import { afterAll, expect, test } from "bun:test";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const beside = join(import.meta.dir, "tests");
const compiler = join(root, "src/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "lang-std-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Executables of programs beside which the tests lie, each built once. */
const built = new Map<string, string>();

/** What is to be started for `NAME.lang` in a folder, built there with these options: panics name it so, and as `std/tests/NAME.lang` it sees what std keeps to itself. */
function executable(cwd: string, name: string, ...options: readonly string[]): string {
  const key = `${name.replaceAll("/", "-")}${options.join("")}`;
  const path = join(folder, key);
  if (!built.has(key)) {
    const result = Bun.spawnSync([process.execPath, compiler, "build", `${name}.lang`, ...options, "-o", path], { cwd, stdout: "pipe", stderr: "pipe" });
    expect(result.stderr.toString()).toBe("");
    built.set(key, path);
  }
  return path;
}

for (const name of ["floats", "parse", "wide", "text", "input", "heap"]) {
  const inputPath = join(import.meta.dir, "tests", `${name}.input`);
  const input = existsSync(inputPath) ? readFileSync(inputPath) : new Uint8Array();
  const expected = readFileSync(join(import.meta.dir, "tests", `${name}.expected`), "utf8").split("\n");
  for (const level of ["-O0", "-O2"]) {
    test(`${name} ${level}`, () => {
      const result = Bun.spawnSync([executable(root, `std/tests/${name}`, level)], { stdin: input, stdout: "pipe", stderr: "pipe" });
      expect(result.stderr.toString()).toBe("");
      // Line by line, so that the first difference is what is shown.
      const lines = result.stdout.toString().split("\n");
      for (const [at, line] of expected.entries()) expect(`${at + 1}: ${lines[at]}`).toBe(`${at + 1}: ${line}`);
      expect(lines.length).toBe(expected.length);
      expect(result.exitCode).toBe(0);
    }, 60_000);
  }
}

// The place of a panic is the first that does not lie under std/.
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
      const result = Bun.spawnSync([executable(beside, "trace", level), ...(argument === "none" ? [] : [argument])], { stdout: "pipe", stderr: "pipe" });
      expect(result.stderr.toString()).toBe(expected);
      expect(result.stdout.toString()).toBe("before\nno newline");
      expect(result.exitCode).toBe(101);
    }, 60_000);
  }
  test(`running out of stack ${level}`, () => {
    const result = Bun.spawnSync([executable(beside, "trace", level), "stack"], { stdout: "pipe", stderr: "pipe" });
    const lines = result.stderr.toString().split("\n");
    expect(lines.slice(0, 3)).toEqual(["panic: stack overflow", `at ${file}:24:12`, deep.trimEnd()]);
    expect(lines.at(-2)).toBe(`  in main (${file}:37:17)`);
    expect(result.stdout.toString()).toBe("before\nno newline");
    expect(result.exitCode).toBe(101);
  }, 60_000);
}

const made = "allocated at memory.lang:4:12\n";
/** What a program under --check-memory says for each argument. */
const memory: Readonly<Record<string, string>> = {
  clean: "",
  leak: `memory: 1 block of 24 bytes never freed\n  1 × 24 bytes, ${made}`,
  double: `panic: double free of 100 bytes\nat memory.lang:13:9\n  in main (memory.lang:13:9)\n${made}freed at memory.lang:11:5\n`,
  size: `panic: free of 25 bytes aligned to 16, which were allocated as 24 aligned to 16\nat memory.lang:20:9\n  in main (memory.lang:20:9)\n${made}`,
  behind: `panic: something was written behind the end of a block of 24 bytes\nat memory.lang:46:9\n  in main (memory.lang:46:9)\n${made}`,
  wild: "panic: free of memory that was not allocated\nat memory.lang:26:9\n  in main (memory.lang:26:9)\n",
  cycle: "memory: 2 blocks of 48 bytes never freed\n  1 × 16 bytes in a cycle of references, allocated at memory.lang:29:24\n  1 × 32 bytes in a cycle of references, allocated at memory.lang:30:24\n",
  late: "panic: something was written to a block of 8 bytes after it was freed\nallocated at memory.lang:41:21\nfreed at memory.lang:42:9\n",
};

/** What is never freed of values that own one another: the cycle's members are named, and what only they own. */
const cycles = `memory: 7 blocks of 240 bytes never freed
  1 × 16 bytes, allocated at cycles.lang:7:33
  1 × 56 bytes in a cycle of references, allocated at cycles.lang:7:13
  1 × 16 bytes, allocated at cycles.lang:8:33
  1 × 56 bytes in a cycle of references, allocated at cycles.lang:8:13
  1 × 16 bytes, allocated at cycles.lang:13:16
  1 × 32 bytes, allocated at cycles.lang:14:35
  1 × 48 bytes in a cycle of references, allocated at cycles.lang:14:13
`;

for (const level of ["-O0", "-O2"]) {
  test(`--check-memory names cycles, and LANG_MEMORY=report tells what each place allocated ${level}`, () => {
    const result = Bun.spawnSync([executable(beside, "cycles", level, "--check-memory")], { stdout: "pipe", stderr: "pipe", env: { ...process.env, LANG_MEMORY: "report" } });
    const said = result.stderr.toString();
    expect(said).toEndWith(cycles);
    // What grew is counted at the place that made it grow: bytes of all its blocks, and the most at once while it moved.
    expect(said).toMatch(/^memory: \d+ blocks, \d+ bytes, at most \d+ at once$/m);
    expect(said).toContain("  6 blocks, 2016 bytes, at most 1536 at once, at cycles.lang:23:23\n");
    expect(said).toContain("  1 block, 40 bytes, at most 40 at once, at cycles.lang:28:18\n");
    expect(result.exitCode).toBe(101);
  }, 60_000);
  for (const [argument, expected] of Object.entries(memory)) {
    test(`--check-memory ${argument} ${level}`, () => {
      const result = Bun.spawnSync([executable(beside, "memory", level, "--check-memory"), argument], { stdout: "pipe", stderr: "pipe" });
      expect(result.stderr.toString()).toBe(expected);
      expect(result.exitCode).toBe(expected === "" ? 0 : 101);
    }, 60_000);
  }
  // It took a look at the whole stack for each block, 15 seconds for these.
  test(`--check-memory of a long chain ${level}`, () => {
    const result = Bun.spawnSync([executable(beside, "chain", level, "--check-memory")], { stdout: "pipe", stderr: "pipe", timeout: 5_000 });
    expect([result.stdout.toString(), result.stderr.toString(), result.exitCode]).toEqual(["true\n", "", 0]);
  }, 60_000);
  test(`--check-memory use after free ${level}`, () => {
    const result = Bun.spawnSync([executable(beside, "memory", level, "--check-memory"), "write"], { stdout: "pipe", stderr: "pipe" });
    expect(result.stderr.toString()).toStartWith("panic: use after free of a block of 100 bytes\nat memory.lang:16:9\n");
    expect(result.stderr.toString()).toEndWith(`${made}freed at memory.lang:11:5\n`);
  }, 60_000);
}

test.if(existsSync("/dev/full"))("output that cannot be written is an error", () => {
  const full = openSync("/dev/full", "w");
  const result = Bun.spawnSync([process.execPath, "src/cli/main.ts", "run", "-O1", "std/tests/text.lang"], { cwd: root, stdout: full, stderr: "pipe" });
  closeSync(full);
  expect(result.stderr.toString()).toBe("");
  expect(result.exitCode).toBe(1);
}, 60_000);
