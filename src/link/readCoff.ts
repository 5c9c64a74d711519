/** COFF .obj files from outside (clang, Microsoft's compiler) as objects. */
import { Amd64Relocation, Arm64Relocation, SectionFlag, StorageClass, SymbolSection } from "../../formats/pe/constants.ts";
import { RUNTIME_FUNCTION_SIZE } from "../../formats/pe/layouts.ts";
import { Selection, readCoffObject, type CoffObject, type CoffObjectSection } from "../../formats/pe/readObject.ts";
import type { LinkError } from "./linkError.ts";
import { ABSOLUTE, Binding, COMMON, ObjectBuilder, SymbolType, UNDEFINED } from "./object.ts";
import type { Machine, ObjectFile, SectionId, SectionKind, SymbolId } from "./object.ts";
import { accessLog } from "./patch_arm64.ts";
import { peMachine } from "./peMachine.ts";
import { RelocationKind } from "./relocationKind.ts";

export type ReadCoffResult = { readonly ok: true; readonly object: ObjectFile } | { readonly ok: false; readonly error: LinkError };

/** How a field holds its addend: its own bytes, or bits of an instruction. */
type Addend = 4 | 8 | "branch26" | "branch19" | "page" | "add" | "load";
/** The neutral kind, where the addend is, and what the field counts beyond it: from behind itself. */
type Row = readonly [kind: RelocationKind, addend: Addend, bias: number];

const amd64: Readonly<Record<number, Row>> = {
  [Amd64Relocation.addr64]: [RelocationKind.abs64, 8, 0],
  [Amd64Relocation.addr32]: [RelocationKind.abs32, 4, 0],
  [Amd64Relocation.addr32nb]: [RelocationKind.imageOffset32, 4, 0],
  // rel32, and those with one to five bytes of the instruction behind the field
  ...Object.fromEntries(Array.from({ length: 6 }, (_, behind): [number, Row] => [Amd64Relocation.rel32 + behind, [RelocationKind.pc32, 4, -4 - behind]])),
};

const arm64: Readonly<Record<number, Row>> = {
  [Arm64Relocation.addr64]: [RelocationKind.abs64, 8, 0],
  [Arm64Relocation.addr32]: [RelocationKind.abs32, 4, 0],
  [Arm64Relocation.addr32nb]: [RelocationKind.imageOffset32, 4, 0],
  [Arm64Relocation.rel32]: [RelocationKind.pc32, 4, -4],
  [Arm64Relocation.branch26]: [RelocationKind.arm64Call26, "branch26", 0],
  [Arm64Relocation.branch19]: [RelocationKind.arm64Literal19, "branch19", 0],
  [Arm64Relocation.pagebaseRel21]: [RelocationKind.arm64Page21, "page", 0],
  [Arm64Relocation.pageoffset12a]: [RelocationKind.arm64Add12, "add", 0],
  [Arm64Relocation.pageoffset12l]: [RelocationKind.arm64Load12, "load", 0],
};

interface MachineRows {
  readonly rows: Readonly<Record<number, Row>>;
  /** Of an offset within its section: debug information has those. */
  readonly sectionOffset: number;
  /** Bytes of a record of .pdata. */
  readonly record: number;
}
const byMachine: Readonly<Record<Machine, MachineRows>> = {
  x86_64: { rows: amd64, sectionOffset: Amd64Relocation.secrel, record: RUNTIME_FUNCTION_SIZE.amd64 },
  arm64: { rows: arm64, sectionOffset: Arm64Relocation.secrel, record: RUNTIME_FUNCTION_SIZE.arm64 },
};

/** Reads a .obj; `name` is what messages call it. Section contents are views of `bytes`, which must not change. */
export function readCoff(name: string, bytes: Uint8Array<ArrayBuffer>, machine: Machine): ReadCoffResult {
  const read = readCoffObject(bytes);
  if (!read.ok) return damaged(name, `${read.error.field} at 0x${read.error.offset.toString(16)}: ${read.error.problem}`);
  const { file } = read;
  if (file.machine !== peMachine[machine]) return damaged(name, `is for machine 0x${file.machine.toString(16)}, not 0x${peMachine[machine].toString(16)} (${machine})`);
  const object = new ObjectBuilder(name, machine);
  const ids = new Int32Array(file.sections.length).fill(UNDEFINED);
  const problem = addSections(object, file, ids, bytes) ?? addSymbols(object, file, ids) ?? addGroups(object, file, ids);
  if (problem !== undefined) return damaged(name, problem);
  for (const [i, section] of file.sections.entries()) {
    const trouble = ids[i] < 0 ? undefined : addRelocations(object, file, section, ids[i] as SectionId);
    if (trouble !== undefined) return damaged(name, `section ${section.name}: ${trouble}`);
  }
  return { ok: true, object: object.finish() };
}

