import { expect, test } from "bun:test";
import type { Module } from "../ir/module.ts";
import { printModule } from "../ir/print.ts";
import { randomModule } from "../ir/random.ts";
import { PassContext, type FunctionPass } from "./pass.ts";
import { levels, type Level } from "./pipeline.ts";
import { subjectsOf } from "./subjects.ts";
import { parsed } from "./testing.ts";

/** Functions that have little: one thing each that some pass might look for. */
const small = `trap unwrap
data @d size 16 align 8 writable
data @c size 8 align 8 
import func @out(i64) -> (i64, i8)
func @nothing() {
b0:
  return
}
func @calls(i64) -> i64 {
b0(v1: i64):
  v2: i64 = call @out(v1)
  call @nothing()
  return v2
}
func @further() -> i8 {
b0:
  v1: i64 = call @out(1)
  v2: i8 = result v1, 1
  return v2
}
func @unused() {
  slot s0 8 align 8
b0:
  v1: i64 = call @out(1)
  v2: i8 = result v1, 1
  return
}
func @stores(i64) {
b0(v1: i64):
  store v1, @d
  return
}
func @storesTwice(i64) {
b0(v1: i64):
  store v1, @d
  store v1, @d
  return
}
func @fills() {
b0:
  fill @d, 0, 0
  return
}
func @loads() -> i64 {
b0:
  v1: i64 = load @c
  return v1
}
func @throughPointer() {
b0:
  call.indirect @nothing() ()
  return
}
func @ends() {
b0:
  trap unwrap
}
func @turns() {
b0:
  jump b1
b1:
  jump b1
}
`;

function make(name: string, seed: number): Module {
  return name === "small" ? parsed(small) : randomModule(seed, { size: seed % 7, functions: seed % 4, wide: false });
}

/** Runs all passes of a level where the pipeline runs some, and gives what one did to a function that has none of its subjects. */
function wronglySkipped(module: Module, level: Level): string[] {
  const context = new PassContext(module, { roots: [], small: level === "Os", thorough: level === "O2", limit: Infinity });
  const found: string[] = [];
  for (const f of module.functions.values()) {
    for (const pass of [...levels[level].functions, ...levels[level].late].flatMap((step): readonly FunctionPass[] => ("run" in step ? [step] : step))) {
      const acts = pass.upon === undefined || (pass.upon & subjectsOf(f, module)) !== 0;
      const before = acts ? "" : printModule(module);
      const changed = pass.run(f, context);
      if (!acts && (changed || printModule(module) !== before)) found.push(`${pass.name} of ${module.nameOf(f.symbol)}`);
    }
  }
  return found;
}

for (const level of ["O1", "O2", "Os"] as const) {
  test(`a pass does nothing at ${level} on what has none of its subjects`, () => {
    expect(wronglySkipped(make("small", 0), level)).toEqual([]);
    for (let seed = 1; seed <= 20; seed++) expect({ seed, found: wronglySkipped(make("random", seed), level) }).toEqual({ seed, found: [] });
  });
}

test("a function of calls with constants has nothing for any pass but those that look at calls", () => {
  const module = parsed(small);
  const f = module.functions.get(module.find("nothing") as never);
  const upon = f === undefined ? -1 : subjectsOf(f, module);
  expect(levels.O1.functions.flatMap((step): readonly FunctionPass[] => ("run" in step ? [step] : step)).filter((pass) => pass.upon === undefined || (pass.upon & upon) !== 0)).toEqual([]);
});
