/**
 * Bytes to a row and its operands, by the same table as the assembler.
 *
 * Only what the table holds is known; anything else is UNDEFINED, among it redundant prefixes.
 * What is decoded may still be written otherwise than the assembler would (`isCanonical` in reencode.ts tells).
 */
import { DISP32, DISP8, FS, GS, NO_REGISTER, RIP } from "./registers.ts";
import { operandKinds } from "./operands.ts";
import {
  CAPACITY, FORM_M, FORM_MI, FORM_MR, FORM_MRI, FORM_RM, FORM_RMI, FORM_RMR, FORM_RRM, FORM_RRMI, FORM_RRRI, IMMEDIATE_SHIFT, OPCODE_REG, RM_FIRST,
  VEX, VVVV_FIRST, VVVV_LAST, rowCount, rowDigit, rowFlags, rowOpcode, rowOperand, rowOperandCount, rowPrefixes,
  rowRex, rowVex,
} from "./columns.ts";
import { expandAll } from "./table.ts";

export const DECODED = 0;
/** The bytes end within the instruction. */
export const TRUNCATED = 1;
/** No row has these bytes. */
export const UNDEFINED = 2;

const MEMORY_FORMS = FORM_M | FORM_RM | FORM_MR | FORM_MI | FORM_RMI | FORM_MRI | FORM_RRM | FORM_RMR | FORM_RRMI;
/** `op`, `i` and branches have no ModRM operand; the remaining bits are the register forms. */
const REGISTER_FORMS = 0b0000_0000_0110_1110 | FORM_RRRI;

/** One decoded instruction; made once and filled again by each `decode`. */
export class Instruction {
  row = 0;
  /** In bytes. */
  length = 0;
  /** Registers by operand; -1 for memory, immediates and fixed operands. */
  readonly registers = new Int8Array(4);
  hasMemory = false;
  /** FS or GS where the address counts from that segment's base, else 0. */
  segment = 0;
  /** As `Assembler` takes them: base may be NO_REGISTER or RIP; scale carries DISP8 or DISP32 if longer than needed. */
  base = 0;
  index = 0;
  scale = 0;
  displacement = 0;
  /** Offset of the 32-bit displacement or branch distance in the code, -1 if there is none. */
  displacementAt = -1;
  /** Signed unless the operand is unsigned; of eight bytes, the low half. A branch's distance too. */
  immediate = 0;
  immediateHigh = 0;
  /** Offset of the immediate or branch distance in the code, -1 if there is none. */
  immediateAt = -1;
}

// Rows by opcode map and opcode: a chain each. Maps: 0 one-byte, 1 0F, 2 0F38, 3 0F3A, 4 VEX 0F, 5 VEX 0F38, 6 VEX 0F3A.
let chainHead = new Int16Array(0);
const chainNext = new Int16Array(CAPACITY);

/** Fills the chains, once; rows whose opcode carries a register come last, so that 90 is nop rather than xchg. */
function buildChains(): void {
  expandAll();
  chainHead = new Int16Array(7 * 256).fill(-1);
  for (const last of [true, false]) {
    for (let row = rowCount() - 1; row >= 0; row--) {
      const inOpcode = (rowFlags[row] & OPCODE_REG) !== 0;
      if (inOpcode !== last) continue;
      const opcode = rowOpcode[row];
      let map = 0;
      let byte = opcode & 255;
      if ((rowFlags[row] & VEX) !== 0) map = 3 + (rowVex[row] & 3);
      else if (byte === 0x0f) {
        map = 1;
        byte = (opcode >> 8) & 255;
        if (byte === 0x38 || byte === 0x3a) {
          map = byte === 0x38 ? 2 : 3;
          byte = (opcode >> 16) & 255;
        }
      }
      // A row in eight chains would need eight links: the chain of the first stands for all.
      chainNext[row] = chainHead[map * 256 + byte];
      chainHead[map * 256 + byte] = row;
    }
  }
}

