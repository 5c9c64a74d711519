/** What the emission of one allocated function shares: assembler, frame, places of operands, memory accesses, constants, moves. */
import { Assembler } from "../../../encoders/arm64/assembler.ts";
import { encodeBitmask } from "../../../encoders/arm64/bitmask.ts";
import { FIXUP_LDST8 } from "../../../encoders/arm64/fixups.ts";
import { SP, UXTX, ZR } from "../../../encoders/arm64/registers.ts";
import { memoryWord, word } from "../../../encoders/arm64/table.ts";
import type { IrFunction, SymbolId } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { Type } from "../../ir/types.ts";
import { FIRST_STACK } from "../machine.ts";
import type { MachineFunction } from "../machine.ts";
import { PRIVATE } from "../objectWriter.ts";
import type { CompilerContext } from "../target.ts";
import { floatBits8, nonZeroParts } from "./constants.ts";
import { V0 } from "./convention.ts";
import { Memory } from "./machineOps.ts";
import { FLOAT_SCRATCH, SCRATCH, SCRATCH2 } from "./registerFile.ts";

/** The rows of one kind of access. */
export interface Access {
  readonly log: number;
  readonly unsigned: number;
  readonly unscaled: number;
  readonly register: number;
  readonly post: number;
}
const access = (name: string, log: number): Access => ({ log, unsigned: memoryWord(`${name}_unsigned`), unscaled: memoryWord(`${name}_unscaled`), register: memoryWord(`${name}_register`), post: memoryWord(`${name}_post`) });
/** By width. */
export const loads = [access("ldrb", 0), access("ldrh", 1), access("ldr_w", 2), access("ldr_x", 3)];
/** By the width of the register (0 for 32 bits), then of what is loaded. */
export const signedLoads = [[access("ldrsb_w", 0), access("ldrsh_w", 1)], [access("ldrsb_x", 0), access("ldrsh_x", 1), access("ldrsw", 2)]];
export const stores = [access("strb", 0), access("strh", 1), access("str_w", 2), access("str_x", 3)];
export const floatLoads = [access("ldr_s", 2), access("ldr_d", 3), access("ldr_q", 4)];
export const floatStores = [access("str_s", 2), access("str_d", 3), access("str_q", 4)];

const ADD_I = word("add_immediate");
const SUB_I = word("sub_immediate");
const ADD_X = word("add_extended");
const ORR = word("orr_shifted");
const ORR_I = word("orr_immediate");
const MOVZ = word("movz");
const MOVN = word("movn");
const MOVK = word("movk");
const FMOV = word("fmov");
const FMOV_D_X = word("fmov_d_x");
const FMOV_S_W = word("fmov_s_w");
const MOVI_ZERO = word("movi_d");
const FMOV_X_D = word("fmov_x_d");

export class EmitState {
  readonly asm: Assembler;
  readonly context: CompilerContext;
  /** Whether the processor has the Large System Extensions. */
  readonly atomics: boolean;
  f!: IrFunction;
  mf!: MachineFunction;
  slotAt = new Int32Array(64);
  spillAt = 0;
  /** Bytes from sp to the word with the return address, which is the frame's highest. */
  frame = 0;

  constructor(asm: Assembler, context: CompilerContext) {
    this.asm = asm;
    this.context = context;
    this.atomics = context.options.features?.includes("lse") === true;
  }

  /** Register of operand `k` of instruction `i`; a constant, which can only be 0, is the zero register. */
  place(i: number, k: number): number {
    const place = this.mf.operandPlace[this.mf.operandStart[i] + k];
    return place < 0 ? ZR : place;
  }

  /** Number of the vector register of operand `k` of instruction `i`. */
  float(i: number, k: number): number {
    return this.place(i, k) - V0;
  }

  /** The encodings' sf bit: 1 where instruction `i` works on 64 bits, 0 where on 32. */
  wide(i: number): number {
    return this.mf.width[i] === 3 ? 1 : 0;
  }

