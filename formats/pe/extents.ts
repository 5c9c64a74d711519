/** What each byte of a PE image is for: headers, sections, and what the data directories name within them. */
import { headerExtent, overlay, wholeFile, type Extent, type ExtentKind } from "../extents.ts";
import { Directory, SectionFlag } from "./constants.ts";
import type { PeSection } from "./image.ts";
import { CoffHeader, DIRECTORY_SIZE, DosHeader, ImportDescriptor, OptionalHeader, SYMBOL_SIZE, SectionHeader } from "./layouts.ts";
import { offsetOf, type PeFile } from "./read.ts";

const directoryNames: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(Directory).map(([name, index]) => [index, name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)])), 7: "architecture", 8: "global pointer", 11: "bound imports", 14: "CLR runtime", 15: "reserved",
};

/** The account of an image that `readPe` could read, which gave `file`. */
export function peExtents(bytes: Uint8Array, file: PeFile): Extent[] {
  const { e_lfanew: signature } = DosHeader.read(bytes, 0);
  const coff = signature + 4;
  const optional = coff + CoffHeader.size;
  const { SizeOfOptionalHeader, PointerToSymbolTable, NumberOfSymbols } = CoffHeader.read(bytes, coff);
  const { NumberOfRvaAndSizes } = OptionalHeader.read(bytes, optional);
  const table = optional + SizeOfOptionalHeader;
  const directories = optional + OptionalHeader.size;
  const headers: Extent[] = [
    headerExtent("DOS header", DosHeader, bytes, 0),
    { start: DosHeader.size, end: Math.max(DosHeader.size, stubEnd(bytes, signature)), kind: "header", name: "DOS program" },
    { start: signature, end: coff, kind: "header", name: "PE signature" },
    headerExtent("COFF header", CoffHeader, bytes, coff),
    headerExtent("optional header", OptionalHeader, bytes, optional),
    ...Array.from({ length: NumberOfRvaAndSizes }, (_, i): Extent => {
      const at = directories + i * DIRECTORY_SIZE;
      const { address, size } = file.directories[i];
      return { start: at, end: at + DIRECTORY_SIZE, kind: "header", name: `data directory: ${directoryNames[i] ?? i}`, fields: [{ name: "VirtualAddress", offset: at, size: 4, value: address }, { name: "Size", offset: at + 4, size: 4, value: size }] };
    }),
    ...file.sections.map(({ name }, i) => headerExtent(`section header ${longName(bytes, name, PointerToSymbolTable + NumberOfSymbols * SYMBOL_SIZE)}`, SectionHeader, bytes, table + i * SectionHeader.size)),
  ];
  const sections = file.sections.map(({ name, flags, offset, fileSize, memorySize }): Extent => {
    const full = longName(bytes, name, PointerToSymbolTable + NumberOfSymbols * SYMBOL_SIZE);
    return { start: offset, end: offset + (memorySize === 0 ? fileSize : Math.min(fileSize, memorySize)), kind: sectionKind(full, flags), name: full };
  });
  const symbols = symbolTable(bytes, PointerToSymbolTable, NumberOfSymbols);
  return overlay(overlay(overlay(overlay(wholeFile(bytes.length), sections), [...directoryExtents(file), ...symbols]), importExtents(bytes, file)), headers);
}

/** The stub ends before the zeros in front of the signature. */
function stubEnd(bytes: Uint8Array, signature: number): number {
  let end = signature;
  while (end > DosHeader.size && bytes[end - 1] === 0) end--;
  return end;
}

/** A name of more than eight characters stands in the string table: `/4` is the one at its fourth byte. */
function longName(bytes: Uint8Array, name: string, strings: number): string {
  const place = /^\/(\d+)$/.exec(name);
  if (place === null) return name;
  const start = strings + Number(place[1]);
  const end = bytes.indexOf(0, start);
  return end < 0 ? name : new TextDecoder().decode(bytes.subarray(start, end));
}

