/**
 * Rows that read like Intel's manual, parsed to typed-array columns when first asked for.
 *
 *   sub_rm64_i32: "rw | REX.W 81 /5 id"
 *
 * The name gives the mnemonic and the operands in Intel's order; then what happens to each register or memory operand
 * (`r` read, `w` written, `rw`, `a` address only) and to implied registers (`+rax:rw`); the encoding; a feature that
 * the processor must have. `MR` (Intel's name) says that of two registers the first lies in ModRM.rm. A row whose register form `as` would write with another opcode says so: `{load}`, `{store}`.
 * `cc` in a name and an encoding stands for the sixteen conditions: such a row has sixteen consecutive numbers.
 */
import { operandKindByName, operandKinds } from "./operands.ts";
import { conditionNames } from "./registers.ts";
import { groups } from "./rows/groups.ts";
import type { RowName } from "./rows/groups.ts";

export type { RowName } from "./rows/groups.ts";

/** Number of an expanded row. Numbers depend on the order of asking: never store them. */
export type Row = number & { readonly brand: "Row" };

const CAPACITY = 2048;

// How a row may be called: one bit a form. r register, m memory, i immediate; the order is that of the operands.
export const forms = ["", "r", "rr", "rrr", "i", "ri", "rri", "m", "rm", "mr", "mi", "rmi", "mri", "rrm", "rmr", "j"] as const;
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
/** The VEX prefix's second and third byte with R, X, B and vvvv left zero; the second lowest. */
export const rowVex = new Uint16Array(CAPACITY);
/** ModRM.reg of a row with an opcode digit; -1 without ModRM, 8 for /r. */
export const rowDigit = new Int8Array(CAPACITY);
export const shorterRow = new Int16Array(CAPACITY).fill(-1);
export const accumulatorRow = new Int16Array(CAPACITY).fill(-1);
/** Bit 0: the register form prints `{load}`, bit 1: `{store}`. */
export const rowDirection = new Uint8Array(CAPACITY);
const operandColumn = new Uint8Array(CAPACITY * 4);
const accessColumn = new Uint8Array(CAPACITY * 4);
const countColumn = new Uint8Array(CAPACITY);
const featureColumn = new Uint8Array(CAPACITY);
const names: string[] = [];
const mnemonics: string[] = [];
const numbers = new Map<string, Row>();
const byKey = new Map<string, string>();

export const features = ["base", "sse3", "ssse3", "sse41", "sse42", "popcnt", "lzcnt", "bmi1", "bmi2", "fma", "cx16"] as const;
export type Feature = (typeof features)[number];

/** How many rows have been expanded so far. */
export function rowCount(): number {
  return names.length;
}
/** The row's name; one of a `cc` row carries its condition (`cmovne_r64_rm64`). */
export function rowName(row: number): string {
  return names[row];
}
export function rowMnemonic(row: number): string {
  return mnemonics[row];
}
export function rowFeature(row: number): Feature {
  return features[featureColumn[row]];
}
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
export function rowHasForm(row: number, form: Form): boolean {
  return (rowFlags[row] & (1 << forms.indexOf(form))) !== 0;
}

/** Number of the row of that name; of its first, for a `cc` row. Parses the row when it is first asked for. */
export function row(name: RowName): Row {
  return numbers.get(name) ?? expand(name);
}

/** The row of a `cc` name for one condition. */
export function rowOf(name: RowName, condition: number): Row {
  return (row(name) + condition) as Row;
}

/** Every name in the table, group by group. */
export function allRowNames(): RowName[] {
  return groups.flatMap((group) => Object.keys(group)) as RowName[];
}

/** Expands the whole table, as the decoder needs. */
export function expandAll(): void {
  for (const name of allRowNames()) row(name);
}

/** Registers that a row reads or writes without naming them: `["rax", READ | WRITE]`. Parsed anew each time. */
export function impliedRegisters(name: RowName): readonly (readonly [string, number])[] {
  const marks = textOf(name).split("|")[0].split(" ");
  return marks.filter((mark) => mark[0] === "+").map((mark) => {
    const [register, access] = mark.slice(1).split(":");
    return [register, accessOf(access, name)] as const;
  });
}

function textOf(name: string): string {
  for (const group of groups) {
    const text = (group as { readonly [name: string]: string | undefined })[name];
    if (text !== undefined) return text;
  }
  throw new Error(`encoders/x86_64/table.row: no row ${name}`);
}

