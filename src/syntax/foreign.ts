/** How other languages write it: looked at only where a mistake is to be reported anyway. */

import { foreignForm, typeWords, wordAt } from "./foreignForms.ts";
import type { Parser } from "./parserState.ts";
import { T } from "./token.ts";

export interface ForeignSpelling {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly advice: readonly string[];
}

/** Words that other languages have where this one has something else; they are ordinary names here. */
const words: Readonly<Record<string, string>> = {
  fn: "a function is declared with `func`: func add(a i64, b i64) i64 { a + b }",
  def: "a function is declared with `func`, and its body stands in braces",
  fun: "a function is declared with `func`",
  function: "a function is declared with `func`; within a function, write a closure: |x| x + 1",
  proc: "a function is declared with `func`",
  and: "write `&&`",
  or: "write `||`",
  not: "write `!`",
  elif: "write `else if`",
  elsif: "write `else if`",
  elseif: "write `else if`",
  switch: "write `match value { pattern => …, _ => … }`",
  case: "the arms of a `match` are written `pattern => value`",
  class: "declare a `struct`, and its methods in an `impl`",
  interface: "declare a `trait`",
  use: 'another file is imported by its path: import "std/json"',
  using: 'another file is imported by its path: import "std/json"',
  mod: 'every file is a module: import "shapes.lang"',
  module: 'every file is a module: import "shapes.lang"',
  package: "every file is a module; it has no declaration of its name",
  from: 'another file is imported by its path: import "std/json"',
  require: 'another file is imported by its path: import "std/json"',
  static: "a global is declared with `var`, a constant with `const`",
  global: "a global is declared with `var` outside functions",
  val: "write `let`",
  auto: "write `let`",
  typedef: "write `type Name = Type`",
  union: "declare an `enum`: its variants carry values",
  try: "a function that can fail gives a Result: hand an error on with `?`",
  catch: "a function that can fail gives a Result: look at it with `match`, or give a value instead with `??`",
  throw: "a function that can fail gives a Result: write `return Err(e)`",
  raise: "a function that can fail gives a Result: write `return Err(e)`",
  foreach: "write `for x in xs { }`",
  until: "write `while !condition { }`",
  unless: "write `if !condition { }`",
  do: "write `loop { … if done { break } }`",
  then: "the body of an `if` stands in braces",
  where: "bounds stand with the type parameters: func max[T: Ord](a T, b T) T",
  async: "there are no async functions: an ordinary `func` waits for what it does",
  await: "there are no async functions: a call gives its result when it is done",
  go: "there are no threads yet",
  chan: "there are no channels yet",
  select: "there are no channels yet",
  when: "a guard stands behind `if`: n if n > 3 => …",
  orelse: "write `??`",
  guard: "write `let Some(y) = x else { return }`",
  is: "write `==`, or look with `match` and `if let`",
  of: "write `for x in xs { }`",
  delete: "a value is dropped at the end of its block; a collection has `remove`",
  del: "a value is dropped at the end of its block; a collection has `remove`",
  extends: "structs do not inherit: hold the other as a field, or share a `trait`",
  implements: "write `impl Trait for Type { … }`",
  constexpr: "a constant is declared with `const`",
  goto: "there are no jumps to labels but `break` and `continue` of a loop",
  yield: "write an Iterator: a struct with `func next(&mut self) ?T`",
  unsafe: "there are no unsafe blocks; raw pointers may be used anywhere",
  int: "the usual integer type is i64, and the type stands behind the name: let n i64 = 1",
  new: "write the struct with its fields, Point { x: 1.0, y: 2.0 }, or call a function that makes one: List.new()",
  lambda: "a closure is written |x| x + 1",
  public: "write `pub`",
  private: "what is not marked `pub` is private",
  protected: "what is not marked `pub` is private",
  void: "a function is declared with `func`; one without a result names none",
  end: "a block ends with `}`",
  begin: "a block starts with `{`",
};

function startsStatement(p: Parser, row: number): boolean {
  const before = p.kindAt(row - 1);
  return p.newlineAt(row) || before === T["{"] || before === T[";"];
}

/** Whether a name before the operator at `row` is the first of an argument: `map(x -> x + 1)`. */
function isWithinCall(p: Parser, row: number): boolean {
  const before = p.kindAt(row - 2);
  return p.kindAt(row - 1) === T.Name && (before === T["("] || before === T[","]);
}

/** `p->x` without a space, where what follows does not begin with the name before it, as the body of a closure does: `map(x->x+1)`. */
function isFieldArrow(p: Parser, row: number): boolean {
  const { start, end } = p.tokens;
  if (p.kindAt(row - 1) !== T.Name || p.kindAt(row + 2) !== T.Name || p.valueAt(row - 1) === p.valueAt(row + 2)) return false;
  return start[row] === end[row - 1] && start[row + 2] === end[row + 1];
}