/** What a section is for, of an image or an object. */
export function sectionKind(name: string, flags: number): ExtentKind {
  if (name.startsWith(".debug")) return "debug";
  if (/^\.[px]data(\$|$)/.test(name)) return "unwind";
  if (name === ".reloc" || name === ".idata" || name === ".edata") return "loading";
  if ((flags & (SectionFlag.code | SectionFlag.execute)) !== 0) return "code";
  return (flags & SectionFlag.write) !== 0 ? "data" : "constants";
}

/** COFF symbols, and the string table behind them, which begins with its length. */
function symbolTable(bytes: Uint8Array, start: number, count: number): Extent[] {
  const strings = start + count * SYMBOL_SIZE;
  if (start === 0 || strings + 4 > bytes.length) return [];
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(strings, true);
  return [{ start, end: strings, kind: "symbols", name: "symbol table" }, { start: strings, end: strings + size, kind: "symbols", name: "string table" }];
}

const directoryKinds: Readonly<Record<number, ExtentKind>> = { [Directory.resources]: "data", [Directory.exceptions]: "unwind", [Directory.debug]: "debug", [Directory.certificates]: "signature" };

function sectionOf(sections: readonly PeSection[], offset: number): string | undefined {
  return sections.find((s) => offset >= s.offset && offset < s.offset + s.fileSize)?.name;
}

/** Within a section. */
function placed(file: PeFile, start: number, size: number, kind: ExtentKind, name: string): Extent {
  const section = sectionOf(file.sections, start);
  return { start, end: start + size, kind, name, ...(section === undefined ? {} : { section }) };
}

/** What the directories name; certificates lie in the file only, and their address is an offset. The imports' are told one by one. */
function directoryExtents(file: PeFile): Extent[] {
  return file.directories.flatMap(({ address, size }, i) => {
    const start = i === Directory.certificates ? address : offsetOf(file, address);
    if (address === 0 || size === 0 || start < 0 || i === Directory.imports || i === Directory.importAddresses) return [];
    return [placed(file, start, size, directoryKinds[i] ?? "loading", directoryNames[i] ?? `data directory ${i}`)];
  });
}

/** Descriptors, the names and slots of functions, and the names of libraries. */
function importExtents(bytes: Uint8Array, file: PeFile): Extent[] {
  const { address } = file.directories[Directory.imports];
  if (address === 0) return [];
  const found: Extent[] = [];
  const add = (rva: number, size: number, name: string): void => {
    const start = offsetOf(file, rva);
    if (start >= 0 && size > 0) found.push(placed(file, start, size, "loading", name));
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textLength = (rva: number): number => bytes.indexOf(0, offsetOf(file, rva)) + 1 - offsetOf(file, rva);
  for (let at = address; ; at += ImportDescriptor.size) {
    const start = offsetOf(file, at);
    const { OriginalFirstThunk, Name, FirstThunk } = ImportDescriptor.read(bytes, start);
    const section = sectionOf(file.sections, start);
    const isLast = Name === 0 && FirstThunk === 0;
    const library = isLast ? "" : new TextDecoder().decode(bytes.subarray(offsetOf(file, Name), offsetOf(file, Name) + textLength(Name) - 1));
    found.push({ ...headerExtent(isLast ? "import descriptor, the last" : `import descriptor ${library}`, ImportDescriptor, bytes, start), kind: "loading", ...(section === undefined ? {} : { section }) });
    if (isLast) return found;
    add(Name, textLength(Name), `library name ${library}`);
    const names = OriginalFirstThunk === 0 ? FirstThunk : OriginalFirstThunk;
    let count = 0;
    for (; ; count++) {
      const entry = offsetOf(file, names + 8 * count);
      const [low, high] = [view.getUint32(entry, true), view.getUint32(entry + 4, true)];
      if (low === 0 && high === 0) break;
      if (high >>> 31 === 0) add(low, 2 + textLength(low + 2), `import name ${new TextDecoder().decode(bytes.subarray(offsetOf(file, low) + 2, offsetOf(file, low + 2) + textLength(low + 2) - 1))}`);
    }
    if (OriginalFirstThunk !== 0) add(OriginalFirstThunk, 8 * (count + 1), `import lookup table ${library}`);
    add(FirstThunk, 8 * (count + 1), `import slots ${library}`);
  }
}
