/** Closures: section 9 of the reference. */

import { Flag, Kind, type NameId, type Node } from "./ast.ts";
import { parseExpressionOrAssignment } from "./parseExpressions.ts";
import { isCapitalised, parsePatternWithoutAlternatives } from "./parsePatterns.ts";
import { parseType } from "./parseTypes.ts";
import type { Parser } from "./parserState.ts";
import { T, startsType } from "./token.ts";

/** `|a i64, b| body`, `|| body`, `move |x| body`. The body extends as far right as possible. */
export function parseClosure(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const flags = p.take(T.move) ? Flag.move : 0;
  const from = p.stackCount;
  if (!p.take(T["||"])) {
    if (!p.expect(T["|"], "a closure is written |x| x + 1")) return p.missing();
    while (p.kind !== T["|"] && p.kind !== T.EndOfFile) {
      p.push(parseClosureParameter(p));
      if (!p.take(T[","])) break;
    }
    p.expect(T["|"], "the parameters of a closure stand between `|` and `|`");
  }
  const parameters = p.list(from);
  // A closure's body does not belong to the loops around it.
  const labels = p.labels;
  p.labels = [];
  if (p.kind === T["-"] && p.peek(1) === T[">"] && p.adjacent(1)) {
    const arrow = p.start();
    p.advance();
    p.advance();
    parseType(p);
    slipResult(p, arrow);
  }
  let body = p.enter() ? parseExpressionOrAssignment(p) : p.missing();
  // `|x i64| i64 { x + 1 }`: what was read as the body is meant as the result's type.
  if (p.kind === T["{"] && !p.head && !p.breaks() && body !== 0 && (ast.kind[body] === Kind.Name || ast.kind[body] === Kind.Index)) {
    slipResult(p, ast.start[body] as number);
    body = parseExpressionOrAssignment(p);
  }
  p.leave();
  p.labels = labels;
  return ast.add(Kind.Closure, flags, start, p.lastEnd, parameters, 0, body, 0);
}

/** A type stands between a closure's parameters and its body. */
function slipResult(p: Parser, start: number): void {
  p.slip("E0137", start, p.lastEnd, "a closure's result type is not written", "its body tells it, or what is wanted: let f func(i64) i64 = |x| …");
}

function parseClosureParameter(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  let name = 0;
  let pattern = 0;
  const next = p.kind === T.Name ? p.peek(1) : T.EndOfFile;
  // `|Point { x, y } Point|`, `|Wrapper(x)|`: a capitalised name before parts is no parameter's.
  const isPattern = (next === T["{"] || next === T["("] || next === T["."]) && isCapitalised(p, p.value() as NameId);
  if (p.kind === T.Name && !isPattern) {
    name = p.value();
    p.advance();
  } else pattern = parsePatternWithoutAlternatives(p);
  if (p.kind === T[":"]) {
    p.slip("E0137", p.start(), p.end(), "no colon stands before a parameter's type", "write `|x i64| x + 1`");
    p.advance();
  }
  const type = startsType[p.kind] !== 0 ? parseType(p) : 0;
  return ast.add(Kind.Parameter, 0, start, Math.max(start, p.lastEnd), name, type, pattern, 0);
}
