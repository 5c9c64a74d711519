/** Bytes by name, and what each can be the start of. */

import { operatorSpellings } from "./token.ts";

/** Bytes that the lexer looks for. */
export const Byte = {
  tab: 9, newline: 10, carriageReturn: 13, space: 0x20, exclamation: 0x21, doubleQuote: 0x22, hash: 0x23, dollar: 0x24, ampersand: 0x26, apostrophe: 0x27,
  openParenthesis: 0x28, closeParenthesis: 0x29, star: 0x2a, plus: 0x2b, comma: 0x2c, minus: 0x2d, point: 0x2e, slash: 0x2f, zero: 0x30, colon: 0x3a,
  less: 0x3c, equals: 0x3d, greater: 0x3e, openBracket: 0x5b, backslash: 0x5c, closeBracket: 0x5d, caret: 0x5e, underscore: 0x5f, backquote: 0x60,
  b: 0x62, e: 0x65, f: 0x66, n: 0x6e, o: 0x6f, r: 0x72, t: 0x74, u: 0x75, x: 0x78, openBrace: 0x7b, closeBrace: 0x7d,
} as const;

/** Classes of bytes; a byte that goes on a name has a class up to `ByteClass.digit`. The lexer's loop spells the numbers out. */
export const ByteClass = { letter: 1, digit: 2, space: 3, newline: 4, operator: 5, open: 6, close: 7, quote: 8, apostrophe: 9, slash: 10, colon: 11, other: 12 } as const;

/** The class of each byte: that of the last row with it, `other` for those in none. */
function byByte(rows: readonly (readonly [bytes: string, kind: number])[]): Uint8Array {
  const classes = new Uint8Array(256).fill(ByteClass.other);
  for (const [bytes, kind] of rows) for (const byte of bytes) classes[byte.charCodeAt(0)] = kind;
  return classes;
}

export const byteClass = byByte([
  [operatorSpellings.map((spelling) => spelling[0]).join(""), ByteClass.operator],
  ["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", ByteClass.letter], ["0123456789", ByteClass.digit], [" \t\r", ByteClass.space], ["\n", ByteClass.newline],
  ["([{", ByteClass.open], [")]}", ByteClass.close], ['"', ByteClass.quote], ["'", ByteClass.apostrophe], ["/", ByteClass.slash], [":", ByteClass.colon],
]);

/** What is open around the place being read. A piece of an f-string counts as a bracket of its own. */
export const Bracket = { parenthesis: 1, square: 2, brace: 3, piece: 4 } as const;
