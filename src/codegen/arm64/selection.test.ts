/** Which instructions functions become: the rows of the encoder's table, in order, up to the stubs of failed checks. */
import { expect, test } from "bun:test";
import { findRow } from "../../../encoders/arm64/table.ts";
import { generate } from "../generate.ts";
import type { Level } from "../options.ts";
import { parse } from "../testing.ts";
import { arm64 } from "./target.ts";

/** The rows of function `f`, the last one of `text`. */
function rowsOf(text: string, level: Level = "O1"): string {
  const module = parse(`trap t\n${text}`);
  const { object, trace, textSection } = generate(arm64, module, [...module.functions.keys()], { level, verify: true });
  const f = trace.functionCount - 1;
  const code = object.sections[textSection].content();
  const view = new DataView(code.buffer, code.byteOffset + trace.functionStart[f], trace.functionSize[f]);
  const names = Array.from({ length: view.byteLength / 4 }, (_, i) => findRow(view.getInt32(i * 4, true))?.name ?? "?");
  return names.join(" ").replace(/( udf)+$/, "");
}

/** Of a function of two numbers whose body is these lines. */
const body = (lines: string, type = "i64", result = type): string => rowsOf(`func @f(${type}, ${type}) -> ${result} {\nb0(v1: ${type}, v2: ${type}):\n${lines.split("; ").map((line) => `  ${line}`).join("\n")}\n}\n`);

