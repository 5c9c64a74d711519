/** A main executable: load commands first, then the sections' content (already in the file), then __LINKEDIT in the order that codesign and strip want. */
import { alignUp } from "../align.ts";
import { planFixups } from "./chainedFixups.ts";
import { Command, DYLINKER, FileType, HeaderFlag, MAGIC_64, PLATFORM_MACOS, Protection, SectionType } from "./constants.ts";
import { signatureSize, writeSignature } from "./codeSignature.ts";
import type { MachFixups, MachImport, MachSegment, MachSymbols } from "./image.ts";
import {
  BuildVersionCommand, DylibCommand, DylinkerCommand, DysymtabCommand, LinkeditData, MachHeader, MainCommand, NLIST_SIZE, Section, SegmentCommand, SymtabCommand, UUID_COMMAND_SIZE,
} from "./layouts.ts";
import { nameTable, putText, writeSymbols } from "./symbolTable.ts";

export interface ExecutableFile {
  readonly cpu: { readonly type: number; readonly subtype: number };
  readonly pageSize: number;
  /** The smallest system that it runs on, and the kit that it was made for, as `version` makes them. */
  readonly minimumVersion: number;
  readonly kitVersion: number;
  /** Of the header. */
  readonly base: number;
  readonly entry: number;
  readonly stackSize: number;
  /** All but __LINKEDIT, __PAGEZERO first, __TEXT second. */
  readonly segments: readonly MachSegment[];
  /** Paths; imports number them from 1. */
  readonly libraries: readonly string[];
  readonly imports: readonly MachImport[];
  readonly fixups: MachFixups;
  readonly symbols: MachSymbols;
  /** Of the pointer sections' entries, in their order: indices into the symbols, or INDIRECT_LOCAL. */
  readonly indirect: readonly number[];
  /** What the signature calls the program. */
  readonly identifier: string;
}

/** Bytes of the load commands, before anything is placed. `sections`: of all segments; `segments`: with __LINKEDIT. */
export function commandsSize(segments: number, sections: number, libraries: readonly string[]): number {
  return (
    segments * SegmentCommand.size + sections * Section.size + LinkeditData.size * 2 + SymtabCommand.size + DysymtabCommand.size + dylinkerSize + UUID_COMMAND_SIZE +
    BuildVersionCommand.size + MainCommand.size + libraries.reduce((sum, path) => sum + dylibSize(path), 0)
  );
}

/** Bytes left free behind the load commands, for those who add one. */
export const SPARE = 32;

const dylinkerSize = alignUp(DylinkerCommand.size + DYLINKER.length + 1, 8);
const dylibSize = (path: string): number => alignUp(DylibCommand.size + path.length + 1, 8);

export interface ExecutablePlan {
  readonly size: number;
  write(file: Uint8Array): void;
}

