/** Object files from outside as objects: ELF .o (gcc, clang, as) here, COFF .obj by `readCoff.ts`. */
import { FileType, SectionFlag, SectionType } from "../../formats/elf/constants.ts";
import type { ElfFile, ElfRelocations, ElfSection } from "../../formats/elf/file.ts";
import { readElf } from "../../formats/elf/read.ts";
import { ARM64_JUMP26, arm64, arm64LoadStore, arm64Unsupported, x86_64, x86_64Unsupported } from "../../formats/elf/relocations.ts";
import { isCoffObject } from "../../formats/pe/readObject.ts";
import { bindingOf, elfMachine, specialSection, typeOf } from "./elf.ts";
import type { LinkError } from "./linkError.ts";
import { ABSOLUTE, Binding, ObjectBuilder, SymbolType, UNDEFINED, Visibility } from "./object.ts";
import type { Machine, ObjectFile, Relocations, SectionId, SectionKind, SymbolId } from "./object.ts";
import { readCoff } from "./readCoff.ts";
import { RelocationKind, relocationKindNames } from "./relocationKind.ts";

export type ReadObjectResult = { readonly ok: true; readonly object: ObjectFile } | { readonly ok: false; readonly error: LinkError };

const UNKNOWN = 255;

/** From ELF's number to the neutral kind. */
function kindsOf(numbers: Readonly<Record<string, number>>): Uint8Array {
  const kinds = new Uint8Array(1024).fill(UNKNOWN);
  relocationKindNames.forEach((name, kind) => {
    const number = numbers[name];
    if (number !== undefined) kinds[number] = kind;
  });
  return kinds;
}

const kindOf: Readonly<Record<Machine, Uint8Array>> = { x86_64: kindsOf(x86_64), arm64: kindsOf(arm64) };
kindOf.arm64[ARM64_JUMP26] = RelocationKind.arm64Call26;
for (const number of arm64LoadStore) kindOf.arm64[number] = RelocationKind.arm64Load12;
const unsupported: Readonly<Record<Machine, Readonly<Record<number, string>>>> = { x86_64: x86_64Unsupported, arm64: arm64Unsupported };

/** SHF_EXCLUDE: not for the linker's output. */
const EXCLUDE = 0x8000_0000;
/** SHT_LLVM_ADDRSIG */
const LLVM_ADDRSIG = 0x6fff_4c03;

/** The file has what stands between sections, too: an alignment that is a mistake would make it as large. */
const largestAlignment = 0x10_0000;

/** Reads a .o or .obj; `name` is what messages call it. Section contents are views of `bytes`, which must not change. */
export function readObject(name: string, bytes: Uint8Array<ArrayBuffer>, machine: Machine): ReadObjectResult {
  if (isCoffObject(bytes)) return readCoff(name, bytes, machine);
  const read = readElf(bytes);
  if (!read.ok) return damaged(name, `${read.error.field} at 0x${read.error.offset.toString(16)}: ${read.error.problem}`);
  const { file } = read;
  if (file.type !== FileType.relocatable) return damaged(name, "is no relocatable object");
  if (file.machine !== elfMachine[machine]) return damaged(name, `is for machine ${file.machine}, not ${elfMachine[machine]} (${machine})`);
  return convert(name, file, machine);
}

function convert(name: string, file: ElfFile, machine: Machine): ReadObjectResult {
  const object = new ObjectBuilder(name, machine);
  const ids = new Int32Array(file.sections.length).fill(UNDEFINED);
  for (const [i, s] of file.sections.entries()) {
    if (isDropped(s)) continue;
    const kind = sectionKind(s);
    if (kind === undefined) return damaged(name, `section ${s.name} is both writable and executable`);
    if (s.alignment > largestAlignment) return damaged(name, `section ${s.name} is aligned to ${s.alignment} bytes, and ${largestAlignment} are the most`);
    const merge = (s.flags & SectionFlag.merge) === 0 ? "none" : (s.flags & SectionFlag.strings) === 0 ? "constants" : "strings";
    const id = object.section(kind, s.name, s.alignment, {
      merge, entrySize: s.entrySize, retain: isRetained(s), ...(s.name === ".eh_frame" || s.type === SectionType.x86_64Unwind ? { references: "describe", purpose: "unwind" } : {}),
    });
    ids[i] = id;
    if (kind === "bss" || kind === "tlsZero") object.reserve(id, s.size);
    else object.adopt(id, ownBytes(s.content));
  }
  const problem = addSymbols(object, file, ids);
  if (problem !== undefined) return damaged(name, problem);
  for (const [i, s] of file.sections.entries()) {
    if (ids[i] < 0 || s.relocations === undefined) continue;
    const trouble = addRelocations(object, machine, object.relocations(ids[i] as SectionId), s.relocations);
    if (trouble !== undefined) return damaged(name, `section ${s.name}: ${trouble}`);
  }
  file.groups.forEach((group, g) => {
    object.groups.push(group.signature);
    for (const member of group.sections) {
      if (ids[member] >= 0) object.sections[ids[member]].group = g;
    }
  });
  return { ok: true, object: object.finish() };
}