const cases: readonly (readonly [string, string, string?, string?])[] = [
  // second operands
  ["v3: i64 = shl v2, 3; v4: i64 = add v1, v3; return v4", "add_shifted ret"],
  ["v3: i64 = lshr v1, 3; v4: i64 = xor v3, v2; return v4", "eor_shifted ret"],
  ["v3: i64 = rotr v2, 3; v4: i64 = or v1, v3; return v4", "orr_shifted ret"],
  ["v3: i64 = xor v2, -1; v4: i64 = and v1, v3; return v4", "bic_shifted ret"],
  ["v3: i64 = xor v2, -1; return v3", "orn_shifted ret"],
  ["v3: i32 = trunc v2; v4: i64 = sext v3; v5: i64 = shl v4, 2; v6: i64 = sub v1, v5; return v6", "sub_extended ret"],
  ["v3: i64 = add v1, -7; return v3", "sub_immediate ret"],
  ["v3: i64 = and v1, 255; return v3", "and_immediate ret"],
  ["v3: i64 = sub 0, v1; return v3", "sub_shifted ret"],
  ["v3: i64 = mul v1, v2; v4: i64 = add v3, v1; return v4", "madd ret"],
  ["v3: i64 = mul v1, v2; v4: i64 = sub v1, v3; return v4", "msub ret"],
  ["v3: i64 = mul v1, 9; return v3", "add_shifted ret"],
  // carries and truths
  ["v3: i64 = add v1, v2; v4: i8 = ult v3, v1; v5: i64 = zext v4; v6: i64 = add v2, v5; v7: i64 = xor v3, v6; return v7", "adds_shifted adc eor_shifted ret"],
  ["v3: i64 = sub v1, v2; v4: i8 = ult v1, v2; v5: i64 = zext v4; v6: i64 = sub v2, v5; v7: i64 = xor v3, v6; return v7", "subs_shifted sbc eor_shifted ret"],
  ["v4: i8 = ult v1, v2; v5: i64 = zext v4; v6: i64 = sub v2, v5; return v6", "subs_shifted sbc ret"],
  ["v3: i8 = slt v1, v2; v4: i64 = zext v3; v5: i64 = add v1, v4; return v5", "subs_shifted csinc ret"],
  ["v3: i8 = uge v1, v2; v4: i8 = ugt v1, v2; v5: i8 = add v3, v4; return v5", "subs_shifted csinc subs_shifted csinc ret", "i64", "i8"],
  // amounts
  ["v3: i32 = trunc v2; v4: i64 = zext v3; v5: i64 = lshr v1, v4; return v5", "lsrv ret"],
  ["v3: i64 = and v2, 63; v4: i64 = shl v1, v3; return v4", "lslv ret"],
  ["v3: i64 = and v2, 31; v4: i64 = shl v1, v3; return v4", "and_immediate lslv ret"],
  // fields
  ["v3: i64 = lshr v1, 5; v4: i64 = and v3, 1023; return v4", "ubfm ret"],
  ["v3: i32 = add v1, v2; v4: i64 = zext v3; return v4", "add_shifted ret", "i32", "i64"],
  ["v3: i64 = sext v1; return v3", "sbfm ret", "i32", "i64"],
  // constants
  ["return 4294967296", "movz ret"],
  ["return -2", "movn ret"],
  ["return 6148914691236517205", "orr_immediate ret"],
  ["return 19088743", "movz movk ret"],
  ["return 1.5:f64", "fmov_immediate ret", "f64"],
  ["return 0.0:f64", "movi_d ret", "f64"],
  // conditions
  ["v3: i8 = slt v1, v2; return v3", "subs_shifted csinc ret", "i64", "i8"],
  ["v3: i8 = eq v1, -4; return v3", "adds_immediate csinc ret", "i64", "i8"],
  ["v3: i8 = slt v1, v2; v4: i64 = select v3, v1, v2; return v4", "subs_shifted csel ret"],
  ["v3: i8 = slt v1, v2; v4: i64 = add v2, 1; v5: i64 = select v3, v1, v4; return v5", "subs_shifted csinc ret"],
  ["v3: i8 = slt v1, v2; v4: i64 = sub 0, v2; v5: i64 = select v3, v4, v1; return v5", "subs_shifted csneg ret"],
  ["v3: i8 = eq v1, 5; v4: i8 = ult v2, v1; v5: i8 = and v3, v4; return v5", "subs_immediate ccmp_register csinc ret", "i64", "i8"],
  // checks
  ["v3: i64 = sadd.trap v1, v2, t; return v3", "adds_shifted b_cond ret"],
  ["v3: i64 = ssub.trap v1, 9, t; return v3", "subs_immediate b_cond ret"],
  ["v3: i64 = smul.trap v1, v2, t; return v3", "madd smulh subs_shifted b_cond orr_shifted ret"],
  ["v3: i64 = smul.trap v1, 8, t; return v3", "ubfm subs_shifted b_cond orr_shifted ret"],
  ["v3: i64 = umul.trap v1, 8, t; return v3", "ubfm subs_shifted b_cond orr_shifted ret"],
  ["v3: i32 = smul.trap v1, v2, t; return v3", "smaddl subs_extended b_cond ret", "i32"],
  ["v3: i8 = eq v1, 0; trap.if v3, t; return v2", "cbz orr_shifted ret"],
  ["v3: i64 = and v1, 64; v4: i8 = ne v3, 0; trap.if v4, t; return v2", "tbnz orr_shifted ret"],
  ["v3: i8 = slt v1, 0; trap.if v3, t; return v2", "tbnz orr_shifted ret"],
];
for (const [lines, expected, type, result] of cases) test(lines, () => expect(body(lines, type, result)).toBe(expected));

test("accesses: offsets, indexes, symbols, pairs, zeros, with sign", () => {
  const of = (lines: string): string => rowsOf(`data @word size 8 align 8 writable\nfunc @f(ptr, i64) -> i64 {\nb0(v1: ptr, v2: i64):\n${lines}\n}\n`);
  expect(of("  v3: i64 = load v1, 32\n  return v3")).toBe("ldr_x_unsigned ret");
  expect(of("  v3: i64 = load v1, -8\n  return v3")).toBe("ldr_x_unscaled ret");
  expect(of("  v3: i64 = shl v2, 3\n  v4: ptr = ptr.add v1, v3\n  v5: i64 = load v4\n  return v5")).toBe("ldr_x_register ret");
  expect(of("  v3: i64 = load @word\n  return v3")).toBe("adrp ldr_x_unsigned ret");
  expect(of("  v3: i64 = load @word, 1\n  return v3")).toBe("adrp add_immediate ldr_x_unsigned ret");
  expect(of("  store v2, v1\n  store 0:i64, v1, 8\n  return v2")).toBe("stp_x_offset orr_shifted ret");
  expect(of("  v3: i64 = load v1, 16\n  v4: i64 = load v1, 24\n  v5: i64 = add v3, v4\n  return v5")).toBe("ldp_x_offset add_shifted ret");
  expect(of("  v3: i16 = load v1\n  v4: i64 = sext v3\n  return v4")).toBe("ldrsh_x_unsigned ret");
  expect(of("  v3: i8 = load v1\n  v4: i64 = zext v3\n  return v4")).toBe("ldrb_unsigned ret");
});

