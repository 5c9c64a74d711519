/** Functions: their heads, parameters and type parameters (those of types, too). */

import type { NameId } from "../source/interner.ts";
import { Flag, Kind, type List, type Node, emptyList } from "./ast.ts";
import { parseBlock } from "./parseBlocks.ts";
import { declarationFollows } from "./parseStatements.ts";
import { parsePathType, parseType, startsResult } from "./parseTypes.ts";
import type { Parser } from "./parserState.ts";
import { T, startsStatement, startsType } from "./token.ts";

/** `func name[T](parameters) result { body }`; `func` is at hand, `start` is where `pub` or `extern` began. */
export function parseFunction(p: Parser, start: number, flags: number, attributes: number, isMethod: boolean): Node {
  const { ast } = p;
  p.advance();
  const name = p.expectName("a function's name");
  if (name === 0) {
    // Whatever it is called by.
    ast.lost.add(0);
    return p.missing();
  }
  const signatureStart = p.start();
  const { mistakes } = p;
  const typeParameters = parseTypeParameters(p);
  const open = p.index;
  let parameters = emptyList;
  let signatureFlags = 0;
  const isOperator = p.names.name(name) === "operator" && p.kind !== T["("];
  if (p.expect(T["("], isOperator ? "operators are methods of traits: impl Add for V { func add(self, other V) V { … } }" : "parameters stand in parentheses, even if there are none")) {
    const from = p.stackCount;
    while (!p.listEnds(T[")"], open)) {
      if (p.kind === T["..."]) {
        if ((flags & Flag.external) === 0) p.slip("E0146", p.start(), p.end(), "only an `extern func` is variadic", "take a slice: []T");
        p.advance();
        signatureFlags = Flag.variadic;
        if (p.kind === T[","]) p.slip("E0146", p.lastEnd - 3, p.lastEnd, "`...` stands behind the last parameter", "move it to the end");
        break;
      }
      p.push(parseParameter(p, p.stackCount === from));
      if (!p.panicking && isCommaMissing(p)) {
        p.slip("E0120", p.start(), p.end(), `expected \`,\` or \`)\`, found ${p.found()}`, "parameters are separated by commas");
        continue;
      }
      if (p.panicking || !p.take(T[","])) break;
    }
    p.close(T[")"], open);
    parameters = p.list(from);
  } else {
    while (!p.onNewLine() && p.kind !== T["{"] && p.kind !== T["}"] && p.kind !== T.EndOfFile) p.advance();
  }
  let result: number = 0;
  if (!p.panicking) {
    const arrow = p.kind === T["-"] && p.peek(1) === T[">"] && p.adjacent(1);
    if (arrow || p.kind === T[":"]) {
      const end = arrow ? (p.tokens.end[p.index + 1] as number) : p.end();
      p.slip("E0137", p.start(), end, `no \`${arrow ? "->" : ":"}\` stands before a function's result`, "write `func f(x i64) i64 { … }`");
      p.advance();
      if (arrow) p.advance();
    }
    if (startsResult(p) && !(isMethod && isFunctionHead(p, p.index))) result = parseType(p);
    if (result !== 0 && p.kind === T[","] && !(isMethod && isFunctionHead(p, p.index + 1)) && (flags & Flag.external) === 0 && !p.panicking) {
      p.slip("E0137", p.start(), p.end(), "several results are one tuple", "write `func f() (i64, str)`");
      while (p.take(T[","])) parseType(p);
      result = p.missing();
    }
  }
  if (p.kind === T[";"] && p.peek(1) === T["{"] && !p.panicking) {
    p.slip("E0137", p.start(), p.end(), "no `;` stands before a function's body", "remove it");
    p.advance();
  }
  const isBodyMissing = !p.panicking && (p.lostOpening(start) >= 0 || p.breaks() && (flags & Flag.external) === 0 && attributes === 0 && !declarationFollows(p) && (p.kind === T.Name || p.kind === T.self || startsStatement[p.kind] !== 0) && p.kind !== T.var);
  const goesOn = isBodyMissing || !p.panicking && !p.breaks() && p.kind !== T["{"] && p.kind !== T[";"] && p.kind !== T["}"] && p.kind !== T.EndOfFile && p.kind !== T[","] && !(result === 0 && p.kind === T.Name) && !(isMethod && isFunctionHead(p, p.index));
  // What stands in the place of the result or behind it tells nothing.
  if (goesOn && result === 0 && !isBodyMissing) result = p.missing();
  if (p.mistakes > mistakes || goesOn) ast.lost.add(name);
  const signature = ast.add(Kind.Signature, signatureFlags, signatureStart, Math.max(signatureStart, p.lastEnd), typeParameters, parameters, result, 0);
  let body: number = 0;
  if (p.kind === T["{"] && !(p.panicking && p.onNewLine())) {
    const afterMistake = p.panicking;
    p.panicking = false;
    if (p.deferBodies && p.value() > p.index) {
      // The row of the `{`: parser.ts parses the body when it is asked for.
      body = p.index;
      flags |= Flag.deferredBody;
      p.jump(p.value());
      p.advance();
    } else {
      p.labels = [];
      if ((flags & Flag.external) !== 0 && !afterMistake) p.slip("E0144", p.start(), p.end(), "an `extern func` has no body", "it stands in a C library; for a function that C can call, write @export(\"name\") func");
      body = parseBlock(p, "the function's body");
    }
  } else if (goesOn) {
    body = parseBlock(p, "the function's body");
  }
  return ast.add(Kind.Function, flags, start, p.declarationEnd(), name, signature, body, attributes);
}

