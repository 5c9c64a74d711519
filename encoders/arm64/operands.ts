/**
 * The words of a row's text: how each reads in assembly, and which values it reserves.
 *
 * | | |
 * |---|---|
 * | `Wd` `Xn` `Bt` `Hm` `Sd` `Da` `Qt2` | a register by the field `rd`, `rn` …; `Xn|SP`: 31 is the stack pointer, else zero |
 * | `Rd` `Fd` `Pd` | its size by `sf`, by `ftype`, by `sz` |
 * | `Vd.4s` `Vn.b[lane]` `LIST2t.8b` | a vector, an element (fields joined by dots), registers in succession |
 * | `#imm12*8` | a number by its fields, from the highest, in units; signed if it begins with `simm` |
 * | CAPITALS | as `kinds` says |
 */
import { decodeBitmask } from "./bitmask.ts";
import type { Instruction } from "./decoder.ts";
import { decodeFloat8 } from "./float8.ts";
import { barrierNames, prefetchName, systemRegisterName } from "./names.ts";
import { conditionNames, extendNames, shiftNames } from "./registers.ts";
import type { Row } from "./table.ts";

/** What texts ask about the place of an instruction. */
export interface Surroundings {
  /** What a branch, adr or literal at a distance in bytes leads to, as text. */
  target(distance: number): string;
  /** `symbol+addend` where a fixup covers the instruction. */
  readonly reference: string | undefined;
  /** The page of that, and what is left of it within. */
  readonly page: string | undefined;
  readonly low: string | undefined;
}

/** Text of an operand; "" is left out with the comma before it. */
interface Operand {
  text(i: Instruction, around: Surroundings): string;
  reserved?(i: Instruction): boolean;
}

const operand = (text: (i: Instruction, around: Surroundings) => string, reserved?: (i: Instruction) => boolean): Operand => (reserved === undefined ? { text } : { text, reserved });

/** A piece of a text: letters as they are, or an operand. */
export type Piece = string | Operand;

const pieces = new Map<string, readonly Piece[]>();

const pattern = /#([a-z]\w*(?:\.\w+)*)(?:\*(\d+))?|LIST(\d)([nt])\.(\w+)(?:\[([\w.]+)\])?|ELEMENT\.(\w)\[([\w.]+)\]|PRODUCT(\d)\*(\d+)|([A-Z]{3,}[A-Z0-9]*)(?![-A-Z])|(?:(EVEN|ODD)-)?([WXRFPBHSDQV])(d|n|m|a|t2|t|s)\b(\|SP)?(?:\.(\w+)(?:\[([\w.]+)\])?)?/g;

/** The pieces of a text, kept. */
function piecesOf(text: string): readonly Piece[] {
  const known = pieces.get(text);
  if (known !== undefined) return known;
  const found: Piece[] = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > last) found.push(text.slice(last, match.index));
    last = match.index + match[0].length;
    const [, number, unit, count, listField, listForm, listLane, elementForm, elementLane, product, bytes, kind, half, letter, field, stack, form, lane] = match;
    if (number !== undefined) found.push(numberOperand(number, Number(unit ?? 1), text.slice(last) === "]"));
    else if (count !== undefined) found.push(listOperand(Number(count), `r${listField}`, listForm as string, listLane));
    else if (elementForm !== undefined) found.push(operand((i) => `v${i.field("rm")}.${elementForm}[${joined(i, elementLane as string)}]`));
    else if (product !== undefined) found.push(`#${Number(product) * Number(bytes)}`);
    else if (kind !== undefined) found.push(kindOf(kind));
    else found.push(registerOperand(letter as string, `r${field}`, stack !== undefined, half, form, lane));
  }
  if (last < text.length) found.push(text.slice(last));
  pieces.set(text, found);
  return found;
}

/** Whether an operand of the row's own text has a value that the manual reserves. */
export function isReserved(i: Instruction): boolean {
  const { operands } = i.row as Row;
  for (const piece of piecesOf(operands)) if (typeof piece !== "string" && piece.reserved?.(i) === true) return true;
  return false;
}

/** A row's text or an alias', filled in. */
export function fill(text: string, i: Instruction, around: Surroundings): string {
  let result = "";
  for (const piece of piecesOf(text)) {
    const next = typeof piece === "string" ? piece : piece.text(i, around);
    if (next === "" && result.endsWith(", ")) result = result.slice(0, -2);
    else result += next;
  }
  return result;
}

