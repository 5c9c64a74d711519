/**
 * What every byte of an executable is for. The file itself tells of headers, sections and symbols (`formats/…/extents.ts`); of one that was just linked, the linker
 * tells of all functions, constants and strings, stripped or not, and the front end where the functions stand in the source.
 */

import { isFill } from "../../encoders/fill.ts";
import { elfExtents } from "../../formats/elf/extents.ts";
import { readElf } from "../../formats/elf/read.ts";
import { extentKinds, overlay, type Extent, type ExtentKind } from "../../formats/extents.ts";
import { machoExtents } from "../../formats/macho/extents.ts";
import { readMacho } from "../../formats/macho/read.ts";
import { peExtents } from "../../formats/pe/extents.ts";
import { coffExtents } from "../../formats/pe/objectExtents.ts";
import { readPe } from "../../formats/pe/read.ts";
import { isCoffObject, readCoffObject } from "../../formats/pe/readObject.ts";
import { demangle, displayName, literalKind } from "../irgen/mangle.ts";
import type { LinkSummary } from "../link/image.ts";
import { SymbolType, type Purpose, type SectionKind, type SymbolId } from "../link/object.ts";
import { privateMeaning } from "../link/privateNames.ts";
import type { Place, SourceMap } from "../source/sourceMap.ts";

export interface AccountedExtent extends Extent {
  /** Of a function of the program: where it is declared. */
  readonly place?: Place | undefined;
}

export interface Account {
  readonly format: "ELF" | "Mach-O" | "PE" | "COFF";
  /** Bytes of the file. */
  readonly size: number;
  /** From the first byte to the last, each one once. */
  readonly extents: readonly AccountedExtent[];
  /** Bytes of each kind that there are any of; their sum is the size. */
  readonly totals: readonly { readonly kind: ExtentKind; readonly bytes: number }[];
}

/** What a build knows of its executable. */
export interface Linked {
  readonly summary: LinkSummary;
  /** By symbol of a function: the position of its declaration. */
  readonly declared: ReadonlyMap<string, number>;
  readonly sources: SourceMap;
}

export type AccountResult = { readonly ok: true; readonly account: Account } | { readonly ok: false; readonly problem: string };

/** The account of an executable or an object; `linked` is what is known of one that was just made. */
export function accountOf(bytes: Uint8Array, linked?: Linked): AccountResult {
  const read = extentsOf(bytes);
  if (!read.ok) return read;
  const isOurs = linked !== undefined || read.extents.some(({ name }) => name === "lang_start");
  let { extents } = read;
  if (linked !== undefined) for (const layer of linkedLayers(bytes, linked.summary)) extents = overlay(extents, layer);
  const named = extents.map((extent): AccountedExtent => {
    if (extent.rest === true && isFill(bytes, extent.start, extent.end)) return { ...extent, kind: "padding", name: "padding" };
    if (extent.rest === true && extent.kind === "unknown" && extent.name === "") return { ...extent, name: "(nothing says what)" };
    if (!isOurs || extent.section === undefined || extent.kind === "string") return extent;
    const position = linked?.declared.get(extent.name);
    return position === undefined ? { ...extent, name: shownName(extent.name) } : { ...extent, name: displayName(extent.name), place: linked?.sources.place(position) };
  });
  const bytesOf = (kind: ExtentKind): number => named.reduce((sum, extent) => (extent.kind === kind ? sum + extent.end - extent.start : sum), 0);
  const totals = extentKinds.map((kind) => ({ kind, bytes: bytesOf(kind) })).filter((total) => total.bytes > 0);
  return { ok: true, account: { format: read.format, size: bytes.length, extents: named, totals } };
}

function extentsOf(bytes: Uint8Array): { readonly ok: true; readonly format: Account["format"]; readonly extents: Extent[] } | { readonly ok: false; readonly problem: string } {
  const wrong = ({ field, offset, problem }: { readonly field: string; readonly offset: number; readonly problem: string }) => ({ ok: false, problem: `${field} at 0x${offset.toString(16)}: ${problem}` }) as const;
  switch (formatOf(bytes)) {
    case "ELF": {
      const read = readElf(bytes);
      return read.ok ? { ok: true, format: "ELF", extents: elfExtents(bytes, read.file) } : wrong(read.error);
    }
    case "Mach-O": {
      const read = readMacho(bytes);
      return read.ok ? { ok: true, format: "Mach-O", extents: machoExtents(bytes, read.file) } : wrong(read.error);
    }
    case "PE": {
      const read = readPe(bytes);
      return read.ok ? { ok: true, format: "PE", extents: peExtents(bytes, read.file) } : wrong(read.error);
    }
    case "COFF": {
      const read = readCoffObject(bytes);
      return read.ok ? { ok: true, format: "COFF", extents: coffExtents(bytes, read.file) } : wrong(read.error);
    }
    default:
      return { ok: false, problem: "it is neither ELF nor Mach-O, PE or COFF" };
  }
}

