import { describe, expect, test } from "bun:test";
import { readElf } from "../../formats/elf/read.ts";
import { elfDynamic } from "./elfDynamic.ts";
import { Binding, ObjectBuilder, SymbolType } from "./object.ts";
import type { ObjectFile } from "./object.ts";
import { RelocationKind } from "./relocationKind.ts";
import { execute, hello, hex, linked, linkErrors, runsHere, u32 } from "./testing.ts";

/** exit(f()) where `f` is called by name. */
function callsExit(callee: string): ObjectFile {
  const object = new ObjectBuilder("start", "x86_64");
  const text = object.section("text", ".text", 16);
  const start = object.symbol("_start", Binding.global, SymbolType.function);
  const f = object.symbol(callee, Binding.global);
  object.append(text, hex("e800000000 89c7 b83c000000 0f05")); // call f; mov edi,eax; mov eax,60; syscall
  object.define(start, text, 0, 14);
  object.relocate(text, 1, RelocationKind.call32, f, -4);
  return object.finish();
}

/** A function that returns `value`. */
function returns(name: string, value: number, binding: Binding = Binding.global): ObjectFile {
  const object = new ObjectBuilder(`${name}${value}.o`, "x86_64");
  const text = object.section("text", ".text", 16);
  const f = object.symbol(name, binding, SymbolType.function);
  object.append(text, hex(`b8${u32(value)} c3`)); // mov eax,value; ret
  object.define(f, text, 0, 6);
  return object.finish();
}

describe("executables", () => {
  test("hello, stripped and compact, is small and runs", () => {
    const { bytes } = linked([hello("Hello, world!\n", 7)], { strip: true, compact: true });
    expect(bytes.length).toBe(64 + 2 * 56 + 14 + 36); // headers, one segment and the stack's, text, message: nothing else
    if (runsHere) expect(execute(bytes)).toEqual({ status: 7, out: "Hello, world!\n", err: "" });
  });

  test("the same with symbols and separate segments", () => {
    const { bytes } = linked([hello("hi\n", 0)]);
    const read = readElf(bytes);
    if (!read.ok) throw new Error(read.error.problem);
    expect(read.file.segments.map((s) => s.flags)).toEqual([4, 5, 6]);
    expect(read.file.sections.map((s) => s.name)).toEqual([".rodata", ".text"]);
    expect([...read.file.symbols.names]).toEqual(["message", "_start"]);
    if (runsHere) expect(execute(bytes)).toEqual({ status: 0, out: "hi\n", err: "" });
  });

  test("more than an address space holds is refused", () => {
    const object = new ObjectBuilder("huge", "x86_64");
    const text = object.section("text", ".text", 16);
    const start = object.symbol("_start", Binding.global, SymbolType.function);
    object.append(text, hex("c3"));
    object.define(start, text, 0, 1);
    const bss = object.section("bss", ".bss", 16);
    const room = object.symbol("room", Binding.global);
    object.define(room, bss, 0, 2 ** 48);
    object.reserve(bss, 2 ** 48);
    object.relocate(text, 0, RelocationKind.abs64, room, 0);
    expect(linkErrors([object.finish()], { removeDead: false }).map(({ code }) => code)).toEqual(["E0814"]);
  });

  test("calls between objects, in both orders", () => {
    for (const objects of [[callsExit("f"), returns("f", 42)], [returns("f", 42), callsExit("f")]]) {
      const { bytes } = linked(objects);
      if (runsHere) expect(execute(bytes).status).toBe(42);
    }
  });

  test("data, bss and addresses in data", () => {
    const object = new ObjectBuilder("data", "x86_64");
    const text = object.section("text", ".text", 16);
    const data = object.section("data", ".data", 8);
    const bss = object.section("bss", ".bss", 4096);
    const start = object.symbol("_start", Binding.global, SymbolType.function);
    const pointer = object.symbol("pointer", Binding.local, SymbolType.object);
    const big = object.symbol("big", Binding.local, SymbolType.object);
    object.define(pointer, data, object.reserve(data, 8), 8);
    object.define(big, bss, object.reserve(bss, 0x100000), 0x100000);
    object.relocate(data, 0, RelocationKind.abs64, big, 0x80000);
    // mov rax,[rip+pointer]; add dword [rax],9; mov edi,[rip+big+0x80000]; or edi,[rip+big]; mov eax,60; syscall
    object.append(text, hex("488b0500000000 830009 8b3d00000000 0b3d00000000 b83c000000 0f05"));
    object.define(start, text, 0, object.sections[text].size);
    object.relocate(text, 3, RelocationKind.pc32, pointer, -4);
    object.relocate(text, 12, RelocationKind.pc32, big, 0x80000 - 4);
    object.relocate(text, 18, RelocationKind.pc32, big, -4);
    for (const options of [{ strip: true, compact: true }, {}]) {
      const { bytes } = linked([object.finish()], options);
      expect(bytes.length).toBeLessThan(2000);
      if (runsHere) expect(execute(bytes)).toEqual({ status: 9, out: "", err: "" });
    }
  });

  test("bss alone makes a segment without bytes in the file", () => {
    const object = new ObjectBuilder("zero", "x86_64");
    const text = object.section("text", ".text", 16);
    const bss = object.section("bss", ".bss", 16);
    const start = object.symbol("_start", Binding.global, SymbolType.function);
    const zero = object.symbol("zero", Binding.local, SymbolType.object);
    object.define(zero, bss, object.reserve(bss, 70000), 70000);
    // add dword [rip+zero+69996],5 (the field is 5 before the end); mov edi,[rip+zero+69996]; mov eax,60; syscall
    object.append(text, hex("830500000000 05 8b3d00000000 b83c000000 0f05"));
    object.define(start, text, 0, object.sections[text].size);
    object.relocate(text, 2, RelocationKind.pc32, zero, 69996 - 5);
    object.relocate(text, 9, RelocationKind.pc32, zero, 69996 - 4);
    for (const options of [{ strip: true, compact: true }, {}]) {
      const { bytes } = linked([object.finish()], options);
      if (runsHere) expect(execute(bytes)).toEqual({ status: 5, out: "", err: "" });
    }
  });

  test("the same input gives the same bytes", () => {
    const make = (): Uint8Array => linked([callsExit("f"), returns("f", 42), returns("g", 1)], { removeDead: false }).bytes;
    expect(make()).toEqual(make());
  });
});

