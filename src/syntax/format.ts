/**
 * `lang fmt`: the program with even spacing and indentation. Works on tokens, so that comments, line breaks and the spelling of literals stay as they are
 * written, and asks the tree only which operators are prefixes, which bars belong to closures and which brackets to types.
 *
 * Rules: four spaces an indentation; at most one blank line in a row; lines within brackets one level deeper than the line that opened them, what
 * continues a statement too; one space around binary operators and none inside ( ) [ ]. A line is never joined or split, so the newline rule
 * sees what it saw before.
 */

import type { Diagnostics } from "../source/diagnostics.ts";
import type { Interner } from "../source/interner.ts";
import type { SourceFile } from "../source/sourceMap.ts";
import { Ast, Flag, Kind, type Node } from "./ast.ts";
import { lex } from "./lexer.ts";
import { parseTokens } from "./parser.ts";
import { T, TokenFlag, type Tokens, canEnd, firstKeyword, setOf } from "./token.ts";

const decoder = new TextDecoder();
const indentation = "    ";

/** What the tree knows about tokens, by their positions. */
interface Roles {
  /** Operators before their operand, and the `@` of intrinsics and attributes. */
  readonly prefixes: ReadonlySet<number>;
  /** The `|` or `||` that opens a closure's parameters. */
  readonly closures: ReadonlySet<number>;
  /** The `[` of a slice or array type. */
  readonly typeBrackets: ReadonlySet<number>;
}

/** A token (with all of an f-string as one), or a comment. */
interface Item {
  readonly start: number;
  readonly end: number;
  /** Rows of the first and last token; -1 for a comment. */
  readonly row: number;
  readonly lastRow: number;
}

/** The file formatted; undefined if it has errors, which are then in `diagnostics`. */
export function formatFile(file: SourceFile, names: Interner, diagnostics: Diagnostics): string | undefined {
  const ast = new Ast();
  const errors = diagnostics.errorCount;
  const tokens = lex(ast, names, file, diagnostics);
  parseTokens(ast, names, tokens, file, diagnostics);
  if (diagnostics.errorCount > errors) return undefined;
  return new Formatter(file, tokens, rolesOf(ast, tokens)).run();
}

function rolesOf(ast: Ast, tokens: Tokens): Roles {
  const prefixes = new Set<number>();
  const closures = new Set<number>();
  const typeBrackets = new Set<number>();
  const rowAt = new Map<number, number>();
  for (let row = 0; row < tokens.count; row++) rowAt.set(tokens.start[row] as number, row);
  for (let index = 1; index < ast.count; index++) {
    const node = index as Node;
    const start = ast.start[node] as number;
    switch (ast.kind[node]) {
      case Kind.Unary: case Kind.PointerType: case Kind.ReferenceType: case Kind.OptionalType: case Kind.Intrinsic: case Kind.Attribute: case Kind.VariantName:
        prefixes.add(start);
        break;
      case Kind.Parameter:
        // `&self`
        if (ast.has(node, Flag.reference)) prefixes.add(start);
        break;
      case Kind.Closure: {
        const row = rowAt.get(start) ?? 0;
        closures.add(tokens.start[tokens.kind[row] === T.move ? row + 1 : row] as number);
        break;
      }
      case Kind.SliceType: case Kind.ArrayType:
        typeBrackets.add(start);
    }
  }
  return { prefixes, closures, typeBrackets };
}

export const openers = setOf(["(", "[", "{"]);
export const closers = setOf([")", "]", "}"]);
export const neverBefore = setOf([",", ";", ")", "]", ":"]);
export const ranges = setOf(["..", "..="]);
/** A line that ends in one of these is followed by a new part, not by the rest of one. */
export const startsPart = setOf(["{", "}", "(", "[", ",", ";"]);

class Formatter {
  private readonly file: SourceFile;
  private readonly tokens: Tokens;
  private readonly roles: Roles;
  /** For each open bracket, the indentation of the line that it stands on, and whether what follows its closing one is a type. */
  private readonly open: { readonly indent: number; readonly isType: boolean }[] = [];
  /** Depths of brackets at which a closure's parameters are open. */
  private readonly bars: number[] = [];
  /** The bracket that closed last belonged to a type's length. */
  private closedType = false;
  /** The `|` seen last closed a closure's parameters. */
  private closedBars = false;
  private lineIndent = 0;
  private readonly out: string[] = [];

  constructor(file: SourceFile, tokens: Tokens, roles: Roles) {
    this.file = file;
    this.tokens = tokens;
    this.roles = roles;
  }

