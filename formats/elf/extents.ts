/** What each byte of an ELF file is for: headers, sections and, where there are no section headers, segments and what their dynamic section names; and symbols. */
import { headerExtent, overlay, wholeFile, type Extent, type ExtentKind } from "../extents.ts";
import { FileType, SectionFlag, SectionType, SegmentFlag, SegmentType, SymbolType } from "./constants.ts";
import { FileHeader, ProgramHeader, SectionHeader } from "./layouts.ts";
import type { ElfFile, ElfSegment } from "./file.ts";

/** Names of segment types, as `readelf` has them. */
const segmentNames: Readonly<Record<number, string>> = {
  0: "NULL", 1: "LOAD", 2: "DYNAMIC", 3: "INTERP", 4: "NOTE", 6: "PHDR", 7: "TLS", 0x6474e550: "GNU_EH_FRAME", 0x6474e551: "GNU_STACK", 0x6474e552: "GNU_RELRO", 0x6474e553: "GNU_PROPERTY",
};

/** The account of a file that `readElf` could read, which gave `file`. */
export function elfExtents(bytes: Uint8Array, file: ElfFile): Extent[] {
  const header = FileHeader.read(bytes, 0);
  const headers: Extent[] = [headerExtent("file header", FileHeader, bytes, 0)];
  file.segments.forEach(({ type }, i) =>
    headers.push(headerExtent(`program header ${segmentNames[type] ?? `0x${type.toString(16)}`}`, ProgramHeader, bytes, header.e_phoff + i * ProgramHeader.size)));
  const loaded = overlay(wholeFile(bytes.length), file.segments.filter(({ type }) => type === SegmentType.load).map(segmentExtent));
  if (header.e_shoff === 0) return overlay(overlay(loaded, dynamicExtents(bytes, file)), headers);
  const sections = sectionHeaders(bytes, header.e_shoff);
  const names = sectionNames(bytes, sections.map(({ values }) => values), header.e_shstrndx);
  sections.forEach(({ at }, i) => headers.push(headerExtent(`section header ${names[i]}`, SectionHeader, bytes, at)));
  const contents = sections.flatMap(({ values: { sh_type, sh_flags, sh_offset, sh_size } }, i): Extent[] =>
    (sh_type === SectionType.nobits || sh_type === SectionType.null ? [] : [{ start: sh_offset, end: sh_offset + sh_size, kind: kindOf(names[i], sh_type, sh_flags), name: names[i] }]));
  return overlay(overlay(overlay(loaded, contents), headers), symbolExtents(file, sections.map(({ values }) => values)));
}

/** The extents of a segment, where no section says more. */
function segmentExtent({ flags, offset, fileSize }: ElfSegment): Extent {
  const letters = [[SegmentFlag.read, "r"], [SegmentFlag.write, "w"], [SegmentFlag.execute, "x"]] as const;
  const kind = (flags & SegmentFlag.execute) !== 0 ? "code" : (flags & SegmentFlag.write) !== 0 ? "data" : "constants";
  return { start: offset, end: offset + fileSize, kind, name: `segment ${letters.map(([flag, letter]) => ((flags & flag) !== 0 ? letter : "")).join("")}` };
}

type Values = ReturnType<typeof SectionHeader.read>;

function sectionHeaders(bytes: Uint8Array, offset: number): { readonly at: number; readonly values: Values }[] {
  const { e_shnum } = FileHeader.read(bytes, 0);
  // Over 65,279 of them the count stands in the first.
  const count = e_shnum === 0 ? SectionHeader.read(bytes, offset).sh_size : e_shnum;
  return Array.from({ length: count }, (_, i) => ({ at: offset + i * SectionHeader.size, values: SectionHeader.read(bytes, offset + i * SectionHeader.size) }));
}

const decoder = new TextDecoder();

function sectionNames(bytes: Uint8Array, headers: readonly Values[], index: number): string[] {
  const table = headers[index === 0xffff ? headers[0].sh_link : index];
  return headers.map(({ sh_name }, i) => {
    if (i === 0) return "(null)";
    if (table === undefined) return `${i}`;
    const start = table.sh_offset + sh_name;
    return decoder.decode(bytes.subarray(start, bytes.indexOf(0, start)));
  });
}

const byType: Readonly<Record<number, ExtentKind>> = {
  [SectionType.dynamic]: "loading", [SectionType.dynsym]: "loading", [SectionType.gnuHash]: "loading", [SectionType.gnuVerneed]: "loading", [SectionType.gnuVersym]: "loading",
  [SectionType.rela]: "loading", [SectionType.rel]: "loading", [SectionType.symtab]: "symbols", [SectionType.symtabShndx]: "symbols", [SectionType.group]: "symbols", [SectionType.x86_64Unwind]: "unwind",
};