test("loads of neighbours come together over what does not write or fail", () => {
  const of = (between: string) => rowsOf(`func @f(ptr, ptr) -> f64 {
b0(v1: ptr, v2: ptr):
  v3: f64 = load v1
  v4: f64 = load v2
  v5: f64 = fsub v3, v4
${between}  v6: f64 = load v1, 8
  v7: f64 = load v2, 8
  v8: f64 = fsub v6, v7
  v9: f64 = fadd v5, v8
  return v9
}
`);
  expect(of("")).toBe("ldp_d_offset ldp_d_offset fsub fsub fadd ret");
  expect(of("  store 0:i64, v1, 16\n")).toContain("ldr_d_unsigned ldr_d_unsigned fsub str_x_unsigned");
  expect(of("  v10: i8 = eq v1, v2\n  trap.if v10, t\n")).not.toContain("ldp");
});

test("a loop steps its pointer with the access, and keeps what is long to make in a register", () => {
  const text = `func @f(ptr, i64) -> i64 {
b0(v1: ptr, v2: i64):
  jump b1(v1, v2, 0)
b1(v3: ptr, v4: i64, v5: i64):
  v6: i64 = load v3
  v7: i64 = mul v6, 1234567
  v8: i64 = xor v5, v7
  v9: ptr = ptr.add v3, 8
  v10: i64 = add v4, -1
  v11: i8 = ne v10, 0
  branch v11, b1(v9, v10, v8), b2
b2:
  return v8
}
`;
  expect(rowsOf(text)).toBe("movz movk movz ldr_x_unsigned madd eor_shifted add_immediate sub_immediate cbnz orr_shifted ret".replace("ldr_x_unsigned", "ldr_x_post").replace("add_immediate ", ""));
});

test("a loop's way back makes its moves before the branch, unless they are in the way where it is left", () => {
  const of = (left: string) => rowsOf(`func @f(i64, i64) -> i64 {
b0(v1: i64, v9: i64):
  jump b1(v9, 1, v1)
b1(v2: i64, v3: i64, v4: i64):
  v5: i64 = mul v2, v3
  v6: i64 = add v4, -1
  v7: i8 = ne v6, 0
  branch v7, b1(v3, v5, v6), b2
b2:
  return ${left}
}
`);
  const loop = (rows: string) => rows.slice(rows.indexOf("madd"));
  expect(loop(of("7"))).toMatch(/^madd sub_immediate (orr_shifted )+cbnz movz ret$/);
  expect(of("v3")).toContain(" b ");
});

test("what was compared just before is not compared again, unless another way leads there", () => {
  const of = (target: string) => rowsOf(`func @f(i64, i64) -> i64 {
b0(v1: i64, v2: i64):
  v3: i8 = eq v1, 7
  branch v3, b4, b1
b1:
  v4: i8 = slt v1, v2
  branch v4, b2, b3
b2:
  v5: i8 = uge v1, v2
  trap.if v5, t
  return v2
b3:
  return 5
b4:
  jump ${target}
}
`);
  const count = (rows: string) => rows.split(" ").filter((row) => row === "subs_shifted").length;
  expect(count(of("b3"))).toBe(1);
  expect(count(of("b2"))).toBe(2);
});

