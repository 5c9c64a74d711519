/** Reads a COFF object (.obj): sections with their relocations, symbols, groups of which the linker keeps one. Takes any bytes; what is wrong names the field. */
import { BoundedReader } from "../boundedReader.ts";
import type { ReadError } from "../boundedReader.ts";
import { Machine, SectionFlag, StorageClass } from "./constants.ts";
import { CoffHeader, RELOCATION_SIZE, SYMBOL_SIZE, SectionHeader } from "./layouts.ts";

/** Relocations as columns; the addends stand in the section's fields. */
export interface CoffRelocations {
  readonly count: number;
  /** From the section's start. */
  readonly offset: Uint32Array;
  /** Index of a symbol. */
  readonly symbol: Uint32Array;
  readonly type: Uint16Array;
  /** Where the table stands in the file, and its bytes: with the entry that has the count, where they are many. */
  readonly place: { readonly start: number; readonly size: number };
}

export interface CoffObjectSection {
  readonly name: string;
  readonly flags: number;
  /** In bytes; 16 where the header says none. */
  readonly alignment: number;
  readonly size: number;
  /** In the file; 0 for uninitialised data, which has no content. */
  readonly offset: number;
  /** A view of the file. */
  readonly content: Uint8Array;
  readonly relocations: CoffRelocations;
}

/** Symbols as columns; a symbol's auxiliary records have places of their own, whose storage class is -1, since relocations count them. */
export interface CoffSymbols {
  readonly count: number;
  readonly names: readonly string[];
  readonly value: Uint32Array;
  /** From 1, or a special one. */
  readonly section: Int16Array;
  readonly type: Uint16Array;
  readonly storageClass: Int16Array;
}

/** A section of a group (COMDAT), of which the linker keeps one, or that goes with another section. */
export interface CoffGroup {
  /** Index of the section. */
  readonly section: number;
  /** One of `Selection`. */
  readonly selection: number;
  /** Index of the section that it goes with, where that is its selection; else -1. */
  readonly associated: number;
}

/** What is kept of sections with one name: each of them is a mistake, any, any but sizes must agree, but contents must, as another section is, the largest. */
export const Selection = { noDuplicates: 1, any: 2, sameSize: 3, exactMatch: 4, associative: 5, largest: 6 } as const;

export interface CoffObject {
  readonly machine: number;
  readonly sections: readonly CoffObjectSection[];
  readonly symbols: CoffSymbols;
  readonly groups: readonly CoffGroup[];
  /** A symbol that nobody defines is the other one: indices of both. */
  readonly alternatives: readonly { readonly symbol: number; readonly instead: number }[];
  /** Where the symbols and the string table behind them stand in the file; `strings` is the table's size. */
  readonly tables: { readonly symbols: number; readonly strings: number; readonly stringsSize: number };
}

export type CoffResult = { readonly ok: true; readonly file: CoffObject } | { readonly ok: false; readonly error: ReadError };

const DEFAULT_ALIGNMENT = 16;
const MANY = 0xffff;
const decoder = new TextDecoder();

/** Whether the first bytes are those of a COFF object for a machine that is known here. */
export function isCoffObject(bytes: Uint8Array): boolean {
  const machine = bytes.length < CoffHeader.size ? 0 : bytes[0] | (bytes[1] << 8);
  return machine === Machine.amd64 || machine === Machine.arm64;
}

