/**
 * Bytes to tokens: one loop over the whole file, driven by a table of byte classes. Literals are in lexLiterals.ts,
 * bytes outside ASCII in lexText.ts. The lexer also decides which line ends end a statement and which brackets belong together,
 * so that the parser reads both from columns.
 */

import type { Diagnostics } from "../source/diagnostics.ts";
import type { ErrorCode } from "../source/errorCodes.ts";
import { release } from "../source/release.ts";
import { type Interner, type NameId, keywordCount } from "../source/interner.ts";
import type { SourceFile } from "../source/sourceMap.ts";
import type { Ast } from "./ast.ts";
import { Bracket, Byte, byteClass } from "./byteClass.ts";
import { lexCharacter, lexFormatSpecification, lexFormatText, lexPrefixed, lexString } from "./lexLiterals.ts";
import { lexNumber } from "./lexNumber.ts";
import { lexSlash } from "./lexComments.ts";
import { longerOperators, operatorOfByte } from "./operatorTables.ts";
import { repairBraces } from "./repairBraces.ts";
import { lexOther } from "./lexText.ts";
import { T, TokenFlag, Tokens, canEnd, continues, firstKeyword } from "./token.ts";

/** Longer operators: by the kind read so far and the next byte, the longer kind, or 0. Kinds are below 128, bytes below 128. */
const longer = new Uint8Array(128 * 128);
for (let i = 0; i < longerOperators.length; i += 3) longer[(longerOperators[i] as number) * 128 + (longerOperators[i + 1] as number)] = longerOperators[i + 2] as number;

/** A file, or a part of one. */
export type Text = Pick<SourceFile, "bytes" | "base">;

/** What is passed over: the bytes of the file in `ranges` (from `{` to behind `}`, in pairs, rising), of which the pair at `first` is the next; `offset` is where the text at hand begins in the file. */
export interface Skipped {
  readonly ranges: Int32Array;
  readonly first: number;
  readonly offset: number;
}

const nothingSkipped: Skipped = { ranges: new Int32Array(0), first: 0, offset: 0 };

/** The part of a file's skipped ranges for a text that begins at `offset`. */
export function skippedFrom(ranges: Int32Array, offset: number): Skipped {
  let low = 0;
  let high = ranges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle * 2] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return { ranges, first: low * 2, offset };
}

export class Lexer {
  readonly tokens: Tokens;
  /** The file's bytes, and zeros behind them, so that looking one or three bytes ahead needs no test. */
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly base: number;
  /** A line end or documentation was read since the last token. */
  sawSomething = false;
  sawNewline = false;
  sawDocumentation = false;
  depth = 0;
  openKind = new Uint8Array(16);
  openToken = new Int32Array(16);
  /** Of a piece of an f-string: 1 if the string is in triple quotes. */
  openTriple = new Uint8Array(16);
  /** The number read last: Integer or Float, and the place of its value in the tree's literals. */
  numberKind = 0;
  number = 0;
  /** The character of the escape read last, -1 if it was malformed. */
  escape = 0;
  /** Where a text without end was reported to stop: a piece of an f-string around it is then not reported too. */
  unterminatedAt = -1;
  /** Ill-formed UTF-8 was reported. */
  illFormed = false;
  /** A lifetime was reported. */
  sawLifetime = false;
  /** How many pieces of f-strings are open that may not hold a line end. */
  singleLinePieces = 0;
  /** A `}` without its `{` was read. */
  private sawSpareBrace = false;

  readonly ast: Ast;
  readonly names: Interner;
  readonly diagnostics: Diagnostics;

  /** Where the next part is that is passed over. */
  private nextSkipped: number;
  private readonly skipped: Skipped;

  constructor(ast: Ast, names: Interner, file: Text, diagnostics: Diagnostics, skipped: Skipped) {
    this.skipped = skipped;
    this.nextSkipped = skipped.first;
    this.ast = ast;
    this.names = names;
    this.diagnostics = diagnostics;
    this.length = file.bytes.length;
    this.base = file.base;
    this.bytes = new Uint8Array(this.length + 4);
    this.bytes.set(file.bytes);
    this.tokens = new Tokens((this.length / 3) | 0);
  }

