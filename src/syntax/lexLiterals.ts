/**
 * Texts and characters: section 1 of the reference. Numbers are in lexNumber.ts.
 *
 * Where the reference is silent: a text in triple quotes is verbatim, its line breaks and indentation included (a CR before a line feed is
 * dropped), escapes work in it, and `r"""…"""` is raw; `r#"…"#` may hold quotes. An f-string may stand in triple quotes too.
 */

import { Bracket, Byte, ByteClass, byteClass } from "./byteClass.ts";
import { lexEscape } from "./lexEscape.ts";
import type { Lexer } from "./lexer.ts";
import { characterLength, checkCharacter, codePointAt } from "./lexText.ts";
import { T } from "./token.ts";


/** Bytes that are themselves within every kind of text. */
const plain = new Uint8Array(256);
for (let byte = 32; byte < 127; byte++) plain[byte] = 1;
plain[9] = 1;
for (const byte of [Byte.backslash, Byte.doubleQuote, Byte.openBrace, Byte.closeBrace]) plain[byte] = 0;

/** Decoded text that cannot be a view of the source, because an escape stands in it. */
class TextBuffer {
  bytes = new Uint8Array(256);
  count = 0;

  byte(value: number): void {
    if (this.count === this.bytes.length) {
      const larger = new Uint8Array(this.count * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.count++] = value;
  }

  character(code: number): void {
    if (code < 0x80) return this.byte(code);
    if (code < 0x800) this.byte(0xc0 | (code >> 6));
    else {
      if (code < 0x10000) this.byte(0xe0 | (code >> 12));
      else {
        this.byte(0xf0 | (code >> 18));
        this.byte(0x80 | ((code >> 12) & 0x3f));
      }
      this.byte(0x80 | ((code >> 6) & 0x3f));
    }
    this.byte(0x80 | (code & 0x3f));
  }
}

const text = new TextBuffer();

/**
 * Reads text from `from` up to its closing quote, or, in an f-string, up to a brace that is not doubled, or to where a line or file ends that must
 * not end here. Adds the text to `ast.strings`; returns where it stopped. `literal` is where that literal then is.
 */
function scanText(l: Lexer, from: number, triple: boolean, format: boolean): number {
  const { bytes, length } = l;
  let at = from;
  while (plain[bytes[at] as number] !== 0) at++;
  if (bytes[at] === Byte.doubleQuote && !triple) {
    l.ast.strings.push(bytes.slice(from, at));
    return at;
  }
  text.count = 0;
  for (let i = from; i < at; i++) text.byte(bytes[i] as number);
  for (;;) {
    const byte = bytes[at] as number;
    if (plain[byte] !== 0) {
      text.byte(byte);
      at++;
    } else if (byte === Byte.doubleQuote) {
      if (!triple || (bytes[at + 1] === Byte.doubleQuote && bytes[at + 2] === Byte.doubleQuote)) break;
      text.byte(byte);
      at++;
    } else if (byte === Byte.backslash) {
      const end = lexEscape(l, at, false);
      if (l.escape >= 0) text.character(l.escape);
      at = end;
    } else if (byte === Byte.openBrace || byte === Byte.closeBrace) {
      if (format) {
        if (bytes[at + 1] !== byte) break;
        at++;
      }
      text.byte(byte);
      at++;
    } else if (byte >= 0x80) {
      const end = checkCharacter(l, at, true);
      for (; at < end; at++) text.byte(bytes[at] as number);
    } else if (at >= length) break;
    else if (byte === Byte.newline) {
      if (!triple) break;
      text.byte(10);
      at++;
    } else if (byte === Byte.carriageReturn && bytes[at + 1] === Byte.newline) {
      if (!triple) break;
      at++;
    } else {
      l.error("E0103", at, at + 1, `a control character, U+${byte.toString(16).toUpperCase().padStart(4, "0")}, stands in this text`, "write it as an escape, such as \\x00");
      at++;
    }
  }
  l.ast.strings.push(text.bytes.slice(0, text.count));
  return at;
}

/** `"…"` or `"""…"""`; `at` is the quote, `from` where the token starts. */
export function lexString(l: Lexer, from: number, at: number): number {
  const { bytes } = l;
  const triple = bytes[at + 1] === Byte.doubleQuote && bytes[at + 2] === Byte.doubleQuote;
  const width = triple ? 3 : 1;
  let to = scanText(l, at + width, triple, false);
  if (bytes[to] === Byte.doubleQuote) to += width;
  else if (!triple && l.singleLinePieces > 0) {
    // Within a piece of an f-string the quote ends that, and the `{` is what was not closed.
    l.ast.strings.pop();
    l.endPieces(at);
    return at + 1;
  } else {
    unterminated(l, from, at + width, to, triple);
    if (!triple) to = openedBlock(l, from, to) ?? to;
  }
  l.push(T.String, from, to, l.ast.strings.length - 1);
  return to;
}

/**
 * A text from `from` on that does not end has taken the `{` at the line's end at `stop`: where that stands, if the line begins a block (`if name == "a {`),
 * so that the block's `}` finds it.
 */
function openedBlock(l: Lexer, from: number, stop: number): number | undefined {
  const { bytes } = l;
  let last = stop - 1;
  while (last > from && (bytes[last] as number) <= Byte.space) last--;
  if (bytes[last] !== Byte.openBrace || last === from) return undefined;
  const before = new TextDecoder().decode(bytes.subarray(bytes.lastIndexOf(Byte.newline, from - 1) + 1, from));
  return /^\s*(\}\s*)?(else|if|while|for|match|func|pub|test)\b|\b(if|match)\s[^{]*$/.test(before) ? last : undefined;
}

/** `[from, to)` is what opened the text, `stop` where it stopped without an end. */
function unterminated(l: Lexer, from: number, to: number, stop: number, triple: boolean): void {
  // The line behind one that a text without end has begun: its quote was meant to close that text.
  const meantToClose = !triple && l.unterminatedAt >= 0 && l.bytes.indexOf(10, l.unterminatedAt + 1) >= from && l.bytes.subarray(l.unterminatedAt + 1, from).indexOf(10) < 0;
  l.unterminatedAt = stop;
  if (meantToClose) return;
  const behind = new TextDecoder().decode(l.bytes.subarray(to, stop));
  const advice = triple ? 'close it with `"""`' : /^[\s)\]},;{]*$/.test(behind) ? 'write the `"` where the text begins, or close it on this line' : 'close it with `"` on this line; text over several lines stands between `"""`';
  l.error("E0105", from, to, "this text does not end", advice);
}

