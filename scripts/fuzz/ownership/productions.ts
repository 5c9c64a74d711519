/**
 * What values, places and statements of each type may be written as, in both languages. Holes are `$1`, `$2` …: `S` an expression of that type,
 * `=S` a place to look at, `!S` one that may be changed, `@V` a variable, `'x` the name of a new variable, `#` a small number.
 */

export interface Production {
  readonly lang: string;
  readonly rust: string;
  readonly holes: readonly string[];
}

/** A row: lang, rust (empty if the same), the holes. */
export type Row = readonly [string, string, ...string[]];

export function table(rows: Readonly<Record<string, readonly Row[]>>): ReadonlyMap<string, readonly Production[]> {
  return new Map(Object.entries(rows).map(([type, of]) => [type, of.map(([lang, rust, ...holes]) => ({ lang, rust: rust === "" ? lang : rust, holes }))]));
}

/** Values by type; the first is what can always be written. Variables of the type and moves out of places come besides. */
export const values = table({
  S: [
    ["text($1)", "", "#"], ["$1.clone()", "", "=S"], ["replace($1, $2)", "", "&mut S", "S"], ["take($1)", "", "&mut S"], ["pop_or($1)", "", "&mut L"], ["$1.into_a()", "", "P"],
    ["same($1)", "", "S"], ["if n > $1 { $2 } else { $3 }", "", "#", "S", "S"], ["$1.unwrap_or($2)", "", "O", "S"], ["$1.to_string()", "", "=S"], ["(*$1).clone()", "", "=B"],
  ],
  D: [["Noisy { name: $1 }", "", "S"], ["same($1)", "", "D"], ["replace($1, $2)", "", "&mut D", "D"]],
  P: [["Pair { a: $1, b: $2 }", "", "S", "S"], ["Pair { a: $1, ..$2 }", "", "S", "P"], ["same($1)", "", "P"], ["replace($1, $2)", "", "&mut P", "P"]],
  L: [["list2($1)", "", "#"], ["$1.clone()", "", "=L"], ["replace($1, $2)", "", "&mut L", "L"]],
  B: [["Box.new($1)", "Box::new($1)", "S"]],
  RC: [["Rc.new($1)", "Rc::new($1)", "S"], ["$1.clone()", "", "=RC"]],
  O: [["no_text()", ""], ["Some($1)", "", "S"], ["$1.take()", "", "!O"], ["$1.cloned()", "", "OR"]],
  ND: [["node($1)", "", "#"]],
  BN: [["Box.new($1)", "Box::new($1)", "ND"]],
  "&mut BN": [["&mut $1", "", "!BN"]],
  "&S": [
    ["&$1", "", "=S"], ["&$1", "", "=S"], ["&$1", "", "=S"], ["longer($1, $2)", "", "&S", "&S"], ["left_of($1, $2)", "", "&S", "&S"], ["first($1)", "", "&L"], ["$1.left()", "", "=P"], ["$1.s", "", "=V"],
    ["$1.get()", "", "=V"], ["$1.x", "", "=Y"], ["$1.unwrap_or($2)", "", "OR", "&S"], ["$1.0", "", "T"], ["$1.1", "", "T"], ["same($1)", "", "&S"], ["either($1, $2, n > $3)", "", "&S", "&S", "#"],
    ["if n > $1 { $2 } else { $3 }", "", "#", "&S", "&S"], ["match $1 { One(q) => q, Two(_, q) => q, _ => $2 }", "", "@E", "&S"], ["$1.get().unwrap_or($2)", "", "=C", "&S"],
    ["$1.next().unwrap_or($2)", "", "!I", "&S"], ["$1.find($2).unwrap_or($3)", "", "=ND", "#", "&S"], ["$1.first()", "", "=W"], ["$1.last()", "", "!W"], ["$1.iter().max_by_key(|q| q.len).unwrap_or($2)", "$1.iter().max_by_key(|q| q.len()).unwrap_or($2)", "=L", "&S"],
    ["$1.get($2).unwrap_or($3)", "", "=K", "#", "&S"], ["give(|| &$1)", "", "=S"], ["give(|| $1.s)", "", "=V"], ["match $1 { Some(q) => q, None => $2 }", "", "OR", "&S"], ["$1.iter().last().unwrap_or($2)", "", "=L", "&S"],
    ["$1.iter().find(|q| q.len > $2).unwrap_or($3)", "$1.iter().find(|q| q.len() > $2).unwrap_or($3)", "=L", "#", "&S"], ["$1.get(0).copied().unwrap_or($2)", "", "=LR", "&S"],
    ["$1.s", "", "=G"], ["&*$1", "", "&mut S"],
  ],
  "&mut S": [
    ["&mut $1", "", "!S"], ["&mut $1", "", "!S"], ["first_mut($1)", "", "&mut L"], ["$1.right_mut()", "", "!P"], ["same($1)", "", "&mut S"], ["$1.last()", "", "!W"], ["&mut *$1", "", "&mut S"],
    ["if n > $1 { $2 } else { $3 }", "", "#", "&mut S", "&mut S"], ["$1.both_mut().0", "", "!P"], ["$1.get_mut(0)!", "$1.get_mut(0).unwrap()", "!L"], ["$1.get_or_insert_with(|| $2)", "", "!O", "S"], ["either($1, $2, n > $3)", "", "&mut S", "&mut S", "#"],
  ],
  "&P": [["&$1", "", "=P"], ["same($1)", "", "&P"]],
  "&mut P": [["&mut $1", "", "!P"], ["same($1)", "", "&mut P"]],
  "&L": [["&$1", "", "=L"], ["same($1)", "", "&L"], ["if n > $1 { $2 } else { $3 }", "", "#", "&L", "&L"]],
  "&mut L": [["&mut $1", "", "!L"], ["same($1)", "", "&mut L"], ["$1.out", "", "@W"]],
  "&D": [["&$1", "", "=D"]],
  "&mut D": [["&mut $1", "", "!D"]],
  "&V": [["&$1", "", "=V"]],
  "&mut V": [["&mut $1", "", "!V"]],
  "&K": [["&$1", "", "=K"]],
  "&mut K": [["&mut $1", "", "!K"], ["$1.add($2)", "", "!K", "&S"]],
  "&LR": [["&$1", "", "=LR"]],
  "&mut LR": [["&mut $1", "", "!LR"], ["&mut $1.items", "", "!K"]],
  "&ND": [["&$1", "", "=ND"], ["$1.tail()", "", "=ND"]],
  "&mut ND": [["&mut $1", "", "!ND"], ["$1.end_mut()", "", "!ND"]],
  str: [["\"word\"", ""], ["&$1[0..$1.len]", "&$1[0..$1.len()]", "=S"], ["$1.as_str()", "", "=S"], ["$1.trim()", "", "=S"], ["$1.name()", "", "=D"], ["$1.name()", "", "=V"], ["$1.name()", "", "=BT"], ["if n > $1 { $2 } else { $3 }", "", "#", "str", "str"]],
  V: [["View { s: $1, n }", "", "&S"], ["$1.with($2)", "", "V", "&S"], ["View { n: 1, ..$1 }", "", "V"], ["replace($1, $2)", "", "&mut V", "V"], ["View { s: $1.s, n: 2 }", "", "=V"]],
  Y: [["Both { x: $1, y: $2 }", "", "&S", "&S"], ["$1.turned()", "", "=Y"], ["Both { x: $1.s, y: $2 }", "", "=V", "&S"]],
  W: [["Writer { out: $1 }", "", "&mut L"]],
  K: [["Keep.new()", "Keep::new()"], ["Keep { items: $1, last: $2 }", "", "LR", "OR"]],
  G: [["Guard { s: $1 }", "", "&S"]],
  E: [["Nothing", ""], ["One($1)", "", "&S"], ["Two($1, $2)", "", "&S", "&S"], ["Own($1)", "", "S"], ["same($1)", "", "E"]],
  OR: [
    ["no_ref()", ""], ["Some($1)", "", "&S"], ["Some($1)", "", "&S"], ["$1.take()", "", "!OR"], ["$1.as_ref()", "", "=O"], ["$1.last", "", "=K"], ["$1.get($2)", "", "=K", "#"], ["$1.take_last()", "", "!K"], ["$1.pop()", "", "!LR"],
    ["$1.get()", "", "=C"], ["$1.replace($2)", "", "=C", "OR"], ["$1.next()", "", "!I"], ["$1.find($2)", "", "=ND", "#"], ["$1.get(0)", "", "=L"], ["$1.or($2)", "", "OR", "OR"], ["$1.map(|q| longer(q, $2))", "", "OR", "&S"],
    ["$1.filter(|q| q.len > n)", "$1.filter(|q| q.len() as i64 > n)", "OR"],
  ],
  OM: [["no_mut()", ""], ["Some($1)", "", "&mut S"], ["$1.as_mut()", "", "!O"], ["$1.last_mut()", "", "!L"], ["$1.next()", "", "!IM"], ["$1.get_mut(1)", "", "!L"]],
  T: [["($1, $2)", "", "&S", "&S"], ["($1.1, $1.0)", "", "@T"], ["same($1)", "", "T"]],
  LR: [
    ["no_refs()", ""], ["$1.iter().collect()", "", "=L"], ["$1.iter().filter(|q| q.len > n).collect()", "$1.iter().filter(|q| q.len() as i64 > n).collect()", "=L"], ["$1.clone()", "", "=LR"], ["take($1)", "", "&mut LR"],
    ["$1.iter().map(|q| longer(q, $2)).collect()", "", "=L", "&S"], ["$1.iter().rev().skip(1).collect()", "", "=L"], ["$1.iter().zip($2.iter()).map(|(a, _)| a).collect()", "", "=L", "=L"], ["$1.iter().chain($2.iter()).collect()", "", "=L", "=L"],
    ["$1.iter().enumerate().map(|(_, q)| q).collect()", "$1.iter().enumerate().map(|(_, q)| q).collect()", "=L"],
  ],
  C: [["Cell.new(no_ref())", "Cell::new(no_ref())"], ["Cell.new(Some($1))", "Cell::new(Some($1))", "&S"]],
  I: [["$1.iter()", "", "&L"], ["$1.iter()", "", "=L"]],
  IM: [["$1.iter_mut()", "", "&mut L"], ["$1.iter_mut()", "", "!L"]],
  BT: [["Box.new($1)", "Box::new($1)", "D"], ["Box.new($1)", "Box::new($1)", "V"], ["Box.new($1)", "Box::new($1)", "P"]],
});

