/**
 * What a dynamic executable tells its loader, as bytes: names and libraries of the functions that it wants, the versions it wants them in (GNU's symbol
 * versioning, LSB 10.7), an empty table of what it gives itself, and where the addresses go. Addresses come last, as everything has to be placed first.
 */
import { stringTable } from "./stringTable.ts";

export interface DynamicImport {
  readonly name: string;
  /** DT_NEEDED */
  readonly library: string;
  /** Undefined: whatever is the library's oldest. */
  readonly version?: string | undefined;
}

export interface DynamicTables {
  readonly interp: Uint8Array;
  readonly symbols: Uint8Array;
  readonly strings: Uint8Array;
  readonly hash: Uint8Array;
  /** Empty where no version is asked for; `needed` counts libraries. */
  readonly versions: Uint8Array;
  readonly needs: Uint8Array;
  readonly needCount: number;
  readonly libraries: readonly number[];
  readonly importCount: number;
}

/** d_tag */
const Tag = {
  null: 0, needed: 1, strtab: 5, symtab: 6, rela: 7, relasz: 8, relaent: 9, strsz: 10, syment: 11, debug: 21, flags: 30,
  gnuHash: 0x6ffffef5, versym: 0x6ffffff0, relacount: 0x6ffffff9, flags1: 0x6ffffffb, verneed: 0x6ffffffe, verneednum: 0x6fffffff,
} as const;
/** DF_BIND_NOW, DF_1_NOW, DF_1_PIE */
const BIND_NOW = 8;
const NOW_1 = 1;
const PIE_1 = 0x8000000;

/** Measures and makes all that needs no addresses. `libraries` are named whether anything is wanted of them or not. */
export function dynamicTables(interpreter: string, libraries: readonly string[], imports: readonly DynamicImport[]): DynamicTables {
  const versions = new Map<string, Map<string, number>>();
  for (const { library, version } of imports) {
    if (version === undefined) continue;
    const ofLibrary = versions.get(library) ?? new Map<string, number>();
    versions.set(library, ofLibrary);
    if (!ofLibrary.has(version)) ofLibrary.set(version, 0);
  }
  let index = 2; // 0 and 1 mean local and unversioned
  for (const ofLibrary of versions.values()) for (const version of ofLibrary.keys()) ofLibrary.set(version, index++);
  const texts = [...imports.map(({ name }) => name), ...libraries, ...[...versions.values()].flatMap((ofLibrary) => [...ofLibrary.keys()])];
  const strings = stringTable(texts);
  const offsetOf = (text: string): number => strings.offset[texts.indexOf(text)];

  const symbols = new DataView(new ArrayBuffer(24 * (imports.length + 1)));
  imports.forEach((_, i) => {
    symbols.setUint32(24 * (i + 1), strings.offset[i], true);
    symbols.setUint8(24 * (i + 1) + 4, 0x12); // global function, undefined
  });
  // One empty bucket, and a filter that lets nothing through.
  const hash = new DataView(new ArrayBuffer(28));
  [1, imports.length + 1, 1, 0].forEach((word, i) => hash.setUint32(4 * i, word, true));

  const isVersioned = versions.size > 0;
  const versym = new DataView(new ArrayBuffer(isVersioned ? 2 * (imports.length + 1) : 0));
  const needs = new DataView(new ArrayBuffer([...versions.values()].reduce((size, ofLibrary) => size + 16 + 16 * ofLibrary.size, 0)));
  if (isVersioned) imports.forEach(({ library, version }, i) => versym.setUint16(2 * (i + 1), version === undefined ? 1 : (versions.get(library)?.get(version) ?? 1), true));
  let at = 0;
  let left = versions.size;
  for (const [library, ofLibrary] of versions) {
    const size = 16 + 16 * ofLibrary.size;
    needs.setUint16(at, 1, true);
    needs.setUint16(at + 2, ofLibrary.size, true);
    needs.setUint32(at + 4, offsetOf(library), true);
    needs.setUint32(at + 8, 16, true);
    needs.setUint32(at + 12, --left === 0 ? 0 : size, true);
    let entry = at + 16;
    let entries = ofLibrary.size;
    for (const [version, number] of ofLibrary) {
      needs.setUint32(entry, elfHash(version), true);
      needs.setUint16(entry + 6, number, true);
      needs.setUint32(entry + 8, offsetOf(version), true);
      needs.setUint32(entry + 12, --entries === 0 ? 0 : 16, true);
      entry += 16;
    }
    at += size;
  }
  const bytes = (view: DataView): Uint8Array => new Uint8Array(view.buffer);
  return {
    interp: new TextEncoder().encode(`${interpreter}\0`), symbols: bytes(symbols), strings: strings.content, hash: bytes(hash), versions: bytes(versym), needs: bytes(needs),
    needCount: versions.size, libraries: libraries.map(offsetOf), importCount: imports.length,
  };
}