  stackOffset(place: number): number {
    return this.spillAt + (place - FIRST_STACK) * 8;
  }

  /** One access to [base + offset]; x17 helps where the offset is large. */
  at({ log, unsigned, unscaled, register }: Access, t: number, base: number, offset: number): void {
    const { asm } = this;
    if (offset >= 0 && (offset & ((1 << log) - 1)) === 0 && offset >> log < 4096) asm.unsigned(unsigned, t, base, offset >> log);
    else if (offset >= -256 && offset < 256) asm.nine(unscaled, t, base, offset);
    else {
      this.integer(SCRATCH2, offset, offset >> 31);
      asm.indexed(register, t, base, SCRATCH2, UXTX, 0);
    }
  }

  /** The access of instruction `i` by its memory operand. */
  memory(i: number, rows: Access, t: number): void {
    const { mf, asm } = this;
    const first = mf.memoryOperand[i];
    const displacement = mf.displacement[i];
    switch (mf.memory[i]) {
      case Memory.base: return this.at(rows, t, this.place(i, first), displacement);
      case Memory.slot: return this.at(rows, t, SP, this.slotAt[mf.symbol[i]] + displacement);
      case Memory.indexed: return asm.indexed(rows.register, t, this.place(i, first), this.place(i, first + 1), mf.scale[i] >> 1, mf.scale[i] & 1);
      default: this.symbolAccess(rows, t, mf.symbol[i], displacement);
    }
  }

  private symbolAccess(rows: Access, t: number, symbol: number, displacement: number): void {
    const { asm } = this;
    asm.page(SCRATCH2, symbol, displacement);
    // The access itself has room for the low bits, in units of its size.
    const alignment = this.context.module.data.get(symbol as SymbolId)?.alignment ?? (symbol >= PRIVATE ? 16 : 1);
    if (((alignment | displacement) & ((1 << rows.log) - 1)) === 0) {
      asm.pageAccess(rows.unsigned, FIXUP_LDST8 + rows.log, t, SCRATCH2, symbol, displacement);
      return;
    }
    asm.pageOffset(SCRATCH2, SCRATCH2, symbol, displacement);
    asm.unsigned(rows.unsigned, t, SCRATCH2, 0);
  }

  /** d = n + value, any value; d may be sp. x17 helps. */
  addTo(d: number, n: number, value: number): void {
    const { asm } = this;
    const [row, size] = value < 0 ? [SUB_I, -value] : [ADD_I, value];
    if (size < 4096) {
      if (size !== 0 || d !== n) asm.immediate(row, 1, d, n, size);
    } else if (size < 1 << 24) {
      asm.immediate(row, 1, d, n, size & ~4095);
      if ((size & 4095) !== 0) asm.immediate(row, 1, d, d, size & 4095);
    } else {
      this.integer(SCRATCH2, value, value >> 31);
      asm.extended(ADD_X, 1, d, n, SCRATCH2, UXTX, 0);
    }
  }

  // ── constants ──

  integer(d: number, low: number, high: number): void {
    const { asm } = this;
    const count = high === 0 ? 2 : 4;
    const given = nonZeroParts(low, high);
    const givenInverted = nonZeroParts(~low, ~high);
    if (given > 1 && givenInverted > 1) {
      const bits = encodeBitmask(low, high, true);
      if (bits >= 0) {
        asm.bitmask(ORR_I, 1, d, ZR, bits);
        return;
      }
    }
    const inverted = givenInverted < given;
    const skip = inverted ? 0xffff : 0;
    let begun = false;
    for (let i = 0; i < (inverted ? 4 : count); i++) {
      const part = ((i < 2 ? low : high) >>> ((i & 1) << 4)) & 0xffff;
      if (part === skip) continue;
      if (begun) asm.moveWide(MOVK, 1, d, part, i);
      else asm.moveWide(inverted ? MOVN : MOVZ, 1, d, inverted ? ~part : part, i);
      begun = true;
    }
    if (!begun) asm.moveWide(inverted ? MOVN : MOVZ, 1, d, 0, 0);
  }