export interface PlaceRow {
  readonly type: string;
  readonly of: string;
  readonly text: string;
  readonly rust: string;
  /** It may be changed if its base may be. */
  readonly mutable: boolean;
  /** It may be moved out of. */
  readonly moves: boolean;
  /** The base itself needs only to be looked at, also where the place is changed. */
  readonly through: boolean;
}

export const place = (type: string, of: string, text: string, more: { mutable?: boolean; moves?: boolean; through?: boolean } = {}, rust = text): PlaceRow =>
  ({ type, of, text, rust, mutable: more.mutable ?? true, moves: more.moves ?? false, through: more.through ?? false });

/** Places within places. */
export const places: readonly PlaceRow[] = [
  place("S", "P", "$.a", { moves: true }), place("S", "P", "$.b", { moves: true }), place("S", "D", "$.name"), place("S", "L", "$[0]"), place("S", "L", "$[1]"), place("S", "B", "(*$)"), place("S", "RC", "(*$)", { mutable: false }),
  place("S", "&S", "(*$)", { mutable: false }), place("S", "&mut S", "(*$)"), place("S", "&P", "$.a", { mutable: false }), place("S", "&mut P", "$.a"), place("S", "&mut P", "$.b"), place("S", "&L", "$[0]", { mutable: false }), place("S", "&mut L", "$[1]"),
  place("S", "W", "$.out[0]"), place("S", "V", "(*$.s)", { mutable: false }), place("S", "&mut D", "$.name"), place("S", "&V", "(*$.s)", { mutable: false }), place("S", "&mut V", "(*$.s)", { mutable: false }), place("S", "ND", "$.value"), place("S", "&ND", "$.value", { mutable: false }), place("S", "&mut ND", "$.value"), place("S", "Y", "(*$.y)", { mutable: false }),
  place("P", "&P", "(*$)", { mutable: false }), place("P", "&mut P", "(*$)"), place("D", "&D", "(*$)", { mutable: false }), place("D", "&mut D", "(*$)"), place("L", "&L", "(*$)", { mutable: false }), place("L", "&mut L", "(*$)"), place("L", "W", "(*$.out)"),
  place("V", "&V", "(*$)", { mutable: false }), place("V", "&mut V", "(*$)"), place("K", "&K", "(*$)", { mutable: false }), place("K", "&mut K", "(*$)"), place("LR", "&LR", "(*$)", { mutable: false }), place("LR", "&mut LR", "(*$)"), place("LR", "K", "$.items"), place("LR", "&K", "$.items", { mutable: false }), place("LR", "&mut K", "$.items"),
  place("&S", "V", "$.s"), place("&S", "&mut V", "$.s"), place("&S", "Y", "$.x"), place("&S", "Y", "$.y"), place("&S", "T", "$.0"), place("OR", "K", "$.last"), place("OR", "&mut K", "$.last"),
  place("ND", "&mut BN", "(**$)"), place("ND", "BN", "(*$)"), place("ND", "&ND", "(*$)", { mutable: false }), place("ND", "&mut ND", "(*$)"),
];

