/** What the parser's functions share: the place in the tokens, the stack on which lists grow, and how mistakes are reported. */

import type { Diagnostics, Label } from "../source/diagnostics.ts";
import type { ErrorCode } from "../source/errorCodes.ts";
import type { Interner, NameId } from "../source/interner.ts";
import { type Ast, Kind, type List, type Node } from "./ast.ts";
import { foreignSpelling } from "./foreign.ts";
import { T, TokenFlag, type TokenKind, type Tokens, canEnd, continues, firstKeyword, operatorSpellings, startsDeclaration, tokenKinds } from "./token.ts";

/** Brackets, blocks, types, patterns and unary operators nest this deep; chains of operators have no limit. */
export const nestingLimit = 256;

/** Calls, fields, casts and pipes that may follow one another. Each is a level to whoever walks over the tree: far more than anybody writes, and half of what the stack has room for. */
const chainLimit = 2000;

/**
 * In the head of an if, while, for or match, outside brackets, `Name {` is no struct literal. In a condition, `&&` before a `let` ends the
 * expression besides, and behind `let pattern =` every `&&` and `||` does.
 */
export const Head = { none: 0, plain: 1, condition: 2, letValue: 3 } as const;
export type HeadKind = (typeof Head)[keyof typeof Head];

const firstOperator = T["("];

export class Parser {
  readonly ast: Ast;
  readonly names: Interner;
  readonly tokens: Tokens;
  readonly diagnostics: Diagnostics;
  readonly deferBodies: boolean;
  /** The file's bytes and where they begin: for the column of a token. */
  readonly bytes: Uint8Array;
  readonly base: number;
  private readonly kinds: Uint8Array;
  private readonly flags: Uint8Array;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly values: Int32Array;
  /** Row and kind of the token at hand, and where the one before it ended. */
  index = 0;
  kind: number;
  lastEnd: number;
  /** Nodes of the lists that are being read. */
  stack = new Int32Array(64);
  stackCount = 0;
  depth = 0;
  head: HeadKind = Head.none;
  /** A mistake was reported and the place where parsing can go on has not been found yet: further ones are consequences. */
  panicking = false;
  /** Nesting was too deep, and the rest of the declaration is passed over: the place is the end of the file. */
  halted = false;
  /** Nothing is reported: the code at hand is passed over for a mistake that was reported as a whole. */
  muted = false;
  /** The labels of the loops around, within the function or closure. */
  labels: NameId[] = [];
  /** How often `error` reported: whether what was read since some time is whole. */
  mistakes = 0;
  /** The opening bracket whose missing partner was reported last. */
  private unclosed = -1;
  private isEndReported = false;

  constructor(ast: Ast, names: Interner, tokens: Tokens, diagnostics: Diagnostics, bytes: Uint8Array, base: number, deferBodies: boolean) {
    this.ast = ast;
    this.names = names;
    this.tokens = tokens;
    this.diagnostics = diagnostics;
    this.bytes = bytes;
    this.base = base;
    this.deferBodies = deferBodies;
    this.kinds = tokens.kind;
    this.flags = tokens.flags;
    this.starts = tokens.start;
    this.ends = tokens.end;
    this.values = tokens.value;
    this.kind = tokens.kind[0] as number;
    this.lastEnd = base;
  }

  // ── tokens ──

  advance(): void {
    // 0 is EndOfFile.
    if (this.kind === 0) return;
    this.lastEnd = this.ends[this.index++] as number;
    this.kind = this.kinds[this.index] as number;
  }

  /** Passes over the token if it is of `kind`. */
  take(kind: number): boolean {
    if (this.kind !== kind) return false;
    this.advance();
    return true;
  }

  /** Passes over the token, and over all that its bracket holds. */
  skip(): void {
    const { kind } = this;
    if (kind === T["("] || kind === T["["] || kind === T["{"] || kind === T.FormatOpen) {
      const partner = this.value();
      if (partner > this.index) this.jump(partner);
    }
    this.advance();
  }

  /** Goes to a row. */
  jump(index: number): void {
    if (index > 0) this.lastEnd = this.ends[index - 1] as number;
    this.index = index;
    this.kind = this.kinds[index] as number;
  }

  start(): number {
    return this.starts[this.index] as number;
  }

  end(): number {
    return this.ends[this.index] as number;
  }

  value(): number {
    return this.values[this.index] as number;
  }

  suffix(): number {
    return (this.flags[this.index] as number) >> TokenFlag.suffixShift;
  }

  /** A line end before this token ended the statement. */
  breaks(): boolean {
    return ((this.flags[this.index] as number) & TokenFlag.ends) !== 0;
  }

  onNewLine(): boolean {
    return ((this.flags[this.index] as number) & TokenFlag.newline) !== 0;
  }

  documented(): boolean {
    return ((this.flags[this.index] as number) & TokenFlag.documented) !== 0;
  }

