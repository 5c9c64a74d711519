/** A file to its syntax tree. */

import type { Diagnostics } from "../source/diagnostics.ts";
import type { Interner } from "../source/interner.ts";
import type { SourceFile } from "../source/sourceMap.ts";
import { type Ast, Flag, Kind, type Node } from "./ast.ts";
import type { CarriedTree } from "./carriedTree.ts";
import { lex, type Skipped } from "./lexer.ts";
import { parseBlock } from "./parseBlocks.ts";
import { parseDeclarations } from "./parseDeclarations.ts";
import { Parser } from "./parserState.ts";
import { reportSpareBraces } from "./repairBraces.ts";
import type { Tokens } from "./token.ts";

export interface ParseOptions {
  /** Skips the bodies of functions and keeps what is needed to parse each when it is asked for. */
  readonly deferred?: DeferredBodies;
  /** With `deferred`: the bodies, which need not even be lexed (declarationIndex.ts). */
  readonly skipped?: Skipped | undefined;
}

/** Where the bodies of functions are: the tokens of a file or of a part of one, or the tree that an executable carries, and the position that it begins at. */
type Source = Parser | CarriedFile;

export interface CarriedFile {
  readonly tree: CarriedTree;
  readonly base: number;
}

/** Files whose function bodies are parsed on demand (std, of which a program reaches little). */
export class DeferredBodies {
  private readonly sources: Source[] = [];

  add(source: Source): void {
    // In the order of their places, in which most come.
    let at = this.sources.length;
    while (at > 0 && (this.sources[at - 1] as Source).base > source.base) at--;
    this.sources.splice(at, 0, source);
  }

  /**
   * Parses the body of a Function with `Flag.deferredBody`, so that the node then has it as any other; its nodes come behind all others of the
   * tree. Mistakes in it are reported now. Does nothing to other functions.
   */
  parseBody(ast: Ast, node: Node): void {
    if (!ast.has(node, Flag.deferredBody)) return;
    const position = ast.start[node] as number;
    let low = 0;
    let high = this.sources.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.sources[middle] as Source).base <= position) low = middle;
      else high = middle - 1;
    }
    const source = this.sources[low] as Source;
    // The columns may grow while the body is read: take them afterwards.
    const body = "tree" in source ? source.tree.copy(ast, source.base, ast.c[node] as number) : this.parsed(source, ast.c[node] as number);
    ast.c[node] = body;
    ast.flags[node] = (ast.flags[node] as number) & ~Flag.deferredBody;
  }

  /** Parses the body whose `{` is in the row. */
  private parsed(outer: Parser, row: number): Node {
    const p = this.inside(outer, row);
    p.panicking = false;
    p.depth = 0;
    p.halted = false;
    p.muted = false;
    p.labels = [];
    return parseBlock(p, "the function's body");
  }

  /** A parser that stands before the body whose `{` is in the row; what was passed over is lexed now. */
  private inside(p: Parser, row: number): Parser {
    const { ast, names, tokens, diagnostics } = p;
    const start = (tokens.start[row] as number) - p.base;
    const end = (tokens.end[row + 1] as number) - p.base;
    if (tokens.value[row] !== row + 1 || end - start === 2) {
      p.jump(row);
      return p;
    }
    const text = { bytes: p.bytes.subarray(start, end), base: p.base + start };
    return new Parser(ast, names, lex(ast, names, text, diagnostics), diagnostics, text.bytes, text.base, false);
  }
}

/**
 * Lexes and parses a file into `ast`; returns its File node. Mistakes go to `diagnostics`, and stand in the tree as Error nodes.
 */
export function parseFile(ast: Ast, names: Interner, file: SourceFile, diagnostics: Diagnostics, options: ParseOptions = {}): Node {
  const tokens = lex(ast, names, file, diagnostics, options.skipped);
  const node = parseTokens(ast, names, tokens, file, diagnostics, options);
  // Bodies that wait are parsed from them.
  if (options.deferred === undefined) tokens.release();
  return node;
}

/** On the line of a text that does not end, perhaps because its first quote is missing, what else is wrong is a consequence. */
function forgetBesideOpenTexts(file: SourceFile, diagnostics: Diagnostics): void {
  const { bytes, base } = file;
  const lines = diagnostics.list.filter(({ code, span }) => code === "E0105" && span.start >= base && span.start < base + bytes.length).map(({ span }) => {
    const at = span.start - base;
    const end = bytes.indexOf(10, at);
    return { at: span.start, from: base + bytes.lastIndexOf(10, at - 1) + 1, to: base + (end < 0 ? bytes.length : end) };
  });
  if (lines.length > 0) diagnostics.remove(({ code, span }) => code < "E02" && lines.some(({ at, from, to }) => span.start >= from && span.start < to && span.start !== at));
}

/** As `parseFile`, for a file that was lexed into the same `ast` already. */
export function parseTokens(ast: Ast, names: Interner, tokens: Tokens, file: SourceFile, diagnostics: Diagnostics, options: ParseOptions = {}): Node {
  // Measured on varied code: a node for every 0.8 tokens.
  ast.reserve(tokens.count);
  const p = new Parser(ast, names, tokens, diagnostics, file.bytes, file.base, options.deferred !== undefined);
  const declarations = parseDeclarations(p, false);
  reportSpareBraces(tokens.spareBraces, diagnostics);
  if (diagnostics.errorCount > 0) forgetBesideOpenTexts(file, diagnostics);
  options.deferred?.add(p);
  return ast.add(Kind.File, 0, file.base, file.base + file.bytes.length, declarations, 0, 0, 0);
}