function damaged(name: string, problem: string): { ok: false; error: LinkError } {
  return { ok: false, error: { code: "E0809", symbol: "", message: `${name}: ${problem}`, places: [], advice: [] } };
}

function addSections(object: ObjectBuilder, file: CoffObject, ids: Int32Array, bytes: Uint8Array<ArrayBuffer>): string | undefined {
  for (const [i, s] of file.sections.entries()) {
    // What follows a $ orders sections of one name; nobody asks for that here.
    const name = s.name.replace(/\$.*/s, "");
    // What says something to linkers only, and Microsoft's debug information, which is for another file.
    if ((s.flags & (SectionFlag.linkInfo | SectionFlag.linkRemove)) !== 0 || /^\.debug\$/.test(s.name)) continue;
    if (name === ".CRT") return `section ${s.name} has what a C runtime calls before main, and there is none here`;
    if (name === ".tls") return "it has thread-local variables, which no image of ours has";
    const kind = sectionKind(s);
    if (kind === undefined) return `section ${s.name} is both writable and executable`;
    const record = name === ".pdata" ? byMachine[object.machine].record : 0;
    // Unwind information that names a handler keeps it.
    const describes = record > 0 || (name === ".xdata" && s.relocations.count === 0);
    const id = object.section(kind, name === ".rdata" ? ".rodata" : name, s.alignment, { retain: name === ".xdata" && !describes, recordSize: record, purpose: name === ".pdata" || name === ".xdata" ? "unwind" : "program", ...(describes ? { references: "describe" } : {}) });
    ids[i] = id;
    if (kind === "bss") object.reserve(id, s.size);
    else object.adopt(id, new Uint8Array(bytes.buffer, s.content.byteOffset, s.content.length));
  }
  return undefined;
}

function sectionKind({ name, flags }: CoffObjectSection): SectionKind | undefined {
  if (name.startsWith(".debug")) return "info";
  const writable = (flags & SectionFlag.write) !== 0;
  if ((flags & (SectionFlag.code | SectionFlag.execute)) !== 0) return writable ? undefined : "text";
  return (flags & SectionFlag.uninitialized) !== 0 ? "bss" : writable ? "data" : "rodata";
}

/** What is common has no alignment of its own: as large as it is, up to this. */
const largestCommon = 32;

/** Symbol i of the file becomes symbol i of the object, and a record beside one a local that nobody names. */
function addSymbols(object: ObjectBuilder, file: CoffObject, ids: Int32Array): string | undefined {
  const { count, names, value, section, type, storageClass } = file.symbols;
  for (let i = 0; i < count; i++) {
    const isOwn = storageClass[i] === StorageClass.static && section[i] > 0 && value[i] === 0 && names[i] === file.sections[section[i] - 1].name;
    const binding = storageClass[i] === StorageClass.external ? Binding.global : storageClass[i] === StorageClass.weakExternal ? Binding.weak : Binding.local;
    const symbol = object.symbol(names[i], binding, isOwn ? SymbolType.section : type[i] >> 4 === 2 ? SymbolType.function : SymbolType.none);
    if (storageClass[i] === -1 || section[i] === SymbolSection.debug) continue;
    if (section[i] > 0) {
      if (ids[section[i] - 1] >= 0) object.symbols.define(symbol, ids[section[i] - 1], value[i], 0);
    } else if (section[i] === SymbolSection.absolute) object.symbols.define(symbol, ABSOLUTE, value[i], 0);
    else if (binding === Binding.global && value[i] > 0) {
      let alignment = 1;
      while (alignment < value[i] && alignment < largestCommon) alignment *= 2;
      object.symbols.define(symbol, COMMON, alignment, value[i]);
    }
  }
  for (const { symbol, instead } of file.alternatives) {
    const where = object.symbols.section(instead as SymbolId);
    if (where === UNDEFINED) return `symbol ${names[symbol]} is ${names[instead]} where nobody defines it, and that is not in this object`;
    object.symbols.define(symbol as SymbolId, where, object.symbols.offset(instead as SymbolId), 0);
  }
  return undefined;
}

