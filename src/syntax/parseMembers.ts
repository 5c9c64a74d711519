/** Structs, enums, traits and impls, and what they are made of. */

import type { NameId } from "../source/interner.ts";
import { Flag, Kind, type List, type Node, emptyList } from "./ast.ts";
import { mendWord } from "./mendWord.ts";
import { isFunctionHead, parseFunction, parseTypeParameters } from "./parseFunctions.ts";
import { parseExpression } from "./parseExpressions.ts";
import { declarationFollows } from "./parseStatements.ts";
import { onlyTypeAt, parsePathType, parseType } from "./parseTypes.ts";
import type { Parser } from "./parserState.ts";
import { T, startsDeclaration, startsType } from "./token.ts";

/** `: Copy, Eq`, or nothing. */
function parseTraits(p: Parser, start: number, what: "derives" | "bases" = "derives"): List {
  const from = p.stackCount;
  const isColonMissing = !p.panicking && p.kind === T.Name && !p.onNewLine() && (p.peek(1) === T["{"] || p.peek(1) === T[","] || p.peek(1) === T["+"]);
  if (isColonMissing) p.slip("E0120", p.start(), p.end(), `expected \`:\` or \`{\`, found ${p.found()}`, "write `: Copy, Eq` behind the name");
  if (isColonMissing || (!p.panicking && p.take(T[":"]))) {
    for (;;) {
      p.push(parsePathType(p));
      if (p.take(T[","])) continue;
      if (what === "derives" && p.kind === T.Name && !p.panicking && !p.onNewLine() && p.lostOpening(start) < 0) {
        p.slip("E0120", p.start(), p.end(), `expected \`,\` or \`{\`, found ${p.found()}`, "derives are separated by commas");
        continue;
      }
      if (p.kind !== T["+"] || p.panicking) break;
      // A trait's bases may be written as bounds are.
      if (what === "derives") p.slip("E0137", p.start(), p.end(), "derives are separated by commas", "write `: Copy, Eq`");
      p.advance();
    }
  }
  return p.list(from);
}

/** Parts between braces, separated by commas or line ends. */
function parseBraced(p: Parser, start: number, what: string, part: (p: Parser) => Node): List {
  const open = p.index;
  const from = p.stackCount;
  if (p.kind !== T["{"] || p.panicking) {
    const end = p.panicking ? -1 : p.lostOpening(start);
    if (what === "the variants" && p.kind === T["="]) p.unexpected("E0120", `\`{\` and ${what}`, "write `enum Light { Red, Green }`");
    else p.unexpected("E0120", `\`{\` and ${what}`);
    if (end >= 0) return parseUnopened(p, end, part);
    // What follows on the line belongs to the head, and the members are known all the same.
    while (what !== "the methods" && !p.onNewLine() && p.kind !== T["{"] && p.kind !== T["}"] && p.kind !== T[";"] && p.kind !== T.EndOfFile) p.advance();
    if (p.kind !== T["{"] || p.onNewLine()) return emptyList;
    p.panicking = false;
    return parseBraced(p, start, what, part);
  }
  p.advance();
  // `{ {`: that one is not closed was said.
  if (p.kind === T["{"] && p.diagnostics.list.some(({ span }) => span.start === p.startAt(open))) p.advance();
  while (p.kind !== T["}"] && p.kind !== T.EndOfFile) {
    if (p.unclosedBefore(open) && (p.kind !== T.pub || (startsDeclaration[p.peek(1)] !== 0 && p.peek(1) !== T.func)) && declarationFollows(p)) break;
    const row = p.index;
    p.push(part(p));
    if (p.panicking) recoverPart(p, row);
    if (p.take(T[","]) || p.kind === T["}"] || p.onNewLine()) continue;
    // A method's `}` ends it, or the `;` behind one without a body.
    if ((p.kind === T.func || p.kind === T.pub) && (p.tokens.kind[p.index - 1] === T["}"] || p.tokens.kind[p.index - 1] === T[";"])) continue;
    if (what === "the methods" && isFunctionHead(p, p.index)) {
      p.slip("E0137", p.start(), p.end(), "nothing ends the method before this one", "a method without a body ends with its line, or with a comma");
      continue;
    }
    if (p.kind === T[";"]) {
      p.slip("E0137", p.start(), p.end(), "no `;` stands here", "separate by a comma or a new line");
      p.advance();
      continue;
    }
    p.unexpected("E0120", "`,`, a new line or `}`");
    recoverPart(p, p.index);
    p.take(T[","]);
  }
  p.close(T["}"], open, "");
  return p.list(from);
}

