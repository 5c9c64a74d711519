/**
 * An object as text for assemblers (GNU `as`, llvm-mc), such that assembling it gives the section bytes and relocations that `writeObject` writes. Code is printed by
 * whoever knows the instructions; everything else is printed here.
 */
import type { ListingInput } from "../../encoders/listing.ts";
import { foldLocal } from "./fold.ts";
import { elfDialect, quoted } from "./assemblyDialects.ts";
import type { AssemblyDialect } from "./assemblyDialects.ts";
import { Binding, SymbolType, UNDEFINED } from "./object.ts";
import type { ObjectFile, ObjectSection, Relocations, SymbolId } from "./object.ts";
import { relocationKindNames } from "./relocationKind.ts";

/** What a printer of code is given, section by section. */
export interface CodeListing {
  /** Bytes in which distances to local symbols of this section are filled in. */
  readonly content: Uint8Array;
  /** What is left to relocate, ascending by offset. */
  readonly relocations: Relocations;
  /** A symbol as an operand. */
  symbolName(symbol: SymbolId): string;
  /** A local symbol at an offset, to which a distance may be written without a relocation. */
  nameAt(offset: number): string | undefined;
  /** Lines that belong before the instruction at `offset`: labels with their directives. */
  linesAt(offset: number): readonly string[] | undefined;
  /** How the dialect names parts of addresses, and what begins a local label: see assemblyDialects.ts. */
  readonly apple: boolean;
  readonly localPrefix: string;
  /** Where `linesAt` says something, ascending. */
  readonly labelled: readonly number[];
}

/** The whole section for the encoders' listing. `fixupKind`: theirs, by relocation. */
export function listingOf(code: CodeListing, fixupKind: (relocation: number) => number): ListingInput {
  const { relocations, content } = code;
  return {
    bytes: content, start: 0, end: content.length,
    fixups: {
      fixupCount: relocations.count,
      fixupAt: (i) => relocations.offset[i],
      fixupKind,
      fixupSymbol: (i) => relocations.symbol[i],
      fixupAddend: (i) => relocations.addend[i],
    },
    symbolName: (symbol) => code.symbolName(symbol as SymbolId),
    nameAt: (offset) => code.nameAt(offset),
    labelPrefix: code.localPrefix,
    linesAt: (offset) => code.linesAt(offset),
  };
}

/** Prints a code section's lines, all but the section directive; those of `linesAt(content.length)` too. */
export type PrintCode = (code: CodeListing) => readonly string[];

export interface AssemblyOptions {
  readonly printCode: PrintCode;
  /** Names that mean something else as an operand, such as registers: they are printed under an alias. */
  isReserved(name: string): boolean;
  /** Directives around a section's code. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The whole text. */
export function printAssembly(object: ObjectFile, options: AssemblyOptions, dialect = elfDialect): string {
  const names = new Names(object, options, dialect);
  const lines: string[] = [];
  for (const section of object.sections) lines.push("", ...sectionLines(object, section, names, options, dialect));
  lines.push("", ...outsideLines(object, names, dialect), ...names.aliases, ...dialect.end);
  return lines.join("\n").trimStart();
}

/** Names of symbols as text: quoted where need be, told apart where local ones are equal, aliased where operands would misread them. */
class Names {
  readonly aliases: string[] = [];
  private readonly labels: string[] = [];
  private readonly operands: (string | undefined)[] = [];
  private readonly options: AssemblyOptions;
  private readonly localPrefix: string;

  constructor(object: ObjectFile, options: AssemblyOptions, dialect: AssemblyDialect) {
    this.options = options;
    this.localPrefix = dialect.localPrefix;
    const { symbols } = object;
    const taken = new Set<string>();
    for (let i = 0; i < symbols.count; i++) {
      if (symbols.binding(i as SymbolId) !== Binding.local || symbols.section(i as SymbolId) === UNDEFINED) taken.add(symbols.name(i as SymbolId));
    }
    for (let i = 0; i < symbols.count; i++) {
      const s = i as SymbolId;
      let name = symbols.name(s);
      if (symbols.binding(s) === Binding.local && symbols.section(s) !== UNDEFINED) {
        if (name === "") name = `.Lunnamed.${i}`;
        if (symbols.type(s) === SymbolType.section) name = dialect.sectionsAreSymbols ? object.sections[symbols.section(s)].name : `${dialect.localPrefix}section.${symbols.section(s)}`;
        else {
          for (let n = 1; taken.has(name); n++) name = `${symbols.name(s)}.${n}`;
          taken.add(name);
        }
      }
      const isOwn = symbols.type(s) === SymbolType.section;
      this.labels.push(quoted(isOwn ? name : dialect.name(name, symbols.section(s) !== UNDEFINED)));
    }
  }

  label(symbol: SymbolId): string {
    return this.labels[symbol];
  }

