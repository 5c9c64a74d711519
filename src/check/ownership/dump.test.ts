import { expect, test } from "bun:test";
import { Ast } from "../../syntax/ast.ts";
import { Diagnostics } from "../../source/diagnostics.ts";
import { Interner } from "../../source/interner.ts";
import { SourceMap } from "../../source/sourceMap.ts";
import { checkProgram } from "../program.ts";

/** What `--dump-ownership` prints for a program without library. */
function dump(text: string): string {
  const sources = new SourceMap();
  let found = "";
  checkProgram({
    ast: new Ast(), names: new Interner(), sources, diagnostics: new Diagnostics(), prelude: undefined, needsMain: false,
    root: { file: sources.add("main.lang", new TextEncoder().encode(text)), library: false },
    host: { loadModule: () => ({ code: "E0701", message: "no file" }), standIn: (path) => path },
    target: { OS: "linux", ARCH: "x86_64", BACKEND: "x86", LIBC: "none", DEBUG: false, TARGET: "linux-x86_64", variadicBits: 128 },
    onOwnership: (dumped) => { found = dumped; },
  });
  return found;
}

test("each state has its name, at the line where it holds", () => {
  expect(dump(`struct File { handle i64 }
struct Pair { left File, right File }
func close(file File) {}
func main() {
    let p = Pair { left: File { handle: 1 }, right: File { handle: 2 } }
    close(p.left)
    let q = File { handle: 3 }
    close(q)
    var x = 1
    let r = &x
    let y = *r
    let m = &mut x
    *m = y
}`)).toBe(`func close(file File) void
  summary: hands on nothing
     3: file owned

func main() void
  summary: hands on nothing
     5: p owned
     6: p partially_moved
     7: p partially_moved, q owned
     8: p partially_moved, q moved
     9: p partially_moved, q moved, x owned
    10: p partially_moved, q moved, x borrowed, r owned
    11: p partially_moved, q moved, x owned, r owned, y owned
    12: p partially_moved, q moved, x borrowed_mut, r owned, y owned, m owned
    13: p partially_moved, q moved, x owned, r owned, y owned, m owned
`);
});

test("summaries say what results and arguments may hold, through calls in a circle too", () => {
  const summaries = dump(`struct View { at &i64, text str }
impl View { func word(&mut self) str { self.text }
  func target(&self) &i64 { self.at }
  func own(&self) &str { &self.text } }
func fill(view &mut View, at &i64) { view.at = at }
func pass(view &mut View, at &i64, n i64) { if n > 0 { back(view, at, n) } }
func back(view &mut View, at &i64, n i64) { fill(view, at)
  pass(view, at, n - 1) }
func either(a &i64, b &i64, c &i64) &i64 { if *b > 0 { a } else { c } }
func even(n i64, a &i64) &i64 { if n == 0 { a } else { odd(n - 1, a) } }
func odd(n i64, a &i64) &i64 { if n == 0 { a } else { even(n - 1, a) } }
func plain(a &i64) i64 { *a }`).split("\n").filter((line) => /summary|func/.test(line)).map((line) => line.replace(/\(.*/, "").trim());
  expect(summaries).toEqual([
    "func fill", "summary: view.at may hold at",
    "func pass", "summary: view.at may hold at",
    "func back", "summary: view.at may hold at",
    "func either", "summary: the result may hold a, c",
    "func even", "summary: the result may hold a",
    "func odd", "summary: the result may hold a",
    "func plain", "summary: hands on nothing",
    "func View.word", "summary: the result may hold self.text",
    "func View.target", "summary: the result may hold self.at",
    "func View.own", "summary: the result may hold self",
  ]);
});
