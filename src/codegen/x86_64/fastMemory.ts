/** -O0: loads, stores, pointer arithmetic, block operations, atomics. */

import { RAX, RCX, RDI, RSI } from "../../../encoders/x86_64/registers.ts";
import { row } from "../../../encoders/x86_64/table.ts";
import type { SymbolId } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { XMM0 } from "./convention.ts";
import type { FastCompiler, Handlers } from "./fast.ts";
import { callSymbolWith } from "./fastCalls.ts";
import { widthOf } from "./fastOperands.ts";
import { FLOAT_SCRATCH } from "./fastState.ts";
import * as rows from "./rows.ts";
import { emitMoveBlock } from "./sequences.ts";

/** Copies and fills up to this many bytes are written out. */
const INLINE_BYTES = 128;

/** Sets the memory operand for `pointer` + `offset`; the pointer may be an addition that was left open. */
function memory(c: FastCompiler, pointer: number, offset: number): void {
  if (c.open !== pointer) {
    c.address(pointer, offset);
    return;
  }
  c.open = 0;
  const { f } = c;
  const base = f.a[pointer];
  const index = f.b[pointer];
  if (f.op[index] === Op.const) c.address(base, offset + f.a[index]);
  else {
    c.base = c.use(base);
    c.index = c.use(index);
    c.scale = 0;
    c.disp = offset;
  }
  c.release(base);
  c.release(index);
}

function pointerAdd(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const a = f.a[v];
  const b = f.b[v];
  const constant = f.op[b] === Op.const && c.isImmediate(b, 3);
  const user = f.next[v];
  // What another block uses is needed for itself, though that block comes first in the code and has met its use.
  if (c.uses[v] === 1 && c.cross[v] === 0 && user !== 0 && (constant || f.op[b] !== Op.const)) {
    const op = f.op[user];
    if ((op === Op.load && f.a[user] === v && fits(f.a[b], f.b[user], constant)) ||
        (op === Op.store && f.b[user] === v && fits(f.a[b], f.c[user], constant))) {
      c.open = v;
      return;
    }
  }
  if (constant) {
    if (c.regOf[a] >= 0 && c.uses[a] === 1) {
      const register = c.overwrite(a);
      if (f.a[b] !== 0) asm.ri(rows.add.ri[3], register, f.a[b]);
      c.release(b);
      c.replace(v, a, register);
      return;
    }
    c.address(a, f.a[b]);
    const register = c.allocate(false);
    asm.rm(rows.lea64, register, c.base, c.index, c.scale, c.disp);
    c.release(a);
    c.release(b);
    c.define(v, register);
    return;
  }
  const base = c.use(a);
  const index = c.use(b);
  const register = c.uses[a] === 1 && c.regOf[a] >= 0 ? base : c.allocate(false);
  if (register === base) asm.rr(rows.add.rr[3], base, index);
  else asm.rm(rows.lea64, register, base, index, 0, 0);
  c.release(a);
  c.release(b);
  c.define(v, register);
}

function fits(constant: number, offset: number, isConstant: boolean): boolean {
  return !isConstant || ((constant + offset) | 0) === constant + offset;
}

function load(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const pointer = f.a[v];
  const wasOpen = c.open === pointer;
  memory(c, pointer, f.b[v]);
  if (!wasOpen) c.release(pointer);
  const type = f.type[v];
  if (type === Type.f32 || type === Type.f64) {
    const register = c.allocate(true);
    asm.rm(rows.movsScalarLoad[type - Type.f32], register - XMM0, c.base, c.index, c.scale, c.disp);
    c.define(v, register);
    return;
  }
  const register = c.allocate(false);
  asm.rm(rows.movzx[widthOf[type]], register, c.base, c.index, c.scale, c.disp);
  c.define(v, register);
}

function store(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const value = f.a[v];
  const pointer = f.b[v];
  const type = f.type[value];
  const width = widthOf[type];
  const wasOpen = c.open === pointer;
  memory(c, pointer, f.c[v]);
  if (f.op[value] === Op.const && c.isImmediate(value, width) && type !== Type.f64 && type !== Type.f32) {
    const low = f.a[value];
    asm.mi(rows.movMemoryImmediate[width], c.base, c.index, c.scale, c.disp, width === 0 ? (low << 24) >> 24 : width === 1 ? (low << 16) >> 16 : low);
  } else {
    const { base, index, scale, disp } = c;
    const register = c.use(value);
    if (register >= XMM0) asm.mr(rows.movsScalarStore[type - Type.f32], base, index, scale, disp, register - XMM0);
    else asm.mr(rows.movStore[width], base, index, scale, disp, register);
  }
  c.release(value);
  if (!wasOpen) c.release(pointer);
}

// ── block operations ──

function copy(c: FastCompiler, v: number): void {
  const { f } = c;
  const count = f.c[v];
  if (f.op[count] !== Op.const || f.b[count] !== 0 || f.a[count] > INLINE_BYTES) {
    blockCall(c, v, "lang_memcpy", rows.repMovsb, RSI);
    return;
  }
  inlineCopy(c, f.a[v], f.b[v], f.a[count]);
  releaseThree(c, v);
}

