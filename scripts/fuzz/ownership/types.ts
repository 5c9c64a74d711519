/** The types that the ownership fuzzer's programs are about, in both languages. `&S` and `&mut S` of an owned `S` are types, too. */

export interface TypeRow {
  readonly lang: string;
  /** `'a` stands where a signature needs a lifetime; elsewhere it is taken out. */
  readonly rust: string;
  /** What prints a value's content: `$` is the place. */
  readonly show: readonly [lang: string, rust: string];
  readonly copy?: boolean;
}

const text = ["println($)", 'println!("{}", $)'] as const;
const list = ["println($[0])", 'println!("{}", $[0])'] as const;

const base: Readonly<Record<string, TypeRow>> = {
  S: { lang: "String", rust: "String", show: text },
  D: { lang: "Noisy", rust: "Noisy", show: ["println($.name)", 'println!("{}", $.name)'] },
  P: { lang: "Pair", rust: "Pair", show: ["println(f\"{$.a} {$.b}\")", 'println!("{} {}", $.a, $.b)'] },
  L: { lang: "List[String]", rust: "Vec<String>", show: list },
  B: { lang: "Box[String]", rust: "Box<String>", show: text },
  RC: { lang: "Rc[String]", rust: "Rc<String>", show: text },
  O: { lang: "?String", rust: "Option<String>", show: ["if let Some(q) = &$ { println(q) }", 'if let Some(q) = &$ { println!("{}", q) }'] },
  ND: { lang: "Node", rust: "Node", show: ["println($.value)", 'println!("{}", $.value)'] },
  BN: { lang: "Box[Node]", rust: "Box<Node>", show: ["println($.value)", 'println!("{}", $.value)'] },
  str: { lang: "str", rust: "&'a str", show: text, copy: true },
  V: { lang: "View", rust: "View<'a>", show: ["println($.s)", 'println!("{}", $.s)'] },
  Y: { lang: "Both", rust: "Both<'a>", show: ["println(f\"{$.x} {$.y}\")", 'println!("{} {}", $.x, $.y)'] },
  W: { lang: "Writer", rust: "Writer<'a>", show: ["println($.out[0])", 'println!("{}", $.out[0])'] },
  K: { lang: "Keep", rust: "Keep<'a>", show: ["$.show()", "$.show()"] },
  G: { lang: "Guard", rust: "Guard<'a>", show: ["println($.s)", 'println!("{}", $.s)'] },
  E: { lang: "Pick", rust: "Pick<'a>", show: ["show_pick(&$)", "show_pick(&$)"] },
  OR: { lang: "?&String", rust: "Option<&'a String>", show: ["if let Some(q) = $ { println(q) }", 'if let Some(q) = $ { println!("{}", q) }'], copy: true },
  OM: { lang: "?&mut String", rust: "Option<&'a mut String>", show: ["if let Some(q) = &$ { println(q) }", 'if let Some(q) = &$ { println!("{}", q) }'] },
  T: { lang: "(&String, &String)", rust: "(&'a String, &'a String)", show: ["println(f\"{$.0} {$.1}\")", 'println!("{} {}", $.0, $.1)'], copy: true },
  LR: { lang: "List[&String]", rust: "Vec<&'a String>", show: ["show_all(&$)", "show_all(&$)"] },
  C: { lang: "Cell[?&String]", rust: "Cell<Option<&'a String>>", show: ["if let Some(q) = $.get() { println(q) }", 'if let Some(q) = $.get() { println!("{}", q) }'] },
  I: { lang: "SliceIter[String]", rust: "std::slice::Iter<'a, String>", show: ["if let Some(q) = $.next() { println(q) }", 'if let Some(q) = $.next() { println!("{}", q) }'] },
  IM: { lang: "SliceIterMut[String]", rust: "std::slice::IterMut<'a, String>", show: ["if let Some(q) = $.next() { q.push_str(\"~\"); println(q) }", 'if let Some(q) = $.next() { q.push_str("~"); println!("{}", q) }'] },
  BT: { lang: "Box[dyn Named]", rust: "Box<dyn Named + 'a>", show: ["println($.name())", 'println!("{}", $.name())'] },
};

