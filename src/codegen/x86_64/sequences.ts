/** Operations that take several instructions, with registers given: the same code at every level. */

import type { Assembler } from "../../../encoders/x86_64/assembler.ts";
import { CC_AE, CC_E, CC_NE, CC_NO, CC_NP, CC_NS, CC_P, CC_S, RAX, RCX, RDI, RIP, RSI } from "../../../encoders/x86_64/registers.ts";
import { row } from "../../../encoders/x86_64/table.ts";
import type { ObjectWriter } from "../objectWriter.ts";
import { CC_EQUAL_ORDERED, CC_UNEQUAL_UNORDERED } from "./conditions.ts";
import type { Features } from "./features.ts";
import { floatRows } from "./floatRows.ts";
import type { Platform } from "../platform.ts";
import * as rows from "./rows.ts";

/** After a system call: where the carry flag tells of an error, the error's number becomes negative. */
export function emitCarryToSign(asm: Assembler, platform: Platform): void {
  if (platform.systemCalls !== "carry") return;
  const fine = asm.newLabel();
  asm.jcc(CC_AE, fine);
  asm.r(rows.neg[3], RAX);
  asm.bind(fine);
}

/** A result that came as the two halves of xmm0: the upper one moves to xmm1. */
export function emitPart(asm: Assembler): void {
  asm.rr(row("movhlps_x_x"), 1, 0);
}

/** The other way: xmm1 becomes the upper half of xmm0. */
export function emitJoin(asm: Assembler): void {
  asm.rr(row("movlhps_x_x"), 0, 1);
}

/** Counts bits of the `8 << width` low bits of `from` into `to`; of zero, clz and ctz give the width. All registers differ. */
export function emitBitCount(
  asm: Assembler, which: "clz" | "ctz" | "popcount", width: number, to: number, from: number, scratch: number, second: number,
  features: Features,
): void {
  if (which === "clz") leadingZeros(asm, width, to, from, scratch, features);
  else if (which === "ctz") trailingZeros(asm, width, to, from, scratch, features);
  else populationCount(asm, width, to, from, scratch, second, features);
}

function zeroExtended(asm: Assembler, width: number, to: number, from: number): void {
  asm.rr(width === 3 ? rows.mov64 : width === 2 ? rows.mov32 : rows.movzx[width], to, from);
}

function leadingZeros(asm: Assembler, width: number, to: number, from: number, scratch: number, features: Features): void {
  const bits = 8 << width;
  if (features.lzcnt) {
    if (width >= 2) {
      asm.rr(row(width === 3 ? "lzcnt_r64_rm64" : "lzcnt_r32_rm32"), to, from);
      return;
    }
    zeroExtended(asm, width, to, from);
    asm.rr(row("lzcnt_r32_rm32"), to, to);
    asm.ri(rows.sub.ri[2], to, 32 - bits);
    return;
  }
  if (width === 3) {
    // bsr leaves the target as it was for zero, and sets ZF.
    asm.ri(rows.movR32I32, to, 127);
    asm.rr(row("bsr_r64_rm64"), scratch, from);
    asm.rr(rows.cmov[3] + CC_NE, to, scratch);
    asm.ri(rows.xor.ri[2], to, 63);
    return;
  }
  // The highest bit of 2x + 1 is one above that of x, and bit 0 for zero.
  zeroExtended(asm, width, to, from);
  asm.rm(rows.lea64, to, to, to, 0, 1);
  asm.rr(row("bsr_r64_rm64"), to, to);
  asm.r(rows.neg[2], to);
  asm.ri(rows.add.ri[2], to, bits);
}

function trailingZeros(asm: Assembler, width: number, to: number, from: number, scratch: number, features: Features): void {
  if (width >= 2 && features.bmi1) {
    asm.rr(row(width === 3 ? "tzcnt_r64_rm64" : "tzcnt_r32_rm32"), to, from);
  } else if (width === 3) {
    asm.ri(rows.movR32I32, to, 64);
    asm.rr(row("bsf_r64_rm64"), scratch, from);
    asm.rr(rows.cmov[3] + CC_NE, to, scratch);
  } else {
    asm.rr(rows.mov32, to, from);
    asm.ri(row("bts_rm64_u8"), to, 8 << width); // a bit above: found when there is none below
    asm.rr(row("bsf_r64_rm64"), to, to);
  }
}

