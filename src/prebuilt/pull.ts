/** Takes from a prebuilt library what an object refers to and has not: code, data and what stack traces need, with all that these refer to in turn. */

import type { SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import type { TraceRecords } from "../codegen/traceRecords.ts";
import { Binding, SymbolType, UNDEFINED, type ObjectBuilder, type SectionId, type SymbolId as ObjectSymbol } from "../link/object.ts";
import type { RelocationKind } from "../link/relocationKind.ts";
import { AtomKind, type PrebuiltLibrary } from "./library.ts";

export interface PullInto {
  readonly module: Module;
  readonly builder: ObjectBuilder;
  readonly trace: TraceRecords;
  readonly textSection: SectionId;
  readonly objectSymbol: (symbol: SymbolId) => ObjectSymbol;
  /** The position of a byte of one of the library's sources. */
  readonly positionOf: (file: string, offset: number) => number;
  /** Whether there will be tables that tell of functions and calls: asked when all code and data are in the object. */
  readonly wantsTrace: () => boolean;
}

/** Call when the program's own functions and data are in the object, and before its tables are made. */
export function pull(library: PrebuiltLibrary, into: PullInto): void {
  new Pull(library, into).run();
}

class Pull {
  private readonly library: PrebuiltLibrary;
  private readonly into: PullInto;
  /** By atom: the object's symbol + 1, the module's symbol + 1. */
  private readonly objectSymbols: Int32Array;
  private readonly moduleSymbols: Int32Array;
  /** By section of the library: the object's + 1. */
  private readonly sections: Int32Array;
  /** By inline site of the library: the module's. */
  private readonly inlineSites: Int32Array;
  private readonly waiting: number[] = [];
  /** Functions that were placed, and where. */
  private readonly placed: { readonly atom: number; readonly at: number }[] = [];

  constructor(library: PrebuiltLibrary, into: PullInto) {
    this.library = library;
    this.into = into;
    this.objectSymbols = new Int32Array(library.names.count);
    this.moduleSymbols = new Int32Array(library.names.count);
    this.sections = new Int32Array(library.header.sections.length);
    this.inlineSites = new Int32Array(library.columns.inlineCallee.length);
  }

  run(): void {
    const { symbols } = this.into.builder;
    const { names } = this.library;
    const count = symbols.count;
    for (let s = 0; s < count; s++) {
      if (symbols.isDefined(s as ObjectSymbol)) continue;
      const atom = names.find(symbols.name(s as ObjectSymbol));
      if (atom >= 0) this.symbolOf(atom);
    }
    for (let atom = this.waiting.pop(); atom !== undefined; atom = this.waiting.pop()) this.place(atom);
    if (this.into.wantsTrace()) for (const { atom, at } of this.placed) this.trace(atom, at);
  }

  /** The object's symbol of an atom or of an import. What the object does not define is put there, in its turn. */
  private symbolOf(atom: number): ObjectSymbol {
    const known = this.objectSymbols[atom] as number;
    if (known !== 0) return (known - 1) as ObjectSymbol;
    const { builder } = this.into;
    const name = this.library.names.name(atom);
    const kind = this.library.columns.kind[atom];
    let symbol: ObjectSymbol;
    // Names with a point in front are the library's own: the program may have made others of the same name.
    if (name.startsWith(".") && kind === AtomKind.data) symbol = builder.symbol(name, Binding.local, SymbolType.object);
    else symbol = this.into.objectSymbol(this.moduleSymbolOf(atom));
    this.objectSymbols[atom] = symbol + 1;
    if (!builder.symbols.isDefined(symbol) && this.library.columns.section[atom] !== UNDEFINED) this.waiting.push(atom);
    return symbol;
  }

  private moduleSymbolOf(atom: number): SymbolId {
    const known = this.moduleSymbols[atom] as number;
    if (known !== 0) return (known - 1) as SymbolId;
    const { module } = this.into;
    const own = this.library.names.name(atom);
    const name = own.startsWith(".") ? `${own}.prebuilt` : own;
    const kind = this.library.columns.kind[atom] as number;
    const linkage = kind === AtomKind.importedData || kind === AtomKind.importedFunction ? "imported" : "local";
    const symbol = module.find(name) ?? (kind === AtomKind.data || kind === AtomKind.importedData ? module.declareData(name, linkage) : module.declareFunction(name, module.signature([], []), linkage));
    this.moduleSymbols[atom] = symbol + 1;
    return symbol;
  }

  private place(atom: number): void {
    const { library, into } = this;
    const { columns } = library;
    const { builder } = into;
    const section = this.sectionOf(columns.section[atom] as number);
    const target = builder.sections[section];
    if (target === undefined) throw new Error(`prebuilt/pull.place: no section for ${library.names.name(atom)}`);
    const at = builder.align(section, columns.alignment[atom] as number);
    const size = columns.size[atom] as number;
    const bytes = library.bytes(atom);
    if (target.hasContent) builder.append(section, bytes);
    else builder.reserve(section, size);
    const symbol = ((this.objectSymbols[atom] as number) - 1) as ObjectSymbol;
    builder.define(symbol, section, at, size);
    if (columns.kind[atom] === AtomKind.function) this.placed.push({ atom, at });
    const first = columns.firstRelocation[atom] as number;
    const end = first + (columns.relocationCount[atom] as number);
    for (let r = first; r < end; r++) {
      builder.relocate(section, at + (columns.relocationAt[r] as number), columns.relocationKind[r] as RelocationKind, this.symbolOf(columns.relocationSymbol[r] as number), columns.relocationAddend[r] as number);
    }
  }

  /** The object's section for a section of the library: the one of the same name, else a new one. */
  private sectionOf(index: number): SectionId {
    const known = this.sections[index] as number;
    if (known !== 0) return (known - 1) as SectionId;
    const { builder } = this.into;
    const { name, kind, alignment, merge, entrySize, atoms } = this.library.header.sections[index] as (typeof this.library.header.sections)[number];
    const found = builder.sections.find((section) => section.name === name)?.id ?? builder.section(kind, name, alignment, { merge, entrySize, atoms });
    this.sections[index] = found + 1;
    return found;
  }

  private trace(atom: number, at: number): void {
    const { columns } = this.library;
    const { trace } = this.into;
    const firstSite = trace.siteCount;
    const first = columns.firstSite[atom] as number;
    const end = first + (columns.siteCount[atom] as number);
    for (let site = first; site < end; site++) {
      trace.addSite(at + (columns.siteReturn[site] as number), this.position(columns.siteFile[site] as number, columns.siteOffset[site] as number), this.inlineSite(columns.siteInline[site] as number), columns.siteFrame[site] as number);
    }
    trace.addFunction(this.moduleSymbolOf(atom), at, columns.size[atom] as number, columns.frame[atom] as number, firstSite, trace.lineCount);
  }

  private position(file: number, offset: number): number {
    return file < 0 ? 0 : this.into.positionOf(this.library.header.files[file] as string, offset);
  }

  private inlineSite(site: number): number {
    if (site === 0) return 0;
    const known = this.inlineSites[site] as number;
    if (known !== 0) return known;
    const { columns } = this.library;
    const { module } = this.into;
    const parent = this.inlineSite(columns.inlineParent[site] as number);
    const callee = this.moduleSymbolOf(columns.inlineCallee[site] as number);
    module.inlineSites.push({ callee, position: this.position(columns.inlineFile[site] as number, columns.inlineOffset[site] as number), parent });
    return (this.inlineSites[site] = module.inlineSites.length - 1);
  }
}
