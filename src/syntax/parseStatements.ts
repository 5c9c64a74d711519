/** Statements: section 5 of the reference. */

import { Names, type NameId } from "../source/interner.ts";
import { Flag, Kind, type Node } from "./ast.ts";
import { foreignSpelling } from "./foreign.ts";
import { isLoop, parseBlock, parseIf, parseLoop, parseMatch } from "./parseBlocks.ts";
import { parseChain, type ChainForm } from "./parseChain.ts";
import { parseDeclaration } from "./parseDeclarations.ts";
import { parseExpression, parseExpressionOrAssignment, refuseAssignment } from "./parseExpressions.ts";
import { parsePattern } from "./parsePatterns.ts";
import { parseType } from "./parseTypes.ts";
import { Head, type Parser } from "./parserState.ts";
import { T, continues, startsDeclaration, startsStatement, startsType } from "./token.ts";

/** Whether a declaration starts here. `include`, `import` and `test` are names elsewhere. */
export function declarationFollows(p: Parser): boolean {
  if (startsDeclaration[p.kind] !== 0) return p.kind !== T["#"];
  if (p.kind !== T.Name || p.peek(1) !== T.String) return false;
  const name = p.value();
  return name === Names.include || name === Names.import || name === Names.test;
}

/** Warns of a `///` comment before the token at hand, where no declaration starts. */
export function warnDocumentation(p: Parser): void {
  if (!p.documented() || p.panicking || p.muted) return;
  const { comments, commentCount } = p.tokens;
  let last = commentCount - 1;
  const isDocumentation = (index: number): boolean => p.bytes[(comments[index * 2] as number) - p.base + 2] === 0x2f;
  while (last > 0 && ((comments[last * 2] as number) > p.start() || !isDocumentation(last))) last--;
  const span = { start: comments[last * 2] as number, end: comments[last * 2 + 1] as number };
  p.diagnostics.warning("W0105", span, "this comment documents no declaration", { advice: ["write `//` for an ordinary comment"] });
}

/**
 * One statement. An expression becomes an ExpressionStatement, unless the block's `}` follows it without `;`: then it is returned as it is, being the
 * block's value.
 */
export function parseStatement(p: Parser): Node {
  if (p.documented() && !declarationFollows(p)) warnDocumentation(p);
  const parse = statements[p.kind];
  if (parse !== undefined) return parse(p);
  const expression = parseExpressionOrAssignment(p);
  return endExpression(p, expression, false);
}

/** What parses a statement that starts with each kind of token; for all others it is an expression. */
const statements: (((p: Parser) => Node) | undefined)[] = new Array<undefined>(128).fill(undefined);
statements[T.let] = statements[T.var] = (p) => endStatement(p, parseLet(p));
statements[T["{"]] = (p) => endExpression(p, parseBlock(p), true);
statements[T.if] = (p) => endExpression(p, parseIf(p), true);
statements[T.match] = (p) => endExpression(p, parseMatch(p), true);
statements[T.loop] = statements[T.while] = statements[T.for] = (p) => endExpression(p, parseLoop(p), true);
statements[T.Name] = parseNameStatement;
for (let kind = 0; kind < 128; kind++) {
  if (startsDeclaration[kind] !== 0) statements[kind] = parseInnerDeclaration;
  if (continues[kind] !== 0) statements[kind] = leadingOperator;
}
statements[T["#"]] = parseCompileIfStatement;
statements[T.defer] = (p) => {
  const start = p.start();
  p.advance();
  const value = p.kind === T["{"] ? parseBlock(p) : parseExpressionOrAssignment(p);
  return endStatement(p, p.ast.add(Kind.Defer, 0, start, p.lastEnd, value, 0, 0, 0));
};

/** A statement that starts with a name: an expression, a loop with its label, or `include`, `import`, `test`. */
function parseNameStatement(p: Parser): Node {
  if (p.peek(1) === T[":"]) {
    if (isLoop(p.peek(2))) return endExpression(p, parseLoop(p), true);
    if (p.peek(2) === T["{"] || p.peek(2) === T.Name) {
      p.error("E0134", p.start(), p.tokens.end[p.index] as number, "a label stands before `loop`, `while` or `for`", ["to leave a block early, put it into a function or a `loop`"]);
      return p.missing();
    }
  }
  if (p.peek(1) === T.String && declarationFollows(p)) return parseInnerDeclaration(p);
  if (p.peek(1) === T["="] && p.value() === Names._) return endStatement(p, parseIgnored(p));
  return endExpression(p, parseExpressionOrAssignment(p), false);
}

/** `_ = e` is `let _ = e`. */
function parseIgnored(p: Parser): Node {
  const start = p.start();
  const pattern = parsePattern(p);
  p.advance();
  const value = parseExpression(p);
  refuseAssignment(p, value);
  return p.ast.add(Kind.Let, 0, start, p.lastEnd, pattern, 0, value, 0);
}

