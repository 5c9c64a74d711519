/** Forms of other languages that are more than a word or an operator: looked at only where a mistake is to be reported anyway. */

import type { NameId } from "../source/interner.ts";
import { nameElsewhere, suggest } from "../source/suggest.ts";
import type { ForeignSpelling } from "./foreign.ts";
import type { Parser } from "./parserState.ts";
import { T, canEnd } from "./token.ts";

/** Types, of this language and of others, that stand before a name or in parentheses elsewhere. */
export const typeWords: ReadonlySet<string> = new Set([
  "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "usize", "f32", "f64", "bool", "char", "str", "String", "string", "float", "double", "long", "short", "unsigned", "boolean", "size_t", "int",
]);

/** Functions here that are statements elsewhere. */
const callWords: Readonly<Record<string, string>> = {
  assert: "assert(a == b)", print: "print(x)", println: "println(x)", eprintln: "eprintln(x)", panic: 'panic("…")', exit: "exit(1)", len: "xs.len", typeof: "type_of(x)", sizeof: "@sizeof(T)",
};

/** The name at `row`, "" where none stands. */
export function wordAt(p: Parser, row: number): string {
  return row >= 0 && p.kindAt(row) === T.Name ? p.names.name(p.valueAt(row) as NameId) : "";
}

/** Whether nothing stands between the token at `row` and the one before it. */
function isAdjacent(p: Parser, row: number): boolean {
  return row > 0 && p.startAt(row) === p.tokens.end[row - 1];
}

function isOpening(kind: number): boolean {
  return kind === T["("] || kind === T["["] || kind === T["{"];
}

/** The row of the bracket around `row`, -1 outside all. */
function bracketAround(p: Parser, row: number): number {
  for (let at = row - 1; at >= 0; at--) {
    const kind = p.kindAt(at);
    if (isOpening(kind)) return at;
    if ((kind === T[")"] || kind === T["]"] || kind === T["}"]) && p.valueAt(at) < at) at = p.valueAt(at);
  }
  return -1;
}

/** Where the statement around `row` begins. */
function statementStart(p: Parser, row: number): number {
  let at = row;
  while (at > 0) {
    const before = p.kindAt(at - 1);
    if (p.newlineAt(at) || before === T[";"] || isOpening(before)) return at;
    at = (before === T[")"] || before === T["]"] || before === T["}"]) && p.valueAt(at - 1) < at - 1 ? p.valueAt(at - 1) : at - 1;
  }
  return at;
}

/** Whether a token of `kind` follows on the line of `row`. */
function comesOnLine(p: Parser, row: number, kind: number): boolean {
  for (let at = row; p.kindAt(at) !== T.EndOfFile && (at === row || !p.newlineAt(at)); at++) if (p.kindAt(at) === kind) return true;
  return false;
}

/** A token that a mistake is at, and what stands around it. */
interface Place {
  readonly p: Parser;
  readonly row: number;
  readonly kind: number;
  /** Kinds of the tokens before and behind. */
  readonly before: number;
  readonly next: number;
  readonly sameLine: boolean;
  /** What is said of words that other languages have. */
  readonly words: Readonly<Record<string, string>>;
}

type Form = (at: Place) => ForeignSpelling | undefined;

/** What is said of the tokens from row `start` to row `last`. */
function spelling({ p }: Place, start: number, last: number, message: string, ...advice: string[]): ForeignSpelling {
  return { start: p.startAt(start), end: p.tokens.end[last] as number, message, advice };
}

/** What is said of the token itself. */
function here(at: Place, message: string, ...advice: string[]): ForeignSpelling {
  return spelling(at, at.row, at.row, message, ...advice);
}

