/** The table from return addresses to functions, frames and lines that a running program reads: see trace-table.md for its form. */
import { Binding, SymbolType } from "../link/object.ts";
import type { ObjectBuilder, SymbolId } from "../link/object.ts";
import { RelocationKind } from "../link/relocationKind.ts";
import { COLUMN_BITS, DESCRIBED_WORDS, IS_RECORD, NONE, RECORD_WORDS, traceCounts, traceOffset, traceWord, type TraceCount } from "./traceLayout.ts";
import type { Places } from "./places.ts";
import type { InlinedCall, TraceInput } from "./traceInput.ts";

export const TRACE_TABLE = "lang_trace_table";

/** Bytes before the functions' addresses, the first column. */
export const TRACE_ADDRESSES = traceOffset("start").plain * 4;

const MOST_FILES = 2 ** 21;
const LINE_LIMIT = 1 << 20;
const COLUMN_LIMIT = 1 << COLUMN_BITS;

export interface TraceNames {
  /** What a person calls the function. */
  name(symbol: number): string;
  /** Its symbol in the object. */
  objectSymbol(symbol: number): SymbolId;
}

/** Adds section .rodata.trace with the table and defines its symbol, if the object refers to that; else does nothing. */
export function addTraceTable(object: ObjectBuilder, trace: TraceInput, inlined: readonly InlinedCall[], names: TraceNames, places: Places): void {
  const symbol = tableSymbol(object);
  if (symbol === undefined) return;
  const table = new TraceTable(trace, inlined, names, places);
  const section = object.section("rodata", ".rodata.trace", 4, { references: "index", purpose: "unwind" });
  object.adopt(section, table.bytes());
  const relocations = object.relocations(section);
  const { functionCount, functionSymbol } = trace;
  relocations.reserve(functionCount);
  for (let f = 0; f < functionCount; f++) {
    // the field is to hold S - table, and PC-relative ones hold S + A - P
    const at = TRACE_ADDRESSES + f * 4;
    relocations.add(at, RelocationKind.pc32, names.objectSymbol(functionSymbol[f]), at);
  }
  object.symbols.setTraits(symbol, Binding.local, SymbolType.object, object.symbols.visibility(symbol));
  object.define(symbol, section, 0, object.sections[section].size);
}

/** The table's bytes alone, for who writes no object: the words from `TRACE_ADDRESSES` on, one a function, are to hold function - table. */
export function traceTableBytes(trace: TraceInput, inlined: readonly InlinedCall[], name: TraceNames["name"], places: Places): Uint8Array<ArrayBuffer> {
  return new TraceTable(trace, inlined, { name, objectSymbol: (symbol) => symbol as SymbolId }, places).bytes();
}

/** Whether code of the object refers to the table. */
export function wantsTraceTable(object: ObjectBuilder): boolean {
  return tableSymbol(object) !== undefined;
}

/** The symbol by which code refers to the table, if there is such code. */
function tableSymbol(object: ObjectBuilder): SymbolId | undefined {
  const { symbols } = object;
  for (let i = 0; i < symbols.count; i++) {
    const s = i as SymbolId;
    if (!symbols.isDefined(s) && symbols.name(s) === TRACE_TABLE) return s;
  }
  return undefined;
}

class TraceTable {
  private readonly trace: TraceInput;
  private readonly inlined: readonly InlinedCall[];
  private readonly names: TraceNames;
  private readonly places: Places;
  private readonly strings: string[] = [];
  /** String number by function symbol, and by file + 1. Symbols come in any order, which would make an array a sparse one. */
  private readonly nameStrings = new Map<number, number>();
  private readonly fileStrings: number[] = [];
  /** Of the functions whose code this is; -1: none. */
  private readonly functionFile: Int32Array;
  /** Name and file of functions: strings. */
  private readonly described: number[] = [];
  /** Number of what is said of a function, by its symbol and file. Made when the first record asks: most programs have few. */
  private descriptions: Map<number, number> | undefined;
  private records = new Uint32Array(64 * RECORD_WORDS);
  private recordCount = 0;
  /** Records of callers, by inline site and function as one number: many sites share them. */
  private readonly callerRecords = new Map<number, number>();