/** The parts up to the `}` at `end`, which was taken out, as no `{` stands before them. */
function parseUnopened(p: Parser, end: number, part: (p: Parser) => Node): List {
  const from = p.stackCount;
  p.panicking = false;
  while (p.kind !== T.EndOfFile && p.start() < end) {
    const row = p.index;
    p.push(part(p));
    if (p.panicking) recoverPart(p, row);
    if (p.index === row) p.skip();
    p.take(T[","]);
  }
  return p.list(from);
}

/** What `const A = 1` or `fn get() {}` at `row` would have declared. */
function loseNames(p: Parser, row: number): void {
  for (let at = row; at < row + 2; at++) if (p.kindAt(at) === T.Name) p.ast.lost.add(p.valueAt(at));
}

/** After a mistake in the part that began at row `row`, goes on at the next: at a comma, on a new line, or at the closing brace. */
function recoverPart(p: Parser, row: number): void {
  loseNames(p, row);
  if (p.index === row && p.kind !== T["}"] && p.kind !== T[","]) p.skip();
  while (p.kind !== T["}"] && p.kind !== T.EndOfFile && p.kind !== T[","] && !p.breaks()) {
    p.skip();
  }
  p.panicking = false;
}

/** `struct Name[T]: Copy, Eq { field type … }`. */
export function parseStruct(p: Parser, start: number, flags: number): Node {
  p.advance();
  const name = p.expectName("a struct's name");
  const parameters = parseTypeParameters(p);
  if (p.kind === T["("] && !p.panicking) {
    p.error("E0120", p.start(), p.end(), "the fields of a struct stand in braces and have names", ["write `struct Point { x f64, y f64 }`"]);
  }
  const derives = parseTraits(p, start);
  const fields = parseBraced(p, start, "the fields", parseField);
  return p.ast.add(Kind.Struct, flags, start, p.declarationEnd(), name, parameters, fields, derives);
}

function parseField(p: Parser): Node {
  const start = p.start();
  let flags = p.documented() ? Flag.documented : 0;
  if (p.take(T.pub)) flags |= Flag.public;
  if (p.kind === T.func || p.kind === T.var || p.kind === T.let || p.kind === T.const) {
    p.error("E0120", p.start(), p.end(), `a struct has fields only, found ${p.found()}`, [p.kind === T.func ? "methods stand in an `impl Name { … }`" : "a field is written `name type`"]);
    return p.missing();
  }
  if (p.kind === T.Name && p.peek(1) === T.Name && /^(private|public|protected|readonly|internal)$/.test(p.names.name(p.value() as NameId)) && (startsType[p.peek(2)] !== 0 || p.peek(2) === T[":"]) && !p.newlineAt(p.index + 2)) {
    p.slip("E0137", p.start(), p.end(), `${p.found()} is not a word of this language`, "a field is private to its module unless `pub` stands before it");
    p.advance();
  }
  const name = p.expectName("a field's name");
  if (name === 0) return p.missing();
  if (p.kind === T["?"] && p.peek(1) === T[":"]) {
    p.slip("E0137", p.start(), p.tokens.end[p.index + 1] as number, "`?:` is not written here", "what may be missing has an optional type: x ?f64");
    p.advance();
    p.advance();
  }
  if (p.kind === T[":"]) {
    p.slip("E0137", p.start(), p.end(), "no colon stands before a field's type", "write `x f64`");
    p.advance();
  }
  if (p.kind === T[","] || p.kind === T["}"] || p.breaks()) {
    p.slip("E0143", start, p.lastEnd, `the type of \`${p.names.name(name)}\` is missing`, "a field is written `name type`");
    const missing = p.missing();
    return p.ast.add(Kind.FieldDeclaration, flags, start, p.lastEnd, name, missing, 0, 0);
  }
  const type = parseType(p);
  if (p.kind === T["="]) p.error("E0120", p.start(), p.end(), "fields have no default values", ["give the value in the literal, or derive Default"]);
  return p.ast.add(Kind.FieldDeclaration, flags, start, p.lastEnd, name, type, 0, 0);
}

/** `enum Name[T]: Show { Variant(type), Other(name type), Empty }`. */
export function parseEnum(p: Parser, start: number, flags: number): Node {
  p.advance();
  const name = p.expectName("an enum's name");
  const parameters = parseTypeParameters(p);
  const derives = parseTraits(p, start);
  const variants = parseBraced(p, start, "the variants", parseVariant);
  return p.ast.add(Kind.Enum, flags, start, p.declarationEnd(), name, parameters, variants, derives);
}

