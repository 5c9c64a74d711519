/** `dyn Trait` behind a Box, an Rc and a reference, with methods that change, store and hand out. */

import { place } from "../productions.ts";
import { construct } from "./construct.ts";

const named = ["println($.name())", 'println!("{}", $.name())'] as const;
const last = ["println($.last())", 'println!("{}", $.last())'] as const;

export const traitObjects = construct("traitObjects", {
  types: {
    RT: { lang: "Rc[dyn Named]", rust: "Rc<dyn Named + 'a>", show: named },
    DN: { lang: "&dyn Named", rust: "&'a (dyn Named + 'a)", show: named, copy: true },
    LT: { lang: "List[Box[dyn Named]]", rust: "Vec<Box<dyn Named + 'a>>", show: ["for q in &$ { println(q.name()) }", 'for q in &$ { println!("{}", q.name()) }'] },
    BS: { lang: "Box[dyn Sink]", rust: "Box<dyn Sink + 'a>", show: last },
    SK: { lang: "Stack", rust: "Stack", show: last },
  },
  values: {
    RT: [["Rc.new($1)", "Rc::new($1)", "D"], ["Rc.new($1)", "Rc::new($1)", "V"], ["$1.clone()", "", "=RT"]],
    DN: [["as_named($1)", "", "&D"], ["&$1", "", "=D"], ["&$1", "", "=V"], ["&$1", "", "=P"]],
    LT: [["objects($1, $2)", "", "BT", "BT"], ["one_object($1)", "", "BT"]],
    BS: [["Box.new($1)", "Box::new($1)", "SK"], ["Box.new($1)", "Box::new($1)", "W"]],
    SK: [["Stack { items: $1 }", "", "L"]],
    str: [["$1.name()", "", "=RT"], ["$1.name()", "", "=DN"], ["$1[0].name()", "", "=LT"]],
    "&S": [["$1.last()", "", "=BS"], ["$1.last()", "", "=SK"], ["newest(&$1)", "", "=SK"]],
    "&mut S": [["$1.change()", "", "!BS"], ["$1.change()", "", "!SK"]],
  },
  places: [place("L", "SK", "$.items", { moves: true })],
  effects: [
    ["$1.put($2)", "", "!BS", "S"], ["$1.put($2)", "", "!SK", "S"], ["fill(&mut $1, $2)", "", "!SK", "S"], ["$1.push($2)", "", "!LT", "BT"], ["gone($1)", "", "RT"], ["gone($1)", "", "BS"], ["gone($1.pop())", "", "!LT"], ["$1 = $2", "", "@BS", "BS"], ["$1 = $2", "", "@RT", "RT"],
    ["$1 = $2", "", "@DN", "DN"], ["$1[0] = $2", "", "@LT", "BT"],
  ],
  variables: ["RT", "DN", "DN", "LT", "BS", "BS", "SK"],
  results: ["DN", "BT"],
  parameters: ["DN", "BT"],
  lang: `
struct Stack { items List[String] }
trait Sink {
    func put(&mut self, s String)
    func last(&self) &String
    func change(&mut self) &mut String
}
impl Sink for Stack {
    func put(&mut self, s String) { self.items.push(s) }
    func last(&self) &String { &self.items[self.items.len - 1] }
    func change(&mut self) &mut String { &mut self.items[0] }
}
impl Sink for Writer {
    func put(&mut self, s String) { self.out.push(s) }
    func last(&self) &String { &self.out[self.out.len - 1] }
    func change(&mut self) &mut String { &mut self.out[0] }
}
func as_named(d &Noisy) &dyn Named { d }
func objects(a Box[dyn Named], b Box[dyn Named]) List[Box[dyn Named]] { var l List[Box[dyn Named]] = List.new(); l.push(a); l.push(b); l }
func one_object(a Box[dyn Named]) List[Box[dyn Named]] { var l List[Box[dyn Named]] = List.new(); l.push(a); l }
func fill(s &mut dyn Sink, x String) { s.put(x) }
func newest(s &dyn Sink) &String { s.last() }
`,
  rust: `
struct Stack { items: Vec<String> }
trait Sink { fn put(&mut self, s: String); fn last(&self) -> &String; fn change(&mut self) -> &mut String; }
impl Sink for Stack {
    fn put(&mut self, s: String) { self.items.push(s) }
    fn last(&self) -> &String { &self.items[self.items.len() - 1] }
    fn change(&mut self) -> &mut String { &mut self.items[0] }
}
impl<'a> Sink for Writer<'a> {
    fn put(&mut self, s: String) { self.out.push(s) }
    fn last(&self) -> &String { &self.out[self.out.len() - 1] }
    fn change(&mut self) -> &mut String { &mut self.out[0] }
}
fn as_named<'a>(d: &'a Noisy) -> &'a (dyn Named + 'a) { d }
fn objects<'a>(a: Box<dyn Named + 'a>, b: Box<dyn Named + 'a>) -> Vec<Box<dyn Named + 'a>> { vec![a, b] }
fn one_object<'a>(a: Box<dyn Named + 'a>) -> Vec<Box<dyn Named + 'a>> { vec![a] }
fn fill(s: &mut dyn Sink, x: String) { s.put(x) }
fn newest<'a>(s: &'a dyn Sink) -> &'a String { s.last() }
`,
});
