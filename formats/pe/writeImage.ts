/** Writes the headers of an image; its sections' content is in the file already. */
import { DIRECTORY_COUNT, DOS_MAGIC, PE32_PLUS, PE_MAGIC, SectionFlag } from "./constants.ts";
import type { PeImage, PeSection } from "./image.ts";
import { CoffHeader, DIRECTORY_SIZE, DosHeader, OptionalHeader, SectionHeader } from "./layouts.ts";
import { dosStub, peHeaderOffset } from "./place.ts";

export interface WriteImageOptions {
  /** The program for DOS before the headers, which every ordinary image has. */
  readonly dosStub: boolean;
  /** Names longer than eight characters, at the end of the file: offset of the table with its length word, and each name's place there. */
  readonly longNames?: { readonly offset: number; readonly places: ReadonlyMap<string, number> } | undefined;
}

/** Writes everything before the first section. The stamp is a hash of the file, so that the same program has the same one. */
export function writeImage(image: PeImage, file: Uint8Array, options: WriteImageOptions): void {
  const { sections } = image;
  const start = peHeaderOffset(options.dosStub);
  const stubEnd = DosHeader.size + dosStub.length;
  DosHeader.write(file, 0, options.dosStub
    ? { e_magic: DOS_MAGIC, e_cblp: stubEnd % 512, e_cp: 1, e_cparhdr: DosHeader.size / 16, e_maxalloc: 0xffff, e_sp: 0xb8, e_lfarlc: DosHeader.size, e_lfanew: start }
    : { e_magic: DOS_MAGIC, e_cblp: 0, e_cp: 0, e_cparhdr: 0, e_maxalloc: 0, e_sp: 0, e_lfarlc: 0, e_lfanew: start });
  if (options.dosStub) file.set(dosStub, DosHeader.size);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  view.setUint32(start, PE_MAGIC, true);
  const coff = start + 4;
  const optional = coff + CoffHeader.size;
  const total = (flag: number): number => sections.reduce((sum, s) => sum + ((s.flags & flag) !== 0 ? (flag === SectionFlag.uninitialized ? s.memorySize : s.fileSize) : 0), 0);
  const headers: Parameters<typeof CoffHeader.write>[2] = {
    Machine: image.machine, NumberOfSections: sections.length, TimeDateStamp: 0,
    PointerToSymbolTable: options.longNames?.offset ?? 0, NumberOfSymbols: 0,
    SizeOfOptionalHeader: OptionalHeader.size + DIRECTORY_COUNT * DIRECTORY_SIZE, Characteristics: image.fileFlags,
  };
  CoffHeader.write(file, coff, headers);
  OptionalHeader.write(file, optional, {
    Magic: PE32_PLUS, MajorLinkerVersion: 14, MinorLinkerVersion: 0,
    SizeOfCode: total(SectionFlag.code), SizeOfInitializedData: total(SectionFlag.initialized), SizeOfUninitializedData: total(SectionFlag.uninitialized),
    AddressOfEntryPoint: image.entry, BaseOfCode: sections.find((s) => (s.flags & SectionFlag.code) !== 0)?.address ?? 0,
    ImageBase: image.base, SectionAlignment: image.sectionAlignment, FileAlignment: image.fileAlignment,
    MajorOperatingSystemVersion: 6, MinorOperatingSystemVersion: 0, MajorImageVersion: 0, MinorImageVersion: 0,
    MajorSubsystemVersion: image.subsystemVersion[0], MinorSubsystemVersion: image.subsystemVersion[1], Win32VersionValue: 0,
    SizeOfImage: image.imageSize, SizeOfHeaders: image.headerSize, CheckSum: 0, Subsystem: image.subsystem, DllCharacteristics: image.imageFlags,
    SizeOfStackReserve: image.stackReserve, SizeOfStackCommit: image.stackCommit, SizeOfHeapReserve: 0x10_0000, SizeOfHeapCommit: 0x1000,
    LoaderFlags: 0, NumberOfRvaAndSizes: DIRECTORY_COUNT,
  });
  for (let i = 0; i < DIRECTORY_COUNT; i++) {
    view.setUint32(optional + OptionalHeader.size + i * DIRECTORY_SIZE, image.directories[i].address, true);
    view.setUint32(optional + OptionalHeader.size + i * DIRECTORY_SIZE + 4, image.directories[i].size, true);
  }
  let at = optional + OptionalHeader.size + DIRECTORY_COUNT * DIRECTORY_SIZE;
  for (const section of sections) {
    writeSectionHeader(file, at, section, options);
    at += SectionHeader.size;
  }
  view.setUint32(coff + 4, hash(file), true);
}

function writeSectionHeader(file: Uint8Array, at: number, section: PeSection, options: WriteImageOptions): void {
  const place = options.longNames?.places.get(section.name);
  SectionHeader.write(file, at, {
    Name: place === undefined ? section.name : `/${place}`, VirtualSize: section.memorySize, VirtualAddress: section.address, SizeOfRawData: section.fileSize,
    PointerToRawData: section.offset, PointerToRelocations: 0, PointerToLinenumbers: 0, NumberOfRelocations: 0, NumberOfLinenumbers: 0, Characteristics: section.flags,
  });
}

/** FNV-1a by words; any good mixing would do. */
function hash(file: Uint8Array): number {
  const words = new Int32Array(file.buffer, file.byteOffset, file.byteLength >> 2);
  let h = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) h = Math.imul(h ^ words[i], 0x01000193);
  return h >>> 0;
}
