/**
 * Atoms: the extents of sized symbols, in sections whose maker promised that they can be torn apart there. Finding them is one walk over
 * the symbols and relocations; only when one is dead are the section's bytes copied and its symbols and relocations moved.
 */
import type { SymbolId } from "./object.ts";
import { Relocations } from "./object.ts";
import { REMOVED } from "./program.ts";
import type { Program } from "./program.ts";
import type { RelocationKind } from "./relocationKind.ts";

export class Atoms {
  readonly count: number;
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

  constructor(first: Int32Array, section: Int32Array, start: Float64Array, end: Float64Array, ofSymbol: Int32Array) {
    this.count = section.length;
    this.first = first;
    this.section = section;
    this.start = start;
    this.end = end;
    this.ofSymbol = ofSymbol;
    this.live = new Uint8Array(this.count);
    this.firstRelocation = new Int32Array(this.count);
    this.endRelocation = new Int32Array(this.count);
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
    const { alignment, hasContent } = program.sections[section];
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
    for (let a = from; a < to; a++) {
      if (this.live[a] === 0) continue;
      const delta = moved[a - from] - this.start[a];
      if (hasContent) content.set(program.content[section].subarray(this.start[a], this.end[a]), moved[a - from]);
      const count = relocations.count;
      const first = this.firstRelocation[a];
      const end = this.endRelocation[a];
      relocations.kind.set(old.kind.subarray(first, end), count);
      relocations.symbol.set(old.symbol.subarray(first, end), count);
      relocations.addend.set(old.addend.subarray(first, end), count);
      for (let i = first; i < end; i++) relocations.offset[count + i - first] = old.offset[i] + delta;
      relocations.count = count + end - first;
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
  const first = new Int32Array(program.sectionCount + 1);
  const ofSymbol = new Int32Array(program.symbolCount + 1).fill(-1);
  const section: number[] = [];
  const start: number[] = [];
  const end: number[] = [];
  for (let i = 0; i < program.sectionCount; i++) {
    first[i] = section.length;
    if (program.sections[i].atoms && !atomsOf(program, i, ofSymbol, section, start, end)) {
      section.length = start.length = end.length = first[i];
      unset(program, i, ofSymbol);
    }
  }
  first[program.sectionCount] = section.length;
  const atoms = new Atoms(first, Int32Array.from(section), Float64Array.from(start), Float64Array.from(end), ofSymbol);
  for (let i = 0; i < program.sectionCount; i++) assignRelocations(program, atoms, i);
  return atoms;
}

/** Appends the atoms of one section; false if it can't be torn apart. */
function atomsOf(program: Program, number: number, ofSymbol: Int32Array, section: number[], start: number[], end: number[]): boolean {
  const object = program.sectionObject[number];
  const { symbols } = program.objects[object];
  const base = program.symbolBase[object];
  const own = number - program.sectionBase[object];
  const inside: number[] = [];
  let ordered = true;
  for (let i = 0; i < symbols.count; i++) {
    const s = i as SymbolId;
    if (symbols.section(s) !== own) continue;
    if (inside.length > 0 && symbols.offset(inside[inside.length - 1] as SymbolId) > symbols.offset(s)) ordered = false;
    inside.push(i);
  }
  if (!ordered) inside.sort((a, b) => symbols.offset(a as SymbolId) - symbols.offset(b as SymbolId) || symbols.size(b as SymbolId) - symbols.size(a as SymbolId));
  const firstAtom = section.length;
  for (const i of inside) {
    const offset = symbols.offset(i as SymbolId);
    const size = symbols.size(i as SymbolId);
    const last = section.length - 1;
    if (last >= firstAtom && offset >= start[last] && offset + size <= end[last] && offset < end[last]) {
      ofSymbol[base + i] = last; // an alias, or a label within
      continue;
    }
    if (size === 0 || (last >= firstAtom && offset < end[last])) return false;
    ofSymbol[base + i] = section.length;
    section.push(number);
    start.push(offset);
    end.push(offset + size);
  }
  // relocations must lie within atoms, and rise
  program.relocations[number] = ascending(program.relocations[number]);
  const { offset, count } = program.relocations[number];
  let atom = firstAtom;
  for (let i = 0; i < count; i++) {
    while (atom < section.length && end[atom] <= offset[i]) atom++;
    if (atom === section.length || offset[i] < start[atom]) return false;
  }
  return true;
}

function ascending(relocations: Relocations): Relocations {
  const { offset, kind, symbol, addend, count } = relocations;
  let rising = true;
  for (let i = 1; i < count; i++) if (offset[i] < offset[i - 1]) rising = false;
  if (rising) return relocations;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => offset[a] - offset[b]);
  const sorted = new Relocations();
  sorted.reserve(count);
  for (const i of order) sorted.add(offset[i], kind[i] as RelocationKind, symbol[i] as SymbolId, addend[i]);
  return sorted;
}

function unset(program: Program, section: number, ofSymbol: Int32Array): void {
  const object = program.sectionObject[section];
  for (let s = program.symbolBase[object]; s < program.symbolBase[object + 1]; s++) {
    if (program.symbolSection[s] === section) ofSymbol[s] = -1;
  }
}

function assignRelocations(program: Program, atoms: Atoms, section: number): void {
  const { offset, count } = program.relocations[section];
  let i = 0;
  for (let a = atoms.first[section]; a < atoms.first[section + 1]; a++) {
    atoms.firstRelocation[a] = i;
    while (i < count && offset[i] < atoms.end[a]) i++;
    atoms.endRelocation[a] = i;
  }
}
