import { describe, expect, test } from "bun:test";
import { type Ast, Kind, type Node, binaryOperators, unaryOperators } from "./ast.ts";
import { bodyOf, expressionOf, parseText, treeOf } from "./testing.ts";

/** An expression with all its parentheses: what precedence made of it. */
function grouped(text: string): string {
  const { ast, names, diagnostics, file } = parseText(`func f() {\nlet x = ${text}\n}\n`);
  if (diagnostics.list.length > 0) return diagnostics.list.map((d) => d.code).join(" ");
  const body = ast.body(ast.item(ast.declarations(file), 0));
  const show = (n: Node): string => {
    switch (ast.kind[n]) {
      case Kind.Name: return names.name(ast.name(n));
      case Kind.Integer: return String(ast.integers[ast.literal(n)]);
      case Kind.Unary: return `(${unaryOperators[ast.unaryOperator(n)]} ${show(ast.operand(n))})`;
      case Kind.Binary: return `(${show(ast.left(n))} ${binaryOperators[ast.operator(n)]} ${show(ast.right(n))})`;
      case Kind.Pipe: return `(${show(ast.left(n))} |> ${show(ast.right(n))})`;
      case Kind.Cast: return `(${show(ast.operand(n))} as ${show(ast.castType(n))})`;
      case Kind.Range: return `(${ast.left(n) === 0 ? "" : show(ast.left(n))} .. ${ast.right(n) === 0 ? "" : show(ast.right(n))})`;
      case Kind.Try: return `${show(ast.operand(n))}?`;
      case Kind.Unwrap: return `${show(ast.operand(n))}!`;
      case Kind.Call: return `${show(ast.callee(n))}(${list(ast, ast.arguments(n))})`;
      case Kind.Index: return `${show(ast.operand(n))}[${list(ast, ast.arguments(n))}]`;
      case Kind.Field: return `${show(ast.operand(n))}.${names.name(ast.fieldName(n))}`;
      case Kind.Paren: return show(ast.operand(n));
      default: return ast.kindName(n);
    }
  };
  const list = (tree: Ast, items: ReturnType<Ast["arguments"]>): string => Array.from({ length: tree.length(items) }, (_, i) => show(tree.item(items, i))).join(", ");
  return show(ast.initialiser(ast.item(ast.statements(body), 0)));
}

describe("precedence", () => {
  const cases: [string, string][] = [
    ["a + b * c", "(a + (b * c))"],
    ["a * b + c", "((a * b) + c)"],
    ["a - b - c", "((a - b) - c)"],
    ["a +% b *| c -| d", "((a +% (b *| c)) -| d)"],
    ["a << b + c", "(a << (b + c))"],
    ["a & b << c", "(a & (b << c))"],
    ["a ^ b & c", "(a ^ (b & c))"],
    ["a | b ^ c", "(a | (b ^ c))"],
    ["a .. b | c", "(a .. (b | c))"],
    ["a == b & c", "(a == (b & c))"],
    ["a .. b == c", "((a .. b) == c)"],
    ["a && b == c", "(a && (b == c))"],
    ["a || b && c", "(a || (b && c))"],
    ["a ?? b || c", "(a ?? (b || c))"],
    ["a ?? b ?? c", "(a ?? (b ?? c))"],
    ["a ?? b |> f", "((a ?? b) |> f)"],
    ["a |> f |> g(b)", "((a |> f) |> g(b))"],
    ["a |> f(b)?", "(a |> f(b))?"],
    ["a |> f! |> g", "((a |> f)! |> g)"],
    ["a |> m.f[i](b)", "(a |> m.f[i](b))"],
    ["-a * b", "((- a) * b)"],
    ["-a.b", "(- a.b)"],
    ["-1.b", "(- 1).b"],
    ["- 1.b", "(- 1.b)"],
    ["a - -1", "(a - (- 1))"],
    ["a -1", "(a - 1)"],
    ["!a == b", "((! a) == b)"],
    ["~a & b", "((~ a) & b)"],
    ["*a.b", "(* a.b)"],
    ["&a[i]", "(& a[i])"],
    ["&mut a", "(&mut a)"],
    ["&&a", "(& (& a))"],
    ["- - a", "(- (- a))"],
    ["-a as b", "((- a) as b)"],
    ["a as b as c", "((a as b) as c)"],
    ["a * b as c", "(a * (b as c))"],
    ["a as b * c", "((a as b) * c)"],
    ["a? + b!", "(a? + b!)"],
    ["!a!", "(! a!)"],
    ["a?.b", "a?.b"],
    ["a(b)(c)[d].e", "a(b)(c)[d].e"],
    ["a..", "(a .. )"],
    ["..a", "( .. a)"],
    ["(a + b) * c", "((a + b) * c)"],
    ["a < b", "(a < b)"],
    ["a < b == c", "E0128"],
    ["a < b < c", "E0128"],
    ["a == b != c", "E0128"],
    ["a..b..c", "E0129"],
    ["a..=b..c", "E0129"],
    ["a..=", "E0121"],
  ];
  for (const [text, expected] of cases) test(text, () => expect(grouped(text)).toBe(expected));

  test("every pair of operators", () => {
    const levels = [["|>"], ["??"], ["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">="], ["..", "..="], ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-", "+%", "-%", "+|", "-|"], ["*", "/", "%", "*%", "*|"]];
    for (let i = 0; i < levels.length; i++) {
      for (let j = 0; j < levels.length; j++) {
        if (i === j && (i === 4 || i === 5)) continue;
        if (levels[j]?.[0] === "|>" || levels[i]?.[0] === "|>") continue;
        for (const first of levels[i] ?? []) {
          for (const second of levels[j] ?? []) {
            const text = grouped(`a ${first} b ${second} c`).replaceAll("..=", "..");
            const leftFirst = i > j || (i === j && i !== 1);
            const f = first.replace("..=", "..");
            const s = second.replace("..=", "..");
            expect(text).toBe(leftFirst ? `((a ${f} b) ${s} c)` : `(a ${f} (b ${s} c))`);
          }
        }
      }
    }
  });
});

