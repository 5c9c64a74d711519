/** Matches with guards that look at and compare what they bind, labelled loops with values, trait methods that keep references, temporaries amid heads and chains. */

import { block } from "../productions.ts";
import { construct, look } from "./construct.ts";

export const guarded = construct("guarded", {
  types: {
    KD: { lang: "Box[dyn Keeper[&String]]", rust: "Box<dyn Keeper<&'a String> + 'a>", show: look },
    SK1: { lang: "Slot", rust: "Slot<'a>", show: ["if let Some(q) = $.kept() { println(q) }", 'if let Some(q) = $.kept() { println!("{}", q) }'] },
    LN: { lang: "List[&dyn Named]", rust: "Vec<&'a (dyn Named + 'a)>", show: ["for q in &$ { println(q.name()) }", 'for q in &$ { println!("{}", q.name()) }'] },
    EV1: { lang: "Event", rust: "Event<'a>", show: ["show_event(&$)", "show_event(&$)"] },
  },
  values: {
    KD: [["Box.new($1)", "Box::new($1)", "SK1"], ["Box.new($1)", "Box::new($1)", "K"]],
    SK1: [["Slot { at: None }", ""], ["Slot { at: Some($1) }", "", "&S"]],
    LN: [["no_named()", ""], ["named_both($1, $2)", "", "&D", "&V"]],
    EV1: [["Said($1, $2)", "", "S", "&S"], ["Seen($1)", "", "&S"], ["Quiet", ""], ["replace(&mut $1, $2)", "", "@EV1", "EV1"]],
    OR: [["$1.kept()", "", "=KD"], ["$1.kept()", "", "=SK1"]],
    "&S": [
      ["match &$1 { q if q.len > 13 => q, _ => $2 }", "match &$1 { q if q.len() > 13 => q, _ => $2 }", "=S", "&S"], ["match $1 { Some(q) if q.len > $2.len => q, Some(_) | None => $3 }", "match $1 { Some(q) if q.len() > $2.len() => q, Some(_) | None => $3 }", "OR", "=S", "&S"], ["match $1 { Said(_, q) | Seen(q) if n > 0 => q, Said(_, q) => q, _ => $2 }", "", "@EV1", "&S"],
      ["match &$1 { Said(q, _) if q.len > 13 => q, Said(_, q) => *q, Seen(q) => *q, Quiet => $2 }", "match &$1 { Said(q, _) if q.len() > 13 => q, Said(_, q) => *q, Seen(q) => *q, Quiet => $2 }", "=EV1", "&S"], ["$1.iter().rev().find(|q| q.len > $2.clone().len).unwrap_or($3)", "$1.iter().rev().find(|q| q.len() > $2.clone().len()).unwrap_or($3)", "=L", "=S", "&S"],
      ["Both { x: $1, y: $2 }.turned().x", "", "&S", "&S"], ["Keep.new().add($1).last.unwrap_or($2)", "Keep::new().add($1).last.unwrap_or($2)", "&S", "&S"], ["(Wide { s: $1 }).narrow()", "", "&S"],
    ],
    S: [["match $1 { q if n > $2 => q, _ => text(5) }", "", "S", "#"], ["match $1 { Said(q, _) if n > 1 => q, Said(q, r) => if n > 0 { q } else { r.clone() }, _ => $2 }", "", "EV1", "S"], ["match $1 { Some(q) if q.len > 3 => q, Some(q) => q, None => $2 }", "match $1 { Some(q) if q.len() > 3 => q, Some(q) => q, None => $2 }", "O", "S"]],
  },
  effects: [
    ["$1.keep($2)", "", "!KD", "&S"], ["$1.keep($2)", "", "!SK1", "&S"], ["keep_in(&mut $1, $2)", "", "!SK1", "&S"], ["keep_in(&mut $1, $2)", "", "!K", "&S"], ["keep_any(&mut $1, $2)", "", "!SK1", "&S"], ["$1 = $2", "", "@KD", "KD"], ["$1 = $2", "", "@SK1", "SK1"], ["$1 = $2", "", "@EV1", "EV1"], ["$1.push($2)", "", "!LN", "&D"],
    ["outer: loop { for q in $1.iter() { if q.len > 13 { $2 = q; break outer }; continue }; break }", "'outer: loop { for q in $1.iter() { if q.len() > 13 { $2 = q; break 'outer }; continue }; break }", "=L", "@&S"],
    ["match &mut $1 { Said(q, r) if q.len > 3 => { q.push_str(\"s\"); *r = $2 }, Seen(r) => *r = $2, _ => {} }", "match &mut $1 { Said(q, r) if q.len() > 3 => { q.push_str(\"s\"); *r = $2 }, Seen(r) => *r = $2, _ => {} }", "!EV1", "@&S"], ["match $1 { Said(q, r) if r.len > 3 => { consume(q); $2 = r }, Seen(r) => $2 = r, _ => {} }", "match $1 { Said(q, r) if r.len() > 3 => { consume(q); $2 = r }, Seen(r) => $2 = r, _ => {} }", "EV1", "@&S"],
    ["$1 = match take(&mut $2) { q if q.is_empty() => text(8), q => q }", "", "!S", "!S"], ["if $1.clone().len > $2.len { $3 = $4 }", "if $1.clone().len() > $2.len() { $3 = $4 }", "=S", "=S", "@&S", "&S"],
  ],
  blocks: [block("if let Said(%1, %2) = $1 {", "", ["EV1"], ["S", "&S"], { hasElse: true }), block("if let Said(%1, _) = &$1 {", "", ["=EV1"], ["&S"], { hasElse: true }), block("while $1.len < 30 {", "while $1.len() < 30 {", ["=S"], [], { isLoop: true })],
  variables: ["KD", "KD", "SK1", "LN", "EV1", "EV1"],
  results: ["SK1", "EV1"],
  parameters: ["&mut SK1", "EV1", "SK1"],
  lang: `
trait Keeper[T] { func keep(&mut self, s T); func kept(&self) ?T }
struct Slot { at ?&String }
struct Wide { s &String }
impl Wide { func narrow(&self) &String { self.s } }
impl Keeper[&String] for Slot { func keep(&mut self, s &String) { self.at = Some(s) } func kept(&self) ?&String { self.at } }
impl Keeper[&String] for Keep { func keep(&mut self, s &String) { self.add(s); } func kept(&self) ?&String { self.last } }
enum Event { Said(String, &String), Seen(&String), Quiet }
func keep_in[K: Keeper[&String]](k &mut K, s &String) { k.keep(s) }
func keep_any(k &mut dyn Keeper[&String], s &String) { k.keep(s) }
func no_named() List[&dyn Named] { List.new() }
func named_both(a &Noisy, b &View) List[&dyn Named] { var l List[&dyn Named] = List.new(); l.push(a); l.push(b); l }
func show_event(e &Event) { match e { Said(q, r) => println(f"{q} {r}"), Seen(q) => println(q), Quiet => println("quiet") } }
`,
  rust: `
trait Keeper<T> { fn keep(&mut self, s: T); fn kept(&self) -> Option<T>; }
struct Slot<'a> { at: Option<&'a String> }
struct Wide<'a> { s: &'a String }
impl<'a> Wide<'a> { fn narrow(&self) -> &'a String { self.s } }
impl<'a> Keeper<&'a String> for Slot<'a> { fn keep(&mut self, s: &'a String) { self.at = Some(s) } fn kept(&self) -> Option<&'a String> { self.at } }
impl<'a> Keeper<&'a String> for Keep<'a> { fn keep(&mut self, s: &'a String) { self.add(s); } fn kept(&self) -> Option<&'a String> { self.last } }
enum Event<'a> { Said(String, &'a String), Seen(&'a String), Quiet }
use Event::*;
fn keep_in<'a, K: Keeper<&'a String>>(k: &mut K, s: &'a String) { k.keep(s) }
fn keep_any<'a, 'b>(k: &mut (dyn Keeper<&'a String> + 'b), s: &'a String) { k.keep(s) }
fn no_named<'a>() -> Vec<&'a (dyn Named + 'a)> { Vec::new() }
fn named_both<'a>(a: &'a Noisy, b: &'a View<'a>) -> Vec<&'a (dyn Named + 'a)> { vec![a, b] }
fn show_event(e: &Event) { match e { Said(q, r) => println!("{} {}", q, r), Seen(q) => println!("{}", q), Quiet => println!("quiet") } }
`,
});
