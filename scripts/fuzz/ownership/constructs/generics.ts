/** Generic functions, structs and traits over references. */

import { place } from "../productions.ts";
import { construct } from "./construct.ts";

export const generics = construct("generics", {
  types: {
    WR: { lang: "Wrap[&String]", rust: "Wrap<&'a String>", show: ["println($.inner)", 'println!("{}", $.inner)'] },
    WS: { lang: "Wrap[String]", rust: "Wrap<String>", show: ["println($.inner)", 'println!("{}", $.inner)'] },
    WB: { lang: "Bag[&String]", rust: "Bag<&'a String>", show: ["show_all(&$.items)", "show_all(&$.items)"] },
  },
  values: {
    WR: [["Wrap { inner: $1 }", "", "&S"], ["wrap($1)", "", "&S"], ["$1.change(|q| longer(q, $2))", "", "WR", "@&S"], ["$1.keep($2)", "", "WR", "&S"]],
    WS: [["Wrap { inner: $1 }", "", "S"], ["wrap($1)", "", "S"], ["$1.change(|q| q)", "", "WS"]],
    WB: [["Bag { items: $1 }", "", "LR"], ["filled($1, $2)", "", "&S", "&S"]],
    S: [["$1.open()", "", "WS"], ["exchange(&mut $1, $2)", "", "!WS", "S"]],
    "&S": [["$1.open()", "", "WR"], ["$1.fetch()", "", "=V"], ["$1.fetch()", "", "=WR"], ["fetched(&$1)", "", "=WR"], ["fetched(&$1)", "", "=V"], ["$1.look()", "", "=WS"], ["*$1.look()", "", "=WR"], ["exchange(&mut $1, $2)", "", "!WR", "&S"], ["picked($1, $2, |a, b| longer(a, b))", "", "&S", "&S"]],
    OR: [["$1.newest()", "", "=WB"]],
    LR: [["$1.items", "", "WB"]],
  },
  places: [place("&S", "WR", "$.inner"), place("S", "WS", "$.inner", { moves: true }), place("LR", "WB", "$.items", { moves: true })],
  effects: [["$1.add($2)", "", "!WB", "&S"], ["add_to(&mut $1, $2)", "", "!WB", "&S"], ["$1 = $2", "", "@WR", "WR"], ["$1 = $2", "", "!WB", "WB"], ["gone($1)", "", "WS"], ["swap(&mut $1.inner, &mut $2)", "", "!WR", "@&S"], ["$1.inner.push_str(\"$\")", "", "!WS"]],
  variables: ["WR", "WR", "WS", "WB"],
  results: ["WR", "WB"],
  parameters: ["WR", "&mut WR", "&mut WB", "&WS"],
  lang: `
trait Source[T] { func fetch(&self) T }
trait Taker[T] { func add(&mut self, x T) }
struct Wrap[T] { inner T }
struct Bag[T] { items List[T] }
impl Source[&String] for View { func fetch(&self) &String { self.s } }
impl[T: Copy] Source[T] for Wrap[T] { func fetch(&self) T { self.inner } }
impl[T] Taker[T] for Bag[T] { func add(&mut self, x T) { self.items.push(x) } }
impl[T] Wrap[T] {
    func open(self) T { self.inner }
    func look(&self) &T { &self.inner }
    func change[U](self, f func(T) U) Wrap[U] { Wrap { inner: f(self.inner) } }
    func keep(self, _x T) Wrap[T] { self }
}
impl[T: Copy] Bag[T] { func newest(&self) ?T { if self.items.len == 0 { None } else { Some(self.items[self.items.len - 1]) } } }
func wrap[T](x T) Wrap[T] { Wrap { inner: x } }
func filled[T](a T, b T) Bag[T] { var items List[T] = List.new(); items.push(a); items.push(b); Bag { items } }
func fetched[T, S: Source[T]](s &S) T { s.fetch() }
func add_to[T, B: Taker[T]](b &mut B, x T) { b.add(x) }
func exchange[T](w &mut Wrap[T], x T) T { replace(&mut w.inner, x) }
func picked[T](a T, b T, f func(T, T) T) T { f(a, b) }
`,
  rust: `
trait Source<T> { fn fetch(&self) -> T; }
trait Taker<T> { fn add(&mut self, x: T); }
struct Wrap<T> { inner: T }
struct Bag<T> { items: Vec<T> }
impl<'a> Source<&'a String> for View<'a> { fn fetch(&self) -> &'a String { self.s } }
impl<T: Copy> Source<T> for Wrap<T> { fn fetch(&self) -> T { self.inner } }
impl<T> Taker<T> for Bag<T> { fn add(&mut self, x: T) { self.items.push(x) } }
impl<T> Wrap<T> {
    fn open(self) -> T { self.inner }
    fn look(&self) -> &T { &self.inner }
    fn change<U>(self, f: impl FnOnce(T) -> U) -> Wrap<U> { Wrap { inner: f(self.inner) } }
    fn keep(self, _x: T) -> Wrap<T> { self }
}
impl<T: Copy> Bag<T> { fn newest(&self) -> Option<T> { self.items.last().copied() } }
fn wrap<T>(x: T) -> Wrap<T> { Wrap { inner: x } }
fn filled<T>(a: T, b: T) -> Bag<T> { Bag { items: vec![a, b] } }
fn fetched<T, S: Source<T>>(s: &S) -> T { s.fetch() }
fn add_to<T, B: Taker<T>>(b: &mut B, x: T) { b.add(x) }
fn exchange<T>(w: &mut Wrap<T>, x: T) -> T { replace(&mut w.inner, x) }
fn picked<T>(a: T, b: T, f: impl FnOnce(T, T) -> T) -> T { f(a, b) }
`,
});
