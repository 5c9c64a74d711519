/** Bytes outside ASCII, names in other scripts, and characters that mean nothing. */

import { Byte, ByteClass, byteClass } from "./byteClass.ts";
import type { Lexer } from "./lexer.ts";
import { T, tokenKinds, type TokenName } from "./token.ts";

const nameStart = /^\p{XID_Start}$/u;
const nameContinue = /^\p{XID_Continue}$/u;
/** Characters that look like an operator. */
const lookalikes: Readonly<Record<string, readonly [TokenName, string]>> = {
  "−": ["-", "minus"], "–": ["-", "minus"], "—": ["-", "minus"], "；": [";", "semicolon"], "，": [",", "comma"], "：": [":", "colon"], "＝": ["=", "="], "＋": ["+", "plus"], "×": ["*", "*"], "÷": ["/", "/"],
};
const whiteSpace = /^[\s\u200b\u2060\ufeff]$/u;

/** How many bytes the well-formed character at `at` has; 0 if it is ill-formed (Unicode, table 3-7). */
export function characterLength(bytes: Uint8Array, at: number, length: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return 1;
  const size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (size === 0 || at + size > length) return 0;
  for (let i = 1; i < size; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] as number;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second >= 0xa0) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second >= 0x90) return 0;
  return size;
}

/** The code point of the well-formed character of `size` bytes at `at`. */
export function codePointAt(bytes: Uint8Array, at: number, size: number): number {
  const lead = bytes[at] as number;
  if (size === 1) return lead;
  let code = size === 2 ? lead & 0x1f : size === 3 ? lead & 0x0f : lead & 0x07;
  for (let i = 1; i < size; i++) code = (code << 6) | ((bytes[at + i] as number) & 0x3f);
  return code;
}

/** Passes over one character outside ASCII within a comment or text, and reports what may not stand there. Returns where it ends. */
export function checkCharacter(l: Lexer, at: number, inText: boolean): number {
  const size = characterLength(l.bytes, at, l.length);
  if (size === 0) {
    let to = at + 1;
    while (to < l.length && (l.bytes[to] as number) >= 0x80 && characterLength(l.bytes, to, l.length) === 0) to++;
    illFormed(l, at, to);
    return to;
  }
  // U+202A to U+202E and U+2066 to U+2069 are the only ones whose bytes start e2 80 aa… or e2 81 a6….
  if (size === 3 && l.bytes[at] === 0xe2) {
    const code = codePointAt(l.bytes, at, size);
    if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) {
      l.error("E0117", at, at + size, `an invisible character, U+${code.toString(16).toUpperCase()}, changes the direction of text here`, inText ? `write it as \\u{${code.toString(16)}}` : "remove it");
    }
  }
  return at + size;
}

/** One report a file: a file in another encoding, or one that is not text, has many such places. */
function illFormed(l: Lexer, from: number, to: number): void {
  if (l.illFormed) return;
  l.illFormed = true;
  l.error("E0102", from, Math.min(to, from + 4), "this file is not well-formed UTF-8", "save it as UTF-8");
}

/** How many bytes the character outside ASCII at `at` has if it may stand in a name; else 0. */
export function nameCharacter(l: Lexer, at: number): number {
  const size = characterLength(l.bytes, at, l.length);
  return size > 0 && nameContinue.test(String.fromCodePoint(codePointAt(l.bytes, at, size))) ? size : 0;
}

/** A name that goes on outside ASCII, its ASCII part being `[from, at)`; or a character that starts no token, with `from` = `at`. */
export function lexOther(l: Lexer, from: number, at: number): number {
  const { bytes, length } = l;
  if ((bytes[at] as number) >= 0x80) {
    let to = at;
    while (to < length) {
      const size = characterLength(bytes, to, length);
      if (size === 0) break;
      const character = String.fromCodePoint(codePointAt(bytes, to, size));
      if (!(to === from ? nameStart : nameContinue).test(character)) break;
      to += size;
    }
    if (to > from) {
      // Names are compared in normal form C, so that the ways to write é are one name.
      const name = new TextDecoder().decode(bytes.subarray(from, to)).normalize("NFC");
      l.name(from, to, l.names.intern(name));
      return to;
    }
  }
  return stray(l, at);
}

