/** Machine code of integer instructions. */

import { CC_E, CC_NE } from "../../../encoders/x86_64/registers.ts";
import { row } from "../../../encoders/x86_64/table.ts";
import type { RowName } from "../../../encoders/x86_64/table.ts";
import { FIRST_STACK } from "../machine.ts";
import type { Emitters, MachineEmitter } from "./emit.ts";
import { M } from "./machineOps.ts";
import type { AluRows, ShiftRows } from "./rows.ts";
import * as rows from "./rows.ts";
import { emitBitCount } from "./sequences.ts";

/** `row d, operand k`, the operand in a register, on the stack or the instruction's memory. */
function second(e: MachineEmitter, i: number, k: number, rr: number, rm: number, d: number): void {
  const { asm } = e;
  if (e.mf.memory[i] !== 0) e.memory(i);
  else {
    const place = e.place(i, k);
    if (place < FIRST_STACK) {
      asm.rr(rr, d, place);
      return;
    }
    e.stack(place);
  }
  asm.rm(rm, d, e.base, e.index, e.scale, e.disp);
}

/** Operands of the operation itself, without those of the user of its flags. */
function inputCount(e: MachineEmitter, i: number): number {
  return e.mf.consumer[i] === 0 ? e.mf.operandLength[i] : e.mf.consumerOperand[i];
}

/** Operands: result, tied input, then the second input: memory, register or stack; without one it is the immediate. */
function arithmetic(group: AluRows) {
  return (e: MachineEmitter, i: number): void => {
    const { asm, mf } = e;
    const width = mf.width[i];
    const d = e.place(i, 0);
    if (mf.memory[i] === 0 && inputCount(e, i) === 2) asm.ri(group.ri[width], d, mf.immediate[i]);
    else second(e, i, 2, group.rr[width], group.rm[width], d);
    e.flagsTell(d, width);
  };
}

function multiply(e: MachineEmitter, i: number): void {
  const width = e.mf.width[i];
  second(e, i, 2, rows.imul[width], rows.imul[width], e.place(i, 0));
}

function multiplyImmediate(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const width = mf.width[i];
  const d = e.place(i, 0);
  if (mf.memory[i] !== 0) e.memory(i);
  else {
    const place = e.place(i, 1);
    if (place < FIRST_STACK) {
      asm.rri(rows.imulImmediate[width], d, place, mf.immediate[i]);
      return;
    }
    e.stack(place);
  }
  asm.rmi(rows.imulImmediate[width], d, e.base, e.index, e.scale, e.disp, mf.immediate[i]);
}

/** Operands: left, right; or left alone with an immediate; either may be memory. */
function compare(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const width = mf.width[i];
  const group = rows.cmp;
  if (mf.memory[i] !== 0) {
    // Without a left register it is memory against an immediate.
    if (mf.memoryOperand[i] === 0) {
      e.memory(i);
      asm.mi(group.ri[width], e.base, e.index, e.scale, e.disp, mf.immediate[i]);
    } else second(e, i, 1, group.rr[width], group.rm[width], e.place(i, 0));
    return;
  }
  const left = e.place(i, 0);
  if (inputCount(e, i) === 1) {
    if (left < FIRST_STACK) asm.ri(group.ri[width], left, mf.immediate[i]);
    else {
      e.stack(left);
      asm.mi(group.ri[width], e.base, e.index, e.scale, e.disp, mf.immediate[i]);
    }
    return;
  }
  second(e, i, 1, group.rr[width], group.rm[width], left);
}

function test(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const width = mf.width[i];
  const left = e.place(i, 0);
  if (inputCount(e, i) === 1) {
    // A mask of the low byte tests the byte, unless the sign is looked at.
    const mask = mf.immediate[i];
    const narrow = width > 0 && mask >= 0 && mask < 128 && left < FIRST_STACK ? 0 : width;
    if (left < FIRST_STACK) asm.ri(rows.testImmediate[narrow], left, mask);
    else {
      e.stack(left);
      asm.mi(rows.testImmediate[width], e.base, e.index, e.scale, e.disp, mask);
    }
    return;
  }
  // What made the number has set the flags by it; of these only the one for zero is as `test` leaves it.
  if (left === e.place(i, 1) && (mf.condition[i] === CC_E || mf.condition[i] === CC_NE) && (e.doFlagsTell(left, width) || (width === 0 && e.isJustSet(left, mf.condition[i])))) return;
  asm.rr(rows.test[width], left, e.place(i, 1));
}

function inPlace(group: rows.Rows) {
  return (e: MachineEmitter, i: number): void => {
    e.asm.r(group[e.mf.width[i]], e.place(i, 0));
  };
}

function shift(group: ShiftRows) {
  return (e: MachineEmitter, i: number): void => {
    const { asm, mf } = e;
    const width = mf.width[i];
    const d = e.place(i, 0);
    if (mf.operandLength[i] === 3) asm.r(group.cl[width], d);
    else if (mf.immediate[i] !== 0) asm.ri(group.immediate[width], d, mf.immediate[i]);
  };
}

/** shlx and its kin: result, value (may be in memory), amount. */
function shiftExtended(name: string) {
  return (e: MachineEmitter, i: number): void => {
    const { asm, mf } = e;
    const bits = mf.width[i] === 3 ? "64" : "32";
    const code = row(`${name}_r${bits}_rm${bits}_r${bits}` as RowName);
    const value = e.place(i, 1);
    if (value < FIRST_STACK) asm.rrr(code, e.place(i, 0), value, e.place(i, 2));
    else {
      e.stack(value);
      asm.rmr(code, e.place(i, 0), e.base, e.index, e.scale, e.disp, e.place(i, 2));
    }
  };
}