/** What stands around the token at hand, if it is another language's spelling. */
export function foreignSpelling(p: Parser): ForeignSpelling | undefined {
  const at = (distance: number, length: number, message: string, advice: string): ForeignSpelling => {
    const row = p.index + distance;
    const last = row + length - 1;
    return { start: p.startAt(row), end: p.tokens.end[last] as number, message, advice: [advice] };
  };
  const form = foreignForm(p, words);
  if (form !== undefined) return form;
  // Pairs of operators, seen from their first or their second token.
  for (const back of [0, -1, -2]) {
    const row = p.index + back;
    if (row < 0 || p.tokens.start[row + 1] !== p.tokens.end[row]) continue;
    if (back === -2 && p.kindAt(row) !== p.kindAt(row + 1)) continue;
    const pair = p.kindAt(row) * 256 + p.kindAt(row + 1);
    const say = (spelling: string, advice: string): ForeignSpelling => at(back, 2, `\`${spelling}\` is not written here`, advice);
    switch (pair) {
      case T["-"] * 256 + T[">"]: return isFieldArrow(p, row) ? say("->", "a field is reached with `.`, also through a reference or pointer: p.x") : isWithinCall(p, row) ? say("->", "a closure is written |x| x + 1") : say("->", "a function's result follows its parameters directly: func f(x i64) i64; a field is reached with `.`");
      case T[":"] * 256 + T[":"]: return p.kindAt(row + 2) === T["<"] ? say("::<", "type arguments stand in brackets: parse[i64]()") : say("::", "the parts of a path are joined by `.`: Shape.Circle");
      case T["+"] * 256 + T["+"]: return say("++", "write `+= 1`");
      case T["-"] * 256 + T["-"]: return say("--", "write `-= 1`");
      case T["=="] * 256 + T["="]: return say("===", "write `==`");
      case T["!="] * 256 + T["="]: return say("!==", "write `!=`");
      case T["&&"] * 256 + T["="]: return say("&&=", "write `a = a && b`");
      case T["||"] * 256 + T["="]: return say("||=", "write `a = a || b`");
      case T["??"] * 256 + T["="]: return say("??=", "write `a = a ?? b`");
      case T[":"] * 256 + T["="]: return say(":=", "a variable is declared with `let x = …`, or `var x = …` if it changes");
      case T["*"] * 256 + T["*"]: return say("**", "there is no operator for powers");
      case T["/"] * 256 + T["/"]: return say("//", "`/` on integers gives an integer");
      case T["<"] * 256 + T["-"]: return say("<-", "there are no channels yet");
      case T[">>"] * 256 + T[">"]: return say(">>>", "`>>` on an unsigned type brings in zeros");
      case T["<"] * 256 + T[">"]: return say("<>", "write `!=`");
    }
  }
  if (p.kind === T.func && p.index > 0 && !p.onNewLine() && p.kindAt(p.index - 1) === T.defer) return at(0, 1, "what is deferred is no function", "write `defer { … }`");
  if (p.kind === T.func && p.index > 0 && !p.onNewLine()) return at(0, 1, "a function within an expression is not written so", "a closure is written |x i64| x + 1");
  if (p.kind === T.Name && !p.onNewLine() && typeWords.has(wordAt(p, p.index - 1)) && startsStatement(p, p.index - 1)) return at(-1, 2, "no type stands before a variable's name", "a variable is declared with `let` or `var`, and its type stands behind the name: let n i64 = 1");
  const previous = p.index > 0 ? p.kindAt(p.index - 1) : T.EndOfFile;
  if (p.kind === T.mut && (previous === T.let || previous === T.var)) return at(0, 1, "`let mut` is not written here", "a variable that changes is declared with `var`");
  if (p.kind === T["=>"] && previous === T.Name) return at(-1, 2, "`x => …` is not written here", "a closure is written |x| x + 1");
  if (p.kind === T["=>"] && previous === T[")"]) return at(0, 1, "`(x) => …` is not written here", "a closure is written |x| x + 1");
  if (previous === T["?"] && !p.onNewLine()) {
    for (let row = p.index; row < p.index + 20 && !p.newlineAt(row); row++) {
      if (p.kindAt(row) === T[":"]) return at(-1, 1, "`c ? a : b` is not written here", "write `if c { a } else { b }`");
    }
  }
  if (p.kind === T.Character && wordAt(p, p.index - 1) === "u") return at(-1, 2, "there are no prefixed characters but b'…'", "write 'x'");
  // A word that begins the statement says more than one behind it: `throw new Error`.
  const first = p.index > 0 && !p.onNewLine() && startsStatement(p, p.index - 1) ? [-1, 0] : [0, -1];
  for (const back of first) {
    const word = wordAt(p, p.index + back);
    const advice = Object.hasOwn(words, word) ? words[word] : undefined;
    // A word at hand is foreign where a name cannot be; the one before only if it stands on the same line.
    if (advice === undefined || (back !== 0 && p.onNewLine())) continue;
    const isType = word === "fn" && p.kindAt(p.index + back + 1) === T["("];
    return at(back, 1, `\`${word}\` is not a word of this language`, isType ? "a function's type is written func(i64) i64" : advice);
  }
  return undefined;
}
