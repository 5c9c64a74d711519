/** Reads an executable back: header, load commands, fixups, symbols. Takes any bytes; what is wrong names the field. Whether a system would run it, `verify.ts` says. */
import { BoundedReader } from "../boundedReader.ts";
import type { ReadError } from "../boundedReader.ts";
import { Command, IMPORTS_PLAIN, MAGIC_64, NO_FIXUPS } from "./constants.ts";
import type { MachImport, MachSection, MachSegment } from "./image.ts";
import {
  BuildVersionCommand, DylibCommand, FixupsHeader, LinkeditData, LoadCommand, MachHeader, MainCommand, NLIST_SIZE, Section, SegmentCommand, SegmentStarts, SymtabCommand, UUID_COMMAND_SIZE,
} from "./layouts.ts";

export interface LoadedCommand {
  readonly command: number;
  readonly offset: number;
  readonly size: number;
}

export interface ReadSegment extends MachSegment {
  readonly maximumProtection: number;
}

export interface ReadFixups {
  readonly imports: readonly MachImport[];
  /** By segment of the payload: 0 entries where it has no fixups. */
  readonly segments: readonly { readonly segment: number; readonly pageSize: number; readonly format: number; readonly segmentOffset: number; readonly pageCount: number }[];
  readonly segmentCount: number;
  /** Columns: place in the file, whether it is bound to an import, and to which, or the target as an offset from the header. */
  readonly offset: readonly number[];
  readonly bind: readonly boolean[];
  readonly value: readonly number[];
}

export interface MachFile {
  readonly size: number;
  readonly cpuType: number;
  readonly cpuSubtype: number;
  readonly fileType: number;
  readonly flags: number;
  readonly commands: readonly LoadedCommand[];
  readonly commandsSize: number;
  readonly segments: readonly ReadSegment[];
  readonly libraries: readonly string[];
  readonly dylinker: string | undefined;
  /** From the header, by LC_MAIN or, before that, LC_UNIXTHREAD. */
  readonly entryOffset: number | undefined;
  readonly stackSize: number;
  readonly uuid: Uint8Array | undefined;
  readonly platform: number | undefined;
  readonly minimumVersion: number;
  readonly kitVersion: number;
  readonly fixups: ReadFixups | undefined;
  /** Where parts of __LINKEDIT lie, by name of their command. */
  readonly parts: Readonly<Record<string, { readonly offset: number; readonly size: number }>>;
  readonly symbols: readonly { readonly name: string; readonly type: number; readonly section: number; readonly description: number; readonly value: number }[];
}

export type MachResult = { readonly ok: true; readonly file: MachFile } | { readonly ok: false; readonly error: ReadError };

/** What the load commands say, as far as they have been read. */
interface Found {
  readonly segments: ReadSegment[];
  readonly libraries: string[];
  readonly parts: Record<string, { offset: number; size: number }>;
  dylinker?: string;
  entry?: number;
  /** The first instruction's address, of programs that begin without a loader. */
  instruction?: number;
  stack?: number;
  uuid?: Uint8Array;
  platform?: number;
  minimum?: number;
  kit?: number;
  symbols?: MachFile["symbols"];
}

/** Reads a 64-bit Mach-O file. Of bytes that are none, the field that is wrong and its offset in the file. */
export function readMacho(bytes: Uint8Array): MachResult {
  const r = new BoundedReader(bytes);
  const header = r.header(MachHeader, 0, "mach_header_64");
  r.demand(header.magic === MAGIC_64, "magic", 0, "is not that of a 64-bit Mach-O of this byte order");
  const commands = listCommands(r, header.ncmds, header.sizeofcmds);
  const found: Found = { segments: [], libraries: [], parts: {} };
  for (const command of commands) readCommand(r, command, found);
  const { segments, libraries, parts } = found;
  if (found.instruction !== undefined) found.entry ??= found.instruction - (segments.find((s) => s.name === "__TEXT")?.address ?? 0);
  const fixups = parts["fixups"] === undefined ? undefined : readFixups(r, parts["fixups"], segments);
  if (r.error !== undefined) return { ok: false, error: r.error };
  return {
    ok: true,
    file: {
      size: bytes.length, cpuType: header.cputype, cpuSubtype: header.cpusubtype, fileType: header.filetype, flags: header.flags, commands, commandsSize: header.sizeofcmds, segments, libraries,
      dylinker: found.dylinker, entryOffset: found.entry, stackSize: found.stack ?? 0, uuid: found.uuid, platform: found.platform, minimumVersion: found.minimum ?? 0, kitVersion: found.kit ?? 0,
      fixups, parts, symbols: found.symbols ?? [],
    },
  };
}

