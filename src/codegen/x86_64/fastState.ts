/**
 * Registers and stack homes while a function is compiled in one pass (-O0).
 *
 * Within a block values stay in registers; where a value is used in another block, it is stored to its home on the stack when it is
 * defined, and every block begins with empty registers. So no liveness is worked out: counts of uses, made by one walk before, tell
 * when a register is free again. Only caller-saved registers are used: nothing is saved in the prologue. r11 and xmm15 are scratch.
 */

import { Assembler } from "../../../encoders/x86_64/assembler.ts";
import { R10, R11, R8, R9, RAX, RCX, RDI, RDX, RIP, RSI, RSP } from "../../../encoders/x86_64/registers.ts";
import { IrFunction } from "../../ir/function.ts";
import type { SignatureId, SymbolId } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import type { ObjectWriter } from "../objectWriter.ts";
import { XMM0 } from "./convention.ts";
import { floatRows } from "./floatRows.ts";
import * as rows from "./rows.ts";

export const SCRATCH = R11;
export const FLOAT_SCRATCH = 15;
const NONE = -1;
const integerMask = (1 << RAX) | (1 << RCX) | (1 << RDX) | (1 << RSI) | (1 << RDI) | (1 << R8) | (1 << R9) | (1 << R10);
const floatMask = 0x7fff << XMM0;

const isFloatType = new Uint8Array(16);
isFloatType[Type.f32] = 1;
isFloatType[Type.f64] = 1;

export class FastState {
  readonly asm = new Assembler();
  readonly objects: ObjectWriter;
  f: IrFunction = new IrFunction(0 as SymbolId, 0 as SignatureId);

  /** By value: register or -1; home on the stack + 1 or 0; whether the home holds the value; uses not yet met; used in other blocks. */
  regOf = new Int8Array(1024);
  homeOf = new Int32Array(1024);
  stored = new Uint8Array(1024);
  uses = new Int32Array(1024);
  cross = new Uint8Array(1024);
  /** By register: the value in it, or 0. */
  readonly contents = new Int32Array(32);
  occupied = 0;
  /** Registers that the current instruction has in hand. */
  locked = 0;
  slotAt = new Int32Array(64);
  /** Bytes of the frame in use so far, outgoing stack arguments first. */
  frameUsed = 0;
  private readonly freeHomes: number[] = [];
  private victim = 0;
  /** Offsets of 32-bit fields that await the frame's size, and what is to be added. */
  readonly framePatches: number[] = [];
  readonly framePatchAddends: number[] = [];

  /** The memory operand made by `address`. */
  base = 0;
  index = 0;
  scale = 0;
  disp = 0;

  constructor(objects: ObjectWriter) {
    this.objects = objects;
  }

  begin(f: IrFunction): void {
    this.f = f;
    const count = f.valueCount;
    if (count > this.regOf.length) {
      let capacity = this.regOf.length;
      while (capacity < count) capacity *= 2;
      this.regOf = new Int8Array(capacity);
      this.homeOf = new Int32Array(capacity);
      this.stored = new Uint8Array(capacity);
      this.uses = new Int32Array(capacity);
      this.cross = new Uint8Array(capacity);
    }
    this.regOf.fill(NONE, 0, count);
    this.homeOf.fill(0, 0, count);
    this.stored.fill(0, 0, count);
    this.uses.fill(0, 0, count);
    this.cross.fill(0, 0, count);
    this.emptyRegisters();
    this.locked = 0;
    this.freeHomes.length = 0;
    this.framePatches.length = 0;
    this.framePatchAddends.length = 0;
  }

  // ── the frame ──

  home(v: number): number {
    const known = this.homeOf[v];
    if (known !== 0) return known - 1;
    // What other blocks use never shares a home: it may be filled by code further down, before what has used a free one here.
    const free = this.cross[v] === 1 ? undefined : this.freeHomes.pop();
    const at = free ?? this.frameUsed;
    if (free === undefined) this.frameUsed += 8;
    this.homeOf[v] = at + 1;
    return at;
  }

  /** The disp32 that was just written is an offset from the frame's end. */
  patchFrame(addend: number): void {
    this.framePatches.push(this.asm.length - 4);
    this.framePatchAddends.push(addend);
  }

  // ── registers ──

  emptyRegisters(): void {
    for (let mask = this.occupied; mask !== 0; mask &= mask - 1) {
      const register = 31 - Math.clz32(mask & -mask);
      this.regOf[this.contents[register]] = NONE;
      this.contents[register] = 0;
    }
    this.occupied = 0;
  }

  isFloat(v: number): boolean {
    return isFloatType[this.f.type[v]] === 1;
  }

