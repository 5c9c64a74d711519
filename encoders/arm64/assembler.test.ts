import { expect, test } from "bun:test";
import { Assembler } from "./assembler.ts";
import { decodeBitmask, encodeBitmask } from "./bitmask.ts";
import { disassemble } from "./disassembler.ts";
import { encode } from "./encode.ts";
import { FIXUP_LDST64 } from "./fixups.ts";
import { decodeFloat8, encodeFloat8 } from "./float8.ts";
import { ASR, EQ, FP, GT, LR, LSL, NE, SP, SXTW, UXTX, ZR } from "./registers.ts";
import { memoryWord, word } from "./table.ts";

/** The text of what `write` assembles. */
function text(write: (asm: Assembler) => void): string[] {
  const asm = new Assembler(16);
  asm.beginRegion();
  write(asm);
  asm.endRegion();
  return Array.from({ length: asm.length / 4 }, (_, i) => disassemble(asm.bytes, i * 4));
}

test("each form writes its operands where the manual has them", () => {
  expect(text((asm) => {
    asm.rr(word("rbit"), 1, 3, 4);
    asm.rrr(word("udiv"), 0, 1, 2, 3);
    asm.rrrr(word("madd"), 1, 1, 2, 3, 4);
    asm.rrrr(word("madd"), 1, 1, 2, 3, ZR);
    asm.shifted(word("add_shifted"), 1, 0, 1, 2, ASR, 63);
    asm.shifted(word("subs_shifted"), 0, ZR, 1, 2, LSL, 0);
    asm.extended(word("add_extended"), 1, SP, SP, 2, UXTX, 0);
    asm.extended(word("subs_extended"), 1, ZR, SP, 2, SXTW, 2);
    asm.immediate(word("sub_immediate"), 1, SP, SP, 4095);
    asm.immediate(word("add_immediate"), 0, 1, 2, 4096);
    asm.immediate(word("add_immediate"), 1, FP, SP, 0);
    asm.bitmask(word("and_immediate"), 1, 1, 2, encodeBitmask(0xff00ff, 0xff00ff, true));
    asm.moveWide(word("movk"), 1, 5, 0xabcd, 3);
    asm.bitfield(word("ubfm"), 1, 1, 2, 60, 59);
    asm.bitfield(word("sbfm"), 0, 1, 2, 8, 15);
    asm.select(word("csinc"), 0, 1, ZR, ZR, NE);
    asm.ff(word("fsqrt"), 1, 1, 2);
    asm.fff(word("fadd"), 0, 1, 2, 3);
    asm.ffff(word("fmsub"), 1, 1, 2, 3, 31);
    asm.floatSelect(word("fcsel"), 1, 1, 2, 3, GT);
    asm.convert(word("fcvtzs"), 1, 0, 1, 2);
  })).toEqual([
    "rbit x3, x4", "udiv w1, w2, w3", "madd x1, x2, x3, x4", "mul x1, x2, x3", "add x0, x1, x2, asr #63", "cmp w1, w2", "add sp, sp, x2", "cmp sp, w2, sxtw #2",
    "sub sp, sp, #4095", "add w1, w2, #1, lsl #12", "mov x29, sp", "and x1, x2, #0xff00ff00ff00ff", "movk x5, #43981, lsl #48", "lsl x1, x2, #4", "sbfx w1, w2, #8, #8",
    "cset w1, eq", "fsqrt d1, d2", "fadd s1, s2, s3", "fmsub d1, d2, d3, d31", "fcsel d1, d2, d3, gt", "fcvtzs x1, s2",
  ]);
});

test("memory in every form of address", () => {
  expect(text((asm) => {
    asm.unsigned(memoryWord("ldr_x_unsigned"), 1, SP, 2);
    asm.unsigned(memoryWord("strb_unsigned"), 1, 2, 4095);
    asm.nine(memoryWord("ldr_q_unscaled"), 1, 2, -256);
    asm.nine(memoryWord("str_x_pre"), 1, SP, -16);
    asm.nine(memoryWord("ldrsb_w_post"), 1, 2, 255);
    asm.indexed(memoryWord("ldr_w_register"), 1, 2, 3, SXTW, 1);
    asm.indexed(memoryWord("str_d_register"), 1, 2, 3, UXTX, 0);
    asm.pair(memoryWord("stp_x_pre"), FP, LR, SP, -2);
    asm.pair(memoryWord("ldp_q_offset"), 1, 2, 3, 63);
    asm.atomic(memoryWord("stlxr_64"), 1, 2, 3);
    asm.atomic(memoryWord("ldaddal_8"), 1, 2, SP);
  })).toEqual([
    "ldr x1, [sp, #16]", "strb w1, [x2, #4095]", "ldur q1, [x2, #-256]", "str x1, [sp, #-16]!", "ldrsb w1, [x2], #255", "ldr w1, [x2, w3, sxtw #2]", "str d1, [x2, x3]",
    "stp x29, x30, [sp, #-16]!", "ldp q1, q2, [x3, #1008]", "stlxr w1, x2, [x3]", "ldaddalb w1, w2, [sp]",
  ]);
});

