/** Enums with owned and borrowed payloads, matched by reference and by move. */

import { block } from "../productions.ts";
import { construct } from "./construct.ts";

const show = ["show_tree(&$)", "show_tree(&$)"] as const;

export const enums = construct("enums", {
  types: {
    TR: { lang: "Tree", rust: "Tree", show },
    MX: { lang: "Mix", rust: "Mix<'a>", show: ["show_mix(&$)", "show_mix(&$)"] },
  },
  values: {
    TR: [["Leaf($1)", "", "S"], ["branch($1, $2)", "", "TR", "TR"], ["Leaf($1)", "", "S"], ["replace(&mut $1, $2)", "", "!TR", "TR"]],
    MX: [["Lent($1)", "", "&S"], ["Owned($1)", "", "S"], ["Held($1, $2)", "", "S", "&S"], ["Pairs($1)", "", "P"], ["match $1 { Held(_, q) => Lent(q), q => q }", "", "MX"]],
    S: [["match $1 { Leaf(q) => q, _ => $2 }", "", "TR", "S"], ["match $1 { Owned(q) | Held(q, _) => q, Pairs(q) => q.a, _ => $2 }", "", "MX", "S"], ["leftmost($1)", "", "TR"]],
    "&S": [["match &$1 { Leaf(q) => q, _ => $2 }", "", "=TR", "&S"], ["match $1 { Lent(q) | Held(_, q) => q, Owned(_) | Pairs(_) => $2 }", "", "@MX", "&S"], ["match &$1 { Owned(q) | Held(q, _) => q, Lent(q) => *q, Pairs(q) if n > 1 => &q.a, Pairs(q) => &q.b }", "", "=MX"], ["least(&$1)", "", "=TR"]],
    "&mut S": [["least_mut(&mut $1)", "", "!TR"], ["match &mut $1 { Owned(q) | Held(q, _) => q, Pairs(q) => &mut q.b, Lent(_) => $2 }", "", "!MX", "&mut S"]],
    P: [["match $1 { Pairs(q @ Pair { .. }) => q, _ => $2 }", "", "MX", "P"]],
  },
  effects: [["$1 = $2", "", "!TR", "TR"], ["$1 = $2", "", "@MX", "MX"], ["gone($1)", "", "TR"], ["gone($1)", "", "MX"], ["if let Held(q, _) = &mut $1 { q.push_str(\"^\") }", "", "!MX"], ["if let Pairs(Pair { a, b }) = &mut $1 { swap(a, b) }", "", "!MX"], ["if let Lent(q) = $1 { $2 = q }", "", "@MX", "@&S"], ["swap(&mut $1, &mut $2)", "", "!TR", "!TR"]],
  blocks: [
    block("if let Leaf(%1) = &$1 {", "", ["=TR"], ["&S"], { hasElse: true }), block("if let Leaf(%1) = &mut $1 {", "", ["!TR"], ["&mut S"], { hasElse: true }), block("if let Leaf(%1) = $1 {", "", ["TR"], ["S"], { hasElse: true }), block("if let Held(%1, %2) = $1 {", "", ["MX"], ["S", "&S"], { hasElse: true }),
    block("if let Pairs(Pair { a: %1, .. }) = $1 {", "", ["MX"], ["S"], { hasElse: true }), block("while let Lent(%1) = $1 {", "", ["@MX"], ["&S"], { isLoop: true }),
  ],
  variables: ["TR", "TR", "MX", "MX"],
  results: ["MX"],
  parameters: ["&TR", "&mut TR", "MX", "&mut MX"],
  lang: `
enum Tree { Leaf(String), Branch(Box[Tree], Box[Tree]) }
enum Mix { Lent(&String), Owned(String), Held(String, &String), Pairs(Pair) }
func branch(a Tree, b Tree) Tree { Branch(Box.new(a), Box.new(b)) }
func least(t &Tree) &String { match t { Leaf(s) => s, Branch(a, _) => least(a) } }
func least_mut(t &mut Tree) &mut String { match t { Leaf(s) => s, Branch(a, b) => { if least(a).len > least(b).len { least_mut(b) } else { least_mut(a) } } } }
func leftmost(t Tree) String { match t { Leaf(s) => s, Branch(a, _) => leftmost(a.into_inner()) } }
func show_tree(t &Tree) { match t { Leaf(s) => println(s), Branch(a, b) => { show_tree(a); show_tree(b) } } }
func show_mix(m &Mix) { match m { Lent(s) => println(s), Owned(s) => println(s), Held(a, b) => println(f"{a} {b}"), Pairs(p) => println(f"{p.a} {p.b}") } }
`,
  rust: `
enum Tree { Leaf(String), Branch(Box<Tree>, Box<Tree>) }
enum Mix<'a> { Lent(&'a String), Owned(String), Held(String, &'a String), Pairs(Pair) }
use Tree::*; use Mix::*;
fn branch(a: Tree, b: Tree) -> Tree { Branch(Box::new(a), Box::new(b)) }
fn least(t: &Tree) -> &String { match t { Leaf(s) => s, Branch(a, _) => least(a) } }
fn least_mut(t: &mut Tree) -> &mut String { match t { Leaf(s) => s, Branch(a, b) => { if least(a).len() > least(b).len() { least_mut(b) } else { least_mut(a) } } } }
fn leftmost(t: Tree) -> String { match t { Leaf(s) => s, Branch(a, _) => leftmost(*a) } }
fn show_tree(t: &Tree) { match t { Leaf(s) => println!("{}", s), Branch(a, b) => { show_tree(a); show_tree(b) } } }
fn show_mix(m: &Mix) { match m { Lent(s) => println!("{}", s), Owned(s) => println!("{}", s), Held(a, b) => println!("{} {}", a, b), Pairs(p) => println!("{} {}", p.a, p.b) } }
`,
});
