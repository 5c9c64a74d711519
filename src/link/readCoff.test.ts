/** COFF objects read: what our writer makes comes back, groups and common symbols mean what they do in Windows' linkers, and bytes that are none are refused. */

import { expect, test } from "bun:test";
import { Amd64Relocation, FUNCTION_TYPE, Machine, SectionFlag, StorageClass } from "../../formats/pe/constants.ts";
import { coffExtents } from "../../formats/pe/objectExtents.ts";
import { readCoffObject } from "../../formats/pe/readObject.ts";
import { writeCoffObject, type CoffSection, type CoffSymbol } from "../../formats/pe/writeObject.ts";
import { link } from "./link.ts";
import { Binding, COMMON, ObjectBuilder, SymbolType, type SymbolId } from "./object.ts";
import { peExecutable } from "./pe.ts";
import { readObject } from "./readObject.ts";
import { RelocationKind, relocationKindNames } from "./relocationKind.ts";
import { damaged, hex, randomNumbers } from "./testing.ts";
import { writeCoff } from "./writeCoff.ts";

/** An object with something of everything that is written. */
function rich(): Uint8Array<ArrayBuffer> {
  const object = new ObjectBuilder("rich", "x86_64");
  const text = object.section("text", ".text", 16);
  const data = object.section("data", ".data", 8);
  const bss = object.section("bss", ".bss", 32);
  const pdata = object.section("rodata", ".pdata", 4);
  const info = object.section("info", ".debug_information", 1);
  const start = object.symbol("_start", Binding.global, SymbolType.function);
  const room = object.symbol("a_name_of_more_than_eight_bytes", Binding.global, SymbolType.object);
  const elsewhere = object.symbol("elsewhere", Binding.global);
  object.append(text, hex("488b0500000000 e800000000 c3"));
  object.define(start, text, 0, 13);
  object.define(room, bss, object.reserve(bss, 40), 40);
  object.relocate(text, 3, RelocationKind.pc32, room, 4);
  object.relocate(text, 8, RelocationKind.call32, elsewhere, -4);
  object.relocate(data, object.reserve(data, 8), RelocationKind.abs64, room, 8);
  for (const offset of [0, 13]) object.relocate(pdata, object.reserve(pdata, 4), RelocationKind.imageOffset32, start, offset);
  object.relocate(pdata, object.reserve(pdata, 4), RelocationKind.imageOffset32, start, 0);
  object.relocate(info, object.reserve(info, 16), RelocationKind.abs64, room, 0);
  return writeCoff(object.finish());
}

function read(bytes: Uint8Array<ArrayBuffer>) {
  const answer = readObject("a.obj", bytes, "x86_64");
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.object;
}

const messageOf = (bytes: Uint8Array<ArrayBuffer>, machine: "x86_64" | "arm64" = "x86_64"): string => {
  const answer = readObject("a.obj", bytes, machine);
  return answer.ok ? "" : answer.error.message;
};

const section = (name: string, more: Partial<CoffSection> = {}): CoffSection =>
  ({ name, flags: SectionFlag.read | SectionFlag.execute | SectionFlag.code, alignment: 16, size: 16, content: new Uint8Array(16), relocations: [], ...more });
const symbol = (name: string, number: number, more: Partial<CoffSymbol> = {}): CoffSymbol => ({ name, value: 0, section: number, type: FUNCTION_TYPE, storageClass: StorageClass.external, ...more });

test("what the writer makes comes back", () => {
  const { sections, symbols } = read(rich());
  expect(sections.map(({ name, kind, alignment, size }) => `${name} ${kind} ${alignment} ${size}`)).toEqual([
    ".text text 16 13", ".data data 8 8", ".bss bss 32 40", ".pdata rodata 4 12", ".debug_information info 1 16",
  ]);
  const fields = sections.flatMap(({ relocations: { count, offset, kind, symbol: to, addend } }) =>
    Array.from({ length: count }, (_, i) => `${offset[i]} ${relocationKindNames[kind[i]]} ${symbols.name(to[i] as SymbolId)} ${addend[i]}`));
  expect(fields).toEqual([
    "3 pc32 a_name_of_more_than_eight_bytes 4", "8 pc32 elsewhere -4", "0 abs64 a_name_of_more_than_eight_bytes 8",
    "0 imageOffset32 _start 0", "4 imageOffset32 _start 13", "8 imageOffset32 _start 0", "0 abs64 a_name_of_more_than_eight_bytes 0",
  ]);
});

test("each byte of an object is accounted for", () => {
  const bytes = rich();
  const answer = readCoffObject(bytes);
  if (!answer.ok) throw new Error(answer.error.field);
  const extents = coffExtents(bytes, answer.file);
  expect(extents.every(({ start }, i) => start === (extents[i - 1]?.end ?? 0))).toBe(true);
  expect(extents.at(-1)?.end).toBe(bytes.length);
  expect(extents.find(({ name }) => name === "_start")).toMatchObject({ kind: "code", section: ".text" });
  expect(extents.filter(({ kind }) => kind === "unknown").every(({ start, end }) => bytes.subarray(start, end).every((byte) => byte === 0))).toBe(true);
});

