/**
 * The relocatable object in memory: what every code generator makes and what the linker takes in, whatever the
 * architecture or the file format. Symbols and relocations are columns; sections are few and are plain objects.
 */
import { codePadding } from "./codePadding.ts";
import { RelocationKind } from "./relocationKind.ts";

export type Machine = "x86_64" | "arm64";

/**
 * What a section is for, and so where it goes:
 * text (read, execute), rodata (read), relro (read, once the loader has filled in addresses), data (read, write), bss (read, write, all zero, no bytes),
 * tls and tlsZero (the initial image of a thread's variables), info (in the file but never loaded: debug sections, comments).
 */
export type SectionKind = "text" | "rodata" | "relro" | "data" | "bss" | "tls" | "tlsZero" | "info";

/** none; constants: equal entries of `entrySize` bytes may become one; strings: the same for zero-terminated strings of `entrySize`-byte units. */
export type Merge = "none" | "constants" | "strings";

export type SectionId = number & { readonly brand: "Section" };
export type SymbolId = number & { readonly brand: "Symbol" };

export const Binding = { local: 0, global: 1, weak: 2 } as const;
export type Binding = (typeof Binding)[keyof typeof Binding];
export const SymbolType = { none: 0, object: 1, function: 2, section: 3, file: 4, threadLocal: 5 } as const;
export type SymbolType = (typeof SymbolType)[keyof typeof SymbolType];
export const Visibility = { default: 0, hidden: 1 } as const;
export type Visibility = (typeof Visibility)[keyof typeof Visibility];

/** Where a symbol is when it is in no section of its object. */
export const UNDEFINED = -1;
/** Its offset is its address. */
export const ABSOLUTE = -2;
/** A C tentative definition: its offset is its alignment; the linker allots zeroed memory unless somebody defines it. */
export const COMMON = -3;

/** Relocations of one section, as columns. */
export class Relocations {
  count = 0;
  /** Bit k is set if there is one of kind k. */
  kinds = 0;
  /** Whether each offset is at least the one before. */
  ascending = true;
  /** Where the field starts, in bytes from the section's start. */
  offset = new Uint32Array(0);
  /** A RelocationKind. */
  kind = new Uint8Array(0);
  /** A SymbolId of the same object. */
  symbol = new Uint32Array(0);
  addend = new Int32Array(0);

  /** Room for `more` further relocations, so that a burst of `add` never grows twice. */
  reserve(more: number): void {
    const needed = this.count + more;
    if (needed <= this.offset.length) return;
    const capacity = Math.max(needed, this.offset.length * 2, 16);
    const offset = new Uint32Array(capacity);
    const kind = new Uint8Array(capacity);
    const symbol = new Uint32Array(capacity);
    const addend = new Int32Array(capacity);
    offset.set(this.offset);
    kind.set(this.kind);
    symbol.set(this.symbol);
    addend.set(this.addend);
    this.offset = offset;
    this.kind = kind;
    this.symbol = symbol;
    this.addend = addend;
  }

  add(offset: number, kind: RelocationKind, symbol: SymbolId, addend: number): void {
    const at = this.count;
    if (at === this.offset.length) this.reserve(1);
    if (at > 0 && offset < this.offset[at - 1]) this.ascending = false;
    this.offset[at] = offset;
    this.kind[at] = kind;
    this.symbol[at] = symbol;
    this.addend[at] = addend;
    this.count = at + 1;
    this.kinds |= 1 << kind;
  }

  /** Adds those of `other` from index `first` to below `end`, `delta` bytes further on. */
  addRange(other: Relocations, first: number, end: number, delta: number): void {
    if (end === first) return;
    const at = this.count;
    this.reserve(end - first);
    if (!other.ascending || (at > 0 && other.offset[first] + delta < this.offset[at - 1])) this.ascending = false;
    this.kind.set(other.kind.subarray(first, end), at);
    this.symbol.set(other.symbol.subarray(first, end), at);
    this.addend.set(other.addend.subarray(first, end), at);
    for (let i = first; i < end; i++) this.offset[at + i - first] = other.offset[i] + delta;
    this.count = at + end - first;
    this.kinds |= other.kinds;
  }
}

/** The symbols of one object, as columns. */
export class SymbolTable {
  count = 0;
  /** By symbol. */
  readonly names: string[] = [];
  private sections = new Int32Array(64);
  private offsets = new Float64Array(64);
  private sizes = new Float64Array(64);
  /** By symbol: binding | type << 2 | visibility << 5. For those who walk over all symbols; the methods say the same. */
  traits = new Uint8Array(64);

  add(name: string, binding: Binding, type: SymbolType, visibility: Visibility): SymbolId {
    const id = this.count;
    if (id === this.sections.length) this.grow();
    this.names.push(name);
    this.sections[id] = UNDEFINED;
    this.traits[id] = binding | (type << 2) | (visibility << 5);
    this.count = id + 1;
    return id as SymbolId;
  }

