import { describe, expect, test } from "bun:test";
import { Binding, ObjectBuilder, SymbolType } from "../link/object.ts";
import type { SymbolId } from "../link/object.ts";
import { RelocationKind } from "../link/relocationKind.ts";
import { linked } from "../link/testing.ts";
import { Places } from "./places.ts";
import { readTrace } from "./readTrace.ts";
import type { InlinedCall, TraceInput } from "./traceInput.ts";
import { addTraceTable, TRACE_TABLE } from "./traceTable.ts";

const encoder = new TextEncoder();
const files = [
  { path: "main.lang", bytes: encoder.encode("func main() {\n    f()\n    é(g())\n}\n"), base: 1 },
  { path: "std/panic.lang", bytes: encoder.encode(`${"\n".repeat(1999)}panic()\n${" ".repeat(3000)}x\n`), base: 101 },
];
/** Position of `text` in file `index`. */
function at(index: number, text: string): number {
  return files[index].base + Buffer.from(files[index].bytes).indexOf(text);
}

interface Row {
  readonly name: string;
  readonly start: number;
  readonly size: number;
  readonly frame: number;
  readonly sites: readonly (readonly [at: number, position: number, inline?: number, frame?: number])[];
}

function input(rows: readonly Row[]): TraceInput {
  const sites = rows.flatMap((f) => f.sites.map(([offset, position, inline, frame]) => [f.start + offset, position, inline ?? 0, frame ?? f.frame] as const));
  let first = 0;
  return {
    functionCount: rows.length, functionSymbol: Int32Array.from(rows, (_, i) => i + 1), functionStart: Int32Array.from(rows, (f) => f.start),
    functionSize: Int32Array.from(rows, (f) => f.size), functionFrame: Int32Array.from(rows, (f) => f.frame),
    functionFirstSite: Int32Array.from(rows, (f) => (first += f.sites.length) - f.sites.length),
    siteCount: sites.length, siteReturn: Int32Array.from(sites, (s) => s[0]), sitePosition: Int32Array.from(sites, (s) => s[1]),
    siteInline: Int32Array.from(sites, (s) => s[2]), siteFrame: Int32Array.from(sites, (s) => s[3]),
  };
}

const rows: readonly Row[] = [
  { name: "_start", start: 0, size: 20, frame: 0, sites: [[5, 0]] },
  { name: "main", start: 32, size: 40, frame: 24, sites: [[5, at(0, "f()")], [12, at(0, "g()")], [20, at(1, "panic"), 2], [40, at(1, "x"), 0, 8]] },
  { name: "unused", start: 72, size: 8, frame: 0, sites: [] },
  { name: "last", start: 80, size: 10, frame: 8, sites: [[5, at(0, "é")], [9, at(1, "x")]] },
];
/** Function 5, "inner", was inlined into "outer" (6), which was inlined into whoever. */
const inlined: readonly InlinedCall[] = [
  { callee: 0, position: 0, parent: 0 }, { callee: 6, position: at(0, "f()"), parent: 0 }, { callee: 5, position: at(1, "x"), parent: 1 },
];
const names = ["", ...rows.map((r) => r.name), "inner", "outer"];

/** Links the rows as atoms, all reachable but "unused" unless `keep`, and looks up addresses relative to their functions. */
function table(keep: boolean): (name: string, offset: number) => unknown {
  const object = new ObjectBuilder("trace", "x86_64");
  const text = object.section("text", ".text", 16, { atoms: true });
  object.reserve(text, 96);
  const symbols = rows.map((f) => {
    const symbol = object.symbol(f.name, f.name === "_start" ? Binding.global : Binding.local, SymbolType.function);
    object.define(symbol, text, f.start, f.size);
    return symbol;
  });
  object.relocate(text, 1, RelocationKind.call32, symbols[1], -4);
  object.relocate(text, 33, RelocationKind.call32, symbols[3], -4);
  const reference = object.symbol(TRACE_TABLE, Binding.global);
  object.relocate(text, 81, RelocationKind.pc32, reference, -4);
  const resolver = { name: (symbol: number): string => names[symbol], objectSymbol: (symbol: number): SymbolId => symbols[symbol - 1] };
  addTraceTable(object, input(rows), inlined, resolver, new Places(files));
  const { bytes, summary } = linked([object.finish()], { exported: keep ? ["unused"] : [], removeDead: !keep });
  const address = (symbol: SymbolId): number => {
    const { program, outputs, placed } = summary;
    const output = outputs.findIndex((o) => o.inputs.includes(program.symbolSection[symbol]));
    const input = outputs[output].inputs.indexOf(program.symbolSection[symbol]);
    return placed.address[output] + outputs[output].inputOffset[input] + program.symbolOffset[symbol];
  };
  const rodata = summary.outputs.findIndex((o) => o.name === ".rodata");
  const content = bytes.slice(summary.placed.offset[rodata], summary.placed.offset[rodata] + summary.outputs[rodata].size);
  return (name, offset) => readTrace(content, summary.placed.address[rodata], address(symbols[rows.findIndex((r) => r.name === name)]) + offset);
}

