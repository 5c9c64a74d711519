/** Values whose Drop prints, within others: what is dropped, and when. Fields go in reverse in lang, so that Rust's are declared in reverse. */

import { block, place } from "../productions.ts";
import { construct } from "./construct.ts";

export const drops = construct("drops", {
  types: {
    DU: { lang: "Duo", rust: "Duo", show: ["println(f\"{$.a.name} {$.b.name}\")", 'println!("{} {}", $.a.name, $.b.name)'] },
    DO: { lang: "?Noisy", rust: "Option<Noisy>", show: ["println($.is_some())", 'println!("{}", $.is_some())'] },
    DL: { lang: "List[Noisy]", rust: "Vec<Noisy>", show: ["for q in &$ { println(q.name) }", 'for q in &$ { println!("{}", q.name) }'] },
    DB: { lang: "Box[Noisy]", rust: "Box<Noisy>", show: ["println($.name)", 'println!("{}", $.name)'] },
    DA: { lang: "[2]Noisy", rust: "[Noisy; 2]", show: ["println($[0].name)", 'println!("{}", $[0].name)'] },
  },
  values: {
    D: [["if n > $1 { $2 } else { $3 }", "", "#", "D", "D"], ["match $1 { Some(q) => q, None => $2 }", "", "DO", "D"], ["$1.unwrap_or($2)", "", "DO", "D"], ["noisy($1)", "", "#"], ["noisy($1)", "", "#"], ["$1.into_inner()", "*$1", "DB"]],
    DU: [["Duo { a: $1, b: $2 }", "", "D", "D"], ["Duo { a: $1, ..$2 }", "", "D", "DU"], ["Duo { b: $1, ..$2 }", "", "D", "DU"], ["same($1)", "", "DU"]],
    DO: [["no_noise()", ""], ["Some($1)", "", "D"], ["$1.take()", "", "!DO"], ["$1.replace($2)", "", "!DO", "D"], ["$1.pop()", "", "!DL"], ["$1.filter(|q| q.name.len > 12)", "$1.filter(|q| q.name.len() > 12)", "DO"]],
    DL: [["noises($1, $2)", "", "D", "D"], ["take(&mut $1)", "", "!DL"]],
    DB: [["Box.new($1)", "Box::new($1)", "D"]],
    DA: [["[$1, $2]", "", "D", "D"]],
    S: [["$1.name.clone()", "", "=D"], ["noisy($1).name.clone()", "", "#"], ["told(&noisy($1))", "", "#"]],
  },
  places: [place("D", "DU", "$.a", { moves: true }), place("D", "DU", "$.b", { moves: true }), place("D", "DL", "$[0]"), place("D", "DB", "(*$)"), place("D", "DA", "$[1]")],
  effects: [
    ["let _ = $1", "", "D"], ["let _ = $1", "", "DU"], ["let Duo { a: $1, .. } = $2", "", "'D", "DU"], ["let Duo { b: $1, a: _ } = $2", "", "'D", "DU"], ["gone($1)", "", "DU"], ["gone($1)", "", "DO"], ["gone($1)", "", "DL"], ["gone($1)", "", "DB"], ["gone($1)", "", "DA"], ["$1 = $2", "", "!DU", "DU"],
    ["$1 = $2", "", "!DO", "DO"], ["$1.a = $2", "", "@DU", "D"], ["$1.push($2)", "", "!DL", "D"], ["$1.truncate(1)", "", "!DL"], ["$1.clear()", "", "!DL"], ["gone($1.remove(0))", "", "!DL"], ["$1[1] = $2", "", "!DA", "D"], ["swap(&mut $1.a, &mut $1.b)", "", "@DU"], ["println(noisy($1).name.len)", 'println!("{}", noisy($1).name.len())', "#"],
    ["consume(told(&$1))", "", "=D"], ["let [$1, $2] = $3", "", "'D", "'D", "DA"], ["$1 = None", "", "!DO"], ["$1.insert(0, $2)", "", "!DL", "D"],
  ],
  blocks: [
    block("if let Some(%1) = $1 {", "", ["DO"], ["D"], { hasElse: true }), block("if let Some(%1) = &mut $1 {", "", ["!DO"], ["&mut D"], { hasElse: true }), block("for %1 in $1 {", "", ["DL"], ["D"], { isLoop: true }), block("while let Some(%1) = $1.pop() {", "", ["!DL"], ["D"], { isLoop: true }), block("for %1 in &mut $1 {", "", ["!DL"], ["&mut D"], { isLoop: true }),
    block("for %1 in $1 {", "", ["DA"], ["D"], { isLoop: true }), block("if noisy($1).name.len > 0 {", "if noisy($1).name.len() > 0 {", ["#"], [], { hasElse: true }),
  ],
  variables: ["D", "D", "DU", "DU", "DO", "DL", "DB", "DA"],
  results: ["D", "DU", "DO"],
  parameters: ["D", "&D", "&mut DU", "DO", "DU"],
  lang: `
struct Duo { a Noisy, b Noisy }
func noisy(n i64) Noisy { Noisy { name: text(n) } }
func no_noise() ?Noisy { None }
func noises(a Noisy, b Noisy) List[Noisy] { var l List[Noisy] = List.new(); l.push(a); l.push(b); l }
func told(d &Noisy) String { d.name.clone() }
`,
  rust: `
struct Duo { b: Noisy, a: Noisy }
fn noisy(n: i64) -> Noisy { Noisy { name: text(n) } }
fn no_noise() -> Option<Noisy> { None }
fn noises(a: Noisy, b: Noisy) -> Vec<Noisy> { vec![a, b] }
fn told(d: &Noisy) -> String { d.name.clone() }
`,
});
