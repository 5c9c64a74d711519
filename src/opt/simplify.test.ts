import { expect, test } from "bun:test";
import { simplify } from "./simplify.ts";
import { simplifyFlow } from "./simplifyFlow.ts";
import { bodyAfter } from "./testing.ts";

/** One instruction `v9` of two parameters, and what is returned in its place. */
function returned(instruction: string, type = "i64", result = type): string {
  const text = `trap t\nfunc @f(${type}, ${type}) -> ${result} {\nb0(v1: ${type}, v2: ${type}):\n  ${instruction.replaceAll("\n", "\n  ")}\n  return v9\n}`;
  return bodyAfter(text, [simplify]).split("\n").slice(1).join("; ");
}

const cases: readonly (readonly [string, string, string?, string?])[] = [
  ["v9: i64 = add 2, 3", "return 5"],
  ["v9: i64 = add 2, v1", "v3: i64 = add v1, 2; return v3"],
  ["v9: i64 = add v1, 0", "return v1"],
  ["v8: i64 = add v1, 5\nv9: i64 = add v8, -7", "v3: i64 = add v1, 5; v4: i64 = add v1, -2; return v4"],
  ["v8: i64 = add v1, 5 !nsw\nv9: i64 = add v8, -5", "v3: i64 = add v1, 5 !nsw; return v1"],
  ["v9: i64 = sub v1, v1", "return 0"],
  ["v9: i64 = sub v1, 7", "v3: i64 = add v1, -7; return v3"],
  ["v8: i64 = add v1, v2\nv9: i64 = sub v8, v1", "v3: i64 = add v1, v2; return v2"],
  ["v9: i64 = mul v1, 8", "v3: i64 = shl v1, 3; return v3"],
  ["v9: i64 = mul v1, -1", "v3: i64 = sub 0, v1; return v3"],
  ["v9: i8 = mul v1, -128", "v3: i8 = shl v1, 7; return v3", "i8"],
  ["v9: i64 = udiv v1, 16", "v3: i64 = lshr v1, 4; return v3"],
  ["v9: i64 = urem v1, 16", "v3: i64 = and v1, 15; return v3"],
  ["v9: i64 = sdiv v1, 16", "v3: i64 = sdiv v1, 16; return v3"], // rounds toward zero: no plain shift
  ["v9: i64 = sdiv v1, 0", "v3: i64 = sdiv v1, 0; return v3"],
  ["v9: i64 = sadd.trap v1, 0, t", "return v1"],
  ["v9: i64 = smul.trap v1, 0, t", "return 0"],
  ["v9: i64 = smul.trap v1, 2, t", "v3: i64 = sadd.trap v1, v1, t; return v3"],
  ["v9: i8 = umul.trap v1, 2, t", "v3: i8 = uadd.trap v1, v1, t; return v3", "i8"],
  ["v8: i64 = and v1, 16\nv9: i8 = eq v8, 16", "v3: i64 = and v1, 16; v4: i8 = ne v3, 0; return v4", "i64", "i8"],
  ["v8: i8 = and v1, -128\nv9: i8 = ne v8, -128", "v3: i8 = and v1, -128; v4: i8 = eq v3, 0; return v4", "i8", "i8"],
  ["v8: i64 = and v1, 6\nv9: i8 = eq v8, 6", "v3: i64 = and v1, 6; v4: i8 = eq v3, 6; return v4", "i64", "i8"],
  ["v9: i64 = sadd.trap 9223372036854775807, 1, t", "v3: i64 = sadd.trap 9223372036854775807, 1, t; return v3"],
  ["v9: i64 = shl v1, 64", "return v1"],
  ["v8: i64 = shl v1, 5\nv9: i64 = shl v8, 3", "v3: i64 = shl v1, 5; v4: i64 = shl v1, 8; return v4"],
  ["v8: i32 = lshr v1, 20\nv9: i32 = lshr v8, 12", "v3: i32 = lshr v1, 20; return 0", "i32"],
  ["v8: i8 = slt 5:i64, v1\nv9: i8 = eq v8, 0", "v3: i8 = sgt v1, 5; v4: i8 = sle v1, 5; return v4", "i64", "i8"],
  ["v9: i8 = ult v1, 0", "return 0", "i64", "i8"],
  ["v8: i64 = sext v1\nv9: i8 = slt v8, 100", "v3: i64 = sext v1; v4: i8 = slt v1, 100; return v4", "i32", "i8"],
  ["v8: i64 = zext v1\nv9: i8 = slt v8, 100", "v3: i64 = zext v1; v4: i8 = ult v1, 100; return v4", "i32", "i8"],
  ["v5: i8 = slt v1, v2\nv6: i8 = sgt v1, v2\nv7: i64 = zext v6\nv8: i64 = select v5, -1, v7\nv9: i8 = sge v8, 0", "v3: i8 = slt v1, v2; v4: i8 = sgt v1, v2; v5: i64 = zext v4; v6: i64 = select v3, -1, v5; v7: i8 = sge v1, v2; return v7", "i64", "i8"],
  ["v5: i8 = ult v1, v2\nv6: i8 = ugt v1, v2\nv7: i64 = zext v6\nv8: i64 = select v5, -1, v7\nv9: i8 = sgt v8, 0", "v3: i8 = ult v1, v2; v4: i8 = ugt v1, v2; v5: i64 = zext v4; v6: i64 = select v3, -1, v5; v7: i8 = ugt v1, v2; return v7", "i64", "i8"],
  ["v5: i8 = ult v1, v2\nv6: i8 = ugt v2, v1\nv7: i64 = zext v6\nv8: i64 = select v5, -1, v7\nv9: i8 = sgt v8, 0", "v3: i8 = ult v1, v2; v4: i8 = ugt v2, v1; v5: i64 = zext v4; v6: i64 = select v3, -1, v5; v7: i8 = sgt v6, 0; return v7", "i64", "i8"],
  ["v6: i8 = uge v1, v2\nv7: i8 = ugt v1, v2\nv8: i8 = add v6, v7\nv9: i8 = eq v8, 0", "v3: i8 = uge v1, v2; v4: i8 = ugt v1, v2; v5: i8 = add v3, v4; v6: i8 = ult v1, v2; return v6", "i64", "i8"],
  ["v6: i8 = sge v1, v2\nv7: i8 = sgt v1, v2\nv8: i8 = add v7, v6\nv9: i8 = ult v8, 2", "v3: i8 = sge v1, v2; v4: i8 = sgt v1, v2; v5: i8 = add v4, v3; v6: i8 = sle v1, v2; return v6", "i64", "i8"],
  ["v7: i64 = zext v1\nv8: i64 = add v7, -1\nv9: i8 = slt v8, 0", "v3: i64 = zext v1; v4: i64 = add v3, -1; v5: i8 = eq v1, 0; return v5", "i8", "i8"],
  ["v8: i64 = sext v1\nv9: i32 = trunc v8", "v3: i64 = sext v1; return v1", "i32"],
  ["v8: i8 = eq v1, v2\nv9: i64 = select v8, v1, v1", "v3: i8 = eq v1, v2; return v1"],
  ["v8: i8 = eq v1, v2\nv9: i64 = select v8, 1, 0", "v3: i8 = eq v1, v2; v4: i64 = zext v3; return v4"],
  ["v8: i8 = eq v1, v2\nv9: i64 = select v8, 0, 1", "v3: i8 = eq v1, v2; v4: i64 = select v3, 0, 1; return v4"],
  ["v8: i8 = trunc v1\nv9: i64 = select v8, 1, 0", "v3: i8 = trunc v1; v4: i64 = select v3, 1, 0; return v4"],
  ["v8: i8 = flt v1, v2\nv9: i8 = eq v8, 0", "v3: i8 = flt v1, v2; v4: i8 = eq v3, 0; return v4", "f64", "i8"], // NaN: not fge
  ["v9: f64 = fdiv v1, 4.0", "v3: f64 = fmul v1, 0.25; return v3", "f64"],
  ["v9: f64 = fdiv v1, 3.0", "v3: f64 = fdiv v1, 3.0; return v3", "f64"],
  ["v9: f64 = fadd v1, 0.0", "v3: f64 = fadd v1, 0.0; return v3", "f64"], // -0.0 + 0.0 is 0.0
  ["v9: f64 = fsub v1, 0.0", "return v1", "f64"],
  ["v8: ptr = ptr.add v1, 8\nv7: ptr = ptr.add v8, 16\nv9: ptr = ptr.add v7, -24", "v3: ptr = ptr.add v1, 8; v4: ptr = ptr.add v1, 24; return v1", "ptr"],
];
for (const [instruction, expected, type, result] of cases) test(instruction.replaceAll("\n", "; "), () => expect(returned(instruction, type, result)).toBe(expected));

