import { expect, test } from "bun:test";
import { Builder } from "./builder.ts";
import { Module } from "./module.ts";
import { Op } from "./ops.ts";
import { Type } from "./types.ts";

/** A builder within the body of a function of one i64. */
function inFunction(): Builder {
  const module = new Module();
  const b = new Builder(module);
  b.start(module.declareFunction("f", module.signature([Type.i64], [Type.i64]), "local"));
  return b;
}

test("an operation whose type nothing tells is made by `typed`", () => {
  const b = inFunction();
  const n = b.f.param(b.current, 0);
  expect(() => b.emit(Op.trunc, n)).toThrow("ir/builder.emit: nothing tells the type of 'trunc'; use 'typed'");
  expect(() => b.emit(Op.select, n, n, n)).toThrow("'select'");
  expect(b.f.typeOf(b.typed(Op.trunc, Type.i8, n))).toBe(Type.i8);
});

test("other operations have the type of their first operand, or one of their own", () => {
  const b = inFunction();
  const n = b.f.param(b.current, 0);
  expect(b.f.typeOf(b.emit(Op.add, n, n))).toBe(Type.i64);
  expect(b.f.typeOf(b.emit(Op.slt, n, n))).toBe(Type.i8);
});
