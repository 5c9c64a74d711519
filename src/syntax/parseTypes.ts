/** Types: section 3 of the reference. */

import { Flag, Kind, type Node } from "./ast.ts";
import { parseExpression } from "./parseExpressions.ts";
import { Head, nestingLimit, type Parser } from "./parserState.ts";
import { T, setOf, startsType } from "./token.ts";

/** What can follow the name of a type and belong to it. */
export const typeGoesOn = setOf([".", "[", "<"]);

/** A type; what is none is reported and becomes an Error node. */
export function parseType(p: Parser): Node {
  // Most types are a name.
  if (p.kind === T.Name && typeGoesOn[p.peek(1)] === 0) {
    const start = p.start();
    const name = p.value();
    p.advance();
    return p.ast.add(Kind.Name, 0, start, p.lastEnd, name, 0, 0, 0);
  }
  if (!p.enter()) {
    p.leave();
    return p.missing();
  }
  const node = parseTypeHere(p);
  p.leave();
  return node;
}

function parseTypeHere(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  switch (p.kind) {
    case T.Name:
    case T.Self:
      return parsePathType(p);
    case T["*"]:
      return parsePointerType(p);
    case T["&"]:
    case T["&&"]:
      return parseReferenceType(p);
    case T["["]:
      return parseArrayType(p);
    case T["("]:
      return parseTupleType(p);
    case T["?"]:
    case T["??"]:
      return parseOptionalType(p);
    case T.func:
      return parseFunctionType(p, 0);
    case T.mut:
      if (p.peek(1) === T.func) {
        p.advance();
        return parseFunctionType(p, Flag.mutable, start);
      }
      break;
    case T.extern:
      p.advance();
      if (p.kind === T.func) return parseFunctionType(p, Flag.external, start);
      p.unexpected("E0120", "`func`");
      return p.missing();
    case T.dyn: {
      p.advance();
      const path = parsePathType(p);
      if (p.kind === T["+"] && startsType[p.peek(1)] !== 0) {
        const from = p.start();
        while (p.take(T["+"])) parsePathType(p);
        p.slip("E0137", from, p.lastEnd, "a trait object is of one trait", "declare one that builds on both: trait Both: A + B {}, with impl[T: A + B] Both for T {}");
      }
      return ast.add(Kind.DynType, 0, start, p.lastEnd, path, 0, 0, 0);
    }
    case T["!"]:
      p.slip("E0137", start, p.end(), "the type without values is not written `!`", "write `never`");
      p.advance();
      return ast.add(Kind.Error, 0, start, p.lastEnd, 0, 0, 0, 0);
  }
  p.unexpected("E0122", "a type");
  return p.missing();
}

/** `*T` */
function parsePointerType(p: Parser): Node {
  const start = p.start();
  p.advance();
  if (p.kind === T.mut || p.kind === T.const) {
    p.slip("E0137", start, p.end(), "raw pointers are not marked `mut` or `const`", "write `*T`");
    p.advance();
  }
  const target = parseType(p);
  return p.ast.add(Kind.PointerType, 0, start, p.lastEnd, target, 0, 0, 0);
}

/** `&T`, `&mut T`; `&&T` is one token, and two references. */
function parseReferenceType(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const double = p.kind === T["&&"];
  p.advance();
  const mutable = p.take(T.mut);
  if (double) p.depth++;
  // A lifetime, which the lexer has reported.
  if (p.kind === T.Character) p.advance();
  const target = parseType(p);
  if (double) p.depth--;
  const inner = ast.add(Kind.ReferenceType, mutable ? Flag.mutable : 0, double ? start + 1 : start, p.lastEnd, target, 0, 0, 0);
  return double ? ast.add(Kind.ReferenceType, 0, start, p.lastEnd, inner, 0, 0, 0) : inner;
}

/** `?T`; `??T` is one token, and two optionals. */
function parseOptionalType(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const double = p.kind === T["??"];
  p.advance();
  if (double) p.depth++;
  const target = parseType(p);
  if (double) p.depth--;
  const inner = ast.add(Kind.OptionalType, 0, double ? start + 1 : start, p.lastEnd, target, 0, 0, 0);
  return double ? ast.add(Kind.OptionalType, 0, start, p.lastEnd, inner, 0, 0, 0) : inner;
}

/** `(A, B)`; `(T)` is `T`. */
function parseTupleType(p: Parser): Node {
  const start = p.start();
  const open = p.index;
  p.advance();
  const from = p.stackCount;
  parseTypes(p, T[")"], open);
  p.close(T[")"], open);
  if (p.stackCount - from === 1 && p.kindAt(p.index - 2) !== T[","]) return p.stack[--p.stackCount] as Node;
  return p.ast.add(Kind.TupleType, 0, start, p.lastEnd, p.list(from), 0, 0, 0);
}