function andNot(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const code = row(mf.width[i] === 3 ? "andn_r64_r64_rm64" : "andn_r32_r32_rm32");
  const value = e.place(i, 2);
  if (value < FIRST_STACK) asm.rrr(code, e.place(i, 0), e.place(i, 1), value);
  else {
    e.stack(value);
    asm.rrm(code, e.place(i, 0), e.place(i, 1), e.base, e.index, e.scale, e.disp);
  }
}

/** One operand, the others are rax and rdx. */
function one(e: MachineEmitter, code: number, place: number): void {
  if (place < FIRST_STACK) e.asm.r(code, place);
  else {
    e.stack(place);
    e.asm.m(code, e.base, e.index, e.scale, e.disp);
  }
}

function wideProduct(group: rows.Rows) {
  return (e: MachineEmitter, i: number): void => one(e, group[e.mf.width[i]], e.place(i, 3));
}

function divide(signed: boolean) {
  return (e: MachineEmitter, i: number): void => {
    const { asm, mf } = e;
    const width = mf.width[i];
    if (!signed) asm.rr(rows.xor.rr[2], 2, 2);
    else asm.op(width === 3 ? rows.cqo : rows.cdq);
    one(e, (signed ? rows.idiv : rows.div)[width], e.place(i, 3));
  };
}

function divideWide(e: MachineEmitter, i: number): void {
  one(e, rows.div[3], e.place(i, 4));
}

function byteProduct(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const extend = mf.immediate[i] === 1 ? rows.movsx32[0] : rows.movzx[0];
  const [d, scratch] = [e.place(i, 0), e.place(i, 1)];
  asm.rr(extend, d, e.place(i, 2));
  asm.rr(extend, scratch, e.place(i, 3));
  asm.rr(rows.imul[2], d, scratch);
  asm.rr(extend, scratch, d);
  asm.rr(rows.cmp.rr[2], scratch, d);
}

/** Width is the source's; moveWidth the result's. `extra`: the source's register, which is the result's, is extended already. */
function extend(signed: boolean) {
  return (e: MachineEmitter, i: number): void => {
    const { asm, mf } = e;
    const width = mf.width[i];
    const code = !signed ? rows.movzx[width] : mf.moveWidth[i] === 3 ? rows.movsx64[width] : rows.movsx32[width];
    const place = e.place(i, 1);
    const d = e.place(i, 0);
    if (mf.extra[i] === 1) return;
    if (place < FIRST_STACK) asm.rr(!signed && width === 2 ? rows.mov32 : code, d, place);
    else {
      e.stack(place);
      asm.rm(code, d, e.base, e.index, e.scale, e.disp);
    }
  };
}

function bits(which: "clz" | "ctz" | "popcount") {
  return (e: MachineEmitter, i: number): void => {
    const { mf } = e;
    const inputs = mf.operandLength[i] - 1;
    emitBitCount(e.asm, which, mf.width[i], e.place(i, 0), e.place(i, inputs), e.place(i, 1), e.place(i, inputs - 1), e.features);
  };
}

function loadEffectiveAddress(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  e.memory(i);
  const d = e.place(i, 0);
  // An index without scale or displacement on the result itself is an addition.
  if (e.index === -1 && d === e.base && mf.width[i] === 3) {
    if (e.disp !== 0) asm.ri(rows.add.ri[3], d, e.disp);
    return;
  }
  if (e.index >= 0 && e.scale === 0 && e.disp === 0 && (d === e.base || d === e.index)) {
    asm.rr(rows.add.rr[mf.width[i] === 3 ? 3 : 2], d, d === e.base ? e.index : e.base);
    return;
  }
  asm.rm(mf.width[i] === 3 ? rows.lea64 : rows.lea32, d, e.base, e.index, e.scale, e.disp);
}

function constant(e: MachineEmitter, i: number): void {
  e.materialize(e.place(i, 0), e.mf.immediate[i]);
}

export const integerEmitters: Emitters = {
  [M.add]: arithmetic(rows.add),
  [M.sub]: arithmetic(rows.sub),
  [M.and]: arithmetic(rows.and),
  [M.or]: arithmetic(rows.or),
  [M.xor]: arithmetic(rows.xor),
  [M.adc]: arithmetic(rows.adc),
  [M.sbb]: arithmetic(rows.sbb),
  [M.imul]: multiply,
  [M.imulImmediate]: multiplyImmediate,
  [M.cmp]: compare,
  [M.test]: test,
  [M.neg]: inPlace(rows.neg),
  [M.not]: inPlace(rows.not),
  [M.bswap]: inPlace(rows.bswap),
  [M.shl]: shift(rows.shl),
  [M.shr]: shift(rows.shr),
  [M.sar]: shift(rows.sar),
  [M.rol]: shift(rows.rol),
  [M.ror]: shift(rows.ror),
  [M.shlx]: shiftExtended("shlx"),
  [M.shrx]: shiftExtended("shrx"),
  [M.sarx]: shiftExtended("sarx"),
  [M.andn]: andNot,
  [M.mulWide]: wideProduct(rows.mulWide),
  [M.imulWide]: wideProduct(rows.imulWide),
  [M.div]: divide(false),
  [M.idiv]: divide(true),
  [M.divWide]: divideWide,
  [M.byteProduct]: byteProduct,
  [M.zeroExtend]: extend(false),
  [M.signExtend]: extend(true),
  [M.clz]: bits("clz"),
  [M.ctz]: bits("ctz"),
  [M.popcount]: bits("popcount"),
  [M.lea]: loadEffectiveAddress,
  [M.constant]: constant,
};
