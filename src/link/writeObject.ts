/**
 * An object to the bytes of an ELF .o. What an assembler would settle is settled here too: distances within a section to local symbols are filled
 * in, other references to local symbols become section plus offset, and nobody's symbols are left out. So the file is small, and equals
 * what `as` makes of our assembly text.
 */
import { SectionFlag, SectionType } from "../../formats/elf/constants.ts";
import type { ElfRelocations, ElfSection, ElfSymbols } from "../../formats/elf/file.ts";
import { ARM64_JUMP26, arm64, arm64LoadStore, x86_64 } from "../../formats/elf/relocations.ts";
import { writeRelocatable } from "../../formats/elf/writeRelocatable.ts";
import { foldLocal } from "./fold.ts";
import { elfInfo, elfMachine, elfOther, elfSectionFlags, elfSectionType, elfSpecialSection } from "./elf.ts";
import { Binding, SymbolType, UNDEFINED, Visibility } from "./object.ts";
import type { Machine, ObjectFile, ObjectSection, SymbolId } from "./object.ts";
import { accessLog } from "./patch_arm64.ts";
import { PRIVATE_PREFIX } from "./privateNames.ts";
import { relocatableSection } from "./relocatableSection.ts";
import { RelocationKind, relocationKindNames } from "./relocationKind.ts";
import { plainField } from "./relocate.ts";

/** No kind has this number. */
const NONE = 0xffff;
const numbersOf = (numbers: Readonly<Record<string, number>>): Uint16Array => Uint16Array.from(relocationKindNames, (name) => numbers[name] ?? NONE);
/** By kind: the machine's number. */
const elfRelocationType: Readonly<Record<Machine, Uint16Array>> = { x86_64: numbersOf(x86_64), arm64: numbersOf(arm64) };

/** The number of a relocation of `kind` at `at`. */
function typeOf(machine: Machine, kind: number, content: Uint8Array, at: number): number {
  if (kind === RelocationKind.arm64Load12) return arm64LoadStore[accessLog(wordAt(content, at))];
  // b, not bl
  if (kind === RelocationKind.arm64Call26 && wordAt(content, at) >>> 31 === 0) return ARM64_JUMP26;
  const type = elfRelocationType[machine][kind];
  if (type === NONE) throw new Error(`link/writeObject.typeOf: ${relocationKindNames[kind]} on ${machine}`);
  return type;
}

function wordAt(content: Uint8Array, at: number): number {
  return new DataView(content.buffer, content.byteOffset + at).getUint32(0, true);
}

/** Kinds that fill a field of an arm64 instruction. In a merged section they name their symbol if they have an addend: as assemblers have it. */
function arm64Field(kind: number): boolean {
  return kind === RelocationKind.arm64Page21 || kind === RelocationKind.arm64Add12 || kind === RelocationKind.arm64Load12;
}

/** What one section refers to by relocations, after settling. */
interface Settled {
  readonly content: Uint8Array;
  /** Symbols as object symbol ids; a section's own symbol is `symbols.count + section`. */
  readonly relocations: ElfRelocations;
}

/** The bytes of the .o. `importName`: what a library calls an undefined symbol. */
export function writeObject(object: ObjectFile, importName: (symbol: string) => string = (symbol) => symbol): Uint8Array<ArrayBuffer> {
  const settled = object.sections.map((section) => settle(object, section));
  const { symbols, fileSymbol } = collectSymbols(object, settled, importName);
  const sections: ElfSection[] = object.sections.map((s, i) => {
    const { content, relocations } = settled[i];
    for (let r = 0; r < relocations.count; r++) relocations.symbol[r] = fileSymbol[relocations.symbol[r]];
    const { name, kind } = relocatableSection(s);
    return {
      name, type: elfSectionType[kind], flags: elfSectionFlags[kind] | mergeFlags(s), address: 0, alignment: s.alignment,
      entrySize: s.merge === "none" ? 0 : s.entrySize, size: s.size, content, relocations,
    };
  });
  sections.push({
    name: ".note.GNU-stack", type: SectionType.progbits, flags: 0, address: 0, alignment: 1, entrySize: 0, size: 0, content: new Uint8Array(0), relocations: undefined,
  });
  return writeRelocatable({ machine: elfMachine[object.machine], sections, symbols });
}

