import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { disassemble } from "../../encoders/x86_64/disassembler.ts";
import { Binding, ObjectBuilder, SymbolType } from "../link/object.ts";
import type { SymbolId } from "../link/object.ts";
import { RelocationKind } from "../link/relocationKind.ts";
import { has, hex, inFolder, linked, run, runsHere } from "../link/testing.ts";
import { writeObject } from "../link/writeObject.ts";
import { addDwarf } from "./dwarf.ts";
import { Places } from "./places.ts";
import { stackDepths } from "./stackDepth_x86_64.ts";
import type { LineInput } from "./traceInput.ts";

const source = `func main() i32 {
    let x = f()
    x
}
func f() i32 {
    let y = g()
    y + 1
}
func g() i32 {
    41
}
func never() { }
`;

function instructionLength(code: Uint8Array, at: number, end: number): number {
  const { length, error } = disassemble(code, at, end);
  return error === undefined ? length : 0;
}

interface Row {
  readonly name: string;
  readonly code: string;
  /** Call sites: offset after the call, callee. */
  readonly calls: readonly (readonly [after: number, callee: string])[];
  readonly frame: number;
  /** Offset and source line. */
  readonly lines: readonly (readonly [number, number])[];
}

const rows: readonly Row[] = [
  { name: "_start", code: "e800000000 89c7 b83c000000 0f05", calls: [[5, "main"]], frame: 0, lines: [] },
  // lea rsp,[rsp-24]; call f; lea rsp,[rsp+24]; ret
  { name: "main", code: "488da424e8ffffff e800000000 488da42418000000 c3", calls: [[13, "f"]], frame: 24, lines: [[8, 2], [13, 3]] },
  { name: "never", code: "90 c3", calls: [], frame: 0, lines: [[0, 12]] },
  // push rbx; sub rsp,16; call g; inc eax; add rsp,16; pop rbx; ret
  { name: "f", code: "53 4883ec10 e800000000 ffc0 4883c410 5b c3", calls: [[10, "g"]], frame: 24, lines: [[5, 6], [10, 7]] },
  { name: "g", code: "b829000000 c3", calls: [], frame: 0, lines: [[0, 10]] },
];

function program(): { object: ObjectBuilder; trace: LineInput; code: Uint8Array } {
  const object = new ObjectBuilder("main", "x86_64");
  const text = object.section("text", ".text", 16, { atoms: true });
  const symbols = rows.map((f) => object.symbol(f.name, f.name === "_start" ? Binding.global : Binding.local, SymbolType.function));
  const starts: number[] = [];
  for (const [i, f] of rows.entries()) {
    const start = object.append(text, hex(f.code));
    starts.push(start);
    object.define(symbols[i], text, start, object.sections[text].size - start);
    for (const [after, callee] of f.calls) object.relocate(text, start + after - 4, RelocationKind.call32, symbols[rows.findIndex((r) => r.name === callee)], -4);
  }
  const lineStart = (line: number): number => 1 + source.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const lines = rows.flatMap((f, i) => f.lines.map(([at, line]) => [starts[i] + at, lineStart(line) + 4] as const));
  const sites = rows.flatMap((f, i) => f.calls.map(([after]) => [starts[i] + after, f.frame] as const));
  const before = (count: (r: Row) => number): Int32Array => Int32Array.from(rows, (_, i) => rows.slice(0, i).reduce((sum, r) => sum + count(r), 0));
  const trace: LineInput = {
    functionCount: rows.length, functionSymbol: Int32Array.from(rows, (_, i) => i), functionStart: Int32Array.from(starts),
    functionSize: Int32Array.from(rows, (f) => hex(f.code).length), functionFrame: Int32Array.from(rows, (f) => f.frame),
    functionFirstSite: before((r) => r.calls.length), functionFirstLine: before((r) => r.lines.length),
    siteCount: sites.length, siteReturn: Int32Array.from(sites, (s) => s[0]), sitePosition: new Int32Array(sites.length), siteInline: new Int32Array(sites.length),
    siteFrame: Int32Array.from(sites, (s) => s[1]),
    lineCount: lines.length, lineOffset: Int32Array.from(lines, (l) => l[0]), linePosition: Int32Array.from(lines, (l) => l[1]),
  };
  const places = new Places([{ path: "main.lang", bytes: new TextEncoder().encode(source), base: 1 }]);
  addDwarf(object, text, trace, { name: (s) => rows[s].name, objectSymbol: (s) => symbols[s] as SymbolId }, places, {
    producer: "lang test", source: "main.lang", directory: "/tmp", entry: "_start", instructionLength,
  });
  return { object, trace, code: object.sections[text].content() };
}

