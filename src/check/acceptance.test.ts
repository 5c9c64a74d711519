/** What must be accepted, and which type things then have. */

import { describe, expect, test } from "bun:test";
import { Kind, type Node } from "../syntax/ast.ts";
import { LocalFlag } from "./checkedProgram.ts";
import type { LocalId } from "./definitions.ts";
import { checkText } from "./testing.ts";
import { TypeNames } from "./typeNames.ts";

const structures = `struct P: Copy, Eq, Ord, Show { x i64, y i64 }
enum S: Copy, Eq, Show { Circle(f64), Rect(w f64, h f64), Empty }
enum L: Copy { Low, High }
impl P { func sum(&self) i64 { self.x + self.y }
 func move_by(&mut self, n i64) { self.x += n }
 func of(x i64, y i64) P { Self { x: x, y: y } } }
func id(n i64) i64 { n }
func add(a i64, b i64) i64 { a + b }
func find(n i64) ?i64 { if n > 0 { n } else { None } }
func parse(s str) Result[i64, str] { if s == "" { Err("empty") } else { Ok(1) } }
const N = 3
var g i64 = 0
`;

/** Each expression with the type that a `let` of it gets. */
const expressions: readonly (readonly [expression: string, type: string])[] = [
  ["5", "i64"], ["5.0", "f64"], ["-5", "i64"], ["5u8", "u8"], ["1e3f32", "f32"], ["'a'", "char"], ["b'a'", "u8"], ["true", "bool"], [`"x"`, "str"],
  ["1 + 2.5", "f64"], ["1u8 + 2", "u8"], ["2 + 1u8", "u8"], ["1 + 2 * 3u16", "u16"], ["(1 + 2) * 3u16", "u16"], ["1u8 + 2u16", "u16"], ["1u8 + 2i16", "i16"],
  ["1.5f32 + 2", "f32"], ["1.5f32 + 2.0f64", "f64"], ["1 << 3u8", "i64"], ["1u8 << 3", "u8"], ["~0u8", "u8"], ["5 % 3 == 2", "bool"], ["!true && false || true", "bool"],
  ["3 as u8", "u8"], ["3.7 as i32", "i32"], ["'a' as u32", "u32"], ["true as i64", "i64"], ["65u8 as char", "char"], ["L.High as u8", "u8"],
  ["[1, 2, 3]", "[3]i64"], ["[1, 2.5]", "[2]f64"], ["[1, 2u8]", "[2]u8"], ["[0u8; 4]", "[4]u8"], ["[[1], [2]]", "[2][1]i64"], ["[1; N]", "[3]i64"], ["[None, Some(1)]", "[2]?i64"],
  ["(1, 'a')", "(i64, char)"], ["(1, (2.0, \"x\"))", "(i64, (f64, str))"], ["(1, 2).0", "i64"], ["((1, 'a'), 2).0.1", "char"],
  ["P { x: 1, y: 2 }", "P"], ["P { x: 1, ..P.of(1, 2) }", "P"], ["P.of(1, 2).sum()", "i64"], ["P.of(1, 2).x", "i64"], ["P.of(1, 2) < P.of(2, 1)", "bool"],
  ["S.Circle(2)", "S"], ["Circle(2.0)", "S"], ["S.Rect { w: 1, h: 2 }", "S"], ["Empty", "S"], ["S.Empty == Circle(1.0)", "bool"], ["S.Empty == .Circle(1.0)", "bool"], [".Empty == S.Empty", "bool"],
  ["Some(1)", "?i64"], ["Some(Some('a'))", "??char"], ["find(1) ?? 5", "i64"], ["find(1)!", "i64"], ["find(1) == Some(1)", "bool"], ["find(1) == None", "bool"], ["parse(\"\") ?? 1", "i64"],
  ["[1, 2, 3][0]", "i64"], ["[1, 2, 3][0..2]", "[]i64"], ["\"hello\"[1..3]", "str"], ["\"hello\".len", "i64"], ["[1, 2].len", "i64"], ["\"hello\".ptr", "*u8"],
  ["&5", "&i64"], ["*&5", "i64"], ["&[1, 2]", "&[2]i64"], ["&g", "*i64"], ["&g + 1", "*i64"], ["(&g)[2]", "i64"], ["(&g) as usize", "usize"], ["&g == nil", "bool"],
  ["if true { 1 } else { 2 }", "i64"], ["if true { 1 } else { 2u8 }", "u8"], ["if true { 1.5 } else { 2 }", "f64"], ["if true { panic(\"x\") } else { 2u8 }", "u8"], ["if true { 1u8 } else if false { 2u16 } else { 3 }", "u16"],
  ["match 1 { 0 => 'a', _ => 'b' }", "char"], ["match find(1) { Some(n) => n, None => 0 }", "i64"], ["loop { break 5u8 }", "u8"], ["{ let a = 1u8\n a + 1 }", "u8"], ["{ 5; }", "?"],
  ["id", "func(i64) i64"], ["id(5) |> id", "i64"], ["5 |> add(1)", "i64"], ["5 |> find?", "?"], ["5 |> find!", "i64"], ["\"\" |> parse!", "i64"], ["|a i64| a + 1", "func(i64) i64"], ["id(|x i64| x * 2 |> id)", "?"],
  ["min(1, 2u8)", "u8"], ["max(1.5, 2)", "f64"], ["clamp(5u8, 1, 3)", "u8"], ["len(\"abc\")", "i64"], ["type_of(1)", "str"],
  ["@sizeof(P)", "usize"], ["@clz(1u32)", "u32"], ["@sqrt(2.0f32)", "f32"], ["@type_name([]P)", "str"], ["@alloc(1, 1)", "*u8"], ["@ptr_read(&g)", "i64"], ["syscall(39)", "i64"],
  ["1 + 1 as u8", "u8"], ["-128i8", "i8"], ["255u8 +% 1", "u8"], ["N * 2", "i64"], ["0xffu16 & 0xf", "u16"], ["true & false", "bool"],
];

