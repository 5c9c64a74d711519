/**
 * The parts that instructions are made of: prefixes and opcode, ModRM and SIB with displacement, immediates. Each writes at
 * an offset that is given and returns the one after; the caller has reserved room. Wrong operands throw.
 */
import { CodeBuffer } from "../codeBuffer.ts";
import {
  BYTE_REG, BYTE_RM, IMMEDIATE_SHIFT, IMMEDIATE_SIGNED, IMMEDIATE_UNSIGNED, OPCODE_REG, VEX, rowDigit, rowFlags,
  rowName, rowOpcode, rowPrefixes, rowRex, rowVex,
} from "./columns.ts";
import { FIXUP_ABS32, FIXUP_ABS32S, FIXUP_ABS64, FIXUP_GOTPCREL, FIXUP_GOTPCRELX, FIXUP_PC32, FIXUP_REX_GOTPCRELX } from "./fixups.ts";
import { DISP32, RAX, RIP, RIP_GOT, RIP_LABEL } from "./registers.ts";
import { SITE_FIELD } from "./relax.ts";

export class FieldWriter extends CodeBuffer {
  /** Prefixes, REX and opcode; `rex` are the bits R, X, B, and 40 hex to have a REX in any case. */
  protected legacy(at: number, row: number, rex: number): number {
    const bytes = this.bytes;
    const prefixes = rowPrefixes[row];
    if (prefixes !== 0) {
      bytes[at++] = prefixes;
      if (prefixes > 255) bytes[at++] = prefixes >> 8;
    }
    rex |= rowRex[row];
    if (rex !== 0) bytes[at++] = rex | 0x40;
    let opcode = rowOpcode[row];
    do {
      bytes[at++] = opcode;
      opcode >>>= 8;
    } while (opcode !== 1);
    return at;
  }

  /** The VEX prefix, of two bytes where they say it all, and the opcode; R, X, B and vvvv are stored inverted (SDM vol. 2, 2.3.5). */
  protected vex(at: number, row: number, reg: number, index: number, base: number, vvvv: number): number {
    const bytes = this.bytes;
    const bits = rowVex[row];
    if ((bits & 0x801f) === 1 && index < 8 && base < 8) {
      bytes[at] = 0xc5;
      bytes[at + 1] = (bits >> 8) | (reg > 7 ? 0 : 0x80) | ((vvvv ^ 15) << 3);
      bytes[at + 2] = rowOpcode[row];
      return at + 3;
    }
    bytes[at] = 0xc4;
    bytes[at + 1] = bits | (reg > 7 ? 0 : 0x80) | (index > 7 ? 0 : 0x40) | (base > 7 ? 0 : 0x20);
    bytes[at + 2] = (bits >> 8) | ((vvvv ^ 15) << 3);
    bytes[at + 3] = rowOpcode[row];
    return at + 4;
  }

  /** A row with one register: in the opcode, or in ModRM.rm beside the digit. */
  protected oneRegister(row: number, flags: number, a: number): number {
    if (a & ~15) wrongRegister(row, a, 0);
    const at = this.legacy(this.length, row, (flags & BYTE_RM) !== 0 && a > 3 ? 0x40 | (a >> 3) : a >> 3);
    if ((flags & OPCODE_REG) !== 0) {
      // The x87's stack has eight; and fadd st, st has another opcode, which `as` takes.
      if ((a > 7 && (rowOpcode[row] & 0xf8) === 0xd8) || (a === 0 && (rowOpcode[row] & 255) === 0xdc)) wrongRegister(row, a, a);
      // 90 is nop, and does not do what xchg eax, eax does.
      if (a === RAX && this.bytes[at - 1] === 0x90 && rowPrefixes[row] === 0) wrongRegister(row, a, a);
      this.bytes[at - 1] |= a & 7;
      return at;
    }
    this.bytes[at] = 0xc0 | (rowDigit[row] << 3) | (a & 7);
    return at + 1;
  }

