import { expect, test } from "bun:test";
import { dumpTyped } from "./dump.ts";
import { checkText } from "./testing.ts";

test("types, conversions and meanings stand beside the nodes", () => {
  const { program, names, sources } = checkText("func f(a u8) i64 { var b i64 = a\n b += 1\n return b }");
  expect(dumpTyped(program, names, sources)).toBe(`function f(a%1 u8) i64
  Block : never
    Let
      BindingPattern b : i64 = b%2=
      Name i64 : i64 = scalarType i64
      Name a : u8 -> i64 = a%1
    ExpressionStatement
      Assign += : void
        Name b : i64 = b%2=
        Integer 1 : i64
    Return : never
      Name b : i64 = b%2=
`);
});

test("generic functions are called as instances", () => {
  const { program, names, sources } = checkText("func id[T](x T) T { x }\nfunc f(a u8) u8 { id(a) }");
  expect(dumpTyped(program, names, sources)).toContain("Name id : func(u8) u8 = function id[u8]");
});
