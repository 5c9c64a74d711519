/** One row's text to columns. What the text may say is described in table.ts; anything else throws. */
import {
  BYTE_REG, BYTE_RM, IMMEDIATE_SHIFT, IMMEDIATE_SIGNED, IMMEDIATE_UNSIGNED, OPCODE_REG, READ, RM_FIRST, VEX, VVVV_FIRST,
  VVVV_LAST, WRITE, accessColumn, countColumn, featureColumn, features, formBit, forms, operandColumn, rowDigit, rowDirection,
  rowFlags, rowOpcode, rowPrefixes, rowRex, rowVex,
} from "./columns.ts";
import type { Feature, Form } from "./columns.ts";
import { operandKindByName, operandKinds } from "./operands.ts";

/** Fills the columns of row `at`. */
export function parseRow(at: number, name: string, text: string): void {
  const [marks, encoding, feature] = text.split("|");
  if (encoding === undefined) bad(name, "no encoding");
  parseOperands(at, name);
  parseMarks(at, name, marks.trim());
  parseEncoding(at, name, encoding.trim());
  featureColumn[at] = feature === undefined ? 0 : features.indexOf(feature.trim() as Feature);
  if (featureColumn[at] >= features.length) bad(name, "unknown feature");
  setFlags(at, name);
}

/** Registers that the marks name beside the operands: `["rax", READ | WRITE]`. */
export function parseImplied(name: string, text: string): readonly (readonly [string, number])[] {
  return text.split("|")[0].split(" ").filter((mark) => mark[0] === "+").map((mark) => {
    const [register, access] = mark.slice(1).split(":");
    return [register, accessOf(access, name)] as const;
  });
}

function accessOf(mark: string, name: string): number {
  if (mark === "r") return READ;
  if (mark === "w") return WRITE;
  if (mark === "rw") return READ | WRITE;
  if (mark === "a") return 0;
  return bad(name, `operand mark ${mark}`);
}

function bad(name: string, what: string): never {
  throw new Error(`encoders/x86_64/parseRow.bad: ${name}: ${what}`);
}

/** Fills the operand columns from the name: operands begin with the first part that names a kind. */
function parseOperands(at: number, name: string): void {
  const parts = name.split("_");
  let count = 0;
  for (let i = 1; i < parts.length; i++) {
    const kind = operandKindByName.get(parts[i]);
    if (kind !== undefined) {
      if (count === 4) bad(name, "more than four operands");
      operandColumn[at * 4 + count++] = kind;
    } else if (count > 0) bad(name, "unknown operand kind");
  }
  countColumn[at] = count;
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
      const digits = token.slice(0, 2);
      const byte = parseInt(digits, 16);
      const rest = token.slice(2);
      if (!(byte >= 0) || digits.length !== 2 || (rest !== "" && rest !== "+r" && rest !== "+cc")) bad(name, `encoding token ${token}`);
      const isPrefix = byte === 0x66 || byte === 0xf0 || byte === 0xf2 || byte === 0xf3;
      if (isPrefix && opcodeBytes === 0 && (flags & VEX) === 0) {
        if (prefixes > 255) bad(name, "three prefixes");
        prefixes = prefixes === 0 ? byte : prefixes | (byte << 8);
      } else {
        if (opcodeBytes === 3) bad(name, "four opcode bytes");
        opcode |= byte << (8 * opcodeBytes++);
        if (rest === "+r") flags |= OPCODE_REG;
      }
    }
  }
  if (opcodeBytes === 0) bad(name, "no opcode");
  rowPrefixes[at] = prefixes;
  rowOpcode[at] = opcode | (1 << (8 * opcodeBytes));
  rowFlags[at] = flags | ((immediate === 8 ? 7 : immediate) << IMMEDIATE_SHIFT);
}

/** `VEX.LZ.F2.0F3A.W0` to the two last bytes of the prefix of three. R, X, B are stored inverted, vvvv too: all ones when unused. */
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
  if (map === 0) bad(name, "no VEX map");
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
  flags |= bitOfForm(asRegister, name) | bitOfForm(asMemory, name);

  // ModRM.rm holds the operand that may be memory; where none may, the last register.
  const registers = shape.replace("i", "").replace("j", "");
  let rm = either >= 0 ? either : shape.indexOf("m");
  if (rm < 0) rm = (flags & RM_FIRST) !== 0 ? 0 : registers.length - 1;
  const digit = rowDigit[at];
  if (digit >= 8 && registers.length === 2 && rm === 0) flags |= RM_FIRST;
  if (flags & VEX) {
    if (digit >= 0 && digit < 8 && registers.length === 2) flags |= VVVV_FIRST;
    else if (registers.length === 3 && rm === 1) flags |= VVVV_LAST;
  } else if (registers.length === 3) bad(name, "three registers without VEX");
  if (digit < 0 && registers.length !== 0 && (flags & OPCODE_REG) === 0) bad(name, "operands without ModRM");
  if (digit >= 8 && registers.length < 2) bad(name, "/r needs two operands");
  if (digit >= 0 && digit < 8 && registers.length !== 1 && (registers.length !== 2 || (flags & VEX) === 0)) bad(name, "digit with wrong operands");

  let seen = 0;
  for (let i = 0; i < count; i++) {
    const kind = operandKinds[operandColumn[at * 4 + i]];
    if (kind.fixed >= 0 || kind.immediate > 0) continue;
    if (kind.register === 8) flags |= seen === rm ? BYTE_RM : BYTE_REG;
    seen++;
  }
  rowFlags[at] = flags;
}

function bitOfForm(shape: string, name: string): number {
  const index = forms.indexOf(shape as Form);
  if (index < 0) bad(name, `no form ${shape}`);
  return formBit(index);
}

