/** Words of the IR's text. */

export type TokenKind = "word" | "number" | "symbol" | "string" | "mark" | "line" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly line: number;
}

/** What stands behind `!`, in the order of the bits of `ValueFlag`. */
export const flagNames = ["constant", "volatile", "nonnull", "noalias", "readonly", "noreturn", "nsw", "nuw"] as const;

/** A mistake in the text; parse.ts turns it into data. */
export class TextError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const pattern = /[ \t\r]+|\/\/[^\n]*|(\n)|(@(?:[A-Za-z_$?][\w.$]*|"(?:\\.|[^"\\])*"))|("(?:\\.|[^"\\])*")|(-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|-?inf\b|nan\b)|([A-Za-z_$?][\w.$]*)|(->|\.\.\.|[-+!#/:=(){}[\],])/y;

export class Scanner {
  private readonly tokens: Token[] = [];
  at = 0;

  constructor(text: string) {
    let line = 1;
    pattern.lastIndex = 0;
    while (pattern.lastIndex < text.length) {
      const from = pattern.lastIndex;
      const found = pattern.exec(text);
      if (found === null) throw new TextError(line, `unexpected '${text[from] ?? ""}'`);
      const kind: TokenKind | undefined =
        found[1] !== undefined ? "line" : found[2] !== undefined ? "symbol" : found[3] !== undefined ? "string"
        : found[4] !== undefined ? "number" : found[5] !== undefined ? "word" : found[6] !== undefined ? "mark" : undefined;
      if (kind !== undefined) this.tokens.push({ kind, text: found[0], line });
      if (kind === "line") line++;
    }
    this.tokens.push({ kind: "line", text: "\n", line }, { kind: "end", text: "", line });
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }

  error(message: string): TextError {
    return new TextError((this.tokens[Math.max(0, this.at - 1)] as Token).line, message);
  }

  atEnd(): boolean {
    return this.peek().kind === "end";
  }

  accept(text: string): boolean {
    const token = this.peek();
    if (token.text !== text || token.kind === "string") return false;
    this.at++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected(`'${text}'`);
  }

  word(): string { return this.take("word", "a word"); }
  /** An integer or float as written; also `inf` and `nan`. */
  number(): string { return this.take("number", "a number"); }

  integer(): number {
    const value = Number(this.number());
    if (!Number.isInteger(value)) throw this.error("an integer is expected here");
    return value;
  }

  /** `@name`, without its sign. */
  symbol(): string {
    const text = this.take("symbol", "a symbol").slice(1);
    return text.startsWith('"') ? new TextDecoder().decode(unquoted(text)) : text;
  }

  /** A word or a quoted name. */
  name(): string {
    return this.peek().kind === "string" ? new TextDecoder().decode(this.bytes()) : this.word();
  }

  bytes(): Uint8Array {
    return unquoted(this.take("string", "a string"));
  }

  /** `+8`, `-8` or nothing. */
  offset(): number {
    if (this.accept("+")) return this.integer();
    const token = this.peek();
    return token.kind === "number" && token.text.startsWith("-") ? this.integer() : 0;
  }

  skipLines(): void {
    while (this.peek().kind === "line") this.at++;
  }

  /** The rest of the line, unread. */
  skipLine(): void {
    while (this.peek().kind !== "line" && !this.atEnd()) this.at++;
  }

  /** Past the next `text` that stands outside of parentheses opened on the way. */
  skipTo(text: string): void {
    for (let depth = 0; ; this.at++) {
      if (depth === 0 && this.accept(text)) return;
      if (this.atEnd()) throw this.unexpected(`'${text}'`);
      const token = this.peek();
      if (token.kind === "mark") depth += token.text === "(" ? 1 : token.text === ")" ? -1 : 0;
    }
  }

  endLine(): void {
    if (this.peek().kind !== "line" && !this.atEnd()) throw this.unexpected("the end of the line");
  }

  private take(kind: TokenKind, what: string): string {
    const token = this.peek();
    if (token.kind !== kind) throw this.unexpected(what);
    this.at++;
    return token.text;
  }

  private unexpected(what: string): TextError {
    const token = this.peek();
    return new TextError(token.line, `${what} is expected before '${token.kind === "line" ? "end of line" : token.text}'`);
  }
}

function unquoted(text: string): Uint8Array {
  const bytes: number[] = [];
  const inner = new TextEncoder().encode(text.slice(1, -1));
  for (let i = 0; i < inner.length; i++) {
    const byte = inner[i] as number;
    if (byte !== 0x5c) {
      bytes.push(byte);
      continue;
    }
    const after = inner[++i] as number;
    if (after === 0x6e) bytes.push(0x0a);
    else if (after === 0x22 || after === 0x5c) bytes.push(after);
    else bytes.push(parseInt(String.fromCharCode(after, inner[++i] as number), 16));
  }
  return Uint8Array.from(bytes);
}