  /** Makes constant, address or slot `v` in a register. */
  materialize(register: number, v: number): void {
    const { f, asm } = this;
    const op = f.op[v];
    if (op === Op.const) {
      if (register < V0) this.integer(register, f.a[v], f.b[v]);
      else this.floatConstant(register - V0, v);
    } else if (op === Op.slot) this.addTo(register, SP, this.slotAt[f.a[v]]);
    else {
      asm.page(register, f.a[v], f.b[v]);
      asm.pageOffset(register, register, f.a[v], f.b[v]);
    }
  }

  /** As an immediate, through a register that takes up to two instructions to fill, or from memory. */
  private floatConstant(register: number, v: number): void {
    const { f, asm } = this;
    const double = f.type[v] === Type.f64;
    const [low, high] = [f.a[v], double ? f.b[v] : 0];
    const short = floatBits8(f.type[v], low, high);
    if (short >= 0) asm.emit(word("fmov_immediate") | ((double ? 1 : 0) << 22) | (short << 13) | register);
    else if (low === 0 && high === 0) asm.emit(MOVI_ZERO | register);
    else if (!double || low === 0 || encodeBitmask(low, high, true) >= 0) {
      this.integer(SCRATCH, low, high);
      asm.rr(double ? FMOV_D_X : FMOV_S_W, 0, register, SCRATCH);
    } else this.symbolAccess(floatLoads[1] as Access, register, this.context.objects.constant([low, high]), 0);
  }

  // ── moves; x16 or v31 carry what goes from memory to memory ──

  move(from: number, to: number): void {
    const { asm } = this;
    if (from < 0) {
      if (to < FIRST_STACK) this.materialize(to, -from);
      else {
        const float = this.f.type[-from] === Type.f32 || this.f.type[-from] === Type.f64;
        this.materialize(float ? V0 + FLOAT_SCRATCH : SCRATCH, -from);
        this.move(float ? V0 + FLOAT_SCRATCH : SCRATCH, to);
      }
    } else if (to < FIRST_STACK) {
      if (from >= FIRST_STACK) {
        if (to >= V0) this.at(floatLoads[1] as Access, to - V0, SP, this.stackOffset(from));
        else this.at(loads[3] as Access, to, SP, this.stackOffset(from));
      } else if (to >= V0) asm.ff(FMOV, 1, to - V0, from - V0);
      else asm.rrr(ORR, 1, to, ZR, from);
    } else if (from < FIRST_STACK) {
      if (from >= V0) this.at(floatStores[1] as Access, from - V0, SP, this.stackOffset(to));
      else this.at(stores[3] as Access, from, SP, this.stackOffset(to));
    } else {
      this.at(loads[3] as Access, SCRATCH, SP, this.stackOffset(from));
      this.at(stores[3] as Access, SCRATCH, SP, this.stackOffset(to));
    }
  }

  /** Exchanges two places: one waits in a scratch register. */
  exchange(a: number, b: number): void {
    const { asm } = this;
    if (a < V0 && b < V0) {
      asm.rrr(ORR, 1, SCRATCH, ZR, a);
      asm.rrr(ORR, 1, a, ZR, b);
      asm.rrr(ORR, 1, b, ZR, SCRATCH);
      return;
    }
    const waiting = V0 + FLOAT_SCRATCH;
    if (a < V0) asm.rr(FMOV_D_X, 0, FLOAT_SCRATCH, a);
    else this.move(a, waiting);
    this.move(b, a);
    if (b < V0) asm.rr(FMOV_X_D, 0, b, FLOAT_SCRATCH);
    else this.move(waiting, b);
  }
}