/** A name that ends directly before a quote or `#`: an `r`, `b` or `f` literal. 0 if it is none. */
export function lexPrefixed(l: Lexer, from: number, at: number): number {
  const { bytes } = l;
  const next = bytes[at] as number;
  if (at - from !== 1) return 0;
  const letter = bytes[from];
  if (letter === Byte.f && next === Byte.doubleQuote) return lexFormat(l, from, at);
  if (letter === Byte.f && next === Byte.apostrophe) return lexQuotedFormat(l, from, at);
  if (letter === Byte.b && next === Byte.apostrophe) return lexCharacter(l, from, at);
  if (letter === Byte.b && next === Byte.doubleQuote) {
    const to = lexString(l, from, at);
    if (to > at + 1 && l.unterminatedAt !== to) l.error("E0137", from, at, "there are no byte strings", "write the text without `b` and take its bytes, or list them: [b'a', b'c']");
    return to;
  }
  if (letter === Byte.r && (next === Byte.doubleQuote || next === Byte.hash)) return lexRaw(l, from, at);
  return 0;
}

/** `f'x = {x}'`, as Python writes it; 0 where it does not end on its line. */
function lexQuotedFormat(l: Lexer, from: number, at: number): number {
  const close = l.bytes.indexOf(Byte.apostrophe, at + 1);
  const line = l.bytes.indexOf(Byte.newline, at);
  if (close < 0 || (line >= 0 && line < close)) return 0;
  l.error("E0109", from, close + 1, "text does not stand in single quotes", 'text stands in double quotes: f"…"');
  l.ast.strings.push(new Uint8Array(0));
  l.push(T.String, from, close + 1, l.ast.strings.length - 1);
  return close + 1;
}

