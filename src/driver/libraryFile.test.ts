import { expect, test } from "bun:test";
import { Interner } from "../source/interner.ts";
import { Ast } from "../syntax/ast.ts";
import { indexDeclarations } from "../syntax/declarationIndex.ts";
import { dumpAst } from "../syntax/dump.ts";
import { encodeTree, nodeShapes } from "../syntax/treeEncoder.ts";
import { LibraryFile, encodeLibrary, type LibrarySource, type ReadPart } from "./libraryFile.ts";

const encoder = new TextEncoder();
const decoded = (given: readonly Omit<LibrarySource, "tree">[]): LibraryFile => {
  const names = new Interner();
  const { library, texts, trees } = encodeLibrary(given.map((one) => ({ ...one, tree: encodeTree(one.text, names) })), { names, shapes: nodeShapes() });
  return new LibraryFile(library, ...[texts, trees].map((files) => (group: string, from: number, length: number) => files.get(group)?.subarray(from, from + length) ?? new Uint8Array(0)) as [ReadPart, ReadPart]);
};
const source = (path: string, text: string, summaries: Readonly<Record<string, string>>) => ({ path, text: encoder.encode(text), group: path.slice(0, path.indexOf("/")), index: indexDeclarations(encoder.encode(text)), summaries });

test("a library is read back as it was written", () => {
  const sources = [
    source("std/é.lang", "// é\nfunc f() i64 {\n    return 1\n}\nenum E { A, B }\n", { 7: "out: a" }),
    source("std/empty.lang", "", {}),
    source("os/x.lang", "include \"std/é.lang\"\n#if OS == \"linux\" { }\ninclude \"std/empty.lang\"\nstruct S { x i64 }\n", { 1: "b", 2: "c" }),
  ];
  const library = decoded(sources);
  expect(library.paths()).toEqual(sources.map(({ path }) => path));
  for (const { path, text, index, summaries } of sources) {
    expect(Buffer.from(library.text(path) ?? []).equals(text)).toBe(true);
    const carried = library.index(path);
    const atOnce = index.names.flatMap((name, i) => (name === "" ? [...index.ranges.subarray(2 * i, 2 * i + 2)] : []));
    expect([...(carried?.table.atOnce(carried.number) ?? [])]).toEqual(atOnce);
    expect([...(carried?.table.includes(carried.number) ?? [])].map((file) => carried?.table.pathOf(file))).toEqual([...index.includes]);
    index.names.forEach((name, i) => {
      const found = [...(carried?.table.under(name) ?? [])].map((part) => carried?.table.part(part));
      if (name !== "") expect(found).toEqual([{ start: index.ranges[2 * i] as number, end: index.ranges[2 * i + 1] as number, besides: [] }]);
    });
    for (const [offset, summary] of Object.entries(summaries)) expect(library.summary(path, Number(offset))).toBe(summary);
  }
  expect([...(library.index("os/x.lang")?.table.under("nobody") ?? [])]).toEqual([]);
  expect(library.summary("os/x.lang", 3)).toBeUndefined();
  expect([library.text("std/none.lang"), library.index("std/none.lang"), library.summary("std/none.lang", 1)]).toEqual([undefined, undefined, undefined]);
});

test("the names of a library's trees come with it, and new ones go behind them", () => {
  const library = decoded([source("std/a.lang", "func first() { größe() }\n", {}), source("std/b.lang", "func second() {}\n", {})]);
  const names = library.names();
  const ast = new Ast();
  const tree = library.index("std/b.lang")?.tree();
  expect(dumpAst(ast, names, tree?.copyFile(ast, 1, 0, 100) ?? ast.add(0 as never, 0, 0, 0, 0, 0, 0, 0))).toContain("second");
  const { count } = names;
  expect([names.name(names.intern("größe")), names.intern("i64"), names.count]).toEqual(["größe", new Interner().intern("i64"), count]);
  expect([names.intern("another") as number, names.name(names.intern("another")), library.names().count]).toEqual([count, "another", count]);
  for (let i = 0; i < 5000; i++) expect(names.name(names.intern(`more${i}`))).toBe(`more${i}`);
});

test("a library whose files include one that is not there is not made", () => {
  expect(() => decoded([source("std/a.lang", 'include "std/b.lang"\n', {})])).toThrow("driver/declarationTable.fileAt: 'std/b.lang' is included, and no file of the library");
});

test("an impl stands in the table under its type, with what else must be asked for", () => {
  const text = "struct S {}\nimpl Show for S {}\nimpl S { func a(self) {}\n func b(self) {} }\n";
  const index = decoded([source("std/a.lang", "func f() {}\n", {}), source("std/s.lang", text, {})]).index("std/s.lang");
  const parts = (name: string) => [...(index?.table.under(name) ?? [])].map((part) => [index?.table.fileOf(part), text.slice(index?.table.part(part).start, index?.table.part(part).end), index?.table.part(part).besides]);
  expect(parts("S")).toEqual([[1, "struct S {}", []], [1, "impl Show for S {}", ["Show"]], [1, "impl S { func a(self) {}\n func b(self) {} }", [".a", ".b"]]]);
  expect([parts("Show"), parts(".a"), parts("f").map(([file]) => file)]).toEqual([[], [], [0]]);
});
