import { describe, expect, test } from "bun:test";
import { Flag } from "./ast.ts";
import { documentation } from "./documentation.ts";
import { dumpAst } from "./dump.ts";
import { DeferredBodies } from "./parser.ts";
import { diagnosticsText, parseText, treeOf } from "./testing.ts";

/** The tree of a declaration on one line. */
const tree = (text: string): string => treeOf(text).replace(/\n\s*/g, " ").replaceAll("[ ", "[").replace(/^\(File \[(.*)\]\)$/, "$1");

describe("declarations", () => {
  const cases: [string, string][] = [
    ['include "std/core.lang"', '(Include "std/core.lang")'],
    ['pub import "std/json" as j', '(Import public "std/json" j)'],
    ["const SIZE = 64 * 1024", "(Const SIZE (Binary * (Integer 64) (Integer 1024)))"],
    ["pub const SIZE i32 = 1;", "(Const public SIZE (Name i32) (Integer 1))"],
    ["var counter i64", "(Global counter (Name i64))"],
    ["var p *u8 = nil", "(Global p (PointerType (Name u8)) (Nil))"],
    ["type Bytes = List[u8]", "(TypeAlias Bytes (Index (Name List) [(Name u8)]))"],
    ["type Pair[T] = (T, T)", "(TypeAlias Pair [(TypeParameter T)] (TupleType [(Name T) (Name T)]))"],
    ["func f()", "(Function f (Signature [] []))"],
    ["pub func f(a i64, b &mut []T) ?T { }", "(Function public f (Signature [] [(Parameter a (Name i64)) (Parameter b (ReferenceType mutable (SliceType (Name T))))] (OptionalType (Name T))) (Block))"],
    ["func max[T: Ord + Copy, U](a T) T { a }", "(Function max (Signature [(TypeParameter T [(Name Ord) (Name Copy)]) (TypeParameter U)] [(Parameter a (Name T))] (Name T)) (Block (Name a)))"],
    ["func f(g func(i64) i64, n i64) func() i64 { g }", "(Function f (Signature [] [(Parameter g (FunctionType [(Name i64)] (Name i64))) (Parameter n (Name i64))] (FunctionType (Name i64))) (Block (Name g)))"],
    ["func f(\n a i64,\n b i64,\n) {\n}", "(Function f (Signature [] [(Parameter a (Name i64)) (Parameter b (Name i64))]) (Block))"],
    ["extern func printf(f *u8, ...) i32", "(Function external printf (Signature variadic [] [(Parameter f (PointerType (Name u8)))] (Name i32)))"],
    ['@export("add") pub func add() {}', '(Function public add (Signature [] []) (Block) [(Attribute export [(String "add")])])'],
    ['@import("a", "b")\nfunc f()', '(Function f (Signature [] []) [(Attribute import [(String "a") (String "b")])])'],
    ["struct Empty {}", "(Struct Empty)"],
    ["pub struct P[T]: Copy, Eq { pub x f64\n y T, z []u8 }", "(Struct public P [(TypeParameter T)] [(FieldDeclaration public x (Name f64)) (FieldDeclaration y (Name T)) (FieldDeclaration z (SliceType (Name u8)))] [(Name Copy) (Name Eq)])"],
    ["enum E { A, B(f64), C(w f64, h []u8)\n D(List[u8], ?T), F(b [4]u8), G(json.Value), H(p *u8) }", "(Enum E [(Variant A) (Variant B [(FieldDeclaration (Name f64))]) (Variant C [(FieldDeclaration w (Name f64)) (FieldDeclaration h (SliceType (Name u8)))]) (Variant D [(FieldDeclaration (Index (Name List) [(Name u8)])) (FieldDeclaration (OptionalType (Name T)))]) (Variant F [(FieldDeclaration b (ArrayType (Integer 4) (Name u8)))]) (Variant G [(FieldDeclaration (Field (Name json) Value))]) (Variant H [(FieldDeclaration p (PointerType (Name u8)))])])"],
    ["enum Color: Show { Red = 1, Green }", "(Enum Color [(Variant Red (Integer 1)) (Variant Green)] [(Name Show)])"],
    ["trait Area { func area(&self) f64\n func name(self) str { \"x\" } }", '(Trait Area [(Function area (Signature [] [(Parameter self reference self)] (Name f64))) (Function name (Signature [] [(Parameter self self)] (Name str)) (Block (String "x")))])'],
    ["trait Area { func area(&self) f64, func name(self), func size(self) i64 }", '(Trait Area [(Function area (Signature [] [(Parameter self reference self)] (Name f64))) (Function name (Signature [] [(Parameter self self)])) (Function size (Signature [] [(Parameter self self)] (Name i64)))])'],
    ["trait Ord: Eq { }", "(Trait Ord [(Name Eq)])"],
    ["impl[T: Show] Show for List[T] { pub func show(&mut self) {} }", "(Impl [(TypeParameter T [(Name Show)])] (Name Show) (Index (Name List) [(Name T)]) [(Function public show (Signature [] [(Parameter mutable self reference self)]) (Block))])"],
    ["impl Point { func new() Self { } }", "(Impl (Name Point) [(Function new (Signature [] [] (Name Self)) (Block))])"],
    ['test "adds" { f() }', '(Test "adds" (Block (Call (Name f) [])))'],
    ['#if DEBUG { const A = 1 } else #if OS == "x" { const A = 2 } else { const A = 3 }', '(CompileIf (Name DEBUG) [(Const A (Integer 1))] [(CompileIf (Binary == (Name OS) (String "x")) [(Const A (Integer 2))] [(Const A (Integer 3))])])'],
    ["const A = 1; const B = 2", "(Const A (Integer 1)) (Const B (Integer 2))"],
    ["", "(File)"],
  ];
  for (const [text, expected] of cases) test(text.replaceAll("\n", "↵").slice(0, 70), () => expect(tree(text)).toBe(expected));

  test("include, import and test are names elsewhere", () => {
    expect(treeOf("func test(include i64) { let import = include; test(import) }")).not.toContain("E0");
  });
});