function hasRow(name: string): boolean {
  return groups.some((group) => name in group);
}

function accessOf(mark: string, name: string): number {
  if (mark === "r") return READ;
  if (mark === "w") return WRITE;
  if (mark === "rw") return READ | WRITE;
  if (mark === "a") return 0;
  return bad(name, `operand mark ${mark}`);
}

function bad(name: string, what: string): never {
  throw new Error(`encoders/x86_64/table.row: ${name}: ${what}`);
}

/** Parses one row into `CAPACITY`-sized columns, and sixteen for a `cc` row. */
function expand(name: RowName): Row {
  const text = textOf(name);
  const bar = text.indexOf("|");
  if (bar < 0) bad(name, "no encoding");
  const secondBar = text.indexOf("|", bar + 1);
  const marks = text.slice(0, bar).trim();
  const encoding = (secondBar < 0 ? text.slice(bar + 1) : text.slice(bar + 1, secondBar)).trim();
  const first = names.length;
  const perCondition = encoding.includes("+cc");
  const count = perCondition ? 16 : 1;
  if (first + count > CAPACITY) bad(name, "more rows than CAPACITY");

  const operandStart = parseOperands(first, name);
  const mnemonic = name.slice(0, operandStart).replaceAll("_", " ");
  parseMarks(first, name, marks);
  parseEncoding(first, name, encoding);
  if (secondBar >= 0) {
    const feature = features.indexOf(text.slice(secondBar + 1).trim() as Feature);
    if (feature < 0) bad(name, "unknown feature");
    featureColumn[first] = feature;
  } else featureColumn[first] = 0;
  setFlags(first, name);

  numbers.set(name, first as Row);
  for (let condition = 0; condition < count; condition++) {
    const at = first + condition;
    if (condition > 0) copyRow(first, at, condition);
    const suffix = conditionNames[condition];
    names[at] = perCondition ? name.replace("cc", suffix) : name;
    mnemonics[at] = perCondition ? mnemonic.replace("cc", suffix) : mnemonic;
    refuseDuplicate(at);
  }
  linkShorter(first, name);
  return first as Row;
}

/** Fills the operand columns from the name and returns where in the name the mnemonic ends. */
function parseOperands(at: number, name: string): number {
  let count = 0;
  let mnemonicEnd = name.length;
  for (let start = 0; start < name.length; ) {
    let end = name.indexOf("_", start);
    if (end < 0) end = name.length;
    const kind = operandKindByName.get(name.slice(start, end));
    if (kind !== undefined && start > 0) {
      if (count === 0) mnemonicEnd = start - 1;
      if (count === 4) bad(name, "more than four operands");
      operandColumn[at * 4 + count++] = kind;
    } else if (count > 0) bad(name, "unknown operand kind");
    start = end + 1;
  }
  countColumn[at] = count;
  return mnemonicEnd;
}

function parseMarks(at: number, name: string, text: string): void {
  const marks = text === "" ? [] : text.split(" ");
  let next = 0;
  for (let i = 0; i < countColumn[at]; i++) {
    const kind = operandKinds[operandColumn[at * 4 + i]];
    const marked = kind.register !== 0 || kind.memory >= 0;
    if (marked && next >= marks.length) bad(name, "an operand without mark");
    accessColumn[at * 4 + i] = marked ? accessOf(marks[next++], name) : 0;
  }
  while (next < marks.length && marks[next][0] === "+") next++;
  if (next !== marks.length) bad(name, "a mark without operand");
}

