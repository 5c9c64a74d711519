/** Machine code of floating-point instructions. Width 2 is f32, 3 is f64. */

import { RIP } from "../../../encoders/x86_64/registers.ts";
import { FIRST_STACK } from "../machine.ts";
import { XMM0 } from "./convention.ts";
import type { Emitters, MachineEmitter } from "./emit.ts";
import { floatRows } from "./floatRows.ts";
import { M } from "./machineOps.ts";
import { FLOAT_SCRATCH } from "./registerFile.ts";
import * as rows from "./rows.ts";
import { emitFloatToInteger, emitU64ToFloat, signMask } from "./sequences.ts";

const SCRATCH = FLOAT_SCRATCH - XMM0;

/** Operands: result, tied input, second input; or a constant in `immediate`. */
function binary(name: "add" | "sub" | "mul" | "div") {
  return (e: MachineEmitter, i: number): void => {
    const { asm, mf } = e;
    const code = floatRows()[name][mf.width[i] - 2];
    const d = e.float(i, 0);
    if (mf.extra[i] !== 0) {
      asm.rm(code, d, RIP, e.floatSymbol(mf.immediate[i]), 0, 0);
      return;
    }
    operand(e, i, 2, code, d);
  };
}

function operand(e: MachineEmitter, i: number, k: number, code: number, d: number): void {
  const { asm } = e;
  if (e.mf.memory[i] !== 0) e.memory(i);
  else {
    const place = e.place(i, k);
    if (place < FIRST_STACK) {
      asm.rr(code, d, place - XMM0);
      return;
    }
    e.stack(place);
  }
  asm.rm(code, d, e.base, e.index, e.scale, e.disp);
}

function compare(e: MachineEmitter, i: number): void {
  const constant = e.mf.immediate[i];
  if (constant !== 0) e.asm.rm(floatRows().ucomi[e.mf.width[i] - 2], e.float(i, 0), RIP, e.floatSymbol(constant), 0, 0);
  else operand(e, i, 1, floatRows().ucomi[e.mf.width[i] - 2], e.float(i, 0));
}

function loadMask(e: MachineEmitter, width: number): void {
  e.asm.rm(rows.movsScalarLoad[width - 2], SCRATCH, RIP, signMask(e.context.objects, width === 3), 0, 0);
}

function negate(e: MachineEmitter, i: number): void {
  loadMask(e, e.mf.width[i]);
  e.asm.rr(floatRows().xor, e.float(i, 0), SCRATCH);
}

function absolute(e: MachineEmitter, i: number): void {
  loadMask(e, e.mf.width[i]);
  e.asm.rr(floatRows().andNot, SCRATCH, e.float(i, 1)); // not mask, and x
  e.asm.rr(rows.movaps, e.float(i, 0), SCRATCH);
}

function copySign(e: MachineEmitter, i: number): void {
  const { asm } = e;
  const float = floatRows();
  const d = e.float(i, 0);
  loadMask(e, e.mf.width[i]);
  asm.rr(rows.movaps, d, SCRATCH);
  asm.rr(float.andNot, d, e.float(i, 1));
  asm.rr(float.and, SCRATCH, e.float(i, 2));
  asm.rr(float.or, d, SCRATCH);
}

function squareRoot(e: MachineEmitter, i: number): void {
  e.asm.rr(floatRows().sqrt[e.mf.width[i] - 2], e.float(i, 0), e.float(i, 1));
}

function round(e: MachineEmitter, i: number): void {
  e.asm.rri(floatRows().round[e.mf.width[i] - 2], e.float(i, 0), e.float(i, 1), e.mf.immediate[i]);
}

function multiplyAdd(e: MachineEmitter, i: number): void {
  e.asm.rrr(floatRows().fma213[e.mf.width[i] - 2], e.float(i, 0), e.float(i, 2), e.float(i, 3));
}

/** The conversion leaves the upper lanes as they were: clear them, so that it need not wait for whoever wrote them last. */
function integerToFloat(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const float = floatRows();
  const d = e.float(i, 0);
  asm.rr(float.xor, d, d);
  const code = (mf.immediate[i] === 1 ? float.fromI64 : float.fromI32)[mf.width[i] - 2];
  const place = e.place(i, 1);
  if (place < FIRST_STACK) asm.rr(code, d, place);
  else {
    e.stack(place);
    asm.rm(code, d, e.base, e.index, e.scale, e.disp);
  }
}

function unsignedToFloat(e: MachineEmitter, i: number): void {
  emitU64ToFloat(e.asm, e.mf.width[i] === 3, e.float(i, 0), e.place(i, 1), e.place(i, 3));
}

function toInteger(signed: boolean) {
  return (e: MachineEmitter, i: number): void => {
    const { mf } = e;
    emitFloatToInteger(e.asm, signed, mf.width[i] === 3, mf.moveWidth[i], e.place(i, 0), e.float(i, 1), SCRATCH, e.context.objects);
  };
}

export const floatEmitters: Emitters = {
  [M.fadd]: binary("add"),
  [M.fsub]: binary("sub"),
  [M.fmul]: binary("mul"),
  [M.fdiv]: binary("div"),
  [M.ucomi]: compare,
  [M.fneg]: negate,
  [M.fabs]: absolute,
  [M.fcopysign]: copySign,
  [M.fsqrt]: squareRoot,
  [M.fround]: round,
  [M.fma]: multiplyAdd,
  [M.fpromote]: (e, i) => e.asm.rr(floatRows().promote, e.float(i, 0), e.float(i, 1)),
  [M.fdemote]: (e, i) => e.asm.rr(floatRows().demote, e.float(i, 0), e.float(i, 1)),
  [M.intToFloat]: integerToFloat,
  [M.u64ToFloat]: unsignedToFloat,
  [M.floatToInt]: toInteger(true),
  [M.floatToUnsigned]: toInteger(false),
  [M.toFloatBits]: (e, i) => e.asm.rr(e.mf.width[i] === 2 ? floatRows().toX32 : floatRows().toX64, e.float(i, 0), e.place(i, 1)),
  [M.fromFloatBits]: (e, i) => e.asm.rr(e.mf.width[i] === 2 ? floatRows().fromX32 : floatRows().fromX64, e.place(i, 0), e.float(i, 1)),
};