const wide: readonly (readonly [string, string])[] = [
  // The product of two words and two words more fit, a third does not.
  ["v5: i128 = umul.trap v3, v4, t\nv6: i128 = uadd.trap v5, v3, t\nv7: i128 = uadd.trap v6, v4, t\nv8: i128 = uadd.trap v7, v4, t",
    "v5: i128 = mul v3, v4; v6: i128 = add v5, v3; v7: i128 = add v6, v4; v8: i128 = uadd.trap v7, v4, t"],
  // A sum that may have wrapped tells nothing.
  ["v5: i128 = uadd.trap v3, -1, t\nv6: i128 = add v5, 5\nv7: i128 = lshr v6, 100\nv8: i128 = umul.trap v7, v3, t",
    "v5: i128 = uadd.trap v3, -1, t; v6: i128 = add v5, 5; v7: i128 = lshr v6, 100; v8: i128 = mul v7, v3"],
  ["v6: i128 = add v3, -1\nv8: i128 = uadd.trap v6, v3, t", "v5: i128 = add v3, -1; v6: i128 = uadd.trap v5, v3, t"],
  ["v5: i128 = sext v1\nv6: i128 = smul.trap v5, v5, t\nv7: i128 = ssub.trap v6, v5, t\nv8: i128 = smul.trap v7, v5, t",
    "v5: i128 = sext v1; v6: i128 = mul v5, v5; v7: i128 = sub v6, v5; v8: i128 = smul.trap v7, v5, t"],
  ["v5: i128 = sext v1\nv6: i128 = uadd.trap v5, v3, t\nv8: i128 = and v6, 255", "v5: i128 = sext v1; v6: i128 = uadd.trap v5, v3, t; v7: i128 = and v6, 255"],
];
for (const [instructions, expected] of wide) test(instructions.replaceAll("\n", "; "), () => {
  const text = `trap t\nfunc @f(i64, i64) -> i128 {\nb0(v1: i64, v2: i64):\n  v3: i128 = zext v1\n  v4: i128 = zext v2\n  ${instructions.replaceAll("\n", "\n  ")}\n  return v8\n}`;
  expect(bodyAfter(text, [simplify]).split("\n").slice(3, -1).join("; ")).toBe(expected);
});

