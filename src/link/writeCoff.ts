/** An object to the bytes of a COFF .obj. References stay references: the linker at the other end settles even those within a section. */
import { Amd64Relocation, FUNCTION_TYPE, SectionFlag, StorageClass, SymbolSection } from "../../formats/pe/constants.ts";
import { writeCoffObject } from "../../formats/pe/writeObject.ts";
import type { CoffSection, CoffSymbol } from "../../formats/pe/writeObject.ts";
import { ABSOLUTE, Binding, SymbolType, UNDEFINED } from "./object.ts";
import type { ObjectFile, ObjectSection, SectionKind, SymbolId } from "./object.ts";
import { peMachine } from "./pe.ts";
import { RelocationKind, relocationKindNames } from "./relocationKind.ts";
import type { RelocationKindName } from "./relocationKind.ts";

const readable = SectionFlag.read | SectionFlag.initialized;
const flags: Readonly<Record<SectionKind, number>> = {
  text: SectionFlag.read | SectionFlag.execute | SectionFlag.code, rodata: readable, relro: readable, data: readable | SectionFlag.write,
  bss: SectionFlag.read | SectionFlag.write | SectionFlag.uninitialized, tls: readable | SectionFlag.write, tlsZero: readable | SectionFlag.write, info: readable | SectionFlag.discardable,
};

/** Types by kind, bytes of the field, and what COFF adds to the addend: a distance counts from behind the field there. */
const types: Partial<Record<RelocationKindName, readonly [type: number, width: 4 | 8, bias: number]>> = {
  abs64: [Amd64Relocation.addr64, 8, 0],
  abs32: [Amd64Relocation.addr32, 4, 0],
  abs32signed: [Amd64Relocation.addr32, 4, 0],
  pc32: [Amd64Relocation.rel32, 4, 4],
  call32: [Amd64Relocation.rel32, 4, 4],
  imageOffset32: [Amd64Relocation.addr32nb, 4, 0],
};

/** The bytes of the .obj, x86_64. */
export function writeCoff(object: ObjectFile): Uint8Array<ArrayBuffer> {
  if (object.machine !== "x86_64") throw new Error(`link/writeCoff: machine ${object.machine}`);
  const { symbols } = object;
  const sections = object.sections.map((s) => convert(object, s));
  const used = new Uint8Array(symbols.count);
  for (const { relocations } of sections) for (const { symbol } of relocations) used[symbol] = 1;
  const place = new Int32Array(symbols.count).fill(-1);
  const written: CoffSymbol[] = [];
  for (let i = 0; i < symbols.count; i++) {
    const s = i as SymbolId;
    const where = symbols.section(s);
    if (used[i] === 0 && (where === UNDEFINED || symbols.binding(s) === Binding.local)) continue;
    place[i] = written.length;
    const local = symbols.binding(s) === Binding.local && where !== UNDEFINED;
    written.push({
      name: symbols.name(s) === "" ? ".L" : symbols.name(s), value: where === UNDEFINED ? 0 : symbols.offset(s),
      section: where >= 0 ? where + 1 : where === ABSOLUTE ? SymbolSection.absolute : SymbolSection.undefined,
      type: symbols.type(s) === SymbolType.function ? FUNCTION_TYPE : 0, storageClass: local ? StorageClass.static : StorageClass.external,
    });
  }
  return writeCoffObject(peMachine[object.machine], sections.map((s) => ({ ...s, relocations: s.relocations.map((r) => ({ ...r, symbol: place[r.symbol] })) })), written);
}

function convert(object: ObjectFile, section: ObjectSection): CoffSection {
  const content = section.content().slice();
  const view = new DataView(content.buffer);
  const { count, offset, kind, symbol, addend } = section.relocations;
  const relocations: { offset: number; symbol: number; type: number }[] = [];
  for (let i = 0; i < count; i++) {
    if (kind[i] === RelocationKind.none) continue;
    const row = types[relocationKindNames[kind[i]]];
    if (row === undefined) throw new Error(`link/writeCoff: a relocation of kind ${relocationKindNames[kind[i]]}`);
    const [type, width, bias] = row;
    const value = addend[i] + bias;
    view.setInt32(offset[i], value, true);
    if (width === 8) view.setInt32(offset[i] + 4, value >> 31, true);
    const target = object.symbols.section(symbol[i] as SymbolId);
    // within debug information an offset counts from its section
    const inInfo = type === Amd64Relocation.addr32 && target >= 0 && object.sections[target].kind === "info";
    relocations.push({ offset: offset[i], symbol: symbol[i], type: inInfo ? Amd64Relocation.secrel : type });
  }
  return {
    name: section.name.replace(/^\.rodata.*/, ".rdata"), flags: flags[section.kind], alignment: section.alignment, size: section.size, content, relocations,
  };
}
