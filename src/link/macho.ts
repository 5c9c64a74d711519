/** Between the linker's neutral terms and Mach-O's: executables for macOS. */
import { alignUp } from "../../formats/align.ts";
import { Cpu, INDIRECT_LOCAL, LIBSYSTEM, Protection, SEGMENT_READ_ONLY, SectionAttribute, SectionType, SymbolType as MachSymbolType } from "../../formats/macho/constants.ts";
import { version } from "../../formats/macho/image.ts";
import type { MachFixups, MachSection, MachSegment, MachSymbols } from "../../formats/macho/image.ts";
import { MachHeader } from "../../formats/macho/layouts.ts";
import { SPARE, commandsSize, planExecutable } from "../../formats/macho/writeExecutable.ts";
import { IMPORT_SLOTS } from "./imports.ts";
import type { ImageFormat, ImageSymbols, ImportedFunction, LoaderWork } from "./image.ts";
import { ABSOLUTE, Binding } from "./object.ts";
import type { Machine } from "./object.ts";
import type { OutputSection } from "./outputs.ts";

export interface MachoOptions {
  /** What the signature calls the program. */
  readonly identifier?: string;
}

/** Pages of the hardware; x86_64 images run on 4 KiB pages, also under Rosetta. */
const pageSizes: Readonly<Record<Machine, number>> = { x86_64: 0x1000, arm64: 0x4000 };
export const cpus: Readonly<Record<Machine, { readonly type: number; readonly subtype: number }>> = { x86_64: Cpu.x86_64, arm64: Cpu.arm64 };
/** The first system that knows the chained fixups that we write; and the kit whose rules we keep. */
export const minimumVersion = version(12);
export const kitVersion = version(26);

/** The largest number of sections that a symbol can name. */
const MOST_SECTIONS = 255;

interface Group {
  readonly name: string;
  readonly protection: number;
  readonly flags: number;
  readonly has: (output: OutputSection) => boolean;
}

const readWrite = Protection.read | Protection.write;
const groups: readonly Group[] = [
  { name: "__TEXT", protection: Protection.read | Protection.execute, flags: 0, has: ({ kind }) => kind === "text" || kind === "rodata" },
  { name: "__DATA_CONST", protection: readWrite, flags: SEGMENT_READ_ONLY, has: ({ kind }) => kind === "relro" },
  { name: "__DATA", protection: readWrite, flags: 0, has: ({ kind }) => kind === "data" || kind === "bss" },
];

/** Our names of sections as Apple's: the usual ones have their own, others lose the dot. */
const sectionNames: Readonly<Record<string, string>> = { ".text": "__text", ".rodata": "__const", ".data": "__data", ".bss": "__bss", [IMPORT_SLOTS]: "__got", ".data.rel.ro": "__const" };

/** Apple's name of a section of ours. */
export function sectionName(name: string): string {
  return (sectionNames[name] ?? `__${name.replace(/^\./, "").replaceAll(".", "_")}`).slice(0, 16);
}

function sectionFlags({ kind, name }: OutputSection): number {
  if (kind === "text") return (SectionAttribute.pureInstructions | SectionAttribute.someInstructions) >>> 0;
  if (kind === "bss") return SectionType.zeroFill;
  if (kind === "info") return SectionAttribute.debug;
  return name === IMPORT_SLOTS ? SectionType.nonLazyPointers : SectionType.regular;
}

/** Position-independent executables that the loader links with libSystem. */
export function machoExecutable(options: MachoOptions = {}): ImageFormat {
  return { base: 0x1_0000_0000, relocatable: true, place: (outputs, imageOptions) => place(outputs, imageOptions, options.identifier ?? "a.out") };
}

