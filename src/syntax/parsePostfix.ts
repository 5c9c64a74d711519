/** Operands: literals, names, calls, indexes, fields, struct literals, texts, closures, jumps. */

import { Kind, type List, type Node } from "./ast.ts";
import { Names, type NameId } from "../source/interner.ts";
import { wordAt } from "./foreignForms.ts";
import { isLoop, parseBlock, parseIf, parseLoop, parseMatch } from "./parseBlocks.ts";
import { parseClosure } from "./parseClosures.ts";
import { parseExpression } from "./parseExpressions.ts";
import { parseArray, parseFormatString, parseParenthesis, parseStructLiteral } from "./parseLiterals.ts";
import { parseExpressionOrType } from "./parseTypes.ts";
import { Head, type Parser } from "./parserState.ts";
import { T, setOf, startsExpression } from "./token.ts";

/**
 * What parses an operand that starts with each kind of token. A table, because a program is mostly parsed before the host's compiler has
 * looked at the parser: until then, a `switch` over constants of an object is a chain of look-ups.
 */
const operands: ((p: Parser) => Node)[] = new Array<(p: Parser) => Node>(128).fill(noOperand);
operands[T.Name] = parseName;
operands[T.self] = operands[T.Self] = (p) => leaf(p, Kind.Name, p.value(), 0);
operands[T.Integer] = (p) => leaf(p, Kind.Integer, p.value(), suffixName(p));
operands[T.Float] = (p) => leaf(p, Kind.Float, p.value(), suffixName(p));
operands[T.String] = (p) => leaf(p, Kind.String, p.value(), 0);
operands[T.Character] = (p) => leaf(p, Kind.Char, p.value(), 0);
operands[T.Byte] = (p) => leaf(p, Kind.Byte, p.value(), 0);
operands[T.true] = (p) => leaf(p, Kind.Bool, 1, 0);
operands[T.false] = (p) => leaf(p, Kind.Bool, 0, 0);
operands[T.nil] = (p) => leaf(p, Kind.Nil, 0, 0);
operands[T["("]] = parseParenthesis;
operands[T["["]] = parseArray;
operands[T["."]] = parseVariantName;
operands[T["@"]] = parseIntrinsic;
operands[T.FormatStart] = parseFormatString;
operands[T["{"]] = (p) => parseBlock(p);
operands[T.if] = (p) => parseIf(p);
operands[T.match] = (p) => parseMatch(p);
operands[T.loop] = operands[T.while] = operands[T.for] = (p) => parseLoop(p);
operands[T["|"]] = operands[T["||"]] = operands[T.move] = (p) => parseClosure(p);
operands[T.return] = operands[T.break] = operands[T.continue] = parseJump;

/** What can follow an operand and belong to it. */
export const postfix = setOf(["(", "[", ".", "?", "!", "{"]);

/** An operand without what follows it. */
export function parsePrimary(p: Parser): Node {
  return (operands[p.kind] as (p: Parser) => Node)(p);
}

function parseName(p: Parser): Node {
  if (p.peek(1) === T[":"] && isLoop(p.peek(2))) return parseLoop(p);
  const name = p.value();
  // In `(a, _) = value` it takes what nobody wants; what else stands in a list is checked with the names.
  if (name === Names._ && p.peek(1) !== T[","] && p.peek(1) !== T[")"]) p.slip("E0121", p.start(), p.end(), "`_` stands in patterns only", "give the value a name");
  return leaf(p, Kind.Name, name, 0);
}

function noOperand(p: Parser): Node {
  p.unexpected("E0121", "an expression");
  return p.missing();
}

/** The type that a number's suffix names, or 0. */
function suffixName(p: Parser): number {
  const suffix = p.suffix();
  return suffix === 0 ? 0 : Names.i8 + suffix - 1;
}

function parseVariantName(p: Parser): Node {
  const start = p.start();
  p.advance();
  if (p.kind === T.Integer && p.adjacent(0)) {
    p.slip("E0110", start, p.end(), "a digit stands before the point of a number", "write `0.5`");
    return leaf(p, Kind.Error, 0, 0);
  }
  const name = p.expectName("a variant");
  if (p.kind === T["{"] && !p.head && !p.breaks() && p.peek(1) === T.Name && (p.peek(2) === T[":"] || p.peek(2) === T[","])) {
    p.slip("E0120", p.start(), p.end(), "the parts of a variant stand in parentheses", "write `.Rect(3.0, 4.0)`");
    const close = p.value();
    if (close > p.index) {
      p.jump(close);
      p.advance();
    }
  }
  return p.ast.add(Kind.VariantName, 0, start, p.lastEnd, name, 0, 0, 0);
}

function leaf(p: Parser, kind: Kind, a: number, b: number): Node {
  const start = p.start();
  p.advance();
  return p.ast.add(kind, 0, start, p.lastEnd, a, b, 0, 0);
}