/** At the row begins another function, and not a function type: behind a method without a body, that is a trait's next one. */
export function isFunctionHead(p: Parser, row: number): boolean {
  const at = p.kindAt(row) === T.pub ? row + 1 : row;
  return p.kindAt(at) === T.func && p.kindAt(at + 1) === T.Name;
}

/** `name type`, `self`, `&self`, `&mut self`. */
function parseParameter(p: Parser, first: boolean): Node {
  const { ast } = p;
  const start = p.start();
  let flags = 0;
  if (p.kind === T["&"] || p.kind === T.self || (p.kind === T.mut && p.peek(1) === T.self)) {
    if (p.take(T["&"])) flags |= Flag.reference;
    if (p.kind === T.mut) {
      if (flags === 0) p.slip("E0140", start, p.end(), "a receiver is self, &self or &mut self", "write `&mut self` to change the value");
      p.advance();
      flags |= Flag.mutable;
    }
    const name = p.value();
    if (!p.expect(T.self)) return p.missing();
    if (!first) p.slip("E0140", start, p.lastEnd, "self stands before the other parameters", "move it to the front");
    if (p.kind === T[":"] || p.kind === T.Self) {
      const typed = p.start();
      p.take(T[":"]);
      if (p.kind === T["&"]) flags |= Flag.reference;
      if (p.kind === T["&"] && p.peek(1) === T.mut) flags |= Flag.mutable;
      const type = parseType(p);
      p.slip("E0140", typed, ast.end[type] as number, "a receiver's type is not written", "write self, &self or &mut self");
    }
    return ast.add(Kind.Parameter, flags | Flag.self, start, p.lastEnd, name, 0, 0, 0);
  }
  if (p.kind === T.mut || p.kind === T.var || p.kind === T.let) {
    p.slip("E0140", start, p.end(), "parameters do not change", "assign the parameter to a `var` of the function");
    p.advance();
  }
  if (p.kind !== T.Name && startsType[p.kind] !== 0) {
    p.error("E0140", start, p.end(), "a parameter has a name before its type", ["write `name type`"]);
    return p.missing();
  }
  const name = p.expectName("a parameter's name");
  if (name === 0) return p.missing();
  if (p.kind === T[":"]) {
    p.slip("E0137", p.start(), p.end(), "no colon stands before a parameter's type", "write `x i64`");
    p.advance();
  }
  if (p.kind === T[","] || p.kind === T[")"]) {
    p.slip("E0143", start, p.lastEnd, `the type of \`${p.names.name(name)}\` is missing`, "write `name type`");
    const missing = p.missing();
    return ast.add(Kind.Parameter, 0, start, p.lastEnd, name, missing, 0, 0);
  }
  const type = parseType(p);
  if (p.kind === T["="]) p.error("E0140", p.start(), p.end(), "parameters have no default values", ["declare a second function, or take a ?T"]);
  else if ((p.kind === T.Name && !isCommaMissing(p)) || p.kind === T["["] || p.kind === T["&"]) {
    p.error("E0140", start, ast.end[type] as number, "a parameter is one name and its type", [`write \`${p.names.name(ast.kind[type] === Kind.Name ? ast.name(type) : name)} i64\`, or \`x &mut i64\` if it changes what it is given`]);
    return p.missing();
  }
  return ast.add(Kind.Parameter, 0, start, p.lastEnd, name, type, 0, 0);
}

