/**
 * Atoms: the extents of sized symbols, in sections whose maker promised that they can be torn apart there. Finding them is one walk over
 * the symbols and relocations; only when one is dead are the section's bytes copied and its symbols and relocations moved.
 */
import { codePadding } from "./codePadding.ts";
import type { SymbolId } from "./object.ts";
import { Relocations } from "./object.ts";
import { REMOVED } from "./program.ts";
import type { Program } from "./program.ts";
import type { RelocationKind } from "./relocationKind.ts";

export class Atoms {
  count = 0;
  /** By section number: its first atom; atoms of a section are adjacent and rise by offset. */
  readonly first: Int32Array;
  /** Columns by atom. */
  readonly section: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly live: Uint8Array;
  readonly firstRelocation: Int32Array;
  readonly endRelocation: Int32Array;
  /** By symbol number: the atom it lies in, or -1. */
  readonly ofSymbol: Int32Array;

  constructor(sectionCount: number, symbolCount: number) {
    this.first = new Int32Array(sectionCount + 1);
    this.ofSymbol = new Int32Array(symbolCount + 1).fill(-1);
    // an atom has a symbol, so there are no more
    this.section = new Int32Array(symbolCount);
    this.start = new Float64Array(symbolCount);
    this.end = new Float64Array(symbolCount);
    this.live = new Uint8Array(symbolCount);
    this.firstRelocation = new Int32Array(symbolCount);
    this.endRelocation = new Int32Array(symbolCount);
  }

  /** Takes the dead atoms out of live sections, and marks the symbols in them as removed. */
  removeDead(program: Program): void {
    for (let section = 0; section < program.sectionCount; section++) {
      const from = this.first[section];
      const to = this.first[section + 1];
      if (program.live[section] === 0 || from === to) continue;
      const dead = this.live.indexOf(0, from);
      if (dead >= 0 && dead < to) this.compact(program, section, from, to);
    }
  }

  private compact(program: Program, section: number, from: number, to: number): void {
    const { alignment, hasContent, kind } = program.sections[section];
    const moved = new Float64Array(to - from);
    let size = 0;
    let relocationCount = 0;
    for (let a = from; a < to; a++) {
      moved[a - from] = size;
      if (this.live[a] === 0) continue;
      // the lowest bit of the offset bounds the alignment that an atom can have relied on
      const start = this.start[a];
      const step = start === 0 ? alignment : Math.min(alignment, start & -start);
      size = Math.ceil(size / step) * step;
      moved[a - from] = size;
      size += this.end[a] - start;
      relocationCount += this.endRelocation[a] - this.firstRelocation[a];
    }
    const old = program.relocations[section];
    const relocations = new Relocations();
    relocations.reserve(relocationCount);
    const content = hasContent ? new Uint8Array(size) : program.content[section];
    if (hasContent && kind === "text") content.fill(codePadding[program.machine]);
    for (let a = from; a < to; a++) {
      if (this.live[a] === 0) continue;
      const delta = moved[a - from] - this.start[a];
      if (hasContent) content.set(program.content[section].subarray(this.start[a], this.end[a]), moved[a - from]);
      relocations.addRange(old, this.firstRelocation[a], this.endRelocation[a], delta);
    }
    program.content[section] = content;
    program.relocations[section] = relocations;
    program.size[section] = size;
    const object = program.sectionObject[section];
    for (let symbol = program.symbolBase[object]; symbol < program.symbolBase[object + 1]; symbol++) {
      if (program.symbolSection[symbol] !== section) continue;
      const atom = this.ofSymbol[symbol];
      if (this.live[atom] === 1) {
        program.symbolOffset[symbol] += moved[atom - from] - this.start[atom];
      } else {
        program.symbolSection[symbol] = REMOVED;
        program.symbolOffset[symbol] = moved[atom - from];
        program.removedFrom.set(symbol, section);
      }
    }
  }
}

/** The atoms of the program; undefined if no section has any, as a section has none whose symbols overlap or leave code outside. */
export function findAtoms(program: Program): Atoms | undefined {
  if (program.sections.every((s) => !s.atoms)) return undefined;
  const atoms = new Atoms(program.sectionCount, program.symbolCount);
  for (let section = 0; section < program.sectionCount; section++) {
    atoms.first[section] = atoms.count;
    if (!program.sections[section].atoms) continue;
    const inside = symbolsByOffset(program, section);
    if (cutAtSymbols(program, section, inside, atoms) && assignRelocations(program, section, atoms)) continue;
    // it can't be torn apart
    atoms.count = atoms.first[section];
    for (const symbol of inside) atoms.ofSymbol[symbol] = -1;
  }
  atoms.first[program.sectionCount] = atoms.count;
  return atoms;
}

/** The numbers of the symbols in a section, rising by offset, the larger first. */
function symbolsByOffset(program: Program, section: number): Int32Array {
  const { symbolSection, symbolOffset, symbolSize } = program;
  const object = program.sectionObject[section];
  const from = program.symbolBase[object];
  const to = program.symbolBase[object + 1];
  const inside = new Int32Array(to - from);
  let count = 0;
  let last = -1;
  let ordered = true;
  for (let s = from; s < to; s++) {
    if (symbolSection[s] !== section) continue;
    const offset = symbolOffset[s];
    if (offset <= last) ordered = false;
    last = offset;
    inside[count++] = s;
  }
  const found = inside.subarray(0, count);
  if (!ordered) found.sort((a, b) => symbolOffset[a] - symbolOffset[b] || symbolSize[b] - symbolSize[a]);
  return found;
}

/** Appends the atoms of one section; false if its symbols overlap, or there is one of no size outside the others. */
function cutAtSymbols(program: Program, section: number, inside: Int32Array, atoms: Atoms): boolean {
  const { symbolOffset, symbolSize } = program;
  const { ofSymbol, start, end } = atoms;
  let count = atoms.count;
  let lastEnd = 0;
  for (let i = 0; i < inside.length; i++) {
    const symbol = inside[i];
    const offset = symbolOffset[symbol];
    const size = symbolSize[symbol];
    if (offset < lastEnd) {
      if (offset + size > lastEnd) return false;
      ofSymbol[symbol] = count - 1; // an alias, or a label within
      continue;
    }
    if (size === 0) return false;
    lastEnd = offset + size;
    ofSymbol[symbol] = count;
    atoms.section[count] = section;
    start[count] = offset;
    end[count] = lastEnd;
    count++;
  }
  atoms.count = count;
  return lastEnd <= program.size[section];
}

/** Finds the relocations of each atom of the section; false if there are others. */
function assignRelocations(program: Program, section: number, atoms: Atoms): boolean {
  program.relocations[section] = ascending(program.relocations[section]);
  const { offset, count } = program.relocations[section];
  const { start, end, firstRelocation, endRelocation } = atoms;
  const to = atoms.count;
  let i = 0;
  for (let a = atoms.first[section]; a < to; a++) {
    firstRelocation[a] = i;
    const atomEnd = end[a];
    if (i < count && offset[i] < start[a]) return false;
    while (i < count && offset[i] < atomEnd) i++;
    endRelocation[a] = i;
  }
  return i === count;
}

function ascending(relocations: Relocations): Relocations {
  if (relocations.ascending) return relocations;
  const { offset, kind, symbol, addend, count } = relocations;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => offset[a] - offset[b]);
  const sorted = new Relocations();
  sorted.reserve(count);
  for (const i of order) sorted.add(offset[i], kind[i] as RelocationKind, symbol[i] as SymbolId, addend[i]);
  return sorted;
}