function parseVariant(p: Parser): Node {
  const { ast } = p;
  const start = p.start();
  const flags = p.documented() ? Flag.documented : 0;
  if (p.kind === T.pub) {
    p.slip("E0139", start, p.end(), "a variant is not marked `pub`", "it is as visible as its enum");
    p.advance();
  }
  const name = p.expectName("a variant's name");
  if (name === 0) return p.missing();
  const from = p.stackCount;
  const braced = p.kind === T["{"] && !p.breaks();
  if (braced) p.slip("E0120", p.start(), p.end(), "the parts of a variant stand in parentheses", "write `Rect(w f64, h f64)`");
  if (braced || (p.kind === T["("] && !p.breaks())) {
    const open = p.index;
    const close = braced ? T["}"] : T[")"];
    p.advance();
    while (!p.listEnds(close, open)) {
      const fieldStart = p.start();
      let field = 0;
      if (p.kind === T.Name && namedPart(p)) {
        field = p.value();
        p.advance();
        p.take(T[":"]);
      }
      const type = parseType(p);
      p.push(ast.add(Kind.FieldDeclaration, 0, fieldStart, Math.max(fieldStart, p.lastEnd), field, type, 0, 0));
      if (!p.take(T[","]) && !(braced && p.onNewLine())) break;
    }
    p.close(close, open);
  }
  const fields = p.list(from);
  let value = 0;
  if (p.kind === T["="] && !p.panicking) {
    p.advance();
    value = parseExpression(p);
  }
  return ast.add(Kind.Variant, flags, start, p.lastEnd, name, fields, value, 0);
}

/** Whether the name at hand names a part, as in `w f64` and `xs []u8`, and is not itself the type, as in `f64` and `List[u8]`. */
function namedPart(p: Parser): boolean {
  const next = p.peek(1);
  if (next === T["["]) return onlyTypeAt(p, p.index + 1);
  if (next === T[":"]) {
    p.slip("E0137", p.startAt(p.index + 1), p.tokens.end[p.index + 1] as number, "no colon stands before a type", "write `w f64`");
    return true;
  }
  return startsType[next] !== 0;
}

/** `trait Name[T]: Other { func method(&self) … }`. */
export function parseTrait(p: Parser, start: number, flags: number): Node {
  p.advance();
  const name = p.expectName("a trait's name");
  const parameters = parseTypeParameters(p);
  const base = parseTraits(p, start, "bases");
  const methods = parseBraced(p, start, "the methods", parseMethod);
  return p.ast.add(Kind.Trait, flags, start, p.declarationEnd(), name, parameters, methods, base);
}

/** `impl[T: Show] Show for List[T] { … }`, `impl Point { … }`. */
export function parseImpl(p: Parser, start: number): Node {
  const { mistakes } = p;
  p.advance();
  const parameters = parseTypeParameters(p);
  let type = p.panicking ? p.missing() : parseType(p);
  let implemented = 0;
  if (p.take(T.for)) {
    implemented = type;
    type = parseType(p);
  }
  if (p.mistakes > mistakes || (p.kind !== T["{"] && !p.panicking)) p.ast.isImplLost = true;
  const methods = parseBraced(p, start, "the methods", parseMethod);
  return p.ast.add(Kind.Impl, 0, start, p.declarationEnd(), parameters, implemented, type, methods);
}

/** Whatever stands where methods do, perhaps the body of one without a head, is one mistake: goes on at the next method, or at the end. */
function passToMethod(p: Parser): void {
  while (p.kind !== T["}"] && p.kind !== T.EndOfFile) {
    loseNames(p, p.index);
    do p.skip(); while (p.kind !== T["}"] && p.kind !== T.EndOfFile && !p.onNewLine());
    const isForeign = p.kind === T.Name && (p.peek(1) === T.func || (p.peek(1) === T.Name && p.peek(2) === T["("]));
    if (p.kind === T.func || p.kind === T.pub || isForeign) return;
  }
}

function parseMethod(p: Parser): Node {
  const start = p.start();
  const documented = p.documented() ? Flag.documented : 0;
  mendWord(p, true);
  const flags = p.take(T.pub) ? Flag.public : 0;
  mendWord(p, true);
  if (p.kind === T.Name && p.peek(1) === T.func && p.names.name(p.value() as NameId) === "static") {
    p.slip("E0137", p.start(), p.end(), "`static` is not a word of this language", "a function without self belongs to its type: write `func`, and call it as Point.origin()");
    p.advance();
  }
  if (p.kind !== T.func) {
    const meant = p.kind === T.type ? "; a type that each impl chooses is a parameter: trait Stream[T]" : p.kind === T.const ? "; a constant stands outside of them" : "";
    p.unexpected("E0120", "a method", `in an \`impl\` or \`trait\` stand functions only${meant}`);
    passToMethod(p);
    return p.missing();
  }
  const node = parseFunction(p, start, flags, 0, true);
  p.take(T[";"]);
  p.ast.flags[node] = (p.ast.flags[node] as number) | documented;
  return node;
}
