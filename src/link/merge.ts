/**
 * Merging of constants and strings: sections marked so, of the same kind, become one in which equal entries stand once, and of strings one that
 * is the end of another stands inside it. The first section carries the result; the others become empty.
 */
import { SymbolType } from "./object.ts";
import type { SymbolId } from "./object.ts";
import type { Program } from "./program.ts";

interface Piece {
  /** One UTF-16 unit a byte, terminator included. */
  readonly text: string;
  alignment: number;
  /** Where it went; -1 until then. */
  at: number;
}

/** Merges what is live and mergeable. Sections that break the rules of their flags are left as they are. */
export function mergeSections(program: Program): void {
  const groups = new Map<string, number[]>();
  for (let i = 0; i < program.sectionCount; i++) {
    if (program.live[i] === 0 || !isMergeable(program, i)) continue;
    const { kind, merge, entrySize, name } = program.sections[i];
    const key = `${kind} ${merge} ${entrySize} ${kind === "info" ? name : ""}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  const touched = new Set<number>();
  for (const group of groups.values()) {
    if (group.length === 1 && isSingleEntry(program, group[0])) continue;
    mergeGroup(program, group);
    for (const section of group) touched.add(program.sectionObject[section]);
  }
  for (const object of touched) moveSymbols(program, object);
}

function isMergeable(program: Program, number: number): boolean {
  const { merge, entrySize } = program.sections[number];
  if (merge === "none" || entrySize === 0 || program.relocations[number].count > 0) return false;
  const content = program.content[number];
  if (content.length === 0 || content.length % entrySize !== 0) return false;
  return merge === "constants" || content.subarray(content.length - entrySize).every((byte) => byte === 0);
}

/** Whether a mergeable section is plainly one entry, which by itself has nothing to be merged with. */
function isSingleEntry(program: Program, number: number): boolean {
  const { merge, entrySize } = program.sections[number];
  const content = program.content[number];
  return content.length === entrySize || (merge === "strings" && entrySize === 1 && content.indexOf(0) === content.length - 1);
}

function mergeGroup(program: Program, group: readonly number[]): void {
  const carrier = group[0];
  const { merge } = program.sections[carrier];
  const pieces = new Map<string, Piece>();
  const plans = group.map((section) => splitSection(program, section, pieces));
  const size = merge === "strings" ? placeStrings(pieces) : placeInOrder(pieces.values(), 0);
  const content = new Uint8Array(size);
  let alignment = 1;
  for (const { text, at, alignment: needed } of pieces.values()) {
    for (let i = 0; i < text.length; i++) content[at + i] = text.charCodeAt(i);
    alignment = Math.max(alignment, needed);
  }
  plans.forEach(({ starts, pieces: own }, g) => {
    const section = group[g];
    program.merged[section] = (offset) => {
      const index = lastAtOrBelow(starts, offset);
      return { section: carrier, offset: own[index].at + offset - starts[index] };
    };
    program.content[section] = content.subarray(0, g === 0 ? size : 0);
    program.size[section] = g === 0 ? size : 0;
  });
  const section = program.sections[carrier];
  section.alignment = Math.max(section.alignment, alignment);
}

/** Cuts a section into pieces, adding new ones to `pieces`; says where each began. */
function splitSection(program: Program, section: number, pieces: Map<string, Piece>): { starts: number[]; pieces: Piece[] } {
  const { merge, entrySize, alignment } = program.sections[section];
  const content = program.content[section];
  const starts: number[] = [];
  const own: Piece[] = [];
  let start = 0;
  while (start < content.length) {
    let end = start + entrySize;
    if (merge === "strings") {
      while (!isZero(content, end - entrySize, end)) end += entrySize;
    }
    let text = "";
    for (let i = start; i < end; i++) text += String.fromCharCode(content[i]);
    const needed = start === 0 ? alignment : Math.min(alignment, start & -start);
    let piece = pieces.get(text);
    if (piece === undefined) {
      piece = { text, alignment: needed, at: -1 };
      pieces.set(text, piece);
    } else if (needed > piece.alignment) {
      piece.alignment = needed;
    }
    starts.push(start);
    own.push(piece);
    start = end;
  }
  return { starts, pieces: own };
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}

function placeInOrder(pieces: Iterable<Piece>, from: number): number {
  let size = from;
  for (const piece of pieces) {
    if (piece.at >= 0) continue;
    piece.at = Math.ceil(size / piece.alignment) * piece.alignment;
    size = piece.at + piece.text.length;
  }
  return size;
}

/** Strings that end another go inside it, the others in their order of appearance; returns the size of all. */
function placeStrings(pieces: ReadonlyMap<string, Piece>): number {
  const reversed = [...pieces.values()].map((piece) => ({ piece, key: [...piece.text].reverse().join("") }));
  // descending: a string comes right after those that end in it
  reversed.sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0));
  const host = new Map<Piece, Piece>();
  for (let i = 1; i < reversed.length; i++) {
    if (reversed[i - 1].key.startsWith(reversed[i].key)) host.set(reversed[i].piece, reversed[i - 1].piece);
  }
  const size = placeInOrder([...pieces.values()].filter((piece) => !host.has(piece)), 0);
  // hosts come before their guests in this order, so each has its place by now, unless its alignment forbade it
  for (const { piece } of reversed) {
    const within = host.get(piece);
    if (within === undefined || within.at < 0) continue;
    const at = within.at + within.text.length - piece.text.length;
    if (at % piece.alignment === 0) piece.at = at;
  }
  return placeInOrder(pieces.values(), size);
}

function lastAtOrBelow(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function moveSymbols(program: Program, object: number): void {
  const { symbols } = program.objects[object];
  const base = program.symbolBase[object];
  for (let i = 0; i < symbols.count; i++) {
    const section = program.symbolSection[base + i];
    if (section < 0) continue;
    const move = program.merged[section];
    // section symbols stay: what they mean depends on the addend, relocation by relocation
    if (move === undefined || symbols.type(i as SymbolId) === SymbolType.section) continue;
    const to = move(program.symbolOffset[base + i]);
    program.symbolSection[base + i] = to.section;
    program.symbolOffset[base + i] = to.offset;
  }
}
