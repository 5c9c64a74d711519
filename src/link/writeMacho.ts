/**
 * An object to the bytes of a Mach-O .o. References stay references, to symbols: local ones are in the table too. A distance in data is the difference of two
 * symbols there, the second one at the start of the section.
 */
import { Arm64Relocation, SectionAttribute, SectionType, SymbolType as MachSymbolType, X86Relocation } from "../../formats/macho/constants.ts";
import { writeMachObject } from "../../formats/macho/writeObject.ts";
import type { MachObjectSection, MachRelocation } from "../../formats/macho/writeObject.ts";
import { foldLocal } from "./fold.ts";
import { cpus, kitVersion, minimumVersion, sectionName } from "./macho.ts";
import { ABSOLUTE, Binding, UNDEFINED } from "./object.ts";
import type { Machine, ObjectFile, ObjectSection, SectionKind, SymbolId } from "./object.ts";
import { relocatableSection } from "./relocatableSection.ts";
import { RelocationKind, relocationKindNames } from "./relocationKind.ts";
import type { RelocationKindName } from "./relocationKind.ts";

/** Types by kind, and whether the value counts from the field. */
type Row = readonly [type: number, pcRelative: boolean];
interface Kinds {
  readonly rows: Partial<Record<RelocationKindName, Row>>;
  readonly unsigned: number;
  readonly subtractor: number;
  /** Whether the addend stands in the field, and counts from behind it, or in a relocation of its own before the instruction's. */
  readonly addendInField: boolean;
}
const kinds: Readonly<Record<Machine, Kinds>> = {
  x86_64: {
    rows: { pc32: [X86Relocation.signed, true], call32: [X86Relocation.branch, true] }, unsigned: X86Relocation.unsigned, subtractor: X86Relocation.subtractor, addendInField: true,
  },
  arm64: {
    rows: {
      arm64Call26: [Arm64Relocation.branch26, true], arm64Page21: [Arm64Relocation.page21, true],
      arm64Add12: [Arm64Relocation.pageoff12, false], arm64Load12: [Arm64Relocation.pageoff12, false],
    },
    unsigned: Arm64Relocation.unsigned, subtractor: Arm64Relocation.subtractor, addendInField: false,
  },
};

const segments: Readonly<Record<SectionKind, string>> = { text: "__TEXT", rodata: "__TEXT", relro: "__DATA", data: "__DATA", bss: "__DATA", tls: "__DATA", tlsZero: "__DATA", info: "__DWARF" };

function flagsOf(kind: SectionKind): number {
  if (kind === "text") return (SectionAttribute.pureInstructions | SectionAttribute.someInstructions) >>> 0;
  return kind === "bss" ? SectionType.zeroFill : kind === "info" ? SectionAttribute.debug : SectionType.regular;
}

/** The bytes of the .o. `importName`: what a library calls an undefined symbol, if one has it. */
export function writeMacho(object: ObjectFile, importName: (symbol: string) => string | undefined): Uint8Array<ArrayBuffer> {
  const { symbols } = object;
  /** A symbol at the start of each section, for those that distances count from: its number is symbols.count + section. */
  const total = symbols.count + object.sections.length;
  const used = new Uint8Array(total);
  const sections = object.sections.map((section) => convert(object, section, used));
  const order: number[] = [];
  const place = new Int32Array(total).fill(-1);
  const add = (id: number): void => {
    place[id] = order.length;
    order.push(id);
  };
  const isSection = (id: number): boolean => id >= symbols.count;
  const where = (id: number): number => (isSection(id) ? id - symbols.count : symbols.section(id as SymbolId));
  const isLocal = (id: number): boolean => isSection(id) || (where(id) !== UNDEFINED && symbols.binding(id as SymbolId) === Binding.local);
  for (let i = 0; i < total; i++) if (isLocal(i) && (used[i] === 1 || (!isSection(i) && symbols.name(i as SymbolId) !== "" && !symbols.name(i as SymbolId).startsWith(".")))) add(i);
  const localCount = order.length;
  for (let i = 0; i < symbols.count; i++) if (!isLocal(i) && where(i) !== UNDEFINED) add(i);
  const definedCount = order.length - localCount;
  for (let i = 0; i < symbols.count; i++) if (!isLocal(i) && where(i) === UNDEFINED && used[i] === 1) add(i);
  const name = (id: number, index: number): string => {
    const own = isSection(id) ? "" : symbols.name(id as SymbolId);
    if (where(id) === UNDEFINED) return importName(own) ?? `_${own}`;
    // what begins with a small l is the linker's own and not kept
    return own === "" || own.startsWith(".") ? `l_${index}` : `_${own}`;
  };
  return writeMachObject({
    cpu: cpus[object.machine], minimumVersion, kitVersion,
    sections: sections.map((s) => ({ ...s, relocations: s.relocations.map((r) => (r.external ? { ...r, symbol: place[r.symbol] } : r)) })),
    symbols: {
      count: order.length, names: order.map(name), localCount, definedCount,
      type: Uint8Array.from(order, (id, i) => (where(id) === UNDEFINED ? MachSymbolType.undefined : where(id) === ABSOLUTE ? MachSymbolType.absolute : MachSymbolType.section) | (i >= localCount ? MachSymbolType.external : 0)),
      section: Uint8Array.from(order, (id) => Math.max(0, where(id) + 1)),
      description: new Uint16Array(order.length),
      value: Float64Array.from(order, (id) => (isSection(id) || where(id) === UNDEFINED ? 0 : symbols.offset(id as SymbolId))),
    },
  });
}

