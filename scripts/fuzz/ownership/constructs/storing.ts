/** Function values that generic code and the library call, and that store what they are given behind what else they are given; values that come to refer to themselves. */

import { place } from "../productions.ts";
import { construct, look } from "./construct.ts";

export const storing = construct("storing", {
  types: {
    JO: { lang: "Linked[Cell[?&String], &String]", rust: "Linked<'a, Cell<Option<&'a String>>, &'a String>", show: ["if let Some(q) = $.e.get() { println(q) }", 'if let Some(q) = $.e.get() { println!("{}", q) }'] },
    FK: { lang: "func(&String)", rust: "Storer<'a>", show: look },
    LK: { lang: "List[Knot]", rust: "Vec<Knot<'a>>", show: ["show_knots(&$)", "show_knots(&$)"] },
    ML: { lang: "Map[String, List[&String]]", rust: "HashMap<String, Vec<&'a String>>", show: ["println($.len)", 'println!("{}", $.len())'] },
  },
  values: {
    JO: [["stored_joined(Cell.new(no_ref()), |c, q| c.set(Some(q)))", "stored_joined(Cell::new(no_ref()), |c, q| c.set(Some(q)))"]],
    FK: [["|_q| {}", "Box::new(|_q| {})"], ["stored_hook(&$1, |c, q| c.set(Some(q)))", "", "=C"], ["stored_hook(&$1, |_c, q| println(q))", "stored_hook(&$1, |_c, q| println!(\"{}\", q))", "=C"], ["stored_owning(&$1, |c, q| c.set(Some(q)))", "", "=C"], ["stored_hook(&$1, |_c, _q| {})", "", "=S"]],
    LK: [["knots($1)", "", "#"]],
    ML: [["stored_lists()", ""]],
    C: [["stored_kept_in(Cell.new(no_ref()), $1, |c, q| c.set(Some(q)))", "stored_kept_in(Cell::new(no_ref()), $1, |c, q| c.set(Some(q)))", "&S"]],
    "&S": [["&$1[0].text", "", "=LK"]],
    LR: [["$1.iter().scan(no_refs(), |l, q| { l.push(q); Some(q) }).collect()", "", "=L"]],
  },
  places: [place("S", "LK", "$[0].text")],
  effects: [
    ["stored_both(&$1, $2, |c, q| c.set(Some(q)))", "", "=C", "&S"], ["stored_both(&$1, $2, |_c, q| println(q))", 'stored_both(&$1, $2, |_c, q| println!("{}", q))', "=C", "&S"], ["values_of(&mut $1, $2, |l, q| l.push(q))", "", "!LR", "&S"], ["stored_further(&$1, $2, |c, q| c.set(Some(q)))", "", "=C", "&S"],
    ["$1.iter().fold(&mut $2, |l, q| { l.push(q); l })", "", "=L", "!LR"], ["$1.iter().fold(&$2, |c, q| { c.set(Some(q)); c })", "", "=L", "=C"], ["$1.iter().zip($2.iter()).for_each(|(a, q)| $3.push(longer(a, q)))", "", "=L", "=L", "!LR"],
    ["Some((&$1, $2)).map(|(c, q)| c.set(Some(q)))", "", "=C", "&S"], ["stored_pairs(&$1, $2).into_iter().for_each(|(c, q)| c.set(Some(q)))", "", "=C", "&S"], ["stored_together(&$1, $2, |(c, q)| c.set(Some(q)))", "", "=C", "&S"], ["stored_only(&$1, |c| c.set(Some($2)))", "", "=C", "@&S"],
    ["$1.run($2)", "", "=JO", "&S"], ["$1.run_all($2)", "", "=JO", "LR"], ["$1 = $2.e", "", "@C", "JO"], ["$1($2)", "", "@FK", "&S"], ["$1.iter().for_each($2)", "", "=L", "FK"], ["stored_joined(&$1, |c, q| c.set(Some(q))).run($2)", "stored_joined(&$1, |c: &&Cell<Option<&_>>, q| c.set(Some(q))).run($2)", "=C", "&S"], ["lend_own($1)", "", "FK"], ["lend_own(|q| $1.set(Some(q)))", "", "=C"], ["lend_own(|q| println(q))", 'lend_own(|q| println!("{}", q))'],
    ["for (a, b) in $1.iter().zip($1.iter().skip(1)) { a.next.set(Some(b)) }", "", "=LK"], ["$1.push(knot($2))", "", "!LK", "#"], ["$1.retain(|q| q.text.len > n)", "$1.retain(|q| q.text.len() as i64 > n)", "!LK"], ["$1.sort_by(|a, b| a.text.cmp(&b.text))", "", "!LK"], ["gone_knots($1)", "", "LK"],
    ["$1.sort_by(|a, b| { a.next.set(Some(b)); a.text.cmp(&b.text) })", "", "!LK"], ["$1.iter().for_each(|q| q.next.set(None))", "", "=LK"], ["$1[0].text.push_str(\"'\")", "", "!LK"],
    ["for (k, v) in $1.iter_mut() { v.push(k) }", "", "!ML"], ["$1.retain(|k, v| { v.push(k); true })", "", "!ML"], ["$1.insert(text($2), no_refs())", "", "!ML", "#"], ["$1.retain(|k, v| k.len > n || v.len > 0)", "$1.retain(|k, v| k.len() as i64 > n || v.len() > 0)", "!ML"], ["$1.values_mut().for_each(|v| v.push($2))", "", "!ML", "@&S"], ["$1.clear()", "", "!ML"],
  ],
  variables: ["JO", "JO", "FK", "LK", "LK", "ML", "C", "LR"],
  results: ["FK", "JO"],
  parameters: ["&C", "&C", "&JO", "JO", "FK", "&LK", "&mut LK", "&mut ML"],
  lang: `
struct Linked[E, K] { e E, store func(&E, K) }
impl[E, K] Linked[E, K] {
    func run(&self, k K) { (self.store)(&self.e, k) }
    func run_all(&self, ks List[K]) { ks.into_iter().for_each(|k| self.run(k)) }
}
struct Knot { next Cell[?&Knot], text String }
func stored_joined[E, K](e E, store func(&E, K)) Linked[E, K] { Linked { e, store } }
func stored_hook[E, K](e &E, f func(&E, K)) func(K) { |k| f(e, k) }
func stored_owning[E, K](e E, f func(&E, K)) func(K) { move |k| f(&e, k) }
func stored_both[E, K](e &E, k K, f func(&E, K)) { f(e, k) }
func stored_further[E, K](e &E, k K, f func(&E, K)) { stored_both(e, k, |a, b| f(a, b)) }
func values_of[E, K](e E, k K, f func(E, K)) { f(e, k) }
func stored_together[A, B](a A, b B, f func((A, B))) { f((a, b)) }
func stored_only[E](e &E, f func(&E)) { f(e) }
func stored_kept_in[E, K](e E, k K, f func(&E, K)) E { f(&e, k); e }
func stored_pairs(c &Cell[?&String], s &String) List[(&Cell[?&String], &String)] { [(c, s)].to_list() }
func lend_own(f func(&String)) { let s = text(3); f(&s) }
func knot(n i64) Knot { Knot { next: Cell.new(None), text: text(n) } }
func knots(n i64) List[Knot] { [knot(n), knot(n + 1)].to_list() }
func show_knots(l &List[Knot]) { for k in l { println(k.text); if let Some(other) = k.next.get() { println(other.text) } } }
func gone_knots(_l List[Knot]) {}
func stored_lists() Map[String, List[&String]] { var m Map[String, List[&String]] = Map.new(); m.insert(text(1), List.new()); m }
`,
  rust: `
type Storer<'a> = Box<dyn Fn(&'a String) + 'a>;
struct Linked<'a, E, K> { e: E, store: Box<dyn Fn(&E, K) + 'a> }
impl<'a, E, K> Linked<'a, E, K> {
    fn run(&self, k: K) { (self.store)(&self.e, k) }
    fn run_all(&self, ks: Vec<K>) { ks.into_iter().for_each(|k| self.run(k)) }
}
struct Knot<'a> { next: Cell<Option<&'a Knot<'a>>>, text: String }
fn stored_joined<'a, E, K>(e: E, store: impl Fn(&E, K) + 'a) -> Linked<'a, E, K> { Linked { e, store: Box::new(store) } }
fn stored_hook<'a, E, K: 'a>(e: &'a E, f: impl Fn(&E, K) + 'a) -> Box<dyn Fn(K) + 'a> { Box::new(move |k| f(e, k)) }
fn stored_owning<'a, E: 'a, K: 'a>(e: E, f: impl Fn(&E, K) + 'a) -> Box<dyn Fn(K) + 'a> { Box::new(move |k| f(&e, k)) }
fn stored_both<E, K>(e: &E, k: K, f: impl Fn(&E, K)) { f(e, k) }
fn stored_further<E, K>(e: &E, k: K, f: impl Fn(&E, K)) { stored_both(e, k, |a, b| f(a, b)) }
fn values_of<E, K>(e: E, k: K, f: impl Fn(E, K)) { f(e, k) }
fn stored_together<A, B>(a: A, b: B, f: impl Fn((A, B))) { f((a, b)) }
fn stored_only<E>(e: &E, f: impl Fn(&E)) { f(e) }
fn stored_kept_in<E, K>(e: E, k: K, f: impl Fn(&E, K)) -> E { f(&e, k); e }
fn stored_pairs<'a, 'b>(c: &'b Cell<Option<&'a String>>, s: &'a String) -> Vec<(&'b Cell<Option<&'a String>>, &'a String)> { vec![(c, s)] }
fn lend_own(f: impl Fn(&String)) { let s = text(3); f(&s) }
fn knot<'a>(n: i64) -> Knot<'a> { Knot { next: Cell::new(None), text: text(n) } }
fn knots<'a>(n: i64) -> Vec<Knot<'a>> { vec![knot(n), knot(n + 1)] }
fn show_knots(l: &Vec<Knot>) { for k in l { println!("{}", k.text); if let Some(other) = k.next.get() { println!("{}", other.text) } } }
fn gone_knots(_l: Vec<Knot>) {}
fn stored_lists<'a>() -> HashMap<String, Vec<&'a String>> { let mut m = HashMap::new(); m.insert(text(1), Vec::new()); m }
`,
});
