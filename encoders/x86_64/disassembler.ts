/**
 * Decoded instructions as text in GNU `as`'s Intel syntax (`.intel_syntax noprefix`), such that `as` assembles the text
 * to the same bytes: `{load}`, `{store}`, `{disp8}` and `{disp32}` mark what `as` would write otherwise.
 */
import { anyInstructionLength } from "./anyLength.ts";
import { DECODED, Instruction, TRUNCATED, decode } from "./decoder.ts";
import { FIXUP_GOTPCREL } from "./fixups.ts";
import { operandKinds } from "./operands.ts";
import { DISP32, DISP8, FS, RIP, registerName } from "./registers.ts";
import { rowDirection, rowMnemonic, rowOperand, rowOperandCount } from "./columns.ts";

/** What a field refers to when a fixup covers it. */
export interface SymbolReference {
  readonly name: string;
  /** The fixup's kind and addend, as the assembler made them. */
  readonly kind: number;
  readonly addend: number;
}

/** Gives names to what instructions refer to. */
export interface Symboliser {
  /** The fixup whose field begins at offset `at` of the code. */
  fixup(at: number): SymbolReference | undefined;
  /** A name for an offset in the code, where a branch or a rip-relative operand leads; undefined for none. */
  target(offset: number): string | undefined;
}

export const NO_SYMBOLS: Symboliser = { fixup: () => undefined, target: () => undefined };

export interface Disassembled {
  /** The instruction, or for bytes that are none, why. */
  readonly text: string;
  /** In bytes. Of an instruction that the table has not, its own all the same, so that what follows is in step; 1 where there is none. */
  readonly length: number;
  readonly error?: "truncated" | "undefined";
}

const scratch = new Instruction();

/** The instruction at offset `at` of `bytes[0, end)`. Bytes that are none give an error, never a throw. */
export function disassemble(bytes: Uint8Array, at: number, end: number, symbols: Symboliser = NO_SYMBOLS): Disassembled {
  const status = decode(bytes, at, end, scratch);
  if (status === DECODED) return { text: instructionText(scratch, at, symbols), length: scratch.length };
  const error = status === TRUNCATED ? "truncated" : "undefined";
  return { text: `(${error} instruction)`, length: Math.max(1, anyInstructionLength(bytes, at, end)), error };
}

const memoryNames: { readonly [width: number]: string } = {
  0: "", 8: "BYTE PTR ", 16: "WORD PTR ", 32: "DWORD PTR ", 64: "QWORD PTR ", 80: "TBYTE PTR ", 128: "XMMWORD PTR ", 256: "YMMWORD PTR ",
};

/** Text of a decoded instruction that lies at offset `at`. */
export function instructionText(instruction: Instruction, at: number, symbols: Symboliser): string {
  const row = instruction.row;
  const end = at + instruction.length;
  let hint = "";
  let operands = "";
  for (let i = 0; i < rowOperandCount(row); i++) {
    const kind = operandKinds[rowOperand(row, i)];
    let text: string;
    if (kind.relative) {
      const reference = symbols.fixup(instruction.immediateAt);
      const target = end + instruction.immediate;
      const name = symbols.target(target);
      if (reference !== undefined) text = sum(reference.name, reference.addend + end - instruction.immediateAt);
      else {
        const long = kind.immediate === 4 && rowMnemonic(row) !== "call";
        if (long) hint = "{disp32} ";
        else if (name === undefined && kind.immediate === 1) hint = "{disp8} ";
        text = name ?? sum(".", target - at);
      }
    } else if (kind.immediate > 0) text = immediateText(instruction, kind.immediate, symbols);
    else if (kind.name === "one") text = "1";
    else if (kind.name === "st0") text = "st";
    else if (kind.fixed >= 0) text = registerName(kind.register, kind.fixed) ?? "?";
    else if (instruction.registers[i] >= 0) text = registerName(kind.register, instruction.registers[i]) ?? "?";
    else text = memoryNames[kind.memory] + segmentText(instruction.segment) + addressText(instruction, end, symbols);
    operands += (operands === "" ? " " : ", ") + text;
  }
  if (instruction.hasMemory) {
    if ((instruction.scale & DISP8) !== 0) hint = "{disp8} ";
    if ((instruction.scale & DISP32) !== 0) hint = "{disp32} ";
  } else if (rowDirection[row] !== 0) hint = rowDirection[row] === 1 ? "{load} " : "{store} ";
  return hint + rowMnemonic(row) + operands;
}

function segmentText(segment: number): string {
  return segment === 0 ? "" : segment === FS ? "fs:" : "gs:";
}

/** The bracketed address; `end` is where the instruction ends, from which rip-relative distances count. */
function addressText(instruction: Instruction, end: number, symbols: Symboliser): string {
  const { base, index, displacement, displacementAt } = instruction;
  if (base === RIP) {
    const reference = symbols.fixup(displacementAt);
    if (reference === undefined) {
      const name = symbols.target(end + displacement);
      return name === undefined ? `[${sum("rip", displacement)}]` : `[rip+${name}]`;
    }
    const got = reference.kind >= FIXUP_GOTPCREL ? "@GOTPCREL" : "";
    return `[rip+${sum(reference.name + got, reference.addend + end - displacementAt)}]`;
  }
  const reference = displacementAt < 0 ? undefined : symbols.fixup(displacementAt);
  let text = base < 0 ? "" : (registerName(64, base) ?? "?");
  if (index >= 0) text += `${text === "" ? "" : "+"}${registerName(64, index) ?? "?"}*${1 << (instruction.scale & 3)}`;
  if (reference !== undefined) return `[${text}${text === "" ? "" : "+"}${sum(reference.name, reference.addend)}]`;
  if (text === "") return `[${numberText(displacement)}]`;
  return `[${sum(text, displacement)}]`;
}

function immediateText(instruction: Instruction, width: number, symbols: Symboliser): string {
  const reference = symbols.fixup(instruction.immediateAt);
  if (reference !== undefined) return `OFFSET ${sum(reference.name, reference.addend)}`;
  const { immediate, immediateHigh } = instruction;
  if (width !== 8 || immediateHigh === immediate >> 31) return numberText(immediate);
  return `0x${(immediateHigh >>> 0).toString(16)}${(immediate >>> 0).toString(16).padStart(8, "0")}`;
}

/** `text+value`, `text-value`, or `text` alone for zero. */
function sum(text: string, value: number): string {
  if (value === 0) return text;
  return value < 0 ? `${text}${numberText(value)}` : `${text}+${numberText(value)}`;
}

/** Decimal while small, else hexadecimal. */
function numberText(value: number): string {
  if (value > -1024 && value < 1024) return String(value);
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