/** What follows an operand: calls, indexes, fields, `?`, `!`, and the braces of a struct literal. */
export function parsePostfix(p: Parser, operand: Node): Node {
  if (postfix[p.kind] === 0) return operand;
  const { ast } = p;
  const start = ast.start[operand] as number;
  let node = operand;
  for (let links = 0; ; links++) {
    if (postfix[p.kind] === 0) return node;
    if (p.isTooLong(links)) return node;
    switch (p.kind) {
      case T["("]: {
        if (p.breaks()) return node;
        const list = parseArguments(p);
        node = ast.add(Kind.Call, 0, start, p.lastEnd, node, list, 0, 0);
        break;
      }
      case T["["]: {
        if (p.breaks()) return node;
        node = parseIndex(p, start, node);
        break;
      }
      case T["."]:
        p.advance();
        if (p.kind === T.Integer) {
          node = ast.add(Kind.TupleField, 0, start, p.end(), node, Number(ast.integers[p.value()]), 0, 0);
          p.advance();
        } else if (ast.kind[node] === Kind.Integer && p.kind !== T.Name) {
          if (p.onNewLine()) p.error("E0110", start, p.lastEnd, "a digit stands behind the point of a number", ["write `3.0`"]);
          else p.slip("E0110", start, p.lastEnd, "a digit stands behind the point of a number", "write `3.0`");
        } else {
          const name = p.expectName("the name of a field or method");
          node = ast.add(Kind.Field, 0, start, p.lastEnd, node, name, 0, 0);
        }
        break;
      case T["?"]:
        if (p.breaks()) return node;
        p.advance();
        node = ast.add(Kind.Try, 0, start, p.lastEnd, node, 0, 0, 0);
        break;
      case T["!"]:
        if (p.breaks()) return node;
        if ((p.peek(1) === T["("] || p.peek(1) === T["["]) && p.adjacent(1) && macroName(p, node)) {
          if (p.kind !== T["["]) break;
          // `vec![1, 2]`: the elements alone.
          node = parseArray(p);
          break;
        }
        p.advance();
        node = ast.add(Kind.Unwrap, 0, start, p.lastEnd, node, 0, 0, 0);
        break;
      case T["{"]:
        if (p.breaks() || !isPath(p, node)) return node;
        if (!looksLikeFields(p)) return node;
        if (p.head) {
          // `{ Shape::Dot => …`, `{ 1: …` and such are arms that another language writes.
          if (p.peek(1) !== T.Name || p.peek(2) !== T[":"] || p.peek(3) === T[":"]) return node;
          // `match s { A: f() }`: no block follows, so this is it.
          if (p.value() > p.index && p.kindAt(p.value() + 1) !== T["{"] && p.newlineAt(p.value() + 1)) return node;
          p.slip("E0131", start, p.end(), "a struct literal in the head of a block stands in parentheses", "write `(Name { field: value })`");
        }
        node = parseStructLiteral(p, start, node);
        break;
      default:
        return node;
    }
  }
}

/** `println!(…)`: reports the `!` and passes over it. */
function macroName(p: Parser, node: Node): boolean {
  if (p.ast.kind[node] !== Kind.Name) return false;
  const name = p.names.name(p.ast.name(node));
  if (!/^(e?print(ln)?|format|panic|assert(_eq|_ne)?|vec|write(ln)?|todo|unreachable|matches|dbg)$/.test(name)) return false;
  p.slip("E0137", p.start(), p.end(), `\`${name}!\` is not written here`, name === "vec" ? "write [1, 2, 3]" : name === "format" ? 'write f"{x}"' : `there are no macros: write \`${name}(…)\`, with f"{x}" for values within text`);
  p.advance();
  return true;
}

/** `Name`, `module.Name`, `Name[T]`: what a struct literal can start with. */
function isPath(p: Parser, node: Node): boolean {
  const { ast } = p;
  for (;;) {
    const kind = ast.kind[node];
    if (kind === Kind.Name) return true;
    if (kind !== Kind.Field && kind !== Kind.Index) return false;
    node = ast.operand(node);
  }
}

/** The `{` at hand opens the fields of a struct literal; else what stands before it is another language's keyword, or a mistake. */
function looksLikeFields(p: Parser): boolean {
  const first = p.peek(1);
  if (first === T["}"] || first === T[".."]) return true;
  const second = p.peek(2);
  // A loop with a label, but for a `loop` where no block can stand: that is a field's value.
  if (second === T[":"]) return !isLoop(p.peek(3)) || (p.peek(3) === T.loop && p.head === Head.none);
  return first === T.Name && (second === T[","] || second === T["}"] || second === T["="] || p.newlineAt(p.index + 2));
}

/** `(a, b)`; the list of a call. */
function parseArguments(p: Parser): List {
  const open = p.index;
  p.advance();
  if (p.kind === T[")"]) {
    p.advance();
    return 0 as List;
  }
  const head = p.head;
  p.head = Head.none;
  const from = p.stackCount;
  if (p.enter()) {
    while (!p.listEnds(T[")"], open)) {
      p.push(parseExpression(p));
      if (p.kind === T["="] || (p.kind === T[":"] && p.kindAt(p.index + 1) !== T[":"])) namedArgument(p, open);
      if (!p.take(T[","])) break;
    }
  }
  p.leave();
  p.head = head;
  p.close(T[")"], open);
  return p.list(from);
}

