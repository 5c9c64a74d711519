import { expect, test } from "bun:test";
import { readFileSync, readdirSync } from "node:fs";
import { findTarget } from "../../os/targets.ts";
import { Interner } from "../source/interner.ts";
import { indexDeclarations } from "../syntax/declarationIndex.ts";
import { encodeTree, nodeShapes } from "../syntax/treeEncoder.ts";
import { build } from "./build.ts";
import { host, type BuildHost } from "./host.ts";
import { LibraryFile, encodeLibrary, type ReadPart } from "./libraryFile.ts";
import { buildRequest, type BuildRequest } from "./request.ts";

/** The same host, which reads the library whole. */
const whole: BuildHost = { read: host.read, library: host.library, identity: host.identity, folder: host.folder, now: host.now };

const all = [...new Bun.Glob("{std,os}/**/*.lang").scanSync(new URL("../..", import.meta.url).pathname)].sort();

/** The same host, with the library as an executable carries it. */
const carrying: BuildHost = (() => {
  const names = new Interner();
  const sources = all.map((path) => {
    const text = host.library(path) ?? new Uint8Array(0);
    return { path, text, group: "all", index: indexDeclarations(text), tree: encodeTree(text, names), summaries: {} };
  });
  const { library, texts, trees } = encodeLibrary(sources, { names, shapes: nodeShapes() });
  const file = new LibraryFile(library, ...[texts, trees].map((files) => (group: string, from: number, length: number) => files.get(group)?.subarray(from, from + length) ?? new Uint8Array(0)) as [ReadPart, ReadPart]);
  return { ...whole, library: (path) => file.text(path), libraryIndexes: { of: (path) => file.index(path), names: () => file.names() } };
})();

const folder = new URL("../../examples/", import.meta.url);
const found = findTarget("linux-x86_64");
if (!found.ok) throw new Error("no target");
const { target } = found;

function compile(path: string, text: Uint8Array, level: BuildRequest["level"], by: BuildHost, checkMemory = false): { bytes: string; messages: string } {
  const answer = build(buildRequest(path, text, target, { level, debug: true, checkMemory }), by);
  const messages = answer.diagnostics.map(({ code, message, span, advice }) => `${code} ${message} ${JSON.stringify(answer.sources.place(span.start))} ${advice.join()}`).join("\n");
  return { bytes: answer.bytes === undefined ? "none" : Buffer.from(answer.bytes).toString("hex"), messages };
}

test("reading the library on demand gives the same executables as reading it whole", () => {
  for (const name of readdirSync(folder).filter((path) => path.endsWith(".lang"))) {
    const text = readFileSync(new URL(name, folder));
    for (const level of name === "sha256.lang" ? (["O0", "O2"] as const) : (["O0"] as const)) {
      const all = compile(name, text, level, whole);
      expect(all.bytes.length).toBeGreaterThan(1000);
      for (const by of [host, carrying]) {
        const some = compile(name, text, level, by);
        expect([name, level, some.messages]).toEqual([name, level, all.messages]);
        if (some.bytes !== all.bytes) throw new Error(`${name} at ${level}: the executables differ`);
      }
    }
  }
}, 120_000);

test("names of the library that nobody reached are still suggested, and mistakes read the same", () => {
  for (const text of ["func main() { sqrtt(2.0) }", "func main() { let x FormatSpe = 1 }", "func readln() i64 { 1 }\nfunc main() { readln(2) }", 'import "std/math" as math\nfunc main() { math.squareroot(2.0) }']) {
    const bytes = new TextEncoder().encode(text);
    const all = compile("p.lang", bytes, "O0", whole);
    for (const by of [host, carrying]) expect(compile("p.lang", bytes, "O0", by)).toEqual(all);
    expect(all.messages).not.toBe("");
  }
});

test("files of the library that a program includes or imports by name are the prelude's, whether they were read before or not", () => {
  for (const [text, ...options] of [
    ['include "std/stream.lang"\nfunc main() { stream_flush(1) }'], ['include "std/core.lang"\nfunc main() { stream_flush(os_getpid() % 1) }'], ['import "std/stream" as s\nfunc main() { s.flush() }'],
    ['include "std/heap.lang"\nfunc main() { println(HEAP_PAGE) }'], ['import "std/process"\nimport "std/fs"\nfunc main() { println(process.run) }'], ["func main() { stream_flush(1) }"],
    ["func main() { let l = [1].to_list()\n println(l) }", "checkMemory"],
  ] as const) {
    const bytes = new TextEncoder().encode(text);
    const all = compile("p.lang", bytes, "O0", whole, options.length > 0);
    for (const by of [host, carrying]) expect([text, compile("p.lang", bytes, "O0", by, options.length > 0)]).toEqual([text, all]);
  }
}, 60_000);
