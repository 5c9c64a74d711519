import { describe, expect, test } from "bun:test";
import { Diagnostics } from "../source/diagnostics.ts";
import { Interner } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { formatFile } from "./format.ts";
import { everything } from "./fuzz.ts";
import { treeOf } from "./testing.ts";

function format(text: string): string | undefined {
  const file = new SourceMap().add("test.lang", new TextEncoder().encode(text));
  return formatFile(file, new Interner(), new Diagnostics());
}

const body = (lines: string): string => `func f() {\n${lines.replace(/^(?=.)/gm, "    ")}\n}\n`;

describe("format", () => {
  const bodies: [string, string][] = [
    ["let x=a+b*- c", "let x = a + b * -c"],
    ["f( a,b , c )", "f(a, b, c)"],
    ["xs[ i ]+=1;", "xs[i] += 1;"],
    ["let p *u8=&mut x", "let p *u8 = &mut x"],
    ["let t (A,B)=(1,2)", "let t (A, B) = (1, 2)"],
    ["let s []mut  u8 = xs[a .. b]", "let s []mut u8 = xs[a..b]"],
    ["let a [ 3 ]?*u8 = [ 0 ;3]", "let a [3]?*u8 = [0; 3]"],
    ["let c = |a i64,b|a+b", "let c = |a i64, b| a + b"],
    ["spawn(move||f())", "spawn(move || f())"],
    ["let d = | x | | y | x", "let d = |x| |y| x"],
    ["x ? .y ! . z()", "x?.y!.z()"],
    ["x? ?", "x? ?"],
    ["a??b||c&&! d", "a ?? b || c && !d"],
    ["a|>f|>g(b)?", "a |> f |> g(b)?"],
    ["let q=P{x:1,..p}", "let q = P { x: 1, ..p }"],
    ["let e=P{}", "let e = P {}"],
    ["if a{b}else{c}", "if a { b } else { c }"],
    ["outer:for i in 0 ..n{break outer}", "outer: for i in 0..n { break outer }"],
    ["match a{1|2=>b,-1..=5=>c,n@_ if d=>e,[a,..]=>f,Q{x,..}=>g}", "match a { 1 | 2 => b, -1..=5 => c, n @ _ if d => e, [a, ..] => f, Q { x, .. } => g }"],
    ["@ptr_write( p,1 )", "@ptr_write(p, 1)"],
    ["let v = .Circle( 1 )", "let v = .Circle(1)"],
    ["f(.A,.B)", "f(.A, .B)"],
    ['println(f"{ x }  {y:>3}")', 'println(f"{ x }  {y:>3}")'],
    ["let n = 0xFF_u8 as  i64", "let n = 0xFF_u8 as i64"],
    ["return -1", "return -1"],
    ["return (a)", "return (a)"],
    ["return [a]", "return [a]"],
    ["a - -1", "a - -1"],
    ["let w = a - - b", "let w = a - -b"],
    ["f(& & x)", "f(&&x)"],
    ["max[ []u8 ](a)", "max[[]u8](a)"],
    ["let z = 1 // one", "let z = 1 // one"],
    ["f(a /* b */, c)", "f(a /* b */, c)"],
    ["f(\n  a,\n  b,\n)", "f(\n    a,\n    b,\n)"],
    ["f(|x| {\n  g(x)\n})", "f(|x| {\n    g(x)\n})"],
    ["let x = a +\nb", "let x = a +\n    b"],
    ["xs\n.map(f)\n.filter(g)", "xs\n    .map(f)\n    .filter(g)"],
    ["if a {\nb\n}\nelse {\nc\n}", "if a {\n    b\n}\nelse {\n    c\n}"],
    ["match a {\n1 =>\nb\n// two\n2 => c\n}", "match a {\n    1 =>\n        b\n    // two\n    2 => c\n}"],
    ["a\n\n\n\nb", "a\n\nb"],
  ];
  for (const [from, to] of bodies) test(from.replaceAll("\n", "↵"), () => expect(format(`func f() {\n${from}\n}`)).toBe(body(to)));

  const files: [string, string][] = [
    ["func  f( a i64,b *u8 )->i64{ }", "undefined"],
    ["pub  func f( &mut self,b ?[]u8 )func( i64 )?T{}", "pub func f(&mut self, b ?[]u8) func(i64) ?T {}\n"],
    ["struct P:Copy,Eq{pub x f64,y []u8}", "struct P: Copy, Eq { pub x f64, y []u8 }\n"],
    ["struct P {\n\nx f64\n\n\n// y\ny f64 // why\n\n}", "struct P {\n    x f64\n\n    // y\n    y f64 // why\n}\n"],
    ["enum E{A(f64),B(w f64,p *u8),C}", "enum E { A(f64), B(w f64, p *u8), C }\n"],
    ["impl[T:Show+Eq]Show for List[T]{}", "impl[T: Show + Eq] Show for List[T] {}\n"],
    ["#if OS==\"linux\"{const A=1}", "#if OS == \"linux\" { const A = 1 }\n"],
    ["@export( \"x\" )\nfunc f(){}", "@export(\"x\")\nfunc f() {}\n"],
    ["extern func p(f *u8,...)i32", "extern func p(f *u8, ...) i32\n"],
    ["\n\n// only a comment   \n\n", "// only a comment\n"],
    ["#!/usr/bin/env lang\nfunc f() {}", "#!/usr/bin/env lang\nfunc f() {}\n"],
    ["", ""],
  ];
  for (const [from, to] of files) test(from.replaceAll("\n", "↵"), () => expect(String(format(from))).toBe(to));
});

test("formatting changes no tree, and formatting again changes nothing", async () => {
  const programs = [everything];
  const root = `${import.meta.dir}/../..`;
  for (const folder of ["std", "os", "examples", "conformance"]) for (const path of new Bun.Glob("**/*.lang").scanSync(`${root}/${folder}`)) programs.push(await Bun.file(`${root}/${folder}/${path}`).text());
  for (let i = 0; i < programs.length; i += i < 60 ? 1 : 5) {
    const program = programs[i] ?? "";
    const once = format(program);
    // What does not parse is not formatted.
    if (once === undefined) continue;
    expect(treeOf(once)).toBe(treeOf(program));
    expect(format(once)).toBe(once);
  }
}, 60_000);
