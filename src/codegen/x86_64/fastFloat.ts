/** -O0: floating point, and conversions from, to and between floats. */

import { RIP, RSP } from "../../../encoders/x86_64/registers.ts";
import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { conditionOf } from "./conditions.ts";
import { XMM0 } from "./convention.ts";
import type { FastCompiler, Handlers } from "./fast.ts";
import { widthOf } from "./fastOperands.ts";
import { FLOAT_SCRATCH, SCRATCH } from "./fastState.ts";
import { floatRows } from "./floatRows.ts";
import * as rows from "./rows.ts";
import { emitFloatToInteger, emitU64ToFloat, signMask } from "./sequences.ts";

const NONE = -1;

/** 0 for f32, 1 for f64: the index of scalar rows. */
function scalarOf(type: number): number {
  return type - Type.f32;
}

function binary(name: "add" | "sub" | "mul" | "div") {
  return (c: FastCompiler, v: number): void => {
    const { f, asm } = c;
    const a = f.a[v];
    const b = f.b[v];
    const row = floatRows()[name][scalarOf(f.type[v])];
    if (c.regOf[b] >= 0) c.locked |= 1 << c.regOf[b];
    const register = c.overwrite(a);
    if (c.regOf[b] < 0 && c.homeOf[b] !== 0) asm.rm(row, register - XMM0, RSP, NONE, 0, c.homeOf[b] - 1);
    else asm.rr(row, register - XMM0, c.use(b) - XMM0);
    c.release(a);
    c.release(b);
    c.define(v, register);
  };
}

/** Loads a mask of the sign bit into the scratch register. */
function loadMask(c: FastCompiler, type: number): void {
  c.asm.rm(rows.movsScalarLoad[scalarOf(type)], FLOAT_SCRATCH, RIP, signMask(c.objects, type === Type.f64), 0, 0);
}

function negate(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const register = c.overwrite(f.a[v]);
  loadMask(c, f.type[v]);
  asm.rr(floatRows().xor, register - XMM0, FLOAT_SCRATCH);
  c.replace(v, f.a[v], register);
}

function absolute(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const from = c.use(f.a[v]);
  const register = c.allocate(true);
  loadMask(c, f.type[v]);
  asm.rr(floatRows().andNot, FLOAT_SCRATCH, from - XMM0); // not mask, and x
  asm.rr(rows.movaps, register - XMM0, FLOAT_SCRATCH);
  c.replace(v, f.a[v], register);
}

function copySign(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const float = floatRows();
  const sign = c.use(f.b[v]);
  const from = c.use(f.a[v]);
  const register = c.allocate(true);
  loadMask(c, f.type[v]);
  asm.rr(rows.movaps, register - XMM0, FLOAT_SCRATCH);
  asm.rr(float.andNot, register - XMM0, from - XMM0);
  asm.rr(float.and, FLOAT_SCRATCH, sign - XMM0);
  asm.rr(float.or, register - XMM0, FLOAT_SCRATCH);
  c.release(f.b[v]);
  c.replace(v, f.a[v], register);
}

function squareRoot(c: FastCompiler, v: number): void {
  unary(c, v, floatRows().sqrt[scalarOf(c.f.type[v])]);
}

function unary(c: FastCompiler, v: number, row: number): void {
  const a = c.f.a[v];
  const from = c.use(a);
  const register = c.uses[a] === 1 && c.regOf[a] >= 0 ? from : c.allocate(true);
  c.asm.rr(row, register - XMM0, from - XMM0);
  c.replace(v, a, register);
}

/** Immediate of roundsd: mode, and no inexact exception. */
function round(mode: number) {
  return (c: FastCompiler, v: number): void => {
    const a = c.f.a[v];
    const from = c.use(a);
    const register = c.allocate(true);
    c.asm.rri(floatRows().round[scalarOf(c.f.type[v])], register - XMM0, from - XMM0, 8 | mode);
    c.replace(v, a, register);
  };
}

function multiplyAdd(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const b = c.use(f.b[v]);
  const addend = c.use(f.c[v]);
  const register = c.overwrite(f.a[v]);
  asm.rrr(floatRows().fma213[scalarOf(f.type[v])], register - XMM0, b - XMM0, addend - XMM0);
  c.release(f.b[v]);
  c.release(f.c[v]);
  c.replace(v, f.a[v], register);
}

