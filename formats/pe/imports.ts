/** The import tables: which functions of which libraries the loader is to write into which slots. */
import { alignUp } from "../align.ts";
import type { PeImport } from "./image.ts";
import { ImportDescriptor } from "./layouts.ts";

/** What is to be laid out: functions grouped by library, in the order of their slots. */
export interface ImportGroup {
  readonly library: string;
  readonly names: readonly string[];
}

/** Neighbours of the same library become one group. */
export function groupImports(imports: readonly PeImport[]): ImportGroup[] {
  const groups: { library: string; names: string[] }[] = [];
  for (const { library, name } of imports) {
    const last = groups.at(-1);
    if (last !== undefined && last.library === library) last.names.push(name);
    else groups.push({ library, names: [name] });
  }
  return groups;
}

/** Where everything lies, from the start of the tables: descriptors first, then lookup tables, then names. */
interface Plan {
  readonly lookups: readonly number[];
  readonly names: readonly (readonly number[])[];
  readonly libraries: readonly number[];
  readonly size: number;
}

function plan(groups: readonly ImportGroup[], withLookups: boolean): Plan {
  let at = (groups.length + 1) * ImportDescriptor.size;
  const take = (size: number, alignment: number): number => {
    const start = alignUp(at, alignment);
    at = start + size;
    return start;
  };
  const lookups = groups.map(({ names }) => (withLookups ? take((names.length + 1) * 8, 8) : 0));
  // hint, name, NUL
  const names = groups.map((group) => group.names.map((name) => take(2 + name.length + 1, 2)));
  const libraries = groups.map(({ library }) => take(library.length + 1, 1));
  return { lookups, names, libraries, size: at };
}

/** Bytes of the tables, which must be 8-aligned. `withLookups`: keep the names beside the slots, which the loader overwrites. */
export function importTablesSize(groups: readonly ImportGroup[], withLookups: boolean): number {
  return groups.length === 0 ? 0 : plan(groups, withLookups).size;
}

/** Bytes of the directory, for its entry: the descriptors. */
export function importDirectorySize(groups: readonly ImportGroup[]): number {
  return (groups.length + 1) * ImportDescriptor.size;
}

/**
 * Writes the tables to `file` at `offset`, where memory has `address`; and each slot's name to the slots: `slots` has the address of the first slot of each
 * group, `slotOffset` its place in the file.
 */
export function writeImportTables(
  groups: readonly ImportGroup[], withLookups: boolean, file: Uint8Array, offset: number, address: number, slots: readonly number[], slotOffsets: readonly number[],
): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { lookups, names, libraries } = plan(groups, withLookups);
  const text = (at: number, value: string): void => {
    for (let i = 0; i < value.length; i++) file[at + i] = value.charCodeAt(i);
  };
  groups.forEach((group, g) => {
    ImportDescriptor.write(file, offset + g * ImportDescriptor.size, {
      OriginalFirstThunk: withLookups ? address + lookups[g] : 0, TimeDateStamp: 0, ForwarderChain: 0, Name: address + libraries[g], FirstThunk: slots[g],
    });
    text(offset + libraries[g], group.library);
    group.names.forEach((name, i) => {
      text(offset + names[g][i] + 2, name);
      if (withLookups) view.setUint32(offset + lookups[g] + i * 8, address + names[g][i], true);
      view.setUint32(slotOffsets[g] + i * 8, address + names[g][i], true);
    });
  });
}