function parseEncoding(at: number, name: string, encoding: string): void {
  let prefixes = 0;
  let opcode = 0;
  let opcodeBytes = 0;
  let flags = 0;
  let immediate = 0;
  rowRex[at] = 0;
  rowVex[at] = 0;
  rowDigit[at] = -1;
  rowDirection[at] = 0;
  for (const token of encoding.split(" ")) {
    if (token === "/r") rowDigit[at] = 8;
    else if (token[0] === "/" && token.length === 2 && token[1] >= "0" && token[1] <= "7") rowDigit[at] = Number(token[1]);
    else if (token === "REX.W") rowRex[at] = 0x48;
    else if (token === "ib" || token === "cb") immediate = 1;
    else if (token === "iw") immediate = 2;
    else if (token === "id" || token === "cd") immediate = 4;
    else if (token === "iq") immediate = 8;
    else if (token === "MR") flags |= RM_FIRST;
    else if (token === "{load}") rowDirection[at] = 1;
    else if (token === "{store}") rowDirection[at] = 2;
    else if (token.startsWith("VEX.")) {
      flags |= VEX;
      rowVex[at] = parseVex(token, name);
    } else {
      if (!/^[0-9A-F]{2}(\+r|\+cc)?$/.test(token)) bad(name, `encoding token ${token}`);
      const byte = parseInt(token.slice(0, 2), 16);
      const isPrefix = byte === 0x66 || byte === 0xf0 || byte === 0xf2 || byte === 0xf3;
      if (isPrefix && opcodeBytes === 0 && (flags & VEX) === 0) {
        if (prefixes > 255) bad(name, "three prefixes");
        prefixes = prefixes === 0 ? byte : prefixes | (byte << 8);
      } else {
        if (opcodeBytes === 3) bad(name, "four opcode bytes");
        opcode |= byte << (8 * opcodeBytes++);
        if (token.endsWith("+r")) flags |= OPCODE_REG;
      }
    }
  }
  if (opcodeBytes === 0) bad(name, "no opcode");
  rowPrefixes[at] = prefixes;
  rowOpcode[at] = opcode | (1 << (8 * opcodeBytes));
  rowFlags[at] = flags | ((immediate === 8 ? 7 : immediate) << IMMEDIATE_SHIFT);
}

/** `VEX.LZ.F2.0F3A.W0` to the prefix's two last bytes. R, X, B are stored inverted, vvvv too: all ones when unused. */
function parseVex(token: string, name: string): number {
  let map = 0;
  let rest = 0;
  for (const part of token.split(".").slice(1)) {
    if (part === "66") rest |= 1;
    else if (part === "F3") rest |= 2;
    else if (part === "F2") rest |= 3;
    else if (part === "0F") map = 1;
    else if (part === "0F38") map = 2;
    else if (part === "0F3A") map = 3;
    else if (part === "W1") rest |= 0x80;
    else if (part === "256") rest |= 4;
    else if (part !== "W0" && part !== "LZ" && part !== "LIG" && part !== "128") bad(name, `VEX part ${part}`);
  }
  if (map < 2) bad(name, "a VEX map that has a two-byte form, which is not supported");
  return map | (rest << 8);
}

/** Works out the forms and where each operand lies. */
function setFlags(at: number, name: string): void {
  let flags = rowFlags[at];
  const count = countColumn[at];
  let shape = ""; // r, m, or e for either, i, j; fixed operands do not show
  let widest = 0;
  let immediateBytes = 0;
  for (let i = 0; i < count; i++) {
    const kind = operandKinds[operandColumn[at * 4 + i]];
    widest = Math.max(widest, kind.register, kind.memory);
    if (kind.fixed >= 0) continue;
    if (kind.immediate > 0) {
      shape += kind.relative ? "j" : "i";
      immediateBytes = kind.immediate;
      if (kind.unsigned) flags |= IMMEDIATE_UNSIGNED;
    } else shape += kind.register === 0 ? "m" : kind.memory >= 0 ? "e" : "r";
  }
  const inEncoding = (flags >> IMMEDIATE_SHIFT) & 7;
  if (immediateBytes !== (inEncoding === 7 ? 8 : inEncoding)) bad(name, "immediate of name and encoding differ");
  if (widest > immediateBytes * 8 && (flags & IMMEDIATE_UNSIGNED) === 0) flags |= IMMEDIATE_SIGNED;
  if (name.startsWith("push")) flags |= IMMEDIATE_SIGNED;

  const either = shape.indexOf("e");
  const asRegister = shape.replace("e", "r");
  const asMemory = shape.replace("e", "m");
  if (asRegister.includes("e")) bad(name, "two operands that may be memory");
  flags |= formBit(asRegister, name) | formBit(asMemory, name);

  // ModRM.rm holds the operand that may be memory; where none may, the last register.
  const registers = shape.replace(/[ij]/g, "");
  let rm = either >= 0 ? either : shape.indexOf("m");
  if (rm < 0) rm = (flags & RM_FIRST) !== 0 ? 0 : registers.length - 1;
  const digit = rowDigit[at];
  if (flags & VEX) {
    if (digit < 8) flags |= VVVV_FIRST;
    else if (registers.length === 3 && rm === 1) flags |= VVVV_LAST;
  } else if (registers.length === 3) bad(name, "three registers without VEX");
  else if (digit >= 8 && registers.length === 2 && rm === 0) flags |= RM_FIRST;
  if (digit < 0 && registers.length !== 0 && (flags & OPCODE_REG) === 0) bad(name, "operands without ModRM");
  if (digit >= 8 && registers.length < 2) bad(name, "/r needs two operands");
  if (digit >= 0 && digit < 8 && registers.length !== ((flags & VEX) !== 0 ? 2 : 1)) bad(name, "digit with wrong operands");

  let seen = 0;
  for (let i = 0; i < count; i++) {
    const kind = operandKinds[operandColumn[at * 4 + i]];
    if (kind.fixed >= 0 || kind.immediate > 0) continue;
    if (kind.register === 8) flags |= seen === rm ? BYTE_RM : BYTE_REG;
    seen++;
  }
  rowFlags[at] = flags;
}

