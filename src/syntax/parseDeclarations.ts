/** Declarations: section 2 of the reference. Functions are in parseFunctions.ts, types, traits and impls in parseMembers.ts. */

import { Names, type NameId } from "../source/interner.ts";
import { modulesOfLibrary } from "../source/suggest.ts";
import { Flag, Kind, type List, type Node, emptyList } from "./ast.ts";
import { typeWords, wordAt } from "./foreignForms.ts";
import { mendWord } from "./mendWord.ts";
import { parseBlock } from "./parseBlocks.ts";
import { parseChain, type ChainForm } from "./parseChain.ts";
import { parseExpression } from "./parseExpressions.ts";
import { parseFunction, parseTypeParameters } from "./parseFunctions.ts";
import { parseEnum, parseImpl, parseStruct, parseTrait } from "./parseMembers.ts";
import { declarationFollows, parseCompileCondition, parseCompileIfHead, warnDocumentation } from "./parseStatements.ts";
import { parseType } from "./parseTypes.ts";
import type { Parser } from "./parserState.ts";
import { T, firstKeyword, startsType } from "./token.ts";

/** Declarations up to the end of the file, or up to `}` within `#if`; as a list. */
export function parseDeclarations(p: Parser, inner: boolean): List {
  const from = p.stackCount;
  while (p.kind !== T.EndOfFile && !(inner && p.kind === T["}"])) {
    if (p.take(T[";"])) continue;
    const row = p.index;
    const node = parseTopLevel(p);
    if (node !== 0) p.push(node);
    if (p.halted) {
      p.halted = false;
      p.muted = false;
      p.panicking = true;
      p.jump(row);
    }
    if (p.panicking) recoverDeclaration(p, row, inner);
  }
  if (p.kind === T.EndOfFile) warnDocumentation(p);
  return p.list(from);
}

function parseTopLevel(p: Parser): Node {
  if (p.kind === T["#"]) return parseCompileIf(p);
  const { ast } = p;
  const start = p.start();
  const documented = p.documented() ? Flag.documented : 0;
  const attributes = parseAttributes(p);
  if (attributes !== emptyList && p.kind !== T.func && p.kind !== T.pub && p.kind !== T.extern && !p.panicking) {
    p.error("E0136", start, p.lastEnd, "an attribute stands before a function", ["remove it"]);
    return p.missing();
  }
  const node = parseDeclaration(p, attributes);
  if (node !== 0) {
    ast.start[node] = start;
    ast.flags[node] = (ast.flags[node] as number) | documented;
  }
  return node;
}

/** `@import("module", "name")`, `@export("name")`, in a list. */
function parseAttributes(p: Parser): List {
  if (p.kind !== T["@"]) return emptyList;
  const { ast } = p;
  const from = p.stackCount;
  while (p.kind === T["@"]) {
    const start = p.start();
    p.advance();
    const known = p.kind === T.Name && (p.value() === Names.import || p.value() === Names.export);
    if (!known) p.error("E0136", start, p.end(), `\`@${p.kind === T.Name || p.kind >= firstKeyword ? p.found().replace("the keyword ", "").slice(1, -1) : ""}\` is no attribute`, ["the attributes are @import and @export"]);
    const name = p.value();
    p.advance();
    const first = p.stackCount;
    const open = p.index;
    if (p.expect(T["("])) {
      while (!p.listEnds(T[")"], open)) {
        if (p.kind !== T.String) p.unexpected("E0120", "a text");
        p.push(parseExpression(p));
        if (!p.take(T[","])) break;
      }
      p.close(T[")"], open);
    }
    const list = p.list(first);
    p.push(ast.add(Kind.Attribute, 0, start, p.lastEnd, name, list, 0, 0));
  }
  return p.list(from);
}

