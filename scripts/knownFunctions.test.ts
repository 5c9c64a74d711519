import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { knownFunctions, makeConstants } from "./knownFunctions.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

test("functions that are constants in the bundle are declared in their modules, each once", () => {
  const wrong = Object.entries(knownFunctions).flatMap(([path, names]) => {
    const source = readFileSync(`${root}${path}`, "utf8");
    return names.filter((name) => names.filter((other) => other === name).length !== 1 || source.match(new RegExp(`^(?:export )?function ${name}\\b`, "gm"))?.length !== 1).map((name) => `${path}: ${name}`);
  });
  expect(wrong).toEqual([]);
});

test("a function named there becomes a constant, and no other", () => {
  const source = "export function parseType(p: Parser): Node {\n  return leaf(p);\n}\nfunction parseTypeHere() {}\n";
  expect(makeConstants(root, `${root}src/syntax/parseTypes.ts`, source)).toBe(source.replace("export function parseType(", "export const parseType = function("));
  expect(makeConstants(root, `${root}src/syntax/foreign.ts`, source)).toBe(source);
});
