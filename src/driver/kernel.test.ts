/** What `compileModule` says where something other than a program is handed to it: it names itself and what is wrong. */

import { expect, test } from "bun:test";
import { Builder } from "../ir/builder.ts";
import type { SymbolId } from "../ir/function.ts";
import { Module } from "../ir/module.ts";
import { Type } from "../ir/types.ts";
import { compileModule, type KernelOptions } from "./kernel.ts";

/** A module with an entry of this signature that does nothing. */
function program(parameters: readonly Type[] = [Type.ptr], results: readonly Type[] = []): { readonly module: Module; readonly entry: SymbolId } {
  const module = new Module();
  const b = new Builder(module);
  const entry = module.declareFunction("entry", module.signature(parameters, results), "local");
  b.start(entry);
  b.unreachable();
  b.finish();
  return { module, entry };
}

const compiled = (options: KernelOptions): boolean => {
  const { module, entry } = program();
  return compileModule(module, entry, options).ok;
};

test("levels, features and targets that there are", () => {
  for (const level of ["O0", "O1", "O2", "Os"] as const) expect(compiled({ level })).toBe(true);
  expect(compiled({ features: ["bmi2", "fma", "sse3"] })).toBe(true);
  expect(compiled({ target: "linux-arm64", features: ["lse"] })).toBe(true);
});

test("those that there are not", () => {
  expect(() => compiled({ level: "O9" as never })).toThrow("driver/kernel.compileModule: there is no level 'O9': the levels are O0, O1, O2, Os");
  expect(() => compiled({ features: ["lse"] })).toThrow("driver/kernel.compileModule: x86_64 has no feature 'lse' that is known here");
  expect(() => compiled({ target: "amiga" })).toThrow("driver/kernel.compileModule: there is no target 'amiga'");
});

test("an entry that cannot be called", () => {
  for (const [parameters, results] of [[[], []], [[Type.ptr], [Type.i64]], [[Type.i64], []]] as const) {
    const { module, entry } = program(parameters, results);
    expect(() => compileModule(module, entry)).toThrow("driver/kernel.compileModule: the entry, entry, has another signature than (ptr) without a result");
  }
  expect(() => compileModule(new Module(), 5 as SymbolId)).toThrow("driver/kernel.compileModule: the entry, symbol 5, is no function of the module");
});

test("a body for what is no function", () => {
  const module = new Module();
  const data = module.declareData("text", "local");
  expect(() => new Builder(module).start(data)).toThrow(`ir/builder.start: symbol ${data} is no function of the module`);
});
