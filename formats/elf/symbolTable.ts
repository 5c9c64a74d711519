/** .symtab and .strtab from columns: ELF wants local symbols first, so the order may change. */
import { SectionIndex, SymbolBinding } from "./constants.ts";
import { SYMBOL_ABSOLUTE, SYMBOL_COMMON, SYMBOL_UNDEFINED } from "./file.ts";
import type { ElfSymbols } from "./file.ts";
import { SYMBOL_SIZE } from "./layouts.ts";
import { StringTable } from "./stringTable.ts";

export interface SymbolTablePlan {
  readonly symbols: ElfSymbols;
  /** st_name of each symbol of `symbols`. */
  readonly nameOffset: Uint32Array;
  /** The index in the file of each symbol of `symbols`; the null symbol is 0. */
  readonly fileIndex: Uint32Array;
  /** sh_info of .symtab: one past the last local symbol. */
  readonly firstGlobal: number;
  /** Bytes of .symtab. */
  readonly size: number;
  readonly strings: StringTable;
}

/** Orders the symbols and collects their names; nothing is written yet. */
export function planSymbolTable(symbols: ElfSymbols): SymbolTablePlan {
  const { count, info, names } = symbols;
  const fileIndex = new Uint32Array(count);
  const nameOffset = new Uint32Array(count);
  const strings = new StringTable(count * 24);
  let next = 1;
  for (let i = 0; i < count; i++) {
    if (info[i] >> 4 === SymbolBinding.local) fileIndex[i] = next++;
  }
  const firstGlobal = next;
  for (let i = 0; i < count; i++) {
    if (fileIndex[i] === 0) fileIndex[i] = next++;
    nameOffset[i] = strings.add(names[i]);
  }
  return { symbols, nameOffset, fileIndex, firstGlobal, size: next * SYMBOL_SIZE, strings };
}

/** Writes .symtab at `at` of a zeroed file; section n of the columns is section header n + `firstSection`. */
export function writeSymbolTable(plan: SymbolTablePlan, file: Uint8Array, at: number, firstSection: number): void {
  const { symbols, nameOffset, fileIndex } = plan;
  const { count, info, other, section, value, size } = symbols;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let i = 0; i < count; i++) {
    const p = at + fileIndex[i] * SYMBOL_SIZE;
    view.setUint32(p, nameOffset[i], true);
    file[p + 4] = info[i];
    file[p + 5] = other[i];
    view.setUint16(p + 6, sectionIndex(section[i], firstSection), true);
    const v = value[i];
    view.setUint32(p + 8, v >>> 0, true);
    view.setUint32(p + 12, Math.floor(v / 0x1_0000_0000) >>> 0, true);
    const s = size[i];
    view.setUint32(p + 16, s >>> 0, true);
    if (s > 0xffff_ffff) view.setUint32(p + 20, Math.floor(s / 0x1_0000_0000), true);
  }
}

function sectionIndex(section: number, firstSection: number): number {
  switch (section) {
    case SYMBOL_UNDEFINED: return SectionIndex.undefined;
    case SYMBOL_ABSOLUTE: return SectionIndex.absolute;
    case SYMBOL_COMMON: return SectionIndex.common;
    default: return section + firstSection;
  }
}
