/** Between the linker's neutral terms and PE's: executables for Windows. */
import { alignUp } from "../../formats/align.ts";
import { baseRelocations } from "../../formats/pe/baseRelocations.ts";
import { Directory, DIRECTORY_COUNT, FileFlag, ImageFlag, SectionFlag, Subsystem } from "../../formats/pe/constants.ts";
import { noDirectory } from "../../formats/pe/image.ts";
import type { PeDirectory } from "../../formats/pe/image.ts";
import { groupImports, importDirectorySize, importTablesSize, writeImportTables } from "../../formats/pe/imports.ts";
import { RUNTIME_FUNCTION_SIZE } from "../../formats/pe/layouts.ts";
import { FILE_ALIGNMENT, Placer, SECTION_ALIGNMENT, headerSize } from "../../formats/pe/place.ts";
import { writeImage } from "../../formats/pe/writeImage.ts";
import { IMPORT_SLOTS } from "./imports.ts";
import type { ImageFormat, LoaderWork } from "./image.ts";
import type { Machine } from "./object.ts";
import type { OutputSection } from "./outputs.ts";
import { peMachine } from "./peMachine.ts";

export interface PeOptions {
  readonly subsystem?: "console" | "gui";
  /** The smallest file: code and constants in one section, no program for DOS, no names of imports beside their slots. */
  readonly tiny?: boolean;
  /** The bytes of .rsrc, given its address. */
  readonly resources?: ((address: number) => Uint8Array) | undefined;
  /** Bytes of address space for the stack. */
  readonly stack?: number;
}

/** The section with the addresses of functions and their unwind information, which the exception directory names. */
const FUNCTION_TABLE = ".pdata";

interface Group {
  readonly name: string;
  readonly flags: number;
  readonly has: (output: OutputSection) => boolean;
  /** Whether the import tables come at its end. */
  readonly imports?: boolean;
}

const isConstant = ({ kind }: OutputSection): boolean => kind === "rodata" || kind === "relro";
const isVariable = ({ kind }: OutputSection): boolean => kind === "data" || kind === "bss";
const textFlags = SectionFlag.code | SectionFlag.execute | SectionFlag.read;
const constantFlags = SectionFlag.initialized | SectionFlag.read;
const data: Group = { name: ".data", flags: SectionFlag.initialized | SectionFlag.read | SectionFlag.write, has: isVariable };

const ordinary: readonly Group[] = [
  { name: ".text", flags: textFlags, has: ({ kind }) => kind === "text" },
  { name: ".rdata", flags: constantFlags, has: (s) => isConstant(s) && s.name !== FUNCTION_TABLE, imports: true },
  data,
  { name: FUNCTION_TABLE, flags: constantFlags, has: (s) => s.name === FUNCTION_TABLE },
];
const tiny: readonly Group[] = [{ name: ".text", flags: textFlags | SectionFlag.initialized, has: (s) => s.kind === "text" || isConstant(s), imports: true }, data];

/** PE32+ executables. */
export function peExecutable(options: PeOptions = {}): ImageFormat {
  return { base: 0x1_4000_0000, relocatable: true, place: (outputs, imageOptions) => place(outputs, imageOptions, options) };
}

/** An image while its sections are placed, and what `finish` needs of that. */
interface Placement {
  readonly outputs: readonly OutputSection[];
  readonly machine: Machine;
  readonly base: number;
  readonly options: PeOptions;
  readonly placer: Placer;
  readonly headerSize: number;
  /** By the output section: where it is loaded, and where it stands in the file. */
  readonly address: Float64Array;
  readonly offset: Float64Array;
  readonly imports: ReturnType<typeof groupImports>;
  /** Where the import tables stand, from the image's start and in the file. */
  readonly importTables: { address: number; offset: number };
  /** Whether there is a section of relocations. Where no data holds an address, a tiny image has none: two entries that are zero say that it may be placed anywhere. */
  readonly relocated: boolean;
  /** Where they are then. */
  relocationsInText: PeDirectory & { readonly offset: number };
}

