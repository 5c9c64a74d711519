/** Two shifts of one value that are one rotation, and those that are none. */

import { expect, test } from "bun:test";
import { deadCode } from "./deadCode.ts";
import { simplify } from "./simplify.ts";
import { bodyAfter } from "./testing.ts";

/** What `v9` becomes, of a value v1 and an amount v2. */
function returned(lines: string, type: string): string {
  const text = `trap t\nfunc @f(${type}, ${type}) -> ${type} {\nb0(v1: ${type}, v2: ${type}):\n  ${lines.replaceAll("; ", "\n  ")}\n  return v9\n}`;
  return bodyAfter(text, [simplify, deadCode]).split("\n").slice(1).join("; ");
}

for (const type of ["i8", "i16", "i32", "i64"]) {
  const width = Number(type.slice(1));
  const shifts = (op: string, up: string | number, down: string | number): string =>
    `v3: ${type} = shl v1, ${up}; v4: ${type} = lshr v1, ${down}; v9: ${type} = ${op} v3, v4`;
  test(`${type} by a constant, the halves put together in any way`, () => {
    for (const op of ["or", "xor", "add"]) expect(returned(shifts(op, 3, width - 3), type)).toBe(`v3: ${type} = rotr v1, ${width - 3}; return v3`);
  });
  test(`${type} by an amount of which the other is the rest`, () => {
    expect(returned(`v7: ${type} = sub ${width}, v2; ${shifts("or", "v2", "v7")}`, type)).toContain(`= rotl v1, v2; return`);
    expect(returned(`v7: ${type} = sub ${width}, v2; ${shifts("or", "v7", "v2")}`, type)).toContain(`= rotr v1, v2; return`);
    expect(returned(`v5: ${type} = sub 0, v2; v6: ${type} = and v5, ${width - 1}; v7: ${type} = and v2, ${width - 1}; ${shifts("or", "v7", "v6")}`, type)).toContain("= rotl v1, ");
  });
  test(`${type}: other shifts stay`, () => {
    for (const [op, up, down] of [["or", 3, width - 2], ["add", 0, width], ["xor", 0, 0], ["and", 3, width - 3]] as const) expect(returned(shifts(op, up, down), type)).not.toContain("rot");
    // By 0, both halves are the whole value.
    expect(returned(`v7: ${type} = sub ${width}, v2; ${shifts("xor", "v2", "v7")}`, type)).not.toContain("rot");
    expect(returned(`v7: ${type} = sub ${width - 1}, v2; ${shifts("or", "v2", "v7")}`, type)).not.toContain("rot");
    expect(returned(`v3: ${type} = shl v1, 3; v4: ${type} = ashr v1, ${width - 3}; v9: ${type} = or v3, v4`, type)).not.toContain("rot");
    expect(returned(`v3: ${type} = shl v1, 3; v4: ${type} = lshr v2, ${width - 3}; v9: ${type} = or v3, v4`, type)).not.toContain("rot");
  });
}