/** Decodes the instruction at `at` of `bytes[0, end)` into `out`: DECODED, TRUNCATED or UNDEFINED. Never throws. */
export function decode(bytes: Uint8Array, at: number, end: number, out: Instruction): number {
  if (chainHead.length === 0) buildChains();
  const start = at;
  let segment = 0;
  if (at < end && (bytes[at] === FS || bytes[at] === GS)) segment = bytes[at++];
  let prefixes = 0;
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte !== 0x66 && byte !== 0xf0 && byte !== 0xf2 && byte !== 0xf3) break;
    if (prefixes > 255) return UNDEFINED;
    prefixes = prefixes === 0 ? byte : prefixes | (byte << 8);
  }
  if (at >= end) return TRUNCATED;
  let rex = 0;
  let vex = -1;
  let vvvv = 0;
  let map = 0;
  if ((bytes[at] & 0xf0) === 0x40) rex = bytes[at++];
  else if (bytes[at] === 0xc4) {
    if (at + 3 >= end) return TRUNCATED;
    const second = bytes[at + 1];
    const third = bytes[at + 2];
    rex = (~second >> 5) & 7; // R, X, B as in REX
    vvvv = (~third >> 3) & 15;
    vex = (second & 31) | ((third & 0x87) << 8);
    map = 3 + (second & 3);
    if ((second & 31) === 0 || (second & 31) > 3) return UNDEFINED;
    at += 3;
  } else if (bytes[at] === 0xc5) {
    if (at + 2 >= end) return TRUNCATED;
    const second = bytes[at + 1];
    rex = (~second >> 5) & 4;
    vvvv = (~second >> 3) & 15;
    vex = 1 | ((second & 7) << 8);
    map = 4;
    at += 2;
  }
  if (at >= end) return TRUNCATED;
  let opcode = bytes[at++];
  if (vex < 0 && opcode === 0x0f) {
    if (at >= end) return TRUNCATED;
    opcode = bytes[at++];
    map = 1;
    if (opcode === 0x38 || opcode === 0x3a) {
      if (at >= end) return TRUNCATED;
      map = opcode === 0x38 ? 2 : 3;
      opcode = bytes[at++];
    }
  }

  const modrm = at < end ? bytes[at] : -1;
  let result = UNDEFINED;
  const low = chainHead[map * 256 + (opcode & 0xf8)];
  for (let pass = 0; pass < 2; pass++) {
    let row = pass === 0 ? chainHead[map * 256 + opcode] : low;
    for (; row >= 0; row = chainNext[row]) {
      const flags = rowFlags[row];
      const inOpcode = (flags & OPCODE_REG) !== 0;
      if (pass === 1 && !inOpcode) continue;
      if (rowPrefixes[row] !== prefixes) continue;
      if (vex >= 0 ? rowVex[row] !== vex || (vvvv !== 0 && !hasThird(row)) : rowRex[row] !== ((rex & 8) !== 0 ? 0x48 : 0)) continue;
      if (rowDigit[row] < 0 && !inOpcode && (rex & 7) !== 0) continue; // 41 90 is xchg, not nop
      const tail = tailByte(row, map, flags);
      if (inOpcode && tail >= 0 && (pass === 1 || (rex & 7) !== 0)) continue; // the x87's registers lie in the second byte
      if (tail >= 0 || rowDigit[row] >= 0) {
        if (modrm < 0) {
          result = TRUNCATED;
          continue;
        }
        if (tail >= 0 && (inOpcode ? modrm & 0xf8 : modrm) !== tail) continue;
        if (rowDigit[row] >= 0) {
          if (rowDigit[row] < 8 && ((modrm >> 3) & 7) !== rowDigit[row]) continue;
          const allowed = modrm >= 0xc0 ? REGISTER_FORMS : MEMORY_FORMS;
          if ((flags & allowed) === 0) continue;
        }
      }
      // Elsewhere it would say nothing.
      if (segment !== 0 && (rowDigit[row] < 0 || modrm >= 0xc0)) continue;
      out.segment = segment;
      return finish(bytes, start, tail >= 0 ? at + 1 : at, end, row, rex, vvvv, (tail >= 0 ? modrm : opcode) & 7, out);
    }
  }
  return result;
}

/** Whether VEX.vvvv has an operand of the row. */
function hasThird(row: number): boolean {
  let fields = 0;
  for (let i = 0; i < rowOperandCount(row); i++) if (hasField(row, i)) fields++;
  return fields === 3 || (rowFlags[row] & VVVV_FIRST) !== 0;
}

/** The fixed byte after the opcode (the F0 of 0F AE F0), -1 if there is none. */
function tailByte(row: number, map: number, flags: number): number {
  if ((flags & VEX) !== 0) return -1;
  const rest = rowOpcode[row] >>> (map === 0 ? 8 : map === 1 ? 16 : 24);
  return rest === 1 ? -1 : rest & 255;
}

