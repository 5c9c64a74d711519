/** References within optionals, results, tuples, boxes and lists of one another, taken apart by patterns and by methods. */

import { block, place } from "../productions.ts";
import { construct, look } from "./construct.ts";

export const nesting = construct("nesting", {
  types: {
    OO: { lang: "??&String", rust: "Option<Option<&'a String>>", show: ["if let Some(Some(q)) = $ { println(q) }", 'if let Some(Some(q)) = $ { println!("{}", q) }'], copy: true },
    RO: { lang: "Result[?&String, String]", rust: "Result<Option<&'a String>, String>", show: ["if let Ok(Some(q)) = &$ { println(q) }", 'if let Ok(Some(q)) = &$ { println!("{}", q) }'] },
    OT: { lang: "?(String, &String)", rust: "Option<(String, &'a String)>", show: ["if let Some((q, r)) = &$ { println(f\"{q} {r}\") }", 'if let Some((q, r)) = &$ { println!("{} {}", q, r) }'] },
    TM: { lang: "(&mut String, ?&String)", rust: "(&'a mut String, Option<&'a String>)", show: ["println($.0)", 'println!("{}", $.0)'] },
    OP: { lang: "?Pair", rust: "Option<Pair>", show: ["if let Some(q) = &$ { println(q.a) }", 'if let Some(q) = &$ { println!("{}", q.a) }'] },
    BY: { lang: "Box[Both]", rust: "Box<Both<'a>>", show: ["println(f\"{$.x} {$.y}\")", 'println!("{} {}", $.x, $.y)'] },
    LO: { lang: "List[?&String]", rust: "Vec<Option<&'a String>>", show: ["for q in &$ { if let Some(r) = q { println(r) } }", 'for q in &$ { if let Some(r) = q { println!("{}", r) } }'] },
    LW: { lang: "List[(String, &String)]", rust: "Vec<(String, &'a String)>", show: ["for (q, r) in &$ { println(f\"{q} {r}\") }", 'for (q, r) in &$ { println!("{} {}", q, r) }'] },
    A2: { lang: "[2]String", rust: "[String; 2]", show: ["println($[0])", 'println!("{}", $[0])'] },
    CH: { lang: "Chain", rust: "Chain<'a>", show: ["println($.text())", 'println!("{}", $.text())'] },
    OC: { lang: "?Box[Chain]", rust: "Option<Box<Chain<'a>>>", show: look },
  },
  values: {
    OO: [["Some(no_ref())", ""], ["Some($1)", "", "OR"], ["twofold($1)", "", "OR"], ["$1.get(0).copied()", "", "=LO"], ["$1.pop()", "", "!LO"]],
    RO: [["fine($1)", "", "OR"], ["failed($1)", "", "S"], ["checked($1, $2)", "", "OR", "S"]],
    OT: [["Some(($1, $2))", "", "S", "&S"], ["$1.pop()", "", "!LW"], ["$1.take()", "", "!OT"], ["$1.map(|q| ($2.clone(), q))", "", "OR", "=S"]],
    TM: [["($1, $2)", "", "&mut S", "OR"], ["($1, no_ref())", "", "&mut S"]],
    OP: [["Some($1)", "", "P"], ["$1.take()", "", "!OP"], ["$1.replace($2)", "", "!OP", "P"], ["$1.map(|q| Pair { a: q.b, b: q.a })", "", "OP"]],
    BY: [["Box.new($1)", "Box::new($1)", "Y"]],
    LO: [["no_slots()", ""], ["slots($1, $2)", "", "OR", "OR"], ["$1.iter().map(|q| Some(q)).collect()", "", "=L"]],
    LW: [["no_marks()", ""], ["$1.iter().map(|q| (q.clone(), q)).collect()", "", "=L"]],
    A2: [["[$1, $2]", "", "S", "S"], ["replace(&mut $1, $2)", "", "!A2", "A2"]],
    CH: [["chain($1)", "", "&S"], ["$1.on($2)", "", "CH", "&S"]],
    OC: [["Some(Box.new($1))", "Some(Box::new($1))", "CH"], ["$1.next.take()", "", "!CH"], ["$1.take()", "", "!OC"]],
    OR: [["$1.flatten()", "", "OO"], ["match $1 { Ok(q) => q, Err(_) => None }", "", "RO"], ["$1.map(|q| q.1)", "", "OT"], ["$1.1", "", "@TM"], ["$1[0]", "", "@LO"], ["$1.as_ref().map(|q| q.last_text())", "", "=OC"], ["$1.as_ref().map(|q| &q.a)", "", "=OP"]],
    OM: [["$1.as_mut().map(|q| &mut q.b)", "", "!OP"]],
    "&S": [
      ["match $1 { Some(Some(q)) => q, Some(None) | None => $2 }", "", "OO", "&S"], ["match &$1 { Some((_, q)) => *q, None => $2 }", "", "=OT", "&S"], ["match &$1 { Some((q, _)) => q, None => $2 }", "", "=OT", "&S"], ["$1.x", "", "=BY"], ["$1.last_text()", "", "=CH"], ["$1.text()", "", "=CH"], ["&*$1.0", "", "@TM"],
      ["match &$1 { Ok(Some(q)) => *q, Ok(None) => $2, Err(q) => q }", "", "=RO", "&S"], ["match &$1 { [q, _] => q }", "", "=A2"], ["match &$1 { Some(Pair { b: q, .. }) => q, None => $2 }", "", "=OP", "&S"],
    ],
    "&mut S": [["match &mut $1 { Some(q) => &mut q.a, None => $2 }", "", "!OP", "&mut S"], ["match &mut $1 { [_, q] => q }", "", "!A2"], ["match &mut $1 { Some((q, _)) => q, None => $2 }", "", "!OT", "&mut S"]],
    S: [["match $1 { Some((q, _)) => q, None => $2 }", "", "OT", "S"], ["match $1 { [q, _] => q }", "", "A2"], ["match $1 { Some(Pair { a: q, .. }) => q, None => $2 }", "", "OP", "S"]],
  },
  places: [place("S", "A2", "$[0]"), place("S", "A2", "$[1]"), place("S", "TM", "(*$.0)"), place("OR", "TM", "$.1"), place("&S", "CH", "$.text"), place("OC", "CH", "$.next", { moves: true })],
  effects: [
    ["$1.push($2)", "", "!LO", "OR"], ["$1.push(($2, $3))", "", "!LW", "S", "&S"], ["$1 = $2", "", "@OO", "OO"], ["$1 = $2", "", "@RO", "RO"], ["$1 = $2", "", "@OT", "OT"], ["$1 = $2", "", "@TM", "TM"], ["$1 = $2", "", "!OP", "OP"], ["$1 = $2", "", "@BY", "BY"], ["$1.x = $2", "", "!BY", "&S"], ["$1[0] = $2", "", "@LO", "OR"],
    ["$1 = $2", "", "!A2", "A2"], ["$1[0] = $2", "", "!A2", "S"], ["let [$1, $2] = $3", "", "'S", "'S", "A2"], ["let [$1, ..] = $2", "", "'S", "@A2"], ["let [.., $1] = $2", "", "'S", "@A2"], ["let [_, $1] = &mut $2", "", "'&mut S", "!A2"], ["let ($1, $2) = $3", "", "'&mut S", "'OR", "TM"], ["let Both { x: $1, y: $2 } = *$3", "", "'&S", "'&S", "@BY"],
    ["$1.next = $2", "", "!CH", "OC"], ["$1.push_end($2)", "", "!CH", "&S"], ["$1 = $2", "", "@CH", "CH"], ["for (q, r) in $1 { println(f\"{q} {r}\") }", 'for (q, r) in $1 { println!("{} {}", q, r) }', "LW"], ["for q in &mut $1 { if let Some(r) = q.take() { $2 = r } }", "", "!LO", "@&S"], ["if let Some((q, r)) = &mut $1 { q.push_str(\"*\"); *r = $2 }", "", "!OT", "@&S"], ["gone($1)", "", "OT"], ["gone($1)", "", "A2"],
  ],
  blocks: [
    block("if let Some(Some(%1)) = $1 {", "", ["OO"], ["&S"], { hasElse: true }), block("if let Some((%1, %2)) = $1 {", "", ["OT"], ["S", "&S"], { hasElse: true }), block("if let Some(Pair { a: %1, b: %2 }) = &mut $1 {", "", ["!OP"], ["&mut S", "&mut S"], { hasElse: true }), block("if let Ok(Some(%1)) = $1 {", "", ["RO"], ["&S"], { hasElse: true }),
    block("for (%1, %2) in $1 {", "", ["LW"], ["S", "&S"], { isLoop: true }), block("while let Some(Some(%1)) = $1.pop() {", "", ["!LO"], ["&S"], { isLoop: true }), block("for %1 in &mut $1 {", "", ["!A2"], ["&mut S"], { isLoop: true }),
  ],
  variables: ["OO", "RO", "OT", "TM", "OP", "BY", "LO", "LW", "A2", "A2", "CH", "CH"],
  results: ["OO", "OT", "CH"],
  parameters: ["OO", "OT", "&mut OP", "&mut CH", "&CH", "CH"],
  lang: `
struct Chain { text &String, next ?Box[Chain] }
impl Chain {
    func text(&self) &String { self.text }
    func on(self, s &String) Chain { Chain { text: s, next: Some(Box.new(self)) } }
    func last_text(&self) &String { var at = self; loop { match &at.next { Some(c) => at = c, None => return at.text } } }
    func push_end(&mut self, s &String) { var at = &mut self.next; while let Some(c) = at { at = &mut c.next } *at = Some(Box.new(Chain { text: s, next: None })) }
}
func twofold(o ?&String) ??&String { match o { Some(q) => Some(Some(q)), None => None } }
func checked(o ?&String, s String) Result[?&String, String] { if o.is_some() { Ok(o) } else { Err(s) } }
func fine(o ?&String) Result[?&String, String] { Ok(o) }
func failed(s String) Result[?&String, String] { Err(s) }
func chain(s &String) Chain { Chain { text: s, next: None } }
func slots(a ?&String, b ?&String) List[?&String] { var l List[?&String] = List.new(); l.push(a); l.push(b); l }
func no_slots() List[?&String] { var l List[?&String] = List.new(); l.push(None); l }
func no_marks() List[(String, &String)] { List.new() }
`,
  rust: `
struct Chain<'a> { text: &'a String, next: Option<Box<Chain<'a>>> }
impl<'a> Chain<'a> {
    fn text(&self) -> &'a String { self.text }
    fn on(self, s: &'a String) -> Chain<'a> { Chain { text: s, next: Some(Box::new(self)) } }
    fn last_text(&self) -> &'a String { let mut at = self; loop { match &at.next { Some(c) => at = c, None => return at.text } } }
    fn push_end(&mut self, s: &'a String) { let mut at = &mut self.next; while let Some(c) = at { at = &mut c.next } *at = Some(Box::new(Chain { text: s, next: None })) }
}
fn twofold<'a>(o: Option<&'a String>) -> Option<Option<&'a String>> { match o { Some(q) => Some(Some(q)), None => None } }
fn checked<'a>(o: Option<&'a String>, s: String) -> Result<Option<&'a String>, String> { if o.is_some() { Ok(o) } else { Err(s) } }
fn fine<'a>(o: Option<&'a String>) -> Result<Option<&'a String>, String> { Ok(o) }
fn failed<'a>(s: String) -> Result<Option<&'a String>, String> { Err(s) }
fn chain<'a>(s: &'a String) -> Chain<'a> { Chain { text: s, next: None } }
fn slots<'a>(a: Option<&'a String>, b: Option<&'a String>) -> Vec<Option<&'a String>> { vec![a, b] }
fn no_slots<'a>() -> Vec<Option<&'a String>> { vec![None] }
fn no_marks<'a>() -> Vec<(String, &'a String)> { Vec::new() }
`,
});
