/** Writes a decoded instruction again, to see whether its bytes are the ones that the assembler, and `as`, would choose. */
import type { Assembler } from "./assembler.ts";
import type { Instruction } from "./decoder.ts";
import { operandKinds } from "./operands.ts";
import { rowFlags, rowOpcode, rowOperand, rowOperandCount, IMMEDIATE_SHIFT } from "./columns.ts";

/** Appends the instruction through the method of its form. Throws if the assembler refuses its operands. */
export function encodeAgain(asm: Assembler, instruction: Instruction): void {
  const { row, base, index, scale, displacement, immediate } = instruction;
  let form = "";
  const registers: number[] = [];
  for (let i = 0; i < rowOperandCount(row); i++) {
    const kind = operandKinds[rowOperand(row, i)];
    if (kind.fixed >= 0) continue;
    if (kind.immediate > 0) form += kind.relative ? "j" : "i";
    else if (instruction.registers[i] >= 0) {
      form += "r";
      registers.push(instruction.registers[i]);
    } else form += "m";
  }
  const [a = 0, b = 0, c = 0] = registers;
  if (instruction.segment !== 0) asm.segment(instruction.segment);
  if (form === "") asm.op(row);
  else if (form === "r") asm.r(row, a);
  else if (form === "rr") asm.rr(row, a, b);
  else if (form === "rrr") asm.rrr(row, a, b, c);
  else if (form === "i") asm.i(row, immediate);
  else if (form === "ri") {
    if (((rowFlags[row] >> IMMEDIATE_SHIFT) & 7) === 7) asm.ri64(row, a, immediate, instruction.immediateHigh);
    else asm.ri(row, a, immediate);
  } else if (form === "rri") asm.rri(row, a, b, immediate);
  else if (form === "m") asm.m(row, base, index, scale, displacement);
  else if (form === "rm") asm.rm(row, a, base, index, scale, displacement);
  else if (form === "mr") asm.mr(row, base, index, scale, displacement, a);
  else if (form === "mi") asm.mi(row, base, index, scale, displacement, immediate);
  else if (form === "rmi") asm.rmi(row, a, base, index, scale, displacement, immediate);
  else if (form === "mri") asm.mri(row, base, index, scale, displacement, a, immediate);
  else if (form === "rrm") asm.rrm(row, a, b, base, index, scale, displacement);
  else if (form === "rrri") asm.rrri(row, a, b, c, immediate);
  else if (form === "rrmi") asm.rrmi(row, a, b, base, index, scale, displacement, immediate);
  else if (form === "rmr") asm.rmr(row, a, base, index, scale, displacement, b);
  else encodeBranch(asm, row, immediate);
}

/** Branch distances have no method of their own: code generators branch to labels and symbols. */
function encodeBranch(asm: Assembler, row: number, distance: number): void {
  asm.reserve(16);
  let opcode = rowOpcode[row];
  do {
    asm.bytes[asm.length++] = opcode;
    opcode >>>= 8;
  } while (opcode !== 1);
  if (((rowFlags[row] >> IMMEDIATE_SHIFT) & 7) === 1) asm.bytes[asm.length++] = distance;
  else {
    asm.patch32(asm.length, distance);
    asm.length += 4;
  }
}

/**
 * Whether the assembler writes the instruction at `bytes[at]` with the same bytes, so that the disassembler's text, given
 * to GNU `as`, yields them again. `scratch` is an assembler whose content may be lost.
 */
export function isCanonical(bytes: Uint8Array, at: number, instruction: Instruction, scratch: Assembler): boolean {
  scratch.reset();
  try {
    encodeAgain(scratch, instruction);
  } catch {
    return false; // an operand that the assembler refuses, such as xchg eax, eax through 90
  }
  if (scratch.length !== instruction.length) return false;
  for (let i = 0; i < scratch.length; i++) if (scratch.bytes[i] !== bytes[at + i]) return false;
  return true;
}