  /** A free register, evicting something if need be; locked for the current instruction. */
  allocate(float: boolean): number {
    const mask = float ? floatMask : integerMask;
    const free = mask & ~(this.occupied | this.locked);
    const register = free !== 0 ? 31 - Math.clz32(free & -free) : this.evict(mask);
    this.locked |= 1 << register;
    return register;
  }

  private evict(mask: number): number {
    const candidates = mask & ~this.locked;
    if (candidates === 0) throw new Error("codegen/x86_64/fastState.evict: an instruction needs more registers than there are");
    // Round robin among those whose value needs no store, then among all.
    let chosen = NONE;
    for (let step = 1; step <= 32; step++) {
      const register = (this.victim + step) & 31;
      if (((candidates >>> register) & 1) === 0) continue;
      if (chosen === NONE) chosen = register;
      if (this.stored[this.contents[register]] === 1) {
        chosen = register;
        break;
      }
    }
    this.victim = chosen;
    this.spill(this.contents[chosen]);
    return chosen;
  }

  /** The value leaves its register; it is stored first unless its home holds it. */
  spill(v: number): void {
    if (this.stored[v] === 0) this.store(v);
    this.drop(v);
  }

  /** Writes a value in a register to its home. */
  store(v: number): void {
    this.storeRegister(this.regOf[v], this.home(v));
    this.stored[v] = 1;
  }

  storeRegister(register: number, at: number): void {
    if (register >= XMM0) this.asm.mr(rows.movsScalarStore[1], RSP, NONE, 0, at, register - XMM0);
    else this.asm.mr(rows.mov64, RSP, NONE, 0, at, register);
  }

  loadRegister(register: number, at: number): void {
    if (register >= XMM0) this.asm.rm(rows.movsScalarLoad[1], register - XMM0, RSP, NONE, 0, at);
    else this.asm.rm(rows.load64, register, RSP, NONE, 0, at);
  }

  drop(v: number): void {
    const register = this.regOf[v];
    this.regOf[v] = NONE;
    this.contents[register] = 0;
    this.occupied &= ~(1 << register);
  }

  /** Makes `register` free and locks it: what is in it moves to another register, or to its home. */
  claim(register: number): void {
    const v = this.contents[register];
    this.locked |= 1 << register;
    if (v === 0) return;
    if (this.uses[v] <= 0) {
      this.drop(v);
      return;
    }
    const mask = register >= XMM0 ? floatMask : integerMask;
    const free = mask & ~(this.occupied | this.locked);
    if (free === 0 || this.stored[v] === 1) {
      this.spill(v);
      return;
    }
    const other = 31 - Math.clz32(free & -free);
    this.move(other, register);
    this.drop(v);
    this.put(v, other);
  }

  /** Makes `register` hold a's value for an instruction that overwrites it; `a` lives on elsewhere if it has further uses. */
  claimFor(register: number, a: number): void {
    if (this.regOf[a] === register && this.uses[a] === 1) {
      this.locked |= 1 << register;
      return;
    }
    const here = this.regOf[a] === register;
    this.claim(register);
    if (!here) this.copyTo(register, a, false);
  }

  /** A copy of `a` in a register other than rax and rdx, which multiplication and division want. */
  allocateApart(a: number): number {
    const locked = this.locked;
    this.locked |= (1 << RAX) | (1 << RDX);
    const register = this.allocate(false);
    this.copyTo(register, a, false);
    this.locked = locked | (1 << register);
    return register;
  }

  put(v: number, register: number): void {
    this.regOf[v] = register;
    this.contents[register] = v;
    this.occupied |= 1 << register;
    this.locked |= 1 << register;
  }

  /** `v` has been computed into `register`, which is free of other values. */
  define(v: number, register: number): void {
    if (this.cross[v] === 1) {
      // Also when no use is left: a block that comes earlier in the code, and later in time, may have taken the last.
      this.storeRegister(register, this.home(v));
      this.stored[v] = 1;
    }
    if (this.uses[v] > 0) this.put(v, register);
  }

  /** One use of `v` is done. */
  release(v: number): void {
    const left = --this.uses[v];
    if (left > 0) return;
    if (this.regOf[v] >= 0) this.drop(v);
    const home = this.homeOf[v];
    if (home !== 0 && this.cross[v] === 0) {
      this.freeHomes.push(home - 1);
      this.homeOf[v] = 0;
      this.stored[v] = 0;
    }
  }

  /** The register with the value of `v`, loaded or made if it is in none. Locked. Not for writing. */
  use(v: number): number {
    let register = this.regOf[v];
    if (register >= 0) {
      this.locked |= 1 << register;
      return register;
    }
    register = this.allocate(this.isFloat(v));
    if (this.load(register, v)) this.put(v, register);
    return register;
  }