/** Reads ModRM, SIB, displacement and immediate of a row that was found; `at` is the byte after the opcode. */
function finish(
  bytes: Uint8Array, start: number, at: number, end: number, row: number, rex: number, vvvv: number, opcodeRegister: number,
  out: Instruction,
): number {
  const flags = rowFlags[row];
  out.row = row;
  out.hasMemory = false;
  out.displacementAt = -1;
  out.immediateAt = -1;
  let reg = 0;
  let rm = opcodeRegister | ((rex & 1) << 3);
  if (rowDigit[row] >= 0) {
    const modrm = bytes[at++];
    reg = ((modrm >> 3) & 7) | ((rex & 4) << 1);
    rm = (modrm & 7) | ((rex & 1) << 3);
    if (modrm < 0xc0) {
      at = readMemory(bytes, at, end, modrm, rex, out);
      if (at < 0) return TRUNCATED;
      rm = -1;
    }
  }
  assignRegisters(row, flags, reg, rm, vvvv, out);
  const size = (flags >> IMMEDIATE_SHIFT) & 7;
  const width = size === 7 ? 8 : size;
  if (at + width > end) return TRUNCATED;
  if (width !== 0) {
    out.immediateAt = at;
    out.immediateHigh = 0;
    const unsigned = operandKinds[rowOperand(row, rowOperandCount(row) - 1)].unsigned;
    if (width === 1) out.immediate = unsigned ? bytes[at] : (bytes[at] << 24) >> 24;
    else if (width === 2) {
      const value = bytes[at] | (bytes[at + 1] << 8);
      out.immediate = unsigned ? value : (value << 16) >> 16;
    } else out.immediate = read32(bytes, at);
    if (width === 8) out.immediateHigh = read32(bytes, at + 4);
  }
  out.length = at + width - start;
  return DECODED;
}

/** Sets base, index, scale and displacement; returns the offset after, or -1 if the bytes end before. */
function readMemory(bytes: Uint8Array, at: number, end: number, modrm: number, rex: number, out: Instruction): number {
  const mode = modrm >> 6;
  let base = (modrm & 7) | ((rex & 1) << 3);
  let index = NO_REGISTER;
  let scale = 0;
  if ((modrm & 7) === 4) {
    if (at >= end) return -1;
    const sib = bytes[at++];
    base = (sib & 7) | ((rex & 1) << 3);
    index = ((sib >> 3) & 7) | ((rex & 2) << 2);
    scale = sib >> 6;
    if (index === 4) index = NO_REGISTER;
    if ((sib & 7) === 5 && mode === 0) base = NO_REGISTER;
  } else if (mode === 0 && (modrm & 7) === 5) base = RIP;
  out.hasMemory = true;
  let displacement = 0;
  if (mode === 1) {
    if (at >= end) return -1;
    displacement = (bytes[at] << 24) >> 24;
    at++;
    if (displacement === 0 && (base & 7) !== 5) scale |= DISP8;
  } else if (mode === 2 || base < 0) {
    if (at + 4 > end) return -1;
    displacement = read32(bytes, at);
    out.displacementAt = at;
    at += 4;
    if (base >= 0 && (displacement << 24) >> 24 === displacement) scale |= DISP32;
  }
  out.base = base;
  out.index = index;
  out.scale = scale;
  out.displacement = displacement;
  return at;
}

/** Gives each operand of the row its register, by the same rules as the table's. */
function assignRegisters(row: number, flags: number, reg: number, rm: number, vvvv: number, out: Instruction): void {
  const count = rowOperandCount(row);
  let fields = 0;
  for (let i = 0; i < count; i++) if (hasField(row, i)) fields++;
  let seen = 0;
  for (let i = 0; i < 4; i++) {
    if (i >= count || !hasField(row, i)) {
      out.registers[i] = -1;
      continue;
    }
    let register: number;
    if (fields === 1) register = rm;
    else if (fields === 3) {
      register = seen === 0 ? reg : (seen === 1) === ((flags & VVVV_LAST) !== 0) ? rm : vvvv;
    } else if ((flags & VVVV_FIRST) !== 0) register = seen === 0 ? vvvv : rm;
    else register = (seen === 0) === ((flags & RM_FIRST) !== 0) ? rm : reg;
    out.registers[i] = register;
    seen++;
  }
}

function hasField(row: number, operand: number): boolean {
  const kind = operandKinds[rowOperand(row, operand)];
  return kind.fixed < 0 && kind.immediate === 0;
}

function read32(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