/** An `else` behind what is no `if`: behind one whose body has no braces, that was said. */
function refuseElse(p: Parser): void {
  const before = p.index - 1;
  if (p.diagnostics.list[p.diagnostics.list.length - 1]?.code === "E0135") {
    p.panicking = true;
    return;
  }
  let row = p.kindAt(before) === T["}"] && p.valueAt(before) > 0 ? p.valueAt(before) : 0;
  while (row > 0 && !p.newlineAt(row) && p.kindAt(row - 1) !== T["{"] && p.kindAt(row - 1) !== T[";"]) row--;
  const isLoop = row > 0 && (p.kindAt(row) === T.while || p.kindAt(row) === T.for || p.kindAt(row) === T.loop);
  p.error("E0142", p.start(), p.end(), isLoop ? "a loop has no `else`" : "this `else` belongs to no `if`", [isLoop ? "what is done after a loop stands behind it" : "a `;` or a statement stands between them"]);
}

/** A statement starts with what would have continued the line above. */
function leadingOperator(p: Parser): Node {
  // There is no line above: `{ .Variant }`, `{ || 5 }`.
  if (p.tokens.kind[p.index - 1] === T["{"] && (p.kind === T["||"] || (p.kind === T["."] && p.peek(1) === T.Name))) return endExpression(p, parseExpressionOrAssignment(p), false);
  const foreign = foreignSpelling(p);
  if (foreign !== undefined) p.error("E0137", foreign.start, foreign.end, foreign.message, foreign.advice);
  else if (p.kind === T.else) refuseElse(p);
  else if (p.kind === T["."] && p.peek(1) === T.Name && /^[A-Z]/.test(p.names.name(p.tokens.value[p.index + 1] as NameId))) {
    p.error("E0142", p.start(), p.end(), `no statement starts with ${p.found()}`, ["a variant that stands behind other statements is written with its type: Type.Variant"]);
  } else p.error("E0142", p.start(), p.end(), `no statement starts with ${p.found()}`, [
    ...(p.kind !== T["||"] || p.kindAt(p.index - 1) === T["}"] ? ["a statement that starts with a block ends at its `}`: put it in parentheses, or give its value a name with `let`"] : []),
    ...(p.kind === T["||"] ? ["a closure that is a block's value stands behind `return`, or in parentheses"] : []),
  ]);
  return p.missing();
}

/** Ends an expression as a statement. An if, match, loop or block that starts a statement (`blockLike`) ends it by itself. */
function endExpression(p: Parser, expression: Node, blockLike: boolean): Node {
  const { ast } = p;
  const isError = ast.kind[expression] === Kind.Error;
  const start = ast.start[expression] as number;
  const end = p.lastEnd;
  if (p.kind === T[";"]) {
    p.advance();
    return isError ? expression : ast.add(Kind.ExpressionStatement, Flag.semicolon, start, end, expression, 0, 0, 0);
  }
  if (p.kind === T["}"] && ast.kind[expression] !== Kind.Assign) return expression;
  if (!blockLike) checkEnd(p);
  return isError ? expression : ast.add(Kind.ExpressionStatement, 0, start, end, expression, 0, 0, 0);
}

/** Behind a statement stands `;`, a line end, or the block's `}`. */
function endStatement(p: Parser, node: Node): Node {
  if (!p.take(T[";"])) checkEnd(p);
  return node;
}

function checkEnd(p: Parser): void {
  if (p.breaks() || p.kind === T["}"] || p.kind === T.EndOfFile || p.panicking) return;
  if (p.onNewLine()) {
    // The line before cannot end where it does, or this one continues it, and yet nothing came of it.
    p.unexpected("E0120", "an expression or the end of the statement");
    return;
  }
  if (p.kind === T[")"] || p.kind === T["]"]) {
    p.error("E0126", p.start(), p.end(), `this \`${p.kind === T[")"] ? ")" : "]"}\` closes nothing`, ["remove it, or open it before"]);
    return;
  }
  if (p.kind === T["{"] || p.kind === T[":"] || p.kind === T["="]) p.unexpected("E0130", "the end of the statement");
  else p.unexpected("E0130", "a new line or `;` behind the statement");
}

