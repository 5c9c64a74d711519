/** What assembly text says of everything but instructions, by the format of the object that an assembler shall make of it. */
import { sectionName } from "./macho.ts";
import { Binding, COMMON, SymbolType, UNDEFINED, Visibility } from "./object.ts";
import type { Machine, ObjectFile, ObjectSection, SectionKind, SymbolId } from "./object.ts";
import { relocatableSection } from "./relocatableSection.ts";
import type { RelocationKindName } from "./relocationKind.ts";
import { PRIVATE_PREFIX } from "./privateNames.ts";

/** A relocated field in data: `DIRECTIVE before SYMBOL modifier ADDEND after`. */
export type DataField = readonly [directive: string, modifier: string, after: string, width: number];

export interface AssemblyDialect {
  /** How operands name the parts of an address: Apple's `@PAGE`, or `:lo12:`. */
  readonly apple: boolean;
  /** Whether a section's own name stands for its start. */
  readonly sectionsAreSymbols: boolean;
  /** What begins the name of a label that does not leave the assembler. */
  readonly localPrefix: string;
  /** A symbol's name in the file. */
  name(name: string, isDefined: boolean): string;
  section(section: ObjectSection): string;
  /** The lines before and after a label. */
  before(object: ObjectFile, s: SymbolId, label: string): readonly string[];
  after(object: ObjectFile, s: SymbolId, label: string): readonly string[];
  /** Of symbols in no section. */
  outside(object: ObjectFile, s: SymbolId, label: string): readonly string[];
  field(object: ObjectFile, kind: RelocationKindName, target: SymbolId): DataField | undefined;
  readonly end: readonly string[];
}

const words: Readonly<Record<Machine, { readonly four: string; readonly eight: string; readonly two: string }>> = {
  x86_64: { four: ".long", eight: ".quad", two: ".word" }, arm64: { four: ".word", eight: ".xword", two: ".hword" },
};

const elfFields: Readonly<Record<Machine, Partial<Record<RelocationKindName, DataField>>>> = {
  x86_64: {
    abs64: [".quad", "", "", 8], abs32: [".long", "", "", 4], abs16: [".word", "", "", 2], abs8: [".byte", "", "", 1],
    pc64: [".quad", "", "-.", 8], pc32: [".long", "", "-.", 4], call32: [".long", "@PLT", "-.", 4], pc16: [".word", "", "-.", 2], pc8: [".byte", "", "-.", 1],
    gotpcrel: [".long", "@GOTPCREL", "", 4], threadOffset32: [".long", "@tpoff", "", 4], gotThreadOffset: [".long", "@gottpoff", "", 4],
    size32: [".long", "@size", "", 4], size64: [".quad", "@size", "", 8],
  },
  arm64: {
    abs64: [".xword", "", "", 8], abs32: [".word", "", "", 4], abs16: [".hword", "", "", 2], pc64: [".xword", "", "-.", 8], pc32: [".word", "", "-.", 4],
  },
};

const typeNames: Partial<Record<SymbolType, string>> = {
  [SymbolType.function]: "function", [SymbolType.object]: "object", [SymbolType.threadLocal]: "tls_object",
};

/** `.globl`, `.weak`, `.hidden`, `.type`. */
function elfTraits({ symbols }: ObjectFile, s: SymbolId, label: string): string[] {
  const lines: string[] = [];
  if (symbols.binding(s) === Binding.global) lines.push(`\t.globl ${label}`);
  if (symbols.binding(s) === Binding.weak) lines.push(`\t.weak ${label}`);
  if (symbols.visibility(s) === Visibility.hidden) lines.push(`\t.hidden ${label}`);
  const type = typeNames[symbols.type(s)];
  if (type !== undefined) lines.push(`\t.type ${label}, @${type}`);
  return lines;
}

/** For GNU `as` and llvm-mc, for Linux. */
export const elfDialect: AssemblyDialect = {
  apple: false,
  sectionsAreSymbols: true,
  localPrefix: PRIVATE_PREFIX,
  name: (name) => name,
  section: (section) => {
    const { name, kind } = relocatableSection(section);
    const letters: Readonly<Record<SectionKind, string>> = { text: "ax", rodata: "a", relro: "aw", data: "aw", bss: "aw", tls: "awT", tlsZero: "awT", info: "" };
    const merge = section.merge === "none" ? "" : section.merge === "constants" ? "M" : "MS";
    const entry = merge === "" ? "" : `,${section.entrySize}`;
    return `\t.section ${quoted(name)},"${letters[kind]}${merge}${section.retain ? "R" : ""}",@${section.hasContent ? "progbits" : "nobits"}${entry}`;
  },
  before: elfTraits,
  after: ({ symbols }, s, label) => (symbols.size(s) > 0 ? [`\t.size ${label}, ${symbols.size(s)}`] : []),
  outside: (object, s, label) => {
    const { symbols } = object;
    if (symbols.section(s) === UNDEFINED) return symbols.binding(s) === Binding.weak ? [`\t.weak ${label}`] : [];
    if (symbols.section(s) === COMMON) return [`\t.comm ${label}, ${symbols.size(s)}, ${symbols.offset(s)}`];
    return [...elfTraits(object, s, label), `\t.set ${label}, ${symbols.offset(s)}`];
  },
  field: ({ machine }, kind) => elfFields[machine][kind],
  end: ['\t.section .note.GNU-stack,"",@progbits', ""],
};

