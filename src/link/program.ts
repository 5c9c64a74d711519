/**
 * Everything that is being linked, under one numbering: symbol s of object o is `symbolBase[o] + s`, section likewise. What the passes
 * find out (who defines a symbol, where it moved) stands in columns by these numbers; the objects stay as they came.
 */
import { ABSOLUTE, ObjectBuilder, SymbolType } from "./object.ts";
import type { Machine, ObjectFile, ObjectSection, Relocations, SymbolId } from "./object.ts";

/** `definition` of a symbol that nobody defines. */
export const NOBODY = -1;
/** `symbolSection` of a symbol whose section or atom was removed. */
export const REMOVED = -4;

export class Program {
  readonly machine: Machine;
  /** As given, then the linker's own. */
  readonly objects: readonly ObjectFile[];
  readonly symbolBase: Int32Array;
  readonly sectionBase: Int32Array;
  readonly symbolCount: number;
  readonly sectionCount: number;

  /** Of each symbol: the symbol that defines it, itself or another one; NOBODY; or `nullSymbol`. */
  readonly definition: Int32Array;
  /** Where symbols are: a section number, ABSOLUTE, COMMON, UNDEFINED or REMOVED. */
  readonly symbolSection: Int32Array;
  /** Bytes from that section's start; for ABSOLUTE the address; for REMOVED where the atom would have been. */
  readonly symbolOffset: Float64Array;
  /** In bytes. */
  readonly symbolSize: Float64Array;
  /** A weak symbol that nobody defines has address 0: its definition is this one. */
  readonly nullSymbol: number;

  readonly sections: readonly ObjectSection[];
  readonly sectionObject: Int32Array;
  /** 1 while the section is part of the program. */
  readonly live: Uint8Array;
  /** What the sections hold by now; passes replace entries. */
  readonly content: Uint8Array[];
  readonly relocations: Relocations[];
  /** In bytes, by now. */
  readonly size: Float64Array;
  /** Sections of merged constants: where their offsets went. Sparse. */
  readonly merged: (((offset: number) => { section: number; offset: number }) | undefined)[] = [];

  /** Of symbols in removed atoms: the section that the atom was taken out of. */
  readonly removedFrom = new Map<number, number>();

  /** The linker's own: zeroed memory for C's tentative definitions, and the global offset table. */
  readonly commonSection: number;
  readonly gotSection: number;

  constructor(given: readonly ObjectFile[], machine: Machine) {
    const own = new ObjectBuilder("linker", machine);
    const common = own.section("bss", ".bss", 1);
    const got = own.section("rodata", ".got", 8, { purpose: "loading" });
    const objects = [...given, own.finish()];
    this.machine = machine;
    this.objects = objects;
    this.symbolBase = new Int32Array(objects.length + 1);
    this.sectionBase = new Int32Array(objects.length + 1);
    objects.forEach((o, i) => {
      this.symbolBase[i + 1] = this.symbolBase[i] + o.symbols.count;
      this.sectionBase[i + 1] = this.sectionBase[i] + o.sections.length;
    });
    this.symbolCount = this.symbolBase[objects.length];
    this.sectionCount = this.sectionBase[objects.length];
    this.commonSection = this.sectionBase[given.length] + common;
    this.gotSection = this.sectionBase[given.length] + got;
    this.nullSymbol = this.symbolCount;
    this.definition = new Int32Array(this.symbolCount + 1);
    this.symbolSection = new Int32Array(this.symbolCount + 1);
    this.symbolOffset = new Float64Array(this.symbolCount + 1);
    this.symbolSize = new Float64Array(this.symbolCount + 1);
    this.definition[this.nullSymbol] = this.nullSymbol;
    this.symbolSection[this.nullSymbol] = ABSOLUTE;
    const sections: ObjectSection[] = [];
    for (const o of objects) for (const section of o.sections) sections.push(section);
    this.sections = sections;
    this.sectionObject = new Int32Array(this.sectionCount);
    this.live = new Uint8Array(this.sectionCount);
    this.content = this.sections.map((s) => s.content());
    this.relocations = this.sections.map((s) => s.relocations);
    this.size = new Float64Array(this.sectionCount);
    for (let i = 0; i < this.sectionCount; i++) this.size[i] = this.sections[i].size;
    objects.forEach((_, o) => this.sectionObject.fill(o, this.sectionBase[o], this.sectionBase[o + 1]));
  }

  /** The object that symbol number `symbol` belongs to. */
  objectOf(symbol: number): number {
    let low = 0;
    let high = this.objects.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.symbolBase[middle] <= symbol) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  symbolName(symbol: number): string {
    if (symbol === this.nullSymbol) return "";
    const o = this.objectOf(symbol);
    return this.objects[o].symbols.name((symbol - this.symbolBase[o]) as SymbolId);
  }

  /** "main.o: in function f", or "main.o: in .data+0x10": for messages, by search. */
  place(section: number, offset: number): string {
    const o = this.sectionObject[section];
    const object = this.objects[o];
    for (let i = 0; i < object.symbols.count; i++) {
      const symbol = i as SymbolId;
      if (this.symbolSection[this.symbolBase[o] + i] !== section || object.symbols.type(symbol) !== SymbolType.function) continue;
      const start = this.symbolOffset[this.symbolBase[o] + i];
      if (offset >= start && offset < start + object.symbols.size(symbol)) return `${object.name}: in function ${object.symbols.name(symbol)}`;
    }
    return `${object.name}: in ${this.sections[section].name}+0x${offset.toString(16)}`;
  }
}
