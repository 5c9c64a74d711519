/** Slices, and the text of Strings that change later. */

import { block } from "../productions.ts";
import { construct } from "./construct.ts";

export const texts = construct("texts", {
  types: {
    SL: { lang: "[]String", rust: "&'a [String]", show: ["for q in $ { println(q) }", 'for q in $ { println!("{}", q) }'], copy: true },
    SM: { lang: "[]mut String", rust: "&'a mut [String]", show: ["println($[0])", 'println!("{}", $[0])'] },
    LS: { lang: "List[str]", rust: "Vec<&'a str>", show: ["for q in &$ { println(q) }", 'for q in &$ { println!("{}", q) }'] },
    OS: { lang: "?str", rust: "Option<&'a str>", show: ["if let Some(q) = $ { println(q) }", 'if let Some(q) = $ { println!("{}", q) }'], copy: true },
  },
  values: {
    SL: [["$1.as_slice()", "", "&L"], ["&$1[0..1]", "", "=L"], ["$1.as_slice()", "", "=L"], ["&$1[0..1]", "", "@SL"], ["if n > $1 { $2 } else { $3 }", "", "#", "SL", "SL"], ["tail($1)", "", "SL"]],
    SM: [["$1.as_slice_mut()", "$1.as_mut_slice()", "&mut L"], ["&mut $1[0..2]", "", "!L"], ["$1.as_slice_mut()", "$1.as_mut_slice()", "!L"]],
    LS: [["no_words()", ""], ["$1.split(\" \").collect()", "", "=S"], ["words(&$1)", "", "=S"], ["$1.iter().map(|q| q.as_str()).collect()", "", "=L"], ["$1.iter().map(|q| q.trim()).collect()", "", "=LR"]],
    OS: [["Some($1)", "", "str"], ["$1.split(\" \").next()", "", "=S"], ["$1.split(\" \").last()", "", "=S"], ["$1.pop()", "", "!LS"], ["$1.iter().map(|q| q.as_str()).next()", "", "=SL"]],
    str: [["first_word($1)", "", "str"], ["first_word(&$1)", "", "=S"], ["$1.unwrap_or(\"none\")", "", "OS"], ["&$1[1..4]", "", "str"], ["match $1 { Some(q) => q, None => \"none\" }", "", "OS"]],
    "&S": [["&$1[0]", "", "=SL"], ["$1.iter().last().unwrap_or($2)", "", "=SL", "&S"], ["match $1 { [q, ..] => q, [] => $2 }", "", "@SL", "&S"]],
    "&mut S": [["&mut $1[0]", "", "!SM"]],
    S: [["$1.to_string()", "", "str"], ["joined_words(&$1)", "", "=LS"]],
  },
  effects: [
    ["$1.push($2)", "", "!LS", "str"], ["$1 = $2", "", "@str", "str"], ["$1 = $2", "", "@SL", "SL"], ["$1 = $2", "", "@OS", "OS"], ["$1.push_str($2)", "", "!S", "str"], ["$1.clear()", "", "!S"], ["$1.truncate(3)", "", "!S"], ["$1[0].push_str($2)", "", "!SM", "str"], ["$1.swap(0, 1)", "", "!L"], ["if let [a, b, ..] = $1 { swap(a, b) }", "", "!SM"],
    ["$1.reverse()", "", "!L"], ["$1.extend($2.split(\" \"))", "", "!LS", "=S"], ["$1.insert_str(0, \"long enough to move it about in memory: \")", "", "!S"], ["for q in $1.split(\" \") { $2.push(q) }", "", "=S", "@LS"], ["if let [.., q] = $1 { $2 = q }", "", "@SL", "@&S"],
  ],
  blocks: [block("for %1 in $1 {", "", ["SL"], ["&S"], { isLoop: true }), block("for %1 in $1.split(\" \") {", "", ["=S"], ["str"], { isLoop: true }), block("for %1 in &mut $1[0..2] {", "", ["!L"], ["&mut S"], { isLoop: true }), block("if let Some(%1) = $1 {", "", ["OS"], ["str"], { hasElse: true }), block("if let [%1, ..] = $1 {", "", ["SM"], ["&mut S"])],
  variables: ["str", "SL", "SM", "LS", "LS", "OS"],
  results: ["str", "SL", "OS", "LS"],
  parameters: ["str", "SL", "SM", "LS", "&mut LS"],
  lang: `
func tail(x []String) []String { if x.len > 1 { &x[1..2] } else { x } }
func words(s str) List[str] { s.split(" ").collect() }
func no_words() List[str] { List.new() }
func first_word(s str) str { for w in s.split(" ") { return w } s }
func joined_words(l &List[str]) String { var r = String.new(); for w in l { r.push_str(w) } r }
`,
  rust: `
fn tail<'a>(x: &'a [String]) -> &'a [String] { if x.len() > 1 { &x[1..2] } else { x } }
fn words(s: &str) -> Vec<&str> { s.split(" ").collect() }
fn no_words<'a>() -> Vec<&'a str> { Vec::new() }
fn first_word(s: &str) -> &str { for w in s.split(" ") { return w } s }
fn joined_words(l: &Vec<&str>) -> String { let mut r = String::new(); for w in l { r.push_str(w) } r }
`,
});
