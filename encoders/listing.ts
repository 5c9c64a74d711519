/** What listings of code as assembly text are made from, and what all architectures' have in common. */

/** What a CodeBuffer says of its fixups; they must lie in rising order of offset. */
export interface FixupColumns {
  readonly fixupCount: number;
  fixupAt(index: number): number;
  fixupKind(index: number): number;
  fixupSymbol(index: number): number;
  fixupAddend(index: number): number;
}

export interface ListingInput {
  readonly bytes: Uint8Array;
  /** The region, as offsets in `bytes`. */
  readonly start: number;
  readonly end: number;
  readonly fixups: FixupColumns;
  /** Name of a fixup's symbol, as `as` shall read it. */
  symbolName(symbol: number): string;
  /** Name of a symbol at an offset, for branches that need no fixup; undefined for none. */
  nameAt(offset: number): string | undefined;
  /** Prefix of the labels made up here, followed by a number: ".L" or ".Lmain." */
  readonly labelPrefix: string;
  /** Called before each instruction, to add lines of one's own (a symbol's label, a source line); undefined for none. */
  linesAt?(offset: number): readonly string[] | undefined;
}

export interface NamedFixup {
  readonly name: string;
  readonly kind: number;
  readonly addend: number;
}

/** The region's fixups by their offsets. */
export function fixupsOf({ fixups, start, end, symbolName }: ListingInput): Map<number, NamedFixup> {
  const found = new Map<number, NamedFixup>();
  for (let i = 0; i < fixups.fixupCount; i++) {
    const at = fixups.fixupAt(i);
    if (at >= start && at < end) found.set(at, { name: symbolName(fixups.fixupSymbol(i)), kind: fixups.fixupKind(i), addend: fixups.fixupAddend(i) });
  }
  return found;
}

/** Labels for offsets, numbered as they rise. */
export function numberLabels(offsets: readonly number[], prefix: string): Map<number, string> {
  return new Map(offsets.toSorted((a, b) => a - b).map((offset, i) => [offset, `${prefix}${i}`]));
}

/** The lines that stand before the instruction at `offset`. */
export function linesBefore(input: ListingInput, offset: number, labels: ReadonlyMap<number, string>): readonly string[] {
  const label = labels.get(offset);
  return [...(input.linesAt?.(offset) ?? []), ...(label === undefined ? [] : [`${label}:`])];
}
