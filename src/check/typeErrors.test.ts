/** E03xx, marked in the text where each begins. */

import { describe, expect, test } from "bun:test";
import { checkMarked } from "./testing.ts";

const programs: readonly (readonly [title: string, text: string])[] = [
  ["mismatched types", `func take(n i64) { }\nfunc give() str { «E0301»5 }\nfunc f() { let s str = «E0301»1.5\n take(«E0301»"x")\n var b = true\n b = «E0301»"no"\n println(f"{s}{b}") }`],
  ["no narrowing by itself", `func f(a i64, b u32, c f64) { let x i32 = «E0301»a\n let y i32 = «E0301»b\n let z f32 = «E0301»c }`],
  ["no widening to and from the word", `func f(a i64, b u32) { let x isize = «E0301»a\n let y usize = «E0301»b }`],
  ["an immutable borrow where a mutable one is wanted", `func g(x &mut i64) { *x = 1 }\nfunc f() { let a = 1\n g(«E0301»&a) }`],
  ["an array is no slice by itself", `func g(xs []i64) { }\nfunc f() { let a = [1, 2]\n g(«E0301»a) }`],
  ["a function of another type", `func d(n i64) i64 { n }\nfunc f() { let g func(str) i64 = «E0301»d }`],
  ["not callable", `struct P { x i64 }\nfunc f() { let n = 5\n «E0302»n(1)\n «E0302»P(1)\n «E0302»i64(1) }`],
  ["the number of arguments", `func add(a i64, b i64) i64 { a + b }\nfunc f() { «E0303»add(1)\n «E0303»add(1, 2, 3)\n «E0303»println(1, 2)\n let g func(i64) i64 = h\n «E0303»g() }\nfunc h(n i64) i64 { n }`],
  ["the number of type arguments", `func f(r «E0304»Result[i64], s «E0304»Result) { }`],
  ["operators between types", `func f(a u32, b i32, s str, x bool) { let c = «E0305»a + b\n let d = «E0305»s + s\n let e = «E0305»x < 1\n let g = «E0305»!a\n let h = «E0305»1.5 & 2.0\n let i = «E0305»~x }`],
  ["comparing what does not compare", `struct P { x i64 }\nfunc f(a P, b P) bool { «E0305»a == b }\nstruct Q: Eq { x i64 }\nfunc g(a Q, b Q) bool { «E0305»a < b }`],
  ["pointers do not add up", `func f(p *i64, q *i64) { let d = «E0305»p - q\n let e = «E0305»p + 1.0 }`],
  ["a compound operator", `func f() { var p = true\n «E0305»p += true }`],
  ["conditions", `func f(n i64, p *i64) { if «E0306»n { }\n while «E0306»p { }\n if «E0306»"x" { }\n assert(«E0306»n) }`],
  ["types that cannot be inferred", `func f() { var best = «E0307»None\n let xs = «E0307»[]\n let p = «E0307»nil\n let r = «E0307»Ok(1) }`],
  ["literals that do not fit", `func f() { let a u8 = «E0308»256\n let b = «E0308»200i8\n let c i8 = «E0308»-129\n let d u8 = «E0308»-1\n let e = 1u8 + «E0308»300 }`],
  ["a missing result", `func f(n i64) «E0309»i64 { if n > 0 { return 1 } }\nfunc g() «E0309»i64 { println("x"); }\nfunc h() i64 { «E0309»return }`],
  ["a result on every path is no mistake", `func f(n i64) i64 { if n > 0 { return 1 } else { return 2 } }\nfunc g() i64 { loop { } }\nfunc h() i64 { panic("x") }`],
  ["assignment to what does not change", `const N = 1\nfunc f(a i64) { «E0310»a = 2\n let x = 1\n «E0310»x += 1\n «E0310»N = 2\n let xs = [1]\n «E0310»xs[0] = 2\n for i in 0..3 { «E0310»i = 1 }\n println(x) }`],
  ["assignment through immutable borrows", `struct P { x i64 }\nfunc f(p &P, xs []i64) { «E0310»p.x = 1\n «E0310»xs[0] = 1 }`],
  ["assignment to no place", `func g() i64 { 1 }\nfunc f() { «E0311»g() = 2\n «E0311»1 = 2 }`],
  ["statements without effect", `func f(x i64) { «E0312»x + 1\n «E0312»x == 2\n «E0312»5\n let y = 1\n «E0312»y }`],
  ["nil for other types", `func f() { let n i64 = «E0313»nil\n let o ?i64 = «E0313»nil }`],
  ["casts that are none", `struct P { x i64 }\nenum E { A(i64) }\nfunc f(p P, e E) { let a = «E0314»"5" as i64\n let b = «E0314»p as i64\n let c = «E0314»2 as bool\n let d = «E0314»e as i64\n let g = «E0314»300u32 as char }`],
  ["types that contain themselves", `«E0315»struct N { next N }\n«E0315»struct A { b B }\nstruct B { c (i64, ?A) }\nstruct L { next *L, all []L }`],
  ["missing fields", `struct P { x i64, y i64 }\nfunc f() P { «E0316»P { x: 1 } }`],
  ["not a struct", `enum E { A(i64) }\nfunc f() { let x = «E0317»E { x: 1 }\n let y = «E0317»E.A { x: 1 } }`],
  ["no fields", `func f(n i64) i64 { n.«E0318»x }`],
  ["not indexable", `func f(n i64, s str) { println(«E0319»n[0])\n println(«E0319»s[0])\n let xs = [1]\n println(«E0319»xs[0, 1]) }`],
  ["an index that is no integer", `func f(xs []i64) { println(xs[«E0320»1.0])\n println(xs[«E0320»"a"]) }`],
  ["not a pointer", `func f(n i64) { println(«E0321»*n) }`],
  ["mutable borrows", `func f(a i64, s []i64) { let x = «E0322»&mut a\n let y = «E0322»&mut s[0]\n let z = &mut «E0322»s[0..1] }`],
  ["? on what cannot fail", `func f() ?i64 { let n = 5\n Some(«E0323»n?) }`],
  ["? where it cannot hand on", `func g() ?i64 { None }\nfunc r() Result[i64, str] { Ok(1) }\nfunc f() { let n = «E0324»g()? }\nfunc h() Result[i64, i64] { Ok(«E0324»r()?) }`],
  ["! on what is there", `func f(n i64) i64 { «E0325»n! }`],
  ["?? on what is there", `func f(n i64) i64 { «E0326»n ?? 1 }`],
  ["what cannot be iterated", `func f(n i64, o ?i64) { for i in «E0327»n { }\n for x in «E0327»o { } }`],
  ["branches of different types", `func f(c bool) { let x = if c { 1 } else { «E0328»"a" }\n let y = match c { true => 'a', false => «E0328»2 } }`],
  ["breaks of different types", `func f(c bool) { let x = loop { if c { break 1 }\n break «E0328»"a" } }`],
  ["break with a value out of while", `func f() { while true { «E0329»break 1 }\n for i in 0..2 { «E0329»break i } }`],
  ["let else that goes on", `func f(o ?i64) { let Some(x) = o else «E0330»{ println("none") }\n println(x) }`],
  ["variants with wrong parts", `enum E { A(i64), B }\nfunc f() { let a = «E0333»E.A\n let b = «E0333»E.B(1)\n let c = «E0333»E.A(1, 2)\n let d ?i64 = «E0333»Some }`],
  ["void is no value", `func g() { }\nfunc f() { let x = «E0334»g()\n println(«E0334»g())\n let y i64 = «E0334»g()\n let t = (1, «E0334»g())\n let s ?i64 = Some(«E0334»g()) }`],
  ["arrays of another length", `func f() { let a [3]i64 = «E0335»[1, 2]\n let b [1]i64 = «E0335»[0; 2] }`],
  ["formats that do not fit", `func f(x f64, s str, n i64) { println(f"{«E0336»s:x}")\n println(f"{«E0336»x:b}")\n println(f"{«E0336»n:.2}")\n println(f"{«E0336»s:+}")\n println(f"{«E0336»x:#}")\n println(f"{«E0336»n:e}")\n println(f"{n:«E0116»zz}") }`],
  ["what cannot be shown", `struct P { x i64 }\nfunc f(p P) { println(«E0337»p)\n println(f"{«E0337»p}")\n println(«E0337»f) }`],
  ["methods without a receiver, and with", `struct P { x i64 }\nimpl P { func of() P { P { x: 1 } }\n func m(&self) { } }\nfunc f(p P) { let q = p.«E0338»of()\n «E0338»P.m() }`],
  ["a mutable receiver", `struct P { x i64 }\nimpl P { func m(&mut self) { self.x = 1 } }\nfunc f(p P, q &P) { «E0339»p.m()\n «E0339»q.m() }`],
  ["what C does not have", `extern func g(s «E0340»str) «E0340»[]u8\n@export("h") func h(o «E0340»?i64) { }`],
  ["what C cannot take behind ...", `extern func p(f *u8, ...) i32\nfunc f(s str) { p("x", 1, 2.0, s.ptr)\n p("x", «E0342»s) }`],
  ["globals that are not Copy", `struct P { x i64 }\nvar «E0341»g P = P { x: 1 }`],
  ["arguments of intrinsics", `func f(n i64) { println(«E0344»@clz(1.5))\n println(«E0344»@sqrt(1.0, 2.0))\n println(«E0344»@ptr_read(n))\n «E0344»@atomic_store(&n as *i64)\n syscall(«E0344»1.5) }`],
  ["type arguments on what is not generic", `func g(n i64) i64 { n }\nstruct P { x i64 }\nfunc f(p «E0345»P[i64]) { let x = «E0345»g[i64](1) }`],
  ["an impl of a type that is not this module's", `impl «E0350»i64 { func m(self) { } }`],
  ["what cannot be derived", `struct A { x i64 }\nstruct B: «E0351»Copy { a A }\nstruct C: «E0351»Eq, «E0351»Show { a A }\nstruct D: «E0351»Hash { x f64 }\nstruct E: «E0351»Drop { x i64 }`],
  ["what cannot be sliced", `func f(n i64, t (i64, i64)) { let a = «E0355»n[0..1]\n let b = «E0355»t[..] }`],
  ["jumps out of defer", `func f() ?i64 { defer { «E0356»return }\n loop { defer { «E0356»break }\n break }\n None }`],
  ["aliases of themselves", `type «E0357»A = B\ntype B = A\ntype C = [2]i64`],
  ["traits that build on themselves", `trait «E0368»A: B { func a(&self) i64 { self.b() } }\ntrait B: C { func b(&self) i64 { 1 } }\ntrait C: A { func c(&self) i64 { self.b() } }\ntrait «E0368»D: D { }\ntrait E: A { }\ntrait «E0368»G[T]: G[?T] { }\nstruct S { x i64 }\nimpl F for S { }\ntrait F: A { }\nimpl A for S { }`],
  ["attributes", `«E0358»@export("a", "b") func f() { }\n«E0358»@import("a") func g()`],
  ["minus before unsigned", `func f(a u8) { let b = «E0359»-a\n let c u8 = «E0359»-(1 + 2) }`],
  ["parts that a tuple does not have", `func f(t (i64, i64), n i64) { println(t.«E0360»2)\n println(n.«E0360»0) }`],
  ["an if without else as a value", `func f(c bool) { let x = «E0362»if c { 1 }\n let y i64 = «E0362»if c { 1 } }`],
  ["never is no type of a value", `func f(x «E0363»never) { }\nstruct P { n «E0363»never }`],
  ["a base of another type", `struct P { x i64, y i64 }\nstruct Q { x i64, y i64 }\nfunc f(q Q) P { P { x: 1, ..«E0364»q } }`],
  ["a value from a function without result", `func f() { return «E0365»5 }`],
  ["ranges without ends", `func f() { let r = «E0367»0..;\n for i in «E0367»0.. { }\n println(1) }`],
  ["what comes later", `func f(s «E0399»String, l «E0399»List[i64]) { let t = «E0399»f"x"\n let r = «E0399»0..3 }`],
];

describe("types", () => {
  for (const [title, text] of programs) {
    test(title, () => {
      const { found, expected, messages } = checkMarked(text);
      expect(found, messages).toEqual([...expected]);
    });
  }
});

describe("main", () => {
  const forms: readonly (readonly [string, string])[] = [
    ["none", `func f() { }«E0332» `],
    ["with a parameter that is none", `func «E0331»main(n i64) { }`],
    ["with a result that is none", `func «E0331»main() str { "x" }`],
    ["no function", `const «E0331»main = 1`],
    ["an error that cannot be shown", `struct P { x i64 }\nfunc main() «E0337»Result[void, P] { Ok(()) }`],
  ];
  for (const [title, text] of forms) {
    test(title, () => {
      const { found, expected, messages } = checkMarked(text, { needsMain: true });
      expect(found, messages).toEqual([...expected]);
    });
  }
  for (const text of ["func main() { }", "func main() i64 { 0 }", "func main(args []str) i64 { args.len }", "func main() Result[void, str] { Ok(()) }", "func main() Result[i64, i64] { Err(1) }"]) {
    test(text, () => expect(checkMarked(text, { needsMain: true }).messages).toBe(""));
  }
});
