/** Closures that borrow, copy and move, as values: in variables, structs and lists, from functions and given to them. */

import { place } from "../productions.ts";
import { construct, look } from "./construct.ts";

export const closures = construct("closures", {
  types: {
    FR: { lang: "func() &String", rust: "Reader<'a>", show: ["println($())", 'println!("{}", $())'] },
    FI: { lang: "func() i64", rust: "Box<dyn Fn() -> i64 + 'a>", show: ["println($())", 'println!("{}", $())'] },
    FM: { lang: "mut func(&String)", rust: "Eater<'a>", show: look },
    FU: { lang: "mut func(i64)", rust: "Box<dyn FnMut(i64) + 'a>", show: ["$(1)", "$(1)"] },
    FL: { lang: "List[func() &String]", rust: "Vec<Reader<'a>>", show: ["for q in &$ { println(q()) }", 'for q in &$ { println!("{}", q()) }'] },
    FH: { lang: "Handler", rust: "Handler<'a>", show: ["println(($.read)())", 'println!("{}", ($.read)())'] },
  },
  values: {
    FR: [["reader($1)", "", "&S"], ["|| &$1", "Box::new(|| &$1)", "=S"], ["move || $1", "Box::new(move || $1)", "@&S"], ["|| $1.s", "Box::new(|| $1.s)", "@V"], ["move || $1.x", "Box::new(move || $1.x)", "@Y"]],
    FI: [["counter($1)", "", "S"], ["|| $1.len", "Box::new(|| $1.len() as i64)", "=S"], ["move || $1.len", "Box::new(move || $1.len() as i64)", "@S"], ["move || $1.len", "Box::new(move || $1.len() as i64)", "@LR"]],
    FM: [["|q| println(q)", 'Box::new(|q| println!("{}", q))'], ["|q| $1.push(q)", "Box::new(|q| $1.push(q))", "@LR"], ["|q| $1 = q", "Box::new(|q| { $1 = q; })", "@&S"], ["|q| $1.set(Some(q))", "Box::new(|q| $1.set(Some(q)))", "=C"], ["|q| $1 = Some(q)", "Box::new(|q| { $1 = Some(q); })", "@OR"]],
    FU: [["|i| println(i)", 'Box::new(|i| println!("{}", i))'], ["|_i| $1.push_str(\"+\")", 'Box::new(|_i| $1.push_str("+"))', "!S"], ["|_i| $1.push(text(7))", "Box::new(|_i| $1.push(text(7)))", "!L"], ["move |_i| $1.push(text(6))", "Box::new(move |_i| $1.push(text(6)))", "@L"]],
    FL: [["readers()", ""], ["from_one($1)", "", "FR"]],
    FH: [["Handler { read: $1 }", "", "FR"]],
    "&S": [["$1()", "", "=FR"], ["($1.read)()", "", "=FH"], ["$1[0]()", "", "=FL"], ["give($1)", "", "FR"]],
    LR: [["called(&$1)", "", "=FL"]],
  },
  places: [place("FR", "FH", "($.read)")],
  effects: [
    ["$1($2)", "", "@FM", "&S"], ["$1.push($2)", "", "!FL", "FR"], ["$1 = $2", "", "@FR", "FR"], ["$1 = $2", "", "@FH", "FH"], ["$1.read = $2", "", "@FH", "FR"], ["$1 = $2", "", "@FI", "FI"], ["$1 = $2", "", "@FU", "FU"], ["$1(n)", "", "@FU"],
    ["gone_reader($1)", "", "FR"], ["gone_eater($1)", "", "FM"], ["twice($1)", "", "FU"], ["gone($1)", "", "FL"], ["each($1, $2)", "", "&L", "FM"], ["twice($1)", "", "FU"],
  ],
  variables: ["FR", "FR", "FI", "FM", "FM", "FU", "FL", "FH"],
  results: ["FR", "FH"],
  parameters: ["FR", "FH"],
  lang: `
struct Handler { read func() &String }
func reader(s &String) func() &String { || s }
func counter(s String) func() i64 { || s.len }
func readers() List[func() &String] { List.new() }
func from_one(f func() &String) List[func() &String] { var l List[func() &String] = List.new(); l.push(f); l }
func called(l &List[func() &String]) List[&String] { var r List[&String] = List.new(); for f in l { r.push(f()) } r }
func gone_reader(_f func() &String) {}
func gone_eater(_f mut func(&String)) {}
func twice(f mut func(i64)) { var g = f; g(1); g(2) }
`,
  rust: `
type Reader<'a> = Box<dyn Fn() -> &'a String + 'a>;
type Eater<'a> = Box<dyn FnMut(&'a String) + 'a>;
struct Handler<'a> { read: Reader<'a> }
fn reader<'a>(s: &'a String) -> Reader<'a> { Box::new(move || s) }
fn counter<'a>(s: String) -> Box<dyn Fn() -> i64 + 'a> { Box::new(move || s.len() as i64) }
fn readers<'a>() -> Vec<Reader<'a>> { Vec::new() }
fn from_one<'a>(f: Reader<'a>) -> Vec<Reader<'a>> { vec![f] }
fn called<'a>(l: &Vec<Reader<'a>>) -> Vec<&'a String> { let mut r = Vec::new(); for f in l { r.push(f()) } r }
fn gone_reader(_f: Reader) {}
fn gone_eater(_f: Eater) {}
fn twice(mut g: impl FnMut(i64)) { g(1); g(2) }
`,
});
