/**
 * Who defines what: fills the program's `definition`, `symbolSection` and `symbolOffset`. Strong definitions win over common ones, these
 * over weak ones; two strong ones are an error. A COMDAT group that an earlier object already brought is dropped with its symbols.
 * Linear in the symbols; only those that aren't local are looked up by name, once each.
 */
import { ABSOLUTE, Binding, COMMON, UNDEFINED } from "./object.ts";
import type { SymbolId } from "./object.ts";
import type { LinkError } from "./linkError.ts";
import { NOBODY } from "./program.ts";
import type { Program } from "./program.ts";
import { isProvided } from "./provided.ts";

/** How strong a definition is. */
const Rank = { none: 0, weak: 1, common: 2, strong: 3 } as const;

export interface Resolution {
  /** Symbol numbers of the definitions of the program's global names. */
  readonly globals: ReadonlyMap<string, number>;
  /** Symbols which the linker itself defines once addresses are known; their symbolSection is ABSOLUTE. */
  readonly provided: readonly { readonly name: string; readonly symbol: number }[];
  readonly errors: readonly LinkError[];
}

/** Resolves all names of `program`. Undefined ones are no error yet: only what a live section refers to must be there. */
export function resolve(program: Program): Resolution {
  const { objects, symbolBase, sectionBase, definition, symbolSection, symbolOffset, symbolSize } = program;
  const droppedSections = dropCopies(program);
  const nameIds = new Map<string, number>();
  const names: string[] = [];
  const winner: number[] = [];
  const rank: number[] = [];
  const weakOnly: boolean[] = [];
  const nameOf = new Int32Array(program.symbolCount).fill(-1);
  const errors: LinkError[] = [];

  objects.forEach((object, o) => {
    const { symbols } = object;
    const { traits, names: ownNames, count } = symbols;
    const base = symbolBase[o];
    const firstSection = sectionBase[o];
    for (let i = 0; i < count; i++) {
      const s = i as SymbolId;
      const number = base + i;
      const own = symbols.section(s);
      const section = own < 0 ? own : droppedSections !== undefined && droppedSections[firstSection + own] === 1 ? UNDEFINED : firstSection + own;
      symbolSection[number] = section;
      symbolOffset[number] = symbols.offset(s);
      symbolSize[number] = symbols.size(s);
      const binding = traits[i] & 3;
      if (binding === Binding.local) {
        definition[number] = section === UNDEFINED ? NOBODY : number;
        continue;
      }
      const name = ownNames[i];
      let id = nameIds.get(name);
      if (id === undefined) {
        id = names.length;
        nameIds.set(name, id);
        names.push(name);
        winner.push(number);
        rank.push(Rank.none);
        weakOnly.push(true);
      }
      nameOf[number] = id;
      if (section === UNDEFINED) {
        if (binding !== Binding.weak) weakOnly[id] = false;
        continue;
      }
      const r = section === COMMON ? Rank.common : binding === Binding.weak ? Rank.weak : Rank.strong;
      if (r === Rank.strong && rank[id] === Rank.strong) {
        errors.push(definedTwice(program, name, winner[id], number));
      } else if (r > rank[id]) {
        winner[id] = number;
        rank[id] = r;
      } else if (r === Rank.common && rank[id] === Rank.common) {
        mergeCommon(program, winner, id, number);
      }
    }
  });

  const globals = new Map<string, number>();
  const provided: { name: string; symbol: number }[] = [];
  const definitionOf = new Int32Array(names.length);
  names.forEach((name, id) => {
    let symbol = winner[id];
    if (rank[id] === Rank.none) {
      if (isProvided(name)) {
        symbolSection[symbol] = ABSOLUTE;
        provided.push({ name, symbol });
      } else {
        symbol = weakOnly[id] ? program.nullSymbol : NOBODY;
      }
    } else if (rank[id] === Rank.common) {
      allotCommon(program, symbol);
    }
    definitionOf[id] = symbol;
    if (rank[id] !== Rank.none) globals.set(name, symbol);
  });
  for (let number = 0; number < program.symbolCount; number++) {
    if (nameOf[number] >= 0) definition[number] = definitionOf[nameOf[number]];
  }
  return { globals, provided, errors };
}

/** Marks the sections of groups that came before, or undefined if there are none. */
function dropCopies(program: Program): Uint8Array | undefined {
  if (program.objects.every((o) => o.groups.length === 0)) return undefined;
  const dropped = new Uint8Array(program.sectionCount);
  const seen = new Set<string>();
  program.objects.forEach((object, o) => {
    const copies = object.groups.map((signature) => {
      if (signature === "" || !seen.has(signature)) {
        if (signature !== "") seen.add(signature);
        return false;
      }
      return true;
    });
    for (const section of object.sections) {
      if (section.group >= 0 && copies[section.group]) dropped[program.sectionBase[o] + section.id] = 1;
    }
  });
  for (let i = 0; i < program.sectionCount; i++) {
    if (dropped[i] === 1) program.size[i] = -1;
  }
  return dropped;
}

/** A dropped section's size is -1: nothing may bring it back to life. */
export function isDropped(program: Program, section: number): boolean {
  return program.size[section] < 0;
}

function mergeCommon(program: Program, winner: number[], id: number, other: number): void {
  const alignment = Math.max(program.symbolOffset[winner[id]], program.symbolOffset[other]);
  if (program.symbolSize[other] > program.symbolSize[winner[id]]) winner[id] = other;
  program.symbolOffset[winner[id]] = alignment;
}

function allotCommon(program: Program, symbol: number): void {
  const size = program.symbolSize[symbol];
  const alignment = Math.max(program.symbolOffset[symbol], 1);
  const section = program.sections[program.commonSection];
  section.alignment = Math.max(section.alignment, alignment);
  const at = Math.ceil(program.size[program.commonSection] / alignment) * alignment;
  program.size[program.commonSection] = at + size;
  program.symbolSection[symbol] = program.commonSection;
  program.symbolOffset[symbol] = at;
}

function definedTwice(program: Program, name: string, first: number, second: number): LinkError {
  return {
    code: "E0808", symbol: name, message: `symbol ${name} is defined twice`,
    places: [first, second].map((symbol) => program.objects[program.objectOf(symbol)].name), advice: [],
  };
}
