/** One mistake, one error: what follows from it is not reported; and what is advised where newcomers go wrong. */

import { describe, expect, test } from "bun:test";
import { mistakesOf } from "../source/diagnostics.ts";
import { checkMarked, checkText } from "./testing.ts";

const programs: readonly (readonly [title: string, text: string])[] = [
  ["a declaration of another language is known by its name", "«E0137»fn add(a i64) i64 { a }\nfunc f() { println(add(1)) }"],
  ["so is one outside functions", "«E0124»let limit = 3\nfunc f() { println(limit) }"],
  ["and a method that could not be read", "struct P { x i64 }\nfunc «E0137»(p P) len() i64 { p.x }\nfunc f(p P) { println(p.len()) }"],
  ["what an impl holds of something else", "struct P { x i64 }\nimpl P { «E0120»const A = 1 }\nfunc f() { println(P.A) }"],
  ["the methods of an impl that was refused", "trait Area { func area(&self) i64 }\nstruct P { x i64 }\nimpl «E0216»Arae for P { func area(&self) i64 { 1 } }\nfunc f(p P) { println(p.area()) }"],
  ["a type that implements a trait the wrong way round", "trait Area { func area(&self) i64 }\nstruct P { x i64 }\nimpl «E0221»P for Area { func area(&self) i64 { 1 } }\nfunc f(p P) { println(p.area()) }"],
  ["what the arms of a wrong type give", "func f(n i64) «E0202»Nowhere { match n { 1 => 1, _ => \"x\" } }"],
  ["what a comparison with something wrong would have told", "struct Box2[T]: Eq { items []T }\nimpl[T] Box2[T] { func new() Box2[T] { Box2 { items: [] } } }\nfunc f() { println(«E0201»nope == Box2.new())\n println(Box2.new() == «E0201»nope) }"],
  ["a module that is not there", "import «E0701»\"fmt\"\nfunc f() { fmt.Println(1) }"],
  ["a parameter with a default value", "func g(x i64, y i64 «E0140»= 3) i64 { x + y }\nfunc f() { println(g(1)) }"],
  ["type parameters as elsewhere", "func id«E0137»<T>(x T) T { x }\nfunc f() i64 { id(1) }"],
  ["what a reference refers to", "func inc(x &mut i64) { «E0310»x += 1 }"],
  ["a method that no list has", "struct List2[T] { items []T }\nimpl[T] List2[T] { func new() List2[T] { List2 { items: [] } } func push(&mut self, x T) { } }\nfunc f() { var xs = List2.new()\n xs.«E0205»add(3) }"],
  ["a function's type as elsewhere", "func adder(n i64) «E0137»|i64| i64 { |x| x + n }\nfunc f() { println(adder(1)(2)) }"],
  ["a method that stands in the impl of a trait", "trait T { func a(&self) i64 }\nstruct S { n i64 }\nimpl T for S { func a(&self) i64 { 1 }\n func «E0348»b(&self) i64 { 2 } }\nfunc f(s S) { println(s.b()) }"],
  ["a block of functions of C", "extern «E0137»\"C\" {\n fn puts(s i64);\n}\nfunc f() { }"],
  ["what a result of an unknown type is made of", "func f() Result[i64, «E0202»Nope] { Ok(1) }\nfunc g() ?«E0202»Nope { None }\nfunc h() [0]«E0202»Nope { [] }"],
  ["a module that was not imported, however often it is used", "func f(text str) «E0201»json.Value { json.Value.Null }\nfunc g() { let y []json.Value = []\n println(json.parse(\"1\")) }"],
  ["the length of an array without a comma", "const A [2]str = [\n \"a\"\n «E0120»\"b\"\n]\nfunc f() { println(A[0]) }"],
  ["the fields of a struct whose head has a mistake", "struct L: Copy «E0120»Eq { v i64 }\nfunc f(l L) i64 { l.v }"],
  ["a trait's name that is missing in a list", "struct W: Copy, «E0122»{ x i64 }\nfunc f(w W) i64 { w.x }"],
  ["a function whose parameters do not begin", "func note «E0120»i64) { println(1) }\nfunc f() { note(3) }"],
  ["a function of other languages in an impl", "struct P { x i64 }\nimpl P { «E0137»static func make() P { P { x: 1 } } }\nfunc f() i64 { P.make().x }"],
  ["several results without parentheses", "func g(x i64) i64«E0137», str { (x, \"a\") }\nfunc f() { println(g(1).0) }"],
  ["parameters and fields of C, whose names are known all the same", "struct P { «E0137»int x\n «E0137»f64 y }\nfunc f(«E0137»i64 a, «E0137»P b) f64 { let «E0137»int c = a\n println(c)\n b.y }\nfunc g() { println(f(1, P { x: 1, y: 2.0 })) }"],
  ["arguments of a call that is not known", "func f() { «E0201»show(18446744073709551615, None)\n «E0201»show(-170141183460469231731687303715884105727, []) }"],
  ["the value of a field that is not there", "struct P { n i64 }\nfunc f() i64 { P { «E0204»items: List.new(), n: 1 }.n }"],
  ["a method's name that was misspelled in an impl", "trait Area { func area(&self) i64 }\nimpl Area for i64 { func «E0348»aera(&self) i64 { 1 } }\nimpl[T: Area] Area for ?T { func area(&self) i64 { match self { Some(x) => x.aera(), None => 0 } } }"],
  ["what is compared with what is unknown", "func f() { let a = «E0201»b == 1\n println(*a) }"],
  ["a match without a value", "func f(n ?i64) i64 { match «E0121»{\n Some(x) => x\n None => 0\n } }"],
  ["a condition that is missing", "func f() { if «E0121»{ println(1) }\n while «E0121»{ break }\n for x in «E0121»{ break } }"],
  ["the body of a method whose head is missing", "struct R { at i64 }\nimpl R {\n «E0120»let a = 1\n R { at: a }\n func two(&self) i64 { 2 }\n}\nfunc f(r R) i64 { r.two() }"],
  ["the body of an arm whose pattern is missing", "enum E { A, B(i64), C }\nfunc f(e E) i64 {\n match e {\n A => 1,\n «E0123»var k = 1\n for i in 0..3 { k += match i { 0 => 1, _ => 2 } }\n B(n) => n\n C => 2\n }\n}"],
  ["the body of a function whose head is missing", "    «E0124»x = 1\n    x\n}\n\nfunc f() { }"],
  ["a text that breaks off within brackets", "func f() «E0125»{\n println(f("],
  ["what breaks off within a piece of an f-string", "func f(x i64) {\n println(f\"{x} «E0114»{x, 64)\n}"],
  ["a declaration that is first looked at from a body that is checked again", "trait J { func by(&self, t «E0202»string) i64 { 1 } }\nimpl J for i64 {}\nfunc f() ?i64 { var found = None\n let n = 2.by(1)\n found = Some(n)\n found }"],
  ["a type whose keyword was misspelled", "«E0137»struc P { x i64 }\nfunc f() P { P { x: 1 } }\nfunc g() i64 { f().x }"],
  ["a method whose first word was misspelled", "enum C: Copy { A, B }\nimpl C { «E0137»pubx func at(self) i64 { self as i64 } }\nfunc f() i64 { C.A.at() }"],
  ["the traits of an enum without the colon", "enum C «E0120»Copy, Eq { A, B }\nstruct S: Copy { c C }\nfunc f(s &S) bool { s.c == C.A }"],
  ["a receiver of which nobody knows whether it is a borrow", "struct S { n i64 }\nimpl S { func put(«E0140»mut self, n i64) { self.n = n } }\nfunc f() { var s = S { n: 1 }\n s.put(2)\n s.put(3) }"],
  ["what is passed where a type is unknown", "struct S { n i64 }\nfunc a(s &«E0202»T) i64 { 1 }\nfunc f(s &S) i64 { a(s) }"],
  ["None beside what is unknown", "func f(k bool) { let a = if k { None } else { «E0201»x }\n println(a.is_some()) }"],
  ["None where the place is unknown", "func f() { var a = «E0201»x\n a.place = None }"],
  ["a block whose brace a text has taken", "struct S { n i64 }\nimpl S {\n func a(&self, k str) i64 {\n  match k ?? x«E0105»\" {\n   \"a\" => 1\n   _ => 2\n  }\n }\n func b(&self) i64 { self.n }\n}\nfunc f(s S) i64 { s.b() }"],
  ["a text whose first quote is missing", "func f() { println(Some(x.txt«E0105»\").is_some()) }\n\ntest both ways«E0105»\" {\n assert(true)\n}"],
  ["a bracket that is not closed before a line that ends in ?", "func g(n i64) ?i64 { n }\nfunc f() ?i64 {\n let a = g«E0125»(4 + 4\n let b = g(1)?\n var c = 2\n c += 1\n Some(b + c)\n}"],
  ["an impl whose last brace is missing", "struct P { x i64 }\nimpl P {\n    func a(&self) i64 «E0125»{ self.x\n    func b(&self) i64 { 2 }\n}\n\npub struct Q { y i64 }\npub enum R { A, B }\nimpl Q {\n    func c(&self) i64 { self.y }\n}"],
  ["a variant where the result's type is unknown", "enum E { A, B }\nfunc f(k bool) «E0202»Reslt[i64, E] { if k { return Err(.A) }\n Ok(1) }"],
  ["a variable that cannot change, whatever would change it", "func g(n &mut i64) { *n = 1 }\nfunc f() { let a = 1\n «E0310»a += 1\n g(«E0322»&mut a) }"],
  ["the body of a method whose parameters are not the trait's", "trait A { func a(&self, n &mut i64) }\nstruct S { n i64 }\nimpl A for S { func «E0353»a(&self) { *n = self.n } }\nstruct R { n i64 }\nimpl A for R { func a(&self, n «E0353»&i64) { *n = self.n } }"],
  ["a closure in a body with a mistake", "struct S { n i64 }\nfunc g(a &S, b &S) i64 { a.n + b.n }\nfunc h(f func(i64) i64) i64 { f(1) }\nfunc f(s &S, t &S) i64 { h(|i| i + «E0303»g(s &t)) }"],
  ["a comma that is missing before a sign", "struct P { x i64 }\nfunc g(s str, p &P, n i64) i64 { n }\nfunc f(s str, p P) i64 { «E0303»g(s &p -1) + «E0303»g(s &«E0201»q, 2) + «E0303»g(«E0305»s & p) }"],
  ["a trait of a module that is not there", "import «E0701»\"shapes\"\nfunc f(x &dyn shapes.Area) f64 { x.area() }"],
  ["a name that is a type elsewhere, with a type of another language", "func f() i64 { let number «E0202»int = 3\n number }"],
  ["a method whose brace is missing", "struct S { n i64 }\nimpl S {\n func pull(&mut self) i64\n  «E0135»self.n -= 1\n  self.n\n }\n}\nfunc f(s &mut S) i64 { s.pull() }"],
  ["type parameters of a function whose head has a mistake", "struct N[K] { k K }\nfunc f[K](n N«E0125»[K) N[K] { n }"],
  ["a comma or a colon that is missing among type parameters", "func exchanged[A «E0120»B](pair (A, B)) (B, A) { (pair.1, pair.0) }\nfunc big[T «E0120»Ord](a T, b T) T { if a > b { a } else { b } }\nfunc f() { println(exchanged((1, 2)))\n println(big(1, 2)) }"],
  ["a comma that is missing among parameters", "func add(a i64 «E0120»b i64) i64 { a + b }\nfunc f() i64 { add(1, 2) }"],
  ["what a function gives whose parameters have a mistake", "func half( «E0140»(b u8) str {\n match b { _ => \"x\" }\n}\nfunc calc(a u16, «E0140»( u8) i16 { a / b }\nfunc f() { println(half(3))\n println(calc(3, 3)) }"],
  ["a `;` before a body", "func add(a i64)«E0137»; { println(a) }\nfunc f() { add(1) }"],
  ["a function without its brace that begins with var", "func run(start i64) i64\n    «E0135»var i = start\n    loop {\n        i += 1\n        if i > 5 { break }\n    }\n    i\n}\nfunc f() { println(run(3)) }"],
  ["a struct without its brace", "struct Three: Copy «E0120»a i64, b i64 }\nstruct Two «E0120»c i64, d i64 }\nstruct One: Copy\n    «E0120»e i64\n}\nfunc f() { println(Three { a: 1, b: 2 }.a + Two { c: 1, d: 2 }.d + One { e: 1 }.e) }"],
  ["an enum and an impl without their braces", "enum C\n    «E0120»Red\n    Green\n}\nimpl C\n    «E0120»func n(&self) i64 { match self { Red => 1, Green => 2 } }\n}\nfunc f() i64 { let c C = .Red\n c.n() + C.Green.n() }"],
  ["an impl whose brace is written twice", "struct W { n i64 }\nimpl W «E0125»{ {\n    func a(&self) i64 { self.n }\n    func b(&self) i64 { self.n }\n}\nfunc f(w &W) i64 { w.a() + w.b() }"],
  ["a variant that could not be read", "enum Value { Number(i64), «E0120»(String) }\nfunc g(v Value) i64 { match v { Number(n) => n, Text(_) => 0 } }\nfunc f() { println(g(Value.Text(1))) }"],
  ["a variant that has taken others", "enum Token: Copy { Number(f64), Name«E0125»(str, Sign(char), End }\nfunc g(t Token) i64 { match t { Number(_) => 1, Name(_) => 2, Sign(c) => 3, End => 4 } }\nfunc f() { println(g(.End) + g(.Name(\"a\")) + g(Token.Sign('c'))) }"],
  ["a field that could not be read", "struct Lru { «E0120»1 i64, index i64 }\nfunc g(l &Lru) i64 { match l { Lru { slots, index } => *slots + *index } }\nfunc f() { println(g(&Lru { slots: 1, index: 2 }) + Lru { index: 2 }.slots) }"],
  ["`self` that a method does not declare", "struct P { x i64 }\nimpl P { func get() i64 { «E0220»self.x } }\nfunc f() { println(P { x: 1 }.get()) }"],
  ["`self` that changes and is no borrow", "struct P { x i64 }\nimpl P { func set(self, v i64) { «E0310»self.x = v } }\nfunc f() { var p = P { x: 1 }\n p.set(3)\n println(p.x) }"],
  ["type arguments in angle brackets", "func g(v Vec«E0137»<i64>) i64 { v.len }\nfunc f(o Option«E0137»<i64>) { println(g([1].to_list())) }"],
  ["the array that follows a name without `=`", "func f() { var xs «E0120»[1, 2]\n for x in &mut xs { *x = 1 } }"],
  ["several statements of an arm without braces", "enum N { Named(i64), Other }\nfunc f(n N) i64 {\n    var level = 0\n    match n {\n        Named(k) => level += k«E0137»; level += 1\n        Other => { level = 2 }\n    }\n    level\n}"],
  ["methods of an impl whose head could not be read", "struct C { n i64 }\nimpl «E0122») {\n    func bump(&mut self) { self.n += 1 }\n}\nfunc f(c &mut C) { c.bump() }"],
  ["a type parameter that the parameters would tell", "func number[T: Copy](text str, «E0140»(T) T { text }\nfunc f() { println(number(\"12\", 1)) }"],
  ["the arms of a match without its brace", "func f(n i64) {\n    match n\n        «E0135»3 => println(1)\n        _ => println(2)\n    }\n    let s = match n\n        «E0135»3 => 1\n        _ => 2\n    }\n    println(s)\n}"],
  ["what a loop lends, assigned", "func f() { var xs = [1, 2]\n for x in xs { «E0310»x = x * 2 } }"],
  ["a result that functions compute and do not declare", "func fib(n i64) { if n <= 1 { «E0312»n } else { fib(n - 1) + fib(n - 2) } }\nfunc add(a i64, b i64) { «E0312»a + b }\nfunc twice(a i64) { return «E0365»a * 2 }\nfunc f() { println(fib(3))\n let x = add(1, 2)\n let y i64 = twice(x)\n println(y) }"],
  ["a result that a mistake in the parameters has taken", "func add(a f32, b «E0202»f32f32 ) { a + b }\nfunc f() { println(add(1.0, 2.0))\n println(add(1.0, 2.0) - 0.5) }"],
  ["what has no value and was not to have one", "func show(n i64) { println(n) }\nfunc f() { let x = «E0334»show(1)\n println(x) }"],
  ["a function whose name could not be read", "func «E0120»(n i64) { println(n) }\nfunc f() { show(1)\n show(2) }"],
  ["a receiver that could not be read", "trait T { func two(&self) i64 }\nstruct S { n i64 }\nimpl S { func one(&«E0120»selfself i64 { self.n } }\nimpl T for S { func two(&«E0120»selfx i64 { self.n } }\nfunc f(s S) i64 { s.one() + s.two() }"],
  ["what a file that is not there declares", "import «E0701»\"garden.lang\"\ninclude «E0701»\"parts.lang\"\nfunc g(t garden.Tree) i64 { match t { garden.Tree.L => 1, garden.N(x) => 2, Limit => 3, _ => 4 } }\nimpl Grown for i64 { func grown(&self) i64 { 1 } }\nfunc f(q Quantity) { println(hidden() * FACTOR)\n let p = Part { n: 7 }\n println(p.n + q.n) }"],
  ["what a loop lends", "func f() { var xs = [1, 2]\n for x in xs { «E0310»x += 1 } }"],
];

