import { expect, test } from "bun:test";
import { indexDeclarations } from "../syntax/declarationIndex.ts";
import { LibraryFile, encodeLibrary } from "./libraryFile.ts";

const encoder = new TextEncoder();
const source = (path: string, text: string, summaries: Readonly<Record<string, string>>) => ({ path, text: encoder.encode(text), index: indexDeclarations(encoder.encode(text)), summaries });

test("a library is read back as it was written", () => {
  const sources = [
    source("std/é.lang", "// é\nfunc f() i64 {\n    return 1\n}\nenum E { A, B }\n", { 7: "out: a" }),
    source("std/empty.lang", "", {}),
    source("os/x.lang", "#if OS == \"linux\" { }\nstruct S { x i64 }\n", { 1: "b", 2: "c" }),
  ];
  const library = new LibraryFile(encodeLibrary(sources));
  expect(library.paths()).toEqual(sources.map(({ path }) => path));
  for (const { path, text, index, summaries } of sources) {
    expect(Buffer.from(library.text(path) ?? []).equals(text)).toBe(true);
    expect(library.index(path)).toEqual(index);
    for (const [offset, summary] of Object.entries(summaries)) expect(library.summary(path, Number(offset))).toBe(summary);
  }
  expect(library.summary("os/x.lang", 3)).toBeUndefined();
  expect([library.text("std/none.lang"), library.index("std/none.lang"), library.summary("std/none.lang", 1)]).toEqual([undefined, undefined, undefined]);
});