test("labels, forwards and backwards, of branches, addresses and literals", () => {
  expect(text((asm) => {
    const [back, ahead] = [asm.newLabel(), asm.newLabel()];
    asm.bind(back);
    asm.jump(ahead);
    asm.jumpIf(EQ, back);
    asm.jumpZero(1, 1, 3, ahead);
    asm.jumpBit(0, 3, 40, back);
    asm.address(4, ahead);
    asm.literal(memoryWord("ldr_literal_d"), 5, ahead);
    asm.bind(ahead);
    asm.emit(word("nop"));
  })).toEqual(["b .+24", "b.eq .-4", "cbnz x3, .+16", "tbz x3, #40, .-12", "adr x4, .+8", "ldr d5, .+4", "nop"]);
});

test("symbols leave fixups", () => {
  const asm = new Assembler();
  asm.beginRegion();
  asm.callSymbol(7);
  asm.page(1, 8, 4);
  asm.pageOffset(1, 1, 8, 4);
  asm.pageAccess(memoryWord("ldr_x_unsigned"), FIXUP_LDST64, 1, 1, 8, 4);
  asm.jumpSymbol(9);
  asm.endRegion();
  const names = ["", "", "", "", "", "", "", "callee", "table", "next"];
  const at = new Map(Array.from({ length: asm.fixupCount }, (_, i) => [asm.fixupAt(i), { name: names[asm.fixupSymbol(i)] as string, addend: asm.fixupAddend(i) }]));
  const symbols = { fixup: (offset: number) => at.get(offset), target: () => undefined };
  expect(Array.from({ length: asm.length / 4 }, (_, i) => disassemble(asm.bytes, i * 4, symbols))).toEqual([
    "bl callee", "adrp x1, table+4", "add x1, x1, :lo12:table+4", "ldr x1, [x1, :lo12:table+4]", "b next",
  ]);
});

test("what does not fit is refused", () => {
  const asm = new Assembler();
  for (const bad of [
    () => asm.immediate(word("add_immediate"), 1, 0, 0, 4097), () => asm.immediate(word("add_immediate"), 1, 0, 0, -1), () => asm.nine(memoryWord("ldr_x_pre"), 0, 1, 256),
    () => asm.pair(memoryWord("ldp_x_offset"), 0, 1, 2, 64), () => asm.unsigned(memoryWord("ldr_x_unsigned"), 0, 1, -1),
    () => encode("add_8b", { rd: 32 }), () => encode("add_8b", { ra: 1 }), () => encode("add_shifted", { shift: 3 }), () => encode("lsl", {}), () => encode("add_1d", {}),
    () => encode("and_immediate", { bits: 63 }), () => encode("casp_32", { rs: 1, rt: 2 }), () => encode("ubfm", { imms: 32 }),
  ]) expect(bad).toThrow("encoders/arm64");
});

test("any row by its fields", () => {
  const words = [
    encode("tbl2_16b", { rd: 0, rn: 31, rm: 1 }), encode("ushr_4s", { rd: 1, rn: 2, imm: 31 }), encode("ld1_4_post_16b", { rt: 0, rn: 1, rm: 31 }), encode("fmla_element_2d", { rd: 1, rn: 2, rm: 3, h: 1 }),
    encode("mrs", { sysreg: 0x5e82, rt: 3 }), encode("caspal_64", { rs: 0, rt: 2, rn: 4 }), encode("ldr_x_unscaled", { rt: 1, rn: 2, simm9: -8 }), encode("sbfm", { sf: 1, rd: 1, rn: 2, imms: 31 }),
  ];
  const bytes = new Uint8Array(new Int32Array(words).buffer);
  expect(words.map((_, i) => disassemble(bytes, i * 4))).toEqual([
    "tbl v0.16b, { v31.16b, v0.16b }, v1.16b", "ushr v1.4s, v2.4s, #1", "ld1 { v0.16b, v1.16b, v2.16b, v3.16b }, [x1], #64", "fmla v1.2d, v2.2d, v3.d[1]",
    "mrs x3, tpidr_el0", "caspal x0, x1, x2, x3, [x4]", "ldur x1, [x2, #-8]", "sxtw x1, w2",
  ]);
});

test("bitmasks: every one that the manual has, and no other", () => {
  for (const [wide, count] of [[true, 5334], [false, 1302]] as const) {
    const values = new Set<bigint>();
    for (let bits = 0; bits < 8192; bits++) {
      const value = decodeBitmask(bits, wide);
      if (value === undefined) continue;
      values.add(value);
      const [low, high] = wide ? [Number(value & 0xffffffffn), Number(value >> 32n)] : [Number(value), Number(value)];
      const again = encodeBitmask(low, high, wide);
      expect(again).toBeGreaterThanOrEqual(0);
      expect(decodeBitmask(again, wide)).toBe(value);
    }
    expect(values.size).toBe(count);
  }
  for (const [low, high] of [[0, 0], [0xffffffff, 0xffffffff], [5, 0], [0x12345678, 0], [1, 2], [0xff00ff, 0xff00fe], [0xf0f0f0f1, 0xf0f0f0f1]] as const) expect(encodeBitmask(low, high, true)).toBe(-1);
});

test("floats of eight bits: all of them, and their neighbours are none", () => {
  for (let bits = 0; bits < 256; bits++) {
    expect(encodeFloat8(decodeFloat8(bits))).toBe(bits);
    expect(encodeFloat8(decodeFloat8(bits) * 1.0001)).toBe(-1);
  }
  for (const none of [0, -0, 0.1, 32, Infinity, NaN, 1 / 9]) expect(encodeFloat8(none)).toBe(-1);
});
