/** `lang bytes`, as a person and a machine read it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { inFolder, lang } from "./testing.ts";

setDefaultTimeout(60_000);

const files = { "hello.lang": 'func main() { println("hello") }\n', "wrong.lang": "func main() { let x i64 = true }\n", "text.txt": "no program\n" };

/** The ranges as lines of JSON tell them. */
function ranges(text: string): { start: number; end: number; kind: string; name: string; file: string | null; line: number | null; fields?: { name: string; size: number }[] }[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

test("a program's bytes add up to its executable's, and none is written", () => inFolder(files, (cwd) => {
  const { status, stdout, stderr } = lang(["bytes", "-Os", "--strip", "--target", "linux-x86_64", "hello.lang"], { cwd });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^ offset bytes {2}kind {7}what\n {4}0x0 {4}64 {2}header {5}file header\n/);
  expect(stdout).toMatch(/string {5}"hello\\n" +\.rodata\.str1\.1\n/);
  const [, total, size] = /(\d+) {2}of the (\d+) bytes of the ELF file\n$/.exec(stdout) ?? [];
  expect(total).toBe(size ?? "");
  expect(lang(["check", "hello"], { cwd }).status).toBe(1);
}));

test("an executable that is there, by its own symbols; --json and --fields", () => inFolder(files, (cwd) => {
  expect(lang(["build", "-O0", "--target", "linux-arm64", "hello.lang", "-o", "hello"], { cwd }).status).toBe(0);
  const found = ranges(lang(["bytes", "--json", "./hello"], { cwd }).stdout);
  expect(found[0]).toMatchObject({ start: 0, end: 64, kind: "header", name: "file header" });
  expect(found[0]?.fields?.map(({ name }) => name)).toContain("e_phoff");
  expect(found.every(({ start }, i) => start === (found[i - 1]?.end ?? 0))).toBe(true);
  expect(found.some(({ name, kind }) => name === "hello.main" && kind === "code")).toBe(true);
  expect(lang(["bytes", "--fields", "./hello"], { cwd }).stdout).toContain("e_machine = 183 (0xb7)\n");
}));

test("an object for each system", () => inFolder(files, (cwd) => {
  for (const [target, ending, format] of [["linux-arm64", "o", "ELF"], ["macos-arm64", "o", "Mach-O"], ["windows-x86_64", "obj", "COFF"], ["windows-arm64", "obj", "COFF"]]) {
    expect(lang(["build", "-O1", "--target", `${target}`, "hello.lang", "-o", `hello.${ending}`], { cwd }).status).toBe(0);
    const { stdout } = lang(["bytes", `hello.${ending}`], { cwd });
    expect(stdout).toMatch(/ code +std\/stream\.stream_write +\S*text\n/);
    const [, total, size] = new RegExp(`(\\d+) {2}of the (\\d+) bytes of the ${format} file\n$`).exec(stdout) ?? [];
    expect(total).toBe(size ?? "");
  }
}));

test("functions are told by the line of their declaration", () => inFolder(files, (cwd) => {
  const found = ranges(lang(["bytes", "--json", "-O0", "--target", "windows-arm64", "hello.lang"], { cwd }).stdout);
  expect(found.find(({ name, file }) => name === "main" && file === "hello.lang")).toMatchObject({ kind: "code", line: 1 });
}));

test("what is no program, and what is no executable", () => inFolder(files, (cwd) => {
  const wrong = lang(["bytes", "wrong.lang"], { cwd });
  expect([wrong.status, wrong.stdout, wrong.stderr.slice(0, 12)]).toEqual([1, "", "error[E0301]"]);
  expect(lang(["bytes"], { cwd }).status).toBe(2);
  expect(lang(["bytes", "--target", "amiga", "hello.lang"], { cwd }).status).toBe(2);
  expect(lang(["bytes", "text.txt"], { cwd }).status).toBe(1);
  expect(lang(["bytes", "missing"], { cwd })).toMatchObject({ status: 1, stdout: "" });
}));

test("a damaged executable says which field", () => inFolder({ ...files, "cut": "\u007fELF\u0002\u0001\u0001" }, (cwd) => {
  expect(lang(["bytes", "cut"], { cwd }).stderr).toStartWith("error[E0809]: 'cut' is no executable that can be read: e_ident at 0x0: the file ends inside its header, after 7 bytes\n");
}));
