/** A COFF object (.obj): sections with their relocations, symbols, long names in a table behind them. */
import { alignUp } from "../align.ts";
import { SectionFlag } from "./constants.ts";
import { CoffHeader, RELOCATION_SIZE, SYMBOL_SIZE, SectionHeader } from "./layouts.ts";

export interface CoffSection {
  readonly name: string;
  /** Characteristics without the alignment. */
  readonly flags: number;
  /** A power of two up to 8192. */
  readonly alignment: number;
  readonly size: number;
  /** Empty for uninitialised data; addends stand in the fields. */
  readonly content: Uint8Array;
  readonly relocations: readonly { readonly offset: number; readonly symbol: number; readonly type: number }[];
}

export interface CoffSymbol {
  readonly name: string;
  readonly value: number;
  /** From 1, or a special one. */
  readonly section: number;
  readonly type: number;
  readonly storageClass: number;
}

/** More relocations than the header's field holds: their number then stands in the first one's offset. */
const MOST_RELOCATIONS = 0xffff;

/** The bytes. Relocations name symbols by their place in `symbols`. */
export function writeCoffObject(machine: number, sections: readonly CoffSection[], symbols: readonly CoffSymbol[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  let strings = 4;
  const longNames: { readonly bytes: Uint8Array; readonly at: number }[] = [];
  /** The name's own eight bytes, or where it stands in the table. */
  const nameOf = (name: string): { readonly short: Uint8Array } | { readonly at: number } => {
    const bytes = encoder.encode(name);
    if (bytes.length <= 8) return { short: bytes };
    const at = strings;
    longNames.push({ bytes, at });
    strings += bytes.length + 1;
    return { at };
  };
  let at = CoffHeader.size + sections.length * SectionHeader.size;
  const take = (size: number, alignment: number): number => {
    at = alignUp(at, alignment);
    const own = at;
    at += size;
    return own;
  };
  const contentAt = sections.map((s) => (s.content.length === 0 ? 0 : take(s.content.length, 16)));
  const many = sections.map((s) => s.relocations.length >= MOST_RELOCATIONS);
  const relocationsAt = sections.map((s, i) => (s.relocations.length === 0 ? 0 : take((s.relocations.length + (many[i] ? 1 : 0)) * RELOCATION_SIZE, 4)));
  const symbolsAt = take(symbols.length * SYMBOL_SIZE, 4);
  const sectionNames = sections.map(({ name }) => nameOf(name));
  const symbolNames = symbols.map(({ name }) => nameOf(name));
  const stringsAt = take(strings, 1);
  const file = new Uint8Array(at);
  const view = new DataView(file.buffer);
  CoffHeader.write(file, 0, {
    Machine: machine, NumberOfSections: sections.length, TimeDateStamp: 0, PointerToSymbolTable: symbolsAt, NumberOfSymbols: symbols.length, SizeOfOptionalHeader: 0, Characteristics: 0,
  });
  sections.forEach((s, i) => {
    const name = sectionNames[i];
    const header = CoffHeader.size + i * SectionHeader.size;
    SectionHeader.write(file, header, {
      Name: "at" in name ? `/${name.at}` : s.name, VirtualSize: 0, VirtualAddress: 0, SizeOfRawData: s.size, PointerToRawData: contentAt[i], PointerToRelocations: relocationsAt[i],
      PointerToLinenumbers: 0, NumberOfRelocations: many[i] ? MOST_RELOCATIONS : s.relocations.length, NumberOfLinenumbers: 0,
      Characteristics: (s.flags | ((Math.log2(s.alignment) + 1) << 20) | (many[i] ? SectionFlag.manyRelocations : 0)) >>> 0,
    });
    file.set(s.content, contentAt[i]);
    let to = relocationsAt[i];
    if (many[i]) {
      view.setUint32(to, s.relocations.length + 1, true);
      to += RELOCATION_SIZE;
    }
    for (const { offset, symbol, type } of s.relocations) {
      view.setUint32(to, offset, true);
      view.setUint32(to + 4, symbol, true);
      view.setUint16(to + 8, type, true);
      to += RELOCATION_SIZE;
    }
  });
  symbols.forEach(({ value, section, type, storageClass }, i) => {
    const to = symbolsAt + i * SYMBOL_SIZE;
    const name = symbolNames[i];
    if ("at" in name) view.setUint32(to + 4, name.at, true);
    else file.set(name.short, to);
    view.setUint32(to + 8, value, true);
    view.setInt16(to + 12, section, true);
    view.setUint16(to + 14, type, true);
    view.setUint8(to + 16, storageClass);
  });
  view.setUint32(stringsAt, strings, true);
  for (const { bytes, at: place } of longNames) file.set(bytes, stringsAt + place);
  return file;
}
