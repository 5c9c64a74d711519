/**
 * A region of code as assembly text, from its bytes and fixups alone: what `-S` prints for a section's code. Labels are
 * made up for the offsets that branches and rip-relative operands lead to.
 */
import { DECODED, Instruction, decode } from "./decoder.ts";
import { instructionText } from "./disassembler.ts";
import type { SymbolReference, Symboliser } from "./disassembler.ts";
import { operandKinds } from "./operands.ts";
import { RIP } from "./registers.ts";
import { rowOperand, rowOperandCount } from "./columns.ts";

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
  /** Name of a symbol at an offset outside the region, for branches that need no fixup; undefined for none. */
  nameAt(offset: number): string | undefined;
  /** Prefix of the labels made up here, followed by a number: ".L" or ".Lmain." */
  readonly labelPrefix: string;
  /** Called before each instruction, to add lines of one's own (a symbol's label, a source line); undefined for none. */
  linesAt?(offset: number): readonly string[] | undefined;
}

/** The region's lines, without line ends. Bytes that are no instruction become `.byte` with a remark. */
export function listRegion(input: ListingInput): string[] {
  const { bytes, start, end } = input;
  const instruction = new Instruction();
  const references = collectFixups(input);
  const labels = collectLabels(input, references);
  const symbols: Symboliser = {
    fixup: (at) => references.get(at),
    target: (offset) => labels.get(offset) ?? input.nameAt(offset),
  };
  const lines: string[] = [];
  for (let at = start; at < end; ) {
    const own = input.linesAt?.(at);
    if (own !== undefined) lines.push(...own);
    const label = labels.get(at);
    if (label !== undefined) lines.push(`${label}:`);
    if (decode(bytes, at, end, instruction) === DECODED) {
      lines.push(`\t${instructionText(instruction, at, symbols)}`);
      at += instruction.length;
    } else {
      lines.push(`\t.byte ${bytes[at]} # not an instruction`);
      at++;
    }
  }
  const label = labels.get(end);
  if (label !== undefined) lines.push(`${label}:`);
  return lines;
}

function collectFixups(input: ListingInput): Map<number, SymbolReference> {
  const { fixups, start, end } = input;
  const found = new Map<number, SymbolReference>();
  for (let i = 0; i < fixups.fixupCount; i++) {
    const at = fixups.fixupAt(i);
    if (at < start || at >= end) continue;
    found.set(at, { name: input.symbolName(fixups.fixupSymbol(i)), kind: fixups.fixupKind(i), addend: fixups.fixupAddend(i) });
  }
  return found;
}

/**
 * Labels for the offsets of the region that something leads to and that are an instruction's start, or the end. Even where
 * a symbol stands: of a branch to a global symbol `as` would make a relocation.
 */
function collectLabels(input: ListingInput, references: ReadonlyMap<number, SymbolReference>): Map<number, string> {
  const { bytes, start, end } = input;
  const instruction = new Instruction();
  const targets = new Set<number>();
  const starts = new Set<number>([end]);
  for (let at = start; at < end; ) {
    starts.add(at);
    if (decode(bytes, at, end, instruction) !== DECODED) {
      at++;
      continue;
    }
    at += instruction.length;
    const count = rowOperandCount(instruction.row);
    const relative = count > 0 && operandKinds[rowOperand(instruction.row, 0)].relative;
    if (relative && !references.has(instruction.immediateAt)) targets.add(at + instruction.immediate);
    if (instruction.hasMemory && instruction.base === RIP && !references.has(instruction.displacementAt)) {
      targets.add(at + instruction.displacement);
    }
  }
  const labels = new Map<number, string>();
  const inside = [...targets].filter((offset) => starts.has(offset));
  for (const offset of inside.sort((a, b) => a - b)) labels.set(offset, `${input.labelPrefix}${labels.size}`);
  return labels;
}