  /** The kind of the token `distance` further on; EndOfFile behind the end. */
  peek(distance: number): number {
    return this.kinds[this.index + distance] as number;
  }

  kindAt(row: number): number {
    return this.kinds[row] as number;
  }

  valueAt(row: number): number {
    return this.values[row] as number;
  }

  startAt(row: number): number {
    return this.starts[row] as number;
  }

  newlineAt(row: number): boolean {
    return ((this.flags[row] as number) & TokenFlag.newline) !== 0;
  }

  /** The token `distance` further on starts where the one before it ends. */
  adjacent(distance: number): boolean {
    const row = this.index + distance;
    return row > 0 && this.starts[row] === this.ends[row - 1];
  }

  /** The token at hand is the first character of its line. */
  atLineStart(): boolean {
    const offset = this.start() - this.base;
    return offset === 0 || this.bytes[offset - 1] === 10;
  }

  /** The brace at row `open` is never closed, and the token at hand starts a line: if a declaration follows, the `}` is missing here. */
  unclosedBefore(open: number): boolean {
    return (this.values[open] as number) <= open && this.atLineStart();
  }

  /** A list whose bracket is at row `open` ends here: at `close`, or, if the bracket has no partner, at what closes another. */
  listEnds(close: number, open: number): boolean {
    const { kind } = this;
    if (kind === close || kind === T.EndOfFile) return true;
    return (this.values[open] as number) <= open && (kind === T[")"] || kind === T["]"] || kind === T["}"] || (kind === T["{"] && close === T[")"] && startsDeclaration[this.kinds[open - 2] as number] !== 0));
  }

  // ── lists ──

  push(node: Node): void {
    if (this.stackCount === this.stack.length) {
      const larger = new Int32Array(this.stackCount * 2);
      larger.set(this.stack);
      this.stack = larger;
    }
    this.stack[this.stackCount++] = node;
  }

  /** The nodes pushed since the stack had `from` as a list; they leave the stack. */
  list(from: number): List {
    const list = this.ast.addList(this.stack, from, this.stackCount);
    this.stackCount = from;
    return list;
  }

  // ── mistakes ──

  /** Reports a mistake, unless it may be the consequence of one; until `panicking` is taken back, what follows is. */
  error(code: ErrorCode, start: number, end: number, message: string, advice: readonly string[] = [], labels: readonly Label[] = []): void {
    if (this.panicking) return;
    this.panicking = true;
    this.mistakes++;
    if (!this.muted && !this.isEndKnown()) this.diagnostics.error(code, { start, end }, message, { advice, labels });
  }

  /** At a `}` that was put in where one is missing, or at the end of the file for the second time: that something is missing here was said. */
  private isEndKnown(): boolean {
    if (this.kind === T["}"]) return this.start() === this.end();
    if (this.kind !== T.EndOfFile) return false;
    const { isEndReported } = this;
    this.isEndReported = true;
    return isEndReported;
  }

  /** Reports a mistake that leaves no doubt about what was meant, so that parsing goes on. */
  slip(code: ErrorCode, start: number, end: number, message: string, ...advice: string[]): void {
    if (!this.panicking && !this.muted) this.diagnostics.error(code, { start, end }, message, { advice });
  }

  /** How messages name the token at row `row`. */
  found(row = this.index): string {
    const kind = this.kinds[row] as number;
    if (kind === T.EndOfFile) return "the end of the file";
    if (kind === T.Name) return `\`${this.names.name(this.values[row] as NameId)}\``;
    if (kind >= firstKeyword) return kind < firstOperator ? `the keyword \`${tokenKinds[kind]}\`` : `\`${operatorSpellings[kind - firstOperator]}\``;
    if (kind === T.Integer || kind === T.Float) return "a number";
    if (kind === T.String || kind === T.FormatStart) return "a text";
    if (kind === T.Character || kind === T.Byte) return "a character";
    return "the end of this piece of an f-string";
  }

  /** Reports that something else was expected here; where the tokens look like another language's, says how it is written here. */
  unexpected(code: ErrorCode, expected: string, ...advice: string[]): void {
    if (this.panicking) return;
    const foreign = foreignSpelling(this);
    if (foreign !== undefined) this.error("E0137", foreign.start, foreign.end, foreign.message, foreign.advice);
    else this.error(code, this.start(), Math.max(this.end(), this.start()), `expected ${expected}, found ${this.found()}`, advice);
  }

  /** Passes over the token if it is of `kind`, and reports it missing otherwise. */
  expect(kind: TokenKind, ...advice: string[]): boolean {
    if (this.take(kind)) return true;
    this.unexpected("E0120", `\`${tokenKinds[kind]}\``, ...advice);
    return false;
  }