function commonFields(object: ObjectFile, kind: RelocationKindName): DataField | undefined {
  const { four, eight, two } = words[object.machine];
  switch (kind) {
    case "abs64": return [eight, "", "", 8];
    case "abs32": return [four, "", "", 4];
    case "abs16": return [two, "", "", 2];
    case "pc32": return [four, "", "-.", 4];
    default: return undefined;
  }
}

const isInfo = (object: ObjectFile, target: SymbolId): boolean => object.symbols.section(target) >= 0 && object.sections[object.symbols.section(target)].kind === "info";

/** For macOS. `importName`: what the library calls an undefined symbol, if it has it. */
export function machoDialect(importName: (symbol: string) => string | undefined): AssemblyDialect {
  const segments: Readonly<Record<SectionKind, string>> = { text: "__TEXT", rodata: "__TEXT", relro: "__DATA", data: "__DATA", bss: "__DATA", tls: "__DATA", tlsZero: "__DATA", info: "__DWARF" };
  const attributes: Partial<Record<SectionKind, string>> = { text: "regular,pure_instructions", info: "regular,debug" };
  return {
    apple: true,
    sectionsAreSymbols: false,
    localPrefix: "L",
    name: (name, isDefined) => (name.startsWith(".") ? `l_${name.replace(/^\.L?/, "")}` : (isDefined ? undefined : importName(name)) ?? `_${name}`),
    section: (section) => {
      const { name, kind } = relocatableSection(section);
      return kind === "bss" ? "\t.bss" : `\t.section ${segments[kind]},${sectionName(name)},${attributes[kind] ?? "regular"}`;
    },
    before: ({ symbols }, s, label) => [
      ...(symbols.binding(s) === Binding.local ? [] : [`\t.globl ${label}`]), ...(symbols.binding(s) === Binding.weak ? [`\t.weak_definition ${label}`] : []),
      ...(symbols.visibility(s) === Visibility.hidden ? [`\t.private_extern ${label}`] : []),
    ],
    after: () => [],
    outside: ({ symbols }, s, label) => {
      if (symbols.section(s) === UNDEFINED) return symbols.binding(s) === Binding.weak ? [`\t.weak_reference ${label}`] : [];
      if (symbols.section(s) === COMMON) return [`\t.comm ${label}, ${symbols.size(s)}, ${Math.log2(symbols.offset(s))}`];
      return [`\t.globl ${label}`, `\t.set ${label}, ${symbols.offset(s)}`];
    },
    field: (object, kind, target) => {
      // An offset within debug information is a plain number: a distance from its section's start.
      if (kind === "abs32" && isInfo(object, target)) return [words[object.machine].four, "", `-Lsection.${object.symbols.section(target)}`, 4];
      return commonFields(object, kind);
    },
    end: [""],
  };
}

/** For Windows: what llvm-mc reads. */
export const coffDialect: AssemblyDialect = {
  apple: false,
  sectionsAreSymbols: false,
  localPrefix: PRIVATE_PREFIX,
  name: (name) => name,
  section: ({ name, kind }) => {
    const letters: Readonly<Record<SectionKind, string>> = { text: "xr", rodata: "dr", relro: "dr", data: "dw", bss: "bw", tls: "dw", tlsZero: "dw", info: "drD" };
    return `\t.section ${name.replace(/^\.rodata.*/, ".rdata")},"${letters[kind]}"`;
  },
  before: ({ symbols }, s, label) => [
    ...(symbols.binding(s) === Binding.global ? [`\t.globl ${label}`] : symbols.binding(s) === Binding.weak ? [`\t.weak ${label}`] : []),
    ...(symbols.type(s) === SymbolType.function && !label.startsWith('"') ? [`\t.def ${label}`, `\t.scl ${symbols.binding(s) === Binding.local ? 3 : 2}`, "\t.type 32", "\t.endef"] : []),
  ],
  after: () => [],
  outside: ({ symbols }, s, label) => {
    if (symbols.section(s) === UNDEFINED) return symbols.binding(s) === Binding.weak ? [`\t.weak ${label}`] : [];
    if (symbols.section(s) === COMMON) return [`\t.comm ${label}, ${symbols.size(s)}, ${Math.log2(symbols.offset(s))}`];
    return [`\t.globl ${label}`, `\t.set ${label}, ${symbols.offset(s)}`];
  },
  field: (object, kind, target) => {
    if (kind === "imageOffset32") return [".rva", "", "", 4];
    if (kind === "abs32" && isInfo(object, target)) return [".secrel32", "", "", 4];
    return commonFields(object, kind);
  },
  end: [""],
};

/** A name as the assembler reads it. */
export function quoted(name: string): string {
  return /^[A-Za-z_.$][\w.$]*$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, "\\$&")}"`;
}