describe("operands", () => {
  const cases: [string, string][] = [
    ["42u8", "(Integer 42 u8)"],
    ["(1)", "(Paren (Integer 1))"],
    ["()", "(Tuple)"],
    ["(1,)", "(Tuple [(Integer 1)])"],
    ["(1, 2,)", "(Tuple [(Integer 1) (Integer 2)])"],
    ["[1, 2]", "(Array [(Integer 1) (Integer 2)])"],
    ["[]", "(Array)"],
    ["[0; 64]", "(ArrayRepeat (Integer 0) (Integer 64))"],
    ["t.0.1", "(TupleField (TupleField (Name t) 0) 1)"],
    [".Circle(2.0)", "(Call (VariantName Circle) [(Float 2)])"],
    ["Shape.Empty", "(Field (Name Shape) Empty)"],
    ["Point { x: 1.0, y: 2.0 }", "(StructLiteral (Name Point) [(FieldInit (Float 1) x) (FieldInit (Float 2) y)])"],
    ["Point { x: loop { break 1 } }", "(StructLiteral (Name Point) [(FieldInit (Loop (Block (Break (Integer 1)))) x)])"],
    ["Point { x, ..p }", "(StructLiteral (Name Point) [(FieldInit (Name x) x)] (Name p))"],
    ["m.Pair[i64, str] {}", "(StructLiteral (Index (Field (Name m) Pair) [(Name i64) (Name str)]))"],
    ["Point {\n x: 1\n y: 2\n}", "(StructLiteral (Name Point) [(FieldInit (Integer 1) x) (FieldInit (Integer 2) y)])"],
    ["@sizeof(i64)", "(Intrinsic sizeof [(Name i64)])"],
    ["@sizeof([4]?u8)", "(Intrinsic sizeof [(ArrayType (Integer 4) (OptionalType (Name u8)))])"],
    ["@ptr_read[i64](p)", "(Intrinsic ptr_read [(Name i64) (Name p)])"],
    ["max[i64](a, b)", "(Call (Index (Name max) [(Name i64)]) [(Name a) (Name b)])"],
    ["f[[]u8](a)", "(Call (Index (Name f) [(SliceType (Name u8))]) [(Name a)])"],
    ["f[[]mut u8]", "(Index (Name f) [(SliceType mutable (Name u8))])"],
    ["f[[3][4]i64]", "(Index (Name f) [(ArrayType (Integer 3) (ArrayType (Integer 4) (Name i64)))])"],
    ["f[&[]u8]", "(Index (Name f) [(ReferenceType (SliceType (Name u8)))])"],
    ["f[(i64, ?str)]", "(Index (Name f) [(TupleType [(Name i64) (OptionalType (Name str))])])"],
    ["f[func(i64) i64, dyn Show]", "(Index (Name f) [(FunctionType [(Name i64)] (Name i64)) (DynType (Name Show))])"],
    ["f[*i64]", "(Index (Name f) [(Unary * (Name i64))])"],
    ["m[[1, 2]]", "(Index (Name m) [(Array [(Integer 1) (Integer 2)])])"],
    ["xs[a..]", "(Index (Name xs) [(Range (Name a))])"],
    ["xs[..]", "(Index (Name xs) [(Range _)])"],
    ["|x| x + 1", "(Closure [(Parameter x)] (Binary + (Name x) (Integer 1)))"],
    ["|a i64, b| a", "(Closure [(Parameter a (Name i64)) (Parameter b)] (Name a))"],
    ["move || f()", "(Closure move (Call (Name f) []))"],
    ["|(a, b), _| a", "(Closure [(Parameter (TuplePattern [(BindingPattern a) (BindingPattern b)])) (Parameter _)] (Name a))"],
    ["|x| y = x", "(Closure [(Parameter x)] (Assign (Name y) (Name x)))"],
    ["|x| |y| x", "(Closure [(Parameter x)] (Closure [(Parameter y)] (Name x)))"],
    ["|x| { x } + 1", "(Closure [(Parameter x)] (Binary + (Block (Name x)) (Integer 1)))"],
    ["a ?? return 1", "(Binary ?? (Name a) (Return (Integer 1)))"],
    ["if a { 1 } else { 2 } + 3", "(Binary + (If (Name a) (Block (Integer 1)) (Block (Integer 2))) (Integer 3))"],
    ["match a { _ => 1 }.f", "(Field (Match (Name a) [(Arm (WildcardPattern) (Integer 1))]) f)"],
    ["loop { break 3 }", "(Loop (Block (Break (Integer 3))))"],
    ["outer: loop { break outer 3 }", "(Loop (Block (Break (Integer 3) outer)) outer)"],
    ['f"a{b:>3}"', '(FormatString [(String "a") (FormatPiece (Name b) :>3)])'],
    ["'a'", "(Char 97)"],
    ["b'a'", "(Byte 97)"],
    ["nil", "(Nil)"],
    ["x as ?*[]mut T", "(Cast (Name x) (OptionalType (PointerType (SliceType mutable (Name T)))))"],
    ["x as ??T", "(Cast (Name x) (OptionalType (OptionalType (Name T))))"],
    ["x as extern func(*u8, ...) i32", "(Cast (Name x) (FunctionType external variadic [(PointerType (Name u8))] (Name i32)))"],
    ["x as mut func()", "(Cast (Name x) (FunctionType mutable))"],
    ["x as (T)", "(Cast (Name x) (Name T))"],
    ["x as ()", "(Cast (Name x) (TupleType))"],
  ];
  for (const [text, expected] of cases) test(text.replaceAll("\n", "↵"), () => expect(expressionOf(text).replaceAll("flags ", "")).toBe(expected.replace("external variadic", "external variadic").replace(/^/, "")));
});

