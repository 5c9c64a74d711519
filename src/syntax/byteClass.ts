/** What a byte can be the start of, for the lexer's loop. */

import { operatorSpellings } from "./token.ts";

/** Classes of bytes; a byte that goes on a name has a class up to `ByteClass.digit`. */
export const ByteClass = { letter: 1, digit: 2, space: 3, newline: 4, operator: 5, open: 6, close: 7, quote: 8, apostrophe: 9, slash: 10, other: 11, colon: 12 } as const;

export const byteClass = new Uint8Array(256).fill(ByteClass.other);
for (let byte = 0; byte < 128; byte++) {
  const c = String.fromCharCode(byte);
  if (/[A-Za-z_]/.test(c)) byteClass[byte] = ByteClass.letter;
  else if (/[0-9]/.test(c)) byteClass[byte] = ByteClass.digit;
  else if (/[ \t\r]/.test(c)) byteClass[byte] = ByteClass.space;
  else if (c === "\n") byteClass[byte] = ByteClass.newline;
  else if (/[([{]/.test(c)) byteClass[byte] = ByteClass.open;
  else if (/[)\]}]/.test(c)) byteClass[byte] = ByteClass.close;
  else if (c === '"') byteClass[byte] = ByteClass.quote;
  else if (c === "'") byteClass[byte] = ByteClass.apostrophe;
  else if (c === "/") byteClass[byte] = ByteClass.slash;
  else if (c === ":") byteClass[byte] = ByteClass.colon;
  else if (operatorSpellings.some((s) => s.startsWith(c))) byteClass[byte] = ByteClass.operator;
}

/** What is open around the place being read. A piece of an f-string counts as a bracket of its own. */
export const Bracket = { parenthesis: 1, square: 2, brace: 3, piece: 4 } as const;