/** Reports characters that mean nothing, a whole run of the same sort as one, and passes over them. */
function stray(l: Lexer, from: number): number {
  const { bytes, length } = l;
  const byte = bytes[from] as number;
  if (byte < 0x80) {
    if (byte < 32 || byte === 127) {
      let to = from + 1;
      while (to < length && (bytes[to] === byte || (byteClass[bytes[to] as number] === ByteClass.other && (bytes[to] as number) < 32))) to++;
      l.error("E0103", from, to, byte === 0 ? "a NUL byte stands in the source" : `a control character, U+${byte.toString(16).toUpperCase().padStart(4, "0")}, stands in the source`, "remove it; a program is UTF-8 text");
      return to;
    }
    if (byte === Byte.backquote) {
      const close = bytes.indexOf(0x60, from + 1);
      if (close > 0) {
        // A text as JavaScript and Go write it.
        l.error("E0101", from, close + 1, "a text does not stand in backticks", 'write "…", or f"x = {x}" with values in it', ...(bytes.subarray(from, close).includes(10) ? ['text over several lines stands between `"""`'] : []));
        l.ast.strings.push(new Uint8Array(0));
        l.push(T.String, from, close + 1, l.ast.strings.length - 1);
        return close + 1;
      }
    }
    if (byte === 0x5c && l.singleLinePieces > 0 && bytes[from + 1] === 0x22) {
      let close = from + 2;
      while (close < length && bytes[close] !== 10 && !(bytes[close] === 0x5c && bytes[close + 1] === 0x22)) close++;
      if (bytes[close] === 0x5c) {
        // A text within an f-string, as languages write it whose braces hold no text.
        l.error("E0101", from, close + 2, "within the braces of an f-string a text has plain quotes", 'write f"{x + "a"}"');
        l.ast.strings.push(new Uint8Array(0));
        l.push(T.String, from, close + 2, l.ast.strings.length - 1);
        return close + 2;
      }
    }
    const advice = byte === Byte.backquote ? 'text stands in double quotes: "…"' : byte === Byte.dollar ? 'names have no `$`; a value within text is written f"{name}"' : "a backslash stands in text only; a statement goes on behind an operator or within ( )";
    l.error("E0101", from, from + 1, `\`${String.fromCharCode(byte)}\` means nothing here`, advice);
    return from + 1;
  }
  let to = from;
  let first = "";
  while (to < length && (bytes[to] as number) >= 0x80) {
    const size = characterLength(bytes, to, length);
    if (size === 0) {
      if (to > from) break;
      return checkCharacter(l, to, false);
    }
    const character = String.fromCodePoint(codePointAt(bytes, to, size));
    if (first === "") first = character;
    else if (nameStart.test(character)) break;
    to += size;
  }
  const code = `U+${(first.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
  if ("\u200b\u200c\u200d\u2060\ufeff".includes(first)) l.error("E0101", from, to, `an invisible character (${code}) stands here`, "remove it");
  else if (whiteSpace.test(first)) l.error("E0101", from, to, `this white space (${code}) is not a space`, "write an ordinary space");
  else if ("“”„‟«»".includes(first)) l.error("E0101", from, to, `\`${first}\` does not open or close a text`, 'write straight quotes: "…"');
  else if ("‘’‚`´".includes(first)) l.error("E0101", from, to, `\`${first}\` does not open or close a character`, "write straight quotes: 'x'");
  else if (Object.hasOwn(lookalikes, first)) {
    // Taken for what it looks like, so that nothing more is said.
    const [kind, what] = lookalikes[first] as readonly [TokenName, string];
    l.error("E0101", from, from + characterLength(bytes, from, length), `\`${first}\` (${code}) is not a ${what}`, `write ${kind}`);
    to = from + characterLength(bytes, from, length);
    l.push(tokenKinds.indexOf(kind), from, to, 0);
  }
  else l.error("E0101", from, to, `\`${first}\` (${code}) means nothing here`, "names are made of letters, digits and _");
  return to;
}
