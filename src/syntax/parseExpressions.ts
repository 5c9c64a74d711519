/**
 * Expressions with operators: section 4 of the reference. Binary operators are climbed by precedence in a loop, so that a chain of any length takes
 * no stack; it becomes a tree that is deep on the left.
 */

import { BinaryOperator, Flag, Kind, UnaryOperator, type Node } from "./ast.ts";
import { Level, assignmentOf, followsOperand, operatorOf, plainOperator, precedence, prefixOperator, singleOperand } from "./operatorTables.ts";
import { parsePostfix, parsePrimary, parsePipeTarget } from "./parsePostfix.ts";
import { parseType } from "./parseTypes.ts";
import { Head, type Parser } from "./parserState.ts";
import { T, startsExpression } from "./token.ts";

/** An expression; what is none is reported and becomes an Error node. */
export function parseExpression(p: Parser): Node {
  return parseBinary(p, 1);
}

/** An expression or an assignment: a statement, the body of an arm or of a closure. */
export function parseExpressionOrAssignment(p: Parser): Node {
  return parseAssignmentRest(p, parseBinary(p, 1));
}

/** What may follow a place that was parsed already: `= value`. */
function parseAssignmentRest(p: Parser, place: Node): Node {
  const assignment = assignmentOf[p.kind] as number;
  if (assignment === 0 || p.breaks()) return place;
  const { ast } = p;
  if (p.peek(1) === T["="] && p.adjacent(1)) {
    p.unexpected("E0120", "an expression");
    return place;
  }
  p.advance();
  const value = parseBinary(p, 1);
  if (assignmentOf[p.kind] !== 0 && !p.breaks()) refuseAssignment(p, value);
  return ast.add(Kind.Assign, 0, ast.start[place] as number, p.lastEnd, place, value, assignment - 1, 0);
}

/** `Some(x)`: what is called has a capital. */
function isVariant(p: Parser, n: Node): boolean {
  const { ast } = p;
  return ast.kind[n] === Kind.Call && ast.kind[ast.callee(n)] === Kind.Name && /^\p{Lu}/u.test(p.names.name(ast.name(ast.callee(n))));
}

/** Reports an assignment where a value is needed, if one stands here, and passes over it. */
export function refuseAssignment(p: Parser, place: Node): void {
  if (assignmentOf[p.kind] === 0 || p.breaks()) return;
  const comparison = p.kind === T["="];
  const advice = !comparison ? "assign in a statement before this one" : isVariant(p, place) ? `a pattern stands behind \`let\`: if let ${p.names.name(p.ast.name(p.ast.callee(place)))}(x) = … { }` : "assign in a statement before this one, or write `==` to compare";
  p.slip("E0132", p.start(), p.end(), "an assignment has no value", advice);
  p.advance();
  parseBinary(p, 1);
}

/** Operators of at least level `minimum`. */
function parseBinary(p: Parser, minimum: number): Node {
  // Half of all operands stand alone.
  if (singleOperand[p.kind] !== 0 && followsOperand[p.peek(1)] === 0) return parsePrimary(p);
  const left = parseUnary(p);
  return (precedence[p.kind] as number) >= minimum && !p.breaks() ? parseBinaryRest(p, left, minimum) : left;
}

/** What may follow an operand that was parsed already. */
function parseBinaryRest(p: Parser, first: Node, minimum: number): Node {
  const { ast } = p;
  const start = ast.start[first] as number;
  let left = first;
  for (let links = 0; ; ) {
    const kind = p.kind;
    const level = precedence[kind] as number;
    if (level < minimum || level === 0 || p.breaks()) return left;
    if (plainOperator[kind] !== 0) {
      if (p.head >= Head.condition && endsCondition(p)) return left;
      p.advance();
      const right = parseBinary(p, level + 1);
      left = ast.add(Kind.Binary, 0, start, p.lastEnd, left, right, operatorOf[kind] as number, 0);
      continue;
    }
    if ((level === Level.cast || level === Level.pipe) && p.isTooLong(++links)) return left;
    switch (level) {
      case Level.cast: {
        p.advance();
        const type = parseType(p);
        left = ast.add(Kind.Cast, 0, start, p.lastEnd, left, type, 0, 0);
        break;
      }
      case Level.range:
        left = parseRange(p, start, left);
        if (precedence[p.kind] === Level.range && !p.breaks()) {
          p.slip("E0129", p.start(), p.end(), "ranges do not chain", "a range has two ends: a..b");
        }
        break;
      case Level.pipe: {
        p.advance();
        const target = parsePipeTarget(p);
        left = ast.add(Kind.Pipe, 0, start, p.lastEnd, left, target, 0, 0);
        while ((p.kind === T["?"] || p.kind === T["!"]) && !p.breaks()) {
          const kindOf = p.kind === T["?"] ? Kind.Try : Kind.Unwrap;
          if (p.isTooLong(++links)) return left;
          p.advance();
          left = ast.add(kindOf, 0, start, p.lastEnd, left, 0, 0, 0);
        }
        break;
      }
      case Level.coalesce: {
        // Right-associative, so that in `a ?? b ?? 0` each side of an operator has one type.
        p.advance();
        const right = p.enter() ? parseBinary(p, level) : p.missing();
        p.leave();
        left = ast.add(Kind.Binary, 0, start, p.lastEnd, left, right, BinaryOperator.Coalesce, 0);
        break;
      }
      case Level.comparison: {
        p.advance();
        const right = parseBinary(p, level + 1);
        left = ast.add(Kind.Binary, 0, start, p.lastEnd, left, right, operatorOf[kind] as number, 0);
        if (precedence[p.kind] === Level.comparison && !p.breaks()) {
          // `List<i64>.new()`: what follows reads as nonsense.
          if (kind === T["<"] && p.kind === T[">"]) p.error("E0128", p.start(), p.end(), "comparisons do not chain", ["type arguments stand in brackets: max[i64](a, b)"]);
          else p.slip("E0128", p.start(), p.end(), "comparisons do not chain", "write `a < b && b < c`");
        }
      }
    }
  }
}

