/** Every code that the checker gives has a test. */

import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { errorCodes } from "../source/errorCodes.ts";

const folder = import.meta.dir;
const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
const read = (name: string): string => readFileSync(`${folder}/${name}`, "utf8");

test("every code that the checker gives is marked in a test", () => {
  const given = new Set<string>();
  const tested = new Set<string>();
  for (const name of files) {
    const isTest = name.endsWith(".test.ts");
    for (const [code] of read(name).matchAll(/[EW]0\d{3}/g)) if (Object.hasOwn(errorCodes, code)) (isTest ? tested : given).add(code);
  }
  // E0121 is the parser's, should a let condition get past it; the evaluator gives the rest.
  const elsewhere = ["E0121", "E0603", "E0610", "E0613", "E0801", "E0802"];
  const missing = [...given].filter((code) => !tested.has(code) && !elsewhere.includes(code)).sort();
  expect(missing).toEqual([]);
});