/** Sums of neighbours, in fields of 2, 4, 8 bits; a multiplication adds the bytes. */
function populationCount(
  asm: Assembler, width: number, to: number, from: number, scratch: number, second: number, features: Features,
): void {
  if (features.popcnt) {
    if (width < 2) zeroExtended(asm, width, to, from);
    asm.rr(row(width === 3 ? "popcnt_r64_rm64" : "popcnt_r32_rm32"), to, width < 2 ? to : from);
    return;
  }
  const w = width === 3 ? 3 : 2;
  const mask = (register: number, pattern: number): void => {
    if (w === 2) asm.ri(rows.and.ri[2], register, pattern);
    else asm.rr(rows.and.rr[3], register, second);
  };
  const pattern = (value: number): void => {
    if (w === 3) asm.ri64(rows.movabs, second, value, value);
  };
  zeroExtended(asm, width, to, from);
  pattern(0x55555555);
  asm.rr(rows.mov64, scratch, to);
  asm.ri(rows.shr.immediate[w], scratch, 1);
  mask(scratch, 0x55555555);
  asm.rr(rows.sub.rr[w], to, scratch);
  pattern(0x33333333);
  asm.rr(rows.mov64, scratch, to);
  asm.ri(rows.shr.immediate[w], scratch, 2);
  mask(scratch, 0x33333333);
  mask(to, 0x33333333);
  asm.rr(rows.add.rr[w], to, scratch);
  pattern(0x0f0f0f0f);
  asm.rr(rows.mov64, scratch, to);
  asm.ri(rows.shr.immediate[w], scratch, 4);
  asm.rr(rows.add.rr[w], to, scratch);
  mask(to, 0x0f0f0f0f);
  if (w === 2) asm.rri(rows.imulImmediate[2], to, to, 0x01010101);
  else {
    asm.ri64(rows.movabs, second, 0x01010101, 0x01010101);
    asm.rr(rows.imul[3], to, second);
  }
  asm.ri(rows.shr.immediate[w], to, w === 3 ? 56 : 24);
}

/**
 * Float register `from` (f64 if `double`) to an integer of `8 << width` bits in `to`: toward zero, saturating, NaN gives 0.
 * `scratch` is a float register, `from` survives.
 */
export function emitFloatToInteger(
  asm: Assembler, signed: boolean, double: boolean, width: number, to: number, from: number, scratch: number, objects: ObjectWriter,
): void {
  if (width === 3) {
    if (signed) floatToI64(asm, double ? 1 : 0, to, from);
    else floatToU64(asm, double ? 1 : 0, to, from, scratch, objects);
    return;
  }
  // Limits of up to 32 bits are exact as f64: clamp, then convert. min and max give their second operand for NaN, so NaN is met first.
  const float = floatRows();
  const bits = 8 << width;
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const done = asm.newLabel();
  asm.rr(rows.xor.rr[2], to, to);
  asm.rr(float.ucomi[double ? 1 : 0], from, from);
  asm.jcc(CC_P, done);
  if (double) asm.rr(rows.movaps, scratch, from);
  else asm.rr(float.promote, scratch, from);
  asm.rm(float.min[1], scratch, RIP, doubleConstant(objects, high), 0, 0);
  asm.rm(float.max[1], scratch, RIP, doubleConstant(objects, low), 0, 0);
  asm.rr(float.toI64[1], to, scratch);
  asm.bind(done);
}

function floatToI64(asm: Assembler, f: number, to: number, from: number): void {
  const float = floatRows();
  const done = asm.newLabel();
  asm.rr(float.toI64[f], to, from);
  asm.ri(rows.cmp.ri[3], to, 1);
  asm.jcc(CC_NO, done); // only the answer for "does not fit", MIN, overflows here
  asm.rr(float.ucomi[f], from, from);
  const number = asm.newLabel();
  asm.jcc(CC_NP, number);
  asm.rr(rows.xor.rr[2], to, to);
  asm.jump(done);
  asm.bind(number);
  // Positive: MAX is MIN - 1. The sign bit of `from` says which.
  asm.rr(row(f === 1 ? "movmskpd_r32_x" : "movmskps_r32_x"), to, from);
  asm.ri(rows.and.ri[2], to, 1);
  asm.ri(rows.sub.ri[3], to, 1); // negative: 0, positive: -1
  const low = asm.newLabel();
  asm.jcc(CC_E, low);
  asm.ri(rows.shr.immediate[3], to, 1);
  asm.jump(done);
  asm.bind(low);
  asm.ri64(rows.movabs, to, 0, 0x80000000 | 0);
  asm.bind(done);
}