/** The load commands, which fill `size` bytes behind the header. */
function listCommands(r: BoundedReader, count: number, size: number): LoadedCommand[] {
  const end = MachHeader.size + size;
  r.has(0, end, "sizeofcmds");
  const commands: LoadedCommand[] = [];
  let at = MachHeader.size;
  for (let i = 0; i < count && !r.failed; i++) {
    const { cmd, cmdsize } = r.header(LoadCommand, at, "load_command");
    if (!r.demand(cmdsize >= 8 && cmdsize % 8 === 0 && at + cmdsize <= end, "cmdsize", at + 4, `${cmdsize} is no multiple of 8 within the load commands`)) break;
    commands.push({ command: cmd, offset: at, size: cmdsize });
    at += cmdsize;
  }
  r.demand(at === end, "sizeofcmds", 20, "is not the sum of the commands' sizes");
  return commands;
}

/** The parts of __LINKEDIT that a command of its own names. */
const linkEditNames: Readonly<Record<number, string>> = {
  [Command.dyldChainedFixups]: "fixups", [Command.dyldExportsTrie]: "exports", [Command.functionStarts]: "functions", [Command.dataInCode]: "data", [Command.codeSignature]: "signature",
};

function readCommand(r: BoundedReader, { command, offset, size }: LoadedCommand, found: Found): void {
  switch (command) {
    case Command.segment64: {
      const segment = readSegment(r, offset, size);
      if (segment !== undefined) found.segments.push(segment);
      break;
    }
    case Command.loadDylib:
    case Command.loadWeakDylib:
    case Command.reexportDylib:
    case Command.loadUpwardDylib:
      found.libraries.push(r.text(offset + r.header(DylibCommand, offset, "dylib_command").name, offset + size, "dylib.name"));
      break;
    case Command.loadDylinker:
      found.dylinker = r.text(offset + r.u32(offset + 8, "dylinker_command.name"), offset + size, "dylinker.name");
      break;
    case Command.main: {
      const main = r.header(MainCommand, offset, "entry_point_command");
      found.entry = main.entryoff;
      found.stack = main.stacksize;
      break;
    }
    case Command.unixThread:
      // flavor, count, then the registers of x86_64: rip is the 17th
      if (r.demand(size === 184, "thread_command.cmdsize", offset + 4, `${size} is not that of x86_THREAD_STATE64`)) found.instruction = r.u64(offset + 144, "thread_command.rip");
      break;
    case Command.uuid:
      if (r.has(offset, UUID_COMMAND_SIZE, "uuid_command")) found.uuid = r.bytes.slice(offset + 8, offset + 24);
      break;
    case Command.buildVersion: {
      const build = r.header(BuildVersionCommand, offset, "build_version_command");
      found.platform = build.platform;
      found.minimum = build.minos;
      found.kit = build.sdk;
      break;
    }
    case Command.symtab: {
      const table = r.header(SymtabCommand, offset, "symtab_command");
      found.parts["symbols"] = { offset: table.symoff, size: table.nsyms * NLIST_SIZE };
      found.parts["strings"] = { offset: table.stroff, size: table.strsize };
      found.symbols = readSymbols(r, table);
      break;
    }
    default: {
      const name = linkEditNames[command];
      if (name === undefined) break;
      const data = r.header(LinkeditData, offset, "linkedit_data_command");
      r.has(data.dataoff, data.datasize, "dataoff");
      found.parts[name] = { offset: data.dataoff, size: data.datasize };
    }
  }
}

function readSegment(r: BoundedReader, at: number, size: number): ReadSegment | undefined {
  const s = r.header(SegmentCommand, at, "segment_command_64");
  if (!r.demand(size === SegmentCommand.size + s.nsects * Section.size, `${s.segname}.cmdsize`, at + 4, "does not fit its sections")) return undefined;
  r.has(s.fileoff, s.filesize, `${s.segname}.fileoff`);
  const sections: MachSection[] = [];
  for (let i = 0; i < s.nsects && !r.failed; i++) {
    const section = r.header(Section, at + SegmentCommand.size + i * Section.size, `${s.segname}, section ${i}`);
    if (!r.demand(section.align < 32, `${s.segname},${section.sectname}.align`, at, `2^${section.align} is too large`)) break;
    sections.push({ name: section.sectname, address: section.addr, size: section.size, offset: section.offset, alignment: 2 ** section.align, flags: section.flags, reserved1: section.reserved1 });
  }
  return {
    name: s.segname, address: s.vmaddr, memorySize: s.vmsize, offset: s.fileoff, fileSize: s.filesize, protection: s.initprot, maximumProtection: s.maxprot, flags: s.flags, sections,
  };
}

