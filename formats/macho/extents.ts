/** What each byte of a Mach-O file is for: header, load commands, sections, the parts of __LINKEDIT; and symbols. */
import { headerExtent, overlay, wholeFile, type Extent, type ExtentKind } from "../extents.ts";
import type { Fields, Layout } from "../layout.ts";
import { Command, SectionAttribute, SectionType, SymbolType } from "./constants.ts";
import type { MachSection } from "./image.ts";
import { BuildVersionCommand, DylibCommand, DylinkerCommand, DysymtabCommand, LinkeditData, LoadCommand, MachHeader, MainCommand, Section, SegmentCommand, SymtabCommand } from "./layouts.ts";
import type { LoadedCommand, MachFile } from "./read.ts";

interface CommandForm {
  readonly name: string;
  /** Of its fields, in bytes. */
  readonly size: number;
  readonly extent: (bytes: Uint8Array, at: number, name: string) => Extent;
}

const form = <F extends Fields>(name: string, layout: Layout<F>): CommandForm => ({ name, size: layout.size, extent: (bytes, at, title) => headerExtent(title, layout, bytes, at) });

const commands: Readonly<Record<number, CommandForm>> = {
  [Command.segment64]: form("LC_SEGMENT_64", SegmentCommand), [Command.symtab]: form("LC_SYMTAB", SymtabCommand), [Command.dysymtab]: form("LC_DYSYMTAB", DysymtabCommand),
  [Command.loadDylib]: form("LC_LOAD_DYLIB", DylibCommand), [Command.loadWeakDylib]: form("LC_LOAD_WEAK_DYLIB", DylibCommand), [Command.loadDylinker]: form("LC_LOAD_DYLINKER", DylinkerCommand),
  [Command.uuid]: form("LC_UUID", LoadCommand), [Command.buildVersion]: form("LC_BUILD_VERSION", BuildVersionCommand), [Command.main]: form("LC_MAIN", MainCommand),
  [Command.codeSignature]: form("LC_CODE_SIGNATURE", LinkeditData), [Command.dyldChainedFixups]: form("LC_DYLD_CHAINED_FIXUPS", LinkeditData), [Command.dyldExportsTrie]: form("LC_DYLD_EXPORTS_TRIE", LinkeditData),
  [Command.functionStarts]: form("LC_FUNCTION_STARTS", LinkeditData), [Command.dataInCode]: form("LC_DATA_IN_CODE", LinkeditData), [Command.dyldInfo]: form("LC_DYLD_INFO", LoadCommand),
  [Command.dyldInfoOnly]: form("LC_DYLD_INFO_ONLY", LoadCommand), [Command.sourceVersion]: form("LC_SOURCE_VERSION", LoadCommand), [Command.versionMinMacos]: form("LC_VERSION_MIN_MACOSX", LoadCommand),
  [Command.unixThread]: form("LC_UNIXTHREAD", LoadCommand), [Command.rpath]: form("LC_RPATH", LoadCommand),
};

/** The account of a file that `readMacho` could read, which gave `file`. */
export function machoExtents(bytes: Uint8Array, file: MachFile): Extent[] {
  const segments = file.segments.map(({ name, offset, fileSize }): Extent => ({ start: offset, end: offset + fileSize, kind: "unknown", name, rest: true }));
  const sections = file.segments.flatMap((segment) => segment.sections.flatMap((section): Extent[] => {
    const { offset, size } = section;
    return hasContent(section) ? [{ start: offset, end: offset + size, kind: sectionKind(section), name: `${segment.name},${section.name}` }] : [];
  }));
  const headers = [headerExtent("mach header", MachHeader, bytes, 0), ...file.commands.flatMap((command) => commandExtents(bytes, command, file))];
  return overlay(overlay(overlay(overlay(overlay(wholeFile(bytes.length), segments), sections), linkEdit(bytes, file)), headers), symbolExtents(file));
}

function hasContent({ flags, offset }: MachSection): boolean {
  const type = flags & 0xff;
  return offset > 0 && type !== SectionType.zeroFill && type !== SectionType.gbZeroFill && type !== SectionType.threadZeroFill;
}

