/** W01xx, marked in the text where each begins. */

import { describe, expect, test } from "bun:test";
import { checkMarked, checkText } from "./testing.ts";

const programs: readonly (readonly [title: string, text: string])[] = [
  ["a Result that is dropped", `func g() Result[i64, str] { Ok(1) }\nfunc f() { «W0101»g()\n let _ = g()\n «W0101»g() }`],
  ["variables that are never used", `func f(n i64) { let «W0102»a = 1\n let _b = 2\n var «W0102»c = 3\n c = 4\n for «W0102»i in 0..n { } }`],
  ["code that is never reached", `func f() i64 { return 1\n «W0103»println("x")\n println("y")\n 2 }\nfunc g() { loop { }\n «W0103»println("x") }`],
  ["an if of which one branch leaves goes on behind it", `func f(n i64) i64 { let (a, b) = if n == 1 { (1, 2) } else if n == 2 { (3, 4) } else { return 0 }\n println(a + b)\n a }`],
  ["arms that are never reached", `func f(n i64, o ?i64) { let _ = match n { 1 => 1, «W0104»1 => 2, _ => 3, «W0104»5 => 4 }\n let _ = match o { Some(_) => 1, None => 2, «W0104»_ => 3 }\n let _ = match n { 1 | 2 | «W0104»1 => 1, _ => 2 } }`],
  ["patterns that always match", `func f(n i64) { if let «W0106»x = n { println(x) }\n let «W0106»y = n else { return }\n println(y) }`],
  ["variables that never change", `func f() { «W0107»var a = 1\n var b = 2\n b += 1\n println(a + b)\n var c = 1\n g(&mut c) }\nfunc g(n &mut i64) { *n = 1 }`.replace("«W0107»var a", "var «W0107»a")],
  ["labels that nobody names", `func f() { «W0108»a: loop { break }\n b: loop { break b } }`],
  ["numbers that elsewhere are octal", `func f(p (i64, i64)) { println(«W0111»0755 + 00 + 08 + 0_1 + p.0 + 0o17)\n println(0.5 + 00.25) }`],
  ["names that read as the other kind in patterns", `enum E { «W0110»red, Green }\n«W0110»const limit = 1`],
];

describe("warnings", () => {
  for (const [title, text] of programs) {
    test(title, () => {
      const { found, expected, messages } = checkMarked(text, { warnings: true });
      expect(found, messages).toEqual([...expected]);
    });
  }
  test("a variable that a text without f names in braces", () => {
    const advice = (text: string): readonly string[] => checkText(text, { warnings: true }).diagnostics.list.flatMap((one) => one.advice);
    expect(advice('func f() { let n = 1\n println("n = {n}") }')).toEqual(['a text with values in it begins with f: f"{n}"']);
    expect(advice('func f() { let n = 1\n println("n") }\n// {n}')).toEqual(["call it _n if that is meant"]);
  });
  test("a name beside else, of what may be missing", () => {
    const advice = (text: string): readonly string[] => checkText(text, { warnings: true }).diagnostics.list.flatMap((one) => one.advice);
    expect(advice("func f(o ?i64) { let a = o else { return }\n println(a) }")).toEqual(["to take the value out: let Some(a) = … else"]);
    expect(advice("func f(r Result[i64, str]) { let a = r else { return }\n println(a) }")).toEqual(["to take the value out: let Ok(a) = … else"]);
    expect(advice("func f(n i64) { let a = n else { return }\n println(a) }")).toEqual(["use a plain let"]);
  });
  test("modules that are never used", () => {
    const { found, expected } = checkMarked({ "main.lang": `«W0109»import "m"\nimport "n"\nfunc f() i64 { n.g() }`, "m.lang": "", "n.lang": "pub func g() i64 { 1 }" }, { warnings: true });
    expect(found).toEqual([...expected]);
  });
  test("modules whose use cannot be read", () => {
    const { found, expected } = checkMarked({ "main.lang": `import "n"\nfunc f() str { f"«E0107»\\{{n.g()}" }`, "n.lang": "pub func g() i64 { 1 }" }, { warnings: true });
    expect(found).toEqual([...expected]);
  });
});