/** `switch (x) {`, `catch (e) {`; `Point { 1, 2 }`, `Point { .x = 1 }` */
function atBrace(at: Place): ForeignSpelling | undefined {
  const { p, row, before, next, words } = at;
  if (!at.sameLine) return undefined;
  if (before === T[")"] && p.valueAt(row - 1) < row - 1) {
    const word = p.valueAt(row - 1) - 1;
    const advice = Object.hasOwn(words, wordAt(p, word)) ? words[wordAt(p, word)] : undefined;
    return advice === undefined ? undefined : spelling(at, word, word, `\`${wordAt(p, word)}\` is not a word of this language`, advice);
  }
  const word = wordAt(p, row - 1);
  if (!/^[A-Z]/.test(word) || next === T.Name) return undefined;
  if (next === T["..."]) return spelling(at, row + 1, row + 1, "`...` is not written here", `the rest of the fields stands last: ${word} { x: 1, ..other }`);
  return here(at, next === T["."] ? "a field does not begin with a dot" : "the fields of a struct literal are named", `write ${word} { x: 1 }`);
}

/** `1,000`; `return a, b`; `let a, b = …`; `a, b = b, a`; `a, b := 1, 2` */
function atComma(at: Place): ForeignSpelling | undefined {
  const { p, row } = at;
  if (!at.sameLine) return undefined;
  if (at.before === T.Integer && at.next === T.Integer && isAdjacent(p, row) && isAdjacent(p, row + 1)) return spelling(at, row - 1, row + 1, "the digits of a number are not grouped by `,`", "write 1_000");
  const kind = p.kindAt(statementStart(p, row));
  if (kind === T.return) return here(at, "several values are returned as one tuple", "write `return (a, b)`");
  if (kind === T.let || kind === T.var) return here(at, "names that are declared together stand in parentheses", `write \`${kind === T.let ? "let" : "var"} (a, b) = …\``);
  if (kind !== T.Name) return undefined;
  for (let to = row; !p.newlineAt(to) && p.kindAt(to) !== T.EndOfFile; to++) {
    if (p.kindAt(to) !== T["="]) continue;
    if (p.kindAt(to - 1) === T[":"]) return spelling(at, to - 1, to, "`:=` is not written here", "several names are declared by `let (a, b) = (1, 2)`");
    return here(at, "places that are assigned together stand in parentheses", "write `(a, b) = (b, a)`");
  }
  return undefined;
}

/** `xs[1:2]`; `= { x: 1 }`; `= { "a": 1 }` */
function atColon(at: Place): ForeignSpelling | undefined {
  const { p, row, next } = at;
  const around = bracketAround(p, row);
  if (around < 0 || ((next === T[":"] || next === T["="]) && isAdjacent(p, row + 1))) return undefined;
  if (p.kindAt(around) === T["["]) return here(at, "a part is not cut out with `:`", "write xs[a..b]");
  const holder = p.kindAt(around - 1);
  if (p.kindAt(around) === T["{"] && p.kindAt(statementStart(p, around)) === T.match) return here(at, "`:` is not written here", "an arm is written `pattern => value`");
  if (p.kindAt(around) !== T["{"] || around !== row - 2 || !(holder === T["="] || holder === T["("] || holder === T[","] || holder === T["["] || holder === T.return)) return undefined;
  if (at.before === T.Name) return here(at, "a struct literal begins with the name of its struct", "write Point { x: 1, y: 2 }");
  return here(at, "there are no literals of maps", "write `var m Map[str, i64] = Map.new()`, and m.insert(key, value) for each");
}

/** `1...5`, `f(...xs)` */
function atDots(at: Place): ForeignSpelling {
  if (at.before === T.Integer || at.before === T.Character) return here(at, "`...` is not written here", "a range with its end is written 0..=5, one without it 0..6");
  if (at.before === T.Name && (at.next === T.Name || at.next === T["["])) return here(at, "`...` is not written here", "a function takes as many arguments as it declares; any number of values is a slice: func sum(xs []i64)");
  return here(at, "`...` is not written here", "a list takes the items of another by `xs.extend(…)`, and a struct literal the rest of its fields by `..other`");
}

