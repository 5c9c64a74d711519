import { expect, test } from "bun:test";
import { Diagnostics } from "./diagnostics.ts";
import { Interner } from "./interner.ts";
import { release } from "./release.ts";
import { SourceMap } from "./sourceMap.ts";
import { Ast } from "../syntax/ast.ts";
import { parseFile } from "../syntax/parser.ts";

test("large columns are empty when they were given back; small ones stay for the collector", () => {
  const [large, small] = [new Int32Array(50_000).fill(7), new Uint8Array(100).fill(7)];
  release([large, small]);
  expect([large.length, small.length]).toEqual([0, 100]);
  release([large]);
});

test("a column that shows a part of a buffer leaves that to its owner", () => {
  const whole = new Int32Array(50_000);
  release([whole.subarray(10_000)]);
  expect(whole).toHaveLength(50_000);
});

test("texts of a file outlive its tokens and its tree", () => {
  const ast = new Ast();
  const text = `const names = ["first", ${"1, ".repeat(100_000)}"last"]\n`;
  parseFile(ast, new Interner(), new SourceMap().add("t.lang", new TextEncoder().encode(text)), new Diagnostics());
  expect(ast.count).toBeGreaterThan(100_000);
  ast.release();
  expect(ast.strings.slice(1).map((bytes) => new TextDecoder().decode(bytes))).toEqual(["first", "last"]);
});