describe("the newline rule in the parser", () => {
  const cases: [string, string][] = [
    ["a\n- b", "(ExpressionStatement (Name a))\n=> (Unary - (Name b))"],
    ["a -\nb", "=> (Binary - (Name a) (Name b))"],
    ["a\n+ b", "=> (Binary + (Name a) (Name b))"],
    ["a\n* b", "(ExpressionStatement (Name a))\n=> (Unary * (Name b))"],
    ["a\n(b)", "(ExpressionStatement (Name a))\n=> (Paren (Name b))"],
    ["a\n[b]", "(ExpressionStatement (Name a))\n=> (Array [(Name b)])"],
    ["a\n.b\n.c()", "=> (Call (Field (Field (Name a) b) c) [])"],
    ["a\n|> f", "=> (Pipe (Name a) (Name f))"],
    ["a\n|| b\n&& c", "=> (Binary || (Name a) (Binary && (Name b) (Name c)))"],
    ["a!\nb", "(ExpressionStatement (Unwrap (Name a)))\n=> (Name b)"],
    ["a\n!b", "(ExpressionStatement (Name a))\n=> (Unary ! (Name b))"],
    ["return\na", "(ExpressionStatement (Return))\n=> (Name a)"],
    ["f(a\n, b\n- c)", "=> (Call (Name f) [(Name a) (Binary - (Name b) (Name c))])"],
    ["f({\na\n- b\n})", "=> (Call (Name f) [(Block [(ExpressionStatement (Name a))] (Unary - (Name b)))])"],
    ["if a { b }\nelse { c }", "=> (If (Name a) (Block (Name b)) (Block (Name c)))"],
    ["a; b;", "(ExpressionStatement semicolon (Name a))\n(ExpressionStatement semicolon (Name b))"],
    ["a = b", "(ExpressionStatement (Assign (Name a) (Name b)))"],
    ["a +%= b", "(ExpressionStatement (Assign +% (Name a) (Name b)))"],
    ["a <<= b", "(ExpressionStatement (Assign << (Name a) (Name b)))"],
    ["a.b[c].d *= e", "(ExpressionStatement (Assign * (Field (Index (Field (Name a) b) [(Name c)]) d) (Name e)))"],
    ["*p = 1", "(ExpressionStatement (Assign (Unary * (Name p)) (Integer 1)))"],
  ];
  for (const [text, expected] of cases) test(text.replaceAll("\n", "↵"), () => expect(bodyOf(text)).toBe(expected));
});

