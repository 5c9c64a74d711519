import { expect, test } from "bun:test";
import { demangle, displayName, mangle } from "./mangle.ts";

test("mangling is reversible", () => {
  for (const parts of [["main", "f"], ["std/core", "print_str"], ["a/b-c.d", "Point", "len"], ["x", "_"], ["x", "a__b"], ["x", "größe"], ["x", "_2f"]]) {
    const symbol = mangle(parts);
    expect(symbol).toMatch(/^[A-Za-z0-9_.]*$/);
    expect(demangle(symbol)).toEqual(parts);
    expect(displayName(mangle(["m", ...parts.slice(1)]))).toBe(parts.slice(1).join("."));
  }
});

test("names that were not mangled stay", () => {
  for (const name of ["lang_start", "write"]) expect([name, displayName(name)]).toEqual([name, name]);
});

test("what the compiler itself makes is named by what it does", () => {
  expect(displayName(".drop_20List_5bdr_2eHolder_5d")).toBe("drop List[dr.Holder]");
});
