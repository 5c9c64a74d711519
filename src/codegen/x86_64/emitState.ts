/** What the emission of one allocated function shares: assembler, frame, places of operands, memory operands, moves between places. */

import { Assembler } from "../../../encoders/x86_64/assembler.ts";
import { RIP, RSP } from "../../../encoders/x86_64/registers.ts";
import type { IrFunction } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { FIRST_STACK } from "../machine.ts";
import type { MachineFunction } from "../machine.ts";
import type { CompilerContext } from "../target.ts";
import { XMM0 } from "./convention.ts";
import type { Features } from "./features.ts";
import { featuresOf } from "./features.ts";
import { floatRows } from "./floatRows.ts";
import { Memory } from "./machineOps.ts";
import { FLOAT_SCRATCH } from "./registerFile.ts";
import * as rows from "./rows.ts";

const NONE = -1;
const SCRATCH = FLOAT_SCRATCH - XMM0;

export class EmitState {
  readonly asm: Assembler;
  readonly context: CompilerContext;
  readonly features: Features;
  readonly small: boolean;
  f!: IrFunction;
  mf!: MachineFunction;
  /** Offsets from rsp of IR slots and of the first spill slot; bytes from rsp to the return address. */
  slotAt = new Int32Array(64);
  spillAt = 0;
  frame = 0;
  /** Spills lie below rsp. */
  redZone = false;

  /** The memory operand made last. */
  base = 0;
  index = 0;
  scale = 0;
  disp = 0;

  constructor(asm: Assembler, context: CompilerContext) {
    this.asm = asm;
    this.context = context;
    this.features = featuresOf(context.options.features ?? []);
    this.small = context.options.level === "Os";
  }

  /** Place of operand `k` of instruction `i`. */
  place(i: number, k: number): number {
    return this.mf.operandPlace[this.mf.operandStart[i] + k];
  }

  /** Number within its class of a float register. */
  float(i: number, k: number): number {
    return this.place(i, k) - XMM0;
  }

  stackOffset(place: number): number {
    return this.spillAt + (place - FIRST_STACK) * 8;
  }

  /** Sets the memory operand to a place on the stack. */
  stack(place: number): void {
    this.base = RSP;
    this.index = NONE;
    this.scale = 0;
    this.disp = this.stackOffset(place);
  }

  /** Sets the memory operand to that of instruction `i`. */
  memory(i: number): void {
    const { mf } = this;
    const shape = mf.memory[i];
    const first = mf.memoryOperand[i];
    this.index = NONE;
    this.scale = mf.scale[i];
    this.disp = mf.displacement[i];
    if (shape === Memory.base || shape === Memory.indexed) {
      this.base = this.place(i, first);
      if (shape === Memory.indexed) this.index = this.place(i, first + 1);
    } else if (shape === Memory.symbol) {
      this.base = RIP;
      this.index = mf.symbol[i];
      this.scale = 0;
    } else {
      this.base = RSP;
      this.disp += this.slotAt[mf.symbol[i]];
      if (shape === Memory.slotIndexed) this.index = this.place(i, first);
    }
  }

  // ── constants ──

  /** Makes constant, address or slot `v` of the IR function in a register. Flags are lost. */
  materialize(register: number, v: number): void {
    const { f, asm } = this;
    const op = f.op[v];
    if (op === Op.const) {
      if (register >= XMM0) this.floatConstant(register - XMM0, v);
      else this.integerConstant(register, f.a[v], f.b[v]);
    } else if (op === Op.slot) asm.rm(rows.lea64, register, RSP, NONE, 0, this.slotAt[f.a[v]]);
    else asm.rm(rows.lea64, register, RIP, f.a[v], 0, f.b[v]);
  }

  integerConstant(register: number, low: number, high: number): void {
    const { asm } = this;
    if (high === 0) {
      if (low === 0) asm.rr(rows.xor.rr[2], register, register);
      else if (this.small && !this.redZone && low > 0 && low < 128) {
        asm.i(rows.pushImmediate, low);
        asm.r(rows.pop, register);
      } else asm.ri(rows.movR32I32, register, low >>> 0);
    } else if (high === low >> 31) {
      if (this.small && !this.redZone && low >= -128) {
        asm.i(rows.pushImmediate, low);
        asm.r(rows.pop, register);
      } else asm.ri(rows.movRm64I32, register, low);
    } else asm.ri64(rows.movabs, register, low, high);
  }

  private floatConstant(register: number, v: number): void {
    const { f } = this;
    const double = f.type[v] === Type.f64;
    if (f.a[v] === 0 && (f.b[v] === 0 || !double)) this.asm.rr(floatRows().xor, register, register);
    else this.asm.rm(rows.movsScalarLoad[double ? 1 : 0], register, RIP, this.floatSymbol(v), 0, 0);
  }