  run(): string {
    const items = this.items();
    const firstLine = decoder.decode(this.file.bytes.subarray(0, 200)).match(/^\ufeff?(#![^\n]*\n)/);
    if (firstLine?.[1] !== undefined) this.out.push(`${firstLine[1].trimEnd()}\n`);
    let last: Item | undefined;
    let lastToken: Item | undefined;
    for (const item of items) {
      const lines = last === undefined ? 1 : this.lineEnds(last.end, item.start);
      if (lines > 0) {
        this.lineIndent = this.indentOf(item, lastToken);
        if (last !== undefined) this.out.push(lines > 1 && !(item.row >= 0 && closers[this.kind(item.row)] !== 0) && !(last === lastToken && openers[this.kind(last.row)] !== 0) ? "\n\n" : "\n");
        this.out.push(indentation.repeat(this.lineIndent));
      } else if (last !== undefined && this.spaced(last, item, lastToken)) this.out.push(" ");
      this.out.push(this.text(item));
      if (item.row >= 0) {
        this.track(item);
        lastToken = item;
      }
      last = item;
    }
    const text = this.out.join("");
    return text === "" || text.endsWith("\n") ? text : `${text}\n`;
  }

  private kind(row: number): number {
    return this.tokens.kind[row] as number;
  }

  private text(item: Item): string {
    const { bytes, base } = this.file;
    const text = decoder.decode(bytes.subarray(item.start - base, item.end - base));
    return item.row < 0 ? text.trimEnd() : text;
  }

  /** Tokens and comments in the order of the file. */
  private items(): Item[] {
    const { count, start, end, comments, commentCount } = this.tokens;
    const items: Item[] = [];
    let comment = 0;
    for (let row = 0; row < count; row++) {
      const first = row;
      if (this.kind(row) === T.FormatStart) {
        for (let depth = 1; depth > 0; ) {
          row++;
          if (this.kind(row) === T.FormatStart) depth++;
          else if (this.kind(row) === T.FormatEnd) depth--;
        }
      }
      // A comment within an f-string belongs to its text.
      for (; comment < commentCount && (comments[comment * 2] as number) < (end[row] as number); comment++) {
        const from = comments[comment * 2] as number;
        if (from < (start[first] as number)) items.push({ start: from, end: comments[comment * 2 + 1] as number, row: -1, lastRow: -1 });
      }
      if (this.kind(first) === T.EndOfFile) break;
      items.push({ start: start[first] as number, end: end[row] as number, row: first, lastRow: row });
    }
    for (; comment < commentCount; comment++) items.push({ start: comments[comment * 2] as number, end: comments[comment * 2 + 1] as number, row: -1, lastRow: -1 });
    return items;
  }

  private lineEnds(from: number, to: number): number {
    const { bytes, base } = this.file;
    let count = 0;
    for (let at = from - base; at < to - base; at++) if (bytes[at] === 10) count++;
    return count;
  }

  /** The indentation of a line that starts with `item`. */
  private indentOf(item: Item, lastToken: Item | undefined): number {
    const top = this.open.at(-1);
    const inner = top === undefined ? 0 : top.indent + 1;
    if (item.row < 0) return inner;
    if (closers[this.kind(item.row)] !== 0) return top?.indent ?? 0;
    const flags = this.tokens.flags[item.row] as number;
    const isNew = lastToken === undefined || (flags & TokenFlag.ends) !== 0 || startsPart[this.kind(lastToken.row)] !== 0 || this.kind(item.row) === T.else;
    return isNew ? inner : inner + 1;
  }

  /** Keeps account of brackets and bars. */
  private track(item: Item): void {
    const kind = this.kind(item.row);
    this.closedType = false;
    this.closedBars = false;
    if (openers[kind] !== 0) this.open.push({ indent: this.lineIndent, isType: this.roles.typeBrackets.has(item.start) });
    else if (closers[kind] !== 0) this.closedType = this.open.pop()?.isType ?? false;
    else if (kind === T["||"]) this.closedBars = this.roles.closures.has(item.start);
    else if (kind === T["|"]) {
      if (this.roles.closures.has(item.start)) this.bars.push(this.open.length);
      else if (this.bars.at(-1) === this.open.length) {
        this.bars.pop();
        this.closedBars = true;
      }
    }
  }

  private isPrefix(item: Item): boolean {
    const kind = this.kind(item.row);
    if (kind >= firstKeyword && kind < T["("]) return false;
    return this.roles.prefixes.has(item.start) && (kind === T["-"] || kind === T["!"] || kind === T["~"] || kind === T["*"] || kind === T["&"] || kind === T["&&"] || kind === T["?"] || kind === T["??"] || kind === T["@"] || kind === T["."]);
  }

  /** Whether a space stands between two items of one line. */
  private spaced(last: Item, item: Item, lastToken: Item | undefined): boolean {
    if (last.row < 0 || item.row < 0 || lastToken === undefined) return item.row < 0 || neverBefore[this.kind(item.row)] === 0;
    const a = this.kind(last.lastRow);
    const b = this.kind(item.row);
    const touching = last.end === item.start;
    const prefixA = this.isPrefix(last);
    const prefixB = this.isPrefix(item);
    const closureB = this.roles.closures.has(item.start);
    const openBars = this.bars.at(-1) === this.open.length;
    if (neverBefore[b] !== 0) return false;
    if (a === T["("] || a === T["["] || a === T["#"]) return false;
    if (a === T["{"]) return b !== T["}"];
    if (b === T["}"]) return true;
    // A bar that opens parameters holds them, as the one that closes them does.
    if (a === T["|"] && openBars && !this.closedBars) return false;
    if (b === T["|"] && openBars && !closureB) return false;
    if (prefixA) {
      // `- 1` is an operator and a number, `-1` a number; `*|x|` and `.. .A` would be other tokens.
      if (a === T["-"] && b === T.Integer) return !touching;
      return closureB;
    }
    if (this.closedType) return false;
    if (b === T["."] && !prefixB) return false;
    if (a === T["."]) return false;
    if ((b === T["?"] || b === T["!"]) && !prefixB) return a === T["?"] && b === T["?"];
    if (ranges[b] !== 0) return !(canEnd[a] !== 0 || a === T["?"] || a === T["!"]) || a === T.return || a === T.break;
    if (ranges[a] !== 0) return b === T["{"] || b === T["=>"] || b === T["."] || b === T["="] || b === T["|"] || (b >= firstKeyword && b < T["("] && b !== T.self && b !== T.Self);
    // `f(x)` and `xs[i]` touch, `t (A, B)` and `xs []u8` do not: both can be meant, so the writer decides.
    if (b === T["("] || b === T["["]) {
      const follows = canEnd[a] !== 0 || a === T["!"] || a === T["?"] || a === T.func || a === T.impl;
      return follows && a !== T.return && a !== T.break ? !touching : true;
    }
    return true;
  }
}
