/** -O0: integer arithmetic, bits, conversions between integers. */

import { CC_B, CC_NE, CC_O, RAX, RCX, RDX, RSP } from "../../../encoders/x86_64/registers.ts";
import { Op } from "../../ir/ops.ts";
import type { FastCompiler, Handlers } from "./fast.ts";
import { branchToTrap } from "./fastCalls.ts";
import { applyAlu, widthOf } from "./fastOperands.ts";
import { SCRATCH } from "./fastState.ts";
import type { AluRows, ShiftRows } from "./rows.ts";
import * as rows from "./rows.ts";
import { emitBitCount } from "./sequences.ts";

const NONE = -1;

/** `width`: the type's own where flags are looked at; else 32 bits serve for less, whose upper bits mean nothing. */
function binary(c: FastCompiler, v: number, alu: AluRows, width: number): number {
  const a = c.f.a[v];
  const b = c.f.b[v];
  // b first: bringing a into a register of its own may push b out of its register, but not out of its home.
  if (c.regOf[b] >= 0) c.locked |= 1 << c.regOf[b];
  const register = c.overwrite(a);
  applyAlu(c, alu, width, register, b);
  return register;
}

function finish(c: FastCompiler, v: number, register: number): void {
  const a = c.f.a[v];
  const b = c.f.b[v];
  c.release(a);
  c.release(b);
  c.define(v, register);
}

function wrapping(alu: AluRows) {
  return (c: FastCompiler, v: number): void => {
    const width = widthOf[c.f.type[v]];
    finish(c, v, binary(c, v, alu, width < 2 ? 2 : width));
  };
}

function checked(alu: AluRows, condition: number) {
  return (c: FastCompiler, v: number): void => {
    const register = binary(c, v, alu, widthOf[c.f.type[v]]);
    branchToTrap(c, condition, c.f.c[v], v, 0);
    finish(c, v, register);
  };
}

function overflows(alu: AluRows, condition: number) {
  return (c: FastCompiler, v: number): void => {
    const register = binary(c, v, alu, widthOf[c.f.type[c.f.a[v]]]);
    c.asm.r(rows.setcc + condition, register);
    finish(c, v, register);
  };
}

function multiply(c: FastCompiler, v: number): void {
  const width = Math.max(2, widthOf[c.f.type[v]]);
  finish(c, v, product(c, v, width));
}

/** a * b by the two-operand form, which sets the overflow flag for the signed product. */
function product(c: FastCompiler, v: number, width: number): number {
  const { f, asm } = c;
  const a = f.a[v];
  const b = f.b[v];
  if (c.isImmediate(b, width)) {
    const from = c.use(a);
    const register = c.allocate(false);
    asm.rri(rows.imulImmediate[width], register, from, f.a[b]);
    return register;
  }
  if (c.regOf[b] >= 0) c.locked |= 1 << c.regOf[b];
  const register = c.overwrite(a);
  if (c.regOf[b] < 0 && c.homeOf[b] !== 0) asm.rm(rows.imul[width], register, RSP, NONE, 0, c.homeOf[b] - 1);
  else asm.rr(rows.imul[width], register, c.use(b));
  return register;
}

/** The full product of 8-bit numbers in 32 bits, compared with itself extended again: flags say "ne" on overflow. */
function byteProduct(c: FastCompiler, v: number, signed: boolean): number {
  const { f, asm } = c;
  const extend = signed ? rows.movsx32[0] : rows.movzx[0];
  const register = c.allocate(false);
  asm.rr(extend, register, c.use(f.a[v]));
  const other = c.allocate(false);
  asm.rr(extend, other, c.use(f.b[v]));
  asm.rr(rows.imul[2], register, other);
  asm.rr(extend, other, register);
  asm.rr(rows.cmp.rr[2], other, register);
  return register;
}

/** rax * b into rdx:rax; returns nothing, rax and rdx are claimed. Flags: overflow of the low half. */
function wideProduct(c: FastCompiler, v: number, row: number): void {
  const { f, asm } = c;
  const a = f.a[v];
  const b = f.b[v];
  const other = c.regOf[b] === RAX || c.regOf[b] === RDX || c.regOf[b] < 0 ? c.allocateApart(b) : c.use(b);
  c.claimFor(RAX, a);
  c.claim(RDX);
  asm.r(row, other);
}