  /** A reference to the float constant `v` in memory. */
  floatSymbol(v: number): number {
    const { f } = this;
    return this.context.objects.constant(f.type[v] === Type.f64 ? [f.a[v], f.b[v]] : [f.a[v]]);
  }

  // ── moves ──

  /** Copies between places, or makes constant −from. Only the float scratch register is changed besides; flags may be lost. */
  move(from: number, to: number, kind: number): void {
    if (from < 0) this.constantTo(-from, to);
    else if (to < FIRST_STACK) {
      if (from < FIRST_STACK) this.registerMove(from, to);
      else if (to >= XMM0) this.asm.rm(rows.movsScalarLoad[1], to - XMM0, RSP, NONE, 0, this.stackOffset(from));
      else this.asm.rm(rows.load64, to, RSP, NONE, 0, this.stackOffset(from));
    } else if (from < FIRST_STACK) this.storeTo(from, this.stackOffset(to));
    else {
      this.asm.rm(rows.movsScalarLoad[1], SCRATCH, RSP, NONE, 0, this.stackOffset(from));
      this.asm.mr(rows.movsScalarStore[1], RSP, NONE, 0, this.stackOffset(to), SCRATCH);
    }
    void kind;
  }

  storeTo(register: number, at: number): void {
    if (register >= XMM0) this.asm.mr(rows.movsScalarStore[1], RSP, NONE, 0, at, register - XMM0);
    else this.asm.mr(rows.mov64, RSP, NONE, 0, at, register);
  }

  private registerMove(from: number, to: number): void {
    if (to < XMM0) this.asm.rr(rows.mov64, to, from);
    else this.asm.rr(rows.movaps, to - XMM0, from - XMM0);
  }

  private constantTo(v: number, to: number): void {
    const { f, asm } = this;
    if (to < FIRST_STACK) {
      this.materialize(to, v);
      return;
    }
    const at = this.stackOffset(to);
    if (f.op[v] === Op.const) {
      if (f.b[v] === f.a[v] >> 31) asm.mi(rows.movRm64I32, RSP, NONE, 0, at, f.a[v]);
      else {
        asm.mi(rows.movMemoryImmediate[2], RSP, NONE, 0, at, f.a[v]);
        asm.mi(rows.movMemoryImmediate[2], RSP, NONE, 0, at + 4, f.b[v]);
      }
      return;
    }
    // An address needs a register for a moment.
    asm.rm(rows.movsScalarLoad[1], SCRATCH, RSP, NONE, 0, at);
    asm.mr(rows.mov64, RSP, NONE, 0, at, 0);
    this.materialize(0, v);
    asm.mr(rows.xchg[3], RSP, NONE, 0, at, 0);
  }

  /** Exchanges two places. */
  exchange(a: number, b: number, kind: number): void {
    const { asm } = this;
    if (a < FIRST_STACK && b < FIRST_STACK) {
      if (kind === 0) asm.rr(rows.xchg[3], a, b);
      else {
        asm.rr(rows.movaps, SCRATCH, a - XMM0);
        asm.rr(rows.movaps, a - XMM0, b - XMM0);
        asm.rr(rows.movaps, b - XMM0, SCRATCH);
      }
      return;
    }
    if (a >= FIRST_STACK && b >= FIRST_STACK) {
      // rax helps and comes back as it was.
      asm.rm(rows.movsScalarLoad[1], SCRATCH, RSP, NONE, 0, this.stackOffset(a));
      asm.mr(rows.xchg[3], RSP, NONE, 0, this.stackOffset(b), 0);
      asm.mr(rows.mov64, RSP, NONE, 0, this.stackOffset(a), 0);
      asm.rm(rows.load64, 0, RSP, NONE, 0, this.stackOffset(b));
      asm.mr(rows.movsScalarStore[1], RSP, NONE, 0, this.stackOffset(b), SCRATCH);
      return;
    }
    const register = a < FIRST_STACK ? a : b;
    const at = this.stackOffset(a < FIRST_STACK ? b : a);
    if (kind === 0 && this.small) asm.mr(rows.xchg[3], RSP, NONE, 0, at, register);
    else if (kind === 0) {
      // An exchange with memory locks the bus: some twenty times as slow.
      asm.rm(rows.movsScalarLoad[1], SCRATCH, RSP, NONE, 0, at);
      asm.mr(rows.mov64, RSP, NONE, 0, at, register);
      asm.rr(floatRows().fromX64, register, SCRATCH);
    } else {
      asm.rr(rows.movaps, SCRATCH, register - XMM0);
      asm.rm(rows.movsScalarLoad[1], register - XMM0, RSP, NONE, 0, at);
      asm.mr(rows.movsScalarStore[1], RSP, NONE, 0, at, SCRATCH);
    }
  }
}