  /** Appends a token that covers the bytes `[from, to)`; returns its row. */
  push(kind: number, from: number, to: number, value: number): number {
    const { tokens } = this;
    const row = tokens.count;
    // Two rows stay free behind the last, so that the parser may look ahead without a test; they read as EndOfFile.
    if (row + 3 >= tokens.kind.length) tokens.grow();
    tokens.count = row + 1;
    tokens.kind[row] = kind;
    tokens.start[row] = this.base + from;
    tokens.end[row] = this.base + to;
    tokens.value[row] = value;
    if (this.sawSomething) this.flag(kind, row);
    return row;
  }

  /** Judges the line end, or notes the documentation, that was read before the token of row `row`. */
  flag(kind: number, row: number): void {
    const { kind: kinds, flags } = this.tokens;
    this.sawSomething = false;
    let flag = 0;
    if (this.sawNewline) {
      this.sawNewline = false;
      flag = TokenFlag.newline;
      if (continues[kind] === 0 && (this.depth === 0 || this.openKind[this.depth - 1] === Bracket.brace)) {
        // Behind a value, `!` and `?` are postfix, and end a line as the value would have; else they are prefix.
        let last = row - 1;
        while (last > 0 && (kinds[last] === T["!"] || kinds[last] === T["?"]) && ((flags[last] as number) & TokenFlag.ends) === 0) last--;
        if (last >= 0 && canEnd[kinds[last] as number] !== 0) flag |= TokenFlag.ends;
      }
    }
    if (this.sawDocumentation) {
      this.sawDocumentation = false;
      flag |= TokenFlag.documented;
    }
    flags[row] = (flags[row] as number) | flag;
  }

  lastKind(): number {
    const { count, kind } = this.tokens;
    return count === 0 ? T.EndOfFile : (kind[count - 1] as number);
  }

  error(code: ErrorCode, from: number, to: number, message: string, ...advice: string[]): void {
    this.diagnostics.error(code, { start: this.base + from, end: this.base + to }, message, { advice });
  }

  /** The token of row `token` opens a bracket; `triple` is 1 for a piece of an f-string in triple quotes. */
  open(kind: number, token: number, triple: number): void {
    const { depth } = this;
    if (depth === this.openKind.length) this.enlargeOpen();
    this.openKind[depth] = kind;
    this.openToken[depth] = token;
    this.openTriple[depth] = triple;
    this.depth = depth + 1;
    if (kind === Bracket.piece && triple === 0) this.singleLinePieces++;
  }

  private enlargeOpen(): void {
    const [kinds, rows, triples] = [this.openKind, this.openToken, this.openTriple];
    this.openKind = new Uint8Array(this.depth * 2);
    this.openToken = new Int32Array(this.depth * 2);
    this.openTriple = new Uint8Array(this.depth * 2);
    this.openKind.set(kinds);
    this.openToken.set(rows);
    this.openTriple.set(triples);
  }