/** Entries of .dynamic. */
export function dynamicSize({ libraries, needCount }: DynamicTables): number {
  return 16 * (libraries.length + 13 + (needCount > 0 ? 3 : 0));
}

export interface DynamicAddresses {
  readonly symbols: number;
  readonly strings: number;
  readonly hash: number;
  readonly versions: number;
  readonly needs: number;
  readonly relocations: number;
}

/** `pointers`: relocations of the image's own addresses, which come first. */
export function dynamicSection(tables: DynamicTables, at: DynamicAddresses, pointers: number): Uint8Array {
  const entries: [number, number][] = tables.libraries.map((offset) => [Tag.needed, offset]);
  entries.push(
    [Tag.gnuHash, at.hash], [Tag.strtab, at.strings], [Tag.symtab, at.symbols], [Tag.strsz, tables.strings.length], [Tag.syment, 24],
    [Tag.rela, at.relocations], [Tag.relasz, RELOCATION_SIZE * (pointers + tables.importCount)], [Tag.relaent, RELOCATION_SIZE], [Tag.relacount, pointers],
  );
  if (tables.needCount > 0) entries.push([Tag.versym, at.versions], [Tag.verneed, at.needs], [Tag.verneednum, tables.needCount]);
  entries.push([Tag.flags, BIND_NOW], [Tag.flags1, NOW_1 | PIE_1], [Tag.debug, 0], [Tag.null, 0]);
  const view = new DataView(new ArrayBuffer(16 * entries.length));
  entries.forEach(([tag, value], i) => {
    view.setBigUint64(16 * i, BigInt(tag), true);
    view.setBigUint64(16 * i + 8, BigInt(value), true);
  });
  return new Uint8Array(view.buffer);
}

/** Bytes of an entry of .rela.dyn. */
export const RELOCATION_SIZE = 24;

/** Numbers of a machine's relocations: the image's own address plus the addend; the address of a symbol. */
export interface LoaderRelocations {
  readonly relative: number;
  readonly slot: number;
}

/**
 * .rela.dyn: to each of `pointers` the loader adds how far it moved the image, what was there being `addends`; to slot i it writes the address of import i.
 */
export function loaderRelocations(pointers: Float64Array, addends: Float64Array, slots: Float64Array, { relative, slot }: LoaderRelocations): Uint8Array {
  const view = new DataView(new ArrayBuffer(RELOCATION_SIZE * (pointers.length + slots.length)));
  let at = 0;
  const put = (address: number, type: number, symbol: number, addend: number): void => {
    view.setBigUint64(at, BigInt(address), true);
    view.setUint32(at + 8, type, true);
    view.setUint32(at + 12, symbol, true);
    view.setBigUint64(at + 16, BigInt(addend), true);
    at += RELOCATION_SIZE;
  };
  for (let i = 0; i < pointers.length; i++) put(pointers[i], relative, 0, addends[i]);
  for (let i = 0; i < slots.length; i++) put(slots[i], slot, i + 1, 0);
  return new Uint8Array(view.buffer);
}

/** The hash of the generic ABI, by which versions are compared. */
function elfHash(text: string): number {
  let hash = 0;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}
