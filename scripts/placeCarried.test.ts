import { expect, test } from "bun:test";
import { FileType, MAGIC, Machine, SegmentType } from "../formats/elf/constants.ts";
import { FileHeader, ProgramHeader } from "../formats/elf/layouts.ts";
import { carriedSlack, encodePlaces, placeOf } from "../src/driver/carriedPlaces.ts";
import { placeCarried } from "./placeCarried.ts";

const letters = (text: string): Uint8Array => new TextEncoder().encode(text);
const slack = new Uint8Array(carriedSlack);
const base = 0x400000;

/** An executable of one segment, with `contents` behind its headers. */
function executable(type: number, contents: readonly Uint8Array[]): Uint8Array {
  const head = FileHeader.size + ProgramHeader.size;
  const bytes = new Uint8Array(Buffer.concat([new Uint8Array(head), ...contents]));
  FileHeader.write(bytes, 0, {
    e_magic: MAGIC, e_class: 2, e_data: 1, e_ident_version: 1, e_osabi: 0, e_padding: 0, e_type: type, e_machine: Machine.x86_64, e_version: 1, e_entry: base + head, e_phoff: FileHeader.size,
    e_shoff: 0, e_flags: 0, e_ehsize: FileHeader.size, e_phentsize: ProgramHeader.size, e_phnum: 1, e_shentsize: 0, e_shnum: 0, e_shstrndx: 0,
  });
  ProgramHeader.write(bytes, FileHeader.size, { p_type: SegmentType.load, p_flags: 5, p_offset: 0, p_vaddr: base, p_paddr: base, p_filesz: bytes.length, p_memsz: bytes.length, p_align: 4096 });
  return bytes;
}

const files = ["the first", "another one", "the first", ""].map((text) => letters(`${text}${text === "" ? "x" : ""}`));
const emptyTable = encodePlaces(files.map(({ length }) => ({ address: 0, length })));
const stored = files.flatMap((file) => [file, slack]);

test("files are found, moved to even addresses, and two of one content are two", () => {
  const bytes = executable(FileType.executable, [letters("abc"), ...stored, emptyTable, letters("end")]);
  const before = bytes.length;
  expect(placeCarried(bytes, files)).toEqual({ ok: true });
  const table = bytes.subarray(before - 3 - emptyTable.length);
  const places = files.map((_, number) => placeOf(table, number));
  for (const [number, place] of places.entries()) {
    expect((place?.address ?? 1) % 8).toBe(0);
    const from = (place?.address ?? 0) - base;
    expect(Buffer.from(bytes.subarray(from, from + (place?.length ?? 0))).equals(files[number] ?? slack)).toBe(true);
  }
  expect(new Set(places.map((place) => place?.address)).size).toBe(files.length);
  expect(Buffer.from(bytes.subarray(-3)).toString()).toBe("end");
});

test("what is not as expected stays as it is", () => {
  const refuse = (type: number, contents: readonly Uint8Array[]): string => {
    const bytes = executable(type, contents);
    const before = bytes.slice();
    const placed = placeCarried(bytes, files);
    expect(Buffer.compare(bytes, before)).toBe(0);
    return placed.ok ? "" : placed.problem;
  };
  expect(refuse(FileType.shared, [...stored, emptyTable])).toBe("it is loaded anywhere");
  expect(refuse(FileType.executable, stored)).toBe("it has no table of them, or another one");
  expect(refuse(FileType.executable, [...stored, encodePlaces([])])).toBe("it has no table of them, or another one");
  expect(refuse(FileType.executable, [...stored.slice(2), emptyTable])).toBe("one of them is not in it, or in no segment");
  expect(placeOf(emptyTable, 1)).toBeUndefined();
  const none = placeCarried(letters("no executable"), files);
  expect(none.ok).toBe(false);
});