  /** Everything up to the displacement's end; `trailing` bytes of immediate will follow. */
  protected memory(
    row: number, flags: number, reg: number, base: number, index: number, scale: number, displacement: number,
    vvvv: number, trailing: number,
  ): number {
    if (base < 0 || (flags & (VEX | BYTE_REG)) !== 0) {
      return this.rareMemory(row, flags, reg, base, index, scale, displacement, vvvv, trailing);
    }
    const at = this.legacy(this.length, row, ((reg & 8) >> 1) | (index > 7 ? 2 : 0) | (base >> 3));
    return this.address(row, at, reg, base, index, scale, displacement);
  }

  /** VEX, byte registers, and addresses without a base register. */
  protected rareMemory(
    row: number, flags: number, reg: number, base: number, index: number, scale: number, displacement: number,
    vvvv: number, trailing: number,
  ): number {
    if (base < -1) return this.ripRelative(row, flags, reg, base, index, displacement, vvvv, trailing);
    if (base < 0 && index >= 0 && (scale & 3) === 0) {
      base = index; // [rax*1 + d] and [rax + d] are one address: the shorter
      index = -1;
    }
    let at: number;
    if ((flags & VEX) !== 0) at = this.vex(this.length, row, reg, index, base, vvvv);
    else {
      const force = (flags & BYTE_REG) !== 0 && reg > 3 ? 0x40 : 0;
      at = this.legacy(this.length, row, force | ((reg & 8) >> 1) | (index > 7 ? 2 : 0) | (base > 7 ? 1 : 0));
    }
    if (base >= 0) return this.address(row, at, reg, base, index, scale, displacement);
    if (index > 15 || index < -1 || index === 4) wrongRegister(row, base, index);
    // No base: SIB with base 101 and mod 00 means a displacement of 32 bits alone.
    const bytes = this.bytes;
    bytes[at] = ((reg & 7) << 3) | 4;
    bytes[at + 1] = (index < 0 ? 4 << 3 : ((scale & 3) << 6) | ((index & 7) << 3)) | 5;
    this.patch32(at + 2, displacement);
    return at + 6;
  }

  /** ModRM, SIB and displacement of an address with a base register. */
  protected address(
    row: number, at: number, reg: number, base: number, index: number, scale: number, displacement: number,
  ): number {
    if (base > 15 || index > 15 || index < -1 || index === 4) wrongRegister(row, base, index);
    const bytes = this.bytes;
    const field = (reg & 7) << 3;
    const low = base & 7;
    // mod 00 with rbp or r13 means something else, so these always have a displacement.
    let mode: number;
    if (scale > 3) mode = scale >= DISP32 ? 0x80 : 0x40;
    else if (displacement === 0 && low !== 5) mode = 0;
    else mode = (displacement << 24) >> 24 === displacement ? 0x40 : 0x80;
    if (index >= 0) {
      bytes[at++] = mode | field | 4;
      bytes[at++] = ((scale & 3) << 6) | ((index & 7) << 3) | low;
    } else {
      bytes[at++] = mode | field | low;
      if (low === 4) bytes[at++] = 0x24; // rsp and r12 need a SIB
    }
    if (mode === 0) return at;
    if (mode === 0x40) {
      bytes[at] = displacement;
      return at + 1;
    }
    this.patch32(at, displacement);
    return at + 4;
  }

