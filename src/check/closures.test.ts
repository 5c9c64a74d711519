/** Closures: what is refused, marked in the text; and what they capture, as modes. */

import { describe, expect, test } from "bun:test";
import { Kind } from "../syntax/ast.ts";
import { checkMarked, checkText, readMarks } from "./testing.ts";

const refused: readonly (readonly [title: string, text: string])[] = [
  ["a change where a func is wanted", `func each(f func(i64)) { f(1) }\nfunc g() { var t = 0\n each(«E0380»|x| t += x) }`],
  ["a change by a borrow, an element, a method", `struct P { x i64 }\nimpl P { func m(&mut self) { self.x = 1 } }\nfunc w(f func()) { f() }\nfunc take(n &mut i64) { *n = 1 }
func g() { var p = P { x: 1 }\n var n = 0\n var xs = [1, 2]\n w(«E0380»|| p.m())\n w(«E0380»|| take(&mut n))\n w(«E0380»|| xs[0] = 1)\n w(«E0380»|| { for x in &mut xs { *x = 1 } }) }`],
  ["a change through what was borrowed by &mut", `func w(f func()) { f() }\nfunc take(n &mut i64) { *n = 1 }\nfunc g(r &mut i64, s []mut i64) { w(«E0380»|| *r = 1)\n w(«E0380»|| take(r))\n w(«E0380»|| s[0] = 1)\n w(«E0380»|| { let q = r\n *q = 2 }) }`],
  ["a moving closure that changes its own copy", `func w(f func()) { f() }\nfunc g() { var n = 1\n w(«E0380»move || n += 1) }`],
  ["a change of what the closure around captured", `func w(f func()) { f() }\nfunc m(f mut func()) { f() }\nfunc g() { var n = 1\n w(«E0380»|| m(|| n += 1)) }`],
  ["a C function pointer with captures", `extern func call(f extern func(i64) i64)\nfunc g(n i64) { call(|x| x + 1)\n call(«E0381»|x| x + n) }`],
  ["calls through immutable places", `struct S { f mut func() }\nfunc g() { var n = 1\n let f = || n += 1\n «E0382»f() }\nfunc h(s &S, r &mut func()) { «E0382»(s.f)()\n r() }`],
  ["parameters without a type", `func f() { let g = |«E0307»x| 1\n let h = |x i64| x\n println(h(1)) }`],
  ["another number of parameters", `func w(f func(i64) i64) { println(f(1)) }\nfunc g() { w(«E0301»|| 1)\n w(«E0301»|a, b| a) }`],
  ["another result", `func w(f func(i64) i64) { println(f(1)) }\nfunc g() { w(|x| «E0301»"a")\n w(|x| { if x > 1 { return «E0301»true }\n x }) }`],
  ["two results", `func g() { let f = |x i64| { if x > 1 { return 1 }\n «E0301»"a" }\n println(f(1)) }`],
  ["failures of two kinds", `func o() ?i64 { None }\nfunc r() Result[i64, str] { Ok(1) }\nfunc g() { let f = || { o()?\n «E0324»r()?\n Some(1) }\n println(f()) }`],
  ["an error that does not become the first one", `func a() Result[i64, str] { Ok(1) }\nfunc b() Result[i64, bool] { Ok(1) }\nfunc g() { let f = || Ok(a()? + «E0324»b()?)\n println(f()) }`],
  ["a pattern that may not match", `func w(f func(?i64)) { f(1) }\nfunc g() { w(|«E0508»Some(x)| println(x)) }`],
  ["immutable variables", `func m(f mut func()) { f() }\nfunc g(p i64) { let n = 1\n m(|| «E0310»n += 1)\n m(|| «E0310»p = 2)\n println(n) }`],
  ["functions are not Copy", `struct F: «E0351»Copy { f func() }\nvar «E0341»g func() = h\nfunc h() { }`],
];