describe("symbols", () => {
  test("a strong definition wins over a weak one, wherever it stands", () => {
    for (const objects of [
      [callsExit("f"), returns("f", 1, Binding.weak), returns("f", 2)],
      [callsExit("f"), returns("f", 2), returns("f", 1, Binding.weak)],
    ]) {
      const { bytes } = linked(objects);
      if (runsHere) expect(execute(bytes).status).toBe(2);
    }
  });

  test("two strong definitions are an error that names both objects", () => {
    expect(linkErrors([callsExit("f"), returns("f", 1), returns("f", 2)])).toEqual([
      { code: "E0808", symbol: "f", message: "symbol f is defined twice", places: ["f1.o", "f2.o"], advice: [] },
    ]);
  });

  test("local symbols of the same name don't meet", () => {
    expect(linked([callsExit("f"), returns("f", 1), returns("f", 2, Binding.local)], { removeDead: false }).ok).toBe(true);
  });

  test("an undefined symbol is an error that names who refers", () => {
    expect(linkErrors([callsExit("missing")])).toEqual([
      { code: "E0807", symbol: "missing", message: "undefined symbol missing", places: ["start: in function _start"], advice: [] },
    ]);
    expect(linkErrors([returns("f", 1)])[0].message).toBe("undefined symbol _start, where the program should start");
  });

  test("what only dead code refers to need not be there", () => {
    const dead = new ObjectBuilder("dead", "x86_64");
    const text = dead.section("text", ".text", 1);
    dead.define(dead.symbol("unused", Binding.global, SymbolType.function), text, dead.append(text, hex("e800000000")), 5);
    dead.relocate(text, 1, RelocationKind.call32, dead.symbol("nowhere", Binding.global), -4);
    expect(linked([hello("", 0), dead.finish()]).ok).toBe(true);
    expect(linkErrors([hello("", 0), dead.finish()], { removeDead: false })[0].places).toEqual(["dead: in function unused"]);
    expect(linkErrors([hello("", 0), dead.finish()], { exported: ["unused"] })[0].symbol).toBe("nowhere");
  });

  test("an undefined weak symbol is at address 0", () => {
    const object = new ObjectBuilder("weak", "x86_64");
    const text = object.section("text", ".text", 1);
    const start = object.symbol("_start", Binding.global, SymbolType.function);
    object.append(text, hex("48c7c700000000 b83c000000 0f05")); // mov rdi,maybe+3; mov eax,60; syscall
    object.define(start, text, 0, 14);
    object.relocate(text, 3, RelocationKind.abs32signed, object.symbol("maybe", Binding.weak), 3);
    const { bytes } = linked([object.finish()]);
    if (runsHere) expect(execute(bytes).status).toBe(3);
  });
});