function promote(c: FastCompiler, v: number): void {
  unary(c, v, floatRows().promote);
}

function demote(c: FastCompiler, v: number): void {
  unary(c, v, floatRows().demote);
}

function fromSigned(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const float = floatRows();
  const a = f.a[v];
  const width = widthOf[f.type[a]];
  let from = c.use(a);
  if (width < 2) {
    asm.rr(rows.movsx32[width], SCRATCH, from);
    from = SCRATCH;
  }
  const register = c.allocate(true);
  // The conversion leaves the upper lanes as they were: clear them, so that it need not wait for whoever wrote them last.
  asm.rr(float.xor, register - XMM0, register - XMM0);
  asm.rr((width === 3 ? float.fromI64 : float.fromI32)[scalarOf(f.type[v])], register - XMM0, from);
  c.replace(v, a, register);
}

function fromUnsigned(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const float = floatRows();
  const a = f.a[v];
  const width = widthOf[f.type[a]];
  if (width === 3) {
    const from = c.overwrite(a);
    const scratch = c.allocate(false);
    const register = c.allocate(true);
    emitU64ToFloat(asm, f.type[v] === Type.f64, register - XMM0, from, scratch);
    c.replace(v, a, register);
    return;
  }
  const from = c.use(a);
  asm.rr(width === 2 ? rows.mov32 : rows.movzx[width], SCRATCH, from);
  const register = c.allocate(true);
  asm.rr(float.xor, register - XMM0, register - XMM0);
  asm.rr(float.fromI64[scalarOf(f.type[v])], register - XMM0, SCRATCH);
  c.replace(v, a, register);
}

function toInteger(signed: boolean) {
  return (c: FastCompiler, v: number): void => {
    const { f } = c;
    const a = f.a[v];
    const from = c.use(a);
    const register = c.allocate(false);
    emitFloatToInteger(c.asm, signed, f.type[a] === Type.f64, widthOf[f.type[v]], register, from - XMM0, FLOAT_SCRATCH, c.objects);
    c.replace(v, a, register);
  };
}

function bitcast(c: FastCompiler, v: number): void {
  const { f } = c;
  const a = f.a[v];
  if (c.isFloat(a) === c.isFloat(v)) {
    c.replace(v, a, c.overwrite(a));
    return;
  }
  const from = c.use(a);
  const register = c.allocate(c.isFloat(v));
  c.move(register, from);
  c.replace(v, a, register);
}

/** As `compare` in fastCompare.ts. ucomisd sets CF and ZF like an unsigned comparison, and all of CF, ZF, PF for NaN. */
export function compareFloats(c: FastCompiler, v: number): number {
  const { f } = c;
  const op = f.op[v];
  const exchange = op === Op.flt || op === Op.fle; // a < b is asked as b > a, which is false for NaN
  const left = c.use(exchange ? f.b[v] : f.a[v]);
  const right = c.use(exchange ? f.a[v] : f.b[v]);
  c.asm.rr(floatRows().ucomi[scalarOf(f.type[f.a[v]])], left - XMM0, right - XMM0);
  c.release(f.a[v]);
  c.release(f.b[v]);
  return conditionOf[op];
}

export const floatHandlers: Handlers = [
  [Op.fadd, binary("add")],
  [Op.fsub, binary("sub")],
  [Op.fmul, binary("mul")],
  [Op.fdiv, binary("div")],
  [Op.fneg, negate],
  [Op.fabs, absolute],
  [Op.fsqrt, squareRoot],
  [Op.ffloor, round(1)],
  [Op.fceil, round(2)],
  [Op.ftrunc, round(3)],
  [Op.fnearest, round(0)],
  [Op.fma, multiplyAdd],
  [Op.fcopysign, copySign],
  [Op.fpromote, promote],
  [Op.fdemote, demote],
  [Op.stof, fromSigned],
  [Op.utof, fromUnsigned],
  [Op.ftos, toInteger(true)],
  [Op.ftou, toInteger(false)],
  [Op.bitcast, bitcast],
];
