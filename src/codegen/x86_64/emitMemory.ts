/** Machine code of loads, stores, block operations and atomics. */

import { row } from "../../../encoders/x86_64/table.ts";
import type { Emitters, MachineEmitter } from "./emit.ts";
import { M } from "./machineOps.ts";
import { FLOAT_SCRATCH } from "./registerFile.ts";
import { XMM0 } from "./convention.ts";
import * as rows from "./rows.ts";
import { emitMoveBlock } from "./sequences.ts";

const NONE = -1;
const SCRATCH = FLOAT_SCRATCH - XMM0;

function load(signed: boolean) {
  return (e: MachineEmitter, i: number): void => {
    const { mf } = e;
    const width = mf.width[i];
    e.memory(i);
    const code = !signed ? rows.movzx[width] : mf.moveWidth[i] === 3 ? rows.movsx64[width] : rows.movsx32[width];
    e.asm.rm(code, e.place(i, 0), e.base, e.index, e.scale, e.disp);
  };
}

function store(e: MachineEmitter, i: number): void {
  e.memory(i);
  e.asm.mr(rows.movStore[e.mf.width[i]], e.base, e.index, e.scale, e.disp, e.place(i, 0));
}

function storeImmediate(e: MachineEmitter, i: number): void {
  e.memory(i);
  e.asm.mi(rows.movMemoryImmediate[e.mf.width[i]], e.base, e.index, e.scale, e.disp, e.mf.immediate[i]);
}

function floatLoad(e: MachineEmitter, i: number): void {
  e.memory(i);
  e.asm.rm(rows.movsScalarLoad[e.mf.width[i] - 2], e.float(i, 0), e.base, e.index, e.scale, e.disp);
}

function floatStore(e: MachineEmitter, i: number): void {
  e.memory(i);
  e.asm.mr(rows.movsScalarStore[e.mf.width[i] - 2], e.base, e.index, e.scale, e.disp, e.float(i, 0));
}

/** Operands: scratch, to, from. Pieces from the largest; what is left over is copied by a piece that overlaps the one before. */
function copyBlock(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const size = mf.immediate[i];
  const [scratch, to, from] = [e.place(i, 0), e.place(i, 1), e.place(i, 2)];
  for (let at = 0; at < size; ) {
    const left = size - at;
    let width = left >= 16 ? 16 : left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    if (size >= 16 && left < 16) {
      at = size - 16;
      width = 16;
    }
    if (width === 16) {
      asm.rm(rows.movups, SCRATCH, from, NONE, 0, at);
      asm.mr(rows.movupsStore, to, NONE, 0, at, SCRATCH);
    } else {
      const w = width === 8 ? 3 : width === 4 ? 2 : width === 2 ? 1 : 0;
      asm.rm(rows.movzx[w], scratch, from, NONE, 0, at);
      asm.mr(rows.movStore[w], to, NONE, 0, at, scratch);
    }
    at += width;
  }
}

/** Operands: scratch, to; the byte in `extra`. */
function fillBlock(e: MachineEmitter, i: number): void {
  const { asm, mf } = e;
  const size = mf.immediate[i];
  const [scratch, to] = [e.place(i, 0), e.place(i, 1)];
  const word = Math.imul(mf.extra[i], 0x01010101);
  if (size >= 4) e.integerConstant(scratch, word, size >= 8 ? word : 0);
  else e.integerConstant(scratch, mf.extra[i], 0);
  for (let at = 0; at < size; ) {
    let width = size >= 8 ? 8 : size >= 4 ? 4 : 1;
    if (width > size - at) at = size - width;
    if (size < 4) width = 1;
    asm.mr(rows.movStore[width === 8 ? 3 : width === 4 ? 2 : 0], to, NONE, 0, at, scratch);
    at += width;
  }
}

function atomic(rowOf: ArrayLike<number>, value: number) {
  return (e: MachineEmitter, i: number): void => {
    e.memory(i);
    e.asm.mr(rowOf[e.mf.width[i]], e.base, e.index, e.scale, e.disp, e.place(i, value));
  };
}

export const memoryEmitters: Emitters = {
  [M.load]: load(false),
  [M.loadSigned]: load(true),
  [M.store]: store,
  [M.storeImmediate]: storeImmediate,
  [M.fload]: floatLoad,
  [M.fstore]: floatStore,
  [M.copyBlock]: copyBlock,
  [M.fillBlock]: fillBlock,
  [M.moveBlock]: (e, i) => emitMoveBlock(e.asm, e.place(i, 3)),
  [M.repeatMove]: (e) => e.asm.op(rows.repMovsb),
  [M.repeatFill]: (e) => e.asm.op(rows.repStosb),
  [M.atomicStore]: atomic(rows.xchg, 0),
  [M.atomicSwap]: atomic(rows.xchg, 0),
  [M.atomicAdd]: atomic(rows.lockedAdd, 0),
  [M.atomicCompare]: atomic(rows.lockedExchange, 2),
  [M.fence]: (e) => e.asm.op(row("mfence")),
};