function kindOf(name: string, type: number, flags: number): ExtentKind {
  const known = byType[type];
  if (known !== undefined) return known;
  const isLoaded = (flags & SectionFlag.alloc) !== 0;
  if (type === SectionType.strtab) return isLoaded ? "loading" : "symbols";
  if (!isLoaded) return "debug";
  if (/^\.(eh_frame|gcc_except_table|rela?\.eh)/.test(name)) return "unwind";
  if (/^\.(interp|hash|got|plt)/.test(name) && (flags & SectionFlag.execute) === 0) return "loading";
  return (flags & SectionFlag.execute) !== 0 ? "code" : (flags & SectionFlag.write) !== 0 ? "data" : "constants";
}

/** Functions and variables that the symbol table gives a size, with the name that it has for them. */
function symbolExtents({ type: fileType, symbols, sections }: ElfFile, headers: readonly Values[]): Extent[] {
  /** Of each section that the reader gives, its header: both have the same order, and the reader leaves out the file's bookkeeping. */
  const found: Extent[] = [];
  for (let i = 0; i < symbols.count; i++) {
    const section = sections[symbols.section[i]];
    const type = symbols.info[i] & 15;
    if (section === undefined || symbols.size[i] === 0 || section.type === SectionType.nobits || (type !== SymbolType.function && type !== SymbolType.object && type !== SymbolType.gnuIfunc)) continue;
    const { sh_offset } = headers.find(({ sh_addr, sh_size, sh_type, sh_flags }) => sh_addr === section.address && sh_size === section.size && sh_type === section.type && sh_flags === section.flags) ?? headers[0];
    const within = fileType === FileType.relocatable ? symbols.value[i] : symbols.value[i] - section.address;
    const end = Math.min(within + symbols.size[i], section.size);
    if (within < 0 || within >= end) continue;
    const kind = (section.flags & SectionFlag.execute) !== 0 ? "code" : (section.flags & SectionFlag.write) !== 0 ? "data" : "constants";
    found.push({ start: sh_offset + within, end: sh_offset + end, kind, name: symbols.names[i], section: section.name });
  }
  return found;
}

/** d_tag of what lies in memory, and of its size where that is said. */
const tables = [
  { name: ".hash", at: 4 }, { name: ".gnu.hash", at: 0x6ffffef5 }, { name: ".dynsym", at: 6 }, { name: ".dynstr", at: 5, size: 10 }, { name: ".gnu.version", at: 0x6ffffff0 },
  { name: ".gnu.version_r", at: 0x6ffffffe }, { name: ".gnu.version_d", at: 0x6ffffffc }, { name: ".rela.dyn", at: 7, size: 8 }, { name: ".rela.plt", at: 23, size: 2 }, { name: ".init_array", at: 25, size: 27 }, { name: ".fini_array", at: 26, size: 28 },
] as const;

/** What the dynamic section names. A table whose size nothing says ends where the next one begins, or with its segment. */
function dynamicExtents(bytes: Uint8Array, { segments }: ElfFile): Extent[] {
  const found: Extent[] = [];
  const whole = (segment: ElfSegment | undefined, name: string): void => {
    if (segment !== undefined) found.push({ start: segment.offset, end: segment.offset + segment.fileSize, kind: "loading", name });
  };
  const dynamic = segments.find(({ type }) => type === SegmentType.dynamic);
  whole(segments.find(({ type }) => type === SegmentType.interp), ".interp");
  whole(dynamic, ".dynamic");
  if (dynamic === undefined) return found;
  const tags = new Map<number, number>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.fileSize; at += 16) tags.set(Number(view.getBigUint64(at, true)), Number(view.getBigUint64(at + 8, true)));
  const known = tables.flatMap((table) => {
    const address = tags.get(table.at);
    const segment = address === undefined ? undefined : segments.find((s) => s.type === SegmentType.load && address >= s.address && address < s.address + s.fileSize);
    if (address === undefined || segment === undefined) return [];
    const start = segment.offset + address - segment.address;
    return [{ name: table.name, start, segmentEnd: segment.offset + segment.fileSize, size: "size" in table ? tags.get(table.size) : undefined }];
  }).sort((a, b) => a.start - b.start);
  known.forEach(({ name, start, segmentEnd, size }, i) => found.push({ start, end: size === undefined ? Math.min(segmentEnd, known[i + 1]?.start ?? segmentEnd) : start + size, kind: "loading", name }));
  return found;
}
