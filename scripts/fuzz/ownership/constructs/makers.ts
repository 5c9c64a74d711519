/** Functions that make, hand on and combine function values: closures within closures, of two arguments, in optionals and maps, kept by structs that call them. */

import { construct, look } from "./construct.ts";

export const makers = construct("makers", {
  types: {
    F2: { lang: "mut func(&String, &String)", rust: "Two<'a>", show: look },
    FP: { lang: "func(&String) &String", rust: "Picker<'a>", show: look },
    FT: { lang: "mut func() String", rust: "Maker<'a>", show: ["println($())", 'println!("{}", $())'] },
    OF: { lang: "?func() &String", rust: "Option<Lender<'a>>", show: ["if let Some(q) = &$ { println(q()) }", 'if let Some(q) = &$ { println!("{}", q()) }'] },
    BU: { lang: "Bus", rust: "Bus<'a>", show: look },
  },
  values: {
    F2: [["|a, b| println(longer(a, b))", 'Box::new(|a, b| println!("{}", longer(a, b)))'], ["|a, _b| $1.push(a)", "Box::new(|a, _b| $1.push(a))", "@LR"], ["|_a, b| $1 = b", "Box::new(|_a, b| { $1 = b; })", "@&S"], ["turned($1)", "", "F2"]],
    FP: [["|q| q", "Box::new(|q| q)"], ["move |q| longer(q, $1)", "Box::new(move |q| longer(q, $1))", "@&S"], ["|q| longer(q, &$1)", "Box::new(|q| longer(q, &$1))", "=S"], ["after($1, $2)", "", "FP", "FP"], ["move |_q| $1", "Box::new(move |_q| $1)", "@&S"]],
    FT: [["maker($1)", "", "S"], ["|| $1.clone()", "Box::new(|| $1.clone())", "=S"], ["|| take(&mut $1)", "Box::new(|| take(&mut $1))", "!S"], ["move || { $1.push_str(\"=\"); $1.clone() }", "Box::new(move || { $1.push_str(\"=\"); $1.clone() })", "@S"], ["wrapped($1)", "", "FT"]],
    OF: [["no_reader()", ""], ["Some(|| &$1)", "Some(Box::new(|| &$1))", "=S"], ["Some(lender($1))", "", "&S"]],
    BU: [["Bus { handlers: no_handlers(), last: $1 }", "", "&S"]],
    S: [["$1()", "", "@FT"], ["called_once($1)", "", "FT"]],
    "&S": [["$1($2)", "", "=FP", "&S"], ["applied($1, $2)", "", "FP", "&S"], ["match &$1 { Some(q) => q(), None => $2 }", "", "=OF", "&S"], ["$1.last", "", "=BU"], ["lender($1)()", "", "&S"], ["after(|q| longer(q, &$1), |q| q)($2)", "after(Box::new(|q| longer(q, &$1)), Box::new(|q| q))($2)", "=S", "&S"]],
  },
  effects: [
    ["$1($2, $3)", "", "@F2", "&S", "&S"], ["both($1, $2, $3)", "", "&S", "&S", "F2"], ["over($1, $2, |a, _b| $3.push(a))", "over($1, $2, |a, _b| $3.push(a))", "&L", "&L", "@LR"], ["over($1, $2, |_a, b| $3 = b)", "over($1, $2, |_a, b| { $3 = b; })", "&L", "&L", "@&S"], ["$1.on($2)", "", "!BU", "F2"], ["$1.emit($2)", "", "!BU", "&S"], ["$1 = $2", "", "@F2", "F2"], ["$1 = $2", "", "@FP", "FP"],
    ["$1 = $2", "", "@FT", "FT"], ["$1 = $2", "", "@OF", "OF"], ["gone($1)", "", "BU"], ["gone_maker($1)", "", "FT"], ["$1 = None", "", "@OF"],
  ],
  variables: ["F2", "F2", "FP", "FP", "FT", "OF", "BU"],
  results: ["FP", "OF"],
  parameters: ["FP", "F2", "OF", "&mut BU"],
  lang: `
struct Bus { handlers List[mut func(&String, &String)], last &String }
impl Bus {
    func on(&mut self, f mut func(&String, &String)) { self.handlers.push(f) }
    func emit(&mut self, s &String) { for h in &mut self.handlers { h(self.last, s) } self.last = s }
}
func turned(f mut func(&String, &String)) mut func(&String, &String) { var g = f; move |a, b| g(b, a) }
func after(f func(&String) &String, g func(&String) &String) func(&String) &String { move |q| g(f(q)) }
func maker(s String) mut func() String { var t = s; move || { t.push_str("-"); t.clone() } }
func wrapped(f mut func() String) mut func() String { var g = f; move || { let s = g(); f"({s})" } }
func called_once(f mut func() String) String { var g = f; g() }
func lender(s &String) func() &String { move || s }
func no_reader() ?func() &String { None }
func no_handlers() List[mut func(&String, &String)] { List.new() }
func applied(f func(&String) &String, s &String) &String { f(s) }
func both(a &String, b &String, f mut func(&String, &String)) { var g = f; g(a, b); g(b, a) }
func over(a &List[String], b &List[String], f mut func(&String, &String)) { var g = f; for i in 0..2 { g(&a[i], &b[i]) } }
func gone_maker(_f mut func() String) {}
`,
  rust: `
type Two<'a> = Box<dyn FnMut(&'a String, &'a String) + 'a>;
type Picker<'a> = Box<dyn Fn(&'a String) -> &'a String + 'a>;
type Lender<'a> = Box<dyn Fn() -> &'a String + 'a>;
type Maker<'a> = Box<dyn FnMut() -> String + 'a>;
struct Bus<'a> { handlers: Vec<Two<'a>>, last: &'a String }
impl<'a> Bus<'a> {
    fn on(&mut self, f: Two<'a>) { self.handlers.push(f) }
    fn emit(&mut self, s: &'a String) { for h in &mut self.handlers { h(self.last, s) } self.last = s; }
}
fn turned<'a>(mut g: Two<'a>) -> Two<'a> { Box::new(move |a, b| g(b, a)) }
fn after<'a>(f: Picker<'a>, g: Picker<'a>) -> Picker<'a> { Box::new(move |q| g(f(q))) }
fn maker<'a>(mut t: String) -> Maker<'a> { Box::new(move || { t.push_str("-"); t.clone() }) }
fn wrapped<'a>(mut g: Maker<'a>) -> Maker<'a> { Box::new(move || { let s = g(); format!("({})", s) }) }
fn called_once(mut g: Maker) -> String { g() }
fn lender<'a>(s: &'a String) -> Lender<'a> { Box::new(move || s) }
fn no_reader<'a>() -> Option<Lender<'a>> { None }
fn no_handlers<'a>() -> Vec<Two<'a>> { Vec::new() }
fn applied<'a>(f: Picker<'a>, s: &'a String) -> &'a String { f(s) }
fn both<'a>(a: &'a String, b: &'a String, mut g: Two<'a>) { g(a, b); g(b, a) }
fn over<'a, 'b>(a: &'a Vec<String>, b: &'b Vec<String>, mut g: impl FnMut(&'a String, &'b String)) { for i in 0..2 { g(&a[i], &b[i]) } }
fn gone_maker(_f: Maker) {}
`,
});