  run(): Tokens {
    const { bytes, length, names, tokens, base } = this;
    const nameKind = T.Name;
    let { kind: kinds, start: starts, end: ends, value: values } = tokens;
    let at = startOfText(bytes);
    if (isUtf16(bytes)) {
      this.error("E0102", 0, 2, "this file is UTF-16", "save it as UTF-8");
      at = length;
    }
    while (at < length) {
      const from = at++;
      const byte = bytes[from] as number;
      let kind = operatorOfByte[byte] as number;
      let value = 0;
      // Names, operators, brackets and white space are most of a program. What goes on with `continue` was no token, or appended its own ones. The cases are
      // `ByteClass`'s numbers, written out so that the switch is a table of jumps even before the host's compiler has seen it.
      switch (byteClass[byte]) {
        case 3: // space
          while (bytes[at] === Byte.space) at++;
          continue;
        case 1: { // letter
          let hash = byte;
          let next = bytes[at] as number;
          while ((byteClass[next] as number) <= 2) {
            hash = (Math.imul(hash, 31) + next) | 0;
            next = bytes[++at] as number;
          }
          if (next >= 0x22) {
            if (next >= 0x80) {
              at = lexOther(this, from, at);
              continue;
            }
            const to = next === Byte.doubleQuote || next === Byte.apostrophe || next === Byte.hash ? lexPrefixed(this, from, at) : 0;
            if (to !== 0) {
              at = to;
              continue;
            }
          }
          value = names.internBytes(bytes, from, at, hash);
          kind = value <= keywordCount ? value + (firstKeyword - 1) : nameKind;
          break;
        }
        case 4: // newline
          this.sawNewline = true;
          this.sawSomething = true;
          if (this.singleLinePieces > 0) this.endPieces(from);
          continue;
        case 5: { // operator
          let next: number;
          while ((next = bytes[at] as number) < 128 && longer[kind * 128 + next] !== 0) {
            kind = longer[kind * 128 + next] as number;
            at++;
          }
          break;
        }
        case 2: // digit
          at = lexNumber(this, from);
          kind = this.numberKind;
          value = this.number;
          break;
        case 6: // open
          if (byte === Byte.openBrace && this.skipped.ranges[this.nextSkipped] === from + this.skipped.offset) {
            at = this.passOver(from);
            continue;
          }
          // A line end before the bracket is judged outside it.
          if (this.sawSomething) this.flag(kind, tokens.count);
          this.open(byte === Byte.openParenthesis ? Bracket.parenthesis : byte === Byte.openBracket ? Bracket.square : Bracket.brace, tokens.count, 0);
          break;
        case 7: // close
          value = this.close(kind, byte);
          if (value < 0) {
            at = this.closePiece(from);
            continue;
          }
          break;
        case 8: // doubleQuote
          at = lexString(this, from, from);
          continue;
        case 9: // apostrophe
          at = lexCharacter(this, from, from);
          continue;
        case 10: // slash
          at = lexSlash(this, from);
          continue;
        case 11: // colon
          if (this.depth > 0 && this.openKind[this.depth - 1] === Bracket.piece) {
            at = lexFormatSpecification(this, from);
            continue;
          }
          break;
        default:
          at = lexOther(this, from, from);
          continue;
      }
      const row = tokens.count++;
      if (row + 3 >= kinds.length) tokens.grow();
      if (kinds !== tokens.kind) ({ kind: kinds, start: starts, end: ends, value: values } = tokens);
      kinds[row] = kind;
      starts[row] = base + from;
      ends[row] = base + at;
      values[row] = value;
      if (this.sawSomething) this.flag(kind, row);
      // One space stands behind most tokens.
      if (bytes[at] === Byte.space) at++;
    }
    this.endPieces(length);
    this.sawNewline = true;
    this.sawSomething = true;
    const isUnbalanced = this.sawSpareBrace || this.openKind.subarray(0, this.depth).includes(Bracket.brace);
    this.depth = 0;
    this.push(T.EndOfFile, length, length, 0);
    if (isUnbalanced) tokens.spareBraces = repairBraces(tokens, bytes, base, this.diagnostics);
    return tokens;
  }

  /** Appends a name or the keyword that it is. */
  name(from: number, to: number, id: NameId): void {
    this.push(id <= keywordCount ? firstKeyword + id - 1 : T.Name, from, to, id);
  }

  /** Braces whose inside is passed over: their tokens alone. Returns where it goes on. */
  private passOver(at: number): number {
    const end = (this.skipped.ranges[this.nextSkipped + 1] as number) - this.skipped.offset;
    this.nextSkipped += 2;
    const opener = this.push(T["{"], at, at + 1, 0);
    this.tokens.value[opener] = this.push(T["}"], end - 1, end, opener);
    return end;
  }

