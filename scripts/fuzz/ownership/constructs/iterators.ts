/** Adapters with closures that are kept in variables, and Iterator structs of the program's own that hold references. */

import { block } from "../productions.ts";
import { construct } from "./construct.ts";

const next = ["if let Some(q) = $.next() { println(q) }", 'if let Some(q) = $.next() { println!("{}", q) }'] as const;
const boxed = "Box<dyn Iterator<Item = &'a String> + 'a>";

export const iterators = construct("iterators", {
  types: {
    AM: { lang: "Mapped[SliceIter[String], &String, &String]", rust: boxed, show: next },
    AF: { lang: "Filtered[SliceIter[String], &String]", rust: boxed, show: next },
    AT: { lang: "TakenWhile[SliceIter[String], &String]", rust: boxed, show: next },
    AC: { lang: "Chained[SliceIter[String], SliceIter[String], &String]", rust: boxed, show: next },
    EV: { lang: "Every", rust: "Every<'a>", show: next },
    WK: { lang: "Walk", rust: "Walk<'a>", show: next },
    EX: { lang: "Emptying", rust: "Emptying", show: ["if let Some(q) = $.next() { println(q) }", 'if let Some(q) = $.next() { println!("{}", q) }'] },
  },
  values: {
    AM: [["$1.map(|q| q)", "Box::new($1.map(|q| q))", "I"], ["$1.iter().map(|q| longer(q, $2))", "Box::new($1.iter().map(|q| longer(q, $2)))", "=L", "@&S"], ["$1.iter().map(|q| q)", "Box::new($1.iter().map(|q| q))", "=L"], ["$1.map(move |q| either(q, $2, n > 1))", "Box::new($1.map(move |q| either(q, $2, n > 1)))", "I", "@&S"]],
    AF: [["$1.filter(|q| q.len > 3)", "Box::new($1.filter(|q| q.len() > 3))", "I"], ["$1.iter().filter(|q| q.len > $2.len)", "Box::new($1.iter().filter(|q| q.len() > $2.len()))", "=L", "=S"], ["$1.filter(move |q| q.len > n)", "Box::new($1.filter(move |q| q.len() as i64 > n))", "I"], ["$1.iter().filter(|q| { $2 = *q; true })", "Box::new($1.iter().filter(|q| { $2 = *q; true }))", "=L", "@&S"]],
    AT: [["$1.take_while(|q| q.len > 3)", "Box::new($1.take_while(|q| q.len() > 3))", "I"], ["$1.iter().take_while(|q| q.len > n)", "Box::new($1.iter().take_while(|q| q.len() as i64 > n))", "=L"], ["$1.iter().take_while(|q| { $2.push(*q); true })", "Box::new($1.iter().take_while(|q| { $2.push(*q); true }))", "=L", "@LR"]],
    AC: [["$1.chain($2)", "Box::new($1.chain($2))", "I", "I"], ["$1.iter().chain($2.iter())", "Box::new($1.iter().chain($2.iter()))", "=L", "=L"], ["$1.chain($2.iter())", "Box::new($1.chain($2.iter()))", "I", "=L"]],
    EV: [["Every { items: $1, at: 0 }", "", "&L"]],
    WK: [["Walk { at: Some($1) }", "", "&ND"], ["walk($1)", "", "&ND"]],
    EX: [["Emptying { items: $1 }", "", "L"]],
    OR: [["$1.next()", "", "!AM"], ["$1.next()", "", "!AF"], ["$1.next()", "", "!EV"], ["$1.next()", "", "!WK"], ["$1.next()", "", "!AT"], ["$1.next()", "", "!AC"], ["$1.last()", "", "EV"], ["$1.min()", "", "WK"], ["$1.max_by_key(|q| q.len)", "$1.max_by_key(|q| q.len())", "AC"]],
    O: [["$1.next()", "", "!EX"], ["$1.last()", "", "EX"]],
    LR: [["$1.collect()", "", "AM"], ["$1.collect()", "", "AF"], ["$1.collect()", "", "EV"], ["$1.filter(|q| q.len > 0).collect()", "$1.filter(|q| q.len() > 0).collect()", "WK"], ["$1.map(|q| longer(q, $2)).collect()", "", "EV", "@&S"], ["$1.collect()", "", "AT"], ["$1.collect()", "", "AC"], ["$1.zip($2.iter()).map(|(a, b)| longer(a, b)).collect()", "", "EV", "=L"]],
    L: [["$1.map(|q| q).collect()", "", "EX"], ["$1.map(|q| q.clone()).collect()", "", "WK"]],
  },
  effects: [
    ["$1 = $2", "", "@EV", "EV"], ["$1 = $2", "", "@WK", "WK"], ["$1 = $2", "", "@AM", "AM"], ["gone($1)", "", "AM"], ["gone($1)", "", "AF"], ["gone($1)", "", "EX"], ["$1.extend($2)", "", "!LR", "EV"], ["$1.extend($2)", "", "!LR", "AC"], ["$1.for_each(|q| $2.push(q))", "", "EV", "@LR"], ["$1.for_each(|q| $2 = q)", "$1.for_each(|q| { $2 = q; })", "AM", "@&S"],
  ],
  blocks: [
    block("for %1 in $1 {", "", ["EV"], ["&S"], { isLoop: true }), block("for %1 in $1 {", "", ["AM"], ["&S"], { isLoop: true }), block("while let Some(%1) = $1.next() {", "", ["!AF"], ["&S"], { isLoop: true }), block("while let Some(%1) = $1.next() {", "", ["!WK"], ["&S"], { isLoop: true }), block("for %1 in $1 {", "", ["EX"], ["S"], { isLoop: true }),
    block("while let Some(%1) = $1.next() {", "", ["!EX"], ["S"], { isLoop: true }),
  ],
  variables: ["AM", "AF", "AT", "AC", "EV", "WK", "EX"],
  results: ["EV", "WK"],
  parameters: ["&mut EV", "&mut WK", "&ND"],
  lang: `
struct Every { items &List[String], at i64 }
impl Iterator[&String] for Every { func next(&mut self) ?&String { if self.at >= self.items.len { return None }; self.at += 1; Some(&self.items[self.at - 1]) } }
struct Walk { at ?&Node }
impl Iterator[&String] for Walk { func next(&mut self) ?&String { match self.at { Some(node) => { self.at = match &node.next { Some(b) => Some(b), None => None }; Some(&node.value) }, None => None } } }
func walk(n &Node) Walk { Walk { at: Some(n) } }
struct Emptying { items List[String] }
impl Iterator[String] for Emptying { func next(&mut self) ?String { self.items.pop() } }
`,
  rust: `
struct Every<'a> { items: &'a Vec<String>, at: usize }
impl<'a> Iterator for Every<'a> { type Item = &'a String; fn next(&mut self) -> Option<&'a String> { if self.at >= self.items.len() { return None }; self.at += 1; Some(&self.items[self.at - 1]) } }
struct Walk<'a> { at: Option<&'a Node> }
impl<'a> Iterator for Walk<'a> { type Item = &'a String; fn next(&mut self) -> Option<&'a String> { match self.at { Some(node) => { self.at = match &node.next { Some(b) => Some(b), None => None }; Some(&node.value) }, None => None } } }
fn walk<'a>(n: &'a Node) -> Walk<'a> { Walk { at: Some(n) } }
struct Emptying { items: Vec<String> }
impl Iterator for Emptying { type Item = String; fn next(&mut self) -> Option<String> { self.items.pop() } }
`,
});