function floatToU64(asm: Assembler, f: number, to: number, from: number, scratch: number, objects: ObjectWriter): void {
  const float = floatRows();
  const limit = f === 1 ? doubleConstant(objects, 2 ** 63) : objects.constant([0x5f000000]);
  const large = asm.newLabel();
  const zero = asm.newLabel();
  const done = asm.newLabel();
  asm.rm(float.ucomi[f], from, RIP, limit, 0, 0);
  asm.jcc(CC_P, zero);
  asm.jcc(CC_AE, large);
  asm.rr(float.toI64[f], to, from);
  asm.rr(rows.test[3], to, to);
  asm.jcc(CC_NS, done);
  asm.bind(zero);
  asm.rr(rows.xor.rr[2], to, to);
  asm.jump(done);
  asm.bind(large);
  asm.rr(rows.movaps, scratch, from);
  asm.rm(float.sub[f], scratch, RIP, limit, 0, 0);
  asm.rr(float.toI64[f], to, scratch);
  const fits = asm.newLabel();
  asm.rr(rows.test[3], to, to);
  asm.jcc(CC_NS, fits);
  asm.ri(rows.movRm64I32, to, -1);
  asm.jump(done);
  asm.bind(fits);
  asm.ri(row("btc_rm64_u8"), to, 63);
  asm.bind(done);
}

/** Unsigned 64-bit `from` to a float; `from` is overwritten, `scratch` is an integer register. */
export function emitU64ToFloat(asm: Assembler, double: boolean, to: number, from: number, scratch: number): void {
  const float = floatRows();
  const f = double ? 1 : 0;
  const large = asm.newLabel();
  const done = asm.newLabel();
  asm.rr(float.xor, to, to);
  asm.rr(rows.test[3], from, from);
  asm.jcc(CC_S, large);
  asm.rr(float.fromI64[f], to, from);
  asm.jump(done);
  asm.bind(large);
  // Halve, keeping the lowest bit sticky so that the rounding stays right, and double.
  asm.rr(rows.mov32, scratch, from);
  asm.ri(rows.and.ri[2], scratch, 1);
  asm.ri(rows.shr.immediate[3], from, 1);
  asm.rr(rows.or.rr[3], from, scratch);
  asm.rr(float.fromI64[f], to, from);
  asm.rr(float.add[f], to, to);
  asm.bind(done);
}

function doubleConstant(objects: ObjectWriter, value: number): number {
  const words = new Int32Array(new Float64Array([value]).buffer);
  return objects.constant([words[0], words[1]]);
}

/** A mask for xorps and its kin, in the low lane. */
export function signMask(objects: ObjectWriter, double: boolean): number {
  return objects.constant(double ? [0, 0x80000000 | 0] : [0x80000000 | 0]);
}

/** Jumps to `label` under a condition, which may be one of two flags. */
export function emitJump(asm: Assembler, condition: number, label: ReturnType<Assembler["newLabel"]>): void {
  if (condition < CC_EQUAL_ORDERED) asm.jcc(condition, label);
  else if (condition === CC_UNEQUAL_UNORDERED) {
    asm.jcc(CC_P, label);
    asm.jcc(CC_NE, label);
  } else {
    const skip = asm.newLabel();
    asm.jcc(CC_P, skip);
    asm.jcc(CC_E, label);
    asm.bind(skip);
  }
}

/** Moves rcx bytes from rsi to rdi, which may overlap: backwards if the target begins within the source. The three registers and `distance` change. */
export function emitMoveBlock(asm: Assembler, distance: number): void {
  const forward = asm.newLabel();
  const done = asm.newLabel();
  asm.rr(rows.mov64, distance, RDI);
  asm.rr(rows.sub.rr[3], distance, RSI);
  asm.rr(rows.cmp.rr[3], distance, RCX);
  asm.jcc(CC_AE, forward);
  asm.rm(rows.lea64, RDI, RDI, RCX, 0, -1);
  asm.rm(rows.lea64, RSI, RSI, RCX, 0, -1);
  asm.op(rows.std);
  asm.op(rows.repMovsb);
  asm.op(rows.cld);
  asm.jump(done);
  asm.bind(forward);
  asm.op(rows.repMovsb);
  asm.bind(done);
}