function place(outputs: readonly OutputSection[], { machine, base, imports, pointerCount }: Parameters<ImageFormat["place"]>[1], options: PeOptions): ReturnType<ImageFormat["place"]> {
  const small = options.tiny === true;
  const infos = outputs.filter(({ kind }) => kind === "info");
  const importGroups = groupImports(imports);
  const present = (small ? tiny : ordinary).filter((g) => outputs.some(g.has) || (g.imports === true && importGroups.length > 0));
  const relocated = !small || pointerCount() > 0;
  const sectionCount = present.length + infos.length + (relocated ? 1 : 0) + (options.resources === undefined ? 0 : 1);
  const header = headerSize(sectionCount, !small);
  const placement: Placement = {
    outputs, machine, base, options, headerSize: header, placer: new Placer(header), address: new Float64Array(outputs.length), offset: new Float64Array(outputs.length),
    imports: importGroups, importTables: { address: 0, offset: 0 }, relocated, relocationsInText: { ...noDirectory, offset: 0 },
  };
  const { address, offset, placer } = placement;
  for (const group of present) placeGroup(placement, group);
  if (outputs.some((output, o) => output.kind !== "info" && address[o] === 0)) throw new Error("link/pe.place: thread-local variables");
  const longNames = placeInfo(outputs, infos, placer, offset, address);
  return { address, offset, end: base + placer.imageSize, threadPointer: 0, finish: (entry, _symbols, work) => finish(placement, longNames, entry, work) };
}

/** Places the output sections of a group one behind the other in a section of the image, and behind them the import tables where they belong there. */
function placeGroup(placement: Placement, group: Group): void {
  const { outputs, base, placer, imports, importTables } = placement;
  const small = placement.options.tiny === true;
  const start = placer.nextAddress;
  const fileStart = placer.nextOffset;
  let at = 0;
  let fileEnd = 0;
  outputs.forEach((output, o) => {
    if (!group.has(output)) return;
    at = alignUp(at, output.alignment);
    placement.address[o] = base + start + at;
    placement.offset[o] = fileStart + at;
    at += output.size;
    if (output.kind !== "bss") fileEnd = at;
  });
  if (group.imports === true && imports.length > 0) {
    at = alignUp(at, 8);
    importTables.address = start + at;
    importTables.offset = fileStart + at;
    at += importTablesSize(imports, !small);
    fileEnd = at;
    if (!placement.relocated) {
      const empty = baseRelocations([]).length;
      at = alignUp(at, 4);
      placement.relocationsInText = { address: start + at, size: empty, offset: fileStart + at };
      at += empty;
      fileEnd = at - 4; // the two entries are zero, as memory beyond the file is
    }
  }
  placer.add(group.name, group.flags, at, fileEnd, small);
}

/** The rest of the image, once all addresses are known: resources, relocations, and the headers that name them. */
function finish(placement: Placement, longNames: LongNames | undefined, entry: number, work: LoaderWork): ReturnType<ReturnType<ImageFormat["place"]>["finish"]> {
  const { outputs, machine, base, options, placer, offset, relocationsInText } = placement;
  const small = options.tiny === true;
  const resourceBytes = options.resources?.(placer.nextAddress);
  const resources = resourceBytes === undefined ? undefined : { section: placer.add(".rsrc", constantFlags, resourceBytes.length, resourceBytes.length), bytes: resourceBytes };
  const relocations = baseRelocations(work.pointers.map((p) => p - base));
  const relocationSection = !placement.relocated ? undefined : placer.add(".reloc", constantFlags | SectionFlag.discardable, relocations.length, relocations.length);

  const directories: PeDirectory[] = Array.from({ length: DIRECTORY_COUNT }, () => noDirectory);
  addImportDirectories(placement, directories);
  const functions = outputs.findIndex(({ name }) => name === FUNCTION_TABLE);
  if (functions >= 0) directories[Directory.exceptions] = { address: placement.address[functions] - base, size: outputs[functions].size };
  directories[Directory.baseRelocations] = relocationSection === undefined ? relocationsInText : { address: relocationSection.address, size: relocations.length };
  if (resources !== undefined) directories[Directory.resources] = { address: resources.section.address, size: resources.bytes.length };

  const namesAt = placer.fileSize;
  return {
    size: namesAt + (longNames === undefined ? 0 : longNames.bytes.length),
    write(file) {
      writeImports(placement, file, work);
      if (relocationSection !== undefined) file.set(relocations, relocationSection.offset);
      else file.set(relocations.subarray(0, 8), relocationsInText.offset);
      if (resources !== undefined) file.set(resources.bytes, resources.section.offset);
      if (functions >= 0) sortFunctions(file, offset[functions], outputs[functions].size, functionWords[machine]);
      if (longNames !== undefined) file.set(longNames.bytes, namesAt);
      writeImage({
        machine: peMachine[machine], fileFlags: FileFlag.executableImage | FileFlag.largeAddressAware, entry: entry - base, base,
        subsystem: options.subsystem === "gui" ? Subsystem.gui : Subsystem.console, subsystemVersion: oldestWindows[machine],
        imageFlags: ImageFlag.highEntropy | ImageFlag.dynamicBase | ImageFlag.nxCompatible | ImageFlag.terminalServerAware,
        sectionAlignment: SECTION_ALIGNMENT, fileAlignment: FILE_ALIGNMENT, headerSize: placement.headerSize, imageSize: placer.imageSize,
        stackReserve: options.stack ?? 0x80_0000, stackCommit: 0x1_0000, sections: placer.sections, directories,
      }, file, { dosStub: !small, longNames: longNames === undefined ? undefined : { offset: namesAt, places: longNames.places } });
    },
  };
}