function multiplyHigh(signed: boolean) {
  return (c: FastCompiler, v: number): void => {
    const { f, asm } = c;
    const width = widthOf[f.type[v]];
    if (width === 3 || width === 2) {
      wideProduct(c, v, (signed ? rows.imulWide : rows.mulWide)[width]);
      finish(c, v, RDX);
      return;
    }
    const extend = signed ? rows.movsx32[width] : rows.movzx[width];
    const register = c.allocate(false);
    asm.rr(extend, register, c.use(f.a[v]));
    const other = c.allocate(false);
    asm.rr(extend, other, c.use(f.b[v]));
    asm.rr(rows.imul[2], register, other);
    asm.ri((signed ? rows.sar : rows.shr).immediate[2], register, width === 0 ? 8 : 16);
    finish(c, v, register);
  };
}

function signedMultiplyTrap(c: FastCompiler, v: number): void {
  const width = widthOf[c.f.type[v]];
  const register = width === 0 ? byteProduct(c, v, true) : product(c, v, width);
  branchToTrap(c, width === 0 ? CC_NE : CC_O, c.f.c[v], v, 0);
  finish(c, v, register);
}

function unsignedMultiplyTrap(c: FastCompiler, v: number): void {
  const width = widthOf[c.f.type[v]];
  if (width === 0) {
    const register = byteProduct(c, v, false);
    branchToTrap(c, CC_NE, c.f.c[v], v, 0);
    finish(c, v, register);
    return;
  }
  wideProduct(c, v, rows.mulWide[width]);
  branchToTrap(c, CC_O, c.f.c[v], v, 0);
  finish(c, v, RAX);
}

function multiplyOverflows(signed: boolean) {
  return (c: FastCompiler, v: number): void => {
    const width = widthOf[c.f.type[c.f.a[v]]];
    let register: number;
    let condition = CC_O;
    if (width === 0) {
      register = byteProduct(c, v, signed);
      condition = CC_NE;
    } else if (signed) register = product(c, v, width);
    else {
      wideProduct(c, v, rows.mulWide[width]);
      register = RAX;
    }
    c.asm.r(rows.setcc + condition, register);
    finish(c, v, register);
  };
}

function divide(signed: boolean, remainder: boolean) {
  return (c: FastCompiler, v: number): void => {
    const { f, asm } = c;
    const width = widthOf[f.type[v]];
    const a = f.a[v];
    const b = f.b[v];
    if (width < 2) {
      // Narrow numbers divide as 32-bit ones.
      const extend = (signed ? rows.movsx32 : rows.movzx)[width];
      const divisor = c.allocateApart(b);
      asm.rr(extend, divisor, divisor);
      c.claimFor(RAX, a);
      asm.rr(extend, RAX, RAX);
      c.claim(RDX);
      if (signed) asm.op(rows.cdq);
      else asm.rr(rows.xor.rr[2], RDX, RDX);
      asm.r((signed ? rows.idiv : rows.div)[2], divisor);
    } else {
      const divisor = c.regOf[b] === RAX || c.regOf[b] === RDX || c.regOf[b] < 0 ? c.allocateApart(b) : c.use(b);
      c.claimFor(RAX, a);
      c.claim(RDX);
      if (signed) asm.op(width === 3 ? rows.cqo : rows.cdq);
      else asm.rr(rows.xor.rr[2], RDX, RDX);
      asm.r((signed ? rows.idiv : rows.div)[width], divisor);
    }
    finish(c, v, remainder ? RDX : RAX);
  };
}

/** Two words by one: the low one in rax, the high one in rdx. */
function divideWide(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const divisor = c.allocateApart(f.c[v]);
  c.claimFor(RAX, f.a[v]);
  c.claimFor(RDX, f.b[v]);
  asm.r(rows.div[3], divisor);
  c.release(f.c[v]);
  finish(c, v, RAX);
}

function shift(shiftRows: ShiftRows, kind: "left" | "unsigned" | "signed" | "rotate") {
  return (c: FastCompiler, v: number): void => {
    const { f, asm } = c;
    const width = widthOf[f.type[v]];
    const a = f.a[v];
    const b = f.b[v];
    // Left shifts of narrow numbers may run in 32 bits; the others need the type's own width.
    const operate = kind === "left" && width < 2 ? 2 : width;
    const mask = (8 << width) - 1;
    if (f.op[b] === Op.const) {
      const register = c.overwrite(a);
      const amount = f.a[b] & mask;
      if (amount !== 0) asm.ri(shiftRows.immediate[operate], register, amount);
      finish(c, v, register);
      return;
    }
    c.claimFor(RCX, b);
    if (width < 2 && kind !== "rotate") asm.ri(rows.and.ri[2], RCX, mask); // the processor masks with 31
    const register = c.regOf[a] >= 0 && c.uses[a] === 1 ? c.overwrite(a) : copyApart(c, a);
    asm.r(shiftRows.cl[operate], register);
    finish(c, v, register);
  };
}

