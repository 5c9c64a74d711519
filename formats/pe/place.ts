/** Addresses and file offsets of an image's sections: ascending and contiguous in memory, each on pages of its own, raw data on multiples of 512. */
import { alignUp } from "../align.ts";
import { CoffHeader, DIRECTORY_SIZE, DosHeader, OptionalHeader, SectionHeader } from "./layouts.ts";
import { DIRECTORY_COUNT } from "./constants.ts";
import type { PeSection } from "./image.ts";

export const SECTION_ALIGNMENT = 0x1000;
export const FILE_ALIGNMENT = 0x200;

/** The DOS program that the file also is: it says that it does not run there. */
const stubText = "This program cannot be run in DOS mode.\r\r\n$";
const stubCode = [0x0e, 0x1f, 0xba, 0x0e, 0x00, 0xb4, 0x09, 0xcd, 0x21, 0xb8, 0x01, 0x4c, 0xcd, 0x21];
export const dosStub: Uint8Array = Uint8Array.from([...stubCode, ...[...stubText].map((c) => c.charCodeAt(0))]);

/** Where "PE\0\0" lies. */
export function peHeaderOffset(withStub: boolean): number {
  return withStub ? 0x80 : DosHeader.size;
}

/** Bytes of all headers, rounded. */
export function headerSize(sectionCount: number, withStub: boolean): number {
  const size = peHeaderOffset(withStub) + 4 + CoffHeader.size + OptionalHeader.size + DIRECTORY_COUNT * DIRECTORY_SIZE + sectionCount * SectionHeader.size;
  return alignUp(size, FILE_ALIGNMENT);
}

/** Places sections one by one, since the content of the later ones (base relocations) needs the addresses of the earlier. */
export class Placer {
  readonly sections: PeSection[] = [];
  private address: number;
  private offset: number;

  constructor(header: number) {
    this.address = alignUp(header, SECTION_ALIGNMENT);
    this.offset = header;
  }

  /** Where the next section will begin. */
  get nextAddress(): number {
    return this.address;
  }
  get nextOffset(): number {
    return alignUp(this.offset, FILE_ALIGNMENT);
  }
  /** SizeOfImage, when all are placed. */
  get imageSize(): number {
    return this.address;
  }
  get fileSize(): number {
    return this.offset;
  }

  /** `fileSize`: bytes that are not zero to the end; `exactly`: the file ends there, unless another section follows. */
  add(name: string, flags: number, memorySize: number, fileSize: number, exactly = false): PeSection {
    const raw = exactly ? fileSize : alignUp(fileSize, FILE_ALIGNMENT);
    const section = { name, flags, address: this.address, memorySize, offset: raw === 0 ? 0 : alignUp(this.offset, FILE_ALIGNMENT), fileSize: raw };
    this.sections.push(section);
    this.address = alignUp(this.address + memorySize, SECTION_ALIGNMENT);
    if (raw > 0) this.offset = alignUp(this.offset, FILE_ALIGNMENT) + raw;
    return section;
  }
}
