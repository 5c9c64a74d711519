/**
 * For tests: words of every row, with registers of every kind and each field at its borders. Which operands are reserved is not asked
 * here but found in the decoder; the oracles tell whether it is right.
 */
import { Instruction, decode } from "../decoder.ts";
import { NO_SYMBOLS, instructionText, isCanonical } from "../disassembler.ts";
import { compose } from "../encode.ts";
import { allRowNames, rowOf } from "../table.ts";
import type { Field, Row } from "../table.ts";

export interface Case {
  readonly row: Row;
  readonly word: number;
  readonly text: string;
}

const registerFields = new Set(["rd", "rn", "rm", "ra", "rt", "rt2", "rs"]);

/** Values of a field that is no register: all of a narrow one, else its borders and single bits. */
function valuesOf({ width }: Field, small: boolean): readonly number[] {
  const all = 2 ** width;
  if (width <= (small ? 1 : 6)) return Array.from({ length: all }, (_, i) => i);
  const values = new Set([0, 1, all / 2 - 1, all / 2, all - 1, Math.floor(all / 3)]);
  if (!small) for (let bit = 0; bit < width; bit++) values.add(1 << bit).add(all - (1 << bit) - 1);
  if (width === 13) for (let bits = 0; bits < all; bits += small ? 97 : 1) values.add(bits);
  return [...values];
}

/** All cases in table order. `small`: a selection that a file may hold. */
export function allCases(small: boolean): Case[] {
  const cases: Case[] = [];
  const instruction = new Instruction();
  allRowNames().map(rowOf).forEach((row, seed) => {
    const seen = new Set<number>();
    const add = (values: Readonly<Record<string, number>>): void => {
      const word = compose(row, values);
      if (seen.has(word) || !decode(word, instruction) || instruction.row !== row || isUnpredictable(instruction) || !isCanonical(instruction)) return;
      seen.add(word);
      cases.push({ row, word, text: instructionText(instruction, 0, NO_SYMBOLS) });
    };
    const fields = Object.entries(row.fields);
    const start = fields.flatMap(([name, field]) => (registerFields.has(name) ? [] : [[name, (seed * 5 + 3) & (2 ** field.width - 1)] as const]));
    const registers = (round: number): Record<string, number> =>
      Object.fromEntries(fields.filter(([name]) => registerFields.has(name)).map(([name], k) => [name, (seed * 7 + round * 11 + k * 9) & 31]));
    // Every register in every place
    const plain = Object.fromEntries(fields.map(([name]) => [name, 0]));
    for (const [name] of fields) {
      if (!registerFields.has(name)) continue;
      for (let n = 0; n < 32; n++) if (!small || (n === 31 && name === "rn")) add({ ...plain, ...Object.fromEntries(start), ...registers(n), [name]: n });
    }
    for (let round = 0; round < 2; round++) add({ ...Object.fromEntries(start), ...registers(round) });
    // Every value of every other field, beside changing others
    for (const [name, field] of fields) {
      if (registerFields.has(name)) continue;
      valuesOf(field, small).forEach((value, round) => {
        for (const others of small ? [Object.fromEntries(start)] : [Object.fromEntries(start), plain]) {
          for (const sf of row.fields["sf"] === undefined || name === "sf" ? [undefined] : [0, 1]) {
            add({ ...others, ...registers(round), ...(sf === undefined ? {} : { sf }), [name]: value });
          }
        }
      });
    }
    // Registers in common, which aliases ask for
    for (const common of small ? [31] : [0, 7, 30, 31]) {
      const same = Object.fromEntries(fields.filter(([name]) => registerFields.has(name)).map(([name]) => [name, common]));
      add({ ...plain, ...same });
      add({ ...Object.fromEntries(start), ...same });
    }
    if (fields.length === 0) add({});
  });
  return cases;
}

/** What the processor may do anything with, and assemblers refuse or warn of: a base that is written back into what is moved, results in one register. */
export function isUnpredictable(i: Instruction): boolean {
  const { row } = i;
  if (row === undefined) return false;
  const vector = (row.value >>> 26 & 1) === 1;
  const writesBack = /\]!|\], /.test(row.operands) && !/LIST/.test(row.operands);
  if (row.fields["rt2"] !== undefined && /^ld/.test(row.mnemonic) && i.field("rt") === i.field("rt2")) return true;
  if (writesBack && !vector && i.field("rn") !== 31 && (i.field("rt") === i.field("rn") || (row.fields["rt2"] !== undefined && i.field("rt2") === i.field("rn")))) return true;
  if (/^stl?x/.test(row.mnemonic)) return i.field("rs") === i.field("rt") || (i.field("rs") === i.field("rn") && i.field("rn") !== 31) || (row.fields["rt2"] !== undefined && i.field("rs") === i.field("rt2"));
  return false;
}
