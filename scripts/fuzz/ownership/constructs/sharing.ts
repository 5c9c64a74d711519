/** Rc, Weak and Cell: what is stored behind one name is seen behind another, and ends with the last. */

import { place } from "../productions.ts";
import { construct, look } from "./construct.ts";

export const sharing = construct("sharing", {
  types: {
    RCC: { lang: "Rc[Cell[?&String]]", rust: "Rc<Cell<Option<&'a String>>>", show: ["if let Some(q) = $.get() { println(q) }", 'if let Some(q) = $.get() { println!("{}", q) }'] },
    WC: { lang: "Weak[Cell[?&String]]", rust: "Weak<Cell<Option<&'a String>>>", show: ["if let Some(q) = $.upgrade() { if let Some(r) = q.get() { println(r) } }", 'if let Some(q) = $.upgrade() { if let Some(r) = q.get() { println!("{}", r) } }'] },
    RL: { lang: "Rc[Cell[List[&String]]]", rust: "Rc<Lend<Vec<&'a String>>>", show: ["$.with(|q| show_all(q))", "$.with(|q| show_all(q))"] },
    RD: { lang: "Rc[Noisy]", rust: "Rc<Noisy>", show: ["println($.name)", 'println!("{}", $.name)'] },
    WD: { lang: "Weak[Noisy]", rust: "Weak<Noisy>", show: ["println($.upgrade().is_some())", 'println!("{}", $.upgrade().is_some())'] },
    CD: { lang: "Cell[?Noisy]", rust: "Lend<Option<Noisy>>", show: look },
    CS: { lang: "Cell[String]", rust: "Lend<String>", show: ["$.with(|q| println(q))", '$.with(|q| println!("{}", q))'] },
  },
  values: {
    RCC: [["Rc.new(Cell.new(no_ref()))", "Rc::new(Cell::new(no_ref()))"], ["Rc.new($1)", "Rc::new($1)", "C"], ["$1.clone()", "", "=RCC"], ["$1.clone()", "", "=RCC"]],
    WC: [["$1.downgrade()", "Rc::downgrade(&$1)", "=RCC"], ["Weak.new()", "Weak::new()"], ["$1.clone()", "", "=WC"]],
    RL: [["Rc.new(Cell.new(no_refs()))", "Rc::new(Lend::new(no_refs()))"], ["$1.clone()", "", "=RL"]],
    RD: [["Rc.new($1)", "Rc::new($1)", "D"], ["$1.clone()", "", "=RD"]],
    WD: [["Weak.new()", "Weak::new()"], ["$1.downgrade()", "Rc::downgrade(&$1)", "=RD"]],
    CD: [["Cell.new(no_noisy())", "Lend::new(no_noisy())"], ["Cell.new(Some($1))", "Lend::new(Some($1))", "D"]],
    CS: [["Cell.new($1)", "Lend::new($1)", "S"]],
    OR: [["$1.get()", "", "=RCC"], ["$1.replace($2)", "", "=RCC", "OR"], ["$1.with(|q| q.pop())", "", "=RL"], ["upgraded(&$1)", "", "=WC"]],
    LR: [["$1.take()", "", "=RL"], ["$1.replace($2)", "", "=RL", "LR"]],
    S: [["$1.replace($2)", "", "=CS", "S"], ["$1.with(|q| q.clone())", "", "=CS"], ["$1.take()", "", "=CS"]],
  },
  places: [place("C", "RCC", "(*$)", { mutable: false }), place("D", "RD", "(*$)", { mutable: false }), place("S", "RD", "$.name", { mutable: false })],
  effects: [
    ["$1.set(Some($2))", "", "=RCC", "&S"], ["$1.set($2)", "", "=RCC", "OR"], ["put_weak(&$1, $2)", "", "=WC", "&S"], ["put_shared(&$1, $2)", "", "=RCC", "&S"], ["$1.with(|q| q.push($2))", "", "=RL", "&S"], ["$1.set($2)", "", "=RL", "LR"], ["$1.with(|q| store(q, $2))", "", "=RL", "@&S"],
    ["gone($1)", "", "RCC"], ["gone($1)", "", "RD"], ["gone($1)", "", "RL"], ["$1 = $2", "", "@RD", "RD"], ["$1 = $2", "", "@RCC", "RCC"], ["$1 = $2", "", "@WC", "WC"], ["$1.set(Some($2))", "", "=CD", "D"], ["$1.set(None)", "", "=CD"], ["gone($1.take())", "", "=CD"], ["$1.with(|q| q.push_str(\"%\"))", "", "=CS"],
    ["$1.set($2)", "", "=CS", "S"], ["$1 = $2", "", "@WD", "WD"],
  ],
  variables: ["RCC", "RCC", "WC", "RL", "RL", "RD", "WD", "CD", "CS"],
  results: ["RCC"],
  parameters: ["RCC", "WC", "RL", "&RCC"],
  lang: `
func no_noisy() ?Noisy { None }
func put_weak(w &Weak[Cell[?&String]], s &String) { if let Some(c) = w.upgrade() { c.set(Some(s)) } }
func put_shared(c &Rc[Cell[?&String]], s &String) { let d = c.clone(); d.set(Some(s)) }
func upgraded(w &Weak[Cell[?&String]]) ?&String { match w.upgrade() { Some(c) => c.get(), None => None } }
`,
  rust: `
struct Lend<T>(RefCell<T>);
impl<T> Lend<T> {
    fn new(x: T) -> Lend<T> { Lend(RefCell::new(x)) }
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R { f(&mut self.0.borrow_mut()) }
    fn set(&self, x: T) { self.0.replace(x); }
    fn replace(&self, x: T) -> T { self.0.replace(x) }
}
impl<T: Default> Lend<T> { fn take(&self) -> T { self.0.take() } }
fn no_noisy() -> Option<Noisy> { None }
fn put_weak<'a>(w: &Weak<Cell<Option<&'a String>>>, s: &'a String) { if let Some(c) = w.upgrade() { c.set(Some(s)) } }
fn put_shared<'a>(c: &Rc<Cell<Option<&'a String>>>, s: &'a String) { let d = c.clone(); d.set(Some(s)) }
fn upgraded<'a>(w: &Weak<Cell<Option<&'a String>>>) -> Option<&'a String> { match w.upgrade() { Some(c) => c.get(), None => None } }
`,
});
