import { describe, expect, test } from "bun:test";
import { decodeKept, encodeKept, noting, type FileRead } from "./cache.ts";
import type { BuildHost } from "./host.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hash = (content: Uint8Array): string => `#${content.length}`;
const files: Readonly<Record<string, string>> = { "a.lang": "one", "b.lang": "four" };
const host: BuildHost = {
  read: (path) => (path in files ? { ok: true, bytes: bytes(files[path] ?? "") } : path === "locked" ? { ok: false, reason: "permission is denied", missing: false } : { ok: false, reason: "no such file", missing: true }),
  library: () => undefined,
  identity: (path) => path,
  folder: () => "/",
  now: () => 0,
};

describe("what a build read", () => {
  test("is noted, with what was looked for in vain", () => {
    const { host: noted, reads } = noting(host, hash);
    for (const path of ["a.lang", "c.lang", "b.lang", "a.lang"]) noted.read(path);
    expect(reads()).toEqual([["a.lang", "#3"], ["c.lang", null], ["b.lang", "#4"]]);
  });

  for (const path of ["-", "locked"]) {
    test(`from '${path}' can't be looked at again`, () => {
      const { host: noted, reads } = noting(host, hash);
      noted.read(path);
      expect(reads()).toBeUndefined();
    });
  }
});

describe("a kept build", () => {
  const reads: readonly FileRead[] = [["a.lang", "#3"], ["c.lang", null]];
  const output = Uint8Array.of(0, 10, 255, 10);
  const kept = encodeKept(reads, output);
  const same = (): boolean => true;

  test("gives its output back while its files are the same", () => {
    const asked: FileRead[] = [];
    expect(decodeKept(kept, (read) => asked.push(read) > 0)).toEqual(output);
    expect(asked).toEqual([...reads]);
    expect(decodeKept(kept, ([path]) => path !== "c.lang")).toBeUndefined();
  });

  const damaged: readonly (readonly [string, Uint8Array])[] = [
    ["nothing", new Uint8Array(0)],
    ["no line", bytes("{\"reads\":[],\"size\":0}")],
    ["a line that is no JSON", bytes("reads\n")],
    ["an output that is cut", kept.subarray(0, kept.length - 1)],
    ["an output with more behind it", Uint8Array.of(...kept, 0)],
    ["files that are no list", bytes("{\"reads\":3,\"size\":0}\n")],
    ["a file without a hash", bytes("{\"reads\":[[\"a.lang\"]],\"size\":0}\n")],
  ];
  for (const [what, content] of damaged) test(`with ${what} is none`, () => expect(decodeKept(content, same)).toBeUndefined());
});
