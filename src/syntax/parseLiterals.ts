/** Literals that hold expressions: tuples, arrays, structs, f-strings. */

import { Kind, type Node } from "./ast.ts";
import { parseExpression, refuseAssignment } from "./parseExpressions.ts";
import { Head, type Parser } from "./parserState.ts";
import { T } from "./token.ts";

/** `()`, `(a)`, `(a,)`, `(a, b)`. */
export function parseParenthesis(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const open = p.index;
  const head = p.head;
  p.head = Head.none;
  p.advance();
  const from = p.stackCount;
  let commas = 0;
  if (p.enter()) {
    while (!p.listEnds(T[")"], open)) {
      const item = parseExpression(p);
      p.push(item);
      refuseAssignment(p, item);
      if (!p.take(T[","])) break;
      commas++;
    }
  }
  p.leave();
  p.head = head;
  p.close(T[")"], open, commas > 0 ? undefined : "");
  if (commas === 0 && p.stackCount === from + 1) return ast.add(Kind.Paren, 0, start, p.lastEnd, p.stack[--p.stackCount], 0, 0, 0);
  const list = p.list(from);
  return ast.add(Kind.Tuple, 0, start, p.lastEnd, list, 0, 0, 0);
}

/** `[a, b]`, `[x; n]`. */
export function parseArray(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const open = p.index;
  const head = p.head;
  p.head = Head.none;
  p.advance();
  const from = p.stackCount;
  let count = 0;
  let repeats = false;
  if (p.enter()) {
    while (!p.listEnds(T["]"], open)) {
      p.push(parseExpression(p));
      if (p.stackCount === from + 1 && p.take(T[";"])) {
        repeats = true;
        count = parseExpression(p);
        break;
      }
      if (!p.take(T[","])) break;
    }
  }
  p.leave();
  p.head = head;
  p.close(T["]"], open);
  if (repeats) return ast.add(Kind.ArrayRepeat, 0, start, p.lastEnd, p.stack[--p.stackCount], count, 0, 0);
  const list = p.list(from);
  return ast.add(Kind.Array, 0, start, p.lastEnd, list, 0, 0, 0);
}

/** `Point { x: 1.0, y, ..p }`. */
export function parseStructLiteral(p: Parser, start: number, path: Node): Node {
  const { ast } = p;
  const open = p.index;
  const head = p.head;
  p.head = Head.none;
  p.advance();
  const from = p.stackCount;
  let base = 0;
  if (p.enter()) {
    while (p.kind !== T["}"] && p.kind !== T.EndOfFile) {
      if (p.take(T[".."])) {
        base = parseExpression(p);
        if (!p.take(T[","]) || p.kind !== T.Name) break;
        p.slip("E0137", p.start(), p.end(), "no field follows the rest of the fields", "write them before it: Point { x: 1.0, ..p }");
        continue;
      }
      const fieldStart = p.start();
      const nameEnd = p.end();
      const name = p.expectName("the name of a field");
      if (name === 0) break;
      let value: Node;
      if (p.take(T[":"])) value = parseExpression(p);
      else if (p.kind === T["="]) {
        p.slip("E0137", p.start(), p.end(), "a field's value does not follow `=`", "write `field: value`");
        p.advance();
        value = parseExpression(p);
      } else value = ast.add(Kind.Name, 0, fieldStart, nameEnd, name, 0, 0, 0);
      p.push(ast.add(Kind.FieldInit, 0, fieldStart, p.lastEnd, value, name, 0, 0));
      if (!p.take(T[","]) && !p.breaks()) break;
    }
  }
  p.leave();
  p.head = head;
  p.close(T["}"], open, "`,`, a new line or ");
  const list = p.list(from);
  return ast.add(Kind.StructLiteral, 0, start, p.lastEnd, path, list, base, 0);
}

/** `f"text {expression:format} …"`. */
export function parseFormatString(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  p.advance();
  const from = p.stackCount;
  const head = p.head;
  p.head = Head.none;
  if (p.enter()) {
    while (p.kind !== T.FormatEnd && p.kind !== T.EndOfFile) {
      if (p.kind === T.FormatText) {
        p.push(ast.add(Kind.String, 0, p.start(), p.end(), p.value(), 0, 0, 0));
        p.advance();
        continue;
      }
      if (p.kind !== T.FormatOpen) break;
      p.push(parsePiece(p));
      if (p.panicking) break;
    }
  }
  p.leave();
  p.head = head;
  if (!p.panicking) p.take(T.FormatEnd);
  const list = p.list(from);
  return ast.add(Kind.FormatString, 0, start, p.lastEnd, list, 0, 0, 0);
}

/** The line ended within the piece whose end is at row `close`: the lexer put in that end and the text's. */
function breaksOff(p: Parser, close: number): boolean {
  return p.kindAt(close + 1) === T.FormatEnd && p.startAt(close) === p.tokens.end[close + 1];
}

function parsePiece(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const open = p.index;
  p.advance();
  let expression: Node;
  let format = 0;
  if (breaksOff(p, p.valueAt(open))) {
    // That was reported: what stands behind it tells nothing.
    p.panicking = true;
    expression = p.missing();
  } else if (p.kind === T.FormatClose || p.kind === T.FormatSpecification) {
    p.error("E0115", start, p.end(), "an expression is missing in this piece of an f-string", ["write `{{}}` for braces in the text"]);
    expression = p.missing();
  } else expression = parseExpression(p);
  if (p.kind === T.FormatSpecification) {
    format = p.value();
    p.advance();
  }
  if (p.kind !== T.FormatClose) p.unexpected("E0120", "`}` or `:` and a format");
  const partner = p.valueAt(open);
  if (partner >= p.index) {
    p.jump(partner);
    p.panicking = false;
    p.advance();
  }
  return ast.add(Kind.FormatPiece, 0, start, p.lastEnd, expression, format, 0, 0);
}
