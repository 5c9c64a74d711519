/** What a byte can be the start of, for the lexer's loop. */

import { operatorSpellings } from "./token.ts";

/** Classes of bytes; a byte that goes on a name has a class up to `ByteClass.digit`. The lexer's loop spells the numbers out. */
export const ByteClass = { letter: 1, digit: 2, space: 3, newline: 4, operator: 5, open: 6, close: 7, quote: 8, apostrophe: 9, slash: 10, colon: 11, other: 12 } as const;

export const byteClass = new Uint8Array(256).fill(ByteClass.other);

function classify(bytes: string, kind: number): void {
  for (let i = 0; i < bytes.length; i++) byteClass[bytes.charCodeAt(i)] = kind;
}

for (const spelling of operatorSpellings) byteClass[spelling.charCodeAt(0)] = ByteClass.operator;
for (let i = 0; i < 26; i++) byteClass[0x41 + i] = byteClass[0x61 + i] = ByteClass.letter;
classify("_", ByteClass.letter);
classify("0123456789", ByteClass.digit);
classify(" \t\r", ByteClass.space);
classify("\n", ByteClass.newline);
classify("([{", ByteClass.open);
classify(")]}", ByteClass.close);
classify('"', ByteClass.quote);
classify("'", ByteClass.apostrophe);
classify("/", ByteClass.slash);
classify(":", ByteClass.colon);

/** What is open around the place being read. A piece of an f-string counts as a bracket of its own. */
export const Bracket = { parenthesis: 1, square: 2, brace: 3, piece: 4 } as const;