/** Pieces from the largest; what is left over is copied by a last piece that overlaps the one before. */
function inlineCopy(c: FastCompiler, to: number, from: number, size: number): void {
  const { asm } = c;
  c.address(to, 0);
  const { base, index, disp } = c;
  c.address(from, 0);
  const scratch = size < 16 ? c.allocate(false) : 0;
  let at = 0;
  while (at < size) {
    const left = size - at;
    let width = left >= 16 ? 16 : left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    if (size >= 16 && left < 16) {
      at = size - 16;
      width = 16;
    }
    if (width === 16) {
      asm.rm(rows.movups, FLOAT_SCRATCH, c.base, c.index, 0, c.disp + at);
      asm.mr(rows.movupsStore, base, index, 0, disp + at, FLOAT_SCRATCH);
    } else {
      const w = width === 8 ? 3 : width === 4 ? 2 : width === 2 ? 1 : 0;
      asm.rm(rows.movzx[w], scratch, c.base, c.index, 0, c.disp + at);
      asm.mr(rows.movStore[w], base, index, 0, disp + at, scratch);
    }
    at += width;
  }
}

function move(c: FastCompiler, v: number): void {
  const { f } = c;
  const count = f.c[v];
  // One piece is read whole before it is written.
  if (f.op[count] === Op.const && f.b[count] === 0 && (f.a[count] === 0 || f.a[count] === 1 || f.a[count] === 2 || f.a[count] === 4 || f.a[count] === 8 || f.a[count] === 16)) {
    inlineCopy(c, f.a[v], f.b[v], f.a[count]);
    releaseThree(c, v);
    return;
  }
  blockCall(c, v, "lang_memmove", -1, RSI);
}

function fill(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const byte = f.b[v];
  const count = f.c[v];
  if (f.op[count] !== Op.const || f.b[count] !== 0 || f.a[count] > INLINE_BYTES || f.op[byte] !== Op.const) {
    blockCall(c, v, "lang_memset", rows.repStosb, RAX);
    return;
  }
  const size = f.a[count];
  const word = Math.imul(f.a[byte] & 255, 0x01010101);
  c.address(f.a[v], 0);
  const scratch = c.allocate(false);
  if (size >= 4) c.integerConstant(scratch, word, size >= 8 ? word : 0, false);
  else c.integerConstant(scratch, word & 255, 0, false);
  let at = 0;
  while (at < size) {
    let width = size - at >= 8 ? 8 : size - at >= 4 ? 4 : size >= 4 ? (size >= 8 ? 8 : 4) : 1;
    if (width > size - at) at = size - width;
    if (size < 4) width = 1;
    const w = width === 8 ? 3 : width === 4 ? 2 : 0;
    asm.mr(rows.movStore[w], c.base, c.index, 0, c.disp + at, scratch);
    at += width;
  }
  releaseThree(c, v);
}

function releaseThree(c: FastCompiler, v: number): void {
  c.release(c.f.a[v]);
  c.release(c.f.b[v]);
  c.release(c.f.c[v]);
}

/** Calls the front end's routine where it is declared, else uses a string instruction (`repeat`), the second operand in `second`. */
function blockCall(c: FastCompiler, v: number, name: string, repeat: number, second: number): void {
  const { f, asm } = c;
  const symbol = c.context.module.find(name);
  if (symbol !== undefined) {
    callSymbolWith(c, v, symbol as SymbolId, [f.a[v], f.b[v], f.c[v]]);
    return;
  }
  c.claimFor(RDI, f.a[v]);
  c.claimFor(second, f.b[v]);
  c.claimFor(RCX, f.c[v]);
  if (repeat >= 0) asm.op(repeat);
  else emitMoveBlock(asm, c.allocate(false));
  releaseThree(c, v);
}

// ── atomics: on x86_64 plain loads are enough, stores need an exchange ──

function atomicLoad(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  c.address(f.a[v], 0);
  c.release(f.a[v]);
  const register = c.allocate(false);
  asm.rm(rows.movzx[widthOf[f.type[v]]], register, c.base, c.index, c.scale, c.disp);
  c.define(v, register);
}

function atomicStore(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const width = widthOf[f.type[f.a[v]]];
  const register = c.overwrite(f.a[v]);
  c.address(f.b[v], 0);
  asm.mr(rows.xchg[width], c.base, c.index, c.scale, c.disp, register);
  c.release(f.a[v]);
  c.release(f.b[v]);
}

function atomicSwap(add: boolean) {
  return (c: FastCompiler, v: number): void => {
    const { f, asm } = c;
    const width = widthOf[f.type[v]];
    const register = c.overwrite(f.b[v]);
    c.address(f.a[v], 0);
    asm.mr(add ? rows.lockedAdd[width] : rows.xchg[width], c.base, c.index, c.scale, c.disp, register);
    c.release(f.a[v]);
    c.release(f.b[v]);
    c.define(v, register);
  };
}

function atomicCompare(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const width = widthOf[f.type[v]];
  c.claimFor(RAX, f.b[v]);
  const fresh = c.use(f.c[v]);
  c.address(f.a[v], 0);
  asm.mr(rows.lockedExchange[width], c.base, c.index, c.scale, c.disp, fresh);
  releaseThree(c, v);
  c.define(v, RAX);
}

function fence(c: FastCompiler): void {
  c.asm.op(row("mfence"));
}

export const memoryHandlers: Handlers = [
  [Op["ptr.add"], pointerAdd],
  [Op.load, load],
  [Op.store, store],
  [Op.copy, copy],
  [Op.move, move],
  [Op.fill, fill],
  [Op["atomic.load"], atomicLoad],
  [Op["atomic.store"], atomicStore],
  [Op["atomic.add"], atomicSwap(true)],
  [Op["atomic.swap"], atomicSwap(false)],
  [Op["atomic.cas"], atomicCompare],
  [Op.fence, fence],
];

