import { existsSync } from "node:fs";
import { expect, test } from "bun:test";
import { editDistance, modulesOfLibrary, nameElsewhere, suggest } from "./suggest.ts";

test("suggest finds the nearest name", () => {
  const names = ["total", "count", "println", "print", "Point", "x", "y"];
  expect(suggest("totl", names)).toBe("total");
  expect(suggest("ttoal", names)).toBe("total");
  expect(suggest("pirntln", names)).toBe("println");
  expect(suggest("point", names)).toBe("Point");
  expect(suggest("zebra", names)).toBeUndefined();
  expect(suggest("z", names)).toBeUndefined();
  expect(suggest("X", names)).toBe("x");
  expect(suggest("total", ["total"])).toBeUndefined();
});

test("editDistance counts a swap once, and stops at the limit", () => {
  expect(editDistance("abcd", "abdc", 5)).toBe(1);
  expect(editDistance("kitten", "sitting", 9)).toBe(3);
  expect(editDistance("kitten", "sitting", 2)).toBe(2);
  expect(editDistance("", "abc", 9)).toBe(3);
});

test("names of other languages", () => {
  expect(nameElsewhere("null")).toBe("None; nil is for raw pointers");
  expect(nameElsewhere("string")).toBe("str");
  expect(nameElsewhere("toString")).toBeUndefined();
  expect(nameElsewhere("constructor")).toBeUndefined();
});

test("modules of the library are there", () => {
  for (const name of modulesOfLibrary()) expect(existsSync(new URL(`../../std/${name}.lang`, import.meta.url)), name).toBe(true);
});