function addImportDirectories({ outputs, address, base, imports, importTables }: Placement, directories: PeDirectory[]): void {
  if (imports.length === 0) return;
  directories[Directory.imports] = { address: importTables.address, size: importDirectorySize(imports) };
  const slots = outputs.findIndex(({ name }) => name === IMPORT_SLOTS);
  directories[Directory.importAddresses] = { address: address[slots] - base, size: outputs[slots].size };
}

function writeImports({ base, imports, importTables, options, placer }: Placement, file: Uint8Array, work: LoaderWork): void {
  if (imports.length === 0) return;
  const firstSlots: number[] = [];
  let index = 0;
  for (const { names } of imports) {
    firstSlots.push(work.slots[index] - base);
    index += names.length;
  }
  const offsets = firstSlots.map((slot) => {
    const section = placer.sections.find((s) => slot >= s.address && slot < s.address + s.memorySize);
    if (section === undefined) throw new Error("link/pe.writeImports: a slot is in no section");
    return slot - section.address + section.offset;
  });
  writeImportTables(imports, options.tiny !== true, file, importTables.offset, importTables.address, firstSlots, offsets);
}

/** The table of names that are too long for a section's header, and where each stands in it. */
interface LongNames {
  readonly bytes: Uint8Array;
  readonly places: ReadonlyMap<string, number>;
}

/** Debug information: sections that are never loaded have addresses in PE all the same. Their names need a table when they are long. */
function placeInfo(
  outputs: readonly OutputSection[], infos: readonly OutputSection[], placer: Placer, offset: Float64Array, address: Float64Array,
): LongNames | undefined {
  if (infos.length === 0) return undefined;
  const places = new Map<string, number>();
  let text = "";
  for (const info of infos) {
    const o = outputs.indexOf(info);
    const section = placer.add(info.name, SectionFlag.initialized | SectionFlag.discardable | SectionFlag.read, info.size, info.size);
    offset[o] = section.offset;
    address[o] = 0; // references within debug information count from each section's start
    if (info.name.length > 8) {
      places.set(info.name, 4 + text.length);
      text += `${info.name}\0`;
    }
  }
  const bytes = new Uint8Array(4 + text.length);
  new DataView(bytes.buffer).setUint32(0, bytes.length, true);
  for (let i = 0; i < text.length; i++) bytes[4 + i] = text.charCodeAt(i);
  return { bytes, places };
}

/** Major and minor version of the first Windows for the machine that is asked for: 8 and Vista. */
const oldestWindows: Readonly<Record<Machine, readonly [number, number]>> = { x86_64: [6, 0], arm64: [6, 2] };
/** Words of an entry: begin, end and unwind information, or on arm64 begin and the rest. */
const functionWords: Readonly<Record<Machine, number>> = { x86_64: RUNTIME_FUNCTION_SIZE.amd64 / 4, arm64: RUNTIME_FUNCTION_SIZE.arm64 / 4 };

/** Entries of the function table rise by address, whatever the order of the objects. */
function sortFunctions(file: Uint8Array, at: number, size: number, each: number): void {
  const words = new Uint32Array(file.slice(at, at + size).buffer);
  const count = words.length / each;
  let sorted = true;
  for (let i = 1; i < count; i++) if (words[i * each] < words[i * each - each]) sorted = false;
  if (sorted) return;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => words[a * each] - words[b * each]);
  const result = new Uint32Array(words.length);
  order.forEach((from, to) => result.set(words.subarray(from * each, (from + 1) * each), to * each));
  file.set(new Uint8Array(result.buffer), at);
}