/** Measures the file; `write` then fills in all that is not the sections' content. */
export function planExecutable(image: ExecutableFile): ExecutablePlan {
  const { segments, symbols, pageSize } = image;
  const last = segments[segments.length - 1];
  const start = segments.reduce((end, s) => Math.max(end, s.offset + s.fileSize), 0);
  const address = alignUp(last.address + last.memorySize, pageSize);
  const fixups = planFixups([...segments, last], image.base, pageSize, image.fixups, image.imports);
  let at = start;
  const take = (size: number, alignment: number): number => {
    at = alignUp(at, alignment);
    const own = at;
    at += size;
    return own;
  };
  const fixupsAt = take(fixups.size, 8);
  const symbolsAt = take(symbols.count * NLIST_SIZE, 8);
  const indirectAt = take(image.indirect.length * 4, 4);
  const names = symbols.count === 0 ? { text: "", offsets: [] } : nameTable(symbols.names);
  const namesAt = take(names.text.length, 1);
  const signatureAt = take(0, 16);
  const signature = signatureSize(signatureAt, image.identifier);
  const size = signatureAt + signature;
  const linkedit: MachSegment = {
    name: "__LINKEDIT", address, memorySize: alignUp(size - start, pageSize), offset: start, fileSize: size - start, protection: Protection.read, flags: 0, sections: [],
  };
  return { size, write };

  function write(file: Uint8Array): void {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    let command = MachHeader.size;
    let count = 0;
    const begin = (length: number): number => {
      const own = command;
      command += length;
      count++;
      return own;
    };
    for (const segment of [...segments, linkedit]) writeSegment(file, begin(SegmentCommand.size + segment.sections.length * Section.size), segment);
    const data = (cmd: number, dataoff: number, datasize: number): void => LinkeditData.write(file, begin(LinkeditData.size), { cmd, cmdsize: LinkeditData.size, dataoff, datasize });
    data(Command.dyldChainedFixups, fixupsAt, fixups.size);
    SymtabCommand.write(file, begin(SymtabCommand.size), {
      cmd: Command.symtab, cmdsize: SymtabCommand.size, symoff: symbolsAt, nsyms: symbols.count, stroff: namesAt, strsize: names.text.length,
    });
    const { localCount, definedCount } = symbols;
    DysymtabCommand.write(file, begin(DysymtabCommand.size), {
      cmd: Command.dysymtab, cmdsize: DysymtabCommand.size, ilocalsym: 0, nlocalsym: localCount, iextdefsym: localCount, nextdefsym: definedCount,
      iundefsym: localCount + definedCount, nundefsym: symbols.count - localCount - definedCount, tocoff: 0, ntoc: 0, modtaboff: 0, nmodtab: 0, extrefsymoff: 0, nextrefsyms: 0,
      indirectsymoff: image.indirect.length === 0 ? 0 : indirectAt, nindirectsyms: image.indirect.length, extreloff: 0, nextrel: 0, locreloff: 0, nlocrel: 0,
    });
    const text = (to: number, value: string): void => putText(file, to, value);
    const dylinker = begin(dylinkerSize);
    DylinkerCommand.write(file, dylinker, { cmd: Command.loadDylinker, cmdsize: dylinkerSize, name: DylinkerCommand.size });
    text(dylinker + DylinkerCommand.size, DYLINKER);
    const uuid = begin(UUID_COMMAND_SIZE);
    view.setUint32(uuid, Command.uuid, true);
    view.setUint32(uuid + 4, UUID_COMMAND_SIZE, true);
    BuildVersionCommand.write(file, begin(BuildVersionCommand.size), {
      cmd: Command.buildVersion, cmdsize: BuildVersionCommand.size, platform: PLATFORM_MACOS, minos: image.minimumVersion, sdk: image.kitVersion, ntools: 0,
    });
    MainCommand.write(file, begin(MainCommand.size), { cmd: Command.main, cmdsize: MainCommand.size, entryoff: image.entry - image.base, stacksize: image.stackSize });
    for (const path of image.libraries) {
      const own = begin(dylibSize(path));
      DylibCommand.write(file, own, { cmd: Command.loadDylib, cmdsize: dylibSize(path), name: DylibCommand.size, timestamp: 2, current_version: 0x0001_0000, compatibility_version: 0x0001_0000 });
      text(own + DylibCommand.size, path);
    }
    data(Command.codeSignature, signatureAt, signature);
    MachHeader.write(file, 0, {
      magic: MAGIC_64, cputype: image.cpu.type, cpusubtype: image.cpu.subtype, filetype: FileType.execute, ncmds: count, sizeofcmds: command - MachHeader.size,
      flags: HeaderFlag.noUndefs | HeaderFlag.dyldLink | HeaderFlag.twoLevel | HeaderFlag.pie, reserved: 0,
    });
    fixups.write(file, fixupsAt);
    writeSymbols(view, symbolsAt, symbols, names.offsets);
    image.indirect.forEach((index, i) => view.setUint32(indirectAt + i * 4, index, true));
    text(namesAt, names.text);
    writeSignature(file, signatureAt, image.identifier, segments[1].fileSize, uuid + 8);
  }
}

function writeSegment(file: Uint8Array, at: number, segment: MachSegment): void {
  const { name, sections } = segment;
  SegmentCommand.write(file, at, {
    cmd: Command.segment64, cmdsize: SegmentCommand.size + sections.length * Section.size, segname: name, vmaddr: segment.address, vmsize: segment.memorySize, fileoff: segment.offset,
    filesize: segment.fileSize, maxprot: segment.protection, initprot: segment.protection, nsects: sections.length, flags: segment.flags,
  });
  sections.forEach((section, i) => {
    Section.write(file, at + SegmentCommand.size + i * Section.size, {
      sectname: section.name, segname: name, addr: section.address, size: section.size, offset: (section.flags & 0xff) === SectionType.zeroFill ? 0 : section.offset,
      align: Math.log2(section.alignment), reloff: 0, nreloc: 0, flags: section.flags, reserved1: section.reserved1 ?? 0, reserved2: 0, reserved3: 0,
    });
  });
}
