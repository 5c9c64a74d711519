/** Maps of owned items and of references, whose entries are kept while the map changes. */

import { block } from "../productions.ts";
import { construct } from "./construct.ts";

const show = ["for q in $.values() { println(q) }", 'for q in $.values() { println!("{}", q) }'] as const;

export const maps = construct("maps", {
  types: {
    M: { lang: "Map[i64, String]", rust: "BTreeMap<i64, String>", show },
    MR: { lang: "Map[i64, &String]", rust: "BTreeMap<i64, &'a String>", show },
    MK: { lang: "Map[str, i64]", rust: "BTreeMap<&'a str, i64>", show: ["println($.len)", 'println!("{}", $.len())'] },
    MT: { lang: "Map[i64, List[&String]]", rust: "BTreeMap<i64, Vec<&'a String>>", show: ["for q in $.values() { show_all(q) }", "for q in $.values() { show_all(q) }"] },
  },
  values: {
    M: [["map_of($1)", "", "S"]],
    MR: [["refs_of($1)", "", "&S"]],
    MK: [["no_keys()", ""]],
    MT: [["no_lists()", ""]],
    S: [["$1.remove(&0).unwrap_or($2)", "", "!M", "S"]],
    "&S": [["$1.get(&0).unwrap_or($2)", "", "=M", "&S"], ["$1.values().next().unwrap_or($2)", "", "=M", "&S"]],
    "&mut S": [["$1.get_or_insert(0, $2)", "$1.entry(0).or_insert($2)", "!M", "S"], ["$1.entry(n).or_insert_with(|| text(8))", "", "!M"], ["$1.entry(0).and_modify(|q| q.push_str(\"=\")).or_insert($2)", "", "!M", "S"]],
    OR: [["$1.get(&0)", "", "=M"], ["$1.get(&0).copied()", "", "=MR"], ["$1.insert(0, $2)", "", "!MR", "&S"], ["$1.remove(&0)", "", "!MR"]],
    OM: [["$1.get_mut(&0)", "", "!M"], ["$1.values_mut().next()", "", "!M"]],
    LR: [["$1.values().collect()", "", "=M"], ["$1.values().copied().collect()", "", "=MR"], ["$1.remove(&0).unwrap_or(no_refs())", "", "!MT"]],
    "&LR": [["$1.get(&0).unwrap_or($2)", "", "=MT", "&LR"]],
    "&mut LR": [["$1.entry(0).or_insert(no_refs())", "", "!MT"]],
    str: [["$1.keys().next().copied().unwrap_or(\"none\")", "", "=MK"], ["first_key(&$1)", "", "=MK"]],
  },
  effects: [
    ["gone($1.insert($2, $3))", "", "!M", "#", "S"], ["gone($1.insert($2, $3))", "", "!MR", "#", "&S"], ["$1.clear()", "", "!M"], ["$1.clear()", "", "!MR"], ["*$1.entry($2).or_insert(0) += 1", "", "!MK", "str"], ["gone($1.insert($2, 1))", "", "!MK", "str"], ["$1.entry($2).or_insert(no_refs()).push($3)", "", "!MT", "#", "&S"],
    ["gone($1)", "", "M"], ["gone($1)", "", "MR"], ["$1.retain(|_, q| q.len > n)", "$1.retain(|_, q| q.len() as i64 > n)", "!M"], ["$1 = $2", "", "!M", "M"], ["$1 = $2", "", "!MR", "MR"], ["$1.retain(|_, q| { $2 = q; true })", "$1.retain(|_, q| { $2 = *q; true })", "!MR", "@&S"],
  ],
  blocks: [
    block("for %1 in $1.values() {", "", ["=M"], ["&S"], { isLoop: true }), block("for %1 in $1.values_mut() {", "", ["!M"], ["&mut S"], { isLoop: true }), block("for (_, %1) in &$1 {", "", ["=M"], ["&S"], { isLoop: true }), block("for %1 in $1.keys() {", "", ["=MK"], ["i"], { isLoop: true }),
    block("if let Some(%1) = $1.get_mut(&0) {", "", ["!M"], ["&mut S"], { hasElse: true }),
  ],
  variables: ["M", "M", "MR", "MR", "MK", "MT"],
  results: ["MR"],
  parameters: ["&mut M", "&mut MR", "&M", "MR"],
  lang: `
func map_of(s String) Map[i64, String] { var m Map[i64, String] = Map.new(); m.insert(0, s); m.insert(1, text(21)); m }
func refs_of(s &String) Map[i64, &String] { var m Map[i64, &String] = Map.new(); m.insert(0, s); m }
func no_keys() Map[str, i64] { Map.new() }
func no_lists() Map[i64, List[&String]] { Map.new() }
func first_key(m &Map[str, i64]) str { for (k, _) in m { return k } "none" }
`,
  rust: `
fn map_of(s: String) -> BTreeMap<i64, String> { let mut m = BTreeMap::new(); m.insert(0, s); m.insert(1, text(21)); m }
fn refs_of<'a>(s: &'a String) -> BTreeMap<i64, &'a String> { let mut m = BTreeMap::new(); m.insert(0, s); m }
fn no_keys<'a>() -> BTreeMap<&'a str, i64> { BTreeMap::new() }
fn no_lists<'a>() -> BTreeMap<i64, Vec<&'a String>> { BTreeMap::new() }
fn first_key<'a>(m: &BTreeMap<&'a str, i64>) -> &'a str { for (k, _) in m { return k } "none" }
`,
});
