/** What is said about methods that types of the library do not have, but have under another name here, and about arrays that are no lists. */

import { expect, test } from "bun:test";
import { findTarget } from "../../os/targets.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest } from "./request.ts";

const target = findTarget("linux-x86_64");
if (!target.ok) throw new Error(target.message);

const values = `let text = "Hello"\n let name = text.to_string()\n var list = [3, 1, 2].to_list()\n var map Map[String, i64] = Map.new()\n let array = [1, 2]`;

function errorsOf(text: string): ReturnType<typeof build>["diagnostics"] {
  if (!target.ok) return [];
  const answer = build(buildRequest("p.lang", new TextEncoder().encode(text), target.target, { level: "O0", output: "nothing" }), host);
  return answer.diagnostics.filter(({ severity }) => severity === "error");
}

/** The first advice about `expression`. */
function adviceFor(expression: string): string | undefined {
  const wrong = errorsOf(`struct Own { x i64 }\nfunc main() { let own = Own { x: 1 }\n ${values}\n let _ = ${expression}\n let _ = (own, name, list, map, array, text) }`);
  expect(wrong.map(({ code }) => code)).toEqual(["E0205"]);
  return wrong[0]?.advice?.[0];
}

for (const [expression, advice] of [
  ["map.contains_key(\"x\")", "did you mean contains?"],
  ["map.length()", "write .len without ()"],
  ["list.push_back(1)", "did you mean push?"],
  ["list.sorted()", "did you mean sort?"],
  ["list.indexOf(2)", "did you mean index_of?"],
  ["text.toUpperCase()", "did you mean upper?"],
  ["text.substring(1, 2)", "a part is written [a..b]"],
  ["text.startswith(\"H\")", "did you mean starts_with?"],
  ["name.splitlines()", "did you mean lines?"],
  ["list.map(|x| x)", "iterators have it: ….iter().map(…)"],
  ["array.sum()", "iterators have it: ….iter().sum(…)"],
  ["text.map(|x| x)", "iterators have it: ….chars().map(…)"],
  ["own.clone()", "derive it: Own: Clone"],
  ["own.to_string()", "what is Show has it: derive that, Own: Show, or write an impl"],
  ["own.length()", undefined],
  ["text.split_whitespace()", "did you mean words?"],
  ["name.append(\"x\")", "did you mean push_str?"],
  ["name.reverse()", "did you mean reversed?"],
  ["name.into()", "write ….to_string()"],
  ["list.rev()", "iterators have it: ….iter().rev(…)"],
  ["map.first()", undefined],
  ["list.len.is_even()", "write n % 2 == 0"],
  ["list.len.sqrt()", "write (n as f64).sqrt(), or import \"std/math\", and math.isqrt(n as u64)"],
  ["2.5.powf(2.0)", "import \"std/math\", and write math.pow(x, y)"],
  ["'a'.to_digit(10)", "did you mean digit?"],
] as const) {
  test(`${expression}: ${advice ?? "nothing"}`, () => expect(adviceFor(expression)).toBe(advice));
}

for (const [statement, code, advice] of [
  ["let _ = i64.MAX", "E0205", "write i64.max_value()"],
  ["let _ = u8.MIN", "E0205", "write u8.min_value()"],
  ["let _ = f64.INFINITY", "E0205", 'import "std/math", and write math.INFINITY'],
  ["let _ = list.drain(0..2)", "E0303", "the ends of a range are arguments of their own here: drain(a, b)"],
  ["let f Rc[func(i64) i64] = Rc.new(|x| x)\n println(f(1))", "E0302", "the function is behind it: write (*f)(…)"],
  ["let f Box[func()] = Box.new(|| {})\n let g = &f\n g()", "E0302", "the function is behind it: write (**f)(…)"],
  ["for i in 1.. { println(i) }", "E0367", "write a loop with break, or give it an end that is never reached: a..=i64.max_value()"],
  ["var l = list.clone()\n l.append(4)", "E0301", "that takes all items of another list; one item is put in by push(x)"],
  ["println(text.chars())", "E0337", "an iterator gives its items one by one: make a list of them, ….to_list()"],
  ["println(text * 3)", "E0305", "write ….repeat(n)"],
  ["println('a' + 1)", "E0305", "a character's code is a number: char.from_u32(c as u32 + 1), or (c as u8 + 1) as char"],
  ["var s = name.clone()\n s += 'c'", "E0305", "append it: s.push(c)"],
  ["var l = list.clone()\n l.sort(|a, b| a.cmp(b))", "E0303", "what takes a closure is sort_by"],
  ["var l = list.clone()\n l.sort_by(|a, b| b - a)", "E0301", "say how one stands to the other: a.cmp(b), or b.cmp(a) for the greatest first"],
  ["println(list.max())", "E0303", "of its items: ….iter().max(), ….iter().min()"],
  ["println(list.join(\",\"))", "E0346", "make texts of the items: ….iter().map(|x| x.to_string()).join(…)"],
  ["println(list.iter().zip(list).to_list())", "E0346", "give its items one by one: ….into_iter()"],
  ["println(list.iter().enumerate().map(|i, x| i + x).sum())", "E0301", "what comes is one tuple, taken apart in parentheses: |(a, b)| …"],
  ["match name { \"a\" => {}, _ => {} }", "E0503", 'match its text, ….as_str(); within another pattern bind it and compare in a guard: Some(s) if s == "…"'],
  ["match list { [] => {}, _ => {} }", "E0514", "match its items as a slice: ….as_slice()"],
  ["let nil = 3", "E0503", "`nil` is a keyword: give the variable another name"],
  ["let b Box[dyn Iterator[i64]] = Box.new(list.iter())", "E0352", "hand out a function that gives the next item, mut func() ?T, or a trait of your own that has next alone"],
  ["var lists = [list.clone()].to_list()\n for l in lists { l.push(1) }", "E0339", "let the loop lend its items to be changed: for … in &mut …"],
  ["for (i, x) in list { println(i + x) }", "E0503", "for their numbers beside the items: for (i, x) in xs.iter().enumerate()"],
  ["println(map[\"a\"] ?? 0)", "E0326", "an index panics for what is not there; get gives an optional: m.get(&key) ?? …"],
  ["let _ = List[i64]()", "E0217", "write List.new(), or of what is there: List.from([…])"],
  ["let _ = String(5)", "E0302", "a value becomes a String by x.to_string() or f\"{x}\"; an empty one is String.new()"],
  ["let _ = Reverse(5)", "E0302", "write Reverse { value: … }"],
  ["let _ = text.parse::<i64>()", "E0137", "type arguments stand in brackets: parse[i64]()"],
  ["let _ = (1..4).flat_map(|i| (0..i).map(|j| i * j)).to_list()", "E0408", "let the closure take it along: move |…| …"],
  ["let _ = (1..).take(3)", "E0367", "give it an end that is never reached: a..=i64.max_value()"],
] as const) {
  test(statement, () => {
    const wrong = errorsOf(`struct Own { x i64 }\nfunc main() { let own = Own { x: 1 }\n ${values}\n ${statement}\n let _ = (own, name, list, map, array, text) }`);
    expect(wrong.map((one) => [one.code, one.advice?.[0]])).toEqual([[code, advice]]);
  });
}

