/** Machine code of jumps, switches, calls and returns. */

import type { Label } from "../../../encoders/codeBuffer.ts";
import { RAX, RSP } from "../../../encoders/x86_64/registers.ts";
import type { Value } from "../../ir/function.ts";
import { FIRST_STACK } from "../machine.ts";
import { XMM0 } from "./convention.ts";
import type { Emitters, MachineEmitter } from "./emit.ts";
import { M } from "./machineOps.ts";
import * as rows from "./rows.ts";
import { emitCarryToSign, emitJoin, emitPart } from "./sequences.ts";
import { emitSwitch } from "./switchCode.ts";

const NONE = -1;

function nothing(): void {}

function jump(e: MachineEmitter): void {
  const target = e.target(0);
  if (target !== e.next) e.asm.jump(e.labelOf(target));
}

function call(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  if (mf.immediate[i] !== 0) e.integerConstant(RAX, mf.immediate[i] - 1, 0);
  e.beforeCall();
  asm.callSymbol(mf.symbol[i]);
  afterCall(e, i);
}

function afterCall(e: MachineEmitter, i: number): void {
  e.markSite(i);
  if (e.mf.extra[i] !== 0) emitPart(e.asm);
}

function returnFrom(e: MachineEmitter, i: number): void {
  if (e.mf.extra[i] !== 0) emitJoin(e.asm);
  e.epilogue();
}

function callRegister(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  if (mf.immediate[i] !== 0) e.integerConstant(RAX, mf.immediate[i] - 1, 0);
  const place = e.place(i, 0);
  e.beforeCall();
  if (place < FIRST_STACK) asm.r(rows.callRegister, place);
  else {
    e.stack(place);
    asm.m(rows.callRegister, e.base, e.index, e.scale, e.disp);
  }
  afterCall(e, i);
}

function systemCall(e: MachineEmitter): void {
  e.asm.op(rows.syscall);
  emitCarryToSign(e.asm, e.platform);
}

/** Stack arguments of this function lie above its return address. */
function loadIncoming(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const at = e.frame + 8 + mf.immediate[i];
  const place = e.place(i, 0);
  if (place >= XMM0) asm.rm(rows.movsScalarLoad[mf.width[i] - 2], place - XMM0, RSP, NONE, 0, at);
  else asm.rm(rows.load64, place, RSP, NONE, 0, at);
}

function storeOutgoing(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  if (mf.extra[i] !== 0) {
    asm.mi(rows.movRm64I32, RSP, NONE, 0, mf.displacement[i], mf.immediate[i]);
    return;
  }
  e.storeTo(e.place(i, 0), mf.displacement[i]);
}

/** Operands: value, two scratch registers; `extra` is the IR instruction, whose cases are the block's edges in their order. */
function switchOn(e: MachineEmitter, i: number): void {
  const { asm, mf, f } = e;
  const v = mf.extra[i] as Value;
  const width = mf.width[i];
  const [value, index, base] = [e.place(i, 0), e.place(i, 1), e.place(i, 2)];
  const labelOf = (edge: number): Label => e.labelOf(e.target(edge));
  const last = e.target(f.switchCount(v));
  const otherwise = mf.op[mf.order[mf.blockStart[last]]] === M.undefined ? undefined : e.labelOf(last);
  e.tables.push(...emitSwitch(asm, f, v, width, value, index, base, labelOf, otherwise, e.context.objects));
}

function frameAddress(e: MachineEmitter, i: number): void {
  e.asm.rm(rows.lea64, e.place(i, 0), RSP, NONE, 0, e.depth);
}

export const controlEmitters: Emitters = {
  [M.enter]: nothing,
  [M.jump]: jump,
  [M.return]: returnFrom,
  [M.switch]: switchOn,
  [M.undefined]: (e) => e.asm.op(rows.ud2),
  [M.call]: call,
  [M.callRegister]: callRegister,
  [M.syscall]: systemCall,
  [M.loadIncoming]: loadIncoming,
  [M.storeOutgoing]: storeOutgoing,
  [M.frameAddress]: frameAddress,
};
