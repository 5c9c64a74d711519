/**
 * Dead-section removal: marks what can be reached from the roots by relocations. A section is the unit, or, where its maker promised it,
 * an atom: the extent of one symbol. Then finds the references that nobody defines and the slots which the global offset table needs.
 * Linear in the live relocations; the walk over them is one loop over columns, for it is most of a link.
 */
import { findAtoms } from "./atoms.ts";
import type { Atoms } from "./atoms.ts";
import type { GlobalOffsetTable } from "./globalOffsetTable.ts";
import type { LinkError } from "./linkError.ts";
import { Relocations } from "./object.ts";
import type { SymbolId } from "./object.ts";
import { NOBODY } from "./program.ts";
import type { Program } from "./program.ts";
import { needsSlot } from "./relocate.ts";
import { slotKinds } from "./relocationKind.ts";
import { isDropped } from "./resolve.ts";

export interface ReachOptions {
  /** Symbol numbers from which all else must be reachable. */
  readonly roots: readonly number[];
  /** Without it every section stays. */
  readonly removeDead: boolean;
  /** Whether unloaded sections (debug information) stay. */
  readonly keepInfo: boolean;
}

/** A unit number that is none: the symbol is at a fixed address, or nobody defines it. */
const FIXED = -1;
const MISSING = -2;

/** Marks `program.live`, takes dead atoms out of their sections, and notes the slots in `got`. Returns the undefined references. */
export function reach(program: Program, options: ReachOptions, got: GlobalOffsetTable): LinkError[] {
  const { sections, sectionCount, live } = program;
  const atoms = options.removeDead ? findAtoms(program) : undefined;
  // units are numbered: sections, then atoms
  const marked = new Uint8Array(sectionCount + (atoms?.count ?? 0));
  const stack = new Int32Array(marked.length);
  let depth = 0;
  const push = (unit: number): void => {
    if (marked[unit] === 1) return;
    marked[unit] = 1;
    stack[depth++] = unit;
  };
  for (let i = 0; i < sectionCount; i++) {
    const { references, retain } = sections[i];
    if (isDropped(program, i)) marked[i] = 1; // nothing may bring it back to life
    else if (references !== "describe" && (!options.removeDead || retain)) pushSection(i, atoms, sectionCount, push);
  }
  for (const root of options.roots) {
    const unit = unitOf(program, atoms, root);
    if (unit >= 0) push(unit);
  }
  const missing = walk(program, atoms, marked, stack, depth);

  for (let i = 0; i < sectionCount; i++) live[i] = isDropped(program, i) ? 0 : marked[i];
  if (atoms !== undefined) {
    for (let a = 0; a < atoms.count; a++) {
      if (marked[sectionCount + a] === 0) continue;
      atoms.live[a] = 1;
      live[atoms.section[a]] = 1;
    }
  }
  keepDescriptions(program, options.keepInfo);
  if (program.size[program.commonSection] > 0) live[program.commonSection] = 1;
  atoms?.removeDead(program);
  dropDeadRecords(program);
  noteSlots(program, got);
  return missing ? undefinedReferences(program) : [];
}

function pushSection(section: number, atoms: Atoms | undefined, sectionCount: number, push: (unit: number) => void): void {
  push(section);
  if (atoms === undefined) return;
  for (let a = atoms.first[section]; a < atoms.first[section + 1]; a++) push(sectionCount + a);
}

function unitOf(program: Program, atoms: Atoms | undefined, symbol: number): number {
  const definition = program.definition[symbol];
  if (definition === NOBODY) return MISSING;
  const section = program.symbolSection[definition];
  if (section < 0) return FIXED;
  const atom = atoms === undefined ? -1 : atoms.ofSymbol[definition];
  return atom < 0 ? section : program.sectionCount + atom;
}

