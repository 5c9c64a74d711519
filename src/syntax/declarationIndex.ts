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
  /** In the order of the file: the name that a declaration brings; "" for declarations that must be read at once (`#if`, `include`, `impl`, `enum`, …). */
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
    const name = nameOf(tokens, row);
    do row = behind(tokens, row);
    while (tokens.kind[row] !== T.EndOfFile && !startsHere(tokens, row));
    // Positions begin at 1.
    const start = (tokens.start[first] as number) - 1;
    const end = (tokens.end[row - 1] as number) - 1;
    if (name === 0 && found.at(-1) === "") ranges[ranges.length - 1] = end;
    else {
      found.push(name === 0 ? "" : names.name(name));
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

/** The name of a function, struct, constant, variable or alias whose declaration begins in the row (behind attributes); 0 for others. */
function nameOf(tokens: Tokens, first: number): NameId | 0 {
  let row = first;
  if (tokens.kind[row] === T.pub) row++;
  if (tokens.kind[row] === T.extern) row++;
  const kind = tokens.kind[row];
  const brings = kind === T.func || kind === T.struct || kind === T.const || kind === T.var || kind === T.type;
  const name = tokens.value[row + 1] as NameId;
  return brings && tokens.kind[row + 1] === T.Name && name !== Names._ ? name : 0;
}
