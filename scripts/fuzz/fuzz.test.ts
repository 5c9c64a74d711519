/** The short form of `bun scripts/fuzz-programs.ts`: a few seeds, and that the tools themselves can fail. */

import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checkMutant } from "./checkMutant.ts";
import { compare } from "./compare.ts";
import { languageProgram } from "./language/languageProgram.ts";
import { mutant } from "./mutate.ts";
import { randomUnit } from "./ownership/generate.ts";
import { askLang, conductOf } from "./ownership/judge.ts";
import { repaired } from "./ownership/repair.ts";
import { textOf } from "./ownership/unit.ts";
import { randomProgram } from "./randomProgram.ts";
import { shrink } from "./shrink.ts";

const runs = process.platform === "linux" && process.arch === "x64";

describe("random programs", () => {
  test("a seed gives one program", () => {
    expect(randomProgram(5)).toBe(randomProgram(5));
    expect(randomProgram(5)).not.toBe(randomProgram(6));
  }, 60_000);

  for (const seed of [1, 3, 7, 9, 39, 42]) {
    test.if(runs)(`seed ${seed}: every level and the interpreter agree`, () => {
      const verdict = compare(randomProgram(seed, { size: 5, recklessness: seed % 3 === 0 ? 40 : 400 }), { levels: ["O0", "O1", "O2", "Os"], interpret: true, verify: true });
      expect(verdict.kind === "differs" ? `${verdict.symptom}: ${verdict.details}` : verdict.kind).toMatch(/^(same|refused)$/);
    }, 60_000);
  }

  for (const seed of [2, 5, 11, 14]) {
    test.if(runs)(`seed ${seed} over the whole language: levels agree, and all memory is freed`, () => {
      const verdict = compare(languageProgram(seed, 3), { levels: ["O0", "O2"], interpret: seed === 2, verify: true, memory: "O1" });
      expect(verdict.kind === "differs" ? `${verdict.symptom}: ${verdict.details}` : verdict.kind).toBe("same");
    }, 60_000);
  }

  test.if(runs)("units about ownership that are accepted touch no freed memory and free all", () => {
    const units = repaired(Array.from({ length: 7 }, (_, i) => randomUnit(i + 1)), (some) => some.map(askLang)).filter((unit) => textOf(unit, "lang").length > 8);
    expect(units.length).toBeGreaterThan(3);
    expect(conductOf(units, [])).toMatchObject({ kind: "good" });
  }, 60_000);

  test("mutants of the suite neither crash the compiler nor make wrong IR", () => {
    const folder = fileURLToPath(new URL("../../conformance/", import.meta.url));
    const programs = ["07-generics/dyn-traits", "08-ownership-accepted/parser-hands-out-tokens", "09-closures/many-captures", "06-patterns/enum-payloads", "20-programs/shapes-sorted"]
      .map((path) => `${folder}${path}.lang`).filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8"));
    expect(programs.length).toBeGreaterThan(3);
    for (let seed = 1; seed <= 40; seed++) expect({ seed, wrong: checkMutant(mutant(seed, programs), false).wrong }).toEqual({ seed, wrong: undefined });
  }, 60_000);

  test.if(runs)("a double free would be seen", () => {
    const text = "func main() {\n    let p = alloc(8)\n    dealloc(p, 8)\n    if p as usize > 0 { dealloc(p, 8) }\n}\n";
    expect(compare(text, { levels: ["O0"], interpret: false, verify: false, memory: "O0" })).toMatchObject({ kind: "differs" });
  }, 60_000);

  test.if(runs)("a difference would be seen", () => {
    // The address of a frame differs between levels, as nothing else may.
    const text = "var kept usize = 0\nfunc deep(n i64) usize {\n    var a [64]i64 = [n; 64]\n    kept = &a[0] as usize\n    return @frame_address() as usize\n}\nfunc main() {\n    println(deep(1) - kept)\n}\n";
    const verdict = compare(text, { levels: ["O0", "O2"], interpret: false, verify: false });
    expect(verdict.kind).not.toBe("refused");
  });

  test("what is refused without need is a failure", () => {
    expect(compare("func main() { println(unknown) }\n", { levels: ["O0"], interpret: false, verify: false })).toMatchObject({ kind: "differs", symptom: "refused" });
  });
});

test("shrinking keeps what fails and drops the rest", () => {
  const text = "func main() {\n    let a = 1\n    if a > 0 {\n        println(a)\n        bad()\n    }\n    while a > 3 {\n        println(a)\n    }\n}\n";
  const small = shrink(text, (candidate) => candidate.includes("bad()"));
  expect(small).toContain("bad()");
  expect(small).not.toContain("println");
  expect(small).not.toContain("while");
});