/** One declaration behind its attributes; 0 if none stands here, which is reported. */
export function parseDeclaration(p: Parser, attributes: number): Node {
  const start = p.start();
  let flags = 0;
  mendWord(p);
  if (p.take(T.pub)) {
    flags = Flag.public;
    mendWord(p);
  }
  if (attributes !== 0 && p.kind !== T.func && p.kind !== T.extern) {
    p.unexpected("E0136", "a function behind the attribute");
    return 0 as Node;
  }
  switch (p.kind) {
    case T.func:
      return endDeclaration(p, parseFunction(p, start, flags, attributes, false));
    case T.extern:
      p.advance();
      if (p.kind === T.String && p.peek(1) === T["{"]) {
        p.error("E0137", p.start(), p.end(), "there are no blocks of functions of C", ["declare each by itself: extern func abs(n i32) i32"]);
        return 0 as Node;
      }
      if (p.kind === T.String) {
        p.slip("E0137", p.start(), p.end(), "the calling convention is not named", "`extern func` is always C's");
        p.advance();
      }
      if (p.kind !== T.func) {
        p.unexpected("E0120", "`func`", "each function of C is declared by itself: extern func abs(n i32) i32");
        return 0 as Node;
      }
      return endDeclaration(p, parseFunction(p, start, flags | Flag.external, attributes, false));
    case T.struct:
      return endDeclaration(p, parseStruct(p, start, flags));
    case T.enum:
      return endDeclaration(p, parseEnum(p, start, flags));
    case T.trait:
      return endDeclaration(p, parseTrait(p, start, flags));
    case T.impl:
      refusePublic(p, start, flags, "an impl");
      return endDeclaration(p, parseImpl(p, start));
    case T.const:
    case T.var:
      return endDeclaration(p, parseConstant(p, start, flags));
    case T.type:
      return endDeclaration(p, parseAlias(p, start, flags));
    case T.let:
      p.unexpected("E0124", "a declaration", "outside functions, a constant is declared with `const`, a variable with `var`");
      return 0 as Node;
    case T.Name:
      if (p.peek(1) === T.String) {
        if (p.value() === Names.include) {
          refusePublic(p, start, flags, "an include");
          p.advance();
          const path = p.value();
          p.advance();
          return endDeclaration(p, p.ast.add(Kind.Include, 0, start, p.lastEnd, path, 0, 0, 0));
        }
        if (p.value() === Names.import) return endDeclaration(p, parseImport(p, start, flags));
        if (p.value() === Names.test) {
          refusePublic(p, start, flags, "a test");
          p.advance();
          const title = p.value();
          p.advance();
          p.labels = [];
          const body = parseBlock(p, "the test's body");
          return endDeclaration(p, p.ast.add(Kind.Test, 0, start, p.lastEnd, title, body, 0, 0));
        }
      } else if (p.value() === Names.include || p.value() === Names.import) {
        p.advance();
        p.unexpected("E0120", "the file's path as a text", `write import "${importedPath(p)}"`);
        return 0 as Node;
      }
  }
  if (p.kind === T.Name && p.peek(1) === T.Name && p.peek(2) === T["("] && (typeWords.has(wordAt(p, p.index)) || wordAt(p, p.index) === "void")) {
    p.error("E0137", p.start(), p.end(), "a function does not begin with the type of its result", ["write `func add(a i64, b i64) i64 { a + b }`"]);
    return 0 as Node;
  }
  if (p.kind === T["}"]) p.error("E0126", p.start(), p.end(), "this `}` closes nothing", ["remove it, or look for a `}` too many above"]);
  else p.unexpected("E0124", flags !== 0 ? "a declaration behind `pub`" : "a declaration", "statements stand in functions: func main() { … }");
  return 0 as Node;
}

function refusePublic(p: Parser, start: number, flags: number, what: string): void {
  if (flags !== 0) p.slip("E0139", start, start + 3, `${what} is not marked \`pub\``, "remove `pub`");
}

/** Behind a declaration that does not end in `}` stands a line end or `;`. */
function endDeclaration(p: Parser, node: Node): Node {
  if (p.panicking || p.take(T[";"]) || p.breaks() || p.kind === T.EndOfFile || p.kind === T["}"]) return node;
  if (p.kindAt(p.index - 1) !== T["}"]) p.unexpected("E0130", "a new line behind the declaration");
  return node;
}