/** Statements without blocks. */
export const effects: readonly Production[] = [...(table({ "": [
  ["$1.push_str(\"!\")", "", "!S"], ["$1 = $2", "", "!S", "S"], ["$1 = $2", "", "!S", "S"], ["swap($1, $2)", "", "&mut S", "&mut S"], ["$1.push($2)", "", "!L", "S"], ["$1.push($2)", "", "!LR", "&S"], ["$1.add($2)", "", "!K", "&S"],
  ["$1 = $2", "", "!&S", "&S"], ["$1 = $2", "", "!&S", "&S"], ["$1 = $2", "", "@&mut S", "&mut S"], ["$1 = $2", "", "!OR", "OR"], ["$1.set(Some($2))", "", "=C", "&S"], ["store($1, $2)", "", "&mut LR", "&S"], ["set_view($1, $2)", "", "&mut V", "&S"],
  ["swap($1, $2)", "", "&mut V", "&mut V"], ["swap($1, $2)", "", "&mut LR", "&mut LR"], ["append($1, $2)", "", "&mut S", "&S"], ["consume($1)", "", "S"], ["println(eat_list($1))", "println!(\"{}\", eat_list($1))", "L"], ["gone($1)", "", "D"], ["gone($1)", "", "P"], ["gone($1)", "", "G"],
  ["gone($1)", "", "K"], ["$1 = $2", "", "!V", "V"], ["$1 = $2", "", "!P", "P"], ["$1 = $2", "", "!L", "L"], ["$1 = $2", "", "!D", "D"], ["$1 = $2", "", "!G", "G"], ["$1 = $2", "", "!E", "E"], ["$1 = $2", "", "!T", "T"], ["$1 = $2", "", "!K", "K"], ["$1 = $2", "", "!LR", "LR"], ["$1 = $2", "", "!Y", "Y"],
  ["$1.add($2)", "", "!W", "S"], ["$1.set($2)", "", "!V", "&S"], ["$1.set_x($2)", "", "!Y", "&S"], ["$1.push($2); $1.remove(0)", "", "@L", "S"], ["each($1, |q| $2.push(q))", "", "&L", "@LR"], ["each($1, |q| $2 = Some(q))", "", "&L", "@OR"],
  ["each_mut($1, |q| q.push_str($2))", "", "&mut L", "str"], ["each_mut($1, |q| { $2 = Some(q) })", "each_mut($1, |q| { $2 = Some(q); })", "&mut L", "@OM"], ["run(|| $1.push_str(\"+\"))", "", "!S"], ["run(|| $1 = $2)", "run(|| { $1 = $2; })", "@&S", "&S"], ["run(|| $1.push($2))", "", "!LR", "&S"],
  ["$1.extend($2.iter())", "", "!LR", "=L"], ["$1.clear()", "", "!LR"], ["$1.retain(|q| q.len > n)", "$1.retain(|q| q.len() as i64 > n)", "!LR"], ["$1.push($2)", "", "!ND", "S"], ["$1 = $2", "", "!ND", "ND"], ["$1 = None", "", "!O"], ["$1 = Some($2)", "", "!O", "S"], ["$1 = $2", "", "@BT", "BT"],
  ["$1.sort_by_key(|q| q.len)", "$1.sort_by_key(|q| q.len())", "!LR"], ["$1.swap(0, 1)", "", "!L"], ["$1.name.push_str(\"#\")", "", "!D"], ["$1 = $2", "", "@I", "I"], ["swap($1, $2)", "", "&mut P", "&mut P"], ["swap($1, $2)", "", "&mut D", "&mut D"], ["swap($1, $2)", "", "&mut L", "&mut L"],
] }).get("") ?? [])];