/** `b i64` stands right behind a parameter. */
function isCommaMissing(p: Parser): boolean {
  return p.kind === T.Name && startsType[p.peek(1)] !== 0 && p.peek(1) !== T["("];
}

/** `[T, U: Ord + Copy]`, or nothing. */
export function parseTypeParameters(p: Parser): List {
  const { ast } = p;
  if (p.panicking) return emptyList;
  if (p.kind === T["<"]) {
    // A lifetime was told of where it was read.
    if (p.peek(1) !== T.Character) p.slip("E0137", p.start(), p.end(), "type parameters do not stand in `< >`", "write them in brackets: func max[T: Ord](a T, b T) T");
    return parseAngles(p);
  }
  if (p.kind !== T["["] || p.breaks()) return emptyList;
  const open = p.index;
  p.advance();
  const from = p.stackCount;
  while (!p.listEnds(T["]"], open)) {
    const start = p.start();
    if (p.kind === T.const && p.peek(1) === T.Name) {
      passNumberParameter(p, open);
      if (!p.take(T[","])) break;
      continue;
    }
    const name = p.expectName("a type parameter's name");
    if (name === 0) break;
    const bounds = p.stackCount;
    if (p.take(T[":"])) {
      do p.push(parsePathType(p));
      while (p.take(T["+"]));
    }
    if (p.kind === T["="]) {
      const from = p.start();
      p.advance();
      parseType(p);
      p.slip("E0137", from, p.lastEnd, "a type parameter has no default", "leave it out: arguments are told by what is given, or written, as in List[i64]");
    }
    const list = p.list(bounds);
    p.push(ast.add(Kind.TypeParameter, 0, start, p.lastEnd, name, list, 0, 0));
    if (p.kind === T.Name && !p.panicking) {
      p.slip("E0120", p.start(), p.end(), `expected \`,\`, \`:\` or \`]\`, found ${p.found()}`, "two type parameters are written [A, B], and one that has a trait [T: Ord]");
      // Which of both was meant is not known, so what is made of it tells nothing.
      p.mistakes++;
      continue;
    }
    if (!p.take(T[","])) break;
  }
  p.close(T["]"], open);
  return p.list(from);
}

/** `const N: usize`, which other languages have among their type parameters. */
function passNumberParameter(p: Parser, open: number): void {
  const start = p.start();
  p.advance();
  p.ast.lost.add(p.value() as NameId);
  p.slip("E0137", start, p.end(), "type parameters stand for types only", "what has a length of its own is a List[T], or borrowed as a []T");
  while (!p.listEnds(T["]"], open) && p.kind !== T[","]) p.advance();
}

/** `<T, U: Ord>`, as other languages write type parameters; lifetimes among them are passed over. */
function parseAngles(p: Parser): List {
  const { ast } = p;
  p.advance();
  const from = p.stackCount;
  while (p.kind === T.Name || p.kind === T.Character) {
    const start = p.start();
    const name = p.value();
    const isLifetime = p.kind === T.Character;
    p.advance();
    const bounds = p.stackCount;
    if (p.take(T[":"])) {
      do {
        if (p.kind === T.Character) p.advance();
        else p.push(parsePathType(p));
      } while (p.take(T["+"]));
    }
    const list = p.list(bounds);
    if (!isLifetime) p.push(ast.add(Kind.TypeParameter, 0, start, p.lastEnd, name, list, 0, 0));
    if (!p.take(T[","])) break;
  }
  if (!p.take(T[">"])) p.panicking = true;
  return p.list(from);
}
