/**
 * Writes x86-64 instructions into a code buffer: one method an operand form, rows and registers as small integers.
 *
 *   asm.rr(row("add_rm64_r64"), RAX, RCX)                         add rax, rcx
 *   asm.rm(row("mov_r64_rm64"), RAX, RBP, RCX, 3, 16)             mov rax, [rbp + rcx*8 + 16]
 *   asm.rm(row("lea_r64_m"), RAX, RIP, symbol, 0, addend)         lea rax, [rip + symbol + addend]
 *
 * Operands stand in the order of the row's name, which is Intel's; fixed ones (`cl`, `one`, `eax`) are left out. The
 * letters of a method's name: r register, m memory, i immediate. Memory is four numbers: base (or NO_REGISTER, RIP,
 * RIP_GOT, RIP_LABEL), index (or NO_REGISTER), scale as 0 to 3 for 1 to 8, displacement.
 *
 * Where GNU `as` would choose a shorter row for an immediate, so do `ri`, `mi`, `rri`, `rmi` and `i`: every instruction
 * written has a spelling that `as` turns into the same bytes. Wrong operands throw: they are bugs of the caller.
 */
import type { Label } from "../codeBuffer.ts";
import {
  BYTE_REG, BYTE_RM, FORM_I, FORM_M, FORM_MI, FORM_MR, FORM_MRI, FORM_NONE, FORM_R, FORM_RI, FORM_RM, FORM_RMI,
  FORM_RMR, FORM_RR, FORM_RRI, FORM_RRM, FORM_RRMI, FORM_RRR, FORM_RRRI, HAS_SHORTER, IMMEDIATE_SIGNED, IMMEDIATE_UNSIGNED, RM_FIRST, VEX,
  VVVV_FIRST, VVVV_LAST, accumulatorRow, rowDigit, rowFlags, rowOpcode, rowPrefixes, rowRex, shorterRow,
} from "./columns.ts";
import { FieldWriter, immediateBytes, wrongForm, wrongImmediate, wrongRegister } from "./fieldWriter.ts";
import { FIXUP_PLT32 } from "./fixups.ts";
import { writePadding } from "./padding.ts";
import { RAX } from "./registers.ts";
import { SITE_ALIGN, SITE_FIELD, SITE_JCC, SITE_JUMP, SITE_SHORT, relaxRegion } from "./relax.ts";
import { row } from "./table.ts";

const JMP8 = row("jmp_rel8");
const JMP32 = row("jmp_rel32");
const JCC8 = row("jcc_rel8");
const JCC32 = row("jcc_rel32");
const CALL32 = row("call_rel32");

export class Assembler extends FieldWriter {
  private relaxable = false;

  // Regions: one function, as a rule. Labels live within.

  /**
   * Opens a region. If `relaxable`, every branch to a label is recorded and `endRegion` gives as many as possible their
   * short form; else forward branches keep four bytes and nothing moves.
   */
  beginRegion(relaxable: boolean): void {
    this.startRegion();
    this.relaxable = relaxable;
  }

  /** Resolves the region's branches; afterwards label, fixup and mark offsets are final. Throws on an unbound label. */
  endRegion(): void {
    if (this.siteCount === 0) return;
    for (let site = 0; site < this.siteCount; site++) {
      if (this.siteKind[site] !== SITE_ALIGN && this.labelAt[this.siteTarget[site]] < 0) {
        throw new Error(`encoders/x86_64/assembler.endRegion: label ${this.siteTarget[site]} is not bound`);
      }
    }
    if (this.relaxable) this.relax();
    else for (let site = 0; site < this.siteCount; site++) this.patchSite(site);
    this.siteCount = 0;
  }

  private relax(): void {
    const removed = relaxRegion({
      bytes: this.bytes, start: this.regionStart, end: this.length, count: this.siteCount, at: this.siteAt,
      kind: this.siteKind, target: this.siteTarget, labelAt: this.labelAt, labelSite: this.labelSite,
    });
    this.length -= removed[this.siteCount];
    this.moveAttachments(removed);
  }

  private patchSite(site: number): void {
    const at = this.siteAt[site];
    const kind = this.siteKind[site];
    const field = kind === SITE_JUMP ? at + 1 : kind === SITE_JCC ? at + 2 : at;
    this.patch32(field, this.labelAt[this.siteTarget[site]] - (field + 4));
  }

