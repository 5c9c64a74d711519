/** What begins with `/`: comments, and the operators of division. */

import { Byte } from "./byteClass.ts";
import type { Lexer } from "./lexer.ts";
import { checkCharacter } from "./lexText.ts";
import { T } from "./token.ts";

/** Lexes what begins with the `/` at `at`; returns where it ends. */
export function lexSlash(lexer: Lexer, at: number): number {
  const next = lexer.bytes[at + 1];
  if (next === Byte.slash) return lineComment(lexer, at);
  if (next === Byte.star) return blockComment(lexer, at);
  const isAssignment = next === Byte.equals;
  const to = isAssignment ? at + 2 : at + 1;
  lexer.push(isAssignment ? T["/="] : T["/"], at, to, 0);
  return to;
}

function lineComment(lexer: Lexer, from: number): number {
  const { bytes, length } = lexer;
  let at = from + 2;
  // `////…` is a ruler, not documentation, as in Rust.
  const documentation = bytes[at] === Byte.slash && bytes[at + 1] !== Byte.slash;
  while (at < length && bytes[at] !== Byte.newline) {
    if ((bytes[at] as number) >= 0x80) at = checkCharacter(lexer, at, false);
    else at++;
  }
  lexer.tokens.addComment(lexer.base + from, lexer.base + at);
  if (documentation) {
    lexer.sawDocumentation = true;
    lexer.sawSomething = true;
  }
  return at;
}

function blockComment(lexer: Lexer, from: number): number {
  const { bytes, length } = lexer;
  let at = from + 2;
  let depth = 1;
  while (at < length) {
    const byte = bytes[at] as number;
    if (byte === Byte.star && bytes[at + 1] === Byte.slash) {
      at += 2;
      if (--depth === 0) break;
    } else if (byte === Byte.slash && bytes[at + 1] === Byte.star) {
      depth++;
      at += 2;
    } else if (byte >= 0x80) at = checkCharacter(lexer, at, false);
    else {
      if (byte === Byte.newline) lexer.sawNewline = lexer.sawSomething = true;
      at++;
    }
  }
  if (depth > 0) lexer.error("E0104", from, from + 2, "this comment does not end", "write `*/` where it ends; each `/*` within needs its own");
  lexer.tokens.addComment(lexer.base + from, lexer.base + at);
  return at;
}