/** `# a comment`, and `#if` within an expression */
function atHash(at: Place): ForeignSpelling {
  if (at.next === T.if && isAdjacent(at.p, at.row + 1)) return spelling(at, at.row, at.row + 1, "`#if` stands among declarations and statements only", "put it around the whole declaration");
  return here(at, "`#` begins no comment", "a comment begins with //");
}

/** `let Point = struct { … }` */
function atTypeWord(at: Place): ForeignSpelling | undefined {
  if (at.before !== T["="]) return undefined;
  return here(at, "a type is not a value", `declare it: ${at.kind === T.struct ? "struct Point { x f64, y f64 }" : "enum Light { Red, Green }"}`);
}

/** `x i64?`, `func f() i64! {`, `func main() !void {` */
function atTypeMark(at: Place): ForeignSpelling | undefined {
  const { p, row, kind } = at;
  const isSuffix = typeWords.has(wordAt(p, row - 1)) && isAdjacent(p, row);
  const isPrefix = kind === T["!"] && at.before === T[")"] && at.next === T.Name;
  if (!isSuffix && !isPrefix) return undefined;
  if (kind === T["?"]) return here(at, "`?` stands before the type", `write ?${wordAt(p, row - 1)}`);
  return here(at, "`!` is no part of a type", "a function that can fail gives a Result: func f() Result[i64, str]");
}

/** `x if c else y`, `f() if c` */
function atIf(at: Place): ForeignSpelling | undefined {
  if (!at.sameLine || canEnd[at.before] === 0) return undefined;
  if (comesOnLine(at.p, at.row, T.else)) return here(at, "`a if c else b` is not written here", "write `if c { a } else { b }`");
  return here(at, "what is done if a condition holds stands behind it", "write `if c { … }`");
}

/** `-- a comment`; `p->x` */
function atMinus(at: Place): ForeignSpelling | undefined {
  const { p, row, next } = at;
  if (next === T["-"] && isAdjacent(p, row + 1) && (row === 0 || !at.sameLine) && p.kindAt(row + 2) === T.Name && p.kindAt(row + 3) === T.Name) return spelling(at, row, row + 1, "`--` begins no comment", "a comment begins with //");
  if (next === T[">"] && isAdjacent(p, row) && isAdjacent(p, row + 1) && isAdjacent(p, row + 2) && p.kindAt(row + 2) === T.Name) return spelling(at, row, row + 1, "`->` is not written here", "a field is reached with `.`, also through a reference or pointer: p.x");
  return undefined;
}

/** The forms that a token tells. */
const forms: { readonly [kind: number]: Form } = {
  [T["{"]]: atBrace,
  [T[","]]: atComma,
  [T[":"]]: atColon,
  [T["..."]]: atDots,
  [T["#"]]: atHash,
  [T.struct]: atTypeWord,
  [T.enum]: atTypeWord,
  [T["?"]]: atTypeMark,
  [T["!"]]: atTypeMark,
  [T.if]: atIf,
  [T["-"]]: atMinus,
  [T.in]: (at) => (at.sameLine ? here(at, "`in` is not an operator", "write xs.contains(&x)") : undefined),
  [T["|"]]: (at) => (at.before === T[")"] && at.sameLine ? here(at, "a function's type is not written so", "write func(i64) i64") : undefined),
  [T["||"]]: (at) => (at.before === T.Integer || at.before === T.Character || at.before === T.String ? here(at, "alternatives of a pattern are not joined by `||`", "write `1 | 2 => …`") : undefined),
  [T.impl]: (at) => (at.sameLine && at.row > 0 ? here(at, "`impl Trait` is not a type", "a closure's type is func(i64) i64, and a value known by its trait is a Box[dyn Trait]") : undefined),
  [T.for]: (at) => (at.sameLine && canEnd[at.before] !== 0 ? here(at, "a list is not made by `for` in brackets", "write (0..3).map(|x| x * 2).to_list()") : undefined),
  [T["("]]: (at) => (at.before === T.func && at.sameLine && at.p.kindAt(at.p.valueAt(at.row) + 1) === T.Name ? here(at, "no receiver stands before a method's name", "write the method in an impl: impl Point { func len(&self) f64 { … } }") : undefined),
};