function copyApart(c: FastCompiler, a: number): number {
  const register = c.allocate(false);
  c.copyTo(register, a, false);
  return register;
}

function bits(which: "clz" | "ctz" | "popcount") {
  return (c: FastCompiler, v: number): void => {
    const { f } = c;
    const width = widthOf[f.type[v]];
    const from = c.use(f.a[v]);
    const to = c.allocate(false);
    const scratch = c.allocate(false);
    emitBitCount(c.asm, which, width, to, from, scratch, SCRATCH, c.features);
    c.release(f.a[v]);
    c.define(v, to);
  };
}

function swapBytes(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const width = widthOf[f.type[v]];
  const register = c.overwrite(f.a[v]);
  if (width === 1) asm.ri(rows.rol.immediate[1], register, 8);
  else if (width >= 2) asm.r(rows.bswap[width], register);
  c.replace(v, f.a[v], register);
}

// ── conversions ──

function signExtend(c: FastCompiler, v: number): void {
  const { f } = c;
  extend(c, v, widthOf[f.type[v]] === 3 ? rows.movsx64[widthOf[f.type[f.a[v]]]] : rows.movsx32[widthOf[f.type[f.a[v]]]]);
}

function zeroExtend(c: FastCompiler, v: number): void {
  const width = widthOf[c.f.type[c.f.a[v]]];
  extend(c, v, width === 2 ? rows.mov32 : rows.movzx[width]);
}

function extend(c: FastCompiler, v: number, row: number): void {
  const a = c.f.a[v];
  const from = c.use(a);
  const to = c.uses[a] === 1 ? from : c.allocate(false);
  c.asm.rr(row, to, from);
  c.replace(v, a, to);
}

/** The upper bits mean nothing: the same register serves. */
function truncate(c: FastCompiler, v: number): void {
  c.replace(v, c.f.a[v], c.overwrite(c.f.a[v]));
}

export const integerHandlers: Handlers = [
  [Op.add, wrapping(rows.add)],
  [Op.sub, wrapping(rows.sub)],
  [Op.and, wrapping(rows.and)],
  [Op.or, wrapping(rows.or)],
  [Op.xor, wrapping(rows.xor)],
  [Op.mul, multiply],
  [Op.smulh, multiplyHigh(true)],
  [Op.umulh, multiplyHigh(false)],
  [Op.sdiv, divide(true, false)],
  [Op.udiv, divide(false, false)],
  [Op.srem, divide(true, true)],
  [Op["udiv.wide"], divideWide],
  [Op.urem, divide(false, true)],
  [Op.shl, shift(rows.shl, "left")],
  [Op.lshr, shift(rows.shr, "unsigned")],
  [Op.ashr, shift(rows.sar, "signed")],
  [Op.rotl, shift(rows.rol, "rotate")],
  [Op.rotr, shift(rows.ror, "rotate")],
  [Op.clz, bits("clz")],
  [Op.ctz, bits("ctz")],
  [Op.popcount, bits("popcount")],
  [Op.bswap, swapBytes],
  [Op["sadd.trap"], checked(rows.add, CC_O)],
  [Op["uadd.trap"], checked(rows.add, CC_B)],
  [Op["ssub.trap"], checked(rows.sub, CC_O)],
  [Op["usub.trap"], checked(rows.sub, CC_B)],
  [Op["smul.trap"], signedMultiplyTrap],
  [Op["umul.trap"], unsignedMultiplyTrap],
  [Op["sadd.overflows"], overflows(rows.add, CC_O)],
  [Op["uadd.overflows"], overflows(rows.add, CC_B)],
  [Op["ssub.overflows"], overflows(rows.sub, CC_O)],
  [Op["usub.overflows"], overflows(rows.sub, CC_B)],
  [Op["smul.overflows"], multiplyOverflows(true)],
  [Op["umul.overflows"], multiplyOverflows(false)],
  [Op.sext, signExtend],
  [Op.zext, zeroExtend],
  [Op.trunc, truncate],
];