function damaged(name: string, problem: string): { ok: false; error: LinkError } {
  return { ok: false, error: { code: "E0809", symbol: "", message: `${name}: ${problem}`, places: [], advice: [] } };
}

/** The reader gives views of the whole file; a section's column type wants its own buffer type, not its own bytes. */
function ownBytes(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return content.buffer instanceof ArrayBuffer ? new Uint8Array(content.buffer, content.byteOffset, content.byteLength) : content.slice();
}

/** What says something to linkers only, or that we make ourselves. */
function isDropped(s: ElfSection): boolean {
  if (s.name === ".note.GNU-stack" || s.name === ".note.gnu.property" || s.type === LLVM_ADDRSIG) return true;
  const loaded = (s.flags & SectionFlag.alloc) !== 0;
  return !loaded && (s.flags % 0x1_0000_0000 >= EXCLUDE || (s.flags & SectionFlag.compressed) !== 0);
}

function isRetained(s: ElfSection): boolean {
  if ((s.flags & SectionFlag.alloc) === 0) return false;
  switch (s.type) {
    case SectionType.initArray:
    case SectionType.finiArray:
    case SectionType.preinitArray:
    case SectionType.note: return true;
    default: return (s.flags & SectionFlag.gnuRetain) !== 0 || s.name === ".init" || s.name === ".fini";
  }
}

function sectionKind(s: ElfSection): SectionKind | undefined {
  if ((s.flags & SectionFlag.alloc) === 0) return "info";
  const zero = s.type === SectionType.nobits;
  if ((s.flags & SectionFlag.tls) !== 0) return zero ? "tlsZero" : "tls";
  const writable = (s.flags & SectionFlag.write) !== 0;
  if ((s.flags & SectionFlag.execute) !== 0) return writable ? undefined : "text";
  return zero ? "bss" : writable ? "data" : "rodata";
}

/** Symbol i of the file becomes symbol i of the object; one more at the end is address 0, for relocations without a symbol. */
function addSymbols(object: ObjectBuilder, file: ElfFile, ids: Int32Array): string | undefined {
  const { count, names, info, other, section, value, size } = file.symbols;
  for (let i = 0; i < count; i++) {
    const type = typeOf(info[i]);
    if (type === undefined) return `symbol ${names[i]} is chosen at load time (STT_GNU_IFUNC), which a static executable of ours can't do`;
    const binding = bindingOf(info[i]) ?? Binding.global;
    const visibility = (other[i] & 3) === 0 ? Visibility.default : Visibility.hidden;
    const symbol = object.symbol(names[i], binding, type, visibility);
    const where = section[i] < 0 ? specialSection(section[i]) : ids[section[i]];
    if (where !== UNDEFINED) object.symbols.define(symbol, where, value[i], size[i]);
  }
  const zero = object.symbol("", Binding.local, SymbolType.none);
  object.symbols.define(zero, ABSOLUTE, 0, 0);
  return undefined;
}

function addRelocations(object: ObjectBuilder, machine: Machine, to: Relocations, from: ElfRelocations): string | undefined {
  const kinds = kindOf[machine];
  const zero = object.symbols.count - 1;
  to.reserve(from.count);
  for (let i = 0; i < from.count; i++) {
    const kind = kinds[from.type[i]] ?? UNKNOWN;
    if (kind === UNKNOWN) {
      const type = unsupported[machine][from.type[i]] ?? `number ${from.type[i]}`;
      return `relocation at 0x${from.offset[i].toString(16)} is of a kind that a static link doesn't take (${type})`;
    }
    to.add(from.offset[i], kind as RelocationKind, (from.symbol[i] < 0 ? zero : from.symbol[i]) as SymbolId, from.addend[i]);
  }
  return undefined;
}