  // Instructions without memory.

  /** No operands: `ret`, `cdq`, `rep_movsb`. */
  op(row: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_NONE) === 0) wrongForm(row, "op");
    this.reserve(16);
    this.length = (flags & VEX) !== 0 ? this.vex(this.length, row, 0, 0, 0, 0) : this.legacy(this.length, row, 0);
  }

  /** One register. This and the methods below are named for their operands, as the row has them: `r` a register, `i` an immediate, `m` memory. */
  r(row: number, a: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_R) === 0) wrongForm(row, "r");
    this.reserve(16);
    this.length = this.oneRegister(row, flags, a);
  }

  rr(row: number, a: number, b: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_RR) === 0) wrongForm(row, "rr");
    if ((a | b) & ~15) wrongRegister(row, a, b);
    this.reserve(16);
    if ((flags & (HAS_SHORTER | VEX | BYTE_REG | BYTE_RM)) !== 0) {
      this.rareRegisters(row, flags, a, b);
      return;
    }
    let reg = a;
    let rm = b;
    if ((flags & RM_FIRST) !== 0) {
      reg = b;
      rm = a;
    }
    const at = this.legacy(this.length, row, ((reg & 8) >> 1) | (rm >> 3));
    this.bytes[at] = 0xc0 | ((reg & 7) << 3) | (rm & 7);
    this.length = at + 1;
  }

  /** Two registers where one is of 8 bits, or the row has VEX or a shorter one beside it. */
  private rareRegisters(row: number, flags: number, a: number, b: number): void {
    if ((flags & HAS_SHORTER) !== 0 && this.shortExchange(row, a, b)) return;
    let reg = a;
    let rm = b;
    let at: number;
    if ((flags & RM_FIRST) !== 0) {
      reg = b;
      rm = a;
    }
    if ((flags & VVVV_FIRST) !== 0) {
      reg = rowDigit[row]; // blsr
      at = this.vex(this.length, row, reg, 0, rm, a);
    } else if ((flags & VEX) !== 0) at = this.vex(this.length, row, reg, 0, rm, 0);
    else {
      let rex = ((reg & 8) >> 1) | (rm >> 3);
      if ((flags & BYTE_REG) !== 0 && reg > 3) rex |= 0x40;
      if ((flags & BYTE_RM) !== 0 && rm > 3) rex |= 0x40;
      at = this.legacy(this.length, row, rex);
    }
    this.bytes[at] = 0xc0 | ((reg & 7) << 3) | (rm & 7);
    this.length = at + 1;
  }

  rrr(row: number, a: number, b: number, c: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_RRR) === 0) wrongForm(row, "rrr");
    if ((a | b | c) & ~15) wrongRegister(row, a, b | c);
    this.reserve(16);
    const last = (flags & VVVV_LAST) !== 0;
    const rm = last ? b : c;
    const at = this.vex(this.length, row, a, 0, rm, last ? c : b);
    this.bytes[at] = 0xc0 | ((a & 7) << 3) | (rm & 7);
    this.length = at + 1;
  }

  /** An immediate alone, with an implied accumulator in some rows. */
  i(row: number, immediate: number): void {
    let flags = rowFlags[row];
    if ((flags & FORM_I) === 0) wrongForm(row, "i");
    if ((flags & HAS_SHORTER) !== 0) {
      immediate = checked(row, flags, immediate);
      flags = rowFlags[(row = shorter(row, flags, immediate))];
      if ((flags & FORM_I) === 0) {
        this.ri(row, RAX, immediate); // add eax, 5 is shorter with an opcode digit and one byte
        return;
      }
    }
    this.reserve(16);
    this.length = this.immediate(this.legacy(this.length, row, 0), row, flags, immediate);
  }

  /** A register and an immediate: the shortest row that has room for it. */
  ri(row: number, a: number, immediate: number): void {
    let flags = rowFlags[row];
    if ((flags & FORM_RI) === 0) wrongForm(row, "ri");
    this.reserve(16);
    if ((flags & HAS_SHORTER) !== 0) {
      immediate = checked(row, flags, immediate);
      flags = rowFlags[(row = shorter(row, flags, immediate))];
      if ((flags & FORM_RI) === 0) {
        this.length = this.oneRegister(row, flags, a); // shl r, 1
        return;
      }
      if (a === RAX && accumulatorRow[row] >= 0) {
        this.i(accumulatorRow[row], immediate);
        return;
      }
    }
    this.length = this.immediate(this.oneRegister(row, flags, a), row, flags, immediate);
  }

  /** A 64-bit immediate as two halves: `movabs_r64_i64`. */
  ri64(row: number, a: number, low: number, high: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_RI) === 0 || immediateBytes(flags) !== 8) wrongForm(row, "ri64");
    this.reserve(16);
    const at = this.oneRegister(row, flags, a);
    this.patch32(at, low);
    this.patch32(at + 4, high);
    this.length = at + 8;
  }

  rri(row: number, a: number, b: number, immediate: number): void {
    let flags = rowFlags[row];
    if ((flags & FORM_RRI) === 0) wrongForm(row, "rri");
    if ((flags & HAS_SHORTER) !== 0) flags = rowFlags[(row = shorter(row, flags, immediate))];
    if ((a | b) & ~15) wrongRegister(row, a, b);
    this.reserve(16);
    const swap = (flags & RM_FIRST) !== 0;
    const withDigit = (flags & VVVV_FIRST) !== 0;
    const reg = withDigit ? rowDigit[row] : swap ? b : a;
    const rm = swap ? a : b;
    let at = (flags & VEX) !== 0
      ? this.vex(this.length, row, reg, 0, rm, withDigit ? a : 0)
      : this.legacy(this.length, row, ((reg & 8) >> 1) | (rm >> 3));
    this.bytes[at++] = 0xc0 | ((reg & 7) << 3) | (rm & 7);
    this.length = this.immediate(at, row, flags, immediate);
  }

  /** Three registers through VEX, and an immediate: vshufps, vpalignr. */
  rrri(row: number, a: number, b: number, c: number, immediate: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_RRRI) === 0) wrongForm(row, "rrri");
    if ((a | b | c) & ~15) wrongRegister(row, a, b | c);
    this.reserve(16);
    const at = this.vex(this.length, row, a, 0, c, b);
    this.bytes[at] = 0xc0 | ((a & 7) << 3) | (c & 7);
    this.length = this.immediate(at + 1, row, flags, immediate);
  }

  // Instructions with memory.

  /** The prefix by which the address of the instruction that comes next counts from the base of a segment, FS or GS. */
  segment(prefix: number): void {
    this.reserve(16);
    this.bytes[this.length++] = prefix;
  }

  /** Memory is `base + index * 2^scale + displacement`; NO_REGISTER stands for no base or no index. */
  m(row: number, base: number, index: number, scale: number, displacement: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_M) === 0) wrongForm(row, "m");
    this.reserve(16);
    this.length = this.memory(row, flags, rowDigit[row], base, index, scale, displacement, 0, 0);
  }

  /** A register, and memory as second operand. */
  rm(row: number, a: number, base: number, index: number, scale: number, displacement: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_RM) === 0) wrongForm(row, "rm");
    if (a & ~15) wrongRegister(row, a, 0);
    this.reserve(16);
    if (base < 0 || (flags & (VEX | BYTE_REG)) !== 0) {
      // Of VEX rows with a digit the register lies in vvvv.
      const withDigit = (flags & VVVV_FIRST) !== 0;
      this.length = this.rareMemory(row, flags, withDigit ? rowDigit[row] : a, base, index, scale, displacement, withDigit ? a : 0, 0);
      return;
    }
    const at = this.legacy(this.length, row, ((a & 8) >> 1) | (index > 7 ? 2 : 0) | (base >> 3));
    this.length = this.address(row, at, a, base, index, scale, displacement);
  }

  /** Memory, and a register as second operand. */
  mr(row: number, base: number, index: number, scale: number, displacement: number, b: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_MR) === 0) wrongForm(row, "mr");
    if (b & ~15) wrongRegister(row, b, 0);
    this.reserve(16);
    if (base < 0 || (flags & (VEX | BYTE_REG)) !== 0) {
      this.length = this.rareMemory(row, flags, b, base, index, scale, displacement, 0, 0);
      return;
    }
    const at = this.legacy(this.length, row, ((b & 8) >> 1) | (index > 7 ? 2 : 0) | (base >> 3));
    this.length = this.address(row, at, b, base, index, scale, displacement);
  }

  /** Memory and an immediate: the shortest row that has room for it. */
  mi(row: number, base: number, index: number, scale: number, displacement: number, immediate: number): void {
    let flags = rowFlags[row];
    if ((flags & FORM_MI) === 0) wrongForm(row, "mi");
    if ((flags & HAS_SHORTER) !== 0) {
      immediate = checked(row, flags, immediate);
      flags = rowFlags[(row = shorter(row, flags, immediate))];
      if ((flags & FORM_MI) === 0) {
        this.m(row, base, index, scale, displacement);
        return;
      }
    }
    this.reserve(16);
    const at = this.memory(row, flags, rowDigit[row], base, index, scale, displacement, 0, immediateBytes(flags));
    this.length = this.immediate(at, row, flags, immediate);
  }

  rmi(row: number, a: number, base: number, index: number, scale: number, displacement: number, immediate: number): void {
    let flags = rowFlags[row];
    if ((flags & FORM_RMI) === 0) wrongForm(row, "rmi");
    if ((flags & HAS_SHORTER) !== 0) flags = rowFlags[(row = shorter(row, flags, immediate))];
    this.registerMemoryImmediate(row, flags, a, base, index, scale, displacement, immediate);
  }

  mri(row: number, base: number, index: number, scale: number, displacement: number, b: number, immediate: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_MRI) === 0) wrongForm(row, "mri");
    this.registerMemoryImmediate(row, flags, b, base, index, scale, displacement, immediate);
  }

  /** Three operands through VEX, the last in memory: andn, pdep, vfmadd. */
  rrm(row: number, a: number, b: number, base: number, index: number, scale: number, displacement: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_RRM) === 0) wrongForm(row, "rrm");
    if ((a | b) & ~15) wrongRegister(row, a, b);
    this.reserve(16);
    this.length = this.memory(row, flags, a, base, index, scale, displacement, b, 0);
  }

  /** As `rrm`, and an immediate. */
  rrmi(row: number, a: number, b: number, base: number, index: number, scale: number, displacement: number, immediate: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_RRMI) === 0) wrongForm(row, "rrmi");
    if ((a | b) & ~15) wrongRegister(row, a, b);
    this.reserve(16);
    const at = this.memory(row, flags, a, base, index, scale, displacement, b, immediateBytes(flags));
    this.length = this.immediate(at, row, flags, immediate);
  }

  /** Three operands through VEX, the second in memory: bextr, shlx. */
  rmr(row: number, a: number, base: number, index: number, scale: number, displacement: number, c: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_RMR) === 0) wrongForm(row, "rmr");
    if ((a | c) & ~15) wrongRegister(row, a, c);
    this.reserve(16);
    this.length = this.memory(row, flags, a, base, index, scale, displacement, c, 0);
  }

  // Addresses of symbols as immediates. The field gets R_X86_64_32, 32S or 64, as its extension demands.

  /** `mov_r32_i32`, `mov_rm64_i32`, `movabs_r64_i64`, `cmp_rm64_i32` with the address `symbol + addend`. */
  riSymbol(row: number, a: number, symbol: number, addend: number): void {
    const flags = rowFlags[row];
    if ((flags & FORM_RI) === 0) wrongForm(row, "riSymbol");
    this.reserve(16);
    if (a === RAX && accumulatorRow[row] >= 0) {
      const other = accumulatorRow[row];
      this.symbolImmediate(this.legacy(this.length, other, 0), other, symbol, addend);
    } else this.symbolImmediate(this.oneRegister(row, flags, a), row, symbol, addend);
  }

  /** As `riSymbol`, to memory. */
  miSymbol(
    row: number, base: number, index: number, scale: number, displacement: number, symbol: number, addend: number,
  ): void {
    const flags = rowFlags[row];
    if ((flags & FORM_MI) === 0) wrongForm(row, "miSymbol");
    this.reserve(16);
    const at = this.memory(row, flags, rowDigit[row], base, index, scale, displacement, 0, immediateBytes(flags));
    this.symbolImmediate(at, row, symbol, addend);
  }

  // Branches.

  jump(label: Label): void {
    this.reserve(16);
    this.branch(label, rowOpcode[JMP8], rowOpcode[JMP32], SITE_JUMP);
  }

  /** Jumps if `condition` holds (CC_E, …). */
  jcc(condition: number, label: Label): void {
    this.reserve(16);
    this.branch(label, rowOpcode[JCC8 + condition], rowOpcode[JCC32 + condition], SITE_JCC);
  }

  call(label: Label): void {
    this.reserve(16);
    this.bytes[this.length++] = rowOpcode[CALL32];
    this.addSite(this.length, SITE_FIELD, label);
    this.length += 4;
  }

  /** A call, a jump and a conditional jump to a symbol, each with a fixup. */
  callSymbol(symbol: number, addend = 0): void {
    this.branchToSymbol(CALL32, symbol, addend);
  }

  jumpSymbol(symbol: number, addend = 0): void {
    this.branchToSymbol(JMP32, symbol, addend);
  }

  jccSymbol(condition: number, symbol: number, addend = 0): void {
    this.branchToSymbol(JCC32 + condition, symbol, addend);
  }

  // Padding.

  /**
   * Pads with nops to a multiple of `alignment`, a power of two up to 64, counted from the buffer's start. In a relaxable
   * region with branches before it the padding is settled by `endRegion`.
   */
  align(alignment: number): void {
    this.reserve(64);
    if (this.relaxable && this.siteCount > 0) {
      this.addSite(this.length, SITE_ALIGN, alignment);
      this.length += alignment - 1;
    } else {
      const count = -this.length & (alignment - 1);
      writePadding(this.bytes, this.length, count);
      this.length += count;
    }
  }

  /** `count` bytes of the nops that Intel recommends (SDM vol. 2, NOP). */
  padding(count: number): void {
    this.reserve(count);
    writePadding(this.bytes, this.length, count);
    this.length += count;
  }

  private registerMemoryImmediate(
    row: number, flags: number, reg: number, base: number, index: number, scale: number, displacement: number,
    immediate: number,
  ): void {
    if (reg & ~15) wrongRegister(row, reg, 0);
    this.reserve(16);
    const at = this.memory(row, flags, reg, base, index, scale, displacement, 0, immediateBytes(flags));
    this.length = this.immediate(at, row, flags, immediate);
  }

  private branch(label: Label, short: number, long: number, kind: number): void {
    const bytes = this.bytes;
    let at = this.length;
    const target = this.labelAt[label];
    if (target >= 0 && target - (at + 2) >= -128) {
      if (this.relaxable) this.addSite(at, SITE_SHORT, label); // code between may yet shrink
      bytes[at] = short;
      bytes[at + 1] = target - (at + 2);
      this.length = at + 2;
      return;
    }
    if (target < 0 || this.relaxable) this.addSite(at, kind, label);
    bytes[at++] = long;
    if (kind === SITE_JCC) bytes[at++] = long >> 8;
    this.patch32(at, target - (at + 4)); // final if backward, overwritten if not
    this.length = at + 4;
  }

  private branchToSymbol(row: number, symbol: number, addend: number): void {
    this.reserve(16);
    const at = this.legacy(this.length, row, 0);
    this.patch32(at, 0);
    this.addFixup(at, FIXUP_PLT32, symbol, addend - 4);
    this.length = at + 4;
  }

  /** `xchg` with the accumulator has a one-byte opcode, which `as` takes; but `xchg eax, eax` must not become a nop. */
  private shortExchange(row: number, a: number, b: number): boolean {
    const short = accumulatorRow[row];
    if (a !== RAX && b !== RAX) return false;
    if (a === b && rowRex[row] === 0 && rowPrefixes[row] === 0) return false;
    this.r(short, a === RAX ? b : a);
    return true;
  }
}

/** The immediate as the row's width sees it: `0xffff` is -1 to a 16-bit operation. */
function checked(row: number, flags: number, value: number): number {
  if ((flags & (IMMEDIATE_SIGNED | IMMEDIATE_UNSIGNED)) !== 0) return value;
  const size = immediateBytes(flags);
  if (size === 2 && value >= -32768 && value <= 65535) return (value << 16) >> 16;
  if (size === 4 && ((value | 0) === value || value >>> 0 === value)) return value | 0;
  if (size === 1) return value;
  return wrongImmediate(row, value);
}

/** The row that `as` takes for this immediate: one byte if it fits, none for a shift by one. */
function shorter(row: number, flags: number, value: number): number {
  const other = shorterRow[row];
  if (other < 0) return row;
  if ((flags & IMMEDIATE_UNSIGNED) !== 0) return value === 1 ? other : row;
  return (value << 24) >> 24 === value ? other : row;
}