function readSymbols(r: BoundedReader, table: { readonly symoff: number; readonly nsyms: number; readonly stroff: number; readonly strsize: number }): MachFile["symbols"] {
  const symbols: { name: string; type: number; section: number; description: number; value: number }[] = [];
  if (!r.has(table.symoff, table.nsyms * NLIST_SIZE, "symoff") || !r.has(table.stroff, table.strsize, "stroff")) return symbols;
  for (let i = 0; i < table.nsyms && !r.failed; i++) {
    const at = table.symoff + i * NLIST_SIZE;
    const name = r.u32(at, "n_strx");
    symbols.push({
      name: name === 0 ? "" : r.text(table.stroff + name, table.stroff + table.strsize, "n_strx"), type: r.u8(at + 4, "n_type"), section: r.u8(at + 5, "n_sect"), description: r.u16(at + 6, "n_desc"), value: r.u64(at + 8, "n_value"),
    });
  }
  return symbols;
}

function readFixups(r: BoundedReader, part: { readonly offset: number; readonly size: number }, segments: readonly MachSegment[]): ReadFixups | undefined {
  const end = part.offset + part.size;
  const header = r.header(FixupsHeader, part.offset, "dyld_chained_fixups_header");
  r.demand(header.fixups_version === 0, "fixups_version", part.offset, "is not 0");
  r.demand(header.imports_format === IMPORTS_PLAIN, "imports_format", part.offset + 20, "is not DYLD_CHAINED_IMPORT");
  const imports: MachImport[] = [];
  for (let i = 0; i < header.imports_count && !r.failed; i++) {
    const word = r.u32(part.offset + header.imports_offset + i * 4, "dyld_chained_import");
    imports.push({ library: word & 255, name: r.text(part.offset + header.symbols_offset + (word >>> 9), end, "name_offset") });
  }
  const starts = part.offset + header.starts_offset;
  const segmentCount = r.u32(starts, "seg_count");
  r.demand(segmentCount <= segments.length, "seg_count", starts, `${segmentCount} is more than the segments`);
  const found: { segment: number; pageSize: number; format: number; segmentOffset: number; pageCount: number }[] = [];
  const columns = { offset: [] as number[], bind: [] as boolean[], value: [] as number[] };
  for (let s = 0; s < segmentCount && !r.failed; s++) {
    const offset = r.u32(starts + 4 + 4 * s, "seg_info_offset");
    if (offset === 0) continue;
    const own = r.header(SegmentStarts, starts + offset, "dyld_chained_starts_in_segment");
    if (!r.demand(own.page_size === 0x1000 || own.page_size === 0x4000, "page_size", starts + offset + 4, `${own.page_size} is none`)) break;
    found.push({ segment: s, pageSize: own.page_size, format: own.pointer_format, segmentOffset: own.segment_offset, pageCount: own.page_count });
    for (let page = 0; page < own.page_count && !r.failed; page++) {
      const first = r.u16(starts + offset + SegmentStarts.size + 2 * page, "page_start");
      if (first === NO_FIXUPS) continue;
      let within = first;
      for (;;) {
        const at = segments[s].offset + page * own.page_size + within;
        if (!r.demand(within + 8 <= own.page_size, "page_start", at, "the chain leads out of its page")) break;
        const [low, high] = [r.u32(at, "chained pointer"), r.u32(at + 4, "chained pointer")];
        const bind = high >>> 31 === 1;
        columns.offset.push(at);
        columns.bind.push(bind);
        columns.value.push(bind ? low & 0xff_ffff : (high & 15) * 0x1_0000_0000 + low);
        if (bind) r.demand((low & 0xff_ffff) < imports.length, "ordinal", at, "is no import's");
        const next = (high >>> 19) & 0xfff;
        if (next === 0 || r.failed) break;
        within += next * 4;
      }
    }
  }
  return { imports, segments: found, segmentCount, ...columns };
}
