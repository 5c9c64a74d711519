/**
 * Fills in the fields that relocations name. What a kind does to a plain field is a row of the table; kinds that need the global offset table or the
 * thread pointer go the long way round, as do values that don't fit.
 */
import type { GlobalOffsetTable } from "./globalOffsetTable.ts";
import type { LinkError } from "./linkError.ts";
import { ABSOLUTE, SymbolType } from "./object.ts";
import type { Machine, SymbolId } from "./object.ts";
import { REMOVED } from "./program.ts";
import type { Program } from "./program.ts";
import { canRelax, relax } from "./relax_x86_64.ts";
import { patchArm64 } from "./patch_arm64.ts";
import { RelocationKind, relocationKindNames } from "./relocationKind.ts";
import type { RelocationKindName } from "./relocationKind.ts";
import type { Veneers } from "./veneers_arm64.ts";

/** Bytes of the field, whether its own address is subtracted, and what fits. */
type Row = readonly [width: 1 | 2 | 4 | 8, origin: "absolute" | "relative", fits: "signed" | "unsigned" | "either" | "any"];
/** Kinds that are S + A or S + A - P in a whole field of the machine's byte order. */
const plain: Partial<Record<RelocationKindName, Row>> = {
  abs64: [8, "absolute", "any"],
  abs32: [4, "absolute", "unsigned"],
  abs32signed: [4, "absolute", "signed"],
  abs16: [2, "absolute", "either"],
  abs8: [1, "absolute", "either"],
  pc64: [8, "relative", "any"],
  pc32: [4, "relative", "signed"],
  call32: [4, "relative", "signed"],
  pc16: [2, "relative", "signed"],
  pc8: [1, "relative", "signed"],
};

// the table as columns, by kind; a kind without a row fits nothing and so goes the long way
/** Distances count from the next instruction, which most begin behind the field: by the machine, what addends say of that. */
const nextBehindField: Readonly<Record<Machine, number>> = { x86_64: -4, arm64: 0 };

const kindCount = relocationKindNames.length;
const width = new Uint8Array(kindCount);
const relative = new Uint8Array(kindCount);
const lowest = new Float64Array(kindCount).fill(Infinity);
const highest = new Float64Array(kindCount).fill(-Infinity);
for (let kind = 0; kind < kindCount; kind++) {
  const row = plain[relocationKindNames[kind]];
  if (row === undefined) continue;
  const bits = row[0] * 8;
  width[kind] = row[0];
  relative[kind] = row[1] === "relative" ? 1 : 0;
  lowest[kind] = row[2] === "unsigned" ? 0 : -(2 ** (bits - 1));
  highest[kind] = row[2] === "signed" ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
}

/** Whether a kind is S + A ("absolute") or S + A - P ("relative") in a plain field; undefined for all others. */
export function plainField(kind: number): "absolute" | "relative" | undefined {
  return plain[relocationKindNames[kind]]?.[1];
}

/** Everything that has an address by now. */
export interface Addresses {
  /** By symbol number; NaN for section symbols of merged sections, whose place depends on the addend. */
  readonly symbol: Float64Array;
  /** By section number. */
  readonly section: Float64Array;
  readonly got: GlobalOffsetTable;
  /** Of the image's first byte. */
  readonly base: number;
  /** Where the thread pointer points, seen from the initial image of thread-local variables. */
  readonly threadPointer: number;
  /** Where calls go that do not reach their target. */
  readonly veneers: Veneers | undefined;
}

/** Whether the relocation needs a slot in the global offset table. */
export function needsSlot(program: Program, kind: number, section: number, at: number, target: number): boolean {
  switch (kind) {
    case RelocationKind.gotpcrel:
    case RelocationKind.gotThreadOffset: return true;
    case RelocationKind.gotpcrelx:
    case RelocationKind.gotpcrelxRex: return program.symbolSection[target] === ABSOLUTE || !canRelax(program.content[section], at);
    default: return false;
  }
}

/**
 * Applies the relocations of section number `section`, whose content has been copied to `bytes`. Returns what did not fit, the first ten.
 */
export function applyRelocations(program: Program, section: number, bytes: Uint8Array, addresses: Addresses): LinkError[] {
  const relocations = program.relocations[section];
  const { count, offset, kind, symbol, addend } = relocations;
  const { definition } = program;
  const base = program.symbolBase[program.sectionObject[section]];
  const origin = addresses.section[section];
  const address = addresses.symbol;
  const length = bytes.length;
  const errors: LinkError[] = [];
  for (let i = 0; i < count; i++) {
    const k = kind[i];
    const at = offset[i];
    const value = address[definition[base + symbol[i]]] + addend[i] - (relative[k] === 1 ? origin + at : 0);
    const w = width[k];
    if (!(value >= lowest[k] && value <= highest[k]) || at + w > length) {
      const error = applySpecial(program, section, i, bytes, addresses);
      if (error !== undefined && errors.length < 10) errors.push(error);
      continue;
    }
    bytes[at] = value;
    if (w === 4) {
      bytes[at + 1] = value >> 8;
      bytes[at + 2] = value >> 16;
      bytes[at + 3] = value >> 24;
    } else if (w > 1) {
      putWide(bytes, at, value, w);
    }
  }
  return errors;
}

/** Stores the `width` lowest bytes of `value`, a whole number of at most 53 bits. */
function putWide(bytes: Uint8Array, at: number, value: number, width: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  for (let i = 0; i < width; i++) bytes[at + i] = i < 4 ? value >> (8 * i) : high >> (8 * (i - 4));
}

