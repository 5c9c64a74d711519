/** A word to its row and fields, by the same table as the assembler. Words that no row has, or whose operands are reserved, are undefined. */
import { isReserved } from "./operands.ts";
import { findRow } from "./table.ts";
import type { Field, Row } from "./table.ts";

/** One decoded instruction; made once and filled again by each `decode`. */
export class Instruction {
  /** Undefined until something has been decoded. */
  row: Row | undefined;
  word = 0;

  /** A field of the diagram, unsigned. Throws where the row has none of that name. */
  field(name: string): number {
    const field = this.row?.fields[name];
    if (field === undefined) throw new Error(`encoders/arm64/decoder.field: ${this.row?.name ?? "nothing"} has no ${name}`);
    return bitsOf(this.word, field);
  }

  has(name: string): boolean {
    return this.row?.fields[name] !== undefined;
  }

  /** A field in two's complement. */
  signed(name: string): number {
    const width = this.row?.fields[name]?.width ?? 0;
    return (this.field(name) << (32 - width)) >> (32 - width);
  }
}

function bitsOf(word: number, field: Field): number {
  return (word >>> field.at) & (2 ** field.width - 1);
}

/** Decodes one word into `out`; false if it is no instruction of the table. Never throws. */
export function decode(word: number, out: Instruction): boolean {
  const row = findRow(word);
  if (row === undefined) return false;
  for (const [first, second] of row.twins) if (bitsOf(word, first) !== bitsOf(word, second)) return false;
  out.row = row;
  out.word = word;
  return !isReserved(out);
}

/** The word of `bytes` at `at`. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}