  protected ripRelative(
    row: number, flags: number, reg: number, base: number, index: number, displacement: number, vvvv: number,
    trailing: number,
  ): number {
    let at: number;
    if ((flags & VEX) !== 0) at = this.vex(this.length, row, reg, 0, 0, vvvv);
    else at = this.legacy(this.length, row, (reg >> 3 << 2) | ((flags & BYTE_REG) !== 0 && reg > 3 ? 0x40 : 0));
    const hasRex = (this.bytes[at - 2] & 0xf0) === 0x40;
    this.bytes[at++] = ((reg & 7) << 3) | 5;
    if (base === RIP && index < 0) {
      this.patch32(at, displacement);
      return at + 4;
    }
    this.patch32(at, 0);
    if (base === RIP_LABEL) {
      if (trailing !== 0 || displacement !== 0) throw new Error(`encoders/x86_64/fieldWriter.ripRelative: ${rowName(row)}: only a plain label`);
      this.addSite(at, SITE_FIELD, index);
    } else if (base === RIP_GOT) {
      this.addFixup(at, gotKind(rowOpcode[row], hasRex), index, displacement - 4 - trailing);
    } else if (base === RIP) {
      this.addFixup(at, FIXUP_PC32, index, displacement - 4 - trailing);
    } else wrongRegister(row, base, index);
    return at + 4;
  }

  protected immediate(at: number, row: number, flags: number, value: number): number {
    const size = immediateBytes(flags);
    const bytes = this.bytes;
    if (size === 1) {
      const low = (flags & IMMEDIATE_UNSIGNED) !== 0 ? 0 : -128;
      if (!(value >= low && value <= ((flags & IMMEDIATE_SIGNED) !== 0 ? 127 : 255))) wrongImmediate(row, value);
      bytes[at] = value;
      return at + 1;
    }
    if (size === 4) {
      if ((value | 0) !== value && ((flags & IMMEDIATE_SIGNED) !== 0 || value >>> 0 !== value)) wrongImmediate(row, value);
      this.patch32(at, value | 0);
      return at + 4;
    }
    if (size !== 2) wrongForm(row, "ri");
    if (!(value >= ((flags & IMMEDIATE_UNSIGNED) !== 0 ? 0 : -32768) && value <= 65535)) wrongImmediate(row, value);
    bytes[at] = value;
    bytes[at + 1] = value >> 8;
    return at + 2;
  }

  protected symbolImmediate(at: number, row: number, symbol: number, addend: number): void {
    const flags = rowFlags[row];
    const size = immediateBytes(flags);
    if (size === 8) this.addFixup(at, FIXUP_ABS64, symbol, addend);
    else if (size === 4) this.addFixup(at, (flags & IMMEDIATE_SIGNED) !== 0 ? FIXUP_ABS32S : FIXUP_ABS32, symbol, addend);
    else wrongForm(row, "symbol");
    this.bytes.fill(0, at, at + size);
    this.length = at + size;
  }
}

/** Bytes of the row's immediate, by its flags: 0, 1, 2, 4 or 8. */
export function immediateBytes(flags: number): number {
  const size = (flags >> IMMEDIATE_SHIFT) & 7;
  return size === 7 ? 8 : size;
}

/** A GOT load that a linker may rewrite (psABI B.2): mov, test, the eight arithmetic operations, call and jmp. */
function gotKind(opcodeBytes: number, hasRex: boolean): number {
  const opcode = opcodeBytes & 255;
  const relaxable = opcode === 0x8b || opcode === 0x85 || opcode === 0xff || (opcode < 0x40 && (opcode & 7) === 3);
  return !relaxable ? FIXUP_GOTPCREL : hasRex ? FIXUP_REX_GOTPCRELX : FIXUP_GOTPCRELX;
}

/** Throws: a bug of the caller. */
export function wrongForm(row: number, form: string): never {
  throw new Error(`encoders/x86_64/fieldWriter.wrongForm: in Assembler.${form}, ${rowName(row)} has no such form`);
}

/** Throws: a bug of the caller. */
export function wrongRegister(row: number, a: number, b: number): never {
  throw new Error(`encoders/x86_64/fieldWriter.wrongRegister: ${rowName(row)}: register ${a} or ${b} cannot stand here`);
}

/** Throws: a bug of the caller. */
export function wrongImmediate(row: number, value: number): never {
  throw new Error(`encoders/x86_64/fieldWriter.wrongImmediate: ${rowName(row)}: immediate ${value} is out of range`);
}