describe("no consequences", () => {
  for (const [title, text] of programs) {
    test(title, () => {
      const { found, expected, messages } = checkMarked(text);
      expect(found, messages).toEqual([...expected]);
    });
  }
});

const advised: readonly (readonly [text: string, advice: string])[] = [
  ["func g(n &mut i64) { *n = 1 }\nfunc f(n &mut i64) { g(&mut n) }", "leave out the &mut before it"],
  ["func g(n &mut [3]i64) { for x in &mut n { *x = 1 } }", "leave out the &mut before it"],
  ["struct C { n i64 }\nimpl C { func get(&self) i64 { n } }", "write self.n"],
  ["func g() Result[i64, str] { Ok(1) }\nfunc f() { println(g() != nil) }", "if let Err(e)"],
  ["func f(t (i64, i64)) { println(t[0]) }", "t.0"],
  ["struct P { x i64 }\nfunc f() { println(P.x) }", "it is a field of a value: ….x"],
  ["func f(a [2]i64) { println(min(a)) }", "….iter().min()"],
  ["func f(a [2]i64) { println(enumerate(a)) }", "xs.iter().enumerate()"],
  ["func f() { let sums = 1\n println(sum(sums)) }", "did you mean sums?"],
  ["func f() { defer func() { println(1) }() }", "defer { … }"],
  ["func f() { var y = 1\n let x = y = 3\n println(x) }", "in a statement before this one"],
  ["enum E = A | B", "enum Light { Red, Green }"],
  ["struct V { x i64 }\nimpl V { func operator+(self, o V) V { o } }", "impl Add for V"],
  ["func f(n i64) str { match n { 1 => \"a\", _ => 2 } }", "let the function's result be String"],
  ["struct P { x i64 }\nfunc f() { let p = P(x: 1)\n println(p.x) }", "write P { x: 1 }"],
  ["func f(o ?i64) { if Some(x) = o { println(x) } }", "if let Some(x) = …"],
  ["func f() { var i = 0\n for i < 3 { i += 1 } }", "`while c { }`"],
  ["func f(x f64) { println((int)x) }", "write x as i64"],
  ["func f(x f64) { println((string)x) }", "f\"{x}\""],
  ["struct P { x i64 }\nfunc f(p &P) { println(p->x) }", "p.x"],
  ["func f(xs []i64) { println(xs.iter().map(x->x+1).sum()) }", "|x| x + 1"],
  ["func f() Result[void, str] { println(1) }", "end with Ok(())"],
  ["func f(n ?i64) { let xs = [1]\n println(xs[n]) }", "take the value out"],
  ["struct P { x i64 }\nimpl P { func get(&self) i64 { self.x } }\nfunc f(p ?P) i64 { p.get() }", "take the value out first"],
  ["struct P { x i64 }\nimpl P { func set(&self) { self.x = 1 } }", "take it as &mut self"],
  ["func f(n ?[2]i64) { println(n[0]) }", "take the value out"],
  ["import shapes", 'write import "shapes"'],
  ["func f() Resul[i64, str] { Ok(1) }", "did you mean Result?"],
  ["struct C { n i64 }\nfunc a(c &C) i64 { c.n }\nfunc f(c ?C) i64 { a(&c) }", "take the value out first, with !, ?? or match"],
  ["struct C { n i64 }\nimpl C { func get(&self) i64 { self.n }\n func twice(&self) i64 { get() * 2 } }", "write self.get(…)"],
  ["struct C { n i64 }\nimpl C { func one() i64 { 1 }\n func twice() i64 { one() * 2 } }", "write Self.one(…)"],
  ["func f() { let x = 1\n println(\"x =\", x) }", "several values are put into one text"],
  ["func f() { let x = 2\n println(x ** 2) }", "x.pow(n)"],
  ["func f() { let x = 2\n println(*x) }", "it is the value itself: write x"],
  ["func f() { for i in 0..3 { i += 1 } }", "the variable of a for does not change"],
  ["func f(o ?i64) { match o { Some(n) => { n += 1 }, None => { } } }", "copy it: var my_n = n"],
  ["func f() { let (a, b) = (1, 2)\n a = b }", "declare it with var"],
  ["func inc(x &mut i64) { *x += 1 }\nfunc f() { var n = 1\n inc(&n) }", "borrow it by &mut"],
  ["struct N { v i64, next ?N }", "?Box[N]"],
  ["struct S: Debug { x i64 }", "write Show"],
  ["trait A { func a(&self) i64 }\nstruct S: A { x i64 }", "impl A for S"],
  ["func f(int x) { }", "write x i64"],
  ["func f() { let s = 12 as str\n println(s) }", "f\"{x}\""],
  ["func f() { let s = str(12)\n println(s) }", "f\"{x}\""],
  ["struct P { x i64 }\nfunc g() ?P { None }\nfunc f() { println(g().x) }", "take the value out first"],
  ["func f(x i64) { let p *i64 = x\n println(*p) }", "take its address"],
  ["import \"std/jsno\"\nfunc f() { }", "did you mean \"std/json\"?"],
  ["func f(xs []mut i64) { xs[0] = 1 }\nfunc g() { var a = [1, 2]\n f(&a) }", "borrow it by &mut"],
  ["func f() Result[i64, str] { return \"bad\" }", "Err(…)"],
  ["func f() Result[i64, str] { 5 }", "Ok(…)"],
  ["func g() ?&i64 { None }\nfunc f() { let x i64 = g()\n println(x) }", "take the value out"],
  ["func f() i64 { while true { } }", "`loop { }`"],
  ["func f(x ?i64) i64 { if let n = x { n } else { 0 } }", "if let Some(n) = …"],
  ["struct P { x i64 }\nimpl P { func new(x i64) { P { x: x } } }", "write P behind the function's parameters"],
  ["enum E { A(i64), B }\nfunc f(e E) bool { match e { A(n) => n > 0, B => e == E.A } }", "if let A(_) = … { }"],
  ["func f() { let n = 4\n let xs = [0; n]\n println(xs[0]) }", "List.filled(n, 0)"],
  ["func f(s str) { if s.equals(\"x\") { } }", "write a == b"],
  ["func f(g Func[i64, i64]) { }", "func(A) R"],
  ["struct C { n i64 }\nimpl C { func get() i64 { n } }", "write self.n, and let the function take &self"],
  ["struct P { x i64 }\nimpl P { func get(&self) i64 { self.x } }\nfunc f(p P) { println(get(p)) }", "get is a method of P: write x.get()"],
  ["func f() { let x = int(\"37\")\n println(x) }", "s.parse[i64]()"],
  ["func f() { let x = i64(\"37\")\n println(x) }", "s.parse[i64]()"],
  ["func f(y i64) { let x = float(y)\n println(x) }", "x as f64"],
  ["func f() { let p *i64 = null\n println(p == nil) }", "write nil"],
  ["func f() { pass }", "an empty block is { }"],
  ["func f(a i32, b u64) { println(a + b) }", "… as i64"],
  ["func f(a usize, b i64) { println(a + b) }", "… as i64"],
  ["func f() { var xs = [1, 2]\n xs.push(3) }", "List.from([1, 2, 3])"],
  ["func f(s str) { println(s[0]) }", "s.chars()"],
  ["func f(x i64) { let y = x * 2\n y }", "write i64 behind its parameters"],
  ["func f(x i64) { x * 2; println(x) }", "perhaps an assignment or a return is missing"],
  ["func g(a i64, b &i64, c i64) { }\nfunc f(a i64) { g(a &a -1) }", "a comma is missing: a, &a, -1"],
  ["func f(x &i64) &mut i64 { x }", "take a &mut where this comes from"],
  ["enum E { A(i64), B }\nfunc f(x i64) E { let y = x; .A(y) }", "written with its type"],
  ["func f(a str, b str) { println([a &b].len) }", "a comma is missing: …, &…"],
  ["trait A { }\ntrait B { }\nfunc f(x &dyn A + B) { }", "trait Both: A + B {}"],
  ["struct S[T = i64] { x T }", "leave it out"],
  ["enum E { A(i64), B }\nfunc f(g func(i64) E) { }\nfunc g() { f(E.A) }", "as a function: |a| E.A(a)"],
];

describe("advice", () => {
  for (const [text, advice] of advised) {
    test(text.slice(0, 60), () => expect(checkText(text).diagnostics.list.flatMap((one) => one.advice).join("; ")).toContain(advice));
  }
});

describe("elements of another type than the others", () => {
  const mistakes = (text: string): number[] => mistakesOf(checkText(`func f() { ${text} }`).diagnostics.list).map((same) => same.length);
  test("are one mistake for each such type", () => {
    expect(mistakes('let xs = ["a", 1, 2.5, 2, 3]')).toEqual([3, 1]);
    expect(mistakes('let xs = [1, "a", "b"]')).toEqual([2]);
    expect(mistakes('let xs [3]i64 = ["a", "b", "c"]')).toEqual([3]);
    expect(mistakes('let xs [2]i64 = [1.5, 2.5]\n let ys [1]i64 = [1.5]')).toEqual([2, 1]);
  });

  test("show the element that decides", () => {
    const { list } = checkText('func f() { let xs = [None, 1, "a"] }').diagnostics;
    expect(list.map(({ span, labels }) => [span.start, ...labels.map(({ start }) => start)])).toEqual([[22], [31, 28]]);
  });
});
