/**
 * Dynamic ELF executables: those that a loader links with a C library. It places them where it likes, binds every import at the start, and makes read-only
 * what only it has to write.
 */

import { FileType, SectionFlag, SectionType, SegmentFlag, SegmentType } from "../../formats/elf/constants.ts";
import { RELOCATION_SIZE, dynamicSection, dynamicSize, dynamicTables, loaderRelocations, type DynamicImport, type LoaderRelocations } from "../../formats/elf/dynamic.ts";
import type { ElfSegment } from "../../formats/elf/file.ts";
import { FileHeader, ProgramHeader } from "../../formats/elf/layouts.ts";
import { placeExecutable, type Placement } from "../../formats/elf/place.ts";
import { planExecutable, writeExecutable, type ExecutableSection } from "../../formats/elf/writeExecutable.ts";
import { elfMachine, elfSectionFlags, elfSectionType, imageSymbols, pageSize } from "./elf.ts";
import type { ImageFormat, ImageSymbols } from "./image.ts";
import type { Machine } from "./object.ts";

export interface DynamicOptions {
  /** The loader's path. */
  readonly interpreter: string;
  /** Named whether anything is imported from them or not. */
  readonly libraries: readonly string[];
  /** The version of a function that is asked for; undefined for the oldest there is. */
  readonly version: (library: string, name: string) => string | undefined;
}

/** R_X86_64_RELATIVE, R_X86_64_GLOB_DAT; R_AARCH64_RELATIVE, R_AARCH64_GLOB_DAT */
const relocationTypes: Readonly<Record<Machine, LoaderRelocations>> = { x86_64: { relative: 8, slot: 6 }, arm64: { relative: 1027, slot: 1025 } };

/** Position-independent executables that a dynamic loader starts. */
export function elfDynamic(options: DynamicOptions): ImageFormat {
  return { base: 0, relocatable: true, place: (outputs, image) => place(outputs, image, options) };
}

function place(outputs: Parameters<ImageFormat["place"]>[0], image: Parameters<ImageFormat["place"]>[1], options: DynamicOptions): ReturnType<ImageFormat["place"]> {
  const imports: DynamicImport[] = image.imports.map(({ library, name }) => ({ library, name, version: options.version(library, name) }));
  const tables = dynamicTables(options.interpreter, [...new Set([...image.imports.map(({ library }) => library), ...options.libraries])], imports);
  const { progbits } = SectionType;
  const sections: ExecutableSection[] = [];
  /** Its number. */
  const add = (name: string, type: number, alignment: number, size: number, entrySize = 0, link = -1, info = 0, flags: number = SectionFlag.alloc, readOnlyAfter = false): number =>
    sections.push({ name, type, flags, alignment, size, entrySize, link, info, readOnlyAfter }) - 1;
  const interp = add(".interp", progbits, 1, tables.interp.length);
  const hash = add(".gnu.hash", SectionType.gnuHash, 8, tables.hash.length, 0, 2);
  const symbols = add(".dynsym", SectionType.dynsym, 8, tables.symbols.length, 24, 3, 1);
  const strings = add(".dynstr", SectionType.strtab, 1, tables.strings.length);
  const versions = tables.needCount === 0 ? -1 : add(".gnu.version", SectionType.gnuVersym, 2, tables.versions.length, 2, symbols);
  const needs = tables.needCount === 0 ? -1 : add(".gnu.version_r", SectionType.gnuVerneed, 8, tables.needs.length, 0, strings, tables.needCount);
  const pointerCount = image.pointerCount();
  const relocations = add(".rela.dyn", SectionType.rela, 8, RELOCATION_SIZE * (pointerCount + imports.length), RELOCATION_SIZE, symbols);
  // The loader writes to .dynamic (DT_DEBUG): it comes first of what becomes read-only.
  let dynamic = -1;
  const numbers = Int32Array.from(outputs, (output) => {
    const flags = elfSectionFlags[output.kind];
    if (dynamic < 0 && ((flags & SectionFlag.write) !== 0 || flags === 0)) dynamic = addDynamic();
    return add(output.name, elfSectionType[output.kind], output.alignment, output.size, 0, -1, 0, flags, output.kind === "relro");
  });
  function addDynamic(): number {
    return add(".dynamic", SectionType.dynamic, 8, dynamicSize(tables), 16, strings, 0, SectionFlag.alloc | SectionFlag.write, true);
  }
  if (dynamic < 0) dynamic = addDynamic();

  const placement = placeExecutable(sections, { base: image.base, pageSize: pageSize[image.machine], compact: image.compact, moreSegments: 3 });
  const at = (section: number): number => (section < 0 ? 0 : placement.address[section]);
  const whole = (type: number, flags: number, section: number, alignment: number): ElfSegment => ({
    type, flags, offset: placement.offset[section], address: at(section), fileSize: sections[section].size, memorySize: sections[section].size, alignment,
  });
  const headers = (placement.segments.length + 3) * ProgramHeader.size;
  const segments: ElfSegment[] = [
    { type: SegmentType.phdr, flags: SegmentFlag.read, offset: FileHeader.size, address: image.base + FileHeader.size, fileSize: headers, memorySize: headers, alignment: 8 },
    whole(SegmentType.interp, SegmentFlag.read, interp, 1), ...placement.segments, whole(SegmentType.dynamic, SegmentFlag.read | SegmentFlag.write, dynamic, 8),
  ];
  return {
    address: Float64Array.from(numbers, (number) => placement.address[number]),
    offset: Float64Array.from(numbers, (number) => placement.offset[number]),
    end: placement.end,
    threadPointer: placement.threadBlock.address + placement.threadBlock.size,
    finish(entry, symbolsOfImage, work) {
      const plan = planExecutable({
        type: FileType.shared, machine: elfMachine[image.machine], entry, sections, placement: { ...placement, segments }, symbols: symbolsOfImage === undefined ? undefined : imageSymbols(renumbered(symbolsOfImage, numbers)),
      });
      return {
        size: plan.size,
        write(file) {
          const put = (section: number, bytes: Uint8Array): void => {
            if (section >= 0) file.set(bytes, placement.offset[section]);
          };
          put(interp, tables.interp);
          put(hash, tables.hash);
          put(symbols, tables.symbols);
          put(strings, tables.strings);
          put(versions, tables.versions);
          put(needs, tables.needs);
          put(relocations, loaderRelocations(work.pointers, wordsAt(file, work.pointers, placement), work.slots, relocationTypes[image.machine]));
          put(dynamic, dynamicSection(tables, { symbols: at(symbols), strings: at(strings), hash: at(hash), versions: at(versions), needs: at(needs), relocations: at(relocations) }, pointerCount));
          writeExecutable(plan, file);
        },
      };
    },
  };
}

/** What the file has at these addresses, which rise. */
function wordsAt(file: Uint8Array, addresses: Float64Array, { segments }: Placement): Float64Array {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const loads = segments.filter(({ type }) => type === SegmentType.load);
  let load = 0;
  return addresses.map((address) => {
    while (address >= loads[load].address + loads[load].fileSize) load++;
    return Number(view.getBigUint64(loads[load].offset + address - loads[load].address, true));
  });
}

/** Sections of ours lie among those of the program. */
function renumbered(symbols: ImageSymbols, numbers: Int32Array): ImageSymbols {
  return { ...symbols, section: symbols.section.map((section) => (section < 0 ? section : numbers[section])) };
}
