/** .symtab and .strtab from columns: ELF wants local symbols first, so the order may change. */
import { SectionIndex, SymbolBinding } from "./constants.ts";
import { SYMBOL_ABSOLUTE, SYMBOL_COMMON, SYMBOL_UNDEFINED } from "./file.ts";
import type { ElfSymbols } from "./file.ts";
import { SYMBOL_SIZE } from "./layouts.ts";
import { stringTable } from "./stringTable.ts";
import type { StringTable } from "./stringTable.ts";

export interface SymbolTablePlan {
  readonly symbols: ElfSymbols;
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
  let next = 1;
  for (let i = 0; i < count; i++) {
    if (info[i] >> 4 === SymbolBinding.local) fileIndex[i] = next++;
  }
  const firstGlobal = next;
  for (let i = 0; i < count; i++) {
    if (fileIndex[i] === 0) fileIndex[i] = next++;
  }
  return { symbols, fileIndex, firstGlobal, size: next * SYMBOL_SIZE, strings: stringTable(names) };
}

/** Writes .symtab at `at` of a zeroed file; section n of the columns is section header n + `firstSection`. */
export function writeSymbolTable(plan: SymbolTablePlan, file: Uint8Array, at: number, firstSection: number): void {
  const { symbols, fileIndex } = plan;
  const { offset: nameOffset } = plan.strings;
  const { count, info, other, section, value, size } = symbols;
  // words of 32 bits in a table of its own: a symbol is six of them, of which the second is st_info, st_other and st_shndx
  const words = new Uint32Array(plan.size / 4);
  for (let i = 0; i < count; i++) {
    const p = fileIndex[i] * (SYMBOL_SIZE / 4);
    words[p] = nameOffset[i];
    const where = section[i];
    const index = where >= 0 ? where + firstSection : sectionIndex(where);
    words[p + 1] = info[i] | (other[i] << 8) | (index << 16);
    const v = value[i];
    words[p + 2] = v;
    if (v > 0xffff_ffff) words[p + 3] = Math.floor(v / 0x1_0000_0000);
    const s = size[i];
    words[p + 4] = s;
    if (s > 0xffff_ffff) words[p + 5] = Math.floor(s / 0x1_0000_0000);
  }
  file.set(new Uint8Array(words.buffer), at);
}

function sectionIndex(section: number): number {
  switch (section) {
    case SYMBOL_UNDEFINED: return SectionIndex.undefined;
    case SYMBOL_ABSOLUTE: return SectionIndex.absolute;
    case SYMBOL_COMMON: return SectionIndex.common;
    default: throw new Error(`formats/elf/symbolTable.sectionIndex: section ${section}`);
  }
}
