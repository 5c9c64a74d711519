/**
 * Tokens: columns, one row a token. `kind`, `flags`, `start` and `end` (source map positions), and `value`:
 * a NameId for names and keywords, a LiteralId for numbers and texts, the code for characters and bytes, and for an opening
 * bracket the row of its closing one (0: it has none; for a closing one likewise, the row of the opening one).
 */

import { keywords } from "../source/interner.ts";
import { release } from "../source/release.ts";

/** Spellings of operators and brackets; tokens of one character come first, longer ones after. */
const spelled = [
  "(", ")", "[", "]", "{", "}", ",", ";", ":", "@", "#", "~",
  ".", "=", "+", "-", "*", "/", "%", "<", ">", "&", "|", "^", "!", "?",
  "..", "=>", "+%", "-%", "*%", "+|", "-|", "*|", "<<", ">>", "??", "&&", "||", "|>", "==", "!=", "<=", ">=",
  "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
  "..=", "...", "+%=", "-%=", "*%=", "+|=", "-|=", "*|=", "<<=", ">>=",
] as const;

const named = [
  "EndOfFile", "Name", "Integer", "Float", "String", "Character", "Byte",
  /** `f"`, a piece of text, `{`, a format behind `:`, `}`, and the closing quote of an f-string. */
  "FormatStart", "FormatText", "FormatOpen", "FormatSpecification", "FormatClose", "FormatEnd",
] as const;

/** The number of the first keyword's token: keyword `NameId` n has kind `firstKeyword + n - 1`. */
export const firstKeyword = named.length;

export const tokenKinds = [...named, ...keywords, ...spelled] as const;
export type TokenName = (typeof tokenKinds)[number];
export type TokenKind = number & { readonly brand: "TokenKind" };
/** `T.Name`, `T.if`, `T["+="]`: the number of each kind of token. */
export const T = Object.fromEntries(tokenKinds.map((name, index) => [name, index])) as { readonly [K in TokenName]: TokenKind };

/** For the lexer: the kind of a spelling of operator or bracket. */
export const operatorSpellings: readonly (typeof spelled)[number][] = spelled;

export const TokenFlag = {
  /** A line end stands between this token and the one before. */
  newline: 1,
  /** That line end ends a statement (section 1 of the reference). */
  ends: 2,
  /** A `///` comment stands before. */
  documented: 4,
  /** Bits 3 to 6: the suffix of a number, as the index in `numberTypes` plus 1. */
  suffixShift: 3,
} as const;

/** By kind of token: 1 for those of these names. */
export function setOf(names: readonly TokenName[]): Uint8Array {
  const set = new Uint8Array(256);
  for (const name of names) set[T[name]] = 1;
  return set;
}

/** A line that ends in one of these could end its statement there. Postfix `!` and `?` are the lexer's to tell from prefix. */
export const canEnd = setOf([
  "Name", "Integer", "Float", "String", "Character", "Byte", "FormatEnd", ")", "]", "}",
  "true", "false", "nil", "self", "Self", "return", "break", "continue",
]);

/** A line that starts with one of these continues the statement above. */
export const continues = setOf([
  ".", "|>", "??", "||", "&&", "else", "as", "+", "/", "%", "+%", "-%", "*%", "+|", "-|", "*|", "<<", ">>", "^",
  "==", "!=", "<", "<=", ">", ">=", "..=",
]);

/** An expression may start with one of these. */
export const startsExpression = setOf([
  "Name", "Integer", "Float", "String", "Character", "Byte", "FormatStart", "(", "[", "{", "@", "~", ".", "-", "*", "&", "&&", "!",
  "|", "||", "..", "..=", "true", "false", "nil", "self", "Self", "if", "match", "loop", "while", "for", "return", "break", "continue", "move",
]);

/** A type may start with one of these. */
export const startsType = setOf(["Name", "Self", "*", "&", "&&", "[", "(", "?", "??", "func", "mut", "extern", "dyn"]);

/** A declaration may start with one of these, besides the names `include`, `import` and `test`. */
export const startsDeclaration = setOf(["const", "enum", "extern", "func", "impl", "pub", "struct", "trait", "type", "#"]);

/** A statement, and hardly anything else, starts with one of these: where the parser looks for firm ground after an error. */
export const startsStatement = setOf(["let", "var", "if", "while", "for", "loop", "match", "return", "break", "continue", "defer"]);

const noComments = new Int32Array(0);

export class Tokens {
  count = 0;
  kind: Uint8Array;
  flags: Uint8Array;
  start: Int32Array;
  end: Int32Array;
  value: Int32Array;
  /** Where comments stand: start and end of each, in order. */
  comments = noComments;
  commentCount = 0;
  /** Closing braces that were taken out because nothing opened them (repairBraces.ts). */
  spareBraces: readonly { readonly from: number; readonly start: number }[] = [];

  /** `expected`: about how many tokens there will be. */
  constructor(expected: number) {
    const size = Math.max(64, expected);
    this.kind = new Uint8Array(size);
    this.flags = new Uint8Array(size);
    this.start = new Int32Array(size);
    this.end = new Int32Array(size);
    this.value = new Int32Array(size);
  }

  addComment(start: number, end: number): void {
    if (this.commentCount * 2 === this.comments.length) this.comments = enlarge(this.comments, new Int32Array(Math.max(64, this.comments.length * 2)));
    this.comments[this.commentCount * 2] = start;
    this.comments[this.commentCount * 2 + 1] = end;
    this.commentCount++;
  }

  /** Nobody reads them any more. */
  release(): void {
    release([this.kind, this.flags, this.start, this.end, this.value]);
  }

  /** Doubles the room for tokens; the columns are then other arrays. */
  grow(): void {
    const size = this.kind.length * 2;
    this.kind = enlarge(this.kind, new Uint8Array(size));
    this.flags = enlarge(this.flags, new Uint8Array(size));
    this.start = enlarge(this.start, new Int32Array(size));
    this.end = enlarge(this.end, new Int32Array(size));
    this.value = enlarge(this.value, new Int32Array(size));
  }
}

function enlarge<A extends Uint8Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