/** `r"…"`, `r"""…"""`, `r#"…"#`. */
function lexRaw(l: Lexer, from: number, at: number): number {
  const { bytes, length } = l;
  let hashes = 0;
  while (bytes[at] === Byte.hash) {
    hashes++;
    at++;
  }
  if (bytes[at] !== Byte.doubleQuote) return 0;
  const triple = hashes === 0 && bytes[at + 1] === Byte.doubleQuote && bytes[at + 2] === Byte.doubleQuote;
  const start = at + (triple ? 3 : 1);
  at = start;
  for (;;) {
    const byte = bytes[at] as number;
    if (at >= length || (byte === Byte.newline && !triple && hashes === 0)) {
      unterminated(l, from, start, at, triple);
      l.ast.strings.push(bytes.slice(start, at));
      break;
    }
    if (byte === Byte.doubleQuote && (!triple || (bytes[at + 1] === Byte.doubleQuote && bytes[at + 2] === Byte.doubleQuote))) {
      let closing = 0;
      while (closing < hashes && bytes[at + 1 + closing] === Byte.hash) closing++;
      if (closing === hashes) {
        l.ast.strings.push(bytes.slice(start, at));
        at += (triple ? 3 : 1) + hashes;
        break;
      }
    }
    if (byte >= 0x80) at = checkCharacter(l, at, true);
    else {
      if (byte === 0) l.error("E0103", at, at + 1, "a NUL byte stands in this text");
      at++;
    }
  }
  l.push(T.String, from, at, l.ast.strings.length - 1);
  return at;
}

/** `f"…"`: the opening quote is at `at`. */
function lexFormat(l: Lexer, from: number, at: number): number {
  const triple = l.bytes[at + 1] === Byte.doubleQuote && l.bytes[at + 2] === Byte.doubleQuote;
  const to = at + (triple ? 3 : 1);
  l.push(T.FormatStart, from, to, 0);
  return lexFormatText(l, to, triple);
}

/** The text of an f-string from `from` to the next piece, or to its end. Expressions are then lexed by the main loop. */
export function lexFormatText(l: Lexer, from: number, triple: boolean): number {
  const { bytes } = l;
  let at = from;
  for (;;) {
    const start = at;
    at = scanText(l, at, triple, true);
    if (at > start) l.push(T.FormatText, start, at, l.ast.strings.length - 1);
    if (bytes[at] !== Byte.closeBrace) break;
    if (endsOpen(l, at, triple)) {
      at++;
      continue;
    }
    l.error("E0114", at, at + 1, "this `}` of an f-string closes nothing", "write `}}` for a brace in the text");
    at++;
  }
  if (bytes[at] === Byte.openBrace) {
    l.open(Bracket.piece, l.push(T.FormatOpen, at, at + 1, 0), triple ? 1 : 0);
    return at + 1;
  }
  let to = at;
  if (bytes[at] === Byte.doubleQuote) to += triple ? 3 : 1;
  else {
    const opener = formatStart(l);
    unterminated(l, (l.tokens.start[opener] as number) - l.base, (l.tokens.end[opener] as number) - l.base, at, triple);
  }
  l.push(T.FormatEnd, at, to, 0);
  return to;
}

/** The row where the f-string begins whose text was read last. */
function formatStart(l: Lexer): number {
  const { kind } = l.tokens;
  let within = 0;
  let row = l.tokens.count - 1;
  for (; row > 0; row--) {
    if (kind[row] === T.FormatEnd) within++;
    else if (kind[row] === T.FormatStart && within-- === 0) break;
  }
  return row;
}

