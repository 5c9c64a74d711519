/** `-g` as debuggers see it: gdb prints variables of every kind at -O0, walks the stack from every instruction at every level, and llvm-dwarfdump has no complaints at any level, for any target. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTarget } from "../../os/targets.ts";
import { has, run, runsHere } from "../link/testing.ts";
import type { Level } from "../opt/pipeline.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest, type OutputKind } from "./request.ts";

setDefaultTimeout(120_000);

const source = `struct Point: Copy { x i64, y f64 }
struct Big { a [20]i64, p Point }
struct Node { value i64, next ?&Node }
enum Color { Red, Green, Blue }
enum Shape { Circle(f64), Rect(w i64, h i64), Empty }

impl Point {
    func scaled(&self, by f64) f64 {
        let product = self.y * by
        product
    }
}

func big(b Big, c Color) i64 {
    let first = b.a[0]
    first + b.p.x
}

func each[T](items []T, n i64) i64 {
    var seen = 0
    for _item in items {
        seen += 1
    }
    seen + n
}

func inner(x i64) i64 {
    let s = {
        let x = x * 10
        x + 5
    }
    let z = f"{x} {s}"
    z.len
}

func parse(text str) Result[i64, str] {
    if text.len == 0 { return Err("empty") }
    Ok(7)
}

var counter = 41

func main() {
    counter += 1
    let p = Point { x: 3, y: 1.5 }
    let q = p.scaled(2.0)
    let b = Big { a: [9; 20], p: Point { x: 4, y: 2.5 } }
    let r = big(b, Color.Blue)
    let flag = true
    let byte = b'A'
    let wide i128 = 170141183460469231731687303715884105727
    let small f32 = 0.25
    let pair = (1, "two")
    let maybe ?i64 = Some(5)
    let none ?i64 = None
    let good = parse("x")
    let bad = parse("")
    var text = "he".to_string()
    text.push_str("llo")
    let tail = Node { value: 2, next: None }
    let node = Node { value: 1, next: Some(&tail) }
    let values = [p, p]
    let g = each(values[..], 1)
    var total = 0
    var add = |n i64| {
        let twice = n * 2
        total += twice + g
    }
    add(4)
    let w = inner(1)
    let shape = Shape.Rect(3, 4)
    match shape {
        Shape.Rect(width, height) => {
            let area = width * height
            println(f"{area}")
        }
        _ => {}
    }
    println(f"{q} {r} {flag} {byte} {wide} {small} {pair.0} {w} {total} {text} {node.value} {none == None} {maybe == None}")
    match good { Ok(n) => println(f"{n}"), Err(e) => println(e) }
    match bad { Ok(n) => println(f"{n}"), Err(e) => println(e) }
}
`;

function compiled(target: string, level: Level, output: OutputKind): Uint8Array {
  const found = findTarget(target);
  if (!found.ok) throw new Error(found.message);
  const bytes = new TextEncoder().encode(source);
  const answer = build(buildRequest("v.lang", bytes, found.target, { level, output, debug: true }), host);
  if (answer.bytes === undefined) throw new Error(JSON.stringify([...answer.diagnostics, ...answer.failures].slice(0, 3)));
  return answer.bytes;
}

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "lang-debugger-"));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const lineOf = (text: string): number => source.slice(0, source.indexOf(text)).split("\n").length;

/** Steps through the program, instruction by instruction, and says where its stack cannot be walked to the process' entry. */
const stepping = `import gdb
for setting in ("pagination off", "confirm off", "backtrace past-main on"): gdb.execute("set " + setting)
gdb.execute("break lang_main")
gdb.execute("run > /dev/null")
steps, lost = 0, {}
try:
    while steps < 12000:
        frame = gdb.newest_frame()
        names = []
        while frame is not None and len(names) < 60:
            names.append(frame.name())
            frame = frame.older()
        if names[-1] != "_start": lost[gdb.newest_frame().pc()] = names[0]
        gdb.execute("stepi", to_string=True)
        steps += 1
except gdb.error: pass
print("walked", steps > 2000, sorted(set(map(str, lost.values()))))
`;

describe("gdb at every instruction", () => {
  if (!runsHere || !has("gdb") || !run(tmpdir(), ["gdb", "-q", "-batch", "-nx", "-ex", "python print(6 * 7)"]).out.includes("42")) {
    console.log("not run, for want of gdb with Python on Linux x86_64");
    return;
  }
  for (const level of ["O0", "O1", "O2", "Os"] as const) {
    test(`the stack is walked to its end at -${level}`, () => {
      inFolder((folder) => {
        writeFileSync(join(folder, "v"), compiled("linux-x86_64", level, "executable"), { mode: 0o755 });
        writeFileSync(join(folder, "stepping.py"), stepping);
        const { out } = run(folder, ["gdb", "-q", "-batch", "-nx", "-x", "stepping.py", "./v"]);
        expect(out.split("\n").filter((line) => line.startsWith("walked"))).toEqual(["walked True []"]);
      });
    });
  }
});