describe("statements", () => {
  const cases: [string, string][] = [
    ["if a { b }\n- c", "(ExpressionStatement (If (Name a) (Block (Name b))))\n=> (Unary - (Name c))"],
    ["if a { b } - c", "(ExpressionStatement (If (Name a) (Block (Name b))))\n=> (Unary - (Name c))"],
    ["match a { _ => b }\n(c)", "(ExpressionStatement (Match (Name a) [(Arm (WildcardPattern) (Name b))]))\n=> (Paren (Name c))"],
    ["a\n{ b }", "(ExpressionStatement (Name a))\n=> (Block (Name b))"],
    ["{ a } [b]", "(ExpressionStatement (Block (Name a)))\n=> (Array [(Name b)])"],
    ["while a { } b", "(ExpressionStatement (While (Name a) (Block)))\n=> (Name b)"],
    ["let x i64 = 1", "(Let (BindingPattern x) (Name i64) (Integer 1))"],
    ["let x [3]i64 = a", "(Let (BindingPattern x) (ArrayType (Integer 3) (Name i64)) (Name a))"],
    ["let x (A, B) = a", "(Let (BindingPattern x) (TupleType [(Name A) (Name B)]) (Name a))"],
    ["var (x, y) = a", "(Let mutable (TuplePattern [(BindingPattern mutable x) (BindingPattern mutable y)]) (Name a))"],
    ["let Some(x) = e else { return }", "(Let (VariantPattern (Name Some) [(BindingPattern x)]) (Name e) (Block (Return)))"],
    ["if let Some(x) = e { }", "=> (If (LetCondition (VariantPattern (Name Some) [(BindingPattern x)]) (Name e)) (Block))"],
    ["while let Some(x) = e { }", "=> (While (LetCondition (VariantPattern (Name Some) [(BindingPattern x)]) (Name e)) (Block))"],
    ["for i in 0..n { }", "=> (For (BindingPattern i) (Range (Integer 0) (Name n)) (Block))"],
    ["for (i, x) in &mut xs { }", "=> (For (TuplePattern [(BindingPattern i) (BindingPattern x)]) (Unary &mut (Name xs)) (Block))"],
    ["for i in 0.. { }", "=> (For (BindingPattern i) (Range (Integer 0)) (Block))"],
    ["outer: for x in xs { continue outer }", "=> (For (BindingPattern x) (Name xs) (Block (Continue outer)) outer)"],
    ["outer: while a { while b { break outer } }", "=> (While (Name a) (Block (While (Name b) (Block (Break outer)))) outer)"],
    ["loop { break x }", "=> (Loop (Block (Break (Name x))))"],
    ["a: loop { f(|| loop { break a }) }", "=> (Loop (Block (Call (Name f) [(Closure (Loop (Block (Break (Name a)))))])) a)"],
    ["defer f()", "(Defer (Call (Name f) []))"],
    ["defer { f() }", "(Defer (Block (Call (Name f) [])))"],
    ["if a == (P { x: 1 }) { }", "=> (If (Binary == (Name a) (Paren (StructLiteral (Name P) [(FieldInit (Integer 1) x)]))) (Block))"],
    ["if f(P { x: 1 }) { }", "=> (If (Call (Name f) [(StructLiteral (Name P) [(FieldInit (Integer 1) x)])]) (Block))"],
    ["match a { 1 => b = 2, _ => return }", "=> (Match (Name a) [(Arm (LiteralPattern (Integer 1)) (Assign (Name b) (Integer 2))) (Arm (WildcardPattern) (Return))])"],
    ["#if OS == \"linux\" { a } else if DEBUG { b } else { c }\nd", '(CompileIfStatement (Binary == (Name OS) (String "linux")) (Block (Name a)) (CompileIfStatement (Name DEBUG) (Block (Name b)) (Block (Name c))))\n=> (Name d)'],
    ["", ""],
    [";;", ""],
    ["if a {};", "(ExpressionStatement semicolon (If (Name a) (Block)))"],
  ];
  for (const [text, expected] of cases) test(text.replaceAll("\n", "↵"), () => expect(bodyOf(text)).toBe(expected));
});

