/**
 * A region of code as assembly text, from its bytes and fixups alone: what `-S` prints for a section's code. Labels are made up for the
 * offsets that branches, adr and literals lead to.
 */
import { Instruction, decode, wordAt } from "./decoder.ts";
import { disassemble } from "./disassembler.ts";
import type { SymbolReference, Symboliser } from "./disassembler.ts";
import { distanceOf } from "./operands.ts";

/** What a CodeBuffer says of its fixups; they must lie in rising order of offset. */
export interface FixupColumns {
  readonly fixupCount: number;
  fixupAt(index: number): number;
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
  /** Name of a local symbol at an offset, for branches that need no fixup; undefined for none. */
  nameAt(offset: number): string | undefined;
  /** Prefix of the labels made up here, followed by a number: ".L" or ".Lmain." */
  readonly labelPrefix: string;
  /** Whether parts of addresses are Apple's `symbol@PAGE` and `symbol@PAGEOFF`; else they are as in ELF and COFF. */
  readonly apple?: boolean;
  /** Called before each instruction, to add lines of one's own (a symbol's label, a source line); undefined for none. */
  linesAt?(offset: number): readonly string[] | undefined;
}

/** The region's lines, without line ends. Words that are no instruction become `.inst`; extensions are announced where first needed. */
export function listRegion(input: ListingInput): string[] {
  const { bytes, start, end } = input;
  const instruction = new Instruction();
  const references = collectFixups(input);
  const labels = collectLabels(input, references);
  const symbols: Symboliser = {
    fixup: (at) => references.get(at),
    target: (offset) => labels.get(offset) ?? input.nameAt(offset),
    apple: input.apple === true,
  };
  const announced = new Set<string>([""]);
  const lines: string[] = [];
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const own = input.linesAt?.(at);
    if (own !== undefined) lines.push(...own);
    const label = labels.get(at);
    if (label !== undefined) lines.push(`${label}:`);
    const feature = decode(wordAt(bytes, at), instruction) ? (instruction.row?.feature ?? "") : "";
    if (!announced.has(feature)) lines.push(`\t.arch_extension ${feature}`);
    announced.add(feature);
    lines.push(`\t${disassemble(bytes, at, symbols)}`);
  }
  for (; at < end; at++) lines.push(`\t.byte ${bytes[at]} // not an instruction`);
  const label = labels.get(end);
  if (label !== undefined) lines.push(`${label}:`);
  return lines;
}

function collectFixups({ fixups, start, end, symbolName }: ListingInput): Map<number, SymbolReference> {
  const found = new Map<number, SymbolReference>();
  for (let i = 0; i < fixups.fixupCount; i++) {
    const at = fixups.fixupAt(i);
    if (at >= start && at < end) found.set(at, { name: symbolName(fixups.fixupSymbol(i)), addend: fixups.fixupAddend(i) });
  }
  return found;
}

/** Where no local symbol stands; even where a global one does, for of a branch to that `as` would make a relocation. */
function collectLabels({ bytes, start, end, labelPrefix, nameAt }: ListingInput, references: ReadonlyMap<number, SymbolReference>): Map<number, string> {
  const instruction = new Instruction();
  const targets = new Set<number>();
  for (let at = start; at + 4 <= end; at += 4) {
    if (references.has(at) || !decode(wordAt(bytes, at), instruction)) continue;
    const distance = distanceOf(instruction);
    if (distance !== undefined) targets.add(at + distance);
  }
  const labels = new Map<number, string>();
  const inside = [...targets].filter((offset) => offset >= start && offset <= end && (offset - start) % 4 === 0 && nameAt(offset) === undefined);
  for (const offset of inside.sort((a, b) => a - b)) labels.set(offset, `${labelPrefix}${labels.size}`);
  return labels;
}