const rows = new Map(Object.entries(base));

/** A construct has types of its own. */
export function addTypes(of: Readonly<Record<string, TypeRow>>): void {
  for (const [name, row] of Object.entries(of)) rows.set(name, row);
}

/** The row of a type; of references it is made of what they refer to. */
export function typeRow(name: string): TypeRow {
  const row = rows.get(name);
  if (row !== undefined) return row;
  const reference = /^&(mut )?(\w+)$/.exec(name);
  const of = rows.get(reference?.[2] ?? "");
  if (reference === null || of === undefined) throw new Error(`fuzz/ownership/types.typeRow: ${name}`);
  const mut = reference[1] ?? "";
  return { lang: `&${mut}${of.lang}`, rust: `&'a ${mut}${of.rust}`, show: of.show[0].includes("&$") ? [of.show[0].replace("&$", "$"), of.show[1].replace("&$", "$")] : of.show, copy: mut === "" };
}

/** Rust's name of it within a body. */
export const bodyType = (name: string): string => typeRow(name).rust.replace(/<'a>/g, "<'_>").replace(/<'a, /g, "<'_, ").replace(/ \+ 'a/g, " + '_").replace(/'a /g, "");

export const langPrelude = `
struct Noisy { name String }
impl Drop for Noisy { func drop(&mut self) { println(f"drop {self.name}") } }
struct Pair { a String, b String }
struct View { s &String, n i64 }
struct Both { x &String, y &String }
struct Writer { out &mut List[String] }
struct Keep { items List[&String], last ?&String }
struct Guard { s &String }
impl Drop for Guard { func drop(&mut self) { println(f"guard {self.s}") } }
enum Pick { One(&String), Two(&String, &String), Own(String), Nothing }
struct Node { value String, next ?Box[Node] }
trait Named { func name(&self) str }
impl Named for Noisy { func name(&self) str { &self.name } }
impl Named for View { func name(&self) str { self.s } }
impl Named for Pair { func name(&self) str { &self.b } }
impl Pair {
    func left(&self) &String { &self.a }
    func right_mut(&mut self) &mut String { &mut self.b }
    func both_mut(&mut self) (&mut String, &mut String) { (&mut self.a, &mut self.b) }
    func into_a(self) String { self.a }
}
impl View {
    func get(&self) &String { self.s }
    func set(&mut self, s &String) { self.s = s }
    func with(self, s &String) View { View { s, ..self } }
}
impl Both {
    func turned(&self) Both { Both { x: self.y, y: self.x } }
    func set_x(&mut self, s &String) { self.x = s }
}
impl Writer {
    func add(&mut self, s String) { self.out.push(s) }
    func last(&mut self) &mut String { let n = self.out.len; &mut self.out[n - 1] }
    func first(&self) &String { &self.out[0] }
}
impl Keep {
    func new() Keep { Keep { items: List.new(), last: None } }
    func add(&mut self, s &String) &mut Keep { self.items.push(s); self.last = Some(s); self }
    func get(&self, i i64) ?&String { if i < self.items.len { Some(self.items[i]) } else { None } }
    func take_last(&mut self) ?&String { self.last.take() }
    func show(&self) { for q in &self.items { println(q) } if let Some(q) = self.last { println(f"last {q}") } }
}
impl Node {
    func push(&mut self, value String) { let rest = self.next.take(); self.next = Some(Box.new(Node { value, next: rest })) }
    func tail(&self) &Node { match &self.next { Some(n) => n, None => self } }
    func end_mut(&mut self) &mut Node { if self.next.is_none() { return self }; match &mut self.next { Some(n) => n.end_mut(), None => panic("none") } }
    func find(&self, n i64) ?&String { var at = self; for _ in 0..n { match &at.next { Some(next) => at = next, None => return None } } Some(&at.value) }
}
func show_pick(p &Pick) { match p { One(a) => println(a), Two(a, b) => println(f"{a} {b}"), Own(a) => println(a), Nothing => println("nothing") } }
func show_all(xs &List[&String]) { for x in xs { println(x) } }
func text(n i64) String { f"text number {n}" }
func node(n i64) Node { var r = Node { value: text(n), next: None }; r.push(text(n + 1)); r.push(text(n + 2)); r }
func list2(n i64) List[String] { var r = List.new(); r.push(text(n)); r.push(text(n + 1)); r.push(text(n + 2)); r }
func longer(a &String, b &String) &String { if a.len > b.len { a } else { b } }
func first(l &List[String]) &String { &l[0] }
func first_mut(l &mut List[String]) &mut String { &mut l[0] }
func left_of(a &String, _b &String) &String { a }
func same[T](x T) T { x }
func either[T](a T, b T, first bool) T { if first { a } else { b } }
func pop_or(l &mut List[String]) String { if l.len > 2 { l.pop()! } else { text(90) } }
func store(to &mut List[&String], x &String) { to.push(x) }
func set_view(v &mut View, s &String) { v.s = s }
func append(to &mut String, x &String) { to.push_str(x) }
func consume(s String) { println(f"consume {s}") }
func eat_list(l List[String]) i64 { l.len }
func gone[T](_x T) {}
func looked[T](_x &T) {}
func each(l &List[String], f mut func(&String)) { for x in l { f(x) } }
func each_mut(l &mut List[String], f mut func(&mut String)) { for x in l { f(x) } }
func run(f mut func()) { f() }
func no_text() ?String { None }
func no_ref() ?&String { None }
func no_mut() ?&mut String { None }
func no_refs() List[&String] { List.new() }
func give(f func() &String) &String { f() }
`;

export const rustPrelude = `#![allow(warnings)]
use std::{rc::{Rc, Weak}, cell::{Cell, RefCell}, mem::{swap, replace, take}, collections::{BTreeMap, BinaryHeap, HashMap, VecDeque}};
struct Noisy { name: String }
impl Drop for Noisy { fn drop(&mut self) { println!("drop {}", self.name) } }
struct Pair { a: String, b: String }
struct View<'a> { s: &'a String, n: i64 }
struct Both<'a> { x: &'a String, y: &'a String }
struct Writer<'a> { out: &'a mut Vec<String> }
struct Keep<'a> { items: Vec<&'a String>, last: Option<&'a String> }
struct Guard<'a> { s: &'a String }
impl<'a> Drop for Guard<'a> { fn drop(&mut self) { println!("guard {}", self.s) } }
enum Pick<'a> { One(&'a String), Two(&'a String, &'a String), Own(String), Nothing }
use Pick::*;
struct Node { value: String, next: Option<Box<Node>> }
trait Named { fn name(&self) -> &str; }
impl Named for Noisy { fn name(&self) -> &str { &self.name } }
impl<'a> Named for View<'a> { fn name(&self) -> &str { self.s } }
impl Named for Pair { fn name(&self) -> &str { &self.b } }
impl Pair {
    fn left(&self) -> &String { &self.a }
    fn right_mut(&mut self) -> &mut String { &mut self.b }
    fn both_mut(&mut self) -> (&mut String, &mut String) { (&mut self.a, &mut self.b) }
    fn into_a(self) -> String { self.a }
}
impl<'a> View<'a> {
    fn get(&self) -> &'a String { self.s }
    fn set(&mut self, s: &'a String) { self.s = s }
    fn with(self, s: &'a String) -> View<'a> { View { s, ..self } }
}
impl<'a> Both<'a> {
    fn turned(&self) -> Both<'a> { Both { x: self.y, y: self.x } }
    fn set_x(&mut self, s: &'a String) { self.x = s }
}
impl<'a> Writer<'a> {
    fn add(&mut self, s: String) { self.out.push(s) }
    fn last(&mut self) -> &mut String { let n = self.out.len(); &mut self.out[n - 1] }
    fn first(&self) -> &String { &self.out[0] }
}
impl<'a> Keep<'a> {
    fn new() -> Keep<'a> { Keep { items: Vec::new(), last: None } }
    fn add(&mut self, s: &'a String) -> &mut Keep<'a> { self.items.push(s); self.last = Some(s); self }
    fn get(&self, i: usize) -> Option<&'a String> { if i < self.items.len() { Some(self.items[i]) } else { None } }
    fn take_last(&mut self) -> Option<&'a String> { self.last.take() }
    fn show(&self) { for q in &self.items { println!("{}", q) } if let Some(q) = self.last { println!("last {}", q) } }
}
impl Node {
    fn push(&mut self, value: String) { let rest = self.next.take(); self.next = Some(Box::new(Node { value, next: rest })) }
    fn tail(&self) -> &Node { match &self.next { Some(n) => n, None => self } }
    fn end_mut(&mut self) -> &mut Node { if self.next.is_none() { return self }; match &mut self.next { Some(n) => n.end_mut(), None => panic!("none") } }
    fn find(&self, n: i64) -> Option<&String> { let mut at = self; for _ in 0..n { match &at.next { Some(next) => at = next, None => return None } } Some(&at.value) }
}
fn show_pick(p: &Pick) { match p { One(a) => println!("{}", a), Two(a, b) => println!("{} {}", a, b), Own(a) => println!("{}", a), Nothing => println!("nothing") } }
fn show_all(xs: &Vec<&String>) { for x in xs { println!("{}", x) } }
fn text(n: i64) -> String { format!("text number {}", n) }
fn node(n: i64) -> Node { let mut r = Node { value: text(n), next: None }; r.push(text(n + 1)); r.push(text(n + 2)); r }
fn list2(n: i64) -> Vec<String> { let mut r = Vec::new(); r.push(text(n)); r.push(text(n + 1)); r.push(text(n + 2)); r }
fn longer<'a>(a: &'a String, b: &'a String) -> &'a String { if a.len() > b.len() { a } else { b } }
fn first(l: &Vec<String>) -> &String { &l[0] }
fn first_mut(l: &mut Vec<String>) -> &mut String { &mut l[0] }
fn left_of<'a>(a: &'a String, _b: &String) -> &'a String { a }
fn same<T>(x: T) -> T { x }
fn either<T>(a: T, b: T, first: bool) -> T { if first { a } else { b } }
fn pop_or(l: &mut Vec<String>) -> String { if l.len() > 2 { l.pop().unwrap() } else { text(90) } }
fn store<'a>(to: &mut Vec<&'a String>, x: &'a String) { to.push(x) }
fn set_view<'a>(v: &mut View<'a>, s: &'a String) { v.s = s }
fn append(to: &mut String, x: &String) { to.push_str(x) }
fn consume(s: String) { println!("consume {}", s) }
fn eat_list(l: Vec<String>) -> usize { l.len() }
fn gone<T>(_x: T) {}
fn looked<T>(_x: &T) {}
fn each<'a>(l: &'a Vec<String>, mut f: impl FnMut(&'a String)) { for x in l { f(x) } }
fn each_mut<'a>(l: &'a mut Vec<String>, mut f: impl FnMut(&'a mut String)) { for x in l { f(x) } }
fn run(mut f: impl FnMut()) { f() }
fn no_text() -> Option<String> { None }
fn no_ref<'a>() -> Option<&'a String> { None }
fn no_mut<'a>() -> Option<&'a mut String> { None }
fn no_refs<'a>() -> Vec<&'a String> { Vec::new() }
fn give<'a>(f: impl Fn() -> &'a String) -> &'a String { f() }
`;
