/** Reads an image back: headers, sections, imports, base relocations, the table of functions. Takes any bytes; what is wrong names the field. */
import { BoundedReader } from "../boundedReader.ts";
import type { ReadError } from "../boundedReader.ts";
import { BaseRelocation, DIRECTORY_COUNT, DOS_MAGIC, Directory, Machine, PE32_PLUS, PE_MAGIC } from "./constants.ts";
import type { PeDirectory, PeImage, PeImport, PeSection } from "./image.ts";
import { CoffHeader, DIRECTORY_SIZE, DosHeader, ImportDescriptor, OptionalHeader, RUNTIME_FUNCTION_SIZE, SectionHeader } from "./layouts.ts";

export interface PeFile extends PeImage {
  readonly size: number;
  readonly imports: readonly (PeImport & { readonly slot: number })[];
  /** RVAs of the words that the loader adjusts. */
  readonly relocations: readonly number[];
  /** RVAs and sizes of the blocks. */
  readonly relocationBlocks: readonly { readonly page: number; readonly size: number }[];
  /** On ARM64 `unwind` is packed information where its two lowest bits are not 0, and `end` is 0: the information has the length. */
  readonly functions: readonly { readonly begin: number; readonly end: number; readonly unwind: number }[];
  /** Bytes from the file's start to the end of the table of sections. */
  readonly tableEnd: number;
}

export type PeResult = { readonly ok: true; readonly file: PeFile } | { readonly ok: false; readonly error: ReadError };

/** Offset in the file of an address, or -1 where memory has no bytes in the file. */
export function offsetOf(image: { readonly sections: readonly PeSection[]; readonly headerSize: number }, address: number): number {
  if (address < image.headerSize) return address;
  const section = image.sections.find((s) => address >= s.address && address < s.address + s.fileSize);
  return section === undefined ? -1 : address - section.address + section.offset;
}

/** Reads a PE32+ image. Of bytes that are none, the field that is wrong and its offset in the file. */
export function readPe(bytes: Uint8Array): PeResult {
  const r = new BoundedReader(bytes);
  const dos = r.header(DosHeader, 0, "IMAGE_DOS_HEADER");
  r.demand(dos.e_magic === DOS_MAGIC, "e_magic", 0, "is not MZ");
  const start = dos.e_lfanew;
  r.demand(r.u32(start, "e_lfanew") === PE_MAGIC, "Signature", start, "is not PE");
  const coff = r.header(CoffHeader, start + 4, "IMAGE_FILE_HEADER");
  const optionalAt = start + 4 + CoffHeader.size;
  const optional = r.header(OptionalHeader, optionalAt, "IMAGE_OPTIONAL_HEADER64");
  r.demand(optional.Magic === PE32_PLUS, "Magic", optionalAt, "is not that of PE32+");
  r.demand(optional.NumberOfRvaAndSizes <= DIRECTORY_COUNT, "NumberOfRvaAndSizes", optionalAt + 108, `${optional.NumberOfRvaAndSizes} is more than 16`);
  r.demand(coff.SizeOfOptionalHeader >= OptionalHeader.size + optional.NumberOfRvaAndSizes * DIRECTORY_SIZE, "SizeOfOptionalHeader", start + 20, "is too small");
  r.demand(coff.NumberOfSections <= 96, "NumberOfSections", start + 6, `${coff.NumberOfSections} is more than 96`);
  const directories: PeDirectory[] = [];
  for (let i = 0; i < DIRECTORY_COUNT; i++) {
    const at = optionalAt + OptionalHeader.size + i * DIRECTORY_SIZE;
    const there = i < optional.NumberOfRvaAndSizes && !r.failed;
    directories.push(there ? { address: r.u32(at, "VirtualAddress"), size: r.u32(at + 4, "Size") } : { address: 0, size: 0 });
  }
  const sections: PeSection[] = [];
  let at = optionalAt + coff.SizeOfOptionalHeader;
  for (let i = 0; i < coff.NumberOfSections && !r.failed; i++) {
    const s = r.header(SectionHeader, at, "IMAGE_SECTION_HEADER");
    r.has(s.PointerToRawData, s.SizeOfRawData, `${s.Name}.PointerToRawData`);
    sections.push({ name: s.Name, flags: s.Characteristics, address: s.VirtualAddress, memorySize: s.VirtualSize, offset: s.PointerToRawData, fileSize: s.SizeOfRawData });
    at += SectionHeader.size;
  }
  const image: PeImage = {
    machine: coff.Machine, fileFlags: coff.Characteristics, entry: optional.AddressOfEntryPoint, base: optional.ImageBase, subsystem: optional.Subsystem,
    subsystemVersion: [optional.MajorSubsystemVersion, optional.MinorSubsystemVersion], imageFlags: optional.DllCharacteristics, sectionAlignment: optional.SectionAlignment,
    fileAlignment: optional.FileAlignment, headerSize: optional.SizeOfHeaders, imageSize: optional.SizeOfImage, stackReserve: optional.SizeOfStackReserve,
    stackCommit: optional.SizeOfStackCommit, sections, directories,
  };
  const imports = readImports(r, image);
  const relocations = readRelocations(r, image);
  const functions = readFunctions(r, image);
  if (r.error !== undefined) return { ok: false, error: r.error };
  return { ok: true, file: { ...image, size: bytes.length, imports, relocations: relocations.addresses, relocationBlocks: relocations.blocks, functions, tableEnd: at } };
}