  operand(symbol: SymbolId): string {
    const made = this.operands[symbol];
    if (made !== undefined) return made;
    let name = this.labels[symbol];
    if (this.options.isReserved(name)) {
      const alias = `${this.localPrefix}alias.${name}`;
      this.aliases.push(`\t.set ${alias}, ${name}`);
      name = alias;
    }
    this.operands[symbol] = name;
    return name;
  }
}

function sectionLines(object: ObjectFile, section: ObjectSection, names: Names, options: AssemblyOptions, dialect: AssemblyDialect): string[] {
  const labels = labelLines(object, section, names, dialect);
  const lines = [dialect.section(section)];
  if (section.alignment > 1) lines.push(`\t.balign ${section.alignment}`);
  if (!dialect.sectionsAreSymbols && section.kind === "info") lines.push(`${dialect.localPrefix}section.${section.id}:`);
  if (section.kind === "text") {
    const { content, relocations } = foldLocal(object, section);
    const nameAt = localNames(object, section, names);
    lines.push(...options.before, ...options.printCode({
      content, relocations, symbolName: (symbol) => names.operand(symbol), nameAt: (offset) => nameAt.get(offset),
      linesAt: (offset) => labels.get(offset), apple: dialect.apple, localPrefix: dialect.localPrefix, labelled: [...labels.keys()].sort((a, b) => a - b),
    }), ...options.after);
    return lines;
  }
  const cuts = [...labels.keys()].filter((offset) => offset <= section.size).sort((a, b) => a - b);
  let at = 0;
  for (const cut of [...cuts, section.size]) {
    if (cut > at) lines.push(...(section.hasContent ? dataLines(object, section, at, cut, names, dialect) : [`\t.zero ${cut - at}`]));
    if (cut >= at) lines.push(...(labels.get(cut) ?? []));
    labels.delete(cut);
    at = Math.max(at, cut);
  }
  return lines;
}

/** By offset: the directives and labels of the symbols there. */
function labelLines(object: ObjectFile, section: ObjectSection, names: Names, dialect: AssemblyDialect): Map<number, string[]> {
  const { symbols } = object;
  const found = new Map<number, string[]>();
  for (let i = 0; i < symbols.count; i++) {
    const s = i as SymbolId;
    if (symbols.section(s) !== section.id || symbols.type(s) === SymbolType.section) continue;
    const name = names.label(s);
    const lines = found.get(symbols.offset(s)) ?? [];
    lines.push(...dialect.before(object, s, name), `${name}:`, ...dialect.after(object, s, name));
    found.set(symbols.offset(s), lines);
  }
  return found;
}

function localNames(object: ObjectFile, section: ObjectSection, names: Names): Map<number, string> {
  const { symbols } = object;
  const found = new Map<number, string>();
  for (let i = 0; i < symbols.count; i++) {
    const s = i as SymbolId;
    if (symbols.section(s) === section.id && symbols.binding(s) === Binding.local && symbols.type(s) !== SymbolType.section) found.set(symbols.offset(s), names.operand(s));
  }
  return found;
}

/** What the object says of symbols in no section: weak references, absolute and common ones. */
function outsideLines(object: ObjectFile, names: Names, dialect: AssemblyDialect): string[] {
  const lines: string[] = [];
  for (let i = 0; i < object.symbols.count; i++) {
    const s = i as SymbolId;
    if (object.symbols.section(s) < 0) lines.push(...dialect.outside(object, s, names.label(s)));
  }
  return lines;
}

function dataLines(object: ObjectFile, section: ObjectSection, from: number, to: number, names: Names, dialect: AssemblyDialect): string[] {
  const { relocations } = section;
  const content = section.content();
  const order = Array.from({ length: relocations.count }, (_, i) => i).filter((i) => relocations.offset[i] >= from && relocations.offset[i] < to);
  order.sort((a, b) => relocations.offset[a] - relocations.offset[b]);
  const lines: string[] = [];
  let at = from;
  for (const i of order) {
    const offset = relocations.offset[i];
    const kind = relocationKindNames[relocations.kind[i]];
    if (kind === "none") continue;
    const field = dialect.field(object, kind, relocations.symbol[i] as SymbolId);
    if (field === undefined) throw new Error(`link/assembly.dataLines: ${kind} in data`);
    const [directive, modifier, after, width] = field;
    lines.push(...byteLines(content.subarray(at, offset)));
    const addend = relocations.addend[i];
    const sum = addend === 0 ? "" : addend > 0 ? `+${addend}` : `${addend}`;
    lines.push(`\t${directive} ${names.label(relocations.symbol[i] as SymbolId)}${modifier}${sum}${after}`);
    at = offset + width;
  }
  lines.push(...byteLines(content.subarray(at, to)));
  return lines;
}

/** Plain bytes: text as `.ascii`, runs of zero as `.zero`, the rest as `.byte`. */
function byteLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const zeros = runLength(bytes, at, (byte) => byte === 0);
    const text = runLength(bytes, at, isText);
    if (zeros >= 8) {
      lines.push(`\t.zero ${zeros}`);
      at += zeros;
    } else if (text >= shortestText) {
      let end = at + Math.min(text, 80);
      const string = String.fromCharCode(...bytes.subarray(at, end)).replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
      // a single terminator belongs to its string
      const terminated = bytes[end] === 0 && runLength(bytes, end, (byte) => byte === 0) < 8;
      if (terminated) end++;
      lines.push(`\t${terminated ? ".asciz" : ".ascii"} "${string}"`);
      at = end;
    } else {
      let end = at + 1;
      while (end < bytes.length && end < at + 16 && runLength(bytes, end, (byte) => byte === 0) < 8 && runLength(bytes, end, isText) < shortestText) end++;
      lines.push(`\t.byte ${[...bytes.subarray(at, end)].join(", ")}`);
      at = end;
    }
  }
  return lines;
}

const shortestText = 3;

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 9;
}

function runLength(bytes: Uint8Array, from: number, is: (byte: number) => boolean): number {
  let at = from;
  while (at < bytes.length && is(bytes[at])) at++;
  return at - from;
}