  /** A name, where one is declared or named behind a dot; 0 if there is none, which is reported. */
  expectName(what: string): NameId {
    if (this.kind === T.Name) {
      const name = this.value() as NameId;
      this.advance();
      return name;
    }
    if (this.kind >= firstKeyword && this.kind === this.kinds[this.index - 1] && this.peek(1) === T.Name && !this.onNewLine()) {
      this.slip("E0133", this.start(), this.end(), `${this.found().replace("the keyword ", "")} is written twice`, "remove one");
      this.advance();
      return this.expectName(what);
    }
    if (this.kind >= firstKeyword && this.kind < firstOperator && !this.onNewLine()) {
      const name = this.value() as NameId;
      this.slip("E0133", this.start(), this.end(), `\`${this.names.name(name)}\` is a keyword and cannot be ${what}`, `add something to it: \`${this.names.name(name)}_\``);
      this.advance();
      return name;
    }
    this.unexpected("E0120", what);
    return 0 as NameId;
  }

  /** Where the declaration that was parsed last ends: with the token at hand, if a mistake there stopped it, so that the mistake is seen to be its own. */
  declarationEnd(): number {
    return this.panicking ? Math.max(this.lastEnd, this.start()) : this.lastEnd;
  }

  /** Where the `}` stands that has no `{` because the one of the declaration that begins at `start`, up to here, is missing; -1: there is none. */
  lostOpening(start: number): number {
    for (const { from, start: at } of this.tokens.spareBraces) if (from >= start && from < this.start() && at >= this.start()) return at;
    return -1;
  }

  /** Stands in for what could not be parsed. */
  missing(): Node {
    return this.ast.add(Kind.Error, 0, this.start(), this.start(), 0, 0, 0, 0);
  }

  /**
   * Ends a bracketed list: passes over `close`, or reports what stands there instead and goes on behind the closing bracket, if there is one.
   * `open` is the row of the opening bracket.
   */
  close(close: TokenKind, open: number, separator = "`,` or "): void {
    if (this.take(close)) return;
    const partner = this.values[open] as number;
    if (partner <= open && this.unclosed !== open) {
      this.unclosed = open;
      const spelling = tokenKinds[this.kinds[open] as number];
      // A text or comment without end has taken the closing bracket with it.
      if (this.swallowed(open)) this.panicking = true;
      this.error("E0125", this.starts[open] as number, this.ends[open] as number, `this \`${spelling}\` is not closed`, [`write \`${tokenKinds[close]}\` where it ends`], [
        { start: this.start(), end: Math.max(this.end(), this.start()), text: `\`${tokenKinds[close]}\` was expected here at the latest` },
      ]);
      if (spelling !== "{") this.endLines();
    } else this.unexpected("E0120", `${separator}\`${tokenKinds[close]}\``);
    if (partner >= this.index) {
      this.jump(partner);
      this.advance();
      this.panicking = false;
    }
  }

  /** Whether a text, a character, a comment or a piece of an f-string that does not end was reported behind the opening bracket at row `open`. */
  private swallowed(open: number): boolean {
    const start = this.starts[open] as number;
    return this.diagnostics.list.some(({ code, span }) => (code === "E0104" || code === "E0105" || code === "E0106" || code === "E0114") && span.start > start && span.start < this.start());
  }

  /** Behind a `(` or `[` without end, the lexer took line ends for white space: judges those up to the end of the block anew. */
  private endLines(): void {
    const { kinds, flags, values } = this;
    for (let row = this.index; kinds[row] !== T.EndOfFile; row++) {
      const kind = kinds[row] as number;
      if (kind === T["}"] && (values[row] as number) < this.index) return;
      // As the lexer judges: behind a value, `!` and `?` are postfix.
      let last = row - 1;
      while (last > 0 && (kinds[last] === T["!"] || kinds[last] === T["?"]) && ((flags[last] as number) & TokenFlag.ends) === 0) last--;
      if (last >= 0 && ((flags[row] as number) & TokenFlag.newline) !== 0 && canEnd[kinds[last] as number] !== 0 && continues[kind] === 0) {
        flags[row] = (flags[row] as number) | TokenFlag.ends;
      }
      if ((kind === T["("] || kind === T["["] || kind === T["{"]) && (values[row] as number) > row) row = (values[row] as number) - 1;
    }
  }

  /** Goes one level deeper; false, and the rest of the declaration is passed over, if that is too deep. Pair with `leave`. */
  enter(): boolean {
    if (++this.depth <= nestingLimit) return true;
    if (!this.halted) this.halt(`more than ${nestingLimit} levels are nested here`);
    return false;
  }

  /** The links of a chain are more than the compiler takes; the rest of the declaration is passed over. */
  isTooLong(links: number): boolean {
    if (links <= chainLimit) return false;
    if (!this.halted) this.halt(`more than ${chainLimit} calls, fields and the like follow one another here`);
    return true;
  }

  private halt(message: string): void {
    this.error("E0127", this.start(), this.end(), message, ["name a part with `let`, or move it to a function of its own"]);
    this.halted = true;
    this.muted = true;
    this.jump(this.tokens.count - 1);
  }

  leave(): void {
    this.depth--;
  }
}