function place(outputs: readonly OutputSection[], { machine, base, imports }: Parameters<ImageFormat["place"]>[1], identifier: string): ReturnType<ImageFormat["place"]> {
  if (outputs.some(({ kind }) => kind === "tls" || kind === "tlsZero")) throw new Error("link/macho.place: thread-local variables");
  if (outputs.length > MOST_SECTIONS) throw new Error(`link/macho.place: ${outputs.length} sections`);
  const pageSize = pageSizes[machine];
  const libraries = [...new Set([LIBSYSTEM, ...imports.map(({ library }) => library)])];
  const infos = outputs.filter(({ kind }) => kind === "info");
  const present = groups.filter((g) => g.name === "__TEXT" || outputs.some(g.has));
  const segmentCount = 1 + present.length + (infos.length > 0 ? 1 : 0) + 1;
  const header = MachHeader.size + commandsSize(segmentCount, outputs.length, libraries) + SPARE;
  const address = new Float64Array(outputs.length);
  const offset = new Float64Array(outputs.length);
  /** By output: its number among the sections of all segments, from 1. */
  const ordinal = new Uint8Array(outputs.length);
  let sectionCount = 0;
  const segments: MachSegment[] = [{ name: "__PAGEZERO", address: 0, memorySize: base, offset: 0, fileSize: 0, protection: Protection.none, flags: 0, sections: [] }];
  let memoryAt = base;
  let fileAt = 0;

  const section = (o: number): MachSection => {
    const output = outputs[o];
    ordinal[o] = ++sectionCount;
    return { name: sectionName(output.name), address: address[o], size: output.size, offset: offset[o], alignment: output.alignment, flags: sectionFlags(output), reserved1: 0 };
  };

  for (const group of present) {
    let at = group.name === "__TEXT" ? header : 0;
    let fileEnd = at;
    const own: MachSection[] = [];
    outputs.forEach((output, o) => {
      if (!group.has(output)) return;
      at = alignUp(at, output.alignment);
      address[o] = memoryAt + at;
      offset[o] = fileAt + at;
      at += output.size;
      if (output.kind !== "bss") fileEnd = at;
      own.push(section(o));
    });
    const fileSize = alignUp(fileEnd, pageSize);
    const memorySize = alignUp(at, pageSize);
    segments.push({ name: group.name, address: memoryAt, memorySize, offset: fileAt, fileSize, protection: group.protection, flags: group.flags, sections: own });
    memoryAt += memorySize;
    fileAt += fileSize;
  }
  if (infos.length > 0) {
    const own: MachSection[] = [];
    const start = fileAt;
    for (const info of infos) {
      const o = outputs.indexOf(info);
      offset[o] = fileAt;
      // references within debug information count from each section's start, so the linker's address is 0; the header's lies in the segment
      own.push({ ...section(o), address: memoryAt + fileAt - start });
      fileAt += info.size;
    }
    fileAt = alignUp(fileAt, pageSize);
    segments.push({ name: "__DWARF", address: memoryAt, memorySize: 0, offset: start, fileSize: fileAt - start, protection: Protection.none, flags: 0, sections: own });
  }

  return {
    address, offset, end: memoryAt, threadPointer: 0,
    finish(entry, symbols, work) {
      const strings = machSymbols(symbols, ordinal, imports, libraries);
      const slots = outputs.findIndex(({ name }) => name === IMPORT_SLOTS);
      return planExecutable({
        cpu: cpus[machine], pageSize, minimumVersion, kitVersion, base, entry, stackSize: 0, segments, libraries,
        imports: imports.map(({ library, name }) => ({ library: libraries.indexOf(library) + 1, name })),
        fixups: fixupsOf(work), symbols: strings,
        indirect: symbols === undefined || slots < 0 ? [] : indirectSymbols(outputs[slots].size, address[slots], work, strings),
        identifier,
      });
    },
  };
}

/** Pointers and slots in one order, rising. */
function fixupsOf({ pointers, slots }: LoaderWork): MachFixups {
  const all = [...Array.from(pointers, (address) => ({ address, which: -1 })), ...Array.from(slots, (address, which) => ({ address, which }))].sort((a, b) => a.address - b.address);
  return { address: Float64Array.from(all, ({ address }) => address), import: Int32Array.from(all, ({ which }) => which) };
}

/** By word of the section of slots: the symbol of the function behind it. */
function indirectSymbols(size: number, address: number, { slots }: LoaderWork, symbols: MachSymbols): number[] {
  const first = symbols.localCount + symbols.definedCount;
  const words: number[] = Array.from({ length: size / 8 }, () => INDIRECT_LOCAL);
  slots.forEach((slot, i) => {
    words[(slot - address) / 8] = first + i;
  });
  return words;
}

/** Local symbols, then exported ones, then imports. Without `symbols` there are none. */
function machSymbols(symbols: ImageSymbols | undefined, ordinal: Uint8Array, imports: readonly ImportedFunction[], libraries: readonly string[]): MachSymbols {
  const none = { count: 0, names: [], type: new Uint8Array(0), section: new Uint8Array(0), description: new Uint16Array(0), value: new Float64Array(0), localCount: 0, definedCount: 0 };
  if (symbols === undefined) return none;
  const order: number[] = [];
  for (let i = 0; i < symbols.count; i++) if (symbols.binding[i] === Binding.local) order.push(i);
  const localCount = order.length;
  for (let i = 0; i < symbols.count; i++) if (symbols.binding[i] !== Binding.local) order.push(i);
  const count = order.length + imports.length;
  const names: string[] = [];
  const type = new Uint8Array(count);
  const section = new Uint8Array(count);
  const description = new Uint16Array(count);
  const value = new Float64Array(count);
  order.forEach((from, to) => {
    const where = symbols.section[from];
    names.push(`_${symbols.names[from]}`);
    type[to] = (where === ABSOLUTE ? MachSymbolType.absolute : MachSymbolType.section) | (to >= localCount ? MachSymbolType.external : 0);
    section[to] = where === ABSOLUTE ? 0 : ordinal[where];
    value[to] = symbols.address[from];
  });
  imports.forEach(({ library, name }, i) => {
    const to = order.length + i;
    names.push(name);
    type[to] = MachSymbolType.undefined | MachSymbolType.external;
    description[to] = (libraries.indexOf(library) + 1) << 8;
  });
  return { count, names, type, section, description, value, localCount, definedCount: order.length - localCount };
}