test("documentation is kept with its declaration", () => {
  const { ast, sources, file, diagnostics } = parseText("/// Adds.\n///   Twice.\n@export(\"f\")\npub func f() {}\n\n// no\nfunc g() {}\n/// S.\nstruct S {\n  /// X.\n  x i64\n}\n");
  expect(diagnostics.list).toEqual([]);
  const declarations = ast.declarations(file);
  const f = ast.item(declarations, 0);
  const source = sources.files[0];
  if (source === undefined) throw new Error("no file");
  expect(documentation(ast, source, f)).toBe("Adds.\n  Twice.");
  expect(documentation(ast, source, ast.item(declarations, 1))).toBe("");
  const s = ast.item(declarations, 2);
  expect(documentation(ast, source, s)).toBe("S.");
  expect(documentation(ast, source, ast.item(ast.members(s), 0))).toBe("X.");
});

describe("deferred bodies", () => {
  const text = "func f() i64 { 1 + 2 }\nimpl P { func g() { h() } }\nfunc bad() { 1 + }\n";
  test("are skipped, and parsed when asked for", () => {
    const deferred = new DeferredBodies();
    const { ast, names, file, diagnostics, sources } = parseText(text, { deferred });
    expect(diagnostics.list).toEqual([]);
    const declarations = ast.declarations(file);
    const f = ast.item(declarations, 0);
    expect(ast.has(f, Flag.deferredBody)).toBe(true);
    deferred.parseBody(ast, f);
    expect(ast.has(f, Flag.deferredBody)).toBe(false);
    expect(dumpAst(ast, names, ast.body(f))).toBe("(Block (Binary + (Integer 1) (Integer 2)))\n");
    deferred.parseBody(ast, f);
    const g = ast.item(ast.members(ast.item(declarations, 1)), 0);
    deferred.parseBody(ast, g);
    expect(dumpAst(ast, names, ast.body(g))).toBe("(Block (Call (Name h) []))\n");
    deferred.parseBody(ast, ast.item(declarations, 2));
    expect(diagnosticsText(diagnostics, sources)).toBe("3:18 E0121 expected an expression, found `}`");
  });
  test("a body whose brace is not closed is parsed at once", () => {
    const { diagnostics } = parseText("func f() {\n", { deferred: new DeferredBodies() });
    expect(diagnostics.list.map((d) => d.code)).toEqual(["E0125"]);
  });
});