/** The format that a file's first bytes say. */
export function formatOf(bytes: Uint8Array): Account["format"] | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0x7f && b === 0x45 && c === 0x4c && d === 0x46) return "ELF";
  if (a === 0xcf && b === 0xfa && c === 0xed && d === 0xfe) return "Mach-O";
  if (a === 0x4d && b === 0x5a) return "PE";
  return isCoffObject(bytes) ? "COFF" : undefined;
}

const kinds: Readonly<Record<SectionKind, ExtentKind>> = { text: "code", rodata: "constants", relro: "constants", data: "data", bss: "data", tls: "data", tlsZero: "data", info: "debug" };
/** What bytes of a section are for, which is the program's own or not. */
function kindOf(purpose: Purpose, kind: SectionKind): ExtentKind {
  return purpose === "program" ? kinds[kind] : purpose;
}

/** What the linker put where: sections, then the sections of the objects within them, then what these consist of. */
function linkedLayers(bytes: Uint8Array, { program, outputs, placed }: LinkSummary): readonly (readonly Extent[])[] {
  const sections: Extent[] = [];
  const inputs: Extent[] = [];
  const parts: Extent[] = [];
  /** By section of the program: where it begins in the file, or -1. */
  const startOf = new Float64Array(program.sectionCount).fill(-1);
  outputs.forEach((output, o) => {
    if (output.kind === "bss" || output.kind === "tlsZero") return;
    const start = placed.offset[o];
    const purposes = [...new Set(output.inputs.map((section) => program.sections[section].purpose))];
    sections.push({ start, end: start + output.size, kind: kindOf(purposes.length === 1 ? purposes[0] : "program", output.kind), name: output.name });
    output.inputs.forEach((section, i) => {
      const at = start + output.inputOffset[i];
      const { name, purpose, merge, entrySize } = program.sections[section];
      const kind = kindOf(purpose, output.kind);
      startOf[section] = at;
      inputs.push({ start: at, end: at + program.size[section], kind, name });
      if (merge === "strings" && entrySize === 1) parts.push(...strings(bytes, at, at + program.size[section], name));
      else if (merge === "constants" && entrySize > 0) parts.push(...constants(bytes, at, at + program.size[section], entrySize, name));
    });
  });
  program.objects.forEach(({ symbols }, o) => {
    for (let i = 0; i < symbols.count; i++) {
      const number = program.symbolBase[o] + i;
      const section = program.symbolSection[number];
      if (program.definition[number] !== number || section < 0 || startOf[section] < 0 || symbols.type(i as SymbolId) === SymbolType.section || program.sections[section].merge !== "none") continue;
      const start = startOf[section] + program.symbolOffset[number];
      const { name, kind, purpose } = program.sections[section];
      parts.push({ start, end: Math.min(start + program.symbolSize[number], startOf[section] + program.size[section]), kind: kindOf(purpose, kind), name: symbols.name(i as SymbolId), section: name });
    }
  });
  return [sections, inputs, parts];
}

const decoder = new TextDecoder();

/** Texts that end in a NUL. */
function strings(bytes: Uint8Array, start: number, end: number, section: string): Extent[] {
  const found: Extent[] = [];
  for (let at = start; at < end; ) {
    const stop = Math.min(bytes.indexOf(0, at) + 1 || end, end);
    found.push({ start: at, end: stop, kind: "string", name: JSON.stringify(decoder.decode(bytes.subarray(at, bytes[stop - 1] === 0 ? stop - 1 : stop))), section });
    at = stop;
  }
  return found;
}

/** Numbers of a size, as their bits and, where they may be one, as a float. */
function constants(bytes: Uint8Array, start: number, end: number, size: number, section: string): Extent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor((end - start) / size) }, (_, i): Extent => {
    const at = start + i * size;
    const hex = Array.from(bytes.subarray(at, at + size), (byte) => byte.toString(16).padStart(2, "0")).reverse().join("");
    const float = size === 8 ? `, ${view.getFloat64(at, true)} as f64` : size === 4 ? `, ${view.getFloat32(at, true)} as f32` : "";
    return { start: at, end: at + size, kind: "constants", name: `constant 0x${hex}${float}`, section };
  });
}

/** Names that the compiler made up, in words; others with their module, as nothing says where they stand. */
function shownName(symbol: string): string {
  const literal = literalKind(symbol);
  if (literal !== undefined) return literal === "text" ? "text with a NUL in it" : literal;
  return privateMeaning(symbol) ?? (symbol.indexOf(".") > 0 ? demangle(symbol).join(".") : displayName(symbol));
}
