/**
 * Where the declarations of a file stand, so that one can be lexed and parsed by itself when it is first named: a program reaches few of the
 * standard library's. Made when the executable is bundled (scripts/build.ts), or when the checkout's library is first read.
 */

import { Diagnostics } from "../source/diagnostics.ts";
import { Interner, Names, type NameId } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { Ast } from "./ast.ts";
import { lex } from "./lexer.ts";
import { T, TokenFlag, type Tokens, startsDeclaration } from "./token.ts";

export interface DeclarationIndex {
  /** In the order of the file: the name that a declaration brings; "" for declarations that must be read at once (`#if`, `include`, …). */
  readonly names: readonly string[];
  /** For each name, the first byte of its declaration and the one behind its last. */
  readonly ranges: readonly number[];
}

/** The index of a file without mistakes. */
export function indexDeclarations(bytes: Uint8Array): DeclarationIndex {
  const names = new Interner();
  const tokens = lex(new Ast(), names, new SourceMap().add("", bytes), new Diagnostics());
  const found: string[] = [];
  const ranges: number[] = [];
  for (let row = 0; tokens.kind[row] !== T.EndOfFile; ) {
    const first = row;
    // An attribute may stand on a line of its own.
    while (tokens.kind[row] === T["@"]) row = behind(tokens, row + 2);
    const name = nameOf(tokens, names, row);
    do row = behind(tokens, row);
    while (tokens.kind[row] !== T.EndOfFile && !startsHere(tokens, row));
    // Positions begin at 1.
    const start = (tokens.start[first] as number) - 1;
    const end = (tokens.end[row - 1] as number) - 1;
    if (name === "" && found.at(-1) === "") ranges[ranges.length - 1] = end;
    else {
      found.push(name);
      ranges.push(start, end);
    }
  }
  return { names: found, ranges };
}

/** The row behind a token, or behind the bracket that it opens. */
function behind(tokens: Tokens, row: number): number {
  const kind = tokens.kind[row];
  const opens = kind === T["("] || kind === T["["] || kind === T["{"] || kind === T.FormatOpen;
  return Math.max(row, opens ? (tokens.value[row] as number) : 0) + 1;
}

/** A token outside brackets that begins a declaration. */
function startsHere(tokens: Tokens, row: number): boolean {
  const kind = tokens.kind[row] as number;
  if (((tokens.flags[row] as number) & TokenFlag.newline) === 0) return false;
  if (kind === T.Name) return tokens.kind[row + 1] === T.String;
  return startsDeclaration[kind] !== 0 || kind === T["@"] || kind === T.var;
}

/**
 * The name that the declaration beginning in the row (behind attributes) is entered under; "" for one that must be read at once (`#if`, `include`, …).
 * An impl is entered under the head of its target's type: a name, `[]` for a slice, `?` for an optional, `&` for a borrow.
 */
function nameOf(tokens: Tokens, names: Interner, first: number): string {
  let row = first;
  if (tokens.kind[row] === T.pub) row++;
  if (tokens.kind[row] === T.extern) row++;
  const kind = tokens.kind[row] as number;
  if (kind === T.impl) return implTarget(tokens, names, row + 1);
  const brings = kind === T.func || kind === T.struct || kind === T.enum || kind === T.trait || kind === T.const || kind === T.var || kind === T.type;
  const name = tokens.value[row + 1] as NameId;
  return brings && tokens.kind[row + 1] === T.Name && name !== Names._ ? names.name(name) : "";
}

/** The head of the type that an impl is for; the row is the one behind `impl`. */
function implTarget(tokens: Tokens, names: Interner, from: number): string {
  let start = tokens.kind[from] === T["["] ? behind(tokens, from) : from;
  for (let row = start; tokens.kind[row] !== T["{"] && tokens.kind[row] !== T.EndOfFile; row = behind(tokens, row)) {
    if (tokens.kind[row] === T.for) start = row + 1;
  }
  // A path's last name counts.
  while (tokens.kind[start] === T.Name && tokens.kind[start + 1] === T["."]) start += 2;
  switch (tokens.kind[start] as number) {
    case T.Name:
      return names.name(tokens.value[start] as NameId);
    case T["["]:
      return tokens.kind[start + 1] === T["]"] ? "[]" : "";
    case T["?"]:
      return "?";
    case T["&"]:
      return "&";
    default:
      return "";
  }
}
