/** A row and its fields by name to a word: for rows that no method of the assembler is shaped for, and wherever checks matter more than speed. */
import { isReserved } from "./operands.ts";
import { Instruction } from "./decoder.ts";
import { rowOf } from "./table.ts";
import type { Field, Row } from "./table.ts";

const scratch = new Instruction();

/**
 * `encode("tbl2_16b", { rd: 0, rn: 4, rm: 1 })`. Fields are as in the diagram, negative ones in two's complement; those not given are
 * zero. Throws on a field that the row has not, a value that it has no room for, and operands that the manual reserves.
 */
export function encode(name: string, fields: Readonly<Record<string, number>>): number {
  const row = rowOf(name);
  for (const [field, value] of Object.entries(fields)) {
    const known = row.fields[field];
    if (known === undefined) throw new Error(`encoders/arm64/encode.encode: ${name} has no field ${field}`);
    if (!Number.isInteger(value) || value < -(2 ** (known.width - 1)) || value >= 2 ** known.width) throw new Error(`encoders/arm64/encode.encode: ${name}: ${field} is ${value}`);
  }
  scratch.row = row;
  scratch.word = compose(row, fields);
  if (isReserved(scratch)) throw new Error(`encoders/arm64/encode.encode: ${name}: reserved operands: ${JSON.stringify(fields)}`);
  return scratch.word;
}

/** The word without checks. Fields that stand twice are equal. */
export function compose(row: Row, values: Readonly<Record<string, number>>): number {
  let word = row.value;
  for (const [name, field] of Object.entries(row.fields)) word |= place(field, values[name] ?? 0);
  for (const [first, second] of row.twins) word |= place(second, (word >>> first.at) & (2 ** first.width - 1));
  return word | 0;
}

function place(field: Field, value: number): number {
  return (value & (2 ** field.width - 1)) << field.at;
}