test("distances from behind an instruction, and from behind its immediate", () => {
  const relocations = [4, 5, 6, 7, 8, 9].map((type, i) => ({ offset: 2 * i, symbol: 0, type }));
  const { relocations: found } = read(writeCoffObject(Machine.amd64, [section(".text", { relocations })], [symbol("f", 1)])).sections[0] ?? { relocations: { addend: [] } };
  expect([...found.addend].slice(0, 6)).toEqual([-4, -5, -6, -7, -8, -9]);
});

test("what is common is the linker's to place, and what is absolute is where it is", () => {
  const { symbols } = read(writeCoffObject(Machine.amd64, [section(".text")], [symbol("shared", 0, { value: 24, type: 0 }), symbol("fixed", -1, { value: 77 }), symbol("missing", 0)]));
  const told = [0, 1, 2].map((i) => [symbols.section(i as SymbolId), symbols.offset(i as SymbolId), symbols.size(i as SymbolId)]);
  expect(told).toEqual([[COMMON, 32, 24], [-2, 77, 0], [-1, 0, 0]]);
});

/** The auxiliary record of a section's own symbol, as a symbol: its bytes lie where a name, a value and so on would. */
const selected = (selection: number, number = 0): CoffSymbol => ({ name: "", value: 0, section: number, type: selection, storageClass: 0 });
/** Symbols with one record each, whose number the writer does not know. */
function withRecords(bytes: Uint8Array<ArrayBuffer>, symbols: readonly number[]): Uint8Array<ArrayBuffer> {
  const at = new DataView(bytes.buffer).getUint32(8, true);
  for (const i of symbols) bytes[at + i * 18 + 17] = 1;
  return bytes;
}

test("of sections in a group with one name, one is kept", () => {
  const comdat = SectionFlag.read | SectionFlag.execute | SectionFlag.code | SectionFlag.linkComdat;
  const one = () => read(withRecords(writeCoffObject(Machine.amd64, [section(".text$f", { flags: comdat }), section(".xdata", { flags: SectionFlag.read | SectionFlag.initialized | SectionFlag.linkComdat })], [
    symbol(".text$f", 1, { type: 0, storageClass: StorageClass.static }), selected(2), symbol("f", 1), symbol(".xdata", 2, { type: 0, storageClass: StorageClass.static }), selected(5, 1),
  ]), [0, 3]));
  expect([one().groups, one().sections.map(({ name, group }) => `${name} ${group}`)]).toEqual([["f"], [".text 0", ".xdata 0"]]);
  const answer = link([one(), one()], { machine: "x86_64", entry: "f", format: peExecutable() });
  expect(answer.ok ? [] : answer.errors).toEqual([]);
});

test("what has no meaning here is refused by name", () => {
  const text = (flags: number, name = ".text"): Uint8Array<ArrayBuffer> => writeCoffObject(Machine.amd64, [section(name, { flags: flags >>> 0 })], [symbol("f", 1)]);
  expect(messageOf(text(SectionFlag.execute | SectionFlag.write))).toBe("a.obj: section .text is both writable and executable");
  expect(messageOf(text(SectionFlag.read, ".tls$"))).toBe("a.obj: it has thread-local variables, which no image of ours has");
  expect(messageOf(text(SectionFlag.read, ".CRT$XCU"))).toBe("a.obj: section .CRT$XCU has what a C runtime calls before main, and there is none here");
  expect(messageOf(text(SectionFlag.code), "arm64")).toBe("a.obj: is for machine 0x8664, not 0xaa64 (arm64)");
  const related = (type: number, offset: number) => messageOf(writeCoffObject(Machine.amd64, [section(".text", { relocations: [{ offset, symbol: 0, type }] })], [symbol("f", 1)]));
  expect(related(Amd64Relocation.section, 4)).toBe("a.obj: section .text: relocation at 0x4 is of a kind that is not known here (0xa)");
  expect(related(Amd64Relocation.rel32, 13)).toBe("a.obj: section .text: relocation at 0xd ends after the section");
  expect(messageOf(hex("0000ffff00006486000000000000000000000000"))).toContain("e_ident");
});

test("whatever the reader lets through, the linker survives (seed 1)", () => {
  const good = rich();
  const random = randomNumbers(1);
  const elsewhere = new ObjectBuilder("elsewhere", "x86_64");
  const text = elsewhere.section("text", ".text", 16);
  elsewhere.define(elsewhere.symbol("elsewhere", Binding.global, SymbolType.function), text, elsewhere.append(text, hex("c3")), 1);
  const counts = { unreadable: 0, refused: 0, linked: 0 };
  for (let round = 0; round < 3000; round++) {
    let bytes = damaged(good, random);
    if (random(4) === 0) bytes = bytes.slice(0, random(bytes.length));
    const answer = readObject("a.obj", bytes, "x86_64");
    if (!answer.ok) {
      expect(answer.error.message).toMatch(/^a\.obj: ./);
      counts.unreadable++;
      continue;
    }
    const file = readCoffObject(bytes);
    if (file.ok) expect(coffExtents(bytes, file.file).at(-1)?.end).toBe(bytes.length);
    counts[link([answer.object, elsewhere.finish()], { machine: "x86_64", entry: "_start", format: peExecutable() }).ok ? "linked" : "refused"]++;
  }
  expect(Object.values(counts).every((count) => count > 100)).toBe(true);
});