/** The type of the local `x` of `func f`. */
function typeOfX(text: string): { type: string; messages: string } {
  const { program, names, messages } = checkText(text);
  for (let local = program.localCount - 1; local > 0; local--) {
    const node = program.localNode(local as LocalId);
    if (program.ast.kind[node] === Kind.BindingPattern && names.name(program.ast.name(node)) === "x") {
      return { type: new TypeNames(program.types, program.definitions, names).of(program.localType(local as LocalId)), messages };
    }
  }
  return { type: "?", messages };
}

describe("types of expressions", () => {
  for (const [expression, type] of expressions) {
    if (type === "?") continue;
    test(`${expression} is ${type}`, () => {
      const found = typeOfX(`${structures}func f() { let x = ${expression} }`);
      expect(found.messages).toBe("");
      expect(found.type).toBe(type);
    });
  }
});

/** What fits where a type is wanted. */
const conversions: readonly (readonly [type: string, expression: string])[] = [
  ["u8", "255"], ["i8", "-128"], ["f64", "5"], ["f32", "1.5"], ["f64", "1 + 2"], ["i64", "1u8"], ["i16", "1u8"], ["f64", "1.5f32"], ["i64", "1i32 + 1000000"], ["u128", "340282366920938463463374607431768211455"],
  ["?i64", "5"], ["?u8", "5"], ["?i64", "1u8"], ["??i64", "Some(None)"], ["??i64", "5"], ["?P", "P.of(1, 2)"], ["?str", `"x"`], ["?*i64", "nil"], ["?&i64", "&5"],
  ["*u8", `"text"`], ["*i64", "nil"], ["*i64", "&g"], ["[]i64", "[1, 2]"], ["[]u8", "[1, 2]"], ["[]u8", "&[1, 2]"], ["[]i64", "[]"], ["[0]i64", "[]"], ["[2][]u8", "[[1], [2, 3]]"],
  ["[2]u8", "[1, 2]"], ["[2]?i64", "[1, None]"], ["(u8, f64)", "(1, 2)"], ["(?i64, str)", `(None, "x")`], ["S", ".Circle(1)"], ["S", ".Empty"], ["?S", ".Empty"], ["[2]S", "[.Empty, Circle(1.0)]"],
  ["Result[u8, str]", "Ok(5)"], ["Result[u8, str]", `Err("x")`], ["Result[void, str]", "Ok(())"], ["Result[?u8, S]", "Ok(5)"], ["Result[u8, S]", "Err(.Empty)"],
  ["func(i64) i64", "id"], ["func(i64) i64", "|n| n + 1"], ["mut func(i64) i64", "id"], ["extern func(i64) i64", "id"], ["i64", "*&5"], ["i64", "&5"], ["i64", "match true { true => 1u8, false => 2 }"],
  ["u8", "if true { 1 } else { 2 }"], ["?i64", "if true { 1 } else { None }"], ["u8", "loop { break 1 }"], ["?u8", "match 1 { 0 => None, _ => 5 }"], ["u8", "{ 5 }"], ["usize", "@sizeof(u8) * 2"],
];

describe("what fits a wanted type", () => {
  for (const [type, expression] of conversions) {
    test(`${type} from ${expression}`, () => {
      const found = typeOfX(`${structures}func f() { let x ${type} = ${expression} }`);
      expect(found.messages).toBe("");
      expect(found.type).toBe(type);
    });
  }
});

