/** Generics and traits: what is refused, marked in the text, and what is accepted; with the library's traits as std declares them. */

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { checkMarked, checkText } from "./testing.ts";

const prelude = readFileSync(new URL("../../std/traits.lang", import.meta.url), "utf8") + `
pub struct Hasher { state u64 }
pub struct Formatter { out i32 }
pub struct Box[T] { value &mut T }
impl[T] Box[T] { pub func new(value T) Box[T] { panic("") } }
impl[T] Deref[T] for Box[T] { func deref(&self) &T { &*self.value } }
impl[T] DerefMut[T] for Box[T] { func deref_mut(&mut self) &mut T { &mut *self.value } }
pub struct Rc[T] { value &mut T }
impl[T] Deref[T] for Rc[T] { func deref(&self) &T { &*self.value } }
pub struct String { ptr *u8, len i64, room i64 }
impl Deref[str] for String { func deref(&self) &str { panic("") } }
pub struct List[T] { ptr *T, len i64, room i64 }
impl[T] List[T] { pub func new() List[T] { panic("") }\n pub func push(&mut self, value T) { } }
impl[T] Deref[[]T] for List[T] { func deref(&self) &[]T { panic("") } }
impl[T] FromIterator[T] for List[T] { func from_iter[I: Iterator[T]](iter I) List[T] { panic("") } }
impl[T] []T { pub func first(&self) ?&T { panic("") } }
impl[T] []mut T { pub func reverse(self) { } }
pub struct Map[K, V] { entry ?(K, V) }
impl[K: Hash + Eq, V] Map[K, V] { pub func new() Map[K, V] { panic("") } }
impl[K: Hash + Eq, V] Index[K, V] for Map[K, V] { func index(&self, at K) &V { panic("") } }
impl[K: Hash + Eq, V] IndexMut[K, V] for Map[K, V] { func index_mut(&mut self, at K) &mut V { panic("") } }
pub trait Iterator[T] { func next(&mut self) ?T
  func map[U](self, f mut func(T) U) Mapped[Self, T, U] { Mapped { from: self, call: f } }
  func collect[C: FromIterator[T]](self) C { C.from_iter(self) } }
pub struct Mapped[I, T, U] { from I, call mut func(T) U }
impl[T, U, I: Iterator[T]] Iterator[U] for Mapped[I, T, U] { func next(&mut self) ?U { match self.from.next() { Some(x) => Some((self.call)(x)), None => None } } }
pub struct Count { pub n i64 }
impl Iterator[i64] for Count { func next(&mut self) ?i64 { None } }
`;

