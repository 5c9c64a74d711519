/**
 * The table in memory: a column for each fact of a row, indexed by the row's number. Filled by parseRow.ts, or at once
 * from what the bundler stored (bake.ts).
 */

export const CAPACITY = 2304;

// How a row may be called: one bit a form. r register, m memory, i immediate; the order is that of the operands.
export const forms = ["", "r", "rr", "rrr", "i", "ri", "rri", "m", "rm", "mr", "mi", "rmi", "mri", "rrm", "rmr", "j", "rrri", "rrmi"] as const;
export type Form = (typeof forms)[number];
export const FORM_NONE = 1 << 0;
export const FORM_R = 1 << 1;
export const FORM_RR = 1 << 2;
export const FORM_RRR = 1 << 3;
export const FORM_I = 1 << 4;
export const FORM_RI = 1 << 5;
export const FORM_RRI = 1 << 6;
export const FORM_M = 1 << 7;
export const FORM_RM = 1 << 8;
export const FORM_MR = 1 << 9;
export const FORM_MI = 1 << 10;
export const FORM_RMI = 1 << 11;
export const FORM_MRI = 1 << 12;
export const FORM_RRM = 1 << 13;
export const FORM_RMR = 1 << 14;
// Bit 15 is "j", a branch distance.
export const FORM_RRRI = 1 << 29;
export const FORM_RRMI = 1 << 30;

/** The bit of a form, by its place in `forms`: what follows "j" stands above the immediate's bits. */
export function formBit(index: number): number {
  return 1 << (index < 16 ? index : index + 13);
}

/** The first register operand lies in ModRM.rm and the second in ModRM.reg. */
export const RM_FIRST = 1 << 16;
export const VEX = 1 << 17;
/** The register in ModRM.reg, or in ModRM.rm, is of 8 bits: numbers 4 to 7 need a REX prefix. */
export const BYTE_REG = 1 << 18;
export const BYTE_RM = 1 << 19;
/** The register lies in the opcode's low three bits. */
export const OPCODE_REG = 1 << 20;
/** VEX.vvvv holds the third operand (bextr), or the first of a row with an opcode digit (blsr). */
export const VVVV_LAST = 1 << 21;
export const VVVV_FIRST = 1 << 22;
/** The immediate is sign-extended to a wider operand, so it must be in range as a signed number. */
export const IMMEDIATE_SIGNED = 1 << 23;
export const IMMEDIATE_UNSIGNED = 1 << 24;
/** A shorter row does the same for some operands (`shorterRow`, `accumulatorRow`), and `as` would take it. */
export const HAS_SHORTER = 1 << 25;
export const IMMEDIATE_SHIFT = 26; // three bits: bytes of the immediate, 7 for eight

export const READ = 1;
export const WRITE = 2;

export const rowFlags = new Int32Array(CAPACITY);
/** Opcode bytes after prefixes and REX, or after VEX, one to three, the first lowest; above the last stands a 1. */
export const rowOpcode = new Int32Array(CAPACITY);
/** Up to two of 66, F2, F3, F0, the first lowest. */
export const rowPrefixes = new Uint16Array(CAPACITY);
/** 48 hex if REX.W, else 0. */
export const rowRex = new Uint8Array(CAPACITY);
/** The second and third byte of a VEX prefix of three, with R, X, B and vvvv left zero; the second lowest. */
export const rowVex = new Uint16Array(CAPACITY);
/** ModRM.reg of a row with an opcode digit; -1 without ModRM, 8 for /r. */
export const rowDigit = new Int8Array(CAPACITY);
/** The row that does the same with a shorter immediate (or a shift by one), -1 if there is none. */
export const shorterRow = new Int16Array(CAPACITY).fill(-1);
/** The row that does the same to the accumulator without ModRM, -1 if there is none. */
export const accumulatorRow = new Int16Array(CAPACITY).fill(-1);
/** Bit 0: the register form prints `{load}`, bit 1: `{store}`. */
export const rowDirection = new Uint8Array(CAPACITY);
/** Kinds of the operands, four places a row: numbers for `operandKinds`. */
export const operandColumn = new Uint8Array(CAPACITY * 4);
/** READ and WRITE bits of the operands, four places a row. */
export const accessColumn = new Uint8Array(CAPACITY * 4);
export const countColumn = new Uint8Array(CAPACITY);
export const featureColumn = new Uint8Array(CAPACITY);
const names: string[] = [];
/** Names that the bundle has as one text, until somebody asks for one. */
let joinedNames = "";

/** By number: the row's name, that of a `cc` row with its condition. */
export function rowNames(): string[] {
  if (joinedNames !== "") names.push(...joinedNames.split(" "));
  joinedNames = "";
  return names;
}

/** The names of all rows, with a space between them. */
export function joinNames(joined: string): void {
  joinedNames = joined;
}

/** Every column, with how many places a row has in it: what bake.ts stores. */
export const columns = [
  [rowFlags, 1], [rowOpcode, 1], [rowPrefixes, 1], [rowVex, 1], [shorterRow, 1], [accumulatorRow, 1], [rowRex, 1], [rowDigit, 1],
  [rowDirection, 1], [operandColumn, 4], [accessColumn, 4], [countColumn, 1], [featureColumn, 1],
] as const;

export const features = ["base", "sse3", "ssse3", "sse41", "sse42", "popcnt", "lzcnt", "bmi1", "bmi2", "avx", "avx2", "fma", "cx16"] as const;
export type Feature = (typeof features)[number];

/** How many rows there are so far. */
export function rowCount(): number {
  return rowNames().length;
}
/** The row's name; one of a `cc` row carries its condition (`cmovne_r64_rm64`). */
export function rowName(row: number): string {
  return rowNames()[row];
}
/** The mnemonic, as in the name: with a space after `lock` and `rep`. */
export function rowMnemonic(row: number): string {
  const parts = rowNames()[row].split("_");
  return parts.slice(0, parts.length - countColumn[row]).join(" ");
}

/** What the processor must have beyond the baseline. */
export function rowFeature(row: number): Feature {
  return features[featureColumn[row]];
}

/** How many operands the row has, 0 to 4. */
export function rowOperandCount(row: number): number {
  return countColumn[row];
}
/** Number of operand `index`'s kind, for `operandKinds`. */
export function rowOperand(row: number, index: number): number {
  return operandColumn[row * 4 + index];
}
/** READ and WRITE bits of operand `index`; 0 for immediates and for an address that is only computed. */
export function rowAccess(row: number, index: number): number {
  return accessColumn[row * 4 + index];
}

/** Whether the assembler can write the row in this form of operands. */
export function rowHasForm(row: number, form: Form): boolean {
  return (rowFlags[row] & formBit(forms.indexOf(form))) !== 0;
}

