import { describe, expect, test } from "bun:test";
import { checkMarked, checkText } from "../testing.ts";

/** Programs for each code with both places and advice stand in conformance/08-ownership-refused; here is what a message says. */
function messagesOf(text: string): string[] {
  const { diagnostics, sources } = checkText(text);
  return diagnostics.list.filter((one) => one.severity === "error").map((one) =>
    [`${one.code} ${one.message}`, ...one.labels.map((label) => `${sources.place(label.start)?.line}:${sources.place(label.start)?.column} ${label.text}`), ...one.advice].join(" | "));
}

const file = "struct File: Clone { handle i64 }\nfunc close(file File) {}\n";

describe("messages name both places and say what to do", () => {
  test("a moved value", () => {
    expect(messagesOf(`${file}func main() { let a = File { handle: 1 }\n close(a)\n close(a) }`)).toEqual([
      "E0412 use of moved value a | 4:8 a moved here | borrow it with & where it is moved, or move the use before that | clone it where it is moved: a.clone()",
    ]);
  });
  test("a conflict, with the borrow and its later use", () => {
    expect(messagesOf("func main() { var x = 1\n let r = &x\n x = 2\n let y = *r }")).toEqual([
      "E0401 x cannot be assigned while it is borrowed | 2:10 x borrowed here | 4:10 the borrow is still used here | move this behind the last use of the borrow",
    ]);
  });
  test("the function whose summary joins two places", () => {
    expect(messagesOf("func pick(a &i64, b &i64) &i64 { b }\nfunc main() { var x = 1\n let r = pick(&1, &x)\n x = 2\n let y = *r }")).toEqual([
      "E0401 x cannot be assigned while it is borrowed | 3:19 x borrowed here | 3:10 the result of pick may hold the borrow | 5:10 the borrow is still used here | move this behind the last use of the borrow",
    ]);
  });
  test("what stores a borrow", () => {
    expect(messagesOf("struct View { at &i64 }\nfunc fill(v &mut View, at &i64) { v.at = at }\nfunc main() { var x = 1\n var v = View { at: &1 }\n fill(&mut v, &x)\n x = 2\n let y = *v.at }")).toEqual([
      "E0401 x cannot be assigned while it is borrowed | 5:15 x borrowed here | 5:2 fill may store the borrow in what it is given | 7:10 the borrow is still used here | move this behind the last use of the borrow",
    ]);
  });
  test("a scope that ends", () => {
    expect(messagesOf("func main() { let one = 1\n var r = &one\n { let inner = 2\n r = &inner }\n let y = *r }")).toEqual([
      "E0407 inner does not live long enough | 4:13 inner ends here | 5:10 the borrow is still used here | declare inner further out, before what holds the borrow",
    ]);
  });
  test("a result that refers to a local", () => {
    expect(messagesOf("func f() &i64 { let x = 5\n let r = &x\n return r }")).toEqual([
      "E0408 the result refers to x, which ends with the function | 3:2 returned here | return the value itself, or borrow from a parameter",
    ]);
  });
  test("a round of a loop", () => {
    expect(messagesOf(`${file}func main() { let a = File { handle: 1 }\n for i in 0..2 { close(a) } }`)).toEqual([
      "E0412 use of moved value a | it moved here in the round before | move it only once: borrow it with &, or leave the loop | clone it where it is moved: a.clone()",
    ]);
  });
  test("a function value", () => {
    expect(messagesOf("func call(f func(i64)) { f(1) }\nfunc twice(f func(i64)) { call(f)\n call(f) }")).toEqual([
      "E0412 use of moved value f | 2:32 f moved here | where it is handed on, pass a closure that calls it: |a| f(a)",
    ]);
  });
});

test("each move is told of once, and nothing of what follows from a mistake", () => {
  const { found, expected } = checkMarked(`${file}func main() { let a = File { handle: 1 }
    close(a)
    close(«E0412»a)
    close(a)
    let b = a
}
func g() { let c = «E0201»unknown
    close(c)
    close(c)
}`);
  expect(found).toEqual(expected);
});

test("a long body is checked in time that grows with its length", () => {
  const body = (lines: number): string => `struct P { a i64, b i64 }\nfunc f(p &mut P) &mut i64 { &mut p.a }\nfunc main() {\n  var p = P { a: 1, b: 2 }\n${
    Array.from({ length: lines }, (_, i) => `  let r${i} = f(&mut p)\n  *r${i} += 1\n  if p.b > ${i} { p.a = 2 }`).join("\n")}\n}`;
  const time = (lines: number): number => {
    const text = body(lines);
    // The processor's time: others may be busy, too.
    const start = process.cpuUsage().user;
    expect(checkText(text).found).toEqual([]);
    return process.cpuUsage().user - start;
  };
  // Four times the text: sixteen times would be quadratic. What is not passes sooner or later also where others use the processor's caches.
  let ratio = Infinity;
  for (let attempt = 0; attempt < 8 && ratio >= 12; attempt++) ratio = Math.min(time(400), time(400)) / Math.max(time(100), time(100), 1);
  expect(ratio).toBeLessThan(12);
});

test("what is said of a temporary that leaves the function helps: a variable would end with it, too", () => {
  const { diagnostics } = checkText("func f() &i64 { let x = &5\n x }\nfunc main() { println(f()) }");
  expect(diagnostics.list.map(({ code, advice }) => [code, ...advice])).toEqual([["E0409", "return the value itself, or borrow from a parameter"]]);
});

test("many moves in one body, around a loop", () => {
  const lines = Array.from({ length: 100 }, (_, i) => `  let c${i} = File { handle: ${i} }\n  close(c${i})`).join("\n");
  expect(checkText(`${file}func main() { for i in 0..3 {\n${lines}\n  close(c99) } }`).found).toEqual(["E0412 204:9"]);
});

test("types that lead to one another far, and in a circle, wait in a list and not on the stack", () => {
  const count = 3000;
  const structs = Array.from({ length: count }, (_, i) => `struct S${i} { next *S${(i + 1) % count}, n i64, other ?&i64 }`).join("\n");
  const { diagnostics } = checkText(`${structs}\nfunc f(a &mut S0, b &i64) { a.other = Some(b) }\nfunc main() { let s = S0 { next: nil, other: None, n: 1 }\n let t = s\n let u = t.n }`);
  expect(diagnostics.list.filter((one) => one.severity === "error")).toEqual([]);
}, 60_000);
