/** Patterns: section 6 of the reference. */

import { Names, type NameId } from "../source/interner.ts";
import { Flag, Kind, UnaryOperator, type List, type Node } from "./ast.ts";
import { parsePrimary } from "./parsePostfix.ts";
import type { Parser } from "./parserState.ts";
import { T, firstKeyword } from "./token.ts";

/** A pattern with its alternatives, `A | B`. */
export function parsePattern(p: Parser): Node {
  const first = parsePatternWithoutAlternatives(p);
  if (p.kind !== T["|"] || p.breaks()) return first;
  const from = p.stackCount;
  p.push(first);
  while (p.kind === T["|"] && !p.breaks()) {
    p.advance();
    p.push(parsePatternWithoutAlternatives(p));
  }
  const start = p.ast.start[first] as number;
  const list = p.list(from);
  return p.ast.add(Kind.OrPattern, 0, start, p.lastEnd, list, 0, 0, 0);
}

/** A pattern in which `|` has no meaning: a closure's parameter. */
export function parsePatternWithoutAlternatives(p: Parser): Node {
  if (!p.enter()) {
    p.leave();
    return p.missing();
  }
  const node = parseHere(p);
  p.leave();
  return node;
}

/** Whether a bare name in a pattern is a variant or a constant, and does not bind: it starts with a capital letter. */
export function isCapitalised(p: Parser, name: NameId): boolean {
  const first = p.names.firstByte(name);
  if (first < 0x80) return first >= 0x41 && first <= 0x5a;
  return /^\p{Lu}/u.test(p.names.name(name));
}

function parseHere(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  switch (p.kind) {
    case T.Name:
      return parseNamed(p);
    case T.Integer: case T.Float: case T.String: case T.Character: case T.Byte: case T.true: case T.false: case T.nil: case T["-"]: {
      const literal = parseEnd(p);
      return parseRangeRest(p, start, literal) ?? ast.add(Kind.LiteralPattern, 0, start, p.lastEnd, literal, 0, 0, 0);
    }
    case T[".."]:
      if (startsEnd(p.peek(1))) return parseRangeRest(p, start, 0) as Node;
      p.advance();
      return ast.add(Kind.RestPattern, 0, start, p.lastEnd, 0, 0, 0, 0);
    case T["..="]:
      return parseRangeRest(p, start, 0) as Node;
    case T["("]: {
      const open = p.index;
      p.advance();
      const from = p.stackCount;
      const trailing = parsePatternList(p, T[")"]);
      p.close(T[")"], open);
      // `(p)` is `p`.
      if (p.stackCount === from + 1 && !trailing && ast.kind[p.stack[from] as number] !== Kind.RestPattern) return p.stack[--p.stackCount] as Node;
      const list = p.list(from);
      return ast.add(Kind.TuplePattern, 0, start, p.lastEnd, list, 0, 0, 0);
    }
    case T["["]: {
      const open = p.index;
      p.advance();
      const from = p.stackCount;
      parsePatternList(p, T["]"]);
      p.close(T["]"], open);
      const list = p.list(from);
      return ast.add(Kind.SlicePattern, 0, start, p.lastEnd, list, 0, 0, 0);
    }
    case T["&"]:
      p.slip("E0137", start, p.end(), "references are not written in patterns", "leave `&` out: matching through a reference binds the parts as references");
      p.advance();
      return parsePatternWithoutAlternatives(p);
    case T.else:
      p.slip("E0123", start, p.end(), "`else` is no pattern", "what matches everything is written `_ => …`");
      p.advance();
      return ast.add(Kind.WildcardPattern, 0, start, p.lastEnd, 0, 0, 0, 0);
    case T.mut:
    case T.var:
      p.unexpected("E0123", "a pattern", "names bound by a pattern do not change: assign to a `var` of your own");
      return p.missing();
    case T["."]:
      p.slip("E0123", start, p.end(), "a variant in a pattern has no dot before it", "write `Circle(r)` or `Shape.Circle(r)`");
      p.advance();
      return p.kind === T.Name ? parseNamed(p) : p.missing();
  }
  if (p.kind >= firstKeyword && p.kind < T["("] && !p.onNewLine()) {
    const name = p.expectName("a variable's name");
    return ast.add(Kind.BindingPattern, 0, start, p.lastEnd, name, 0, 0, 0);
  }
  const isEndless = p.kind === T["{"] && p.kindAt(p.index - 1) === T.for;
  p.unexpected("E0123", "a pattern", ...(isEndless ? ["a loop without an end is written `loop { }`"] : []));
  return p.missing();
}

