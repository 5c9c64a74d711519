import { describe, expect, test } from "bun:test";
import { readElf } from "../../formats/elf/read.ts";
import type { ElfFile } from "../../formats/elf/file.ts";
import { Binding, ObjectBuilder, SymbolType } from "./object.ts";
import type { SymbolId } from "./object.ts";
import { RelocationKind } from "./relocationKind.ts";
import { execute, hex, linked, runsHere, u32 } from "./testing.ts";

function read(bytes: Uint8Array): ElfFile {
  const result = readElf(bytes);
  if (!result.ok) throw new Error(`${result.error.field}: ${result.error.problem}`);
  return result.file;
}

function sectionText(file: ElfFile, name: string): string {
  const section = file.sections.find((s) => s.name === name);
  return section === undefined ? "(absent)" : Buffer.from(section.content).toString("latin1");
}

/**
 * One .text of atoms: each function's bytes, and whom it calls (by a call after its bytes, then ret). An index of all functions is in
 * .rodata.index, as signed distances from the index's start.
 */
function functions(rows: readonly (readonly [name: string, bytes: string, calls: readonly string[]])[], exit: string): ObjectBuilder {
  const object = new ObjectBuilder("functions", "x86_64");
  const text = object.section("text", ".text", 16, { atoms: true });
  const symbols = new Map<string, SymbolId>();
  for (const [name] of rows) symbols.set(name, object.symbol(name, name === "_start" ? Binding.global : Binding.local, SymbolType.function));
  const find = (name: string): SymbolId => symbols.get(name) ?? object.symbol(name, Binding.global);
  for (const [name, bytes, calls] of rows) {
    const at = object.append(text, hex(bytes));
    for (const callee of calls) object.relocate(text, object.append(text, hex("e800000000")) + 1, RelocationKind.call32, find(callee), -4);
    const end = object.append(text, hex(name === "_start" ? exit : "c3")) + (name === "_start" ? hex(exit).length : 1);
    object.define(find(name), text, at, end - at);
    object.append(text, hex("cccc")); // padding
  }
  return object;
}

const exitWithEax = "89c7 b83c000000 0f05"; // mov edi,eax; mov eax,60; syscall

describe("atoms", () => {
  const rows = [
    ["dead1", `b8${u32(1)}`, ["used2"]],
    ["used1", `b8${u32(17)}`, []],
    ["dead2", "90", ["dead1", "missing"]],
    ["_start", "", ["used2", "used1"]],
    ["used2", `b8${u32(2)}`, ["used1"]],
    ["dead3", "9090", []],
  ] as const;

  test("unreachable functions go, the others move together and still find one another", () => {
    const { bytes } = linked([functions(rows, exitWithEax).finish()]);
    const file = read(bytes);
    expect([...file.symbols.names].sort()).toEqual(["_start", "used1", "used2"]);
    const text = file.sections.find((s) => s.name === ".text");
    // used1 stood at 13, _start at 35, used2 at 56, so it may rely on alignment 8
    expect(text?.size).toBe(6 + 19 + 7 + 11);
    if (runsHere) expect(execute(bytes).status).toBe(17);
  });

  test("when nothing is dead nothing moves", () => {
    const object = functions([["_start", "", ["a"]], ["a", `b8${u32(3)}`, []]], exitWithEax);
    const { bytes, summary } = linked([object.finish()]);
    expect(summary.program.content[0]).toEqual(object.sections[0].content());
    if (runsHere) expect(execute(bytes).status).toBe(3);
  });

  test("in lists that two zeros end, what is gone is an empty range elsewhere", () => {
    const object = functions(rows, exitWithEax);
    for (const name of [".debug_ranges", ".debug_aranges"]) {
      const list = object.section("info", name, 1);
      for (const f of [0, 3, 5]) for (const end of [0, 1]) object.relocate(list, object.reserve(list, 8), RelocationKind.abs64, f as SymbolId, end);
    }
    const { sections } = read(linked([object.finish()]).bytes);
    const pairs = (name: string): number[] => {
      const content = sections.find((s) => s.name === name)?.content.slice() ?? new Uint8Array(0);
      return [...new BigUint64Array(content.buffer)].map((address) => (address > 1n ? 2 : Number(address)));
    };
    expect(pairs(".debug_ranges")).toEqual([1, 1, 2, 2, 1, 1]);
    expect(pairs(".debug_aranges")).toEqual([0, 0, 2, 2, 0, 0]);
  });

  test("an index of functions keeps none alive and stays sorted", () => {
    const object = functions(rows, exitWithEax);
    const index = object.section("rodata", ".rodata.index", 4, { references: "index" });
    const table = object.symbol("table", Binding.global, SymbolType.object);
    for (let i = 0; i < rows.length; i++) object.relocate(index, object.reserve(index, 4), RelocationKind.pc32, i as SymbolId, i * 4);
    object.define(table, index, 0, rows.length * 4);
    expect(sectionText(read(linked([object.finish()]).bytes), ".rodata")).toBe("(absent)");
    const file = read(linked([object.finish()], { exported: ["table"] }).bytes);
    const rodata = file.sections.find((s) => s.name === ".rodata");
    const text = file.sections.find((s) => s.name === ".text");
    if (rodata === undefined || text === undefined) throw new Error("sections are missing");
    const words = new DataView(rodata.content.buffer, rodata.content.byteOffset);
    const starts = rows.map((_, i) => words.getInt32(i * 4, true) + rodata.address - text.address);
    expect(starts).toEqual([0, 0, 6, 6, 32, 43]);
  });

  test("code without a symbol around it forbids taking a section apart", () => {
    const object = functions(rows.filter(([name]) => name !== "dead2"), exitWithEax);
    const [text] = object.sections;
    object.relocate(text.id, object.append(text.id, hex("e800000000")) + 1, RelocationKind.call32, 0 as SymbolId, -4);
    expect(read(linked([object.finish()]).bytes).sections.find((s) => s.name === ".text")?.size).toBe(text.size);
  });
});