describe("relocations that don't fit", () => {
  test("an address of 32 bits in a program that is loaded anywhere", () => {
    const object = new ObjectBuilder("fixed", "x86_64");
    const text = object.section("text", ".text", 1);
    const data = object.section("data", ".data", 8);
    const start = object.symbol("_start", Binding.global, SymbolType.function);
    const word = object.symbol("word", Binding.local, SymbolType.object);
    object.append(text, hex("48c7c700000000")); // mov rdi,word
    object.define(start, text, 0, 7);
    object.define(word, data, object.append(data, hex("0000000000000000")), 8);
    object.relocate(text, 3, RelocationKind.abs32signed, word, 0);
    const anywhere = elfDynamic({ interpreter: "/lib/ld.so", libraries: ["libc.so"], version: () => undefined });
    expect(linkErrors([object.finish()], { format: anywhere })).toEqual([{
      code: "E0811", symbol: "word", message: "relocation against word is too narrow for a program that is loaded at any address",
      places: ["fixed: in function _start"], advice: ["compile that object with -fPIE"],
    }]);
    expect(linked([object.finish()]).ok).toBe(true);
  });

  test("too far for 32 bits", () => {
    const object = new ObjectBuilder("far", "x86_64");
    const text = object.section("text", ".text", 1);
    const bss = object.section("bss", ".bss", 1);
    const start = object.symbol("_start", Binding.global, SymbolType.function);
    const far = object.symbol("far", Binding.local, SymbolType.object);
    object.append(text, hex("488d3d00000000"));
    object.define(start, text, 0, 7);
    object.define(far, bss, 0x8000_0000, 1);
    object.reserve(bss, 0x8000_0001);
    object.relocate(text, 3, RelocationKind.pc32, far, -4);
    const [error] = linkErrors([object.finish()]);
    expect(error.code).toBe("E0814");
    expect(error.message).toMatch(/^the program's code and variables take 2147\d{6} bytes, more than the 2 GiB over which they reach each other$/);
  });

  test("a negative value for an unsigned field, and an address for a byte", () => {
    for (const [kind, addend, fits] of [
      [RelocationKind.abs32, -1, false], [RelocationKind.abs32signed, -1, true], [RelocationKind.abs8, 255, true], [RelocationKind.abs8, 256, false],
      [RelocationKind.abs16, 0xffff, true], [RelocationKind.abs16, -0x8001, false],
    ] as const) {
      const object = new ObjectBuilder("edge", "x86_64");
      const text = object.section("text", ".text", 1);
      const start = object.symbol("_start", Binding.global, SymbolType.function);
      object.append(text, hex("90909090"));
      object.define(start, text, 0, 4);
      const nothing = object.symbol("nothing", Binding.weak);
      object.relocate(text, 0, kind, nothing, addend);
      if (fits) expect(linked([object.finish()]).ok).toBe(true);
      else expect(linkErrors([object.finish()])[0].code).toBe("E0811");
    }
  });

  test("a field that ends after its section", () => {
    const object = new ObjectBuilder("cut", "x86_64");
    const text = object.section("text", ".text", 1);
    object.append(text, hex("9090"));
    object.define(object.symbol("_start", Binding.global), text, 0, 2);
    object.relocate(text, 1, RelocationKind.pc32, object.symbol("x", Binding.weak), 0);
    expect(linkErrors([object.finish()])[0].code).toBe("E0809");
  });
});