/** The head of a block that binds `$x`, or none; the type of what it binds, or "". `else` may follow where it says so. */
export interface BlockRow extends Production {
  readonly binds: readonly string[];
  readonly hasElse: boolean;
  readonly isLoop: boolean;
}

export const block = (lang: string, rust: string, holes: readonly string[], binds: readonly string[], more: { hasElse?: boolean; isLoop?: boolean } = {}): BlockRow =>
  ({ lang, rust: rust === "" ? lang : rust, holes, binds, hasElse: more.hasElse ?? false, isLoop: more.isLoop ?? false });

/** `%1`, `%2` are the names of what the block binds. */
export const blocks: readonly BlockRow[] = [
  block("if n > $1 {", "", ["#"], [], { hasElse: true }), block("if n > $1 {", "", ["#"], [], { hasElse: true }), block("if $1.len > $2.len {", "if $1.len() > $2.len() {", ["=S", "=S"], [], { hasElse: true }),
  block("{", "", [], []), block("for %1 in 0..3 {", "", [], ["i"], { isLoop: true }), block("loop {", "", [], [], { isLoop: true }),
  block("for %1 in $1 {", "", ["&L"], ["&S"], { isLoop: true }), block("for %1 in $1 {", "", ["&mut L"], ["&mut S"], { isLoop: true }), block("for %1 in $1 {", "", ["L"], ["S"], { isLoop: true }), block("for %1 in $1.iter() {", "", ["=L"], ["&S"], { isLoop: true }),
  block("for %1 in $1 {", "", ["LR"], ["&S"], { isLoop: true }), block("if let Some(%1) = $1 {", "", ["OR"], ["&S"], { hasElse: true }), block("if let Some(%1) = $1 {", "", ["OM"], ["&mut S"], { hasElse: true }), block("if let Some(%1) = &mut $1 {", "", ["!O"], ["&mut S"], { hasElse: true }),
  block("if let Some(%1) = $1 {", "", ["O"], ["S"], { hasElse: true }), block("while let Some(%1) = $1.next() {", "", ["@I"], ["&S"], { isLoop: true }), block("while let Some(%1) = $1.pop() {", "", ["!LR"], ["&S"], { isLoop: true }), block("if let One(%1) = $1 {", "", ["@E"], ["&S"], { hasElse: true }),
  block("if let Two(%1, %2) = $1 {", "", ["@E"], ["&S", "&S"], { hasElse: true }), block("if let Own(%1) = &mut $1 {", "", ["@E"], ["&mut S"]), block("for (%1, %2) in $1.iter().zip($2.iter()) {", "", ["=L", "=L"], ["&S", "&S"], { isLoop: true }), block("for %1 in $1.iter().filter(|q| q.len > $2.len) {", "for %1 in $1.iter().filter(|q| q.len() > $2.len()) {", ["=L", "=S"], ["&S"], { isLoop: true }),
  block("for %1 in $1.iter_mut() {", "", ["!L"], ["&mut S"], { isLoop: true }), block("for (%1, %2) in $1.iter_mut().zip($2.iter()) {", "", ["!L", "=L"], ["&mut S", "&S"], { isLoop: true }), block("if let Some(%1) = &mut $1.next {", "", ["!ND"], ["&mut BN"]),
];
