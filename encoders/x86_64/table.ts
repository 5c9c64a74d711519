/**
 * Rows that read like Intel's manual, parsed to typed-array columns when first asked for.
 *
 *   sub_rm64_i32: "rw | REX.W 81 /5 id"
 *
 * The name gives the mnemonic and the operands in Intel's order; then what happens to each register or memory operand
 * (`r` read, `w` written, `rw`, `a` address only) and to implied registers (`+rax:rw`); the encoding; a feature that
 * the processor must have. `MR` (Intel's name) says that of two registers the first lies in ModRM.rm. A row whose register
 * form `as` would write with another opcode says so: `{load}`, `{store}`.
 * `cc` in a name and an encoding stands for the sixteen conditions: such a row has sixteen consecutive numbers.
 */
import { bakedTable } from "./bakedTable.ts";
import type { BakedTable } from "./bakedTable.ts";
import {
  CAPACITY, HAS_SHORTER, accessColumn, accumulatorRow, columns, countColumn, featureColumn, joinNames, operandColumn, rowDigit,
  rowFlags, rowNames, rowOpcode, rowPrefixes, rowRex, rowVex, shorterRow,
} from "./columns.ts";
import { parseImplied, parseRow } from "./parseRow.ts";
import { conditionNames } from "./registers.ts";
import { furtherGroups, groups } from "./rows/groups.ts";
import type { RowName } from "./rows/groups.ts";

export type { RowName } from "./rows/groups.ts";

/** Number of an expanded row. Numbers depend on the order of asking: never store them. */
export type Row = number & { readonly brand: "Row" };

const numbers = new Map<string, Row>();

/** Number of the row of that name; of its first, for a `cc` row. Parses the row when it is first asked for. */
export function row(name: RowName): Row {
  return numbers.get(name) ?? (bakedTable === undefined ? expand(name) : findBaked(name, bakedTable));
}

/** The row of a `cc` name for one condition. */
export function rowOf(name: RowName, condition: number): Row {
  return (row(name) + condition) as Row;
}

/** Every name in the table, group by group; not in a bundle with the baked table. */
export function allRowNames(): RowName[] {
  if (bakedTable !== undefined) throw new Error("encoders/x86_64/table.allRowNames: the bundle has no row texts");
  return [...groups, ...furtherGroups].flatMap((group) => Object.keys(group)) as RowName[];
}

/** Expands the whole table, as the decoder needs. */
export function expandAll(): void {
  if (bakedTable === undefined) for (const name of allRowNames()) row(name);
}

/** Registers that a row reads or writes without naming them: `["rax", READ | WRITE]`. Parsed anew each time. */
export function impliedRegisters(name: RowName): readonly (readonly [string, number])[] {
  return parseImplied(name, bakedTable === undefined ? textOf(name) : ((JSON.parse(bakedTable.implied) as { readonly [name: string]: string | undefined })[name] ?? ""));
}

function textOf(name: string): string {
  for (const group of [...groups, ...furtherGroups]) {
    const text = (group as { readonly [name: string]: string | undefined })[name];
    if (text !== undefined) return text;
  }
  throw new Error(`encoders/x86_64/table.textOf: no row ${name}`);
}

function hasRow(name: string): boolean {
  return groups.some((group) => name in group) || furtherGroups.some((group) => name in group);
}

function bad(name: string, what: string): never {
  throw new Error(`encoders/x86_64/table.bad: ${name}: ${what}`);
}

/** Parses one row, into sixteen for a `cc` row. */
function expand(name: RowName): Row {
  const text = textOf(name);
  const names = rowNames();
  const first = names.length;
  const perCondition = text.includes("+cc");
  const count = perCondition ? 16 : 1;
  if (first + count > CAPACITY) bad(name, "more rows than CAPACITY");
  parseRow(first, name, text);
  numbers.set(name, first as Row);
  names[first] = name;
  if (perCondition) {
    for (let condition = 0; condition < 16; condition++) {
      if (condition > 0) copyRow(first, first + condition, condition);
      names[first + condition] = name.replace("cc", conditionNames[condition]);
    }
  }
  linkShorter(first, name);
  return first as Row;
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

/** Throws if two rows have one encoding and the same operands. A test calls it: it costs more than the parsing. */
export function refuseDuplicates(): void {
  expandAll();
  const names = rowNames();
  const seen = new Map<string, string>();
  for (let at = 0; at < names.length; at++) {
    const kinds = operandColumn.subarray(at * 4, at * 4 + countColumn[at]).join(",");
    const key = `${rowPrefixes[at]}.${rowRex[at]}.${rowVex[at]}.${rowOpcode[at]}.${rowDigit[at]}.${kinds}`;
    const other = seen.get(key);
    if (other !== undefined) bad(names[at], `same encoding and operands as ${other}`);
    seen.set(key, names[at]);
  }
}

if (bakedTable !== undefined) unbake(bakedTable);

/** Fills the columns from what bake.ts wrote; names follow as they are asked for. */
function unbake(baked: BakedTable): void {
  const bytes = Uint8Array.fromBase64(baked.columns);
  joinNames(baked.names);
  let at = 0;
  for (const [column, places] of columns) {
    const size = baked.count * places * column.BYTES_PER_ELEMENT;
    new Uint8Array(column.buffer).set(bytes.subarray(at, at + size));
    at += size;
  }
}

/** The number of a name that only the running code knows: few builds ask for one. */
function findBaked(name: string, baked: BakedTable): Row {
  if (numbers.size === 0) {
    rowNames().forEach((one, number) => numbers.set(one, number as Row));
    for (const [one, number] of Object.entries(JSON.parse(baked.conditional) as { readonly [name: string]: Row })) numbers.set(one, number);
  }
  const found = numbers.get(name);
  if (found === undefined) throw new Error(`encoders/x86_64/table.findBaked: no row ${name}`);
  return found;
}
