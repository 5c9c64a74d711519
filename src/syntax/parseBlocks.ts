/** Blocks and what is made of them: if, match, loops. */

import type { NameId } from "../source/interner.ts";
import { BinaryOperator, Kind, type Node } from "./ast.ts";
import { parseChain, type ChainForm } from "./parseChain.ts";
import { parseExpression, parseExpressionOrAssignment, refuseAssignment } from "./parseExpressions.ts";
import { parsePattern } from "./parsePatterns.ts";
import { declarationFollows, parseStatement, recoverStatement } from "./parseStatements.ts";
import { Head, type HeadKind, type Parser } from "./parserState.ts";
import { T, continues } from "./token.ts";

/** Whether the token begins a loop. */
export function isLoop(kind: number): boolean {
  return kind === T.loop || kind === T.while || kind === T.for;
}

/** `{ statements result }`. `what` names it as a part of what stands before, for messages; a block by itself has none. */
export function parseBlock(p: Parser, what = ""): Node {
  const { ast } = p;
  const start = p.start();
  const open = p.index;
  if (p.kind !== T["{"]) {
    p.unexpected("E0135", `\`{\` and ${what}`, `the body stands in braces: { … }`);
    return p.missing();
  }
  if (what !== "" && p.breaks()) p.slip("E0135", start, p.end(), "this `{` stands on a line of its own, where the statement above has ended", "put `{` at the end of the line above");
  p.advance();
  const head = p.head;
  p.head = Head.none;
  const from = p.stackCount;
  let result = 0;
  if (p.enter()) {
    while (p.kind !== T["}"] && p.kind !== T.EndOfFile) {
      if (p.unclosedBefore(open) && declarationFollows(p)) break;
      if (p.take(T[";"])) continue;
      const row = p.index;
      const statement = parseStatement(p);
      if (p.panicking) recoverStatement(p, row);
      if (p.kind === T["}"] && isResult(p, statement)) result = statement;
      else if (statement !== 0) p.push(statement);
    }
  }
  p.leave();
  p.head = head;
  p.close(T["}"], open, "");
  const list = p.list(from);
  return ast.add(Kind.Block, 0, start, p.lastEnd, list, result, 0, 0);
}

/** `parseStatement` wraps an expression unless it is a block's last and no `;` follows: that one is the block's value. */
function isResult(p: Parser, statement: Node): boolean {
  const kind = p.ast.kind[statement] as number;
  return kind !== Kind.None && kind < Kind.PointerType && kind !== Kind.Assign;
}

/** The expression in the head of an if, match, while or for: up to the `{` of its block. */
function parseHead(p: Parser, kind: HeadKind = Head.plain, what = ""): Node {
  if (p.kind === T["{"] && what !== "" && isHeadMissing(p, what)) return p.missing();
  const head = p.head;
  p.head = kind;
  // Heads may nest without brackets: `match match a { … } { … }`.
  const node = p.enter() ? parseExpression(p) : p.missing();
  p.leave();
  p.head = head;
  return node;
}

/** `match { … }`, `if { … }`: the block is not the head, for what stands behind it is not the block that a head needs. */
function isHeadMissing(p: Parser, what: string): boolean {
  const close = p.value();
  if (close <= p.index) return false;
  const next = p.kindAt(close + 1);
  const isLast = next === T["}"] || next === T[")"] || next === T["]"] || next === T[","] || next === T[";"] || next === T.else || next === T.EndOfFile;
  if (!isLast && !(p.newlineAt(close + 1) && continues[next] === 0 && next !== T["{"])) return false;
  p.slip("E0121", p.start(), p.end(), `${what} is missing`, "write it before the `{`");
  return true;
}

/** A condition: an expression, `let pattern = expression`, or several of them joined by `&&`. */
function parseCondition(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  let bindsNames = p.kind === T.let;
  let node = bindsNames ? parseLetCondition(p) : parseHead(p, Head.condition, "the condition");
  while (p.kind === T["&&"] && !p.breaks() && !p.panicking) {
    // `a || b && let` would read as if the pattern stood under the `||`.
    if (!bindsNames && ast.kind[node] === Kind.Binary && ast.operator(node) === BinaryOperator.LogicalOr) refuseEither(p, start, p.lastEnd);
    bindsNames = true;
    p.advance();
    const next = p.kind === T.let ? parseLetCondition(p) : parseHead(p, Head.letValue);
    node = ast.add(Kind.Binary, 0, start, p.lastEnd, node, next, BinaryOperator.LogicalAnd, 0);
  }
  if (bindsNames && p.kind === T["||"] && !p.breaks()) {
    refuseEither(p, p.start(), p.end());
    p.advance();
    parseHead(p);
  }
  if (!bindsNames) refuseAssignment(p, node);
  if (p.kind === T[":"] && p.peek(1) === T["="] && !p.panicking) passDeclaration(p);
  return node;
}