/** Whether the line ends before the text does: the brace at `at` is then no part of it, and that it does not end is what is said. */
function endsOpen(l: Lexer, at: number, triple: boolean): boolean {
  if (triple) return false;
  while (at < l.length && l.bytes[at] !== Byte.newline) if (l.bytes[at++] === Byte.doubleQuote) return false;
  return true;
}

const none = new Uint8Array(0);

function isAlignment(byte: number): boolean {
  return byte === Byte.less || byte === Byte.caret || byte === Byte.greater;
}

/** The format behind the `:` at `from`, up to the piece's `}`. */
export function lexFormatSpecification(l: Lexer, from: number): number {
  const { bytes, length } = l;
  let at = from + 1;
  let nested = 0;
  while (at < length && bytes[at] !== Byte.closeBrace && bytes[at] !== Byte.doubleQuote && bytes[at] !== Byte.newline) {
    if (bytes[at] === Byte.openBrace && !(at === from + 1 && isAlignment(bytes[at + 1] as number))) {
      nested = at;
      while (at < length && bytes[at] !== Byte.closeBrace && bytes[at] !== Byte.doubleQuote && bytes[at] !== Byte.newline) at++;
      if (bytes[at] === Byte.closeBrace) at++;
      continue;
    }
    at = (bytes[at] as number) >= 0x80 ? checkCharacter(l, at, true) : at + 1;
  }
  if (nested > 0 && bytes[at] !== Byte.doubleQuote) l.error("E0116", nested, nested + 1, "a format is fixed: no expression stands in it", "a width that is computed: {f\"{x}\".pad_start(width, ' ')}, or pad_end");
  l.ast.strings.push(nested > 0 ? none : bytes.slice(from + 1, at));
  l.push(T.FormatSpecification, from, at, l.ast.strings.length - 1);
  if (bytes[at] !== Byte.doubleQuote) return at;
  // The string ends within the format: end the piece too, so that what follows is read as code.
  l.error("E0114", from, at, "this format is not followed by `}`", "close the piece with `}`");
  return l.endPiece(at);
}

/** `'x'`, or with `from` before the quote `b'x'`. The quote is at `at`. */
export function lexCharacter(l: Lexer, from: number, at: number): number {
  const { bytes, length } = l;
  const isByte = at > from;
  const what = isByte ? "byte" : "character";
  let to = at + 1;
  let value = 0;
  const byte = bytes[to] as number;
  if (to >= length || byte === Byte.newline || byte === Byte.carriageReturn) {
    l.error("E0106", from, to, `this ${what} literal does not end`, "close it with `'`");
    l.push(isByte ? T.Byte : T.Character, from, to, 0);
    return to;
  }
  if (byte === Byte.apostrophe) {
    const quoteMeant = bytes[to + 1] === Byte.apostrophe;
    to += quoteMeant ? 2 : 1;
    if (quoteMeant) l.error("E0109", from, to, "a quote stands in a character literal as an escape", "write '\\''");
    else l.error("E0109", from, to, `this ${what} literal is empty`, 'a text without characters is ""');
    l.push(isByte ? T.Byte : T.Character, from, to, Byte.apostrophe);
    return to;
  }
  if (byte === Byte.backslash) {
    to = lexEscape(l, to, isByte);
    value = Math.max(0, l.escape);
  } else if (byte >= 0x80) {
    const size = characterLength(bytes, to, length);
    value = size === 0 ? 0xfffd : codePointAt(bytes, to, size);
    const start = to;
    to = checkCharacter(l, to, true);
    if (isByte) l.error("E0113", start, to, "a byte literal holds one ASCII character", "write the bytes of its UTF-8 form one by one, as b'\\xc3'");
  } else {
    if (byte < 32 && byte !== 9) l.error("E0103", to, to + 1, "a control character stands in this literal", "write it as an escape, such as '\\0'");
    value = byte;
    to++;
  }
  if (bytes[to] === Byte.apostrophe) to++;
  else {
    const label = isByte ? 0 : labelEnd(l, at);
    if (label > 0 && isBlockBehind(l, label)) {
      l.error("E0137", from, label, "a block has no label", "a loop has one, and gives a value: outer: loop { break outer 5 }");
      return label + 1;
    }
    if (label > 0) {
      l.error("E0137", from, label, "labels have no quote", "write `name: loop`, `break name`");
      l.name(at + 1, label, l.names.intern(new TextDecoder().decode(bytes.subarray(at + 1, label))));
      return label;
    }
    to = badCharacter(l, from, at, to, what);
  }
  l.push(isByte ? T.Byte : T.Character, from, to, value);
  return to;
}