describe("patterns", () => {
  const cases: [string, string][] = [
    ["0", "(LiteralPattern (Integer 0))"],
    ["-1", "(LiteralPattern (Unary - (Integer 1)))"],
    ["1 | 2", "(OrPattern [(LiteralPattern (Integer 1)) (LiteralPattern (Integer 2))])"],
    ["'a'..='z'", "(RangePattern inclusive (Char 97) (Char 122))"],
    ["..0", "(RangePattern (Integer 0))"],
    ["5..", "(RangePattern (Integer 5))"],
    ["-5..=-1", "(RangePattern inclusive (Unary - (Integer 5)) (Unary - (Integer 1)))"],
    ["MIN..=m.MAX", "(RangePattern inclusive (Name MIN) (Field (Name m) MAX))"],
    ["x", "(BindingPattern x)"],
    ["_", "(WildcardPattern)"],
    ["Empty", "(PathPattern (Name Empty))"],
    ["Shape.Empty", "(PathPattern (Field (Name Shape) Empty))"],
    ["Circle(r)", "(VariantPattern (Name Circle) [(BindingPattern r)])"],
    ["Rect(w, ..)", "(VariantPattern (Name Rect) [(BindingPattern w) (RestPattern)])"],
    ["n @ 1..=9", "(BindingPattern n (RangePattern inclusive (Integer 1) (Integer 9)))"],
    ["n @ (1 | 2)", "(BindingPattern n (OrPattern [(LiteralPattern (Integer 1)) (LiteralPattern (Integer 2))]))"],
    ["(a, _)", "(TuplePattern [(BindingPattern a) (WildcardPattern)])"],
    ["(a)", "(BindingPattern a)"],
    ["(a,)", "(TuplePattern [(BindingPattern a)])"],
    ["()", "(TuplePattern)"],
    ["Point { x, y: 0, .. }", "(StructPattern rest (Name Point) [(FieldPattern x (BindingPattern x)) (FieldPattern y (LiteralPattern (Integer 0)))])"],
    ["[first, .., last]", "(SlicePattern [(BindingPattern first) (RestPattern) (BindingPattern last)])"],
    ["[a, rest @ ..]", "(SlicePattern [(BindingPattern a) (BindingPattern rest (RestPattern))])"],
    ['"text"', '(LiteralPattern (String "text"))'],
    ["true", "(LiteralPattern (Bool 1))"],
    ["Größe", "(PathPattern (Name Größe))"],
    ["größe", "(BindingPattern größe)"],
    ["Änderung", "(PathPattern (Name Änderung))"],
  ];
  for (const [text, expected] of cases) {
    test(text, () => expect(bodyOf(`match v { ${text} => 0 }`)).toBe(`=> (Match (Name v) [(Arm ${expected} (Integer 0))])`));
  }
  test("guards", () => {
    expect(bodyOf("match v { x if x > 0 => 1 }")).toBe("=> (Match (Name v) [(Arm (BindingPattern x) (Binary > (Name x) (Integer 0)) (Integer 1))])");
  });
});