/** One section. Notes in `used` which symbols its relocations name. */
function convert(object: ObjectFile, section: ObjectSection, used: Uint8Array): MachObjectSection {
  const { symbols, machine } = object;
  const { rows, unsigned, subtractor, addendInField } = kinds[machine];
  const { name, kind: sectionKind } = relocatableSection(section);
  const folded = foldLocal(object, section);
  const content = folded.content.slice();
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const { count, offset, kind, symbol, addend } = folded.relocations;
  const relocations: MachRelocation[] = [];
  const add = (at: number, to: number, type: number, pcRelative: boolean, length: number): void => {
    used[to] = 1;
    relocations.push({ offset: at, symbol: to, external: true, pcRelative, length, type });
  };
  // from the last field to the first, as Apple's assembler has them
  for (let i = count - 1; i >= 0; i--) {
    const k = kind[i];
    if (k === RelocationKind.none) continue;
    const at = offset[i];
    const target = symbols.section(symbol[i] as SymbolId);
    if (k === RelocationKind.abs32 && target >= 0 && object.sections[target].kind === "info") {
      // an offset within debug information is a plain number
      view.setUint32(at, symbols.offset(symbol[i] as SymbolId) + addend[i], true);
      continue;
    }
    if (k === RelocationKind.abs64) {
      view.setInt32(at, addend[i], true);
      view.setInt32(at + 4, addend[i] < 0 ? -1 : 0, true);
      if (section.kind === "info" && target >= 0) {
        // Who reads debug information in the object (lldb by the linker's map of it) applies no relocation: the address stands there.
        const address = symbols.offset(symbol[i] as SymbolId) + addend[i];
        view.setBigUint64(at, BigInt(address), true);
        relocations.push({ offset: at, symbol: target + 1, addressed: true, external: false, pcRelative: false, length: 3, type: unsigned });
        continue;
      }
      add(at, symbol[i], unsigned, false, 3);
      continue;
    }
    const row = rows[relocationKindNames[k]];
    if (k === RelocationKind.pc32 && (section.kind !== "text" || row === undefined)) {
      view.setInt32(at, addend[i] - at, true);
      add(at, symbols.count + section.id, subtractor, false, 2);
      add(at, symbol[i], unsigned, false, 2);
      continue;
    }
    if (row === undefined) throw new Error(`link/writeMacho.convert: a relocation of kind ${relocationKindNames[k]}`);
    if (addendInField) view.setInt32(at, addend[i] + 4, true);
    else if (addend[i] !== 0) {
      if (addend[i] < -0x80_0000 || addend[i] >= 0x80_0000) throw new Error(`link/writeMacho.convert: an addend of ${addend[i]}`);
      relocations.push({ offset: at, symbol: addend[i], external: false, pcRelative: false, length: 2, type: Arm64Relocation.addend });
    }
    add(at, symbol[i], row[0], row[1], 2);
  }
  return {
    segment: segments[sectionKind], name: sectionName(name), flags: flagsOf(sectionKind), alignment: section.alignment, size: section.size, content, relocations,
  };
}
