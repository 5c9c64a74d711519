/** Escapes in texts and characters: \n \r \t \0 \\ \" \' \xHH \u{H…}. */

import { Byte } from "./byteClass.ts";
import type { Lexer } from "./lexer.ts";

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - Byte.zero;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** Reads the escape whose backslash is at `at` into `l.escape` (-1 if it is malformed, which is reported); returns where it ends. */
export function lexEscape(l: Lexer, at: number, isByte: boolean): number {
  const { bytes, length } = l;
  const letter = bytes[at + 1] as number;
  const end = at + 2;
  switch (letter) {
    case Byte.n: l.escape = Byte.newline; return end;
    case Byte.r: l.escape = Byte.carriageReturn; return end;
    case Byte.t: l.escape = Byte.tab; return end;
    case Byte.zero: l.escape = 0; return end;
    case Byte.backslash: case Byte.doubleQuote: case Byte.apostrophe: l.escape = letter; return end;
    case Byte.x: return hexadecimal(l, at, isByte);
    case Byte.u: return unicode(l, at, isByte);
  }
  l.escape = -1;
  if (at + 1 >= length || letter === Byte.newline || letter === Byte.carriageReturn) {
    l.error("E0107", at, at + 1, "a backslash stands at the end of the line", 'text over several lines stands between `"""`');
    return at + 1;
  }
  if (letter >= 0x80 || letter < 32) {
    l.error("E0107", at, at + 1, "this backslash starts no escape", "write `\\\\` for a backslash");
    return at + 1;
  }
  l.error("E0107", at, end, `\`\\${String.fromCharCode(letter)}\` is no escape`, letter === Byte.openBrace || letter === Byte.closeBrace ? "write a brace in an f-string twice" : 'write `\\\\` for a backslash, or a raw text: r"…"');
  return end;
}

function hexadecimal(l: Lexer, at: number, isByte: boolean): number {
  const high = digitOf(l.bytes[at + 2] as number);
  const low = high < 0 ? -1 : digitOf(l.bytes[at + 3] as number);
  l.escape = -1;
  if (low < 0) {
    l.error("E0108", at, at + 2, "`\\x` takes two hexadecimal digits", "write \\x0a, not \\xa");
    return at + (high < 0 ? 2 : 3);
  }
  l.escape = high * 16 + low;
  if (l.escape > 0x7f && !isByte) {
    l.error("E0108", at, at + 4, "`\\x` in text goes up to \\x7f", `for the character, write \\u{${l.escape.toString(16)}}; for the byte, b'\\x${l.escape.toString(16)}'`);
    l.escape = -1;
  }
  return at + 4;
}

function unicode(l: Lexer, at: number, isByte: boolean): number {
  const { bytes } = l;
  let to = at + 2;
  l.escape = -1;
  if (bytes[to] !== Byte.openBrace) {
    l.error("E0108", at, to, "`\\u` takes its digits in braces", "write \\u{e9}");
    return to;
  }
  to++;
  let value = 0;
  let digits = 0;
  for (; ; to++) {
    const byte = bytes[to] as number;
    const digit = digitOf(byte);
    if (digit < 0 && byte !== Byte.underscore) break;
    if (byte === Byte.underscore) continue;
    if (digits++ < 7) value = value * 16 + digit;
  }
  if (bytes[to] !== Byte.closeBrace || digits === 0 || digits > 6) {
    if (bytes[to] === Byte.closeBrace) to++;
    l.error("E0108", at, to, "`\\u{…}` takes one to six hexadecimal digits", "write \\u{1F600}");
    return to;
  }
  to++;
  if (value > 0x10ffff) l.error("E0108", at, to, "the largest code point is 10ffff");
  else if (value >= 0xd800 && value <= 0xdfff) l.error("E0108", at, to, "a surrogate (d800 to dfff) is no character", "write the character's own code point");
  else if (isByte) l.error("E0108", at, to, "`\\u` does not stand in a byte literal", "write b'\\xff' with the byte's value");
  else l.escape = value;
  return to;
}