const programs: readonly (readonly [title: string, text: string])[] = [
  ["endlessly many instances", `«E0354»func f[T: Copy](n i64, x T) i64 { if n == 0 { 0 } else { f(n - 1, (x, x)) } }\nfunc main() { println(f(2, 1)) }`],
  ["endlessly many instances through others", `«E0354»func f[T: Copy](n i64, x T) i64 { if n == 0 { 0 } else { g(n - 1, (x, x)) } }\nfunc g[T: Copy](n i64, x T) i64 { f(n, x) }\nfunc main() { println(f(2, 1)) }`],
  ["type parameters twice", `func f[T, «E0215»T](x T) { }\nstruct S[A, «E0215»A] { x A }`],
  ["type parameters that nothing determines", `struct S { x i64 }\nimpl[«E0226»T] S { func f(&self) { } }`],
  ["numbers of type arguments", `struct P[A, B] { a A, b B }\nfunc f(p «E0304»P[i64], q «E0304»P) { }\nfunc g[T](x T) { }\nfunc h() { «E0304»g[i64, i64](1) }\nfunc k[I: «E0304»Iterator](x I) { }`],
  ["unknown traits, and what is none", `struct P { x i64 }\nfunc f[T: «E0216»Shwo](x T) { }\nfunc g[T: «E0221»P](x T) { }\nimpl «E0216»Nothing for P { }`],
  ["what nothing says", `struct E[T] { x ?T }\nenum O[T] { N, J(T) }\nfunc f[T]() { }\nfunc g() { «E0307»f()\n let a = «E0307»O.N\n let l = «E0307»List.new()\n let e = «E0307»E { x: None } }`],
  ["bounds at the place of use", `struct P { x i64 }\nfunc f[T: Ord](a T) { }\nstruct S[T: Copy] { x T }\nfunc g(p P, q &P, s «E0346»S[P]) { «E0346»f(*q) }\nfunc h[T](x T) { «E0346»f(x) }`],
  ["methods that need a bound", `struct P { x i64 }\nstruct L[T] { x T }\nimpl[T: Ord] L[T] { func top(&self) { } }\nfunc f(l &L[P], m &L[i64]) { «E0346»l.top()\n m.top() }`],
  ["generic bodies know their bounds only", `func f[T](a T, b T) bool { «E0305»a == b }\nfunc g[T](a T) T { «E0305»a + a }\nfunc h[T](a T) { println(«E0337»a) }\nfunc k[T](a T) { a.«E0205»show() }\nfunc l[T](a T) i64 { «E0301»a }`],
  ["arguments that do not agree", `func two[T](a T, b T) { }\nfunc f() { two(1, «E0301»"x")\n let a = 1u8\n two(a, «E0308»300)\n two[str](«E0301»1, "x") }`],
  ["methods missing, more, different", `trait A { func a(&self) i64\n func b(&self) { } }\nstruct P { x i64 }\nstruct Q { x i64 }\nstruct R { x i64 }
impl «E0347»A for P { }\nimpl A for Q { func a(&self) i64 { 1 }\n func «E0348»c(&self) { } }\nimpl A for R { func a(&self) «E0353»str { "x" }\n func «E0353»b(self) { } }`],
  ["parameters that differ", `trait A { func a(&self, n i64)\n func b[T](&self, x T) }\nstruct P { x i64 }\nimpl A for P { func a(&self, n «E0353»str) { }\n func «E0353»b(&self, x i64) { } }\nstruct Q { x i64 }\nimpl A for Q { func «E0353»a(&self) { }\n func «E0353»b[T: Copy](&self, x T) { } }`],
  ["implemented twice", `trait A { }\nstruct P: Eq { x i64 }\nimpl A for P { }\nimpl «E0349»A for P { }\nimpl «E0349»Eq for P { func eq(&self, other &P) bool { true } }\ntrait B { }\nimpl[T] B for T { }\nimpl «E0349»B for P { }\nstruct G[T] { x T }\nimpl A for G[i64] { }\nimpl A for G[str] { }`],
  ["far from trait and type", `impl «E0350»Eq for Hasher { func eq(&self, other &Hasher) bool { true } }\nimpl «E0350»i64 { func f(self) { } }\nimpl[T] «E0350»T { func f(self) { } }`],
  ["drop called by name", `struct P { x i64 }\nimpl Drop for P { func drop(&mut self) { } }\nstruct Q { x i64 }\nimpl Q { func drop(&mut self) { } }\nfunc f[T: Drop](t &mut T, p &mut P, q &mut Q) { t.«E0421»drop()\n p.«E0421»drop()\n P.«E0421»drop(p)\n Drop.«E0421»drop(p)\n q.drop() }`],
  ["Copy with Drop", `struct P: Copy { x i64 }\nimpl «E0351»Drop for P { func drop(&mut self) { } }`],
  ["Copy by hand", `struct A { x i64 }\nstruct P { a A }\nimpl Clone for P { func clone(&self) P { panic("") } }\nimpl «E0351»Copy for P { }\nstruct Q { x i64 }\nimpl «E0346»Copy for Q { }`],
  ["derives of generic types", `struct P { x i64 }\nstruct S[T]: Copy, Eq { x T, y «E0202»Q }\nstruct G[T]: «E0351»Eq { x T, p P }\nfunc f(a S[P], b S[P]) bool { «E0305»a == b }\nfunc g(a S[i64], b S[i64]) bool { a == b }`],
  ["what cannot be dyn", `trait A { func a() }\ntrait B { func b[T](&self, x T) }\ntrait C { func c(&self, other &Self) }\ntrait D: C { }\nfunc f(a &«E0352»dyn A, b &«E0352»dyn B, c &«E0352»dyn C, d &«E0352»dyn D, e &«E0352»dyn Eq) { }\nfunc g(a «E0363»dyn Show) { }`],
  ["dyn of what has not the trait", `trait A { func a(&self) }\nstruct P { x i64 }\nstruct Q { x i64 }\nimpl A for P { func a(&self) { } }\nfunc take(a &dyn A) { }\nfunc f(p P, q Q) { take(&p)\n take(«E0346»&q)\n let b Box[dyn A] = Box.new(P { x: 1 }) }`],
  ["traits are no types", `trait A { }\nfunc f(x «E0218»A) { }\nfunc g() { let a = «E0217»A }`],
  ["methods of two traits", `trait A { func m(&self) { } }\ntrait B { func m(&self) { } }\nstruct P { x i64 }\nimpl A for P { }\nimpl B for P { }\nfunc f(p P) { p.«E0207»m()\n A.m(&p) }`],
  ["what is behind an Rc does not change", `struct P { x i64 }\nimpl P { func m(&mut self) { self.x = 1 } }\nfunc f(a Rc[P]) { var r = a\n «E0310»r.x = 2\n «E0339»r.m() }\nfunc g(a Box[P]) { let b = a\n «E0310»b.x = 1\n var d = a\n d.x = 1\n d.m()\n *d = P { x: 1 } }`],
  ["supertraits", `trait A { func a(&self) }\ntrait B: A { }\nstruct P { x i64 }\nimpl «E0346»B for P { }\nfunc f[T: B](x T) { x.a() }`],
  ["keys of maps", `struct P { x i64 }\nfunc f(m Map[P, i64], p P) { println(«E0319»m[p]) }\nfunc g(m &Map[str, i64], n &mut Map[str, i64]) { println(m["a"])\n n["b"] = 2\n «E0310»m["c"] = 1 }`],
];