test("addresses fold into offsets", () => {
  expect(bodyAfter("func @f(ptr) -> i32 {\nb0(v1: ptr):\n  v2: ptr = ptr.add v1, 12\n  store 1:i32, v2, 4\n  v3: i32 = load v2, -12\n  return v3\n}", [simplify]))
    .toBe("b0(v1: ptr):\nv2: ptr = ptr.add v1, 12\nstore 1:i32, v1, 16\nv3: i32 = load v1\nreturn v3");
});

test("what is loaded from data that nobody writes is known, but for addresses", () => {
  const data = 'data @text size 16 align 8 = "\\05\\ff\\01"\ndata @cell size 8 align 8 writable = "\\05"';
  const after = (load: string): string => bodyAfter(`${data}\nfunc @f() -> i64 {\nb0:\n  v1: ${load}\n  v2: i64 = sext v1\n  return v2\n}`, [simplify]).split("\n").slice(1).join("; ");
  expect([after("i8 = load @text"), after("i16 = load @text, 1"), after("i32 = load @text+13"), after("i8 = load @cell")])
    .toEqual(["return 5", "return 511", "v1: i32 = load @text+13; v2: i64 = sext v1; return v2", "v1: i8 = load @cell; v2: i64 = sext v1; return v2"]);
});

test("a check that always fails ends its block, one that never does goes", () => {
  expect(bodyAfter("trap t\nfunc @f(i64) -> i64 {\nb0(v1: i64):\n  trap.if 0, t\n  trap.if 1, t(v1)\n  v2: i64 = add v1, 1\n  jump b1(v2)\nb1(v3: i64):\n  return v3\n}", [simplify]))
    .toBe("b0(v1: i64):\ntrap t(v1)");
});

const flows: readonly (readonly [string, string, string])[] = [
  ["constant branch", "  branch 1, b1, b2\nb1:\n  return 1\nb2:\n  return 2", "return 1"],
  ["both ways alike", "  branch v1, b1(5), b1(5)\nb1(v2: i64):\n  return v2", "return 5"],
  ["a block that only jumps", "  branch v1, b1, b2\nb1:\n  jump b3(1)\nb2:\n  jump b3(2)\nb3(v2: i64):\n  return v2", "branch v1, b1(1), b1(2)\nb1(v2: i64):\nreturn v2"],
  ["switch on a constant", "  switch 7:i64, [3: b1, 7: b2], b1\nb1:\n  return 1\nb2:\n  return 2", "return 2"],
  ["switch with one case", "  v2: i64 = sext v1\n  switch v2, [3: b1, 4: b2], b2\nb1:\n  return 1\nb2:\n  return 2",
    "v2: i64 = sext v1\nv3: i8 = eq v2, 3\nbranch v3, b1, b2\nb1:\nreturn 1\nb2:\nreturn 2"],
  ["an empty endless loop stays", "  jump b1\nb1:\n  jump b1", "jump b1\nb1:\njump b1"],
  ["unreachable blocks go", "  return 1\nb1:\n  jump b2\nb2:\n  jump b1", "return 1"],
];
for (const [name, body, expected] of flows)
  test(`flow: ${name}`, () => expect(bodyAfter(`func @f(i8) -> i64 {\nb0(v1: i8):\n${body}\n}`, [simplifyFlow])).toBe(`b0(v1: i8):\n${expected}`));
