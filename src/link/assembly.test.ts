import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { generate } from "../codegen/generate.ts";
import { RandomModule } from "../codegen/randomFunction.ts";
import { parse } from "../codegen/testing.ts";
import { arm64 } from "../codegen/arm64/target.ts";
import { x86_64 } from "../codegen/x86_64/target.ts";
import { printAssembly } from "./assembly.ts";
import { arm64Assembly } from "./assembly_arm64.ts";
import { x86_64Assembly } from "./assembly_x86_64.ts";
import { Binding, ObjectBuilder, SymbolType, Visibility } from "./object.ts";
import type { ObjectFile } from "./object.ts";
import { RelocationKind } from "./relocationKind.ts";
import { describeObject, has, hello, hex, inFolder, run } from "./testing.ts";
import { writeObject } from "./writeObject.ts";

/** Data of every kind and relocation, symbols of every kind. */
function everything(): ObjectFile {
  const object = new ObjectBuilder("everything", "x86_64");
  const text = object.section("text", ".text", 32);
  const rodata = object.section("rodata", ".rodata", 16);
  const strings = object.section("rodata", ".rodata.str1.1", 1, { merge: "strings", entrySize: 1 });
  const constants = object.section("rodata", ".rodata.cst8", 8, { merge: "constants", entrySize: 8 });
  const data = object.section("data", ".data", 8);
  const bss = object.section("bss", ".bss", 64);
  const debug = object.section("info", ".debug_stuff", 1);
  const f = object.symbol("main.f", Binding.global, SymbolType.function);
  const g = object.symbol("main.g", Binding.local, SymbolType.function);
  const twin = object.symbol("twin", Binding.local, SymbolType.object);
  const otherTwin = object.symbol("twin", Binding.local, SymbolType.object);
  const odd = object.symbol("Vec<int>.push \"x\"", Binding.global, SymbolType.object, Visibility.hidden);
  const text1 = object.symbol(".Ltext.1", Binding.local, SymbolType.object);
  const eight = object.symbol(".Leight", Binding.local, SymbolType.object);
  const outside = object.symbol("outside", Binding.global);
  const maybe = object.symbol("maybe", Binding.weak);
  const room = object.symbol("room", Binding.weak, SymbolType.object);
  const register = object.symbol("rax", Binding.global, SymbolType.object);
  object.symbol("unused", Binding.global);
  object.append(text, hex("e800000000 e900000000 ebf4 0f84eeffffff 488d0500000000 90 c3 0f1f00 c3 4c8b0d00000000"));
  object.define(f, text, 0, 27);
  object.define(g, text, 30, 8);
  object.relocate(text, 1, RelocationKind.call32, outside, -4);
  object.relocate(text, 6, RelocationKind.call32, g, -4);
  object.relocate(text, 21, RelocationKind.pc32, text1, -2);
  object.relocate(text, 34, RelocationKind.gotpcrelxRex, outside, -4);
  object.append(rodata, hex("00112233445566778899aabbccddeeff00ff"));
  object.append(rodata, new Uint8Array(20));
  object.append(rodata, new TextEncoder().encode('say "hi\\"\n\tto é\0'));
  object.define(twin, rodata, 3, 2);
  object.define(otherTwin, rodata, 16, 4);
  for (const [kind, symbol, addend, width] of [
    [RelocationKind.pc32, g, 5, 4], [RelocationKind.pc32, f, -7, 4], [RelocationKind.pc32, twin, 0, 4], [RelocationKind.abs32, outside, 3, 4],
    [RelocationKind.pc64, outside, 0, 8], [RelocationKind.abs16, maybe, 0, 2], [RelocationKind.abs8, maybe, 1, 1],
  ] as const) object.relocate(rodata, object.reserve(rodata, width), kind, symbol, addend);
  const constantPointers = object.section("rodata", ".rodata.pointers", 8);
  object.relocate(constantPointers, object.reserve(constantPointers, 8), RelocationKind.abs64, outside, 16);
  object.define(text1, strings, object.append(strings, new TextEncoder().encode("one\0two\0")) + 4, 4);
  object.define(eight, constants, object.append(constants, hex("0000000000003e40 1122334455667788")), 8);
  for (const [symbol, addend] of [[f, 0], [g, 0], [twin, 1], [otherTwin, 0], [eight, 0], [text1, 0], [maybe, 0], [room, 8], [odd, 0], [register, -1]] as const) {
    object.relocate(data, object.reserve(data, 8), RelocationKind.abs64, symbol, addend);
  }
  object.define(odd, data, 8, 16);
  object.define(register, data, 24, 1);
  object.define(room, bss, 64, 100);
  object.reserve(bss, 200);
  object.append(debug, hex("01020304"));
  object.relocate(debug, object.reserve(debug, 8), RelocationKind.abs64, f, 0);
  return object.finish();
}