/** `Name`, `module.Name`, `Name[A, B]`: Name, Field and Index nodes, as in expressions. */
export function parsePathType(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  if (p.kind !== T.Name && p.kind !== T.Self) {
    p.unexpected("E0122", "the name of a type or trait");
    return p.missing();
  }
  let node = ast.add(Kind.Name, 0, start, p.end(), p.value(), 0, 0, 0);
  p.advance();
  for (;;) {
    if (p.kind === T["."] && p.peek(1) === T.Name) {
      p.advance();
      node = ast.add(Kind.Field, 0, start, p.end(), node, p.value(), 0, 0);
      p.advance();
    } else if (p.kind === T["["] && !p.breaks()) {
      const open = p.index;
      p.advance();
      const from = p.stackCount;
      parseTypes(p, T["]"], open);
      if (p.stackCount === from) {
        p.slip("E0122", p.startAt(open), p.end(), "expected a type between the brackets", "a slice is written []T");
        p.close(T["]"], open);
        return ast.add(Kind.Error, 0, start, p.lastEnd, 0, 0, 0, 0);
      }
      p.close(T["]"], open);
      const list = p.list(from);
      node = ast.add(Kind.Index, 0, start, p.lastEnd, node, list, 0, 0);
    } else if (p.kind === T["<"] && !p.breaks() && p.adjacent(0) && startsType[p.peek(1)] !== 0) {
      p.slip("E0137", p.start(), p.end(), "type arguments do not stand in `< >`", "write them in brackets: List[i64]");
      p.advance();
      const from = p.stackCount;
      do {
        if (p.kind === T.Character) p.advance();
        else p.push(parseType(p));
      } while (p.take(T[","]));
      if (!p.take(T[">"])) p.panicking = true;
      const list = p.list(from);
      node = ast.add(Kind.Index, 0, start, p.lastEnd, node, list, 0, 0);
    } else return node;
  }
}

/** Types up to `close`, whose partner is at row `open`, separated by commas, onto the stack. */
function parseTypes(p: Parser, close: number, open: number): void {
  while (!p.listEnds(close, open)) {
    p.push(parseType(p));
    if (!p.take(T[","])) return;
  }
}

function parseArrayType(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const open = p.index;
  p.advance();
  if (p.take(T["]"])) {
    const mutable = p.take(T.mut);
    const element = parseType(p);
    return ast.add(Kind.SliceType, mutable ? Flag.mutable : 0, start, p.lastEnd, element, 0, 0, 0);
  }
  const head = p.head;
  p.head = Head.none;
  const length = parseExpression(p);
  p.head = head;
  if (p.kind === T[";"] && !p.panicking) {
    p.slip("E0137", p.start(), p.end(), "an array type is not written `[T; N]`", "the length stands first: [N]T");
    if (p.valueAt(open) > open) p.jump(p.valueAt(open));
    p.close(T["]"], open, "");
    return ast.add(Kind.Error, 0, start, p.lastEnd, 0, 0, 0, 0);
  }
  p.close(T["]"], open, "");
  if (!startsResult(p) && !p.panicking && ast.kind[length] !== Kind.Error) {
    const isLength = ast.kind[length] === Kind.Integer;
    p.slip("E0137", start, p.lastEnd, isLength ? "a length stands before the type of the elements" : "the type of the elements stands behind the brackets", isLength ? "write `let xs [3]i64 = …`" : "a slice is written []T, an array [3]T");
    return ast.add(Kind.Error, 0, start, p.lastEnd, 0, 0, 0, 0);
  }
  const element = parseType(p);
  return ast.add(Kind.ArrayType, 0, start, p.lastEnd, length, element, 0, 0);
}

function parseFunctionType(p: Parser, flags: number, start = p.start()): Node {
  const { ast } = p;
  p.advance();
  const open = p.index;
  if (!p.expect(T["("])) return p.missing();
  const from = p.stackCount;
  while (!p.listEnds(T[")"], open)) {
    if (p.take(T["..."])) {
      flags |= Flag.variadic;
      break;
    }
    p.push(parseType(p));
    if (!p.take(T[","])) break;
  }
  p.close(T[")"], open);
  const list = p.list(from);
  const result = startsResult(p) ? parseType(p) : 0;
  return ast.add(Kind.FunctionType, flags, start, p.lastEnd, list, result, 0, 0);
}

/** A result type follows the parameters, on the same line. */
export function startsResult(p: Parser): boolean {
  return startsType[p.kind] !== 0 && !p.breaks();
}

/**
 * Whether at `row` stands what can only be a type, in a place that takes expressions and types (`max[[]u8](…)`, `@sizeof(?T)`): names,
 * paths, `Name[…]`, `*T` and `&T` are read as expressions, and told apart when the name is resolved.
 */
export function onlyTypeAt(p: Parser, row: number, depth = 0): boolean {
  for (;;) {
    const kind = p.kindAt(row);
    if (kind === T["?"] || kind === T["??"] || kind === T.func || kind === T.extern || kind === T.dyn) return true;
    if (kind === T.mut) return p.kindAt(row + 1) === T.func;
    if (kind === T["&"] || kind === T["*"] || kind === T["&&"]) {
      row += p.kindAt(row + 1) === T.mut ? 2 : 1;
      continue;
    }
    const partner = kind === T["["] || kind === T["("] ? p.valueAt(row) : 0;
    if (partner <= row || depth > nestingLimit) return false;
    if (kind === T["["]) {
      // `[]T`, `[N]T`, `[N][M]T`: behind the brackets stands a type.
      if (p.kindAt(partner + 1) === T["["]) {
        row = partner + 1;
        continue;
      }
      return startsType[p.kindAt(partner + 1)] !== 0 || p.kindAt(partner + 1) === T.mut;
    }
    // A tuple type, if one of its parts can only be a type.
    for (let at = row + 1; at < partner; at++) {
      const before = p.kindAt(at - 1);
      if ((at === row + 1 || before === T[","]) && onlyTypeAt(p, at, depth + 1)) return true;
      const inner = p.kindAt(at);
      if ((inner === T["("] || inner === T["["] || inner === T["{"]) && p.valueAt(at) > at) at = p.valueAt(at);
    }
    return false;
  }
}

/** An expression or a type, as type arguments and the arguments of intrinsics may be. */
export function parseExpressionOrType(p: Parser): Node {
  return onlyTypeAt(p, p.index) ? parseType(p) : parseExpression(p);
}
