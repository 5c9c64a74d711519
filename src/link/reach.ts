/**
 * Dead-section removal: marks what can be reached from the roots by relocations. A section is the unit, or, where its maker promised it,
 * an atom: the extent of one symbol. The same walk finds the references that nobody defines and the slots which the global offset table needs.
 * Linear in the live relocations.
 */
import type { LinkError } from "./linkError.ts";
import { findAtoms } from "./atoms.ts";
import type { Atoms } from "./atoms.ts";
import type { GlobalOffsetTable } from "./globalOffsetTable.ts";
import type { SymbolId } from "./object.ts";
import { NOBODY } from "./program.ts";
import type { Program } from "./program.ts";
import { needsSlot } from "./relocate.ts";
import { isDropped } from "./resolve.ts";

export interface ReachOptions {
  /** Symbol numbers from which all else must be reachable. */
  readonly roots: readonly number[];
  /** Without it every section stays. */
  readonly removeDead: boolean;
  /** Whether unloaded sections (debug information) stay. */
  readonly keepInfo: boolean;
}

/** Marks `program.live`, takes dead atoms out of their sections, and notes the slots in `got`. Returns the undefined references. */
export function reach(program: Program, options: ReachOptions, got: GlobalOffsetTable): LinkError[] {
  const { sections, sectionCount, sectionBase, symbolBase, sectionObject, live, definition, symbolSection } = program;
  const atoms: Atoms | undefined = options.removeDead ? findAtoms(program) : undefined;
  const stack = new Int32Array(sectionCount + (atoms?.count ?? 0));
  let depth = 0;
  const undefinedAt = new Map<string, string[]>();

  const push = (section: number, symbol: number): void => {
    const atom = atoms === undefined ? -1 : atoms.ofSymbol[symbol];
    if (atom >= 0 && atoms !== undefined) {
      if (atoms.live[atom] === 1) return;
      atoms.live[atom] = 1;
      live[section] = 1;
      stack[depth++] = sectionCount + atom;
    } else if (live[section] === 0 && !isDropped(program, section)) {
      live[section] = 1;
      stack[depth++] = section;
    }
  };
  const scan = (section: number, from: number, to: number): void => {
    const relocations = program.relocations[section];
    const base = symbolBase[sectionObject[section]];
    const { symbol, kind } = relocations;
    const keeps = sections[section].references === "keep";
    for (let i = from; i < to; i++) {
      const target = definition[base + symbol[i]];
      if (target === NOBODY) {
        if (!keeps) continue;
        const object = sectionObject[section];
        const name = program.objects[object].symbols.name(symbol[i] as SymbolId);
        const places = undefinedAt.get(name);
        const place = program.place(section, relocations.offset[i]);
        if (places === undefined) undefinedAt.set(name, [place]);
        else if (!places.includes(place)) places.push(place);
        continue;
      }
      if (needsSlot(program, kind[i], section, relocations.offset[i], target)) got.need(target, kind[i]);
      if (!keeps) continue;
      const targetSection = symbolSection[target];
      if (targetSection >= 0) push(targetSection, target);
    }
  };
  const drain = (): void => {
    while (depth > 0) {
      const unit = stack[--depth];
      if (unit < sectionCount) scan(unit, 0, program.relocations[unit].count);
      else if (atoms !== undefined) {
        const atom = unit - sectionCount;
        scan(atoms.section[atom], atoms.firstRelocation[atom], atoms.endRelocation[atom]);
      }
    }
  };

  for (const root of options.roots) {
    if (symbolSection[root] >= 0) push(symbolSection[root], root);
  }
  for (let i = 0; i < sectionCount; i++) {
    const section = sections[i];
    if (section.references === "describe" || isDropped(program, i)) continue;
    if (!options.removeDead || section.retain) {
      if (live[i] === 0) {
        live[i] = 1;
        stack[depth++] = i;
      }
      if (atoms !== undefined) atoms.live.fill(1, atoms.first[i], atoms.first[i + 1]);
    }
  }
  drain();
  for (let i = 0; i < sectionCount; i++) {
    const section = sections[i];
    if (section.references !== "describe" || isDropped(program, i)) continue;
    if (section.kind === "info" ? !options.keepInfo : !objectIsLive(program, sectionBase, sectionObject[i])) continue;
    live[i] = 1;
    scan(i, 0, program.relocations[i].count);
  }
  if (program.size[program.commonSection] > 0) live[program.commonSection] = 1;
  atoms?.removeDead(program);

  return [...undefinedAt].map(([symbol, places]) => ({
    code: "E0807", symbol, message: `undefined symbol ${symbol}`, places: places.slice(0, 5),
    advice: places.length > 5 ? [`and ${places.length - 5} more places`] : [],
  }));
}

function objectIsLive(program: Program, sectionBase: Int32Array, object: number): boolean {
  for (let i = sectionBase[object]; i < sectionBase[object + 1]; i++) {
    if (program.live[i] === 1 && program.sections[i].references !== "describe") return true;
  }
  return false;
}