describe("gdb at -O0", () => {
  if (!runsHere || !has("gdb")) {
    console.log("not run, for want of gdb on Linux x86_64");
    return;
  }

  /** What gdb prints in answer to commands, each time the program stops. */
  function told(stops: readonly (readonly [place: string, commands: readonly string[]])[]): readonly string[] {
    let out = "";
    inFolder((folder) => {
      writeFileSync(join(folder, "v"), compiled("linux-x86_64", "O0", "executable"), { mode: 0o755 });
      const script = [...stops.map(([place]) => `break ${place}`), ...stops.flatMap(([, commands], i) => [i === 0 ? "run" : "continue", "echo <\\n", ...commands, "echo >\\n"])];
      writeFileSync(join(folder, "script"), `${script.join("\n")}\n`);
      out = run(folder, ["gdb", "-q", "-batch", "-nx", "-x", "script", "./v"]).out;
    });
    return [...out.matchAll(/^<\n([^]*?)^>$/gm)].map((match) => (match[1] ?? "").replace(/0x[0-9a-f]{4,}/g, "ADDRESS"));
  }

  test("parameters are there where a breakpoint at a function stops", () => {
    expect(told([
      ["v.Point.scaled", ["info args", "print *self", "info locals"]],
      ["big", ["info args", "info locals", "up", "print q"]],
      [`${lineOf("    seen + n")}`, ["info args", "info locals"]],
    ])).toEqual([
      "self = ADDRESS\nby = 2\n$1 = {x = 3, y = 1.5}\nNo locals.\n",
      `b = {a = {9 <repeats 20 times>}, p = {x = 4, y = 2.5}}\nc = Blue\nNo locals.\n#1  ADDRESS in main () at v.lang:${lineOf("    let r = big")}\n${lineOf("    let r = big")}\tin v.lang\n$2 = 3\n`,
      "items = {ptr = ADDRESS, len = 2}\nn = 1\nseen = 2\n",
    ]);
  });

  test("what a closure captured, and names that hide others, each in its scope", () => {
    expect(told([
      [`${lineOf("        total += twice")}`, ["info args", "info locals"]],
      [`${lineOf("        x + 5")}`, ["info locals", "print x"]],
      [`${lineOf("    z.len")}`, ["info locals", "print x"]],
      [`${lineOf("            println(f\"{area}\")")}`, ["print area", "print width", "print height"]],
    ])).toEqual([
      "n = 4\ntwice = 8\ntotal = 0\ng = 3\n",
      "x = 10\n$1 = 10\n",
      'z = {ptr = ADDRESS "1 15", len = 4, capacity = 16}\ns = 15\n$2 = 1\n',
      "$3 = 12\n$4 = 3\n$5 = 4\n",
    ]);
  });

  test("values and types of every kind", () => {
    const names = ["flag", "byte", "wide", "small", "pair", "maybe", "none", "good", "bad", "text", "*node.next", "values", "total", "shape", "counter"];
    const [values = "", types = ""] = told([
      [`${lineOf("    println(f\"{q}")}`, names.map((name) => `print ${name}`)],
      [`${lineOf("    match bad")}`, ["ptype p", "ptype shape", "ptype text", "ptype node", "whatis values", "whatis wide", "whatis &byte"]],
    ]);
    expect(values.trim().split("\n").map((line, i) => `${names[i]}${line.replace(/^\$\d+/, "")}`)).toEqual([
      "flag = true", "byte = 65 'A'", "wide = 170141183460469231731687303715884105727", "small = 0.25", 'pair = {0 = 1, 1 = {ptr = ADDRESS "two", len = 3}}',
      "maybe = {tag = Some, Some = {0 = 5}}", "none = {tag = None}", "good = {tag = Ok, Ok = {0 = 7}}", 'bad = {tag = Err, Err = {0 = {ptr = ADDRESS "empty", len = 5}}}',
      'text = {ptr = ADDRESS "hello", len = 5, capacity = 16}', "*node.next = {value = 2, next = 0x0}", "values = {{x = 3, y = 1.5}, {x = 3, y = 1.5}}", "total = 11",
      "shape = {tag = Rect, Rect = {w = 3, h = 4}}", "counter = 42",
    ]);
    expect(types.replace(/\n +/g, " ").replace(/\n}/g, " }").trim().split("\n")).toEqual([
      "type = struct Point { i64 x; f64 y; }", "type = struct Shape { enum Shape.tag tag; struct Shape.Rect Rect; }", "type = struct String { u8 *ptr; i64 len; i64 capacity; }",
      "type = struct Node { i64 value; struct Node *next; }", "type = struct Point [2]", "type = i128", "type = u8 *",
    ]);
  });
});

describe("llvm-dwarfdump --verify", () => {
  if (!has("llvm-dwarfdump")) {
    console.log("not run, for want of llvm-dwarfdump");
    return;
  }
  for (const target of ["linux-x86_64", "linux-arm64", "macos-arm64", "windows-x86_64"]) {
    for (const level of ["O0", "O2"] as const) {
      test(`has no complaints: ${target} -${level}`, () => inFolder((folder) => {
        for (const output of ["executable", "object"] as const) {
          writeFileSync(join(folder, "v"), compiled(target, level, output));
          const { status, out } = run(folder, ["llvm-dwarfdump", "--verify", "v"]);
          expect({ output, status, out: status === 0 ? "" : out }).toEqual({ output, status: 0, out: "" });
          expect(run(folder, ["llvm-dwarfdump", "--debug-info", "v"]).out.includes("DW_TAG_variable")).toBe(level === "O0");
        }
      }));
    }
  }
});
