import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { Diagnostics } from "../source/diagnostics.ts";
import { Interner } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { Ast, Flag, type Node } from "./ast.ts";
import { CarriedTree } from "./carriedTree.ts";
import { indexDeclarations, partsOf } from "./declarationIndex.ts";
import { dumpAst } from "./dump.ts";
import { DeferredBodies, parseFile } from "./parser.ts";
import { encodeTree, nodeShapes } from "./treeEncoder.ts";

const root = new URL("../..", import.meta.url).pathname;
const encoder = new TextEncoder();

/** Parses the bodies that wait, of these nodes. */
function parseBodies(ast: Ast, deferred: DeferredBodies): void {
  for (let node = 1, count = ast.count; node < count; node++) deferred.parseBody(ast, node as Node);
}

/** What a text's tree is, with every place, from the parser and from what is carried of it, the text standing behind another. */
function bothTrees(text: Uint8Array, parts?: readonly (readonly [start: number, end: number])[]): { parsed: string; carried: string } {
  const names = new Interner();
  const encoded = encodeTree(text, names);
  const sources = new SourceMap();
  sources.add("before", encoder.encode("something"));
  const file = sources.add("file", text);
  const ast = new Ast();
  const parsed = parseFile(ast, names, file, new Diagnostics());
  const copied = new Ast();
  // Nodes, lists and literals of the program that are there already.
  parseFile(copied, names, sources.add("root", encoder.encode('func main() { println(f"{1 + 2.5}", [3, 4], "x") }')), new Diagnostics());
  const tree = new CarriedTree(encoded, nodeShapes());
  const deferred = new DeferredBodies();
  deferred.add({ tree, base: file.base });
  const files = (parts ?? [[0, text.length]]).map(([start, end]) => tree.copyFile(copied, file.base, start, end));
  parseBodies(copied, deferred);
  const list = (of: Ast, nodes: readonly Node[]): string => nodes.flatMap((node) => Array.from({ length: of.length(of.declarations(node)) }, (_, i) => dumpAst(of, names, of.item(of.declarations(node), i), { spans: sources }))).join("\n");
  return { parsed: list(ast, [parsed]), carried: list(copied, files) };
}

test("the trees of the library's files are those that the parser makes, whole and by parts", () => {
  for (const path of new Bun.Glob("{std,os}/**/*.lang").scanSync(root)) {
    const text = new Uint8Array(readFileSync(`${root}/${path}`));
    const { parsed, carried } = bothTrees(text);
    expect({ path, carried }).toEqual({ path, carried: parsed });
  }
  const text = new Uint8Array(readFileSync(`${root}/std/map.lang`));
  const { parts } = partsOf(indexDeclarations(text));
  const { parsed, carried } = bothTrees(text, parts.map(({ part: { start, end } }) => [start, end] as const).sort(([a], [b]) => a - b));
  expect(carried).toBe(parsed);
});

test("literals of every kind come with a tree", () => {
  const numbers = "const A = 0\nconst B = 7\nconst C = 340282366920938463463374607431768211455u128\nconst D = 9007199254740993\nconst E = 1.5e300\nconst F = 16777217.0000001f32\n";
  const texts = 'const G = "é\\0\\n"\nconst H = \'€\'\nconst I = b\'x\'\nfunc f(x f64) {\n    println(f"{x:>8.3} and {x}")\n    let y = move |a| a\n}\n';
  const { parsed, carried } = bothTrees(encoder.encode(numbers + texts));
  expect(carried).toBe(parsed);
});

test("where lines begin comes with a tree", () => {
  const starts = (text: string): number[] => [...new CarriedTree(encodeTree(encoder.encode(text), new Interner()), nodeShapes()).lineStarts];
  expect([starts(""), starts("// é\n\nconst A = 1\n")]).toEqual([[0], [0, 6, 7, 19]]);
});

test("a function's body stays behind until it is asked for", () => {
  const names = new Interner();
  const text = encoder.encode("func a() { one() }\nfunc b() { two() }\n");
  const tree = new CarriedTree(encodeTree(text, names), nodeShapes());
  const ast = new Ast();
  const deferred = new DeferredBodies();
  deferred.add({ tree, base: 1 });
  const file = tree.copyFile(ast, 1, 19, text.length);
  const function_ = ast.item(ast.declarations(file), 0);
  expect([ast.length(ast.declarations(file)), ast.has(function_, Flag.deferredBody), dumpAst(ast, names, file).includes("two")]).toEqual([1, true, false]);
  deferred.parseBody(ast, function_);
  expect([ast.has(function_, Flag.deferredBody), dumpAst(ast, names, file).includes("two")]).toEqual([false, true]);
});

test("what the columns cannot hold is not written", () => {
  expect(() => encodeTree(encoder.encode(`const A = "${"x".repeat(70000)}"\n`), new Interner())).toThrow("does not fit the column size");
  expect(() => encodeTree(encoder.encode("func (\n"), new Interner())).toThrow("syntax/treeEncoder.encodeTree: ");
});