function mergeFlags(section: ObjectSection): number {
  const retain = section.retain ? SectionFlag.gnuRetain : 0;
  switch (section.merge) {
    case "none": return retain;
    case "constants": return retain | SectionFlag.merge;
    case "strings": return retain | SectionFlag.merge | SectionFlag.strings;
  }
}

function settle(object: ObjectFile, section: ObjectSection): Settled {
  const { symbols, sections } = object;
  const { content, relocations } = foldLocal(object, section);
  const { count, offset, kind, symbol, addend } = relocations;
  const columns = { offset: offset.slice(0, count), type: new Uint16Array(count), symbol: new Int32Array(count), addend: addend.slice(0, count) };
  for (let i = 0; i < count; i++) {
    const s = symbol[i] as SymbolId;
    const where = symbols.section(s);
    columns.type[i] = typeOf(object.machine, kind[i], content, offset[i]);
    columns.symbol[i] = s;
    if (where < 0 || symbols.binding(s) !== Binding.local || symbols.type(s) === SymbolType.threadLocal) continue;
    const field = arm64Field(kind[i]) ? (addend[i] === 0 ? "absolute" : "relative") : plainField(kind[i]);
    // in a merged section the addend must not count from the section: the distance to the next instruction is in it
    if (field === undefined || (field === "relative" && sections[where].merge !== "none")) continue;
    columns.symbol[i] = symbols.count + where;
    columns.addend[i] += symbols.offset(s);
  }
  return { content, relocations: { count, ...columns } };
}

/** The symbols that the file needs, section symbols first, and where each went by the numbers of `Settled`. */
function collectSymbols(object: ObjectFile, settled: readonly Settled[], importName: (symbol: string) => string): { symbols: ElfSymbols; fileSymbol: Int32Array } {
  const { symbols } = object;
  const total = symbols.count + object.sections.length;
  const used = new Uint8Array(total);
  for (const { relocations } of settled) {
    for (let i = 0; i < relocations.count; i++) used[relocations.symbol[i]] = 1;
  }
  const fileSymbol = new Int32Array(total).fill(-1);
  const columns = {
    info: new Uint8Array(total), other: new Uint8Array(total), section: new Int32Array(total), value: new Float64Array(total), size: new Float64Array(total),
  };
  const names: string[] = [];
  const add = (id: number, name: string, info: number, other: number, section: number, value: number, size: number): void => {
    const at = names.length;
    fileSymbol[id] = at;
    names.push(name);
    columns.info[at] = info;
    columns.other[at] = other;
    columns.section[at] = section;
    columns.value[at] = value;
    columns.size[at] = size;
  };
  object.sections.forEach((_, i) => {
    const id = symbols.count + i;
    if (used[id] === 1) add(id, "", elfInfo(Binding.local, SymbolType.section), elfOther(Visibility.default), i, 0, 0);
  });
  for (let i = 0; i < symbols.count; i++) {
    const s = i as SymbolId;
    const section = symbols.section(s);
    const name = symbols.name(s);
    if (used[i] === 0 && (section === UNDEFINED || name === "" || name.startsWith(PRIVATE_PREFIX) || symbols.type(s) === SymbolType.section)) continue;
    // an undefined symbol is global or weak in ELF, whatever its maker thought
    const binding = section === UNDEFINED && symbols.binding(s) === Binding.local ? Binding.global : symbols.binding(s);
    const where = section < 0 ? elfSpecialSection(section) : section;
    add(i, section === UNDEFINED ? importName(name) : name, elfInfo(binding, symbols.type(s)), elfOther(symbols.visibility(s)), where, symbols.offset(s), symbols.size(s));
  }
  return { symbols: { count: names.length, names, ...columns }, fileSymbol };
}