test("an array where a list is wanted is one mistake", () => {
  const wrong = errorsOf(`trait Named { func name(&self) str }
struct A {}
struct B {}
impl Named for A { func name(&self) str { "a" } }
impl Named for B { func name(&self) str { "b" } }
func main() {
    let all List[Box[dyn Named]] = [Box.new(A {}), Box.new(B {})]
    let numbers List[u8] = [1, 2]
    println(f"{all.len} {numbers}")
}`);
  expect(wrong.map(({ code, message, advice }) => [code, message, ...advice])).toEqual([
    ["E0301", "expected List[Box[dyn Named]], found [2]Box[dyn Named]", "make a list of it: ….to_list()"],
    ["E0301", "expected List[u8], found [2]u8", "make a list of it: ….to_list()"],
  ]);
});

test("what ends with the function is not lent as its result, and a call means no trait", () => {
  const advice = (text: string): readonly string[] => errorsOf(text).flatMap((one) => one.advice);
  expect(advice("func f() str {\n var out = String.new()\n out.push_str(\"x\")\n out\n}\nfunc main() { println(f()) }")).toEqual(["a borrow of it would outlive it: let the function's result be String"]);
  expect(advice("import \"std/json\" as j\nfunc main() { let _a = j.parse(\"1\")\n let _b = json.parse(\"2\") }")).toEqual(["the module is called j here: j.…"]);
  expect(advice("func main() { println(\", \".join([\"a\"])) }")).toEqual(["the items join themselves: [\"a\", \"b\"].join(\", \")"]);
  expect(advice("func main() { println(abs(-3)) }")).toEqual(["write x.abs()"]);
  const made = ["a borrow of what is made here would outlive it: let the function's result be String"];
  expect(advice("func f(n i64) str { f\"{n}\" }\nfunc main() { println(f(1)) }")).toEqual(made);
  expect(advice("func f(s &String) str {\n if s.len > 1 { return s.upper() }\n s\n}\nfunc main() { println(f(&\"a\".to_string())) }")).toEqual(made);
  expect(advice("func f() str {\n let s str = \"a\".to_string()\n s\n}\nfunc main() { println(f()) }")).toEqual(["borrow it: &…"]);
  expect(advice("func g(s str) { println(s) }\nfunc main() { let s = String.new()\n g(s) }")).toEqual(["borrow it: &…"]);
  expect(advice("func g(s str) { println(s) }\nfunc f(o ?String) { g(o ?? String.new()) }\nfunc main() { f(None) }")).toEqual(["borrow it: &(…)"]);
  expect(advice("func main() { show(1, 2) }")).toEqual([]);
});

test("an argument that is no text is made one, a character literal is written as text", () => {
  for (const [argument, advice] of [
    ["7", "make text of it: &….to_string()"], ["true", "make text of it: &….to_string()"], ["text.chars().next()!", "make text of it: &….to_string()"],
    ["' '", "a character stands in single quotes, a text in double ones"], ["f\"{7} \"", "borrow it: &…"],
  ]) {
    const [wrong] = errorsOf(`func main() { let text = "a b"\n println(text.split(${argument}).count()) }`);
    expect([argument, wrong?.code, wrong?.advice?.[0]]).toEqual([argument as string, "E0301", advice]);
  }
});