test("a constant that one instruction makes stays in a register through a loop too, unless the loop calls something", () => {
  const loop = (inner: string) => rowsOf(`import func @g()\nfunc @f(ptr, i64) {
b0(v1: ptr, v2: i64):
  jump b1(v1)
b1(v3: ptr):
  store 7:i8, v3
${inner}  v4: ptr = ptr.add v3, v2
  v5: i8 = ult v4, v1
  branch v5, b1(v4), b2
b2:
  return
}
`);
  expect(loop("")).toBe("movz orr_shifted strb_unsigned add_shifted subs_shifted b_cond ret");
  const calling = loop("  call @g()\n").split(" ");
  // From the branch back: what stands between its target and it.
  expect(calling.slice(calling.indexOf("movz"), calling.indexOf("b_cond") + 1).join(" ")).toBe("movz strb_unsigned bl add_shifted subs_shifted b_cond");
});

test("a step of a table of cases: the number is the index where it can be", () => {
  const of = (type: string, first: number, otherwise: string) => rowsOf(`func @f(ptr) -> i64 {
b0(v1: ptr):
  v2: ${type} = load v1
  switch v2, [${[0, 1, 2, 3, 4].map((i) => `${first + i}: b${i + 1}`).join(", ")}], b6
b1:
  return 5
b2:
  return 7
b3:
  return 9
b4:
  return 11
b5:
  return 13
b6:
  ${otherwise}
}
`).split(" ret")[0];
  expect(of("i8", 0, "return 1")).toBe("ldrb_unsigned subs_immediate b_cond adrp add_immediate ldrsw_register add_shifted br movz");
  expect(of("i64", 3, "return 1")).toBe("ldr_x_unsigned sub_immediate subs_immediate b_cond adrp add_immediate ldrsw_register add_shifted br movz");
  expect(of("i8", -2, "unreachable")).toBe("ldrb_unsigned sbfm movn sub_shifted adrp add_immediate ldrsw_register add_shifted br movz");
});

test("a truth that comes to a block as a number with zeros above it is no test of bits", () => {
  const text = (other: string) => `func @f(i64, i64, i8) -> i64 {
b0(v1: i64, v2: i64, v9: i8):
  v3: i8 = slt v1, 0
  branch v3, b1, b2
b1:
  v4: i8 = ult v1, v2
  jump b3(v4)
b2:
  v5: i64 = mul v1, v2
  jump b3(${other})
b3(v6: i8):
  branch v6, b4, b5
b4:
  return v1
b5:
  return v2
}
`;
  expect(rowsOf(text("1:i8"))).toContain("cbz");
  expect(rowsOf(text("v9"))).not.toContain("cbz");
});

test("an address that is in a register anyway is no base and index: neighbours become pairs", () => {
  const text = `func @f(ptr, i64, i64) {
b0(v1: ptr, v2: i64, v3: i64):
  v4: i64 = shl v2, 4
  v5: ptr = ptr.add v1, v4
  store v2, v5
  store v3, v5, 8
  return
}
`;
  expect(rowsOf(text)).toBe("add_shifted stp_x_offset ret");
});

test("frames: none, of a leaf, of pairs, later than at the entry", () => {
  expect(rowsOf("func @f(i64) -> i64 {\n  slot s0 24 align 8\nb0(v1: i64):\n  store v1, s0, 16\n  v2: i64 = load s0, 16\n  return v2\n}\n")).toBe("sub_immediate str_x_unsigned ldr_x_unsigned add_immediate ret");
  expect(rowsOf("import func @g(i64) -> i64\nfunc @f(i64) -> i64 {\nb0(v1: i64):\n  v2: i64 = call @g(v1)\n  v3: i64 = add v2, v1\n  return v3\n}\n"))
    .toBe("stp_x_pre stp_x_pre orr_shifted bl add_shifted ldp_x_post ldp_x_post ret");
  expect(rowsOf("import func @g(i64) -> i64\nfunc @f(i64) -> i64 {\nb0(v1: i64):\n  v2: i8 = eq v1, 0\n  branch v2, b1, b2\nb1:\n  return 0\nb2:\n  v3: i64 = call @g(v1)\n  return v3\n}\n"))
    .toBe("cbnz movz ret stp_x_pre bl ldp_x_post ret");
});
