/**
 * A region of code as assembly text, from its bytes and fixups alone: what `-S` prints for a section's code. Labels are made up for the
 * offsets that branches, adr and literals lead to.
 */
import { Instruction, decode, wordAt } from "./decoder.ts";
import { disassemble } from "./disassembler.ts";
import type { Symboliser } from "./disassembler.ts";
import { fixupsOf, linesBefore, numberLabels } from "../listing.ts";
import type { ListingInput } from "../listing.ts";
import { distanceOf } from "./operands.ts";

export interface Arm64ListingInput extends ListingInput {
  /** Whether parts of addresses are Apple's `symbol@PAGE` and `symbol@PAGEOFF`; else they are as in ELF and COFF. */
  readonly apple?: boolean;
}

/** The region's lines, without line ends. Words that are no instruction become `.inst`; extensions are announced where first needed. */
export function listRegion(input: Arm64ListingInput): string[] {
  const { bytes, start, end } = input;
  const instruction = new Instruction();
  const references = fixupsOf(input);
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
    lines.push(...linesBefore(input, at, labels));
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

/** Where no local symbol stands; even where a global one does, for of a branch to that `as` would make a relocation. */
function collectLabels({ bytes, start, end, labelPrefix, nameAt }: ListingInput, references: ReadonlyMap<number, unknown>): Map<number, string> {
  const instruction = new Instruction();
  const targets = new Set<number>();
  for (let at = start; at + 4 <= end; at += 4) {
    if (references.has(at) || !decode(wordAt(bytes, at), instruction)) continue;
    const distance = distanceOf(instruction);
    if (distance !== undefined) targets.add(at + distance);
  }
  return numberLabels([...targets].filter((offset) => offset >= start && offset <= end && (offset - start) % 4 === 0 && nameAt(offset) === undefined), labelPrefix);
}
