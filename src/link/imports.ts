/**
 * Functions of dynamic libraries: a name that no object defines and that a library has becomes a stub that jumps by way of a slot, into which the loader
 * writes the function's address. Stubs and slots are an object like any other, so that unused ones are removed as dead code is.
 */
import type { ImportedFunction } from "./image.ts";
import { Binding, ObjectBuilder, SymbolType, UNDEFINED } from "./object.ts";
import type { Machine, ObjectFile, SymbolId } from "./object.ts";
import { privateName } from "./privateNames.ts";
import type { Program } from "./program.ts";
import { RelocationKind } from "./relocationKind.ts";

/** The name of the sections that hold slots. */
export const IMPORT_SLOTS = ".imports";

/** What library has a function, and under which name; undefined for none. */
export type ImportSource = (symbol: string) => ImportedFunction | undefined;

export interface Imports {
  readonly object: ObjectFile;
  /** Those of a library together, and the symbol of each one's slot. */
  readonly functions: readonly (ImportedFunction & { readonly slotSymbol: SymbolId })[];
}

interface Stub {
  /** Of its first byte, in bytes. */
  readonly alignment: number;
  readonly bytes: readonly number[];
  /** Fields for the slot's address. */
  readonly fields: readonly (readonly [at: number, kind: RelocationKind, addend: number])[];
}

/** A jump through the slot. */
const stubs: Readonly<Record<Machine, Stub>> = {
  x86_64: { alignment: 2, bytes: [0xff, 0x25, 0, 0, 0, 0], fields: [[2, RelocationKind.pc32, -4]] },
  // ldr x16, slot; br x16
  arm64: { alignment: 4, bytes: [0x10, 0, 0, 0x58, 0x00, 0x02, 0x1f, 0xd6], fields: [[0, RelocationKind.arm64Literal19, 0]] },
};

/** Where slots may lie farther than the field above reaches. */
const farStubs: Partial<Record<Machine, Stub>> = {
  // adrp x16, slot; ldr x16, [x16, slot]; br x16
  arm64: {
    alignment: 4, bytes: [0x10, 0, 0, 0x90, 0x10, 0x02, 0x40, 0xf9, 0x00, 0x02, 0x1f, 0xd6],
    fields: [[0, RelocationKind.arm64Page21, 0], [4, RelocationKind.arm64Load12, 0]],
  },
};

/** How C compilers for Windows call the slot of a function that they were told is imported; they then need no stub. */
const SLOT_PREFIX = "__imp_";

/** Stubs and slots for what `objects` lack and `source` has; undefined if that is nothing. */
export function importObject(objects: readonly ObjectFile[], source: ImportSource, machine: Machine): Imports | undefined {
  const byLibrary = new Map<string, { readonly symbol: string; readonly name: string }[]>();
  const missing = missingNames(objects);
  for (const asked of missing) {
    const symbol = source(asked) === undefined && asked.startsWith(SLOT_PREFIX) ? asked.slice(SLOT_PREFIX.length) : asked;
    const found = source(symbol);
    if (found === undefined || (symbol !== asked && missing.has(symbol))) continue;
    const list = byLibrary.get(found.library) ?? [];
    list.push({ symbol, name: found.name });
    byLibrary.set(found.library, list);
  }
  if (byLibrary.size === 0) return undefined;
  const stub = (sizeBeforeData(objects) < NEAR ? undefined : farStubs[machine]) ?? stubs[machine];
  const builder = new ObjectBuilder("imports", machine);
  const text = builder.section("text", ".text.imports", stub.alignment, { atoms: true });
  const functions: (ImportedFunction & { slotSymbol: SymbolId })[] = [];
  for (const [library, names] of [...byLibrary].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const slots = builder.section("relro", IMPORT_SLOTS, 8, { atoms: true, purpose: "loading" });
    for (const { symbol, name } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const slot = builder.symbol(privateName("slot", symbol), Binding.local, SymbolType.object);
      const slotAt = builder.reserve(slots, 8);
      builder.define(slot, slots, slotAt, 8);
      if (missing.has(SLOT_PREFIX + symbol)) builder.define(builder.symbol(SLOT_PREFIX + symbol, Binding.global, SymbolType.object), slots, slotAt, 8);
      const at = builder.append(text, Uint8Array.from(stub.bytes));
      builder.define(builder.symbol(symbol, Binding.global, SymbolType.function), text, at, stub.bytes.length);
      for (const [offset, kind, addend] of stub.fields) builder.relocate(text, at + offset, kind, slot, addend);
      functions.push({ library, name, slotSymbol: slot });
    }
  }
  return { object: builder.finish(), functions };
}

/** Bytes of code and constants of a program whose slots every stub reaches, with room for headers, tables and alignment. */
const NEAR = 0xc_0000;

/** Slots come with the constants, before all that can be written to. */
function sizeBeforeData(objects: readonly ObjectFile[]): number {
  let size = 0;
  for (const { sections } of objects) for (const s of sections) if (s.kind === "text" || s.kind === "rodata" || s.kind === "relro") size += s.size;
  return size;
}

/** Names that somebody refers to and nobody defines, each once. */
function missingNames(objects: readonly ObjectFile[]): Set<string> {
  const missing = new Set<string>();
  const defined = new Set<string>();
  for (const { symbols } of objects) {
    const { traits, names, count } = symbols;
    for (let i = 0; i < count; i++) {
      if ((traits[i] & 3) === Binding.local) continue;
      if (symbols.section(i as SymbolId) === UNDEFINED) missing.add(names[i]);
      else if (objects.length > 1) defined.add(names[i]);
    }
  }
  for (const name of missing) if (defined.has(name)) missing.delete(name);
  return missing;
}

/** Those that are still needed, with the number of each one's slot among the program's symbols. The imports' object is the last that was given. */
export function liveImports(program: Program, imports: Imports): (ImportedFunction & { readonly slot: number })[] {
  const object = program.objects.indexOf(imports.object);
  return imports.functions
    .map(({ library, name, slotSymbol }) => ({ library, name, slot: program.symbolBase[object] + slotSymbol }))
    .filter(({ slot }) => program.symbolSection[slot] >= 0 && program.live[program.symbolSection[slot]] === 1);
}