/** Where a label with a quote before it ends: `'outer: loop`, `break 'outer`; 0 if none is at `at`. */
function labelEnd(l: Lexer, at: number): number {
  let end = at + 1;
  if (byteClass[l.bytes[end] as number] !== ByteClass.letter) return 0;
  while ((byteClass[l.bytes[end] as number] as number) <= ByteClass.digit) end++;
  const last = l.lastKind();
  return l.bytes[end] === Byte.colon || last === T.break || last === T.continue ? end : 0;
}

/** A colon and a brace follow: `'a: { }`. */
function isBlockBehind(l: Lexer, label: number): boolean {
  let at = label + 1;
  while (l.bytes[at] === Byte.space) at++;
  return l.bytes[label] === Byte.colon && l.bytes[at] === 0x7b;
}

/** `&'a str`, `<'a>` */
function isLifetime(l: Lexer, from: number, end: number): boolean {
  const before = l.bytes[from - 1];
  return before === Byte.ampersand || before === Byte.less || l.bytes[end] === Byte.greater || l.bytes[end] === Byte.comma;
}

/** The literal that starts at `from` has no quote at `to`, behind its first character. Reports it and returns where to go on. */
function badCharacter(l: Lexer, from: number, at: number, to: number, what: string): number {
  const { bytes, length } = l;
  let end = to;
  while (end < length && ((byteClass[bytes[end] as number] as number) <= ByteClass.digit || (bytes[end] as number) >= 0x80)) end++;
  const isName = byteClass[bytes[at + 1] as number] === ByteClass.letter;
  if (isName && bytes[end] !== Byte.apostrophe && what === "character") {
    // A text in single quotes: letters and blanks up to a quote that nothing but the end of a value follows.
    let close = end;
    while (close < length && bytes[close] === Byte.space || (byteClass[bytes[close] as number] as number) <= ByteClass.digit) close++;
    if (close > end && bytes[close] === Byte.apostrophe && close - at < 200) {
      l.error("E0109", from, close + 1, "a character literal holds one character", 'text stands in double quotes: "…"');
      return close + 1;
    }
    if (!l.sawLifetime) {
      // One report a file: what is written so is written often.
      l.sawLifetime = isLifetime(l, from, end);
      if (l.sawLifetime) l.error("E0106", from, end, "lifetimes are not written", "leave it out: what a result may borrow from is inferred; a character literal ends with `'`");
      else l.error("E0106", from, end, "this character literal does not end", "close it with `'`; labels have no quote");
    }
    return end;
  }
  // Is there a closing quote on this line, before anything else that could be one?
  while (end < length && bytes[end] !== Byte.apostrophe && bytes[end] !== Byte.doubleQuote && bytes[end] !== Byte.newline) end++;
  if (bytes[end] === Byte.apostrophe && end - at < 200) {
    l.error("E0109", from, end + 1, `a ${what} literal holds one character`, 'text stands in double quotes: "…"');
    return end + 1;
  }
  l.error("E0106", from, to, `this ${what} literal does not end`, "close it with `'`");
  return to;
}