function formBit(shape: string, name: string): number {
  const index = forms.indexOf(shape as Form);
  if (index < 0) bad(name, `no form ${shape}`);
  return 1 << index;
}

function copyRow(from: number, to: number, condition: number): void {
  rowFlags[to] = rowFlags[from];
  rowOpcode[to] = addToOpcode(rowOpcode[from], condition);
  rowPrefixes[to] = rowPrefixes[from];
  rowRex[to] = rowRex[from];
  rowDigit[to] = rowDigit[from];
  countColumn[to] = countColumn[from];
  featureColumn[to] = featureColumn[from];
  for (let i = 0; i < 4; i++) {
    operandColumn[to * 4 + i] = operandColumn[from * 4 + i];
    accessColumn[to * 4 + i] = accessColumn[from * 4 + i];
  }
}

/** Adds to the last opcode byte, of one or two. */
function addToOpcode(opcode: number, value: number): number {
  return opcode > 0x1ff ? opcode + (value << 8) : opcode + value;
}

function refuseDuplicate(at: number): void {
  const kinds = operandColumn.subarray(at * 4, at * 4 + countColumn[at]).join(",");
  const key = `${rowPrefixes[at]}.${rowRex[at]}.${rowVex[at]}.${rowOpcode[at]}.${rowDigit[at]}.${kinds}`;
  const other = byKey.get(key);
  if (other !== undefined) bad(names[at], `same encoding and operands as ${other}`);
  byKey.set(key, names[at]);
}

/**
 * Links a row with an immediate to the rows that `as` takes in its stead: `add_rm64_i32` to `add_rm64_i8` for a small
 * immediate and to `add_rax_i32` for rax, `shl_rm64_u8` to `shl_rm64_one` for 1.
 */
function linkShorter(at: number, name: string): void {
  if (name.startsWith("xchg_rm") && name !== "xchg_rm8_r8") {
    const width = name.slice(name.lastIndexOf("_") + 1);
    accumulatorRow[at] = row(`xchg_${width.replace("r16", "ax").replace("r32", "eax").replace("r64", "rax")}_${width}` as RowName);
    rowFlags[at] |= HAS_SHORTER;
    return;
  }
  if (!/_(i8|i16|i32|u8)$/.test(name)) return;
  const cut = name.lastIndexOf("_");
  const stem = name.slice(0, cut);
  const immediate = name.slice(cut + 1);
  const accumulatorAt = /_(ax|eax|rax)$/.exec(stem);
  if (accumulatorAt !== null) {
    const width = { ax: "16", eax: "32", rax: "64" }[accumulatorAt[1]];
    const general = `${stem.slice(0, accumulatorAt.index)}_rm${width}_i8`;
    if (hasRow(general)) {
      shorterRow[at] = row(general as RowName);
      rowFlags[at] |= HAS_SHORTER;
    }
    return;
  }
  const smaller = immediate === "u8" ? `${stem}_one` : immediate === "i8" ? "" : `${stem}_i8`;
  if (smaller !== "" && hasRow(smaller)) shorterRow[at] = row(smaller as RowName);
  const widthAt = stem.lastIndexOf("_rm");
  if (widthAt > 0 && immediate[0] === "i") {
    const accumulator = { "8": "al", "16": "ax", "32": "eax", "64": "rax" }[stem.slice(widthAt + 3)];
    const withAccumulator = `${stem.slice(0, widthAt)}_${accumulator}_${immediate}`;
    if (hasRow(withAccumulator)) accumulatorRow[at] = row(withAccumulator as RowName);
  }
  if (shorterRow[at] >= 0 || accumulatorRow[at] >= 0) rowFlags[at] |= HAS_SHORTER;
}