  constructor(trace: TraceInput, inlined: readonly InlinedCall[], names: TraceNames, places: Places) {
    this.trace = trace;
    this.inlined = inlined;
    this.names = names;
    this.places = places;
    this.functionFile = new Int32Array(trace.functionCount);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const { functionCount: n, siteCount: m, functionStart, functionSize, functionFrame, functionSymbol, functionFirstSite } = this.trace;
    const { siteReturn, sitePosition, siteInline, siteFrame } = this.trace;
    const size = new Uint32Array(n);
    const frames = new Uint32Array(n);
    const firstSite = new Uint32Array(n + 1);
    const returns = new Uint32Array(m);
    const place = new Uint32Array(m);
    const files = new Int32Array(m);
    const lines = new Int32Array(m);
    const columns = new Int32Array(m);
    this.places.findAll(sitePosition, m, files, lines, columns);
    // The functions' own descriptions come first, in their order.
    const { functionFile } = this;
    for (let f = 0; f < n; f++) {
      functionFile[f] = this.fileOf(functionFirstSite[f], f + 1 < n ? functionFirstSite[f + 1] : m, files);
      this.describe(functionSymbol[f], functionFile[f]);
    }
    for (let f = 0; f < n; f++) {
      const first = functionFirstSite[f];
      const end = f + 1 < n ? functionFirstSite[f + 1] : m;
      const start = functionStart[f];
      const frame = functionFrame[f];
      const file = functionFile[f];
      size[f] = functionSize[f];
      frames[f] = frame;
      firstSite[f] = first;
      for (let site = first; site < end; site++) {
        returns[site] = siteReturn[site] - start;
        const line = lines[site];
        const column = columns[site];
        if (siteInline[site] === 0 && siteFrame[site] === frame && (line === 0 || (files[site] === file && line < LINE_LIMIT && column < COLUMN_LIMIT))) {
          place[site] = (line << COLUMN_BITS) | column;
        } else {
          place[site] = IS_RECORD | this.siteRecord(site, f, files[site], line, column);
        }
      }
    }
    firstSite[n] = m;
    return this.assemble({ size, frame: frames, firstSite, return: returns, place });
  }

  /** The file of the function's first site that has one and isn't inlined; -1 if there is none. */
  private fileOf(first: number, end: number, files: Int32Array): number {
    const { siteInline } = this.trace;
    for (let site = first; site < end; site++) {
      let inline = siteInline[site];
      if (inline === 0) {
        if (files[site] >= 0) return files[site];
        continue;
      }
      while (this.inlined[inline].parent !== 0) inline = this.inlined[inline].parent;
      if (this.places.find(this.inlined[inline].position)) return this.places.file;
    }
    return -1;
  }

  private siteRecord(site: number, f: number, file: number, line: number, column: number): number {
    const { trace } = this;
    const inline = trace.siteInline[site];
    const symbol = inline === 0 ? trace.functionSymbol[f] : this.inlined[inline].callee;
    const record = this.place(symbol, file, line, column, inline, f);
    return trace.siteFrame[site] === trace.functionFrame[f] ? record : this.record(NONE, trace.siteFrame[site], record);
  }

  /** A record for a place; one that is in no file (-1) has line and column 0. */
  private place(symbol: number, file: number, line: number, column: number, inline: number, f: number): number {
    const description = this.description(symbol, file);
    const place = line < LINE_LIMIT && column < COLUMN_LIMIT ? (line << COLUMN_BITS) | column : IS_RECORD | this.record(line, column, 0);
    return this.record(description, place, inline === 0 ? NONE : this.callerRecord(inline, f));
  }

