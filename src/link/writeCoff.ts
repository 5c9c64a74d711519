/** An object to the bytes of a COFF .obj. References stay references: the linker at the other end settles even those within a section. */
import { Amd64Relocation, Arm64Relocation, FUNCTION_TYPE, SectionFlag, StorageClass, SymbolSection } from "../../formats/pe/constants.ts";
import { writeCoffObject } from "../../formats/pe/writeObject.ts";
import type { CoffSection, CoffSymbol } from "../../formats/pe/writeObject.ts";
import { ABSOLUTE, Binding, SymbolType, UNDEFINED } from "./object.ts";
import type { Machine, ObjectFile, ObjectSection, SectionKind, SymbolId } from "./object.ts";
import { patchArm64 } from "./patch_arm64.ts";
import { peMachine } from "./peMachine.ts";
import { RelocationKind, relocationKindNames } from "./relocationKind.ts";
import type { RelocationKindName } from "./relocationKind.ts";

const readable = SectionFlag.read | SectionFlag.initialized;
const flags: Readonly<Record<SectionKind, number>> = {
  text: SectionFlag.read | SectionFlag.execute | SectionFlag.code, rodata: readable, relro: readable, data: readable | SectionFlag.write,
  bss: SectionFlag.read | SectionFlag.write | SectionFlag.uninitialized, tls: readable | SectionFlag.write, tlsZero: readable | SectionFlag.write, info: readable | SectionFlag.discardable,
};

type Types = Partial<Record<RelocationKindName, readonly [type: number, width: 4 | 8 | "instruction", bias: number]>>;

/** Types by kind, bytes of the field, and what COFF adds to the addend: a distance counts from behind the field there. */
const amd64: Types = {
  abs64: [Amd64Relocation.addr64, 8, 0],
  abs32: [Amd64Relocation.addr32, 4, 0],
  abs32signed: [Amd64Relocation.addr32, 4, 0],
  pc32: [Amd64Relocation.rel32, 4, 4],
  call32: [Amd64Relocation.rel32, 4, 4],
  imageOffset32: [Amd64Relocation.addr32nb, 4, 0],
};

const arm64: Types = {
  abs64: [Arm64Relocation.addr64, 8, 0],
  abs32: [Arm64Relocation.addr32, 4, 0],
  pc32: [Arm64Relocation.rel32, 4, 4],
  imageOffset32: [Arm64Relocation.addr32nb, 4, 0],
  arm64Call26: [Arm64Relocation.branch26, "instruction", 0],
  arm64Page21: [Arm64Relocation.pagebaseRel21, "instruction", 0],
  arm64Add12: [Arm64Relocation.pageoffset12a, "instruction", 0],
  arm64Load12: [Arm64Relocation.pageoffset12l, "instruction", 0],
};

interface Kinds {
  readonly types: Types;
  /** Of an offset within its section. */
  readonly sectionOffset: number;
  /** Of a 32-bit address. */
  readonly addr32: number;
}
const kinds: Readonly<Record<Machine, Kinds>> = {
  x86_64: { types: amd64, sectionOffset: Amd64Relocation.secrel, addr32: Amd64Relocation.addr32 },
  arm64: { types: arm64, sectionOffset: Arm64Relocation.secrel, addr32: Arm64Relocation.addr32 },
};

/** The bytes of the .obj. `importName`: what a library calls an undefined symbol. */
export function writeCoff(object: ObjectFile, importName: (symbol: string) => string = (symbol) => symbol): Uint8Array<ArrayBuffer> {
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
      name: symbols.name(s) === "" ? ".L" : where === UNDEFINED ? importName(symbols.name(s)) : symbols.name(s), value: where === UNDEFINED ? 0 : symbols.offset(s),
      section: where >= 0 ? where + 1 : where === ABSOLUTE ? SymbolSection.absolute : SymbolSection.undefined,
      type: symbols.type(s) === SymbolType.function ? FUNCTION_TYPE : 0, storageClass: local ? StorageClass.static : StorageClass.external,
    });
  }
  return writeCoffObject(peMachine[object.machine], sections.map((s) => ({ ...s, relocations: s.relocations.map((r) => ({ ...r, symbol: place[r.symbol] })) })), written);
}

function convert(object: ObjectFile, section: ObjectSection): CoffSection {
  const { types, sectionOffset, addr32 } = kinds[object.machine];
  const content = section.content().slice();
  const view = new DataView(content.buffer);
  const { count, offset, kind, symbol, addend } = section.relocations;
  const relocations: { offset: number; symbol: number; type: number }[] = [];
  for (let i = 0; i < count; i++) {
    if (kind[i] === RelocationKind.none) continue;
    const row = types[relocationKindNames[kind[i]]];
    if (row === undefined) throw new Error(`link/writeCoff.convert: a relocation of kind ${relocationKindNames[kind[i]]}`);
    const [type, width, bias] = row;
    const value = addend[i] + bias;
    if (width === "instruction") {
      if (value < -0x10_0000 || value >= 0x10_0000) throw new Error(`link/writeCoff.convert: an addend of ${value} in an instruction`);
      // the field of adrp holds the addend in bytes, as those of the others do
      patchArm64(content, offset[i], kind[i], kind[i] === RelocationKind.arm64Page21 ? value * 4096 : value, 0);
    } else view.setInt32(offset[i], value, true);
    if (width === 8) view.setInt32(offset[i] + 4, value >> 31, true);
    const target = object.symbols.section(symbol[i] as SymbolId);
    // within debug information an offset counts from its section
    const inInfo = type === addr32 && target >= 0 && object.sections[target].kind === "info";
    relocations.push({ offset: offset[i], symbol: symbol[i], type: inInfo ? sectionOffset : type });
  }
  return {
    name: section.name.replace(/^\.rodata.*/, ".rdata"), flags: flags[section.kind], alignment: section.alignment, size: section.size, content, relocations,
  };
}