/** The operator at hand joins conditions, not values: `&&` before a `let`, any `&&` and `||` behind one. */
function endsCondition(p: Parser): boolean {
  if (p.kind !== T["&&"] && p.kind !== T["||"]) return false;
  return p.head === Head.letValue || (p.kind === T["&&"] && p.peek(1) === T.let);
}

/** `..` or `..=` is at hand; `from` may be 0. */
function parseRange(p: Parser, start: number, from: number): Node {
  const inclusive = p.kind === T["..="];
  p.advance();
  if (p.kind === T["<"] && p.adjacent(0)) {
    p.slip("E0137", p.start() - 2, p.end(), "`..<` is not written here", "a range without its end is written 0..6, one with it 0..=5");
    p.advance();
  }
  const more = startsExpression[p.kind] !== 0 && !p.breaks() && p.kind !== T[".."] && p.kind !== T["..="] && !(p.kind === T["{"] && p.head);
  const to = more ? parseBinary(p, Level.range + 1) : 0;
  if (inclusive && to === 0) p.slip("E0121", p.lastEnd - 3, p.lastEnd, "an inclusive range has an end", "write `a..=b`, or `a..` for a range without end");
  return p.ast.add(Kind.Range, inclusive ? Flag.inclusive : 0, start, p.lastEnd, from, to, 0, 0);
}

function parseUnary(p: Parser): Node {
  const operator = prefixOperator[p.kind] as number;
  if (operator === 0) {
    const primary = parsePrimary(p);
    return parsePostfix(p, primary);
  }
  if (operator === UnaryOperator.Borrow) return parseBorrow(p);
  if (operator === 255) return parseRange(p, p.start(), 0);
  // A minus directly before an integer literal belongs to it.
  if (operator === UnaryOperator.Negate && p.peek(1) === T.Integer && p.adjacent(1)) {
    const start = p.start();
    p.advance();
    const number = parsePrimary(p);
    return parsePostfix(p, p.ast.add(Kind.Unary, 0, start, p.lastEnd, number, UnaryOperator.Negate, 0, 0));
  }
  return parsePrefix(p, operator);
}

function parsePrefix(p: Parser, operator: number): Node {
  const start = p.start();
  p.advance();
  if (p.onNewLine() && operator === UnaryOperator.Negate && p.kindAt(p.index - 2) === T["-"] && p.startAt(p.index - 2) === start - 1) {
    p.error("E0137", start - 1, p.lastEnd, "`--` is not written here", ["write `-= 1`"]);
    return p.missing();
  }
  const operand = p.enter() ? parseUnary(p) : p.missing();
  p.leave();
  return p.ast.add(Kind.Unary, 0, start, p.lastEnd, operand, operator, 0, 0);
}

/** `&x`, `&mut x`, and `&&x`, which is two of them. */
function parseBorrow(p: Parser): Node {
  const start = p.start();
  const double = p.kind === T["&&"];
  p.advance();
  const operator = p.take(T.mut) ? UnaryOperator.BorrowMutable : UnaryOperator.Borrow;
  if (double) p.depth++;
  const operand = p.enter() ? parseUnary(p) : p.missing();
  p.leave();
  if (double) p.depth--;
  const inner = p.ast.add(Kind.Unary, 0, double ? start + 1 : start, p.lastEnd, operand, operator, 0, 0);
  return double ? p.ast.add(Kind.Unary, 0, start, p.lastEnd, inner, UnaryOperator.Borrow, 0, 0) : inner;
}
