import { expect, spyOn, test } from "bun:test";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTarget, hostTarget } from "../../os/targets.ts";
import { libraryPaths } from "../driver/embedded.ts";
import { build } from "../driver/build.ts";
import { summarise } from "../driver/frontEnd.ts";
import { host, writeWhole, type BuildHost } from "../driver/host.ts";
import { makePrebuilt, prebuiltLevels } from "../driver/prebuilt.ts";
import { buildRequest, noTools, type BuildRequest } from "../driver/request.ts";
import { PrebuiltLibrary } from "./library.ts";

const found = findTarget("linux-x86_64");
if (!found.ok) throw new Error("no target");
const { target } = found;
const program = new Uint8Array(readFileSync(new URL("../../scripts/prebuilt.lang", import.meta.url)));
const libraries = new Map(prebuiltLevels.map((level) => [level as string, makePrebuilt(program, target, level, host)]));
const summaries = summarise(libraryPaths(), target, host);
/** The host of an executable; that of a checkout has neither. */
const carrying: BuildHost = { ...host, prebuilt: (_, level) => libraries.get(level), librarySummary: (path, offset) => summaries[path]?.[offset] };

function compile(text: string, level: BuildRequest["level"], by: BuildHost, more: Partial<BuildRequest> = {}): { bytes: Uint8Array; messages: string } {
  const answer = build(buildRequest("p.lang", new TextEncoder().encode(text), target, { level, ...more }), by);
  const messages = answer.diagnostics.map(({ code, message, span }) => `${code} ${message} ${JSON.stringify(answer.sources.place(span.start))}`).join("\n");
  return { bytes: answer.bytes ?? new Uint8Array(0), messages };
}

function run(bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "lang-prebuilt-"));
  try {
    const path = join(folder, "p");
    const problem = writeWhole(path, bytes, true);
    if (problem !== undefined) throw new Error(problem);
    const ended = Bun.spawnSync([path], { stdin: new TextEncoder().encode("a b a\n"), stdout: "pipe", stderr: "pipe" });
    return `${ended.exitCode} ${ended.stdout.toString()} ${ended.stderr.toString()}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const words = `func main() {
  var counts Map[String, i64] = Map.new()
  while let Some(line) = readln() {
    for word in line.trim().split(" ") {
      match counts.get_mut(&to_string(word)) { Some(n) => *n += 1, None => { counts.insert(to_string(word), 1) } }
    }
  }
  for (word, count) in &counts { println(f"{word} {count:>3}") }
  var names = ["b", "a"].iter().map(|name| to_string(*name)).collect[List[String]]()
  names.sort()
  println(names)
  println(f"{1.5} {counts}".len)
  names[7].clear()
}
`;

test("a program with prebuilt functions does what it does without, to the stack trace", () => {
  for (const level of prebuiltLevels) {
    const [carried, whole] = [compile(words, level, carrying), compile(words, level, host)];
    expect(carried.messages).toBe(whole.messages);
    expect(Buffer.compare(carried.bytes, whole.bytes)).not.toBe(0);
    if (hostTarget(process.platform, process.arch) === target) {
      const text = run(carried.bytes);
      expect(text).toContain("panic: index out of bounds: the length is 2 but the index is 7\nat p.lang:13:3\n  in main");
      expect(text).toBe(run(whole.bytes));
    }
  }
}, 60_000);

test("a hello world takes all that it needs of the library from there", () => {
  for (const [level, library] of libraries) {
    const asked = spyOn(library, "callable");
    compile('func main() { println("Hello, world!") }', level as BuildRequest["level"], carrying);
    const names = asked.mock.calls.map(([name], i) => [name, asked.mock.results[i]?.value !== -1]);
    asked.mockRestore();
    expect(names).toContainEqual(["lang_start", true]);
    expect(names.filter(([, isThere]) => isThere !== true)).toEqual([]);
  }
});

test("builds that look closer, or are to be small or fast, compile everything from source", () => {
  const same = (level: BuildRequest["level"], more: Partial<BuildRequest>): boolean => Buffer.compare(compile(words, level, carrying, more).bytes, compile(words, level, host, more).bytes) === 0;
  expect(same("O2", {})).toBe(true);
  expect(same("Os", {})).toBe(true);
  expect(same("O1", { debug: true })).toBe(true);
  expect(same("O1", { unchecked: true })).toBe(true);
  expect(same("O0", { checkMemory: true })).toBe(true);
  expect(same("O1", { tools: { ...noTools, verifyIr: true } })).toBe(true);
}, 60_000);

/** What programs may take, with its number. */
function callables({ names }: PrebuiltLibrary): (readonly [string, number])[] {
  return Array.from({ length: names.count }, (_, atom) => [names.name(atom), atom] as const).filter(([name, atom]) => names.find(name) === atom);
}

test("a library is read back as it was written, and serves only the functions that it was made of", () => {
  const library = libraries.get("O1") as PrebuiltLibrary;
  const again = PrebuiltLibrary.decode(library.encode());
  expect(again.header).toEqual(library.header);
  expect(again.columns).toEqual(library.columns);
  expect(again.names).toEqual(library.names);
  const [name, atom] = callables(library).find(([one]) => one.endsWith("stream__put")) ?? ["", -1];
  const offset = library.columns.offset[atom] as number;
  expect(Buffer.from(again.bytes(atom)).equals(library.bytes(atom))).toBe(true);
  expect(again.callable(name, "std/stream.lang", offset)).toBe(atom);
  expect(again.callable(name, "std/stream.lang", offset + 1)).toBe(-1);
  expect(again.callable(name, "std/print.lang", offset)).toBe(-1);
});

test("a user's file that is called as one of the library's is the user's", () => {
  const files = new Map<string, string>();
  const mine: BuildHost = { ...carrying, read: (path) => (files.has(path) ? { ok: true, bytes: new TextEncoder().encode(files.get(path)) } : host.read(path)) };
  const text = 'import "std/hex" as hex\nfunc main() { println(hex.encode("abc".bytes())) }\n';
  files.set("std/hex.lang", "pub func encode(bytes []u8) str {\n    \"mine\"\n}\n");
  if (hostTarget(process.platform, process.arch) === target) expect(run(compile(text, "O1", mine).bytes)).toBe("0 mine\n ");
  expect(compile(text, "O1", mine).messages).toBe("");
});

test("what a function needs of its program is known through all that it calls", () => {
  const library = libraries.get("O1") as PrebuiltLibrary;
  const needs = (ending: string): number => library.needs(callables(library).find(([name]) => name.endsWith(ending))?.[1] ?? -1);
  expect(needs("stream__put")).toBe(4); // lang_buffer_put
  expect(needs("sort__merge_5bi64_5d") & 1).toBe(1); // it calls itself: the stack may be exhausted
  expect(needs("parse__i64")).toBe(0);
});

test("with the borrow summaries that an executable carries, ownership is judged as from the bodies", () => {
  const folder = new URL("../../conformance/08-ownership-refused/", import.meta.url);
  for (const name of readdirSync(folder).filter((path) => path.endsWith(".lang") && path.length % 7 === 0)) {
    const text = readFileSync(new URL(name, folder), "utf8");
    expect([name, compile(text, "O0", carrying).messages]).toEqual([name, compile(text, "O0", host).messages]);
  }
}, 60_000);