const accepted: readonly (readonly [title: string, text: string])[] = [
  ["a func where a mut func is wanted", `func m(f mut func(i64)) { f(1) }\nfunc p(n i64) { println(n) }\nfunc g() { m(p)\n m(|x| println(x)) }`],
  ["what is only read through &mut", `func w(f func() i64) { println(f()) }\nstruct P { x i64 }\nfunc g(r &mut i64, p &mut P, s []mut i64) { w(|| *r + 1)\n w(|| r + 1)\n w(|| p.x)\n w(|| s[0])\n w(|| s.len)\n w(|| { println(r)\n 1 }) }`],
  ["changes of its own variables", `func w(f func() i64) { println(f()) }\nfunc g() { w(|| { var n = 1\n n += 1\n n }) }`],
  ["patterns", `func w(f func((i64, i64)) i64) { println(f((1, 2))) }\nfunc g() { w(|(a, b)| a + b)\n let f = |(a, b) (i64, i64)| a\n println(f((1, 2))) }`],
  ["names of a type's own result", `func o(n i64) ?i64 { n }\nfunc g() { let f func(i64) ?i64 = |n| Some(o(n)? + 1)\n println(f(1)) }`],
];

test("spawn takes closures, which move, and named functions", () => {
  const { text, expected } = readMarks(`func work() { }
func main() { let n = 1
 let f = || println(n)
 spawn(|| println(n))
 spawn(work)
 spawn(«E0383»f)
 («E0383»|| println(n)) |> spawn
 (move || println(n)) |> spawn }`);
  const checked = checkText({ "main.lang": text, "std/core.lang": "pub func spawn(f func()) { f() }" });
  expect(checked.found, checked.messages).toEqual([...expected]);
  const { program } = checked;
  const owned: boolean[] = [];
  for (let n = 1; n < program.ast.count; n++) if (program.ast.kind[n] === Kind.Closure) owned.push(program.ownsCaptures(n as Parameters<typeof program.ownsCaptures>[0]));
  expect(owned).toEqual([false, true, false, true]);
});

describe("closures", () => {
  for (const [title, text] of [...refused, ...accepted]) {
    test(title, () => {
      const { found, expected, messages } = checkMarked(text);
      expect(found, messages).toEqual([...expected]);
    });
  }
});

/** Every closure of a text, in its order: `name mode` of what it captures. */
function capturesIn(text: string): string[] {
  const { program, names } = checkText(text);
  const found: string[] = [];
  for (let n = 1; n < program.ast.count; n++) {
    if (program.ast.kind[n] !== Kind.Closure) continue;
    const node = n as Parameters<typeof program.capturesOf>[0];
    found.push(program.capturesOf(node).map(({ local, mode }) => `${names.name(program.ast.name(program.localNode(local)))} ${mode}`).join(", "));
  }
  return found;
}

const modes: readonly (readonly [title: string, text: string, captures: readonly string[]])[] = [
  ["borrowed, and borrowed to be changed", `func g() { var n = 1\n let k = 2\n var f = || { n += k }\n f() }`, ["n borrowMut, k borrow"]],
  ["moved", `struct P { x i64 }\nfunc g() { let n = 1\n let p = P { x: 1 }\n let f = move || n + p.x\n println(f()) }`, ["n copy, p move"]],
  ["implied where a function gives it", `func a(n i64) func(i64) i64 { |k| n + k }\nfunc b(n i64) func() i64 { return || n }\nfunc d(n i64) ?func() i64 { if n > 0 { Some(|| n) } else { None } }
func e(n i64) func() i64 { match n { 0 => || n, _ => (|| n) } }\nfunc h(n i64) func() i64 { let f = || n\n f }`, ["n copy", "n copy", "n copy", "n copy", "n copy", "n borrow"]],
  ["through the closure around", `func m(f mut func()) { f() }\nfunc g() { var n = 1\n let k = 1\n m(|| m(|| n += k)) }`, ["n borrowMut, k borrow", "n borrowMut, k borrow"]],
  ["a moving one within", `func m(f mut func()) { f() }\nfunc g() { var n = 1\n m(|| m(move || n += 1)) }`, ["n copy", "n borrow"]],
  ["the result of a closure", `func g(a i64) { let f = |b i64| |k i64| a + b + k\n println(f(1)(2)) }`, ["a copy, b copy", "a borrow"]],
  ["a &mut that is lent on", `func take(n &mut i64) { *n = 1 }\nfunc g(r &mut i64) { var f = || take(r)\n f()\n let h = || *r\n println(h()) }`, ["r borrowMut", "r borrow"]],
  ["a mut func that is called", `func g(f mut func()) { var h = || f()\n h() }`, ["f borrowMut"]],
];

describe("captures", () => {
  for (const [title, text, captures] of modes) {
    test(title, () => expect(capturesIn(text)).toEqual([...captures]));
  }
});
