/** Deque and Heap, of owned items and of references. */

import { block, place } from "../productions.ts";
import { construct } from "./construct.ts";

export const queues = construct("queues", {
  types: {
    Q: { lang: "Deque[String]", rust: "VecDeque<String>", show: ["for q in $.iter() { println(q) }", 'for q in $.iter() { println!("{}", q) }'] },
    QR: { lang: "Deque[&String]", rust: "VecDeque<&'a String>", show: ["for q in $.iter() { println(q) }", 'for q in $.iter() { println!("{}", q) }'] },
    HP: { lang: "Heap[&String]", rust: "BinaryHeap<&'a String>", show: ["if let Some(q) = $.peek() { println(q) }", 'if let Some(q) = $.peek() { println!("{}", q) }'] },
    HS: { lang: "Heap[String]", rust: "BinaryHeap<String>", show: ["if let Some(q) = $.peek() { println(q) }", 'if let Some(q) = $.peek() { println!("{}", q) }'] },
  },
  values: {
    Q: [["deque_of($1)", "", "S"], ["$1.into_iter().collect()", "", "L"]],
    QR: [["no_deque()", ""], ["$1.iter().collect()", "", "=L"], ["$1.iter().collect()", "", "=Q"]],
    HP: [["no_heap()", ""], ["$1.iter().collect()", "", "=L"]],
    HS: [["$1.into_iter().collect()", "", "L"]],
    S: [["$1.pop_front().unwrap_or($2)", "", "!Q", "S"], ["$1.pop().unwrap_or($2)", "", "!HS", "S"]],
    "&S": [["$1.back().unwrap_or($2)", "", "=Q", "&S"], ["$1.front().copied().unwrap_or($2)", "", "=QR", "&S"], ["$1.peek().unwrap_or($2)", "", "=HS", "&S"]],
    OR: [["$1.pop_front()", "", "!QR"], ["$1.pop_back()", "", "!QR"], ["$1.front()", "", "=Q"], ["$1.pop()", "", "!HP"], ["$1.peek().copied()", "", "=HP"], ["$1.get(1)", "", "=Q"]],
    OM: [["$1.front_mut()", "", "!Q"], ["$1.back_mut()", "", "!Q"]],
    LR: [["$1.iter().collect()", "", "=Q"], ["$1.into_iter().collect()", "", "QR"]],
  },
  places: [place("S", "Q", "$[0]")],
  effects: [
    ["$1.push_back($2)", "", "!Q", "S"], ["$1.push_front($2)", "", "!Q", "S"], ["$1.push_back($2)", "", "!QR", "&S"], ["$1.push_front($2)", "", "!QR", "&S"], ["$1.push($2)", "", "!HP", "&S"], ["$1.push($2)", "", "!HS", "S"], ["gone($1)", "", "Q"], ["gone($1)", "", "HP"],
    ["$1.extend($2.iter())", "", "!QR", "=L"], ["$1.clear()", "", "!QR"], ["$1 = $2", "", "!QR", "QR"], ["$1 = $2", "", "!HP", "HP"], ["$1.retain(|q| q.len > n)", "$1.retain(|q| q.len() as i64 > n)", "!QR"],
  ],
  blocks: [block("while let Some(%1) = $1.pop_front() {", "", ["!QR"], ["&S"], { isLoop: true }), block("for %1 in &$1 {", "", ["=Q"], ["&S"], { isLoop: true }), block("while let Some(%1) = $1.pop() {", "", ["!HP"], ["&S"], { isLoop: true }), block("for %1 in $1 {", "", ["Q"], ["S"], { isLoop: true })],
  variables: ["Q", "QR", "QR", "HP", "HS"],
  results: ["QR"],
  parameters: ["&mut QR", "&mut Q", "&mut HP"],
  lang: `
func deque_of(s String) Deque[String] { var d Deque[String] = Deque.new(); d.push_back(s); d.push_back(text(31)); d }
func no_deque() Deque[&String] { Deque.new() }
func no_heap() Heap[&String] { Heap.new() }
`,
  rust: `
fn deque_of(s: String) -> VecDeque<String> { let mut d = VecDeque::new(); d.push_back(s); d.push_back(text(31)); d }
fn no_deque<'a>() -> VecDeque<&'a String> { VecDeque::new() }
fn no_heap<'a>() -> BinaryHeap<&'a String> { BinaryHeap::new() }
`,
});