/** Reports `if x := f(); x > 0 {`, and goes on at the block. */
function passDeclaration(p: Parser): void {
  p.error("E0137", p.start(), p.tokens.end[p.index + 1] as number, "`:=` is not written here", ["declare the variable in a statement before this one: let x = …"]);
  while (p.kind !== T["{"] && p.kind !== T["}"] && p.kind !== T.EndOfFile && !p.onNewLine()) p.skip();
  p.panicking = p.kind !== T["{"];
}

function refuseEither(p: Parser, start: number, end: number): void {
  p.slip("E0137", start, end, "`||` does not join conditions with `let`", "put it in parentheses if it belongs to one of the values, or nest the ifs");
}

/** `let pattern = expression`, up to `&&`, `||` or `{`. */
function parseLetCondition(p: Parser): Node {
  const start = p.start();
  p.advance();
  const pattern = parsePattern(p);
  p.expect(T["="]);
  const value = parseHead(p, Head.letValue);
  return p.ast.add(Kind.LetCondition, 0, start, p.lastEnd, pattern, value, 0, 0);
}

const ifChain: ChainForm = {
  condition: (p) => {
    p.advance();
    return parseCondition(p);
  },
  then: (p) => parseBlock(p, "what is done if the condition holds"),
  otherwise: (p) => parseBlock(p, "what is done otherwise"),
  directive: false,
  link: (p, start, end, condition, then, rest) => p.ast.add(Kind.If, 0, start, end, condition, then, rest, 0),
  asRest: (_, link) => link,
};

/** A chain of `if … else if … else …`. */
export function parseIf(p: Parser): Node {
  return parseChain(p, ifChain);
}

/** `match value { pattern if guard => body … }`. */
export function parseMatch(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  p.advance();
  const scrutinee = parseHead(p, Head.plain, "the value that is matched");
  refuseAssignment(p, scrutinee);
  const head = p.head;
  p.head = Head.none;
  const open = p.index;
  const from = p.stackCount;
  if (p.kind === T["{"]) {
    if (p.breaks()) p.slip("E0135", p.start(), p.end(), "this `{` stands on a line of its own, where the statement above has ended", "put `{` at the end of the line above");
    p.advance();
    if (p.enter()) {
      while (p.kind !== T["}"] && p.kind !== T.EndOfFile) {
        if (p.unclosedBefore(open) && declarationFollows(p)) break;
        const row = p.index;
        p.push(parseArm(p));
        if (p.panicking) recoverArm(p, row);
        if (p.kind === T["}"] || p.take(T[","]) || p.onNewLine()) continue;
        if (p.kind === T[";"] && !p.panicking) {
          const isStatement = p.peek(1) !== T["}"] && !p.newlineAt(p.index + 1) && !isArmAhead(p, p.index + 1);
          p.slip("E0137", p.start(), p.end(), "no `;` stands behind an arm", isStatement ? "several statements of an arm stand in braces: pattern => { …; … }" : "separate the arms by commas or new lines");
          p.advance();
          while (isStatement && p.kind !== T["}"] && p.kind !== T.EndOfFile && !p.onNewLine()) p.skip();
          continue;
        }
        p.unexpected("E0120", "`,`, a new line or `}` behind an arm", "separate the arms by commas or new lines");
        recoverArm(p, p.index);
      }
    }
    p.leave();
    p.close(T["}"], open, "");
  } else passArms(p);
  p.head = head;
  const list = p.list(from);
  return ast.add(Kind.Match, 0, start, p.lastEnd, scrutinee, list, 0, 0);
}

/** Reports that the `{` of a match is missing, and passes over its arms, whose `}` tells where they end: it has no partner. */
function passArms(p: Parser): void {
  let line = p.index - 1;
  while (line > 0 && !p.newlineAt(line)) line--;
  const end = p.panicking ? -1 : p.lostOpening(p.startAt(line));
  p.unexpected("E0135", "`{` and the arms of the match");
  while (p.kind !== T.EndOfFile && p.start() < end) p.skip();
}

function parseArm(p: Parser): Node {
  const start = p.start();
  const pattern = parsePattern(p);
  let guard = 0;
  if (!p.panicking && p.take(T.if)) guard = parseExpression(p);
  if (p.kind === T["-"] && p.peek(1) === T[">"] && p.adjacent(1)) {
    p.slip("E0137", p.start(), p.tokens.end[p.index + 1] as number, "`->` is not written here", "an arm is written `pattern => value`");
    p.advance();
    p.advance();
  } else p.expect(T["=>"], p.kind === T[","] ? "alternatives are joined by `|`: 0 | 1 => …" : "an arm is written `pattern => value`");
  const body = p.panicking ? p.missing() : parseExpressionOrAssignment(p);
  return p.ast.add(Kind.Arm, 0, start, Math.max(start, p.lastEnd), pattern, guard, body, 0);
}

/** After a mistake in the arm that began at row `row`, goes on at the next: behind a comma, on a new line, or at the match's end. */
function recoverArm(p: Parser, row: number): void {
  if (p.index === row && p.kind !== T["}"] && p.kind !== T[","]) p.skip();
  while (!(p.kind === T["}"] || p.kind === T[","] || p.kind === T.EndOfFile || (p.breaks() && isArmAhead(p, p.index)))) p.skip();
  p.panicking = false;
}

