import { expect, test } from "bun:test";
import { link } from "./link.ts";
import { Binding, ObjectBuilder, SymbolType } from "./object.ts";
import { readObject } from "./readObject.ts";
import { RelocationKind } from "./relocationKind.ts";
import { damaged, hex, randomNumbers } from "./testing.ts";
import { writeObject } from "./writeObject.ts";

/** An object with something of everything that the linker looks into. */
function rich(): Uint8Array<ArrayBuffer> {
  const object = new ObjectBuilder("rich", "x86_64");
  const text = object.section("text", ".text", 16);
  const strings = object.section("rodata", ".rodata.str1.1", 1, { merge: "strings", entrySize: 1 });
  const constants = object.section("rodata", ".rodata.cst8", 8, { merge: "constants", entrySize: 8 });
  const data = object.section("data", ".data", 8, { retain: true });
  const frames = object.section("rodata", ".eh_frame", 8);
  const info = object.section("info", ".debug_info", 1);
  const bss = object.section("bss", ".bss", 32);
  const start = object.symbol("_start", Binding.global, SymbolType.function);
  const word = object.symbol("word", Binding.local, SymbolType.object);
  const number = object.symbol("number", Binding.local, SymbolType.object);
  const room = object.symbol("room", Binding.weak, SymbolType.object);
  object.append(text, hex("488b0500000000 ff1500000000 488d3d00000000 c3"));
  object.define(start, text, 0, 21);
  object.define(word, strings, object.append(strings, new TextEncoder().encode("abc\0bc\0")), 4);
  object.define(number, constants, object.append(constants, hex("00112233445566770011223344556677")), 8);
  object.define(room, bss, object.reserve(bss, 40), 40);
  object.relocate(text, 3, RelocationKind.gotpcrelxRex, room, -4);
  object.relocate(text, 9, RelocationKind.gotpcrelx, start, -4);
  object.relocate(text, 16, RelocationKind.pc32, word, -4);
  for (const symbol of [word, number, room, start]) object.relocate(data, object.reserve(data, 8), RelocationKind.abs64, symbol, 1);
  object.relocate(frames, object.reserve(frames, 16), RelocationKind.pc32, start, 0);
  object.relocate(info, object.reserve(info, 16), RelocationKind.abs64, room, 0);
  return writeObject(object.finish());
}

test("an alignment that would make the file as large is refused", () => {
  const aligned = (alignment: number) => {
    const object = new ObjectBuilder("aligned", "x86_64");
    const text = object.section("text", ".text", alignment);
    object.append(text, hex("c3"));
    object.define(object.symbol("_start", Binding.global, SymbolType.function), text, 0, 1);
    return readObject("aligned.o", writeObject(object.finish()), "x86_64");
  };
  expect(aligned(0x10_0000).ok).toBe(true);
  const refused = aligned(0x1000_0000);
  expect(refused.ok ? "" : refused.error.message).toBe("aligned.o: section .text is aligned to 268435456 bytes, and 1048576 are the most");
});

test("whatever the reader lets through, the linker survives (seed 1)", () => {
  const good = rich();
  const random = randomNumbers(1);
  const counts = { unreadable: 0, refused: 0, linked: 0 };
  for (let round = 0; round < 3000; round++) {
    const bytes = damaged(good, random);
    const read = readObject("rich.o", bytes, "x86_64");
    if (!read.ok) {
      counts.unreadable++;
      continue;
    }
    try {
      const result = link([read.object], { machine: "x86_64", entry: "_start", compact: round % 2 === 0, strip: round % 3 === 0 });
      counts[result.ok ? "linked" : "refused"]++;
    } catch (error) {
      throw new Error(`round ${round}: ${String(error)}`, { cause: error });
    }
  }
  expect(counts.linked).toBeGreaterThan(500);
  expect(counts.refused).toBeGreaterThan(20);
  expect(counts.unreadable).toBeGreaterThan(200);
});