describe.each([["as made", true], ["after a function was removed", false]] as const)("the table %s", (_, keep) => {
  const lookUp = table(keep);

  test("call sites have their line and column, counted in characters", () => {
    expect(lookUp("main", 5)).toEqual({ frames: [{ name: "main", file: "main.lang", line: 2, column: 5 }], frame: 24 });
    expect(lookUp("main", 12)).toEqual({ frames: [{ name: "main", file: "main.lang", line: 3, column: 7 }], frame: 24 });
    expect(lookUp("last", 5)).toEqual({ frames: [{ name: "last", file: "main.lang", line: 3, column: 5 }], frame: 8 });
  });

  test("inlined calls are frames of their own", () => {
    expect(lookUp("main", 20)).toEqual({
      frames: [
        { name: "inner", file: "std/panic.lang", line: 2000, column: 1 },
        { name: "outer", file: "std/panic.lang", line: 2001, column: 3001 },
        { name: "main", file: "main.lang", line: 2, column: 5 },
      ],
      frame: 24,
    });
  });

  test("another file, a far column, another frame: still exact", () => {
    expect(lookUp("main", 40)).toEqual({ frames: [{ name: "main", file: "std/panic.lang", line: 2001, column: 3001 }], frame: 8 });
    expect(lookUp("last", 9)).toEqual({ frames: [{ name: "last", file: "std/panic.lang", line: 2001, column: 3001 }], frame: 8 });
  });

  test("what is unknown", () => {
    expect(lookUp("_start", 5)).toEqual({ frames: [{ name: "_start", file: "", line: 0, column: 0 }], frame: 0 });
    expect(lookUp("main", 6)).toEqual({ frames: [{ name: "main", file: "main.lang", line: 0, column: 0 }], frame: 24 });
    expect(lookUp("_start", 21)).toBeUndefined();
    expect(lookUp("_start", 0)).toBeUndefined();
    expect(lookUp("last", 11)).toBeUndefined();
  });
});

test("an object that doesn't refer to the table gets none", () => {
  const object = new ObjectBuilder("none", "x86_64");
  addTraceTable(object, input([]), inlined, { name: () => "", objectSymbol: () => 0 as SymbolId }, new Places(files));
  expect(object.sections).toEqual([]);
});

test("a place is the same alone and among others", () => {
  const text = "one\n\n  two é three\nfour\n\n\n\n\nnine\n";
  const plain = "a = b\n\nc = d + e\n\n\n\n\n\nf\ng";
  const second = encoder.encode(text).length + 2;
  const both = [{ path: "a.lang", bytes: encoder.encode(text), base: 1 }, { path: "b.lang", bytes: encoder.encode(plain), base: second }];
  const forward: number[] = Array.from({ length: second + encoder.encode(plain).length + 1 }, (_, i) => i);
  for (const order of [forward, forward.toReversed(), forward.map((i) => (i * 37) % forward.length), forward.filter((i) => i % 9 === 0)]) {
    const positions = Int32Array.from(order);
    const [found, lines, columns] = [0, 1, 2].map(() => new Int32Array(order.length));
    new Places(both).findAll(positions, order.length, found, lines, columns);
    const single = new Places(both);
    order.forEach((position, i) => {
      single.find(position);
      expect([position, found[i], lines[i], columns[i]]).toEqual([position, single.file, single.line, single.column]);
      const file = position === 0 ? -1 : position < second ? 0 : 1;
      const before = file < 0 ? "" : new TextDecoder().decode(both[file].bytes.subarray(0, position - both[file].base));
      const last = before.split("\n").at(-1) ?? "";
      const inside = !before.endsWith("\ufffd"); // not in the middle of a character
      if (file >= 0 && inside) expect([file, before.split("\n").length, last.length + 1]).toEqual([found[i], lines[i], columns[i]]);
    });
  }
});