/** Where an entry of a merged section went: relative to the section's symbol, the addend says which one is meant. Undefined for everything else. */
function mergedPlace(program: Program, object: number, own: number, target: number, addend: number): { readonly section: number; readonly offset: number } | undefined {
  const move = program.merged[program.symbolSection[target]];
  if (move === undefined || program.objects[object].symbols.type(own as SymbolId) !== SymbolType.section) return undefined;
  return move(program.symbolOffset[target] + addend);
}

function applySpecial(program: Program, section: number, index: number, bytes: Uint8Array, addresses: Addresses): LinkError | undefined {
  const relocations = program.relocations[section];
  const object = program.sectionObject[section];
  const kind = relocations.kind[index];
  const at = relocations.offset[index];
  const own = relocations.symbol[index];
  const addend = relocations.addend[index];
  const target = program.definition[program.symbolBase[object] + own];
  const place = addresses.section[section] + at;
  if (kind === RelocationKind.none) return undefined;
  const fieldWidth = width[kind] === 0 ? (kind === RelocationKind.size64 ? 8 : 4) : width[kind];
  if (at + fieldWidth > bytes.length) {
    return failure(program, section, index, "E0809", `ends after its section, at 0x${(at + fieldWidth).toString(16)}`);
  }
  if (target < 0 || isGone(program, target)) {
    // only sections that keep nothing alive refer to what isn't in the program
    const from = program.sections[section].references === "index" ? program.removedFrom.get(target) : undefined;
    const value = from === undefined ? nowhere(program.sections[section].name) : addresses.section[from] + program.symbolOffset[target] + addend - (relative[kind] === 1 ? place : 0);
    putWide(bytes, at, value, fieldWidth);
    return undefined;
  }
  let value = addresses.symbol[target] + addend;
  switch (kind) {
    case RelocationKind.gotpcrelx:
    case RelocationKind.gotpcrelxRex:
      if (program.symbolSection[target] !== ABSOLUTE && canRelax(bytes, at)) {
        const distance = value - place;
        if (!fitsSigned32(distance)) return failure(program, section, index, "E0811", tooFar(distance, kind));
        relax(bytes, at, distance);
        return undefined;
      }
      value = addresses.section[program.gotSection] + addresses.got.offset(target, kind) + addend - place;
      break;
    case RelocationKind.gotpcrel:
    case RelocationKind.gotThreadOffset:
      value = addresses.section[program.gotSection] + addresses.got.offset(target, kind) + addend - place;
      break;
    case RelocationKind.threadOffset32:
      value -= addresses.threadPointer;
      break;
    case RelocationKind.imageOffset32:
      value -= addresses.base;
      break;
    case RelocationKind.arm64Call26:
    case RelocationKind.arm64Page21:
    case RelocationKind.arm64Add12:
    case RelocationKind.arm64Literal19:
    case RelocationKind.arm64Load12: {
      const merged = mergedPlace(program, object, own, target, addend);
      if (merged !== undefined) value = addresses.section[merged.section] + merged.offset;
      const { veneers } = addresses;
      if (kind === RelocationKind.arm64Call26 && veneers !== undefined && Math.abs(value - place) >= veneers.reach) value = veneers.find(target, addend, place, addresses.section) ?? value;
      return patchArm64(bytes, at, kind, value, place) ? undefined : failure(program, section, index, "E0811", tooFar(value - place, kind));
    }
    case RelocationKind.size32:
    case RelocationKind.size64:
      value = program.symbolSize[target] + addend;
      break;
    default: {
      // the distance from field to next instruction isn't part of what the addend says
      const bias = relative[kind] === 1 ? nextBehindField[program.objects[object].machine] : 0;
      const merged = mergedPlace(program, object, own, target, addend - bias);
      if (merged !== undefined) value = addresses.section[merged.section] + merged.offset + bias;
      if (relative[kind] === 1) value -= place;
      if (!(value >= lowest[kind] && value <= highest[kind])) return failure(program, section, index, "E0811", tooFar(value, kind));
      putWide(bytes, at, value, fieldWidth);
      return undefined;
    }
  }
  if (fieldWidth === 4 && !fitsSigned32(value)) return failure(program, section, index, "E0811", tooFar(value, kind));
  putWide(bytes, at, value, fieldWidth);
  return undefined;
}

/** In lists of pairs of addresses that two zeros end, what was removed is an empty range at 1. */
function nowhere(section: string): number {
  return section === ".debug_ranges" || section === ".debug_loc" ? 1 : 0;
}

function isGone(program: Program, target: number): boolean {
  const section = program.symbolSection[target];
  return section === REMOVED || (section >= 0 && program.live[section] === 0);
}

function fitsSigned32(value: number): boolean {
  return value >= -0x8000_0000 && value <= 0x7fff_ffff;
}

function tooFar(value: number, kind: number): string {
  const sign = value < 0 ? "-" : "";
  return `does not fit: ${sign}0x${Math.abs(value).toString(16)} in a field of kind ${relocationKindNames[kind]}`;
}

function failure(program: Program, section: number, index: number, code: "E0809" | "E0811", problem: string): LinkError {
  const relocations = program.relocations[section];
  const { symbols } = program.objects[program.sectionObject[section]];
  const name = symbols.name(relocations.symbol[index] as SymbolId);
  const place = program.place(section, relocations.offset[index]);
  return { code, symbol: name, message: `relocation against ${name} ${problem}`, places: [place], advice: [] };
}