  /**
   * What the closing bracket closes that is the next token: the row of the opening one, 0 if nothing opened it, -1 if it ends a piece of an f-string.
   * Unclosed brackets that it closes over are left without partner, for the parser to report; but a `)` or `]` does not close over braces.
   */
  private close(kind: number, byte: number): number {
    const wanted = byte === Byte.closeParenthesis ? Bracket.parenthesis : byte === Byte.closeBracket ? Bracket.square : Bracket.brace;
    const { openKind } = this;
    let depth = this.depth;
    while (depth > 0) {
      const open = openKind[depth - 1];
      if (open === wanted) break;
      if (open === Bracket.piece) {
        if (wanted !== Bracket.brace) depth = 0;
        break;
      }
      if (open === Bracket.brace) depth = 0;
      else depth--;
    }
    if (depth === 0) {
      if (wanted === Bracket.brace) this.sawSpareBrace = true;
      return 0;
    }
    this.depth = depth;
    if (openKind[depth - 1] === Bracket.piece) return -1;
    // A line end before the bracket is judged inside it.
    const { tokens } = this;
    const row = tokens.count;
    if (this.sawSomething) this.flag(kind, row);
    this.depth = depth - 1;
    const opener = this.openToken[depth - 1] as number;
    tokens.value[opener] = row;
    return opener;
  }

  /** The `}` at `at` ends the piece that is open. */
  private closePiece(at: number): number {
    const depth = this.depth - 1;
    const triple = this.openTriple[depth] === 1;
    const opener = this.openToken[depth] as number;
    // The row first: to push may make other columns.
    const closer = this.push(T.FormatClose, at, at + 1, opener);
    this.tokens.value[opener] = closer;
    this.depth = depth;
    if (!triple) this.singleLinePieces--;
    return lexFormatText(this, at + 1, triple);
  }

  /** Ends the piece that is open without its `}`, because its string's closing quote is at `at`. */
  endPiece(at: number): number {
    const row = this.openToken[--this.depth] as number;
    const triple = this.openTriple[this.depth] === 1;
    if (!triple) this.singleLinePieces--;
    // The row first: to push may make other columns.
    const closer = this.push(T.FormatClose, at, at, row);
    this.tokens.value[row] = closer;
    return lexFormatText(this, at, triple);
  }

  /** The line or the file ends within pieces of f-strings: reports the outermost, and closes all that a line end cannot be in. */
  endPieces(at: number): void {
    let depth = this.depth;
    let opener = -1;
    for (let i = this.depth - 1; i >= 0; i--) {
      if (this.openKind[i] === Bracket.piece && (this.openTriple[i] === 0 || at === this.length)) {
        depth = i;
        opener = this.openToken[i] as number;
        if (this.openTriple[i] === 0) this.singleLinePieces--;
      }
    }
    if (opener < 0) return;
    this.depth = depth;
    const start = (this.tokens.start[opener] as number) - this.base;
    if (at !== this.unterminatedAt) this.error("E0114", start, start + 1, "this `{` of an f-string is not closed on its line", "close it with `}`, or write `{{` for a brace in the text");
    const newline = this.sawNewline;
    this.sawNewline = false;
    // The row first: to push may make other columns.
    const closer = this.push(T.FormatClose, at, at, opener);
    this.tokens.value[opener] = closer;
    this.push(T.FormatEnd, at, at, 0);
    this.sawNewline = newline;
    if (newline) this.sawSomething = true;
  }
}

/** The byte order mark of UTF-16. */
function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** Behind a byte order mark and a `#!` line. */
function startOfText(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  if (bytes[at] === Byte.hash && bytes[at + 1] === Byte.exclamation) while (at < bytes.length && bytes[at] !== Byte.newline) at++;
  return at;
}

/** Lexes a whole file. Mistakes go to `diagnostics`; the tokens end in EndOfFile in any case. */
export function lex(ast: Ast, names: Interner, file: Text, diagnostics: Diagnostics, skipped: Skipped = nothingSkipped): Tokens {
  const lexer = new Lexer(ast, names, file, diagnostics, skipped);
  const tokens = lexer.run();
  release([lexer.bytes]); // its own copy, of which nothing is kept
  return tokens;
}