  /** Brings a value that is in no register into `register`. False for a constant: it does not stay there. */
  private load(register: number, v: number): boolean {
    if (this.needsNoPlace(v)) {
      this.materialize(register, v, false);
      return false;
    }
    this.loadRegister(register, this.home(v));
    return true;
  }

  /** Copies the value of `v` into `register`, wherever it is. Flags survive if `keepFlags`. */
  copyTo(register: number, v: number, keepFlags: boolean): void {
    const from = this.regOf[v];
    if (from >= 0) {
      if (from !== register) this.move(register, from);
    } else if (this.needsNoPlace(v)) this.materialize(register, v, keepFlags);
    else this.loadRegister(register, this.home(v));
  }

  /** Constants and addresses are made where they are used. What else is in no register has a home, though it may be filled further down. */
  needsNoPlace(v: number): boolean {
    const op = this.f.op[v];
    return op === Op.const || op === Op.slot || op === Op.address;
  }

  /** A register for the result of an operation that overwrites its operand `a`: it holds a's value, and `a` lives on elsewhere. */
  overwrite(a: number): number {
    const register = this.regOf[a];
    if (register >= 0 && this.uses[a] === 1) {
      this.locked |= 1 << register;
      return register;
    }
    const fresh = this.allocate(this.isFloat(a));
    this.copyTo(fresh, a, false);
    return fresh;
  }

  /** After `overwrite(a)`: `a` is used up, `v` is in `register`. */
  replace(v: number, a: number, register: number): void {
    this.release(a);
    this.define(v, register);
  }

  move(to: number, from: number): void {
    if (to >= XMM0) {
      if (from >= XMM0) this.asm.rr(rows.movaps, to - XMM0, from - XMM0);
      else this.asm.rr(floatRows().toX64, to - XMM0, from);
    } else if (from >= XMM0) this.asm.rr(floatRows().fromX64, to, from - XMM0);
    else this.asm.rr(rows.mov64, to, from);
  }

  // ── constants and addresses ──

  /** Makes the value of a constant, an address or a slot in a register. */
  materialize(register: number, v: number, keepFlags: boolean): void {
    const { f, asm } = this;
    const op = f.op[v];
    if (op === Op.const) {
      const low = f.a[v];
      const high = f.b[v];
      if (register >= XMM0) this.floatConstant(register - XMM0, low, high, f.type[v] === Type.f64);
      else this.integerConstant(register, low, high, keepFlags);
    } else if (op === Op.slot) asm.rm(rows.lea64, register, RSP, NONE, 0, this.slotAt[f.a[v]]);
    else if (op === Op.address) asm.rm(rows.lea64, register, RIP, f.a[v], 0, f.b[v]);
    else throw new Error(`codegen/x86_64/fastState.materialize: value ${v} is used before it has a place`);
  }

  integerConstant(register: number, low: number, high: number, keepFlags: boolean): void {
    const { asm } = this;
    if (high === 0) {
      if (low === 0 && !keepFlags) asm.rr(rows.xor.rr[2], register, register);
      else asm.ri(rows.movR32I32, register, low >>> 0);
    } else if (high === low >> 31) asm.ri(rows.movRm64I32, register, low);
    else asm.ri64(rows.movabs, register, low, high);
  }

  floatConstant(register: number, low: number, high: number, double: boolean): void {
    if (low === 0 && (high === 0 || !double)) this.asm.rr(floatRows().xor, register, register);
    else {
      const symbol = this.objects.constant(double ? [low, high] : [low]);
      this.asm.rm(rows.movsScalarLoad[double ? 1 : 0], register, RIP, symbol, 0, 0);
    }
  }

  /** A constant that fits a signed 32-bit immediate, for an operation of this width (0 to 3). */
  isImmediate(v: number, width: number): boolean {
    const { f } = this;
    return f.op[v] === Op.const && (width < 3 || f.b[v] === f.a[v] >> 31);
  }

  /** Sets base, index, scale and disp to the memory at `pointer` + `offset`. */
  address(pointer: number, offset: number): void {
    const { f } = this;
    const op = f.op[pointer];
    this.index = NONE;
    this.scale = 0;
    if (op === Op.slot) {
      this.base = RSP;
      this.disp = this.slotAt[f.a[pointer]] + offset;
    } else if (op === Op.address) {
      this.base = RIP;
      this.index = f.a[pointer];
      this.disp = f.b[pointer] + offset;
    } else {
      this.base = this.use(pointer);
      this.disp = offset;
    }
  }
}
