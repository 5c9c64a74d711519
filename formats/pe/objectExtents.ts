/** What each byte of a COFF object is for: headers, sections and what symbols name within them, relocations, symbols. */
import { headerExtent, overlay, wholeFile, type Extent } from "../extents.ts";
import { FUNCTION_TYPE, SectionFlag, StorageClass } from "./constants.ts";
import { sectionKind } from "./extents.ts";
import { CoffHeader, SYMBOL_SIZE, SectionHeader } from "./layouts.ts";
import type { CoffObject } from "./readObject.ts";

/** The account of an object that `readCoffObject` could read, which gave `file`. */
export function coffExtents(bytes: Uint8Array, file: CoffObject): Extent[] {
  const { sections, symbols, tables } = file;
  const headers: Extent[] = [headerExtent("COFF header", CoffHeader, bytes, 0), ...sections.map(({ name }, i) => headerExtent(`section header ${name}`, SectionHeader, bytes, CoffHeader.size + i * SectionHeader.size))];
  const contents = sections.flatMap(({ name, flags, offset, content, relocations: { place } }): Extent[] => [
    ...(content.length === 0 ? [] : [{ start: offset, end: offset + content.length, kind: sectionKind(name, flags), name }]),
    ...(place.size === 0 ? [] : [{ start: place.start, end: place.start + place.size, kind: "loading" as const, name: `relocations of ${name}` }]),
  ]);
  const symbolsEnd = tables.symbols + symbols.count * SYMBOL_SIZE;
  contents.push({ start: tables.symbols, end: symbolsEnd, kind: "symbols", name: "symbol table" }, { start: tables.strings, end: tables.strings + tables.stringsSize, kind: "symbols", name: "string table" });
  return overlay(overlay(overlay(wholeFile(bytes.length), contents), headers), symbolExtents(file));
}

/** What symbols name within sections: up to the next one, as COFF tells no sizes. */
function symbolExtents({ sections, symbols }: CoffObject): Extent[] {
  const { value, section, storageClass, type, names } = symbols;
  const named = Array.from({ length: symbols.count }, (_, i) => i).filter((i) => {
    const own = sections[section[i] - 1];
    const isPlace = storageClass[i] === StorageClass.external || (storageClass[i] === StorageClass.static && (names[i] !== own?.name || type[i] === FUNCTION_TYPE));
    return own !== undefined && isPlace && value[i] < own.content.length && (own.flags & (SectionFlag.linkInfo | SectionFlag.linkRemove)) === 0;
  }).sort((a, b) => section[a] - section[b] || value[a] - value[b]);
  return named.map((symbol, i): Extent => {
    const { name, flags, offset, content } = sections[section[symbol] - 1];
    const next = named[i + 1];
    const end = next !== undefined && section[next] === section[symbol] ? value[next] : content.length;
    return { start: offset + value[symbol], end: offset + end, kind: sectionKind(name, flags), name: names[symbol], section: name };
  });
}
