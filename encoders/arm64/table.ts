/**
 * The rows as numbers. A row is a diagram and a text, parted by `|`. The diagram goes from bit 31 down: plain bits, and fields as
 * `name:width`. The text is the mnemonic and its operands; what each operand word prints is said in disassembler.ts. Parsed when loaded:
 * some 200 rows, a diagram that is not 32 bits wide throws.
 */
import { branchRows } from "./rows/branch.ts";
import { floatRows } from "./rows/float.ts";
import { integerRows } from "./rows/integer.ts";
import { memoryRows } from "./rows/memory.ts";

const texts: Readonly<Record<string, string>> = { ...branchRows, ...integerRows, ...memoryRows, ...floatRows };

export interface Field {
  readonly at: number;
  readonly width: number;
}

export interface Row {
  readonly name: string;
  /** The bits that are the same in every instruction of the row, and which they are. */
  readonly value: number;
  readonly mask: number;
  readonly fields: Readonly<Record<string, Field>>;
  readonly mnemonic: string;
  readonly operands: string;
}

function parse(name: string, text: string): Row {
  const [diagram, assembly] = text.split(" | ") as [string, string];
  let at = 32;
  let value = 0;
  let mask = 0;
  const fields: Record<string, Field> = {};
  for (const part of diagram.split(" ")) {
    const [field, width] = part.split(":") as [string, string | undefined];
    if (width !== undefined) {
      at -= Number(width);
      fields[field] = { at, width: Number(width) };
      continue;
    }
    for (const bit of part) {
      at--;
      mask |= 1 << at;
      if (bit === "1") value |= 1 << at;
    }
  }
  if (at !== 0) throw new Error(`encoders/arm64/table.parse: ${name} has ${32 - at} bits`);
  const space = assembly.indexOf(" ");
  return {
    name, value: value >>> 0, mask: mask >>> 0, fields,
    mnemonic: space < 0 ? assembly : assembly.slice(0, space), operands: space < 0 ? "" : assembly.slice(space + 1),
  };
}

/** All rows, in the order of their files. */
export const rows: readonly Row[] = Object.entries(texts).map(([name, text]) => parse(name, text));
const byName = new Map(rows.map((row) => [row.name, row]));

export type RowName = keyof typeof integerRows | keyof typeof branchRows | keyof typeof floatRows;

export function rowOf(name: string): Row {
  const row = byName.get(name);
  if (row === undefined) throw new Error(`encoders/arm64/table.rowOf: there is no row ${name}`);
  return row;
}

/** The fixed bits of a row; the assembler adds the fields. */
export function word(name: RowName): number {
  return rowOf(name).value;
}

/** As `word`, of the rows that rows/memory.ts makes by form. */
export function memoryWord(name: string): number {
  return rowOf(name).value;
}

// By the eight top bits: the rows that an instruction beginning so may be.
const byTop: (readonly Row[])[] = Array.from({ length: 256 }, (_, top) => rows.filter(({ value, mask }) => (((top << 24) ^ value) & mask & 0xff000000) === 0));

/** The row of an instruction; undefined if there is none. The most special row wins. */
export function findRow(instruction: number): Row | undefined {
  let best: Row | undefined;
  for (const row of byTop[instruction >>> 24] as readonly Row[]) {
    if (((instruction ^ row.value) & row.mask) === 0 && (best === undefined || bitCount(row.mask) > bitCount(best.mask))) best = row;
  }
  return best;
}

function bitCount(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

export function fieldOf(row: Row, instruction: number, name: string): number {
  const field = row.fields[name];
  if (field === undefined) throw new Error(`encoders/arm64/table.fieldOf: ${row.name} has no ${name}`);
  return (instruction >>> field.at) & (2 ** field.width - 1);
}