const programs: readonly (readonly [title: string, text: string])[] = [
  ["values are dropped where void is wanted", `func f(n i64) { match n { 0 => id(1), _ => find(1) }\n if n > 0 { id(2) } else { println("x") }\n id(3) }`],
  ["names of inner scopes hide outer ones", `func f(a i64) i64 { let a = a + 1\n { let a = a * 2\n println(a) }\n for a in 0..3 { println(a) }\n match find(1) { Some(a) => a, None => a } }`.replace("let a = a + 1\n", "")],
  ["matching through references binds references", `func area(s &S) f64 { match s { Circle(r) => 3.0 * r * r, Rect(w, h) => w * h, Empty => 0.0 } }\nfunc grow(s &mut S) { match s { Circle(r) => *r *= 2.0, Rect(w, _) => { *w += 1.0 }, Empty => { } } }`],
  ["methods through references, pointers and temporaries", `func f(p &P, q *P, r &mut P) i64 { r.move_by(1)\n p.sum() + q.sum() + r.sum() + P.of(1, 2).sum() + P.sum(p) }`],
  ["fields through pointers", `struct Node { value i64, next *Node }\nfunc total(n *Node) i64 { var sum = 0\n var at = n\n while at != nil { sum += at.value\n at = at.next }\n sum }`],
  ["defer, labels and jumps", `func f(xs []i64) i64 { defer println("done")\n outer: for x in xs { for i in 0..3 { if i == x { continue outer }\n if x < 0 { break outer } } }\n return xs.len }`],
  ["let else and chains of conditions", `func f(n i64) i64 { let Some(a) = find(n) else { return 0 }\n if let Some(b) = find(a) { return b }\n while let Some(c) = find(a) { return c }\n 0 }`],
  ["? in functions that fail", `func f(s str) Result[i64, str] { let n = parse(s)?\n Ok(n + parse("1")?) }\nfunc h(n i64) ?i64 { Some(find(n)? + 1) }`],
  ["globals and constants, in any order", `func f() i64 { g += A\n g }\nconst A = B + N\nconst B = 2\nvar table [A]i64 = [0; A]`],
  ["calls of extern functions narrow", `extern func put(c i32) i32\nextern func printf(f *u8, ...) i32\nfunc f(n i64) { put(n)\n printf("%d", 1u8, 2.5f32, "text", n) }`],
  ["functions that do not return", `func stop() never { loop { } }\nfunc f(n i64) i64 { if n > 0 { return 1 }\n stop() }\nfunc h(n ?i64) i64 { n ?? stop() }`],
  ["nested or-patterns", `func f(p (?i64, ?i64)) i64 { match p { (Some(a), None) | (None, Some(a)) => a, (Some(a), Some(b)) if a > b => a, (Some(_), Some(b)) => b, (None, None) => 0 } }`],
  ["slices of mutable places", `func clear(xs []mut i64) { for x in &mut xs { *x = 0 }\n xs[0] = 1 }\nfunc f() { var xs = [1, 2, 3]\n clear(&mut xs)\n clear(&mut xs[1..])\n clear(xs[..2]) }`],
  ["impl functions that call each other, in any order", `struct Q { n i64 }\nimpl Q { func a(&self) i64 { self.b() }\n func b(&self) i64 { self.n } }`],
  ["values that are not known are not taken for known ones", `func f(a ?u8, b u8) u8 { (a ?? 100 + 100) + 100 - (b + 1) * 200 }`],
  ["swap, assert and assume", `func f() { var a = 1\n var b = 2\n swap(&mut a, &mut b)\n assert(a == 2, f"a is {a}")\n assert_eq(b, 1)\n assert_eq(find(1), Some(1))\n assume(a > b) }`],
  ["comparing through references", `func f(a &i64, b &S, c &&str) bool { a == a && a < 5 && 5 > a && *b == S.Empty && b == b && c == "x" }`],
];

describe("programs without mistakes", () => {
  for (const [title, text] of programs) {
    test(title, () => expect(checkText(`${structures}${text}`).messages).toBe(""));
  }
});

