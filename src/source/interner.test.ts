import { expect, test } from "bun:test";
import { Interner, Names, hashStep, keywordCount, keywords, numberTypes } from "./interner.ts";

test("a name has one number, and the number its name", () => {
  const names = new Interner();
  const a = names.intern("alpha");
  expect(names.intern("beta")).not.toBe(a);
  expect(names.intern("alpha")).toBe(a);
  expect(names.name(a)).toBe("alpha");
  expect(names.name(names.intern("größe"))).toBe("größe");
  expect(String.fromCharCode(names.firstByte(a))).toBe("a");
});

test("bytes of a source and text give the same number", () => {
  const names = new Interner();
  const source = new TextEncoder().encode("let counter = 1");
  let hash = source[4] as number;
  for (let i = 5; i < 11; i++) hash = hashStep(hash, source[i] as number);
  expect(names.name(names.internBytes(source, 4, 11, hash))).toBe("counter");
  expect(names.internBytes(source, 4, 11, hash)).toBe(names.intern("counter"));
});

test("fixed names have the same numbers everywhere", () => {
  const names = new Interner();
  keywords.forEach((keyword, index) => expect<number>(names.intern(keyword)).toBe(index + 1));
  expect<number>(Names.while).toBe(keywordCount);
  numberTypes.forEach((type, index) => expect<number>(names.intern(type)).toBe(Names.i8 + index));
  expect(names.intern("main")).toBe(Names.main);
});

test("many names, past every growth", () => {
  const names = new Interner();
  const ids = Array.from({ length: 50_000 }, (_, i) => names.intern(`name_${i}_${"x".repeat(i % 40)}`));
  expect(new Set(ids).size).toBe(50_000);
  for (let i = 0; i < 50_000; i += 997) {
    expect(names.name(ids[i] as (typeof ids)[0])).toBe(`name_${i}_${"x".repeat(i % 40)}`);
    expect(names.intern(`name_${i}_${"x".repeat(i % 40)}`)).toBe(ids[i] as (typeof ids)[0]);
  }
});

test("a very long name", () => {
  const names = new Interner();
  const long = "n".repeat(1_000_000);
  expect(names.name(names.intern(long))).toBe(long);
});