/** Patterns up to `close`, onto the stack; whether a comma stands behind the last. */
function parsePatternList(p: Parser, close: number): boolean {
  let trailing = false;
  while (p.kind !== close && p.kind !== T.EndOfFile) {
    p.push(parsePattern(p));
    trailing = p.take(T[","]);
    if (!trailing) break;
  }
  return trailing;
}

/** Starts with a name: a wildcard, a binding, a path, a variant or a struct. */
function parseNamed(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const name = p.value() as NameId;
  if (p.peek(1) !== T["."] && !isCapitalised(p, name)) {
    p.advance();
    if (name === Names._) return ast.add(Kind.WildcardPattern, 0, start, p.lastEnd, 0, 0, 0, 0);
    const subpattern = p.take(T["@"]) ? parsePatternWithoutAlternatives(p) : 0;
    return ast.add(Kind.BindingPattern, 0, start, p.lastEnd, name, subpattern, 0, 0);
  }
  const path = parsePath(p);
  if (p.kind === T["("] && !p.breaks()) {
    const open = p.index;
    p.advance();
    const from = p.stackCount;
    parsePatternList(p, T[")"]);
    p.close(T[")"], open);
    const list = p.list(from);
    return ast.add(Kind.VariantPattern, 0, start, p.lastEnd, path, list, 0, 0);
  }
  if (p.kind === T["{"] && !p.breaks()) return parseStructPattern(p, start, path);
  if (p.kind === T["@"]) {
    p.slip("E0123", start, p.lastEnd, "a name that is bound starts with a small letter", "a capitalised name in a pattern is a variant or a constant");
    p.advance();
    return parsePatternWithoutAlternatives(p);
  }
  return parseRangeRest(p, start, path) ?? ast.add(Kind.PathPattern, 0, start, p.lastEnd, path, 0, 0, 0);
}

function parsePath(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  let node = ast.add(Kind.Name, 0, start, p.end(), p.value(), 0, 0, 0);
  p.advance();
  while (p.kind === T["."]) {
    p.advance();
    const name = p.expectName("the name of a variant or constant");
    node = ast.add(Kind.Field, 0, start, p.lastEnd, node, name, 0, 0);
  }
  return node;
}

function parseStructPattern(p: Parser, start: number, path: Node): Node {
  const { ast } = p;
  const open = p.index;
  p.advance();
  const from = p.stackCount;
  let flags = 0;
  while (p.kind !== T["}"] && p.kind !== T.EndOfFile) {
    if (p.take(T[".."])) {
      flags = Flag.rest;
      p.take(T[","]);
      break;
    }
    const fieldStart = p.start();
    const name = p.expectName("the name of a field");
    if (name === 0) break;
    // The shorthand `x` stands for `x: x`.
    const pattern = p.take(T[":"]) ? parsePattern(p) : ast.add(Kind.BindingPattern, 0, fieldStart, p.lastEnd, name, 0, 0, 0);
    p.push(ast.add(Kind.FieldPattern, 0, fieldStart, p.lastEnd, name, pattern, 0, 0));
    if (!p.take(T[","]) && !p.breaks()) break;
  }
  p.close(T["}"], open, flags !== 0 ? "" : "`,`, a new line or ");
  const list: List = p.list(from);
  return ast.add(Kind.StructPattern, flags, start, p.lastEnd, path, list, 0, 0);
}

function startsEnd(kind: number): boolean {
  return kind === T.Integer || kind === T.Float || kind === T.Character || kind === T.Byte || kind === T["-"] || kind === T.Name;
}

/** An end of a range: a literal, a negative number, or the path of a constant. */
function parseEnd(p: Parser): Node {
  if (p.kind === T.Name) return parsePath(p);
  if (p.kind !== T["-"]) return parsePrimary(p);
  const start = p.start();
  p.advance();
  if (p.kind !== T.Integer && p.kind !== T.Float) {
    p.unexpected("E0123", "a number");
    return p.missing();
  }
  const number = parsePrimary(p);
  return p.ast.add(Kind.Unary, 0, start, p.lastEnd, number, UnaryOperator.Negate, 0, 0);
}

/** `..end`, `..=end` or `..` behind `from` (which may be 0); undefined if none stands here. */
function parseRangeRest(p: Parser, start: number, from: number): Node | undefined {
  if ((p.kind !== T[".."] && p.kind !== T["..="]) || p.breaks()) return undefined;
  const inclusive = p.kind === T["..="];
  p.advance();
  const to = startsEnd(p.kind) && !p.breaks() ? parseEnd(p) : 0;
  if (inclusive && to === 0) p.slip("E0123", p.lastEnd - 3, p.lastEnd, "an inclusive range has an end", "write `1..=9`");
  return p.ast.add(Kind.RangePattern, inclusive ? Flag.inclusive : 0, start, p.lastEnd, from, to, 0, 0);
}