/** Reads an object. Of bytes that are none, the field that is wrong and its offset in the file. */
export function readCoffObject(bytes: Uint8Array): CoffResult {
  const r = new BoundedReader(bytes);
  const header = r.header(CoffHeader, 0, "IMAGE_FILE_HEADER");
  r.demand(header.Machine !== 0 || header.NumberOfSections !== 0xffff, "Machine", 0, "is that of an import or of an object with more than 65,279 sections, which are not read");
  r.demand(header.Machine === Machine.amd64 || header.Machine === Machine.arm64, "Machine", 0, `0x${header.Machine.toString(16)} is neither x86_64 nor arm64`);
  r.demand(header.SizeOfOptionalHeader === 0, "SizeOfOptionalHeader", 16, `${header.SizeOfOptionalHeader} is not 0, as an object's is`);
  const { PointerToSymbolTable: symbolsAt, NumberOfSymbols: symbolCount } = header;
  r.has(symbolsAt, symbolCount * SYMBOL_SIZE, "PointerToSymbolTable");
  const strings = new StringTable(r, symbolsAt, symbolCount);
  r.has(CoffHeader.size, header.NumberOfSections * SectionHeader.size, "NumberOfSections");
  const sections: CoffObjectSection[] = [];
  for (let i = 0; i < header.NumberOfSections && !r.failed; i++) sections.push(readSection(r, CoffHeader.size + i * SectionHeader.size, strings, symbolCount));
  const symbols = readSymbols(r, symbolsAt, symbolCount, strings, sections.length);
  const groups = readGroups(r, symbolsAt, symbols, sections);
  const alternatives = readAlternatives(r, symbolsAt, symbols);
  if (r.error !== undefined) return { ok: false, error: r.error };
  return { ok: true, file: { machine: header.Machine, sections, symbols, groups, alternatives, tables: { symbols: symbolsAt, strings: strings.start, stringsSize: strings.size } } };
}

/** Names of more than eight bytes, behind the symbols; its first four bytes are its size. */
class StringTable {
  readonly start: number;
  readonly size: number;
  private readonly r: BoundedReader;

  constructor(r: BoundedReader, symbolsAt: number, symbolCount: number) {
    this.r = r;
    this.start = symbolsAt + symbolCount * SYMBOL_SIZE;
    const isThere = symbolsAt !== 0 && !r.failed && this.start !== r.bytes.length;
    this.size = isThere ? r.u32(this.start, "string table's size") : 0;
    if (isThere && this.size !== 0) {
      r.demand(this.size >= 4, "string table's size", this.start, `${this.size} is less than its own four bytes`);
      r.has(this.start, this.size, "string table");
    }
  }

  at(offset: number, field: string, from: number): string {
    if (!this.r.demand(offset >= 4 && offset < this.size, field, from, `${offset} is not within the string table`)) return "";
    return this.r.text(this.start + offset, this.start + this.size, field);
  }

  /** The name in a field of eight bytes, which ends with them or with a zero. */
  inField(at: number, field: string): string {
    if (!this.r.has(at, 8, field)) return "";
    const end = this.r.bytes.subarray(at, at + 8).indexOf(0);
    return decoder.decode(this.r.bytes.subarray(at, at + (end < 0 ? 8 : end)));
  }
}

function readSection(r: BoundedReader, at: number, strings: StringTable, symbolCount: number): CoffObjectSection {
  const header = r.header(SectionHeader, at, "IMAGE_SECTION_HEADER");
  const { Characteristics: flags, SizeOfRawData: size, PointerToRawData: offset } = header;
  const short = strings.inField(at, "Name");
  const long = /^\/(\d+)$/.exec(short);
  const name = long === null ? short : strings.at(Number(long[1]), "Name", at);
  const power = (flags >>> 20) & 15;
  r.demand(power < 15, "Characteristics", at + 36, "have an alignment of 16,384 bytes, and 8,192 are the most");
  const isZero = (flags & SectionFlag.uninitialized) !== 0 || offset === 0;
  if (!isZero) r.has(offset, size, `${name}.PointerToRawData`);
  const relocations = readRelocations(r, at, header.PointerToRelocations, header.NumberOfRelocations, flags, name, symbolCount);
  const content = isZero || r.failed ? r.bytes.subarray(0, 0) : r.bytes.subarray(offset, offset + size);
  return { name, flags, alignment: power === 0 ? DEFAULT_ALIGNMENT : 2 ** (power - 1), size, offset: isZero ? 0 : offset, content, relocations };
}