describe("assembly text", () => {
  const text = printAssembly(everything(), x86_64Assembly);

  test("data reads as one would write it", () => {
    expect(text).toContain('\t.section .rodata.str1.1,"aMS",@progbits,1\n\t.asciz "one"\n\t.type .Ltext.1, @object\n.Ltext.1:\n\t.size .Ltext.1, 4\n\t.asciz "two"\n');
    expect(text).toContain('\t.ascii "say \\"hi\\\\\\"\\n\\tto "\n');
    expect(text).toContain("\t.long main.f-7-.\n");
    expect(text).toContain('\t.globl "Vec<int>.push \\"x\\""\n\t.hidden "Vec<int>.push \\"x\\""\n');
    expect(text).toContain("\t.quad room+8\n\t.quad \"Vec<int>.push \\\"x\\\"\"\n");
  });

  for (const [name, object] of [["everything", everything()], ["hello", hello("Hello\n", 0)]] as const) {
    if (!has("as")) {
      console.log(`not run, for want of as: ${name}`);
      continue;
    }
    test(`as makes of it what we make: ${name}`, () => {
      inFolder((folder) => {
        writeFileSync(join(folder, "a.s"), printAssembly(object, x86_64Assembly));
        const ran = run(folder, ["as", "--fatal-warnings", "a.s", "-o", "a.o"]);
        expect(ran.err).toBe("");
        // equal local names are told apart in text
        const made = describeObject(readFileSync(join(folder, "a.o"))).map((line) => line.replace("twin.1", "twin")).sort();
        expect(made).toEqual(describeObject(writeObject(object)));
      });
    });
  }
});

for (const [target, options, command] of [
  [x86_64, x86_64Assembly, ["as", "--fatal-warnings", "a.s", "-o", "a.o"]],
  [arm64, arm64Assembly, ["aarch64-linux-gnu-as", "--fatal-warnings", "a.s", "-o", "a.o"]],
] as const) {
  test(`as makes of generated code for ${target.machine} what we make`, () => {
    if (!has(command[0])) return console.log(`not run, for want of ${command[0]}`);
    inFolder((folder) => {
      for (const kind of ["integers", "floats", "wide"] as const) {
        for (let seed = 1; seed <= 3; seed++) {
          const random = new RandomModule(seed, { floats: kind === "floats", wide: kind === "wide" });
          const module = parse(random.text);
          for (const level of ["O0", "O1", "O2", "Os"] as const) {
            const { object } = generate(target, module, [...module.functions.keys()], { level });
            writeFileSync(join(folder, "a.s"), printAssembly(object, options));
            const ran = run(folder, command);
            expect({ kind, seed, level, err: ran.err }).toEqual({ kind, seed, level, err: "" });
            expect({ kind, seed, level, object: describeObject(readFileSync(join(folder, "a.o"))) }).toEqual({ kind, seed, level, object: describeObject(writeObject(object)) });
          }
        }
      }
    });
  });
}

test("symbols named like registers of arm64 are printed under another name", () => {
  if (!has("aarch64-linux-gnu-as")) return console.log("not run, for want of aarch64-linux-gnu-as");
  const object = new ObjectBuilder("registers", "arm64");
  const text = object.section("text", ".text", 4);
  // bl; adrp x0; ldr x0, [x0]; b
  object.append(text, hex("00000094 00000090 000040f9 00000014"));
  for (const [i, [name, kind]] of ([["x0", RelocationKind.arm64Call26], ["sp", RelocationKind.arm64Page21], ["v3", RelocationKind.arm64Load12], ["wzr", RelocationKind.arm64Call26]] as const).entries()) {
    object.relocate(text, i * 4, kind, object.symbol(name, Binding.global), 8);
  }
  const made = object.finish();
  inFolder((folder) => {
    writeFileSync(join(folder, "a.s"), printAssembly(made, arm64Assembly));
    expect(run(folder, ["aarch64-linux-gnu-as", "--fatal-warnings", "a.s", "-o", "a.o"]).err).toBe("");
    expect(describeObject(readFileSync(join(folder, "a.o")))).toEqual(describeObject(writeObject(made)));
  });
});