function adviceOnCast(type: string): string {
  const name = nameElsewhere(type) ?? type;
  return name === "str" || name === "String" ? 'a value becomes text in f"{x}"' : `write x as ${name}`;
}

/** `(i32)x`; `map[string]int`, `make([]int, 3)`, `[]int{1, 2}`; `assert x`, `typeof x`: told by what stands before. */
function behind(at: Place): ForeignSpelling | undefined {
  const { p, row, before, words } = at;
  if (!at.sameLine) return undefined;
  if (before === T[")"] && at.kind !== T["=>"] && p.valueAt(row - 1) === row - 3 && typeWords.has(wordAt(p, row - 2))) return spelling(at, row - 3, row - 1, "a cast does not stand before its value", adviceOnCast(wordAt(p, row - 2)));
  if (before === T["]"] && at.kind === T.Name && isAdjacent(p, row)) {
    const opener = p.valueAt(row - 1);
    if (wordAt(p, opener - 1) === "map") return spelling(at, opener - 1, row, "a map's type is not written so", "write `var m Map[str, i64] = Map.new()`");
    if (wordAt(p, opener - 2) === "make") return spelling(at, opener - 2, opener - 2, "`make` makes nothing here", "a list is made by List[i64].new(), an array by [0; 3]");
    if (at.next === T["{"]) return spelling(at, opener, row, "the type does not stand before the elements of an array", "write [1, 2, 3]");
  }
  const word = wordAt(p, row - 1);
  if (before === T.Name && statementStart(p, row) === row - 1 && (at.kind === T.Name || at.kind === T.Integer || at.kind === T.String || at.kind === T.true || at.kind === T.false)) {
    const near = suggest(word, ["let", "var", "return", "while", "match", "defer", "break"]);
    if (near !== undefined && !Object.hasOwn(words, word) && !Object.hasOwn(callWords, word) && !typeWords.has(word)) return spelling(at, row - 1, row - 1, `\`${word}\` is not a word of this language`, `did you mean \`${near}\`?`);
  }
  const call = Object.hasOwn(callWords, word) ? callWords[word] : undefined;
  if (call === undefined) return undefined;
  if (statementStart(p, row) === row - 1) return spelling(at, row - 1, row - 1, `\`${word}\` is a function`, `write ${call}`);
  if (/^(typeof|sizeof)$/.test(word)) return spelling(at, row - 1, row - 1, `\`${word}\` is no operator`, `write ${call}`);
  return undefined;
}

/** `(x i64) => x + 1`, at what is no expression between the parentheses: what is said of the arrow, where it would be said next. */
function amongParameters(at: Place): ForeignSpelling | undefined {
  const { p, row } = at;
  const around = bracketAround(p, row);
  const arrow = around < 0 || p.kindAt(around) !== T["("] || p.valueAt(around) < row ? -1 : p.valueAt(around) + 1;
  if (arrow < 0 || p.kindAt(arrow) !== T["=>"]) return undefined;
  return spelling(at, arrow, arrow, "`(x) => …` is not written here", "a closure is written |x| x + 1, or with types |x i64| x + 1");
}

/** What stands around the token at hand, if it is another language's form. `words`: what is said of words that other languages have. */
export function foreignForm(p: Parser, words: Readonly<Record<string, string>>): ForeignSpelling | undefined {
  const row = p.index;
  const at: Place = { p, row, kind: p.kind, before: row > 0 ? p.kindAt(row - 1) : T.EndOfFile, next: p.kindAt(row + 1), sameLine: !p.onNewLine(), words };
  return (forms[p.kind] ?? behind)(at) ?? amongParameters(at);
}