test("the depth of the stack, instruction by instruction", () => {
  const { trace, code } = program();
  const depths = (name: string): string => {
    const f = rows.findIndex((r) => r.name === name);
    return stackDepths(code, trace, f, instructionLength).map(({ at, depth }) => `${at - trace.functionStart[f]}:${depth}`).join(" ");
  };
  expect(depths("main")).toBe("0:0 8:24 21:0");
  expect(depths("f")).toBe("0:0 1:8 5:24 16:8 17:0");
  expect(depths("g")).toBe("0:0");
});

describe("debuggers", () => {
  if (!runsHere || !has("gdb")) console.log("not run, for want of gdb on Linux x86_64");
  else {
    test("gdb breaks by line, walks the stack and steps", () => {
      inFolder((folder) => {
        writeFileSync(join(folder, "main.lang"), source);
        writeFileSync(join(folder, "p"), linked([program().object.finish()]).bytes, { mode: 0o755 });
        const commands = ["set backtrace past-main on", "break main.lang:10", "run", "backtrace", "finish", "info line", "break f", "info breakpoints", "stepi", "stepi", "stepi", "backtrace", "delete", "continue"];
        const { out, err } = run(folder, ["gdb", "-q", "-batch", "-nx", "-ex", `directory ${folder}`, ...commands.flatMap((c) => ["-ex", c]), "./p"]);
        const frames = out.split("\n").filter((line) => line.startsWith("#")).map((line) => line.replace(/0x0*[0-9a-f]+ in /, "").replace(/ +/g, " ").trim());
        expect({ frames, err }).toEqual({
          frames: [
            "#0 g () at main.lang:10", "#1 f () at main.lang:6", "#2 main () at main.lang:2", "#3 _start ()",
            // at the return of f, past its epilogue
            "#0 f () at main.lang:7", "#1 main () at main.lang:2", "#2 _start ()",
          ],
          err: "",
        });
        expect(out).toMatch(/Breakpoint 1 at 0x\w+: file main\.lang, line 10\./);
        expect(out).toMatch(/breakpoint +keep y +0x\w+ in f at main\.lang:6/);
        expect(out).toContain("exited with code 052"); // octal 42
      });
    });
  }

  for (const [tool, args] of [["llvm-dwarfdump", ["--verify"]], ["readelf", ["--debug-dump=info,line,frames,Ranges", "--wide"]]] as const) {
    if (!has(tool)) {
      console.log(`not run, for want of ${tool}`);
      continue;
    }
    test(`${tool} has no complaints, of the object and of the executable`, () => {
      inFolder((folder) => {
        writeFileSync(join(folder, "main.o"), writeObject(program().object.finish()));
        writeFileSync(join(folder, "p"), linked([program().object.finish()], { exported: ["never"], removeDead: false }).bytes);
        for (const file of ["main.o", "p"]) {
          const { status, out, err } = run(folder, [tool, ...args, file]);
          expect({ file, status, err, out: status === 0 ? "" : out }).toEqual({ file, status: 0, err: "", out: "" });
        }
      });
    });
  }

  test("stripped executables have none of it", () => {
    const { summary } = linked([program().object.finish()], { strip: true });
    expect(summary.outputs.map((o) => o.name)).toEqual([".text"]);
  });
});
