/**
 * Calls beyond the reach of `bl` and `b`, 128 MiB: they go to a veneer, three instructions nearby that jump anywhere within 4 GiB (x16 and x17 are a linker's to
 * change, AAPCS64 6.1.1). Veneers stand in islands between functions. Where all code is small, this is one comparison.
 */
import { alignUp } from "../../formats/align.ts";
import { findAtoms } from "./atoms.ts";
import { Relocations } from "./object.ts";
import type { OutputSection } from "./outputs.ts";
import { REMOVED } from "./program.ts";
import type { Program } from "./program.ts";
import { patchArm64 } from "./patch_arm64.ts";
import { RelocationKind } from "./relocationKind.ts";

/** How far a call reaches, in bytes, in each direction. */
const CALL_REACH = 2 ** 27;

/** adrp x16, target; add x16, x16, target; br x16 */
const VENEER = [0x10, 0, 0, 0x90, 0x10, 0x02, 0, 0x91, 0x00, 0x02, 0x1f, 0xd6];

interface Island {
  readonly section: number;
  /** In the section as it was; later as it is. */
  offset: number;
  /** An estimate. */
  readonly address: number;
  /** By target: where its veneer begins within the island. */
  readonly veneers: Map<string, number>;
}

interface Veneer {
  readonly section: number;
  readonly offset: number;
  /** The symbol's definition, and what is added to it. */
  readonly target: number;
  readonly addend: number;
}

const keyOf = (target: number, addend: number): string => `${target} ${addend}`;

export class Veneers {
  readonly reach: number;
  private readonly byTarget = new Map<string, Veneer[]>();
  private readonly bySection = new Map<number, Veneer[]>();

  constructor(reach: number) {
    this.reach = reach;
  }

  add(veneer: Veneer): void {
    for (const [map, key] of [[this.byTarget, keyOf(veneer.target, veneer.addend)], [this.bySection, veneer.section]] as const) {
      const list = (map as Map<string | number, Veneer[]>).get(key);
      if (list === undefined) (map as Map<string | number, Veneer[]>).set(key, [veneer]);
      else list.push(veneer);
    }
  }

  /** The address of a veneer of that target that a call at `place` reaches. */
  find(target: number, addend: number, place: number, sectionAddress: Float64Array): number | undefined {
    for (const { section, offset } of this.byTarget.get(keyOf(target, addend)) ?? []) {
      const at = sectionAddress[section] + offset;
      if (Math.abs(at - place) < this.reach) return at;
    }
    return undefined;
  }

  /** Fills in those of a section, whose content is `bytes`. False if a target is farther than 4 GiB. */
  write(section: number, bytes: Uint8Array, symbolAddress: Float64Array, sectionAddress: Float64Array): boolean {
    for (const { offset, target, addend } of this.bySection.get(section) ?? []) {
      const value = symbolAddress[target] + addend;
      bytes.set(VENEER, offset);
      if (!patchArm64(bytes, offset, RelocationKind.arm64Page21, value, sectionAddress[section] + offset)) return false;
      patchArm64(bytes, offset + 4, RelocationKind.arm64Add12, value, 0);
    }
    return true;
  }
}

/** Makes room for the veneers that calls need, given how sections will follow one another; undefined if none is needed. */
export function addVeneers(program: Program, outputs: readonly OutputSection[], reach = CALL_REACH): Veneers | undefined {
  const texts = outputs.filter(({ kind }) => kind === "text");
  if (texts.reduce((sum, { size }) => sum + size, 0) < reach) return undefined;
  const address = new Float64Array(program.sectionCount).fill(NaN);
  let at = 0;
  for (const { inputs, inputOffset, alignment, size } of texts) {
    at = alignUp(at, alignment);
    inputs.forEach((section, i) => (address[section] = at + inputOffset[i]));
    at += size;
  }
  const sections = texts.flatMap(({ inputs }) => inputs);
  const islands = planIslands(program, sections, address, reach / 4);
  // What islands add to distances stays below an eighth of the reach, or the link fails by an error about the call.
  const most = reach - reach / 8;
  let needed = false;
  for (const section of sections) {
    const { count, kind, offset, symbol, addend } = program.relocations[section];
    const base = program.symbolBase[program.sectionObject[section]];
    for (let i = 0; i < count; i++) {
      if (kind[i] !== RelocationKind.arm64Call26) continue;
      const target = program.definition[base + symbol[i]];
      const place = address[section] + offset[i];
      const to = target < 0 ? NaN : address[program.symbolSection[target]] + program.symbolOffset[target] + addend[i];
      if (!(Math.abs(to - place) >= most)) continue;
      const { veneers } = nearest(islands, place);
      const key = keyOf(target, addend[i]);
      if (!veneers.has(key)) veneers.set(key, veneers.size * VENEER.length);
      needed = true;
    }
  }
  if (!needed) return undefined;
  const made = new Veneers(reach);
  for (const section of sections) insertIslands(program, section, islands.filter((island) => island.section === section && island.veneers.size > 0), made);
  return made;
}

