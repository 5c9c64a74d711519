/**
 * Makes the relocatable object: symbols of the module become symbols of the object, data goes to its section, and constants that
 * the code generator needs in memory (floats, masks, jump tables) get symbols of their own.
 *
 * Code refers to symbols by a *reference*: the module's symbol number, or PRIVATE + an object symbol number.
 */

import type { SymbolId } from "../ir/function.ts";
import type { Data, Module } from "../ir/module.ts";
import { Binding, ObjectBuilder, SymbolType, Visibility } from "../link/object.ts";
import type { Machine, ObjectFile, SectionId, SymbolId as ObjectSymbol } from "../link/object.ts";
import { privateName } from "../link/privateNames.ts";
import { RelocationKind } from "../link/relocationKind.ts";

export const PRIVATE = 0x20000000;

export class ObjectWriter {
  readonly builder: ObjectBuilder;
  readonly text: SectionId;
  private readonly module: Module;
  private readonly atoms: boolean;
  /** By module symbol: object symbol + 1, 0 if not made yet. */
  private symbolOf = new Int32Array(256);
  private rodata: SectionId | undefined;
  private readonly constants = new Map<string, number>();
  private readonly constantSections = new Map<number, SectionId>();
  private privateCount = 0;

  constructor(name: string, machine: Machine, module: Module, atoms: boolean, codeAlignment: number) {
    this.builder = new ObjectBuilder(name, machine);
    this.module = module;
    this.atoms = atoms;
    this.text = this.builder.section("text", ".text", codeAlignment, { atoms });
  }

  /** The object's symbol behind a reference. */
  objectSymbol(reference: number): ObjectSymbol {
    if (reference >= PRIVATE) return (reference - PRIVATE) as ObjectSymbol;
    if (reference >= this.symbolOf.length) {
      let capacity = this.symbolOf.length * 2;
      while (capacity <= reference) capacity *= 2;
      const wider = new Int32Array(capacity);
      wider.set(this.symbolOf);
      this.symbolOf = wider;
    }
    const known = this.symbolOf[reference];
    if (known !== 0) return (known - 1) as ObjectSymbol;
    const symbol = this.module.symbols[reference];
    if (symbol === undefined) throw new Error(`codegen/objectWriter.objectSymbol: no symbol ${reference}`);
    const binding = symbol.linkage === "local" ? Binding.local : Binding.global;
    // What is imported may turn out to be either.
    const type = symbol.linkage === "imported" ? SymbolType.none : symbol.kind === "function" ? SymbolType.function : SymbolType.object;
    const made = this.builder.symbol(symbol.name, binding, type, Visibility.default);
    this.symbolOf[reference] = made + 1;
    return made;
  }

  /** Size in bytes of the function at `offset` of .text. */
  defineFunction(symbol: SymbolId, offset: number, size: number): void {
    this.builder.define(this.objectSymbol(symbol), this.text, offset, size);
  }

  /** A reference to a read-only constant of 4, 8 or 16 bytes, given as 32-bit words from the lowest. Equal ones are one. */
  constant(words: readonly number[]): number {
    const key = words.join();
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const size = words.length * 4;
    let section = this.constantSections.get(size);
    if (section === undefined) {
      section = this.builder.section("rodata", `.rodata.cst${size}`, size, { merge: "constants", entrySize: size });
      this.constantSections.set(size, section);
    }
    const bytes = new Uint8Array(new Int32Array(words).buffer);
    const reference = this.privateSymbol("constant", section, this.builder.append(section, bytes), size);
    this.constants.set(key, reference);
    return reference;
  }

  /**
   * Room for a jump table: each entry is 4 bytes, the address of a target minus the table's. The targets come later, by
   * `fillJumpTable`: code refers to the table before its labels have their places.
   */
  reserveJumpTable(count: number): number {
    const section = this.readOnly();
    const at = this.builder.align(section, 4);
    this.builder.reserve(section, count * 4);
    return this.privateSymbol("table", section, at, count * 4);
  }

  /** `targets`: offsets from the start of function `symbol`. */
  fillJumpTable(reference: number, symbol: SymbolId, targets: ArrayLike<number>): void {
    const section = this.readOnly();
    const at = this.builder.symbols.offset((reference - PRIVATE) as ObjectSymbol);
    const code = this.objectSymbol(symbol);
    for (let i = 0; i < targets.length; i++) {
      this.builder.relocate(section, at + i * 4, RelocationKind.pc32, code, (targets[i] as number) + i * 4);
    }
  }

  /** Takes over the code, and writes the module's data. */
  finish(code: Uint8Array<ArrayBuffer>): ObjectFile {
    this.builder.adopt(this.text, code);
    const sections = new Map<string, SectionId>();
    const sectionFor = (data: Data): SectionId => {
      const zero = data.writable && data.relocations.length === 0 && data.bytes.every((byte) => byte === 0);
      const kind = data.mergeable ? ".rodata.str1.1" : zero ? ".bss" : data.writable ? ".data" : ".rodata";
      if (kind === ".rodata") return this.readOnly();
      const known = sections.get(kind);
      if (known !== undefined) return known;
      const made = data.mergeable
        ? this.builder.section("rodata", kind, 1, { merge: "strings", entrySize: 1 })
        : this.builder.section(zero ? "bss" : "data", kind, 1, { atoms: this.atoms });
      sections.set(kind, made);
      return made;
    };
    for (const data of this.module.data.values()) this.write(data, sectionFor(data));
    return this.builder.finish();
  }

  private write(data: Data, section: SectionId): void {
    const { builder } = this;
    const at = builder.align(section, data.mergeable ? 1 : Math.max(1, data.alignment));
    const size = Math.max(1, data.size); // a symbol without size would be no atom
    builder.reserve(section, size);
    const target = builder.sections[section];
    if (target !== undefined && target.hasContent) target.content().set(data.bytes, at);
    builder.define(this.objectSymbol(data.symbol), section, at, size);
    for (const { offset, symbol, addend } of data.relocations) {
      builder.relocate(section, at + offset, RelocationKind.abs64, this.objectSymbol(symbol), addend);
    }
  }

  private readOnly(): SectionId {
    this.rodata ??= this.builder.section("rodata", ".rodata", 8, { atoms: this.atoms });
    return this.rodata;
  }

  private privateSymbol(kind: "constant" | "table", section: SectionId, at: number, size: number): number {
    const symbol = this.builder.symbol(privateName(kind, this.privateCount++), Binding.local, SymbolType.object);
    this.builder.define(symbol, section, at, size);
    return PRIVATE + symbol;
  }
}