describe("long programs", () => {
  test("an operator chain of 100,000 terms", () => {
    const { messages } = checkText(`func f(n i64) i64 { ${"n + ".repeat(100_000)}n }\nfunc h() i64 { ${"0 + ".repeat(100_000)}1 }\nconst A = ${"0 + ".repeat(100_000)}1`);
    expect(messages).toBe("");
  });
  test("a chain of 5,000 else-ifs", () => {
    const { messages } = checkText(`func f(n i64) i64 { ${Array.from({ length: 5000 }, (_, i) => `if n == ${i} { ${i} } else `).join("")}{ 0 } }`);
    expect(messages).toBe("");
  });
  test("a match of 3,000 arms, and one of 200 ranges", () => {
    const { messages } = checkText(`func f(n i64) i64 { match n { ${Array.from({ length: 3000 }, (_, i) => `${i} => ${i}`).join(", ")}, _ => 0 } }
func h(n u8) i64 { match n { ${Array.from({ length: 200 }, (_, i) => `${i}..=${i} => ${i}`).join(", ")}, 200.. => 0 } }`);
    expect(messages).toBe("");
  });
  const many = (count: number, text: (i: number) => string): string => Array.from({ length: count }, (_, i) => text(i)).join("\n");
  /** Programs of a size, where every part was compared with every other. */
  const growing: readonly (readonly [title: string, size: number, text: (size: number) => string])[] = [
    ["a match of variants", 2000, (size) => `enum E { ${many(size, (i) => `V${i}(i64)`)} }\nfunc f(e E) i64 { match e { ${many(size, (i) => `V${i}(x) => x`)} } }`],
    ["a match of texts", 2000, (size) => `func f(s str) i64 { match s { ${many(size, (i) => `"k${i}" => ${i}`)}\n _ => 0 } }`],
    ["a match of pairs", 300, (size) => `func f(p (i64, i64)) i64 { match p { ${many(size, (i) => `(${i}, ${(i * 7) % 100}) => ${i}`)}\n _ => 0 } }`],
    ["closures that are used at the end", 80, (size) => `func f(k i64) i64 { var t = 0\n ${many(size, (i) => `let c${i} = |x i64| x + k + ${i}`)}\n ${many(size, (i) => `t += c${i}(1)`)}\n t }`],
  ];
  for (const [title, size, text] of growing) {
    test(`${title} is checked in time that grows with its length`, () => {
      const time = (count: number): number => {
        const written = text(count);
        // The processor's time: others may be busy, too.
        const start = process.cpuUsage().user;
        expect(checkText(written).messages).toBe("");
        return process.cpuUsage().user - start;
      };
      let ratio = Infinity;
      for (let attempt = 0; attempt < 6 && ratio >= 10; attempt++) ratio = Math.min(time(size * 4), time(size * 4)) / Math.max(time(size), time(size), 1);
      expect(ratio).toBeLessThan(10);
    }, 60_000);
  }
  test("at most 20 errors", () => {
    const { diagnostics } = checkText(Array.from({ length: 50 }, (_, i) => `func f${i}() { unknown_${i}() }`).join("\n"));
    expect(diagnostics.errorCount).toBe(20);
  });
});

describe("what is known of locals", () => {
  const flagsOf = (text: string, name: string): string[] => {
    const { program, names, messages } = checkText(`${structures}${text}`);
    expect(messages).toBe("");
    for (let local = 1; local < program.localCount; local++) {
      const node: Node = program.localNode(local as LocalId);
      if (names.name(program.ast.name(node)) !== name) continue;
      const flags: string[] = [];
      for (const flag of ["mutable", "addressTaken", "assigned"] as const) if (program.localHas(local as LocalId, LocalFlag[flag])) flags.push(flag);
      return flags;
    }
    return ["?"];
  };
  const rows: readonly (readonly [text: string, flags: readonly string[]])[] = [
    [`func f() { let v = 1\n println(v) }`, []],
    [`func f() { var v = 1\n println(v) }`, ["mutable"]],
    [`func f() { var v = 1\n v += 1 }`, ["mutable", "assigned"]],
    [`func f() { var v = 1\n v = 2 }`, ["mutable", "assigned"]],
    [`func f() { let v = 1\n let p = &v\n println(*p) }`, ["addressTaken"]],
    [`func f() { var v = 1\n let p = &mut v\n *p = 2 }`, ["mutable", "addressTaken", "assigned"]],
    [`func f() { var v = P.of(1, 2)\n v.x = 3 }`, ["mutable", "assigned"]],
    [`func f() { let v = P.of(1, 2)\n println(v.sum()) }`, ["addressTaken"]],
    [`func f() { let v = [1, 2]\n println(v[..].len) }`, ["addressTaken"]],
    [`func f() { let v = [1, 2]\n for e in v { println(e) } }`, ["addressTaken"]],
    [`func f() { let v = [1, 2]\n println(v[0]) }`, []],
    [`func f(v &mut P) { v.x = 1 }`, []],
    [`func f(v *P) { let p = &v.x\n *p = 1 }`.replace("let p = &v.x\n *p = 1", "v.x = 1"), []],
    [`func f() { let v = [1, 2, 3]\n match v { [a, rest @ ..] => println(a + rest.len) } }`, ["addressTaken"]],
  ];
  for (const [text, flags] of rows) test(text, () => expect(flagsOf(text, "v")).toEqual([...flags]));
});