function place(r: BoundedReader, image: PeImage, address: number, field: string): number {
  const offset = offsetOf(image, address);
  if (offset < 0) r.fail(field, address, `the address 0x${address.toString(16)} has no bytes in the file`);
  return Math.max(offset, 0);
}

function readImports(r: BoundedReader, image: PeImage): (PeImport & { slot: number })[] {
  const found: (PeImport & { slot: number })[] = [];
  const { address } = image.directories[Directory.imports];
  if (address === 0) return found;
  const end = r.bytes.length;
  for (let at = address; !r.failed; at += ImportDescriptor.size) {
    const d = r.header(ImportDescriptor, place(r, image, at, "import directory"), "IMAGE_IMPORT_DESCRIPTOR");
    if (d.Name === 0 && d.FirstThunk === 0) break;
    const library = r.text(place(r, image, d.Name, "Name"), end, "Name");
    const table = d.OriginalFirstThunk === 0 ? d.FirstThunk : d.OriginalFirstThunk;
    for (let i = 0; !r.failed; i++) {
      const entry = place(r, image, table + i * 8, "OriginalFirstThunk");
      const [low, high] = [r.u32(entry, "OriginalFirstThunk"), r.u32(entry + 4, "OriginalFirstThunk")];
      if (low === 0 && high === 0) break;
      const name = high >>> 31 === 1 ? `#${low & 0xffff}` : r.text(place(r, image, low + 2, "AddressOfData"), end, "AddressOfData");
      const slot = place(r, image, d.FirstThunk + i * 8, "FirstThunk");
      r.demand(r.u32(slot, "FirstThunk") === low, "FirstThunk", slot, "does not begin as the lookup table does");
      found.push({ library, name, slot: d.FirstThunk + i * 8 });
    }
  }
  return found;
}

function readRelocations(r: BoundedReader, image: PeImage): { addresses: number[]; blocks: { page: number; size: number }[] } {
  const addresses: number[] = [];
  const blocks: { page: number; size: number }[] = [];
  const { address, size } = image.directories[Directory.baseRelocations];
  for (let done = 0; address !== 0 && done < size && !r.failed; ) {
    const section = image.sections.find((s) => address + done >= s.address && address + done < s.address + s.memorySize);
    // a section's memory beyond its bytes in the file is zero, and so are padding entries
    const word = (offset: number): number => (section !== undefined && address + offset >= section.address + section.fileSize ? 0 : r.u16(place(r, image, address + offset, "base relocations"), "base relocations"));
    const page = word(done) + word(done + 2) * 0x1_0000;
    const length = word(done + 4) + word(done + 6) * 0x1_0000;
    if (!r.demand(length >= 8 && length % 2 === 0 && done + length <= size, "SizeOfBlock", address + done + 4, `${length} does not fit the directory`)) break;
    blocks.push({ page, size: length });
    for (let at = 8; at < length && !r.failed; at += 2) {
      const entry = word(done + at);
      const type = entry >> 12;
      if (type === BaseRelocation.dir64) addresses.push(page + (entry & 0xfff));
      else r.demand(type === BaseRelocation.padding, "base relocation's type", address + done + at, `${type} is none of 64-bit images`);
    }
    done += length;
  }
  return { addresses, blocks };
}

function readFunctions(r: BoundedReader, image: PeImage): { begin: number; end: number; unwind: number }[] {
  const functions: { begin: number; end: number; unwind: number }[] = [];
  const { address, size } = image.directories[Directory.exceptions];
  const arm = image.machine === Machine.arm64;
  const each = arm ? RUNTIME_FUNCTION_SIZE.arm64 : RUNTIME_FUNCTION_SIZE.amd64;
  r.demand(size % each === 0, "exception directory's Size", address, `${size} is no multiple of ${each}`);
  for (let i = 0; i + each <= size && !r.failed; i += each) {
    const at = place(r, image, address + i, "RUNTIME_FUNCTION");
    if (arm) functions.push({ begin: r.u32(at, "BeginAddress"), end: 0, unwind: r.u32(at + 4, "UnwindData") });
    else functions.push({ begin: r.u32(at, "BeginAddress"), end: r.u32(at + 4, "EndAddress"), unwind: r.u32(at + 8, "UnwindInfoAddress") });
  }
  return functions;
}