  define(symbol: SymbolId, section: number, offset: number, size: number): void {
    this.sections[symbol] = section;
    this.offsets[symbol] = offset;
    this.sizes[symbol] = size;
  }

  setTraits(symbol: SymbolId, binding: Binding, type: SymbolType, visibility: Visibility): void {
    this.traits[symbol] = binding | (type << 2) | (visibility << 5);
  }

  name(symbol: SymbolId): string {
    return this.names[symbol] ?? "";
  }
  /** A SectionId, or UNDEFINED, ABSOLUTE or COMMON. */
  section(symbol: SymbolId): number {
    return this.sections[symbol];
  }
  /** Bytes from the section's start (ABSOLUTE: the address; COMMON: the alignment). */
  offset(symbol: SymbolId): number {
    return this.offsets[symbol];
  }
  size(symbol: SymbolId): number {
    return this.sizes[symbol];
  }
  binding(symbol: SymbolId): Binding {
    return (this.traits[symbol] & 3) as Binding;
  }
  type(symbol: SymbolId): SymbolType {
    return ((this.traits[symbol] >> 2) & 7) as SymbolType;
  }
  visibility(symbol: SymbolId): Visibility {
    return (this.traits[symbol] >> 5) as Visibility;
  }
  isDefined(symbol: SymbolId): boolean {
    return this.sections[symbol] !== UNDEFINED;
  }

  private grow(): void {
    const capacity = this.sections.length * 2;
    const sections = new Int32Array(capacity);
    const offsets = new Float64Array(capacity);
    const sizes = new Float64Array(capacity);
    const traits = new Uint8Array(capacity);
    sections.set(this.sections);
    offsets.set(this.offsets);
    sizes.set(this.sizes);
    traits.set(this.traits);
    this.sections = sections;
    this.offsets = offsets;
    this.sizes = sizes;
    this.traits = traits;
  }
}

/**
 * What a section's relocations mean to dead-section removal.
 * keep: what it refers to stays as long as it does.
 * describe: it stays with the rest of its object, keeps nothing alive, and a reference to what was removed is 0: debug information, unwind tables.
 * index: it stays while somebody refers to it, keeps nothing alive, and a reference to a removed atom is where that would have been: tables by address.
 */
export type References = "keep" | "describe" | "index";

/** Who reads a section: the program itself, the loader, or who walks its stacks. */
export type Purpose = "program" | "loading" | "unwind";

export interface SectionTraits {
  readonly merge?: Merge;
  /** Bytes of an entry (constants) or of a character (strings); 0 when entries have no fixed size. */
  readonly entrySize?: number;
  /** Kept by dead-section removal whoever refers to it. */
  readonly retain?: boolean;
  /**
   * The section falls apart into atoms, one for each sized symbol in it, of which unreachable ones may be removed and the
   * others moved together. Promised then: relocations that aim into it name the atom's symbol with an addend inside the atom,
   * and bytes outside every atom are padding.
   */
  readonly atoms?: boolean;
  readonly references?: References;
  /** Bytes of a record, where the section is a row of records, each about what its first relocation refers to and gone with that. */
  readonly recordSize?: number;
  /** For accounts of what the bytes are for; default: program. */
  readonly purpose?: Purpose;
}

export class ObjectSection {
  readonly id: SectionId;
  readonly name: string;
  readonly kind: SectionKind;
  /** A power of two; grows with what is put in. */
  alignment: number;
  readonly merge: Merge;
  readonly entrySize: number;
  readonly retain: boolean;
  readonly atoms: boolean;
  readonly references: References;
  readonly recordSize: number;
  readonly purpose: Purpose;
  readonly relocations = new Relocations();
  /** Sections that live and die together with this one (a COMDAT group in ELF), or -1. */
  group = -1;
  /** In bytes; what `content` gives back is that long, except for bss and tlsZero, which have none. */
  size = 0;
  private buffer = new Uint8Array(0);

  constructor(id: SectionId, name: string, kind: SectionKind, alignment: number, traits: SectionTraits) {
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.alignment = alignment;
    this.merge = traits.merge ?? "none";
    this.entrySize = traits.entrySize ?? 0;
    this.retain = traits.retain ?? false;
    this.atoms = traits.atoms ?? false;
    this.recordSize = traits.recordSize ?? 0;
    this.purpose = traits.purpose ?? "program";
    this.references = traits.references ?? (kind === "info" ? "describe" : "keep");
  }

  /** bss and tlsZero: memory without bytes in the file. */
  get hasContent(): boolean {
    return this.kind !== "bss" && this.kind !== "tlsZero";
  }