describe("merging", () => {
  /** `_start` loads each string's address and prints `length` bytes of it; strings stand in one mergeable section an object. */
  function printing(strings: readonly string[], prints: readonly number[]): ObjectBuilder {
    const object = new ObjectBuilder("strings", "x86_64");
    const text = object.section("text", ".text", 16);
    const pool = object.section("rodata", ".rodata.str1.1", 1, { merge: "strings", entrySize: 1 });
    const symbols = strings.map((s, i) => {
      const symbol = object.symbol(`.Ls${i}`, Binding.local, SymbolType.object);
      object.define(symbol, pool, object.append(pool, new TextEncoder().encode(`${s}\0`)), s.length + 1);
      return symbol;
    });
    const start = object.symbol("_start", Binding.global, SymbolType.function);
    for (const i of prints) {
      const at = object.append(text, hex(`b801000000 bf01000000 488d3500000000 ba${u32(strings[i].length)} 0f05`));
      object.relocate(text, at + 13, RelocationKind.pc32, symbols[i], -4);
    }
    object.append(text, hex("b83c000000 31ff 0f05"));
    object.define(start, text, 0, object.sections[text].size);
    return object;
  }

  test("equal strings stand once, ends of others inside these", () => {
    const { bytes } = linked([printing(["world", "hello world", "ld", "other", "world"], [1, 0, 2, 3, 4]).finish()], { strip: false });
    expect(sectionText(read(bytes), ".rodata")).toBe("hello world\0other\0");
    if (runsHere) expect(execute(bytes).out).toBe("hello worldworldldotherworld");
  });

  test("constants of one size, across objects", () => {
    const make = (name: string, words: readonly string[], global: boolean): ObjectBuilder => {
      const object = new ObjectBuilder(name, "x86_64");
      const pool = object.section("rodata", ".rodata.cst8", 8, { merge: "constants", entrySize: 8 });
      const data = object.section("data", ".data", 8);
      const table = object.symbol(`table_${name}`, Binding.global, SymbolType.object);
      words.forEach((word, i) => {
        const symbol = object.symbol(`.Lc${i}`, Binding.local, SymbolType.object);
        object.define(symbol, pool, object.append(pool, hex(word)), 8);
        object.relocate(data, object.reserve(data, 8), RelocationKind.abs64, symbol, 0);
      });
      object.define(table, data, 0, words.length * 8);
      if (global) object.define(object.symbol("_start", Binding.global), object.section("text", ".text", 1), 0, 0);
      return object;
    };
    const [one, two, three] = ["1111111111111111", "2222222222222222", "3333333333333333"];
    const file = read(linked([make("a", [one, two, one], true).finish(), make("b", [three, two], false).finish()], { exported: ["table_a", "table_b"] }).bytes);
    const rodata = file.sections.find((s) => s.name === ".rodata");
    const data = file.sections.find((s) => s.name === ".data");
    if (rodata === undefined || data === undefined) throw new Error("sections are missing");
    expect(rodata.content).toEqual(hex(one + two + three));
    const words = new DataView(data.content.buffer, data.content.byteOffset);
    expect([0, 1, 2, 3, 4].map((i) => Number(words.getBigUint64(i * 8, true)) - rodata.address)).toEqual([0, 8, 0, 16, 8]);
  });
});