/** Places between functions, and at the ends of sections that cannot be torn apart, at least `spacing` apart; rising. */
function planIslands(program: Program, sections: readonly number[], address: Float64Array, spacing: number): Island[] {
  const atoms = findAtoms(program);
  const islands: Island[] = [];
  const offer = (section: number, offset: number, isLast: boolean): void => {
    const at = address[section] + offset;
    if (isLast || at - (islands.at(-1)?.address ?? 0) >= spacing) islands.push({ section, offset, address: at, veneers: new Map() });
  };
  sections.forEach((section, i) => {
    if (atoms !== undefined) for (let a = atoms.first[section]; a < atoms.first[section + 1]; a++) offer(section, atoms.start[a], false);
    offer(section, program.size[section], i === sections.length - 1);
  });
  return islands;
}

function nearest(islands: readonly Island[], place: number): Island {
  let low = 0;
  let high = islands.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (islands[middle].address < place) low = middle + 1;
    else high = middle;
  }
  const after = islands[low];
  const before = islands[Math.max(0, low - 1)];
  return Math.abs(before.address - place) < Math.abs(after.address - place) ? before : after;
}

/** Takes a section apart at its islands, and moves its symbols and relocations. What follows keeps its alignment. */
function insertIslands(program: Program, section: number, islands: readonly Island[], veneers: Veneers): void {
  if (islands.length === 0) return;
  const { alignment } = program.sections[section];
  const old = program.content[section];
  const gaps = islands.map((island) => alignUp(island.veneers.size * VENEER.length, alignment) + alignUp(island.offset, 4) - island.offset);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const content = new Uint8Array(program.size[section] + total);
  const relocations = program.relocations[section];
  const moved = new Relocations();
  moved.reserve(relocations.count);
  const ends = islands.map(({ offset }) => offset);
  /** Bytes inserted before what was at `offset`. */
  const shift = (offset: number): number => {
    let sum = 0;
    for (let i = 0; i < ends.length && ends[i] <= offset; i++) sum += gaps[i];
    return sum;
  };
  let from = 0;
  let inserted = 0;
  islands.forEach((island, i) => {
    content.set(old.subarray(from, island.offset), from + inserted);
    from = island.offset;
    const start = alignUp(from + inserted, 4);
    for (const [key, at] of island.veneers) {
      const [target, addend] = key.split(" ").map(Number) as [number, number];
      veneers.add({ section, offset: start + at, target, addend });
    }
    inserted += gaps[i];
  });
  content.set(old.subarray(from), from + inserted);
  for (let i = 0; i < relocations.count; i++) {
    moved.addRange(relocations, i, i + 1, shift(relocations.offset[i]));
  }
  const object = program.sectionObject[section];
  for (let symbol = program.symbolBase[object]; symbol < program.symbolBase[object + 1]; symbol++) {
    const removed = program.symbolSection[symbol] === REMOVED && program.removedFrom.get(symbol) === section;
    if (program.symbolSection[symbol] === section || removed) program.symbolOffset[symbol] += shift(program.symbolOffset[symbol]);
  }
  program.content[section] = content;
  program.relocations[section] = moved;
  program.size[section] += total;
}
