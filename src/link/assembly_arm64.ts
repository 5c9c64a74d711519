/** The arm64 side of assembly text: the encoders' listing, told about our relocations. */
import { listRegion } from "../../encoders/arm64/listing.ts";
import type { AssemblyOptions, CodeListing } from "./assembly.ts";
import type { SymbolId } from "./object.ts";

/** Names that `as` takes for registers. */
function isReserved(name: string): boolean {
  return /^(?:[wx](?:[12]?\d|30)|[bhsdqv](?:[12]?\d|3[01])|w?sp|[wx]zr|lr|fp|ip[01])$/i.test(name);
}

/** What a relocation asks for shows in its instruction. */
function printCode(code: CodeListing): readonly string[] {
  const { relocations, content } = code;
  const lines = listRegion({
    bytes: content, start: 0, end: content.length,
    fixups: {
      fixupCount: relocations.count,
      fixupAt: (i) => relocations.offset[i],
      fixupSymbol: (i) => relocations.symbol[i],
      fixupAddend: (i) => relocations.addend[i],
    },
    symbolName: (symbol) => code.symbolName(symbol as SymbolId),
    nameAt: (offset) => code.nameAt(offset),
    labelPrefix: code.localPrefix,
    apple: code.apple,
    linesAt: (offset) => code.linesAt(offset),
  });
  return [...lines, ...(code.linesAt(content.length) ?? [])];
}

/** For `printAssembly` of an arm64 object. */
export const arm64Assembly: AssemblyOptions = { printCode, isReserved, before: [], after: [] };