/** `f(x: 1)` and `f(x = 1)`. */
function namedArgument(p: Parser, open: number): void {
  const struct = wordAt(p, open - 1);
  p.slip("E0137", p.start(), p.end(), "arguments are not named", /^\p{Lu}/u.test(struct) && p.kind === T[":"] ? `of a struct, write ${struct} { x: 1 }; of a function, give the values in the order of the parameters` : "give the values in the order of the parameters");
  p.advance();
  if (startsExpression[p.kind] !== 0) p.stack[p.stackCount - 1] = parseExpression(p);
}

/** `x[i]`, `x[a..b]`, `max[i64]`. */
function parseIndex(p: Parser, start: number, object: Node): Node {
  const open = p.index;
  p.advance();
  const from = p.stackCount;
  parseMixedList(p, T["]"], open);
  if (p.stackCount === from) p.slip("E0121", p.startAt(open), p.end(), "expected an index between the brackets");
  p.close(T["]"], open);
  const list = p.list(from);
  return p.ast.add(Kind.Index, 0, start, p.lastEnd, object, list, 0, 0);
}

/** Expressions or types up to `close`, whose partner is at row `open`, onto the stack. */
function parseMixedList(p: Parser, close: number, open: number): void {
  const head = p.head;
  p.head = Head.none;
  if (p.enter()) {
    while (!p.listEnds(close, open)) {
      p.push(parseExpressionOrType(p));
      if (!p.take(T[","])) break;
    }
  }
  p.leave();
  p.head = head;
}

/** `@name(…)`, `@name[T](…)`: type arguments come first in the list. */
function parseIntrinsic(p: Parser): Node {
  const start = p.start();
  p.advance();
  const name = p.expectName("the name of an intrinsic");
  const from = p.stackCount;
  if (p.kind === T["["] && !p.breaks()) {
    const open = p.index;
    p.advance();
    parseMixedList(p, T["]"], open);
    p.close(T["]"], open);
  }
  if (p.kind === T["("] && !p.breaks()) {
    const open = p.index;
    p.advance();
    parseMixedList(p, T[")"], open);
    p.close(T[")"], open);
  } else p.unexpected("E0120", "`(` and the intrinsic's arguments");
  const list = p.list(from);
  return p.ast.add(Kind.Intrinsic, 0, start, p.lastEnd, name, list, 0, 0);
}

/** `return e`, `break label e`, `continue label`. */
function parseJump(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const kind = p.kind;
  p.advance();
  let label = 0;
  // A name behind `break` is a label if a loop around has that label, and else a value.
  if (kind !== T.return && p.kind === T.Name && !p.breaks() && (kind === T.continue || p.labels.includes(p.value() as NameId))) {
    label = p.value();
    p.advance();
  }
  let value = 0;
  if (startsExpression[p.kind] !== 0 && !p.breaks() && !(p.kind === T["{"] && p.head)) {
    if (kind === T.continue) p.error("E0148", p.start(), p.end(), "`continue` takes a label only", ["a value leaves a loop with `break`"]);
    value = p.enter() ? parseExpression(p) : p.missing();
    p.leave();
  }
  if (kind === T.return) return ast.add(Kind.Return, 0, start, p.lastEnd, value, 0, 0, 0);
  if (kind === T.break) return ast.add(Kind.Break, 0, start, p.lastEnd, value, label, 0, 0);
  return ast.add(Kind.Continue, 0, start, p.lastEnd, 0, label, 0, 0);
}

/** Right of `|>`: a path, or a call of one. */
export function parsePipeTarget(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  if (p.kind !== T.Name && p.kind !== T.self && p.kind !== T.Self) {
    if (startsExpression[p.kind] === 0) p.unexpected("E0121", "a function or a call");
    else p.error("E0141", start, p.end(), "right of `|>` stands a function's name or a call", ["give a closure a name with `let` first"]);
    return p.missing();
  }
  let node = leaf(p, Kind.Name, p.value(), 0);
  for (;;) {
    if (p.kind === T["."]) {
      p.advance();
      const name = p.expectName("the name of a function");
      node = ast.add(Kind.Field, 0, start, p.lastEnd, node, name, 0, 0);
    } else if (p.kind === T["["] && !p.breaks()) node = parseIndex(p, start, node);
    else break;
  }
  if (p.kind === T["("] && !p.breaks()) {
    const list = parseArguments(p);
    node = ast.add(Kind.Call, 0, start, p.lastEnd, node, list, 0, 0);
    if (p.kind === T["."] || p.kind === T["("] || (p.kind === T["["] && !p.breaks())) {
      p.error("E0141", start, p.end(), "right of `|>` stands one call, and what follows it does not belong to it", ["put the pipe in parentheses: (a |> f(b)).g()"]);
    }
  }
  return node;
}
