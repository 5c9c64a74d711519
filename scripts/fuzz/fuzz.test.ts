/** The short form of `bun scripts/fuzz-programs.ts`: a few seeds, and that the tools themselves can fail. */

import { describe, expect, test } from "bun:test";
import { compare } from "./compare.ts";
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
