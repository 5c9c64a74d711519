import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { readArchive } from "./read.ts";
import type { Archive } from "./read.ts";

function member(name: string, content: string): string {
  const pad = (text: string, width: number): string => text.padEnd(width);
  return `${pad(name, 16)}${pad("0", 12)}${pad("0", 6)}${pad("0", 6)}${pad("644", 8)}${pad(String(content.length), 10)}\`\n${content}${content.length % 2 === 0 ? "" : "\n"}`;
}
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const be32 = (n: number): string => String.fromCharCode(n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255);
function must(bytes: Uint8Array): Archive {
  const read = readArchive(bytes);
  if (!read.ok) throw new Error(`${read.error.field} at ${read.error.offset}: ${read.error.problem}`);
  return read.archive;
}
const said = (a: Archive): unknown => a.members.map(({ name, content }) => [name, content === undefined ? undefined : Buffer.from(content).toString("latin1")]);

const names = member("//", "a_rather_long_name.o/\nanother_long_name.o/\n");
// magic 8, symbol table 60 + 4 + 2 * 4 + 4, names 60 + 43 + 1
const first = 8 + 60 + 16 + names.length;
const second = first + 60 + 6;
const gnu = `!<arch>\n${member("/", `${be32(2)}${be32(second)}${be32(first)}f\0g\0`)}${names}${member("/0", "first")}${member("b.o/", "second!!")}${member("/22", "")}`;

describe("archives", () => {
  test("GNU: long names, symbol table, padding", () => {
    const archive = must(bytesOf(gnu));
    expect(said(archive)).toEqual([["a_rather_long_name.o", "first"], ["b.o", "second!!"], ["another_long_name.o", ""]]);
    expect([...archive.symbols]).toEqual([["f", 1], ["g", 0]]);
  });

  test("BSD names, and thin archives", () => {
    expect(said(must(bytesOf(`!<arch>\n${member("#1/12", "bsd name.o\0\0content")}`)))).toEqual([["bsd name.o", "content"]]);
    const header = member("b.o/", "second!!").slice(0, 60);
    expect(said(must(bytesOf(`!<thin>\n${names}${header}${header}`)))).toEqual([["b.o", undefined], ["b.o", undefined]]);
  });

  test.each([
    ["", "magic"], ["!<arch>\nxyz", "header"], [`!<arch>\n${member("a/", "abc").slice(0, -3)}`, "ar_size"], [`!<arch>\n${member("a/", "").replace("`", "'")}`, "ar_fmag"],
    [`!<arch>\n${member("/7", "")}`, "ar_name"], [`!<arch>\n${member("#1/7", "abc")}`, "ar_name"], [`!<arch>\n${member("/", "")}`, "symbol table"],
    [`!<arch>\n${member("/", be32(9))}`, "symbol table"], [`!<arch>\n${member("/", `${be32(1)}${be32(4)}f\0`)}`, "symbol table"], [gnu.replace("f\0g\0", "fffg"), "symbol table"],
  ])("what is damaged is named (%#)", (text, field) => {
    const read = readArchive(bytesOf(text));
    expect(read.ok ? "no error" : read.error.field).toBe(field);
  });

  test("random damage never throws (seed 1)", () => {
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 0x1_0000_0000) * below);
    };
    for (let round = 0; round < 2000; round++) {
      const bytes = bytesOf(gnu).slice(0, random(4) === 0 ? random(gnu.length) : gnu.length);
      for (let i = random(4); i >= 0 && bytes.length > 0; i--) bytes[random(bytes.length)] = random(256);
      readArchive(bytes);
    }
  });

  if (Bun.which("ar") === null) console.log("not run, for want of ar");
  else {
    test("what ar makes", () => {
      const folder = mkdtempSync(join(tmpdir(), "lang-ar-"));
      try {
        for (const name of ["x.o", "a_name_of_more_than_sixteen.o"]) writeFileSync(join(folder, name), `content of ${name}`);
        Bun.spawnSync({ cmd: ["ar", "rcs", "lib.a", "x.o", "a_name_of_more_than_sixteen.o"], cwd: folder });
        expect(said(must(readFileSync(join(folder, "lib.a"))))).toEqual([["x.o", "content of x.o"], ["a_name_of_more_than_sixteen.o", "content of a_name_of_more_than_sixteen.o"]]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
