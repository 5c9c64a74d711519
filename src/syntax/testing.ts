/** For tests: source text to tree and diagnostics as text. */

import { Diagnostics } from "../source/diagnostics.ts";
import { Interner } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { Ast, type Node } from "./ast.ts";
import { dumpAst, dumpTokens } from "./dump.ts";
import { lex } from "./lexer.ts";
import { type ParseOptions, parseFile } from "./parser.ts";

const encoder = new TextEncoder();

export interface Parsed {
  readonly ast: Ast;
  readonly names: Interner;
  readonly sources: SourceMap;
  readonly diagnostics: Diagnostics;
  readonly file: Node;
}

/** Parses one file, given as text or as bytes. */
export function parseText(text: string | Uint8Array, options: ParseOptions = {}): Parsed {
  const sources = new SourceMap();
  const diagnostics = new Diagnostics();
  const ast = new Ast();
  const names = new Interner();
  const source = sources.add("test.lang", typeof text === "string" ? encoder.encode(text) : text);
  const file = parseFile(ast, names, source, diagnostics, options);
  return { ast, names, sources, diagnostics, file };
}

/** The tree of a file, or its diagnostics if there are any. */
export function treeOf(text: string): string {
  const { ast, names, diagnostics, file, sources } = parseText(text);
  return diagnostics.list.length > 0 ? diagnosticsText(diagnostics, sources) : dumpAst(ast, names, file).trim();
}

/** The trees of a function's statements and result, one a line, or the diagnostics. */
export function bodyOf(statements: string): string {
  const { ast, names, diagnostics, file, sources } = parseText(`func f() {\n${statements}\n}\n`);
  if (diagnostics.list.length > 0) return diagnosticsText(diagnostics, sources, -1);
  const body = ast.body(ast.item(ast.declarations(file), 0));
  const lines: string[] = [];
  const list = ast.statements(body);
  for (let i = 0; i < ast.length(list); i++) lines.push(oneLine(dumpAst(ast, names, ast.item(list, i))));
  if (ast.result(body) !== 0) lines.push(`=> ${oneLine(dumpAst(ast, names, ast.result(body)))}`);
  return lines.join("\n");
}

/** The tree of an expression on one line, in the short form of `short`. */
export function expressionOf(text: string): string {
  return bodyOf(`let x = ${text}`).replace(/^\(Let \(BindingPattern x\) (.*)\)$/s, "$1");
}

/** Diagnostics as `line:column code message`, one a line; `lineOffset` is added to the lines. */
export function diagnosticsText(diagnostics: Diagnostics, sources: SourceMap, lineOffset = 0): string {
  return diagnostics.list
    .map((d) => {
      const place = sources.place(d.span.start);
      return `${(place?.line ?? 0) + lineOffset}:${place?.column} ${d.code} ${d.message}`;
    })
    .join("\n");
}

/** What a file is refused for. */
export function errorsOf(text: string | Uint8Array): string {
  const { diagnostics, sources } = parseText(text);
  return diagnosticsText(diagnostics, sources);
}

/** The tokens of a text, one a line, without places. */
export function tokensOf(text: string | Uint8Array): string {
  const sources = new SourceMap();
  const diagnostics = new Diagnostics();
  const ast = new Ast();
  const names = new Interner();
  const tokens = lex(ast, names, sources.add("test.lang", typeof text === "string" ? encoder.encode(text) : text), diagnostics);
  const errors = diagnosticsText(diagnostics, sources);
  const lines = dumpTokens(tokens, ast, names, sources).trim().split("\n").slice(0, -1);
  return [...lines.map((line) => line.replace(/^\d+:\d+ /, "")), ...(errors === "" ? [] : [errors])].join("\n");
}

function oneLine(text: string): string {
  return text.trim().replace(/\n\s*/g, " ").replace(/\[ /g, "[");
}
