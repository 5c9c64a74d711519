import { expect, test } from "bun:test";
import { NameTable } from "./nameTable.ts";

test("names are found as far as they shall be, also after they were written", () => {
  const names = ["a", "", "ab", ...Array.from({ length: 500 }, (_, i) => `std.f${i}`), ".local"];
  const found = names.flatMap((_, i) => (i % 3 === 0 ? [i] : []));
  const made = NameTable.of(names, found);
  const [ends, slots] = made.columns() as [Int32Array, Int32Array];
  for (const table of [made, NameTable.decode(made.bytes(), ends, slots)]) {
    expect(Array.from({ length: table.count }, (_, i) => table.name(i))).toEqual(names);
    expect(names.map((name) => table.find(name))).toEqual(names.map((_, i) => (i % 3 === 0 ? i : -1)));
    expect(table.find("std.f")).toBe(-1);
  }
  expect(NameTable.of([], []).find("a")).toBe(-1);
  expect(() => NameTable.of(["é"], [])).toThrow("ASCII");
});