  private record(first: number, second: number, third: number): number {
    if ((this.recordCount + 1) * RECORD_WORDS > this.records.length) {
      const larger = new Uint32Array(this.records.length * 2);
      larger.set(this.records);
      this.records = larger;
    }
    const at = this.recordCount * RECORD_WORDS;
    this.records[at] = first;
    this.records[at + 1] = second;
    this.records[at + 2] = third;
    return this.recordCount++;
  }

  /** The record of the function into which `inline` was inlined, at the place of that call. */
  private callerRecord(inline: number, f: number): number {
    const key = inline * this.trace.functionCount + f;
    const made = this.callerRecords.get(key);
    if (made !== undefined) return made;
    const { position, parent } = this.inlined[inline];
    const symbol = parent === 0 ? this.trace.functionSymbol[f] : this.inlined[parent].callee;
    const { places } = this;
    places.find(position);
    const record = this.place(symbol, places.file, places.line, places.column, parent, f);
    this.callerRecords.set(key, record);
    return record;
  }

  /** The number of what is said of a function: its name and its file. */
  private description(symbol: number, file: number): number {
    const descriptions = (this.descriptions ??= this.describedFunctions());
    const key = symbol * MOST_FILES + file + 1;
    const known = descriptions.get(key);
    if (known !== undefined) return known;
    const number = this.describe(symbol, file);
    descriptions.set(key, number);
    return number;
  }

  private describedFunctions(): Map<number, number> {
    const descriptions = new Map<number, number>();
    const { functionCount, functionSymbol } = this.trace;
    for (let f = 0; f < functionCount; f++) descriptions.set(functionSymbol[f] * MOST_FILES + this.functionFile[f] + 1, f);
    return descriptions;
  }

  private describe(symbol: number, file: number): number {
    const number = this.described.length / DESCRIBED_WORDS;
    this.described.push(this.nameString(symbol), this.fileString(file));
    return number;
  }

  private nameString(symbol: number): number {
    const known = this.nameStrings.get(symbol);
    if (known !== undefined) return known;
    const string = this.addString(this.names.name(symbol));
    this.nameStrings.set(symbol, string);
    return string;
  }

  private fileString(file: number): number {
    return (this.fileStrings[file + 1] ??= this.addString(file < 0 ? "" : this.places.path(file)));
  }

  private addString(text: string): number {
    this.strings.push(text);
    return this.strings.length - 1;
  }

  /** The whole table; the functions' addresses are left to relocations. */
  private assemble(columns: Readonly<Record<"size" | "frame" | "firstSite" | "return" | "place", Uint32Array>>): Uint8Array<ArrayBuffer> {
    const { strings, recordCount, described } = this;
    const { functionCount, siteCount } = this.trace;
    const counts: Readonly<Record<TraceCount, number>> = { functions: functionCount, sites: siteCount, records: recordCount, descriptions: described.length / DESCRIBED_WORDS, strings: strings.length };
    // one native encoding for all strings
    const joined = strings.join("");
    const text = encoder.encode(joined);
    const ascii = text.length === joined.length;
    const wordCount = traceWord("texts", counts);
    const bytes = new Uint8Array(wordCount * 4 + text.length);
    const words = new Uint32Array(bytes.buffer, 0, wordCount);
    words.set(traceCounts.map((count) => counts[count]));
    const filled = { ...columns, record: this.records.subarray(0, recordCount * RECORD_WORDS), described } as const;
    for (const name of ["size", "frame", "firstSite", "return", "place", "record", "described"] as const) words.set(filled[name], traceWord(name, counts));
    let start = traceWord("textStart", counts);
    let at = 0;
    for (let i = 0; i < strings.length; i++) {
      words[start++] = at;
      at += ascii ? strings[i].length : encoder.encode(strings[i]).length;
    }
    words[start] = at;
    bytes.set(text, wordCount * 4);
    return bytes;
  }
}

const encoder = new TextEncoder();