  /** The bytes, a view: empty for bss and tlsZero. */
  content(): Uint8Array {
    return this.buffer.subarray(0, this.hasContent ? this.size : 0);
  }

  /** Takes `bytes` over as the whole content, without a copy. */
  adopt(bytes: Uint8Array<ArrayBuffer>): void {
    this.buffer = bytes;
    this.size = bytes.length;
  }

  /** Grows by `size` bytes (zero, where there are bytes); returns the offset of the first. */
  extend(size: number): number {
    const at = this.size;
    const end = at + size;
    if (this.hasContent && end > this.buffer.length) {
      const larger = new Uint8Array(Math.max(end, this.buffer.length * 2, 64));
      larger.set(this.buffer.subarray(0, at));
      this.buffer = larger;
    }
    this.size = end;
    return at;
  }
}

/** A finished object. `name` is what messages call it: the file it came from, or the module. */
export interface ObjectFile {
  readonly name: string;
  readonly machine: Machine;
  readonly sections: readonly ObjectSection[];
  readonly symbols: SymbolTable;
  /**
   * COMDAT groups by `ObjectSection.group`: the names under which the same group of another object is a copy. Empty when we made it.
   */
  readonly groups: readonly string[];
}

/**
 * Builds an object. The order of use is free: symbols may be referred to before they are defined, and are undefined symbols of
 * the object if they never are.
 *
 *     const object = new ObjectBuilder("main", "x86_64");
 *     const text = object.section("text", ".text", 16);
 *     const main = object.symbol("main", Binding.global, SymbolType.function);
 *     const puts = object.symbol("puts", Binding.global);              // undefined until somebody defines it
 *     object.adopt(text, code);                                        // all functions in one buffer, no copy
 *     object.define(main, text, 0, 42);
 *     object.relocate(text, 7, RelocationKind.call32, puts, -4);
 *     link([object.finish()], …)
 */
export class ObjectBuilder {
  readonly name: string;
  readonly machine: Machine;
  readonly sections: ObjectSection[] = [];
  readonly symbols = new SymbolTable();
  readonly groups: string[] = [];

  constructor(name: string, machine: Machine) {
    this.name = name;
    this.machine = machine;
  }

  /** A new section; `alignment` in bytes, a power of two. */
  section(kind: SectionKind, name: string, alignment: number, traits: SectionTraits = {}): SectionId {
    const id = this.sections.length as SectionId;
    this.sections.push(new ObjectSection(id, name, kind, alignment, traits));
    return id;
  }

  /** A new symbol, undefined until `define`. Internal ones should be local: they then cost no lookup by name. */
  symbol(name: string, binding: Binding, type: SymbolType = SymbolType.none, visibility: Visibility = Visibility.default): SymbolId {
    return this.symbols.add(name, binding, type, visibility);
  }

  /** Places a symbol; `offset` and `size` in bytes. */
  define(symbol: SymbolId, section: SectionId, offset: number, size: number): void {
    this.symbols.define(symbol, section, offset, size);
  }

  /** Pads the section to a multiple of `alignment`, and raises its own alignment to that; returns the offset reached. */
  align(section: SectionId, alignment: number): number {
    const s = this.sections[section];
    if (alignment > s.alignment) s.alignment = alignment;
    const padding = -s.size & (alignment - 1);
    if (padding > 0) {
      const from = s.extend(padding);
      if (s.kind === "text") s.content().fill(codePadding[this.machine], from);
    }
    return s.size;
  }

  /** Copies `bytes` to the end of the section; returns the offset of the first. */
  append(section: SectionId, bytes: Uint8Array): number {
    const s = this.sections[section];
    if (!s.hasContent) throw new Error(`link/object.append: ${s.name} holds no bytes`);
    const at = s.extend(bytes.length);
    s.content().set(bytes, at);
    return at;
  }

  /** Adds `size` zero bytes (the only way to grow a bss section); returns the offset of the first. */
  reserve(section: SectionId, size: number): number {
    return this.sections[section].extend(size);
  }

  /** Makes `bytes` the whole content of the section, without a copy: for the one buffer of all functions. */
  adopt(section: SectionId, bytes: Uint8Array<ArrayBuffer>): void {
    this.sections[section].adopt(bytes);
  }

  /** The field at `at` of `section` is to hold what `kind` says of `symbol` and `addend`. */
  relocate(section: SectionId, at: number, kind: RelocationKind, symbol: SymbolId, addend: number): void {
    this.sections[section].relocations.add(at, kind, symbol, addend);
  }

  /** The relocation columns of a section, for those who add many: `reserve` once, then `add`. */
  relocations(section: SectionId): Relocations {
    return this.sections[section].relocations;
  }

  finish(): ObjectFile {
    return this;
  }
}