/** `const NAME type = value`, `var name type = value`. */
function parseConstant(p: Parser, start: number, flags: number): Node {
  const { ast } = p;
  const constant = p.kind === T.const;
  p.advance();
  if (p.kind === T.mut) {
    p.slip("E0137", p.start(), p.end(), "`mut` is not written here", "a variable that changes is declared with `var`");
    p.advance();
  }
  const name = p.expectName(constant ? "a constant's name" : "a global's name");
  if (p.kind === T[":"] && !p.panicking) {
    p.slip("E0137", p.start(), p.end(), "no colon stands before a type", constant ? "write `const LIMIT i64 = 1`" : "write `var count i64 = 0`");
    p.advance();
  }
  const type = startsType[p.kind] !== 0 && !p.breaks() && !p.panicking ? parseType(p) : 0;
  let value = 0;
  if (p.kind === T["="] && !p.panicking) {
    p.advance();
    value = parseExpression(p);
  } else if (!p.panicking) {
    if (p.breaks() || p.kind === T[";"] || p.kind === T.EndOfFile) {
      if (constant || type === 0) {
        p.slip("E0147", start, p.lastEnd, constant ? "a constant needs a value" : "a global needs a type or a value", "write `= value`");
        value = p.missing();
      }
    } else p.unexpected("E0120", "`=`");
  }
  return ast.add(constant ? Kind.Const : Kind.Global, flags, start, p.lastEnd, name, type, value, 0);
}

/** `type Name[T] = type`. */
function parseAlias(p: Parser, start: number, flags: number): Node {
  p.advance();
  const name = p.expectName("a type's name");
  const parameters = parseTypeParameters(p);
  p.expect(T["="], "an alias is written `type Bytes = List[u8]`; a new type is a `struct` or an `enum`");
  const type = p.panicking ? p.missing() : parseType(p);
  return p.ast.add(Kind.TypeAlias, flags, start, p.lastEnd, name, parameters, type, 0);
}

/** `import "path" as name`. */
function parseImport(p: Parser, start: number, flags: number): Node {
  p.advance();
  const path = p.value();
  p.advance();
  const alias = p.take(T.as) ? p.expectName("the module's name") : 0;
  return p.ast.add(Kind.Import, flags, start, p.lastEnd, path, alias, 0, 0);
}

/** The branches are lists of declarations; 0 where there is no `#if`. */
const compileIfChain: ChainForm = {
  condition: (p) => (parseCompileIfHead(p) ? parseCompileCondition(p) : (0 as Node)),
  then: parseBracedDeclarations,
  otherwise: parseBracedDeclarations,
  directive: true,
  link: (p, start, end, condition, then, rest) => p.ast.add(Kind.CompileIf, 0, start, end, condition, then, rest, 0),
  asRest: (p, link) => {
    p.stack[p.stackCount] = link;
    return p.ast.addList(p.stack, p.stackCount, p.stackCount + 1);
  },
};

/** `#if condition { declarations } else { declarations }`. */
function parseCompileIf(p: Parser): Node {
  return parseChain(p, compileIfChain);
}

function parseBracedDeclarations(p: Parser): List {
  const open = p.index;
  if (!p.expect(T["{"])) return emptyList;
  let list = emptyList;
  if (p.enter()) list = parseDeclarations(p, true);
  p.leave();
  p.close(T["}"], open, "");
  return list;
}

/** `import std/math`, `import math`: the path that is meant. */
function importedPath(p: Parser): string {
  const parts: string[] = [];
  for (let at = p.index; p.kindAt(at) === T.Name && (at === p.index || !p.newlineAt(at)); at += 2) {
    parts.push(p.names.name(p.valueAt(at) as NameId));
    if (p.kindAt(at + 1) !== T["/"] && p.kindAt(at + 1) !== T["."]) break;
  }
  const path = parts.join("/");
  if (path === "") return "std/json";
  return modulesOfLibrary().includes(path) ? `std/${path}` : path;
}

/** What the declaration at `row` would have declared: the names that stand on its line before its body or value. */
function loseNames(p: Parser, row: number): void {
  for (let at = row; at < row + 16 && p.kindAt(at) !== T.EndOfFile && (at === row || !p.newlineAt(at)); at++) {
    const kind = p.kindAt(at);
    if (kind === T.Name) p.ast.lost.add(p.valueAt(at));
    // `func (f Foo) get()`: the name comes behind the parentheses.
    else if (kind === T["{"] || kind === T["="] || (kind === T["("] && p.kindAt(at - 1) === T.Name)) return;
  }
}

/** After a mistake in the declaration that began at row `row`, goes on at the next one on a new line. */
function recoverDeclaration(p: Parser, row: number, inner: boolean): void {
  loseNames(p, row);
  if (p.index === row) p.skip();
  while (p.kind !== T.EndOfFile) {
    if (p.onNewLine() && (declarationFollows(p) || p.kind === T["#"] || p.kind === T["@"] || (p.kind === T.var && p.atLineStart()))) break;
    if (inner && p.kind === T["}"]) break;
    p.skip();
  }
  p.panicking = false;
}