/** Behind row `from` stands `=>` on its line; else it is a statement, perhaps of an arm whose head could not be read. */
function isArmAhead(p: Parser, from: number): boolean {
  for (let at = from; at === from || !p.newlineAt(at); at++) {
    const kind = p.kindAt(at);
    if (kind === T["=>"]) return true;
    if (kind === T.EndOfFile || kind === T["}"]) return false;
    if ((kind === T["{"] || kind === T["("] || kind === T["["]) && p.valueAt(at) > at) at = p.valueAt(at);
  }
  return false;
}

/** `loop { }`, `while c { }`, `for x in xs { }`, with a label perhaps. */
export function parseLoop(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  let label = 0;
  if (p.kind === T.Name) {
    label = p.value();
    p.advance();
    p.advance();
    p.labels.push(label as NameId);
  }
  const kind = p.kind;
  p.advance();
  let node: Node;
  if (kind === T.loop) {
    const body = parseBlock(p, "the loop's body");
    node = ast.add(Kind.Loop, 0, start, p.lastEnd, body, label, 0, 0);
  } else if (kind === T.while) {
    const condition = parseCondition(p);
    const body = parseBlock(p, "the loop's body");
    node = ast.add(Kind.While, 0, start, p.lastEnd, condition, body, label, 0);
  } else {
    const isForeign = !p.panicking && refuseForHead(p);
    // The body is read all the same.
    if (isForeign) {
      while (p.kind !== T["{"] && p.kind !== T["}"] && p.kind !== T.EndOfFile && !p.onNewLine()) p.skip();
      p.panicking = p.kind !== T["{"];
      const body = parseBlock(p, "the loop's body");
      if (label !== 0) p.labels.pop();
      return ast.add(Kind.For, 0, start, p.lastEnd, p.missing(), p.missing(), body, label);
    }
    const pattern = p.panicking ? p.missing() : parsePattern(p);
    if (!p.panicking) p.expect(T.in, p.kind === T[","] ? "what an item is made of stands in parentheses: for (i, x) in xs.iter().enumerate() { }, and of a map for (key, value) in &map { }" : isComparison(p.kind) ? "a loop with a condition is written `while c { }`" : p.kind === T["{"] ? "write `for x in xs { }`; a loop with a condition is written `while c { }`" : "write `for x in xs { }`");
    const iterable = p.panicking ? p.missing() : parseHead(p, Head.plain, "what the loop goes over");
    const body = parseBlock(p, "the loop's body");
    node = ast.add(Kind.For, 0, start, p.lastEnd, pattern, iterable, body, label);
  }
  if (label !== 0) p.labels.pop();
  return node;
}

function isComparison(kind: number): boolean {
  return kind === T["<"] || kind === T["<="] || kind === T[">"] || kind === T[">="] || kind === T["=="] || kind === T["!="];
}

/** Reports the head of a `for` as other languages write it: `(let i = 0; …`, `i := 0; …`, `i := range xs`, `(const x of xs)`. */
function refuseForHead(p: Parser): boolean {
  let row = p.kind === T["("] ? p.index + 1 : p.index;
  const declares = p.kindAt(row) === T.let || p.kindAt(row) === T.var || p.kindAt(row) === T.const;
  if (declares) row++;
  // `int i = 0` in other languages
  if (p.kindAt(row) === T.Name && p.kindAt(row + 1) === T.Name && p.kindAt(row + 2) === T["="]) row++;
  const isName = p.kindAt(row) === T.Name;
  if (isName && p.kindAt(row + 1) === T["="]) {
    p.error("E0137", p.startAt(row + 1), p.tokens.end[row + 1] as number, "a loop with a counter is not written so", ["write `for i in 0..n { }`"]);
  } else if (isName && p.kindAt(row + 1) === T[":"] && p.kindAt(row + 2) === T["="]) {
    const ranges = p.kindAt(row + 3) === T.Name && p.names.name(p.valueAt(row + 3) as NameId) === "range";
    p.error("E0137", p.startAt(row + 1), p.tokens.end[row + 2] as number, ranges ? "`:= range` is not written here" : "a loop with a counter is not written so", [ranges ? "write `for x in xs { }`" : "write `for i in 0..n { }`"]);
  } else if (isName && p.kindAt(row + 1) === T[","] && p.kindAt(row + 2) === T.Name && p.kindAt(row + 3) === T[":"] && p.kindAt(row + 4) === T["="]) {
    const ignores = p.names.name(p.valueAt(row) as NameId) === "_";
    p.error("E0137", p.startAt(row + 3), p.tokens.end[row + 4] as number, "`:= range` is not written here", [ignores ? "write `for x in xs { }`" : "write `for (i, x) in xs.iter().enumerate() { }`, and for a map `for (key, value) in &map { }`"]);
  } else if (declares) p.error("E0137", p.startAt(row - 1), p.tokens.end[row - 1] as number, "the variable of a loop is not declared", ["write `for x in xs { }`"]);
  else return false;
  return true;
}