describe("refused", () => {
  for (const [title, text] of programs) {
    test(title, () => {
      const { found, expected, messages } = checkMarked({ "main.lang": text, "std/core.lang": prelude });
      expect(found, messages).toEqual([...expected]);
    });
  }
});

const accepted: readonly (readonly [title: string, text: string])[] = [
  ["literals take the type that the others solve", `func two[T](a T, b T) T { a }\nfunc f(x u8) { let y u8 = two(x, 5)\n let z u8 = two(5, x)\n let w f64 = two(1, 2)\n let v = two(1, 2.5) }`],
  ["the wanted type solves what arguments do not", `func make[T]() ?T { None }\nfunc f() { let a ?i64 = make()\n let l List[str] = List.new()\n let b Box[List[i64]] = Box.new(List.new())\n var m List[i64] = List[i64].new()\n m.push(1) }`],
  ["references and slices as arguments", `func sum[T: Add + Copy](xs []T, zero T) T { var s = zero\n for x in xs { s = s + x }\n s }\nfunc f(l &List[i64], a [3]f64) { let x i64 = sum(l, 0)\n let y f64 = sum(&a, 0.0) }`],
  ["closures see what the others solved", `func map[T, U](xs []T, f func(&T) U) List[U] { List.new() }\nfunc f(xs []i64) { let a List[str] = map(xs, |x| "a")\n let b = map(xs, |x| *x as f64)\n let c List[f64] = b }`],
  ["iterators", `func f(c Count) { let l List[i64] = c.map(|x| x + 1).map(|y| y * 2).collect() }\nfunc g() { for x in (Count { n: 1 }) { let y i64 = x }\n let l = Count { n: 1 }.map(|x| f"{x}").collect[List[String]]() }`],
  ["static methods of parameters", `trait Zero { func zero() Self }\nimpl Zero for i64 { func zero() i64 { 0 } }\nfunc sum[T: Zero + Add + Copy](xs []T) T { var s = T.zero()\n for x in xs { s = s + x }\n s }\nfunc f() { let x = sum(&[1, 2]) + i64.zero()\n let d i64 = i64.default()\n let e i64 = Default.default() }`],
  ["operators by impl", `struct V: Copy { x f64 }\nimpl Add for V { func add(self, o V) V { V { x: self.x + o.x } } }\nimpl Neg for V { func neg(self) V { V { x: -self.x } } }\nimpl Eq for V { func eq(&self, o &V) bool { self.x == o.x } }
func f(a V, b &V) V { let c = -(a + b) + a\n if a == c || a != *b { return c }\n var d = a\n d += c\n d }`],
  ["? converts by From", `struct E { x i64 }\nimpl From[str] for E { func from(value str) E { E { x: value.len } } }\nfunc g() Result[i64, str] { Err("x") }\nfunc f() Result[i64, E] { let n = g()?\n Ok(n) }`],
  ["through boxes", `struct P { x i64, t (i64, i64) }\nimpl P { func m(&self) i64 { self.x }\n func set(&mut self) { self.x = 1 } }\nfunc take(p &P) { }\nfunc text(s str) { }\nfunc f(b Box[P], s String, l List[i64]) { println(b.x + b.m() + b.t.0 + (*b).x)\n var d = b\n d.set()\n take(&d)\n text(&s)\n println(l[0] + l.len)\n for x in l[..] { println(x) }\n println(s[0..1])\n let q = l.first() }`],
  ["a list as a slice that changes", `func f(a [3]i64) { var l List[i64] = List.new()\n l.reverse()\n l[0] = 2\n var b = a\n b.reverse()\n let s []mut i64 = &mut l }`],
  ["generic enums", `enum Tree[T] { Leaf, Node(Box[Tree[T]], T, Box[Tree[T]]) }\nimpl[T: Ord] Tree[T] { func has(&self, x &T) bool { match self { Leaf => false, Node(l, y, r) => if *x < *y { l.has(x) } else if y == x { true } else { r.has(x) } } } }\nfunc f(t &Tree[i64]) bool { let e Tree[i64] = Tree.Leaf\n let n = Tree.Node(Box.new(Tree.Leaf), 5, Box.new(.Leaf))\n n.has(&3) && t.has(&4) && e.has(&5) }`],
  ["aliases with parameters", `type Pair[T] = (T, T)\ntype Table[V] = Map[str, V]\nfunc f(p Pair[i64], t Table[f64]) i64 { let m Map[str, f64] = t\n p.0 + p.1 }`],
  ["explicit arguments", `func id[T](x T) T { x }\nstruct P[A] { a A }\nimpl[A] P[A] { func of(a A) P[A] { P { a: a } }\n func with[B](self, b B) P[B] { P { a: b } } }\nfunc f() { let a = id[u8](1)\n let b = P[i64].of(1).with[str]("x")\n let c = P[f64] { a: 1 }\n let g func(i64) i64 = id\n let h = id[str]\n println(max[i64](1, 2)) }`],
  ["Self", `struct P[T]: Copy { x T }\nimpl[T: Copy] P[T] { func new(x T) Self { Self { x: x } }\n func twice(&self) (Self, Self) { (Self.new(self.x), *self) } }\ntrait A { func make() Self\n func both() (Self, Self) { (Self.make(), Self.make()) } }\nimpl A for i64 { func make() Self { 1 } }\nfunc f() { let p = i64.both() }`],
  ["traits with parameters", `trait Into2[T] { func conv(&self) T }\nimpl Into2[i64] for f64 { func conv(&self) i64 { *self as i64 } }\nimpl Into2[str] for f64 { func conv(&self) str { "x" } }\nfunc f(x f64) { let a i64 = x.conv()\n let b str = x.conv() }\nfunc g[U: Into2[i64]](x U) i64 { x.conv() }`],
  ["dyn with supertraits and arguments", `trait A { func a(&self) i64 }\ntrait B[T]: A { func b(&self, x T) T }\nstruct P { x i64 }\nimpl A for P { func a(&self) i64 { 1 } }\nimpl B[str] for P { func b(&self, x str) str { x } }\nfunc g(d &dyn B[str], e Box[dyn A]) i64 { println(d.b("x"))\n d.a() + e.a() }\nfunc f(p P) i64 { g(&p, Box.new(P { x: 1 })) }`],
  ["traits of one's own for types of others", `trait Double { func double(&self) Self }\nimpl Double for i64 { func double(&self) i64 { *self * 2 } }\nimpl[T: Double + Copy] Double for (T, T) { func double(&self) (T, T) { (self.0.double(), self.1.double()) } }\nimpl[T: Double] Double for ?T { func double(&self) ?T { match self { Some(x) => Some(x.double()), None => None } } }\nfunc f() { let a = (1, 2).double()\n let b = Some(3).double() }`],
];

describe("accepted", () => {
  for (const [title, text] of accepted) {
    test(title, () => expect(checkText({ "main.lang": text, "std/core.lang": prelude }).messages).toBe(""));
  }
});
