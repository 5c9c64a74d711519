/** Forms of other languages that are more than a word or an operator: looked at only where a mistake is to be reported anyway. */

import type { NameId } from "../source/interner.ts";
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

export function wordAt(p: Parser, row: number): string {
  return row >= 0 && p.kindAt(row) === T.Name ? p.names.name(p.valueAt(row) as NameId) : "";
}

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

/** What stands around the token at hand, if it is another language's form. `words`: what is said of words that other languages have. */
export function foreignForm(p: Parser, words: Readonly<Record<string, string>>): ForeignSpelling | undefined {
  const row = p.index;
  const from = (start: number, last: number, message: string, ...advice: string[]): ForeignSpelling => ({ start: p.startAt(start), end: p.tokens.end[last] as number, message, advice });
  const here = (message: string, ...advice: string[]): ForeignSpelling => from(row, row, message, ...advice);
  const before = row > 0 ? p.kindAt(row - 1) : T.EndOfFile;
  const next = p.kindAt(row + 1);
  const sameLine = !p.onNewLine();
  switch (p.kind) {
    case T["{"]: {
      if (!sameLine) return undefined;
      if (before === T[")"] && p.valueAt(row - 1) < row - 1) {
        // `switch (x) {`, `catch (e) {`
        const word = p.valueAt(row - 1) - 1;
        const advice = Object.hasOwn(words, wordAt(p, word)) ? words[wordAt(p, word)] : undefined;
        return advice === undefined ? undefined : from(word, word, `\`${wordAt(p, word)}\` is not a word of this language`, advice);
      }
      const word = wordAt(p, row - 1);
      if (!/^[A-Z]/.test(word) || next === T.Name) return undefined;
      return next === T["."] ? here("a field does not begin with a dot", `write ${word} { x: 1 }`) : here("the fields of a struct literal are named", `write ${word} { x: 1 }`);
    }
    case T[","]: {
      if (!sameLine) return undefined;
      if (before === T.Integer && next === T.Integer && isAdjacent(p, row) && isAdjacent(p, row + 1)) return from(row - 1, row + 1, "the digits of a number are not grouped by `,`", "write 1_000");
      const start = statementStart(p, row);
      const kind = p.kindAt(start);
      if (kind === T.return) return here("several values are returned as one tuple", "write `return (a, b)`");
      if (kind === T.let || kind === T.var) return here("names that are declared together stand in parentheses", `write \`${kind === T.let ? "let" : "var"} (a, b) = …\``);
      if (kind !== T.Name) return undefined;
      for (let at = row; !p.newlineAt(at) && p.kindAt(at) !== T.EndOfFile; at++) {
        if (p.kindAt(at) !== T["="]) continue;
        return p.kindAt(at - 1) === T[":"] ? from(at - 1, at, "`:=` is not written here", "several names are declared by `let (a, b) = (1, 2)`") : here("places that are assigned together stand in parentheses", "write `(a, b) = (b, a)`");
      }
      return undefined;
    }
    case T[":"]: {
      const around = bracketAround(p, row);
      if (around < 0 || ((next === T[":"] || next === T["="]) && isAdjacent(p, row + 1))) return undefined;
      if (p.kindAt(around) === T["["]) return here("a part is not cut out with `:`", "write xs[a..b]");
      const holder = p.kindAt(around - 1);
      if (p.kindAt(around) !== T["{"] || around !== row - 2 || !(holder === T["="] || holder === T["("] || holder === T[","] || holder === T["["] || holder === T.return)) return undefined;
      if (before === T.Name) return here("a struct literal begins with the name of its struct", "write Point { x: 1, y: 2 }");
      return here("there are no literals of maps", "write `var m Map[str, i64] = Map.new()`, and m.insert(key, value) for each");
    }
    case T["..."]:
      if (before === T.Integer || before === T.Character) return here("`...` is not written here", "a range with its end is written 0..=5, one without it 0..6");
      return here("`...` is not written here", "a list takes the items of another by `xs.extend(…)`, and a struct literal the rest of its fields by `..other`");
    case T["#"]:
      if (next === T.if && isAdjacent(p, row + 1)) return from(row, row + 1, "`#if` stands among declarations and statements only", "put it around the whole declaration");
      return here("`#` begins no comment", "a comment begins with //");
    case T.in:
      return sameLine ? here("`in` is not an operator", "write xs.contains(&x)") : undefined;
    case T.struct:
    case T.enum:
      return before === T["="] ? here("a type is not a value", `declare it: ${p.kind === T.struct ? "struct Point { x f64, y f64 }" : "enum Light { Red, Green }"}`) : undefined;
    case T["?"]:
    case T["!"]: {
      // `x i64?`, `func f() i64! {`, `func main() !void {`
      const suffix = typeWords.has(wordAt(p, row - 1)) && isAdjacent(p, row);
      const prefix = p.kind === T["!"] && before === T[")"] && next === T.Name;
      if (!suffix && !prefix) return undefined;
      if (p.kind === T["?"]) return here("`?` stands before the type", `write ?${wordAt(p, row - 1)}`);
      return here("`!` is no part of a type", "a function that can fail gives a Result: func f() Result[i64, str]");
    }
    case T["|"]:
      return before === T[")"] && sameLine ? here("a function's type is not written so", "write func(i64) i64") : undefined;
    case T["||"]:
      return before === T.Integer || before === T.Character || before === T.String ? here("alternatives of a pattern are not joined by `||`", "write `1 | 2 => …`") : undefined;
    case T.impl:
      return sameLine && row > 0 ? here("`impl Trait` is not a type", "a closure's type is func(i64) i64, and a value known by its trait is a Box[dyn Trait]") : undefined;
    case T.if:
      if (!sameLine || canEnd[before] === 0) return undefined;
      return comesOnLine(p, row, T.else) ? here("`a if c else b` is not written here", "write `if c { a } else { b }`") : here("what is done if a condition holds stands behind it", "write `if c { … }`");
    case T.for:
      return sameLine && canEnd[before] !== 0 ? here("a list is not made by `for` in brackets", "write (0..3).map(|x| x * 2).to_list()") : undefined;
    case T["-"]:
      // `-- a comment`
      if (next === T["-"] && isAdjacent(p, row + 1) && (row === 0 || p.onNewLine()) && p.kindAt(row + 2) === T.Name && p.kindAt(row + 3) === T.Name) return from(row, row + 1, "`--` begins no comment", "a comment begins with //");
      if (next === T[">"] && isAdjacent(p, row) && isAdjacent(p, row + 1) && isAdjacent(p, row + 2) && p.kindAt(row + 2) === T.Name) return from(row, row + 1, "`->` is not written here", "a field is reached with `.`, also through a reference or pointer: p.x");
      return undefined;
    case T["("]:
      return before === T.func && sameLine ? here("no receiver stands before a method's name", "write the method in an impl: impl Point { func len(&self) f64 { … } }") : undefined;
  }
  if (!sameLine) return undefined;
  // `(i32)x`
  if (before === T[")"] && p.kind !== T["=>"] && p.valueAt(row - 1) === row - 3 && typeWords.has(wordAt(p, row - 2))) return from(row - 3, row - 1, "a cast does not stand before its value", `write x as ${wordAt(p, row - 2)}`);
  if (before === T["]"] && p.kind === T.Name && isAdjacent(p, row)) {
    const opener = p.valueAt(row - 1);
    if (wordAt(p, opener - 1) === "map") return from(opener - 1, row, "a map's type is not written so", "write `var m Map[str, i64] = Map.new()`");
    if (wordAt(p, opener - 2) === "make") return from(opener - 2, opener - 2, "`make` makes nothing here", "a list is made by List[i64].new(), an array by [0; 3]");
    if (next === T["{"]) return from(opener, row, "the type does not stand before the elements of an array", "write [1, 2, 3]");
  }
  const call = Object.hasOwn(callWords, wordAt(p, row - 1)) ? callWords[wordAt(p, row - 1)] : undefined;
  if (call !== undefined && statementStart(p, row) === row - 1) return from(row - 1, row - 1, `\`${wordAt(p, row - 1)}\` is a function`, `write ${call}`);
  if (call !== undefined && /^(typeof|sizeof)$/.test(wordAt(p, row - 1))) return from(row - 1, row - 1, `\`${wordAt(p, row - 1)}\` is no operator`, `write ${call}`);
  return undefined;
}
