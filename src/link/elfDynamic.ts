/** Dynamic ELF executables: those that a loader links with a C library. At a fixed address, with every import bound at the start. */

import { SectionFlag, SectionType, SegmentFlag, SegmentType } from "../../formats/elf/constants.ts";
import { dynamicSection, dynamicSize, dynamicTables, slotRelocations, type DynamicImport } from "../../formats/elf/dynamic.ts";
import type { ElfSegment } from "../../formats/elf/file.ts";
import { FileHeader, ProgramHeader } from "../../formats/elf/layouts.ts";
import { placeExecutable } from "../../formats/elf/place.ts";
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

/** R_X86_64_GLOB_DAT, R_AARCH64_GLOB_DAT */
const slotRelocation: Readonly<Record<Machine, number>> = { x86_64: 6, arm64: 1025 };

export function elfDynamic(options: DynamicOptions): ImageFormat {
  return { base: 0x400000, relocatable: false, place: (outputs, image) => place(outputs, image, options) };
}

function place(outputs: Parameters<ImageFormat["place"]>[0], image: Parameters<ImageFormat["place"]>[1], options: DynamicOptions): ReturnType<ImageFormat["place"]> {
  const imports: DynamicImport[] = image.imports.map(({ library, name }) => ({ library, name, version: options.version(library, name) }));
  const tables = dynamicTables(options.interpreter, [...new Set([...image.imports.map(({ library }) => library), ...options.libraries])], imports);
  const { progbits } = SectionType;
  const sections: ExecutableSection[] = [];
  /** Its number. */
  const add = (name: string, type: number, alignment: number, size: number, entrySize = 0, link = -1, info = 0, flags: number = SectionFlag.alloc): number =>
    sections.push({ name, type, flags, alignment, size, entrySize, link, info }) - 1;
  const interp = add(".interp", progbits, 1, tables.interp.length);
  const hash = add(".gnu.hash", SectionType.gnuHash, 8, tables.hash.length, 0, 2);
  const symbols = add(".dynsym", SectionType.dynsym, 8, tables.symbols.length, 24, 3, 1);
  const strings = add(".dynstr", SectionType.strtab, 1, tables.strings.length);
  const versions = tables.needCount === 0 ? -1 : add(".gnu.version", SectionType.gnuVersym, 2, tables.versions.length, 2, symbols);
  const needs = tables.needCount === 0 ? -1 : add(".gnu.version_r", SectionType.gnuVerneed, 8, tables.needs.length, 0, strings, tables.needCount);
  const relocations = add(".rela.dyn", SectionType.rela, 8, 24 * imports.length, 24, symbols);
  // The loader writes to .dynamic (DT_DEBUG): it comes first of what is writable.
  let dynamic = -1;
  const numbers = Int32Array.from(outputs, (output) => {
    const flags = elfSectionFlags[output.kind];
    if (dynamic < 0 && ((flags & SectionFlag.write) !== 0 || flags === 0)) dynamic = addDynamic();
    return add(output.name, elfSectionType[output.kind], output.alignment, output.size, 0, -1, 0, flags);
  });
  function addDynamic(): number {
    return add(".dynamic", SectionType.dynamic, 8, dynamicSize(tables), 16, strings, 0, SectionFlag.alloc | SectionFlag.write);
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
        machine: elfMachine[image.machine], entry, sections, placement: { ...placement, segments }, symbols: symbolsOfImage === undefined ? undefined : imageSymbols(renumbered(symbolsOfImage, numbers)),
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
          put(relocations, slotRelocations(work.slots, slotRelocation[image.machine]));
          put(dynamic, dynamicSection(tables, { symbols: at(symbols), strings: at(strings), hash: at(hash), versions: at(versions), needs: at(needs), relocations: at(relocations) }));
          writeExecutable(plan, file);
        },
      };
    },
  };
}

/** Sections of ours lie among those of the program. */
function renumbered(symbols: ImageSymbols, numbers: Int32Array): ImageSymbols {
  return { ...symbols, section: symbols.section.map((section) => (section < 0 ? section : numbers[section])) };
}