/** A number of several fields, the highest first; digits are themselves. */
function joined(i: Instruction, names: string): number {
  if (/^\d/.test(names)) return Number(names);
  let value = 0;
  for (const name of names.split(".")) value = (value << ((i.row as Row).fields[name]?.width ?? 0)) | i.field(name);
  return value;
}

function numberOperand(names: string, unit: number, last: boolean): Operand {
  const signed = names.startsWith("simm");
  const text = (i: Instruction, around: Surroundings): string => {
    if (names === "imm12" && around.low !== undefined) return around.low;
    const value = (signed ? i.signed(names) : joined(i, names)) * unit;
    return value === 0 && last ? "" : `#${value}`;
  };
  return names === "immr" || names === "imms" ? operand(text, (i) => i.field("sf") === 0 && i.field(names) > 31) : operand(text);
}

function generalName(letter: string, number: number, stack: boolean): string {
  if (number === 31) return letter === "x" ? (stack ? "sp" : "xzr") : stack ? "wsp" : "wzr";
  return letter + number;
}

function registerOperand(letter: string, field: string, stack: boolean, half: string | undefined, form: string | undefined, lane: string | undefined): Operand {
  const lower = letter.toLowerCase();
  switch (letter) {
    case "R": return operand((i) => generalName(i.field("sf") === 1 ? "x" : "w", i.field(field), stack));
    case "F": return operand((i) => (i.field("ftype") === 1 ? "d" : "s") + i.field(field), (i) => i.field("ftype") > 1);
    case "P": return operand((i) => (i.field("sz") === 1 ? "d" : "s") + i.field(field));
    case "W":
    case "X":
      if (half === undefined) return operand((i) => generalName(lower, i.field(field), stack));
      return operand((i) => generalName(lower, i.field(field) + (half === "ODD" ? 1 : 0), stack), (i) => (i.field(field) & 1) === 1);
    default:
      if (form === undefined) return operand((i) => lower + i.field(field));
      if (lane === undefined) return operand((i) => `v${i.field(field)}.${form}`);
      return operand((i) => `v${i.field(field)}.${form}[${joined(i, lane)}]`);
  }
}

function listOperand(count: number, field: string, form: string, lane: string | undefined): Operand {
  return operand((i) => {
    const names = Array.from({ length: count }, (_, n) => `v${(i.field(field) + n) & 31}.${form}`);
    return `{ ${names.join(", ")} }${lane === undefined ? "" : `[${joined(i, lane)}]`}`;
  });
}

const size = (i: Instruction): number => (i.field("sf") === 1 ? 64 : 32);
const tooFar = (i: Instruction): boolean => i.field("sf") === 0 && i.field("imm6") > 31;
const hexadecimal = (value: bigint): string => `#0x${value.toString(16)}`;

function shifted(i: Instruction): string {
  const amount = i.field("imm6");
  return amount === 0 && i.field("shift") === 0 ? "" : `${shiftNames[i.field("shift")]} #${amount}`;
}

/** The second source, widened. `lsl` is the extension that changes nothing, where the stack pointer rules out the shifted form. */
function extended(i: Instruction): string {
  const option = i.field("option");
  const amount = i.field("imm3");
  const register = generalName(i.field("sf") === 1 && (option & 3) === 3 ? "x" : "w", i.field("rm"), false);
  const stackResult = ((i.row as Row).value >>> 29 & 1) === 0;
  const withStack = i.field("rn") === 31 || (stackResult && i.field("rd") === 31);
  if (withStack && option === 2 + i.field("sf")) return amount === 0 ? register : `${register}, lsl #${amount}`;
  return `${register}, ${extendNames[option]}${amount === 0 ? "" : ` #${amount}`}`;
}

/** [base + index]: what follows the base. */
function index(i: Instruction, log: number): string {
  const option = i.field("option");
  const register = generalName((option & 1) === 1 ? "x" : "w", i.field("rm"), false);
  const amount = i.field("s") === 1 ? ` #${log}` : "";
  if (option === 3) return amount === "" ? register : `${register}, lsl${amount}`;
  return `${register}, ${extendNames[option]}${amount}`;
}

/** How far away the place is that a branch, adr or literal names, in bytes; undefined for other instructions. */
export function distanceOf(i: Instruction): number | undefined {
  for (const field of ["imm26", "imm19", "imm14"]) if (i.has(field)) return i.signed(field) * 4;
  return i.row?.mnemonic === "adr" ? near(i) : undefined;
}

