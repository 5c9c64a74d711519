/** Decoded instructions as text that GNU `as` and llvm-mc assemble to the same word: the alias where there is one, as objdump prints it. */
import { aliasOf } from "./aliases.ts";
import { decodeBitmask, encodeBitmask } from "./bitmask.ts";
import { Instruction, decode, wordAt } from "./decoder.ts";
import { fill } from "./operands.ts";
import type { Row } from "./table.ts";

/** What a field refers to when a fixup covers its instruction. */
export interface SymbolReference {
  readonly name: string;
  readonly addend: number;
}

/** Gives names to what instructions refer to. */
export interface Symboliser {
  /** The fixup of the instruction at offset `at` of the code. */
  fixup(at: number): SymbolReference | undefined;
  /** A name for an offset in the code, where a branch, adr or literal leads; undefined for none. */
  target(offset: number): string | undefined;
  /** Whether parts of addresses are Apple's `symbol@PAGE` and `symbol@PAGEOFF`. */
  readonly apple?: boolean;
}

export const NO_SYMBOLS: Symboliser = { fixup: () => undefined, target: () => undefined };

const scratch = new Instruction();

/** The word at offset `at` of `bytes`; `.inst` for what is no instruction of the table. Never throws. */
export function disassemble(bytes: Uint8Array, at: number, symbols: Symboliser = NO_SYMBOLS): string {
  const word = wordAt(bytes, at);
  return decode(word, scratch) && isCanonical(scratch) ? instructionText(scratch, at, symbols) : `.inst 0x${(word >>> 0).toString(16).padStart(8, "0")}`;
}

/** Whether assemblers write this word for its text: they rotate a bitmask by less than its element. */
export function isCanonical(instruction: Instruction): boolean {
  const { fields } = instruction.row as Row;
  if (fields["bits"] === undefined) return true;
  const bits = instruction.field("bits");
  const value = decodeBitmask(bits, instruction.field("sf") === 1) ?? 0n;
  return encodeBitmask(Number(value & 0xffffffffn), Number(value >> 32n), instruction.field("sf") === 1) === bits;
}

/** Text of a decoded instruction that lies at offset `at`. */
export function instructionText(instruction: Instruction, at: number, symbols: Symboliser): string {
  const reference = symbols.fixup(at);
  const around = {
    reference: reference === undefined ? undefined : sum(reference.name, reference.addend),
    page: reference === undefined ? undefined : sum(symbols.apple === true ? `${reference.name}@PAGE` : reference.name, reference.addend),
    low: reference === undefined ? undefined : symbols.apple === true ? sum(`${reference.name}@PAGEOFF`, reference.addend) : `:lo12:${sum(reference.name, reference.addend)}`,
    target: (distance: number) => symbols.target(at + distance) ?? sum(".", distance),
  };
  const { mnemonic, operands } = aliasOf(instruction) ?? (instruction.row as Row);
  const name = mnemonic.includes(".") ? fill(mnemonic, instruction, around) : mnemonic;
  return operands === "" ? name : `${name} ${fill(operands, instruction, around)}`;
}

/** `text+value`, `text-value`, or `text` alone for zero. */
function sum(text: string, value: number): string {
  return value === 0 ? text : value < 0 ? `${text}${value}` : `${text}+${value}`;
}