describe("sizes", () => {
  test("a chain of 100,000 operators", () => {
    for (const operator of ["+", "&&", "|", "-%", "as i64 +"]) {
      const { diagnostics, ast } = parseText(`func f() i64 { ${`a ${operator} `.repeat(100_000)} a }`);
      expect(diagnostics.list).toEqual([]);
      expect(ast.count).toBeGreaterThan(200_000);
    }
  });
  test("many f-strings, past every growth of the columns", () => {
    const { diagnostics, ast, file } = parseText(`func f() {\n${'g(f"{xs[0]} {xs[1]}")\n'.repeat(5000)}}\n`);
    expect(diagnostics.list).toEqual([]);
    expect(ast.length(ast.statements(ast.body(ast.item(ast.declarations(file), 0))))).toBe(4999);
  });
  test("a chain of 20,000 calls, of else-ifs, of pipes", () => {
    expect(parseText(`func f() { a${".b()\n".repeat(1000)} }`).diagnostics.list).toEqual([]);
    expect(parseText(`func f() { a${".b()\n".repeat(20_000)} }`).diagnostics.list.map((d) => d.code)).toEqual(["E0127"]);
    expect(parseText(`func f() { ${"if a { b } else ".repeat(20_000)} { c } }`).diagnostics.list).toEqual([]);
    for (const link of ["|> f ", "as i64 "]) {
      expect(parseText(`func f() { a ${link.repeat(1000)} }`).diagnostics.list).toEqual([]);
      expect(parseText(`func f() { a ${link.repeat(20_000)} }`).diagnostics.list.map((d) => d.code)).toEqual(["E0127"]);
    }
    expect(parseText(`${"#if OS == \"a\" { } else ".repeat(20_000)} { }`).diagnostics.list).toEqual([]);
  });
  test("long chains are dumped too", () => {
    const chains = [`func f() { a${" + a".repeat(20_000)} }`, `func f() { a${".b()!".repeat(600)}${" + a".repeat(20_000)} }`, `func f() { ${"if a { b } else ".repeat(20_000)} { c } }`, `${'#if OS == "a" { } else '.repeat(20_000)} { }`];
    for (const chain of chains) expect(treeOf(chain).length).toBeGreaterThan(200_000);
  });
  test("256 levels, and not more", () => {
    const nested: [string, string, string][] = [["(", "1", ")"], ["[", "1", "]"], ["-(", "1", ")"], ["f(", "1", ")"], ["{", "1", "}"], ["!", "a", ""], ["if a {", "1", "} else { 2 }"], ["|x| ", "x", ""], ["match a { _ => ", "1", "}"], ["a ?? ", "b", ""], ["x[", "1", "]"], ["return ", "1", ""], ["P { x: ", "1", "}"], ["&&", "a", ""], ['f"{', "a", '}"']];
    for (const [open, inner, close] of nested) {
      const text = (levels: number): string => `func f() i64 { let x = ${open.repeat(levels)}${inner}${close.repeat(levels)} }`;
      expect(`${open} ${parseText(text(100)).diagnostics.list.map((d) => d.code)}`).toBe(`${open} `);
      expect(`${open} ${parseText(text(300)).diagnostics.list.map((d) => d.code)}`).toBe(`${open} E0127`);
      expect(`${open} ${parseText(text(30_000)).diagnostics.list.map((d) => d.code)}`).toBe(`${open} E0127`);
    }
  });
  test("every level of precedence, nested almost too deep", () => {
    const { diagnostics } = parseText(`func f() { let x = ${"a |> f(a ?? a || a && a == a | a ^ a & a << a + a * -!&(a as i64, ".repeat(40)}1${"))".repeat(40)} }`);
    expect(diagnostics.list).toEqual([]);
  });
  test("what is nested too deep does not hide the next declaration", () => {
    const { diagnostics, ast, file } = parseText(`func f() { ${"(".repeat(999)}1${")".repeat(999)} }\nfunc g() {}\nfunc h() { 1 + }\n`);
    expect(diagnostics.list.map((d) => d.code)).toEqual(["E0127", "E0121"]);
    expect(ast.length(ast.declarations(file))).toBe(3);
  });
  test("types and patterns nest 256 levels", () => {
    for (const open of ["*", "[]", "?", "&", "[1]", "(", "List[", "func("]) {
      expect(parseText(`type T = ${open.repeat(600)}`).diagnostics.list.map((d) => d.code)).toEqual(["E0127"]);
    }
    for (const open of ["(", "[", "Some(", "x @ ", "P { x: "]) {
      expect(parseText(`func f() { match a { ${open.repeat(600)}`).diagnostics.list.map((d) => d.code)).toEqual(["E0127"]);
    }
  });
});