const near = (i: Instruction): number => (i.signed("immhi") << 2) | i.field("immlo");
const wideImmediate = (i: Instruction): bigint => BigInt(i.field("imm16")) << BigInt(16 * i.field("hw"));
const halfwordMissing = (i: Instruction): boolean => i.field("sf") === 0 && i.field("hw") > 1;
const float8 = (i: Instruction): string => {
  const value = decodeFloat8(joined(i, i.has("imm8") ? "imm8" : "abc.defgh"));
  return `#${Number.isInteger(value) ? value.toFixed(1) : value}`;
};

const kinds: Readonly<Record<string, Operand>> = {
  COND: operand((i) => conditionNames[i.field("cond")] as string),
  INVERSE: operand((i) => conditionNames[i.field("cond") ^ 1] as string),
  LABEL: operand((i, around) => around.reference ?? around.target(distanceOf(i) ?? 0)),
  NEAR: operand((i, around) => around.reference ?? around.target(near(i))),
  PAGE: operand((i, around) => around.page ?? `#${near(i) * 4096}`),
  TESTED: operand((i) => generalName(i.field("b5") === 1 ? "x" : "w", i.field("rt"), false)),
  BARRIER: operand((i) => barrierNames[i.field("crm")] || `#${i.field("crm")}`),
  SYSREG: operand((i) => systemRegisterName(i.field("sysreg"), (i.row as Row).mnemonic === "mrs")),
  CRN: operand((i) => `c${i.field("crn")}`),
  CRM: operand((i) => `c${i.field("crm")}`),
  PREFETCH: operand((i) => prefetchName(i.field("rt")) ?? `#${i.field("rt")}`),
  /** Of add and subtract: possibly shifted left by 12. */
  IMM12: operand((i, around) => (around.low ?? `#${i.field("imm12")}${i.field("sh") === 1 ? ", lsl #12" : ""}`)),
  SHIFT: operand(shifted, (i) => i.field("shift") === 3 || tooFar(i)),
  ROTATE: operand(shifted, tooFar),
  EXTENDED: operand(extended, (i) => i.field("imm3") > 4),
  BITMASK: operand((i) => hexadecimal(decodeBitmask(i.field("bits"), size(i) === 64) ?? 0n), (i) => decodeBitmask(i.field("bits"), size(i) === 64) === undefined),
  IMM16: operand((i) => `#${i.field("imm16")}${i.field("hw") === 0 ? "" : `, lsl #${16 * i.field("hw")}`}`, halfwordMissing),
  PLAINIMM16: operand((i) => hexadecimal(wideImmediate(i))),
  INVERTEDIMM16: operand((i) => hexadecimal(BigInt.asUintN(size(i), ~wideImmediate(i)))),
  /** Where a bit field goes, how wide it is, and how wide one that is taken out. */
  INSERTED: operand((i) => `#${-i.field("immr") & (size(i) - 1)}`),
  WIDTH: operand((i) => `#${i.field("imms") + 1}`),
  EXTRACTED: operand((i) => `#${i.field("imms") - i.field("immr") + 1}`),
  ...Object.fromEntries([0, 1, 2, 3, 4].map((log) => [`INDEX${log}`, operand((i) => index(i, log), (i) => (i.field("option") & 2) === 0)])),
  FLOAT8: operand(float8),
  FRACTION: operand((i) => `#${64 - i.field("scale")}`, (i) => i.field("sf") === 0 && i.field("scale") < 32),
  PAIR: operand((i) => `v${i.field("rn")}.${i.field("sz") === 1 ? "2d" : "2s"}`),
  LEFT8: operand((i) => (i.field("amount") === 0 ? "" : `lsl #${8 * i.field("amount")}`)),
  ONES8: operand((i) => `msl #${8 * (i.field("amount") + 1)}`),
  /** Each bit stands for a byte of ones. */
  BYTEMASK: operand((i) => hexadecimal([...joined(i, "abc.defgh").toString(2)].reduce((value, bit) => (value << 8n) | (bit === "1" ? 255n : 0n), 0n))),
  RIGHT: operand((i) => `#${2 ** ((i.row as Row).fields["imm"]?.width ?? 0) - i.field("imm")}`),
};

function kindOf(name: string): Operand {
  const kind = kinds[name];
  if (kind === undefined) throw new Error(`encoders/arm64/operands.kindOf: ${name}`);
  return kind;
}
