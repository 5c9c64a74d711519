/**
 * Fuzzing of lexer and parser: from a seed to bytes, and from bytes to what is wrong with the result, if anything. `scripts/fuzz-syntax.ts` runs
 * many; the test a few. Whatever the bytes, nothing may throw, and tokens, tree and diagnostics must keep what their stores promise.
 */

import { Diagnostics } from "../source/diagnostics.ts";
import { Interner } from "../source/interner.ts";
import { renderDiagnostic, renderJson } from "../source/render.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { Ast, Flag } from "./ast.ts";
import { dumpAst } from "./dump.ts";
import { operandsByKind } from "./operands.ts";
import { lex } from "./lexer.ts";
import { DeferredBodies, parseFile } from "./parser.ts";
import { T, tokenKinds } from "./token.ts";

/** A small generator of random numbers (mulberry32): the same seed gives the same numbers everywhere. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** An integer from 0 to below `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  pick<E>(items: readonly E[]): E {
    return items[this.below(items.length)] as E;
  }
}

/** A program with every construct of the grammar: what the fuzzer mutates, and what the printer's test prints. */
export const everything = `include "std/core.lang"
pub import "std/json" as j

/// How large.
const SIZE i64 = 64 * 1024
var counter i64 = 0
pub type Pair[T] = (T, ?*[]mut T)

#if OS == "linux" && ARCH != "x" { const A = 1 } else if DEBUG { const A = 2 } else { const A = 3 }

extern func printf(format *u8, ...) i32
@import("env", "print") func log(p *u8, n i32)
@export("add") pub func add(a i32, b i32) i32 { a + b }
func os_getpid() i64
func max[T: Ord + Copy, U](a T, b &mut T, f func(T) U, g mut func(), h extern func(i64) i64) Result[T, U] {
    let xs [3]i64 = [1, 2, 3]
    var (q, r) = (0x1f_u8, -128i8 as i64 << 3 & 1 | 2 ^ ~4)
    let Some(y) = find(k)? else { return Err(.Bad(1)) }
    outer: for (i, x) in &mut xs[1..q] {
        if x > 3 && !done || t.0.1 == 'c' { break outer } else if let Some(z) = m["k"] { continue outer } else { defer close(z) }
        xs[i] +%= x *| 2 -% 1
    }
    while let Ok(v) = it.next() { *p.x = v!.y ?? nil }
    let s = f"a{x + 1:>8.3} {{b}} {f"{"in"}"}\\n" |> trim |> split(",")?
    let c = move |a i64, (b, _)| { a + b }
    let w = Point[f64] { x: 1.0, y, ..origin }
    let big = loop { break [0; 64] }
    @ptr_write[[4]u8](p, max[&[]u8](a, b))
    match shape {
        Circle(r) if r >= 0.5e-3 => r, Shape.Rect(w, ..) | Square(w) => w
        n @ -1..=9 => n = 2
        Point { x: 0, y, .. } => { return }
        [first, rest @ .., 'z'] => r"raw" as str
        (a, b, true) => b'\\xff' +| 1
        MAX | "x" | ..5 => ()
        _ => (1,),
    }
}
struct Point[T]: Copy, Eq { pub x T, y []u8
    z dyn Show }
enum Shape: Show { Circle(f64), Rect(w f64, h f64)
    Empty = 3 }
trait Area[T]: Show { func area(&self) f64
    func twice(self) f64 { self.area() * 2.0 } }
impl[T: Show] Area[T] for List[T] { pub func area(&mut self) f64 { 0.0 } }
test "adds" { assert_eq(add(2, 3), 5); }
`;

const encoder = new TextEncoder();
const spellings: readonly string[] = [...tokenKinds.slice(T.as), "name", "x", "Type", "1", "2.5", "0x", '"s"', '"', 'f"{', "}\"", "'c'", "'", "\n", "\n", " ", "//", "/*", "*/", "///", '"""', "include", "test", "\\", "é", "\u202e"];

/** The bytes of case `seed`. Of every few hundred, one is large. */
export function makeCase(seed: number): Uint8Array {
  const random = new Random(seed);
  switch (random.below(8)) {
    case 0:
      return Uint8Array.from({ length: random.below(400) }, () => random.below(256));
    case 1: {
      let text = "func f() {\n";
      for (let i = random.below(150); i > 0; i--) text += random.pick(spellings) + (random.below(3) === 0 ? "" : " ");
      return encoder.encode(text);
    }
    case 2: {
      const bytes = encoder.encode(everything);
      return bytes.subarray(0, random.below(bytes.length));
    }
    case 3: {
      // Deep or long: one piece over and over, its end perhaps missing.
      const piece = random.pick(["(", "[", "{", "f(", "x[", "-", "!", "&&", "if a {", "match a { _ =>", "|x|", "a ??", "a +", ".b", "else if a {}", "*", "[]", "(a,", "Some(", 'f"{', "loop {", "return", "#if A {", "/*", "a as", "P { x:", "?", "a |>", "x = ", "func(", "break ", "match ", "while ", "if ", "for x in ", "move ", "a[func("]);
      const place = random.pick(["func f() { ", "func f() { let x ", "func f() { match a { ", "type T = ", "", "const A = ", "func f(a "]);
      return encoder.encode(place + piece.repeat(random.below(3000)) + random.pick(["", "1", ")".repeat(200), "}".repeat(400), "\n}\nfunc g() {}\n"]));
    }
    case 4: {
      if (random.below(40) !== 0) return encoder.encode(random.pick(spellings).repeat(random.below(2000)));
      return encoder.encode(`func f() { ${random.pick(["x", "x ", '"x" ', "(x) ", "// x", "x + ", "'x'", "1", "{ ", "f(", "é"]).repeat(200_000)}`);
    }
    default: {
      // Pieces of the program left out, doubled, exchanged, or put in from elsewhere.
      const pieces = everything.split(/(\s+|\b)/);
      for (let i = 1 + random.below(6); i > 0; i--) {
        const at = random.below(pieces.length);
        switch (random.below(5)) {
          case 0: pieces.splice(at, 1 + random.below(3)); break;
          case 1: pieces.splice(at, 0, random.pick(pieces)); break;
          case 2: pieces.splice(at, 0, random.pick(spellings)); break;
          case 3: pieces[at] = random.pick(pieces); break;
          default: pieces[at] = String.fromCharCode(random.below(128));
        }
      }
      return encoder.encode(pieces.join(""));
    }
  }
}