/** Marks what the `depth` units on the stack lead to. True if something live refers to what nobody defines. */
function walk(program: Program, atoms: Atoms | undefined, marked: Uint8Array, stack: Int32Array, initialDepth: number): boolean {
  const { sectionCount, symbolCount, symbolBase, sectionObject, sections, definition, symbolSection } = program;
  const unit = new Int32Array(symbolCount);
  const ofSymbol = atoms?.ofSymbol;
  let anyMissing = false;
  for (let s = 0; s < symbolCount; s++) {
    const d = definition[s];
    if (d < 0) {
      unit[s] = MISSING;
      anyMissing = true;
      continue;
    }
    const section = symbolSection[d];
    const atom = ofSymbol === undefined ? -1 : ofSymbol[d];
    unit[s] = section < 0 ? FIXED : atom < 0 ? section : sectionCount + atom;
  }
  if (atoms === undefined && !anyMissing && marked.indexOf(0) < 0) return false; // everything stays, and all of it is there

  let depth = initialDepth;
  let missing = false;
  while (depth > 0) {
    const from = stack[--depth];
    let section = from;
    let first = 0;
    let end = 0;
    if (from >= sectionCount && atoms !== undefined) {
      section = atoms.section[from - sectionCount];
      first = atoms.firstRelocation[from - sectionCount];
      end = atoms.endRelocation[from - sectionCount];
    } else {
      end = program.relocations[from].count;
    }
    if (sections[section].references !== "keep") continue;
    const base = symbolBase[sectionObject[section]];
    const { symbol } = program.relocations[section];
    for (let i = first; i < end; i++) {
      const to = unit[base + symbol[i]];
      if (to < 0) {
        if (to === MISSING) missing = true;
      } else if (marked[to] === 0) {
        marked[to] = 1;
        stack[depth++] = to;
      }
    }
  }
  return missing;
}

/** Sections that describe others stay if anything of their object does. */
function keepDescriptions(program: Program, keepInfo: boolean): void {
  const { sections, sectionBase, live } = program;
  program.objects.forEach((_, object) => {
    const from = sectionBase[object];
    const to = sectionBase[object + 1];
    if (live.indexOf(1, from) < 0 || live.indexOf(1, from) >= to) return;
    for (let i = from; i < to; i++) {
      const { references, kind } = sections[i];
      if (references === "describe" && !isDropped(program, i) && (kind !== "info" || keepInfo)) live[i] = 1;
    }
  });
}

/** Takes records about what was removed out of sections that are rows of records. */
function dropDeadRecords(program: Program): void {
  for (let section = 0; section < program.sectionCount; section++) {
    const size = program.sections[section].recordSize;
    if (size > 0 && program.live[section] === 1) keepLiveRecords(program, section, size);
  }
}

function keepLiveRecords(program: Program, section: number, size: number): void {
  const old = program.relocations[section];
  const base = program.symbolBase[program.sectionObject[section]];
  const content = program.content[section].slice();
  const relocations = new Relocations();
  relocations.reserve(old.count);
  let kept = 0;
  for (let first = 0; first < old.count; ) {
    const record = Math.floor(old.offset[first] / size);
    let end = first + 1;
    while (end < old.count && old.offset[end] < (record + 1) * size) end++;
    const about = program.symbolSection[program.definition[base + old.symbol[first]]];
    if (about >= 0 && program.live[about] === 1) {
      content.copyWithin(kept * size, record * size, (record + 1) * size);
      relocations.addRange(old, first, end, (kept - record) * size);
      kept++;
    }
    first = end;
  }
  program.content[section] = content.subarray(0, kept * size);
  program.relocations[section] = relocations;
  program.size[section] = kept * size;
}

function noteSlots(program: Program, got: GlobalOffsetTable): void {
  for (let section = 0; section < program.sectionCount; section++) {
    const relocations = program.relocations[section];
    if (program.live[section] === 0 || (relocations.kinds & slotKinds) === 0) continue;
    const base = program.symbolBase[program.sectionObject[section]];
    for (let i = 0; i < relocations.count; i++) {
      const target = program.definition[base + relocations.symbol[i]];
      if (target !== NOBODY && needsSlot(program, relocations.kind[i], section, relocations.offset[i], target)) got.need(target, relocations.kind[i]);
    }
  }
}

/** What live sections refer to and nobody defines, and who refers. */
function undefinedReferences(program: Program): LinkError[] {
  const placesOf = new Map<string, string[]>();
  for (let section = 0; section < program.sectionCount; section++) {
    if (program.live[section] === 0 || program.sections[section].references !== "keep") continue;
    const object = program.sectionObject[section];
    const base = program.symbolBase[object];
    const { count, symbol, offset } = program.relocations[section];
    for (let i = 0; i < count; i++) {
      if (program.definition[base + symbol[i]] !== NOBODY) continue;
      const name = program.objects[object].symbols.name(symbol[i] as SymbolId);
      const places = placesOf.get(name) ?? [];
      const place = program.place(section, offset[i]);
      if (!places.includes(place)) places.push(place);
      placesOf.set(name, places);
    }
  }
  return [...placesOf].map(([symbol, places]) => ({
    code: "E0807", symbol, message: `undefined symbol ${symbol}`, places: places.slice(0, 5),
    advice: places.length > 5 ? [`and ${places.length - 5} more places`] : [],
  }));
}
