import { expect, test } from "bun:test";
import { kindOfEnding } from "./endings.ts";

test("the ending says what is written", () => {
  expect(["tool", "tool.exe", "a.out", "a.b/tool", ".hidden", "tool-1.2"].map(kindOfEnding)).toEqual(["executable", "executable", "executable", "executable", "executable", "executable"]);
  expect(["x.o", "x.obj", "x.s", "x.ir", "x.ll"].map(kindOfEnding)).toEqual(["object", "object", "assembly", "ir", "llvm"]);
  expect(["x.c", "x.O2", "x.2a"].map(kindOfEnding)).toEqual([undefined, undefined, undefined]);
});
