import { expect, test } from "bun:test";
import { normalizeArguments } from "./arguments.ts";
import { readPlain } from "./plain.ts";

const read = (line: string) => readPlain(normalizeArguments(line.split(" ")));

test("options with their value in the same word or in the next", () => {
  const wanted = { name: "build", words: ["a.lang"], rest: [], options: { target: "all", level: "O2", output: "p" } };
  expect(read("build a.lang --target=all -O2 -o p")).toEqual(wanted);
  expect(read("build a.lang --target all -O2 -o p")).toEqual(wanted);
  expect(read("build --target all a.lang -O2 -o p")).toEqual(wanted);
  expect(read("a.lang --target all -O2 -o p")).toEqual({ ...wanted, name: "" });
});

test("flags take no word", () => {
  expect(read("build --strip a.lang --json")).toEqual({ name: "build", words: ["a.lang"], rest: [], options: { strip: true, json: true } });
});

test("what follows -- is the program's", () => {
  expect(read("run a.lang --target linux-x86_64 -- --target b")).toEqual({ name: "run", words: ["a.lang"], rest: ["--target", "b"], options: { target: "linux-x86_64" } });
});

test("anything else is the library's", () => {
  for (const line of ["build", "build a.lang --target", "build a.lang --nonsense", "build a.lang --strip=1", "--target all build a.lang", "build a.lang --target all --target all", "build a.lang -x", "env more"]) expect(read(line)).toBeUndefined();
});