/** Lexes, parses, dumps and renders; what is wrong, or undefined. */
export function checkCase(bytes: Uint8Array): string | undefined {
  try {
    const sources = new SourceMap();
    const names = new Interner();
    const ast = new Ast();
    const diagnostics = new Diagnostics();
    const file = sources.add("fuzz.lang", bytes);
    const root = parseFile(ast, names, file, diagnostics);
    const wrong = checkTokens(bytes) ?? checkTree(ast, file.base, bytes.length);
    if (wrong !== undefined) return wrong;
    const errors = diagnostics.errorCount;
    for (const diagnostic of diagnostics.list) {
      if (diagnostic.span.start < file.base || diagnostic.span.end > file.base + bytes.length) return `${diagnostic.code} is outside the file`;
      if (renderDiagnostic(diagnostic, sources).split("\n").some((line) => line.length > 1000)) return `${diagnostic.code} prints a very long line`;
      JSON.parse(renderJson(diagnostic, sources));
    }
    for (let node = 1; node < ast.count; node++) if (ast.kindName(node as typeof root) === "Error" && errors === 0) return "an Error node without an error";
    if (bytes.length < 3000 && errors < 10) dumpAst(ast, names, root);
    return checkDeferred(bytes, errors);
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
}

/** Tokens lie in order and end in EndOfFile; brackets name each other. */
function checkTokens(bytes: Uint8Array): string | undefined {
  const file = new SourceMap().add("fuzz.lang", bytes);
  const tokens = lex(new Ast(), new Interner(), file, new Diagnostics());
  const { kind, start, end, value, count } = tokens;
  if (kind[count - 1] !== T.EndOfFile) return "the last token is not EndOfFile";
  let last = file.base;
  for (let row = 0; row < count; row++) {
    if ((start[row] as number) < last || (end[row] as number) < (start[row] as number)) return `token ${row} lies before the one before it`;
    last = end[row] as number;
    const opens = kind[row] === T["("] || kind[row] === T["["] || kind[row] === T["{"] || kind[row] === T.FormatOpen;
    if (opens && value[row] !== 0 && value[value[row] as number] !== row) return `bracket ${row} and its partner disagree`;
  }
  return last > file.base + bytes.length ? "a token lies behind the file" : undefined;
}

/** Spans lie in the file, and children come before their parents. */
function checkTree(ast: Ast, base: number, length: number): string | undefined {
  for (let node = 1; node < ast.count; node++) {
    const start = ast.start[node] as number;
    const end = ast.end[node] as number;
    if (start < base || end > base + length || start > end) return `node ${node} (${ast.kindName(node as never)}) spans ${start - base} to ${end - base}`;
    const columns = [ast.a, ast.b, ast.c, ast.d];
    const operands = operandsByKind[ast.kind[node] as number] ?? [];
    for (let i = 0; i < operands.length; i++) {
      const operand = columns[i]?.[node] as number;
      if (operands[i] === "node" && operand >= node) return `node ${node} (${ast.kindName(node as never)}) comes before its child`;
      if (operands[i] === "list") for (let k = 1; k <= (ast.pool[operand] as number); k++) if ((ast.pool[operand + k] as number) >= node) return `node ${node} comes before a child in its list`;
    }
  }
  return undefined;
}

/** Bodies parsed on demand give errors exactly where parsing at once does (unless there are so many that they are cut off). */
function checkDeferred(bytes: Uint8Array, errors: number): string | undefined {
  const names = new Interner();
  const ast = new Ast();
  const diagnostics = new Diagnostics();
  const deferred = new DeferredBodies();
  parseFile(ast, names, new SourceMap().add("fuzz.lang", bytes), diagnostics, { deferred });
  const count = ast.count;
  for (let node = 1; node < count; node++) if (ast.has(node as never, Flag.deferredBody)) deferred.parseBody(ast, node as never);
  return (diagnostics.errorCount === 0) === (errors === 0) ? undefined : `${errors} errors at once, ${diagnostics.errorCount} with deferred bodies`;
}
