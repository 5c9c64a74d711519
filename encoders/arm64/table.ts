/**
 * Rows that read like the Arm manual's, parsed when first asked for.
 *
 *   subs_immediate: "sf:1 1 1 100010 sh:1 imm12:12 rn:5 rd:5 | subs Rd, Rn|SP, IMM12 | ?rd=31 cmp Rn|SP, IMM12"
 *
 * Parted by `|`: the manual's diagram from bit 31 down, plain bits and fields as `name:width` (a name that stands twice: both are
 * equal); mnemonic and operands, whose words operands.ts explains; then in any order `+lse`, an extension that the processor must
 * have, and `?CONDITION TEXT`, what is written instead where it says the same (aliases.ts).
 *
 * A name that ends in `_T` stands for one row an arrangement of vectors: `add_T` is `add_8b`, `add_16b` … (arrangements.ts).
 */
import { arranged, arrangementsOf } from "./arrangements.ts";
import type { ArrangementName } from "./arrangements.ts";
import { bakedWords } from "./bakedWords.ts";
import { parseRow } from "./parseRow.ts";
import type { Row } from "./parseRow.ts";
import { atomicRows } from "./rows/atomic.ts";
import { branchRows } from "./rows/branch.ts";
import { cryptoRows } from "./rows/crypto.ts";
import { floatRows } from "./rows/float.ts";
import { halfRows } from "./rows/half.ts";
import { integerRows } from "./rows/integer.ts";
import { memoryRows } from "./rows/memory.ts";
import { structureRows } from "./rows/structure.ts";
import { vectorRows } from "./rows/vector.ts";
import { vectorFloatRows } from "./rows/vectorFloat.ts";
import { vectorLaneRows } from "./rows/vectorLane.ts";
import { vectorScalarRows } from "./rows/vectorScalar.ts";
import { vectorShiftRows } from "./rows/vectorShift.ts";

export type { Field, Row } from "./parseRow.ts";

type Texts = Readonly<Record<string, string>>;
const groups: Texts[] = [branchRows, integerRows, memoryRows, atomicRows, floatRows, vectorRows, vectorFloatRows, vectorLaneRows, vectorShiftRows];
/** Groups that are made only when a name is in none of those above. */
const rare: (() => Texts)[] = [structureRows, vectorScalarRows, cryptoRows, halfRows];

type Named = typeof integerRows & typeof branchRows & typeof floatRows & typeof vectorRows & typeof vectorFloatRows & typeof vectorLaneRows & typeof vectorShiftRows;
type Arranged<Name> = Name extends `${infer Stem}_T` ? `${Stem}_${ArrangementName}` : Name;
/** The names that are known to the type checker; those of memory, atomics and structures are made by form and size. */
export type RowName = Arranged<keyof Named>;

const known = new Map<string, Row>();

/** The row of that name. */
export function rowOf(name: string): Row {
  const found = known.get(name);
  if (found !== undefined) return found;
  const row = parseRow(name, textOf(name));
  known.set(name, row);
  return row;
}

function textOf(name: string): string {
  for (const group of groups) {
    const text = group[name];
    if (text !== undefined) return text;
  }
  const cut = name.lastIndexOf("_");
  const family = `${name.slice(0, cut)}_T`;
  const arrangement = name.slice(cut + 1) as ArrangementName;
  for (const group of groups) {
    const text = group[family];
    if (text !== undefined && arrangementsOf(text).includes(arrangement)) return arranged(text, arrangement);
  }
  if (makeRare()) return textOf(name);
  throw new Error(`encoders/arm64/table.textOf: there is no row ${name}`);
}

function makeRare(): boolean {
  const made = rare.splice(0).map((make) => make());
  groups.push(...made);
  return made.length > 0;
}

/** The fixed bits of a row; the assembler adds the fields. */
export function word(name: RowName): number {
  return memoryWord(name);
}

/** As `word`, of the rows that rows/memory.ts, rows/atomic.ts and rows/structure.ts make by form. */
export function memoryWord(name: string): number {
  return bakedWords[name] ?? rowOf(name).value;
}

/** The words of all rows that were asked for, for the executable to have them ready. */
export function askedWords(): Readonly<Record<string, number>> {
  return Object.fromEntries([...known].map(([name, { value }]) => [name, value]));
}

/** Every name, group by group, families as their rows. */
export function allRowNames(): string[] {
  makeRare();
  const names: string[] = [];
  for (const group of groups) {
    for (const [name, text] of Object.entries(group)) {
      if (name.endsWith("_T")) for (const arrangement of arrangementsOf(text)) names.push(name.slice(0, -1) + arrangement);
      else names.push(name);
    }
  }
  return names;
}

let all: readonly Row[] = [];
/** By bits 31 to 24 and 15 to 10: the rows that such an instruction may be, the most special first. */
const byKey: (readonly Row[] | undefined)[] = [];
const byTop: (readonly Row[] | undefined)[] = [];

/** The row of an instruction; undefined if there is none. The most special row wins. What operands refuse is not looked at: see decoder.ts. */
export function findRow(instruction: number): Row | undefined {
  const key = ((instruction >>> 24) << 6) | ((instruction >>> 10) & 63);
  const candidates = byKey[key] ?? fillKey(key);
  for (let i = 0; i < candidates.length; i++) {
    const row = candidates[i] as Row;
    if (((instruction ^ row.value) & row.mask) === 0) return row;
  }
  return undefined;
}

function fillKey(key: number): readonly Row[] {
  if (all.length === 0) all = allRowNames().map(rowOf).sort((a, b) => bitCount(b.mask) - bitCount(a.mask));
  const top = key >> 6;
  const fits = (bits: number, among: number) => ({ value, mask }: Row): boolean => ((bits ^ value) & mask & among) === 0;
  const ofTop = (byTop[top] ??= all.filter(fits(top << 24, 0xff000000)));
  return (byKey[key] = ofTop.filter(fits((key & 63) << 10, 63 << 10)));
}

function bitCount(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** The field `name` of an instruction word, unsigned, as it stands there. Throws if the row has no such field. */
export function fieldOf(row: Row, instruction: number, name: string): number {
  const field = row.fields[name];
  if (field === undefined) throw new Error(`encoders/arm64/table.fieldOf: ${row.name} has no ${name}`);
  return (instruction >>> field.at) & (2 ** field.width - 1);
}