function addGroups(object: ObjectBuilder, file: CoffObject, ids: Int32Array): string | undefined {
  const { symbols, groups } = file;
  /** By section: the group that it is in. */
  const groupOf = new Map<number, number>();
  for (const { section, selection } of groups) {
    if (selection === Selection.noDuplicates || selection === Selection.associative) continue;
    if (selection === Selection.largest) return `section ${file.sections[section].name} is to be the largest of its name (IMAGE_COMDAT_SELECT_LARGEST), which is not looked for`;
    // The first symbol in the section beside the section's own is what it goes by.
    const key = symbols.names.findIndex((_, i) => symbols.section[i] === section + 1 && symbols.storageClass[i] === StorageClass.external);
    if (key < 0) continue;
    groupOf.set(section, object.groups.length);
    object.groups.push(symbols.names[key]);
  }
  const associated = new Map(groups.filter(({ selection }) => selection === Selection.associative).map((group) => [group.section, group.associated]));
  for (const { section } of groups) {
    let other = section;
    // One may go with another that goes with a third; a circle is with nobody.
    for (let steps = 0; associated.has(other) && steps <= groups.length; steps++) other = associated.get(other) ?? -1;
    const group = groupOf.get(other);
    if (group !== undefined && ids[section] >= 0) object.sections[ids[section]].group = group;
  }
  return undefined;
}

function addRelocations(object: ObjectBuilder, file: CoffObject, section: CoffObjectSection, id: SectionId): string | undefined {
  const { rows, sectionOffset } = byMachine[object.machine];
  const { count, offset, symbol, type } = section.relocations;
  const isInfo = object.sections[id].kind === "info";
  const view = new DataView(section.content.buffer, section.content.byteOffset, section.content.length);
  const to = object.relocations(id);
  to.reserve(count);
  // Records are taken out in their order.
  const order = Array.from({ length: count }, (_, i) => i);
  if (offset.some((at, i) => i > 0 && at < offset[i - 1])) order.sort((a, b) => offset[a] - offset[b]);
  for (const i of order) {
    if (type[i] === Amd64Relocation.absolute) continue;
    // The sections of debug information begin at 0.
    const row: Row | undefined = isInfo && type[i] === sectionOffset ? [RelocationKind.abs32, 4, 0] : rows[type[i]];
    if (row === undefined) return `relocation at 0x${offset[i].toString(16)} is of a kind that is not known here (0x${type[i].toString(16)})`;
    const [kind, where, bias] = row;
    if (offset[i] + (where === 8 ? 8 : 4) > section.content.length) return `relocation at 0x${offset[i].toString(16)} ends after the section`;
    if (file.symbols.storageClass[symbol[i]] === -1) return `relocation at 0x${offset[i].toString(16)} names no symbol but a record beside one (${symbol[i]})`;
    const addend = addendOf(view, offset[i], where) + bias;
    if ((addend | 0) !== addend) return `relocation at 0x${offset[i].toString(16)} has an addend of ${addend}, which is more than 32 bits hold`;
    to.add(offset[i], kind, symbol[i] as SymbolId, addend);
  }
  return undefined;
}

/** What the field holds before it is filled in. */
function addendOf(view: DataView, at: number, where: Addend): number {
  const word = view.getInt32(at, true);
  switch (where) {
    case 4: return word;
    case 8: return view.getInt32(at + 4, true) * 0x1_0000_0000 + (word >>> 0);
    case "branch26": return ((word << 6) >> 6) * 4;
    case "branch19": return ((word << 8) >> 13) * 4;
    // adrp's field holds bytes here, not pages: two bits at 29, the other nineteen at 5
    case "page": return (((word << 8) >> 13) << 2) | ((word >>> 29) & 3);
    case "add": return (word >>> 10) & 0xfff;
    case "load": return ((word >>> 10) & 0xfff) << accessLog(word);
  }
}