function readRelocations(r: BoundedReader, at: number, start: number, told: number, flags: number, name: string, symbolCount: number): CoffRelocations {
  // The first entry of many has their number, which counts itself.
  const many = told === MANY && (flags & SectionFlag.manyRelocations) !== 0;
  const all = many ? r.u32(start, `${name}.PointerToRelocations`) : told;
  if (many) r.demand(all >= 1, "number of relocations", start, "is 0, and counts itself");
  if (all > 0) r.has(start, all * RELOCATION_SIZE, `${name}.PointerToRelocations`);
  const count = r.failed ? 0 : many ? all - 1 : all;
  const offset = new Uint32Array(count);
  const symbol = new Uint32Array(count);
  const type = new Uint16Array(count);
  for (let i = 0, from = start + (many ? RELOCATION_SIZE : 0); i < count; i++, from += RELOCATION_SIZE) {
    offset[i] = r.view.getUint32(from, true);
    symbol[i] = r.view.getUint32(from + 4, true);
    type[i] = r.view.getUint16(from + 8, true);
    if (!r.demand(symbol[i] < symbolCount, `${name}: SymbolTableIndex`, from + 4, `${symbol[i]} is not below the ${symbolCount} that there are`)) break;
  }
  return { count, offset, symbol, type, place: { start: all > 0 ? start : at, size: all * RELOCATION_SIZE } };
}

function readSymbols(r: BoundedReader, at: number, count: number, strings: StringTable, sectionCount: number): CoffSymbols {
  const there = r.failed ? 0 : count;
  const names: string[] = [];
  const value = new Uint32Array(there);
  const section = new Int16Array(there);
  const type = new Uint16Array(there);
  const storageClass = new Int16Array(there).fill(-1);
  for (let i = 0; i < there && !r.failed; ) {
    const from = at + i * SYMBOL_SIZE;
    names.push(r.u32(from, "Name") === 0 ? strings.at(r.u32(from + 4, "Name"), "symbol's Name", from + 4) : strings.inField(from, "Name"));
    value[i] = r.view.getUint32(from + 8, true);
    section[i] = r.view.getInt16(from + 12, true);
    type[i] = r.view.getUint16(from + 14, true);
    storageClass[i] = r.bytes[from + 16];
    r.demand(section[i] >= -2 && section[i] <= sectionCount, "SectionNumber", from + 12, `${section[i]} is none of the ${sectionCount} sections`);
    const records = r.bytes[from + 17];
    r.demand(i + 1 + records <= count, "NumberOfAuxSymbols", from + 17, `${records} go beyond the ${count} symbols`);
    for (let k = 0; k < records; k++) names.push("");
    i += 1 + records;
  }
  return { count: there, names, value, section, type, storageClass };
}

/** By the auxiliary record of each section's own symbol. */
function readGroups(r: BoundedReader, at: number, symbols: CoffSymbols, sections: readonly CoffObjectSection[]): CoffGroup[] {
  const groups: CoffGroup[] = [];
  const done = new Uint8Array(sections.length);
  for (let i = 0; i + 1 < symbols.count && !r.failed; i++) {
    const section = symbols.section[i] - 1;
    const isOwn = symbols.storageClass[i] === StorageClass.static && symbols.value[i] === 0 && symbols.storageClass[i + 1] === -1;
    if (!isOwn || section < 0 || done[section] === 1 || (sections[section].flags & SectionFlag.linkComdat) === 0) continue;
    done[section] = 1;
    const record = at + (i + 1) * SYMBOL_SIZE;
    const number = r.u16(record + 12, "Number");
    const selection = r.u8(record + 14, "Selection");
    const associated = selection === Selection.associative ? number - 1 : -1;
    r.demand(selection >= Selection.noDuplicates && selection <= Selection.largest, "Selection", record + 14, `${selection} is none that there is`);
    r.demand(associated < sections.length && (associated >= 0 || selection !== Selection.associative), "Number", record + 12, `${number} is none of the ${sections.length} sections`);
    groups.push({ section, selection, associated });
  }
  return groups;
}

function readAlternatives(r: BoundedReader, at: number, symbols: CoffSymbols): { symbol: number; instead: number }[] {
  const found: { symbol: number; instead: number }[] = [];
  for (let symbol = 0; symbol < symbols.count && !r.failed; symbol++) {
    if (symbols.storageClass[symbol] !== StorageClass.weakExternal) continue;
    const record = at + (symbol + 1) * SYMBOL_SIZE;
    if (!r.demand(symbol + 1 < symbols.count && symbols.storageClass[symbol + 1] === -1, "NumberOfAuxSymbols", record - 1, "is 0, and a weak external symbol has a record")) break;
    const instead = r.u32(record, "TagIndex");
    r.demand(instead < symbols.count, "TagIndex", record, `${instead} is not below the ${symbols.count} that there are`);
    found.push({ symbol, instead });
  }
  return found;
}