/** `let pattern type = value else { }`. */
function parseLet(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const mutable = p.kind === T.var;
  p.advance();
  if (p.kind === T.mut) {
    p.slip("E0137", start, p.end(), `\`${mutable ? "var" : "let"} mut\` is not written here`, "a variable that changes is declared with `var`");
    p.advance();
  }
  const firstNode = ast.count;
  const pattern = parsePattern(p);
  if (mutable) for (let node = firstNode; node < ast.count; node++) if (ast.kind[node] === Kind.BindingPattern) ast.flags[node] = (ast.flags[node] as number) | Flag.mutable;
  if (p.kind === T[":"] && !p.panicking) {
    if (p.peek(1) !== T["="]) {
      p.slip("E0137", p.start(), p.end(), "no colon stands before a variable's type", "write `let x i64 = 1`");
      p.advance();
    } else {
      p.slip("E0137", p.start(), p.tokens.end[p.index + 1] as number, "`:=` is not written here", "write `=`");
      p.advance();
    }
  }
  // `[1, 2]` is no type.
  const isEqualMissing = p.kind === T["["] && p.peek(2) === T[","] && !p.breaks() && !p.panicking;
  const type = startsType[p.kind] !== 0 && !p.breaks() && !isEqualMissing ? parseType(p) : 0;
  let value = 0;
  let otherwise = 0;
  if (isEqualMissing || (p.kind === T["="] && !p.breaks())) {
    if (isEqualMissing) p.slip("E0120", p.start(), p.end(), "expected `=` or a type, found an array", "write `=` before the value");
    else p.advance();
    value = parseExpression(p);
    refuseAssignment(p, value as Node);
    if (p.kind === T.else && !p.panicking) {
      p.advance();
      otherwise = parseBlock(p, "what is done if the pattern does not match");
    }
  } else if (p.breaks() || p.kind === T[";"] || p.kind === T["}"]) {
    if (!p.panicking) p.error("E0147", start, p.lastEnd, `a \`${mutable ? "var" : "let"}\` needs a value`, ["write `= value`"]);
    p.panicking = false;
    value = p.missing();
  } else {
    p.unexpected("E0120", type === 0 ? "`=` or a type" : "`=`");
    value = p.missing();
  }
  return ast.add(Kind.Let, mutable ? Flag.mutable : 0, start, p.lastEnd, pattern, type, value, otherwise);
}

const compileIfChain: ChainForm = {
  condition: (p) => (parseCompileIfHead(p) ? parseCompileCondition(p) : (0 as Node)),
  then: (p) => parseBlock(p, "what stands there if the condition holds"),
  otherwise: (p) => parseBlock(p, "what stands there otherwise"),
  directive: true,
  link: (p, start, end, condition, then, rest) => p.ast.add(Kind.CompileIfStatement, 0, start, end, condition, then, rest, 0),
  asRest: (_, link) => link,
};

/** `#if condition { } else { }` among statements. */
function parseCompileIfStatement(p: Parser): Node {
  const chain = parseChain(p, compileIfChain);
  return chain === 0 ? p.missing() : chain;
}

/** `#if`, or the `if` of an `else if`. Whether it is one. */
export function parseCompileIfHead(p: Parser): boolean {
  const start = p.start();
  if (p.take(T["#"]) && p.kind !== T.if) {
    if (p.kind === T["["]) {
      const end = p.value() > p.index ? (p.tokens.end[p.value()] as number) : p.end();
      p.error("E0138", start, end, "attributes are not written `#[…]`", ["what a type derives stands behind its name: struct Point: Show, Clone { x f64, y f64 }", "a test is declared by `test \"title\" { … }`"]);
      return false;
    }
    p.error("E0138", start, p.end(), `\`#${p.kind === T.Name ? p.found().slice(1, -1) : ""}\` is no directive`, [p.adjacent(0) ? "the only directive is `#if`; another file is included with: include \"file.lang\"" : "a comment begins with //"]);
    return false;
  }
  return p.take(T.if);
}

/** The condition of an `#if`. */
export function parseCompileCondition(p: Parser): Node {
  const head = p.head;
  p.head = Head.plain;
  const condition = parseExpression(p);
  refuseAssignment(p, condition);
  p.head = head;
  return condition;
}

/** A function, type or constant within a function: reported, and passed over. */
function parseInnerDeclaration(p: Parser): Node {
  const start = p.start();
  const firstRow = p.index;
  const advice = p.kind === T.func ? "within a function, write a closure: let f = |x i64| x + 1" : p.kind === T.const ? "within a function, write `let`" : "move it out of the function";
  p.slip("E0145", start, p.end(), "declarations stand outside functions", advice);
  const muted = p.muted;
  p.muted = true;
  parseDeclaration(p, 0);
  // Too deep a nesting within mutes up to the next declaration.
  p.muted = muted || p.halted;
  if (p.index === firstRow) p.advance();
  p.take(T[";"]);
  return p.ast.add(Kind.Error, 0, start, p.lastEnd, 0, 0, 0, 0);
}

/** After a mistake in the statement that began at row `row`, goes on at the next: behind `;`, on a new line, or at the block's end. */
export function recoverStatement(p: Parser, row: number): void {
  if (p.index === row && p.kind !== T["}"]) p.skip();
  for (;;) {
    const kind = p.kind;
    if (kind === T["}"] || kind === T.EndOfFile || kind === T[";"]) break;
    if (p.breaks() || (p.onNewLine() && (startsStatement[kind] !== 0 || (declarationFollows(p) && p.atLineStart())))) break;
    p.skip();
  }
  p.panicking = false;
}
