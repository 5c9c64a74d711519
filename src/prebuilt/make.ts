/** Makes a prebuilt library of a compiled program: its functions and data, cut apart. */

import type { SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import type { TraceRecords } from "../codegen/traceRecords.ts";
import { SymbolType, UNDEFINED, type ObjectBuilder, type SectionId, type SymbolId as ObjectSymbol } from "../link/object.ts";
import { madeForPrograms } from "../irgen/prebuilt.ts";
import { NameTable } from "./nameTable.ts";
import { AtomKind, PrebuiltLibrary, type Columns, type PrebuiltSection } from "./library.ts";

/** A place in a source file; undefined where there is none. */
export type PlaceOf = (position: number) => { readonly file: string; readonly offset: number } | undefined;

export interface MakeInput {
  readonly module: Module;
  readonly builder: ObjectBuilder;
  readonly trace: TraceRecords;
  readonly objectSymbol: (symbol: SymbolId) => ObjectSymbol;
  readonly placeOf: PlaceOf;
  /** The functions that programs may call, and where each is declared. */
  readonly callable: ReadonlyMap<SymbolId, number>;
  /** Bits of `Needs` of each function, of its own body. */
  readonly needs: ReadonlyMap<SymbolId, number>;
  /** Who calls whom, before any pass: what was inlined no longer shows. */
  readonly calls: readonly (readonly [caller: SymbolId, callee: SymbolId])[];
}

class Column {
  private readonly items: number[] = [];
  add(item: number): number { return this.items.push(item) - 1; }
  get length(): number { return this.items.length; }
  done(): Int32Array { return Int32Array.from(this.items); }
}

/** What of a compiled program can serve other programs, as columns. */
export function makeLibrary(input: MakeInput): PrebuiltLibrary {
  return new Maker(input).make();
}

class Maker {
  private readonly input: MakeInput;
  private readonly files: string[] = [];
  private readonly c: { readonly [K in keyof Columns]: Column };

  constructor(input: MakeInput) {
    this.input = input;
    this.c = {
      kind: new Column(), section: new Column(), at: new Column(), size: new Column(), alignment: new Column(), firstRelocation: new Column(), relocationCount: new Column(),
      firstSite: new Column(), siteCount: new Column(), frame: new Column(), file: new Column(), offset: new Column(), needs: new Column(),
      relocationAt: new Column(), relocationKind: new Column(), relocationSymbol: new Column(), relocationAddend: new Column(),
      siteReturn: new Column(), siteFile: new Column(), siteOffset: new Column(), siteInline: new Column(), siteFrame: new Column(),
      inlineCallee: new Column(), inlineFile: new Column(), inlineOffset: new Column(), inlineParent: new Column(),
    };
  }

  make(): PrebuiltLibrary {
    const { input, c } = this;
    const { builder, module } = input;
    const { symbols } = builder;
    const behind = new Map<ObjectSymbol, SymbolId>();
    // Inlined functions are named in traces though nothing refers to them.
    for (const { callee } of module.inlineSites.slice(1)) input.objectSymbol(callee);
    for (const pair of input.calls) for (const symbol of pair) input.objectSymbol(symbol);
    module.symbols.forEach((_, id) => { if (this.isKnown(id as SymbolId)) behind.set(input.objectSymbol(id as SymbolId), id as SymbolId); });
    const functions = new Map<SymbolId, number>();
    for (let f = 0; f < input.trace.functionCount; f++) functions.set(input.trace.functionSymbol[f] as SymbolId, f);
    const relocations = builder.sections.map(({ id }) => this.sorted(id));
    const needs = this.allNeeds(behind);
    const callable = new Map<string, number>();
    for (let s = 0; s < symbols.count; s++) this.atom(s as ObjectSymbol, behind.get(s as ObjectSymbol), functions, relocations, needs, callable);
    for (const { callee, position, parent } of module.inlineSites) {
      c.inlineCallee.add(callee === 0 ? 0 : input.objectSymbol(callee));
      this.place(position, c.inlineFile, c.inlineOffset);
      c.inlineParent.add(parent);
    }
    const sections = builder.sections.map((section): PrebuiltSection => ({
      name: section.name, kind: section.kind, alignment: section.alignment, merge: section.merge, entrySize: section.entrySize, atoms: section.atoms, length: section.content().length,
    }));
    const columns: Partial<Record<keyof Columns, Int32Array>> = {};
    for (const name of Object.keys(c) as (keyof Columns)[]) columns[name] = c[name].done();
    return new PrebuiltLibrary({ files: this.files, sections }, columns as Columns, NameTable.of(symbols.names.slice(0, symbols.count), callable.values()), builder.sections.map((section) => section.content()));
  }

  /** The object refers to it. */
  private isKnown(symbol: SymbolId): boolean {
    return this.input.needs.has(symbol) || this.input.module.data.has(symbol) || this.input.module.symbols[symbol]?.linkage === "imported";
  }

  private atom(s: ObjectSymbol, symbol: SymbolId | undefined, functions: ReadonlyMap<SymbolId, number>, relocations: readonly Int32Array[], needs: ReadonlyMap<ObjectSymbol, number>, callable: Map<string, number>): void {
    const { c } = this;
    const { builder, module, trace } = this.input;
    const { symbols } = builder;
    const section = symbols.section(s);
    const isFunction = symbols.type(s) === SymbolType.function || (symbol !== undefined && module.symbols[symbol]?.kind === "function");
    c.kind.add(section === UNDEFINED ? (isFunction ? AtomKind.importedFunction : AtomKind.importedData) : isFunction ? AtomKind.function : AtomKind.data);
    c.section.add(section);
    const at = section === UNDEFINED ? 0 : symbols.offset(s);
    const size = section === UNDEFINED ? 0 : symbols.size(s);
    c.at.add(at);
    c.size.add(size);
    const data = symbol === undefined ? undefined : module.data.get(symbol);
    c.alignment.add(isFunction ? 16 : data !== undefined ? Math.max(1, data.mergeable ? 1 : data.alignment) : section === UNDEFINED ? 1 : Math.max(1, builder.sections[section]?.entrySize ?? 1, 4));
    c.firstRelocation.add(c.relocationAt.length);
    let count = 0;
    if (section !== UNDEFINED) {
      const { offset, kind, symbol: target, addend } = builder.relocations(section as SectionId);
      const order = relocations[section] as Int32Array;
      for (let i = lowerBound(order, offset, at); i < order.length && (offset[order[i] as number] as number) < at + size; i++) {
        const r = order[i] as number;
        c.relocationAt.add((offset[r] as number) - at);
        c.relocationKind.add(kind[r] as number);
        c.relocationSymbol.add(target[r] as number);
        c.relocationAddend.add(addend[r] as number);
        count++;
      }
    }
    c.relocationCount.add(count);
    const f = symbol === undefined ? undefined : functions.get(symbol);
    c.firstSite.add(c.siteReturn.length);
    c.siteCount.add(f === undefined ? 0 : this.sites(trace, f));
    c.frame.add(f === undefined ? 0 : (trace.functionFrame[f] as number));
    const declared = symbol === undefined ? undefined : this.input.callable.get(symbol);
    this.place(declared ?? 0, c.file, c.offset);
    c.needs.add(needs.get(s) ?? 0);
    const name = symbols.name(s);
    if (section !== UNDEFINED && !name.startsWith(".") && (isFunction ? declared !== undefined : symbol !== undefined)) callable.set(name, s);
  }

  private sites(trace: TraceRecords, f: number): number {
    const { c } = this;
    const start = trace.functionStart[f] as number;
    const first = trace.functionFirstSite[f] as number;
    const end = f + 1 < trace.functionCount ? (trace.functionFirstSite[f + 1] as number) : trace.siteCount;
    for (let site = first; site < end; site++) {
      c.siteReturn.add((trace.siteReturn[site] as number) - start);
      this.place(trace.sitePosition[site] as number, c.siteFile, c.siteOffset);
      c.siteInline.add(trace.siteInline[site] as number);
      c.siteFrame.add(trace.siteFrame[site] as number);
    }
    return end - first;
  }

  private place(position: number, file: Column, offset: Column): void {
    const place = position === 0 ? undefined : this.input.placeOf(position);
    if (place !== undefined && !this.files.includes(place.file)) this.files.push(place.file);
    file.add(place === undefined ? -1 : this.files.indexOf(place.file));
    offset.add(place?.offset ?? 0);
  }

  /** Numbers of a section's relocations by rising offset. */
  private sorted(section: SectionId): Int32Array {
    const { count, offset } = this.input.builder.relocations(section);
    return Int32Array.from({ length: count }, (_, i) => i).sort((a, b) => (offset[a] as number) - (offset[b] as number));
  }

  /** The needs of each function, with those of all that it refers to. */
  private allNeeds(behind: ReadonlyMap<ObjectSymbol, SymbolId>): Map<ObjectSymbol, number> {
    const { builder } = this.input;
    const { symbols } = builder;
    const needs = new Map<ObjectSymbol, number>();
    const uses: [user: ObjectSymbol, used: ObjectSymbol][] = [];
    for (let s = 0; s < symbols.count; s++) {
      const symbol = behind.get(s as ObjectSymbol);
      needs.set(s as ObjectSymbol, madeForPrograms[symbols.name(s as ObjectSymbol)] ?? (symbol === undefined ? 0 : (this.input.needs.get(symbol) ?? 0)));
    }
    for (const [caller, callee] of this.input.calls) uses.push([this.input.objectSymbol(caller), this.input.objectSymbol(callee)]);
    for (const { id } of builder.sections) {
      const owners = Array.from({ length: symbols.count }, (_, s) => s as ObjectSymbol).filter((s) => symbols.section(s) === id).sort((a, b) => symbols.offset(a) - symbols.offset(b));
      const { offset, symbol } = builder.relocations(id);
      let owner = 0;
      for (const r of this.sorted(id)) {
        while (owner + 1 < owners.length && symbols.offset(owners[owner + 1] as ObjectSymbol) <= (offset[r] as number)) owner++;
        if (owners[owner] !== undefined) uses.push([owners[owner] as ObjectSymbol, symbol[r] as ObjectSymbol]);
      }
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (const [user, used] of uses) {
        if (madeForPrograms[symbols.name(user)] !== undefined) continue; // another stands for it
        const before = needs.get(user) ?? 0;
        const after = before | (needs.get(used) ?? 0);
        if (after !== before) {
          needs.set(user, after);
          changed = true;
        }
      }
    }
    return needs;
  }
}

function lowerBound(order: Int32Array, offset: Uint32Array, wanted: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offset[order[middle] as number] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