function sectionKind({ name, flags }: MachSection): ExtentKind {
  if ((flags & SectionAttribute.debug) !== 0 || name.startsWith("__debug")) return "debug";
  if ((flags & (SectionAttribute.pureInstructions | SectionAttribute.someInstructions)) !== 0) return "code";
  if ((flags & 0xff) === SectionType.cstrings) return "string";
  if ((flags & 0xff) === SectionType.nonLazyPointers) return "loading";
  if (name === "__unwind_info" || name === "__eh_frame") return "unwind";
  return name.startsWith("__const") || name.startsWith("__rodata") ? "constants" : "data";
}

/** A command: its fields, and what follows them. */
function commandExtents(bytes: Uint8Array, { command, offset, size }: LoadedCommand, file: MachFile): Extent[] {
  const known = commands[command];
  const end = offset + size;
  // One that is shorter than its fields is none of its kind.
  if (known === undefined || known.size > size) return [{ start: offset, end, kind: "header", name: `load command 0x${command.toString(16)}` }];
  const segment = command === Command.segment64 ? SegmentCommand.read(bytes, offset) : undefined;
  const first = known.extent(bytes, offset, segment === undefined ? known.name : `${known.name} ${segment.segname}`);
  if (segment !== undefined) {
    const own = Array.from({ length: segment.nsects }, (_, i) => {
      const at = offset + SegmentCommand.size + i * Section.size;
      return headerExtent(`section header ${Section.read(bytes, at).sectname}`, Section, bytes, at);
    });
    return [first, ...own];
  }
  if (first.end === end) return [first];
  const text = command === Command.loadDylib || command === Command.loadWeakDylib ? "library" : command === Command.loadDylinker ? file.dylinker : undefined;
  const path = text === "library" ? new TextDecoder().decode(bytes.subarray(first.end, Math.max(first.end, bytes.indexOf(0, first.end)))) : text;
  return [first, { start: first.end, end, kind: "header", name: path === undefined ? `${known.name}: content` : `${known.name}: path ${path}` }];
}

const partNames: Readonly<Record<string, readonly [name: string, kind: ExtentKind]>> = {
  fixups: ["chained fixups", "loading"], exports: ["exports", "loading"], functions: ["function starts", "symbols"], data: ["data in code", "symbols"],
  signature: ["code signature", "signature"], symbols: ["symbol table", "symbols"], strings: ["string table", "symbols"],
};

/** The tables that load commands name. */
function linkEdit(bytes: Uint8Array, { parts, commands: loaded }: MachFile): Extent[] {
  const found = Object.entries(parts).map(([part, { offset, size }]): Extent => {
    const [name, kind] = partNames[part] ?? [part, "loading"];
    return { start: offset, end: offset + size, kind, name };
  });
  for (const { command, offset, size } of loaded) {
    if (command === Command.dysymtab && size >= DysymtabCommand.size) {
      const { indirectsymoff, nindirectsyms } = DysymtabCommand.read(bytes, offset);
      found.push({ start: indirectsymoff, end: indirectsymoff + 4 * nindirectsyms, kind: "symbols", name: "indirect symbols" });
    }
    if ((command === Command.dyldInfo || command === Command.dyldInfoOnly) && size >= 48) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + offset, size);
      ["rebases", "bindings", "weak bindings", "lazy bindings", "exports"].forEach((name, i) => {
        const start = view.getUint32(8 + 8 * i, true);
        found.push({ start, end: start + view.getUint32(12 + 8 * i, true), kind: "loading", name });
      });
    }
  }
  return found;
}

/** What symbols name within sections: up to the next one, as Mach-O tells no sizes. */
function symbolExtents({ segments, symbols }: MachFile): Extent[] {
  const sections = segments.flatMap((segment) => segment.sections.map((section) => ({ segment, section })));
  const inside = symbols.filter(({ type, section }) => (type & SymbolType.stabs) === 0 && (type & SymbolType.typeMask) === SymbolType.section && section > 0).sort((a, b) => a.section - b.section || a.value - b.value);
  return inside.flatMap(({ name, section: number, value }, i): Extent[] => {
    const { segment, section } = sections[number - 1] ?? {};
    if (segment === undefined || section === undefined || !hasContent(section)) return [];
    const next = inside.slice(i + 1, i + 2).find((other) => other.section === number)?.value ?? section.address + section.size;
    const at = (address: number): number => Math.min(Math.max(address - section.address, 0), section.size) + section.offset;
    return [{ start: at(value), end: at(next), kind: sectionKind(section), name: name.replace(/^_/, ""), section: `${segment.name},${section.name}` }];
  });
}
