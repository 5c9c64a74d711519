/** What an assembler settles by itself: distances to local symbols of the same section. */
import { Binding, Relocations, SymbolType } from "./object.ts";
import type { ObjectFile, ObjectSection, SymbolId } from "./object.ts";
import { RelocationKind } from "./relocationKind.ts";
import { patchArm64 } from "./patch_arm64.ts";
import { plainField } from "./relocate.ts";

export interface Folded {
  /** The section's bytes with those distances filled in; a copy if there were any. */
  readonly content: Uint8Array;
  /** The other relocations. */
  readonly relocations: Relocations;
}

/** Fills in what is known within `section`, and leaves the rest. */
export function foldLocal(object: ObjectFile, section: ObjectSection): Folded {
  const { symbols } = object;
  const { count, offset, kind, symbol, addend } = section.relocations;
  let content = section.content();
  if (count === 0) return { content, relocations: section.relocations };
  content = content.slice();
  const relocations = new Relocations();
  relocations.reserve(count);
  for (let i = 0; i < count; i++) {
    const s = symbol[i] as SymbolId;
    const k = kind[i] as RelocationKind;
    if (symbols.section(s) === section.id && symbols.binding(s) === Binding.local && symbols.type(s) !== SymbolType.threadLocal && (plainField(k) === "relative" || k === RelocationKind.arm64Call26)) {
      const distance = symbols.offset(s) + addend[i] - offset[i];
      if (k !== RelocationKind.arm64Call26) fill(content, offset[i], k, distance);
      else if (!patchArm64(content, offset[i], k, distance, 0)) throw new Error(`link/fold.foldLocal: a branch over ${distance} bytes`);
    } else {
      relocations.add(offset[i], k, s, addend[i]);
    }
  }
  return { content, relocations };
}

function fill(content: Uint8Array, at: number, kind: RelocationKind, value: number): void {
  const width = kind === RelocationKind.pc64 ? 8 : kind === RelocationKind.pc16 ? 2 : kind === RelocationKind.pc8 ? 1 : 4;
  for (let i = 0; i < width; i++) content[at + i] = i < 4 ? value >> (8 * i) : value >> 31;
}
