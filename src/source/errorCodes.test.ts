import { expect, test } from "bun:test";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { errorCodes, explanationOf } from "./errorCodes.ts";

test("every code has the form that is promised, a short title and an explanation", () => {
  for (const [code, { title, explanation }] of Object.entries(errorCodes)) {
    expect(code).toMatch(/^(E0[1-8]\d\d|W01\d\d)$/);
    expect(title, code).toMatch(/^(?!.*\.$)\S.{3,60}$/);
    expect(explanation.length, code).toBeGreaterThan(30);
    expect(explanation, code).not.toMatch(/[ \t]$/m);
  }
});

test("no code is used twice across the tables", async () => {
  const tables = ["syntax", "names", "types", "ownership", "patterns", "constants", "modules", "warnings"];
  let count = 0;
  for (const table of tables) {
    const module: Record<string, object> = await import(`./codes/${table}.ts`);
    for (const rows of Object.values(module)) count += Object.keys(rows).length;
  }
  expect(Object.keys(errorCodes).length).toBe(count);
});

test("explanationOf takes any case and nothing else", () => {
  expect(explanationOf("e0412")?.title).toBe("use of a moved value");
  expect(explanationOf("E9999")).toBeUndefined();
  expect(explanationOf("toString")).toBeUndefined();
});

test("every code is given somewhere in the compiler, and has a test or a program of the suite", () => {
  const root = join(import.meta.dir, "../..");
  const mentioned = (folder: string, wanted: (path: string) => boolean): Set<string> => {
    const found = new Set<string>();
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (wanted(path)) for (const [code] of readFileSync(join(root, folder, path), "utf8").matchAll(/\b[EW]0\d{3}\b/g)) found.add(code);
    }
    return found;
  };
  const given = mentioned("src", (path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.includes("source/codes"));
  const tested = mentioned("src", (path) => path.endsWith(".test.ts")).union(mentioned("conformance", (path) => path.endsWith(".lang")));
  const codes = Object.keys(errorCodes);
  expect({ notGiven: codes.filter((code) => !given.has(code)), notTested: codes.filter((code) => !tested.has(code)) }).toEqual({ notGiven: [], notTested: [] });
});
